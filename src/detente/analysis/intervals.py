"""Summaries of draws: quantiles, Wilson intervals, and how many digits a figure deserves.

A share over draws carries a Wilson 95 % interval (Wilson 1927, JASA 22:209), which treats draws as independent.
Draws from a latin hypercube are less variable than that for what is additive in the inputs, so the interval is,
if anything, too wide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.arrays import Floats

Z95 = 1.959963984540054  # standard normal quantile at 0.975
QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Share:
    """The share of draws in which something holds, 0..1, with its Wilson 95 % interval."""

    p: float
    low: float
    high: float
    n: int

    def to_dict(self) -> dict[str, float]:
        """Just the keys that the JSON interface names."""
        return {"p": self.p, "low": self.low, "high": self.high}

    @property
    def simulation_error(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Summary:
    """A number over draws. Every field is None where no draw has a value."""

    mean: float | None
    sd: float | None
    q05: float | None
    q25: float | None
    q50: float | None
    q75: float | None
    q95: float | None

    def to_dict(self, *keys: str) -> dict[str, float | None]:
        """The named fields, or all of them."""
        return {key: getattr(self, key) for key in keys or ("mean", "sd", "q05", "q25", "q50", "q75", "q95")}


NO_SUMMARY = Summary(None, None, None, None, None, None, None)


def wilson(successes: float, n: int, *, exact: bool = False) -> Share:
    """The share `successes / n` with its 95 % interval; with `exact` (a central run) the interval is the point.

    >>> share = wilson(50, 100)
    >>> round(share.low, 4), round(share.high, 4)
    (0.4038, 0.5962)
    """
    if n == 0:
        return Share(math.nan, 0.0, 1.0, 0)
    p = successes / n
    if exact:
        return Share(p, p, p, n)
    z2 = Z95 * Z95
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At p = 0 and p = 1 the interval touches the end; rounding must not let it cross.
    return Share(
        p, 0.0 if successes == 0 else max(0.0, centre - half), 1.0 if successes == n else min(1.0, centre + half), n
    )


def summarise(values: Floats) -> Summary:
    """Mean, standard deviation and quantiles of `values` (D,), leaving out NaN (no value in that draw)."""
    if values.size and np.isnan(values).any():
        values = values[~np.isnan(values)]
    if values.size == 0:
        return NO_SUMMARY
    mean = float(values.mean())
    sd = float(values.std(ddof=1)) if values.size > 1 else 0.0
    return Summary(mean, sd, *(float(q) for q in np.quantile(values, QUANTILES)))


def mean_interval(values: Floats) -> tuple[float, float, float]:
    """Mean of `values` with its 95 % interval from the normal approximation, NaN left out."""
    values = values[~np.isnan(values)]
    if values.size == 0:
        return math.nan, math.nan, math.nan
    mean = float(values.mean())
    half = Z95 * float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else 0.0
    return mean, mean - half, mean + half


def total(parts: Sequence[float]) -> float:
    """Sum of block sums, exact to rounding whatever order the blocks came in."""
    return math.fsum(parts)
