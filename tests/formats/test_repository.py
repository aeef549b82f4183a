"""A checkout as an organization, with real git repositories."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pmkit import conway
from pmkit.errors import FileError, InvalidValueError, MissingDependencyError, ParseError
from pmkit.formats import git_log, python_imports
from pmkit.formats._git import Git
from pmkit.formats.repository import component_by_folder, repository


def git(folder: Path, *arguments: str, who: str = "p07", day: str = "2026-08-20") -> None:
    name = ("-c", f"user.name={who}", "-c", f"user.email={who}@example.org", "-c", "init.defaultBranch=main")
    dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00", "GIT_COMMITTER_DATE": f"{day}T12:00:00"}
    subprocess.run(["git", *name, *arguments], cwd=folder, capture_output=True, check=True, env={**os.environ, **dates})


@pytest.fixture
def shop(made_shop: Path, tmp_path: Path) -> Path:
    """A copy to do anything with."""
    return Path(shutil.copytree(made_shop, tmp_path / "shop"))


@pytest.fixture(scope="module")
def made_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three packages of a shop, three teams, two people who cross a border."""
    folder = tmp_path_factory.mktemp("made") / "shop"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / ".github").mkdir()
    (folder / ".github" / "CODEOWNERS").write_text(
        "/src/shop/never/ @x/ghosts\n* @x/house\n/src/shop/page/ @x/web\n/src/shop/index/ @x/data someone@example.org\n"
        "bad owner line\n"
    )
    parts = {
        "src/shop/__init__.py": "",
        "src/shop/page/__init__.py": "from shop.index import find\nimport shop.base.text\n",
        "src/shop/index/__init__.py": "",
        "src/shop/index/find.py": "from shop.base import text\n",
        "src/shop/base/__init__.py": "",
        "src/shop/base/text.py": "",
        "tests/__init__.py": "import shop.page\n",
        "README.md": "x\n",
    }
    for number, (name, text) in enumerate(parts.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", name, who="p07" if number < 4 else "p11", day=f"2026-08-{number + 1:02d}")
    for number in range(3):
        (folder / "src/shop/page/view.py").write_text(f"x = {number}\n")
        (folder / "src/shop/index/find.py").write_text(f"from shop.base import text\nx = {number}\n")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "both", who="p07", day=f"2026-09-{number + 1:02d}")
    return folder


def test_a_checkout_becomes_an_organization(shop: Path) -> None:
    found = repository(shop / "src")
    made = found.organization
    assert [part.id for part in made.components] == [
        ".github", ".", "src/shop", "src/shop/base", "src/shop/index", "src/shop/page", "tests",
    ]  # fmt: skip
    assert conway.owners(made, "src/shop/page") == {"@x/web": 1.0}
    owners = list(conway.owners(made, "src/shop/index"))
    assert owners[0] == "@x/data"
    assert owners[1].startswith("p0"), "an address becomes a pseudonym"
    assert "example" not in repr(found.organization.teams) + repr(found.changes)
    edges = {(edge.source, edge.target) for edge in made.dependencies}
    assert edges == {
        ("src/shop/page", "src/shop/index"), ("src/shop/page", "src/shop/base"), ("src/shop/index", "src/shop/base"),
    }  # fmt: skip
    talk = {(row.channel, frozenset((row.a, row.b))) for row in made.communication}
    assert ("co-commit", frozenset(("@x/web", "@x/data"))) in talk
    assert ("cross-authoring", frozenset(("@x/web", "@x/data"))) in talk
    assert (found.files, found.owned) == (10, 10)
    assert {fact.pattern: fact.decides for fact in found.facts}["/src/shop/never/"] == 0
    assert any("left out: 'owner' is no owner" in note or "'line' is no owner" in note for note in found.notes)
    assert repr(found).startswith("Repository(7 components, ")
    assert {change.component for change in found.changes[:2]} == {".github", "src/shop"}, "oldest first"


def test_the_window_the_ref_and_the_components(shop: Path) -> None:
    assert {change.component for change in repository(shop, since="2026-09-01", imports=False).changes} == {
        "src/shop/page", "src/shop/index",
    }  # fmt: skip
    late = repository(shop, since=dt.date(2027, 1, 1), imports=False)
    assert late.changes == ()
    assert "no commit changes a file since 2027-01-01" in late.notes
    assert (
        len(repository(shop, ref="HEAD~3", imports=False).changes) == len(repository(shop, imports=False).changes) - 6
    )
    wide = repository(shop, component=lambda path: path.partition("/")[0] if "/" in path else None, imports=False)
    assert [part.id for part in wide.organization.components] == [".github", "src", "tests"]
    named = repository(shop, people=git_log.People("named"), imports=False)
    assert {change.author for change in named.changes} == {"p07@example.org", "p11@example.org"}
    assert component_by_folder("a/b/c/d.py", 1) == "a"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"ref": "--output=caught"}, "a ref is the name"),
        ({"ref": "-n1"}, "a ref is the name"),
        ({"ref": ""}, "a ref is the name"),
        ({"ref": "a\nb"}, "a ref is the name"),
        ({"depth": 0}, "depth must be"),
        ({"since": "yesterday"}, "a day such as"),
    ],
)
def test_bad_options_are_refused(shop: Path, options: dict, says: str) -> None:
    with pytest.raises(InvalidValueError, match=says):
        repository(shop, **options)
    assert not (shop / "caught").exists()


