"""What a comparison rests on: the estimate of each arm, its variance, and the relative intervals built on them."""

from __future__ import annotations

from typing import Literal

import attrs
import numpy as np

from pmkit.errors import InvalidValueError
from pmkit.model import Interval, quoted
from pmkit.stats._arrays import Codes, FloatArray, choice, mark
from pmkit.stats._blocks import Block, select
from pmkit.stats._comparison import Alternative, bounds, critical, p_values
from pmkit.stats._moments_view import MomentsView

__all__ = [
    "DISTRIBUTIONS",
    "RELATIVE_INTERVALS",
    "Arms",
    "Distribution",
    "Inference",
    "Question",
    "RelativeInterval",
    "adjusts",
    "inferred",
    "mean_arms",
    "paired_parts",
    "ratio_arms",
    "unit_codes",
    "welch_df",
]

RelativeInterval = Literal["delta", "log-delta", "fieller"]
RELATIVE_INTERVALS: tuple[RelativeInterval, ...] = ("delta", "log-delta", "fieller")
Distribution = Literal["t", "normal"]
DISTRIBUTIONS: tuple[Distribution, ...] = ("t", "normal")
VANISHED = 1e-14


@attrs.frozen(eq=False)
class Arms:
    """The control's estimate and the difference to it, their variances and covariance, and why some do not exist.

    Two independent estimates with variances v and w have the variances v and v + w, and the covariance -v.
    """

    control: FloatArray
    difference: FloatArray
    control_variance: FloatArray
    variance: FloatArray
    covariance: FloatArray
    df: FloatArray
    codes: Codes

    @property
    def treatment(self) -> FloatArray:
        """The control's estimate plus the difference."""
        return self.control + self.difference


@attrs.frozen
class Question:
    """What is asked of two arms."""

    relative: bool
    interval: RelativeInterval
    confidence: float
    alternative: Alternative
    margin: FloatArray | float
    distribution: Distribution

    @classmethod
    def asked(  # the options of every comparison of means
        cls,
        *,
        relative: object,
        interval: object,
        confidence: float,
        alternative: Alternative,
        margin: FloatArray | float,
        distribution: object = "t",
    ) -> Question:
        """Check the options of a comparison."""
        if not isinstance(relative, (bool, np.bool_)):
            raise InvalidValueError(f"relative must be True or False, not {quoted(relative)}")
        how = choice(interval, RELATIVE_INTERVALS, "interval")
        if how != "delta" and not relative:
            raise InvalidValueError(f"interval={how!r} is for relative effects; give relative=True with it")
        family = choice(distribution, DISTRIBUTIONS, "distribution")
        if alternative == "two-sided" and np.any(np.asarray(margin) != 0):
            raise InvalidValueError(
                "a margin needs a direction: alternative='greater' where more is better, 'less' where less is"
            )
        return cls(
            bool(relative),
            next(word for word in RELATIVE_INTERVALS if word == how),
            confidence,
            alternative,
            margin,
            next(word for word in DISTRIBUTIONS if word == family),
        )

    @property
    def null(self) -> FloatArray | float:
        """The effect that the p-value tests against: minus the margin upwards, the margin downwards."""
        return self.margin if self.alternative == "less" else -self.margin

    @property
    def method(self) -> str:
        """The name of the interval."""
        if self.relative:
            return self.interval
        return "welch" if self.distribution == "t" else "z"


@attrs.frozen(eq=False)
class Inference:
    """Effect, standard error, interval, statistic and p-value, as arrays with reason codes."""

    effect: FloatArray
    standard_error: FloatArray
    interval: Interval[FloatArray]
    statistic: FloatArray
    p_value: FloatArray
    df: FloatArray
    codes: Codes


def paired_parts(function: str, control: object, treatment: object, *needs: str) -> tuple[Block, Block]:
    """Want two moments whose shapes fit, and that have the parts needed."""
    first = _block(function, "control", control, needs)
    second = _block(function, "treatment", treatment, needs)
    try:
        np.broadcast_shapes(first.n.shape, second.n.shape)
    except ValueError:
        message = f"{function}: shapes {first.n.shape} of the control and {second.n.shape} of the treatment do not fit"
        raise InvalidValueError(message) from None
    return first, second


def _block(function: str, name: str, moments: object, needs: tuple[str, ...]) -> Block:
    if not isinstance(moments, MomentsView):
        message = f"{function}: {name} must be Moments, not {quoted(moments, 60)}; Moments.from_rows builds them"
        raise InvalidValueError(message)
    lacking = [part for part in needs if part not in moments.parts]
    if lacking:
        have = ", ".join(moments.parts)
        raise InvalidValueError(f"{function}: the moments of the {name} lack {', '.join(lacking)}; they have {have}")
    return select(moments.block, [list[str](moments.parts).index(part) for part in ("value", *needs)])


