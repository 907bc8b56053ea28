"""The distributions that may stand for a number: each is an inverse distribution function, a central value, a support.

A quantity is drawn by its inverse distribution function at uniforms in (0, 1), so that one uniform moves one number:
stratified samples, common random numbers, rank correlation and sensitivity all rest on that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import inf, sqrt

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import Floats

# SciPy's special functions take a quarter of a second to import: only a quantity that needs them does so.


class Quantity(ABC):
    """A number that a scenario states, exact or not. ``str`` gives it as a file would hold it."""

    @property
    def refs(self) -> tuple[str, ...]:
        """Paths of the numbers that it moves with."""
        return ()

    @abstractmethod
    def ppf(self, u: ArrayLike) -> Floats:
        """Values at cumulative probabilities `u` in [0, 1], of the shape of `u`; non-decreasing in `u`."""

    @abstractmethod
    def central(self) -> float:
        """The value that stands for it in a central run."""

    @abstractmethod
    def support(self) -> tuple[float, float]:
        """The lowest and the highest value that it can take; infinite where there is no end."""

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return False


@dataclass(frozen=True)
class Exact(Quantity):
    """One number.

    >>> Exact(80).central(), str(Exact(80))
    (80, '80')
    """

    value: float

    def ppf(self, u: ArrayLike) -> Floats:
        """The value, whatever `u`."""
        return np.full(np.shape(u), self.value, dtype=np.float64)

    def central(self) -> float:
        """The value."""
        return self.value

    def support(self) -> tuple[float, float]:
        """The value twice."""
        return self.value, self.value

    @property
    def is_exact(self) -> bool:
        """True."""
        return True

    def __str__(self) -> str:
        return number_text(self.value)


@dataclass(frozen=True)
class Uniform(Quantity):
    """Every value from `low` to `high` alike; central is the mean.

    >>> Uniform(70, 90).ppf([0.25]).tolist(), Uniform(70, 90).central()
    ([75.0], 80.0)
    """

    low: float
    high: float

    def ppf(self, u: ArrayLike) -> Floats:
        """``low + u (high - low)``."""
        return np.clip(self.low + np.asarray(u, dtype=np.float64) * (self.high - self.low), self.low, self.high)

    def central(self) -> float:
        """The mean."""
        return self.low + 0.5 * (self.high - self.low)

    def support(self) -> tuple[float, float]:
        """``(low, high)``."""
        return self.low, self.high

    def __str__(self) -> str:
        return flow(("low", self.low), ("high", self.high))


@dataclass(frozen=True)
class Unknown(Uniform):
    """Nothing is known: uniform over the field's whole range. The report says so."""

    def __str__(self) -> str:
        return "unknown"


@dataclass(frozen=True)
class Triangular(Quantity):
    """A triangle on `low`, `mode`, `high`, with ``low < high``.

    >>> Triangular(0, 5, 10).ppf([0.5]).tolist()
    [5.0]
    """

    low: float
    mode: float
    high: float

    def ppf(self, u: ArrayLike) -> Floats:
        """In closed form."""
        u = np.asarray(u, dtype=np.float64)
        width, left = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(u * width * left)
        falling = self.high - np.sqrt((1 - u) * width * (width - left))
        return np.clip(np.where(u * width < left, rising, falling), self.low, self.high)

    def central(self) -> float:
        """The mode."""
        return self.mode

    def support(self) -> tuple[float, float]:
        """``(low, high)``."""
        return self.low, self.high

    def __str__(self) -> str:
        return flow(("low", self.low), ("mode", self.mode), ("high", self.high), ("shape", "triangular"))


@dataclass(frozen=True)
class Pert(Quantity):
    """PERT: a beta on [low, high] with ``a = 1 + 4 t`` and ``b = 5 - 4 t`` at ``t = (mode - low) / (high - low)``.

    Its mean is ``(low + 4 mode + high) / 6``. Source: Malcolm, Roseboom, Clark & Fazar (1959), *Operations Research*
    7:646. Values are within 1e-9 of the range of the exact inverse.

    >>> Pert(0, 5, 10).ppf([0.5]).round(9).tolist(), Pert(70, 80, 90).central()
    ([5.0], 80)
    """

    low: float
    mode: float
    high: float

    def ppf(self, u: ArrayLike) -> Floats:
        """By a table of the inverse, exact in the tails."""
        t = (self.mode - self.low) / (self.high - self.low)
        unit = beta_inverse(np.asarray(u, dtype=np.float64), 1 + 4 * t, 5 - 4 * t)
        return np.clip(self.low + unit * (self.high - self.low), self.low, self.high)

    def central(self) -> float:
        """The mode."""
        return self.mode

    def support(self) -> tuple[float, float]:
        """``(low, high)``."""
        return self.low, self.high

    def __str__(self) -> str:
        return flow(("low", self.low), ("mode", self.mode), ("high", self.high))


