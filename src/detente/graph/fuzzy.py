"""Fuzzy preference: how certain a decision maker is that it prefers one state to another, and how certain it must be.

r_i(s, t) in [0, 1] is the degree to which i prefers s to t, with r_i(s, t) + r_i(t, s) = 1 and r_i(s, s) = 1/2; the
certainty is alpha_i(s, t) = r_i(s, t) - r_i(t, s), between -1 and 1. Each decision maker has a threshold gamma_i in
(0, 1]: a move from s to t is an improvement where alpha_i(t, s) >= gamma_i, and s2 deters from leaving s where
alpha_i(s2, s) < gamma_i (for SMR and SSEQ, also alpha_i(s3, s) < gamma_i for every s3 that i can move on to). In
sequential stability the others move by their own thresholds. With certainties of -1, 0 and 1 only, these are the
concepts of ``stability.py``, whatever the thresholds.

Al-Mutairi, Hipel and Kamel (2008); Hipel, Kilgour and Bashar (2011); Bashar, Kilgour and Hipel (2012), IEEE
Transactions on Fuzzy Systems 20: 760. Not read against the originals beyond their abstracts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import UsageError
from detente.graph import relations
from detente.graph.moves import Moves
from detente.graph.preferences import Ranks
from detente.graph.relations import Attitude, Stable

ROUNDING = 1e-9  # certainties this close to a threshold reach it: 0.7 - 0.3 is not quite 0.4


def stable(
    moves: Moves,
    degree: NDArray[np.float64],
    threshold: ArrayLike,
    concepts: Iterable[str] = relations.CONCEPTS,
) -> Stable:
    """Fuzzy stability, (n, N) booleans a concept.

    ``degree[i, s, t]`` is r_i(s, t), (n, N, N); `threshold` gamma, (n,) or one number for all. Raises `UsageError`
    for degrees that do not add up to 1 both ways round, and for a threshold outside (0, 1].

    >>> moves = Moves.of(2, [[(0, 1)]])
    >>> degree = np.array([[[0.5, 0.3], [0.7, 0.5]]])  # 0.4 certain that state 1 is better
    >>> [stable(moves, degree, gamma, ["nash"])["nash"].tolist() for gamma in (0.4, 0.5)]
    [[[False, True]], [[True, True]]]
    """
    degree = np.asarray(degree, dtype=np.float64)
    gamma = _thresholds(moves, threshold)
    _check(moves, degree)
    return relations.stable(moves, _attitude(degree, gamma), concepts)


@dataclass(frozen=True)
class Sweep:
    """Equilibria as one threshold for everybody rises.

    `thresholds` (m,) are where something may change: on from one up to and with the next the answer is the same, and
    below the first it is as at the first. `equilibria` has (m, N) booleans a concept.
    """

    thresholds: NDArray[np.float64]
    equilibria: Stable


def sweep(moves: Moves, degree: NDArray[np.float64], concepts: Iterable[str] = relations.CONCEPTS) -> Sweep:
    """Equilibria at every common threshold that makes a difference: each certainty above 0, and 1.

    Exact: between two neighbouring certainties no comparison changes.

    >>> found = sweep(Moves.of(2, [[(0, 1)]]), np.array([[[0.5, 0.3], [0.7, 0.5]]]), ["nash"])
    >>> found.thresholds.round(2).tolist(), found.equilibria["nash"].tolist()
    ([0.4, 1.0], [[False, True], [True, True]])
    """
    degree = np.asarray(degree, dtype=np.float64)
    _check(moves, degree)
    certainty = np.round(degree - degree.transpose(0, 2, 1), 9)
    steps = np.unique(np.append(certainty[certainty > 0], 1.0))
    asked = relations.chosen(concepts)
    found = [stable(moves, degree, step, asked) for step in steps]
    return Sweep(steps, {concept: np.array([one[concept].all(axis=0) for one in found]) for concept in asked})


def crisp(payoff: Ranks) -> NDArray[np.float64]:
    """Degrees (n, N, N) of someone who is sure: 1 for better, 1/2 for level, 0 for worse.

    >>> crisp(np.array([[1, 2]])).tolist()
    [[[0.5, 0.0], [1.0, 0.5]]]
    """
    payoff = np.asarray(payoff)
    return (1 + np.sign(payoff[:, :, None] - payoff[:, None, :])) / 2


def _thresholds(moves: Moves, threshold: ArrayLike) -> NDArray[np.float64]:
    given: Sequence[float] | NDArray[np.float64] = np.asarray(threshold, dtype=np.float64)
    gamma = np.broadcast_to(given, (moves.makers,)) if np.shape(given) in ((), (moves.makers,)) else None
    if gamma is None:
        raise UsageError(f"found thresholds of shape {np.shape(given)}; expected one, or one a decision maker")
    if not ((gamma > 0) & (gamma <= 1)).all():
        raise UsageError(f"found the thresholds {gamma.tolist()}; expected numbers above 0 and up to 1")
    return gamma


def _check(moves: Moves, degree: NDArray[np.float64]) -> None:
    shape = (moves.makers, moves.states, moves.states)
    if degree.shape != shape:
        raise UsageError(f"found degrees of shape {degree.shape}; expected {shape}: decision makers, states, states")
    if not ((degree >= 0) & (degree <= 1)).all():
        raise UsageError("found a degree of preference outside 0..1; expected numbers between 0 and 1")
    if (np.abs(degree + degree.transpose(0, 2, 1) - 1) > ROUNDING).any():
        raise UsageError("found degrees of preference that do not add up; expected r(s, t) + r(t, s) = 1")


def _attitude(degree: NDArray[np.float64], gamma: NDArray[np.float64]) -> Callable[[int], Attitude]:
    def attitude(maker: int) -> Attitude:
        better = degree[maker].T - degree[maker] >= gamma[maker] - ROUNDING  # (s, t): alpha(t, s) >= gamma
        return Attitude(better, ~better, better, better)

    return attitude
