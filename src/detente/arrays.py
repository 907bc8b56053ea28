"""The arrays that theory works on: one draw of a scenario is one row.

Every array leads with the draw axis ``D``; a constant may have ``D = 1`` only where its docstring says so.
``n`` actors, ``k`` issues, ``l`` levers, always in the scenario's own order. Theory never sees a name.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class OutcomeInputs:
    """What a collective-decision model takes: stances, weights and the scale, for all issues at once.

    An actor without a stance on an issue has ``position`` NaN and ``salience`` 0 there.
    """

    position: Floats  # (D, n, k), on the scale; NaN: no stance
    salience: Floats  # (D, n, k), 0..1, as in the file (not normalised)
    capability: Floats  # (D, n), >= 0; effective strength with --count-backing
    status_quo: Floats  # (D, k)
    low: Floats  # (k,), lower end of the scale
    high: Floats  # (k,), upper end, > low
    accommodation: Floats | None = None  # (D, n, n), how far the first actor's ideal follows the second's position
    keys: NDArray[np.uint64] | None = None  # (D,), seeds of chance for models that have it; none: all 0

    @property
    def draws(self) -> int:
        """D, the number of draws."""
        return self.position.shape[0]

    @property
    def weight(self) -> Floats:
        """Capability times salience, shape (D, n, k)."""
        return self.capability[:, :, None] * self.salience


@dataclass(frozen=True)
class TalksInputs:
    """Everything of section 1 of the talks page, one value per draw. Symbols of that page stand in the comments."""

    position: Floats  # x (D, n, k); NaN: no stance
    salience: Floats  # s (D, n, k), 0..1; 0 where there is no stance
    status_quo: Floats  # q (D, k)
    low: Floats  # (k,)
    high: Floats  # (k,)
    capability: Floats  # m (D, n), own capability
    backing: Floats  # b (D, n, n): backing[d, j, i] is the share of j's capability committed to i's fight
    base_cost: Floats  # c0 (D, n), share of the stakes a month
    lever_level: Floats  # L (D, l)
    bite: Floats  # (D, l, n): cost to an actor a month at full level
    side_payment: Floats  # g (D, n)
    audience_cost: Floats  # a (D, n)
    betrayal_loss: Floats  # v (D, n)
    curvature: Floats  # rho (D, n)
    concession: Floats  # e (D, n)
    decided_per_month: Floats  # lam (D,)
    discount: Floats  # delta (D,)
    decisiveness: Floats  # gamma (D,)
    success: Floats  # theta0 (D,)
    kept: Floats  # kappa (D,)
    consent_softness: Floats  # tau (D,)
    strength_drift: Floats  # sigma (D,)
    walkout_rate: Floats  # eta (D,)
    walkout_threshold: Floats  # walk (D,)
    deadline: NDArray[np.int64]  # T (D,), months
    belligerent: Bools  # (n,)
    required: Bools  # (n,), those without whom talks do not convene
    mediator: int | None = None  # index of the mediator, if any

    @property
    def draws(self) -> int:
        """D, the number of draws."""
        return self.position.shape[0]
