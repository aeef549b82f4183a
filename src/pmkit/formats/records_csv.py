r"""CSV: a row for each node, with ``id``, ``kind``, ``title``, ``parent`` and a column for each field. Lossless.

Columns of several values (tags, components, outcomes) hold them between semicolons, or as a JSON list
where a value holds a comma, a semicolon, a quote or a bracket; evidence, criteria and links are JSON. A cell that a
spreadsheet could take for a formula gets an apostrophe in front, which reading takes off again.
"""

from __future__ import annotations

import re

from pmkit import ost
from pmkit.formats._cells import FIELDS, encode, several, shape_of
from pmkit.formats._document import Problem
from pmkit.formats._files import position
from pmkit.formats._marks import kind_word, marked
from pmkit.formats._sketch import Sketch, built, opened
from pmkit.model import did_you_mean, normalized_id, quoted
from pmkit.trees._build import collection_paused

__all__ = ["dumps", "loads", "neutralized", "restored"]

_DANGER = re.compile(r"\W*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]|'*%0[aAdD]")
_QUOTED = re.compile(r"""["\r\n\t,;|']|^\s|\s$""")
_CELL = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_MAIN = ("id", "kind", "title", "parent")
_NAMES = (*_MAIN, *FIELDS)
_ALIASES = {"type": "kind", "name": "title", "parent_id": "parent", "parent id": "parent"}
_MOST_HINTS = 20
_DELIMITERS = ",;\t"


