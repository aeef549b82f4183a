"""Kubernetes OWNERS, Backstage catalogs, team APIs, matrices and edge lists."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmkit import conway
from pmkit.errors import InvalidValueError, ParseError
from pmkit.formats import backstage, dsm_csv, edges_csv, k8s_owners, team_api
from pmkit.formats._yaml import read_yaml, read_yaml_documents

SHARED = Path(__file__).parents[2].parent / "shared"
READERS = (k8s_owners.loads, k8s_owners.aliases_of, backstage.loads, team_api.loads, dsm_csv.loads, edges_csv.loads)

CATALOG = """
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: page
  title: The page
spec:
  type: website
  owner: web
  system: shop
  dependsOn: [component:default/index, resource:db]
  consumesApis: [search]
---
kind: Component
metadata: {name: Index, namespace: default}
spec: {owner: 'group:default/Data', providesApis: [search]}
---
kind: API
metadata: {name: search}
spec: {type: openapi, owner: user:p07}
relations:
  - {type: ownedBy, targetRef: 'group:default/data'}
  - {type: dependsOn, targetRef: 'component:index'}
  - {type: partOf, targetRef: 'system:shop'}
---
kind: Group
metadata: {name: web, title: Web people}
spec: {members: [p07, p11]}
---
kind: System
metadata: {name: shop}
spec: {owner: web}
---
kind: Location
metadata: {name: elsewhere}
---
"""


def hostile() -> dict[str, str]:
    file = SHARED / "batteries" / "yaml" / "hostile-yaml.json"
    if not file.exists():
        pytest.skip("the batteries are not present")
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_catalog() -> None:
    made = backstage.loads(CATALOG)
    assert [(team.id, team.label, team.members) for team in made.teams] == [
        ("web", "Web people", ()), ("data", "data", ()), ("user:p07", "user:p07", ()),
    ]  # fmt: skip
    assert [(part.id, part.label, part.kind) for part in made.components] == [
        ("page", "The page", "website"), ("index", "index", "component"), ("api:search", "api:search", "api"),
        ("resource:db", "resource:db", "resource"),
    ]  # fmt: skip
    assert [(row.component, row.team) for row in made.ownership] == [
        ("page", "web"), ("index", "data"), ("api:search", "user:p07"), ("api:search", "data"),
    ]  # fmt: skip
    assert {(edge.source, edge.target, edge.kind) for edge in made.dependencies} == {
        ("page", "index", "dependsOn"), ("page", "resource:db", "dependsOn"),
        ("page", "api:search", "consumesApis"), ("api:search", "index", "dependsOn"),
    }  # fmt: skip
    assert backstage.loads(CATALOG, people=True).teams[0].members == ("p07", "p11")
    assert conway.congruence(made).required >= 1


def test_who_needs_an_api_needs_its_provider() -> None:
    text = "kind: Component\nmetadata: {name: a}\nspec: {consumesApis: [x]}\n---\n"
    text += "kind: Component\nmetadata: {name: b, namespace: n}\nspec: {providesApis: [default/x]}\n"
    made = backstage.loads(text)
    assert {(edge.source, edge.target) for edge in made.dependencies} == {("a", "api:x"), ("a", "n/b")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kind: Component\n", "an entity needs metadata"),
        ("kind: Component\nmetadata: {}\n", "name is missing"),
        ("- a\n", "this must be a mapping"),
        ("kind: [a]\nmetadata: {name: b}\n", "must be text"),
        ("kind: Group\nmetadata: {name: a}\n---\nkind: Group\nmetadata: {name: A}\n", "is there twice"),
        ("kind: Component\nmetadata: {name: a}\nspec: {dependsOn: {a: 1}}\n", "must be a list of texts"),
        ("kind: Component\nmetadata: {name: a}\nrelations: x\n", "must be a list"),
        ("kind: &x Component\nmetadata: {name: a}\n", "anchor &x"),
        ('kind: Component\nmetadata: {name: "a\\tb"}\n', "control"),
    ],
)
def test_bad_catalogs_are_refused_with_a_place(text: str, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        backstage.loads(text)


def test_catalogs_are_found_in_folders(tmp_path: Path) -> None:
    for name, text in {"a": "kind: Component\nmetadata: {name: a}\nspec: {owner: x}\n", "b": CATALOG}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "catalog-info.yaml").write_text(text)
    assert len(backstage.load(tmp_path).components) == 5
    assert backstage.load(tmp_path / "a" / "catalog-info.yaml").teams[0].id == "x"
    assert backstage.load().components == ()


def test_streams_of_documents_keep_the_guards_and_the_places() -> None:
    one, two = read_yaml_documents("# note\na: 1\n---\n---\nb:\n  c: 2\n")
    assert (one.data, two.data) == ({"a": "1"}, {"b": {"c": "2"}})
    assert two.locate(("b", "c")) == (6, 6)
    assert one.locate(("a",)) == (2, 4)
    with pytest.raises(ParseError, match="second document"):
        read_yaml("a: 1\n---\nb: 2\n")
    with pytest.raises(ParseError) as caught:
        read_yaml_documents("a: *x\n---\nb: !t 1\nb: 2\n")
    assert [finding.location.line for finding in caught.value.findings if finding.location] == [1, 3, 4]
    with pytest.raises(ParseError, match="empty"):
        read_yaml_documents("")
    with pytest.raises(ParseError, match="more than 100000 documents"):
        read_yaml_documents("--- a\n" * 100_001)


def test_hostile_yaml_is_a_value_or_an_error() -> None:
    for name, text in hostile().items():
        for read in READERS:
            try:
                read(text)
            except ParseError as error:
                assert len(str(error)) < 20_000, name


@given(st.text(alphabet="abkind:metadata{}[],- \n'x0123.", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in READERS:
        try:
            read(text)
        except ParseError as error:
            assert str(error)


def test_owners_are_inherited_until_told_otherwise() -> None:
    tree = k8s_owners.OwnersTree(
        folders={
            ".": k8s_owners.Owners(approvers=["p01"], reviewers=["leads"]),
            "pkg": k8s_owners.Owners(approvers=["leads"], filters={".go": (("p09",), ("p10",))}),
            "pkg/own": k8s_owners.Owners(approvers=["p03"], no_parent_owners=True),
        },
        aliases={"Leads": ["p07", "p11"]},
    )
    assert k8s_owners.owners(tree, "a.md") == ("p01",)
    assert k8s_owners.owners(tree, "pkg/x/a.go") == ("p07", "p11", "p09", "p01")
    assert k8s_owners.owners(tree, "pkg/a.go", role="reviewers") == ("p10", "p07", "p11")
    assert k8s_owners.owners(tree, "pkg/own/deep/a.go") == ("p03",)
    assert k8s_owners.owners(k8s_owners.OwnersTree(), "a") == ()


def test_owners_files(tmp_path: Path) -> None:
    (tmp_path / "OWNERS").write_text("approvers:\n- Leads\n- p01 # note\nlabels: [sig/x]\n")
    (tmp_path / "OWNERS_ALIASES").write_text("aliases:\n  leads:\n  - P07\n")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "OWNERS").write_text(
        "options: {no_parent_owners: true}\nfilters:\n  '.*': {approvers: [p02]}\n"
        "  '\\.go$': {approvers: [p03]}\n  '(a+)+$': {approvers: [p04]}\n"
    )
    tree = k8s_owners.load(tmp_path)
    assert k8s_owners.owners(tree, "pkg/a.go") == ("p02", "p03")
    assert tree.folders["pkg"].left_out == ("(a+)+$",)
    assert k8s_owners.owners(tree, "a") == ("p07", "p01")
    made = k8s_owners.organization(tree)
    assert {team.id: team.members for team in made.teams}["leads"] == ("p07",)
    assert conway.owners(made, "pkg") == {"p02": 0.5, "p03": 0.5}
    (tmp_path / "pkg" / "OWNERS").write_text("options: {no_parent_owners: maybe}\napprovers: {a: b}\n")
    with pytest.raises(ParseError) as caught:
        k8s_owners.load(tmp_path)
    assert len(caught.value.findings) == 2


def test_the_real_owners_of_test_infra() -> None:
    folder = SHARED / "data" / "kubernetes_owners"
    if not folder.exists():
        pytest.skip("the data are not present")
    with (folder / "owners.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    aliases = json.loads((folder / "aliases.json").read_text())
    tree = k8s_owners.OwnersTree(
        folders={
            row["dir"]: k8s_owners.Owners(
                approvers=row["approvers"].split(), no_parent_owners=row["no_parent_owners"] == "True"
            )
            for row in rows
        },
        aliases=aliases,
    )
    assert len(tree.folders) == 239
    own = {"" if row["dir"] == "." else row["dir"]: row for row in rows}

    def expected(folder: str) -> set[str]:
        row = own.get(folder)
        mine = {p for name in (row["approvers"].split() if row else ()) for p in aliases.get(name, [name])}
        if (row is not None and row["no_parent_owners"] == "True") or not folder:
            return mine
        return mine | expected(folder.rpartition("/")[0])

    for place in own:
        path = f"{place}/x.yaml" if place else "x.yaml"
        assert set(k8s_owners.owners(tree, path)) == expected(place), place


def test_team_apis() -> None:
    text = """
