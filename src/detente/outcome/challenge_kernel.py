"""The rounds of challenge of the expected utility model, compiled; its page says what they are.

One draw after another, and within a draw only arrays of the size of its actors, so memory does not grow
with the rounds and a block of draws runs on a thread of its own. ``tests/outcome/plain.py`` states the same
in plain loops, straight from the formulas; the sums over voters are taken in the same order.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NONE, CONFRONTATION, COMPROMISE, CAPITULATION = 0, 1, 2, 3  # what an offer is, best class first

SAME = 1e-9  # share of the range: positions and asks this close are equal
ZERO = 1e-12  # utilities, and differences between them, this small are none
TIE = 1e-12  # share of the total weight, as in median.py


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _power(base, exponent):
    """``base ** exponent`` for base >= 0; the first pass has exponent 1 everywhere and is spared the work."""
    return base if exponent == 1.0 else base**exponent


@njit(cache=True, nogil=True)
def _win(x, w, r, span, pairwise, loss, win):
    """Fill win[i, j], the chance that the position of i beats that of j in a vote (P of the page)."""
    m = x.size
    for k in range(m):
        for j in range(m):
            loss[k, j] = _power(abs(x[k] - x[j]) / span, r[k])
    everything = 0.0
    for i in range(m):
        win[i, i] = 0.0
        for j in range(i + 1, m):
            for_i, for_j, total = 0.0, 0.0, 0.0
            for k in range(m):
                vote = w[k] * (loss[k, j] - loss[k, i])
                if vote > 0:
                    for_i += vote
                    total += vote
                else:
                    for_j -= vote
                    total -= vote
            everything += 2.0 * total
            if pairwise and total > 0:
                for_i /= total
                for_j /= total
            win[i, j], win[j, i] = for_i, for_j
    if not pairwise and everything > 0:
        win /= everything


@njit(cache=True, nogil=True)
def _expect(x, s, r, span, win, own, others):
    """Fill own[i, j], what i expects of challenging j, and others[i, j], what it expects j to gain from i."""
    m = x.size
    for i in range(m):
        stay = 2.0 - 4.0 * _power(0.5, r[i])
        for j in range(m):
            if i == j:
                continue
            apart = abs(x[i] - x[j]) / span
            succeed = 2.0 - 4.0 * _power(max(0.5 - 0.5 * apart, 0.0), r[i])
            fail = 2.0 - 4.0 * _power(0.5 + 0.5 * apart, r[i])
            fight = win[i, j] * succeed + (1.0 - win[i, j]) * fail
            own[i, j] = s[j] * fight + (1.0 - s[j]) * succeed - stay
            fight = win[j, i] * succeed + (1.0 - win[j, i]) * fail
            others[i, j] = s[i] * fight + (1.0 - s[i]) * succeed - stay


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _choose(i, x, c, own, others, span, pairwise, kind, target, ask):
    """The maker of the offer that i takes, or -1; fills kind, target and ask (m,) with all made to i."""
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
        if kind[j] == best:
            least = min(least, ask[j])
    maker = -1
    for j in range(m):
        if kind[j] != best or ask[j] > least + SAME * span:
            continue
        if maker < 0 or c[j] > c[maker] or (c[j] == c[maker] and target[j] < target[maker]):
            maker = j
    return maker


@njit(cache=True, nogil=True)
def challenge(position, salience, capability, rounds, tolerance, settle, pairwise, path, maker, kind):
    """Run the rounds of one issue for every draw.

    `position`, `salience` and `capability` (D, n): an actor enters with a position and a salience above 0;
    `rounds` (D,) int64; `tolerance` (D,), share of the range of the opening positions, heeded where `settle`.
    Returns the final positions (D, n) and the rounds made (D,). `path` (T + 1, D, n), `maker` and `kind`
    (T, D, n) take every turn, the maker's index and the kind of each offer taken; T may be less than the
    rounds made (with 0 draws in them they are left alone).
    """
    draws, n = position.shape
    keep = path.shape[1] > 0
    final = position.copy()
    made = np.zeros(draws, np.int64)
    loss, win, own, others = np.empty((n, n)), np.empty((n, n)), np.empty((n, n)), np.empty((n, n))
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
        risk, moved = np.empty(m), np.empty(m)
        kinds, targets, asks = np.empty(m, np.int64), np.empty(m), np.empty(m)
        for t in range(rounds[d]):
            risk[:] = 1.0
            _win(x, w, risk, span, pairwise, loss, win)
            _expect(x, s, risk, span, win, own, others)
            _take_risks(others[:m, :m], risk)
            _win(x, w, risk, span, pairwise, loss, win)
            _expect(x, s, risk, span, win, own, others)
            anyone = False
            for i in range(m):
                j = _choose(i, x, c, own, others, span, pairwise, kinds, targets, asks)
                moved[i] = x[i]
                if j >= 0:
                    anyone = True
                    moved[i] = targets[j]
                    if keep and t < maker.shape[0]:
                        maker[t, d, who[i]] = who[j]
                        kind[t, d, who[i]] = kinds[j]
            if not anyone:
                break
            before = lowest_median(x, w)
            x[:] = moved
            made[d] = t + 1
            if keep:
                for u in range(t + 1, path.shape[0]):
                    for i in range(m):
                        path[u, d, who[i]] = x[i]
            if settle and abs(lowest_median(x, w) - before) < tolerance[d] * span:
                break
        for i in range(m):
            final[d, who[i]] = x[i]
    return final, made
