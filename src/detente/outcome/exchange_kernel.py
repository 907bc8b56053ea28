"""The exchange model in floating point, compiled: many draws, one after another.

`exchange_exact` is the same in exact decimals, and docs/models/exchange.md has the formulas. An exchange has two
sides, 0 and 1; side 0 gives way on ``supply[e, 0]``, side 1 on ``supply[e, 1]``, and each wants what the other supplies.
Positions and outcomes are on scales of 0 to 100.
"""

from __future__ import annotations

import numpy as np

from detente.outcome.chance import uniform
from detente.outcome.compiling import compiled

EQUAL, RANDOMISED, RANDOM_RATE = 0, 1, 2  # how gains are shared

LEAST = 1e-10  # moves and gains this small are none
NEAR = 1e-9  # positions, outcomes and gains this close are equal
WHOLE = 100.0

_MIXED = 2  # of the signs of a side's earlier moves
COLUMNS = 17  # of the log of exchanges, as `LOG` names them
LOG = ("draw", "turn", "i", "supply_i", "j", "supply_j", "x_i", "x_j", "y_i", "y_j", "gain_i", "gain_j",
       "before_i", "before_j", "after_i", "after_j", "group")  # fmt: skip

# An exchange that could be made in this iteration. A pair is one number a side; a side's issue is what it supplies.
DEAL = np.dtype(
    [
        ("actor", np.int64, 2),
        ("supply", np.int64, 2),  # issues
        ("group", np.int64),  # 0: right on both issues with left on both, 1: left and right with right and left
        ("rate", np.float64),  # shift of what side 0 supplies for a shift of 1 of what side 1 supplies
        ("cost", np.float64, 2),  # salience of a side for what it supplies
        ("value", np.float64, 2),  # and for what it gets
        ("own", np.float64, 2),  # salience times capability of a side on its issue
        ("weight", np.float64, 2),  # and of all actors together
        ("rest", np.float64, 2),  # sum of the others' weighted positions on a side's issue, as far as is known
        ("x", np.float64, 2),  # position of a side on its issue
        ("wants", np.float64, 2),  # its position on what it gets
        ("y", np.float64, 2),  # where its move would take it
        ("move", np.float64, 2),  # its last tentative move
        ("earlier", np.float64, 2),  # sum of the moves before that
        ("sign", np.int64, 2),  # their sign; 0: none, _MIXED: both
        ("gain", np.float64, 2),
        ("before", np.float64, 2),  # outcome on its issue
        ("after", np.float64, 2),
        ("equal", np.float64),  # the equal gain, by which exchanges are ordered
        ("alive", np.int64),  # 1: can be made
        ("knows", np.int64, 2),  # 1: of others who moved on its issue it is known where to
        ("went", np.float64, 2),  # where a side itself is known to have gone on its issue; NaN: nowhere
    ]
)


@compiled
def _go(deal, t, way):
    """Set the tentative move of side t, `way` towards what the other wants."""
    wanted = deal.wants[1 - t]
    up = wanted > deal.x[t]
    deal.move[t] = way if up else -way
    deal.y[t] = deal.x[t] + deal.move[t]
    if abs(deal.y[t] - wanted) <= 1e-12 * WHOLE:
        deal.y[t] = wanted  # all the way is where the other stands, to the last digit


@compiled
def _keep(deal, t):
    """Put the last tentative move among the earlier ones."""
    move = deal.move[t]
    sign = 1 if move > 0 else -1
    if deal.sign[t] == 0:
        deal.sign[t] = sign
    elif deal.sign[t] != sign:
        deal.sign[t] = _MIXED
    deal.earlier[t] += move


