"""Zones of the opportunity landscape: published schemes, with every endpoint said."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import _fields as fields
from pmkit.model import did_you_mean, frozen_mapping, quoted
from pmkit.stats._arrays import FloatArray

__all__ = ["OVERSERVED", "ZONE_SCHEMES", "Cut", "SchemeName", "ZoneScheme", "chosen_scheme", "zone_indices", "zone_of"]

SchemeName: TypeAlias = Literal["ulwick", "ulwick-15-up", "landscape", "overserved-below-10", "overserved-below-8"]
"""The names of the published schemes."""

OVERSERVED = "overserved"
"""The zone of what is satisfied more than it matters."""

ROUNDING = 1e-9
HIGHEST = 20.0


@attrs.frozen
class Cut:
    """Where one zone ends and the next begins.

    Attributes
    ----------
    at : float
        A score from 0 to 20.
    upward : bool
        Whether a score of exactly `at` belongs to the zone above.

    Examples
    --------
    >>> Cut(15, upward=False)
    Cut(at=15, upward=False)
    """

    at: float = attrs.field(validator=fields.number(0, HIGHEST))
    upward: bool = attrs.field(default=True, validator=fields.flag)

    def __str__(self) -> str:
        return f"{self.at:g} ({'in the zone above' if self.upward else 'in the zone below'})"


def _cuts(value: Iterable[Cut]) -> tuple[Cut, ...]:
    return fields.to_tuple(value)


@attrs.frozen(kw_only=True)
class ZoneScheme:
    """Names for parts of the scale of opportunity scores.

    Attributes
    ----------
    name : str
    zones : tuple of str
        From the lowest score to the highest, one more than there are cuts.
    cuts : tuple of Cut
        Between the zones, rising.
    overserved : bool
        Whether an outcome that is more satisfied than important is ``"overserved"`` whatever its score.
    source : str
        Who uses it.

    Examples
    --------
    >>> scheme = ZoneScheme(name="ours", zones=("later", "now"), cuts=(Cut(11),), source="agreed in March")
    >>> scheme.labels
    ('later', 'now')
    >>> zone_of(11, scheme=scheme)
    'now'
    """

    name: str = attrs.field(validator=fields.title)
    zones: tuple[str, ...] = attrs.field(converter=fields.to_texts, validator=fields.tuple_of(fields.title))
    cuts: tuple[Cut, ...] = attrs.field(converter=_cuts, validator=fields.tuple_of(fields.of_type(Cut, "a Cut")))
    overserved: bool = attrs.field(default=False, validator=fields.flag)
    source: str = attrs.field(default="", validator=fields.text)

    def __attrs_post_init__(self) -> None:
        """Want one more zone than cuts, names of their own, and rising cuts."""
        places = [cut.at for cut in self.cuts]
        if len(self.zones) != len(places) + 1:
            message = f"zone scheme {quoted(self.name)} has {len(places)} cuts, so it must have {len(places) + 1} zones"
            raise InvalidValueError(f"{message}, not {len(self.zones)}", field="zones")
        if len(set(self.labels)) < len(self.labels):
            raise InvalidValueError(f"zone scheme {quoted(self.name)} names a zone twice", field="zones")
        if any(low >= high for low, high in itertools.pairwise(places)):
            raise InvalidValueError(f"the cuts of zone scheme {quoted(self.name)} must rise", field="cuts")

    @property
    def labels(self) -> tuple[str, ...]:
        """Every zone an outcome can be in: overserved first where the scheme knows it, then rising."""
        return (OVERSERVED, *self.zones) if self.overserved else self.zones


_ULWICK = ("unattractive", "worth considering", "low-hanging fruit", "extreme")

ZONE_SCHEMES: Mapping[str, ZoneScheme] = frozen_mapping(
    {
        scheme.name: scheme
        for scheme in (
            ZoneScheme(
                name="ulwick",
                zones=_ULWICK,
                cuts=(Cut(10), Cut(12), Cut(15, upward=False)),
                source="Ulwick, What Customers Want (2005): above 15, 12 to 15, 10 to 12, below 10",
            ),
            ZoneScheme(
                name="ulwick-15-up",
                zones=_ULWICK,
                cuts=(Cut(10), Cut(12), Cut(15)),
                source="the same with 15 itself extreme, as several calculators have it",
            ),
            ZoneScheme(
                name="landscape",
                zones=("appropriately served", "underserved"),
                cuts=(Cut(10),),
                overserved=True,
                source="Ulwick (2005), opportunity landscape: overserved where satisfaction exceeds importance",
            ),
            ZoneScheme(
                name="overserved-below-10",
                zones=(OVERSERVED, "appropriately served", "underserved"),
                cuts=(Cut(10), Cut(12)),
                source="score alone: below 10 is called overserved; that 12 is underserved is stated here",
            ),
            ZoneScheme(
                name="overserved-below-8",
                zones=(OVERSERVED, "appropriately served", "underserved"),
                cuts=(Cut(8), Cut(10)),
                source="score alone: below 8 is called overserved; that 10 is underserved is stated here",
            ),
        )
    }
)
"""The published schemes by name. Sources leave endpoints open; each `Cut` says where its own belongs."""


def chosen_scheme(scheme: object) -> ZoneScheme:
    """Give a scheme by its name, or the scheme itself."""
    if isinstance(scheme, ZoneScheme):
        return scheme
    if isinstance(scheme, str) and scheme in ZONE_SCHEMES:
        return ZONE_SCHEMES[scheme]
    hint = did_you_mean(scheme, ZONE_SCHEMES) if isinstance(scheme, str) else ""
    known = ", ".join(ZONE_SCHEMES)
    raise InvalidValueError(f"scheme must be a ZoneScheme or one of {known}, not {quoted(scheme)}{hint}")


def zone_indices(
    score: FloatArray, over: FloatArray, scheme: ZoneScheme
) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Give the place in ``scheme.labels`` of each score; `over` is satisfaction less importance."""
    found = np.zeros(score.shape, np.intp)
    for cut in scheme.cuts:  # shares of respondents carry rounding: an endpoint is met within it
        found += score >= cut.at - ROUNDING if cut.upward else score > cut.at + ROUNDING
    if scheme.overserved:
        found = np.where(over > ROUNDING, 0, found + 1)
    return found


