"""The calibration tool itself, on a scale that fits into the tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

TOOL = Path(__file__).parents[2] / "tools" / "calibration.py"


@pytest.fixture(name="tool")
def _tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("calibration", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "calibration", module)
    spec.loader.exec_module(module)
    kept = {name: draw for name, draw in module.DISTRIBUTIONS.items() if name in {"normal", "Poisson (mean 1)"}}
    monkeypatch.setattr(module, "DISTRIBUTIONS", kept)
    monkeypatch.setattr(module, "ALLOCATIONS", {"even": (200, 200)})
    return module


@pytest.mark.parametrize("part", ["fixed_tests", "peeked_tests", "split_tests", "family_tests"])
def test_error_rates_are_in_the_band(tool: ModuleType, part: str) -> None:
    cells = getattr(tool, part)(500, np.random.default_rng(2))
    assert cells
    for cell in cells:
        if "wrong" in cell.method:
            assert cell.verdict == "**too many**"
        elif cell.allocation != "one in five":
            assert cell.verdict == "in the band", cell.row()


def test_wrong_ways_are_seen(tool: ModuleType) -> None:
    assert {cell.verdict for cell in tool.wrong_ways(2000, np.random.default_rng(3))} == {"**too many**"}


def test_proportions(tool: ModuleType) -> None:
    cells = tool.proportion_tests(80, np.random.default_rng(4))
    assert sum(cell.verdict == "in the band" for cell in cells) > 0.7 * len(cells)


def test_coverage_by_enumeration(tool: ModuleType) -> None:
    rows = {(row[0], row[1]): row for row in tool.coverage_of_one()}
    assert float(rows["wilson", "10"][2]) == pytest.approx(0.835, abs=0.0015)
    assert float(rows["clopper-pearson", "10"][2]) == pytest.approx(0.961, abs=0.001)


def test_page_has_every_part(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "coverage_of_two", lambda: [["wald", "50 and 10", "0.335", "0.885"]])
    cell = tool.Cell("a method", "normal", "even", 100, rejections=5)
    text = tool.page({"One look": [cell]}, 100, "2026-11-22")
    assert "| a method | normal | even | 0.0500 |" in text
    assert text.startswith(tool.BEGIN)
    assert text.endswith(tool.END)
