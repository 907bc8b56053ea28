"""Attitudes: whether a decision maker wishes itself and the others well, ill or neither, and acts on that.

e_ij is the attitude of i towards j: 1 (well), -1 (ill) or 0 (indifferent). For i, t is a total relational preference
(TRP) over s where for every j with e_ij = 1, t is no worse than s for j, and for every j with e_ij = -1 no better;
nothing is asked of those with e_ij = 0. A total relational reply of i is a move to a TRP.

- RNash: i has no total relational reply from s, apart from staying.
- RGMR: for every such reply s1 the others can move on to some s2 over which s is TRP for i.
- RSMR: and from s2, i has no move to a TRP over s, other than s itself: back where it was it has gained nothing.
- RSEQ: as RGMR, the others making only total relational replies of their own.

The concepts here go by the ids nash, gmr, smr and seq. With discrete attitudes (well towards oneself, indifferent to
all others) and preferences without ties they are those of ``stability.py``. With all attitudes indifferent every state
is TRP over every other.

Inohara, Hipel and Walker (2007), Journal of Systems Science and Systems Engineering 16: 181; Walker, Hipel and Inohara
(2009, 2012). Not read against the originals. The inequalities are weak here, a reconstruction under which the facts
that the authors state hold; with ties the concepts can therefore part from those of ``stability.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import UsageError
from detente.graph import relations
from detente.graph.moves import Moves
from detente.graph.preferences import Ranks
from detente.graph.relations import Attitude, Matrix, Stable

CONCEPTS = ("nash", "gmr", "smr", "seq")


def stable(moves: Moves, payoff: Ranks, attitudes: ArrayLike, concepts: Iterable[str] = CONCEPTS) -> Stable:
    """Relational stability, (n, N) booleans a concept.

    `payoff` (n, N) are ranks, the higher the better; ``attitudes[i, j]`` (n, n) is 1, 0 or -1. Raises `UsageError`
    for other attitudes.

    >>> moves = Moves.of(4, [[(0, 1), (1, 0), (2, 3), (3, 2)], [(0, 2), (2, 0), (1, 3), (3, 1)]])
    >>> dilemma = np.array([[2, 1, 4, 3], [2, 4, 1, 3]])
    >>> for attitudes in (np.eye(2, dtype=int), [[1, 1], [1, 1]]):
    ...     print(stable(moves, dilemma, attitudes, ["nash"])["nash"].all(axis=0).tolist())
    [True, False, False, False]
    [True, True, True, True]
    """
    given = np.asarray(attitudes)
    if given.shape != (moves.makers, moves.makers) or not np.isin(given, (-1, 0, 1)).all():
        raise UsageError(f"found attitudes {given.tolist()}; expected 1, 0 or -1 of each decision maker to each")
    asked = relations.chosen(concepts, CONCEPTS)
    return relations.stable(moves, _attitude(np.asarray(payoff), given), asked)


def total_relational(payoff: Ranks, towards: NDArray[np.int64]) -> Matrix:
    """(N, N): whether the state of the column is TRP over that of the row for one whose attitudes are `towards` (n,).

    >>> total_relational(np.array([[1, 2], [2, 1]]), np.array([1, 0])).astype(int).tolist()
    [[1, 1], [0, 1]]
    """
    states = payoff.shape[1]
    found = np.ones((states, states), dtype=np.bool_)
    for ranks, attitude in zip(payoff, towards, strict=True):
        if attitude:
            found &= attitude * ranks[None, :] >= attitude * ranks[:, None]
    return found


def _attitude(payoff: Ranks, attitudes: NDArray[np.int64]) -> Callable[[int], Attitude]:
    def attitude(maker: int) -> Attitude:
        wished = total_relational(payoff, attitudes[maker])
        elsewhere = wished & ~np.eye(len(wished), dtype=np.bool_)
        return Attitude(tempts=wished, deters=wished.T, rescues=elsewhere, makes=wished)

    return attitude
