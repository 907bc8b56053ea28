"""The expected utility model: actors challenge each other, move towards those they cannot resist, and settle.

Bueno de Mesquita's model (1984, 1985, 1994, 1997) as laid open by Scholz, Calbert & Smith (2011), in two
variants that differ in the chance of winning and in how compromises are ranked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from detente.arrays import Floats, OutcomeInputs
from detente.outcome.mean import weighted_mean
from detente.outcome.median import weighted_median
from detente.outcome.model import (
    ALONE,
    BOTH_WEIGHTS,
    FAR,
    MOVED,
    NO_FAILURE,
    Model,
    Move,
    Option,
    OutcomeResult,
    entering_weight,
    reasons,
)

_KINDS = ("", "confrontation", "compromise", "capitulation")  # in the kernel's order


def solve(
    inputs: OutcomeInputs, settings: Mapping[str, Any], keep_trajectory: bool, *, pairwise: bool, ranked: bool = True
) -> OutcomeResult:
    """Run the rounds; `pairwise` and `ranked` are what the variants differ in, see the models' pages."""
    draws, actors, issues = inputs.position.shape
    final = np.empty_like(inputs.position)
    paths: list[Floats] = []
    moves: list[list[Move]] = []
    for issue in range(issues):
        final[:, :, issue], made = _challenge(inputs, issue, settings, pairwise, ranked)
        if keep_trajectory:
            # The turns are known only now, so the run is made again with room for just those.
            turns = int(made.max(initial=0))
            path = np.empty((turns + 1, draws, actors))
            maker = np.full((turns, draws, actors), -1, dtype=np.int64)
            kind = np.zeros((turns, draws, actors), dtype=np.int64)
            _challenge(inputs, issue, settings, pairwise, ranked, path, maker, kind)
            paths.append(path)
            moves.extend([] for _ in range(turns - len(moves)))
            for t, d, i in np.argwhere(maker >= 0).tolist():
                name, j = _KINDS[kind[t, d, i]], int(maker[t, d, i])
                before, after = float(path[t, d, i]), float(path[t + 1, d, i])
                moves[t].append(Move(d, issue, i, j, name, before, after))
    weight = entering_weight(inputs)
    if settings["outcome"] == "mean":
        settlement = weighted_mean(position=final, weight=weight)
    else:
        settlement = weighted_median(position=final, weight=weight)
    return OutcomeResult(
        settlement=settlement,
        reason=reasons(inputs, settlement),
        trajectory=_together(paths, inputs.position) if keep_trajectory else None,
        moves=tuple(map(tuple, moves)) if keep_trajectory else None,
    )


def _challenge(
    inputs: OutcomeInputs,
    issue: int,
    settings: Mapping[str, Any],
    pairwise: bool,
    ranked: bool,
    path: Floats | None = None,
    maker: np.ndarray | None = None,
    kind: np.ndarray | None = None,
) -> tuple[Floats, np.ndarray]:
    from detente.outcome.challenge_kernel import challenge  # numba only where it is needed

    none = np.empty((0, 0, 0), dtype=np.int64)
    final, made = challenge(
        np.ascontiguousarray(inputs.position[:, :, issue], dtype=np.float64),
        np.ascontiguousarray(inputs.salience[:, :, issue], dtype=np.float64),
        np.ascontiguousarray(inputs.capability, dtype=np.float64),
        np.ascontiguousarray(settings["rounds"]),
        np.ascontiguousarray(settings["tolerance"]),
        np.ascontiguousarray(settings["Q"]),
        settings["until"] == "settled",
        pairwise,
        ranked,
        np.empty((0, 0, 0)) if path is None else path,
        none if maker is None else maker,
        none if kind is None else kind,
    )
    return final, made


def _together(paths: list[Floats], opening: Floats) -> Floats:
    """The issues' paths (T_k + 1, D, n) as one (T + 1, D, n, k); one that ends sooner stays where it is."""
    turns = max((len(path) for path in paths), default=1)
    whole = np.empty((turns, *opening.shape))
    for issue, path in enumerate(paths):
        whole[: len(path), :, :, issue] = path
        whole[len(path) :, :, :, issue] = path[-1]
    return whole


OPTIONS = (
    Option(
        "rounds",
        default=10,
        low=0,
        high=1000,
        integer=True,
        meaning="rounds at most; none are made once nobody moves",
    ),
    Option(
        "outcome",
        default="median",
        choices=("median", "mean"),
        meaning="whether the settlement is the weighted median or the weighted mean of the final positions",
    ),
    Option(
        "until",
        default="fixed-point",
        choices=("fixed-point", "settled"),
        meaning="settled: stop also when the median moves less than the tolerance in a round",
    ),
    Option(
        "tolerance",
        default=0.001,
        low=0.0,
        high=1.0,
        meaning="share of the range of the opening positions; heeded with until: settled",
    ),
    Option(
        "Q",
        default=1.0,
        low=0.0,
        high=1.0,
        meaning="chance that the status quo stays where nobody challenges; the formulas for less than 1 are unchecked",
    ),
)

ASSUMES = {
    "moves": "those who cannot resist a challenge give way to it",
    "distance": MOVED,  # offers and odds go by distance, the median by order
    "weight": f"{BOTH_WEIGHTS} in the votes, salience alone in resisting",
    "linked": ALONE,
    "failure": NO_FAILURE,
    "contest": "its odds are those of a vote between the two",
}
ALL_PAIRS = {"contest": "its odds are spread over all pairs"}
ASSUMES_WITH = {("outcome", "mean"): {"distance": FAR}}

PAIRWISE = Model(
    name="expected-utility",
    title="Expected utility",
    solve=partial(solve, pairwise=True),
    options=OPTIONS,
    moves_positions=True,
    assumes=ASSUMES,
    assumes_with=ASSUMES_WITH,
    source="Bueno de Mesquita 1984, 1985, 1994, 1997; Scholz, Calbert & Smith 2011",
)

SCHOLZ = Model(
    name="expected-utility-scholz",
    title="Expected utility (Scholz et al. replication)",
    solve=partial(solve, pairwise=False),
    options=OPTIONS,
    moves_positions=True,
    assumes=ASSUMES | ALL_PAIRS,
    assumes_with=ASSUMES_WITH,
    source="Scholz, Calbert & Smith 2011",
)
