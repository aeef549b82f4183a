"""What a test must show, said before it runs, and how well that tells true from false."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

import attrs

from pmkit.errors import InvalidValueError
from pmkit.model import Undefined, Value, did_you_mean, quoted
from pmkit.model import _fields as fields

__all__ = ["Criterion"]

Built = TypeVar("Built", bound=attrs.AttrsInstance)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Criterion(Value):
    """A success criterion that can be counted: at least so many successes of so many trials.

    When each trial succeeds with one rate if the assumption is true and with another if
    it is false, independently, the binomial says how often the criterion is right.

    Attributes
    ----------
    successes : int or None
        The least number of successes that counts as support, from 0 to `trials`.
    trials : int or None
        How many are tried, from 1 up.
    rate_if_true, rate_if_false : float or None
        The chance of success of one trial when the assumption is true, and when it is
        false; in [0, 1].
    text : str
        The criterion in words.

    Examples
    --------
    >>> criterion = Criterion(successes=8, trials=12, rate_if_true=0.75, rate_if_false=0.5)
    >>> round(criterion.sensitivity, 2), round(criterion.specificity, 2)
    (0.84, 0.81)
    """

    successes: int | None = attrs.field(default=None, validator=fields.optional(fields.whole(0)))
    trials: int | None = attrs.field(default=None, validator=fields.optional(fields.whole(1)))
    rate_if_true: float | None = attrs.field(default=None, validator=fields.optional(fields.probability))
    rate_if_false: float | None = attrs.field(default=None, validator=fields.optional(fields.probability))
    text: str = attrs.field(default="", validator=fields.text)

    def __attrs_post_init__(self) -> None:
        if self.successes is not None and self.trials is not None and self.successes > self.trials:
            message = f"Criterion.successes must be at most its trials, {self.trials}, not {self.successes}"
            raise InvalidValueError(message)

    @property
    def sensitivity(self) -> float | Undefined:
        """The chance that the criterion is met when the assumption is true.

        The upper tail of the binomial: P(X ≥ successes), X of `trials` at `rate_if_true`.
        """
        return at_least(self.successes, self.trials, self.rate_if_true)

    @property
    def specificity(self) -> float | Undefined:
        """The chance that the criterion is missed when the assumption is false.

        The lower tail of the binomial: P(X < successes), X of `trials` at `rate_if_false`.
        """
        return fewer_than(self.successes, self.trials, self.rate_if_false)


def at_least(successes: int | None, trials: int | None, rate: float | None) -> float | Undefined:
    """Give P(X ≥ successes) for X binomial, through the incomplete beta function (Johnson, Kemp & Kotz 2005, 3.4)."""
    if successes is None or trials is None or rate is None:
        return Undefined("a needed number is missing")
    if successes == 0:
        return 1.0
    from scipy.special import betainc

    return float(betainc(successes, trials - successes + 1, rate))


def fewer_than(successes: int | None, trials: int | None, rate: float | None) -> float | Undefined:
    """Give P(X < successes) for X binomial; computed as its own tail, so that small values keep their digits."""
    if successes is None or trials is None or rate is None:
        return Undefined("a needed number is missing")
    if successes == 0:
        return 0.0
    from scipy.special import betainc

    return float(betainc(trials - successes + 1, successes, 1.0 - rate))


def structured(cls: type[Built], given: Mapping[str, object]) -> Built:
    """Build a value of a mapping, as records and documents hold it; None stands for what is left out."""
    known = {field.name: field for field in attrs.fields(cls)}
    for key in given:
        if key not in known:
            raise InvalidValueError(f"{cls.__name__} has no field {quoted(key)}{did_you_mean(str(key), known)}")
    values = {key: value for key, value in given.items() if value is not None}
    for name, field in known.items():
        if field.default is attrs.NOTHING and name not in values:
            raise InvalidValueError(f"{cls.__name__} needs {quoted(name)}")
    return cast("Callable[..., Built]", cls)(**values)


def to_criterion(value: str | Criterion | Mapping[str, object] | None) -> str | Criterion:
    """Read a criterion: text stays text, a mapping becomes a `Criterion`, None is no criterion."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return structured(Criterion, value)
    return value
