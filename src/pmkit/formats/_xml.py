"""XML read with defusedxml: no DTD, no entities, events with places; and text that XML can hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import cast
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from pmkit.errors import ParseError
from pmkit.formats._document import Problem, refuse
from pmkit.formats._sketch import opened
from pmkit.model import quoted

__all__ = ["attribute", "content", "escape", "read_xml", "unescape"]

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)

Start = Callable[[str, dict[str, str], int, int], None]
End = Callable[[str, str], None]


def escape(text: str) -> str:
    r"""Write characters that XML cannot hold as ``_x0001_``, as spreadsheets do.

    Examples
    --------
    >>> escape("a\x01b"), escape("_x0041_")
    ('a_x0001_b', '_x005F_x0041_')
    """
    return _ILLEGAL.sub(lambda match: f"_x{ord(match.group()):04X}_", text)


def unescape(text: str) -> str:
    """Undo `escape`; halves of surrogate pairs stay as written."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match.group() if 0xD800 <= code < 0xE000 else chr(code)  # noqa: PLR2004 - the surrogates


def attribute(text: str) -> str:
    """Write any text as the inside of a quoted attribute."""
    return escape(text).translate(_ENTITIES)


content = attribute
"""Write any text as the content of an element; the same escapes serve."""


class _Handler(ContentHandler):
    """Hands each element on, with its place when it starts and its own text when it ends."""

    def __init__(self, parser: DefusedExpatParser, start: Start, end: End, root: str, source: str) -> None:
        super().__init__()
        self.parser = parser
        self.start = start
        self.end = end
        self.root = root
        self.source = source
        self.depth = 0
        self.pieces: list[str] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX's name
        """Hand on the start of an element."""
        line, column = _place(self.parser)
        local = name.rpartition(":")[2]
        if self.depth == 0 and local != self.root:
            problem = Problem(f"the document's element is {quoted(local)}; expected {quoted(self.root)}", line, column)
            raise refuse(self.source, [problem], code="DOC001")
        self.depth += 1
        self.pieces.clear()
        self.start(local, dict(cast("dict[str, str]", attrs._attrs)), line, column)  # type: ignore[attr-defined]  # noqa: SLF001 - SAX offers no cheaper copy

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's name
        """Hand on the end of an element."""
        self.depth -= 1
        self.end(name.rpartition(":")[2], "".join(self.pieces))
        self.pieces.clear()

    def characters(self, content: str) -> None:
        """Collect text."""
        self.pieces.append(content)


def _place(parser: DefusedExpatParser) -> tuple[int, int]:
    return parser.getLineNumber() or 1, (parser.getColumnNumber() or 0) + 1


def read_xml(text: str, source: str, *, root: str, start: Start, end: End) -> None:
    """Read an XML document as a stream of events.

    Parameters
    ----------
    text : str
    source : str
    root : str
        The name of the document's own element.
    start : callable
        Takes name, attributes, line and column of each element.
    end : callable
        Takes name and own text of each element; text between its children is not kept.

    Raises
    ------
    ParseError
        With line and column, for a DTD too.
    """
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(_Handler(parser, start, end, root, source))
    try:
        parser.feed(opened(text, source, exact=True))
        parser.close()
    except SAXParseException as error:
        line, column = error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1
        raise refuse(source, [Problem(f"this is not XML: {error.getMessage()}", line, column)], code="DOC001") from None
    except DefusedXmlException:
        line, column = _place(parser)
        problem = Problem("a document type with entities (<!DOCTYPE …>) is not allowed; remove it", line, column)
        raise refuse(source, [problem], code="DOC001") from None
    except ValueError as error:
        if isinstance(error, ParseError):
            raise
        raise refuse(source, [Problem(f"this is not XML: {quoted(str(error))}", 1, 1)], code="DOC001") from None
