"""The examples run through the commands, and say useful things."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import pmkit
from pmkit.cli._main import command_group
from pmkit.errors import ParseError
from pmkit.formats import survey_csv
from pmkit.workspace import tally_of

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCKLINE = str(EXAMPLES / "dockline" / "product.yaml")


def run(*arguments: str) -> str:
    done = CliRunner().invoke(command_group, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in {0, 1}, done.output
    return done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", DOCKLINE, "--today", "2026-11-22"), "0 errors, 17 warnings"),
        (("show", DOCKLINE), "Dockline"),
        (("draw", DOCKLINE), "<svg"),
        (("next", DOCKLINE), "Decide on 'A message as soon as a delay is likely'"),
        (("trace", DOCKLINE, "full-price"), "exp-surcharges"),
        (("analyze", DOCKLINE, "exp-copy"), "keep running"),
        (("analyze", DOCKLINE, "exp-delay"), "declare victory"),
    ],
)
def test_commands_speak_on_the_larger_example(arguments: tuple[str, ...], said: str) -> None:
    assert said in run(*arguments)


def test_report_of_the_larger_example_shows_its_survey(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    run("report", DOCKLINE, "--today", "2026-11-22", "--output", str(page))
    assert "42 needs: the more important" in page.read_text(encoding="utf-8")


def test_the_larger_example_is_large_enough_and_registered() -> None:
    product = pmkit.load(DOCKLINE)
    assert product.tree is not None
    assert product.organization is not None
    assert len(product.tree) >= 60
    assert len(product.needs) >= 40
    assert len(product.organization.teams) == 8
    assert all(experiment.registered == experiment.plan.digest for experiment in product.experiments)


def test_the_survey_is_what_its_script_writes(tmp_path: Path) -> None:
    again = tmp_path / "survey.csv"
    subprocess.run([sys.executable, str(EXAMPLES / "dockline" / "make_survey.py"), str(again)], check=True, timeout=60)
    assert again.read_bytes() == (EXAMPLES / "dockline" / "survey.csv").read_bytes()


def test_the_product_counts_what_its_survey_says() -> None:
    (survey,) = pmkit.load(DOCKLINE).surveys
    assert tally_of(survey) == survey_csv.load(EXAMPLES / "dockline" / "survey.csv", segments="segment")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who\np1\n", "no column ends in"),
        ("a.importance\n1\n", "importance without satisfaction"),
        ("a.satisfaction\n1\n", "satisfaction without importance"),
        ("a.importance,a.satisfaction,a.importance\n1,2,3\n", "stands twice"),
        ("a.importance,a.satisfaction\n1\n", "1 cells where"),
        ("a.importance,a.satisfaction\n1,9\n", "9"),
        ("a.importance,a.satisfaction\n1,much\n", "much"),
        ('a.importance,a.satisfaction\n1,"2\n', "not CSV"),
    ],
)
def test_bad_ratings_are_told(text: str, told: str) -> None:
    with pytest.raises(ParseError, match=told):
        survey_csv.loads(text)


def test_a_segment_column_that_is_missing_is_told() -> None:
    with pytest.raises(ParseError, match="missing"):
        survey_csv.loads("a.importance,a.satisfaction\n1,2\n", segments="who")
