"""Packages that load their names on first use say the same to Python as to type checkers."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from pmkit.model._late import late_names

SOURCE = Path(__file__).parents[2] / "src" / "pmkit"
LATE = sorted(path.parent.name for path in SOURCE.glob("*/__init__.py") if "late_names(" in path.read_text("utf-8"))


def promised(package: str) -> dict[str, tuple[str, str]]:
    """Read what an ``__init__`` promises to type checkers: the module and its own name, by public name."""
    tree = ast.parse((SOURCE / package / "__init__.py").read_text("utf-8"))
    return {
        alias.asname or alias.name: (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module not in ("__future__", "typing", "pmkit.model._late")
        for alias in node.names
    }


@pytest.mark.parametrize("package", LATE)
def test_every_name_is_what_type_checkers_were_told(package: str) -> None:
    module = importlib.import_module(f"pmkit.{package}")
    told = promised(package)
    assert set(told) == set(module.__all__)
    for public, (home, own) in told.items():
        assert getattr(module, public) is getattr(importlib.import_module(home), own), public
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("package", LATE)
def test_unknown_names_are_attribute_errors(package: str) -> None:
    module = importlib.import_module(f"pmkit.{package}")
    with pytest.raises(AttributeError, match=f"module 'pmkit.{package}' has no attribute 'no_such_name'"):
        _ = module.no_such_name


@pytest.mark.parametrize("package", LATE)
def test_asking_for_a_module_of_rules_loads_it(package: str) -> None:
    if not (SOURCE / package / "rules").is_dir():
        pytest.skip("this package has no rules")
    code = f"import pmkit.{package} as room; print(len(room.rules.RULES) > 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_names_are_found_once_and_then_kept() -> None:
    load, names = late_names("pmkit.model", {"_undefined": ("reason_code as late_code_of",)})
    model = importlib.import_module("pmkit.model")
    assert "late_code_of" in names()
    assert load("late_code_of") is model.reason_code
    assert vars(model).pop("late_code_of") is model.reason_code


def test_checking_a_tree_loads_no_numbers_and_no_other_room(tmp_path: Path) -> None:
    product = tmp_path / "product.yaml"
    product.write_text("pmkit: 1\ntree:\n- {id: o, kind: outcome, title: Increase weekly minutes watched}\n", "utf-8")
    code = (
        f"import sys; from pmkit.cli import main\n"
        f"try: main(['check', {str(product)!r}])\n"
        f"except SystemExit: print('loaded', *sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.partition("loaded ")[2].split()
    assert "pmkit.ost.rules" in loaded
    heavy = (
        "numpy",
        "scipy",
        "networkx",
        "pmkit.stats.",
        "pmkit.jtbd.",
        "pmkit.experiments._parse",
        "pmkit.conway.rules",
    )
    assert not [name for name in loaded if name.startswith(heavy)]
