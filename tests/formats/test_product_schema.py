"""The published schema says yes to every product that is read, and no to what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from pmkit.errors import ParseError
from pmkit.formats._product import to_data
from pmkit.formats.schema import product_schema
from pmkit.formats.workspace import dumps, load, loads
from pmkit.testing import workspaces
from pmkit.workspace import Workspace

SCHEMA: dict[str, Any] = json.loads(json.dumps(product_schema()))
KINDS = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def fits(data: Any, schema: dict[str, Any]) -> bool:
    """Check the part of JSON Schema that the published schema uses."""
    if "$ref" in schema:
        return fits(data, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema and not any(fits(data, option) for option in schema["anyOf"]):
        return False
    if "const" in schema and data != schema["const"]:
        return False
    if "enum" in schema and data not in schema["enum"]:
        return False
    kind = schema.get("type")
    if kind in {"number", "integer"}:
        wanted: Any = int if kind == "integer" else (int, float)
        if isinstance(data, bool) or not isinstance(data, wanted):
            return False
        return (
            schema.get("minimum", data) <= data <= schema.get("maximum", data)
            and ("exclusiveMinimum" not in schema or data > schema["exclusiveMinimum"])
            and ("exclusiveMaximum" not in schema or data < schema["exclusiveMaximum"])
        )
    if kind is not None and not isinstance(data, KINDS[kind]):
        return False
    if isinstance(data, str):
        return len(data) >= schema.get("minLength", 0)
    if isinstance(data, list):
        return all(fits(member, schema.get("items", {})) for member in data)
    return not isinstance(data, dict) or _fits_object(data, schema)


def _fits_object(data: dict[str, Any], schema: dict[str, Any]) -> bool:
    for key, member in data.items():
        if key in schema.get("properties", {}):
            good = fits(member, schema["properties"][key])
        elif any(re.search(pattern, key) for pattern in schema.get("patternProperties", {})):
            good = True
        else:
            rest = schema.get("additionalProperties", True)
            good = rest if isinstance(rest, bool) else fits(member, rest)
        if not good:
            return False
    return set(schema.get("required", ())) <= set(data)


@settings(max_examples=10)
@given(workspaces(max_rows=1, max_nodes=4))
def test_what_is_written_fits(workspace: Workspace) -> None:
    assert fits(json.loads(dumps(workspace, syntax="json")), SCHEMA)


def test_the_examples_fit() -> None:
    for path in sorted((Path(__file__).parents[2] / "examples").glob("*/product.yaml")):
        assert fits(json.loads(json.dumps(to_data(load(path)))), SCHEMA), path


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"pmkit": 2},
        {"pmkit": 1, "nmae": "x"},
        {"pmkit": 1, "goals": [{"id": "g"}]},
        {"pmkit": 1, "goals": [{"id": "g", "title": ""}]},
        {"pmkit": 1, "goals": {"id": "g", "title": "t"}},
        {"pmkit": 1, "tree": [{"id": "a", "kind": "outcom", "title": "t"}]},
        {"pmkit": 1, "tree": [{"id": "a", "kind": "opportunity", "title": "t"}]},
        {"pmkit": 1, "tree": [{"id": "a", "kind": "assumption", "title": "t", "parent": "b", "probability": 2}]},
        {"pmkit": 1, "roadmap": [{"id": "r", "title": "t", "horizon": "soon"}]},
    ],
)
def test_what_is_refused_does_not_fit(data: dict[str, Any]) -> None:
    assert not fits(data, SCHEMA)


def test_every_property_is_described_or_named_by_its_type() -> None:
    classes = [name for name, body in SCHEMA["$defs"].items() if not body.get("description")]
    assert classes == []
    assert all(body["additionalProperties"] is False for body in SCHEMA["$defs"].values())


RICH: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "rich_product.json").read_text())
WRONG: tuple[Any, ...] = (17, "no such word", [7], {"strange": 1})


def _paths(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    members = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, member in members:
        yield from _paths(member, (*path, step))


def test_whatever_is_read_fits() -> None:
    """The schema refuses nothing that the reader takes, whatever stands wherever."""
    taken = 0
    for path in _paths(RICH):
        for wrong in WRONG:
            changed = json.loads(json.dumps(RICH))
            parent: Any = changed
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = wrong
            try:
                loads(json.dumps(changed), syntax="json")
            except ParseError:
                continue
            taken += 1
            assert fits(changed, SCHEMA), (path, wrong)
    assert taken > 50


def test_the_rich_product_fits_and_uses_every_section() -> None:
    assert fits(RICH, SCHEMA)
    assert set(SCHEMA["properties"]) <= set(RICH)
