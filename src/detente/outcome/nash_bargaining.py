"""The weighted Nash bargaining solution on each issue: the outcome with the greatest product of gains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from detente.arrays import Floats, OutcomeInputs
from detente.outcome.model import Model, Option, OutcomeResult, entering_weight, reasons

NO_GAIN = "no outcome is better than the status quo for every actor with weight"


def nash_bargaining(
    *, position: Floats, weight: Floats, low: Floats, high: Floats, status_quo: Floats | None = None
) -> Floats:
    """The outcome with the greatest ``prod_i max(u_i(o) - d_i, 0) ** w_i``, shape (D, k).

    ``position`` (D, n, k) within ``low`` to ``high`` (k,), the issue's scale; ``weight`` (D, n, k) >= 0;
    ``u_i(o) = 1 - |o - x_i| / (high - low)``. Disagreement d is 0, or with ``status_quo`` (D, k) what that
    is worth to each. NaN where all weights are zero or where no outcome leaves every actor with weight
    better off. Source: Nash (1950); for d = 0 as an outcome model Achen (2006).

    >>> import numpy as np
    >>> two = dict(position=np.array([[[0.0], [100.0]]]), low=np.zeros(1), high=np.full(1, 100.0))
    >>> nash_bargaining(weight=np.array([[[3.0], [1.0]]]), **two).round(9).tolist()
    [[25.0]]
    """
    from detente.outcome.nash_kernel import peaks  # numba only where it is needed

    # i gains where left < o < right: its gain over the range is the nearer of the two distances.
    if status_quo is None:
        left, right = position - (high - low), position + (high - low)
    else:
        quo = np.broadcast_to(status_quo[:, None, :], position.shape)
        mirror = 2 * position - quo  # as far on the other side
        left, right = np.minimum(quo, mirror), np.maximum(quo, mirror)
    found = np.empty((position.shape[0], position.shape[2]))
    for issue in range(position.shape[2]):
        x, w, a, b = (np.ascontiguousarray(part[:, :, issue]) for part in (position, weight, left, right))
        found[:, issue] = peaks(x, w, a, b, float(low[issue]), float(high[issue]))
    return found


def _solve(inputs: OutcomeInputs, settings: Mapping[str, Any], keep_trajectory: bool) -> OutcomeResult:
    settlement = nash_bargaining(
        position=inputs.position,
        weight=entering_weight(inputs),
        low=inputs.low,
        high=inputs.high,
        status_quo=inputs.status_quo if settings["disagreement"] == "status-quo" else None,
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
            choices=("zero", "status-quo"),
            meaning="what failure to agree is worth: less than any outcome on the scale, or the status quo",
        ),
    ),
    source="Nash 1950; Achen 2006",
)
