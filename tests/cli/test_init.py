"""``pmkit init``: a file, a picture, three findings, one question."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmkit.cli import main
from pmkit.formats.workspace import load


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    return caught.value.code if isinstance(caught.value.code, int) else 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (None, ""),
        ("tree.md", "- Watch more\n  - I can't find a film\n    - A row of three\n"),
        ("tree.csv", "title,parent\nWatch more,\nI can't find a film,Watch more\n"),
        ("tree.txt", "Watch more\n"),
    ],
)
def test_a_file_a_picture_findings_and_a_question(
    tmp_path: Path, name: str | None, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "product.yaml"
    given = []
    if name:
        (tmp_path / name).write_text(text)
        given = [tmp_path / name]
    assert run("init", *given, "-o", target) == 0
    out = capfd.readouterr().out
    assert out.count("\nNext: ") == 1
    assert out.rstrip().endswith(("?", ".", "'."))
    assert load(target).tree is not None
    assert (tmp_path / "product.svg").read_text().startswith("<svg")
    before = target.read_bytes()
    assert run("init", "-o", target) == 2
    assert target.read_bytes() == before
