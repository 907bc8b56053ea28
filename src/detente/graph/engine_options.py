"""The engine for option form where nothing is merged and no move is banned: work grows with n N, arcs are never made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.graph.blocks import Blocks
from detente.graph.concepts import Concept
from detente.graph.game import Game

Stable = dict[str, NDArray[np.bool_]]


def stable(game: Game, concepts: Sequence[Concept]) -> Stable:
    """Whether each state is stable for each decision maker, (n, N) a concept, of those decided by sequences of moves.

    `game` is in option form without bans and merges; `concepts` are nash, gmr, smr, seq, sseq.
    """
    from detente.graph import options_kernel as kernel

    blocks = Blocks.of(game)
    found: Stable = {concept.id: np.empty((game.makers, game.states), dtype=np.bool_) for concept in concepts}
    for maker in range(game.makers):
        payoff = game.payoff[maker]
        members = (blocks.start, blocks.level, blocks.first, blocks.last, blocks.pattern)
        best = kernel.best_reached(maker, payoff, blocks.sub, *members)
        by_best = None
        for concept in concepts:
            if concept.id == "nash":
                found["nash"][maker] = best == payoff
                continue
            key, ascending = payoff, blocks.ascending[maker]
            if concept.with_reply:
                by_best = kernel.counting_order(best, int(best.max())) if by_best is None else by_best
                key, ascending = best, by_best
            lowest = kernel.lowest_reached(
                maker, concept.by_improvements, key, ascending, blocks.payoff, *blocks.members
            )
            found[concept.id][maker] = ~kernel.tempted(maker, lowest, blocks.payoff, *blocks.members)
    return found
