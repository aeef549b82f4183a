"""Product files: a whole workspace as YAML or JSON, in one file or a folder of files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pmkit.errors import FileError, InvalidValueError, SaveConflictError
from pmkit.formats._document import Document
from pmkit.formats._files import alone, decode, read_bytes, write_atomically
from pmkit.formats._json import read_json, write_json
from pmkit.formats._product import Located, from_documents, to_data
from pmkit.formats._yaml import read_yaml, write_yaml
from pmkit.model import quoted
from pmkit.workspace import Workspace

__all__ = [
    "Located",
    "Syntax",
    "dumps",
    "fingerprint",
    "has_comments",
    "load",
    "load_located",
    "loads",
    "loads_located",
    "product_files",
    "read_documents",
    "save",
]

Syntax = Literal["yaml", "json"]
_ENDINGS: dict[str, Syntax] = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
_FOLDER = {
    "tree.yaml": ("tree",),
    "jobs.yaml": ("jobs", "needs"),
    "surveys.yaml": ("surveys",),
    "experiments.yaml": ("hypotheses", "experiments"),
    "organization.yaml": ("organization",),
    "feedback.yaml": ("feedback", "roadmap"),
}
_MAIN_FILE = "product.yaml"


def loads(text: str, *, syntax: Syntax = "yaml", source: str = "<text>") -> Workspace:
    r"""Read a product from text.

    Parameters
    ----------
    text : str
        The document.
    syntax : "yaml" or "json"
        How it is written.
    source : str
        Its name, for messages.

    Returns
    -------
    Workspace

    Raises
    ------
    ParseError
        With every problem, each with line, column and path.

    Examples
    --------
    >>> loads("pmkit: 1\nname: Cinema\n").name
    'Cinema'
    >>> loads("pmkit: 1\nnmae: Cinema\n", source="product.yaml")
    Traceback (most recent call last):
    pmkit.errors.ParseError: product.yaml:2:7: unknown key 'nmae'; did you mean 'name'? at $.nmae ...
    """
    return from_documents([_read(text, syntax, source)]).workspace


def dumps(workspace: Workspace, *, syntax: Syntax = "yaml") -> str:
    """Write a product as text; `loads` reads it back to an equal workspace.

    Parameters
    ----------
    workspace : Workspace
    syntax : "yaml" or "json"

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(Workspace(name="Cinema")), end="")
    pmkit: 1
    name: Cinema
    """
    return _write(to_data(workspace), syntax)


def load(path: str | os.PathLike[str]) -> Workspace:
    """Read a product from a file, or from a folder that holds its files.

    Parameters
    ----------
    path : path
        A ``.yaml``, ``.yml`` or ``.json`` file, or a folder with such files; in a folder each
        file is a product file of its own, and their sections are put together.

    Returns
    -------
    Workspace

    Raises
    ------
    FileError
        When something cannot be read.
    ParseError
        With every problem of every file.

    Examples
    --------
    >>> load("no-such-product.yaml")
    Traceback (most recent call last):
    pmkit.errors.FileError: cannot read 'no-such-product.yaml': there is no such file or directory
    """
    return load_located(path).workspace


def load_located(path: str | os.PathLike[str]) -> Located:
    r"""Read a product, and remember where each of its things stands.

    Parameters
    ----------
    path : path
        As for `load`.

    Returns
    -------
    Located

    Raises
    ------
    FileError, ParseError
        As `load` does.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "product.yaml")
    ...     _ = file.write_text("pmkit: 1\ngoals:\n- {id: keep, title: People come back}\n")
    ...     load_located(file).locations["keep"].line
    3
    """
    return from_documents(
        [_read(decode(read_bytes(file), os.fspath(file)), _syntax(file), os.fspath(file)) for file in _files(path)]
    )


def loads_located(data: bytes, *, source: str = "<text>") -> Located:
    """Read a product from bytes that are YAML or JSON, and remember where each of its things stands.

    Parameters
    ----------
    data : bytes
        UTF-8; JSON when the first character that is no space is a brace, else YAML.
    source : str
        Its name, for messages.

    Returns
    -------
    Located

    Raises
    ------
    ParseError
        With every problem, each with its place.

    Examples
    --------
    >>> loads_located(b'{"pmkit": 1, "name": "Cinema"}').workspace.name
    'Cinema'
    """
    text = decode(data, source)
    return from_documents([_read(text, "json" if text.lstrip().startswith("{") else "yaml", source)])


def product_files(names: Iterable[str]) -> list[str]:
    """Choose the names of product files among those of a folder, in the order in which they are read.

    Parameters
    ----------
    names : iterable of str

    Returns
    -------
    list of str

    Examples
    --------
    >>> product_files(["tree.yaml", "README.md", ".hidden.yaml", "jobs.json"])
    ['jobs.json', 'tree.yaml']
    """
    return sorted(name for name in names if Path(name).suffix in _ENDINGS and not name.startswith("."))


def read_documents(contents: Mapping[str, bytes]) -> Located:
    r"""Read a product from the contents of its files, wherever they come from.

    Parameters
    ----------
    contents : mapping of str to bytes
        By name; the name's ending says whether it is YAML or JSON, and YAML where it says nothing.

    Returns
    -------
    Located

    Raises
    ------
    ParseError
        With every problem, each with its place.

    Examples
    --------
    >>> read_documents({"product.yaml": b"pmkit: 1\nname: Cinema\n"}).workspace.name
    'Cinema'
    """
    return from_documents(
        [
            _read(decode(data, name), _ENDINGS.get(Path(name).suffix.lower(), "yaml"), name)
            for name, data in contents.items()
        ]
    )


def has_comments(text: str, *, syntax: Syntax = "yaml", source: str = "<text>") -> bool:
    r"""Whether a document holds comments, which writing it anew would lose.

    Parameters
    ----------
    text : str
    syntax : "yaml" or "json"
        JSON has no comments.
    source : str
        Its name, for messages.

    Returns
    -------
    bool

    Raises
    ------
    ParseError
        When the text is not in that syntax.

    Examples
    --------
    >>> has_comments("pmkit: 1  # the format"), has_comments("pmkit: 1")
    (True, False)
    """
    return syntax == "yaml" and _read(text, syntax, source).commented


def fingerprint(path: str | os.PathLike[str]) -> str:
    """Return a fingerprint of a product's files, to tell `save` which state a change is based on.

    Parameters
    ----------
    path : path
        A file or a folder.

    Returns
    -------
    str
        Empty when there is nothing yet.

    Raises
    ------
    FileError
        When a file cannot be read, or the folder holds no product file.

    Examples
    --------
    >>> fingerprint("no-such-product.yaml")
    ''
    """
    if not Path(path).exists():
        return ""
    digest = hashlib.sha256()
    for file in _files(path):
        data = read_bytes(file)
        digest.update(f"{file.name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def save(
    workspace: Workspace,
    path: str | os.PathLike[str],
    *,
    based_on: str | None = None,
    drop_comments: bool = False,
) -> None:
    """Write a product to a file, or to a folder of files.

    Each file is replaced as a whole: a reader or a crash sees the old or the new one.

    Parameters
    ----------
    workspace : Workspace
    path : path
        A ``.yaml``, ``.yml`` or ``.json`` file, or an existing folder.
    based_on : str or None
        The `fingerprint` of the state that was read; when the files have changed since, nothing is written.
    drop_comments : bool
        Comments in the existing file are not kept; unless this is True, such a file is not overwritten.

    Raises
    ------
    SaveConflictError
        When someone else has written since, or is writing now.
    FileError
        When the existing file has comments, or something cannot be written; the old file stands.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Workspace(name="Cinema"), f"{folder}/product.yaml")
    ...     load(f"{folder}/product.yaml").name
    'Cinema'
    """
    target = Path(path)
    with alone(target):
        if based_on is not None and fingerprint(target) != based_on:
            message = f"{quoted(os.fspath(path))} has changed since it was read; read it again and repeat the change"
            raise SaveConflictError(message)
        contents = _contents(workspace, target)
        if not drop_comments:
            _want_no_comments([file for file in contents if file.exists()])
        for file, text in contents.items():
            write_atomically(file, text.encode())


def _contents(workspace: Workspace, target: Path) -> Mapping[Path, str]:
    data = to_data(workspace)
    if not target.is_dir():
        return {target: _write(data, _syntax(target))}
    contents: dict[Path, str] = {}
    for name, keys in _FOLDER.items():
        part = {key: data.pop(key) for key in keys if key in data}
        if part or (target / name).exists():
            contents[target / name] = _write({"pmkit": data["pmkit"], **part}, "yaml")
    contents[target / _MAIN_FILE] = _write(data, "yaml")
    known = {file.name for file in contents}
    strangers = [file.name for file in _files(target) if file.name not in known] if any(target.iterdir()) else []
    if strangers:
        message = f"{quoted(os.fspath(target))} holds product files of other names: {', '.join(strangers)}"
        raise FileError(f"{message}; move their content, or save to one file")
    return contents


def _want_no_comments(files: list[Path]) -> None:
    for file in files:
        name = os.fspath(file)
        if _syntax(file) == "yaml" and _read(decode(read_bytes(file), name), "yaml", name).commented:
            message = f"{quoted(name)} has comments, which a rewrite would lose"
            raise FileError(f"{message}; save elsewhere, or pass drop_comments=True")


def _files(path: str | os.PathLike[str]) -> list[Path]:
    target = Path(path)
    if not target.is_dir():
        return [target]
    found = [target / name for name in product_files(file.name for file in target.iterdir())]
    if not found:
        raise FileError(f"the folder {quoted(os.fspath(path))} holds no .yaml or .json file")
    return found


def _syntax(file: Path) -> Syntax:
    if file.suffix.lower() not in _ENDINGS:
        message = f"{quoted(os.fspath(file))}: a product file ends in {', '.join(_ENDINGS)}"
        raise InvalidValueError(message)
    return _ENDINGS[file.suffix.lower()]


def _read(text: str, syntax: Syntax, source: str) -> Document:
    return read_json(text, source) if syntax == "json" else read_yaml(text, source)


def _write(data: object, syntax: Syntax) -> str:
    return write_json(data) if syntax == "json" else write_yaml(data)
