"""The exchange model in exact decimal arithmetic, one draw at a time, as its published program computes it.

Coded data make gains tie, and then the 28th digit decides who trades first; so numbers are `decimal.Decimal` of 28
digits and every sum and product is taken in one fixed order. `exchange_kernel` is the fast form of the same.
docs/models/exchange.md has the formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext
from itertools import combinations
from operator import attrgetter

Table = Sequence[Sequence[Decimal | None]]  # actor by issue; None: takes no part

DIGITS = 28
LEAST = Decimal("1e-10")  # moves and gains this small are none
CLEAR = Decimal("1e-9")  # an outcome this far from a position is on one side of it
WHOLE = Decimal(100)  # the width of every scale
ZERO, ONE = Decimal(0), Decimal(1)
YIELDING, ALWAYS = map(Decimal.from_float, (0.4, 0.1))  # with the floats' binary digits, as the program has them


@dataclass(slots=True)
class Side:
    """One side of an exchange: its actor gives way on ``supply`` and wants the other to give way on ``demand``."""

    actor: int
    supply: int
    demand: int
    x: Decimal  # its position on the issue it supplies, moved as it supplies elsewhere
    wants: Decimal  # its position on the issue it demands, as the iteration found it
    s_supply: Decimal
    s_demand: Decimal
    c: Decimal  # capability on the issue it supplies
    weight: Decimal  # of that issue in all
    y: Decimal = ZERO
    moves: list[Decimal] = field(default_factory=list)
    utility: Decimal = ZERO
    before: Decimal = ZERO  # outcome on the issue it supplies, as this exchange sees it
    after: Decimal | None = None
    shortened: bool = False

    def shift(self, way: Decimal) -> Decimal:
        """How far the outcome shifts as this side moves `way`."""
        return way * self.s_supply * self.c / self.weight

    def way(self, shift: Decimal) -> Decimal:
        """How far it must move to shift the outcome so far."""
        return (shift * self.weight) / (self.c * self.s_supply)

    def fits(self) -> bool:
        """Whether its last move can be made, and all its moves together."""
        move = self.moves[-1]
        if not (LEAST < abs(move) <= WHOLE and ZERO <= self.x + move <= WHOLE and sum(self.moves) <= WHOLE):
            return False
        return min(self.moves) > 0 or max(self.moves) < 0


@dataclass(slots=True, eq=False)
class Deal:
    """An exchange that two actors could make; ``seen`` are others' moves that it knows of, by issue and actor."""

    i: Side
    j: Side
    group: int  # 0: A and D, 1: B and C
    gain: Decimal = ZERO
    valid: bool = False
    seen: dict[int, dict[int, Decimal]] = field(default_factory=dict)
    concerns: frozenset[tuple[bool, int, int]] = frozenset()  # what its sides supply (True) and demand (False)

    def sides(self) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
        """Each side with its opposite, the first one's first."""
        return (self.i, self.j), (self.j, self.i)


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


class _State:
    """Positions at the start of an iteration, and the sums that outcomes are made of."""

    def __init__(self, x: Table, s: Table, c: Table):
        self.x, self.s, self.c = x, s, c
        self.actors, self.issues = range(len(x)), range(len(x[0]) if x else 0)
        self.present = [[a for a in self.actors if x[a][p] is not None] for p in self.issues]
        self.place = [{a: at for at, a in enumerate(who)} for who in self.present]
        self.weight = [sum((_of(s, a, p) * _of(c, a, p) for a in self.present[p]), ZERO) for p in self.issues]
        self.terms = [[self.term(p, a, _of(x, a, p)) for a in self.present[p]] for p in self.issues]
        self.outcome = [self.divided(p, sum(self.terms[p], ZERO)) for p in self.issues]

    def term(self, p: int, a: int, at: Decimal) -> Decimal:
        return at * _of(self.s, a, p) * _of(self.c, a, p)

    def divided(self, p: int, total: Decimal) -> Decimal:
        return total / self.weight[p] if self.weight[p] else ZERO

    def total(self, p: int, moved: dict[int, Decimal]) -> Decimal:
        """Sum of the weighted positions on p with some actors elsewhere, always in the actors' order."""
        terms = self.terms[p].copy()
        for a, at in moved.items():
            terms[self.place[p][a]] = self.term(p, a, at)
        return sum(terms, ZERO)


