"""Unknown preference: of some pairs of states nobody knows which one a decision maker prefers.

Between two states stands better (>), worse (<), level (~) or unknown (U). Who leaves a state, and what deters it, may
be read boldly or carefully; four ways of reading give four stabilities of each concept:

| | tempted by | deterred by s2 | rescued by s3 |
| --- | --- | --- | --- |
| a | > or U | < or ~ | > or U |
| b | > | < or ~ | > or U |
| c | > or U | <, ~ or U | > |
| d | > | <, ~ or U | > |

In sequential stability the others move along > or U in all four. What is stable in a is so in b and c, and what is
stable in b or c is so in d; Nash stability does not tell a from c, nor b from d.

Li, Hipel, Kilgour and Fang (2004), IEEE Transactions on Systems, Man and Cybernetics A 34: 507-520. Its abstract was
read, not its definitions: the table is as the literature after it gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph import relations
from detente.graph.moves import Moves
from detente.graph.preferences import Ranks
from detente.graph.relations import Attitude, Matrix, Stable

Reading = Literal["a", "b", "c", "d"]
READINGS: tuple[Reading, ...] = ("a", "b", "c", "d")


def stable(
    moves: Moves, better: NDArray[np.bool_], unknown: NDArray[np.bool_], concepts: Iterable[str] = relations.CONCEPTS
) -> dict[Reading, Stable]:
    """Stability in the four readings, (n, N) booleans a reading and concept.

    ``better[i, s, t]`` says that i prefers t to s, ``unknown[i, s, t]`` that nobody knows, both (n, N, N); what is
    neither, either way round, is level. Raises `UsageError` where they contradict each other.

    >>> moves = Moves.of(2, [[(0, 1)]])
    >>> better = np.zeros((1, 2, 2), dtype=bool)
    >>> found = stable(moves, better, np.array([[[False, True], [True, False]]]), ["nash"])
    >>> [found[reading]["nash"].tolist() for reading in READINGS]
    [[[False, True]], [[True, True]], [[False, True]], [[True, True]]]
    """
    better, unknown = np.asarray(better, dtype=np.bool_), np.asarray(unknown, dtype=np.bool_)
    _check(moves, better, unknown)
    asked = relations.chosen(concepts)
    return {reading: relations.stable(moves, _attitude(reading, better, unknown), asked) for reading in READINGS}


def from_ranks(payoff: Ranks, pairs: Iterable[tuple[int, int, int]]) -> tuple[Matrix, Matrix]:
    """`better` and `unknown`, both (n, N, N), from ranks (n, N) of which the pairs (i, s, t) are not known.

    >>> better, unknown = from_ranks(np.array([[1, 2, 3]]), [(0, 0, 2)])
    >>> better[0].astype(int).tolist(), unknown[0].astype(int).tolist()
    ([[0, 1, 0], [0, 0, 1], [0, 0, 0]], [[0, 0, 1], [0, 0, 0], [1, 0, 0]])
    """
    payoff = np.asarray(payoff)
    makers, states = payoff.shape
    unknown = np.zeros((makers, states, states), dtype=np.bool_)
    for maker, s, t in pairs:
        unknown[maker, s, t] = unknown[maker, t, s] = True
    return (payoff[:, None, :] > payoff[:, :, None]) & ~unknown, unknown


def _check(moves: Moves, better: Matrix, unknown: Matrix) -> None:
    shape = (moves.makers, moves.states, moves.states)
    for name, given in (("better", better), ("unknown", unknown)):
        if given.shape != shape:
            raise UsageError(f"found {name} of shape {given.shape}; expected {shape}: decision makers, states, states")
    turned = better.transpose(0, 2, 1)
    if (better & turned).any():
        raise UsageError("found two states of which each is better than the other; expected one at most")
    if (unknown != unknown.transpose(0, 2, 1)).any() or (unknown & (better | turned)).any():
        raise UsageError("found a pair of states both known and unknown; expected unknown pairs to be so either way")
    if unknown.diagonal(axis1=1, axis2=2).any():
        raise UsageError("found a state that is unknown against itself; expected it to be level")


def _attitude(reading: Reading, better: Matrix, unknown: Matrix) -> Callable[[int], Attitude]:
    def attitude(maker: int) -> Attitude:
        surely, maybe = better[maker], better[maker] | unknown[maker]
        # The decision maker stays where leaving *may* end no better (c, d), or only where it does for sure (a, b).
        hoped = surely if reading in ("c", "d") else maybe
        tempts = maybe if reading in ("a", "c") else surely
        return Attitude(tempts=tempts, deters=~hoped, rescues=hoped, makes=maybe)

    return attitude
