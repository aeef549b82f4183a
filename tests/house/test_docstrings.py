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


def has_a_runnable_example(thing: object) -> bool:
    return ">>> " in (section("Examples", documentation(thing)) or "")


def names_what_goes_in_and_out(function: Callable[..., object]) -> bool:
    text, signature = documentation(function), inspect.signature(function)
    described = section("Parameters", text)
    out = signature.return_annotation == "None" or section("Returns", text) or section("Yields", text)
    every = all(named(word, described or "") for word in signature.parameters)
    return every and bool(out) and (described is not None) == bool(signature.parameters)


def describes_fields_and_methods(kind: type) -> bool:
    text = "\n".join(documentation(base) for base in kind.__mro__ if base is not object)
    fields = [field.name for field in attrs.fields(kind) if field.init or not field.name.startswith("_")]
    methods = [getattr(value, "__func__", getattr(value, "fget", value)) for value in vars(kind).values()]
    public_ones = [method for method in methods if inspect.isfunction(method) and not method.__name__.startswith("_")]
    told = all(method.__doc__ or method.__code__.co_filename[0] == "<" for method in public_ones)
    return told and all(named(field, text) for field in fields)


def test_there_is_much_to_look_at() -> None:
    assert len(FUNCTIONS) > 300
    assert len(VALUES) > 150


def test_everything_public_has_a_runnable_example() -> None:
    assert not [name for name, thing in PUBLIC.items() if not has_a_runnable_example(thing)]


def test_functions_name_their_parameters_and_what_they_return() -> None:
    assert not [name for name, function in FUNCTIONS.items() if not names_what_goes_in_and_out(function)]


def test_functions_that_refuse_say_so() -> None:
    refusing = {name: thing for name, thing in FUNCTIONS.items() if name not in SAFE and refuses(thing)}
    assert not [name for name, thing in refusing.items() if not section("Raises", documentation(thing))]


def test_values_describe_their_fields_and_methods() -> None:
    assert not [name for name, kind in VALUES.items() if not describes_fields_and_methods(kind)]


@pytest.mark.parametrize(("name", "author"), SOURCES.items())
def test_methods_name_their_source(name: str, author: str) -> None:
    assert author in documentation(PUBLIC[name])


def test_the_exceptions_are_still_needed() -> None:
    assert [name for name in SAFE if refuses(FUNCTIONS[name])] == list(SAFE)
