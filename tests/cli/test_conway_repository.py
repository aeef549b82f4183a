"""``pmkit conway`` on a checkout."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from pmkit.cli._main import main

ROOT = Path(__file__).parents[2]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "shop" / "page").mkdir(parents=True)
    (folder / "shop" / "index").mkdir()
    people = {**os.environ, "GIT_AUTHOR_NAME": "p", "GIT_COMMITTER_NAME": "p", "GIT_COMMITTER_EMAIL": "p@example.org"}

    def git(*arguments: str, who: str = "p07") -> None:
        environment = {**people, "GIT_AUTHOR_EMAIL": f"{who}@example.org"}
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, env=environment)

    git("init", "-q")
    (folder / "CODEOWNERS").write_text("/none/ @x/house\n/shop/page/ @x/web\n/shop/index/ @x/data\n")
    (folder / "shop" / "__init__.py").write_text("")
    (folder / "shop" / "page" / "__init__.py").write_text("from shop import index\n")
    (folder / "shop" / "index" / "__init__.py").write_text("")
    (folder / "\x1b[31mred").write_text("")
    git("add", "-A")
    git("commit", "-qm", "first")
    (folder / "shop" / "index" / "__init__.py").write_text("x = 1\n")
    git("add", "-A")
    git("commit", "-qm", "second", who="p11")
    return folder


def test_the_page_of_a_checkout(checkout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    status, out, _ = run(capsys, "conway", checkout, "--permutations", 99, "--html", page)
    assert status == 0
    assert "5 files in 4 components, 40% of them owned by 2 teams; 2 commits by 2 people" in out
    for said in (
        "WHO OWNS WHAT",
        "@x/web",
        "nobody:",
        "WHO NEEDS WHOM",
        "1 dependency between",
        "WHO TALKS",
        "WHAT TO LOOK AT",
    ):
        assert said in out
    assert "@x/data + @x/web: shop/page -> shop/index" in out
    assert "CODEOWNERS line 1, /none/: no file matches" in out
    assert "\x1b" not in out
    assert "example.org" not in out + page.read_text()
    assert page.read_text().startswith("<!DOCTYPE html>")


def test_the_figures_of_a_checkout(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = json.loads(run(capsys, "conway", checkout, "--permutations", 99, "--json", "--moves", 0)[1])
    assert (figures["files"], figures["files_owned"], figures["commits"], figures["people"]) == (5, 2, 2, 2)
    assert figures["unreachable"] == [{"line": 1, "pattern": "/none/", "matches": 0}]
    assert figures["missing"][0]["because"] == ["shop/page -> shop/index"]
    assert figures["moves"] == []


def test_bad_options_end_with_status_two(checkout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options in (("--ref=-x",), ("--since", "soon"), ("--ref", "nowhere"), ("--dialect", "svn"), ("--depth", 0)):
        status, _, err = run(capsys, "conway", checkout, *options)
        assert status == 2, options
        assert "Traceback" not in err
    (tmp_path / "empty").mkdir()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path / "empty", check=True, capture_output=True)
    status, _, err = run(capsys, "conway", tmp_path / "empty")
    assert status == 2
    assert "no commits yet" in err


def test_pmkit_s_own_checkout(capsys: pytest.CaptureFixture[str]) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a checkout")
    status, out, _ = run(capsys, "conway", ROOT, "--permutations", 99)
    assert status == 0
    assert "@pmkit/teams" in out
    assert "src/pmkit/conway" in out


def test_a_checkout_with_many_faults_stays_short(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = "".join(f"/none{number}/ @x/house\n" for number in range(9))
    (checkout / "CODEOWNERS").write_text(f"{lines}* @x/web\n")
    out = run(capsys, "conway", checkout, "--permutations", 99)[1]
    assert "and 3 more lines of CODEOWNERS that decide nothing" in out
    assert "no pair of teams has to coordinate" in out
    (checkout / "CODEOWNERS").unlink()
    out = run(capsys, "conway", checkout, "--permutations", 99)[1]
    assert "note: there is no CODEOWNERS file" in out
    assert "0% of them owned by 0 teams" in out
