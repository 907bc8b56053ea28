"""The rounds of challenge of the expected utility model, compiled; its page says what they are.

One draw after another, and within a draw only arrays of the size of its actors, so memory does not grow
with the rounds and a block of draws runs on a thread of its own. ``tests/outcome/plain.py`` states the same
in plain loops, straight from the formulas; the sums over voters are taken in the same order.
"""

from __future__ import annotations

import numpy as np

from detente.outcome.compiling import compiled
from detente.outcome.elementary import exp, log

NONE, CONFRONTATION, COMPROMISE, CAPITULATION = 0, 1, 2, 3  # what an offer is, best class first

SAME = 1e-9  # share of the range: positions and asks this close are equal
ZERO = 1e-12  # utilities, and differences between them, this small are none
TIE = 1e-12  # share of the total weight, as in median.py


@compiled
def lowest_median(x, w):
    """The lowest position with half the weight at or below it; `x` and `w` (m,), some weight above 0."""
    total = w.sum()
    best = np.inf
    for i in range(x.size):
        if x[i] < best:
            below = 0.0
            for k in range(x.size):
                if x[k] <= x[i]:
                    below += w[k]
            if below >= (0.5 - TIE) * total:
                best = x[i]
    return best


@compiled
def _bases(x, span, bases):
    """Fill `bases` (3, m, m) with |x_i - x_j| / span, and half of 1 less and half of 1 more that.

    Raised to an actor's exponent they are what it loses at a position, and what it stands to lose by succeeding and by
    failing against another; the exponent 1 of an actor neutral to risk leaves them as they are.
    """
    for i in range(x.size):
        for j in range(x.size):
            gap = min(abs(x[i] - x[j]) / span, 1.0)
            bases[0, i, j], bases[1, i, j], bases[2, i, j] = gap, 0.5 - 0.5 * gap, 0.5 + 0.5 * gap


@compiled
def _raise(bases, r, powers):
    """Fill `powers` with `bases` raised to the exponents r (m,) of the actors i; `bases` are overwritten."""
    flat = powers.reshape(-1)
    log(bases.reshape(-1), flat)
    for base in range(3):
        for i in range(r.size):
            for j in range(r.size):
                powers[base, i, j] *= r[i]
    exp(flat)


@compiled
def _win(w, pairwise, loss, win):
    """Fill win[i, j], the chance that the position of i beats that of j in a vote (P of the page).

    loss[k, j] is what k loses at j's position. The voters are summed in the outer loop, so that the compiler can
    take several pairs at once.
    """
    m = w.size
    win[:] = 0.0
    for k in range(m):
        for i in range(m):
            for j in range(m):
                win[i, j] += max(w[k] * (loss[k, j] - loss[k, i]), 0.0)
    everything = 0.0
    for i in range(m):
        for j in range(i + 1, m):
            total = win[i, j] + win[j, i]
            everything += 2.0 * total
            if pairwise and total > 0:
                win[i, j] /= total
                win[j, i] /= total
    if not pairwise and everything > 0:
        win /= everything


@compiled
def _expect(s, powers, win, own, others):
    """Fill own[i, j], what i expects of challenging j, and others[i, j], what it expects j to gain from i.

    Both are from i's standpoint: its utilities are 2 less 4 times its `powers`, half of 1 where nothing moves.
    """
    m = s.size
    for i in range(m):
        stay = 2.0 - 4.0 * powers[1, i, i]
        for j in range(m):
            succeed, fail = 2.0 - 4.0 * powers[1, i, j], 2.0 - 4.0 * powers[2, i, j]
            fight = win[i, j] * succeed + (1.0 - win[i, j]) * fail
            own[i, j] = s[j] * fight + (1.0 - s[j]) * succeed - stay
            fight = win[j, i] * succeed + (1.0 - win[j, i]) * fail
            others[i, j] = s[i] * fight + (1.0 - s[i]) * succeed - stay


@compiled
def _unrest(x, w, span, r, quiet, own, others):
    """Take into account that without a challenge the status quo stays put only with chance `quiet` (Q of the page).

    Else it gets better for the challenger where the median is nearer to it than its opponent is, and worse where not.
    """
    m = x.size
    median = lowest_median(x, w)
    for i in range(m):
        stay = 2.0 - 4.0 * 0.5 ** r[i]
        for j in range(m):
            apart = abs(x[i] - x[j])
            for side in range(2):
                off = abs((x[i] if side == 0 else x[j]) - median)
                way = 0.25 * (off + apart) / span
                base = 0.5 - way if apart - off > SAME * span else 0.5 + way
                missed = (1.0 - quiet) * (stay - (2.0 - 4.0 * max(base, 0.0) ** r[i]))
                if side == 0:
                    own[i, j] += missed
                else:
                    others[i, j] += missed


@compiled
def _take_risks(others, r):
    """Set the exponents r (m,) from each actor's danger: the sum of what others gain by challenging it."""
    m = r.size
    danger = np.zeros(m)
    for i in range(m):
        for j in range(m):
            if j != i:
                danger[i] += others[i, j]
    least, most = danger.min(), danger.max()
    for i in range(m):
        risk = 0.0
        if most - least >= ZERO:
            risk = (2.0 * danger[i] - most - least) / (most - least)
        r[i] = (1.0 - risk / 3.0) / (1.0 + risk / 3.0)


