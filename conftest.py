"""What every test shares: Hypothesis profiles, and the pages whose examples are tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path

import hypothesis
import pytest
from sybil import Sybil
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser

ROOT = Path(__file__).parent

hypothesis.settings.register_profile("default", deadline=None, max_examples=50, database=None)
hypothesis.settings.register_profile("ci", parent=hypothesis.settings.get_profile("default"), derandomize=True)
hypothesis.settings.register_profile("examples", deadline=None, max_examples=5, database=None, derandomize=True)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=1000, database=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "default"))


class ConsoleParser(CodeBlockParser):
    """Runs ``pycon`` blocks as doctests."""

    language = "pycon"

    def __init__(self) -> None:
        """Take over the blocks of this language."""
        super().__init__()
        self._strings = PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE).doctest_parser

    def __call__(self, document):  # noqa: ANN001 - sybil's protocol
        """Yield one region for each example of each block."""
        parser: DocTestStringParser = self._strings
        for region in super().__call__(document):
            source = region.parsed
            for example in parser(source, document.path):
                example.adjust(region, source)
                yield example


def _name_examples(namespace: dict[str, object]) -> None:
    namespace["EXAMPLES"] = ROOT / "examples"


pytest_collect_file = Sybil(
    parsers=[ConsoleParser(), PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE), SkipParser()],
    patterns=["README.md", "docs/**/*.md"],
    excludes=["docs/_build/**"],
    setup=_name_examples,
).pytest()


@pytest.fixture(autouse=True)
def _few_draws_in_examples(request: pytest.FixtureRequest) -> Iterator[None]:
    """An example in a docstring shows how a strategy is used; the tests are where it is drawn from at length."""
    if not isinstance(request.node, pytest.DoctestItem):
        yield
        return
    before = hypothesis.settings.get_current_profile_name()
    hypothesis.settings.load_profile("examples")
    yield
    hypothesis.settings.load_profile(before)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of outside cases and batteries, where it is present."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of outside cases is not present")
    return folder
