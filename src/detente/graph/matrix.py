"""The matrix form of the stability concepts: for teaching, and as a second way to the same answers.

Square matrices of 0 and 1 over the N states, in the order of the states, one row a state to start from. With J_i the
moves of i, P_i(s, t) = 1 where i prefers t to s, and J_i+ = J_i o P_i its improvements:

- joint moves of the others: M_k(1) = J_k and M_k(t) = sign((OR over j other than k and i of M_j(t - 1)) J_k), and M is
  the OR over all k other than i and all t;
- Nash: row s of J_i+ is empty. Otherwise s is stable where the diagonal entry of J_i+ (E - sign(M Q^T)) is 0, Q being
  E - P_i for GMR and (E - P_i) o (E - sign(J_i P_i^T)^T) for SMR; SEQ and SSEQ are GMR and SMR with M from J_k+.

A state is a sanction against leaving itself: E - P_i keeps its diagonal. The others bring i back to s, and it has
gained nothing. In option form they never can (they do not hold i's options); where the same arc is a move of several,
they may, and the definition of a sanction, a state no better for i than s, then holds of s itself. One published code
leaves the identity out there; it differs from this form in such games only.

Xu, Hipel and Kilgour (2009), IEEE Transactions on Systems, Man and Cybernetics A 39: 96; Xu, Hipel, Kilgour and Fang
(2018), *Conflict Resolution Using the Graph Model*, ch. 4.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph.concepts import Concept
from detente.graph.game import Game
from detente.graph.moves import Moves

Matrix = NDArray[np.bool_]
Stable = dict[str, NDArray[np.bool_]]

MOST_STATES = 2_000  # N^3 steps, several times over


def move_matrix(moves: Moves, maker: int) -> Matrix:
    """J_i (N, N): whether `maker` moves from the state of the row to that of the column.

    >>> move_matrix(Moves.of(2, [[(0, 1)]]), 0).astype(int).tolist()
    [[0, 1], [0, 0]]
    """
    found = np.zeros((moves.states, moves.states), dtype=np.bool_)
    source = np.repeat(np.arange(moves.states), np.diff(moves.indptr[maker]))
    found[source, moves.indices[maker]] = True
    return found


def preference_matrix(payoff: NDArray[np.int32]) -> Matrix:
    """P_i (N, N): whether the state of the column is better than that of the row, by ranks `payoff` (N,)."""
    return payoff[None, :] > payoff[:, None]


def joint(matrices: Sequence[Matrix], states: int) -> Matrix:
    """M (N, N): where legal sequences of these decision makers lead, nobody moving twice in a row.

    `matrices` are their moves, or their improvements. With none of them nothing is reached.

    >>> a, b = np.eye(3, k=1, dtype=bool), np.zeros((3, 3), dtype=bool)
    >>> joint([a, b], 3)[0].tolist(), joint([a, a], 3)[0].tolist()
    ([False, True, False], [False, True, True])
    """
    reached = [matrix.copy() for matrix in matrices]  # those that end in a move of each
    while True:
        before = sum(int(matrix.sum()) for matrix in reached)
        for k, matrix in enumerate(matrices):
            others = [found for j, found in enumerate(reached) if j != k]
            if others:
                reached[k] |= _product(np.logical_or.reduce(others), matrix)
        if sum(int(matrix.sum()) for matrix in reached) == before:
            break
    return np.logical_or.reduce(reached) if reached else np.zeros((states, states), dtype=np.bool_)


def stable(game: Game, concepts: Sequence[Concept]) -> Stable:
    """Whether each state is stable for each decision maker, (n, N) a concept, of those decided by sequences of moves.

    Raises `UsageError` for more than 2,000 states.
    """
    states = game.states
    if states > MOST_STATES:
        raise UsageError(f"found {states:,} states; expected at most {MOST_STATES:,} for the matrix form")
    moves = [move_matrix(game.moves, maker) for maker in range(game.makers)]
    preferred = [preference_matrix(payoff) for payoff in game.payoff]
    improvements = [move & better for move, better in zip(moves, preferred, strict=True)]
    found: Stable = {concept.id: np.empty((game.makers, states), dtype=np.bool_) for concept in concepts}
    for maker in range(game.makers):
        no_better = ~preferred[maker]
        escapes = _product(moves[maker], preferred[maker].T).T  # (s, s2): i moves from s2 to something better than s
        for concept in concepts:
            if concept.id == "nash":
                found["nash"][maker] = ~improvements[maker].any(axis=1)
                continue
            steps = improvements if concept.by_improvements else moves
            others = joint([step for j, step in enumerate(steps) if j != maker], states)
            sanction = no_better & ~escapes if concept.with_reply else no_better
            unpunished = ~_product(others, sanction.T)  # (s1, s)
            found[concept.id][maker] = ~(improvements[maker] & unpunished.T).any(axis=1)
    return found


def _product(a: Matrix, b: Matrix) -> Matrix:
    """The sign of the product of two matrices of 0 and 1; sums of up to N = 2^24 ones are exact in float32."""
    return (a.astype(np.float32) @ b.astype(np.float32)) > 0
