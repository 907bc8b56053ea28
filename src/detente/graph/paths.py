"""From the status quo: which states can be reached, in how many steps, along which ways, and by whose improvements.

Steps are legal sequences of all decision makers (``joint.py``): nobody moves twice in a row. They are counted once for
unilateral moves and once for moves that improve the lot of who makes them. ``steps[j, t]`` is the least number of steps
in which t is reached with j moving last; where a decision maker's moves are not transitive, the list over pairs is
needed, because a state reached soonest by j is one from which j may not go on.

In option form without bans and merges no move is listed; ``paths_kernel.py`` goes through blocks of states.

Li, Kilgour and Hipel (2005), Journal of the Operational Research Society 56: 699; Xu, Hipel, Kilgour and Kemkes (2010),
European Journal of Operational Research 207: 318. Not read against the originals beyond an abstract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph.game import Game
from detente.graph.joint import Sequence, Step
from detente.graph.options import OptionForm

States = NDArray[np.int64]
UNREACHED = -1
NO_MOVE = (-1, -1, -1)
SMALL = 1_024  # states up to which no compiled loops need be loaded


@dataclass(frozen=True, eq=False)
class Reached:
    """What is reached from `start`, by improvements only where `improving`, else by any moves.

    ``steps[j, t]``, (n, N) int32, is the least number of steps to t with j moving last; -1 where there are none.
    `left_out` is a move (who, from, to) that was not to be made.
    """

    game: Game
    start: int
    improving: bool
    steps: NDArray[np.int32]
    left_out: tuple[int, int, int] = NO_MOVE

    @cached_property
    def earliest(self) -> NDArray[np.int32]:
        """The least number of steps to each state, (N,): 0 for the start, -1 for what is never reached."""
        never = np.iinfo(np.int32).max
        found = np.where(self.steps == UNREACHED, never, self.steps).min(axis=0)
        found[found == never] = UNREACHED
        found[self.start] = 0
        return found

    def table(self, most: int | None = None) -> NDArray[np.bool_]:
        """Whether each state is reached within h steps, (h + 1, N) for h = 0, 1, ... up to `most`, or to the last new.

        >>> from detente.graph.moves import Moves
        >>> line = Game(Moves.of(3, [[(0, 1)], [(1, 2)]]), [[1, 1, 1]] * 2)
        >>> reach(line, 0).table().astype(int).tolist()
        [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
        """
        last = int(self.earliest.max()) if most is None else most
        return (self.earliest[None, :] >= 0) & (self.earliest[None, :] <= np.arange(last + 1)[:, None])

    def ways(self, to: int, most: int = 100) -> list[Sequence]:
        """The shortest legal sequences to a state, at most `most` of them; none where it is not reached.

        To the start itself leads the empty one.
        """
        if not 0 <= to < self.game.states:
            raise UsageError(f"found the state {to}; expected 0 to {self.game.states - 1}")
        if to == self.start:
            return [()]
        length = int(self.earliest[to])
        return list(islice(self._ways(to, length, None), most)) if length > 0 else []

    def way(self, to: int) -> Sequence:
        """A shortest sequence of at least one move to a state that is reached, the start where one leads back to it."""
        lengths = self.steps[:, to]
        return next(self._ways(to, int(lengths[lengths > 0].min()), None))

    def _ways(self, to: int, length: int, after: int | None) -> Iterator[Sequence]:
        """The sequences of `length` steps to a state whose last mover is not `after`."""
        for maker in range(self.game.makers):
            if maker == after or self.steps[maker, to] != length:
                continue
            if length == 1:
                yield (Step(maker, to),)
                continue
            for before in self._before(maker, to, length - 1):
                for way in self._ways(before, length - 1, maker):
                    yield (*way, Step(maker, to))

    def _before(self, maker: int, to: int, length: int) -> list[int]:
        """The states reached in exactly `length` steps, last moved to by others, from which `maker` moves to `to`."""
        others = [j for j in range(self.game.makers) if j != maker]
        sources = np.flatnonzero((self.steps[others] == length).any(axis=0))
        if (maker, to) == self.left_out[::2]:
            sources = sources[sources != self.left_out[1]]
        if self.improving:
            sources = sources[self.game.payoff[maker][sources] < self.game.payoff[maker][to]]
        form = self.game.form
        if isinstance(form, OptionForm) and form.transitive:
            here, there = form.codes[sources], form.codes[to]
            changed = here ^ there
            open_ = (changed & ~form.masks[maker] == 0) & (changed != 0)
            open_ &= (here & ~there & form.one_way("forward") == 0) & (there & ~here & form.one_way("back") == 0)
            return sources[open_].tolist()
        return [int(s) for s in sources if to in self.game.moves.reach(maker, int(s))]


def reach(
    game: Game, start: int | None = None, *, improving: bool = False, makers: Iterable[int] | None = None
) -> Reached:
    """What legal sequences of `makers`, all where none are given, reach from `start`, or from the game's status quo.

    Raises `UsageError` where there is neither.

    >>> from detente.graph.moves import Moves
    >>> line = Game(Moves.of(3, [[(0, 1)], [(1, 2)]]), [[1, 2, 3], [1, 2, 1]], status_quo=0)
    >>> reach(line).earliest.tolist(), reach(line, improving=True).earliest.tolist()
    ([0, 1, 2], [0, 1, -1])
    >>> reach(line).ways(2)
    [(Step(maker=0, to=1), Step(maker=1, to=2))]
    """
    start = game.status_quo if start is None else start
    if start is None:
        raise UsageError("found no status quo; expected a state to start from")
    if not 0 <= start < game.states:
        raise UsageError(f"found the state {start}; expected 0 to {game.states - 1}")
    joining = list(range(game.makers) if makers is None else makers)
    if game.states > SMALL and isinstance(game.form, OptionForm) and game.form.transitive:
        steps, _ = compiled(game, start, improving, joining)
    else:
        steps = _layer_by_layer(game, start, improving, joining)
    return Reached(game, start, improving, steps)


def compiled(
    game: Game,
    start: int,
    improving: bool,
    makers: Iterable[int],
    *,
    wanted: NDArray[np.bool_] | None = None,
    most: int = 1,
    left_out: tuple[int, int, int] = NO_MOVE,
) -> tuple[NDArray[np.int32], int]:
    """The steps of `Reached` in plain option form, and the `most`-th state of `wanted` (N,) that is reached, or -1.

    The search ends there. `left_out` is a move (who, from, to) that is not made.
    """
    from detente.graph import paths_kernel as kernel

    joins = np.zeros(game.makers, dtype=np.bool_)
    joins[list(makers)] = True
    wanted = np.zeros(0, dtype=np.bool_) if wanted is None else wanted.copy()
    blocks = game.blocks
    steps, found = kernel.steps_from(start, improving, joins, wanted, most, left_out, blocks.payoff, *blocks.members)
    return steps, int(found)


def _layer_by_layer(game: Game, start: int, improving: bool, makers: list[int]) -> NDArray[np.int32]:
    steps = np.full((game.makers, game.states), UNREACHED, dtype=np.int32)
    fresh: dict[int, States] = {-1: np.array([start])}  # the states of the last step, by who moved last
    step = 0
    while fresh:
        step += 1
        following: dict[int, States] = {}
        for maker in makers:
            sources = [states for last, states in fresh.items() if last != maker]
            if not sources:
                continue
            found = _onward(game, maker, improving, np.unique(np.concatenate(sources)))
            found = found[steps[maker, found] == UNREACHED]
            if len(found):
                steps[maker, found] = step
                following[maker] = found
        fresh = following
    return steps


def _onward(game: Game, maker: int, improving: bool, sources: States) -> States:
    """The states that one move of a decision maker leads to from some of `sources`, ascending."""
    worth = game.payoff[maker]
    if isinstance(game.form, OptionForm) and game.form.transitive:
        rows = [game.form.reach(maker, int(s)) for s in sources]
        targets, counts = np.concatenate(rows), np.array([len(row) for row in rows])
    else:
        indptr, indices = game.moves.indptr[maker], game.moves.indices[maker]
        counts = (indptr[1:] - indptr[:-1])[sources]
        begin = np.repeat(indptr[sources] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        targets = indices[begin + np.arange(counts.sum())]
    if improving:
        targets = targets[worth[targets] > np.repeat(worth[sources], counts)]
    inside = np.zeros(game.states, dtype=np.bool_)
    inside[targets] = True
    return np.flatnonzero(inside)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An equilibrium and how the status quo leads there.

    `by_moves` and `by_improvements` are the least numbers of steps (-1: never); `way` is a shortest sequence of
    improvements, else of moves, and `movers` are those who have to move in it.
    """

    state: int
    by_moves: int
    by_improvements: int
    way: Sequence

    @property
    def movers(self) -> tuple[int, ...]:
        """Who moves in it, ascending."""
        return tuple(sorted({step.maker for step in self.way}))


def arrivals(by_moves: Reached, by_improvements: Reached, equilibria: Iterable[int]) -> list[Arrival]:
    """How each of these states is arrived at, if at all; both searches from the same start.

    >>> from detente.graph.moves import Moves
    >>> line = Game(Moves.of(3, [[(0, 1)], [(1, 2)]]), [[1, 2, 3], [1, 2, 1]], status_quo=0)
    >>> found = arrivals(reach(line), reach(line, improving=True), [1, 2])
    >>> [(one.state, one.by_moves, one.by_improvements, one.movers) for one in found]
    [(1, 1, 1, (0,)), (2, 2, -1, (0, 1))]
    """
    found = []
    for state in equilibria:
        slow, fast = int(by_moves.earliest[state]), int(by_improvements.earliest[state])
        ways = (by_improvements if fast >= 0 else by_moves).ways(state, most=1)
        found.append(Arrival(int(state), slow, fast, ways[0] if ways else ()))
    return found


def indispensable(reached: Reached, to: int) -> tuple[int, ...]:
    """Who must move for `to` to be reached: those without whom no legal sequence leads there.

    >>> from detente.graph.moves import Moves
    >>> line = Game(Moves.of(3, [[(0, 1)], [(1, 2)]]), [[1, 2, 3], [1, 2, 1]])
    >>> indispensable(reach(line, 0), 2)
    (0, 1)
    """
    if to == reached.start or reached.earliest[to] < 0:
        return ()
    movers = sorted({step.maker for step in reached.ways(to, most=1)[0]})
    return tuple(maker for maker in movers if not without(reached, maker)[to])


def without(reached: Reached, maker: int) -> NDArray[np.bool_]:
    """Whether each state (N,) is reached from the same start, in the same sense, with `maker` standing still.

    >>> from detente.graph.moves import Moves
    >>> line = Game(Moves.of(3, [[(0, 1)], [(1, 2)]]), [[1, 2, 3], [1, 2, 1]])
    >>> without(reach(line, 0), 1).tolist()
    [True, True, False]
    """
    others = [j for j in range(reached.game.makers) if j != maker]
    return reach(reached.game, reached.start, improving=reached.improving, makers=others).earliest >= 0
