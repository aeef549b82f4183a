"""The command as a person or a CI job calls it: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pmkit.cli import main

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]
PRODUCT = ROOT / "examples" / "cookie-cats" / "product.yaml"


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        status = caught.value.code
        return (status if isinstance(status, int) else 0), out.decode(), err.decode()

    return call


def test_help_lists_every_command(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    assert all(f"  {name} " in out for name in ("init", "check", "merge", "report"))
    assert run("--version")[1].startswith("pmkit ")


def test_a_misspelled_command_is_suggested(run: Run) -> None:
    status, _, err = run("chekc")
    assert status == 2
    assert "did you mean 'check'?" in err


def test_check_prints_findings_with_places_and_ends_with_one(run: Run) -> None:
    status, out, _ = run("check", PRODUCT, "--today", "2026-11-22")
    assert status == 1
    assert "warning OST206 no-company: rests on opinion alone" in out
    assert ":136:3: " in out
    assert run("check", PRODUCT, "--today", "2026-11-22", "--fail-on", "error")[0] == 0


def test_check_gives_the_same_as_data(run: Run) -> None:
    findings = json.loads(run("check", PRODUCT, "--json", "--today", "2026-11-22")[1])
    text = run("check", PRODUCT, "--today", "2026-11-22")[1]
    assert findings
    assert all(f"{finding['code']} {finding['subject']}: {finding['message']}" in text for finding in findings)
    assert {"code", "severity", "subject", "message", "hint", "file", "line", "column"} <= set(findings[0])


def test_sarif_and_github_name_file_and_line(run: Run) -> None:
    sarif = json.loads(run("check", PRODUCT, "--output", "sarif", "--today", "2026-11-22")[1])
    (results,) = [part["results"] for part in sarif["runs"]]
    codes = {rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in results} == codes
    assert any("region" in result["locations"][0]["physicalLocation"] for result in results)
    github = run("check", PRODUCT, "--output", "github", "--today", "2026-11-22")[1]
    assert "::warning file=" in github
    assert ",line=136,col=3,title=OST206::" in github


def test_a_baseline_leaves_out_what_is_known(run: Run, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    assert run("check", PRODUCT, "--write-baseline", baseline)[0] == 0
    status, out, _ = run("check", PRODUCT, "--baseline", baseline)
    assert status == 0
    assert "left out by the baseline" in out
    baseline.write_text('{"a": 1}')
    assert run("check", PRODUCT, "--baseline", baseline)[0] == 2


def test_select_and_ignore_take_codes_and_suggest(run: Run) -> None:
    assert "OST" not in run("check", PRODUCT, "--ignore", "OST")[1]
    assert "CON106" not in run("check", PRODUCT, "--select", "OST2")[1]
    status, _, err = run("check", PRODUCT, "--select", "OST999")
    assert status == 2
    assert "no rule has the code 'OST999'" in err


def test_show_trace_next_and_analyze_speak_of_the_product(run: Run) -> None:
    assert "Increase day-7 return" in run("show", PRODUCT)[1]
    assert "> solution    gate-40" in run("show", PRODUCT, "gate-40")[1]
    assert "? decision    missing" in run("trace", PRODUCT, "gate-40")[1]
    assert json.loads(run("trace", PRODUCT, "gate-40", "--json")[1])["missing"][-1]["link"] == "decision"
    assert run("next", PRODUCT)[1].startswith("1. Decide on 'Gate at level 30 or 40'")
    assert json.loads(run("next", PRODUCT, "--json")[1])[0]["action"] == "decide"
    assert "roll back: gate_40" in run("analyze", PRODUCT)[1]
    assert json.loads(run("analyze", PRODUCT, "gate-experiment", "--json")[1])[-1]["verdict"] == "roll back"
    assert run("analyze", PRODUCT, "gate-experimnt")[0] == 2
    assert json.loads(run("show", PRODUCT, "--json")[1])["name"] == "Cookie Cats"


def test_draw_and_report_write_whole_files(run: Run, tmp_path: Path) -> None:
    for style in ("across", "down", "outline"):
        target = tmp_path / f"{style}.svg"
        assert run("draw", PRODUCT, "--style", style, "-o", target)[0] == 0
        assert target.read_text().startswith("<svg")
    png = tmp_path / "tree.png"
    assert run("draw", PRODUCT, "-o", png)[0] == 0
    assert png.read_bytes().startswith(b"\x89PNG")
    assert run("report", PRODUCT)[1].startswith("<!DOCTYPE html>")


def test_rules_are_listed_and_explained(run: Run) -> None:
    listed = run("rules")[1].splitlines()
    assert len(listed) > 100
    assert "Torres" in run("rules", "ost106")[1]
    assert json.loads(run("rules", "OST106", "--json")[1])[0]["code"] == "OST106"
    assert run("rules", "OST16")[0] == 2


def test_the_schema_is_json_schema(run: Run) -> None:
    schema = json.loads(run("schema")[1])
    assert schema["$schema"].endswith("2020-12/schema")
    assert {"tree", "experiments", "organization"} <= set(schema["properties"])


def test_standard_input_is_read(run: Run) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pmkit", "check", "-", "--json"],
        input=PRODUCT.read_bytes(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout)
    broken = subprocess.run(
        [sys.executable, "-m", "pmkit", "check", "-"], input=b"pmkit: 1\nnmae: x\n", capture_output=True, check=False
    )
    assert broken.returncode == 2
    assert b"<stdin>:2:7: unknown key 'nmae'; did you mean 'name'?" in broken.stderr
    assert b"Traceback" not in broken.stderr


BAD = {
    "unknown kind": "pmkit: 1\ntree:\n- {id: a, kind: outcom, title: x}\n",
    "dangling parent": "pmkit: 1\ntree:\n- {id: a, kind: outcome, title: x}\n"
    "- {id: b, kind: opportunity, title: y, parent: z}\n",
    "cycle": "pmkit: 1\ntree:\n- {id: a, kind: opportunity, title: x, parent: b}\n"
    "- {id: b, kind: opportunity, title: y, parent: a}\n",
    "duplicate key": "pmkit: 1\nname: a\nname: b\n",
    "alias bomb": "pmkit: 1\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "deep": "pmkit: 1\nname: " + "[" * 100_000 + "\n",
    "not a number": "pmkit: 1\ngoals:\n- {id: g, title: t, target: .nan}\n",
    "not utf-8": b"pmkit: 1\nname: caf\xe9\n",
    "empty": "",
    "no version": "name: x\n",
    "newer version": "pmkit: 99\n",
    "a list": "- 1\n",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_names_file_line_and_column_and_ends_with_two(name: str, run: Run, tmp_path: Path) -> None:
    product = tmp_path / "product.yaml"
    text = BAD[name]
    product.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = product.read_bytes()
    for command in ("check", "show", "report", "next", "draw"):
        status, out, err = run(command, product)
        assert status == 2
        assert out == ""
        assert f"{product}:" in err
        assert "Traceback" not in err
    assert product.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["product.yaml"]


def test_all_problems_are_told_at_once(run: Run, tmp_path: Path) -> None:
    product = tmp_path / "product.yaml"
    product.write_text(
        "pmkit: 1\nnmae: x\ngoals:\n- {id: g, title: '', target: high}\ntree:\n- {id: a, kind: outcom, title: x}\n"
    )
    err = run("check", product)[2]
    assert all(part in err for part in (":2:7", ":4:", "'high'", "OST008"))


def test_missing_files_directories_and_permissions_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    for path, says in (
        (tmp_path / "none.yaml", "no such file"),
        (tmp_path, "holds no .yaml"),
        (tmp_path / "a.txt", "ends in"),
    ):
        status, _, err = run("check", path)
        assert status == 2
        assert says in err


def test_unreadable_files_are_told(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("pmkit: 1\n")
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        pytest.skip("this user may read everything")
    assert "permission denied" in run("check", secret)[2]


def test_a_misspelled_conway_source_is_told(run: Run, tmp_path: Path) -> None:
    assert run("conway", tmp_path)[0] == 2


def test_conway_maps_the_real_organization(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    arguments = (
        "conway",
        ROOT / "examples" / "metamask",
        "--kinds",
        "dependencies,peerDependencies",
        "--permutations",
        99,
    )
    figures = json.loads(run(*arguments, "--channel", "cross-authoring", "--json", "--html", page)[1])
    assert (figures["teams"], figures["components"], figures["dependencies"], figures["across_teams"]) == (
        22,
        98,
        418,
        279,
    )
    assert figures["propagation_cost"] == pytest.approx(0.1219, abs=5e-5)
    assert figures["congruence"] == pytest.approx(0.816, abs=5e-4)
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert "22 teams, 98 components" in run(*arguments)[1]
    assert "3 teams, 4 components" in run("conway", PRODUCT)[1]
