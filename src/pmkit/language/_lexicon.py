"""Word lists: read from data files when first asked for, and extended by users."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

import attrs

from pmkit.errors import FileError, InvalidValueError, ParseError
from pmkit.language._tokens import normalize, words
from pmkit.model import did_you_mean, quoted

__all__ = ["ENGLISH", "Lexicon", "extend_lexicon", "list_names", "phrase_index", "read_lexicon"]

_FOLDER = Path(__file__).parent / "words"


@cache
def list_names() -> tuple[str, ...]:
    """Return the names of all word lists.

    Returns
    -------
    tuple of str
        Sorted; each is a file ``words/<name>.txt`` of this package.

    Examples
    --------
    >>> "verbs" in list_names() and "manner_adverbs" in list_names()
    True
    """
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.txt")))


@cache
def packaged(name: str) -> tuple[str, ...]:
    """Read one of the lists that come with pmkit, in file order, without repetitions."""
    return tuple(dict.fromkeys(_entries((_FOLDER / f"{name}.txt").read_text(encoding="utf-8"))))


def _entries(text: str) -> Iterable[str]:
    for line in text.splitlines():
        if not line.startswith("#"):
            for entry in line.split(","):
                stripped = entry.strip()
                if stripped:
                    yield stripped


def _to_lists(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if isinstance(value, tuple):
        return value
    if not isinstance(value, Mapping):
        message = f"word lists must be a mapping from a list's name to its words, not {quoted(value)}"
        raise InvalidValueError(message)
    known = list_names()
    lists = []
    for name in sorted(value, key=str):
        entries = value[name]
        if name not in known:
            hint = did_you_mean(str(name), known)
            raise InvalidValueError(f"there is no word list {quoted(name)}{hint}; there are {', '.join(known)}")
        entries = (entries,) if isinstance(entries, str) else entries
        if not isinstance(entries, Iterable):
            raise InvalidValueError(f"the words for {quoted(name)} must be a list of texts, not {quoted(entries)}")
        entries = tuple(entries)
        for entry in entries:
            if not isinstance(entry, str) or not entry.strip():
                message = f"the words for {quoted(name)} must be texts that are not blank, not {quoted(entry)}"
                raise InvalidValueError(message)
        lists.append((name, tuple(dict.fromkeys(normalize(entry).lower() for entry in entries))))
    return tuple(lists)


@attrs.frozen(kw_only=True)
class Lexicon:
    """The words that rules and parsers go by: the packaged lists, plus and minus what a user says.

    Attributes
    ----------
    added, removed : mapping of str to list of str
        By the name of a list (see `list_names`): what is added to it and taken from it. Kept as
        sorted tuples, so that a lexicon can be hashed.

    Examples
    --------
    >>> ours = Lexicon(added={"brands": ["Acme Cloud"]}, removed={"vague_words": ["handy"]})
    >>> "acme cloud" in ours.words("brands"), "handy" in ours.words("vague_words")
    (True, False)
    """

    added: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(default=(), converter=_to_lists)
    removed: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(default=(), converter=_to_lists)

    def words(self, name: str) -> frozenset[str]:
        """Return a list as a set, in lower case.

        Parameters
        ----------
        name : str
            One of `list_names`.

        Returns
        -------
        frozenset of str

        Raises
        ------
        InvalidValueError
            When there is no such list.

        Examples
        --------
        >>> "minimize" in ENGLISH.words("directions")
        True
        """
        return _words(self, name)

    def entries(self, name: str) -> tuple[str, ...]:
        """Return a list in its order, additions last.

        Parameters
        ----------
        name : str
            One of `list_names`.

        Returns
        -------
        tuple of str

        Raises
        ------
        InvalidValueError
            When there is no such list.

        Examples
        --------
        >>> ENGLISH.entries("use_verbs")[0]
        'use'
        """
        return _entries_of(self, name)


def _entries_of(lexicon: Lexicon, name: str) -> tuple[str, ...]:
    if name not in list_names():
        hint = did_you_mean(name, list_names())
        raise InvalidValueError(f"there is no word list {quoted(name)}{hint}")
    removed = dict(lexicon.removed).get(name, ())
    added = dict(lexicon.added).get(name, ())
    return tuple(dict.fromkeys(word for word in (*packaged(name), *added) if word not in removed))


@lru_cache(maxsize=512)
def _words(lexicon: Lexicon, name: str) -> frozenset[str]:
    return frozenset(_entries_of(lexicon, name))


@lru_cache(maxsize=512)
def phrase_index(lexicon: Lexicon, *names: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Return the entries of some lists by their first word, longest first, each cut into words.

    Parameters
    ----------
    lexicon : Lexicon
    *names : str
        Names of lists.

    Returns
    -------
    mapping of str to tuple of tuple of str

    Examples
    --------
    >>> phrase_index(ENGLISH, "prepositions")["in"]
    (('in', 'front', 'of'), ('in', 'place', 'of'), ('in',))
    """
    found: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        for entry in lexicon.entries(name):
            cut = words(entry)
            if cut:
                found.setdefault(cut[0], []).append(cut)
    return {first: tuple(sorted(set(cuts), key=lambda cut: (-len(cut), cut))) for first, cuts in found.items()}


def extend_lexicon(lexicon: Lexicon, lists: Mapping[str, Iterable[str]]) -> Lexicon:
    """Add words to lists.

    Parameters
    ----------
    lexicon : Lexicon
        What to start from, usually `ENGLISH`.
    lists : mapping of str to iterable of str
        Words by the name of their list.

    Returns
    -------
    Lexicon

    Raises
    ------
    InvalidValueError
        For a list that does not exist, or a word that is no text.

    Examples
    --------
    >>> clinical = extend_lexicon(ENGLISH, {"metrics": ["hematocrit"], "verbs": ["debride"]})
    >>> "hematocrit" in clinical.words("metrics")
    True
    """
    more = Lexicon(added=lists)
    together = dict(lexicon.added)
    for name, entries in more.added:
        together[name] = (*together.get(name, ()), *entries)
    return Lexicon(added=together, removed=lexicon.removed)


def read_lexicon(path: str | Path) -> Lexicon:
    """Read a user's lexicon from a JSON file.

    The file holds an object with ``"added"`` and ``"removed"``, each a mapping from the name of a
    list to its words: ``{"added": {"brands": ["Acme Cloud"]}}``.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Lexicon

    Raises
    ------
    FileError
        When the file cannot be read.
    ParseError
        When it is no such JSON.
    InvalidValueError
        For a list that does not exist, or a word that is no text.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "words.json")
    ...     _ = path.write_text('{"added": {"brands": ["Acme Cloud"]}}', encoding="utf-8")
    ...     "acme cloud" in read_lexicon(path).words("brands")
    True
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(f"cannot read the lexicon {quoted(str(path))}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ParseError("a lexicon must be UTF-8 text", source=str(path)) from None
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ParseError(f"no JSON: {error.msg}", source=str(path), line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise ParseError("nested too deeply to be a lexicon", source=str(path)) from None
    if not isinstance(document, dict):
        raise ParseError("a lexicon is an object with 'added' and 'removed'", source=str(path))
    unknown = [name for name in document if name not in {"added", "removed"}]
    if unknown:
        hint = did_you_mean(unknown[0], ("added", "removed"))
        raise ParseError(f"unknown key {quoted(unknown[0])}{hint}", source=str(path))
    return Lexicon(added=document.get("added", {}), removed=document.get("removed", {}))


ENGLISH = Lexicon()
"""The lexicon that comes with pmkit."""
