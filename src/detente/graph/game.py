"""A game: states, moves, and how every decision maker ranks the states; what stability is asked of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from detente.errors import UsageError
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.preferences import Ranks

if TYPE_CHECKING:
    from detente.graph.blocks import Blocks


@dataclass(frozen=True, eq=False)
class Game:
    """Who can move where, and who prefers what.

    `form` is an `OptionForm`, or explicit `Moves`. `payoff` (n, N) int32 holds each decision maker's dense ranks of the
    states: 1 for the worst, no number left out, equal where it is indifferent. `status_quo` is a state, 0..N-1.
    Raises `UsageError` where the parts do not fit.

    >>> from detente.graph.preferences import by_ranking
    >>> best_first = [[[2], [3], [0], [1]], [[1], [3], [0], [2]]]
    >>> dilemma = Game(OptionForm((1, 1)), np.array([by_ranking(levels, 4) for levels in best_first]))
    >>> dilemma.payoff.tolist(), dilemma.moves.reach(0, 3).tolist()
    ([[2, 1, 4, 3], [2, 4, 1, 3]], [2])
    """

    form: OptionForm | Moves
    payoff: Ranks = field(repr=False)
    status_quo: int | None = None

    def __post_init__(self) -> None:
        given = np.asarray(self.payoff)
        shape = (self.form.makers, self.form.states)
        if given.shape != shape:
            raise UsageError(f"found payoffs of shape {given.shape}; expected {shape}: decision makers, states")
        payoff = given.astype(np.int32)
        for maker, ranks in enumerate(payoff):
            low, high = int(ranks.min()), int(ranks.max())
            if low != 1 or high > len(ranks) or not np.bincount(ranks, minlength=high + 1)[1:].all():
                raise UsageError(f"found payoffs of decision maker {maker} that are no dense ranks; expected 1, 2, ...")
        payoff.flags.writeable = False
        object.__setattr__(self, "payoff", payoff)
        if self.status_quo is not None and not 0 <= self.status_quo < self.states:
            raise UsageError(f"found the status quo {self.status_quo}; expected a state from 0 to {self.states - 1}")

    @property
    def makers(self) -> int:
        """Number of decision makers, n."""
        return self.form.makers

    @property
    def states(self) -> int:
        """Number of states, N."""
        return self.form.states

    @cached_property
    def blocks(self) -> Blocks:
        """What compiled loops take of a game in plain option form, worked out once."""
        from detente.graph.blocks import Blocks

        return Blocks.of(self)

    @property
    def moves(self) -> Moves:
        """All unilateral moves one by one; in option form of many states this is what takes the memory."""
        return self.form if isinstance(self.form, Moves) else self.form.moves
