"""The engine for moves of any kind, listed one by one: graph form, bans, merged states."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.graph.concepts import Concept
from detente.graph.game import Game

Stable = dict[str, NDArray[np.bool_]]


def stable(game: Game, concepts: Sequence[Concept]) -> Stable:
    """Whether each state is stable for each decision maker, (n, N) a concept, of those decided by sequences of moves.

    `concepts` are nash, gmr, smr, seq, sseq. Work grows with n times the number of moves, once a decision maker and
    concept.
    """
    from detente.graph import explicit_kernel as kernel
    from detente.graph.options_kernel import counting_order

    moves, payoff = game.moves, game.payoff
    tails: list[NDArray[np.int64]] = []
    sources: list[NDArray[np.int32]] = []
    for maker in range(game.makers):
        base = sum(len(source) for source in sources)
        tail, source = kernel.backward(moves.indptr[maker], moves.indices[maker], base)
        tails.append(tail)
        sources.append(source)
    tail, sources_of = np.array(tails), np.concatenate(sources)
    found: Stable = {concept.id: np.empty((game.makers, game.states), dtype=np.bool_) for concept in concepts}
    for maker in range(game.makers):
        own = moves.indptr[maker], moves.indices[maker]
        best = kernel.best_reached(payoff[maker], *own)
        for concept in concepts:
            if concept.id == "nash":
                found["nash"][maker] = best == payoff[maker]
                continue
            key = best if concept.with_reply else payoff[maker]
            ascending = counting_order(key, int(key.max()))
            lowest = kernel.lowest_reached(maker, concept.by_improvements, key, ascending, payoff, tail, sources_of)
            found[concept.id][maker] = ~kernel.tempted(payoff[maker], lowest, *own)
    return found