@compiled
def _fits(deal):
    """Whether both moves can be made and some gain is left."""
    for t in range(2):
        move, sign = deal.move[t], deal.sign[t]
        far = deal.x[t] + move
        if not (LEAST < abs(move) <= WHOLE + NEAR and -NEAR <= far <= WHOLE + NEAR):
            return False
        if deal.earlier[t] + move > WHOLE + NEAR or (sign != 0 and sign != (1 if move > 0 else -1)):
            return False
    return min(deal.gain[0], deal.gain[1], deal.equal) >= LEAST


@compiled
def _outcome_with(deal, t, at):
    """The outcome on what side t supplies, with it at `at` and others where they are known to be."""
    return (deal.rest[t] + at * deal.own[t]) / deal.weight[t]


@compiled
def _overshoots(before, after, wanted):
    """Whether an outcome is carried past what is wanted, which it has not reached before."""
    return not (max(before, after) <= wanted + NEAR or min(before, after) >= wanted - NEAR)


@compiled
def _short(deal, t):
    """How far side t may move for the outcome to end on what the other wants."""
    at = deal.x[t] if np.isnan(deal.went[t]) else deal.went[t]
    gap = deal.wants[1 - t] * deal.weight[t] - (deal.rest[t] + at * deal.own[t])
    return abs(gap) / deal.own[t]


@compiled
def _gains(deal, shift_0, shift_1):
    """What both sides gain of shifts of what each supplies."""
    deal.gain[0] = abs(shift_1 * deal.value[0] - shift_0 * deal.cost[0])
    deal.gain[1] = abs(shift_0 * deal.value[1] - shift_1 * deal.cost[1])
    deal.equal = min(deal.gain[0], deal.gain[1])


@compiled
def _evaluate(deal, mode, spread, state):
    """Work out both moves and gains from where the sides now stand; sets `alive`."""
    unit_0 = deal.own[0] / deal.weight[0]  # shift of the outcome for a move of 1
    unit_1 = deal.own[1] / deal.weight[1]
    rate = deal.rate
    way_1 = abs(deal.wants[0] - deal.x[1])
    way_0 = rate * way_1 * unit_1 / unit_0
    whole = abs(deal.wants[1] - deal.x[0])
    if way_0 > whole:
        way_0 = whole
        way_1 = way_0 * unit_0 / rate / unit_1
    _go(deal, 0, way_0)
    _go(deal, 1, way_1)
    _gains(deal, way_0 * unit_0, way_1 * unit_1)
    deal.alive = 1 if _fits(deal) else 0
    if deal.alive == 0:
        return
    for t in range(2):
        deal.before[t] = _outcome_with(deal, t, deal.x[t])
        deal.after[t] = _outcome_with(deal, t, deal.y[t])
        if not _overshoots(deal.before[t], deal.after[t], deal.wants[1 - t]):
            continue
        way = _short(deal, t)
        if t == 0:
            way_0 = way
            way_1 = way_0 * unit_0 / rate / unit_1
        else:
            way_1 = way
            way_0 = rate * way_1 * unit_1 / unit_0
        _go(deal, 0, way_0)
        _go(deal, 1, way_1)
        _gains(deal, way_0 * unit_0, way_1 * unit_1)
        deal.after[t] = _outcome_with(deal, t, deal.y[t])
    deal.alive = 1 if _fits(deal) else 0
    if mode == RANDOMISED:
        _redraw(deal, spread, state, unit_0, unit_1)


@compiled
def _most(deal, t):
    """The most that side t could gain of a randomised exchange, the other just breaking even."""
    reach, literal = np.empty(2), np.empty(2, np.bool_)
    for u in range(2):
        literal[u] = abs(deal.wants[u] - deal.y[u]) <= NEAR
        target = deal.y[u] if literal[u] else deal.wants[1 - u]
        reach[u] = abs(deal.before[u] - _outcome_with(deal, u, target))
    gain_0, loss_1 = reach[1] * deal.value[0], reach[1] * deal.cost[1]
    gain_1, loss_0 = reach[0] * deal.value[1], reach[0] * deal.cost[0]
    a = 1 if gain_0 > gain_1 else 0
    gain, loss = (gain_1, loss_0) if a == 1 else (gain_0, loss_1)
    b = 1 - a
    if t == a:
        return gain - loss * deal.cost[a] / deal.value[b]
    most = deal.value[b] * gain / deal.cost[a] - loss
    if abs(most) > 1e-12:
        if literal[0] and gain_1 - loss_1 > 0:
            most = gain_0 - loss_1 * deal.cost[0] / deal.value[1]
        if literal[1] and gain_0 - loss_0 > 0:
            most = gain_1 - loss_0 * deal.cost[1] / deal.value[0]
    return most


