"""The command between other programs: pipes that close, full disks, Ctrl-C, odd encodings, narrow terminals, shells."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pmkit.cli._main import COMMANDS

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "examples" / "cookie-cats" / "product.yaml"
PMKIT = [sys.executable, "-m", "pmkit"]
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON", "NO_COLOR"))
}
CLEAN["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")


def _run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [*PMKIT, *map(str, arguments)]
    return subprocess.run(
        command, env=CLEAN | environment, capture_output=True, check=False, timeout=60, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize("arguments", [("rules",), ("show", PRODUCT, "--json"), ("--help",)])
def test_a_reader_that_has_gone_is_no_traceback_and_no_finding(arguments: tuple[object, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [*PMKIT, *map(str, arguments)]
    with os.fdopen(writer, "wb") as gone:
        done = subprocess.run(command, env=CLEAN, stdout=gone, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [("rules",), ("schema",)])
def test_a_full_disk_behind_standard_output_is_told(arguments: tuple[object, ...]) -> None:
    command = [*PMKIT, *map(str, arguments)]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, env=CLEAN, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [b"pmkit: cannot write the output: No space left on device"]


def test_control_c_ends_in_silence() -> None:
    with subprocess.Popen(
        [*PMKIT, "check", "-"], env=CLEAN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as waiting:
        assert waiting.stderr is not None
        time.sleep(0.1)
        for _ in range(50):  # a process that is still starting has no handler yet that turns the signal into words
            if b"R" not in Path(f"/proc/{waiting.pid}/stat").read_bytes().split()[2]:
                break
            time.sleep(0.1)
        time.sleep(0.3)
        waiting.send_signal(signal.SIGINT)
        error = waiting.stderr.read()
        assert waiting.wait(30) == 130
    assert error.strip() == b""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_terminals_without_utf_8_get_escapes_and_programs_get_utf_8(encoding: str, tmp_path: Path) -> None:
    product = tmp_path / "product.yaml"
    product.write_text("pmkit: 1\nname: Kinó 映画\ngoals:\n- {id: g, title: '→ 🎯'}\n", encoding="utf-8")
    shown = _run("show", product, PYTHONIOENCODING=encoding)
    assert (shown.returncode, shown.stderr.decode(encoding)) == (0, "")
    assert "Kin" in shown.stdout.decode(encoding if encoding != "ascii" else "utf-8")
    data = _run("show", product, "--json", PYTHONIOENCODING=encoding)
    assert json.loads(data.stdout.decode())["name"] == "Kinó 映画"
    assert _run("show", product, LC_ALL="C").returncode == 0


def test_a_file_whose_name_is_no_text_is_read(tmp_path: Path) -> None:
    product = os.fsencode(tmp_path) + b"/caf\xe9 \x1b[31m.yaml"
    try:
        Path(os.fsdecode(product)).write_bytes(PRODUCT.read_bytes())
    except OSError:
        pytest.skip("this file system takes text only")
    for arguments in (("check",), ("check", "--output", "sarif")):
        done = _run(arguments[0], os.fsdecode(product), *arguments[1:])
        assert done.returncode == 1, done.stderr
        assert b"\x1b" not in done.stdout
        done.stdout.decode()


@pytest.mark.parametrize("columns", ["40", "200"])
def test_narrow_and_wide_terminals(columns: str) -> None:
    assert _run("check", "--help", COLUMNS=columns).stdout.startswith(b"Usage: ")
    shown = _run("show", PRODUCT, COLUMNS=columns).stdout.decode()
    joined = "".join(shown.split())
    assert "Increaseday-7return" in joined


AT_ONCE = """
from pmkit.cli import _progress, main
_progress.PATIENCE = 0
begin = _progress._Sign.begin
def begin_and_show(sign):
    begin(sign)
    sign._timer.join()
