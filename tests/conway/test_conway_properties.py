"""Measures against independent oracles: dense algebra, networkx, brute force."""

import copy
import itertools
import pickle

import attrs
import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pmkit import conway
from pmkit.conway import _closure
from pmkit.errors import InvalidValueError, UnknownIdError
from pmkit.model import Undefined
from pmkit.testing import conway_changes, organizations

few = settings(max_examples=20)


def dense(organization):
    ownership = conway.ownership_matrix(organization).values
    depends = np.zeros((len(organization.components),) * 2)
    at = {part.id: n for n, part in enumerate(organization.components)}
    for edge in organization.dependencies:
        depends[at[edge.source], at[edge.target]] += edge.weight
    return ownership, depends


@few
@given(organizations())
def test_requirements_are_the_matrix_product(organization):
    ownership, depends = dense(organization)
    found = conway.coordination_requirements(organization)
    assert found.to_array() == pytest.approx(ownership @ depends @ ownership.T)
    shares = conway.ownership_matrix(organization, values="share").values
    by_share = conway.coordination_requirements(organization, shares=True).to_array()
    assert by_share == pytest.approx(shares @ depends @ shares.T)
    sums = shares.sum(axis=0)
    assert np.all(np.isclose(sums, 1) | (sums == 0))


@few
@given(organizations(), st.booleans())
def test_congruence_is_that_of_the_matrices(organization, weighted):
    required = conway.coordination_requirements(organization).to_array()
    actual = np.zeros_like(required)
    at = organization.index.team_at
    for talk in organization.communication:
        actual[at[talk.a], at[talk.b]] += talk.weight
    names = [team.id for team in organization.teams]
    oracle = conway.congruence_of_matrices(required, actual, teams=names, weighted=weighted)
    found = conway.congruence(organization, weighted=weighted, services=False)
    assert found.value == pytest.approx(oracle.value)
    assert (found.required, found.met) == (oracle.required, oracle.met)
    assert [(p.a, p.b) for p in found.gaps] == [(p.a, p.b) for p in oracle.gaps]
    assert {(p.a, p.b) for p in found.excess} == {(p.a, p.b) for p in oracle.excess}
    assert 0 <= found.value <= 1
    with_services = conway.congruence(organization)
    assert with_services.required + len(with_services.exempt) == found.required


@few
@given(organizations())
def test_gaps_name_exactly_the_edges_between_the_pair(organization):
    owning = {part.id: set(conway.owners(organization, part.id)) for part in organization.components}
    for gap in conway.gaps(organization):
        expected = [
            edge
            for edge in organization.dependencies
            if any({a, b} == {gap.a, gap.b} for a in owning[edge.source] for b in owning[edge.target])
        ]
        assert sorted(gap.edges, key=repr) == sorted(expected, key=repr)
    for found in conway.excess(organization):
        assert found.weight == pytest.approx(sum(talk.weight for talk in found.communication))


@pytest.mark.parametrize("bits", [1, 100, 1_000, 2**30])
@pytest.mark.parametrize("edges", [0, 40, 60, 90, 400])
def test_reach_is_counted_alike_in_any_number_of_blocks(monkeypatch, bits, edges):
    rng = np.random.default_rng(edges)
    source, target = rng.integers(0, 50, (2, edges)).tolist()
    graph = nx.DiGraph(zip(source, target, strict=True))
    graph.add_nodes_from(range(50))
    following = _closure.successors(50, source, target)
    groups = _closure.strong_components(following)
    assert sorted(map(sorted, groups)) == sorted(map(sorted, nx.strongly_connected_components(graph)))
    monkeypatch.setattr(_closure, "MOST_BITS", bits)
    counts = _closure.reach_counts(following, groups)
    assert counts == [len(nx.descendants(graph, group[0]) | set(group)) for group in groups]
    organization = conway.from_owners(
        {str(n): "t" for n in range(50)}, [(str(a), str(b)) for a, b in graph.edges for _ in range(1 + a % 2)]
    )
    assert conway.propagation_cost(organization).dependencies == graph.number_of_edges()


