"""``pmkit init``: a file, a picture, three findings, one question."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmkit.cli import main
from pmkit.formats.workspace import load

ROOT = Path(__file__).parents[2]


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


RATINGS = "who,find.importance,find.satisfaction,pay.importance,pay.satisfaction\n" + "".join(
    f"p{number},5,{1 + number % 2},2,5\n" for number in range(40)
)


def test_a_table_of_ratings_gives_the_needs_and_their_survey(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ratings.csv").write_text(RATINGS)
    target = tmp_path / "product.yaml"
    assert run("init", tmp_path / "ratings.csv", "-o", target) == 0
    out = capfd.readouterr().out
    assert "Served worst:\n  find scores 20.0 of 20 (" in out
    assert "  pay " not in out
    assert out.count("\nNext: ") == 1
    product = load(target)
    assert [need.id for need in product.needs] == ["find", "pay"]
    assert product.surveys[0].needs == ("find", "pay")
    assert "p39" not in target.read_text()
    assert (tmp_path / "product.svg").read_text().startswith("<svg")


def test_a_table_of_ratings_in_which_all_is_well(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ratings.csv").write_text(
        RATINGS.replace("find", "calm").replace(",5,1,", ",1,5,").replace(",5,2,", ",1,5,")
    )
    assert run("init", tmp_path / "ratings.csv", "-o", tmp_path / "product.yaml") == 0
    assert "No need is likely to be underserved." in capfd.readouterr().out


def test_a_product_is_shown_with_its_surveys(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ratings.csv").write_text(RATINGS)
    target = tmp_path / "product.yaml"
    run("init", tmp_path / "ratings.csv", "-o", target)
    capfd.readouterr()
    assert run("show", target) == 0
    out = capfd.readouterr().out
    assert "  survey survey (2 needs, 40 people)\n    find\n      scores 20.0 of 20 (" in out
    assert "    pay" not in out


def test_a_folder_is_a_source_too(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    assert run("init", "-o", tmp_path / "old" / "tree.yaml") == 0
    assert run("init", tmp_path / "old", "-o", tmp_path / "new.yaml") == 0
    assert load(tmp_path / "new.yaml").tree == load(tmp_path / "old").tree


def test_a_product_is_kept_whole(tmp_path: Path) -> None:
    product = ROOT / "examples" / "cookie-cats" / "product.yaml"
    assert run("init", product, "-o", tmp_path / "new.yaml") == 0
    assert load(tmp_path / "new.yaml") == load(product)
    (tmp_path / "bare.json").write_text('{"pmkit": 1, "name": "Cinema"}')
    assert run("init", tmp_path / "bare.json", "-o", tmp_path / "other.yaml") == 2
    assert not (tmp_path / "other.yaml").exists()