def _of(table: Table, a: int, p: int) -> Decimal:
    value = table[a][p]
    assert value is not None  # asked only of actors that take part
    return value


def _groups(state: _State, p: int, q: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """The actors on both issues by their sides of the outcomes: right and right, left on p, left on q, left and left."""
    groups: tuple[list[int], list[int], list[int], list[int]] = ([], [], [], [])
    for a in state.present[p]:
        if a in state.place[q]:
            left_p = _of(state.x, a, p) <= state.outcome[p]
            left_q = _of(state.x, a, q) <= state.outcome[q]
            groups[3 if left_p and left_q else 1 if left_p else 2 if left_q else 0].append(a)
    return groups


def _deals(state: _State) -> Iterator[Deal | None]:
    """Every potential exchange in the order of the list; None for one that could not bring anybody a gain."""
    for p, q in combinations(state.issues, 2):
        right, left_p, left_q, left = _groups(state, p, q)
        for number, (ones, others) in enumerate(((right, left), (left_p, left_q))):
            for first in ones:
                for second in others:
                    yield _deal(state, p, q, first, second, number)


def _deal(state: _State, p: int, q: int, first: int, second: int, group: int) -> Deal | None:
    s, c = state.s, state.c
    if not all(_of(s, a, k) > 0 and _of(c, a, k) > 0 for a in (first, second) for k in (p, q)):
        return None  # one without weight has nothing to supply
    ratios = [_of(s, a, p) / _of(s, a, q) for a in (first, second)]
    if ratios[0] == ratios[1]:
        return None
    i, j = (second, first) if ratios[0] < ratios[1] else (first, second)
    concerns = frozenset(((True, i, q), (False, i, p), (True, j, p), (False, j, q)))
    return Deal(_side(state, i, q, p), _side(state, j, p, q), group, concerns=concerns)


def _side(state: _State, a: int, supply: int, demand: int) -> Side:
    return Side(
        actor=a,
        supply=supply,
        demand=demand,
        x=_of(state.x, a, supply),
        wants=_of(state.x, a, demand),
        s_supply=_of(state.s, a, supply),
        s_demand=_of(state.s, a, demand),
        c=_of(state.c, a, supply),
        weight=state.weight[supply],
    )


def _converted(shift: Decimal, e: Side, o: Side) -> Decimal:
    """The shift of what o supplies that leaves both with the same gain as e's shift of what e supplies."""
    return ((e.s_supply + o.s_demand) / (e.s_demand + o.s_supply)) * shift


def _go(e: Side, o: Side, way: Decimal) -> None:
    """Let e move `way` towards what o wants; its last tentative move is replaced if there is a fresh one."""
    move = way if o.wants > e.x else -way
    e.moves.append(move)
    e.y = e.x + move


def _evaluate(deal: Deal, state: _State, chance: _Randomised | None) -> None:
    """Work out both moves and the gain, from where the deal's actors now stand."""
    i, j = deal.i, deal.j
    way_j = abs(i.wants - j.x)
    shift_j = j.shift(way_j)
    shift_i = _converted(shift_j, j, i)
    way_i = i.way(shift_i)
    if way_i > abs(j.wants - i.x):
        way_i = abs(j.wants - i.x)
        shift_i = i.shift(way_i)
        shift_j = _converted(shift_i, i, j)
        way_j = j.way(shift_j)
    _go(i, j, way_i)
    _go(j, i, way_j)
    deal.gain = abs(shift_i * i.s_supply - shift_j * i.s_demand)
    i.utility = j.utility = deal.gain
    i.shortened = j.shortened = False
    deal.valid = i.fits() and j.fits() and deal.gain >= LEAST
    if not deal.valid:
        return
    _keep_short_of_overshoot(deal, i, j, shift_i, state)
    _keep_short_of_overshoot(deal, j, i, abs(j.y - j.x) * j.s_supply * j.c / j.weight, state)
    deal.valid = i.fits() and j.fits() and deal.gain >= LEAST
    if chance is not None:
        chance.redraw(deal, state)


def _outcome_with(deal: Deal, e: Side, at: Decimal, state: _State) -> Decimal:
    """The outcome on what e supplies with e at `at`, as the deal sees the others."""
    moved = {**deal.seen.get(e.supply, {}), e.actor: at}
    return state.divided(e.supply, state.total(e.supply, moved))


def _overshoots(e: Side, o: Side, after: Decimal) -> bool:
    """Whether e's move carries the outcome past what o wants."""
    return not (max(e.before, after) <= o.wants or min(e.before, after) >= o.wants)


def _short(deal: Deal, e: Side, o: Side, state: _State) -> Decimal:
    """How far e may move for the outcome to end on what o wants."""
    seen = deal.seen.get(e.supply, {})
    moved = seen if e.actor in seen else {**seen, e.actor: e.x}
    return abs(o.wants * e.weight - state.total(e.supply, moved)) / (e.s_supply * e.c)


def _keep_short_of_overshoot(deal: Deal, e: Side, o: Side, shift: Decimal, state: _State) -> None:
    if e.supply in deal.seen or e.x != state.x[e.actor][e.supply]:
        e.before = _outcome_with(deal, e, e.x, state)
    else:
        e.before = state.outcome[e.supply]
    # The sum over everybody is spared where the shift alone shows that the outcome stays on its side.
    near = e.before + (shift if o.wants > e.x else -shift)
    e.after = None
    if (near - o.wants > CLEAR and e.before - o.wants > CLEAR) or (
        o.wants - near > CLEAR and o.wants - e.before > CLEAR
    ):
        return
    e.after = _outcome_with(deal, e, e.y, state)
    if not _overshoots(e, o, e.after):
        return
    o.after = _after(deal, o, state)
    way = _short(deal, e, o, state)
    shift = e.shift(way)
    answer = _converted(shift, e, o)
    for side, other, far in ((e, o, way), (o, e, o.way(answer))):
        side.moves.pop()
        _go(side, other, far)
    deal.gain = abs(answer * o.s_supply - shift * o.s_demand)
    e.utility = o.utility = deal.gain
    e.after = _outcome_with(deal, e, e.y, state)
    e.shortened = True


def _after(deal: Deal, e: Side, state: _State) -> Decimal:
    """The outcome on what e supplies once it has moved, as the deal sees the others."""
    return _outcome_with(deal, e, e.y, state) if e.after is None else e.after


@dataclass
class _Randomised:
    """Randomised equal gain (Dijkstra, van Assen, Stokman and Draaijer 2018): one side's gain is drawn around it."""

    spread: Decimal  # 0: equal gain, 1: up to all or nothing
    uniform: Callable[[], float]

    def redraw(self, deal: Deal, state: _State) -> None:
        u, v, z = (Decimal(self.uniform()) for _ in range(3))
        i, j = deal.i, deal.j
        most_i, most_j = self._most(deal, state)
        e, o, most = (i, j, most_i) if u < Decimal("0.5") else (j, i, most_j)
        equal = deal.gain
        gain = equal + self.spread * z * (most - equal) if v < Decimal("0.5") else equal - self.spread * z * equal
        way = abs(e.x - o.wants)
        shift = e.shift(way)
        answer = (gain + shift * e.s_supply) / e.s_demand
        other_way = o.way(answer)
        wrong_way = False
        if other_way > abs(o.x - e.wants):
            other_way = abs(o.x - e.wants)
            answer = o.shift(other_way)
            shift = abs(gain - answer * e.s_demand) / e.s_supply
            way = e.way(shift)
        else:
            after = _outcome_with(deal, e, e.x + way if o.wants > e.x else e.x - way, state)
            if _overshoots(e, o, after):
                shift = e.shift(_short(deal, e, o, state))
                answer = (gain + shift * e.s_supply) / e.s_demand
                other_way = o.way(answer)
                wrong_way = True
        for side, other, far in ((e, o, way), (o, e, other_way)):
            side.moves.pop()
            _go(side, other, far)
        if wrong_way:
            # The program sets the full signed move here and then gives it a sign once more; kept, to reproduce it.
            signed = way if o.wants > e.x else -way
            e.moves[-1] = signed if o.wants > e.x else -signed
            e.y = e.x + e.moves[-1]
        e.utility, o.utility = gain, abs(answer * o.s_supply - shift * o.s_demand)
        for side in (i, j):
            side.before = _outcome_with(deal, side, side.x, state)
            side.after = _outcome_with(deal, side, side.y, state)
        deal.valid = i.fits() and j.fits() and deal.gain >= LEAST

    def _most(self, deal: Deal, state: _State) -> tuple[Decimal, Decimal]:
        """The most that i and j could gain, the other just breaking even."""
        i, j = deal.i, deal.j
        reach = {}
        literal = {}
        for name, (t, o) in zip("ij", deal.sides(), strict=True):
            literal[name] = t.wants == t.y
            target = t.y if literal[name] else o.wants
            reach[name] = abs(t.before - _outcome_with(deal, t, target, state))
        gain_i, loss_j = reach["j"] * i.s_demand, reach["j"] * j.s_supply
        gain_j, loss_i = reach["i"] * j.s_demand, reach["i"] * i.s_supply
        if gain_i > gain_j:
            a, b, gain, loss = j, i, gain_j, loss_i
        else:
            a, b, gain, loss = i, j, gain_i, loss_j
        most_a = gain - loss * a.s_supply / b.s_demand
        most_b = b.s_demand * gain / a.s_supply - loss
        if most_b:
            if literal["i"] and gain_j - loss_j > 0:
                most_b = gain_i - loss_j * i.s_supply / j.s_demand
            if literal["j"] and gain_i - loss_i > 0:
                most_b = gain_j - loss_i * j.s_supply / i.s_demand
        return (most_a, most_b) if a is i else (most_b, most_a)


def _supplies(side: Side, made: Deal) -> Side | None:
    """The side of an exchange that was made in which the same actor supplied the same issue."""
    for other in (made.i, made.j):
        if side.actor == other.actor and side.supply == other.supply:
            return other
    return None


def _react(deal: Deal, made: Deal, state: _State) -> None:
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
            up = _of(state.x, seller.actor, seller.supply) <= was
            known[seller.actor] = min(was, seller.y) if up else max(was, seller.y)


def _concerned(made: Deal) -> frozenset[tuple[bool, int, int]]:
    """Who supplied what, and who was supplied with what."""
    supplied = ((True, side.actor, side.supply) for side in (made.i, made.j))
    return frozenset((*supplied, (False, made.j.actor, made.i.supply), (False, made.i.actor, made.j.supply)))


def _market(deals: list[Deal], state: _State, chance: _Randomised | None, pick: Pick) -> Iterator[Deal]:
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
                _evaluate(deal, state, chance)
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


def _made(deal: Deal, state: _State) -> Made:
    i, j = deal.i, deal.j
    external, inner = [], []
    after = {side.supply: _after(deal, side, state) for side in (i, j)}
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
                at = _of(state.x, a, side.supply)
                felt += (abs(side.before - at) - abs(after[side.supply] - at)) * _of(state.s, a, side.supply)
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
        chance = _Randomised(spread, uniform)
    found = []
    with localcontext(Context(prec=DIGITS)):
        x = [list(row) for row in position]
        for _ in range(iterations):
            state = _State([list(row) for row in x], salience, power)
            potential = list(_deals(state))
            deals = [deal for deal in potential if deal is not None]
            for deal in deals:
                _evaluate(deal, state, chance)
            made = []
            voting = [list(row) for row in x]
            for deal in _market(deals, state, chance, pick):
                made.append(_made(deal, state))
                for side in (deal.i, deal.j):
                    a, p = side.actor, side.supply
                    voting[a][p] = side.y
                    yields = (ONE - side.s_supply) * YIELDING
                    x[a][p] = yields * side.y + ALWAYS * side.y + (ONE - yields - ALWAYS) * _of(state.x, a, p)
            found.append(
                Iteration(
                    preference_outcome=tuple(state.outcome),
                    outcome=tuple(_State(voting, salience, power).outcome),
                    potential=len(potential),
                    exchanges=tuple(made),
                    voting=tuple(map(tuple, voting)),
                    preference=tuple(map(tuple, x)),
                )
            )
    return found
