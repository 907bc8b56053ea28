"""Who can move where, in explicit form: one directed graph of unilateral moves a decision maker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError


@dataclass(frozen=True)
class Moves:
    """The unilateral moves of n decision makers among N states, as compressed rows.

    The states that decision maker i reaches from state s in one move, R_i(s), are
    ``indices[i][indptr[i][s]:indptr[i][s + 1]]``, ascending, without s itself and without repeats. A move need not
    be reversible, and moves need not be transitive.

    Fang, Hipel and Kilgour (1993), *Interactive Decision Making*.

    >>> moves = Moves.of(3, [[(0, 1), (1, 0)], [(1, 2)]])
    >>> moves.reach(0, 1).tolist(), moves.reach(1, 1).tolist(), moves.reach(1, 2).tolist()
    ([0], [2], [])
    """

    states: int
    indptr: tuple[NDArray[np.int64], ...]  # a decision maker: (N + 1,)
    indices: tuple[NDArray[np.int32], ...]  # a decision maker: (number of its moves,)

    @classmethod
    def of(cls, states: int, arcs: Sequence[Iterable[tuple[int, int]]]) -> Moves:
        """Moves from pairs (from, to), one collection a decision maker; repeats count once.

        Raises `UsageError` for a state that is not 0..N-1, and for a move from a state to itself.
        """
        rows, columns = [], []
        for arc in arcs:
            pairs = np.array(sorted(set(arc)), dtype=np.int64).reshape(-1, 2)
            if pairs.size and (pairs.min() < 0 or pairs.max() >= states):
                raise UsageError(f"moves: found a state outside 0..{states - 1}; expected one of the {states} states")
            if (pairs[:, 0] == pairs[:, 1]).any():
                raise UsageError("moves: found a move from a state to itself; expected two different states")
            counts = np.bincount(pairs[:, 0], minlength=states)
            rows.append(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
            columns.append(pairs[:, 1].astype(np.int32))
        return cls(states, tuple(rows), tuple(columns))

    @property
    def makers(self) -> int:
        """Number of decision makers, n."""
        return len(self.indptr)

    def reach(self, maker: int, state: int) -> NDArray[np.int32]:
        """R_i(s): the states that `maker` reaches from `state` in one move, ascending; a view, shape (moves,)."""
        return self.indices[maker][self.indptr[maker][state] : self.indptr[maker][state + 1]]
