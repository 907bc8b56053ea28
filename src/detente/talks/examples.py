"""Small inputs for examples and first steps: the least that makes a conflict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from detente.arrays import TalksInputs


def two_parties(draws: int = 1, **changes: Any) -> TalksInputs:
    """Two equal belligerents at the ends of one issue, the present halfway, in `draws` equal draws.

    `changes` replaces whole arrays by field name. Every other number is the mode of its documented default.

    >>> two_parties().position[0, :, 0]
    array([  0., 100.])
    """
    n, issues = 2, 1
    each = np.ones((draws, n))
    once = np.ones(draws)
    inputs = TalksInputs(
        position=np.tile(np.array([[0.0], [100.0]]), (draws, 1, 1)),
        salience=np.ones((draws, n, issues)),
        status_quo=np.full((draws, issues), 50.0),
        low=np.zeros(issues),
        high=np.full(issues, 100.0),
        capability=50.0 * each,
        backing=np.zeros((draws, n, n)),
        base_cost=0.004 * each,
        lever_level=np.zeros((draws, 0)),
        bite=np.zeros((draws, 0, n)),
        side_payment=0.0 * each,
        audience_cost=0.005 * each,
        betrayal_loss=0.1 * each,
        curvature=each,
        concession=each,
        decided_per_month=0.01 * once,
        discount=0.99 * once,
        decisiveness=once,
        success=0.4 * once,
        kept=0.6 * once,
        consent_softness=0.05 * once,
        strength_drift=0.03 * once,
        walkout_rate=0.4 * once,
        walkout_threshold=0.02 * once,
        deadline=np.full(draws, 24, dtype=np.int64),
        belligerent=np.ones(n, dtype=np.bool_),
        required=np.ones(n, dtype=np.bool_),
    )
    return replace(inputs, **changes)


def two_parties_and_a_backer(share: float, draws: int = 1, **changes: Any) -> TalksInputs:
    """`two_parties`, and a third actor at 60 that commits `share` of its capability of 100 to the second.

    >>> two_parties_and_a_backer(0.2).backing[0]
    array([[0. , 0. , 0. ],
           [0. , 0. , 0. ],
           [0. , 0.2, 0. ]])
    """
    pair, n = two_parties(draws), 3
    backing = np.zeros((draws, n, n))
    backing[:, 2, 1] = share

    def joined(name: str, third: float) -> Any:
        values = getattr(pair, name)
        return np.concatenate([values, np.full((draws, 1, *values.shape[2:]), third)], axis=1)

    third = {"position": 60.0, "salience": 0.5, "capability": 100.0, "base_cost": 0.001}
    third |= {"side_payment": 0.0, "audience_cost": 0.005, "betrayal_loss": 0.1, "curvature": 1.0, "concession": 1.0}
    inputs = replace(
        pair,
        backing=backing,
        bite=np.zeros((draws, 0, n)),
        belligerent=np.array([True, True, False]),
        required=np.array([True, True, False]),
        **{name: joined(name, value) for name, value in third.items()},
    )
    return replace(inputs, **changes)
