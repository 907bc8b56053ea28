"""One turn of the spatial model, compiled: risk attitudes, challenges, bargains and the choice among them.

Distances `far` and true utilities `u` stand as ``[position, judge]``, what an actor takes others to see (`sight`, `guess`)
as ``[judge, position]``, ideals `q` and saliences `s` as ``[issue, actor]``: the innermost loop of each sum runs along
memory. `m` actors have ``k`` issues. Positions are on a scale of 0 to 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.outcome.compiling import compiled, inlined
from detente.outcome.spatial_votes import (
    AGAINST_FIRST,
    BY_INDEX,
    EVENLY,
    coalitions,
    elect,
    utility,
    vote,
)

MID, LEAST, MOST = range(3)
NO_COMMIT, SEMI_COMMIT, FULL_COMMIT = range(3)
S1P1, S2P2, S2PMAX = range(3)
INIT_ONLY, INIT_RCVR, PAIR_WEIGHTED = range(3)

PRINCIPAL_FLOOR = 1e-10  # support each side of a challenge has from nowhere
WORTH_IT = 1e-5  # gain below which nobody challenges
INERTIA = 1e-6  # weight of one's own position in an interpolation
TIE = 1e-12  # gains, chances and ranges this close are equal in the corrected variant
SAME_PLACE = 1e-3  # positions nearer than this are one

# Rows of the room in which challenges are worked out: support of the two sides alone, and of all.
OURS, THEIRS, ALL_OURS, ALL_THEIRS, CHANCE, GAIN = range(6)


class Rules(NamedTuple):
    """The options as the kernels take them."""

    victory: int
    election: int
    stochastic: bool
    voting: int
    share: float  # how much of another's own risk attitude an estimate of it holds
    risk_range: int
    commitment: int
    interpolation: int
    bargain: int
    grid: float  # steps a unit that bargains are rounded to; 0: none
    ktab: bool


@inlined
def distances(q, s, size, place, far):
    """Fill `far` (m,): weighted distances of `place` (k,) from each actor's ideal, by its own saliences."""
    far[:] = 0.0
    for k in range(place.size):
        at = place[k]
        for n in range(far.size):
            step = s[k, n] * (q[k, n] - at)
            far[n] += step * step
    for n in range(far.size):
        far[n] = np.sqrt(far[n] / size[n])


@compiled
def risk_attitudes(rules, c, far, u, support, p, risk):
    """Fill `risk` (m,): attitudes from the chance that each position would win among risk-neutral voters."""
    m = c.size
    for a in range(m):
        for n in range(m):
            u[a, n] = 1.0 - far[a, n]
    coalitions(rules.voting, BY_INDEX if rules.ktab else EVENLY, c, u, m, support)
    elect(rules.election, rules.victory, support, m, p)
    low, high = p[0], p[0]
    for i in range(m):
        low, high = min(low, p[i]), max(high, p[i])
    span = high - low
    for i in range(m):
        if span <= (0.0 if rules.ktab else TIE):
            risk[i] = 0.0
        elif rules.risk_range == MID:
            risk[i] = (3.0 * p[i] - high - 2.0 * low) / (2.0 * span)
        elif rules.risk_range == LEAST:
            risk[i] = (p[i] - low) / span
        else:
            risk[i] = (2.0 * p[i] - high - low) / span


@inlined
def estimate(rules, h, sight, risk, guess):
    """Fill `guess` with the utilities that actor `h` takes everyone to have."""
    for n in range(risk.size):
        r = risk[h] if n == h else rules.share * risk[n] + (1.0 - rules.share) * risk[h]
        for a in range(risk.size):
            guess[n, a] = utility(sight[n, a], r)


