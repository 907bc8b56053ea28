"""The exchange model in exact decimal arithmetic, one draw at a time, as its published program computes it.

Coded data make gains tie, and then the 28th digit decides who trades first; so numbers are `decimal.Decimal` of 28
digits and every sum and product is taken in one fixed order. `exchange_kernel` is the fast form of the same.
docs/models/exchange.md has the formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from itertools import combinations
from operator import attrgetter

from detente.outcome.exchange_exact_deal import (
    ALWAYS,
    DIGITS,
    ONE,
    YIELDING,
    ZERO,
    Deal,
    Randomised,
    Side,
    State,
    Table,
    evaluate,
    of,
    outcome_after,
)


@dataclass(frozen=True)
class Made:
    """An exchange that was made; positions, outcomes and gains on scales of 0 to 100."""

    i: int
    supply_i: int
    j: int
    supply_j: int
    x: tuple[Decimal, Decimal]
    y: tuple[Decimal, Decimal]
    gain: Decimal
    utility: tuple[Decimal, Decimal]  # what i and j gain; the same but for the randomised form
    before: tuple[Decimal, Decimal]  # outcomes on the issues that i and j supply
    after: tuple[Decimal, Decimal]
    shortened: tuple[bool, bool]
    external: tuple[Decimal, ...]  # per actor; its own gain where it is i or j
    inner: tuple[bool, ...]  # per actor: whether it stands in one of the two groups that traded


@dataclass(frozen=True)
class Iteration:
    """One iteration: the outcomes before and after its exchanges, and where everybody then stands."""

    preference_outcome: tuple[Decimal, ...]
    outcome: tuple[Decimal, ...]  # the forecast
    potential: int
    exchanges: tuple[Made, ...]
    voting: tuple[tuple[Decimal | None, ...], ...]
    preference: tuple[tuple[Decimal | None, ...], ...]  # with which the next iteration starts


def _groups(state: State, p: int, q: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """The actors on both issues by their sides of the outcomes: right and right, left on p, left on q, left and left."""
    groups: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    for a in state.present[p]:
        if a in state.place[q]:
            left_p = of(state.x, a, p) <= state.outcome[p]
            left_q = of(state.x, a, q) <= state.outcome[q]
            groups[3 if left_p and left_q else 1 if left_p else 2 if left_q else 0].append(a)
    return groups


def _deals(state: State) -> Iterator[Deal | None]:
    """Every potential exchange in the order of the list; None for one that could not bring anybody a gain."""
    for p, q in combinations(state.issues, 2):
        right, left_p, left_q, left = _groups(state, p, q)
        for number, (ones, others) in enumerate(((right, left), (left_p, left_q))):
            for first in ones:
                for second in others:
                    yield _deal(state, p, q, first, second, number)


def _deal(state: State, p: int, q: int, first: int, second: int, group: int) -> Deal | None:
    s, c = state.s, state.c
    if not all(of(s, a, k) > 0 and of(c, a, k) > 0 for a in (first, second) for k in (p, q)):
        return None  # one without weight has nothing to supply
    ratios = [of(s, a, p) / of(s, a, q) for a in (first, second)]
    if ratios[0] == ratios[1]:
        return None
    i, j = (second, first) if ratios[0] < ratios[1] else (first, second)
    concerns = frozenset(((True, i, q), (False, i, p), (True, j, p), (False, j, q)))
    return Deal(_side(state, i, q, p), _side(state, j, p, q), group, concerns=concerns)


def _side(state: State, a: int, supply: int, demand: int) -> Side:
    return Side(
        actor=a,
        supply=supply,
        demand=demand,
        x=of(state.x, a, supply),
        wants=of(state.x, a, demand),
        s_supply=of(state.s, a, supply),
        s_demand=of(state.s, a, demand),
        c=of(state.c, a, supply),
        weight=state.weight[supply],
    )


def _supplies(side: Side, made: Deal) -> Side | None:
    """The side of an exchange that was made in which the same actor supplied the same issue."""
    for other in (made.i, made.j):
        if side.actor == other.actor and side.supply == other.supply:
            return other
    return None


def _react(deal: Deal, made: Deal, state: State) -> None:
    """Take in an exchange that concerns the deal; then the last tentative moves are void.

    But one that has supplied elsewhere keeps its own last tentative move among its moves, as in the program.
    """
    moved = [(side, _supplies(side, made)) for side in (deal.i, deal.j)]
    for side, other in moved:
        if other is not None:
            side.x = other.y
        else:
            side.moves.pop()
    for buyer, seller in ((made.j, made.i), (made.i, made.j)):
        if any(side.actor == buyer.actor and side.demand == seller.supply for side in (deal.i, deal.j)):
            known = deal.seen.setdefault(seller.supply, {})
            was = known.get(seller.actor, seller.y)
            up = of(state.x, seller.actor, seller.supply) <= was
            known[seller.actor] = min(was, seller.y) if up else max(was, seller.y)


def _concerned(made: Deal) -> frozenset[tuple[bool, int, int]]:
    """Who supplied what, and who was supplied with what."""
    supplied = ((True, side.actor, side.supply) for side in (made.i, made.j))
    return frozenset((*supplied, (False, made.j.actor, made.i.supply), (False, made.i.actor, made.j.supply)))


def _market(deals: list[Deal], state: State, chance: Randomised | None, pick: Pick) -> Iterator[Deal]:
    """Make the exchanges one by one, the best first, and let the others take each in."""
    while deals:
        deals.sort(key=_gain, reverse=True)
        best = deals.pop(pick(deals))
        if not best.valid:
            continue
        yield best
        concerned = _concerned(best)
        for deal in deals:
            if deal.valid and not concerned.isdisjoint(deal.concerns):
                _react(deal, best, state)
                evaluate(deal, state, chance)
        deals = [deal for deal in deals if deal.valid]


_gain = attrgetter("gain")
Pick = Callable[[list[Deal]], int]  # which of the deals, sorted by gain, to make next


def first_listed(deals: list[Deal]) -> int:
    """Of exchanges that tie, the first in the list."""
    return 0


def drawn(uniform: Callable[[], float]) -> Pick:
    """Of exchanges that tie, any with the same chance."""

    def pick(deals: list[Deal]) -> int:
        tied = 0
        while tied < len(deals) and abs(deals[tied].gain - deals[0].gain) < Decimal("1e-20"):
            tied += 1
        return min(int(uniform() * tied), tied - 1) if tied > 1 else 0

    return pick


def _made(deal: Deal, state: State) -> Made:
    i, j = deal.i, deal.j
    external, inner = [], []
    after = {side.supply: outcome_after(deal, side, state) for side in (i, j)}
    first = min(i.supply, j.supply), max(i.supply, j.supply)
    right, left_p, left_q, left = _groups(state, *first)
    among = {*right, *left} if deal.group == 0 else {*left_p, *left_q}
    for a in state.actors:
        inner.append(a in among)
        if a == i.actor or a == j.actor:
            external.append(deal.gain)
        elif any(a not in state.place[side.supply] for side in (i, j)):
            external.append(ZERO)
        else:
            felt = ZERO
            for side in sorted((i, j), key=lambda side: side.supply):
                at = of(state.x, a, side.supply)
                felt += (abs(side.before - at) - abs(after[side.supply] - at)) * of(state.s, a, side.supply)
            external.append(felt)
    return Made(
        i=i.actor,
        supply_i=i.supply,
        j=j.actor,
        supply_j=j.supply,
        x=(i.x, j.x),
        y=(i.y, j.y),
        gain=deal.gain,
        utility=(i.utility, j.utility),
        before=(i.before, j.before),
        after=(after[i.supply], after[j.supply]),
        shortened=(i.shortened, j.shortened),
        external=tuple(external),
        inner=tuple(inner),
    )


def iterate(
    position: Table,
    salience: Table,
    power: Table,
    *,
    iterations: int = 10,
    spread: Decimal | None = None,
    uniform: Callable[[], float] | None = None,
    pick: Pick = first_listed,
) -> list[Iteration]:
    """Every iteration of the exchange model on positions of 0 to 100.

    ``position``, ``salience`` (0..1) and ``power`` (>= 0): a row an actor, a column an issue, None where an actor
    takes no part. With ``spread`` (0..1) the gains are those of randomised equal gain, drawn by ``uniform``. ``pick``
    chooses among exchanges sorted by gain. Source: Stokman and Van Oosten (1994); for the randomised form Dijkstra
    et al. (2018).

    >>> D = Decimal
    >>> found = iterate(
    ...     [[D(0), D(0)], [D(100), D(100)]], [[D("0.2"), D("0.8")], [D("0.8"), D("0.2")]],
    ...     [[D(1), D(1)], [D(1), D(1)]], iterations=1)
    >>> [float(o) for o in found[0].outcome], [float(g) for g in found[0].exchanges[0].utility]
    ([100.0, 0.0], [12.0, 12.0])
    """
    chance = None
    if spread is not None:
        assert uniform is not None  # a randomised form needs a stream
        chance = Randomised(spread, uniform)
    found = []
    with localcontext(Context(prec=DIGITS)):
        x = [list(row) for row in position]
        for _ in range(iterations):
            state = State([list(row) for row in x], salience, power)
            potential = list(_deals(state))
            deals = [deal for deal in potential if deal is not None]
            for deal in deals:
                evaluate(deal, state, chance)
            made = []
            voting = [list(row) for row in x]
            for deal in _market(deals, state, chance, pick):
                made.append(_made(deal, state))
                for side in (deal.i, deal.j):
                    a, p = side.actor, side.supply
                    voting[a][p] = side.y
                    yields = (ONE - side.s_supply) * YIELDING
                    x[a][p] = yields * side.y + ALWAYS * side.y + (ONE - yields - ALWAYS) * of(state.x, a, p)
            found.append(
                Iteration(
                    preference_outcome=tuple(state.outcome),
                    outcome=tuple(State(voting, salience, power).outcome),
                    potential=len(potential),
                    exchanges=tuple(made),
                    voting=tuple(map(tuple, voting)),
                    preference=tuple(map(tuple, x)),
                )
            )
    return found
