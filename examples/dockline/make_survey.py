"""Write survey.csv: made-up ratings of Dockline's needs, the same on every run.

    python examples/dockline/make_survey.py [FILE]

One row a respondent: an id, a segment, and for every need how important it is to them and how satisfied they are
with it today, 1 to 5, empty where they did not answer. Each need has a level of importance and of satisfaction,
each segment its own accents, each respondent a leaning towards high or low marks.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

import pmkit

HERE = Path(__file__).parent
SEED = 20260928
RESPONDENTS = 160
ANSWERED = 0.96
SEGMENTS = ("one site", "several sites")
HIGHEST = 5

# What the made-up shippers care about most, and how they fare: (importance, satisfaction); the middle is 3.
LEVELS = {
    "nd-surcharge": (4.5, 1.9), "nd-differs": (4.4, 2.0), "nd-first": (4.4, 2.2), "nd-late": (4.3, 2.3),
    "nd-total": (4.3, 2.4), "nd-refused": (4.1, 2.2), "nd-second": (3.9, 2.3), "nd-retype": (4.0, 2.5),
    "nd-match": (3.9, 2.5), "nd-dispute": (3.7, 2.3), "nd-dock": (3.4, 2.6), "nd-quality": (3.7, 2.6),
    "nd-where": (4.2, 3.7), "nd-weight": (3.1, 4.1), "nd-label": (3.9, 4.3), "nd-proof": (3.6, 4.2),
    "nd-damage": (4.3, 3.9), "nd-green": (2.3, 2.2), "nd-noise": (2.5, 3.6), "nd-insure": (3.0, 4.0),
    "nd-sign": (2.7, 3.9), "nd-pack": (3.2, 3.7), "nd-split": (2.4, 2.9), "nd-stop": (2.9, 2.4),
}  # fmt: skip
USUAL = (3.4, 3.2)
ACCENTS = {"one site": {"nd-dock": 0.9, "nd-wait": 0.6}, "several sites": {"nd-match": 0.6, "nd-close": 0.7}}


def main() -> None:
    """Draw the ratings and write them."""
    random = np.random.default_rng(SEED)
    needs = [need.id for need in pmkit.load(HERE / "product.yaml").needs]
    header = ["respondent", "segment", *(f"{need}.{side}" for need in needs for side in ("importance", "satisfaction"))]
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "survey.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for number in range(1, RESPONDENTS + 1):
            segment = SEGMENTS[int(random.random() < 0.4)]
            leaning = random.normal(0, 0.35)
            row: list[object] = [f"r{number:03d}", segment]
            for need in needs:
                important, satisfied = LEVELS.get(need, USUAL)
                important += ACCENTS[segment].get(need, 0.0)
                row += [_rating(random, important + leaning), _rating(random, satisfied + leaning)]
            writer.writerow(row)


def _rating(random: np.random.Generator, level: float) -> int | str:
    drawn = round(random.normal(level, 0.85))
    return max(1, min(HIGHEST, drawn)) if random.random() < ANSWERED else ""


if __name__ == "__main__":
    main()
