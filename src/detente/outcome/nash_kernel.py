"""The search for the weighted Nash bargaining solution, compiled; ``nash_bargaining.py`` says what it is.

The logarithm of the product is strictly concave between the points where some gain reaches 0, so its
derivative falls all the way and crosses 0 once: with a straight loss at a stance, where it jumps, or between
two; with a squared one where it is smooth. The kernel finds the crossing exactly in the first case and by
guarded Newton steps in the others.
"""

from __future__ import annotations

import numpy as np

from detente.compiling import njit

STEPS = 100  # more than bisection alone takes to the last bit


@njit(cache=True, nogil=True, error_model="numpy")
def _slope(o, side, x, w, left, right, squared):
    """Derivative of the log product at `o` from the left (side -1) or the right (+1), and how fast it falls.

    With a straight loss a stance at `o` still draws up from its left and down from its right; with a squared one a
    gain is (o - left) (right - o) and draws both ways at once.
    """
    slope, fall = 0.0, 0.0
    for i in range(x.size):
        if squared:
            # As one fraction: at a disagreement far away its two parts would cancel to nothing but rounding.
            gain = (o - left[i]) * (right[i] - o)
            pull = 2.0 * w[i] * (x[i] - o) / gain
            fall += 2.0 * w[i] / gain + pull * (2.0 * (x[i] - o)) / gain
        elif x[i] > o or (x[i] == o and side < 0):
            pull = w[i] / (o - left[i])
            fall += pull / (o - left[i])
        else:
            pull = -w[i] / (right[i] - o)
            fall -= pull / (right[i] - o)
        slope += pull
    return slope, fall


@njit(cache=True, nogil=True, error_model="numpy")
def _peak(x, w, left, right, low, high, squared):
    """The peak of the log product on [low, high]; i gains strictly between left[i] and right[i]."""
    lower, upper = max(left.max(), low), min(right.min(), high)
    if lower > upper or left.max() >= right.min():
        return np.nan
    lower, upper = max(lower, min(x.min(), upper)), min(upper, max(x.max(), lower))
    if _slope(lower, 1, x, w, left, right, squared)[0] <= 0:
        return lower
    if _slope(upper, -1, x, w, left, right, squared)[0] >= 0:
        return upper
    for i in range(x.size):
        if lower < x[i] < upper:
            if _slope(x[i], 1, x, w, left, right, squared)[0] > 0:
                lower = x[i]
            elif _slope(x[i], -1, x, w, left, right, squared)[0] < 0:
                upper = x[i]
            else:
                return x[i]
    o = 0.5 * (lower + upper)
    for _ in range(STEPS):
        slope, fall = _slope(o, 1, x, w, left, right, squared)
        if slope == 0:
            break
        if slope > 0:
            lower = o
        else:
            upper = o
        following = o + slope / fall
        if not lower < following < upper:
            following = 0.5 * (lower + upper)
        if following in (o, lower, upper):
            break
        o = following
    return o


@njit(cache=True, nogil=True)
def peaks(position, weight, left, right, low, high, squared):
    """The peak in every draw of one issue, (D,): NaN where there is no weight or no gain to all.

    `position`, `weight`, `left` and `right` (D, n); only actors with a weight above 0 count.
    """
    draws = position.shape[0]
    found = np.full(draws, np.nan)
    for d in range(draws):
        who = np.flatnonzero(weight[d] > 0)
        if who.size:
            found[d] = _peak(position[d][who], weight[d][who], left[d][who], right[d][who], low, high, squared)
    return found
