"""How each command ends, what it says to someone who mistyped, and what it gives to CI."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from pmkit.cli import main
from pmkit.cli._findings import written
from pmkit.cli._main import COMMANDS
from pmkit.errors import Finding, Location

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "examples" / "cookie-cats" / "product.yaml"
PAGE = ROOT / "docs" / "how-to" / "check-in-ci.md"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return int(caught.value.code or 0), out.decode(), err.decode()

    return call


def _files() -> None:
    for name, text in {
        "product.yaml": PRODUCT.read_text(encoding="utf-8"),
        "green.yaml": "pmkit: 1\nname: Cinema\n",
        "broken.yaml": "pmkit: 1\nnmae: Cinema\n",
        "ours.yaml": "pmkit: 1\nname: Kino\n",
        "theirs.yaml": "pmkit: 1\nname: Theater\n",
        "tree.md": "- Watch more\n  - I can't find a film\n",
        "empty.yaml": "",
        "map.yaml": "pmkit: 1\norganization:\n  teams: [{id: web}]\n  components: [{id: page}]\n",
    }.items():
        Path(name).write_text(text, encoding="utf-8")
    Path("binary.yaml").write_bytes(bytes(range(128, 256)))
    Path("folder").mkdir()


ENDINGS: dict[str, dict[int, tuple[str, ...]]] = {
    "init": {0: ("tree.md", "-o", "new.yaml"), 2: ("tree.md", "-o", "product.yaml")},
    "check": {0: ("green.yaml",), 1: ("product.yaml",), 2: ("broken.yaml",)},
    "show": {0: ("product.yaml",), 2: ("broken.yaml",)},
    "draw": {0: ("product.yaml",), 2: ("green.yaml",)},
    "diff": {0: ("ours.yaml", "theirs.yaml"), 1: ("ours.yaml", "theirs.yaml", "--exit-code"), 2: ("ours.yaml",)},
    "merge": {
        0: ("green.yaml", "ours.yaml", "green.yaml"),
        1: ("green.yaml", "ours.yaml", "theirs.yaml"),
        2: ("green.yaml", "ours.yaml", "broken.yaml"),
    },
    "next": {0: ("product.yaml",), 2: ("broken.yaml",)},
    "week": {0: ("product.yaml",), 2: ("broken.yaml",)},
    "trace": {0: ("product.yaml", "gate-40"), 2: ("product.yaml", "gate-400")},
    "plan": {0: ("product.yaml",), 2: ("green.yaml",)},
    "analyze": {0: ("product.yaml",), 2: ("green.yaml",)},
    "conway": {0: ("map.yaml", "--permutations", "99"), 2: ("green.yaml",)},
    "convert": {0: ("tree.md",), 2: ("broken.yaml",)},
    "rules": {0: ("OST104",), 2: ("OST1044",)},
    "schema": {0: (), 2: ("-o", "none/schema.json")},
    "report": {0: ("product.yaml", "-o", "page.html"), 2: ("broken.yaml",)},
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_ends_as_the_page_says(run: Run, command: str) -> None:
    _files()
    page = PAGE.read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `{command}` \|(.*)\|$", page, re.MULTILINE)
    promised = {number for number, cell in enumerate(row.split("|")) if cell.strip() != "\N{EN DASH}"}
    assert promised == set(ENDINGS[command])
    for status, arguments in ENDINGS[command].items():
        got, _, err = run(command, *arguments)
        assert got == status, err
        assert (status == 2) is ("pmkit: " in err)
    assert run(command, "--no-such-option")[0] == 2
    assert run(command, "--help")[0] == 0


SLIPS = [
    (("chek",), ["no command 'chek'", "did you mean 'check'"]),
    ((), ["Usage: pmkit", "report"]),
    (("check",), ["Missing argument 'PRODUCT'", "--help"]),
    (("check", "prodcut.yaml"), ["cannot read 'prodcut.yaml'", "no such file", "did you mean 'product.yaml'"]),
    (("convert", "tre.md"), ["cannot read 'tre.md'", "did you mean 'tree.md'"]),
    (("conway", "mapp.yaml"), ["did you mean 'map.yaml'"]),
    (("check", "product.yaml", "--jsn"), ["--jsn", "--json"]),
    (("check", "product.yaml", "--select", "OST99"), ["no rule has the code 'OST99'", "did you mean 'OST"]),
    (("check", "product.yaml", "--profile", "strct"), ["'strct'", "default, strict"]),
    (("check", "product.yaml", "--today", "tomorrow"), ["'tomorrow'", "2026-11-22"]),
    (("check", "product.yaml", "--fail-on", "eror"), ["'eror'", "'error', 'warning'"]),
    (("trace", "product.yaml", "gate40"), ["'gate40'", "did you mean 'gate-40'"]),
    (("show", "product.yaml", "gate-4O"), ["did you mean 'gate-40'"]),
    (("analyze", "product.yaml", "x"), ["no experiment 'x'", "there are gate-experiment"]),
    (("analyze", "product.yaml", "gate-experimnt"), ["did you mean 'gate-experiment'"]),
    (("rules", "OST1O4"), ["no rule 'OST1O4'", "did you mean 'OST1"]),
    (("check", "empty.yaml"), ["empty.yaml:1:1", "empty", "whether it was saved"]),
    (("check", "folder"), ["'folder' holds no .yaml", "pmkit init"]),
    (("check", "binary.yaml"), ["binary.yaml:1:1", "not UTF-8", "save the file as UTF-8"]),
    (("check", "tree.md"), ["'tree.md'", "ends in .yaml"]),
    (("draw", "product.yaml", "-o", "none/tree.svg"), ["cannot write 'none/tree.svg'", "there is no folder"]),
    (("week", "product.yaml", "--since", "yesterday"), ["'yesterday' is no day such as", "revision"]),
    (("convert", "tree.md", "--to", "yml"), ["'yml'", "'yaml'"]),
    (("diff", "product.yaml"), ["second product", "--since"]),
    (("init", "-o", "product.yaml"), ["'product.yaml' is there already", "-o"]),
]


@pytest.mark.parametrize(("arguments", "said"), SLIPS, ids=[" ".join(arguments) or "nothing" for arguments, _ in SLIPS])
def test_a_slip_is_told_in_words(run: Run, arguments: tuple[str, ...], said: list[str]) -> None:
    _files()
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    words = " ".join(err.split())
    for each in said:
        assert each in words
    assert "Traceback" not in err


HOSTILE = (
    Finding("OST106", "error", "a,b:c%d", "50 % off,\nline two\r::error::not ours", "do: this, or that"),
    Finding("WSP101", "information", "", "of the whole", location=Location("dir name/ä#?.yaml", 3, 0)),
    Finding("EXP112", "warning", "x", "told", location=Location("product.yaml", 0, 0)),
)


def test_annotations_cannot_be_broken_out_of() -> None:
    lines = written(HOSTILE, "github", "a,b:c.yaml").splitlines()
    assert len(lines) == len(HOSTILE)
    for line, finding in zip(lines, HOSTILE, strict=True):
        found = re.fullmatch(r"::(error|warning|notice) ((?:\w+=[^,:\s][^,:]*,?)+)::(.*)", line)
        assert found
        properties = dict(part.split("=", 1) for part in found[2].split(","))
        assert properties["title"] == finding.code
        assert ("line" in properties) is bool(finding.location and finding.location.line)
        told = found[3].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        assert finding.message in told
        assert finding.subject in told
    assert lines[0].split("file=")[1].split(",")[0] == "a%2Cb%3Ac.yaml"


def _want_sarif(log: dict[str, object]) -> list[dict[str, object]]:
    """Check what SARIF 2.1.0 requires of each object, and return the results."""
    assert log["version"] == "2.1.0"
    assert str(log["$schema"]).endswith("sarif-2.1.0.json")
    runs = log["runs"]
    assert isinstance(runs, list)
    results: list[dict[str, object]] = []
    for each in runs:
        driver = each["tool"]["driver"]
        assert driver["name"]
        assert re.fullmatch(r"\d+\.\d+\.\d+.*", driver["version"])
        assert each["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
        ids = [rule["id"] for rule in driver["rules"]]
        assert len(ids) == len(set(ids))
        for rule in driver["rules"]:
            assert rule["shortDescription"]["text"]
            assert rule["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
        for result in each["results"]:
            assert set(result) <= {"ruleId", "level", "message", "locations", "partialFingerprints"}
            assert result["message"]["text"].strip()
            assert result["level"] in {"none", "note", "warning", "error"}
            assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
            for location in result["locations"]:
                physical = location["physicalLocation"]
                assert re.fullmatch(r"[\w.~%/-]+", physical["artifactLocation"]["uri"])
                region = physical.get("region", {"startLine": 1})
                assert all(isinstance(value, int) and value >= 1 for value in region.values())
            results.append(result)
    return results


def test_sarif_has_what_the_standard_requires(run: Run) -> None:
    results = _want_sarif(json.loads(written(HOSTILE, "sarif", "a,b c.yaml")))
    uris = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in results]  # type: ignore[index]
    assert [unquote(uri) for uri in uris] == ["a,b c.yaml", "dir name/ä#?.yaml", "product.yaml"]
    _files()
    found = _want_sarif(json.loads(run("check", "product.yaml", "--output", "sarif")[1]))
    findings = json.loads(run("check", "product.yaml", "--json")[1])
    assert [each["ruleId"] for each in found] == [finding["code"] for finding in findings]
    assert _want_sarif(json.loads(run("check", "green.yaml", "--output", "sarif")[1])) == []
