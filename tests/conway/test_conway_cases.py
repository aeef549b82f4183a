"""Published and computed answers, and two real repositories."""

import csv
import json

import attrs
import networkx as nx
import pytest

from pmkit import conway
from pmkit.model import Undefined


@pytest.fixture(scope="module")
def cases(shared):
    found = {}
    for case in json.loads((shared / "cases" / "conway.json").read_text(encoding="utf-8")):
        found.setdefault(case["topic"], []).append(case)
    return found


def changes_of(inputs):
    return [
        conway.Change(commit=str(row["rev"]), author=row["author"], component=row["entity"])
        for row in inputs["changes"]
    ]


def of_edges(edges, owners):
    return conway.from_owners(owners, [(str(edge[0]), str(edge[1]), *edge[2:]) for edge in edges])


def test_coordination_requirements(cases):
    for case in cases["coordination_requirements"]:
        ownership, depends = case["inputs"]["TA"], case["inputs"]["TD"]
        names = [str(n) for n in range(len(depends))]
        organization = conway.Organization(
            teams=[conway.Team(id=str(n)) for n in range(len(ownership))],
            components=[conway.Component(id=name) for name in names],
            ownership=[
                conway.Ownership(component=name, team=str(team))
                for team, row in enumerate(ownership)
                for name, owns in zip(names, row, strict=True)
                if owns
            ],
            dependencies=[
                conway.Dependency(source=a, target=b, weight=weight)
                for a, row in zip(names, depends, strict=True)
                for b, weight in zip(names, row, strict=True)
                if weight
            ],
        )
        assert conway.coordination_requirements(organization).to_array().tolist() == case["expected"], case["id"]


def test_congruence(cases):
    for case in cases["congruence"]:
        expected = case["expected"]
        found = conway.congruence_of_matrices(case["inputs"]["CR"], case["inputs"]["CA"])
        assert (found.required, found.met) == (expected["required"], expected["met"]), case["id"]
        assert found.value == pytest.approx(expected["congruence"], abs=1e-12)
        assert found.weighted_value == pytest.approx(expected["weighted"], abs=1e-12)
        assert [[int(pair.a), int(pair.b)] for pair in found.gaps] == expected["gaps"]
        assert [[int(pair.a), int(pair.b)] for pair in found.excess] == expected["excess"]


def test_co_change_congruence(cases):
    for case in cases["congruence.co_change"]:
        inputs, expected = case["inputs"], case["expected"]
        found = conway.co_change_congruence([tuple(pair) for pair in inputs["couplings"]], inputs["file_authors"])
        assert found.value == expected["score"], case["id"]
        assert found.required == expected.get("required", found.required)
        assert found.met == expected.get("actual", found.met)
        assert [[pair.a, pair.b] for pair in found.gaps] == expected.get("gaps", [[p.a, p.b] for p in found.gaps])


def test_collaboration(cases):
    for case in cases["congruence.collaboration"]:
        inputs, expected = case["inputs"], case["expected"]
        found = conway.congruence_of_pairs(map(tuple, inputs["collaboration"]), map(tuple, inputs["communication"]))
        assert (len(found.gaps), found.value) == (expected["missing_links"], expected["congruence"]), case["id"]


def test_propagation_cost(cases):
    for case in cases["propagation_cost"]:
        inputs, expected = case["inputs"], case["expected"]
        organization = of_edges(inputs["edges"], {str(n): [] for n in range(inputs["n"])})
        found = conway.propagation_cost(organization)
        assert found.visibility_sum == expected["visibility_sum"], case["id"]
        assert found.value == pytest.approx(expected["propagation_cost"], abs=1e-12)
        assert found.largest_cyclic_group == expected["largest_cyclic_group"]
        without = conway.propagation_cost(organization, diagonal="excluded").value
        assert without == pytest.approx(expected["propagation_cost_excl_self"], abs=1e-12)
        rows = conway.visibility(organization).rows
        assert [row.fan_out for row in rows] == expected["vfo"]
        assert [row.fan_in for row in rows] == expected["vfi"]


def test_modularity(cases):
    for case in cases["modularity"]:
        inputs = case["inputs"]
        if "graph" in inputs:
            graph = nx.karate_club_graph()
            edges = [(a, b, float(weight)) for a, b, weight in graph.edges(data="weight")]
            communities = {node: data["club"] for node, data in graph.nodes(data=True)}
        else:
            edges, communities = [tuple(edge) for edge in inputs["edges"]], inputs["communities"]
        value = conway.modularity_of(edges, communities, directed=inputs.get("directed", False))
        assert value == pytest.approx(case["expected"], abs=1e-12), case["id"]


