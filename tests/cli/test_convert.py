"""``pmkit convert``: one tree, any format."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmkit.cli import main
from pmkit.formats import trees

OUTLINE = "- Outcome: Watch more {#watch}\n  - unit: minutes\n  - Opportunity: I can't find a film {#find}\n"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    return caught.value.code if isinstance(caught.value.code, int) else 0


@pytest.mark.parametrize("name", list(trees.FORMATS))
def test_every_format_is_written(tmp_path: Path, name: trees.FormatName, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tree.md").write_text(OUTLINE)
    assert run("convert", tmp_path / "tree.md", "--to", name, "-o", tmp_path / "out") == 0
    assert (tmp_path / "out").read_text() == trees.dumps(trees.loads(OUTLINE), format=name)
    assert ("drops:" in capfd.readouterr().err) is not trees.FORMATS[name].lossless


def test_bad_input_ends_with_two_and_names_the_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tree.md").write_text("- Watch more\n  - [Solution] A row\n")
    assert run("convert", tmp_path / "tree.md") == 2
    assert "tree.md:2:5:" in capfd.readouterr().err
    assert run("convert", tmp_path / "missing.md") == 2


def test_a_product_folder_gives_its_tree(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "product.yaml").write_text(trees.dumps(trees.loads(OUTLINE), format="yaml"))
    assert run("convert", tmp_path, "--to", "outline") == 0
    assert capfdbinary.readouterr().out.decode() == OUTLINE
    (tmp_path / "product.yaml").write_text("pmkit: 1\nname: Cinema\n")
    assert run("convert", tmp_path) == 2
