"""The inverse question: which preferences make a state stable, how many of them do, and which are nearest to today's.

A condition (``conditions.py``) speaks of comparisons between a few states. Rankings are counted by what they say of
these, exactly and without listing them all: where every comparison of a decision maker is with one and the same state,
by how many of the others stand above, below or level with it; otherwise by all rankings of the states compared, each
standing for as many rankings of all states as extend it. With ties, rankings are weak orders.

The nearest ranking has the least Kendall distance from today's: the number of pairs of states whose order turns round,
and half the number of those of which only one of the two rankings makes a tie; of several decision makers, the sum.

Kinsara, Kilgour and Hipel (2015), IEEE Transactions on Systems, Man and Cybernetics: Systems 45: 734; on distances with
ties Kemeny and Snell (1962). Not read against the originals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from itertools import permutations, product
from math import comb, factorial, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph.conditions import Condition, Every, Goal, Prefers, comparisons, condition, evaluate, every
from detente.graph.game import Game
from detente.graph.preferences import Ranks

MOST_STRICT, MOST_TIED = 8, 7  # states whose rankings are listed: 40,320 and 47,293 of them
MOST_STAR = 1 << 16  # ways in which others can stand to one state
MOST_PROFILES = 1 << 24


@dataclass(frozen=True)
class Count:
    """How many profiles of the free decision makers' rankings meet a condition, of how many that were permitted."""

    meeting: int
    permitted: int

    @property
    def answer(self) -> str:
        """ "always", "sometimes" or "never"; "nothing permitted" where no ranking is.

        >>> Count(3, 4).answer
        'sometimes'
        """
        if not self.permitted:
            return "nothing permitted"
        return {0: "never", self.permitted: "always"}.get(self.meeting, "sometimes")


@dataclass(frozen=True)
class Nearest:
    """Ranks of all (n, N) that meet a condition, as near to today's as can be; `distance` is how far, in halves."""

    payoff: Ranks
    distance: float


def count(
    game: Game, wanted: Condition, free: Collection[int], *, ties: bool = False, known: Iterable[Prefers] = ()
) -> Count:
    """Exactly how many rankings of the decision makers in `free` meet `wanted`, of those that keep to `known`.

    `known` may be any comparisons of theirs: a partial order. Rankings are without ties unless `ties`. Raises
    `UsageError` where the comparisons are among more than 8 states (7 with ties) and not all with the same one.

    >>> from detente.graph.options import OptionForm
    >>> game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    >>> nash = condition(game, [Goal(0, "nash")], [0])
    >>> count(game, nash, [0]), count(game, nash, [0], ties=True)
    (Count(meeting=12, permitted=24), Count(meeting=44, permitted=75))
    """
    return _count(wanted, sorted(set(free)), list(known), ties, game.states)


def share(wanted: Condition, free: Collection[int]) -> Fraction:
    """Exactly what share of the rankings without ties of the decision makers in `free` meet `wanted`.

    It follows from the order of the states compared alone, and so has no trouble with games of many states. Raises
    `UsageError` as `count` does.

    >>> from detente.graph.options import OptionForm
    >>> game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    >>> share(condition(game, [Goal(0, "nash")], [0]), [0])
    Fraction(1, 2)
    """
    if (best := _best_of(wanted)) is not None:
        return Fraction(1, best)
    found = _count(wanted, sorted(set(free)), [], False, None)
    return Fraction(found.meeting, found.permitted)


def _best_of(wanted: Condition) -> int | None:
    """Of how many states one has to be the best for one decision maker, if that is all that is asked."""
    parts = wanted.parts if isinstance(wanted, Every) else ()
    plain = [one for one in parts if isinstance(one, Prefers)]
    alike = len(plain) == len(parts) > 0 and len({(one.maker, one.better) for one in plain}) == 1
    return len({one.worse for one in plain}) + 1 if alike else None


def _count(wanted: Condition, makers: list[int], known: list[Prefers], ties: bool, states: int | None) -> Count:
    """The count among rankings of so many states, or of those alone that each decision maker's comparisons name."""
    pairs = {maker: _pairs(maker, [*comparisons(wanted), *known]) for maker in makers}
    views = [_view(states or len(set().union(*pairs[maker])), pairs[maker], ties) for maker in makers]
    size = prod(len(view.weights) for view in views)
    if size > MOST_PROFILES:
        raise UsageError(f"found {size:,} profiles to look at; expected at most {MOST_PROFILES:,}: let fewer be free")
    permitted = _holds(every(known), makers, pairs, views)
    meeting = permitted & _holds(wanted, makers, pairs, views)
    return Count(_weighed(meeting, views), _weighed(permitted, views))


