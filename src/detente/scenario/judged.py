"""Judged quantiles as distributions: what a person says of the low, the middle and the high of a number, kept exactly.

Source: Hadlock & Bickel (2017), "Johnson Quantile-Parameterized Distributions", *Decision Analysis* 14:35. The formulas
were checked against the R package rjqpd and by what they promise, that the three quantiles come out exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import acosh, inf, isfinite, log, sinh

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import Floats
from detente.scenario.distributions import Normal, Quantity, flow


@dataclass(frozen=True)
class JudgedPair(Quantity):
    """Two judged quantiles, at `tail` and ``1 - tail``: the normal through them, cut at `low` and `high`.

    >>> JudgedPair(0.05, 40, 70, 0, 100).central()
    55.0
    """

    tail: float
    lower: float
    upper: float
    low: float = -inf
    high: float = inf

    @cached_property
    def normal(self) -> Normal:
        """The normal through the two."""
        return Normal(self.central(), (self.upper - self.lower) / (2 * _score(self.tail)), self.low, self.high)

    def ppf(self, u: ArrayLike) -> Floats:
        """Of the cut normal: the quantiles are hit exactly where the cut takes nothing."""
        return self.normal.ppf(u)

    def central(self) -> float:
        """The middle of the two."""
        return self.lower + 0.5 * (self.upper - self.lower)

    def support(self) -> tuple[float, float]:
        """The cut."""
        return self.low, self.high

    def __str__(self) -> str:
        return flow((_p(self.tail), self.lower), (_p(1 - self.tail), self.upper))


@dataclass(frozen=True)
class _Judged(Quantity):
    """Three judged quantiles, at `tail`, one half and ``1 - tail``, strictly rising and strictly within the range."""

    tail: float
    lower: float
    middle: float
    upper: float

    def central(self) -> float:
        """The median."""
        return self.middle

    def __str__(self) -> str:
        return flow((_p(self.tail), self.lower), ("p50", self.middle), (_p(1 - self.tail), self.upper))


@dataclass(frozen=True)
class JudgedBounded(_Judged):
    """J-QPD-B: the Johnson quantile-parameterised distribution on [low, high], through the three quantiles exactly.

    >>> JudgedBounded(0.1, 60, 75, 95, 0, 100).ppf([0.1, 0.5, 0.9]).round(9).tolist()
    [60.0, 75.0, 95.0]
    """

    low: float
    high: float

    @cached_property
    def _curve(self) -> _Sinh:
        from scipy.special import ndtri

        width = self.high - self.low
        scores = (float(ndtri((x - self.low) / width)) for x in (self.lower, self.middle, self.upper))
        return _Sinh.through(_score(self.tail), *scores)

    def ppf(self, u: ArrayLike) -> Floats:
        """``low + (high - low) Phi(xi + lambda sinh(delta (z + n c)))`` at ``z = Phi^-1(u)``."""
        from scipy.special import ndtr, ndtri

        unit = ndtr(self._curve(ndtri(np.asarray(u, dtype=np.float64))))
        return np.clip(self.low + unit * (self.high - self.low), self.low, self.high)

    def support(self) -> tuple[float, float]:
        """``(low, high)``."""
        return self.low, self.high


@dataclass(frozen=True)
class JudgedUnbounded(_Judged):
    """Three quantiles of a number without ends: Johnson's S_U, the curve inside J-QPD-B without its outer map.

    Evenly spaced quantiles give the normal. Hadlock & Bickel leave this case out; their curve passes through the
    three quantiles all the same.

    >>> JudgedUnbounded(0.1, -1, 0, 3).ppf([0.1, 0.5, 0.9]).round(9).tolist()
    [-1.0, 0.0, 3.0]
    """

    @cached_property
    def _curve(self) -> _Sinh:
        return _Sinh.through(_score(self.tail), self.lower, self.middle, self.upper)

    def ppf(self, u: ArrayLike) -> Floats:
        """``xi + lambda sinh(delta (z + n c))`` at ``z = Phi^-1(u)``."""
        from scipy.special import ndtri

        return self._curve(ndtri(np.asarray(u, dtype=np.float64)))

    def support(self) -> tuple[float, float]:
        """No end."""
        return -inf, inf


@dataclass(frozen=True)
class JudgedSemi(_Judged):
    """J-QPD-S: the same with one end, `low` or `high`; with `high` alone it is the mirror image.

    >>> JudgedSemi(0.1, 10, 20, 50, low=0).ppf([0.1, 0.5, 0.9]).round(9).tolist()
    [10.0, 20.0, 50.0]
    """

    low: float = -inf
    high: float = inf

    @cached_property
    def _terms(self) -> tuple[float, float, float, float]:
        """theta, lambda, delta and ``asinh(n c delta)`` of the paper; delta is 0 for the lognormal."""
        if isfinite(self.low):
            above = (self.lower - self.low, self.middle - self.low, self.upper - self.low)
        else:
            above = (self.high - self.upper, self.high - self.middle, self.high - self.lower)
        c = _score(self.tail)
        lower, middle, upper = map(log, above)
        step = min(upper - middle, middle - lower)
        ratio = (upper - lower) / (2 * step)
        if ratio - 1 < _EVEN:
            return above[1], step / c, 0.0, 0.0
        reach = acosh(ratio)  # asinh(c delta)
        skewed_up = upper - middle > middle - lower
        theta, shift = (above[0], reach) if skewed_up else (above[2], -reach)
        return theta, step / sinh(reach), sinh(reach) / c, shift

    def ppf(self, u: ArrayLike) -> Floats:
        """``low + theta exp(lambda sinh(asinh(delta z) + asinh(n c delta)))`` at ``z = Phi^-1(u)``."""
        from scipy.special import ndtri

        theta, scale, delta, shift = self._terms
        z = ndtri(np.asarray(u, dtype=np.float64))
        if not isfinite(self.low):
            z = -z
        power = scale * (np.sinh(np.arcsinh(delta * z) + shift) if delta else z)
        away = theta * np.exp(np.minimum(power, _FAR))
        return self.low + away if isfinite(self.low) else self.high - away

    def support(self) -> tuple[float, float]:
        """One end finite."""
        return self.low, self.high


def judged(
    tail: float, lower: float, middle: float, upper: float, *, low: float = -inf, high: float = inf
) -> JudgedBounded | JudgedSemi | JudgedUnbounded:
    """The distribution through three quantiles that fits the ends of the range: bounded, semi-bounded or unbounded."""
    if isfinite(low) and isfinite(high):
        return JudgedBounded(tail, lower, middle, upper, low, high)
    if isfinite(low) or isfinite(high):
        return JudgedSemi(tail, lower, middle, upper, low, high)
    return JudgedUnbounded(tail, lower, middle, upper)


# --- the curve of the judged quantities --------------------------------------------------------------------------

# Below this departure from even spacing, in relative terms, a judged curve is its symmetric limit to within rounding.
_EVEN = 1e-12

# The far tail of strongly skewed judgements would pass the largest float: held at this exponent, it stays a number.
_FAR = 600.0


@dataclass(frozen=True)
class _Sinh:
    """``xi + lambda sinh(delta (z + n c))``, or the straight line it tends to where the three are evenly spaced."""

    xi: float
    scale: float
    delta: float
    shift: float

    @classmethod
    def through(cls, c: float, lower: float, middle: float, upper: float) -> _Sinh:
        """The curve that takes these values at z = -c, 0 and c."""
        ratio = (upper - lower) / (2 * min(middle - lower, upper - middle))
        if ratio - 1 < _EVEN:
            return cls(middle, (upper - lower) / (2 * c), 0.0, 0.0)
        delta = acosh(ratio) / c
        rising = upper - middle > middle - lower
        scale = (upper - lower) / sinh(2 * delta * c)
        return cls(lower, scale, delta, c) if rising else cls(upper, scale, delta, -c)

    def __call__(self, z: Floats) -> Floats:
        if not self.delta:
            return self.xi + self.scale * z
        return self.xi + self.scale * np.sinh(np.clip(self.delta * (z + self.shift), -_FAR, _FAR))


def _score(tail: float) -> float:
    """c of the papers: the standard normal's quantile at ``1 - tail``."""
    from scipy.special import ndtri

    return -float(ndtri(tail))


def _p(tail: float) -> str:
    return f"p{round(100 * tail)}"