@pytest.mark.parametrize("method", ["igraph", "networkx"])
def test_best_modularity(cases, method):
    for case in cases["modularity.max"]:
        found = conway.best_partition(list(nx.karate_club_graph().edges()), method=method)
        assert found.value == pytest.approx(case["expected"]["modularity"], abs=1e-9)
        assert len(found.groups) == case["expected"]["k"]


def test_people(cases):
    for case in cases["truck_factor.doa"]:
        assert conway.degree_of_authorship(**case["inputs"]) == pytest.approx(case["expected"], abs=1e-12)
    for case in cases["truck_factor.greedy"]:
        assert conway.truck_factor(case["inputs"]["file_authors"]).value == case["expected"], case["id"]
    for case in cases["communication_channels"]:
        assert conway.communication_channels(case["inputs"]["people"]) == case["expected"]


def test_assignment(cases):
    for case in cases["assignment.min_cut_capacity"]:
        inputs, expected = case["inputs"], case["expected"]["min_cut"]
        organization = conway.Organization(
            teams=[conway.Team(id=str(n), capacity=inputs["capacity"]) for n in range(inputs["teams"])],
            components=[conway.Component(id=str(n), load=size) for n, size in enumerate(inputs["size"])],
            dependencies=[conway.Dependency(source=str(a), target=str(b), weight=w) for a, b, w in inputs["edges"]],
        )
        found = conway.best_assignment(organization)
        assert found.proven, case["id"]
        assert isinstance(found.cut, Undefined) if expected is None else found.cut == expected


def test_history(cases):
    for case in cases["communication.co_edit_strength"]:
        found = [list(attrs.astuple(row)) for row in conway.co_edit_strength(changes_of(case["inputs"]))]
        assert found == case["expected"]
    for case in cases["ownership.fragmentation"]:
        found = conway.effort_fragmentation(changes_of(case["inputs"]))
        assert found == pytest.approx(case["expected"], abs=case["tolerance"])
    for case in cases["ownership.main_developer"]:
        found = conway.main_developers(changes_of(case["inputs"]))
        for component, (author, mine, total, share) in case["expected"].items():
            row = found[component]
            assert (row.author, row.changes, row.total) == (author, mine, total)
            assert row.share == pytest.approx(share, abs=case["tolerance"])
    for case in cases["team_map"]:
        found = conway.team_map(changes_of(case["inputs"]), case["inputs"]["team_of"])
        assert [row.author for row in found] == case["expected"]


def test_motifs(cases):
    for case in cases["motifs"]:
        inputs = case["inputs"]
        found = conway.motifs(
            inputs["edits"], map(tuple, inputs["dependencies"]), [tuple(pair) for pair in inputs["communication"]]
        )
        assert {name: getattr(found, name) for name in case["expected"]} == case["expected"]


@pytest.fixture(scope="module")
def metamask(shared):
    folder = shared / "data" / "metamask_core"
    with (folder / "components.csv").open(encoding="utf-8", newline="") as file:
        owners = {row["component"]: row["codeowners"].split() for row in csv.DictReader(file)}
    with (folder / "dependencies.csv").open(encoding="utf-8", newline="") as file:
        edges = [conway.Dependency(**row) for row in csv.DictReader(file)]
    return conway.from_owners(owners, edges)


@pytest.fixture(scope="module")
def runtime(metamask):
    return conway.select_dependencies(metamask, kinds=["dependencies", "peerDependencies"], once=True)


@pytest.fixture(scope="module")
def history(shared):
    with (shared / "data" / "metamask_core" / "commits.csv").open(encoding="utf-8", newline="") as file:
        return [
            conway.Change(commit=r["commit"], author=r["author"], component=r["component"], files=int(r["files"]))
            for r in csv.DictReader(file)
        ]


def facts(organization):
    cost = conway.propagation_cost(organization)
    coupling = conway.cross_team_coupling(organization)
    return {
        "components": cost.components,
        "teams": len(organization.teams),
        "edges": coupling.edges,
        "cross_team_edges": coupling.crossing,
        "visibility_sum": cost.visibility_sum,
        "largest_scc": cost.largest_cyclic_group,
        "cyclic_groups": cost.cyclic_groups,
        "required_team_pairs": len(conway.required_pairs(organization)),
    }


