"""What import-linter cannot see: parts of scipy, and modules imported by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "pmkit"
ORACLES = ("matplotlib.pyplot", "scipy.stats", "scipy.optimize", "scipy.integrate", "scipy.sparse", "statsmodels")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_special_functions_of_scipy_and_no_pyplot_are_used_at_run_time() -> None:
    found = [(path.name, name) for path in SOURCE.rglob("*.py") for name in imported(path) if name.startswith(ORACLES)]
    assert not found


def test_nothing_is_named_after_the_place_it_was_made_in() -> None:
    marks = ("/wor" + "k/", "pypi" + ".org", "pythonhosted")
    files = [*SOURCE.rglob("*.py"), *SOURCE.parents[1].glob("*.md"), *SOURCE.parents[1].glob("docs/**/*.md")]
    assert not [(path.name, mark) for path in files for mark in marks if mark in path.read_text(encoding="utf-8")]
