"""The weighted mean, or compromise: everyone pulls the settlement with capability times salience."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from detente.arrays import Floats, OutcomeInputs
from detente.outcome.model import (
    ALONE,
    BOTH_WEIGHTS,
    FAR,
    NO_CONTEST,
    NO_FAILURE,
    STILL,
    Model,
    OutcomeResult,
    entering_weight,
    reasons,
)


def weighted_mean(*, position: Floats, weight: Floats) -> Floats:
    """Mean of ``position`` (D, n, k) under ``weight`` (D, n, k), >= 0, over the actors: shape (D, k).

    A position may be NaN where its weight is 0. NaN where all weights are zero. Source: Van den Bos (1991);
    Achen (2006).

    >>> import numpy as np
    >>> weighted_mean(position=np.array([[[0.0], [4.0]]]), weight=np.array([[[1.0], [3.0]]])).tolist()
    [[3.0]]
    """
    counted = weight > 0
    total = _over_actors(weight)
    pull = _over_actors(np.where(counted, weight * position, 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = pull / total
    # Rounding must not carry a mean past the outermost stance: equal positions settle exactly where they are.
    lowest = np.where(counted, position, np.inf).min(axis=1, initial=np.inf)
    highest = np.where(counted, position, -np.inf).max(axis=1, initial=-np.inf)
    return np.where(total > 0, np.minimum(np.maximum(mean, lowest), highest), np.nan)


def _over_actors(values: Floats) -> Floats:
    """Sum (D, n, k) over n, one actor after another.

    NumPy's own sum adds in an order that depends on the array's shape, and so would the last bit of a draw
    on how many others it is run with.
    """
    total = np.zeros((values.shape[0], values.shape[2]))
    for actor in range(values.shape[1]):
        total += values[:, actor]
    return total


def _solve(inputs: OutcomeInputs, settings: Mapping[str, Any], keep_trajectory: bool) -> OutcomeResult:
    settlement = weighted_mean(position=inputs.position, weight=entering_weight(inputs))
    return OutcomeResult(settlement=settlement, reason=reasons(inputs, settlement))


MODEL = Model(
    name="mean",
    title="Weighted mean (compromise)",
    solve=_solve,
    source="Van den Bos 1991; Achen 2006",
    assumes={
        "moves": STILL,
        "distance": FAR,
        "weight": BOTH_WEIGHTS,
        "linked": ALONE,
        "failure": NO_FAILURE,
        "contest": NO_CONTEST,
    },
)
