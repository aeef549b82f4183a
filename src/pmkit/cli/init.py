"""``pmkit init``: from an outline, a CSV or nothing to a product file, a picture, three findings and one question."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pmkit import ost
from pmkit.cli._input import read_product
from pmkit.cli._write import tell
from pmkit.cli.convert import text_of
from pmkit.errors import FileError, Finding, InvalidValueError
from pmkit.model import quoted

if TYPE_CHECKING:
    from pmkit.workspace import Survey

__all__ = ["command"]

_STARTER = """\
- Outcome: More of the people who try us come back in their second week {#come-back}
  - metric: share of new accounts active in week 2
  - Opportunity: I forget what I was doing here {#forget}
    - Solution: Show where I left off {#left-off}
      - Assumption: People remember the task once they see it {#remember}
        - Test: Show a mock-up to five people who left {#mock-up}
    - Solution: One short mail with the next step {#next-step}
    - Solution: A list of open tasks on the first page {#open-tasks}
  - Opportunity: I can't tell whether this is worth my time {#worth}
  - Opportunity: Setting up takes longer than I have {#set-up}
"""
_MOST_FINDINGS = 3
_PRODUCT = re.compile(r"""^\s*\{?\s*["']?pmkit["']?\s*:""", re.MULTILINE)


@click.command()
@click.argument("source", required=False, type=click.Path(path_type=str, allow_dash=True), metavar="[OUTLINE|CSV|-]")
@click.option(
    "--output", "-o", default="product.yaml", show_default=True, type=click.Path(), metavar="FILE", help="The new file."
)
def command(*, source: str | None, output: str) -> None:
    """Start a product file: from an outline or a table of yours, or with a small tree to change.

    Writes the file and a picture of its tree beside it, then prints three findings and one question.
    Needs no numbers. Overwrites nothing. Of a table of ratings, the file holds the needs and their survey;
    of a product or a folder of product files, all that they hold.
    """
    from pmkit.formats import outline, survey_csv, trees
    from pmkit.formats._files import write_atomically
    from pmkit.formats.workspace import loads_located, save
    from pmkit.workspace import Workspace

    target = Path(output)
    picture = target.with_suffix(".svg")
    for file in (target, picture):
        if file.exists():
            raise FileError(f"{quoted(str(file))} is there already; name another file with -o, or move it away")
    name = "My product" if source in {None, "-"} else Path(str(source)).stem
    if source is None:
        product = Workspace(name=name, tree=outline.loads(_STARTER))
    elif source != "-" and Path(source).is_dir():
        product = read_product(source).workspace
    else:
        text, told = text_of(source)
        if survey_csv.holds_ratings(text):
            _from_ratings(survey_csv.loads_survey(text, identifier="survey", source=told), name, target, picture)
            return
        if trees.guess(text, told) in {"yaml", "json"} and _PRODUCT.search(text):
            product = loads_located(text.encode(), source=told).workspace
        else:
            product = Workspace(name=name, tree=trees.loads(text, source=told))
    tree = product.tree
    if tree is None:
        raise InvalidValueError(f"{quoted(str(source))} has no tree to begin with")
    drawn = (ost.draw(tree, style="down").svg + "\n").encode()
    save(product, target, based_on="")
    write_atomically(picture, drawn)
    click.echo(f"{target} and {picture} written: {len(tree)} nodes")
    _tell_findings(tree)
    tell(f"\nNext: {question(tree)}")


def _from_ratings(survey: Survey, name: str, target: Path, picture: Path) -> None:
    """Start with what was measured: needs named as their columns, the counts, the landscape, and what they ask for."""
    from pmkit.formats._files import write_atomically
    from pmkit.formats.workspace import save
    from pmkit.jtbd import draw_landscape
    from pmkit.workspace import StatedNeed, Workspace, need_scores, next_actions

    rows: dict[str, Any] = {"needs": [StatedNeed(id=need, text=need) for need in survey.needs], "surveys": [survey]}
    product = Workspace(name=name, **rows)
    save(product, target, based_on="")
    scores = need_scores(product)
    if scores is not None:
        write_atomically(picture, (draw_landscape(scores, title="").svg + "\n").encode())
    click.echo(f"{target} and {picture} written: {len(survey.needs)} needs")
    found = next_actions(product).actions
    tell("\nServed worst:" if found else "\nNo need is likely to be underserved.")
    for action in found[:_MOST_FINDINGS]:
        tell(f"  {action.subject} {action.reasons[0].removeprefix('it ')}")
    tell("\nNext: Write each need as a sentence, such as 'Minimize the time it takes to find a film'.")


def _tell_findings(tree: ost.OstTree) -> None:
    found = sorted(ost.check(tree, profile="torres"), key=_is_repeated())
    tell(
        "\nThree things to look at:" if len(found) >= _MOST_FINDINGS else "\nTo look at:" if found else "\nNo findings."
    )
    for finding in found[:_MOST_FINDINGS]:
        tell(f"  {finding.code} {finding.subject}: {finding.message}" + (f" ({finding.hint})" if finding.hint else ""))
    if len(found) > _MOST_FINDINGS:
        tell(f"  ({len(found) - _MOST_FINDINGS} more; pmkit check shows them)")


def _is_repeated() -> Callable[[Finding], bool]:
    """Say of findings in order whether one of the same code came before: three different ones teach more."""
    seen: set[str] = set()

    def repeated(finding: Finding) -> bool:
        again = finding.code in seen
        seen.add(finding.code)
        return again

    return repeated


def question(tree: ost.OstTree) -> str:
    """Ask for the one thing that would help the tree most, from its top down."""
    gaps = ost.coverage(tree)
    opportunities = [node for node in tree if node.kind == "opportunity"]
    if not opportunities:
        return f"What keeps people from {quoted(tree[tree.roots[0]].title)}? Write it as they would say it."
    chosen = [node for node in opportunities if isinstance(node, ost.Opportunity) and node.target]
    questions = (
        ("opportunity", "evidence", "Who told you {0}, and in which story? Write it down as evidence."),
        ("opportunity", "solution", "What are three different ways to meet {0}?"),
        ("solution", "assumption", "What must be true for {0} to work?"),
        ("assumption", "test", "What is the cheapest way to find out whether {0}?"),
    )
    if not chosen and len(opportunities) > 1:
        return "Which one opportunity will you work on first? Mark it with 'target: true'."
    for kind, lacks, words in questions:
        missing = gaps.missing(kind, lacks)
        if missing:
            return words.format(quoted(tree[missing[0]].title))
    return "What did you learn this week that should change this tree?"
