"""Write one page of the documentation for every lint rule, from the rules themselves.

Run by ``make docs``; the pages are not kept in the repository.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from pmkit.model import Rule

ROOMS = {
    "ost": "Trees: OST",
    "jtbd": "Statements: JTBD",
    "experiments": "Hypotheses and plans: EXP",
    "conway": "Organization: CON",
    "workspace": "Workspace: WSP",
}


def page(rule: Rule[object]) -> str:
    """Write the page of one rule."""
    severities = "".join(f"; {severity} in `{profile}`" for profile, severity in rule.severities.items())
    parts = [
        f"# {rule.code} {rule.name}",
        f"**{rule.severity}**{severities}. Profiles: {', '.join(f'`{name}`' for name in rule.profiles)}.",
        f"{sentence(rule.summary)}",
        f"**Why.** {sentence(rule.rationale)}",
        f"**Source.** {sentence(rule.source)}",
    ]
    if rule.hint:
        parts.append(f"**What to do.** {sentence(rule.hint)}")
    for title, example in (("Fails", rule.failing), ("Passes", rule.passing)):
        if example:
            parts.append(f"**{title}.**\n\n```text\n{example}\n```")
    return "\n\n".join(parts) + "\n"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def main(target: Path) -> None:
    """Write all pages and their index."""
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.md"):
        old.unlink()
    lines = ["# Lint rules", "", "Each check returns findings; a finding's code is stable for ever.", ""]
    names: dict[str, None] = {}
    for room, title in ROOMS.items():
        rules = sorted(importlib.import_module(f"pmkit.{room}").RULES, key=lambda rule: rule.code)
        lines += [f"## {title}", "", "| code | name | severity | what must hold |", "|---|---|---|---|"]
        for rule in rules:
            (target / f"{rule.code}.md").write_text(page(rule), encoding="utf-8")
            names[rule.code] = None
            summary = rule.summary.replace("|", "\\|")
            lines.append(f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {summary} |")
        lines.append("")
    lines += ["```{toctree}", ":hidden:", "", *names, "```", ""]
    (target / "index.md").write_text("\n".join(lines), encoding="utf-8")
    sys.stdout.write(f"{len(names)} rule pages\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
