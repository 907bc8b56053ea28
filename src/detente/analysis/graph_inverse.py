"""The inverse question asked once: what would have to hold of preferences for a state to be stable, under each concept.

For each decision maker with the others' preferences as they are, and for all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import TypeVar

from detente.errors import UsageError
from detente.graph import inverse
from detente.graph.conditions import Goal, Term, condition, terms
from detente.graph.game import Game
from detente.graph.inverse import Count, Nearest
from detente.graph.why import why

MOST_COUNTED = 200  # states up to which whole rankings are counted, and a nearest one looked for

Found = TypeVar("Found")


@dataclass(frozen=True)
class Wanted:
    """What must hold of the rankings of those `free` for the state to be stable: for the one, or for everybody.

    `terms` are alternatives, each a set of comparisons that together suffice; none at all means never, an empty one
    always. `share` is what part of the rankings without ties meets them, `count` how many that is, and `nearest` the
    one that is nearest to today's. What could not be found is None, and `unknown` says why.
    """

    free: tuple[int, ...]
    now: bool
    terms: tuple[Term, ...] | None = None
    share: Fraction | None = None
    count: Count | None = None
    nearest: Nearest | None = None
    unknown: tuple[str, ...] = ()

    @property
    def never(self) -> bool:
        """Whether no rankings at all meet it."""
        return self.share == 0


@dataclass(frozen=True)
class Inverse:
    """For each concept, the condition of each decision maker alone, and of all of them together."""

    state: int
    alone: dict[str, tuple[Wanted, ...]]
    together: dict[str, Wanted]

    @classmethod
    def of(cls, game: Game, state: int, concepts: Sequence[str], *, nearest: bool = True) -> Inverse:
        """Ask it of a state; without `nearest`, no nearest ranking is looked for."""
        makers = range(game.makers)
        alone = {c: tuple(_wanted(game, Goal(state, c, maker=i), (i,), nearest) for i in makers) for c in concepts}
        together = {c: _wanted(game, Goal(state, c), tuple(makers), nearest) for c in concepts}
        return cls(state, alone, together)


def _wanted(game: Game, goal: Goal, free: tuple[int, ...], nearest: bool) -> Wanted:
    asked_of = range(game.makers) if goal.maker is None else [goal.maker]
    now = all(why(game, maker, goal.state, goal.concept).stable for maker in asked_of)
    unknown: list[str] = []

    def tried(what: str, question: Callable[[], Found]) -> Found | None:
        try:
            return question()
        except UsageError as error:
            unknown.append(f"{what}: {error}")
            return None

    wanted = tried("the condition", lambda: condition(game, [goal], free))
    if wanted is None:
        return Wanted(free, now, unknown=tuple(unknown))
    alternatives = tried("the alternatives", lambda: tuple(terms(wanted)))
    share = tried("how many rankings", lambda: inverse.share(wanted, free))
    few = game.states <= MOST_COUNTED
    count = None if share is None or not few else _count_of(game, share, len(free))
    ranking = None
    if few and nearest and share != 0:
        ranking = tried("the nearest ranking", lambda: inverse.nearest(game, wanted, free))
    return Wanted(free, now, alternatives, share, count, ranking, tuple(unknown))


def _count_of(game: Game, share: Fraction, makers: int) -> Count:
    """The share as a number of rankings without ties of all states."""
    permitted = prod(range(1, game.states + 1)) ** makers
    return Count(int(share * permitted), permitted)
