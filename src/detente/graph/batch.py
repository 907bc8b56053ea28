"""Stability of many small games at once: sets of states are the bits of a word, and the games go side by side.

For games of up to 64 states whose moves are transitive, so that what a group can bring about is plain reachability.
With the key of a concept (see ``concepts.py``), a state s is unstable for i where it has an improvement from which the
others can bring about no state whose key is at most i's payoff in s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.graph.concepts import Concept
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.preferences import Ranks

MOST_STATES = 64
AT_ONCE = 1024  # games a step: its arrays fit the cache
Words = NDArray[np.uint64]
Bools = NDArray[np.bool_]


def suits(form: OptionForm | Moves) -> bool:
    """Whether games of this form can be solved here."""
    return isinstance(form, OptionForm) and form.transitive and form.states <= MOST_STATES


def stable(form: OptionForm, rankings: Sequence[Ranks], which: NDArray[np.int64], concept: Concept) -> Bools:
    """Whether each state is stable for each decision maker in each game, (G, n, N).

    `rankings` holds for each decision maker those that it may have, (m, N); `which` (G, n) says which ones make up a
    game. `concept` is one of those that a key a state decides.

    >>> from detente.graph.concepts import BY_ID
    >>> own = np.array([[2, 1, 4, 3]]), np.array([[2, 4, 1, 3], [1, 2, 1, 2]])
    >>> stable(OptionForm((1, 1)), own, np.array([[0, 0], [0, 1]]), BY_ID["nash"]).all(axis=1).astype(int).tolist()
    [[1, 0, 0, 0], [1, 0, 1, 0]]
    """
    makers = range(form.makers)
    moves = [_packed(_move_matrix(form.moves, maker)) for maker in makers]
    improving = [moves[maker] & _packed(own[:, None, :] > own[:, :, None]) for maker, own in enumerate(rankings)]
    found = np.empty((len(which), form.makers, form.states), dtype=np.bool_)
    for maker in makers:
        if concept.id == "nash":
            found[:, maker] = (improving[maker] == 0)[which[:, maker]]
            continue
        own = rankings[maker]
        key = _best(form.moves, maker, own) if concept.with_reply else own
        sanctions = _packed(key[:, None, :] <= own[:, :, None])
        others = [other for other in makers if other != maker]
        for games in _steps(len(which)):
            rows = which[games]
            reached = np.zeros((len(rows), form.states), dtype=np.uint64)
            for other in others:
                reached |= improving[other][rows[:, other]] if concept.by_improvements else moves[other]
            _close(reached)
            chosen = rows[:, maker]
            found[games, maker] = ~_tempted(improving[maker][chosen], reached, sanctions[chosen])
    return found


def stable_at_once(form: OptionForm, rankings: Sequence[Ranks], which: NDArray[np.int64]) -> Bools:
    """Whether each state is simultaneously stable for each decision maker in each game, (G, n, N); arguments as of `stable`.

    The others, improving at once from s, can bring about u where for each of them s with its options as in u is s itself
    or an improvement of its own. Of that, what has i's options as in i's improvement t, and is no better for i than s,
    deters t; where all others stay put that is t itself, which is better (see ``simultaneous.py``, which has the source).

    >>> own = np.array([[2, 1, 4, 3]]), np.array([[2, 4, 1, 3]])
    >>> stable_at_once(OptionForm((1, 1)), own, np.array([[0, 0]]))[0].astype(int).tolist()
    [[1, 0, 1, 1], [1, 1, 0, 1]]
    """
    makers = range(form.makers)
    moves = [_move_matrix(form.moves, maker) for maker in makers]
    improving = [moves[maker] & (own[:, None, :] > own[:, :, None]) for maker, own in enumerate(rankings)]
    words = [_packed(better) for better in improving]
    alike = [form.codes[:, None] & mask == form.codes & mask for mask in form.masks]  # options of one, in two states
    joins = [_packed(alike[maker] | _alone(form, maker, improving[maker])) for maker in makers]
    found = np.empty((len(which), form.makers, form.states), dtype=np.bool_)
    for maker, own in enumerate(rankings):
        same = _packed(alike[maker])[None]
        others = [other for other in makers if other != maker]
        sanctions = _packed(own[:, None, :] <= own[:, :, None])
        for games in _steps(len(which)):
            rows = which[games]
            at_once = sanctions[rows[:, maker]]
            for other in others:
                at_once &= joins[other][rows[:, other]]
            found[games, maker] = ~_tempted(words[maker][rows[:, maker]], same, at_once)
    return found


def _alone(form: OptionForm, maker: int, improving: Bools) -> Bools:
    """Whether s with the decision maker's options as in u is an improvement for it from s, (m, N, N)."""
    codes, mask = form.codes, form.masks[maker]
    wanted = (codes[:, None] & ~mask) | (codes & mask)
    place = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return improving[:, np.arange(len(codes))[:, None], place] & (codes[place] == wanted)


def _steps(games: int) -> Iterator[slice]:
    for start in range(0, games, AT_ONCE):
        yield slice(start, start + AT_ONCE)


def _move_matrix(moves: Moves, maker: int) -> Bools:
    """Whether the decision maker can move from one state to another, (N, N)."""
    found = np.zeros((moves.states, moves.states), dtype=np.bool_)
    found[np.repeat(np.arange(moves.states), np.diff(moves.indptr[maker])), moves.indices[maker]] = True
    return found


def _packed(sets: Bools) -> Words:
    """Sets of states (..., N) as words (...), the first state the lowest bit."""
    bits = np.uint64(1) << np.arange(sets.shape[-1], dtype=np.uint64)
    return np.bitwise_or.reduce(np.where(sets, bits, np.uint64(0)), axis=-1)


def _best(moves: Moves, maker: int, ranks: Ranks) -> Ranks:
    """The best rank to be had by staying or moving once, (m, N)."""
    found = ranks.copy()
    for state in range(moves.states):
        if (there := moves.reach(maker, state)).size:
            found[:, state] = np.maximum(found[:, state], ranks[:, there].max(axis=1))
    return found


def _close(reached: Words) -> None:
    """Make what is reached in one step (G, N) what is reached in any number of steps, in place (Warshall 1962)."""
    for state in range(reached.shape[1]):
        through = (reached >> np.uint64(state)) & np.uint64(1)
        reached |= (np.uint64(0) - through) & reached[:, state, None]


def _tempted(improving: Words, reached: Words, sanctions: Words) -> Bools:
    """Whether each state has an improvement that nothing deters, (G, N)."""
    found = np.zeros(improving.shape, dtype=np.bool_)
    for state in range(improving.shape[1]):
        moves = (improving >> np.uint64(state)) & np.uint64(1) != 0
        found |= moves & (reached[:, state, None] & sanctions == 0)
    return found
