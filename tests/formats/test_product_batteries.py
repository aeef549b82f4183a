"""Every hostile file is a product or a refusal in words, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pmkit.errors import PmkitError
from pmkit.formats.workspace import dumps, loads, loads_located
from pmkit.workspace import Goal, Workspace, check

SHARED = Path(__file__).parents[2].parent / "shared"
BATTERIES = SHARED / "batteries"


def _files() -> Iterator[Path]:
    if not BATTERIES.exists():
        pytest.skip("shared batteries not present")
    for path in sorted(BATTERIES.rglob("*")):
        if path.is_file() and path.stat().st_size < 100_000:
            yield path


def test_every_file_is_a_product_or_refused_in_words() -> None:
    count = 0
    for path in _files():
        count += 1
        data = path.read_bytes()
        for offered in (data, b"pmkit: 1\nname: " + data, b'{"pmkit": 1, "x-data": ' + data + b"}"):
            try:
                workspace = loads_located(offered, source=path.name).workspace
            except PmkitError as error:
                message = str(error)
                assert message
                assert not any(ord(character) < 32 and character != "\n" for character in message), path
            else:
                check(workspace)
                assert loads(dumps(workspace)) == workspace, path
    assert count > 100


@pytest.mark.parametrize("kind", ["blns", "unicode", "xss"])
def test_every_hostile_line_is_kept_as_text(kind: str) -> None:
    texts: dict[str, None] = {}
    for path in _files():
        if path.relative_to(BATTERIES).parts[0] == kind:
            texts.update(dict.fromkeys(path.read_bytes().decode("utf-8", "ignore").splitlines()))
    good = [text for text in texts if text and not text.isspace()]
    goals = [Goal(id=f"g{place}", title=text, metric=text) for place, text in enumerate(good)]
    workspace = Workspace(goals=goals, extra={"x-texts": list(texts)})
    assert loads(dumps(workspace)) == workspace
    assert loads(dumps(workspace, syntax="json"), syntax="json") == workspace
