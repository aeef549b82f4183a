r"""What ``git log --numstat`` tells: who changed what in which commit, read line by line.

Three shapes are understood: git's own (``medium``, ``full``, ``fuller``), the one-line heads
``--%h--%ad--%aN`` that Code Maat made common, and the NUL-separated stream of
``-z --numstat --format=%x00@%H%x00%P%x00%aE%x00``. Merges are left out.
People are pseudonyms unless asked otherwise.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, get_args

import attrs

from pmkit.conway import Change
from pmkit.errors import FileError, InvalidValueError, ParseError
from pmkit.model import did_you_mean, quoted

__all__ = ["People", "Pseudonyms", "load", "loads", "readable_name", "stream"]

Pseudonyms = Literal["numbered", "hashed", "named"]

_HEX = frozenset(b"0123456789abcdef")
_SHORTEST_HASH = 4
_LINE = 1 << 20
_ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}


class People:
    """Gives people pseudonyms: always the same one to the same person.

    Parameters
    ----------
    names : {"numbered", "hashed", "named"}
        ``"numbered"``: p0001, p0002, … in the order of appearance. ``"hashed"``: the same id in every log that is
        read with the same salt. ``"named"``: as written.
    salt : str
        For ``"hashed"``; keep it secret: without it, ids cannot be traced to guessed addresses.

    Examples
    --------
    >>> people = People()
    >>> people.id_of("someone@example.org"), people.id_of("Someone@example.org")
    ('p0001', 'p0001')
    >>> People("hashed", salt="pepper").id_of("someone@example.org")
    'p-...'
    """

    def __init__(self, names: Pseudonyms = "numbered", *, salt: str = "") -> None:
        if names not in get_args(Pseudonyms):
            told = did_you_mean(str(names), get_args(Pseudonyms))
            raise InvalidValueError(f"people must be numbered, hashed or named, not {quoted(names)}{told}")
        if names == "hashed" and not salt:
            raise InvalidValueError('people="hashed" needs a salt: a secret text of your own')
        self._names: Pseudonyms = names
        self._key = hashlib.sha256(salt.encode("utf-8", "surrogatepass")).digest()
        self._known: dict[str, str] = {}

    def id_of(self, person: str) -> str:
        """Return a person's id; upper and lower case are the same person."""
        key = person.strip().casefold() or "?"
        found = self._known.get(key)
        if found is None:
            found = self._made(key, person.strip())
            self._known[key] = found
        return found

    def _made(self, key: str, person: str) -> str:
        if self._names == "numbered":
            return f"p{len(self._known) + 1:04d}"
        if self._names == "hashed":
            return "p-" + hashlib.blake2b(key.encode("utf-8", "replace"), key=self._key, digest_size=5).hexdigest()
        return readable_name(person.encode("utf-8", "surrogateescape")) or "?"


@attrs.define
class _Commit:
    id: str
    author: str = ""
    merge: bool = False
    files: dict[str, int] = attrs.field(factory=dict)


def readable_name(name: bytes) -> str:
    r"""Turn the bytes of a path into text: what is not UTF-8, control characters and bare spaces become escapes.

    Parameters
    ----------
    name : bytes

    Returns
    -------
    str

    Examples
    --------
    >>> readable_name(b"caf\xc3\xa9"), readable_name(b"a\xffb"), readable_name(b"a\nb")
    ('café', 'a\\xffb', 'a\\x0ab')
    """
    text = name.decode("utf-8", "backslashreplace")
    if text.isspace():
        return "".join(f"\\x{ord(character):02x}" for character in text)
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or (ord(character) > 0x9F and character not in "\u2028\u2029")  # noqa: PLR2004 - the last control character
        else f"\\x{ord(character):02x}"
        for character in text
    )  # fmt: skip


