"""Fields as text: one cell each, read back by the type that the field has."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin

import attrs

from pmkit import ost
from pmkit.errors import InvalidValueError, ParseError
from pmkit.formats._json import read_json
from pmkit.model import quoted

__all__ = ["FIELDS", "decode", "encode", "several", "shape_of"]

Shape = Literal["text", "number", "flag", "date", "texts", "records", "record", "mixed", "links"]

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}")
_SIMPLE = re.compile(r"""[^\s;,"'\[\]{}](?:[^;,"\[\]{}\x00-\x1f\x7f-\x9f\u2028\u2029]*[^\s;,"\[\]{}])?""")
_BETWEEN = re.compile(r"[;,]")
_TRUTHS = {"true": True, "false": False, "yes": True, "no": False}


@lru_cache(maxsize=1)
def _shapes() -> Mapping[tuple[str, str], Shape]:
    return {
        (kind, field.name): _shape(field.type)
        for kind, cls in ost.SCHEMA.kinds.items()
        for field in attrs.fields(attrs.resolve_types(cls))
    }


def _shape(wanted: Any) -> Shape:
    members = get_args(wanted) if get_origin(wanted) in {Union, UnionType} else (wanted,)
    plain = {member for member in members if member is not NoneType}
    classes = {member for member in plain if attrs.has(member)}
    if any(get_origin(member) is tuple for member in plain):
        return "texts" if plain == {tuple[str, ...]} else "records"
    if classes:
        return "record"
    if float in plain:
        return "mixed" if str in plain else "number"
    if bool in plain:
        return "flag"
    return "date" if dt.date in plain else "text"


def shape_of(kind: str, name: str) -> Shape:
    """Return how a field of a kind is written; text for what no field describes."""
    return "links" if name == "links" else _shapes().get((kind, name), "text")


FIELDS: tuple[str, ...] = (
    *dict.fromkeys(
        field.name
        for cls in ost.SCHEMA.kinds.values()
        for field in attrs.fields(cls)
        if field.name not in {"id", "title"}
    ),
    "links",
)
"""Every field that a node of some kind has, and ``links``."""


def encode(kind: str, name: str, value: object) -> str:
    """Write a field's value, as `trees.to_records` gives it, as one cell of text."""
    shape = shape_of(kind, name)
    if shape == "texts":
        members = cast("list[str]", value)
        return ";".join(members) if all(map(_SIMPLE.fullmatch, members)) else _json(members)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, str):
        return _json(value)
    ambiguous = (shape == "mixed" and (value[:1] == '"' or _NUMBER.fullmatch(value.strip()))) or (
        shape == "record" and value[:1] in {'"', "{"}
    )
    return _json(value) if ambiguous else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_iso)


def _iso(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise InvalidValueError(f"{quoted(value)} cannot be written as text")


def decode(kind: str, name: str, cell: str) -> object:
    """Read one cell of text as what the field wants; what does not fit stays text, and its owner will say why.

    Raises
    ------
    InvalidValueError
        When what should be JSON is not.
    """
    shape = shape_of(kind, name)
    bare = cell.strip()
    if shape in {"number", "mixed"} and _NUMBER.fullmatch(bare):
        return int(bare) if _INTEGER.fullmatch(bare) else float(bare)
    if shape == "flag":
        return _TRUTHS.get(bare.lower(), cell)
    if shape == "date":
        return bare
    if shape in {"texts", "links"}:
        return several(cell)
    if shape == "records" or (shape == "record" and bare[:1] == "{"):
        return _read(bare)
    if shape in {"mixed", "record"} and bare[:1] == '"':
        return _read(bare)
    return cell


def several(cell: str) -> object:
    """Read a cell of several texts: a JSON list, or texts between semicolons or commas."""
    bare = cell.strip()
    if bare[:1] in {"[", "{"}:
        return _read(bare)
    return [member.strip() for member in _BETWEEN.split(bare) if member.strip()]


def _read(text: str) -> object:
    try:
        return read_json(text).data
    except ParseError as error:
        what = error.findings[0].message if error.findings else str(error)
        raise InvalidValueError(f"{quoted(text, 60)} is not JSON: {what}") from None