def neutralized(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet could take for a formula.

    Parameters
    ----------
    cell : str

    Returns
    -------
    str

    Examples
    --------
    >>> neutralized("=1+1"), neutralized("plain")
    ("'=1+1", 'plain')
    """
    return "'" + cell if _DANGER.match(cell) else cell


def restored(cell: str) -> str:
    """Undo `neutralized`.

    Parameters
    ----------
    cell : str

    Returns
    -------
    str

    Examples
    --------
    >>> restored("'=1+1"), restored("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell[:1] == "'" and _DANGER.match(cell[1:]) else cell


def dumps(tree: ost.OstTree) -> str:
    """Write a tree as CSV; `loads` reads it back to an equal tree.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    str

    Examples
    --------
    >>> print(dumps(ost.new(ost.Outcome(id="watch", title="=Watch, more", tags=("tv", "kids")))), end="")
    id,kind,title,parent,tags
    watch,outcome,"'=Watch, more",,tv;kids
    """
    records = ost.to_records(tree)
    used = {name for record in records for name in record}
    names = [*_MAIN, *(name for name in FIELDS if name in used)]
    lines = [",".join(names)]
    for record in records:
        kind = str(record["kind"])
        lines.append(",".join(_written(kind, name, record.get(name)) for name in names))
    return "\n".join(lines) + "\n"


def _written(kind: str, name: str, value: object) -> str:
    if value is None:
        return ""
    if name in {"parent", "id"}:
        cell = neutralized(str(value))
    elif isinstance(value, (int, float)) and shape_of(kind, name) != "mixed":
        return encode(kind, name, value)
    else:
        cell = neutralized(encode(kind, name, value))
    if shape_of(kind, name) == "texts" and '"' not in cell and "," not in cell:
        return cell
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def loads(text: str, *, source: str = "<text>", forest: bool = False) -> ost.OstTree:
    r"""Read a tree from CSV.

    Parameters
    ----------
    text : str
        With a header; between commas, semicolons or tabs. Only a title is needed in each row: ids
        are made of the titles, and ``parent`` names ids, or titles where there is no column of ids.
        Kinds follow from the place where there is no column of kinds.
    source : str
        The text's name, for messages.
    forest : bool
        Ask for a forest: any number of roots, of any kind.

    Returns
    -------
    Tree

    Raises
    ------
    ParseError
        With every problem, each with its line and column.

    Examples
    --------
    >>> tree = loads("title,parent\nWatch more,\nI can't find a film,Watch more\n")
    >>> [(node.kind, node.title) for node in tree]
    [('outcome', 'Watch more'), ('opportunity', "I can't find a film")]
    """
    with collection_paused():
        return _read(text, source, forest=forest)


def _read(text: str, source: str, *, forest: bool) -> ost.OstTree:
    text = opened(text, source, exact=True)
    problems: list[Problem] = []
    rows = _rows(text, problems)
    names = _header(rows[0], problems) if rows else []
    if not rows:
        problems.append(Problem("there is no header here", 1, 1, hint="begin with id,kind,title,parent"))
    sketches: list[Sketch] = []
    parents: list[tuple[str, int, int]] = []
    for row in rows[1:]:
        if len(row) > len(names):
            cell, line, column = row[len(names)]
            problems.append(
                Problem(f"a cell too many, {quoted(cell, 60)}", line, column, hint="quote cells with commas")
            )
        elif len(row) < len(names):
            _, line, column = row[-1]
            problems.append(Problem(f"{len(row)} cells where the header has {len(names)}", line, column))
        sketch, parent = _sketch(dict(zip(names, row, strict=False)), row, problems)
        sketches.append(sketch)
        parents.append(parent)
    if not problems and not sketches:
        problems.append(Problem("there is no row below the header", 1, 1))
    _join(sketches, parents, by_title="id" not in names)
    return built(sketches, source, forest=forest, problems=problems)


_Cell = tuple[str, int, int]


def _rows(text: str, problems: list[Problem]) -> list[list[_Cell]]:
    """Split a text into rows of cells with their places; rows without any text are left out."""
    header = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=header.count)
    plain = re.compile(rf"[^{delimiter}\r\n]*")
    rows: list[list[_Cell]] = []
    row: list[_Cell] = []
    index, line, line_start = 0, 1, 0
    while True:
        place = (line, index - line_start + 1)
        found = _CELL.match(text, index) if text[index : index + 1] == '"' else None
        if found:
            cell, index = found[1].replace('""', '"'), found.end()
            if "\n" in found[1]:
                line += found[1].count("\n")
                line_start = text.rfind("\n", 0, index) + 1
        elif text[index : index + 1] == '"':
            problems.append(Problem("a quote is opened here and never closed", *place))
            return rows
        else:
            match = plain.match(text, index)
            cell = match.group() if match else ""
            index += len(cell)
        row.append((restored(cell), *place))
        after = text[index : index + 1]
        if after == delimiter:
            index += 1
            continue
        if after not in {"", "\n", "\r"}:
            where = position(text, index)
            problems.append(Problem("text goes on after a closing quote", *where, hint='write a quote inside as ""'))
            return rows
        if any(cell for cell, _, _ in row):
            rows.append(row)
        row = []
        if not after:
            return rows
        index += 2 if text[index : index + 2] == "\r\n" else 1
        line, line_start = line + 1, index
        if index == len(text):
            return rows


def _header(row: list[_Cell], problems: list[Problem]) -> list[str]:
    names: list[str] = []
    for cell, line, column in row:
        bare = cell.strip().lower()
        name = _ALIASES.get(bare, bare)
        if name not in _NAMES:
            hint = did_you_mean(bare, _NAMES) if len(problems) < _MOST_HINTS else ""
            message = f"unknown column {quoted(cell)}{hint}"
            problems.append(Problem(message, line, column, hint="the header is the first row"))
        elif name in names:
            problems.append(Problem(f"the column {quoted(name)} stands twice", line, column))
        names.append(name)
    if "title" not in names and not problems:
        problems.append(Problem("there is no column 'title'", row[0][1], row[0][2]))
    return names


def _sketch(cells: dict[str, _Cell], row: list[_Cell], problems: list[Problem]) -> tuple[Sketch, _Cell]:
    _, line, column = row[0]
    title = cells.pop("title", ("", line, column))
    identifier = cells.pop("id", ("", line, column))[0]
    kind = cells.pop("kind", ("", line, column))
    parent = cells.pop("parent", ("", line, column))
    sketch = Sketch(title[0], id=identifier, line=line, column=column)
    if kind[0].strip():
        sketch.kinds = kind_word(kind[0]) or sketch.kinds
        if not kind_word(kind[0]):
            problems.append(Problem(f"unknown kind {quoted(kind[0])}", kind[1], kind[2]))
    else:
        mark = marked(title[0])
        sketch.title, sketch.kinds = mark.title, mark.kinds
        if mark.fields:
            sketch.cells = dict(mark.fields)
        if mark.fault:
            problems.append(Problem(mark.fault, title[1], title[2]))
    if not title[0].strip():
        problems.append(Problem("the title is missing", title[1], title[2]))
    for name, (cell, *place) in cells.items():
        if cell:
            sketch.keep(name, cell, *place)
    return sketch, parent


def _join(sketches: list[Sketch], parents: list[_Cell], *, by_title: bool) -> None:
    """Turn the parents' names into positions; several names in one cell stay several parents."""
    index: dict[str, int] = {}
    for position_, sketch in enumerate(sketches):
        index.setdefault(normalized_id(sketch.title if by_title else sketch.id), position_)
    for sketch, (cell, _, _) in zip(sketches, parents, strict=True):
        if not cell:
            continue
        name = normalized_id(cell)
        if name not in index and len(names := _split(cell, index)) > 1:
            sketch.parents = tuple(index[each] for each in names)
        elif name in index:
            sketch.parents = (index[name],)
        else:
            sketch.stranger = cell


def _split(cell: str, index: dict[str, int]) -> list[str]:
    if cell[:1] in {"[", "{"}:
        return []
    parts = several(cell)
    names = [normalized_id(part) for part in parts] if isinstance(parts, list) else []
    return names if all(name in index for name in names) else []
