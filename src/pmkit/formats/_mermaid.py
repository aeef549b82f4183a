"""What Mermaid's flowcharts and mindmaps share: safe labels and names, and reading them back."""

from __future__ import annotations

import html
import re

from pmkit import ost
from pmkit.formats._sketch import KINDS

__all__ = ["CLASS_DEFINITIONS", "holds_id", "label", "names", "unlabel"]

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*")
_OURS = re.compile(r"n[0-9]+")
_RESERVED = frozenset(
    [
        "end",
        "graph",
        "flowchart",
        "subgraph",
        "mindmap",
        "root",
        "click",
        "style",
        "class",
        "classdef",
        "linkstyle",
        "default",
        "direction",
        "call",
        "href",
        "interpolate",
        "acctitle",
        "accdescr",
        "title",
        "section",
        "icon",
        "node",
        "edge",
        "tb",
        "td",
        "bt",
        "lr",
        "rl",
        "br",
    ]
)
_UNSAFE = re.compile(r"[^\w ]|_")
_CODE = re.compile(
    r"#(?:([0-9]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]\w{1,31});"
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LARGEST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)

_COLORS = {
    "outcome": "fill:#e8e3f8,stroke:#5b4aa8,color:#1b1b1f",
    "opportunity": "fill:#dcecf9,stroke:#2a6da8,color:#1b1b1f",
    "solution": "fill:#dff2e1,stroke:#2f7d3b,color:#1b1b1f",
    "assumption": "fill:#fdf0cf,stroke:#a37200,color:#1b1b1f",
    "test": "fill:#fbe0dc,stroke:#b2452f,color:#1b1b1f",
}
CLASS_DEFINITIONS = tuple(f"classDef {kind} {_COLORS[kind]}" for kind in KINDS)
"""How a flowchart's kinds look."""


def label(text: str) -> str:
    """Write any text as a label in double quotes: everything but letters, digits and inner spaces as ``#code;``.

    Examples
    --------
    >>> label('<b> & "x"')
    '"#60;b#62; #38; #34;x#34;"'
    """
    core = text.strip(" ")
    start = text.find(core) if core else len(text)
    edges = "#32;" * start, "#32;" * (len(text) - start - len(core))
    return '"' + edges[0] + _UNSAFE.sub(lambda match: f"#{ord(match.group())};", core) + edges[1] + '"'


def unlabel(text: str) -> str:
    """Read a label: codes and line breaks become what they stand for."""
    return _CODE.sub(_character, _BREAK.sub("\n", text))


def _character(match: re.Match[str]) -> str:
    decimal, name = match.groups()
    if decimal:
        code = int(decimal)
        return chr(code) if code <= _LARGEST and code not in _SURROGATES else "\ufffd"
    return html.unescape(f"&{name};" if name else match.group())


def holds_id(identifier: str) -> bool:
    """Whether a diagram can name a node by its id."""
    parts = re.split(r"[_-]", identifier.lower())
    return bool(_NAME.fullmatch(identifier)) and not _OURS.fullmatch(identifier) and _RESERVED.isdisjoint(parts)


def names(tree: ost.OstTree) -> dict[str, str]:
    """Give each node a name that no diagram can misread: its id where that is safe, else a number."""
    made: dict[str, str] = {}
    for number, node in enumerate(tree, 1):
        made[node.id] = node.id if holds_id(node.id) else f"n{number}"
    return made