@few
@given(organizations(max_components=12, max_edges=30))
def test_visibility_is_the_transitive_closure(organization):
    graph = organization.to_networkx("components")
    closure = nx.transitive_closure(graph, reflexive=True)
    rows = conway.visibility(organization).rows
    assert [row.fan_out for row in rows] == [closure.out_degree(row.component) for row in rows]
    assert [row.fan_in for row in rows] == [closure.in_degree(row.component) for row in rows]
    cost = conway.propagation_cost(organization)
    assert cost.visibility_sum == closure.number_of_edges()
    groups = [group for group in nx.strongly_connected_components(graph) if len(group) > 1]
    assert sorted(map(sorted, conway.cyclic_groups(organization))) == sorted(map(sorted, groups))
    assert cost.cyclic_groups == len(groups)


def test_depth_of_a_hundred_thousand():
    names = [f"c{n}" for n in range(100_000)]
    chain = conway.from_owners(dict.fromkeys(names, ()), [*itertools.pairwise(names), (names[-1], names[0])])
    assert conway.propagation_cost(chain).visibility_sum == 10**10
    assert len(conway.cyclic_groups(chain)[0]) == 100_000


@few
@given(organizations(), st.sampled_from(["any", "primary"]))
def test_coupling_counts_by_hand(organization, owner):
    owning = {part.id: conway.owners(organization, part.id) for part in organization.components}
    primary = {part: conway.team_of(organization, part) for part in owning}
    pairs = {(e.source, e.target) for e in organization.dependencies if e.source != e.target}
    crossing = within = unowned = 0
    for a, b in pairs:
        if not owning[a] or not owning[b]:
            unowned += 1
        elif (primary[a] == primary[b]) if owner == "primary" else set(owning[a]) & set(owning[b]):
            within += 1
        else:
            crossing += 1
    found = conway.cross_team_coupling(organization, owner=owner)
    assert (found.edges, found.crossing, found.within, found.unowned) == (len(pairs), crossing, within, unowned)
    if owner == "primary":
        assert sum(row.outgoing for row in found.teams) >= crossing


@few
@given(organizations())
def test_modularity_is_that_of_networkx(organization):
    graph = nx.Graph()
    graph.add_nodes_from(part.id for part in organization.components)
    for edge in organization.dependencies:
        if edge.source != edge.target:
            before = graph.get_edge_data(edge.source, edge.target, {"weight": 0.0})["weight"]
            graph.add_edge(edge.source, edge.target, weight=before + edge.weight)
    found = conway.modularity(organization, restarts=1)
    if not graph.number_of_edges():
        assert found.value == Undefined("no data")
        return
    groups = {}
    for part in organization.components:
        groups.setdefault(conway.team_of(organization, part.id) or ("alone", part.id), set()).add(part.id)
    assert found.value == pytest.approx(nx.community.modularity(graph, groups.values()))
    assert found.best == pytest.approx(nx.community.modularity(graph, map(set, found.best_groups)))
    assert found.best >= found.value


@few
@given(st.data())
def test_truck_factor_against_the_plain_loop(data):
    people = st.sampled_from("abcde")
    authors = data.draw(
        st.dictionaries(st.sampled_from(["f1", "f2", "f3", "f4", "f5", "f6"]), st.lists(people, max_size=3))
    )
    left = {person for names in authors.values() for person in names}
    count = 0
    while left and sum(bool(left & set(names)) for names in authors.values()) >= 0.5 * len(authors):
        top = min(left, key=lambda person: (-sum(person in names for names in authors.values()), person))
        left.remove(top)
        count += 1
    assert conway.truck_factor(authors).value == count


def problems():
    for seed in range(50):
        generator = np.random.default_rng(seed)
        components, teams = int(generator.integers(6, 9)), int(generator.integers(2, 4))
        home = generator.integers(0, teams, components)
        edges = {tuple(pair) for pair in generator.integers(0, components, (3 * components, 2)).tolist()}
        capacity = None if seed % 2 else float(np.bincount(home).max())
        names = [f"c{n}" for n in range(components)]
        owners = {name: f"t{home[n]}" for n, name in enumerate(names)}
        everyone = [conway.Team(id=f"t{n}") for n in range(teams)]
        made = conway.from_owners(owners, [(names[a], names[b]) for a, b in sorted(edges) if a != b], teams=everyone)
        yield made, capacity, int(generator.integers(1, 4))


