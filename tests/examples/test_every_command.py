"""Every command on both examples: what people read, what programs read, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pmkit.cli import main
from pmkit.cli._main import COMMANDS

ROOT = Path(__file__).parents[2]
EXAMPLES = {name: ROOT / "examples" / name / "product.yaml" for name in ("cookie-cats", "dockline")}
EXPERIMENT = {"cookie-cats": "gate-experiment", "dockline": "exp-copy"}
NODE = {"cookie-cats": "gate-40", "dockline": "full-price"}
TODAY = ("--today", "2026-11-22")
Run = Callable[..., tuple[int, str, str]]


def _arguments(name: str, command: str, folder: Path) -> list[str]:
    """Return how a command is called on an example; `folder` is for what it writes."""
    product = str(EXAMPLES[name])
    changed = folder / "changed.yaml"
    text = EXAMPLES[name].read_text(encoding="utf-8")
    goal = text[text.index("goals:") :].split("title: ", 1)[1].split("\n", 1)[0]
    changed.write_text(text.replace(goal, "Another goal", 1), encoding="utf-8")
    outline = folder / "outline.md"
    outline.write_text("- Watch more\n  - I can't find a film\n    - A row of three\n", encoding="utf-8")
    calls: dict[str, tuple[str, ...]] = {
        "init": (str(outline), "-o", str(folder / "new.yaml")),
        "check": (product, *TODAY),
        "show": (product,),
        "draw": (product,),
        "diff": (product, str(changed)),
        "merge": (product, product, str(changed), "-o", str(folder / "merged.yaml")),
        "next": (product,),
        "week": (product, *TODAY),
        "trace": (product, NODE[name]),
        "plan": (product, EXPERIMENT[name]),
        "analyze": (product, EXPERIMENT[name]),
        "conway": (product, "--permutations", "99"),
        "convert": (product, "--to", "outline"),
        "rules": ("OST104",),
        "schema": (),
        "report": (product, *TODAY),
    }
    assert set(calls) == set(COMMANDS)
    return [command, *calls[command]]


WITHOUT_JSON = {"init", "draw", "convert", "schema", "report"}
"""What these write is a file of a kind of its own."""
STATUS = {"check": 1}
SAID = {
    "init": "Next: ",
    "check": "warning",
    "show": "  goal ",
    "draw": "<svg",
    "diff": "Another goal",
    "merge": "",
    "next": "1. ",
    "week": "Decisions waiting",
    "trace": "> solution",
    "plan": "(as registered)",
    "analyze": " (goal), ",
    "conway": "propagation cost",
    "convert": "- Outcome: ",
    "rules": "OST104",
    "schema": "2020-12",
    "report": "<!DOCTYPE html>",
}


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def call(arguments: list[str]) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        out, err = capfdbinary.readouterr()
        return int(caught.value.code or 0), out.decode(), err.decode()

    return call


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("command", COMMANDS)
def test_for_people(run: Run, command: str, name: str, tmp_path: Path) -> None:
    status, out, err = run(_arguments(name, command, tmp_path))
    assert status == STATUS.get(command, 0), err
    assert SAID[command] in out
    assert "\x1b" not in out + err
    assert "nan" not in out.lower().split()


def _refuse(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in WITHOUT_JSON])
def test_for_programs(run: Run, command: str, name: str, tmp_path: Path) -> None:
    arguments = [*_arguments(name, command, tmp_path), "--json"]
    status, out, err = run(arguments)
    assert status == STATUS.get(command, 0)
    assert err == ""
    data = json.loads(out, parse_constant=_refuse)
    assert isinstance(data, (list, dict))
    assert run(arguments)[1] == out


def test_json_is_the_same_on_every_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pmkit.cli import main\n"
        "for line in sys.stdin.read().splitlines():\n"
        "    try:\n        main(line.split('\\t'))\n    except SystemExit as end:\n        print(end.code)\n"
    )
    calls = [
        [*_arguments("dockline", command, tmp_path), *([] if command in WITHOUT_JSON else ["--json"])]
        for command in COMMANDS
        if command not in {"init", "report"}
    ]
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            input="\n".join("\t".join(call) for call in calls),
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert len(next(iter(told))) > 10_000


def test_what_a_command_writes_is_a_product_again(run: Run, tmp_path: Path) -> None:
    for name in EXAMPLES:
        folder = tmp_path / name
        folder.mkdir()
        for command, file in (("init", "new.yaml"), ("merge", "merged.yaml")):
            assert run(_arguments(name, command, folder))[0] == 0
            assert run(["check", str(folder / file), "--fail-on", "error", *TODAY])[0] == 0
        assert run(["diff", str(EXAMPLES[name]), str(folder / "changed.yaml"), "--exit-code"])[0] == 1
        assert run(["diff", str(folder / "merged.yaml"), str(folder / "changed.yaml"), "--exit-code"])[0] == 0
        for form in ("yaml", "json", "csv", "outline", "graphml", "opml", "canvas"):
            out = run(["convert", str(EXAMPLES[name]), "--to", form])[1]
            (folder / "tree").write_text(out, encoding="utf-8")
            again = run(["convert", str(folder / "tree"), "--from", form, "--to", "json"])[1]
            assert again == run(["convert", str(EXAMPLES[name]), "--to", "json"])[1]