def adjusts(function: str, cuped: object, control: object, treatment: object) -> bool:
    """Say whether to adjust by covariates: as asked, or when both arms have them."""
    both = all(isinstance(arm, MomentsView) and "covariate" in arm.parts for arm in (control, treatment))
    if cuped is None:
        return both
    if not isinstance(cuped, bool):
        raise InvalidValueError(f"{function}: cuped must be True, False or None, not {quoted(cuped)}")
    return cuped


def unit_codes(first: Block, second: Block) -> Codes:
    """Say where two arms do not have the units that a variance needs."""
    least = np.minimum(first.n, second.n)
    codes = np.zeros(least.shape, np.uint8)
    mark(codes, least == 0, "no data")
    mark(codes, least < 2, "fewer than two units")  # noqa: PLR2004 - a variance needs two
    return codes


def slope(products: list[FloatArray], squares: list[FloatArray]) -> FloatArray:
    """Return the CUPED coefficient: the covariance over the covariate's variance, pooled within arms (Deng 2013)."""
    square = squares[0] + squares[1]
    return np.where(square > 0, (products[0] + products[1]) / np.where(square > 0, square, 1.0), 0.0)


def mean_arms(first: Block, second: Block, *, adjusted: bool) -> Arms:
    """Estimate two means of the first part, adjusted by the second where asked."""
    blocks = (first, second)
    with np.errstate(all="ignore"):
        control = first.means[0] + first.remainders[0]
        difference = (second.means[0] - first.means[0]) + (second.remainders[0] - first.remainders[0])
        squares = [block.cross[0, 0] for block in blocks]
        products, others = [], []
        drift: FloatArray | None = None
        if adjusted:
            drift = (second.means[1] - first.means[1]) + (second.remainders[1] - first.remainders[1])
            products = [block.cross[0, 1] for block in blocks]
            others = [block.cross[1, 1] for block in blocks]
        return _adjusted(blocks, control, difference, squares, products, others, drift)


def _adjusted(  # noqa: PLR0917 - the sums of squares and products of two arms
    blocks: tuple[Block, Block],
    control: FloatArray,
    difference: FloatArray,
    squares: list[FloatArray],
    products: list[FloatArray],
    others: list[FloatArray],
    drift: FloatArray | None,
) -> Arms:
    """Take the covariate's share out of the difference; the control's own estimate stays as it was seen."""
    kept, shared = squares, squares[0]
    if drift is not None:
        theta = slope(products, others)
        difference = difference - theta * drift
        kept = [
            square - theta * (2 * product - theta * other)
            for square, product, other in zip(squares, products, others, strict=True)
        ]
        kept = [np.where(left > VANISHED * square, left, 0.0) for left, square in zip(kept, squares, strict=True)]
        shared = squares[0] - theta * products[0]
    variances = [left / block.n / (block.n - 1) for left, block in zip(kept, blocks, strict=True)]
    scale = 1 / blocks[0].n / (blocks[0].n - 1)
    total = variances[0] + variances[1]
    df = welch_df(variances, [block.n - 1 for block in blocks])
    codes = unit_codes(*blocks)
    mark(codes, ~np.isfinite(total) | ~np.isfinite(difference), "the number is too large for a double")
    mark(codes, total <= 0, "no variance")
    return Arms(control, difference, squares[0] * scale, total, -shared * scale, df, codes)


def welch_df(variances: list[FloatArray], df: list[FloatArray]) -> FloatArray:
    """Degrees of freedom of a sum of variances (Satterthwaite 1946)."""
    total = sum(variances[1:], start=variances[0])
    shares = [variance / total for variance in variances]
    return np.asarray(
        1 / sum((share * share / each for share, each in zip(shares, df, strict=True)), start=0.0 * total)
    )


