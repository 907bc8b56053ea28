"""The weighted Nash bargaining solution on each issue: the outcome with the greatest product of gains."""

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
    STILL,
    Model,
    Option,
    OutcomeResult,
    entering_weight,
    reasons,
)

NO_GAIN = "no outcome is better than the status quo for every actor with weight"


def nash_bargaining(
    *,
    position: Floats,
    weight: Floats,
    low: Floats,
    high: Floats,
    status_quo: Floats | None = None,
    disagreement: Floats | None = None,
    squared: bool = False,
) -> Floats:
    """The outcome with the greatest ``prod_i max(u_i(o) - d_i, 0) ** w_i``, shape (D, k).

    ``position`` (D, n, k) within ``low`` to ``high`` (k,), the issue's scale; ``weight`` (D, n, k) >= 0; with
    ``z = |o - x_i| / (high - low)``, ``u_i(o) = 1 - z``, or ``1 - z ** 2`` where ``squared``. Disagreement d is 0, or
    with ``status_quo`` (D, k) what that is worth to each, or ``disagreement``, broadcast to (D, n, k), below 1 and as
    far below 0 as wanted. NaN where all weights are zero or where no outcome leaves every actor with weight better
    off. Source: Nash (1950); with squared losses and a disagreement far below all outcomes Achen (2006).

    >>> import numpy as np
    >>> two = dict(position=np.array([[[0.0], [100.0]]]), low=np.zeros(1), high=np.full(1, 100.0))
    >>> nash_bargaining(weight=np.array([[[3.0], [1.0]]]), **two).round(9).tolist()
    [[25.0]]
    >>> nash_bargaining(weight=np.array([[[3.0], [1.0]]]), disagreement=np.array([0.5, 0.2]).reshape(1, 2, 1),
    ...     **two).round(9).tolist()
    [[27.5]]
    """
    from detente.outcome.nash_kernel import peaks  # numba only where it is needed

    # i gains where left < o < right, points at which the outcome is worth to it what failing is.
    if status_quo is not None:
        quo = np.broadcast_to(status_quo[:, None, :], position.shape)
        mirror = 2 * position - quo  # as far on the other side
        left, right = np.minimum(quo, mirror), np.maximum(quo, mirror)
    else:
        short = 1.0 - np.broadcast_to(0.0 if disagreement is None else disagreement, position.shape)
        reach = (high - low) * (np.sqrt(short) if squared else short)
        left, right = position - reach, position + reach
    found = np.empty((position.shape[0], position.shape[2]))
    for issue in range(position.shape[2]):
        x, w, a, b = (np.ascontiguousarray(part[:, :, issue]) for part in (position, weight, left, right))
        found[:, issue] = peaks(x, w, a, b, float(low[issue]), float(high[issue]), squared)
    return found


def _solve(inputs: OutcomeInputs, settings: Mapping[str, Any], keep_trajectory: bool) -> OutcomeResult:
    settlement = nash_bargaining(
        position=inputs.position,
        weight=entering_weight(inputs),
        low=inputs.low,
        high=inputs.high,
        status_quo=inputs.status_quo if settings["disagreement"] == "status-quo" else None,
        disagreement=settings["level"][:, None, None] if settings["disagreement"] == "given" else None,
        squared=settings["loss"] == "squared",
    )
    return OutcomeResult(settlement=settlement, reason=reasons(inputs, settlement, otherwise=NO_GAIN))


MODEL = Model(
    name="nash-bargaining",
    title="Nash bargaining, weighted",
    solve=_solve,
    options=(
        Option(
            "disagreement",
            default="zero",
            choices=("zero", "status-quo", "given"),
            meaning="what failure to agree is worth: no more than any outcome on the scale, the status quo, or the level",
        ),
        Option(
            "level",
            default=0.0,
            low=-1e6,
            high=0.999,
            meaning="with disagreement: given, what failing is worth to everyone, where 1 is one's own position",
        ),
        Option(
            "loss",
            default="linear",
            choices=("linear", "squared"),
            meaning="whether an outcome costs an actor its distance, or the square of that, as a share of the scale",
        ),
    ),
    source="Nash 1950; Achen 2006",
    assumes={
        "moves": STILL,
        "distance": FAR,
        "weight": BOTH_WEIGHTS,
        "linked": ALONE,
        "failure": "no more than any outcome on the scale",
        "contest": NO_CONTEST,
    },
    assumes_with={
        ("disagreement", "given"): {"failure": "a level given beforehand"},
        ("disagreement", "status-quo"): {"failure": "the status quo stays, and everybody must gain on it"},
    },
)
