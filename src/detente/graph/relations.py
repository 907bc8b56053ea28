"""Stability where preference is any relation between states: what the uncertain and the social kinds stand on.

For the decision maker i and a state s, three relations say what another state t is to it: whether t *tempts* it to
leave s, whether t as the outcome would *deter* it from having left, and whether t would *rescue* it from a sanction. A
fourth says which moves the others *make* when they only make moves that they have a mind to. With these, s is stable
for i where every temptation s1 among its moves is answered:

- ``nash``: there is none to answer;
- ``gmr``: the others can move on from s1 to some s2 that deters;
- ``smr``: to some s2 that deters, and from which i has no move that rescues it;
- ``seq``, ``sseq``: as gmr, smr, the others making only moves that they have a mind to.

With tempts = rescues = makes = "is better" and deters = "is no better" these are the concepts of ``stability.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError, nearest
from detente.graph.bits import Bits, Matrix, pack, unpack
from detente.graph.moves import Moves

__all__ = [
    "CONCEPTS",
    "Attitude",
    "Bits",
    "Matrix",
    "Stable",
    "answered",
    "check_size",
    "chosen",
    "from_matrices",
    "kept",
    "matrix_of",
    "pack",
    "reached",
    "stable",
    "unpack",
]

Stable = dict[str, NDArray[np.bool_]]

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
SMALL = 128  # states up to which nothing need be compiled
MOST_STATES = 1 << 14  # a relation takes N^2 bytes while it is made


@dataclass(frozen=True)
class Attitude:
    """What states are to one decision maker, each (N, N): row s, column t."""

    tempts: Matrix
    deters: Matrix
    rescues: Matrix
    makes: Matrix


def stable(moves: Moves, attitude_of: Callable[[int], Attitude], concepts: Iterable[str] = CONCEPTS) -> Stable:
    """Whether each state is stable for each decision maker, (n, N) booleans for every concept asked for.

    Raises `UsageError` for a concept that there is not, and for more than 16,384 states.

    >>> payoff = np.array([[2, 1, 4, 3], [2, 4, 1, 3]])
    >>> def classical(maker):
    ...     better = payoff[maker][None, :] > payoff[maker][:, None]
    ...     return Attitude(better, ~better, better, better)
    >>> moves = Moves.of(4, [[(0, 1), (1, 0), (2, 3), (3, 2)], [(0, 2), (2, 0), (1, 3), (3, 1)]])
    >>> stable(moves, classical, ["nash", "seq"])["seq"].astype(int).tolist()
    [[1, 0, 1, 1], [1, 1, 0, 1]]
    """
    asked = chosen(concepts)
    check_size(moves.states)
    makers = range(moves.makers)
    willing: list[Moves] = []
    if {"seq", "sseq"} & set(asked):
        willing = [kept(moves, maker, attitude_of(maker).makes) for maker in makers]
    found: Stable = {concept: np.empty((moves.makers, moves.states), dtype=np.bool_) for concept in asked}
    for maker in makers:
        attitude = attitude_of(maker)
        others = [j for j in makers if j != maker]
        plain = willed = None
        if {"gmr", "smr"} & set(asked):
            plain = reached(moves, others)
        if willing:
            willed = reached(_joined(moves.states, willing), others)
        decided = answered(matrix_of(moves, maker), attitude, plain, willed, asked)
        for concept in asked:
            found[concept][maker] = decided[concept]
    return found


def answered(
    own: Matrix, attitude: Attitude, plain: Bits | None, willed: Bits | None, concepts: Sequence[str]
) -> Stable:
    """Which states (N,) are stable for one who moves by `own` (N, N), the others' answers being given.

    `plain` is what they can bring about by any moves, `willed` by those that they have a mind to.
    """
    kernel = _loops(len(own))
    temptations = pack(own & attitude.tempts)
    sanctions = pack(attitude.deters)
    safe = None
    found: Stable = {}
    for concept in concepts:
        if concept == "nash":
            found[concept] = np.logical_not(temptations.any(axis=1))
            continue
        answers = willed if concept in ("seq", "sseq") else plain
        if concept in ("smr", "sseq"):
            if safe is None:
                safe = sanctions & ~kernel.escapes(pack(own), pack(attitude.rescues))
            found[concept] = kernel.deterred(temptations, answers, safe)
        else:
            found[concept] = kernel.deterred(temptations, answers, sanctions)
    return found


def chosen(concepts: Iterable[str], of: Sequence[str] = CONCEPTS) -> list[str]:
    """The concepts asked for, each known and once; raises `UsageError` otherwise."""
    asked = list(dict.fromkeys(concepts))
    for concept in asked:
        if concept not in of:
            near = nearest(concept, of)
            hint = f" (did you mean {near}?)" if near else ""
            raise UsageError(f"found the concept {concept}; expected any of {', '.join(of)}{hint}")
    return asked


def check_size(states: int) -> None:
    """Raise `UsageError` where relations over so many states would not fit."""
    if states > MOST_STATES:
        raise UsageError(f"found {states:,} states; expected at most {MOST_STATES:,} where preference is a relation")


def reached(moves: Moves, makers: Sequence[int]) -> Bits:
    """Where legal sequences of `makers` lead from each state, (N, words) bits; nowhere if there are none of them."""
    states = moves.states
    if not makers:
        return np.zeros((states, -(-states // 64)), dtype=np.uint64)
    sizes = [len(moves.indices[maker]) for maker in makers]
    bases = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    indptr = np.array([moves.indptr[maker] + base for maker, base in zip(makers, bases, strict=True)])
    found: Bits = _loops(states).reached(indptr, np.concatenate([moves.indices[maker] for maker in makers]), states)
    return found


def _loops(states: int) -> Any:
    """Compiled loops, or products of matrices where there are few states."""
    if states <= SMALL:
        from detente.graph import relation_matrices

        return relation_matrices
    from detente.graph import relation_kernel

    return relation_kernel


def kept(moves: Moves, maker: int, allowed: Matrix) -> Moves:
    """The moves of one decision maker, as the only one, that `allowed` (N, N) lets through."""
    source = np.repeat(np.arange(moves.states), np.diff(moves.indptr[maker]))
    keep = allowed[source, moves.indices[maker]]
    counts = np.bincount(source[keep], minlength=moves.states)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Moves(moves.states, (indptr,), (moves.indices[maker][keep],))


def from_matrices(matrices: Sequence[Matrix]) -> Moves:
    """Moves from matrices (N, N), one a mover; what they say of a state and itself is left out."""
    states = len(matrices[0])
    indptr, indices = [], []
    for matrix in matrices:
        source, target = np.nonzero(matrix & ~np.eye(states, dtype=np.bool_))
        counts = np.bincount(source, minlength=states)
        indptr.append(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
        indices.append(target.astype(np.int32))
    return Moves(states, tuple(indptr), tuple(indices))


def matrix_of(moves: Moves, maker: int) -> Matrix:
    """R_i as a matrix (N, N)."""
    found = np.zeros((moves.states, moves.states), dtype=np.bool_)
    found[np.repeat(np.arange(moves.states), np.diff(moves.indptr[maker])), moves.indices[maker]] = True
    return found


def _joined(states: int, parts: Sequence[Moves]) -> Moves:
    return Moves(
        states, tuple(indptr for part in parts for indptr in part.indptr), tuple(i for p in parts for i in p.indices)
    )
