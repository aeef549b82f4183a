"""Paints: named colors with a light and a dark form, chosen to be told apart in print and by color-blind readers.

Hues follow Okabe and Ito (2008, "Color universal design"); every text paint reaches a contrast of
4.5 : 1 on the grounds it is meant for (WCAG 2.2, 1.4.3), in both forms. Color never stands alone:
pictures also say by label, icon or line what it says.
"""

from __future__ import annotations

import re

from pmkit.errors import InvalidValueError
from pmkit.model import did_you_mean, frozen_mapping, quoted

__all__ = ["CATEGORIES", "HEAT", "PALETTE", "THEMES", "contrast", "heat_paint"]

THEMES: tuple[str, ...] = ("auto", "light", "dark")
"""How a picture is colored: by the reader's preference, or always one way."""

_HEX = re.compile(r"#[0-9a-f]{6}")

PALETTE = frozen_mapping(
    {
        "canvas": ("#ffffff", "#14181d"),
        "surface": ("#ffffff", "#1c2229"),
        "shade": ("#f4f6f8", "#232b34"),
        "ink": ("#1a2330", "#eaeef3"),
        "muted": ("#566273", "#a8b3c0"),
        "line": ("#93a0b0", "#667485"),
        "hairline": ("#d8dee6", "#37414c"),
        "outcome": ("#17406d", "#9cc6f5"),
        "outcome-tint": ("#17406d", "#1d4d80"),
        "on-outcome": ("#ffffff", "#ffffff"),
        "on-outcome-muted": ("#cfe0f2", "#cfe0f2"),
        "opportunity": ("#0a629e", "#66b4ee"),
        "opportunity-tint": ("#edf5fb", "#172a3a"),
        "solution": ("#985400", "#f0b150"),
        "solution-tint": ("#fff6e6", "#322815"),
        "assumption": ("#85387a", "#e0a3d6"),
        "assumption-tint": ("#faf0f8", "#312230"),
        "test": ("#08694f", "#55cba6"),
        "test-tint": ("#ebf7f3", "#15302a"),
        "good": ("#08694f", "#55cba6"),
        "good-tint": ("#dcf2ea", "#15382f"),
        "bad": ("#a8231c", "#ff9a90"),
        "bad-tint": ("#fdeceb", "#3d1f1e"),
        "unsure": ("#735500", "#e6c15a"),
        "unsure-tint": ("#fdf3d7", "#352d15"),
        "moved": ("#4b4ba8", "#a9abf5"),
        "moved-tint": ("#eeeefb", "#26264a"),
        "on-strong": ("#ffffff", "#14181d"),
        "series-1": ("#0a629e", "#66b4ee"),
        "series-2": ("#b55d00", "#f0b150"),
        "series-3": ("#08694f", "#55cba6"),
        "series-4": ("#85387a", "#e0a3d6"),
        "series-5": ("#a8231c", "#ff9a90"),
        "series-6": ("#50606f", "#b4bfcb"),
        "series-7": ("#4b4ba8", "#a9abf5"),
        "series-8": ("#6b6a00", "#d4d05c"),
        "heat-0": ("#f4f6f8", "#1c2229"),
        "heat-1": ("#dcebf7", "#1b2d40"),
        "heat-2": ("#b9d7ee", "#1c3d5c"),
        "heat-3": ("#8bbde0", "#1f527c"),
        "heat-4": ("#559bcb", "#2f709f"),
        "heat-5": ("#1f6fae", "#5b9fd0"),
        "heat-6": ("#0b4a80", "#93c8f2"),
        "heat-7": ("#062f55", "#cfe8ff"),
        "on-heat-0": ("#1a2330", "#eaeef3"),
        "on-heat-1": ("#1a2330", "#eaeef3"),
        "on-heat-2": ("#1a2330", "#eaeef3"),
        "on-heat-3": ("#1a2330", "#ffffff"),
        "on-heat-4": ("#0d1520", "#ffffff"),
        "on-heat-5": ("#ffffff", "#0d1520"),
        "on-heat-6": ("#ffffff", "#0d1520"),
        "on-heat-7": ("#ffffff", "#0d1520"),
    }
)
"""Every paint by name: its color on light and on dark ground.

`heat-0` to `heat-7` rise from nothing to most (text on them takes `on-heat-…`); `series-1` to
`series-8` tell categories apart; the names of the tree kinds come with a `-tint` for their ground.
"""

CATEGORIES: tuple[str, ...] = tuple(f"series-{number}" for number in range(1, 9))
"""Paints for categories, in the order to use them; the ninth category should be told apart by more than color."""

HEAT: tuple[str, ...] = tuple(f"heat-{step}" for step in range(8))
"""Paints of a heat map, from nothing to most."""


def heat_paint(share: float) -> str:
    """Choose the heat-map paint for a share of the largest value.

    Parameters
    ----------
    share : float
        In [0, 1]; only exactly 0 gets the paint for nothing.

    Returns
    -------
    str
        One of `HEAT`.

    Raises
    ------
    InvalidValueError
        When the share is not in [0, 1].

    Examples
    --------
    >>> heat_paint(0), heat_paint(0.01), heat_paint(1)
    ('heat-0', 'heat-1', 'heat-7')
    """
    if not 0 <= share <= 1:
        message = f"a share must be from 0 to 1, not {quoted(share)}"
        raise InvalidValueError(message)
    if share == 0:
        return HEAT[0]
    return HEAT[min(len(HEAT) - 1, 1 + int(share * (len(HEAT) - 1)))]


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colors, as WCAG 2.2 defines it.

    Parameters
    ----------
    one, other : str
        Colors as ``#rrggbb``.

    Returns
    -------
    float
        From 1 (the same) to 21 (black and white).

    Raises
    ------
    InvalidValueError
        For a color that is not ``#rrggbb``.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((lighter + 0.05) / (darker + 0.05), 6)


def _luminance(color: str) -> float:
    if not _HEX.fullmatch(color):
        message = f"a color must look like #1a2330, not {quoted(color)}"
        raise InvalidValueError(message)
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]  # noqa: PLR2004 - WCAG's constants
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def paint_colors(name: str) -> tuple[str, str]:
    """Give the light and the dark color of a paint."""
    colors = PALETTE.get(name)
    if colors is None:
        message = f"no paint {quoted(name)}{did_you_mean(name, PALETTE)}"
        raise InvalidValueError(message)
    return colors