@compiled
def challenges(rules, w, resolve, guess, i, k, room, chance, gain):
    """Fill the `chance` (m,) that i beats each j and the `gain` (m,) of k where i challenges j, by utilities `guess`.

    `w` (m,) capability times total salience, `resolve` (m,) total salience; `room` (6, m) to work in.
    """
    m = w.size
    for j in range(m):
        v_i = vote(rules.voting, w[i], guess[i, i] - guess[i, j])
        v_j = vote(rules.voting, w[j], guess[j, i] - guess[j, j])
        room[OURS, j] = room[ALL_OURS, j] = PRINCIPAL_FLOOR + max(v_i, 0.0) + max(v_j, 0.0)
        room[THEIRS, j] = room[ALL_THEIRS, j] = PRINCIPAL_FLOOR + max(-v_i, 0.0) + max(-v_j, 0.0)
    if rules.commitment == SEMI_COMMIT:  # otherwise joining either side is worth the same to a third party
        for n in range(m):
            if n != i:
                _third_party(rules.voting, n, w[n], guess[n], i, room)
    for j in range(m):
        p = room[ALL_OURS, j] / (room[ALL_OURS, j] + room[ALL_THEIRS, j])
        victory, loss = 2.0 * guess[k, i], 2.0 * guess[k, j]
        contest = p * victory + (1.0 - p) * loss
        chance[j] = p
        gain[j] = (1.0 - resolve[j]) * victory + resolve[j] * contest - (guess[k, i] + guess[k, j])


@inlined
def _third_party(voting, n, w, u, i, room):
    """Add what n, of weight `w` and utilities `u` (m,), throws in where i challenges each other j."""
    own, first = u[n], u[i]
    for j in range(u.size):
        v = vote(voting, w, first - u[j])
        with_n, against_n = room[OURS, j] + max(v, 0.0), room[THEIRS, j] + max(-v, 0.0)
        odds = with_n / (with_n + against_n)
        v = vote(voting, w, odds * (own - first) - (1.0 - odds) * (own - u[j]))
        v = 0.0 if j == n else v
        room[ALL_OURS, j] += max(v, 0.0)
        room[ALL_THEIRS, j] += max(-v, 0.0)


@compiled
def targets(rules, w, resolve, sight, risk, guess, room, target, chance, gain):
    """Fill whom each actor challenges (-1: nobody), its chance and its gain; `room` (6, m) to work in."""
    m = w.size
    slack = 0.0 if rules.ktab else TIE
    odds, gains = room[CHANCE], room[GAIN]
    for i in range(m):
        estimate(rules, i, sight, risk, guess)
        challenges(rules, w, resolve, guess, i, i, room, odds, gains)
        target[i], chance[i], gain[i] = -1, 0.0, WORTH_IT
        for j in range(m):
            if j != i and gains[j] > gain[i] + slack:
                target[i], chance[i], gain[i] = j, odds[j], gains[j]


@compiled
def _interpolate(rules, x, s, i, j, p, terms, b):
    """Fill ``terms[i, b, :]``, where a bargain in which `i` wins with chance `p` puts i (0) and j (1)."""
    for k in range(x.shape[1]):
        here, there = x[i, k], x[j, k]
        if rules.interpolation == S2PMAX:
            yield_i, yield_j = max(0.0, 1.0 - 2.0 * p), max(0.0, 2.0 * p - 1.0)
            si, sj = s[k, i] * s[k, i], s[k, j] * s[k, j]
            terms[i, b, 0, k] = here + yield_i * sj / (yield_i * sj + INERTIA + (1.0 - yield_i) * si) * (there - here)
            terms[i, b, 1, k] = there + yield_j * si / (yield_j * si + INERTIA + (1.0 - yield_j) * sj) * (here - there)
            continue
        wi, wj = s[k, i] * p, s[k, j] * (1.0 - p)
        if rules.interpolation == S2P2:
            wi, wj = wi * wi, wj * wj
        whole = wi + INERTIA + wj
        terms[i, b, 0, k] = ((wi + INERTIA) * here + wj * there) / whole
        terms[i, b, 1, k] = (wi * here + (wj + INERTIA) * there) / whole
        if rules.grid > 0.0:
            for side in range(2):
                terms[i, b, side, k] = np.trunc(0.5 + rules.grid * terms[i, b, side, k]) / rules.grid
    if not rules.ktab:  # rounding carries nobody past the other
        for side in range(2):
            for k in range(x.shape[1]):
                terms[i, b, side, k] = min(max(terms[i, b, side, k], min(x[i, k], x[j, k])), max(x[i, k], x[j, k]))


