"""Limited moves and non-myopic stability, for two decision makers: looking h moves ahead.

G_h(i, s) is the state in which play ends when i has the move in s and h moves remain. G_0(i, s) = s. Otherwise i looks
at where each move t in R_i(s) would end, G_(h-1)(j, t), and makes the one that ends best for it; it stays, and play ends
in s, where none ends better than s itself. The state s is L_h stable for i where G_h(i, s) = s. L_1 is Nash
stability. A state is non-myopically stable for i where it is L_h stable for every h from some h* on.

The definitions are for preferences without ties. With ties: to move for no gain is not worth it, and of moves that end
equally well the one to the lowest-numbered state is made. G_h follows from G_(h-1) alone, so once both decision makers'
rows come back, everything from there on repeats; stability may go on in a cycle in h, and the period is found.

Kilgour (1984); Zagare (1984); Fang, Hipel and Kilgour (1993), *Interactive Decision Making*; on cycles Rego, Gomes de
Oliveira, Vieira and Kilgour (2025), Games 16(5): 54. Not read against the originals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph.moves import Moves
from detente.graph.preferences import Ranks

MOST_HORIZON = 100_000  # moves looked ahead before the search for a period is given up


@dataclass(frozen=True)
class Limited:
    """Stability by the number of moves looked ahead.

    ``ends[h, i, s]`` is G_h(i, s) for h = 0, 1, ..., first + period - 1; from h = `first` on it repeats with `period`.
    """

    ends: NDArray[np.int32]  # (first + period, 2, N)
    first: int
    period: int

    def end(self, horizon: int) -> NDArray[np.int32]:
        """G_h (2, N) for any h >= 0."""
        if horizon < 0:
            raise UsageError(f"found the horizon {horizon}; expected 0 or more moves")
        return self.ends[horizon if horizon < self.first else self.first + (horizon - self.first) % self.period]

    def stable(self, horizon: int) -> NDArray[np.bool_]:
        """Whether each state is L_h stable for each decision maker, (2, N)."""
        return self.end(horizon) == np.arange(self.ends.shape[2])

    @property
    def nonmyopic(self) -> NDArray[np.bool_]:
        """Whether each state is non-myopically stable for each decision maker, (2, N)."""
        return (self.ends[self.first :] == np.arange(self.ends.shape[2])).all(axis=0)


def limited(moves: Moves, payoff: Ranks) -> Limited:
    """Look ahead until the answer repeats; `payoff` (2, N) are ranks, the higher the better.

    Raises `UsageError` unless there are two decision makers, and where nothing repeats within 100,000 moves.

    >>> moves = Moves.of(4, [[(0, 1), (1, 0), (2, 3), (3, 2)], [(0, 2), (2, 0), (1, 3), (3, 1)]])
    >>> found = limited(moves, np.array([[2, 1, 4, 3], [2, 4, 1, 3]]))
    >>> found.stable(1).all(axis=0).tolist(), found.nonmyopic.all(axis=0).tolist(), found.period
    ([True, False, False, False], [True, False, False, True], 1)
    """
    payoff = np.asarray(payoff)
    if moves.makers != 2:
        raise UsageError(f"found {moves.makers} decision makers; expected 2 for limited moves")
    here = np.broadcast_to(np.arange(moves.states, dtype=np.int32), (2, moves.states))
    found = [here]
    seen = {here.tobytes(): 0}
    while len(found) <= MOST_HORIZON:
        here = np.array([_one_more(moves, payoff[i], i, found[-1][1 - i]) for i in (0, 1)])
        first = seen.setdefault(here.tobytes(), len(found))
        if first < len(found):
            return Limited(np.array(found), first, len(found) - first)
        found.append(here)
    raise UsageError(f"found no period within {MOST_HORIZON:,} moves; expected the look ahead to repeat")


def _one_more(moves: Moves, worth: NDArray[np.int32], maker: int, ends: NDArray[np.int32]) -> NDArray[np.int32]:
    """G_h (N,) of `maker` from G_(h-1) of the other one, `ends` (N,)."""
    indptr, targets = moves.indptr[maker], moves.indices[maker]
    found = np.arange(moves.states, dtype=np.int32)
    movable = np.flatnonzero(np.diff(indptr))
    if not len(movable):
        return found
    # The best end, and of equal ones that of the lowest state moved to, as one number.
    key = worth[ends[targets]].astype(np.int64) * moves.states + (moves.states - 1 - targets)
    best = np.maximum.reduceat(key, indptr[movable])
    leaves = best // moves.states > worth[movable]
    chosen = moves.states - 1 - best % moves.states
    found[movable[leaves]] = ends[chosen[leaves]]
    return found
