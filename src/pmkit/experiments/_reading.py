"""A text that is read part by part."""

# ruff: noqa: RUF001 - typographic marks are what is looked for

from __future__ import annotations

import re

import attrs

__all__ = ["BLANK", "PADDING", "Reading"]

BLANK = "\x00"
PADDING = " \t\r\n,;:.\x00\"'“”’*_|"


@attrs.define
class Reading:
    """The text, with what has been read blanked out so that offsets stay true."""

    whole: str
    left: str = ""
    spans: dict[str, tuple[int, int]] = attrs.field(factory=dict)

    def cut(self, start: int, end: int) -> None:
        self.left = self.left[:start] + BLANK * (end - start) + self.left[end:]

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.left[start] in PADDING:
            start += 1
        while end > start and self.left[end - 1] in PADDING:
            end -= 1
        return _with_quotes(self.whole, start, end)

    def note(self, part: str, span: tuple[int, int]) -> str:
        start, end = self.trimmed(*span)
        if start >= end:
            return ""
        self.spans[part] = (start, end)
        return self.whole[start:end]


_PAIRS = {"'": "'", '"': '"', "“": "”", "‘": "’"}


def _with_quotes(text: str, start: int, end: int) -> tuple[int, int]:
    """Give back a quotation mark that trimming took from inside: 'Plans' at the end of a part."""
    if re.search(r"\b[ap]\.m$", text[start:end]) and text[end : end + 1] == ".":
        end += 1
    piece = text[start:end]
    for opening, closing in _PAIRS.items():
        odd = piece.count(opening) % 2 == 1 if opening == closing else piece.count(opening) > piece.count(closing)
        if odd and text[end : end + 1] == closing:
            return start, end + 1
        if odd and start > 0 and text[start - 1] == opening and opening == closing:
            return start - 1, end
    return start, end
