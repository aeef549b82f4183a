"""Every test can fail: it asserts, expects an error, or calls a helper of its file that does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
EXPECTING = {"raises", "warns", "fail"}


def called(tree: ast.AST) -> Iterator[str]:
    """Yield the last names of what is called below `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr


def judges(function: ast.FunctionDef, helpers: set[str]) -> bool:
    """Whether a function can end a test, itself or through a helper that can."""
    if any(isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant) for node in ast.walk(function)):
        return True
    names = set(called(function))
    return bool(names & (EXPECTING | helpers)) or any(name.startswith("assert_") for name in names)


def powerless(source: str) -> list[str]:
    """Return the names of the tests in `source` that nothing but a crash can fail."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    helpers: set[str] = set()
    while more := {f.name for f in functions if f.name not in helpers and judges(f, helpers)}:
        helpers |= more
    return [f.name for f in functions if f.name.startswith("test_") and f.name not in helpers]


@pytest.mark.parametrize("path", sorted(TESTS.rglob("test_*.py")), ids=lambda path: path.stem)
def test_every_test_can_fail(path: Path) -> None:
    assert not powerless(path.read_text(encoding="utf-8"))


def test_the_scan_sees_through_helpers_and_is_not_fooled_by_constants() -> None:
    source = """
def deep(x): assert x == 1
def helper(x): deep(x)
def test_by_helper(): helper(1)
def test_by_raises():
    with pytest.raises(ValueError): int("x")
def test_by_numpy(): np.testing.assert_allclose(1, 1)
def test_of_nothing(): int("1")
def test_of_a_constant(): assert True
"""
    assert powerless(source) == ["test_of_nothing", "test_of_a_constant"]