@compiled
def _redraw(deal, spread, state, unit_0, unit_1):
    """Randomised equal gain: the gain of one side is drawn around the equal one, and the moves follow."""
    u, v, z = uniform(state), uniform(state), uniform(state)
    t = 0 if u < 0.5 else 1
    o = 1 - t
    equal = deal.equal
    gain = equal + spread * z * (_most(deal, t) - equal) if v < 0.5 else equal - spread * z * equal
    unit_t, unit_o = (unit_0, unit_1) if t == 0 else (unit_1, unit_0)
    way = abs(deal.x[t] - deal.wants[o])
    shift = way * unit_t
    answer = (gain + shift * deal.cost[t]) / deal.value[t]
    other = answer / unit_o
    whole = abs(deal.x[o] - deal.wants[t])
    if other > whole:
        other = whole
        answer = other * unit_o
        shift = abs(gain - answer * deal.value[t]) / deal.cost[t]
        way = shift / unit_t
    else:
        far = deal.x[t] + (way if deal.wants[o] > deal.x[t] else -way)
        if _overshoots(deal.before[t], _outcome_with(deal, t, far), deal.wants[o]):
            way = _short(deal, t)
            shift = way * unit_t
            answer = (gain + shift * deal.cost[t]) / deal.value[t]
            other = answer / unit_o
    _go(deal, t, way)
    _go(deal, o, other)
    for side in range(2):
        deal.before[side] = _outcome_with(deal, side, deal.x[side])
        deal.after[side] = _outcome_with(deal, side, deal.y[side])
    deal.gain[0] = deal.gain[1] = equal  # the equal gain alone decides whether the exchange is worth making
    deal.alive = 1 if _fits(deal) else 0
    deal.gain[t] = gain
    deal.gain[o] = abs(answer * deal.cost[o] - shift * deal.value[o])


@compiled
def _list(deals, x, s, w, weight, total, mode, state):
    """Every exchange that two actors on opposite sides of both outcomes could make; how many there are.

    `x`, `s` and `w` (n, k): positions, saliences and saliences times capability, 0 for who takes no part; `weight` and
    `total` (k,): sums of `w` and of ``w x``.
    """
    n, k = x.shape
    count = 0
    side = np.empty((n, k), np.int64)  # 1: right of the outcome; 2: takes no part
    for p in range(k):
        outcome = total[p] / weight[p] if weight[p] > 0 else 0.0
        for a in range(n):
            side[a, p] = 2 if w[a, p] <= 0 else 0 if x[a, p] <= outcome + 1e-12 * WHOLE else 1
    for p in range(k):
        for q in range(p + 1, k):
            for group in range(2):
                for a in range(n):
                    if side[a, p] != 1 - group or side[a, q] != 1:
                        continue
                    for b in range(n):
                        if side[b, p] != group or side[b, q] != 0:
                            continue
                        ratio_a, ratio_b = s[a, p] / s[a, q], s[b, p] / s[b, q]
                        if abs(ratio_a - ratio_b) <= 1e-12 * ratio_a:
                            continue
                        deal = deals[count]
                        if ratio_a < ratio_b:
                            _sides(deal, b, a)
                        else:
                            _sides(deal, a, b)
                        _open(deal, p, q, group, x, s, w, weight, total)
                        if mode == RANDOM_RATE:
                            low, high = min(ratio_a, ratio_b), max(ratio_a, ratio_b)
                            deal.rate = low + (high - low) * uniform(state)
                        count += 1
    return count