def brute_force(organization, capacity, budget):
    parts = [part.id for part in organization.components]
    teams = [team.id for team in organization.teams]
    home = {part: conway.team_of(organization, part) for part in parts}
    best = None
    for moved in itertools.combinations(parts, min(budget, len(parts))):
        for places in itertools.product(teams, repeat=len(moved)):
            now = home | dict(zip(moved, places, strict=True))
            loads = [sum(team == each for each in now.values()) for team in teams]
            starts = [sum(team == each for each in home.values()) for team in teams]
            if capacity is not None and any(
                load > max(capacity, start) for load, start in zip(loads, starts, strict=True)
            ):
                continue
            cut = sum(now[edge.source] != now[edge.target] for edge in organization.dependencies)
            best = cut if best is None else min(best, cut)
    return best


def test_moves_reach_what_brute_force_finds():
    reached = []
    for organization, capacity, budget in problems():
        best = brute_force(organization, capacity, budget)
        found = conway.suggest_moves(organization, budget, capacity=capacity)
        assert len(found.moves) <= budget
        assert best <= found.after <= found.before
        if capacity is not None:
            loads = conway.cognitive_load(found.organization)
            before = conway.cognitive_load(organization)
            assert all(load.load <= max(capacity, old.load) for load, old in zip(loads.rows, before.rows, strict=True))
        possible = found.before - best
        reached.append((found.before - found.after) / possible if possible else 1.0)
    assert min(reached) >= 0.95


def test_the_solver_proves_what_brute_force_finds():
    for organization, capacity, budget in itertools.islice(problems(), 8):
        exact = conway.suggest_moves(organization, budget, capacity=capacity, method="exact")
        assert exact.proven
        assert exact.after == brute_force(organization, capacity, budget)


@pytest.mark.slow
def test_moves_on_fifty_larger_instances_against_the_solver():
    for seed in range(50):
        generator = np.random.default_rng(seed)
        components, teams = int(generator.integers(12, 28)), int(generator.integers(3, 6))
        home = generator.integers(0, teams, components)
        pairs = {tuple(pair) for pair in generator.integers(0, components, (3 * components, 2)).tolist()}
        made = conway.from_owners(
            {f"c{n}": f"t{home[n]}" for n in range(components)},
            [(f"c{a}", f"c{b}") for a, b in sorted(pairs) if a != b],
        )
        capacity = None if seed % 2 else float(np.bincount(home).max())
        exact = conway.suggest_moves(made, 4, capacity=capacity, method="exact", seconds=30)
        greedy = conway.suggest_moves(made, 4, capacity=capacity)
        if exact.proven:
            assert greedy.before - greedy.after >= 0.95 * (exact.before - exact.after)


@few
@given(organizations(), st.data())
def test_moves_keep_the_books(organization, data):
    budget = data.draw(st.integers(0, 4))
    pinned = (
        data.draw(st.lists(st.sampled_from([p.id for p in organization.components]), max_size=2))
        if organization.components
        else []
    )
    found = conway.suggest_moves(organization, budget, pinned=pinned, objective="weight")
    after = conway.cross_team_coupling(found.organization, owner="primary")
    assert after.crossing_weight == pytest.approx(found.after)
    assert len(found.moves) <= budget
    assert not {move.component for move in found.moves} & set(pinned)
    for move in found.moves:
        assert conway.team_of(found.organization, move.component) == move.after


@few
@given(organizations(), st.data())
def test_moving_a_component_there_and_back(organization, data):
    assume(organization.components and organization.teams)
    part = data.draw(st.sampled_from(organization.components)).id
    team = data.draw(st.sampled_from(organization.teams)).id
    for replace in ("primary", "all"):
        moved = conway.move_component(organization, part, team, replace=replace)
        assert conway.team_of(moved, part) == team
        others = [other.id for other in organization.components if other.id != part]
        assert all(conway.owners(moved, other) == conway.owners(organization, other) for other in others)
    assert list(conway.owners(conway.move_component(organization, part, team, replace="all"), part)) == [team]


@few
@given(organizations(), st.data())
def test_splitting_and_merging_is_nothing(organization, data):
    assume(organization.teams)
    team = data.draw(st.sampled_from(organization.teams)).id
    owned = conway.components_of(organization, team)
    taken = [part for part in owned if data.draw(st.booleans())]
    assume("new team" not in organization.index.team_at)
    parted = conway.split_team(organization, team, "new team", taken)
    assert set(conway.components_of(parted, "new team")) == set(taken)
    joined = conway.merge_teams(parted, ["new team"], into=team)
    assert [each.id for each in joined.teams] == [each.id for each in organization.teams]
    for part in organization.components:
        assert conway.owners(joined, part.id) == pytest.approx(conway.owners(organization, part.id))