def nearest(
    game: Game, wanted: Condition, free: Collection[int], *, ties: bool = False, known: Iterable[Prefers] = ()
) -> Nearest | None:
    """Rankings that meet `wanted` and `known`, nearest to the game's own; None where there are none.

    Exact: all rankings are tried where there are up to 8 states (7 with ties), and a solver is asked otherwise, which
    is an optional extra (`inverse`). Without `ties`, a ranking of today's that has some is broken up; half a step each.

    >>> from detente.graph.options import OptionForm
    >>> game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    >>> found = nearest(game, condition(game, [Goal(3, "nash")], [0, 1]), [0, 1])
    >>> found.distance, found.payoff.tolist()
    (2.0, [[2, 1, 3, 4], [2, 3, 1, 4]])
    """
    makers = sorted(set(free))
    asked = every([wanted, *known])
    if game.states > (MOST_TIED if ties else MOST_STRICT):
        from detente.graph import inverse_solver

        return inverse_solver.nearest(game, asked, makers, ties)
    rankings = _rankings(game.states, ties)
    pairs = {maker: _pairs(maker, comparisons(asked)) for maker in makers}
    views, best, distances = [], [], []
    for maker in makers:
        found = _signs(rankings, pairs[maker])
        distance = distances_from(game.payoff[maker], rankings)
        order = np.lexsort((np.arange(len(rankings)), distance))
        _, first = np.unique(found[order], axis=0, return_index=True)
        best.append(order[first])
        distances.append(distance[order[first]])
        views.append(_View(found[order[first]], np.ones(len(first), dtype=object)))
    size = prod(len(view.weights) for view in views)
    if size > MOST_PROFILES:
        raise UsageError(f"found {size:,} profiles to look at; expected at most {MOST_PROFILES:,}: let fewer be free")
    holds = _holds(asked, makers, pairs, views)
    total: NDArray[np.int64] = np.zeros(holds.shape, dtype=np.int64)
    for axis, distance in enumerate(distances):
        total = total + distance.reshape([-1 if a == axis else 1 for a in range(len(makers))])
    if not holds.any():
        return None
    total = np.where(holds, total, np.iinfo(np.int64).max)
    place = np.unravel_index(int(np.argmin(total)), total.shape)
    payoff = game.payoff.copy()
    for axis, maker in enumerate(makers):
        payoff[maker] = rankings[best[axis][place[axis]]]
    return Nearest(payoff, int(total[place]) / 2)


def contradiction(game: Game, goals: Sequence[Goal], free: Collection[int], *, ties: bool = False) -> tuple[Goal, ...]:
    """Goals that cannot all be met, none of which could be spared; none where all goals can be met together.

    >>> from detente.graph.options import OptionForm
    >>> game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    >>> contradiction(game, [Goal(0, maker=0), Goal(1, maker=0), Goal(2, maker=0)], [0])
    (Goal(state=0, concept='nash', stable=True, maker=0), Goal(state=1, concept='nash', stable=True, maker=0))
    """

    def possible(some_goals: Sequence[Goal]) -> bool:
        return nearest(game, condition(game, some_goals, free), free, ties=ties) is not None

    left = list(goals)
    if possible(left):
        return ()
    for goal in goals:
        fewer = [other for other in left if other is not goal]
        if not possible(fewer):
            left = fewer
    return tuple(left)


# --- counting ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _View:
    """What rankings of one decision maker say of the pairs: the sign of each, and how many rankings say so."""

    signs: NDArray[np.int8]  # (ways, pairs): 1 where the first of the pair is better, 0 level, -1 worse
    weights: NDArray[Any]  # (ways,) of Python's own integers


def _pairs(maker: int, among: Iterable[Prefers]) -> list[tuple[int, int]]:
    return sorted(
        {(min(c.better, c.worse), max(c.better, c.worse)) for c in among if c.maker == maker and c.better != c.worse}
    )


def _holds(of: Condition, makers: list[int], pairs: dict[int, list[tuple[int, int]]], views: list[_View]) -> Any:
    """Whether the condition holds, an axis a free decision maker."""
    shape = [len(view.weights) for view in views]

    def holds(one: Prefers) -> NDArray[np.bool_]:
        axis = makers.index(one.maker)
        pair = min(one.better, one.worse), max(one.better, one.worse)
        sign = views[axis].signs[:, pairs[one.maker].index(pair)] * (1 if one.better < one.worse else -1)
        found = sign > 0 if one.strictly else sign >= 0
        return np.broadcast_to(found.reshape([-1 if a == axis else 1 for a in range(len(makers))]), shape)

    return evaluate(of, holds, np.ones(shape, dtype=np.bool_))


def _weighed(found: NDArray[np.bool_], views: list[_View]) -> int:
    total: Any = found.astype(object)
    for view in reversed(views):
        total = (total * view.weights).sum(axis=-1)
    return int(total)


