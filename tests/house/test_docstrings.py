"""Every public docstring is a page: what, parameters, returns, errors, a runnable example, the source of the method."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType

import attrs
import pytest

import pmkit

# An author of each method, whom its docstring must name.
SOURCES = {
    "conway.communication_channels": "Brooks",
    "conway.congruence": "Cataldo",
    "conway.degree_of_authorship": "Avelino",
    "conway.interaction_modes": "Skelton",
    "conway.mirroring": "MacCormack",
    "conway.modularity": "Newman",
    "conway.propagation_cost": "MacCormack",
    "conway.truck_factor": "Avelino",
    "conway.visibility": "MacCormack",
    "experiments.size": "Schultzberg",
    "experiments.value_of_test": "Raiffa",
    "jtbd.Forces": "Moesta",
    "jtbd.JobMap": "Bettencourt",
    "jtbd.JobStory": "Klement",
    "jtbd.SwitchTimeline": "Moesta",
    "jtbd.Tally": "Kish",
    "jtbd.opportunity_score": "Ulwick",
    "jtbd.segment_differences": "Westfall",
    "ost.Outcome": "Torres",
    "stats.Moments": "Chan",
    "stats.adjust_pvalues": "Benjamini",
    "stats.always_valid_p": "Johari",
    "stats.bootstrap": "Efron",
    "stats.cluster_sizing": "Kish",
    "stats.compare_means": "Fieller",
    "stats.compare_proportions": "Miettinen",
    "stats.compare_ratios": "Deng",
    "stats.confidence_sequence": "Waudby-Smith",
    "stats.evpi": "Raiffa",
    "stats.group_sequential": "Armitage",
    "stats.msprt": "Johari",
    "stats.proportion_interval": "Wilson",
    "stats.spent_alpha": "Lan",
}
# The helper that they call can refuse, but not what they give it.
SAFE = {
    "experiments.canonical_rule": "a plan holds nothing that has no canonical form",
    "jtbd.draw_timeline": "wraps text at a width of its own",
    "ost.to_networkx": "networkx comes with every installation",
}
NAMESPACE = "pmkit."


def rooms() -> Iterator[ModuleType]:
    """Yield every public namespace, and the modules that are formats."""
    for name in sorted(set(pmkit.__all__) - {"__version__", "load", "save"}):
        room = importlib.import_module(NAMESPACE + name)
        yield room
        if name == "formats":
            for found in pkgutil.iter_modules(room.__path__):
                if not found.name.startswith("_"):
                    yield importlib.import_module(f"{room.__name__}.{found.name}")


def public() -> dict[str, object]:
    """Return every public function and class, once, by its name without ``pmkit.``."""
    found: dict[int, tuple[str, object]] = {}
    for room in rooms():
        for name in room.__all__:
            thing = getattr(room, name)
            if inspect.isfunction(thing) or inspect.isclass(thing):
                found.setdefault(id(thing), (f"{room.__name__.removeprefix(NAMESPACE)}.{name}", thing))
    return dict(sorted(found.values(), key=lambda pair: pair[0]))


PUBLIC = public()
FUNCTIONS = {name: thing for name, thing in PUBLIC.items() if inspect.isfunction(thing)}
VALUES = {name: thing for name, thing in PUBLIC.items() if inspect.isclass(thing) and attrs.has(thing)}


def documentation(thing: object) -> str:
    return inspect.cleandoc(thing.__doc__ or "")


def section(name: str, text: str) -> str | None:
    """Return what stands in a section of a NumPy docstring, or None where it is missing."""
    found = re.search(rf"^{name}\n-+\n(.*?)(?=\n\n\S[^\n]*\n---+\n|\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else None


def named(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word.lstrip('_'))}(?!\w)", text) is not None


def tree_of(function: Callable[..., object]) -> ast.AST:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except OSError:  # made by attrs: it has no source, and is documented by its class
        return ast.Module(body=[], type_ignores=[])


def refuses(function: Callable[..., object], *, look_further: bool = True) -> bool:
    """Whether a function raises, itself or in a helper that it calls by name outside of ``try``."""
    function = inspect.unwrap(function)
    tree = tree_of(function)
    if any(isinstance(node, ast.Raise) and node.exc is not None for node in ast.walk(tree)):
        return True
    tried = {id(n) for block in ast.walk(tree) if isinstance(block, ast.Try) for s in block.body for n in ast.walk(s)}
    calls = (
        n.func.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and id(n) not in tried
    )
    helpers = (function.__globals__.get(name) for name in calls)
    return look_further and any(
        refuses(helper, look_further=False)
        for helper in helpers
        if inspect.isfunction(helper) and helper.__module__.startswith(NAMESPACE)
    )


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_public_has_a_runnable_example(name: str) -> None:
    examples = section("Examples", documentation(PUBLIC[name]))
    assert examples is not None
    assert ">>> " in examples


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_name_their_parameters_and_what_they_return(name: str) -> None:
    text, signature = documentation(FUNCTIONS[name]), inspect.signature(FUNCTIONS[name])
    described = section("Parameters", text)
    assert (described is not None) == bool(signature.parameters)
    assert not [word for word in signature.parameters if not named(word, described or "")]
    assert signature.return_annotation == "None" or section("Returns", text) or section("Yields", text)


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - SAFE.keys()))
def test_functions_that_refuse_say_so(name: str) -> None:
    if refuses(FUNCTIONS[name]):
        assert section("Raises", documentation(FUNCTIONS[name]))


@pytest.mark.parametrize("name", VALUES)
def test_values_describe_their_fields_and_methods(name: str) -> None:
    kind = VALUES[name]
    text = "\n".join(documentation(base) for base in kind.__mro__ if base is not object)
    fields = [field.name for field in attrs.fields(kind) if field.init or not field.name.startswith("_")]
    assert not [field for field in fields if not named(field, text)]
    methods = [getattr(value, "__func__", getattr(value, "fget", value)) for value in vars(kind).values()]
    public_ones = [method for method in methods if inspect.isfunction(method) and not method.__name__.startswith("_")]
    assert not [
        method.__name__ for method in public_ones if not method.__doc__ and method.__code__.co_filename[0] != "<"
    ]


@pytest.mark.parametrize(("name", "author"), SOURCES.items())
def test_methods_name_their_source(name: str, author: str) -> None:
    assert author in documentation(PUBLIC[name])


def test_the_exceptions_are_still_needed() -> None:
    assert [name for name in SAFE if refuses(FUNCTIONS[name])] == list(SAFE)