@few
@given(organizations())
def test_values_survive_pickle_and_copy(organization):
    assert pickle.loads(pickle.dumps(organization)) == organization
    assert copy.deepcopy(organization) == organization
    assert hash(organization) == hash(copy.copy(organization))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        organization.teams = ()


@few
@given(organizations())
def test_an_organization_does_not_drift_from_itself(organization):
    found = conway.drift(organization, organization)
    assert not found.disagreements
    assert found.agreeing == len({row.component for row in organization.ownership})


@few
@given(organizations(), conway_changes())
def test_history_against_the_definitions(organization, changes):
    names = {part.id for part in organization.components}
    homes = conway.home_teams(organization, changes)
    assert set(homes.values()) <= set(organization.index.team_at)
    counted = {}
    for change in changes:
        home = homes.get(change.author)
        for team in conway.owners(organization, change.component) if change.component in names else ():
            if home is not None and team != home:
                key = frozenset((team, home))
                counted[key] = counted.get(key, 0) + 1
    found = {frozenset((talk.a, talk.b)): talk.weight for talk in conway.cross_authoring(organization, changes)}
    assert found == {pair: count for pair, count in counted.items() if count >= 2}
    fragments = conway.effort_fragmentation(changes)
    assert all(0 <= value < 1 for value in fragments.values())


@few
@given(organizations(), st.data())
def test_coordination_cost_counts(organization, data):
    parts = [part.id for part in organization.components]
    touched = data.draw(st.lists(st.sampled_from(parts), unique=True)) if parts else []
    found = conway.coordination_cost(organization, touched, score=True)
    owning = {part: set(conway.owners(organization, part)) for part in parts}
    assert set(found.teams) == set().union(*(owning[part] for part in touched))
    assert set(found.unowned) == {part for part in touched if not owning[part]}
    tied = {frozenset(p) for part in touched for p in itertools.combinations(owning[part], 2)}
    for edge in organization.dependencies:
        if edge.source in touched and edge.target in touched and edge.source != edge.target:
            tied |= {frozenset((a, b)) for a in owning[edge.source] for b in owning[edge.target] if a != b}
    assert {frozenset((tie.a, tie.b)) for tie in found.ties} == tied
    assert found.score == len(found.ties) + 2 * len(found.missing)
    graph = organization.to_networkx("components")
    users = {user for part in touched for user in nx.ancestors(graph, part)} - set(touched)
    assert found.downstream_components == len(users)
    assert set(found.downstream) == set().union(*(owning[user] for user in users)) - set(found.teams)


@few
@given(organizations(max_components=6, max_edges=8), st.sampled_from([None, "degree"]))
def test_mirroring_p_values_and_expectation(organization, stratify):
    found = conway.mirroring(organization, permutations=19, stratify=stratify, seed=3)
    again = conway.mirroring(organization, permutations=19, stratify=stratify, seed=3)
    assert found == again
    for view in found.views:
        assert 1 / 20 <= view.p_low <= 1
        assert 1 / 20 <= view.p_two <= 1
        coupling = conway.cross_team_coupling(organization, owner=view.owner)
        assert view.crossing == coupling.crossing
        assert view.observed == coupling.share


