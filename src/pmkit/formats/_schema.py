"""JSON Schema (2020-12) of pmkit's types, generated from the types themselves."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs

from pmkit.formats._structure import family, tag_of
from pmkit.model._fields import schema_of

__all__ = ["schema_for"]

_PRIMITIVES: dict[Any, dict[str, object]] = {
    str: {"type": "string"},
    float: {"type": "number"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    dt.date: {"type": "string", "format": "date"},
}
_ATTRIBUTE = re.compile(r"^(?P<names>\w+(?:, \w+)*) : .*$")


def schema_for(
    cls: Any, definitions: dict[str, object], replaced: Mapping[Any, dict[str, object]]
) -> dict[str, object]:
    """Return the schema of a type, adding the classes it needs to `definitions`.

    Parameters
    ----------
    cls : type
        An attrs class, or any type that a field of one may have.
    definitions : dict
        Filled with one entry for each class, to stand under ``$defs``.
    replaced : mapping
        Types that a document writes in another way, with the schema of that way.

    Returns
    -------
    dict
    """
    if cls in replaced:
        return dict(replaced[cls])
    if cls in _PRIMITIVES:
        return dict(_PRIMITIVES[cls])
    origin, members = get_origin(cls), get_args(cls)
    if origin is Literal:
        return {"type": "string", "enum": list(members)}
    if origin is tuple:
        return _of_tuple(members, definitions, replaced)
    if origin in {Mapping, dict}:
        return {"type": "object", "additionalProperties": schema_for(members[1], definitions, replaced)}
    if origin in {Union, UnionType}:
        options: list[dict[str, object]] = [
            schema_for(member, definitions, replaced) for member in members if member is not NoneType
        ]
        if NoneType in members:
            options.append({"type": "null"})
        return options[0] if len(options) == 1 else {"anyOf": options}
    if attrs.has(cls):
        children = family(cls)
        if children:
            return {"anyOf": [_reference(child, definitions, replaced) for child in children]}
        return _reference(cls, definitions, replaced)
    return {}


def _of_tuple(
    members: Sequence[Any], definitions: dict[str, object], replaced: Mapping[Any, dict[str, object]]
) -> dict[str, object]:
    if len(members) > 1 and members[-1] is not Ellipsis:
        items = [schema_for(member, definitions, replaced) for member in members]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    return {"type": "array", "items": schema_for(members[0], definitions, replaced)}


def _reference(
    cls: Any, definitions: dict[str, object], replaced: Mapping[Any, dict[str, object]]
) -> dict[str, object]:
    name = cls.__name__
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _of_class(cls, definitions, replaced)
    return {"$ref": f"#/$defs/{name}"}


def _of_class(cls: Any, definitions: dict[str, object], replaced: Mapping[Any, dict[str, object]]) -> dict[str, object]:
    described = _descriptions(cls)
    properties: dict[str, object] = {}
    required: list[str] = []
    tag = tag_of(cls)
    if tag:
        properties["kind"] = {"const": tag}
        required.append("kind")
    for field in attrs.fields(attrs.resolve_types(cls)):
        if not field.init:
            continue
        schema = schema_for(field.type, definitions, replaced)
        _narrow(schema, schema_of(field.validator))
        if field.name in described:
            schema["description"] = described[field.name]
        properties[field.alias] = schema
        if field.default is attrs.NOTHING:
            required.append(field.alias)
    made: dict[str, object] = {
        "type": "object",
        "description": (inspect.getdoc(cls) or "").split("\n\n")[0].replace("\n", " "),
        "properties": properties,
        "additionalProperties": False,
    }
    return {**made, "required": required} if required else made


def _narrow(schema: dict[str, object], limits: dict[str, object]) -> None:
    """Put a validator's limits where the value they limit is described."""
    options = schema.get("anyOf")
    if isinstance(options, list):
        for option in options:
            if option.get("type") not in {"null", "object"} and "$ref" not in option:
                _narrow(option, limits)
    elif schema.get("type") == "array":
        items, inner = schema.get("items"), limits.get("items")
        if isinstance(items, dict) and isinstance(inner, dict):
            _narrow(items, inner)
    elif "$ref" not in schema:
        schema.update({name: limit for name, limit in limits.items() if name != "items"})


def _descriptions(cls: Any) -> dict[str, str]:
    """Read what the class's docstring says of each attribute."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _attribute_lines(cls):
        head = _ATTRIBUTE.match(line)
        if head:
            current = []
            found.update(dict.fromkeys(head["names"].split(", "), current))
        elif line.startswith(" "):
            current.append(line.strip())
    return {name: " ".join(lines) for name, lines in found.items() if lines}


def _attribute_lines(cls: Any) -> list[str]:
    lines: list[str] = []
    for owner in reversed(cls.__mro__):
        _, _, section = (inspect.cleandoc(owner.__doc__ or "")).partition("Attributes\n----------\n")
        lines += re.split(r"\n\n\w+\n-{3,}\n", section)[0].splitlines()
    return lines
