"""The weighted median: the position that no other beats in a vote by capability times salience."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from detente.arrays import Floats, OutcomeInputs
from detente.outcome.model import (
    ALONE,
    BOTH_WEIGHTS,
    NO_CONTEST,
    NO_FAILURE,
    SIDE,
    STILL,
    Model,
    OutcomeResult,
    entering_weight,
    reasons,
)

# Weights are decimals that people wrote, so two halves that are equal on paper differ in the last bits;
# within this share of the total they are a tie, and of tied positions the lowest is the median.
TIE = 1e-12


def weighted_median(*, position: Floats, weight: Floats) -> Floats:
    """Median of ``position`` (D, n, k) under ``weight`` (D, n, k), >= 0, over the actors: shape (D, k).

    The position that no other beats in the pairwise vote, each actor voting with its weight times the
    difference of the two distances from its own; of several, the lowest. The votes between a and b sum to
    the weighted distance to b less that to a, so nothing beats a position of least weighted distance, and
    the lowest of those is where the weight at or below first reaches half. Positions may be NaN where the
    weight is 0. NaN where all weights are zero. Source: Black (1948).

    >>> import numpy as np
    >>> x, w = np.array([[[0.0], [5.0], [9.0]]]), np.array([[[1.0], [2.0], [3.0]]])
    >>> weighted_median(position=x, weight=w).tolist()
    [[5.0]]
    """
    draws, actors, issues = position.shape
    if actors == 0:
        return np.full((draws, issues), np.nan)
    order = np.argsort(np.where(weight > 0, position, np.inf), axis=1, kind="stable")
    below = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    total = below[:, -1:, :]
    # The last actor of several at one position may be the one to reach half; the position is the same.
    half = np.argmax(below >= (0.5 - TIE) * total, axis=1)[:, None, :]
    median = np.take_along_axis(position, np.take_along_axis(order, half, axis=1), axis=1)
    return np.where(total > 0, median, np.nan)[:, 0, :]


def _solve(inputs: OutcomeInputs, settings: Mapping[str, Any], keep_trajectory: bool) -> OutcomeResult:
    settlement = weighted_median(position=inputs.position, weight=entering_weight(inputs))
    return OutcomeResult(settlement=settlement, reason=reasons(inputs, settlement))


MODEL = Model(
    name="median",
    title="Weighted median",
    solve=_solve,
    source="Black 1948",
    assumes={
        "moves": STILL,
        "distance": SIDE,
        "weight": BOTH_WEIGHTS,
        "linked": ALONE,
        "failure": NO_FAILURE,
        "contest": NO_CONTEST,
    },
)
