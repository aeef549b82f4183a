"""Products in a real git repository: the merge driver, the pre-commit hook, and versions of the past."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from pmkit import ost
from pmkit.cli import main
from pmkit.formats.workspace import load, save

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
    call("config", "merge.pmkit.driver", f"{PMKIT} merge %O %A %B --name %P")
    (tmp_path / ".gitattributes").write_text("product.yaml merge=pmkit\n")
    (tmp_path / "product.yaml").write_text(PRODUCT)
    call("add", ".")
    call("commit", "-q", "-m", "start")
    return call


def _pmkit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, which takes no time to start; git starts processes of its own."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    before = Path.cwd(), sys.stdout, sys.stderr
    os.chdir(folder)
    sys.stdout, sys.stderr = streams
    try:
        main(list(arguments))
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        os.chdir(before[0])
        sys.stdout, sys.stderr = before[1:]
    told = []
    for stream in streams:
        stream.flush()
        told.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(arguments, status, *told)


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


EXPERIMENT = """\
experiments:
- id: picks
  plan: {control: old, split: {old: 1, new: 1}, goal: {kind: proportion, column: started, minimum_effect: 0.02},
    looks: {kind: group sequential, looks: 4}}
  looks:
  - {date: 2026-11-02, counts: {old: {started: {n: 500, successes: 150}}, new: {started: {n: 500, successes: 160}}}}
