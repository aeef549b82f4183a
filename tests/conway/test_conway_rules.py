"""Each rule on a case that fails it and one that passes, drift, modes, the gate, and the pictures."""

import attrs
import pytest
from defusedxml import ElementTree
from hypothesis import given, settings

from pmkit import conway
from pmkit.conway import RULES, Change, Communication, Interaction, Ownership, OwnershipRule, Team
from pmkit.conway.rules._sources import covers
from pmkit.testing import organizations

PAIR = {"page": "web", "index": "data"}
EDGE = [("page", "index")]


def codes(organization, **options):
    return [(finding.code, finding.subject) for finding in conway.check(organization, **options)]


def test_every_code_stands_once_and_tells_all():
    assert [rule.code for rule in RULES] == [f"CON{number}" for number in range(101, 115)]
    for rule in RULES:
        assert all((rule.summary, rule.rationale, rule.source, rule.hint, rule.failing, rule.passing))


def test_orphans_shared_and_idle():
    made = conway.from_owners(
        {"page": ["web", "data"], "job": []}, teams=[Team(id="labs"), Team(id="coach", type="enabling")]
    )
    assert codes(made) == [("CON101", "job"), ("CON102", "page"), ("CON103", "labs")]


def test_overload():
    made = conway.from_owners({"page": "web", "cart": "web"}, teams=[Team(id="web", capacity=1)])
    assert codes(made) == [("CON104", "web")]
    assert not codes(conway.from_owners({"page": "web"}, teams=[Team(id="web", capacity=1)]))


def test_cycles_across_teams_and_their_baseline():
    ring = [("page", "index"), ("index", "page")]
    made = conway.from_owners(PAIR, ring)
    assert codes(made, select=["CON105"]) == [("CON105", "page")]
    assert not codes(made, select=["CON105"], baseline=made)
    assert not codes(conway.from_owners(dict.fromkeys(PAIR, "web"), ring), select=["CON105"])
    assert not codes(conway.from_owners(dict.fromkeys(PAIR, ()), ring), select=["CON105"])
    grown = conway.from_owners({**PAIR, "app": "mobile"}, [*ring, ("index", "app"), ("app", "page")])
    assert codes(grown, select=["CON105"], baseline=made) == [("CON105", "page")]
    assert not codes(made, select=["CON105"], baseline=grown)
    wide = {f"c{n}": f"t{n}" for n in range(9)}
    around = conway.from_owners(wide, [(f"c{n}", f"c{(n + 1) % 9}") for n in range(9)])
    assert "and 3 more" in conway.check(around, select=["CON105"])[0].message


def test_channels():
    silent = conway.from_owners(PAIR, EDGE)
    (found,) = conway.check(silent)
    assert (found.code, found.severity, found.subject) == ("CON106", "information", "")
    other = [Communication(a="web", b="pay", channel="chat")]
    made = conway.from_owners({**PAIR, "bill": "pay"}, EDGE, communication=other)
    assert codes(made) == [("CON106", "web + data"), ("CON107", "web + pay")]
    assert "by chat" in conway.check(made)[0].message
    served = attrs.evolve(made, interactions=[Interaction(a="web", b="data", mode="x-as-a-service")])
    assert codes(served) == [("CON107", "web + pay")]
    talks = [Communication(a="web", b="data", weight=9), *other, Communication(a="data", b="pay")]
    heavy = attrs.evolve(served, communication=talks)
    assert ("CON107", "web + data") in codes(heavy)
    assert ("CON107", "web + data") not in codes(heavy, limits={"heavy": 20})


def test_key_people():
    lone = conway.from_owners(PAIR, teams=[Team(id="web", members=["p1"]), Team(id="data", members=["p2", "p3"])])
    assert codes(lone) == [("CON108", "web")]
    alone = [Change(commit=str(n), author="p1", component="page") for n in range(12)]
    shared = [Change(commit=str(n), author=f"p{n % 2}", component="index") for n in range(12)]
    few = [Change(commit="x", author="p1", component="unknown")]
    assert codes(lone, changes=[*alone, *shared, *few]) == [("CON108", "page")]
    assert not codes(lone, changes=alone, limits={"changes": 50})


@pytest.mark.parametrize(
    ("edges", "mode", "ends", "wrong"),
    [
        ([("page", "index"), ("index", "page")], "x-as-a-service", ("web", "data"), True),
        (EDGE, "x-as-a-service", ("web", "data"), False),
        (EDGE, "x-as-a-service", ("data", "web"), True),
        (EDGE, "collaboration", ("web", "data"), True),
        ([], "collaboration", ("web", "data"), False),
        ([], "x-as-a-service", ("web", "data"), True),
    ],
)
def test_modes(edges, mode, ends, wrong):
    made = conway.from_owners(PAIR, edges, interactions=[Interaction(a=ends[0], b=ends[1], mode=mode)])
    assert codes(made, select=["CON109"]) == ([("CON109", "web + data")] if wrong else [])


