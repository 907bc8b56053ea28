"""The inverse question asked once: what would have to hold of preferences for a state to be stable, under each concept.

For each decision maker with the others' preferences as they are, and for all of them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import factorial, prod
from typing import TypeVar

from detente.errors import UsageError
from detente.graph import inverse
from detente.graph.conditions import Goal, Term, condition, terms
from detente.graph.game import Game
from detente.graph.inverse import Count, Nearest
from detente.graph.why import why

MOST_COUNTED = 200  # states up to which whole rankings are counted
MOST_RANKED = 32  # states up to which a nearest ranking is looked for
MOST_SEARCHED = 4_096  # states up to which sanctions are written down
MOST_TOGETHER = 8  # states up to which the others' improvements may be anything, too
MOST_ALTERNATIVES = 400

Found = TypeVar("Found")


@dataclass(frozen=True)
class Wanted:
    """What must hold of the rankings of those `free` for the state to be stable: for the one, or for everybody.

    `terms` are alternatives, each a set of comparisons that together suffice; none at all means never, an empty one
    always. `share` is what part of the rankings without ties meets them, `count` how many that is, and `nearest` the
    one that is nearest to today's. What was not found is None, and `unknown` says why.
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
    """For each concept, the condition of each decision maker alone, and of all of them together.

    Of all together there are no `terms`: under Nash, GMR and SMR they are those of each, under SEQ and SSEQ too many.
    """

    state: int
    alone: dict[str, tuple[Wanted, ...]]
    together: dict[str, Wanted]

    @classmethod
    def of(cls, game: Game, state: int, concepts: Sequence[str], *, nearest: bool = True) -> Inverse:
        """Ask it of a state; without `nearest`, no nearest ranking is looked for."""
        alone = {c: tuple(_alone(game, state, c, i, nearest) for i in range(game.makers)) for c in concepts}
        together = {c: _together(game, state, c, alone[c], nearest) for c in concepts}
        return cls(state, alone, together)


@dataclass
class _Asking:
    """Questions that may have no answer, and why they had none."""

    unknown: list[str] = field(default_factory=list)

    def of(self, what: str, question: Callable[[], Found]) -> Found | None:
        try:
            return question()
        except UsageError as error:
            self.unknown.append(f"{what}: {error}")
            return None

    def small(self, what: str, game: Game, most: int) -> bool:
        """Whether a game has at most so many states; noted where it has more."""
        if game.states > most:
            self.unknown.append(f"{what}: found {game.states:,} states; expected at most {most:,}")
        return game.states <= most


def _alone(game: Game, state: int, concept: str, maker: int, nearest: bool) -> Wanted:
    """What one decision maker would have to prefer, all others being as they are."""
    asking, free = _Asking(), (maker,)
    now = why(game, maker, state, concept).stable
    if concept != "nash" and not asking.small("the condition", game, MOST_SEARCHED):
        return Wanted(free, now, unknown=tuple(asking.unknown))
    wanted = asking.of("the condition", lambda: condition(game, [Goal(state, concept, maker=maker)], free))
    if wanted is None:
        return Wanted(free, now, unknown=tuple(asking.unknown))
    alternatives = asking.of("the alternatives", lambda: tuple(terms(wanted, MOST_ALTERNATIVES)))
    share = asking.of("how many rankings", lambda: inverse.share(wanted, free))
    ranking = None
    if nearest and not now and share != 0 and asking.small("the nearest ranking", game, MOST_RANKED):
        ranking = asking.of("the nearest ranking", lambda: inverse.nearest(game, wanted, free))
    if nearest and now:
        ranking = Nearest(game.payoff, 0.0)
    return Wanted(free, now, alternatives, share, _count_of(game, share, 1), ranking, tuple(asking.unknown))


def _together(game: Game, state: int, concept: str, alone: Sequence[Wanted], nearest: bool) -> Wanted:
    """What all would have to prefer: under SEQ and SSEQ each one's condition hangs on the others' improvements, too."""
    asking, free = _Asking(), tuple(range(game.makers))
    now = all(one.now for one in alone)
    if concept in ("seq", "sseq"):
        if not asking.small("all together", game, MOST_TOGETHER):
            return Wanted(free, now, unknown=tuple(asking.unknown))
        wanted = asking.of("all together", lambda: condition(game, [Goal(state, concept)], free))
        if wanted is None:
            return Wanted(free, now, unknown=tuple(asking.unknown))
        share = asking.of("how many rankings", lambda: inverse.share(wanted, free))
        ranking = asking.of("the nearest rankings", lambda: inverse.nearest(game, wanted, free)) if nearest else None
    else:
        shares = [one.share for one in alone]
        share = None if None in shares else prod((s for s in shares if s is not None), start=Fraction(1))
        ranking = _joined(game, alone)
    return Wanted(free, now, None, share, _count_of(game, share, len(free)), ranking, tuple(asking.unknown))


def _joined(game: Game, alone: Sequence[Wanted]) -> Nearest | None:
    """Everybody's own nearest ranking, where all have one."""
    payoff, distance = game.payoff.copy(), 0.0
    for one in alone:
        if one.nearest is None:
            return None
        payoff[one.free[0]] = one.nearest.payoff[one.free[0]]
        distance += one.nearest.distance
    return Nearest(payoff, distance)


def _count_of(game: Game, share: Fraction | None, makers: int) -> Count | None:
    """The share as a number of rankings without ties of all states, in games where that can be read."""
    if share is None or game.states > MOST_COUNTED:
        return None
    permitted = factorial(game.states) ** makers
    return Count(int(share * permitted), permitted)
