"""Write every public signature to tests/house/signatures.txt; a change there is a change of the API."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from pathlib import Path

import attrs

import pmkit

TARGET = Path(__file__).parents[1] / "tests" / "house" / "signatures.txt"
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def parameters(thing: object) -> str:
    """Show the parameters of a function or class, defaults included and annotations left out."""
    try:
        signature = inspect.signature(thing)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return ADDRESS.sub("", str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty)))


def described(name: str, thing: object) -> list[str]:
    """Describe one public thing: a line, and one more for each public method of a class."""
    if inspect.isclass(thing):
        lines = [f"class {name}{parameters(thing) if attrs.has(thing) else ''}"]
        for method, value in sorted(vars(thing).items()):
            if not method.startswith("_") and inspect.isfunction(value):
                lines.append(f"    {method}{parameters(value)}")
            elif isinstance(value, property) and not method.startswith("_"):
                lines.append(f"    {method}")
        return lines
    return [f"{name}{parameters(thing)}" if callable(thing) else name]


def signatures() -> str:
    """Return all public signatures as text."""
    lines: list[str] = []
    for room in sorted(set(pmkit.__all__) - {"__version__", "load", "save"}):
        module = importlib.import_module(f"pmkit.{room}")
        for name in sorted(module.__all__):
            lines.extend(described(f"pmkit.{room}.{name}", getattr(module, name)))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(signatures(), encoding="utf-8")
    sys.stdout.write(f"{TARGET.name}: {len(signatures().splitlines())} lines\n")