def stream(
    lines: Iterable[bytes],
    *,
    component: Callable[[str], str | None] | None = None,
    people: People | None = None,
    merges: bool = False,
    source: str = "git log",
) -> Iterator[Change]:
    r"""Read changes while the log arrives; only one commit is held at a time.

    Parameters
    ----------
    lines : iterable of bytes
        An open binary file, or the output of a process. Lines of the log, or pieces of any size of the
        NUL-separated stream (which begins with a NUL).
    component : callable or None
        Says which component a path belongs to, None for none; None counts each file by itself.
    people : People or None
        Who becomes whom; numbered when None.
    merges : bool
        Whether to count what merges list (``-m``); normally others' work.
    source : str
        For messages.

    Yields
    ------
    Change
        One for each commit and component, with the number of files; newest first, as git writes.

    Raises
    ------
    ParseError
        With the line that is not of a log.

    Notes
    -----
    A renamed file counts where it went. In git's text a file whose name holds ``" => "`` cannot be told from a
    rename; the NUL-separated stream tells them apart.

    Examples
    --------
    >>> log = b"commit e5aa5c5f\nAuthor: A B <a@example.org>\n\n    Fix\n\n3\t1\tsrc/a.py\n-\t-\t{old => new}/b.png\n"
    >>> for change in stream(log.splitlines(keepends=True)):
    ...     print(change.author, change.component)
    p0001 src/a.py
    p0001 new/b.png
    """
    known = People() if people is None else people
    pieces = iter(lines)
    first = next(pieces, b"")
    reader = _nul_separated if first.startswith(b"\0") else _text
    for commit in reader(_again(first, pieces), source):
        if commit.merge and not merges:
            continue
        author = known.id_of(commit.author)
        counts: dict[str, int] = {}
        for path, files in commit.files.items():
            part = path if component is None else component(path)
            if part is not None:
                counts[part] = counts.get(part, 0) + files
        for part, files in counts.items():
            yield Change(commit=commit.id, author=author, component=part, files=files)


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _nul_separated(pieces: Iterator[bytes], source: str) -> Iterator[_Commit]:
    r"""Read ``-z --numstat --format=%x00@%H%x00%P%x00%aE%x00``: no name needs quotes."""
    fields = _fields(pieces)
    commit: _Commit | None = None
    for field in fields:
        bare = field.lstrip(b"\n")
        if not bare:
            continue
        if bare.startswith(b"@"):
            if commit is not None:
                yield commit
            parents, author = next(fields, b""), next(fields, b"")
            commit = _Commit(bare[1:].decode("utf-8", "replace"), author.decode("utf-8", "replace"))
            commit.merge = len(parents.split()) > 1
            continue
        parts = bare.split(b"\t", 2)
        if commit is None or len(parts) != 3 or not _is_count(parts[0]) or not _is_count(parts[1]):  # noqa: PLR2004 - added, deleted, path
            raise ParseError(f"{quoted(readable_name(bare))} is no line of git log -z --numstat", source=source)
        name = parts[2]
        if not name:
            next(fields, b"")
            name = next(fields, b"")
        commit.files[readable_name(name)] = 1
    if commit is not None:
        yield commit