def ratio_arms(first: Block, second: Block, *, covariates: int) -> Arms:
    """Estimate two ratios of means by linearizing them (delta method), adjusted by a covariate or a ratio of two."""
    blocks = (first, second)
    with np.errstate(all="ignore"):
        lines = [_line(block, 0, 1) for block in blocks]
        control = _ratio(first, 0, 1)
        difference = _ratio(second, 0, 1) - control
        squares = [_form(block, line, line) for block, line in zip(blocks, lines, strict=True)]
        products, covariate_squares = [], []
        drift: FloatArray | None = None
        if covariates:
            over, under = 2, 3 if covariates > 1 else None
            others = [_line(block, over, under) for block in blocks]
            triples = list(zip(blocks, lines, others, strict=True))
            products = [_form(block, line, other) for block, line, other in triples]
            covariate_squares = [_form(block, other, other) for block, _, other in triples]
            drift = _ratio(second, over, under) - _ratio(first, over, under)
        arms = _adjusted(blocks, control, difference, squares, products, covariate_squares, drift)
    codes = unit_codes(first, second)
    mark(codes, (first.means[1] == 0) | (second.means[1] == 0), "the denominator is within noise of zero")
    return attrs.evolve(arms, codes=np.where(codes == 0, arms.codes, codes).astype(np.uint8))


Line = list[tuple[int, FloatArray]]


def _ratio(block: Block, over: int, under: int | None) -> FloatArray:
    top = block.means[over] + block.remainders[over]
    return top if under is None else np.asarray(top / (block.means[under] + block.remainders[under]))


def _line(block: Block, over: int, under: int | None) -> Line:
    """Return the coefficients of the parts in the linearized ratio; a mean is itself."""
    if under is None:
        return [(over, np.ones(block.n.shape))]
    bottom = block.means[under] + block.remainders[under]
    return [(over, 1 / bottom), (under, -_ratio(block, over, under) / bottom)]


def _form(block: Block, left: Line, right: Line) -> FloatArray:
    total = np.zeros(block.n.shape)
    for i, a in left:
        for j, b in right:
            total = total + a * b * block.cross[i, j]
    return total


def inferred(arms: Arms, question: Question) -> Inference:
    """Draw the inference that was asked for from two estimates."""
    df = arms.df if question.distribution == "t" else np.full(np.shape(arms.df), np.inf)
    codes = arms.codes.copy()
    df = np.where(codes == 0, df, 1.0)
    quantile = critical(question.confidence, question.alternative, df)
    with np.errstate(all="ignore"):
        if question.relative:
            effect, error, interval, statistic = _relative(arms, question, quantile)
            noise = np.square(arms.control) <= np.square(quantile) * arms.control_variance
            mark(codes, noise, "the denominator is within noise of zero")
            if question.interval == "log-delta":
                mark(codes, 1 + arms.difference / arms.control <= 0, "not estimable from these data")
        else:
            effect = arms.difference
            error = np.sqrt(arms.variance)
            interval = Interval(effect - quantile * error, effect + quantile * error)
            statistic = (effect - question.null) / error
        opened = bounds(interval.lower, interval.upper, question.alternative)
        p_value = p_values(np.where(codes == 0, statistic, 0.0), df, question.alternative)
    return Inference(effect, error, opened, statistic, p_value, df, codes)


def _relative(
    arms: Arms, question: Question, quantile: FloatArray
) -> tuple[FloatArray, FloatArray, Interval[FloatArray], FloatArray]:
    """Give effect, standard error, interval and statistic of the difference over the control's size.

    With u = difference / control, the effect is u times the control's sign.
    """
    base, sign = np.abs(arms.control), np.sign(arms.control)
    u = arms.difference / arms.control
    spread = np.maximum(arms.variance - u * (2 * arms.covariance - u * arms.control_variance), 0.0)
    effect, error = sign * u, np.sqrt(spread) / base
    if question.interval == "delta":
        interval = Interval(effect - quantile * error, effect + quantile * error)
        return effect, error, interval, (effect - question.null) / error
    if question.interval == "log-delta":
        log_error = error / np.abs(1 + u)
        reach = np.exp(quantile * log_error)
        low, high = (1 + u) / reach - 1, (1 + u) * reach - 1
        statistic = sign * (np.log1p(u) - np.log1p(sign * question.null)) / log_error
    else:
        squared = np.square(quantile / base)
        g = squared * arms.control_variance
        rest = spread - squared * (arms.control_variance * arms.variance - np.square(arms.covariance))
        reach = quantile / base * np.sqrt(np.maximum(rest, 0.0))
        center = u - squared * arms.covariance
        low, high = (center - reach) / (1 - g), (center + reach) / (1 - g)
        null = sign * question.null
        tested = arms.variance - null * (2 * arms.covariance - null * arms.control_variance)
        statistic = (arms.difference - question.null * base) / np.sqrt(np.maximum(tested, 0.0))
    lower, upper = np.where(sign < 0, -high, low), np.where(sign < 0, -low, high)
    return effect, error, Interval(lower, upper), statistic
