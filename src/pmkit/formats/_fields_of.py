"""Reading fields out of documents that others designed: what is there, in its place, or a finding."""

from __future__ import annotations

from collections.abc import Mapping

from pmkit.errors import Finding
from pmkit.formats._document import Document, Path, Plain
from pmkit.model import quoted

__all__ = ["Look"]

_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")


class Look:
    """Takes mappings, lists and texts out of one document, and gathers what is not what it should be."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def tell(self, message: str, path: Path, hint: str = "") -> None:
        """Note a fault at a place."""
        place = self.document.location(path)
        self.findings.append(Finding("DOC002", "error", "", message, hint, None, place))

    def get(self, path: Path) -> object:
        """Return a part of the document; None where there is none, or where it says so."""
        part = self.document.data
        for step in path:
            if isinstance(part, list):
                part = part[step] if isinstance(step, int) and step < len(part) else None
            else:
                part = part.get(step) if isinstance(part, Mapping) else None
        return None if isinstance(part, Plain) and part in _NOTHING else part

    def text(self, path: Path, *, needed: bool = False) -> str:
        """Return a text; empty where there is none."""
        found = self.get(path)
        if isinstance(found, str) and found.strip():
            return found.strip()
        if found is not None and not isinstance(found, str):
            self.tell("this must be text, not a list or a mapping", path)
        elif needed:
            self.tell(f"{path[-1]} is missing", path[:-1])
        return ""

    def texts(self, path: Path) -> tuple[str, ...]:
        """Return a list of texts, also where one text stands alone; empty where there is none."""
        found = self.get(path)
        if found is None:
            return ()
        if isinstance(found, str):
            return (found.strip(),) if found.strip() else ()
        if not isinstance(found, list):
            self.tell("this must be a list of texts", path)
            return ()
        made = (self.text((*path, at)) for at in range(len(found)))
        return tuple(text for text in made if text)

    def items(self, path: Path) -> tuple[Path, ...]:
        """Return the places of the members of a list."""
        found = self.get(path)
        if found is not None and not isinstance(found, list):
            self.tell("this must be a list", path)
        return tuple((*path, at) for at in range(len(found))) if isinstance(found, list) else ()

    def keys(self, path: Path) -> tuple[str, ...]:
        """Return the keys of a mapping; empty where there is none."""
        found = self.get(path)
        if found is not None and not isinstance(found, Mapping):
            self.tell("this must be a mapping", path)
        return tuple(found) if isinstance(found, Mapping) else ()

    def flag(self, path: Path) -> bool:
        """Return true or false; false where nothing is said."""
        found = self.get(path)
        if found is None or (isinstance(found, str) and found in _FALSE):
            return False
        if not (isinstance(found, str) and found in _TRUE):
            self.tell(f"this must be true or false, not {quoted(found)}", path)
        return True

    def number(self, path: Path) -> float | None:
        """Return a number; None where there is none."""
        text = self.text(path)
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            self.tell(f"this must be a number, not {quoted(text)}", path)
            return None
