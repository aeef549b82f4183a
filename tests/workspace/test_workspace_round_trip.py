"""What is written is read back, equal in every part and type."""

from __future__ import annotations

import copy
import pickle
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmkit.formats.workspace import dumps, load, loads, save
from pmkit.testing import workspaces
from pmkit.workspace import Workspace
from pmkit.workspace._diff import same


@settings(max_examples=6)
@given(workspaces(max_rows=1, max_nodes=4), st.sampled_from(["yaml", "json"]))
def test_text_holds_everything(workspace: Workspace, syntax: str) -> None:
    text = dumps(workspace, syntax=syntax)  # type: ignore[arg-type]
    again = loads(text, syntax=syntax)  # type: ignore[arg-type]
    assert again == workspace
    assert same(again.extra, workspace.extra)
    assert dumps(again, syntax=syntax) == text  # type: ignore[arg-type]


@settings(max_examples=6)
@given(workspaces(max_rows=1, max_nodes=4))
def test_a_folder_holds_everything(workspace: Workspace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        save(workspace, folder)
        assert load(folder) == workspace
        save(Workspace(name="later"), folder)
        assert load(folder) == Workspace(name="later")


@settings(max_examples=6)
@given(workspaces(max_rows=1, max_nodes=4))
def test_products_are_copied_and_pickled(workspace: Workspace) -> None:
    assert pickle.loads(pickle.dumps(workspace)) == workspace
    assert copy.deepcopy(workspace) == workspace


@pytest.mark.parametrize("name", ["cookie-cats"])
def test_the_examples_survive_both_syntaxes(name: str) -> None:
    workspace = load(Path(__file__).parents[2] / "examples" / name / "product.yaml")
    assert loads(dumps(workspace)) == loads(dumps(workspace, syntax="json"), syntax="json") == workspace