def zone_of(
    score: float,
    *,
    importance: float | None = None,
    satisfaction: float | None = None,
    scheme: SchemeName | ZoneScheme = "ulwick",
) -> str:
    """Name the zone of an opportunity score.

    Parameters
    ----------
    score : float
        From 0 to 20.
    importance, satisfaction : float, optional
        From 0 to 10; needed by schemes that call overserved what is more satisfied than important.
    scheme : str or ZoneScheme
        ``"ulwick"`` (above 15 / 12 to 15 / 10 to 12 / below 10), another of `ZONE_SCHEMES`, or your own.

    Returns
    -------
    str
        One of the scheme's labels.

    Raises
    ------
    InvalidValueError
        For a score out of range, an unknown scheme, or when the scheme needs what is not given.

    References
    ----------
    Ulwick (2005), *What Customers Want*, chapter 3. Which zone an endpoint belongs to is stated by each `Cut`.

    Examples
    --------
    >>> zone_of(14.95), zone_of(15), zone_of(15, scheme="ulwick-15-up")
    ('low-hanging fruit', 'low-hanging fruit', 'extreme')
    >>> zone_of(5, importance=5, satisfaction=10, scheme="landscape")
    'overserved'
    """
    chosen = chosen_scheme(scheme)
    _in_range("score", score, HIGHEST)
    for name, value in (("importance", importance), ("satisfaction", satisfaction)):
        if value is not None:
            _in_range(name, value, HIGHEST / 2)
    over = 0.0
    if importance is not None and satisfaction is not None:
        over = satisfaction - importance
    elif chosen.overserved:
        message = f"zone scheme {quoted(chosen.name)} compares satisfaction with importance: give both"
        raise InvalidValueError(message)
    return chosen.labels[int(zone_indices(np.array(float(score)), np.array(over), chosen))]


def _in_range(name: str, value: object, upper: float) -> None:
    good = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not good or not math.isfinite(float(value)) or not 0 <= float(value) <= upper:  # type: ignore[arg-type]  # a number by now
        raise InvalidValueError(f"{name} must be a number from 0 to {upper:g}, not {quoted(value)}")
