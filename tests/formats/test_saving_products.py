"""Saving: the old file or the new one, under kill -9, a full disk, a read-only folder, and two writers."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pmkit.errors import FileError, SaveConflictError
from pmkit.formats.workspace import fingerprint, load, save
from pmkit.workspace import Goal, Workspace

# A process that is killed would leave half a file of coverage data behind.
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
WRITER = """
import sys
from pmkit.formats.workspace import save
from pmkit.workspace import Goal, Workspace
versions = [Workspace(name=name, goals=[Goal(id=f"g{n}", title=name * 40) for n in range(400)]) for name in "ab"]
print("ready", flush=True)
while True:
    for version in versions:
        save(version, sys.argv[1])
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "product.json"
    save(Workspace(name="b"), target)
    seen = set()
    for attempt in range(8):
        command = [sys.executable, "-c", WRITER, str(target)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=UNMEASURED) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.003 * attempt + 0.02)
            writer.send_signal(signal.SIGKILL)
            writer.wait(30)
        found = load(target)
        assert found == Workspace(name="b") or {goal.title for goal in found.goals} == {found.name * 40}
        seen.add(found.name)
    assert seen <= {"a", "b"}


def _with_small_files(code: str, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    command = [sys.executable, "-B", "-c", code, *map(str, arguments)]
    return subprocess.run(command, preexec_fn=limit, capture_output=True, check=False, timeout=60)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "product.yaml"
    save(Workspace(name="old"), target)
    before = target.read_bytes()
    done = _with_small_files(WRITER, target)
    assert done.returncode == 1
    assert b"FileError: cannot write" in done.stderr
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["product.yaml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="this user may write everywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    target = tmp_path / "product.yaml"
    save(Workspace(name="old"), target)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(FileError, match="permission denied"):
            save(Workspace(name="new"), target)
    finally:
        tmp_path.chmod(0o700)
    assert load(target).name == "old"


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for target in (tmp_path / "none" / "product.yaml", tmp_path / "file" / "product.yaml"):
        with pytest.raises(FileError, match="cannot write"):
            save(Workspace(), target)


def test_the_second_of_two_writers_is_told(tmp_path: Path) -> None:
    target = tmp_path / "product.yaml"
    save(Workspace(name="start"), target)
    state = fingerprint(target)
    save(Workspace(name="first"), target, based_on=state)
    with pytest.raises(SaveConflictError, match="has changed since it was read"):
        save(Workspace(name="second"), target, based_on=state)
    assert load(target).name == "first"
    fcntl = pytest.importorskip("fcntl")
    holder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with pytest.raises(SaveConflictError, match="being written by someone else"):
            save(Workspace(name="third"), target)
    finally:
        os.close(holder)
    save(Workspace(name="third"), target)


def test_comments_are_not_lost_unasked(tmp_path: Path) -> None:
    target = tmp_path / "product.yaml"
    target.write_text("pmkit: 1  # the format\nname: '# no comment'\n")
    with pytest.raises(FileError, match="has comments"):
        save(Workspace(name="new"), target)
    assert "# the format" in target.read_text()
    save(Workspace(name="new"), target, drop_comments=True)
    assert load(target).name == "new"
    target.write_text("pmkit: 1\nname: '# no comment'\n")
    save(Workspace(name="newer"), target)


def test_a_link_stays_a_link_and_modes_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    save(Workspace(goals=[Goal(id="g", title="t")]), real)
    real.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    save(Workspace(name="new"), link)
    assert link.is_symlink()
    assert load(real).name == "new"
    assert real.stat().st_mode & 0o777 == 0o640
