"""Products in a real git repository: the merge driver, the pre-commit hook, and versions of the past."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PRODUCT = """\
pmkit: 1
name: Cinema
tree:
- {id: watch, kind: outcome, title: Increase weekly minutes from 310 to 360}
- {id: find, kind: opportunity, title: I can't find something to watch, parent: watch}
- {id: row, kind: solution, title: A row of picks, parent: find}
- {id: wait, kind: opportunity, title: I wait for the next episode, parent: watch}
"""
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", ""),
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "p07",
    "GIT_AUTHOR_EMAIL": "p07@example.invalid",
    "GIT_COMMITTER_NAME": "p07",
    "GIT_COMMITTER_EMAIL": "p07@example.invalid",
}
Git = Callable[..., subprocess.CompletedProcess[str]]
PMKIT = f'"{sys.executable}" -m pmkit'


@pytest.fixture
def git(tmp_path: Path) -> Git:
    def call(*arguments: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["git", *arguments], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60
        )
        assert not ok or done.returncode == 0, done.stderr
        return done

    call("init", "-q", "-b", "main")
    call("config", "merge.pmkit.name", "products by id")
    call("config", "merge.pmkit.driver", f"{PMKIT} merge %O %A %B")
    (tmp_path / ".gitattributes").write_text("product.yaml merge=pmkit\n")
    (tmp_path / "product.yaml").write_text(PRODUCT)
    call("add", ".")
    call("commit", "-q", "-m", "start")
    return call


def _pmkit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pmkit", *arguments]
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=60)


def _branches(git: Git, folder: Path, theirs: str, ours: str) -> subprocess.CompletedProcess[str]:
    git("checkout", "-q", "-b", "theirs")
    (folder / "product.yaml").write_text(theirs)
    git("commit", "-q", "-a", "-m", "theirs")
    git("checkout", "-q", "main")
    (folder / "product.yaml").write_text(ours)
    git("commit", "-q", "-a", "-m", "ours")
    return git("merge", "-q", "--no-edit", "theirs", ok=False)


def test_two_branches_that_edit_one_tree_are_merged(git: Git, tmp_path: Path) -> None:
    theirs = PRODUCT.replace("A row of picks", "Three picks at the end")
    theirs += "- {id: theirs, kind: solution, title: A countdown, parent: wait}\n"
    ours = PRODUCT.replace(
        "kind: solution, title: A row of picks", "kind: solution, status: testing, title: A row of picks"
    )
    ours += "- {id: ours, kind: solution, title: A reminder, parent: wait}\n"
    done = _branches(git, tmp_path, theirs, ours)
    assert done.returncode == 0, done.stderr
    tree = {row["id"]: row for row in json.loads(_pmkit(tmp_path, "show", "product.yaml", "--json").stdout)["tree"]}
    assert tree["row"]["title"] == "Three picks at the end"
    assert tree["row"]["status"] == "testing"
    assert tree["ours"]["parent"] == tree["theirs"]["parent"] == "wait"
    assert git("status", "--porcelain").stdout == ""


def test_plain_git_would_have_seen_a_conflict_there(git: Git, tmp_path: Path) -> None:
    git("config", "merge.pmkit.driver", "git merge-file %A %O %B")
    theirs = PRODUCT.replace("A row of picks", "Three picks at the end")
    ours = PRODUCT.replace(
        "kind: solution, title: A row of picks", "kind: solution, status: testing, title: A row of picks"
    )
    assert _branches(git, tmp_path, theirs, ours).returncode != 0


def test_a_conflict_shows_both_sides_and_stops_the_merge(git: Git, tmp_path: Path) -> None:
    theirs = PRODUCT.replace("A row of picks", "Three picks at the end").replace("next episode", "next part")
    done = _branches(git, tmp_path, theirs, PRODUCT.replace("A row of picks", "A wall of picks"))
    assert done.returncode != 0
    assert "both-changed" in done.stdout + done.stderr
    text = (tmp_path / "product.yaml").read_text()
    before, _, rest = text.partition("<<<<<<< ours\n")
    ours, _, rest = rest.partition("=======\n")
    other, _, after = rest.partition(">>>>>>> theirs\n")
    assert ours.strip() == "title: A wall of picks"
    assert other.strip() == "title: Three picks at the end"
    assert "I wait for the next part" in after
    assert "<<<<<<<" not in before + after
    checked = _pmkit(tmp_path, "check", "product.yaml")
    assert checked.returncode == 2
    assert "Traceback" not in checked.stderr
    (tmp_path / "product.yaml").write_text(before + ours + after)
    assert _pmkit(tmp_path, "check", "product.yaml", "--fail-on", "error").returncode == 0


def test_comments_survive_a_merge_of_other_lines(git: Git, tmp_path: Path) -> None:
    commented = PRODUCT.replace("name: Cinema\n", "name: Cinema  # for now\n\n\n\n")
    (tmp_path / "product.yaml").write_text(commented)
    git("commit", "-q", "-a", "-m", "comment")
    theirs = commented.replace("name: Cinema ", "name: Kino ")
    assert _branches(git, tmp_path, theirs, commented.replace("next episode", "next part")).returncode == 0
    assert "name: Kino  # for now" in (tmp_path / "product.yaml").read_text()


def test_comments_are_never_lost_in_silence(git: Git, tmp_path: Path) -> None:
    commented = PRODUCT.replace("parent: find}", "parent: find}  # from the workshop")
    (tmp_path / "product.yaml").write_text(commented)
    git("commit", "-q", "-a", "-m", "comment")
    theirs = commented.replace("A row of picks", "Three picks at the end")
    ours = commented.replace("kind: solution", "kind: solution, status: testing")
    done = _branches(git, tmp_path, theirs, ours)
    assert done.returncode != 0
    assert "would lose comments" in done.stderr
    text = (tmp_path / "product.yaml").read_text()
    assert text.count("# from the workshop") == 2
    assert "<<<<<<< ours" in text


def test_the_hook_keeps_a_broken_product_out(git: Git, tmp_path: Path) -> None:
    hook = tmp_path / ".git" / "hooks" / "pre-commit"
    hook.write_text(f"#!/bin/sh\nexec {PMKIT} check product.yaml --fail-on error\n")
    hook.chmod(0o755)
    (tmp_path / "product.yaml").write_text(PRODUCT.replace("parent: find", "parent: fnd"))
    done = git("commit", "-q", "-a", "-m", "broken", ok=False)
    assert done.returncode != 0
    assert "did you mean 'find'" in done.stdout + done.stderr
    (tmp_path / "product.yaml").write_text(PRODUCT.replace("Cinema", "Kino"))
    git("commit", "-q", "-a", "-m", "good")


def test_week_and_diff_read_a_version_of_the_past(git: Git, tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text(PRODUCT.replace("A row of picks", "Three picks"))
    page = _pmkit(tmp_path, "week", "product.yaml", "--since", "HEAD", "--today", "2026-11-22")
    assert "row: tree: changed, title from 'A row of picks' to 'Three picks'" in page.stdout
    rows = json.loads(_pmkit(tmp_path, "diff", "product.yaml", "--since", "main", "--json").stdout)
    assert [(row["id"], row["field"], row["new"]) for row in rows] == [("row", "title", "Three picks")]
    assert _pmkit(tmp_path, "diff", "product.yaml", "--since", "HEAD", "--exit-code").returncode == 1
    git("commit", "-q", "-a", "-m", "later")
    assert _pmkit(tmp_path, "diff", "product.yaml", "--since", "HEAD", "--exit-code").returncode == 0


@pytest.mark.parametrize("revision", ["--output=x", "-n", "no-such-branch", "HEAD:product.yaml", "", "HEAD^{tree}"])
def test_bad_revisions_are_refused_in_words(git: Git, tmp_path: Path, revision: str) -> None:
    done = _pmkit(tmp_path, "week", "product.yaml", f"--since={revision}")
    assert done.returncode == 2
    assert "revision" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [".git", ".gitattributes", "product.yaml"]


def test_a_product_outside_any_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text(PRODUCT)
    done = _pmkit(tmp_path, "week", "product.yaml", "--since", "HEAD")
    assert done.returncode == 2
    assert "no git repository" in done.stderr


def test_a_file_that_is_no_product_stops_the_driver(tmp_path: Path) -> None:
    for name, text in (("base", PRODUCT), ("ours", PRODUCT), ("theirs", "pmkit: 1\nnmae: x\n")):
        (tmp_path / name).write_text(text)
    done = _pmkit(tmp_path, "merge", "base", "ours", "theirs")
    assert done.returncode == 2
    assert "did you mean 'name'" in done.stderr
    assert (tmp_path / "ours").read_text() == PRODUCT


def test_both_may_add_the_file(tmp_path: Path) -> None:
    (tmp_path / "base").write_text("")
    (tmp_path / "ours").write_text("pmkit: 1\nname: Cinema\n")
    (tmp_path / "theirs").write_text("pmkit: 1\ngoals:\n- {id: g, title: People come back}\n")
    done = _pmkit(tmp_path, "merge", "base", "ours", "theirs")
    assert done.returncode == 0, done.stderr
    assert "People come back" in (tmp_path / "ours").read_text()
    assert "Cinema" in (tmp_path / "ours").read_text()
