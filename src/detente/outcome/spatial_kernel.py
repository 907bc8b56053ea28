"""The spatial model from its opening to its end for every draw, compiled; docs/models/spatial.md says what it is.

One draw after another, and within a draw only arrays of the size of its actors, so memory does not grow with the
turns. ``tests/outcome/plain_spatial.py`` states the same in plain loops, straight from the formulas.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.arrays import Floats
from detente.outcome.chance import uniform
from detente.outcome.compiling import compiled
from detente.outcome.spatial_chance import SIZE, ktab_uniform, seed_twister
from detente.outcome.spatial_turn import (
    bargains,
    choose,
    distances,
    queue,
    risk_attitudes,
    standing,
    targets,
    worth,
)
from detente.outcome.spatial_votes import utility

SETTLED = 0.02  # a run ends when a turn's moves are less than this share of the first turn's
STILL = 1e-4  # added to the first turn's moves, so that a run in which nobody moves ends


class Trace(NamedTuple):
    """Room for every turn, T of them, or arrays of length 0. Actors by their place in the inputs."""

    path: Floats  # (T + 1, D, n, k), 0..1
    ideal: Floats  # (T + 1, D, n, k)
    probability: Floats  # (T + 1, D, n), of the position that an actor holds
    risk: Floats  # (T + 1, D, n)
    target: np.ndarray  # (T, D, n), whom an actor challenges; -1: nobody
    chance: Floats  # (T, D, n), its chance as it sees it
    gain: Floats  # (T, D, n), its gain as it sees it
    terms: Floats  # (T, D, n, 2, 2, k), where bargain b of an initiator puts it and the target
    odds: Floats  # (T, D, n, 2, 2), the chance of bargain b in the initiator's and in the target's queue
    quo: Floats  # (T, D, n), the chance of the status quo in an actor's queue
    taken: np.ndarray  # (T, D, n), 2 * initiator + b of the bargain that moved an actor; -1: none


@compiled
def _present(d, salience):
    """Who takes part: the actors with a total salience above 0, in their order."""
    who, count = np.empty(salience.shape[1], np.int64), 0
    for i in range(salience.shape[1]):
        total = 0.0
        for k in range(salience.shape[2]):
            total += salience[d, i, k]
        if total > 0.0:
            who[count] = i
            count += 1
    return who[:count].copy()


@compiled
def _sorted(table):
    """The places of the rows of `table` in their lexicographic order."""
    order = np.arange(table.shape[0])
    for at in range(1, order.size):
        moving, place = order[at], at
        while place > 0 and _less(table[moving], table[order[place - 1]]):
            order[place] = order[place - 1]
            place -= 1
        order[place] = moving
    return order


@compiled
def _less(one, other):
    for i in range(one.size):
        if one[i] != other[i]:
            return one[i] < other[i]
    return False


@compiled
def _issue_order(d, who, capability, position, salience):
    """The issues in an order that depends on nothing but who stands where on them: not on the file's, nor on names."""
    m, issues = who.size, position.shape[2]
    table, whole = np.empty((m, 3)), np.empty((issues, 3 * m))
    for k in range(issues):
        for i in range(m):
            a = who[i]
            table[i, 0], table[i, 1], table[i, 2] = capability[d, a], salience[d, a, k], position[d, a, k]
        order = _sorted(table)
        for i in range(m):
            for column in range(3):
                whole[k, 3 * i + column] = table[order[i], column]
    return _sorted(whole)


@compiled
def _actor_order(d, who, which, capability, position, salience):
    """`who` in an order that does not depend on the file's; `which` are the issues in theirs."""
    table = np.empty((who.size, 1 + 2 * which.size))
    for i in range(who.size):
        table[i, 0] = -capability[d, who[i]]
        for k in range(which.size):
            table[i, 1 + 2 * k] = -salience[d, who[i], which[k]]
            table[i, 2 + 2 * k] = position[d, who[i], which[k]]
    return who[_sorted(table)]


@compiled
def _assess(rules, c, x, q, s, size, far, sight, u, voters, support, p, risk):
    """Fill distances, true utilities `u` and risk attitudes; `voters`, `support` and `p` are room to work in."""
    m = c.size
    for a in range(m):
        distances(q, s, size, x[a], far[a])
        for n in range(m):
            sight[n, a] = far[a, n]
    risk_attitudes(rules, c, far, voters, support, p, risk)
    for a in range(m):
        for n in range(m):
            u[a, n] = utility(far[a, n], risk[n])


@compiled
def _moved(x, y):
    """Sum over actors of the distance between their two positions."""
    total = 0.0
    for i in range(x.shape[0]):
        step = 0.0
        for k in range(x.shape[1]):
            step += (x[i, k] - y[i, k]) ** 2
        total += np.sqrt(step)
    return total


