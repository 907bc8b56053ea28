"""What ``relation_kernel.py`` computes, by products of matrices: for few states, where nothing then need be compiled or loaded.

Counts of at most 128 states are exact in 32-bit floating point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.graph.bits import Bits, pack, unpack


def reached(indptr: NDArray[np.int64], indices: NDArray[np.int32], states: int) -> Bits:
    """Where legal sequences of the movers lead from each state: what a move of one leads to, and what others add to it."""
    moves = np.zeros((len(indptr), states, states), dtype=np.float32)
    for maker, rows in enumerate(indptr):
        moves[maker, np.repeat(np.arange(states), np.diff(rows)), indices[rows[0] : rows[-1]]] = 1
    first, before = moves > 0, -1
    while (now := int(first.sum())) != before:
        before = now
        for maker in range(len(moves)):
            others = np.delete(first, maker, axis=0).any(axis=0)
            first[maker] |= moves[maker] @ others.astype(np.float32) > 0
    return pack(np.logical_or.reduce(list(first)))


def escapes(moves: Bits, rescues: Bits) -> Bits:
    """For each state s bits s2: whether some move from s2 leads to a state that rescues from s."""
    return pack(_meet(rescues, moves))


def deterred(temptations: Bits, answers: Bits, sanctions: Bits) -> NDArray[np.bool_]:
    """Whether from each state (N,) every temptation is answered by some sanction."""
    unanswered = unpack(temptations, len(temptations)) & ~_meet(sanctions, answers)
    return np.logical_not(unanswered.any(axis=1))


def _meet(some: Bits, others: Bits) -> NDArray[np.bool_]:
    """Whether a row of `some` and a row of `others` share a bit, (N, N)."""
    left, right = (unpack(bits, len(bits)).astype(np.float32) for bits in (some, others))
    found: NDArray[np.bool_] = left @ right.T > 0
    return found
