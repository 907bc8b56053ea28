"""What the others can bring about after an improvement, in games of many states: compiled search instead of loops.

The answers are those of ``why.py``, for plain option form and the concepts that look at sequences of moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.graph.game import Game
from detente.graph.joint import Sequence
from detente.graph.options import OptionForm
from detente.graph.paths import NO_MOVE, SMALL, Reached, compiled


@dataclass(frozen=True, eq=False)
class Answers:
    """The others' answers to whatever `maker` does in `state`, under one concept."""

    game: Game
    maker: int
    state: int
    concept: str

    @cached_property
    def _others(self) -> list[int]:
        return [j for j in range(self.game.makers) if j != self.maker]

    @cached_property
    def harmful(self) -> NDArray[np.bool_]:
        """The states (N,) that are sanctions if they are reached: no better than `state`, with no escape to a better."""
        worth = self.game.payoff[self.maker]
        reached = self._best if self.concept in ("smr", "sseq") else worth
        return reached <= worth[self.state]

    @cached_property
    def _best(self) -> NDArray[np.int32]:
        """The best rank (N,) that `maker` can have by staying or moving once."""
        from detente.graph import options_kernel as kernel

        blocks = self.game.blocks
        best: NDArray[np.int32] = kernel.best_reached(
            self.maker,
            self.game.payoff[self.maker],
            blocks.sub,
            blocks.start,
            blocks.level,
            blocks.first,
            blocks.last,
            blocks.pattern,
        )
        return best

    def _reached(
        self, to: int, wanted: NDArray[np.bool_] | None, most: int = 1, left_out: tuple[int, int, int] = NO_MOVE
    ) -> tuple[Reached, int]:
        improving = self.concept in ("seq", "sseq")
        steps, found = compiled(self.game, to, improving, self._others, wanted=wanted, most=most, left_out=left_out)
        return Reached(self.game, to, improving, steps, left_out), found

    def worst(self, to: int, left_out: tuple[int, int, int] = NO_MOVE) -> tuple[Sequence, int, bool] | None:
        """A sanction with the fewest moves, else the worst state for `maker`: the moves, the state, and which it is."""
        reached, found = self._reached(to, self.harmful, left_out=left_out)
        if found >= 0:
            return reached.way(found), found, True
        there = np.flatnonzero((reached.steps > 0).any(axis=0))
        if not len(there):
            return None
        levels = self.game.payoff[self.maker][there]
        lowest = there[levels == levels.min()]
        steps = np.where(reached.steps[:, lowest] > 0, reached.steps[:, lowest], np.iinfo(np.int32).max).min(axis=0)
        end = int(lowest[np.argmin(steps)])
        return reached.way(end), end, False

    def sanctions(self, to: int, few: int) -> tuple[Iterator[int], bool]:
        """The sanctions that a move to `to` may meet, and whether these are more than `few`."""
        reached, found = self._reached(to, self.harmful, few + 1)
        return self._met(to, reached, found >= 0), found >= 0

    def _met(self, to: int, reached: Reached, more: bool) -> Iterator[int]:
        """Those reached; then, where there are more of them and somebody still asks, all of them."""
        yield from np.flatnonzero((reached.steps > 0).any(axis=0) & self.harmful).tolist()
        if more:
            yield from self._met(to, self._reached(to, None)[0], False)


def far_answers(game: Game, maker: int, state: int, concept: str) -> Answers | None:
    """The others' answers, where a search state by state would take long and this one is there; else None."""
    plain = isinstance(game.form, OptionForm) and game.form.transitive
    far = plain and game.states > SMALL and concept in ("gmr", "smr", "seq", "sseq")
    return Answers(game, maker, state, concept) if far else None
