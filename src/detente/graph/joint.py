"""Joint moves: what several decision makers can bring about by moving one after another, and by which sequence.

A legal sequence of a set H is a chain of unilateral moves by members of H in which nobody moves twice in a row; one may
move again after somebody else has. R_H(s) is every state that such a chain can end in, s itself among them where a
chain leads back to it; R_H+(s) is the same with every step an improvement, at that step, for who makes it. So the
search is over pairs of a state and who moved last.

Where two moves of one decision maker in a row always make one move (option form without bans and merges), the rule
changes nothing: whatever a chain with repeats ends in, s apart, the chain with the repeats merged ends in too. The
search then goes over states alone.

Fang, Hipel and Kilgour (1993), *Interactive Decision Making*; not read against the original.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from detente.graph.game import Game


class Step(NamedTuple):
    """One move: decision maker `maker` brings about the state `to`."""

    maker: int
    to: int


Sequence = tuple[Step, ...]
_Node = tuple[int, int]  # a state, and who moved last; NOBODY where that does not matter
NOBODY = -1


def search(
    game: Game,
    makers: Iterable[int],
    start: int,
    *,
    improving: bool = False,
    without: Container[tuple[int, int, int]] = (),
) -> Iterator[tuple[int, Sequence]]:
    """Every state that legal sequences of `makers` end in, with a shortest sequence, the shortest first.

    A state is given as soon as it is found, so a caller that has what it wants looks no further. `improving` keeps to
    moves that improve the lot of who makes them. Moves in `without`, as (maker, from, to), are left out.

    >>> from detente.graph.moves import Moves
    >>> line = Moves.of(3, [[(0, 1)], [(1, 2)], [(1, 2)]])
    >>> list(search(Game(line, [[1, 1, 1]] * 3), (0, 1), 0))
    [(1, (Step(maker=0, to=1),)), (2, (Step(maker=0, to=1), Step(maker=1, to=2)))]
    """
    makers = tuple(makers)
    merges = transitive(game)  # consecutive moves of one decision maker into one move
    came: dict[_Node, tuple[_Node, Step] | None] = {(start, NOBODY): None}
    given: set[int] = set()
    layer: list[tuple[_Node, int]] = [((start, NOBODY), NOBODY)]  # with who moved last
    while layer:
        following: list[tuple[_Node, int]] = []
        for node, last in layer:
            for maker in makers:
                if maker == last:
                    continue
                for to in steps(game, maker, node[0], improving=improving):
                    if without and (maker, node[0], to) in without:
                        continue
                    reached = (to, NOBODY if merges and not without else maker)
                    if reached in came:
                        if to == start and start not in given:
                            given.add(start)
                            yield start, (*_sequence(came, node), Step(maker, to))
                        continue
                    came[reached] = node, Step(maker, to)
                    following.append((reached, maker))
                    if to not in given:
                        given.add(to)
                        yield to, _sequence(came, reached)
        layer = following


def joint_moves(game: Game, makers: Iterable[int], start: int, *, improving: bool = False) -> dict[int, Sequence]:
    """R_H(s), or R_H+(s) where `improving`: the states reached, each with a shortest legal sequence to it.

    >>> from detente.graph.options import OptionForm
    >>> found = joint_moves(Game(OptionForm((1, 1)), [[1, 2, 3, 4], [1, 1, 1, 1]]), (0, 1), 0, improving=True)
    >>> found
    {1: (Step(maker=0, to=1),)}
    """
    return dict(search(game, makers, start, improving=improving))


def steps(game: Game, maker: int, state: int, *, improving: bool = False) -> list[int]:
    """R_i(s), or R_i+(s) where `improving`: what `maker` can bring about from `state` in one move, ascending."""
    reached = game.form.reach(maker, state)
    if improving:
        worth = game.payoff[maker]
        reached = reached[worth[reached] > worth[state]]
    return reached.tolist()


def transitive(game: Game) -> bool:
    """Whether two moves of one decision maker in a row always make one move, as its form alone shows."""
    return getattr(game.form, "transitive", False)


def _sequence(came: dict[_Node, tuple[_Node, Step] | None], node: _Node) -> Sequence:
    """The steps that led to a node, first to last."""
    found = []
    while (before := came[node]) is not None:
        node, step = before
        found.append(step)
    return tuple(reversed(found))
