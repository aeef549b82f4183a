"""Measure how often the intervals of opportunity scores hold the truth, and how far max() pushes scores up.

Writes the tables of docs/explanation/measured-needs.md, between its markers. Seeded; takes a few minutes.

    python tools/needs_coverage.py [--surveys 1000] [--page docs/explanation/measured-needs.md] [--date 2026-11-22]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from pmkit.jtbd import Tally, opportunity_score, opportunity_scores

SIZES = (30, 60, 120, 300, 1000)
TRUTHS = (
    (9.0, 3.0), (9.5, 1.0), (7.5, 4.0), (7.0, 6.0), (8.0, 7.5), (6.0, 6.0), (8.0, 8.0),
    (9.7, 9.5), (3.0, 3.0), (5.0, 7.0), (1.0, 5.0),
)  # fmt: skip
CORRELATIONS = (0.0, 0.4)
METHODS = ("posterior", "bootstrap", "delta")
WANTED = (0.93, 0.97)


def joint_cells(importance: float, satisfaction: float, correlation: float) -> np.ndarray:
    """Give the probabilities of low/low, low/high, high/low and high/high."""
    i, s = importance / 10, satisfaction / 10
    both = i * s + correlation * np.sqrt(i * (1 - i) * s * (1 - s))
    both = min(max(both, i + s - 1, 0.0), i, s)
    return np.array([1 - i - s + both, s - both, i - both, both])


def surveys(cells: np.ndarray, size: int, count: int, rng: np.random.Generator) -> Tally:
    """Draw many surveys of one outcome, held as the outcomes of one tally."""
    people = np.zeros((count, 1, 9))
    people[:, 0, [0, 1, 3, 4]] = rng.multinomial(size, cells, size=count)
    return Tally(outcomes=[f"survey {number}" for number in range(count)], people=people)


def measured(count: int) -> list[dict[str, object]]:
    """Give one row for each size and truth: coverage by method, width, and bias."""
    rng = np.random.default_rng(20261122)
    rows = []
    for size in SIZES:
        for truth in TRUTHS:
            for correlation in CORRELATIONS:
                drawn = surveys(joint_cells(*truth, correlation), size, count, rng)
                aim = opportunity_score(*truth)
                row: dict[str, object] = {"n": size, "truth": truth, "correlation": correlation}
                for method in METHODS:
                    scores = opportunity_scores(drawn, method=method, repetitions=1000, seed=rng)
                    lower, upper = scores.interval
                    row[method] = float(((lower <= aim + 1e-9) & (aim <= upper + 1e-9)).mean())
                    row[f"{method} width"] = float((upper - lower).mean())
                row["bias"] = float(scores.score.mean() - aim)
                row["left"] = float((scores.score - scores.bias).mean() - aim)
                rows.append(row)
    return rows


def tables(rows: list[dict[str, object]], count: int, date: str) -> str:
    """Write the measured rows as Markdown."""
    import scipy

    import pmkit

    noise = float(np.sqrt(0.95 * 0.05 / count))
    versions = f"pmkit {pmkit.__version__}, numpy {np.__version__}, scipy {scipy.__version__}"
    lines = [
        f"Measured {date} with {versions}: {count:,} surveys a cell",
        f"(simulation noise {noise:.1%}), 1,000 draws an interval, nominal 95 %.",
        "`r` is the correlation of the two answers.",
        "",
        "| method | mean coverage | worst | best | cells within 93 to 97 % | mean width |",
        "|---|---|---|---|---|---|",
    ]
    for method in METHODS:
        cover = np.array([row[method] for row in rows])
        within = float(((cover >= WANTED[0]) & (cover <= WANTED[1])).mean())
        width = float(np.mean([row[f"{method} width"] for row in rows]))
        lines.append(
            f"| {method} | {cover.mean():.1%} | {cover.min():.1%} | {cover.max():.1%} | {within:.0%} | {width:.2f} |"
        )
    names = ("n", "I", "S", "r", *METHODS, "width (posterior)", "bias of the score", "after `bias`")
    lines += ["", "| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    for row in rows:
        importance, satisfaction = row["truth"]  # type: ignore[misc]
        covers = " | ".join(f"{row[method]:.1%}" for method in METHODS)
        lines.append(
            f"| {row['n']} | {importance:g} | {satisfaction:g} | {row['correlation']:g} | {covers} "
            f"| {row['posterior width']:.2f} | {row['bias']:+.2f} | {row['left']:+.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--surveys", type=int, default=1000)
    parser.add_argument("--page", type=Path, default=Path("docs/explanation/measured-needs.md"))
    parser.add_argument("--date", default="2026-11-22")
    options = parser.parse_args()
    text = options.page.read_text(encoding="utf-8")
    begin, end = "<!-- coverage: begin -->", "<!-- coverage: end -->"
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    found = tables(measured(options.surveys), options.surveys, options.date)
    options.page.write_text(f"{before}{begin}\n\n{found}\n\n{end}{after}", encoding="utf-8")
    print(found)


if __name__ == "__main__":
    main()
