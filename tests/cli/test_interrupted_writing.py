"""What the command writes is the old file or the new one, whatever happens; and a second writer is told."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pmkit.cli import main
from pmkit.formats import trees
from pmkit.formats.workspace import load

fcntl = pytest.importorskip("fcntl")
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
TREE = "- Watch more\n" + "".join(f"  - I can't find film {n}\n" for n in range(300))
OLD = "pmkit: 1\nname: old\n"
WRITERS = {
    "convert": (("convert", "tree.md", "--from", "outline", "-o", "out.yaml"), "out.yaml"),
    "merge": (("merge", "base.yaml", "ours.yaml", "theirs.yaml"), "ours.yaml"),
    "report": (("report", "theirs.yaml", "--today", "2026-11-22", "-o", "out.html"), "out.html"),
    "draw": (("draw", "theirs.yaml", "-o", "out.svg"), "out.svg"),
    "check": (("check", "theirs.yaml", "--write-baseline", "out.json"), "out.json"),
    "schema": (("schema", "-o", "out.json"), "out.json"),
}
CREATES = {"init": (("init", "tree.md", "-o", "new.yaml"), ("new.yaml", "new.svg"))}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tree.md").write_text(TREE)
    assert _here("convert", "tree.md", "--to", "yaml", "-o", "theirs.yaml")[0] == 0
    for name in ("base.yaml", "ours.yaml", "out.yaml", "out.html", "out.svg", "out.json"):
        (tmp_path / name).write_text(OLD)
    capfd.readouterr()
    return tmp_path


def _here(*arguments: str) -> tuple[int]:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    return (int(caught.value.code or 0),)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("command", WRITERS)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    command: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments, target = WRITERS[command]
    before, names = (folder / target).read_bytes(), _names(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        status = _here(*arguments)[0]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert status == 2
    assert f"cannot write '{target}'" in capfd.readouterr().err
    assert (folder / target).read_bytes() == before
    assert _names(folder) == names


def test_a_full_disk_starts_no_half_product(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    names = _names(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        status = _here(*CREATES["init"][0])[0]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert status == 2
    assert "cannot write 'new.yaml'" in capfd.readouterr().err
    assert _names(folder) == names


def _as_anybody(arguments: tuple[str, ...], errors: Path) -> int:
    """Run the command in a copy of this process that may not write everywhere; the superuser's copy becomes nobody."""
    child = os.fork()
    if child == 0:  # pragma: no cover - the copy's coverage dies with it
        status = 99
        try:
            sys.stderr = errors.open("w", encoding="utf-8")
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            try:
                main(list(arguments))
            except SystemExit as end:
                status = int(end.code or 0)
            sys.stderr.flush()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("command", ["convert", "merge", "init", "report"])
def test_a_read_only_folder_is_told(command: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = (WRITERS | CREATES)[command][0]
    with tempfile.TemporaryDirectory() as place:  # one that another user can reach
        there = Path(place, "product")
        shutil.copytree(folder, there)
        before = {path.name: path.read_bytes() for path in there.iterdir()}
        assert _here(*arguments)[0] == 0  # imports what is needed: nobody may not read this Python's folder
        Path(place).chmod(0o755)
        there.chmod(0o555)
        monkeypatch.chdir(there)
        assert _as_anybody(arguments, folder / "errors") == 2
        monkeypatch.chdir(folder)
        there.chmod(0o755)
        assert "permission denied" in (folder / "errors").read_text()
        assert {path.name: path.read_bytes() for path in there.iterdir()} == before


@pytest.mark.parametrize("command", [*WRITERS, *CREATES])
def test_a_folder_that_cannot_be_written_is_told(command: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = [*(WRITERS | CREATES)[command][0]]
    if command == "merge":
        arguments += ["-o", "ours.yaml"]
    arguments[-1] = "tree.md/below.yaml"
    assert _here(*arguments)[0] == 2
    assert "cannot write 'tree.md/below.yaml'" in capfd.readouterr().err


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of a few pages, where this user may make one."""
    disk = folder / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("this user may not mount a small disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount")
def test_a_disk_that_is_really_full(small_disk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = small_disk / "product.yaml"
    target.write_text(OLD)
    assert _here("convert", "tree.md", "-o", str(target))[0] == 2
    assert "No space left on device" in capfd.readouterr().err
    assert target.read_text() == OLD
    assert _names(small_disk) == ["product.yaml"]


LOOP = """
import sys
from pmkit.cli import main
calls = [line.split() for line in sys.argv[1:]]
while True:
    for call in calls:
        try:
            main(call)
        except SystemExit as end:
            if end.code:
                raise
    print("ready", flush=True)
"""


def test_a_command_killed_at_any_moment_leaves_a_whole_file(folder: Path) -> None:
    (folder / "short.md").write_text("- Watch less\n")
    calls = [f"convert {name} --to yaml -o out.yaml" for name in ("tree.md", "short.md")]
    titles = set()
    for attempt in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", LOOP, *calls], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=UNMEASURED
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.007 * attempt)
            writer.send_signal(signal.SIGKILL)
            writer.wait(30)
        tree = load(folder / "out.yaml").tree
        assert tree is not None
        assert len(tree) == {"Watch more": 301, "Watch less": 1}[tree[tree.roots[0]].title]
        titles.add(tree[tree.roots[0]].title)
    assert titles <= {"Watch more", "Watch less"}


@pytest.mark.parametrize("command", ["init", "merge", "convert"])
def test_the_second_of_two_writers_is_told(command: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = (WRITERS | CREATES)[command][0]
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    holder = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        assert _here(*arguments)[0] == 2
    finally:
        os.close(holder)
    assert "being written by someone else; try again" in capfd.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert _here(*arguments)[0] == 0


def test_a_merge_does_not_write_over_what_came_since_it_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from pmkit.cli import merge

    real = merge._merged

    def slow(*sides: object, **options: object) -> object:
        (folder / "ours.yaml").write_text("pmkit: 1\nname: someone else's\n")
        return real(*sides, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(merge, "_merged", slow)
    assert _here(*WRITERS["merge"][0])[0] == 2
    assert "has changed since it was read" in capfd.readouterr().err
    assert "someone else" in (folder / "ours.yaml").read_text()


def test_init_never_writes_over_a_file_that_came_meanwhile(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = trees.loads

    def slow(text: str, **options: object) -> object:
        (folder / "new.yaml").write_text(OLD)
        return real(text, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(trees, "loads", slow)
    assert _here(*CREATES["init"][0])[0] == 2
    assert (folder / "new.yaml").read_text() == OLD
    assert not (folder / "new.svg").exists()


def test_a_pipe_or_a_device_is_written_to_and_stays_what_it_is(folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert _here("convert", "tree.md", "--to", "outline", "-o", str(pipe))[0] == 0
        assert reader.stdout is not None
        assert b"Watch more" in reader.stdout.read()
    assert pipe.is_fifo()
    assert _here("convert", "tree.md", "-o", os.devnull)[0] == 0
    assert Path(os.devnull).is_char_device()