def _fields(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole
    if rest.strip(b"\n"):
        yield rest


def _text(lines: Iterator[bytes], source: str) -> Iterator[_Commit]:
    commit: _Commit | None = None
    for number, line in enumerate(lines, 1):
        bare = line.rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf" if number == 1 else b"")
        if not bare or bare.startswith(b"    "):
            continue
        head = _head(bare)
        if head is not None:
            if commit is not None:
                yield commit
            commit = head
        elif commit is None or len(bare) > _LINE:
            message = f"{quoted(readable_name(bare))} is no line of git log --numstat; expected 'commit …'"
            raise ParseError(message, source=source, line=number, column=1)
        else:
            _take(commit, bare, source, number)
    if commit is not None:
        yield commit


def _head(line: bytes) -> _Commit | None:
    if line.startswith(b"commit "):
        words = line.split(b" ", 2)
        if _is_hash(words[1]):
            return _Commit(words[1].decode())
    if line.startswith(b"--"):
        parts = line[2:].split(b"--", 2)
        if len(parts) == 3 and _is_hash(parts[0]):  # noqa: PLR2004 - hash, date, author
            return _Commit(parts[0].decode(), parts[2].decode("utf-8", "replace"))
    return None


def _take(commit: _Commit, line: bytes, source: str, number: int) -> None:
    added, tab, rest = line.partition(b"\t")
    deleted, tab_too, name = rest.partition(b"\t")
    if tab and tab_too and _is_count(added) and _is_count(deleted) and name:
        commit.files[_after(name)] = 1
    elif line.startswith(b"Author:"):
        who = line[len(b"Author:") :].decode("utf-8", "replace").strip()
        name_part, opening, address = who.rpartition("<")
        commit.author = address.removesuffix(">") if opening and address != ">" else name_part or who
    elif line.startswith(b"Merge:"):
        commit.merge = True
    elif b":" not in line and not line.startswith(b" "):
        message = f"{quoted(readable_name(line))} is no line of git log --numstat"
        raise ParseError(message, source=source, line=number, column=1)


def _is_count(text: bytes) -> bool:
    return text == b"-" or text.isdigit()


def _is_hash(text: bytes) -> bool:
    return len(text) >= _SHORTEST_HASH and _HEX.issuperset(text)


def _after(name: bytes) -> str:
    """Return where a file is after the commit: renames are written ``old => new`` or ``a/{old => new}/b``."""
    if name.startswith(b'"') and name.endswith(b'"') and b'" => "' not in name:
        return readable_name(_unquoted(name))
    arrow = name.find(b" => ")
    if arrow < 0:
        return readable_name(name)
    opening, closing = name.rfind(b"{", 0, arrow), name.find(b"}", arrow)
    if opening >= 0 and closing >= 0:
        middle = name[arrow + 4 : closing]
        before, after = name[:opening], name[closing + 1 :]
        if not middle and before.endswith(b"/") and after.startswith(b"/"):
            after = after[1:]
        return readable_name(before + middle + after)
    new = name[arrow + 4 :]
    return readable_name(_unquoted(new) if new.startswith(b'"') and new.endswith(b'"') else new)


def _unquoted(name: bytes) -> bytes:
    """Undo the quotes that git puts around names with unusual bytes."""
    text = name[1:-1].decode("latin-1")
    made = bytearray()
    at = 0
    while at < len(text):
        character = text[at]
        digits = text[at + 1 : at + 4]
        if character != "\\":
            made += character.encode("latin-1")
            at += 1
        elif len(digits) == 3 and digits.isdigit() and "8" not in digits and "9" not in digits:  # noqa: PLR2004 - git writes three octal digits
            made.append(int(digits, 8) & 0xFF)
            at += 4
        else:
            made.append(_ESCAPES.get(text[at + 1 : at + 2], ord("?")))
            at += 2
    return bytes(made)


def loads(
    text: str | bytes,
    *,
    component: Callable[[str], str | None] | None = None,
    people: People | None = None,
    source: str = "git log",
) -> tuple[Change, ...]:
    r"""Read the changes of a log that is in memory.

    Parameters
    ----------
    text : str or bytes
        What ``git log --numstat`` printed.
    component, people, source
        As for `stream`.

    Returns
    -------
    tuple of Change

    Raises
    ------
    ParseError
        As for `stream`.

    Examples
    --------
    >>> log = "--e5aa5c5--2026-08-20--A B\n3\t1\tsrc/a.py\n2\t0\tdocs/b.md\n"
    >>> loads(log, component=lambda path: path.partition("/")[0])[1]
    Change(commit='e5aa5c5', author='p0001', component='docs', files=1)
    """
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    lines = [data] if data.startswith(b"\0") else data.split(b"\n")
    return tuple(stream(lines, component=component, people=people, source=source))


def load(
    path: str | os.PathLike[str],
    *,
    component: Callable[[str], str | None] | None = None,
    people: People | None = None,
) -> Iterator[Change]:
    r"""Read the changes of a log in a file, line by line.

    Parameters
    ----------
    path : path
        What ``git log --numstat > path`` wrote.
    component, people
        As for `stream`.

    Yields
    ------
    Change

    Raises
    ------
    FileError
        When the file cannot be read.
    ParseError
        As for `stream`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "log").write_text("--e5aa5c5--2026-08-20--A B\n3\t1\tsrc/a.py\n")
    ...     len(list(load(Path(folder, "log"))))
    1
    """
    try:
        with Path(path).open("rb") as lines:
            yield from stream(lines, component=component, people=people, source=os.fspath(path))
    except OSError as error:
        raise FileError(f"cannot read {quoted(os.fspath(path))}: {error.strerror or error}") from None
