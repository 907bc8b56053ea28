"""Exponential and logarithm, compiled so that a loop over an array runs on the vector unit.

Those of the C library are called one number at a time, and take most of a round of challenges. Both are within two
units in the last place, and the same on every machine.
"""

from __future__ import annotations

import numpy as np

from detente.outcome.compiling import compiled

# ln 2 in two parts, the first with so few digits that a whole number up to 2048 times it is exact.
_LN2_HIGH = 0.693147180369123816490
_LN2_LOW = 1.90821492927058770002e-10
_LEAST = -746.0  # its exponential is below the least float
_POWERS = np.ldexp(1.0, np.arange(-1076, 1))  # 2**-1076 is 0
_MANTISSA, _ONE = (1 << 52) - 1, 1023 << 52
_TINY = 2.0**-1022


@compiled
def exp(y):
    """Put in place of `y` (m,), each <= 0 and minus infinity among them, the exponentials.

    A power of two times a series in what is left.
    """
    for i in range(y.size):
        z = max(y[i], _LEAST)
        k = np.rint(z * 1.4426950408889634)
        r = (z - k * _LN2_HIGH) - k * _LN2_LOW  # at most half of ln 2, so that 13 terms are enough
        series = 1.0 / 6227020800.0
        series = series * r + 1.0 / 479001600.0
        series = series * r + 1.0 / 39916800.0
        series = series * r + 1.0 / 3628800.0
        series = series * r + 1.0 / 362880.0
        series = series * r + 1.0 / 40320.0
        series = series * r + 1.0 / 5040.0
        series = series * r + 1.0 / 720.0
        series = series * r + 1.0 / 120.0
        series = series * r + 1.0 / 24.0
        series = series * r + 1.0 / 6.0
        series = series * r + 0.5
        y[i] = (1.0 + (r + r * r * series)) * _POWERS[np.int64(k) + 1076]


@compiled
def log(x, out):
    """Fill `out` with the logarithms of `x` (m,), each from 0 to 1; `x` is overwritten. Below 2**-1022: minus infinity.

    x = 2**e f with f near 1, and log f = 2 artanh((f - 1) / (f + 1)) by its series.
    """
    bits = x.view(np.int64)
    for i in range(x.size):
        zero = x[i] < _TINY
        e = (bits[i] >> 52) - 1023
        bits[i] = (bits[i] & _MANTISSA) | _ONE
        f = x[i]
        high = f > 1.4142135623730951
        f = 0.5 * f if high else f
        whole = np.float64(e) + (1.0 if high else 0.0)
        t = (f - 1.0) / (f + 1.0)
        q = t * t
        series = 1.0 / 21.0
        series = series * q + 1.0 / 19.0
        series = series * q + 1.0 / 17.0
        series = series * q + 1.0 / 15.0
        series = series * q + 1.0 / 13.0
        series = series * q + 1.0 / 11.0
        series = series * q + 1.0 / 9.0
        series = series * q + 1.0 / 7.0
        series = series * q + 1.0 / 5.0
        series = series * q + 1.0 / 3.0
        small = 2.0 * t + (2.0 * t * q * series + whole * _LN2_LOW)
        out[i] = -np.inf if zero else whole * _LN2_HIGH + small
