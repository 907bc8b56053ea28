"""The exchange model in floating point, compiled: many draws, one after another.

`exchange_exact` is the same in exact decimals, and docs/models/exchange.md has the formulas. An exchange has two
sides, 0 and 1; side 0 gives way on ``supply[e, 0]``, side 1 on ``supply[e, 1]``, and each wants what the other supplies.
Positions and outcomes are on scales of 0 to 100.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.compiling import njit

EQUAL, RANDOMISED, RANDOM_RATE = 0, 1, 2  # how gains are shared

LEAST = 1e-10  # moves and gains this small are none
NEAR = 1e-9  # positions, outcomes and gains this close are equal
WHOLE = 100.0

_MIXED = 2  # of the signs of a side's earlier moves
COLUMNS = 17  # of the log of exchanges, as `LOG` names them
LOG = ("draw", "turn", "i", "supply_i", "j", "supply_j", "x_i", "x_j", "y_i", "y_j", "gain_i", "gain_j",
       "before_i", "before_j", "after_i", "after_j", "group")  # fmt: skip

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A, _MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class Deals(NamedTuple):
    """Room for the exchanges of one iteration, E of them, each with two sides."""

    actor: np.ndarray  # (E, 2)
    supply: np.ndarray  # (E, 2), issues
    x: np.ndarray  # (E, 2), position of each side on what it supplies
    wants: np.ndarray  # (E, 2), its position on what it demands
    y: np.ndarray  # (E, 2), where its move would take it
    move: np.ndarray  # (E, 2), its last tentative move
    earlier: np.ndarray  # (E, 2), sum of the moves before that
    sign: np.ndarray  # (E, 2), their sign; 0: none, _MIXED: both
    gain: np.ndarray  # (E, 2)
    before: np.ndarray  # (E, 2), outcome on what it supplies
    after: np.ndarray  # (E, 2)
    equal: np.ndarray  # (E,), the equal gain, by which exchanges are ordered
    rate: np.ndarray  # (E,), shift of what side 0 supplies for a shift of 1 of what side 1 supplies
    group: np.ndarray  # (E,)
    alive: np.ndarray  # (E,)
    knows: np.ndarray  # (E, 2), whether others' moves are known on what a side supplies
    seen: np.ndarray  # (E, 2, n), where others have moved on what a side supplies; NaN: not known


class Field(NamedTuple):
    """One draw at the start of an iteration."""

    x: np.ndarray  # (n, k), 0..100
    s: np.ndarray  # (n, k); 0: takes no part
    w: np.ndarray  # (n, k), salience times capability
    weight: np.ndarray  # (k,), sums of w
    total: np.ndarray  # (k,), sums of w x


@njit(cache=True, nogil=True)
def uniform(state):
    """The next number in [0, 1) of SplitMix64 (Steele, Lea and Flood 2014), whose state is ``state[0]``."""
    state[0] += _GOLDEN
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * _MIX_A
    z = (z ^ (z >> np.uint64(27))) * _MIX_B
    z ^= z >> np.uint64(31)
    return np.float64(z >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, nogil=True)
def _go(deals, e, t, way):
    """Set the tentative move of side t, `way` towards what the other wants."""
    wanted = deals.wants[e, 1 - t]
    up = wanted > deals.x[e, t]
    deals.move[e, t] = way if up else -way
    deals.y[e, t] = deals.x[e, t] + deals.move[e, t]
    if abs(deals.y[e, t] - wanted) <= 1e-12 * WHOLE:
        deals.y[e, t] = wanted  # all the way is where the other stands, to the last digit


@njit(cache=True, nogil=True)
def _keep(deals, e, t):
    """Put the last tentative move among the earlier ones."""
    move = deals.move[e, t]
    sign = 1 if move > 0 else -1
    if deals.sign[e, t] == 0:
        deals.sign[e, t] = sign
    elif deals.sign[e, t] != sign:
        deals.sign[e, t] = _MIXED
    deals.earlier[e, t] += move


@njit(cache=True, nogil=True)
def _fits(deals, e):
    """Whether both moves can be made and some gain is left."""
    for t in range(2):
        move, sign = deals.move[e, t], deals.sign[e, t]
        far = deals.x[e, t] + move
        if not (LEAST < abs(move) <= WHOLE + NEAR and -NEAR <= far <= WHOLE + NEAR):
            return False
        if deals.earlier[e, t] + move > WHOLE + NEAR or (sign != 0 and sign != (1 if move > 0 else -1)):
            return False
    return min(deals.gain[e, 0], deals.gain[e, 1], deals.equal[e]) >= LEAST


@njit(cache=True, nogil=True)
def _sum_with(deals, e, t, at, field):
    """Sum of weighted positions on what side t supplies, with it at `at` and others where they are known to be."""
    who, issue = deals.actor[e, t], deals.supply[e, t]
    total = field.total[issue] + (at - field.x[who, issue]) * field.w[who, issue]
    if deals.knows[e, t]:
        for a in range(field.x.shape[0]):
            if a != who and not np.isnan(deals.seen[e, t, a]):
                total += (deals.seen[e, t, a] - field.x[a, issue]) * field.w[a, issue]
    return total


@njit(cache=True, nogil=True)
def _outcome_with(deals, e, t, at, field):
    return _sum_with(deals, e, t, at, field) / field.weight[deals.supply[e, t]]


@njit(cache=True, nogil=True)
def _overshoots(before, after, wanted):
    """Whether an outcome is carried past what is wanted, which it has not reached before."""
    return not (max(before, after) <= wanted + NEAR or min(before, after) >= wanted - NEAR)


@njit(cache=True, nogil=True)
def _short(deals, e, t, field):
    """How far side t may move for the outcome to end on what the other wants."""
    who, issue = deals.actor[e, t], deals.supply[e, t]
    own = deals.seen[e, t, who] if deals.knows[e, t] else np.nan
    at = deals.x[e, t] if np.isnan(own) else own
    gap = deals.wants[e, 1 - t] * field.weight[issue] - _sum_with(deals, e, t, at, field)
    return abs(gap) / field.w[who, issue]


@njit(cache=True, nogil=True)
def _gains(deals, e, shift_0, shift_1, field):
    """What both sides gain of shifts of what each supplies."""
    for t in range(2):
        own, other = (shift_0, shift_1) if t == 0 else (shift_1, shift_0)
        who = deals.actor[e, t]
        deals.gain[e, t] = abs(other * field.s[who, deals.supply[e, 1 - t]] - own * field.s[who, deals.supply[e, t]])


@njit(cache=True, nogil=True)
def _evaluate(deals, e, field, mode, spread, state):
    """Work out both moves and gains from where the sides now stand; sets `alive`."""
    first, second = deals.actor[e, 0], deals.actor[e, 1]
    q, p = deals.supply[e, 0], deals.supply[e, 1]
    unit_0 = field.w[first, q] / field.weight[q]  # shift of the outcome for a move of 1
    unit_1 = field.w[second, p] / field.weight[p]
    rate = deals.rate[e]
    way_1 = abs(deals.wants[e, 0] - deals.x[e, 1])
    way_0 = rate * way_1 * unit_1 / unit_0
    whole = abs(deals.wants[e, 1] - deals.x[e, 0])
    if way_0 > whole:
        way_0 = whole
        way_1 = way_0 * unit_0 / rate / unit_1
    _go(deals, e, 0, way_0)
    _go(deals, e, 1, way_1)
    _gains(deals, e, way_0 * unit_0, way_1 * unit_1, field)
    deals.equal[e] = min(deals.gain[e, 0], deals.gain[e, 1])
    deals.alive[e] = _fits(deals, e)
    if not deals.alive[e]:
        return
    for t in range(2):
        deals.before[e, t] = _outcome_with(deals, e, t, deals.x[e, t], field)
        deals.after[e, t] = _outcome_with(deals, e, t, deals.y[e, t], field)
        if not _overshoots(deals.before[e, t], deals.after[e, t], deals.wants[e, 1 - t]):
            continue
        way = _short(deals, e, t, field)
        if t == 0:
            way_0 = way
            way_1 = way_0 * unit_0 / rate / unit_1
        else:
            way_1 = way
            way_0 = rate * way_1 * unit_1 / unit_0
        _go(deals, e, 0, way_0)
        _go(deals, e, 1, way_1)
        _gains(deals, e, way_0 * unit_0, way_1 * unit_1, field)
        deals.equal[e] = min(deals.gain[e, 0], deals.gain[e, 1])
        deals.after[e, t] = _outcome_with(deals, e, t, deals.y[e, t], field)
    deals.alive[e] = _fits(deals, e)
    if mode == RANDOMISED:
        _redraw(deals, e, field, spread, state, unit_0, unit_1)


@njit(cache=True, nogil=True)
def _most(deals, e, t, field):
    """The most that side t could gain of a randomised exchange, the other just breaking even."""
    reach, literal = np.empty(2), np.empty(2, np.bool_)
    sup, dem = np.empty(2), np.empty(2)
    for u in range(2):
        who = deals.actor[e, u]
        sup[u] = field.s[who, deals.supply[e, u]]
        dem[u] = field.s[who, deals.supply[e, 1 - u]]
        literal[u] = abs(deals.wants[e, u] - deals.y[e, u]) <= NEAR
        target = deals.y[e, u] if literal[u] else deals.wants[e, 1 - u]
        reach[u] = abs(deals.before[e, u] - _outcome_with(deals, e, u, target, field))
    gain_0, loss_1 = reach[1] * dem[0], reach[1] * sup[1]
    gain_1, loss_0 = reach[0] * dem[1], reach[0] * sup[0]
    a = 1 if gain_0 > gain_1 else 0
    gain, loss = (gain_1, loss_0) if a == 1 else (gain_0, loss_1)
    b = 1 - a
    if t == a:
        return gain - loss * sup[a] / dem[b]
    most = dem[b] * gain / sup[a] - loss
    if abs(most) > 1e-12:
        if literal[0] and gain_1 - loss_1 > 0:
            most = gain_0 - loss_1 * sup[0] / dem[1]
        if literal[1] and gain_0 - loss_0 > 0:
            most = gain_1 - loss_0 * sup[1] / dem[0]
    return most


@njit(cache=True, nogil=True)
def _redraw(deals, e, field, spread, state, unit_0, unit_1):
    """Randomised equal gain: the gain of one side is drawn around the equal one, and the moves follow."""
    u, v, z = uniform(state), uniform(state), uniform(state)
    t = 0 if u < 0.5 else 1
    o = 1 - t
    equal = deals.equal[e]
    gain = equal + spread * z * (_most(deals, e, t, field) - equal) if v < 0.5 else equal - spread * z * equal
    unit_t, unit_o = (unit_0, unit_1) if t == 0 else (unit_1, unit_0)
    s_supply = field.s[deals.actor[e, t], deals.supply[e, t]]
    s_demand = field.s[deals.actor[e, t], deals.supply[e, o]]
    way = abs(deals.x[e, t] - deals.wants[e, o])
    shift = way * unit_t
    answer = (gain + shift * s_supply) / s_demand
    other = answer / unit_o
    whole = abs(deals.x[e, o] - deals.wants[e, t])
    if other > whole:
        other = whole
        answer = other * unit_o
        shift = abs(gain - answer * s_demand) / s_supply
        way = shift / unit_t
    else:
        far = deals.x[e, t] + (way if deals.wants[e, o] > deals.x[e, t] else -way)
        if _overshoots(deals.before[e, t], _outcome_with(deals, e, t, far, field), deals.wants[e, o]):
            way = _short(deals, e, t, field)
            shift = way * unit_t
            answer = (gain + shift * s_supply) / s_demand
            other = answer / unit_o
    _go(deals, e, t, way)
    _go(deals, e, o, other)
    for side in range(2):
        deals.before[e, side] = _outcome_with(deals, e, side, deals.x[e, side], field)
        deals.after[e, side] = _outcome_with(deals, e, side, deals.y[e, side], field)
    who = deals.actor[e, o]
    deals.gain[e, t] = gain
    deals.gain[e, o] = abs(answer * field.s[who, deals.supply[e, o]] - shift * field.s[who, deals.supply[e, t]])
    fits = deals.gain[e].copy()
    deals.gain[e, :] = equal  # the equal gain alone decides whether the exchange is worth making
    deals.alive[e] = _fits(deals, e)
    deals.gain[e] = fits


@njit(cache=True, nogil=True)
def _list(deals, field, present, mode, state):
    """Every exchange that two actors on opposite sides of both outcomes could make; how many there are."""
    n, k = field.x.shape
    count = 0
    side = np.empty((n, k), np.int64)
    for p in range(k):
        outcome = field.total[p] / field.weight[p] if field.weight[p] > 0 else 0.0
        for a in range(n):
            side[a, p] = 0 if field.x[a, p] <= outcome + 1e-12 * WHOLE else 1
    for p in range(k):
        for q in range(p + 1, k):
            for group in range(2):
                for a in range(n):
                    if not (present[a, p] and present[a, q]):
                        continue
                    if side[a, p] != (1 if group == 0 else 0) or side[a, q] != 1:
                        continue
                    for b in range(n):
                        if not (present[b, p] and present[b, q]):
                            continue
                        if side[b, p] == side[a, p] or side[b, q] != 0:
                            continue
                        ratio_a = field.s[a, p] / field.s[a, q]
                        ratio_b = field.s[b, p] / field.s[b, q]
                        if abs(ratio_a - ratio_b) <= 1e-12 * ratio_a:
                            continue
                        i, j = (b, a) if ratio_a < ratio_b else (a, b)
                        _add(deals, count, i, j, p, q, group, field)
                        if mode == RANDOM_RATE:
                            low, high = min(ratio_a, ratio_b), max(ratio_a, ratio_b)
                            deals.rate[count] = low + (high - low) * uniform(state)
                        count += 1
    return count


@njit(cache=True, nogil=True)
def _add(deals, e, i, j, p, q, group, field):
    deals.actor[e, 0], deals.actor[e, 1] = i, j
    deals.supply[e, 0], deals.supply[e, 1] = q, p
    deals.x[e, 0], deals.x[e, 1] = field.x[i, q], field.x[j, p]
    deals.wants[e, 0], deals.wants[e, 1] = field.x[i, p], field.x[j, q]
    deals.rate[e] = (field.s[i, p] + field.s[j, p]) / (field.s[i, q] + field.s[j, q])
    deals.group[e] = group
    for t in range(2):
        deals.earlier[e, t], deals.sign[e, t], deals.knows[e, t] = 0.0, 0, False


@njit(cache=True, nogil=True)
def _best(deals, count, mode, random_ties, state, top):
    """The exchange to make next, or -1. `top` (n,) is room for what each actor could gain at most."""
    most, tied, chosen = -np.inf, 0, -1
    mutual = False
    if mode == RANDOM_RATE:
        top[:] = 0.0
        for e in range(count):
            if deals.alive[e]:
                for t in range(2):
                    top[deals.actor[e, t]] = max(top[deals.actor[e, t]], deals.gain[e, t])
        for e in range(count):
            mutual = mutual or (deals.alive[e] and _both_best(deals, e, top))
    for e in range(count):
        if not deals.alive[e]:
            continue
        worth = deals.equal[e]
        if mode == RANDOM_RATE:
            if mutual and not _both_best(deals, e, top):
                continue
            worth = deals.gain[e].sum() if mutual else deals.gain[e].min()
        near = NEAR * max(abs(worth), 1e-3)
        if worth > most + near:
            most, tied, chosen = worth, 1, e
        elif worth >= most - near:
            tied += 1
            if random_ties and uniform(state) * tied < 1.0:
                chosen = e
    return chosen


@njit(cache=True, nogil=True)
def _both_best(deals, e, top):
    return deals.gain[e, 0] >= top[deals.actor[e, 0]] * (1 - NEAR) and deals.gain[e, 1] >= top[deals.actor[e, 1]] * (
        1 - NEAR
    )


@njit(cache=True, nogil=True)
def _react(deals, e, made, field):
    """Let an exchange take in one that was made; whether that concerns it."""
    supplied_0 = supplied_1 = bought = False
    for t in range(2):
        for m in range(2):
            if deals.actor[e, t] == deals.actor[made, m]:
                if deals.supply[e, t] == deals.supply[made, m]:
                    deals.x[e, t] = deals.y[made, m]
                    if t == 0:
                        supplied_0 = True
                    else:
                        supplied_1 = True
                if deals.supply[e, 1 - t] == deals.supply[made, 1 - m]:
                    bought = True
                    _note(deals, e, 1 - t, made, 1 - m, field)
    if not (supplied_0 or supplied_1 or bought):
        return False
    for t in range(2):
        if supplied_0 if t == 0 else supplied_1:
            _keep(deals, e, t)
    return True


@njit(cache=True, nogil=True)
def _note(deals, e, t, made, m, field):
    """Note where side m of an exchange that was made has moved, on the issue that side t supplies."""
    if not deals.knows[e, t]:
        deals.knows[e, t] = True
        deals.seen[e, t, :] = np.nan
    seller, at = deals.actor[made, m], deals.y[made, m]
    was = deals.seen[e, t, seller]
    if np.isnan(was):
        deals.seen[e, t, seller] = at
    elif field.x[seller, deals.supply[e, t]] <= was:
        deals.seen[e, t, seller] = min(was, at)
    else:
        deals.seen[e, t, seller] = max(was, at)


@njit(cache=True, nogil=True)
def exchange(position, salience, weight, iterations, mode, spread, random_ties, keys, room, path, log):
    """Run the iterations of every draw.

    `position` (D, n, k), 0..100, NaN where there is no stance; `salience` and `weight` (salience times capability)
    (D, n, k), 0 for who takes no part; `iterations` (D,) int64, `spread` (D,), `keys` (D,) uint64; `room` for the
    exchanges of an iteration. Returns the voting positions of the last iteration (D, n, k), the iterations made
    (D,) and the exchanges made (D,). `path` (T + 1, D, n, k) takes the preferences, `log` (X, COLUMNS) the exchanges;
    either may be empty.
    """
    draws, n, k = position.shape
    final = position.copy()
    made, traded = np.zeros(draws, np.int64), np.zeros(draws, np.int64)
    state, top = np.empty(1, np.uint64), np.empty(n)
    row = 0
    for d in range(draws):
        state[0] = keys[d]
        s, w = salience[d], weight[d]
        present = w > 0
        x = np.where(present, position[d], 0.0)
        following, voting = x.copy(), x.copy()
        field = Field(x, s, w, np.zeros(k), np.zeros(k))
        for p in range(k):
            for a in range(n):
                field.weight[p] += w[a, p]
        if path.shape[0]:
            path[:, d] = position[d]
        for turn in range(iterations[d]):
            voting[:] = x
            for p in range(k):
                field.total[p] = 0.0
                for a in range(n):
                    field.total[p] += w[a, p] * x[a, p]
            count = _list(room, field, present, mode, state)
            for e in range(count):
                _evaluate(room, e, field, mode, spread[d], state)
            here = 0
            while True:
                best = _best(room, count, mode, random_ties, state, top)
                if best < 0:
                    break
                here += 1
                room.alive[best] = False
                for t in range(2):
                    a, p = room.actor[best, t], room.supply[best, t]
                    voting[a, p] = room.y[best, t]
                    yields = 0.4 * (1.0 - s[a, p]) + 0.1
                    following[a, p] = yields * room.y[best, t] + (1.0 - yields) * x[a, p]
                if row < log.shape[0]:
                    _write(log[row], d, turn, room, best)
                    row += 1
                for e in range(count):
                    if room.alive[e] and _react(room, e, best, field):
                        _evaluate(room, e, field, mode, spread[d], state)
            if here == 0:
                break  # nobody moves any more
            made[d] = turn + 1
            traded[d] += here
            x[:] = following
            for t in range(turn + 1, path.shape[0]):
                for a in range(n):
                    for p in range(k):
                        if present[a, p]:
                            path[t, d, a, p] = x[a, p]
        for a in range(n):
            for p in range(k):
                if present[a, p]:
                    final[d, a, p] = voting[a, p]
    return final, made, traded


@njit(cache=True, nogil=True)
def _write(row, d, turn, deals, e):
    row[0], row[1] = d, turn
    for t in range(2):
        row[2 + 2 * t], row[3 + 2 * t] = deals.actor[e, t], deals.supply[e, t]
        row[6 + t], row[8 + t] = deals.x[e, t], deals.y[e, t]
        row[10 + t] = deals.gain[e, t]
        row[12 + t], row[14 + t] = deals.before[e, t], deals.after[e, t]
    row[16] = deals.group[e]


def room_for(actors: int, issues: int) -> Deals:
    """Room for the exchanges of an iteration: no pair of actors trades a pair of issues in more than one way."""
    size = actors * (actors - 1) // 2 * (issues * (issues - 1) // 2)
    two = (size, 2)
    return Deals(
        actor=np.zeros(two, np.int64),
        supply=np.zeros(two, np.int64),
        x=np.zeros(two),
        wants=np.zeros(two),
        y=np.zeros(two),
        move=np.zeros(two),
        earlier=np.zeros(two),
        sign=np.zeros(two, np.int64),
        gain=np.zeros(two),
        before=np.zeros(two),
        after=np.zeros(two),
        equal=np.zeros(size),
        rate=np.zeros(size),
        group=np.zeros(size, np.int64),
        alive=np.zeros(size, np.bool_),
        knows=np.zeros(two, np.bool_),
        seen=np.zeros((*two, actors)),
    )