def test_real_data(cases, shared, metamask, runtime):
    known = {case["inputs"]["variant"]: case["expected"] for case in cases["real_data"]}
    assert facts(runtime) == known["metamask_core runtime"]
    assert facts(metamask) == known["metamask_core all"]
    folder = shared / "data" / "dd_trace_py"
    with (folder / "modules.csv").open(encoding="utf-8", newline="") as file:
        owners = {row["module"]: row["codeowners"].split() for row in csv.DictReader(file)}
    with (folder / "imports.csv").open(encoding="utf-8", newline="") as file:
        edges = [(row["importer"], row["imported"]) for row in csv.DictReader(file)]
    cost = conway.propagation_cost(conway.from_owners(owners, edges))
    expected = known["dd_trace_py modules"]
    found = (cost.components, cost.dependencies, cost.visibility_sum, cost.largest_cyclic_group, cost.cyclic_groups)
    names = ("modules", "imports", "visibility_sum", "largest_scc", "cyclic_groups")
    assert found == tuple(expected[name] for name in names)


@pytest.mark.parametrize(
    ("read", "unweighted", "weighted", "by_chance"),
    [(conway.cross_authoring, 0.816, 0.945, 0.411), (conway.co_commit, 0.605, 0.859, 0.307)],
)
def test_congruence_of_metamask(runtime, history, read, unweighted, weighted, by_chance):
    talking = attrs.evolve(runtime, communication=read(runtime, history))
    found = conway.congruence(talking)
    assert found.required == 76
    assert found.value == pytest.approx(unweighted, abs=5e-4)
    assert found.weighted_value == pytest.approx(weighted, abs=5e-4)
    null = conway.congruence_null(talking, permutations=1999)
    assert null.expected == pytest.approx(by_chance, abs=0.01)
    assert null.p_high < 0.005


def test_mirroring_of_metamask(runtime):
    found = conway.mirroring(runtime, permutations=1999, owner="primary")
    assert found.headline.observed == pytest.approx(0.730, abs=5e-4)
    assert found.headline.expected == pytest.approx(0.847, abs=0.004)
    assert found.headline.p_low < 0.01
    assert found["any", None].crossing == 279
    assert found.agree


def test_mirroring_of_dd_trace_hangs_on_the_convention(shared):
    folder = shared / "data" / "dd_trace_py"
    ownership, components = [], []
    with (folder / "components.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            components.append(conway.Component(id=row["component"]))
            for owner in row["owner_modules"].split():
                team, _, count = owner.rpartition(":")
                ownership.append(conway.Ownership(component=row["component"], team=team, share=float(count)))
    with (folder / "dependencies.csv").open(encoding="utf-8", newline="") as file:
        edges = [conway.Dependency(source=row["source"], target=row["target"]) for row in csv.DictReader(file)]
    teams = [conway.Team(id=team) for team in dict.fromkeys(row.team for row in ownership)]
    organization = conway.Organization(teams=teams, components=components, ownership=ownership, dependencies=edges)
    found = conway.mirroring(organization, permutations=999, owner="primary")
    assert found.headline.observed == pytest.approx(0.5835, abs=5e-4)
    assert found.headline.p_low > 0.6
    assert found["any", "degree"].p_low < 0.02
    assert not found.agree
    assert "disagree" in found.summary()


def test_three_moves_in_metamask(runtime):
    found = conway.suggest_moves(runtime, 3)
    assert found.before == 305
    assert found.after <= 287
    assert len(found.moves) == 3
    after = conway.cross_team_coupling(found.organization, owner="primary")
    assert after.crossing == found.after
    assert found.before - sum(move.gain for move in found.moves) == found.after


def test_two_ownership_files_of_metamask(shared):
    sources = {"codeowners": [], "teams_json": []}
    with (shared / "data" / "metamask_core" / "components.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for source, names in sources.items():
                for team in row[source].replace(",", " ").split():
                    names.append(conway.Ownership(component=row["component"], team=team, source=source))
    found = conway.drift(sources["codeowners"], sources["teams_json"])
    renamed = {rename.a: rename.b for rename in found.renames}
    assert renamed["@MetaMask/swaps-engineers"] == "team-swaps-and-bridge"
    assert renamed["@MetaMask/core-platform"] == "team-core-platform"
    assert len(found.disagreements) + found.agreeing + len(found.only_a) == 98
    assert 5 <= len(found.disagreements) <= 26
