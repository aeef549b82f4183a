"""Write the tables of the documentation's pages on published trees and on title rules.

The published trees stand outside this repository; without them their page is left as it is.
Run with ``python tools/ost_tables.py``; the tables go between markers in the pages.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from pmkit import ost
from pmkit.errors import InvalidTreeError
from pmkit.ost.rules._company import company_perspective
from pmkit.ost.rules._disguise import solution_in_disguise
from pmkit.ost.rules._mood import bare_feeling
from pmkit.ost.rules._output import is_measured, output_as_outcome

ROOT = Path(__file__).parents[1]
TREES = ROOT.parent / "shared" / "cases" / "trees"
DATA = ROOT / "tests" / "ost" / "data"
TITLE_RULES = {
    "OST111": ("outcome", output_as_outcome),
    "OST112": ("outcome", lambda title: not is_measured(title)),
    "OST114": ("opportunity", solution_in_disguise),
    "OST115": ("opportunity", company_perspective),
    "OST116": ("opportunity", bare_feeling),
}


def published_table() -> str:
    lines = ["| tree | nodes | errors | warnings | information |", "|---|---|---|---|---|"]
    for path in sorted(TREES.glob("*.json")):
        if path.stem.startswith("bad_") or path.stem == "framing_pairs":
            continue
        records = json.loads(path.read_text(encoding="utf-8"))["nodes"]
        try:
            findings = ost.check(ost.from_records(records))
        except InvalidTreeError as error:
            findings = error.findings
        cells = [counted([f.code for f in findings if f.severity == s]) for s in ("error", "warning", "information")]
        lines.append(f"| {path.stem} | {len(records)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def counted(codes: list[str]) -> str:
    return ", ".join(code if count == 1 else f"{code} ({count})" for code, count in sorted(Counter(codes).items()))


def title_sets() -> dict[str, list[dict[str, Any]]]:
    first = rows("titles.json")
    return {
        "first half": [row for row in first if even(row["title"])],
        "other half": [row for row in first if not even(row["title"])],
        "second set": rows("titles_second.json"),
        "third set": rows("titles_final.json"),
        "six rounds": rows("titles_rounds.json"),
        "last set": rows("titles_last.json"),
    }


def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))["titles"]
    return found


def even(title: str) -> bool:
    return hashlib.sha256(title.encode()).digest()[0] % 2 == 0


def titles_table() -> str:
    sets = title_sets()
    lines = [
        "| rule | " + " | ".join(f"{name} ({len(found)})" for name, found in sets.items()) + " |",
        "|---" * (1 + len(sets)) + "|",
    ]
    totals: dict[str, list[int]] = {name: [0, 0, 0] for name in sets}
    for code, (kind, rule) in TITLE_RULES.items():
        cells = []
        for name, found in sets.items():
            pairs = [(bool(rule(row["title"])), code in row["codes"]) for row in found if row["kind"] == kind]
            counts = [pairs.count((True, True)), pairs.count((True, False)), pairs.count((False, True))]
            totals[name] = [a + b for a, b in zip(totals[name], counts, strict=True)]
            cells.append(shares(*counts))
        lines.append(f"| {code} | " + " | ".join(cells) + " |")
    lines.append("| all | " + " | ".join(shares(*totals[name]) for name in sets) + " |")
    return "\n".join(lines)


def shares(hits: int, false_alarms: int, missed: int) -> str:
    return f"{hits / (hits + false_alarms):.0%} / {hits / (hits + missed):.0%} ({hits + missed})"


def write(page: str, table: str) -> None:
    path = ROOT / "docs" / "explanation" / page
    text = path.read_text(encoding="utf-8")
    marked = re.compile(r"(<!-- table -->\n).*?(<!-- end of table -->)", re.DOTALL)
    fresh = marked.sub(lambda match: f"{match[1]}\n{table}\n\n{match[2]}", text)
    path.write_text(fresh, encoding="utf-8")


if __name__ == "__main__":
    if TREES.exists():
        write("published-trees.md", published_table())
    else:
        print("the published trees are not here; their page is left as it is")
    write("ost-text-rules.md", titles_table())
