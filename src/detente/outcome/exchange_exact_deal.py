"""One exchange in exact decimal arithmetic: what it is worth to its two sides, and how far it can go.

`exchange_exact` lists the exchanges and makes them. Every sum and product is taken in one fixed order, for with coded
data the 28th digit decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

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


class State:
    """Positions at the start of an iteration, and the sums that outcomes are made of."""

    def __init__(self, x: Table, s: Table, c: Table):
        self.x, self.s, self.c = x, s, c
        self.actors, self.issues = range(len(x)), range(len(x[0]) if x else 0)
        self.present = [[a for a in self.actors if x[a][p] is not None] for p in self.issues]
        self.place = [{a: at for at, a in enumerate(who)} for who in self.present]
        self.weight = [sum((of(s, a, p) * of(c, a, p) for a in self.present[p]), ZERO) for p in self.issues]
        self.terms = [[self.term(p, a, of(x, a, p)) for a in self.present[p]] for p in self.issues]
        self.outcome = [self.divided(p, sum(self.terms[p], ZERO)) for p in self.issues]

    def term(self, p: int, a: int, at: Decimal) -> Decimal:
        """The weighted position on p of an actor at `at`."""
        return at * of(self.s, a, p) * of(self.c, a, p)

    def divided(self, p: int, total: Decimal) -> Decimal:
        """The outcome on p of a sum of weighted positions."""
        return total / self.weight[p] if self.weight[p] else ZERO

    def total(self, p: int, moved: dict[int, Decimal]) -> Decimal:
        """Sum of the weighted positions on p with some actors elsewhere, always in the actors' order."""
        terms = self.terms[p].copy()
        for a, at in moved.items():
            terms[self.place[p][a]] = self.term(p, a, at)
        return sum(terms, ZERO)


def of(table: Table, a: int, p: int) -> Decimal:
    """The entry of an actor that takes part in an issue."""
    value = table[a][p]
    assert value is not None
    return value


def _converted(shift: Decimal, e: Side, o: Side) -> Decimal:
    """The shift of what o supplies that leaves both with the same gain as e's shift of what e supplies."""
    return ((e.s_supply + o.s_demand) / (e.s_demand + o.s_supply)) * shift


def _go(e: Side, o: Side, way: Decimal) -> None:
    """Let e move `way` towards what o wants; its last tentative move is replaced if there is a fresh one."""
    move = way if o.wants > e.x else -way
    e.moves.append(move)
    e.y = e.x + move


def evaluate(deal: Deal, state: State, chance: Randomised | None) -> None:
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


def _outcome_with(deal: Deal, e: Side, at: Decimal, state: State) -> Decimal:
    """The outcome on what e supplies with e at `at`, as the deal sees the others."""
    moved = {**deal.seen.get(e.supply, {}), e.actor: at}
    return state.divided(e.supply, state.total(e.supply, moved))


def _overshoots(e: Side, o: Side, after: Decimal) -> bool:
    """Whether e's move carries the outcome past what o wants."""
    return not (max(e.before, after) <= o.wants or min(e.before, after) >= o.wants)


def _short(deal: Deal, e: Side, o: Side, state: State) -> Decimal:
    """How far e may move for the outcome to end on what o wants."""
    seen = deal.seen.get(e.supply, {})
    moved = seen if e.actor in seen else {**seen, e.actor: e.x}
    return abs(o.wants * e.weight - state.total(e.supply, moved)) / (e.s_supply * e.c)


def _keep_short_of_overshoot(deal: Deal, e: Side, o: Side, shift: Decimal, state: State) -> None:
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
    o.after = outcome_after(deal, o, state)
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


def outcome_after(deal: Deal, e: Side, state: State) -> Decimal:
    """The outcome on what e supplies once it has moved, as the deal sees the others."""
    return _outcome_with(deal, e, e.y, state) if e.after is None else e.after


@dataclass
class Randomised:
    """Randomised equal gain (Dijkstra, van Assen, Stokman and Draaijer 2018): one side's gain is drawn around it."""

    spread: Decimal  # 0: equal gain, 1: up to all or nothing
    uniform: Callable[[], float]

    def redraw(self, deal: Deal, state: State) -> None:
        """Draw a side, whether it gains more or less than equally, and how much; then set the moves and gains."""
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

    def _most(self, deal: Deal, state: State) -> tuple[Decimal, Decimal]:
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