def test_mirroring_expectation_against_all_permutations():
    owners = {"a": ["t"], "b": ["t", "u"], "c": ["u"], "d": ["v"]}
    edges = [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")]
    organization = conway.from_owners(owners, edges)
    shares = []
    for order in itertools.permutations(owners.values()):
        now = dict(zip(owners, map(set, order), strict=True))
        shares.append(sum(not now[a] & now[b] for a, b in edges) / 4)
    found = conway.mirroring(organization, permutations=9999)
    assert found.headline.expected == pytest.approx(np.mean(shares), abs=0.01)
    observed = sum(not set(owners[a]) & set(owners[b]) for a, b in edges) / 4
    assert found.headline.p_low == pytest.approx(np.mean([share <= observed for share in shares]), abs=0.02)


def test_congruence_null_against_all_permutations():
    talks = [conway.Communication(a="t", b="u")]
    organization = conway.from_owners(
        {"a": "t", "b": "u", "c": "v", "d": "w"}, [("a", "b"), ("b", "c", 3)], communication=talks
    )
    seen = []
    found = conway.congruence_null(
        organization, permutations=5999, weighted=True, progress=lambda n, of: seen.append((n, of))
    )
    assert found.expected == pytest.approx(1 / 6, abs=0.01)
    assert found.p_high == pytest.approx(2 / 6, abs=0.03)
    assert seen[-1] == (5999, 5999)


def test_progress_and_generators():
    seen = []
    organization = conway.from_owners({"a": "t", "b": "u"}, [("a", "b")])
    conway.mirroring(
        organization, permutations=5, seed=np.random.default_rng(1), progress=lambda n, of: seen.append((n, of))
    )
    assert seen == [(5, 10), (10, 10)]


@pytest.mark.parametrize(
    "call",
    [
        lambda o: conway.mirroring(o, permutations=0),
        lambda o: conway.mirroring(o, owner="anybody"),
        lambda o: conway.mirroring(o, stratify="size"),
        lambda o: conway.mirroring(o, strata=0),
        lambda o: conway.suggest_moves(o, -1),
        lambda o: conway.suggest_moves(o, True),
        lambda o: conway.suggest_moves(o, 1, capacity=-1),
        lambda o: conway.suggest_moves(o, 1, objective="joy"),
        lambda o: conway.congruence(o, channels="smoke"),
        lambda o: conway.propagation_cost(o, diagonal="half"),
        lambda o: conway.congruence_of_matrices([[1, 2]], [[1]]),
        lambda o: conway.congruence_of_matrices([[1]], [[1]], teams=["a", "b"]),
        lambda o: conway.congruence_of_matrices([[-1]], [[1]]),
        lambda o: conway.congruence_of_matrices([["x"]], [[1]]),
        lambda o: conway.congruence_of_pairs(["abc"], []),
        lambda o: conway.congruence_of_pairs({("a", "b"): None}, []),
        lambda o: conway.modularity_of([(0, 1)], [[0]]),
        lambda o: conway.modularity_of([(0, 1)], [[0, 1], [1]]),
        lambda o: conway.modularity_of([(0, 1, -1)], [[0, 1]]),
        lambda o: conway.modularity_of([(0,)], [[0]]),
        lambda o: conway.modularity_of([(0.5, 1)], [[0]]),
        lambda o: conway.degree_of_authorship(2, 1, 1),
        lambda o: conway.degree_of_authorship(1, -1, 1),
        lambda o: conway.truck_factor({}, coverage=2),
        lambda o: conway.communication_channels(-1),
        lambda o: conway.from_owners({"a": "t"}, ["ab"]),
        lambda o: conway.from_owners({"a": "t"}, [("a", "zz")]),
        lambda o: conway.select_dependencies(o, kinds="none such"),
        lambda o: conway.select_ownership(o, "none such"),
        lambda o: conway.drift(["a"], o),
        lambda o: conway.motifs(["a"]),
        lambda o: conway.mirroring(o, seed="x"),
        lambda o: conway.modularity(o, seed=-1),
        lambda o: conway.from_owners({"a": 5}),
        lambda o: conway.from_owners(["a"]),
        lambda o: conway.coordination_cost(o, 5),
        lambda o: conway.suggest_moves(o, 1, pinned=[5]),
        lambda o: conway.check(o, changes=["a"]),
        lambda o: conway.congruence(o, channels=5),
        lambda o: conway.split_team(o, "t", 5, []),
        lambda o: conway.check(o, profile="none such"),
        lambda o: conway.check(o, select=["CON9"]),
        lambda o: conway.mirroring(o, permutations=1)["any", "size"],
        lambda o: o.to_networkx("people"),
        lambda o: conway.Team(id="a", type="squad"),
        lambda o: conway.Dependency(source="a", target="b", weight=float("inf")),
        lambda o: conway.Organization(teams=["t"]),
        lambda o: conway.Organization(teams=[conway.Team(id="t"), conway.Team(id="t")]),
        lambda o: conway.Organization(interactions=[conway.Interaction(a="t", b="u")]),
    ],
)
def test_bad_input_is_told_in_words(call):
    organization = conway.from_owners({"a": "t", "b": "u"}, [("a", "b")])
    with pytest.raises(InvalidValueError) as caught:
        call(organization)
    assert len(str(caught.value)) > 10


@pytest.mark.parametrize(
    "call",
    [
        lambda o: conway.team_of(o, "aa"),
        lambda o: conway.components_of(o, "tt"),
        lambda o: conway.move_component(o, "a", "tt"),
        lambda o: conway.move_component(o, "aa", "t"),
        lambda o: conway.merge_teams(o, ["tt"], into="t"),
        lambda o: conway.split_team(o, "t", "new", ["b"]),
        lambda o: conway.split_team(o, "t", "new", ["a"], members=["p1"]),
        lambda o: conway.suggest_moves(o, 1, pinned="aa"),
        lambda o: conway.suggest_moves(o, 1, capacity={"tt": 1}),
        lambda o: conway.coordination_cost(o, "aa"),
        lambda o: conway.cognitive_load(o)["tt"],
        lambda o: conway.visibility(o)["aa"],
    ],
)
def test_unknown_ids(call):
    with pytest.raises(UnknownIdError):
        call(conway.from_owners({"a": "t", "b": "u"}, [("a", "b")]))


def test_all_faults_at_once():
    with pytest.raises(InvalidValueError) as caught:
        conway.Organization(
            teams=[conway.Team(id="web"), conway.Team(id="ﬁn"), conway.Team(id="fin")],
            components=[conway.Component(id="page")],
            ownership=[conway.Ownership(component="pge", team="wbe")],
            dependencies=[conway.Dependency(source="page", target="nowhere")],
            communication=[conway.Communication(a="web", b="x")],
            interactions=[conway.Interaction(a="y", b="web")],
        )
    found = [(finding.code, finding.subject) for finding in caught.value.findings]
    assert found == [
        ("CON111", "wbe"),
        ("CON111", "x"),
        ("CON111", "y"),
        ("CON112", "nowhere"),
        ("CON112", "pge"),
        ("CON114", "fin"),
    ]
    assert "did you mean 'web'" in caught.value.findings[0].message


def test_nothing_at_all():
    empty = conway.Organization()
    assert conway.congruence(empty).value == 1.0
    assert conway.congruence(empty).vacuous == 1.0
    assert conway.propagation_cost(empty).value == Undefined("no data")
    assert isinstance(conway.propagation_cost(empty, diagonal="excluded").value, Undefined)
    assert conway.mirroring(empty, permutations=3).headline.observed == Undefined("no data")
    assert "nothing can be mirrored" in conway.mirroring(empty, permutations=3).summary()
    assert conway.congruence_null(empty, permutations=3).expected == 1.0
    assert conway.cross_team_coupling(empty).share == Undefined("no data")
    assert conway.modularity(empty).value == Undefined("no data")
    assert conway.suggest_moves(empty, 3).moves == ()
    assert conway.best_assignment(empty).cut == 0.0
    assert conway.visibility(empty).rows == ()
    assert conway.check(empty) == ()
    assert conway.cognitive_load(empty).rows == ()
    assert conway.truck_factor({}).value == 0
    assert conway.congruence(empty).summary() == "No pair of teams has to coordinate."
    assert "undefined" in conway.propagation_cost(empty).summary()
    no_team = conway.Organization(components=[conway.Component(id="a")])
    assert isinstance(conway.best_assignment(no_team).cut, Undefined)


def test_one_team_has_nobody_to_talk_to():
    one = conway.from_owners({"a": "t", "b": "t"}, [("a", "b")])
    assert conway.congruence(one).value == 1.0
    assert conway.mirroring(one, permutations=9).headline.ratio == Undefined("no variance")
    assert conway.suggest_moves(one, 2).moves == ()


@few
@given(organizations())
def test_tables_have_one_set_of_columns(organization):
    for result in (
        conway.coordination_requirements(organization),
        conway.congruence(organization),
        conway.visibility(organization),
        conway.cross_team_coupling(organization),
        conway.cognitive_load(organization),
        conway.mirroring(organization, permutations=2),
        conway.interaction_modes(organization),
        conway.compare(organization, organization),
        conway.coordination_cost(organization, [part.id for part in organization.components]),
        conway.suggest_moves(organization, 1),
        conway.drift(organization, organization),
    ):
        assert len({tuple(row) for row in result.to_dicts()}) <= 1
        assert isinstance(result.to_markdown(), str)


@few
@given(organizations())
def test_networkx_views(organization):
    bipartite = organization.to_networkx()
    assert bipartite.number_of_nodes() == len(organization.teams) + len(organization.components)
    teams = organization.to_networkx("teams")
    required = conway.required_pairs(organization)
    assert {frozenset((a, b)) for a, b, data in teams.edges(data=True) if data["required"]} == set(
        map(frozenset, required)
    )
