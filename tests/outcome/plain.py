"""The outcome models once more, in plain loops written from their pages, one draw and one issue at a time.

The tests hold the array code and the kernels against these. Actors are plain lists; everyone given enters.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

SMALL = 1e-12  # utilities and differences this small are none
NEAR = 1e-9  # share of the range; positions and asks this close are equal


def mean(x, w):
    return sum(wi * xi for wi, xi in zip(w, x, strict=True)) / sum(w)


def median(x, w):
    """The lowest position that no other beats in the pairwise vote; exact, whatever the numbers."""
    x, w = [Fraction(str(v)) for v in x], [Fraction(str(v)) for v in w]

    def vote(a, b):
        return sum(wk * (abs(xk - b) - abs(xk - a)) for wk, xk in zip(w, x, strict=True))

    unbeaten = [a for a in set(x) if not any(vote(b, a) > 0 for b in set(x))]
    return float(min(unbeaten))


def median_of_floats(x, w):
    """The same in floating point: a vote within rounding of nothing is a tie."""
    scale = sum(w)
    order = sorted(set(x))
    for a in order:
        at_or_below = sum(wk for xk, wk in zip(x, w, strict=True) if xk <= a)
        if at_or_below >= scale / 2 - SMALL * scale:
            return a
    raise AssertionError("some weight is above 0")


def nash_product(o, x, w, low, high, status_quo=None):
    """The weighted product of gains at `o`."""

    def utility(at, xi):
        return 1 - abs(at - xi) / (high - low)

    product = 1.0
    for xi, wi in zip(x, w, strict=True):
        d = 0.0 if status_quo is None else utility(status_quo, xi)
        product *= max(utility(o, xi) - d, 0.0) ** wi
    return product


def expected_utility(x, s, c, rounds=10, variant="pairwise", tolerance=None, quiet=1.0):
    """Every turn's positions, and each round's moves as (actor, maker, kind)."""
    n = len(x)
    everyone = range(n)
    span = max(x) - min(x)
    w = [c[k] * s[k] for k in everyone]
    turns, moves = [list(x)], []
    if span == 0 or max(w) == 0:
        return turns, moves
    for _ in range(rounds):
        x = turns[-1]
        own, others = expectations(x, s, c, [1.0] * n, span, variant, quiet)
        own, others = expectations(x, s, c, exponents(others), span, variant, quiet)
        following, moved = list(x), []
        for i in everyone:
            offers = []
            for j in everyone:
                if j == i or abs(x[i] - x[j]) <= NEAR * span:
                    continue
                offer = proposal(own[i][j], others[i][j], x[i], x[j], variant)
                if offer:
                    kind, target, ask = offer
                    offers.append((kind, ask, j, target))
            if offers:
                kind, j, target = least_move(offers, c, span) if variant == "least" else taken(offers, c, span)
                following[i] = target
                moved.append((i, j, kind))
        if not moved:
            break
        turns.append(following)
        moves.append(moved)
        if tolerance is not None:
            before, after = median_of_floats(x, w), median_of_floats(following, w)
            if abs(after - before) < tolerance * span:
                break
    return turns, moves


def chances(x, s, c, r, span, variant):
    """P[i][j]: the chance that i's position beats j's."""
    n = len(x)
    everyone = range(n)

    def vote(k, i, j):
        return c[k] * s[k] * ((abs(x[k] - x[j]) / span) ** r[k] - (abs(x[k] - x[i]) / span) ** r[k])

    votes = {(i, j): [vote(k, i, j) for k in everyone] for i in everyone for j in everyone if i != j}
    all_votes = sum(abs(v) for pair in votes.values() for v in pair)
    p = [[0.0] * n for _ in everyone]
    for (i, j), v in votes.items():
        below = sum(abs(vk) for vk in v) if variant != "scholz" else all_votes
        p[i][j] = sum(vk for vk in v if vk > 0) / below if below > 0 else 0.0
    return p


def expectations(x, s, c, r, span, variant, quiet=1.0):
    """E_i(i, j) and E_i(j, i), each as [i][j]."""
    n = len(x)
    p = chances(x, s, c, r, span, variant)
    mu = median_of_floats(x, [a * b for a, b in zip(c, s, strict=True)])

    def expect(h, i, j):  # from the standpoint of h, i against j
        apart = abs(x[i] - x[j]) / span
        succeed = 2 - 4 * max(0.5 - 0.5 * apart, 0.0) ** r[h]
        fail = 2 - 4 * (0.5 + 0.5 * apart) ** r[h]
        stay = 2 - 4 * 0.5 ** r[h]
        if quiet < 1:
            way = (abs(x[i] - mu) + abs(x[i] - x[j])) / (4 * span)
            better, worse = 2 - 4 * max(0.5 - way, 0.0) ** r[h], 2 - 4 * (0.5 + way) ** r[h]
            improves = abs(x[i] - x[j]) - abs(x[i] - mu) > NEAR * span
            stay = quiet * stay + (1 - quiet) * (better if improves else worse)
        return s[j] * (p[i][j] * succeed + (1 - p[i][j]) * fail) + (1 - s[j]) * succeed - stay

    own = [[expect(i, i, j) if i != j else 0.0 for j in range(n)] for i in range(n)]
    others = [[expect(i, j, i) if i != j else 0.0 for j in range(n)] for i in range(n)]
    return own, others


def exponents(others):
    """r from the danger each actor stands in."""
    danger = [sum(v for j, v in enumerate(row) if j != i) for i, row in enumerate(others)]
    least, most = min(danger), max(danger)
    if most - least < SMALL:
        return [1.0] * len(danger)
    risk = [(2 * d - most - least) / (most - least) for d in danger]
    return [(1 - a / 3) / (1 + a / 3) for a in risk]


def proposal(e, f, here, there, variant):
    """(kind, target, what it is ranked by) of the offer to an actor at `here` by one at `there`, or None."""
    e = 0.0 if abs(e) < SMALL else e
    f = 0.0 if abs(f) < SMALL else f
    if e > 0 and f - e >= SMALL:
        return "confrontation", there, abs(there - here)
    if f > 0 > e:
        if f - abs(e) >= SMALL:
            target = here + (there - here) * abs(e / f)
            if variant == "scholz":
                return "compromise", target, (abs(e) * here + abs(f) * there) / (abs(e) + abs(f))
            return "compromise", target, abs(target - here)
        return "capitulation", there, abs(there - here)
    return None


def taken(offers, c, span):
    """The offer accepted: best class, least asked, strongest maker, lowest target."""
    for kind in ("confrontation", "compromise", "capitulation"):
        within = [(ask, j, target) for k, ask, j, target in offers if k == kind]
        if within:
            least = min((ask for ask, _, _ in within), default=inf)
            tied = [(j, target) for ask, j, target in within if ask <= least + NEAR * span]
            tied = [(j, target) for j, target in tied if c[j] == max(c[other] for other, _ in tied)]
            lowest = min(target for _, target in tied)
            j, target = min((j, target) for j, target in tied if target <= lowest + NEAR * span)
            return kind, j, target
    raise AssertionError("some offer was made")


def least_move(offers, c, span):
    """The offer accepted where classes do not matter: least asked, strongest maker, lowest target."""
    least = min(ask for _, ask, _, _ in offers)
    tied = [(j, target, kind) for kind, ask, j, target in offers if ask <= least + NEAR * span]
    strongest = max(c[j] for j, _, _ in tied)
    tied = [offer for offer in tied if c[offer[0]] == strongest]
    lowest = min(target for _, target, _ in tied)
    j, target, kind = min(offer for offer in tied if offer[1] <= lowest + NEAR * span)
    return kind, j, target