@dataclass(frozen=True)
class Normal(Quantity):
    """A normal of mean `mean` and standard deviation `sd` before it is cut at `low` and `high`, the mean within them.

    >>> Normal(80, 5, 0, 100).ppf([0.5]).round(3).tolist(), Normal(80, 5, 0, 100).central()
    ([80.0], 80)
    """

    mean: float
    sd: float
    low: float = -inf
    high: float = inf

    def ppf(self, u: ArrayLike) -> Floats:
        """Of what is left by the cut."""
        from scipy.special import ndtr, ndtri

        u = np.asarray(u, dtype=np.float64)
        low, high = (self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd
        below, above = ndtr(low), ndtr(-high)
        left = 1 - below - above
        # Each half is measured from its own tail, where probabilities keep their digits.
        rising, falling = below + u * left, above + (1 - u) * left
        upper = rising > 0.5
        z = ndtri(np.where(upper, falling, rising))
        return np.clip(self.mean + self.sd * np.where(upper, -z, z), self.low, self.high)

    def central(self) -> float:
        """The mean before the cut."""
        return self.mean

    def support(self) -> tuple[float, float]:
        """The cut."""
        return self.low, self.high

    def __str__(self) -> str:
        return f"{{normal: [{number_text(self.mean)}, {number_text(self.sd)}]}}"


@dataclass(frozen=True)
class Discrete(Quantity):
    """One of several values, by weights (not all 0); drawn by its inverse distribution function over sorted values.

    >>> Discrete((70, 90), (1, 3)).ppf([0.2, 0.3]).tolist(), Discrete((70, 90), (1, 3)).central()
    ([70.0, 90.0], 90)
    """

    values: tuple[float, ...]
    weights: tuple[float, ...]

    @cached_property
    def _sorted(self) -> tuple[Floats, Floats]:
        """Values with a weight, rising, and the cumulative probability at which each ends."""
        pairs = sorted((v, w) for v, w in zip(self.values, self.weights, strict=True) if w > 0)
        values, weights = np.array(pairs, dtype=np.float64).T
        # Divided by the largest first: the sum of weights may pass the largest float.
        ends = np.cumsum(weights / weights.max())
        return values, ends / ends[-1]

    def ppf(self, u: ArrayLike) -> Floats:
        """The value whose share of probability holds `u`."""
        values, ends = self._sorted
        return values[np.searchsorted(ends[:-1], np.asarray(u, dtype=np.float64), side="right")]

    def central(self) -> float:
        """The heaviest value, or the median where all weigh the same; the lower of two."""
        pairs = [(v, w) for v, w in zip(self.values, self.weights, strict=True) if w > 0]
        if len({w for _, w in pairs}) == 1:
            return sorted(v for v, _ in pairs)[(len(pairs) - 1) // 2]
        return min(pairs, key=lambda pair: (-pair[1], pair[0]))[0]

    def support(self) -> tuple[float, float]:
        """The lowest and the highest value with a weight."""
        values, _ = self._sorted
        return float(values[0]), float(values[-1])

    def __str__(self) -> str:
        values = ", ".join(map(number_text, self.values))
        if len(set(self.weights)) == 1:
            return f"{{values: [{values}]}}"
        return f"{{values: [{values}], weights: [{', '.join(map(number_text, self.weights))}]}}"


_ONE, _NOTHING = Exact(1.0), Exact(0.0)


@dataclass(frozen=True)
class Ref(Quantity):
    """Moves with another quantity: ``times`` x the written value at `path`, plus ``plus``. Drawn by the sampler."""

    path: str
    times: Quantity = _ONE
    plus: Quantity = _NOTHING

    @property
    def refs(self) -> tuple[str, ...]:
        """The path that it moves with."""
        return (self.path,)

    def ppf(self, u: ArrayLike) -> Floats:
        """Not its own to give: TypeError."""
        raise TypeError(f"a ref has no distribution of its own: it moves with {self.path}")

    def central(self) -> float:
        """Not its own to give: TypeError."""
        raise TypeError(f"a ref has no central value of its own: it moves with {self.path}")

    def support(self) -> tuple[float, float]:
        """Whatever the quantity that it moves with makes it."""
        return -inf, inf

    def __str__(self) -> str:
        parts = [f"ref: {self.path}"]
        if self.times != _ONE:
            parts.append(f"times: {self.times}")
        if self.plus != _NOTHING:
            parts.append(f"plus: {self.plus}")
        return "{" + ", ".join(parts) + "}"


# --- the beta's inverse ------------------------------------------------------------------------------------------

_REACH = 6.0  # normal scores within which the table stands; beyond, two draws in a thousand million are exact
_CELLS = 256


def beta_inverse(u: Floats, a: float, b: float) -> Floats:
    """Inverse of the regularised incomplete beta function, within 1e-9, for ``1 <= a, b <= 5``.

    SciPy's own takes about a microsecond and a half a value, which at a million draws of sixty numbers is a minute
    and a half. As a function of the normal score of `u` the inverse is smooth, ends included, so that a quintic
    through its value and two derivatives at 257 scores is within rounding of it.
    """
    from scipy.special import ndtri

    if a == 1:
        return -np.expm1(np.log1p(-u) / b) if np.all(u < 1) else 1 - (1 - u) ** (1 / b)
    if b == 1:
        return u ** (1 / a)
    z = ndtri(u)
    place = (np.clip(z, -_REACH, _REACH) + _REACH) * (_CELLS / (2 * _REACH))
    cell = np.minimum(place.astype(np.intp), _CELLS - 1)
    t = place - cell
    table = _beta_table(a, b)
    x = table[5].take(cell)
    for row in table[4::-1]:
        x = x * t + row.take(cell)
    if (np.abs(z) > _REACH).any():
        x = np.where(z < -_REACH, _tail(u, a, b), x)
        x = np.where(z > _REACH, 1 - _tail(1 - u, b, a), x)
    return x


def _tail(u: Floats, a: float, b: float) -> Floats:
    """The inverse by SciPy; where that gives up, by two terms of its series at 0, good there to more than 1e-20."""
    from scipy.special import betaincinv, betaln

    first = (u * a * np.exp(betaln(a, b))) ** (1 / a)
    return np.where(u < 1e-30, first * (1 + (b - 1) / (a + 1) * first), betaincinv(a, b, u))


@lru_cache(maxsize=4096)
def _beta_table(a: float, b: float) -> Floats:
    """Coefficients of the quintics, lowest power first, (6, cells), in the share of the cell passed."""
    from scipy.special import betaincinv, betaln, ndtr

    z = np.linspace(-_REACH, _REACH, _CELLS + 1)
    # Each half is inverted from its own end, where both the probability and the distance keep their digits.
    left, right = betaincinv(a, b, ndtr(z)), betaincinv(b, a, ndtr(-z))
    x = np.where(z < 0, left, 1 - right)
    y = np.where(z < 0, 1 - left, right)
    log_density = (a - 1) * np.log(x) + (b - 1) * np.log(y) - betaln(a, b)
    slope = np.exp(-0.5 * z * z - log_density) / sqrt(2 * np.pi)
    bend = slope * (-z - slope * ((a - 1) / x - (b - 1) / y))
    h = z[1] - z[0]
    slope, bend = h * slope, h * h * bend
    x0, x1, s0, s1, b0, b1 = x[:-1], x[1:], slope[:-1], slope[1:], bend[:-1], bend[1:]
    rise, turn, twist = x1 - x0 - s0 - b0 / 2, s1 - s0 - b0, b1 - b0
    table = np.stack(
        [
            x0,
            s0,
            b0 / 2,
            10 * rise - 4 * turn + twist / 2,
            -15 * rise + 7 * turn - twist,
            6 * rise - 3 * turn + twist / 2,
        ]
    )
    table.setflags(write=False)
    return table


# --- words -------------------------------------------------------------------------------------------------------


def number_text(value: float) -> str:
    """A number as people write it, at 12 significant digits.

    >>> number_text(200000.0), number_text(0.1)
    ('200000', '0.1')
    """
    return f"{value:.12g}"


def flow(*pairs: tuple[str, float | str]) -> str:
    """A mapping as a file would hold it, on one line.

    >>> flow(("low", 70), ("high", 90))
    '{low: 70, high: 90}'
    """
    return "{" + ", ".join(f"{k}: {v if isinstance(v, str) else number_text(v)}" for k, v in pairs) + "}"