@compiled
def _sides(deal, i, j):
    deal.actor[0] = i
    deal.actor[1] = j


@compiled
def _open(deal, p, q, group, x, s, w, weight, total):
    """Set out an exchange in which side 0 supplies q and side 1 supplies p."""
    i, j = deal.actor[0], deal.actor[1]
    deal.group = group
    deal.rate = (s[i, p] + s[j, p]) / (s[i, q] + s[j, q])
    deal.supply[0], deal.supply[1] = q, p
    for t in range(2):
        who, issue, other = deal.actor[t], deal.supply[t], deal.supply[1 - t]
        deal.cost[t], deal.value[t] = s[who, issue], s[who, other]
        deal.own[t], deal.weight[t] = w[who, issue], weight[issue]
        deal.rest[t] = total[issue] - x[who, issue] * w[who, issue]
        deal.x[t], deal.wants[t] = x[who, issue], x[who, other]
        deal.earlier[t], deal.sign[t] = 0.0, 0
        deal.knows[t], deal.went[t] = 0, np.nan


@compiled
def _best(deals, count, mode, random_ties, state, top):
    """The exchange to make next, or -1. `top` (n,) is room for what each actor could gain at most."""
    most, tied, chosen = -np.inf, 0, -1
    mutual = False
    if mode == RANDOM_RATE:
        top[:] = 0.0
        for e in range(count):
            deal = deals[e]
            if deal.alive == 1:
                for t in range(2):
                    top[deal.actor[t]] = max(top[deal.actor[t]], deal.gain[t])
        for e in range(count):
            mutual = mutual or (deals[e].alive == 1 and _both_best(deals[e], top))
    for e in range(count):
        deal = deals[e]
        if deal.alive == 0:
            continue
        worth = deal.equal
        if mode == RANDOM_RATE:
            if mutual and not _both_best(deal, top):
                continue
            worth = deal.gain[0] + deal.gain[1] if mutual else min(deal.gain[0], deal.gain[1])
        near = NEAR * max(abs(worth), 1e-3)
        if worth > most + near:
            most, tied, chosen = worth, 1, e
        elif worth >= most - near:
            tied += 1
            if random_ties and uniform(state) * tied < 1.0:
                chosen = e
    return chosen


@compiled
def _both_best(deal, top):
    least_0, least_1 = top[deal.actor[0]] * (1 - NEAR), top[deal.actor[1]] * (1 - NEAR)
    return deal.gain[0] >= least_0 and deal.gain[1] >= least_1


@compiled
def _react(deal, seen, made, x, w):
    """Let an exchange take in one that was made; whether that concerns it. `seen` (2, n): see `_note`."""
    supplied_0 = supplied_1 = bought = False
    for t in range(2):
        for m in range(2):
            if deal.actor[t] == made.actor[m]:
                if deal.supply[t] == made.supply[m]:
                    deal.x[t] = made.y[m]
                    if t == 0:
                        supplied_0 = True
                    else:
                        supplied_1 = True
                if deal.supply[1 - t] == made.supply[1 - m]:
                    bought = True
                    _note(deal, 1 - t, seen[1 - t], made.actor[1 - m], made.y[1 - m], x, w)
    if supplied_0:
        _keep(deal, 0)
    if supplied_1:
        _keep(deal, 1)
    return supplied_0 or supplied_1 or bought


@compiled
def _note(deal, t, seen, seller, at, x, w):
    """Note that `seller` has gone to `at` on the issue of side t; `seen` (n,) is where others are known to be.

    Of two places, the one that is nearer to where the seller was counts. NaN in `seen`: nothing known.
    """
    if deal.knows[t] == 0:
        deal.knows[t] = 1
        seen[:] = np.nan
    was, start = seen[seller], x[seller, deal.supply[t]]
    if not np.isnan(was):
        at = min(was, at) if start <= was else max(was, at)
    seen[seller] = at
    if seller == deal.actor[t]:
        deal.went[t] = at
    else:
        deal.rest[t] += (at - (start if np.isnan(was) else was)) * w[seller, deal.supply[t]]


