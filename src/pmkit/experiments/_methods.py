"""The catalogue of test methods: what each can show, how strong that is, and what it takes."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Literal, cast, get_args

import attrs

from pmkit.errors import InvalidValueError
from pmkit.experiments._convert import by_name, is_a, is_number, to_pair
from pmkit.model import Table, Value, did_you_mean, frozen_mapping, quoted, unknown_id
from pmkit.model import _fields as fields

__all__ = ["Catalogue", "Category", "Method", "catalogue", "extend_catalogue", "recommend"]

Category = Literal["desirability", "usability", "feasibility", "viability", "ethical"]
CATEGORIES: tuple[Category, ...] = get_args(Category)


def _to_categories(words: str | Iterable[str]) -> tuple[Category, ...]:
    return cast("tuple[Category, ...]", fields.to_texts(words))


@attrs.frozen(kw_only=True)
class Method:
    """A way to test an assumption.

    Attributes
    ----------
    id, name : str
    anchor : str
        Its rung on the confidence meter, such as ``"test results"``.
    strength : float
        Evidence strength on the meter's scale, 0.01 (self-conviction) to 10 (launch data).
    categories : tuple of str
        The kinds of assumption that it can speak to.
    shows, cannot_show : str
    person_days : (float, float)
        What it typically costs in people's time, low and high.
    needs_product : bool
        Whether it needs something that is built and in use.
    days : (float, float)
        How long it typically takes, in calendar days, low and high.

    Examples
    --------
    >>> catalogue()["fake-door"].strength
    4.0
    """

    id: str = attrs.field(validator=fields.identifier)
    name: str = attrs.field(validator=fields.title)
    anchor: str = attrs.field(validator=fields.title)
    strength: float = attrs.field(validator=fields.number(0, 10))
    categories: tuple[Category, ...] = attrs.field(
        converter=_to_categories, validator=fields.tuple_of(fields.one_of(CATEGORIES))
    )
    needs_product: bool = attrs.field(default=False, validator=fields.flag)
    shows: str = attrs.field(validator=fields.title)
    cannot_show: str = attrs.field(validator=fields.title)
    person_days: tuple[float, float] = attrs.field(converter=to_pair, validator=fields.tuple_of(fields.number(0)))
    days: tuple[float, float] = attrs.field(converter=to_pair, validator=fields.tuple_of(fields.number(0)))

    def __attrs_post_init__(self) -> None:
        for name in ("person_days", "days"):
            pair = getattr(self, name)
            if len(pair) != 2 or pair[0] > pair[1]:  # noqa: PLR2004 - low and high
                raise InvalidValueError(f"method {quoted(self.id)}: {name} must be low and high, not {pair}")


def _methods(value: Mapping[str, Method]) -> Mapping[str, Method]:
    return frozen_mapping(value)


@attrs.frozen(kw_only=True)
class Catalogue(Value, Table):
    """Methods by id.

    Attributes
    ----------
    version : str
    methods : mapping of str to Method
    needed : mapping of str to float
        The evidence strength that a decision asks for, by what is at stake: explore, build, launch.

    Examples
    --------
    >>> from pmkit import experiments as ex
    >>> methods = ex.catalogue()
    >>> "fake-door" in methods, methods["fake-door"].strength
    (True, 4.0)
    """

    version: str
    methods: Mapping[str, Method] = attrs.field(converter=_methods)
    needed: Mapping[str, float] = attrs.field(converter=by_name)

    def __len__(self) -> int:
        return len(self.methods)

    def __iter__(self) -> Iterator[Method]:
        return iter(self.methods.values())

    def __contains__(self, identifier: object) -> bool:
        return identifier in self.methods

    def __getitem__(self, identifier: str) -> Method:
        if identifier not in self.methods:
            raise unknown_id("method", identifier, self.methods)
        return self.methods[identifier]

    def to_dicts(self) -> list[dict[str, object]]:
        """Return one row per method."""
        return [attrs.asdict(method, recurse=False) for method in self.methods.values()]


@functools.cache
def catalogue() -> Catalogue:
    """Return the packaged catalogue.

    Returns
    -------
    Catalogue
        Strengths follow Gilad's confidence meter; its anchors differ by edition, so the table carries a version.
        Costs and days are typical ranges and ours.

    Examples
    --------
    >>> len(catalogue()) >= 25
    True
    >>> catalogue()["fake-dor"]
    Traceback (most recent call last):
    pmkit.errors.UnknownIdError: no method 'fake-dor'; did you mean 'fake-door'?
    """
    document = json.loads(resources.files("pmkit.experiments").joinpath("methods.json").read_text("utf-8"))
    methods = {row["id"]: Method(**row) for row in document["methods"]}
    return Catalogue(version=document["version"], methods=methods, needed=document["needed"])


def extend_catalogue(base: Catalogue, methods: Iterable[Method]) -> Catalogue:
    """Add methods of your own, or replace some by id.

    Parameters
    ----------
    base : Catalogue
    methods : iterable of Method

    Returns
    -------
    Catalogue

    Raises
    ------
    InvalidValueError
        For what is no catalogue or no method.

    Examples
    --------
    >>> tasting = Method(id="tasting", name="Tasting", anchor="user evidence", strength=3, categories=["desirability"],
    ...     shows="whether they like it", cannot_show="whether they buy it", person_days=(1, 2), days=(1, 3))
    >>> "tasting" in extend_catalogue(catalogue(), [tasting])
    True
    """
    methods = tuple(methods)
    if not is_a(base, Catalogue):
        raise InvalidValueError(f"extend_catalogue takes a Catalogue such as catalogue(), not {quoted(base)}")
    strange = [quoted(method) for method in methods if not is_a(method, Method)]
    if strange:
        raise InvalidValueError(f"a catalogue holds methods, made by Method(…), not {', '.join(strange)}")
    return attrs.evolve(base, methods={**base.methods, **{method.id: method for method in methods}})


def recommend(
    assumption: str | Mapping[str, object] | object,
    *,
    at_least: float | str = 0.0,
    built: bool = False,
    methods: Catalogue | None = None,
) -> tuple[Method, ...]:
    """Recommend ways to test an assumption, by its category.

    Parameters
    ----------
    assumption : str, mapping or object
        A category, in any case, or something with a ``category``: a tree's record or node.
    at_least : float or str
        The evidence strength that is needed, on the meter's scale from 0 to 10, or what is at stake, "explore",
        "build" or "launch" (`Catalogue.needed` says what each asks for).
    built : bool
        Whether the thing is built and in use; only then methods that need that are considered.
    methods : Catalogue or None
        The packaged catalogue when None.

    Returns
    -------
    tuple of Method
        Cheapest first; empty when none is strong enough. Only methods that no other beats: none is at least as
        strong, as cheap and as quick at once.

    Raises
    ------
    InvalidValueError
        For a category that is missing or unknown, and for a strength that is neither a number from 0 to 10 nor a
        stake.

    Examples
    --------
    >>> [method.id for method in recommend("feasibility", at_least=4)]
    ['data-backtest', 'technical-spike', 'single-feature']
    >>> recommend("feasibility", at_least=4) == recommend("Feasibility", at_least="launch")
    True
    """
    known = methods if methods is not None else catalogue()
    if not is_a(known, Catalogue):
        raise InvalidValueError(f"methods must be a Catalogue, not {quoted(known)}")
    strength = _strength(at_least, known)
    if isinstance(assumption, str):
        category: object = assumption
    elif isinstance(assumption, Mapping):
        category = assumption.get("category")
    else:
        category = getattr(assumption, "category", None)
    category = category.strip().lower() if isinstance(category, str) else category
    if not isinstance(category, str) or category not in CATEGORIES:
        hint = did_you_mean(category, CATEGORIES) if isinstance(category, str) else ""
        raise InvalidValueError(f"the category must be one of {', '.join(CATEGORIES)}, not {quoted(category)}{hint}")
    fitting = [
        one
        for one in known.methods.values()
        if category in one.categories and one.strength >= strength and (built or not one.needs_product)
    ]
    best = [one for one in fitting if not any(_beats(other, one) for other in fitting)]
    return tuple(sorted(best, key=lambda one: (sum(one.person_days), sum(one.days), -one.strength, one.id)))


def _strength(at_least: object, known: Catalogue) -> float:
    if isinstance(at_least, str) and at_least in known.needed:
        return known.needed[at_least]
    strongest = 10
    if isinstance(at_least, (int, float)) and is_number(at_least) and 0 <= at_least <= strongest:
        return float(at_least)
    stakes = ", ".join(known.needed)
    hint = did_you_mean(at_least, known.needed) if isinstance(at_least, str) else ""
    raise InvalidValueError(f"at_least must be a number from 0 to 10, or {stakes}, not {quoted(at_least)}{hint}")


def _beats(other: Method, one: Method) -> bool:
    mine = (-one.strength, sum(one.person_days), sum(one.days))
    theirs = (-other.strength, sum(other.person_days), sum(other.days))
    return theirs != mine and all(their <= my for their, my in zip(theirs, mine, strict=True))