def test_what_is_no_repository_is_told(tmp_path: Path, shop: Path) -> None:
    with pytest.raises(FileError, match="is no folder"):
        repository(tmp_path / "none")
    with pytest.raises(FileError, match="not a git repository"):
        repository(tmp_path)
    with pytest.raises(FileError, match="git rev-parse"):
        repository(shop, ref="no-such-branch")
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q")
    with pytest.raises(FileError, match="no commits yet"):
        repository(empty)
    bare = tmp_path / "bare"
    git(tmp_path, "clone", "-q", "--bare", str(shop), str(bare))
    with pytest.raises(FileError, match="must be run in a work tree"):
        repository(bare)


def test_a_shallow_clone_is_told(tmp_path: Path, shop: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{shop}", "shallow")
    found = repository(tmp_path / "shallow", imports=False)
    assert found.notes[0].startswith("this clone is shallow")


def test_a_checkout_without_owners_code_or_company_says_so(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.txt").write_text("x")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "x")
    found = repository(tmp_path)
    told = " ".join(found.notes)
    assert "no CODEOWNERS" in told
    assert "no Python package" in told
    assert "one person" in told
    assert conway.congruence(found.organization).value == 1.0


def test_settings_of_a_repository_run_nothing(shop: Path) -> None:
    trap = shop.parent / "trap"
    marker = shop.parent / "ran"
    trap.write_text(f"#!/bin/sh\ntouch '{marker}'\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "core.pager", "gpg.program", "core.sshCommand"):
        git(shop, "config", name, str(trap))
    git(shop, "config", "log.showSignature", "true")
    (shop / ".gitattributes").write_text("*.py diff=x\n")
    git(shop, "config", "diff.x.textconv", str(trap))
    repository(shop, imports=False)
    assert not marker.exists()


def test_a_slow_git_is_stopped(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "bin"
    slow.mkdir()
    (slow / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (slow / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(FileError, match=r"took longer than 0\.2 s"):
        repository(shop, timeout=0.2)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(MissingDependencyError, match="needs git"):
        Git(shop, timeout=5).ask("version")


def test_imports_are_read_without_running_the_code(tmp_path: Path) -> None:
    package = tmp_path / "loud"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('the code was run')\n")
    (package / "a.py").write_text("from loud import b\n")
    (package / "b.py").write_text("import os\n")
    found = python_imports.load(tmp_path, [python_imports.Package(name="loud")])
    assert found.edges == (("loud.a", "loud.b"),)
    assert found.modules == {"loud": "loud/__init__.py", "loud.a": "loud/a.py", "loud.b": "loud/b.py"}
    assert python_imports.load(tmp_path, []) == python_imports.Imports()
    (package / "b.py").write_text("def (:\n")
    with pytest.raises(FileError, match="imports cannot be read"):
        python_imports.load(tmp_path, [python_imports.Package(name="loud")])
    with pytest.raises(FileError, match="took longer"):
        python_imports.load(tmp_path, [python_imports.Package(name="loud")], timeout=0.001)
    with pytest.raises(InvalidValueError, match="is no name"):
        python_imports.load(tmp_path, [python_imports.Package(name="a; b")])
    hidden = python_imports.load(tmp_path, [python_imports.Package(name="json", root="x")])
    assert hidden.left_out == ("json",)


def test_unreadable_code_is_a_note_unless_insisted_on(shop: Path) -> None:
    (shop / "src/shop/base/text.py").write_text("def (:\n")
    assert any("dependencies are not known" in note for note in repository(shop).notes)
    with pytest.raises(FileError, match="imports cannot be read"):
        repository(shop, imports=True)


def test_without_grimp_there_is_a_note_or_the_install_line(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "grimp", None)
    assert any("pmkit-core[imports]" in note for note in repository(shop).notes)
    with pytest.raises(MissingDependencyError, match="imports"):
        repository(shop, imports=True)


def test_an_owners_file_that_is_no_text_is_refused(shop: Path) -> None:
    (shop / ".github" / "CODEOWNERS").write_bytes(b"* @caf\xe9\n")
    with pytest.raises(ParseError, match="not UTF-8"):
        repository(shop, imports=False)
    (shop / ".github" / "CODEOWNERS").unlink()
    assert repository(shop, imports=False).rules is None


def test_packages_of_one_name_and_days_with_hours(shop: Path) -> None:
    (shop / "lib" / "json").mkdir(parents=True)
    (shop / "lib" / "json" / "__init__.py").write_text("")
    found = repository(shop, since=dt.datetime(2026, 9, 1, 8, 0, tzinfo=dt.UTC))
    assert {change.component for change in found.changes} == {"src/shop/page", "src/shop/index"}
    assert any("imports of json are left out" in note for note in found.notes)
