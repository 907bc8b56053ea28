"""Hypergames of level 1: decision makers who see the conflict differently, each analysing its own game of it.

Everything is laid over one universal set of N states. Decision maker i recognises some of them; its game G^i holds
those, the moves between them, and the rankings of all decision makers *as i sees them*, its own among them, which it
may misperceive. The state s is stable for i in the hypergame where it is stable for i in G^i, and a hypergame equilibrium
where that holds for every i. A state that i does not recognise is not called stable for it, nor unstable: it is told
apart.

- Perceived equilibria of i: the states stable for all in G^i: how i expects the conflict to end.
- Surprises for i: states that it does not recognise but that the others, by moves that they see as improvements in
  their own games and that exist, can bring about in one move from a state that i recognises.

Bennett (1977, 1980); Wang, Hipel and Fraser (1988, 1989); Aljefri, Bashar, Fang and Hipel (2018), IEEE Transactions on
Systems, Man and Cybernetics: Systems. Not read against the originals; the account of surprises is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph.game import Game
from detente.graph.moves import Moves
from detente.graph.preferences import Ranks, dense_ranks
from detente.graph.stability import FAST
from detente.graph.stability import stable as stable_in


@dataclass(frozen=True)
class Perception:
    """How one decision maker sees the conflict.

    `payoff` (n, N) are the rankings of all as it sees them, the higher the better; entries of states outside
    `recognised` (N,) do not count. `moves` are those that it believes in, the universal ones where none are given.
    """

    payoff: Ranks
    recognised: NDArray[np.bool_]
    moves: Moves | None = None


@dataclass(frozen=True)
class Hypergame:
    """What comes of the perceptions, by concept where it depends on one; all over the universal states.

    `stable` (n, N): i recognises the state and it is stable for i in G^i. `equilibria` (N,): that holds for all.
    `perceived` (n, N): the state is an equilibrium of G^i. `unrecognised` (n, N) and `surprises` (n, N) as above.
    """

    stable: dict[str, NDArray[np.bool_]]
    equilibria: dict[str, NDArray[np.bool_]]
    perceived: dict[str, NDArray[np.bool_]]
    unrecognised: NDArray[np.bool_]
    surprises: NDArray[np.bool_]


def hypergame(moves: Moves, perceptions: Sequence[Perception], concepts: Iterable[str] = FAST) -> Hypergame:
    """Analyse a hypergame of level 1; `moves` are those that exist, one perception a decision maker.

    Raises `UsageError` where a perception does not fit, or recognises nothing.

    >>> moves = Moves.of(2, [[(0, 1)], []])
    >>> sees = Perception(np.array([[1, 2], [1, 2]]), np.array([True, True]))
    >>> blind = Perception(np.array([[1, 1], [1, 1]]), np.array([True, False]))
    >>> found = hypergame(moves, [sees, blind], ["nash"])
    >>> found.equilibria["nash"].tolist(), found.perceived["nash"].tolist(), found.surprises.tolist()
    ([False, False], [[False, True], [True, False]], [[False, False], [False, True]])
    """
    if len(perceptions) != moves.makers:
        raise UsageError(f"found {len(perceptions)} perceptions; expected one a decision maker, {moves.makers}")
    asked = list(concepts)
    shape = (moves.makers, moves.states)
    stable = {concept: np.zeros(shape, dtype=np.bool_) for concept in asked}
    perceived = {concept: np.zeros(shape, dtype=np.bool_) for concept in asked}
    recognised = np.array([_recognised(moves, perception) for perception in perceptions])
    for maker, perception in enumerate(perceptions):
        states = np.flatnonzero(recognised[maker])
        for concept, found in stable_in(_game(moves, perception, states), asked).items():
            stable[concept][maker, states] = found[maker]
            perceived[concept][maker, states] = found.all(axis=0)
    equilibria = {concept: np.logical_and.reduce(found) for concept, found in stable.items()}
    return Hypergame(stable, equilibria, perceived, ~recognised, _surprises(moves, perceptions, recognised))


def _recognised(moves: Moves, perception: Perception) -> NDArray[np.bool_]:
    recognised = np.asarray(perception.recognised, dtype=np.bool_)
    if recognised.shape != (moves.states,) or not recognised.any():
        raise UsageError(f"found no recognised states, or not one answer for each of {moves.states}; expected both")
    if np.shape(perception.payoff) != (moves.makers, moves.states):
        raise UsageError(
            f"found payoffs of shape {np.shape(perception.payoff)}; expected {(moves.makers, moves.states)}: decision "
            "makers, states"
        )
    return recognised


def _game(moves: Moves, perception: Perception, states: NDArray[np.int64]) -> Game:
    """G^i: the states that i recognises, numbered anew."""
    believed = moves if perception.moves is None else perception.moves
    number = np.full(moves.states, -1, dtype=np.int64)
    number[states] = np.arange(len(states))
    arcs = []
    for maker in range(moves.makers):
        source = number[np.repeat(np.arange(moves.states), np.diff(believed.indptr[maker]))]
        target = number[believed.indices[maker]]
        both = (source >= 0) & (target >= 0)
        arcs.append(list(zip(source[both].tolist(), target[both].tolist(), strict=True)))
    payoff = np.array([dense_ranks(ranks[states]) for ranks in np.asarray(perception.payoff)])
    return Game(Moves.of(len(states), arcs), payoff)


def _surprises(moves: Moves, perceptions: Sequence[Perception], recognised: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """For each decision maker, the states that it does not see coming, (n, N)."""
    found = np.zeros_like(recognised)
    for maker in range(moves.makers):
        for mover in range(moves.makers):
            if mover == maker:
                continue
            source = np.repeat(np.arange(moves.states), np.diff(moves.indptr[mover]))
            target = moves.indices[mover]
            ranks = np.asarray(perceptions[mover].payoff)[mover]
            willing = recognised[mover][source] & recognised[mover][target] & (ranks[target] > ranks[source])
            unseen = recognised[maker][source] & ~recognised[maker][target]
            found[maker, target[willing & unseen]] = True
    return found
