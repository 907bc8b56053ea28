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
def _logs(x, span, apart, near, far):
    """Fill with logarithms of |x_i - x_j| / span, and of half of 1 less and 1 more that: each is raised twice.

    A power is then one exponential, and half of the logarithms are spared, for they are alike for i and j.
    """
    m = x.size
    for i in range(m):
        apart[i, i], near[i, i], far[i, i] = -np.inf, np.log(0.5), np.log(0.5)
        for j in range(i + 1, m):
            gap = abs(x[i] - x[j]) / span
            apart[i, j] = apart[j, i] = np.log(gap) if gap > 0.0 else -np.inf
            near[i, j] = near[j, i] = np.log(0.5 - 0.5 * gap) if gap < 1.0 else -np.inf
            far[i, j] = far[j, i] = np.log(0.5 + 0.5 * gap)


@njit(cache=True, nogil=True)
def _win(w, pairwise, loss, win):
    """Fill win[i, j], the chance that the position of i beats that of j in a vote (P of the page).

    loss[k, j] is what k loses at j's position. The voters are summed in the outer loop, so that the compiler can
    take several pairs at once.
    """
    m = w.size
    win[:m, :m] = 0.0
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
        win[:m, :m] /= everything


@njit(cache=True, nogil=True)
def _expect(s, stay, succeed, fail, win, own, others):
    """Fill own[i, j], what i expects of challenging j, and others[i, j], what it expects j to gain from i.

    The utilities are from i's standpoint: stay (m,) if nothing moves, succeed and fail (m, m) against j.
    """
    m = s.size
    for i in range(m):
        for j in range(m):
            fight = win[i, j] * succeed[i, j] + (1.0 - win[i, j]) * fail[i, j]
            own[i, j] = s[j] * fight + (1.0 - s[j]) * succeed[i, j] - stay[i]
            fight = win[j, i] * succeed[i, j] + (1.0 - win[j, i]) * fail[i, j]
            others[i, j] = s[i] * fight + (1.0 - s[i]) * succeed[i, j] - stay[i]


@njit(cache=True, nogil=True)
def _neutral(x, span, loss, stay, succeed, fail):
    """Losses and utilities of actors neutral to risk: the exponent 1 needs no power."""
    m = x.size
    for i in range(m):
        stay[i] = 0.0
        for j in range(m):
            gap = abs(x[i] - x[j]) / span
            loss[i, j] = gap
            succeed[i, j] = 2.0 - 4.0 * max(0.5 - 0.5 * gap, 0.0)
            fail[i, j] = 2.0 - 4.0 * (0.5 + 0.5 * gap)


@njit(cache=True, nogil=True)
def _risky(r, apart, near, far, loss, stay, succeed, fail):
    """Losses and utilities of actors with exponents r (m,)."""
    m = r.size
    for i in range(m):
        stay[i] = 2.0 - 4.0 * 0.5 ** r[i]
        for j in range(m):
            loss[i, j] = np.exp(r[i] * apart[i, j])
            succeed[i, j] = 2.0 - 4.0 * np.exp(r[i] * near[i, j])
            fail[i, j] = 2.0 - 4.0 * np.exp(r[i] * far[i, j])


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


@njit(cache=True, nogil=True)
def challenge(position, salience, capability, rounds, tolerance, settle, pairwise, ranked, path, maker, kind):
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
    apart, near, far = np.empty((n, n)), np.empty((n, n)), np.empty((n, n))
    succeed, fail, stay = np.empty((n, n)), np.empty((n, n)), np.empty(n)
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
            _neutral(x, span, loss, stay, succeed, fail)
            _win(w, pairwise, loss, win)
            _expect(s, stay, succeed, fail, win, own, others)
            _take_risks(others, risk)
            _logs(x, span, apart, near, far)
            _risky(risk, apart, near, far, loss, stay, succeed, fail)
            _win(w, pairwise, loss, win)
            _expect(s, stay, succeed, fail, win, own, others)
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