team: search
name: Search
type: Stream aligned
capacity: 5
members: [p07, p11]
owns: [index, {component: ranking, load: 3, share: 2}]
interactions: [{team: cloud, mode: x as a service}]
talks_to: [shop]
---
team: shop
owns: [ranking]
talks_to: [search]
"""
    made = team_api.loads(text)
    assert [team.id for team in made.teams] == ["search", "shop", "cloud"]
    assert (made.teams[0].type, made.teams[0].capacity) == ("stream-aligned", 5)
    assert {part.id: part.load for part in made.components} == {"index": 1.0, "ranking": 3.0}
    assert conway.owners(made, "ranking") == pytest.approx({"search": 2 / 3, "shop": 1 / 3})
    assert len(made.communication) == 1
    assert made.interactions[0].mode == "x-as-a-service"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("team: a\nowned: [b]\n", "did you mean 'owns'"),
        ("owns: [b]\n", "team is missing"),
        ("team: a\ntype: strem-aligned\n", "did you mean 'stream-aligned'"),
        ("team: a\n---\nteam: a\n", "is there twice"),
        ("team: a\ncapacity: many\n", "must be a number"),
        ("team: a\ncapacity: -1\n", "from 0 to"),
        ("team: a\ninteractions: [{team: b, mode: chatting}]\n", "is none of collaboration"),
        ("team: a\nowns: [{component: b, share: 0}]\n", "share"),
        ("team: a\nowns: [{load: 2}]\n", "component is missing"),
        ('team: a\nowns: ["b\\tc"]\n', "control"),
        ("team: a\ninteractions: [{team: a, mode: XaaS}]\n", "a"),
    ],
)
def test_bad_team_apis_are_refused(text: str, says: str) -> None:
    try:
        team_api.loads(text)
    except ParseError as error:
        assert says in str(error)
        assert error.findings
    else:
        assert says == "a", "only an interaction with oneself may pass"


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.floats(0.5, 1e6)), max_size=8),
)
def test_matrices_and_edge_lists_round_trip(edges: list[tuple[str, str, float]]) -> None:
    made = conway.from_owners(dict.fromkeys("abcd", ()), edges)
    sums: dict[tuple[str, str], float] = {}
    for source, target, weight in edges:
        if source != target:
            sums[source, target] = sums.get((source, target), 0.0) + weight
    again = dsm_csv.loads(dsm_csv.dumps(made))
    assert {(edge.source, edge.target): edge.weight for edge in again.dependencies} == sums
    assert edges_csv.loads(edges_csv.dumps(made.dependencies)) == made.dependencies
    turned = dsm_csv.loads(dsm_csv.dumps(made), rows_depend=False)
    assert {(edge.target, edge.source): edge.weight for edge in turned.dependencies} == sums


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the matrix is empty"),
        (",a,b\na,,x\n", "2 columns and 1 rows"),
        (",a,b\nb,,x\na,,\n", "row 1 is 'b'"),
        (",a,b\na,,x,x\nb,,\n", "3 cells where there are 2"),
        (",a,b\na,,maybe\nb,,\n", "is no mark"),
        (",a,b\na,,-2\nb,,\n", "is no mark"),
        (",a,b\na,,1e30\nb,,\n", "weight"),
        (",a,a\na,,x\na,,\n", "is there twice"),
        (",a,\na,,x\n,,\n", "empty"),
        (',a\n"a,\n', "not CSV"),
        (",a\tb\na\tb,\n", "control"),
    ],
)
def test_bad_matrices_are_refused(text: str, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        dsm_csv.loads(text)


def test_edge_lists() -> None:
    assert edges_csv.loads("\ufefffrom,to,imports\na,b,\n\nb,c,2.5\n")[1].weight == 2.5
    with pytest.raises(ParseError) as caught:
        edges_csv.loads("source,target,weight\na,b,x\na\na,c,1\n,b,1\n", known=["a", "bb"])
    assert [(f.code, f.location.line) for f in caught.value.findings if f.location] == [
        ("DOC002", 2), ("DOC002", 3), ("CON112", 4), ("DOC002", 5),
    ]  # fmt: skip
    for text, says in {
        "": "'source' is missing",
        "source,targt\n": "did you mean 'target'",
        "source,from,target\n": "there twice",
    }.items():
        with pytest.raises(ParseError, match=says):
            edges_csv.loads(text)
    with pytest.raises(InvalidValueError):
        conway.from_owners({"a": ()}, edges_csv.loads("source,target\na,b\n"))
