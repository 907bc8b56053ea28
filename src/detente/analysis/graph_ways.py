"""How a conflict goes on from the status quo: what is reached, which equilibria, along which ways, and who has to move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.graph.game import Game
from detente.graph.joint import Sequence
from detente.graph.paths import Arrival, Reached, arrivals, indispensable, reach, without
from detente.graph.stability import Stable

MOST_ARRIVALS = 200  # equilibria whose ways are worked out; the nearest where there are more
MOST_WAYS = 20  # shortest ways to one state


@dataclass(frozen=True)
class Arriving:
    """An equilibrium, the concepts that make it one, how the status quo leads there, and who must move for it."""

    concepts: tuple[str, ...]
    arrival: Arrival
    must_move: tuple[int, ...]  # without whom no sequence leads there: of improvements where some do, else of moves


@dataclass(frozen=True)
class To:
    """The ways from the status quo to one state: shortest legal ones by any moves, and by improvements alone.

    `must_by_moves` and `must_by_improvements` are those without whom no sequence of any length leads there.
    """

    state: int
    by_moves: tuple[Sequence, ...]
    by_improvements: tuple[Sequence, ...]
    must_by_moves: tuple[int, ...]
    must_by_improvements: tuple[int, ...]


@dataclass(frozen=True)
class Ways:
    """What the status quo leads to by legal sequences of moves, and by sequences of improvements."""

    by_moves: Reached
    by_improvements: Reached
    equilibria: Stable  # concept -> (N,)

    @classmethod
    def of(cls, game: Game, equilibria: Stable) -> Ways:
        """From the status quo of a game that has one."""
        return cls(reach(game), reach(game, improving=True), equilibria)

    @cached_property
    def reached(self) -> NDArray[np.int64]:
        """The states reached, the start apart, in fewest moves first."""
        found = np.flatnonzero(self.by_moves.earliest > 0)
        return found[np.argsort(self.by_moves.earliest[found], kind="stable")]

    @cached_property
    def improved(self) -> NDArray[np.bool_]:
        """Whether each state (N,) is reached by improvements alone."""
        return self.by_improvements.earliest > 0

    @cached_property
    def count(self) -> int:
        """How many equilibria there are, under any concept."""
        return int(self._any.sum())

    @property
    def _any(self) -> NDArray[np.bool_]:
        nowhere = np.zeros(self.by_moves.game.states, dtype=np.bool_)
        return np.logical_or.reduce(list(self.equilibria.values())) if self.equilibria else nowhere

    @cached_property
    def arriving(self) -> list[Arriving]:
        """The equilibria, those reached by improvements first, then by moves, the nearest first; at most 200."""
        states = np.flatnonzero(self._any)
        slow, fast = self.by_moves.earliest[states], self.by_improvements.earliest[states]
        never = np.iinfo(np.int32).max
        order = np.lexsort((states, np.where(slow < 0, never, slow), np.where(fast < 0, never, fast)))[:MOST_ARRIVALS]
        found = arrivals(self.by_moves, self.by_improvements, states[order].tolist())
        return [Arriving(self._concepts(one.state), one, self._must_move(one)) for one in found]

    def _concepts(self, state: int) -> tuple[str, ...]:
        return tuple(concept for concept, which in self.equilibria.items() if which[state])

    def _must_move(self, arrival: Arrival) -> tuple[int, ...]:
        left_out = self._without_improving if arrival.by_improvements >= 0 else self._without_moving
        return tuple(maker for maker in arrival.movers if not left_out[maker][arrival.state])

    @cached_property
    def _without_moving(self) -> list[NDArray[np.bool_]]:
        return [without(self.by_moves, maker) for maker in range(self.by_moves.game.makers)]

    @cached_property
    def _without_improving(self) -> list[NDArray[np.bool_]]:
        return [without(self.by_improvements, maker) for maker in range(self.by_moves.game.makers)]

    def to(self, state: int, most: int = MOST_WAYS) -> To:
        """The shortest ways to a state, at most `most` of each kind, and who must move."""
        return To(
            state,
            tuple(self.by_moves.ways(state, most)),
            tuple(self.by_improvements.ways(state, most)),
            indispensable(self.by_moves, state),
            indispensable(self.by_improvements, state),
        )
