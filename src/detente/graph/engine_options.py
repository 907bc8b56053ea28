"""The engine for option form where nothing is merged and no move is banned: work grows with n N, arcs are never made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.graph.blocks import Blocks, Int32
from detente.graph.concepts import Concept
from detente.graph.game import Game
from detente.graph.side import each_maker

Stable = dict[str, NDArray[np.bool_]]


def stable(game: Game, concepts: Sequence[Concept]) -> Stable:
    """Whether each state is stable for each decision maker, (n, N) a concept, of those decided by sequences of moves.

    `game` is in option form without bans and merges; `concepts` are nash, gmr, smr, seq, sseq.
    """
    blocks = game.blocks
    rows = each_maker(game.makers, game.states, lambda maker: _of_maker(game, blocks, maker, concepts))
    return {concept.id: np.array([row[concept.id] for row in rows]) for concept in concepts}


def _of_maker(game: Game, blocks: Blocks, maker: int, concepts: Sequence[Concept]) -> Stable:
    """The rows (N,) of one decision maker."""
    from detente.graph import options_kernel as kernel

    payoff, ascending = game.payoff[maker], blocks.ascending[maker]
    best = kernel.best_reached(
        maker, payoff, blocks.sub, blocks.start, blocks.level, blocks.first, blocks.last, blocks.pattern
    )
    by_best: Int32 | None = None
    parts: Int32 | None = None

    def lowest_of(concept: Concept) -> Int32:
        """The lowest key that the others can bring about from each state."""
        nonlocal by_best, parts
        key, order = payoff, ascending
        if not concept.by_improvements and two_way:
            if parts is None:  # each numbered by the place of its worst state
                place = np.empty(game.states, dtype=np.int32)
                place[ascending] = np.arange(1, game.states + 1, dtype=np.int32)
                parts = kernel.lowest_reached(maker, False, place, ascending, blocks.payoff, *blocks.members)
            return kernel.lowest_within(parts, best if concept.with_reply else payoff)
        if concept.with_reply:
            by_best = kernel.counting_order(best, int(best.max())) if by_best is None else by_best
            key, order = best, by_best
        return kernel.lowest_reached(maker, concept.by_improvements, key, order, blocks.payoff, *blocks.members)

    # Where the others can always go back, all states that they move among reach the same ones.
    two_way = not np.delete(blocks.split, maker).any()
    found: Stable = {}
    for concept in concepts:
        if concept.id == "nash":
            found["nash"] = best == payoff
        else:
            found[concept.id] = ~kernel.tempted(maker, lowest_of(concept), blocks.payoff, *blocks.members)
    return found