@compiled
def exchange(position, salience, weight, iterations, mode, spread, random_ties, keys, path, log):
    """Run the iterations of every draw.

    `position` (D, n, k), 0..100, NaN where there is no stance; `salience` and `weight` (salience times capability)
    (D, n, k), 0 for who takes no part; `iterations` (D,) int64, `spread` (D,), `keys` (D,) uint64. Returns the voting
    positions of the last iteration (D, n, k), the iterations made (D,) and the exchanges made (D,). `path`
    (T + 1, D, n, k) takes the preferences, `log` (X, COLUMNS) the exchanges; either may be empty.
    """
    draws, n, k = position.shape
    final = position.copy()
    made, traded = np.zeros(draws, np.int64), np.zeros(draws, np.int64)
    state, top = np.empty(1, np.uint64), np.empty(n)
    # No pair of actors trades a pair of issues in more than one way.
    most = n * (n - 1) // 2 * (k * (k - 1) // 2)
    deals, seen = np.empty(most, DEAL), np.empty((most, 2, n))
    x, following, voting = np.empty((n, k)), np.empty((n, k)), np.empty((n, k))
    sums, total = np.empty(k), np.empty(k)
    row = 0
    for d in range(draws):
        state[0] = keys[d]
        s, w = salience[d], weight[d]
        sums[:] = 0.0
        for a in range(n):
            for p in range(k):
                x[a, p] = following[a, p] = voting[a, p] = position[d, a, p] if w[a, p] > 0 else 0.0
                sums[p] += w[a, p]
        if path.shape[0]:
            path[:, d] = position[d]
        for turn in range(iterations[d]):
            total[:] = 0.0
            for a in range(n):
                for p in range(k):
                    voting[a, p] = x[a, p]
                    total[p] += w[a, p] * x[a, p]
            count = _list(deals, x, s, w, sums, total, mode, state)
            for e in range(count):
                _evaluate(deals[e], mode, spread[d], state)
            here = 0
            while True:
                best = _best(deals, count, mode, random_ties, state, top)
                if best < 0:
                    break
                here += 1
                deal = deals[best]
                deal.alive = 0
                for t in range(2):
                    a, p = deal.actor[t], deal.supply[t]
                    voting[a, p] = deal.y[t]
                    yields = 0.4 * (1.0 - s[a, p]) + 0.1
                    following[a, p] = yields * deal.y[t] + (1.0 - yields) * x[a, p]
                if row < log.shape[0]:
                    _write(log[row], d, turn, deal)
                    row += 1
                for e in range(count):
                    if deals[e].alive == 1 and _react(deals[e], seen[e], deal, x, w):
                        _evaluate(deals[e], mode, spread[d], state)
            if here == 0:
                break  # nobody moves any more
            made[d] = turn + 1
            traded[d] += here
            x[:] = following
            for t in range(turn + 1, path.shape[0]):
                for a in range(n):
                    for p in range(k):
                        if w[a, p] > 0:
                            path[t, d, a, p] = x[a, p]
        for a in range(n):
            for p in range(k):
                if w[a, p] > 0:
                    final[d, a, p] = voting[a, p]
    return final, made, traded


@compiled
def _write(row, d, turn, deal):
    row[0], row[1] = d, turn
    for t in range(2):
        row[2 + 2 * t], row[3 + 2 * t] = deal.actor[t], deal.supply[t]
        row[6 + t], row[8 + t] = deal.x[t], deal.y[t]
        row[10 + t] = deal.gain[t]
        row[12 + t], row[14 + t] = deal.before[t], deal.after[t]
    row[16] = deal.group
