"""Canonical JSON (RFC 8785): one text for one value, so that a hash of it proves sameness."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping

__all__ = ["canonical_json"]

_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_FIXED_UP_TO = 21  # ECMAScript writes numbers below 1e21 without an exponent
_FIXED_FROM = -6
_EXACT_UP_TO = 2**53


def canonical_json(value: object) -> str:
    """Write a value of None, booleans, numbers, text, lists and mappings in its canonical form.

    Texts are brought to NFC first; 1 and 1.0 are one number.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, Mapping):
        members = {unicodedata.normalize("NFC", str(key)): member for key, member in value.items()}
        ordered = sorted(members.items(), key=lambda item: item[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_text(key)}:{canonical_json(member)}" for key, member in ordered) + "}"
    if isinstance(value, (tuple, list)):
        return "[" + ",".join(canonical_json(member) for member in value) + "]"
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _text(text: str) -> str:
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    written = (
        _SHORT.get(character) or (f"\\u{ord(character):04x}" if character < " " else character)
        for character in unicodedata.normalize("NFC", text)
    )
    return '"' + "".join(written) + '"'


def _number(number: float) -> str:
    """Write a number as ECMAScript does (ECMA-262, Number::toString): the shortest digits that read back."""
    if isinstance(number, int) and abs(number) <= _EXACT_UP_TO:
        return str(int(number))
    number = float(number)
    if math.isinf(number):
        return '"infinity"' if number > 0 else '"-infinity"'
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    mantissa, _, power = f"{abs(number)!r}e0".partition("e")
    whole, _, decimals = mantissa.partition(".")
    digits = (whole + decimals).lstrip("0")
    point = len(whole) + int(power.partition("e")[0]) - (len(whole + decimals) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= _FIXED_UP_TO:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= _FIXED_UP_TO:
        return sign + digits[:point] + "." + digits[point:]
    if _FIXED_FROM < point <= 0:
        return sign + "0." + "0" * -point + digits
    exponent = point - 1
    shown = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{shown}e{'+' if exponent > 0 else '-'}{abs(exponent)}"