"""


def _look(day: int, successes: int) -> str:
    old, new = f"{{n: 1000, successes: {successes}}}", f"{{n: 1000, successes: {successes + 20}}}"
    return f"  - {{date: 2026-11-{day:02}, counts: {{old: {{started: {old}}}, new: {{started: {new}}}}}}}\n"


def test_two_branches_that_each_record_a_look_are_merged(git: Git, tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text(PRODUCT + EXPERIMENT)
    git("commit", "-q", "-a", "-m", "an experiment")
    done = _branches(git, tmp_path, PRODUCT + EXPERIMENT + _look(9, 300), PRODUCT + EXPERIMENT + _look(16, 310))
    assert done.returncode == 0, done.stderr
    (experiment,) = load(tmp_path / "product.yaml").experiments
    assert sorted(str(look.date) for look in experiment.looks) == ["2026-11-02", "2026-11-09", "2026-11-16"]


def test_one_look_with_two_counts_is_a_conflict_that_shows_both(git: Git, tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text(PRODUCT + EXPERIMENT)
    git("commit", "-q", "-a", "-m", "an experiment")
    done = _branches(git, tmp_path, PRODUCT + EXPERIMENT + _look(9, 300), PRODUCT + EXPERIMENT + _look(9, 310))
    assert done.returncode != 0
    assert "picks" in done.stdout
    assert "2026-11-09" in done.stdout


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


def test_messages_name_the_file_and_the_side(git: Git, tmp_path: Path) -> None:
    done = _branches(git, tmp_path, PRODUCT.replace("A row", "Three"), PRODUCT.replace("name: Cinema", "nmae: Cinema"))
    assert done.returncode != 0
    assert "product.yaml (ours):2:7: unknown key 'nmae'" in done.stderr
    assert "Traceback" not in done.stderr
    git("merge", "--abort")
    git("reset", "-q", "--hard", "HEAD~1")
    (tmp_path / "product.yaml").write_text(PRODUCT.replace("A row", "A wall"))
    git("commit", "-q", "-a", "-m", "ours again")
    assert "product.yaml: conflict (both-changed)" in git("merge", "theirs", ok=False).stdout


def test_a_renamed_file_is_merged_under_its_new_name(git: Git, tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_text("*.yaml merge=pmkit\n")
    git("commit", "-q", "-a", "-m", "attributes")
    git("checkout", "-q", "-b", "theirs")
    git("mv", "product.yaml", "cinema.yaml")
    (tmp_path / "cinema.yaml").write_text(PRODUCT.replace("A row of picks", "Three picks"))
    git("commit", "-q", "-a", "-m", "rename")
    git("checkout", "-q", "main")
    ours = PRODUCT.replace("kind: solution, title: A row", "kind: solution, status: testing, title: A row")
    (tmp_path / "product.yaml").write_text(ours)
    git("commit", "-q", "-a", "-m", "ours")
    done = git("merge", "-q", "--no-edit", "theirs", ok=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (tmp_path / "product.yaml").exists()
    row = load(tmp_path / "cinema.yaml").tree["row"]  # type: ignore[index]
    assert (row.title, row.status) == ("Three picks", "testing")  # type: ignore[attr-defined]


def test_a_file_deleted_there_and_changed_here_is_left_to_a_person(git: Git, tmp_path: Path) -> None:
    git("checkout", "-q", "-b", "theirs")
    git("rm", "-q", "product.yaml")
    git("commit", "-q", "-m", "delete")
    git("checkout", "-q", "main")
    changed = PRODUCT.replace("A row", "A wall")
    (tmp_path / "product.yaml").write_text(changed)
    git("commit", "-q", "-a", "-m", "ours")
    done = git("merge", "-q", "--no-edit", "theirs", ok=False)
    assert done.returncode != 0
    assert "modify/delete" in done.stdout
    assert (tmp_path / "product.yaml").read_text() == changed


def test_what_one_side_removes_and_the_other_changes_shows_both_sides(git: Git, tmp_path: Path) -> None:
    row = "- {id: row, kind: solution, title: A row of picks, parent: find}\n"
    done = _branches(git, tmp_path, PRODUCT.replace(row, ""), PRODUCT.replace("A row of picks", "A wall of picks"))
    assert done.returncode != 0
    assert "conflict (removed-and-changed)" in done.stdout
    text = (tmp_path / "product.yaml").read_text()
    mine, _, theirs = text.partition("<<<<<<< ours\n")[2].partition("=======\n")
    assert "A wall of picks" in mine
    assert "id: row" not in theirs.partition(">>>>>>> theirs\n")[0]


def test_a_product_in_a_folder_of_files_is_merged_file_by_file(git: Git, tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_text("product/*.yaml merge=pmkit\n")
    folder = tmp_path / "product"
    folder.mkdir()
    save(load(tmp_path / "product.yaml"), folder)
    git("rm", "-q", "-f", "product.yaml")
    git("add", ".")
    git("commit", "-q", "-m", "folder")
    tree, name = folder / "tree.yaml", folder / "product.yaml"
    git("checkout", "-q", "-b", "theirs")
    tree.write_text(tree.read_text().replace("A row of picks", "Three picks"))
    name.write_text(name.read_text().replace("Cinema", "Kino"))
    git("commit", "-q", "-a", "-m", "theirs")
    git("checkout", "-q", "main")
    before = load(folder)
    assert before.tree is not None
    save(attrs.evolve(before, tree=ost.replace(before.tree, "row", status="testing")), folder)
    git("commit", "-q", "-a", "-m", "ours")
    done = git("merge", "-q", "--no-edit", "theirs", ok=False)
    assert done.returncode == 0, done.stdout + done.stderr
    merged = load(folder)
    assert merged.name == "Kino"
    assert (merged.tree["row"].title, merged.tree["row"].status) == ("Three picks", "testing")  # type: ignore[index,union-attr]
    assert _pmkit(tmp_path, "week", "product", "--since", "HEAD", "--today", "2026-11-22").returncode == 0


def test_a_rebase_uses_the_driver_too(git: Git, tmp_path: Path) -> None:
    git("checkout", "-q", "-b", "theirs")
    (tmp_path / "product.yaml").write_text(PRODUCT.replace("A row of picks", "Three picks"))
    git("commit", "-q", "-a", "-m", "theirs")
    git("checkout", "-q", "main")
    moved = PRODUCT.replace("title: A row of picks, parent: find", "title: A row of picks, parent: wait")
    (tmp_path / "product.yaml").write_text(moved)
    git("commit", "-q", "-a", "-m", "ours")
    git("rebase", "-q", "theirs")
    tree = load(tmp_path / "product.yaml").tree
    assert tree is not None
    assert (tree["row"].title, tree.parents["row"]) == ("Three picks", "wait")