_progress._Sign.begin = begin_and_show
main()
"""
"""The command without its patience: any work is long, however fast the machine."""


def _on_a_terminal(
    *arguments: object, seconds: float = 60, at_once: bool = False, **environment: str
) -> tuple[int, str, str]:
    """Run with standard output and standard error on terminals of their own; the status and what each showed."""
    pairs = [pty.openpty() for _ in range(2)]
    command = [*([sys.executable, "-c", AT_ONCE] if at_once else PMKIT), *map(str, arguments)]
    settings = {"TERM": "xterm", "COLUMNS": "80", "LINES": "24", **environment}
    with subprocess.Popen(
        command, env=CLEAN | settings, stdin=subprocess.DEVNULL, stdout=pairs[0][1], stderr=pairs[1][1]
    ) as process:
        for _, slave in pairs:
            os.close(slave)
        import selectors

        told = {master: b"" for master, _ in pairs}
        with selectors.DefaultSelector() as waiting:
            for master in told:
                waiting.register(master, selectors.EVENT_READ)
            end = time.monotonic() + seconds
            while waiting.get_map() and time.monotonic() < end:
                for key, _ in waiting.select(timeout=1):
                    try:
                        piece = os.read(key.fd, 65536)
                    except OSError:  # the other side has closed
                        piece = b""
                    told[key.fd] += piece
                    if not piece:
                        waiting.unregister(key.fd)
        status = process.wait(30)
    for master in told:
        os.close(master)
    out, err = told.values()
    return status, out.decode(), err.decode()


LONG = ("conway", PRODUCT)


def test_long_work_shows_that_it_goes_on() -> None:
    status, out, err = _on_a_terminal(*LONG, at_once=True)
    assert status == 0
    assert "Shuffling teams" in err
    assert "Shuffling" not in out
    assert "teams, " in out
    assert err.rstrip("\r\n").endswith(("\x1b[2K", "\x1b[?25h")), "the line is taken away"


def test_without_color_there_is_progress_without_color() -> None:
    err = _on_a_terminal(*LONG, at_once=True, NO_COLOR="1")[2]
    assert "Shuffling teams" in err
    colors = [code for code in err.split("\x1b[")[1:] if code.split("m")[0].startswith(("3", "4", "9", "1;3"))]
    assert not colors


@pytest.mark.parametrize("how", [{"json": True}, {"TERM": "dumb"}])
def test_programs_and_dumb_terminals_see_no_progress(how: dict[str, str | bool]) -> None:
    more = ["--json"] if how.pop("json", False) else []
    status, _, err = _on_a_terminal(*LONG, *more, at_once=True, **{name: str(value) for name, value in how.items()})
    assert (status, err) == (0, "")


def test_what_is_done_at_once_needs_no_progress() -> None:
    assert _on_a_terminal("rules", "OST104")[2] == ""


def test_a_pipe_sees_no_progress() -> None:
    assert _run(*LONG, TERM="xterm").stderr == b""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_each_shell_is_written(shell: str) -> None:
    done = _run(_PMKIT_COMPLETE=f"{shell}_source")
    if shell == "bash" and shutil.which("bash") is None:
        pytest.skip("click asks bash for its version, and bash is not installed")
    assert done.returncode == 0
    assert b"_PMKIT_COMPLETE" in done.stdout
    assert done.stderr == b""


def _completed(folder: Path, line: str) -> list[str]:
    """Ask a real bash, with the completion of pmkit sourced, what it would offer at the end of a line."""
    words = line.split(" ")
    tool = folder / "bin" / "pmkit"
    tool.parent.mkdir(exist_ok=True)
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pmkit "$@"\n')
    tool.chmod(0o755)
    quoted = " ".join(f"'{word}'" for word in words)
    script = (
        f'PATH="{tool.parent}:$PATH"; eval "$(_PMKIT_COMPLETE=bash_source pmkit)"\n'
        f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _pmkit_completion pmkit\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script], env=CLEAN, cwd=folder, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr.strip() == "" or "nosort" in done.stderr
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_a_real_bash_completes_commands_options_codes_and_ids(tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_bytes(PRODUCT.read_bytes())
    assert _completed(tmp_path, "pmkit c") == ["check", "conway", "convert"]
    assert set(_completed(tmp_path, "pmkit ")) == set(COMMANDS)
    assert "--baseline" in _completed(tmp_path, "pmkit check product.yaml --b")
    assert _completed(tmp_path, "pmkit check product.yaml --select OST10")[0].startswith("OST10")
    assert "OST104" in _completed(tmp_path, "pmkit rules ost10")
    assert _completed(tmp_path, "pmkit trace product.yaml gate-4") == ["gate-40", "gate-40-enjoy", "gate-40-test"]
    assert _completed(tmp_path, "pmkit analyze product.yaml ") == ["gate-experiment"]
    assert _completed(tmp_path, "pmkit trace missing.yaml g") == []
    assert "json" in _completed(tmp_path, "pmkit convert product.yaml --to j")


def test_the_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom pmkit.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'scipy', 'networkx', 'yaml', 'rich', 'cattrs'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=CLEAN, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