@compiled
def _accommodate(heed, x, q):
    """Move ideals `q` towards the positions that each actor heeds; `heed` (m, m), rows summing to 1 at most.

    Of length 0, each heeds itself alone.
    """
    for k in range(x.shape[1]):
        for i in range(x.shape[0]):
            if heed.shape[0] == 0:
                q[k, i] = x[i, k]
                continue
            total, pull = 0.0, 0.0
            for j in range(x.shape[0]):
                total += heed[i, j]
                pull += heed[i, j] * x[j, k]
            q[k, i] = pull + (1.0 - min(1.0, total)) * q[k, i]


@compiled
def _settle(x, enters, holder, p, mean, mode):
    """Fill `mean` and `mode` (k,), NaN on an issue that no likely position says anything of.

    A distinct position speaks on an issue through the first of its holders that enters it.
    """
    m = holder.size
    for k in range(x.shape[1]):
        total, pull, best = 0.0, 0.0, 0.0
        mean[k], mode[k] = np.nan, np.nan
        for a in range(m):
            if holder[a] != a:
                continue
            for i in range(a, m):
                if holder[i] == a and enters[i, k]:
                    total += p[a]
                    pull += p[a] * x[i, k]
                    if p[a] > best:
                        best = p[a]
                        mode[k] = x[i, k]
                    break
        if total > 0.0:
            mean[k] = pull / total


@compiled
def _gather(d, position, salience, capability, who, which, x, s, c, resolve, size):
    """Fill one draw's positions, saliences, capabilities, total saliences and sums of squared saliences."""
    for i in range(who.size):
        c[i], resolve[i], size[i] = capability[d, who[i]], 0.0, 0.0
        for k in range(x.shape[1]):
            x[i, k], s[k, i] = position[d, who[i], which[k]], salience[d, who[i], which[k]]
            resolve[i] += s[k, i]
            size[i] += s[k, i] * s[k, i]


@compiled
def _keep_state(trace, t, d, who, which, x, q, p, risk):
    for i in range(who.size):
        trace.probability[t, d, who[i]] = p[i]
        trace.risk[t, d, who[i]] = risk[i]
        for k in range(x.shape[1]):
            trace.path[t, d, who[i], which[k]] = x[i, k]
            trace.ideal[t, d, who[i], which[k]] = q[k, i]


@compiled
def _keep_offers(trace, t, d, who, which, target, chance, gain, terms, each):
    for i in range(who.size):
        if target[i] < 0:
            continue
        at = who[i]
        trace.target[t, d, at] = who[target[i]]
        trace.chance[t, d, at] = chance[i]
        trace.gain[t, d, at] = gain[i]
        for b in range(each):
            for side in range(2):
                for k in range(terms.shape[3]):
                    trace.terms[t, d, at, b, side, which[k]] = terms[i, b, side, k]