def _view(states: int, pairs: list[tuple[int, int]], ties: bool) -> _View:
    compared = sorted({state for pair in pairs for state in pair})
    centre = reduce(lambda a, b: a & b, (set(pair) for pair in pairs)) if pairs else set()
    if centre and (3 if ties else 2) ** len(pairs) <= MOST_STAR:
        return _star(states, pairs, min(centre), ties)
    if len(compared) > (MOST_TIED if ties else MOST_STRICT):
        raise UsageError(
            f"found comparisons among {len(compared)} states; expected at most {MOST_TIED if ties else MOST_STRICT} "
            "to count rankings by"
        )
    number = {state: place for place, state in enumerate(compared)}
    rankings = _rankings(len(compared), ties)
    signs = _signs(rankings, [(number[a], number[b]) for a, b in pairs])
    rest = states - len(compared)
    if ties:
        weights = [_extended(int(levels), rest) for levels in rankings.max(axis=1)] if len(compared) else [_weak(rest)]
    else:
        weights = [factorial(states) // factorial(len(compared))] * len(rankings)
    distinct, inverse = np.unique(signs, axis=0, return_inverse=True)
    total = np.zeros(len(distinct), dtype=object)
    np.add.at(total, inverse.reshape(-1), np.array(weights, dtype=object))
    return _View(distinct, total)


def _star(states: int, pairs: list[tuple[int, int]], centre: int, ties: bool) -> _View:
    """Where all pairs share one state, it is enough how many of the others stand above, level with and below it."""
    signs = np.array(list(product((-1, 0, 1) if ties else (-1, 1), repeat=len(pairs))), dtype=np.int8)
    turn = np.array([1 if pair[0] != centre else -1 for pair in pairs])  # to: the other state against the centre
    rest = states - 1 - len(pairs)
    weights = []
    for row in signs * turn:
        above, below = int((row == 1).sum()), int((row == -1).sum())
        weights.append(_around(above, below, rest, ties))
    return _View(signs, np.array(weights, dtype=object))


@cache
def _around(above: int, below: int, rest: int, ties: bool) -> int:
    """Rankings in which so many given states stand above one state, and below it, and `rest` more anywhere.

    Given states that are level with it are one level with it, and count for nothing.
    """
    if not ties:
        return sum(comb(rest, up) * factorial(above + up) * factorial(below + rest - up) for up in range(rest + 1))
    return sum(
        comb(rest, up) * comb(rest - up, down) * _weak(above + up) * _weak(below + down)
        for up in range(rest + 1)
        for down in range(rest - up + 1)
    )


@cache
def _weak(states: int) -> int:
    """The number of rankings with ties.

    >>> [_weak(states) for states in range(5)]
    [1, 1, 3, 13, 75]
    """
    return 1 if not states else sum(comb(states, top) * _weak(states - top) for top in range(1, states + 1))


@cache
def _extended(levels: int, more: int) -> int:
    """In how many ways `more` states can be put into a ranking of some levels: into one of them, or between."""
    if not more:
        return 1
    return levels * _extended(levels, more - 1) + (levels + 1) * _extended(levels + 1, more - 1)


@cache
def _rankings(states: int, ties: bool) -> NDArray[np.int32]:
    """All rankings, (rankings, states) dense ranks."""
    if not states:
        return np.zeros((1, 0), dtype=np.int32)
    if not ties:
        return np.array(list(permutations(range(1, states + 1))), dtype=np.int32)
    found = np.ones((1, 1), dtype=np.int32)
    for _ in range(states - 1):  # one state more: into each level, then into each gap
        grown = []
        for row in found:
            top = int(row.max())
            grown += [np.append(row, level) for level in range(1, top + 1)]
            grown += [np.append(row + (row >= gap), gap) for gap in range(1, top + 2)]
        found = np.array(grown, dtype=np.int32)
    return found


def _signs(rankings: NDArray[np.int32], pairs: Sequence[tuple[int, int]]) -> NDArray[np.int8]:
    found = np.empty((len(rankings), len(pairs)), dtype=np.int8)
    for column, (a, b) in enumerate(pairs):
        found[:, column] = np.sign(rankings[:, a] - rankings[:, b])
    return found


def distances_from(ranks: NDArray[np.int32], rankings: NDArray[np.int32]) -> NDArray[np.int64]:
    """Twice the Kendall distance of each ranking (m, N) from `ranks` (N,): 2 a pair turned round, 1 a tie made or broken.

    >>> distances_from(np.array([1, 2, 3]), np.array([[1, 2, 3], [2, 2, 1], [3, 2, 1]])).tolist()
    [0, 5, 6]
    """
    found = np.zeros(len(rankings), dtype=np.int64)
    for a in range(len(ranks)):
        for b in range(a):
            found += np.abs(np.sign(rankings[:, a] - rankings[:, b]) - np.sign(int(ranks[a]) - int(ranks[b])))
    return found
