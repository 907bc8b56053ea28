"""The procedural pivot: how far from the reference point a quota of the weight goes together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from detente.arrays import Bools, Floats, OutcomeInputs
from detente.outcome.median import TIE
from detente.outcome.model import (
    ALONE,
    BOTH_WEIGHTS,
    NO_CONTEST,
    SIDE,
    STILL,
    Model,
    Option,
    OutcomeResult,
    entering,
    entering_weight,
    reasons,
)


def procedural_pivot(*, position: Floats, weight: Floats, reference: Floats, quota: Floats) -> Floats:
    """Pivot of ``position`` (D, n, k) under ``weight`` (D, n, k), >= 0, and ``quota`` (D,), 1/2..1: shape (D, k).

    On the side of ``reference`` (D, k) where the weight reaches the quota, counted from the far end, the position
    at which it does; where neither side does, or at a quota of half both, the reference. Positions may be NaN
    where the weight is 0. NaN where all weights are zero. The pivot is the position that a vote by quota, one step
    after another away from the reference, comes to. Source: Black (1948); Krehbiel (1998), for the pivot.

    >>> import numpy as np
    >>> x, w = np.array([[[20.0], [50.0], [80.0]]]), np.ones((1, 3, 1))
    >>> [procedural_pivot(position=x, weight=w, reference=np.zeros((1, 1)), quota=np.array([q])).item()
    ...     for q in (0.5, 0.7)]
    [50.0, 20.0]
    """
    above, goes_up = _side(position, weight, reference, quota, 1.0)
    below, goes_down = _side(position, weight, reference, quota, -1.0)
    settled = np.where(goes_up & ~goes_down, above, np.where(goes_down & ~goes_up, below, reference))
    return np.where((weight > 0).any(axis=1), settled, np.nan)


def _side(position: Floats, weight: Floats, reference: Floats, quota: Floats, sign: float) -> tuple[Floats, Bools]:
    """The position at which the weight from the far end of one side reaches the quota, and whether it does there."""
    draws, actors, issues = position.shape
    if actors == 0:
        return np.full((draws, issues), np.nan), np.zeros((draws, issues), dtype=bool)
    away = np.where(weight > 0, sign * (position - reference[:, None, :]), -np.inf)
    order = np.argsort(-away, axis=1, kind="stable")
    beyond = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    enough = beyond >= (quota - TIE)[:, None, None] * beyond[:, -1:, :]
    reached = enough & (np.take_along_axis(away, order, axis=1) > 0)
    # Where several stand at the pivot, the weight may reach the quota at any of them; the position is the same.
    first = np.argmax(reached, axis=1)[:, None, :]
    pivot = np.take_along_axis(position, np.take_along_axis(order, first, axis=1), axis=1)
    carried: Bools = np.logical_or.reduce(reached, axis=1)
    return pivot[:, 0, :], carried


def _solve(inputs: OutcomeInputs, settings: Mapping[str, Any], keep_trajectory: bool) -> OutcomeResult:
    if settings["weight"] == "capability":
        weight = np.where(entering(inputs), inputs.capability[:, :, None], 0.0)
    else:
        weight = entering_weight(inputs)
    ends = {"status-quo": inputs.status_quo, "low": inputs.low, "high": inputs.high}
    reference = np.broadcast_to(ends[settings["reference"]], inputs.status_quo.shape)
    settlement = procedural_pivot(position=inputs.position, weight=weight, reference=reference, quota=settings["quota"])
    return OutcomeResult(settlement=settlement, reason=reasons(inputs, settlement))


MODEL = Model(
    name="pivot",
    title="Procedural pivot",
    solve=_solve,
    options=(
        Option(
            "quota",
            default=0.5,
            low=0.5,
            high=1.0,
            meaning="share of all weight that a move away from the reference needs; 1: unanimity",
            note="with less than half, both sides could carry",
        ),
        Option(
            "reference",
            default="status-quo",
            choices=("status-quo", "low", "high"),
            meaning="what stays without a quota: the issue's status quo, or an end of its scale",
        ),
        Option(
            "weight",
            default="capability-salience",
            choices=("capability-salience", "capability"),
            meaning="what an actor's vote weighs; capability: votes count alike whoever cares",
        ),
    ),
    source="Black 1948; Steunenberg 1994; Krehbiel 1998",
    assumes={
        "moves": STILL,
        "distance": SIDE,
        "weight": BOTH_WEIGHTS,
        "linked": ALONE,
        "failure": "the reference point stays without a quota",
        "contest": NO_CONTEST,
    },
    assumes_with={("weight", "capability"): {"weight": "capability alone"}},
)