def test_recommended_modes_say_why():
    teams = [Team(id="coach", type="enabling"), Team(id="cloud", type="platform")]
    owners = {"page": "web", "app": "mobile", "shop": "sales", "db": "cloud", "kit": "coach", "both": ["web", "mobile"]}
    edges = [("page", "db"), ("app", "db"), ("shop", "db"), ("page", "kit")]
    found = {
        (row.a, row.b): row for row in conway.interaction_modes(conway.from_owners(owners, edges, teams=teams)).rows
    }
    service = found["web", "cloud"]
    assert service.recommended == "x-as-a-service"
    assert any("platform" in reason for reason in service.reasons)
    assert any("4 teams use" in reason or "3 teams use" in reason for reason in service.reasons)
    assert found["web", "coach"].recommended == "facilitating"
    assert found["web", "mobile"].recommended == "collaboration"


def test_drift_and_renames():
    old = [Ownership(component=part, team="@acme/web", source="file") for part in ("page", "cart", "help")]
    new = [Ownership(component=part, team="team-web", source="catalog") for part in ("page", "cart")]
    new.append(Ownership(component="help", team="care", source="catalog"))
    found = conway.drift(old, new)
    assert [(row.a, row.b) for row in found.renames] == [("@acme/web", "team-web")]
    assert [row.component for row in found.disagreements] == ["help"]
    assert len(conway.drift(old, new, renames=False).disagreements) == 3
    everyone = [Team(id=name) for name in ("@acme/web", "team-web", "care")]
    parts = [conway.Component(id=name) for name in ("page", "cart", "help")]
    made = conway.Organization(teams=everyone, components=parts, ownership=[*old, *new])
    assert codes(made, select=["CON110"]) == [("CON110", "help")]
    assert len(conway.select_ownership(made, "catalog").ownership) == 3


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        ("*", "/docs/", True),
        ("/docs/", "/docs/a.md", True),
        ("/docs/**", "docs/a/", True),
        ("/docs/", "*.md", False),
        ("/docs/*", "/docs/a/b", False),
        ("docs/", "/src/docs/a.md", True),
        ("docs/", "/src/x.md", False),
        ("/a*/", "/ab/c", False),
        ("/docs/", "docs", False),
        ("/", "x", False),
        ("x.py", "x.py", True),
    ],
)
def test_what_a_later_pattern_covers(later, earlier, expected):
    assert covers(later, earlier) is expected


def test_unreachable_rules():
    made = conway.from_owners({"page": "web"})
    rules = [
        OwnershipRule(pattern="/docs/a.md", owners=["web"], line=1),
        OwnershipRule(pattern="/src/", owners=["web"], line=2, matches=7, decides=0),
        OwnershipRule(pattern="/docs/", owners=["data"], line=3),
        OwnershipRule(pattern="/docs/a.md", section="other"),
    ]
    assert codes(made, ownership_rules=rules) == [("CON113", "/docs/a.md"), ("CON113", "/src/")]
    assert "line 3, '/docs/'" in conway.check(made, ownership_rules=rules)[0].message
    twice = [OwnershipRule(pattern="a"), OwnershipRule(pattern="a")]
    assert "a later rule" in conway.check(made, ownership_rules=twice)[0].message


def test_the_gate_lets_old_findings_pass():
    before = conway.from_owners({**PAIR, "job": []}, EDGE, communication=[Communication(a="web", b="web")])
    known = conway.check(before)
    assert conway.check(before, baseline=before) == ()
    assert conway.check(before, baseline=known) == ()
    after = attrs.evolve(before, components=[*before.components, conway.Component(id="mail")])
    assert codes(after, baseline=before) == codes(after, baseline=known) == [("CON101", "mail")]


@settings(max_examples=20)
@given(organizations())
def test_checks_never_raise_and_pictures_are_well_formed(organization):
    found = conway.check(organization)
    assert not [finding for finding in found if finding.severity == "error"]
    assert conway.check(organization, baseline=organization) == ()
    for scene in (
        conway.draw_matrix(organization),
        conway.draw_matrix(organization, level="teams"),
        conway.draw_teams(organization),
        conway.draw_loads(organization),
        conway.draw_moves(conway.suggest_moves(organization, 2)),
    ):
        assert ElementTree.fromstring(scene.to_svg()).tag.endswith("svg")


def test_the_matrix_shows_every_edge_once():
    made = conway.from_owners({"a": "t", "b": "t", "c": "u", "d": []}, [("a", "b"), ("a", "c"), ("c", "d"), ("a", "a")])
    roles = [getattr(item, "role", "") for item in conway.draw_matrix(made).items]
    assert (roles.count("within"), roles.count("crossing"), roles.count("team")) == (1, 2, 3)
    many = conway.from_owners({f"c{n}": f"@acme/t{n % 3}" for n in range(200)}, [("c0", "c1")])
    assert conway.draw_matrix(many).title == "Dependencies of 2 teams"


def test_pictures_say_what_is_over_and_what_is_emptied():
    made = conway.from_owners({"page": "web", "cart": "web"}, EDGE[:0], teams=[Team(id="web", capacity=1)])
    assert conway.draw_loads(made).description == "1 of 1 teams are above their capacity."
    emptied = conway.draw_moves(conway.suggest_moves(conway.from_owners(PAIR, EDGE), 1, pinned="page"))
    assert any("nothing to own: data" in line for item in emptied.items for line in getattr(item, "lines", ()))
