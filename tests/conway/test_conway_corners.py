"""Optional libraries that are missing, empty graphs, and other corners."""

import itertools

import attrs
import networkx as nx
import numpy as np
import pytest

from pmkit import conway
from pmkit.conway import _modularity, _solver
from pmkit.errors import InvalidValueError, MissingDependencyError
from pmkit.model import Undefined


@pytest.fixture
def nothing_installed(monkeypatch):
    def missing(module, *, extra, purpose):
        raise MissingDependencyError(f'{purpose} needs {module}: pip install "pmkit-core[{extra}]"')

    monkeypatch.setattr(_modularity, "require", missing)
    monkeypatch.setattr(_solver, "require", missing)


def test_communities_without_igraph(nothing_installed):
    edges = list(nx.karate_club_graph().edges())
    assert conway.best_partition(edges).method == "networkx"
    with pytest.raises(MissingDependencyError, match="communities"):
        conway.best_partition(edges, method="igraph")


def test_moves_without_a_solver(nothing_installed):
    made = conway.from_owners({"a": "t", "b": "u"}, [("a", "b")])
    assert conway.suggest_moves(made, 1).after == 0
    with pytest.raises(MissingDependencyError, match="solver"):
        conway.suggest_moves(made, 1, method="exact")


@pytest.mark.parametrize("method", ["igraph", "networkx"])
def test_graphs_without_edges(method):
    found = conway.best_partition([], nodes=["a", "b"], method=method)
    assert found.value == Undefined("no data")
    assert found.groups == (("a",), ("b",))


def test_edges_given_twice_add_up():
    twice = conway.best_partition([(0, 1), (1, 0), (1, 2)], method="networkx")
    once = conway.best_partition([(0, 1, 2), (1, 2)], method="networkx")
    assert twice.value == pytest.approx(once.value)


def test_both_searches_are_seeded():
    edges = list(nx.gnm_random_graph(60, 150, seed=1).edges())
    for method in ("igraph", "networkx"):
        found = [conway.best_partition(edges, method=method, seed=4, restarts=2) for _ in range(2)]
        assert found[0] == found[1]


def test_teams_can_be_the_best_cut_themselves(monkeypatch):
    made = conway.from_owners({"a": "t", "b": "t", "c": "u", "d": "u"}, [("a", "b"), ("c", "d")])
    monkeypatch.setattr(_modularity, "_found", lambda count, *_: ([0] * count, "one heap"))
    found = conway.modularity(made)
    assert (found.value, found.best, found.method) == (0.5, 0.5, "the teams themselves")
    assert found.best_groups == (("a", "b"), ("c", "d"))


def test_time_runs_out_for_the_solver():
    names = [f"c{n}" for n in range(60)]
    made = conway.from_owners(
        {name: f"t{n % 8}" for n, name in enumerate(names)},
        [
            (names[a], names[(a * 7 + k * 13 + 1) % 60])
            for a in range(60)
            for k in range(6)
            if (a * 6 + k * 13 + 1) % 60
        ],
    )
    found = conway.suggest_moves(made, 6, method="exact", seconds=0.05)
    assert not found.proven
    assert found.after <= conway.suggest_moves(made, 6).after
    unsolved = conway.best_assignment(made, capacity=8, seconds=0.000001)
    assert not unsolved.proven


def test_unowned_components_neither_move_nor_count():
    made = conway.from_owners({"a": "t", "b": [], "c": "u"}, [("a", "b"), ("b", "c"), ("a", "c")])
    found = conway.suggest_moves(made, 2, objective="weight")
    assert (found.before, found.after) == (1, 0)
    assert "crossing weight" in found.summary()
    assert conway.mirroring(made, permutations=9).unowned_edges == 2


def test_a_service_needs_no_channel_in_a_solution():
    made = conway.from_owners(
        {"a": "t", "b": "u", "c": ["t", "u"]},
        [("a", "b", 4)],
        interactions=[conway.Interaction(a="t", b="u", mode="x-as-a-service")],
    )
    found = conway.coordination_cost(made, ["a", "b", "c"], score=True, weighted=True)
    assert found.ties[0].channel == "x-as-a-service"
    assert (found.ties[0].shared, found.missing, found.score) == (("c",), (), 5.0)
    assert conway.congruence(made).exempt[0].weight > 0
    assert conway.congruence(made, services=False).required == 1


def test_channels_are_read_one_by_one():
    talks = [
        conway.Communication(a="t", b="u", channel="chat"),
        conway.Communication(a="u", b="t", channel="mail"),
        conway.Communication(a="t", b="v", channel="mail"),
    ]
    made = conway.from_owners({"a": "t", "b": "u", "c": "v"}, [("a", "b")], communication=talks)
    assert conway.congruence(made, channels="chat").proxy == ("chat",)
    assert conway.congruence(made, channels=["chat", "mail"]).excess[0].b == "v"
    assert conway.excess(made, channels="chat") == ()
    assert conway.coordination_cost(made, ["a"], channels="chat").proxy == ("chat",)


