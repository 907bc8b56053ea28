"""Stability of one form under many preferences: what is asked again is remembered, so that draws share solutions.

Nash, GMR and SMR stability of a state for a decision maker depend on its own ranking alone: sanctions by any moves ask
nobody's taste but its own. These are remembered a ranking at a time, the others a game at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from detente.graph import batch, stability
from detente.graph.game import Game
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.preferences import Ranks

OWN = frozenset({"nash", "gmr", "smr"})  # concepts that ask for one ranking only
MOST_BYTES = 1 << 26  # remembered; what was found first gives way
MANY = 200  # games from which loading compiled loops pays

Bools = NDArray[np.bool_]
Key = tuple[str, tuple[int, ...]]  # a concept, and rankings: one, with its decision maker, or everybody's


class Solver:
    """Solves games of the same form and different preferences.

    >>> from detente.graph.preferences import by_ranking
    >>> solver = Solver(OptionForm((1, 1)))
    >>> mild = np.array([by_ranking([[3], [0], [1], [2]], 4)])
    >>> both = np.array([by_ranking([[2], [3], [0], [1]], 4), by_ranking([[3], [2], [0], [1]], 4)])
    >>> solver.equilibria([both, mild], np.array([[0, 0], [1, 0], [1, 0]]), "nash").astype(int).tolist()
    [[1, 0, 0, 0], [1, 0, 0, 1], [1, 0, 0, 1]]
    """

    def __init__(self, form: OptionForm | Moves) -> None:
        self.form = form
        self._numbers: dict[bytes, int] = {}
        self._found: dict[Key, NDArray[np.uint8]] = {}
        self._lock = Lock()  # blocks of draws are worked on side by side

    def equilibria(self, rankings: Sequence[Ranks], which: NDArray[np.int64], concept: str) -> Bools:
        """Whether each state is an equilibrium in each game (G, N); arguments as of `stable`."""
        return np.logical_and.reduce(self.stable(rankings, which, concept), axis=1)

    def stable(self, rankings: Sequence[Ranks], which: NDArray[np.int64], concept: str) -> Bools:
        """Whether each state is stable for each decision maker in each game, (G, n, N).

        `rankings` holds for each decision maker those that it may have, (m, N) dense ranks; `which` (G, n) says which
        ones make up a game. Raises `UsageError` for a concept that there is not.
        """
        with self._lock:
            return self._stable(rankings, which, concept)

    def _stable(self, rankings: Sequence[Ranks], which: NDArray[np.int64], concept: str) -> Bools:
        makers, states = self.form.makers, self.form.states
        number = [np.array([self._number(ranks) for ranks in own]) for own in rankings]
        games = np.stack([number[maker][which[:, maker]] for maker in range(makers)], axis=1)
        alone = concept in OWN
        keys = [
            [(maker, int(row[maker])) for maker in range(makers)] if alone else [tuple(map(int, row))] for row in games
        ]
        wanted: dict[tuple[int, ...], NDArray[np.int64]] = {}
        for row, own in zip(which, keys, strict=True):
            for key in own:
                if (concept, key) not in self._found:
                    wanted.setdefault(key, row)
        fresh = self._solve(concept, wanted, rankings)
        found = np.empty((len(games), makers, states), dtype=np.bool_)
        for game, own in enumerate(keys):
            bits = np.concatenate([fresh[key] if key in fresh else self._found[concept, key] for key in own])
            found[game] = np.unpackbits(bits.reshape(makers, -1), axis=1, count=states)
        for key, rows in fresh.items():
            self._found[concept, key] = rows
        size = makers * -(-states // 8)
        while len(self._found) * size > MOST_BYTES and len(self._found) > 1:
            self._found.pop(next(iter(self._found)))
        return found

    def _number(self, ranks: Ranks) -> int:
        """A number for a ranking, the same for equal ones."""
        return self._numbers.setdefault(ranks.tobytes(), len(self._numbers))

    def _solve(
        self, concept: str, wanted: dict[tuple[int, ...], NDArray[np.int64]], rankings: Sequence[Ranks]
    ) -> dict[tuple[int, ...], NDArray[np.uint8]]:
        """Bits of what is stable (rows, bytes), one row a decision maker, for games that were not solved yet."""
        if not wanted:
            return {}
        games, place = distinct(np.array(list(wanted.values())))
        solved = np.packbits(self._solved(concept, games, rankings), axis=2)
        if concept in OWN:
            return {key: solved[game, key[0] : key[0] + 1] for key, game in zip(wanted, place, strict=True)}
        return {key: solved[game] for key, game in zip(wanted, place, strict=True)}

    def _solved(self, concept: str, games: NDArray[np.int64], rankings: Sequence[Ranks]) -> Bools:
        """What is stable in games (G, n, N), side by side where they are small, else one by one."""
        if isinstance(self.form, OptionForm) and batch.suits(self.form):
            if concept == "sim":
                return batch.stable_at_once(self.form, rankings, games)
            if concept in stability.FAST:
                return batch.stable(self.form, rankings, games, stability.BY_ID[concept])
        found = []
        for row in games:
            game = Game(self.form, np.array([own[place] for own, place in zip(rankings, row, strict=True)]))
            engine = stability.engine_for(game, many=True) if len(games) >= MANY and concept != "sim" else None
            found.append(stability.stable(game, [concept], engine=engine)[concept])
        return np.array(found)


def distinct(rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct rows of whole numbers from 0 (D, c), and which of them each row is (D,).

    >>> found, which = distinct(np.array([[0, 2], [1, 0], [0, 2]]))
    >>> found.tolist(), which.tolist()
    ([[0, 2], [1, 0]], [0, 1, 0])
    """
    varies = np.flatnonzero((rows != rows[:1]).any(axis=0))
    sizes = [int(rows[:, column].max()) + 1 for column in varies]
    if prod(sizes) >= 1 << 62:
        found, which = np.unique(rows, axis=0, return_inverse=True)
        return found, which.reshape(-1)
    code = np.zeros(len(rows), dtype=np.int64)
    for column, size in zip(varies, sizes, strict=True):
        code = code * size + rows[:, column]
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    return rows[first], which
