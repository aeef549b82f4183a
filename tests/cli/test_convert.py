"""``pmkit convert``: one tree, any format."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pmkit
from pmkit.cli import main
from pmkit.formats import survey_csv, trees
from pmkit.formats.workspace import loads
from pmkit.workspace import survey_of

OUTLINE = "- Outcome: Watch more {#watch}\n  - unit: minutes\n  - Opportunity: I can't find a film {#find}\n"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    return caught.value.code if isinstance(caught.value.code, int) else 0


@pytest.mark.parametrize("name", list(trees.FORMATS))
def test_every_format_is_written(tmp_path: Path, name: trees.FormatName, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tree.md").write_text(OUTLINE)
    assert run("convert", tmp_path / "tree.md", "--to", name, "-o", tmp_path / "out") == 0
    assert (tmp_path / "out").read_text() == trees.dumps(trees.loads(OUTLINE), format=name)
    assert ("drops:" in capfd.readouterr().err) is not trees.FORMATS[name].lossless


def test_bad_input_ends_with_two_and_names_the_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tree.md").write_text("- Watch more\n  - [Solution] A row\n")
    assert run("convert", tmp_path / "tree.md") == 2
    assert "tree.md:2:5:" in capfd.readouterr().err
    assert run("convert", tmp_path / "missing.md") == 2


def test_a_product_folder_gives_its_tree(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "product.yaml").write_text(trees.dumps(trees.loads(OUTLINE), format="yaml"))
    assert run("convert", tmp_path, "--to", "outline") == 0
    assert capfdbinary.readouterr().out.decode() == OUTLINE
    (tmp_path / "product.yaml").write_text("pmkit: 1\nname: Cinema\n")
    assert run("convert", tmp_path) == 2


RATINGS = "who,plan,find.importance,find.satisfaction\np1,free,7,1\np2,paid,6,\np3,free,2,7\n"


def test_ratings_become_the_survey_of_a_product(tmp_path: Path) -> None:
    (tmp_path / "autumn.csv").write_text(RATINGS)
    for target in (tmp_path / "surveys.yaml", tmp_path / "surveys.json"):
        options = ("--segments", "plan", "--scale", 1, 7, "--date", "2026-09-28", "-o", target)
        assert run("convert", tmp_path / "autumn.csv", *options) == 0
        (survey,) = pmkit.load(target).surveys
        assert survey == survey_of(
            survey_csv.loads(RATINGS, segments="plan", scale=(1, 7)),
            identifier="autumn", date="2026-09-28", lowest=1, highest=7, high=6,
        )  # fmt: skip
        assert "p1" not in target.read_text()


def test_ratings_are_read_from_standard_input() -> None:
    command = [sys.executable, "-m", "pmkit", "convert", "-", "--from", "ratings", "--id", "w1", "--scale", "1", "7"]
    done = subprocess.run(command, input=RATINGS.encode(), capture_output=True, check=True)
    (survey,) = loads(done.stdout.decode()).surveys
    assert (survey.id, survey.needs, tuple(survey.counts)) == ("w1", ("find",), ("everyone",))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--segments", "pln"), "did you mean 'plan'?"),
        (("--scale", 1, 5), "7"),
        (("--scale", 7, 1), "scale must be"),
        (("--scale", 1, 7, "--high", 9), "high must be"),
        (("--scale", 1, 7, "--id", "\x07"), "control character"),
        (("--scale", 1, 7, "-o", "survey.csv"), "product file, .yaml or .json"),
        (("--scale", 1, 7, "--date", "soon"), "not a day"),
    ],
)
def test_ratings_that_cannot_be_read_are_told(
    options: tuple[object, ...], told: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "autumn.csv").write_text(RATINGS)
    assert run("convert", tmp_path / "autumn.csv", *options) == 2
    assert told in capfd.readouterr().err


def test_options_of_ratings_are_refused_for_trees(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tree.md").write_text(OUTLINE)
    assert run("convert", tmp_path / "tree.md", "--segments", "plan", "--high", 6) == 2
    assert "--segments, --high: of ratings only" in capfd.readouterr().err
