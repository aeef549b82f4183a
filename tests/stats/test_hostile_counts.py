"""The shared batteries of degenerate counts and samples: a value or a typed error, never a warning or a bare NaN."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from pmkit import stats
from pmkit.errors import InvalidValueError

BATTERIES = Path(__file__).parents[2].parent / "shared" / "batteries" / "stats"


def battery(name: str) -> list[dict[str, Any]]:
    path = BATTERIES / name
    if not path.exists():
        return []
    text = path.read_text("utf-8")
    return json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]


def numbers_of(result: Any) -> list[float]:
    found: list[float] = []
    for value in attrs.asdict(result, recurse=False).values():
        members = value if isinstance(value, (tuple, list)) or hasattr(value, "lower") else (value,)
        found += [member for member in members if isinstance(member, float)]
    return found


@pytest.mark.parametrize("case", battery("extreme-counts.json"), ids=str)
def test_counts(case: dict[str, Any]) -> None:
    try:
        result = stats.beta_binomial(*case["args"])
    except InvalidValueError as error:
        assert "beta_binomial" in str(error)
    else:
        assert not any(math.isnan(number) for number in numbers_of(result))
        assert 0 <= result.chance_to_win <= 1


@pytest.mark.parametrize("case", battery("extreme-samples.jsonl"), ids=lambda case: case["name"])
def test_samples(case: dict[str, Any]) -> None:
    for call in (
        lambda: stats.bootstrap(case["a"], repetitions=50),
        lambda: stats.bootstrap(case["b"], repetitions=50, method="bca"),
        lambda: stats.permutation(case["a"], case["b"], repetitions=50),
    ):
        try:
            result = call()
        except InvalidValueError as error:
            assert str(error)
        else:
            assert not any(math.isnan(number) for number in numbers_of(result))


def test_sample_ratio_is_rs() -> None:
    found = 0
    for line in battery("r_reference.jsonl"):
        counts = re.fullmatch(r"chisq\.test\(c\(([\d,]+)\)\)\$p\.value", line["call"])
        if counts:
            observed = [int(count) for count in counts[1].split(",")]
            p_value = stats.sample_ratio(observed, np.ones(len(observed))).p_value
            assert p_value == pytest.approx(line["value"][0], rel=1e-12)
            found += 1
    if not BATTERIES.exists():
        pytest.skip("batteries not present")
    assert found >= 2