def test_people_and_their_teams():
    teams = [conway.Team(id="t", members=["p1", "p2"]), conway.Team(id="u", members=["p2", "p3"])]
    made = conway.from_owners({"a": "t", "b": "u"}, teams=teams)
    assert conway.teams_of_people(made) == {"p1": "t", "p2": "t", "p3": "u"}
    rows = [conway.Change(commit=c, author="p1", component="b") for c in "xyz"]
    assert conway.cross_authoring(made, rows, homes=conway.teams_of_people(made))[0].weight == 3
    assert conway.cross_authoring(made, rows, homes={"p1": "nowhere"}) == ()
    merged = conway.merge_teams(made, "u", into="t")
    assert merged.teams[0].members == ("p1", "p2", "p3")
    split = conway.split_team(made, "t", "new", "a", members="p1")
    assert [team.members for team in split.teams] == [("p2",), ("p1",), ("p2", "p3")]
    assert conway.cognitive_load(made, capacity={"t": 0})["t"].used == Undefined(
        "the denominator is within noise of zero"
    )


def test_authors():
    rows = [conway.Change(commit=str(n), author="p1" if n < 3 else "p2", component="a") for n in range(20)]
    assert conway.authorship(rows) == {"a": ("p2",)}
    assert conway.authorship(rows, least=100) == {"a": ()}
    assert conway.truck_factors(rows)["a"].value == 1


def test_views_by_name():
    made = conway.from_owners({"a": "t"}, components=[conway.Component(id="a", name="The first")])
    assert made.to_networkx("components").nodes["a"]["name"] == "The first"
    assert conway.visibility(made)["a"].role == "core"
    assert attrs.asdict(made.teams[0])["id"] == "t"


def test_both_tails_of_mirroring_are_those_of_all_orders():
    """Oracle: each of the 720 ways to hand six owners to six components."""
    owners = ["x", "x", "x", "y", "y", "z"]
    edges = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (2, 3)]
    parts = [str(n) for n in range(6)]
    organization = conway.from_owners(dict(zip(parts, owners, strict=True)), [(parts[a], parts[b]) for a, b in edges])
    crossing = np.array([sum(order[a] != order[b] for a, b in edges) for order in itertools.permutations(owners)])
    found = conway.mirroring(organization, permutations=9999)
    view = found["any", None]
    assert view.expected == pytest.approx(crossing.mean() / len(edges), abs=0.01)
    assert view.p_low == pytest.approx((crossing <= view.crossing).mean(), abs=0.02)
    distance = abs(view.crossing - crossing.mean())
    assert view.p_two == pytest.approx((abs(crossing - crossing.mean()) >= distance - 1e-9).mean(), abs=0.02)


def test_a_null_without_any_spread_has_no_evidence():
    """Everyone talks to everyone: each shuffle is as congruent as what is seen, so both p-values are 1 exactly."""
    organization = conway.from_owners(
        {"a": "x", "b": "y", "c": "z"},
        [("a", "b")],
        communication=[conway.Communication(a=a, b=b) for a, b in ("xy", "yz", "xz")],
    )
    found = conway.congruence_null(organization, permutations=19)
    assert (found.observed, found.expected, found.p_high, found.p_two) == (1, 1, 1, 1)
    without = conway.congruence_null(attrs.evolve(organization, communication=[]), permutations=19)
    assert (without.observed, without.p_high) == (0, 1)


def test_what_is_undefined_stays_so_in_rows():
    rows = conway.mirroring(conway.from_owners({"a": "x", "b": "y"}), permutations=19).to_dicts()
    assert {row["observed"] for row in rows} == {Undefined("no data")}


def test_shared_components_weigh_in_full_where_asked():
    organization = conway.from_owners({"page": ["web", "app"], "cart": "web"})
    split = {row.team: row.load for row in conway.cognitive_load(organization).rows}
    full = {row.team: row.load for row in conway.cognitive_load(organization, shared="full").rows}
    assert (split, full) == ({"web": 1.5, "app": 0.5}, {"web": 2.0, "app": 1.0})


def test_matrices_of_congruence_are_square():
    for shape in ((2, 3), (3, 2), (4,)):
        with pytest.raises(InvalidValueError, match="square matrix"):
            conway.congruence_of_matrices(np.ones(shape), np.ones((3, 3)))


def test_congruence_names_its_proxy():
    organization = conway.from_owners({"a": "x", "b": "y"}, [("a", "b")])
    assert "read from no channel." in conway.congruence(organization).summary()
    talk = [conway.Communication(a="x", b="y", channel=channel) for channel in ("chat", "review")]
    told = conway.congruence(attrs.evolve(organization, communication=talk)).summary()
    assert "read from chat and review." in told


def test_only_names_of_one_source_are_renames():
    mine = [conway.Ownership(component=part, team="payments") for part in "abc"]
    theirs = [conway.Ownership(component=part, team="pay") for part in "abc"]
    both = [conway.Ownership(component="d", team=name) for name in ("payments", "pay")]
    assert [(found.a, found.b) for found in conway.drift(mine, theirs).renames] == [("payments", "pay")]
    assert not conway.drift([*mine, *both], theirs).renames  # "pay" is known on both sides
    assert not conway.drift(mine, [*theirs, *both]).renames  # "payments" is


def test_names_that_are_just_alike_enough_are_renames():
    first, second = "abcxx", "abcyy"  # six of ten letters in common: a similarity of 0.6
    found = conway.drift(
        [conway.Ownership(component="p", team=first)],
        [conway.Ownership(component="p", team=second), conway.Ownership(component="q", team=second)],
    ).renames
    assert [(one.similarity, one.shared) for one in found] == [(0.6, 1)]


def test_both_directions_of_a_pair_add_up():
    found = conway.congruence_of_pairs({("a", "b"): 1, ("b", "a"): 2, ("c", "d"): 1}, {("a", "b"): 1})
    assert (found.required, found.met, found.required_weight, found.weighted_value) == (2, 1, 4.0, 0.75)