@compiled
def _offer(e, f, here, there):
    """j's offer to i and its place: i at `here` expects e of challenging j at `there`, and j to expect f."""
    if abs(e) < ZERO:
        e = 0.0
    if abs(f) < ZERO:
        f = 0.0
    if e > 0.0 and f - e >= ZERO:
        return CONFRONTATION, there
    if f > 0.0 and e < 0.0:
        if f + e >= ZERO:
            target = here + (there - here) * abs(e / f)
            return COMPROMISE, min(max(target, min(here, there)), max(here, there))
        return CAPITULATION, there
    return NONE, here


@compiled
def _choose(i, x, c, own, others, span, pairwise, ranked, kind, target, ask):
    """The maker of the offer that i takes, or -1; fills kind, target and ask (m,) with all made to i.

    `ranked`: an offer of a better class is taken before one that asks less.
    """
    m = x.size
    best = NONE
    for j in range(m):
        kind[j] = NONE
        if j == i or abs(x[i] - x[j]) <= SAME * span:
            continue
        e, f = own[i, j], others[i, j]
        kind[j], target[j] = _offer(e, f, x[i], x[j])
        if kind[j] == COMPROMISE and not pairwise:
            ask[j] = (abs(e) * x[i] + abs(f) * x[j]) / (abs(e) + abs(f))
        else:
            ask[j] = abs(target[j] - x[i])
        if kind[j] != NONE and (best == NONE or kind[j] < best):
            best = kind[j]
    if best == NONE:
        return -1
    least = np.inf
    for j in range(m):
        if kind[j] == best or (not ranked and kind[j] != NONE):
            least = min(least, ask[j])
    maker = -1
    for j in range(m):
        if kind[j] == NONE or (ranked and kind[j] != best) or ask[j] > least + SAME * span:
            continue
        if maker < 0 or c[j] > c[maker] or (c[j] == c[maker] and target[j] < target[maker] - SAME * span):
            maker = j
    return maker


@compiled
def _recurs(past, now):
    """The last round before `now` with the same positions, or -1; `past` (T, m) holds those after each round."""
    for t in range(now - 1, -1, -1):
        same = True
        for i in range(past.shape[1]):
            if past[t, i] != past[now, i]:
                same = False
                break
        if same:
            return t
    return -1


@compiled
def challenge(position, salience, capability, rounds, tolerance, quiet, settle, pairwise, ranked, path, maker, kind):
    """Run the rounds of one issue for every draw.

    `position`, `salience` and `capability` (D, n): an actor enters with a position and a salience above 0;
    `rounds` (D,) int64; `tolerance` (D,), share of the range of the opening positions, heeded where `settle`; `quiet` (D,), the chance that
    the status quo stays put without a challenge.
    Returns the final positions (D, n) and the rounds made (D,). `path` (T + 1, D, n), `maker` and `kind`
    (T, D, n) take every turn, the maker's index and the kind of each offer taken; T may be less than the
    rounds made (with 0 draws in them they are left alone).
    """
    draws = position.shape[0]
    keep = path.shape[1] > 0
    final = position.copy()
    made = np.zeros(draws, np.int64)
    for d in range(draws):
        who = np.flatnonzero(~np.isnan(position[d]) & (salience[d] > 0))
        m = who.size
        if keep:
            for t in range(path.shape[0]):
                path[t, d] = position[d]
        if m == 0:
            continue
        x, s, c = position[d][who], salience[d][who], capability[d][who]
        w = c * s
        span = x.max() - x.min()
        if span <= 0 or w.max() <= 0:
            continue
        bases, powers = np.empty((3, m, m)), np.empty((3, m, m))
        win, own, others = np.empty((m, m)), np.empty((m, m)), np.empty((m, m))
        risk, moved, past = np.empty(m), np.empty(m), np.empty((rounds[d] + 1, m))
        past[0] = x
        kinds, targets, asks = np.empty(m, np.int64), np.empty(m), np.empty(m)
        for t in range(rounds[d]):
            _bases(x, span, bases)
            _win(w, pairwise, bases[0], win)
            _expect(s, bases, win, own, others)
            if quiet[d] < 1.0:
                _unrest(x, w, span, np.ones(m), quiet[d], own, others)
            _take_risks(others, risk)
            _raise(bases, risk, powers)
            _win(w, pairwise, powers[0], win)
            _expect(s, powers, win, own, others)
            if quiet[d] < 1.0:
                _unrest(x, w, span, risk, quiet[d], own, others)
            anyone = False
            for i in range(m):
                j = _choose(i, x, c, own, others, span, pairwise, ranked, kinds, targets, asks)
                moved[i] = x[i]
                if j >= 0:
                    anyone = True
                    moved[i] = targets[j]
                    if keep and t < maker.shape[0]:
                        maker[t, d, who[i]] = who[j]
                        kind[t, d, who[i]] = kinds[j]
            if not anyone:
                break
            before = lowest_median(x, w) if settle else 0.0
            x[:] = moved
            past[t + 1] = x
            made[d] = t + 1
            if keep:
                for u in range(t + 1, path.shape[0]):
                    for i in range(m):
                        path[u, d, who[i]] = x[i]
            if settle and abs(lowest_median(x, w) - before) < tolerance[d] * span:
                break
            back = -1 if keep else _recurs(past, t + 1)
            if back >= 0:  # a round depends on where all stand and on nothing else, so the rest goes round and round
                x[:] = past[back + (rounds[d] - back) % (t + 1 - back)]
                made[d] = rounds[d]
                break
        for i in range(m):
            final[d, who[i]] = x[i]
    return final, made
