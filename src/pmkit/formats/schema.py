"""The published JSON Schema of product files."""

from __future__ import annotations

from typing import Any

from pmkit import ost
from pmkit.experiments import Hypothesis
from pmkit.formats._product import SECTIONS, VERSION
from pmkit.formats._schema import schema_for

__all__ = ["product_schema"]

_LINKS: dict[str, object] = {
    "type": "array",
    "description": "Ties across the tree that are no parents.",
    "items": {
        "type": "object",
        "properties": {"target": {"type": "string"}, "kind": {"type": "string"}},
        "required": ["target"],
        "additionalProperties": False,
    },
}


def product_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of product files, made from the types.

    Returns
    -------
    dict
        Precise enough that an editor completes, and that a language model can fill it.

    Examples
    --------
    >>> schema = product_schema()
    >>> schema["properties"]["pmkit"], "tree" in schema["properties"]
    ({'const': 1}, True)
    """
    definitions: dict[str, Any] = {}
    replaced: dict[Any, dict[str, object]] = {
        Hypothesis: {"type": "string", "description": "The hypothesis as one sentence."}
    }
    sections: dict[str, object] = {"pmkit": {"const": VERSION}}
    for key, cls in SECTIONS.items():
        sections[key] = schema_for(cls, definitions, replaced)
    nodes = [_record(kind, definitions, replaced) for kind in ost.SCHEMA.kinds]
    sections["tree"] = {
        "type": "array",
        "description": "The opportunity solution tree as flat records; the order of siblings is that of the records.",
        "items": {"anyOf": nodes},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pmkit product file",
        "type": "object",
        "properties": sections,
        "patternProperties": {"^x-": {}},
        "required": ["pmkit"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _record(kind: str, definitions: dict[str, Any], replaced: dict[Any, dict[str, object]]) -> dict[str, object]:
    """Describe the records of one kind of node: its fields, its parent, and its links."""
    cls = ost.SCHEMA.kinds[kind]
    reference = schema_for(cls, definitions, replaced)
    described = definitions[cls.__name__]
    above = [upper for upper, lower in ost.SCHEMA.children.items() if kind in lower]
    parent = {"type": "string", "description": f"The id of the {' or '.join(above)} it hangs under."} if above else {}
    described["properties"] = {
        "kind": {"const": kind},
        **{name: _or_one(schema) for name, schema in described["properties"].items()},
        "parent": {"anyOf": [parent, {"type": "null"}]} if kind in ost.SCHEMA.roots else parent,
        "links": _LINKS,
    }
    described["required"] = list(dict.fromkeys(["kind", *described.get("required", ())]))
    if kind not in ost.SCHEMA.roots:
        described["required"].append("parent")
    return reference


def _or_one(schema: dict[str, object]) -> dict[str, object]:
    """Let one text stand alone where a record's list of texts is wanted, as the reader does."""
    items = schema.get("items")
    if not isinstance(items, dict) or items.get("type") != "string":
        return schema
    said = {name: schema[name] for name in ("description",) if name in schema}
    return {**said, "anyOf": [{"type": "array", "items": items}, items]}
