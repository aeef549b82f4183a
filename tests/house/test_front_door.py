"""`import pmkit` costs nothing, and every name behind the door is there."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pmkit


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; before = set(sys.modules); {statement}; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_loads_nothing_but_itself() -> None:
    assert loaded_by("import pmkit") == {"pmkit"}


@pytest.mark.parametrize("name", pmkit.__all__)
def test_every_public_name_is_reached(name: str) -> None:
    assert getattr(pmkit, name) is not None
    assert name in dir(pmkit)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'osst'"):
        _ = pmkit.osst


HEAVY = {
    "networkx",
    "scipy.stats",
    "scipy.optimize",
    "pandas",
    "polars",
    "matplotlib",
    "narwhals",
    "ibis",
    "rich",
    "cattrs",
    "yaml",
}


@pytest.mark.parametrize(
    "room",
    ["errors", "model", "trees", "ost", "jtbd", "language", "drawing", "conway", "stats", "experiments", "workspace"],
)
def test_rooms_load_heavy_libraries_only_on_use(room: str) -> None:
    assert not loaded_by(f"import pmkit.{room}") & HEAVY


@pytest.mark.parametrize("room", ["errors", "model", "trees", "ost", "jtbd", "language"])
def test_rooms_of_words_and_graphs_do_without_numpy(room: str) -> None:
    assert "numpy" not in loaded_by(f"import pmkit.{room}")
