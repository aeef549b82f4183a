"""Organizations as folders of CSV files: what is read, what is refused, and what comes back after writing."""

from __future__ import annotations

import pathlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from pmkit.conway import from_owners
from pmkit.errors import FileError, InvalidValueError, ParseError
from pmkit.formats import organization_csv
from pmkit.testing import organizations

COMPONENTS = "component,owners\npage,web\nindex,data;web\n"


def folder_of(root, components=COMPONENTS, dependencies=None, communication=None):
    texts = {"components": components, "dependencies": dependencies, "communication": communication}
    for name, text in texts.items():
        if text is not None:
            (root / f"{name}.csv").write_text(text)
    return root


def test_all_three_files_are_read_with_defaults_for_empty_cells(tmp_path):
    folder_of(
        tmp_path,
        "component , name,load,kind,owners\npage,The page,2.5,service,web\n\nindex,,,,data; web ;\n",
        "source,target,weight,kind\npage,index,,calls\npage,index,3,data\n",
        "a,b,weight,channel\nweb,data,0.5,chat\nweb,data,,\n",
    )
    read = organization_csv.load(tmp_path)
    assert [(c.id, c.name, c.load, c.kind) for c in read.components] == [
        ("page", "The page", 2.5, "service"),
        ("index", "", 1.0, ""),
    ]
    assert [(o.component, o.team) for o in read.ownership] == [("page", "web"), ("index", "data"), ("index", "web")]
    assert [(d.weight, d.kind) for d in read.dependencies] == [(1.0, "calls"), (3.0, "data")]
    assert [(t.weight, t.channel) for t in read.communication] == [(0.5, "chat"), (1.0, "")]


@pytest.mark.parametrize(
    ("kinds", "kept"),
    [
        ((), [("page", "index", 2.0), ("page", "index", 3.0), ("index", "page", 4.0)]),
        (("calls",), [("page", "index", 2.0)]),
        (("calls", "data"), [("page", "index", 2.0), ("index", "page", 4.0)]),
        (("none",), []),
    ],
)
def test_kinds_keep_the_first_row_of_each_pair(tmp_path, kinds, kept):
    rows = "source,target,weight,kind\npage,index,2,calls\npage,index,3,data\nindex,page,4,data\n"
    read = organization_csv.load(folder_of(tmp_path, dependencies=rows), kinds=kinds)
    assert [(d.source, d.target, d.weight) for d in read.dependencies] == kept


def test_a_folder_without_components_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"holds no components\.csv"):
        organization_csv.load(tmp_path)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"components": ""}, "column 'component' is missing"),
        ({"components": "name\nx\n"}, "column 'component' is missing"),
        ({"components": "component,ownrs\npage,web\n"}, "did you mean 'owners'"),
        ({"dependencies": "source,taget\npage,index\n"}, "column 'target' is missing; unknown column 'taget'"),
        ({"communication": "a,c\nweb,data\n"}, "column 'b' is missing"),
    ],
)
def test_wrong_columns_are_told_at_the_first_line(tmp_path, files, said):
    with pytest.raises(ParseError) as told:
        organization_csv.load(folder_of(tmp_path, **files))
    assert said in str(told.value)
    assert told.value.line == 1
    assert told.value.source.endswith(f"{next(iter(files))}.csv")


@pytest.mark.parametrize("number", ["many", "nan", "inf", "1e999", "1,5"])
@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("components", 'component,load\nindex,1\npage,"{}"\n'),
        ("dependencies", 'source,target,weight\nindex,page,1\npage,index,"{}"\n'),
        ("communication", 'a,b,weight\ndata,web,1\nweb,data,"{}"\n'),
    ],
)
def test_what_is_no_number_is_told_with_its_line(tmp_path, number, file, text):
    folder_of(tmp_path, **{file: text.format(number)})
    with pytest.raises(ParseError, match="must be a number") as told:
        organization_csv.load(tmp_path)
    (finding,) = told.value.findings
    assert finding.location.line == 3
    assert finding.location.source.endswith(f"{file}.csv")
    assert repr(number) in finding.message


def test_every_bad_row_of_every_file_is_told_at_once(tmp_path):
    folder_of(
        tmp_path,
        "component,load\npage,1\nindex\nsearch,lots\n",
        "source,target,weight\npage,index,1,2\npage,page,-1\n",
        "a,b\nweb\n",
    )
    with pytest.raises(ParseError) as told:
        organization_csv.load(tmp_path)
    places = sorted((f.location.source.rpartition("/")[2], f.location.line) for f in told.value.findings)
    assert places == [
        ("communication.csv", 2),
        ("components.csv", 3),
        ("components.csv", 4),
        ("dependencies.csv", 2),
        ("dependencies.csv", 3),
    ]
    assert any("1 cells where the first line names 2 columns" in f.message for f in told.value.findings)


@pytest.mark.parametrize("row", ['"page"x,web', '"page,web'])
def test_broken_quotes_are_no_csv(tmp_path, row):
    with pytest.raises(ParseError, match="this is not CSV") as told:
        organization_csv.load(folder_of(tmp_path, f"component,owners\nindex,web\n{row}\n"))
    assert told.value.findings[0].location.line == 3


def test_a_dependency_on_an_unknown_component_is_refused(tmp_path):
    with pytest.raises(ParseError, match="indx"):
        organization_csv.load(folder_of(tmp_path, dependencies="source,target\npage,indx\n"))


@pytest.mark.parametrize("file", ["dependencies", "communication"])
def test_an_empty_end_is_refused(tmp_path, file):
    columns = {"dependencies": "source,target", "communication": "a,b"}[file]
    with pytest.raises(ParseError):
        organization_csv.load(folder_of(tmp_path, **{file: f"{columns}\n,\n"}))


def test_a_team_with_a_semicolon_cannot_be_written(tmp_path):
    with pytest.raises(InvalidValueError, match="semicolon"):
        organization_csv.dump(from_owners({"page": "web;data"}, []), tmp_path)
    assert not list(tmp_path.iterdir())


@settings(max_examples=40, deadline=None)
@given(organizations())
def test_what_is_written_comes_back(organization):
    assume(all(";" not in team.id and team.id == team.id.strip() for team in organization.teams))
    owners = {(owner.component, owner.team) for owner in organization.ownership}
    teams = {team for _, team in owners}
    apart = any(not {talk.a, talk.b} <= teams for talk in organization.communication)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        organization_csv.dump(organization, folder)
        if apart:
            (folder / "communication.csv").unlink()
        back = organization_csv.load(folder)
    assert back.components == organization.components
    assert back.dependencies == organization.dependencies
    assert back.communication == (() if apart else organization.communication)
    assert {(owner.component, owner.team) for owner in back.ownership} == owners
    assert {team.id for team in back.teams} == teams


def test_a_component_that_stands_twice_is_told(tmp_path: Path) -> None:
    (tmp_path / "components.csv").write_text("component,owners\npage,web\npage,data\n")
    with pytest.raises(ParseError, match=r"components\.csv:3: component 'page' stands twice"):
        organization_csv.load(tmp_path)