@compiled
def bargains(rules, x, s, c, w, resolve, sight, risk, guess, room, target, chance, terms):
    """Fill ``terms[i, b]`` (2, k), where bargain b of initiator i puts i and its target; the number of b."""
    for i in range(c.size):
        j = target[i]
        if j < 0:
            continue
        _interpolate(rules, x, s, i, j, chance[i], terms, 0)
        if rules.bargain == INIT_ONLY:
            continue
        estimate(rules, j, sight, risk, guess)
        challenges(rules, w, resolve, guess, i, i, room, room[CHANCE], room[GAIN])
        _interpolate(rules, x, s, i, j, room[GAIN, j] if rules.ktab else room[CHANCE, j], terms, 1)
        if rules.bargain == INIT_RCVR:
            continue
        wi, wj = w[i], c[i] * resolve[j] if rules.ktab else w[j]
        if wi + wj <= 0.0:
            wi, wj = 1.0, 1.0
        for side in range(2):
            for k in range(x.shape[1]):
                terms[i, 0, side, k] = (wi * terms[i, 0, side, k] + wj * terms[i, 1, side, k]) / (wi + wj)
    return 2 if rules.bargain == INIT_RCVR else 1


@compiled
def worth(q, s, size, risk, u, room, target, terms, each, value, quo):
    """Fill ``value[each * i + b]`` and `quo` (m,): what the state after a bargain, and the present, is worth to all."""
    m = risk.size
    quo[:] = 0.0
    for a in range(m):
        for n in range(m):
            quo[n] += u[a, n]
    for n in range(m):
        quo[n] /= m
    for i in range(m):
        j = target[i]
        if j < 0:
            continue
        for b in range(each):
            o = each * i + b
            far_i, far_j = room[0], room[1]
            distances(q, s, size, terms[i, b, 0], far_i)
            distances(q, s, size, terms[i, b, 1], far_j)
            for n in range(m):
                value[o, n] = utility(far_i[n], risk[n]) + utility(far_j[n], risk[n])
            for a in range(m):
                if a != i and a != j:
                    for n in range(m):
                        value[o, n] += u[a, n]
            for n in range(m):
                value[o, n] /= m


@compiled
def queue(ktab, k, target, each, options):
    """Fill the bargains that actor `k` has a part in, -1 for the status quo; how many options.

    KTAB's order is that of initiators, the status quo coming before one's own; else the status quo is first.
    """
    count = 0
    if not ktab:
        options[0] = -1
        count = 1
    for i in range(target.size):
        if ktab and i == k:
            options[count] = -1
            count += 1
        if target[i] >= 0 and (i == k or target[i] == k):
            for b in range(each):
                options[count] = each * i + b
                count += 1
    return count


@compiled
def choose(rules, c, options, count, value, quo, u, support, p):
    """Fill `p` with the chance of each of the `count` options in a queue; the place of the likeliest."""
    for o in range(count):
        for n in range(c.size):
            u[o, n] = quo[n] if options[o] < 0 else value[options[o], n]
    coalitions(rules.voting, BY_INDEX if rules.ktab else AGAINST_FIRST, c, u, count, support)
    elect(rules.election, rules.victory, support, count, p)
    best = 0
    for o in range(1, count):
        if p[o] > p[best] + (0.0 if rules.ktab else TIE):
            best = o
    return best


@compiled
def _last_near(x, i, distinct, count):
    """The last of the first `count` distinct positions that actor i stands on; -1: none."""
    for a in range(count - 1, -1, -1):
        total = 0.0
        for k in range(x.shape[1]):
            step = x[i, k] - x[distinct[a], k]
            total += step * step
        if np.sqrt(total) < SAME_PLACE:
            return a
    return -1


@compiled
def standing(rules, c, x, u, voters, support, p, holder):
    """The chance that each position wins: fill `holder` (m,) with the actor whose position one shares, `p` by actor.

    `u` (m, m) are true utilities; `voters` and `support` are room to work in. All who share a position have its chance.
    """
    m = c.size
    distinct = np.empty(m, np.int64)
    count = 0
    for i in range(m):
        if _last_near(x, i, distinct, count) < 0:
            distinct[count] = i
            count += 1
    for a in range(count):
        for n in range(m):
            voters[a, n] = u[distinct[a], n]
    coalitions(rules.voting, BY_INDEX if rules.ktab else EVENLY, c, voters, count, support)
    chance = np.empty(count)
    elect(rules.election, rules.victory, support, count, chance)
    for i in range(m):  # only now, as a position that was found later may be near as well
        place = _last_near(x, i, distinct, count)
        holder[i] = distinct[place]
        p[i] = chance[place]