@compiled
def _keep_choice(trace, t, d, who, k, options, count, p, place, each):
    for o in range(count):
        if options[o] < 0:
            trace.quo[t, d, who[k]] = p[o]
        else:
            i = options[o] // each
            trace.odds[t, d, who[i], options[o] % each, 0 if i == k else 1] = p[o]
    taken = options[place]
    if taken >= 0:
        trace.taken[t, d, who[k]] = 2 * who[taken // each] + taken % each


@compiled
def _drawn(rules, state, p, count):
    """The place of the option that chance takes."""
    r = ktab_uniform(state) if rules.ktab else uniform(state)
    place, reached = 0, p[0]
    while r > reached and place < count - 1:
        place += 1
        reached += p[place]
    return place


@compiled
def _play(rules, d, who, which, x, s, c, resolve, size, heed, turns, state, trace, holder, p, spoken, mean, mode):
    """One draw from its opening to its end, in place of `x`; the turns made. `trace` is filled as far as it goes."""
    m, issues = x.shape
    keep = trace.path.shape[0]
    rows = 2 * m + 1
    w, q, following = np.empty(m), np.empty((issues, m)), np.empty((m, issues))
    far, sight, true, guess = np.empty((m, m)), np.empty((m, m)), np.empty((m, m)), np.empty((m, m))
    voters, room = np.empty((rows, m)), np.empty((6, m))
    support, chances, value = np.empty((rows, rows)), np.empty(rows), np.empty((rows, m))
    risk, chance, gain, quo = np.empty(m), np.empty(m), np.empty(m), np.empty(m)
    target, options, terms = np.empty(m, np.int64), np.empty(rows, np.int64), np.empty((m, 2, 2, issues))
    first, made = 0.0, 0
    for i in range(m):
        w[i] = c[i] * resolve[i]
        for k in range(issues):
            q[k, i] = x[i, k]
    _assess(rules, c, x, q, s, size, far, sight, true, voters, support, chances, risk)
    for t in range(turns):
        if t < keep:
            standing(rules, c, x, true, voters, support, p, holder)
            _keep_state(trace, t, d, who, which, x, q, p, risk)
        targets(rules, w, resolve, sight, risk, guess, room, target, chance, gain)
        each = bargains(rules, x, s, c, w, resolve, sight, risk, guess, room, target, chance, terms)
        worth(q, s, size, risk, true, room, target, terms, each, value, quo)
        if t + 1 < keep:
            _keep_offers(trace, t, d, who, which, target, chance, gain, terms, each)
        for k in range(m):
            count = queue(rules.ktab, k, target, each, options)
            place = choose(rules, c, options, count, value, quo, voters, support, chances)
            if rules.stochastic:
                place = _drawn(rules, state, chances, count)
            if t + 1 < keep:
                _keep_choice(trace, t, d, who, k, options, count, chances, place, each)
            taken = options[place]
            for issue in range(issues):
                following[k, issue] = x[k, issue]
                if taken >= 0:
                    i = taken // each
                    following[k, issue] = terms[i, taken % each, 0 if i == k else 1, issue]
        step = _moved(x, following)
        for i in range(m):
            for issue in range(issues):
                x[i, issue] = following[i, issue]
        _accommodate(heed, x, q)
        made = t + 1
        _assess(rules, c, x, q, s, size, far, sight, true, voters, support, chances, risk)
        if t == 0:
            first = step
        elif step / (first + STILL) < SETTLED:
            break
    standing(rules, c, x, true, voters, support, p, holder)
    _settle(x, spoken, holder, p, mean, mode)
    for later in range(made, keep):
        _keep_state(trace, later, d, who, which, x, q, p, risk)
    return made


@compiled
def run(position, salience, capability, enters, heed, turns, keys, rules, trace):
    """Run every draw to its end.

    `position` and `salience` (D, n, k), 0..1, whole; `capability` (D, n); `enters` (D, n, k); `heed` (D or 0, n, n),
    none: each heeds itself alone; `turns` (D,) at most; `keys` (D,) uint64, seeds of chance. An actor takes part with
    a total salience above 0. Returns the final positions (D, n, k), the chance of each (D, n), whose position it
    shares (D, n; -1: takes no part), the mean and mode (D, k) and the turns made (D,).
    """
    draws, n, issues = position.shape
    final, probability = position.copy(), np.zeros((draws, n))
    holders, made = np.full((draws, n), -1), np.zeros(draws, np.int64)
    means, modes = np.full((draws, issues), np.nan), np.full((draws, issues), np.nan)
    state = np.zeros(SIZE + 1, np.uint64)
    for d in range(draws):
        for t in range(trace.path.shape[0]):
            for i in range(n):
                for k in range(issues):
                    trace.path[t, d, i, k] = position[d, i, k]
                    trace.ideal[t, d, i, k] = position[d, i, k]
        who = _present(d, salience)
        m = who.size
        if m == 0:
            continue
        which = np.arange(issues)
        if not rules.ktab:
            which = _issue_order(d, who, capability, position, salience)
            who = _actor_order(d, who, which, capability, position, salience)
        x, s, c, resolve, size = np.empty((m, issues)), np.empty((issues, m)), np.empty(m), np.empty(m), np.empty(m)
        _gather(d, position, salience, capability, who, which, x, s, c, resolve, size)
        heeds, spoken = np.empty((m if heed.shape[0] > 0 else 0, m)), np.empty((m, issues), np.bool_)
        for i in range(m):
            for k in range(issues):
                spoken[i, k] = enters[d, who[i], which[k]]
            for j in range(m):
                if heed.shape[0] > 0:
                    heeds[i, j] = heed[d, who[i], who[j]]
        state[0] = keys[d]
        if rules.stochastic and rules.ktab:
            seed_twister(keys[d], state)
        holder, p, mean, mode = np.empty(m, np.int64), np.empty(m), np.empty(issues), np.empty(issues)
        made[d] = _play(
            rules, d, who, which, x, s, c, resolve, size, heeds, turns[d], state, trace, holder, p, spoken, mean, mode
        )
        for k in range(issues):
            means[d, which[k]], modes[d, which[k]] = mean[k], mode[k]
        for i in range(m):
            probability[d, who[i]] = p[i]
            holders[d, who[i]] = who[holder[i]]
            for k in range(issues):
                final[d, who[i], which[k]] = x[i, k]
    return final, probability, holders, means, modes, made
