"""Votes, coalitions and elections of the spatial model, compiled; docs/models/spatial.md says what they are.

Utilities stand as ``u[option, voter]``, so that a sum over voters runs along memory.
"""

from __future__ import annotations

import numpy as np

from detente.outcome.compiling import compiled, inlined

# Codes of the options, in the order in which spatial.py lists their words.
LINEAR, SQUARE, QUARTIC, OCTIC, BINARY_WIN = range(5)
CONDITIONAL, MARKOV_INCENTIVE, MARKOV_UNIFORM = range(3)
BINARY, PROP_BIN, PROP, PROP_CBC, CUBIC, ASYM = range(6)

# How a pair of options is put to a voter whose losses weigh more than its gains.
BY_INDEX, EVENLY, AGAINST_FIRST = range(3)

FLOOR = 1e-8  # support that every option has, so that no chance is 0 / 0
SHARP = 1e-8  # utility difference at which a binary vote is whole
THRESHOLD = 1.1  # a binary contest is decided once one coalition is so many times the other
LONG_SHOT = 1e-6  # odds of the weaker in a decided binary contest
LONGEST = 1000  # passes of a Markov election at most


@inlined
def utility(z, risk):
    """Utility of a position at weighted distance `z` to an actor of risk attitude `risk` (positive: averse)."""
    return (1.0 - z) * (1.0 + min(z, 1.0) * risk)


@inlined
def _whole(d):
    return min(max(d / SHARP, -1.0), 1.0)


@inlined
def vote(rule, w, d):
    """The vote of weight `w` for one option over another that is worth `d` less; negative: against."""
    if rule == PROP:
        return w * d
    if rule == CUBIC:
        return w * d * d * d
    if rule == PROP_CBC:
        return w * (0.5 * d + 0.5 * d * d * d)
    if rule == BINARY:
        return w * _whole(d)
    if rule == PROP_BIN:
        return w * (0.8 * d + 0.2 * _whole(d))
    return w * d if d < 0.0 else w * d * (2.0 / 3.0)


@compiled
def coalitions(rule, framing, w, u, options, c):
    """Fill ``c[a, b]``, the support for option a over b, for the first `options` rows of `u` (options, voters)."""
    for a in range(options):
        c[a, a] = FLOOR
        for b in range(a):
            for_a, for_b = 0.0, 0.0
            if rule == PROP:
                for n in range(w.size):
                    v = w[n] * (u[a, n] - u[b, n])
                    for_a += max(v, 0.0)
                    for_b += max(-v, 0.0)
            else:
                even = rule == ASYM and (framing == EVENLY or (framing == AGAINST_FIRST and b > 0))
                for n in range(w.size):
                    d = u[a, n] - u[b, n]
                    v = vote(rule, w[n], d)
                    if even:
                        v = 0.5 * (v - vote(rule, w[n], -d))
                    for_a += max(v, 0.0)
                    for_b += max(-v, 0.0)
            c[a, b] = FLOOR + for_a
            c[b, a] = FLOOR + for_b


@inlined
def victory(law, ours, theirs):
    """The chance that a coalition of strength `ours` beats one of strength `theirs`, both above 0."""
    if law == BINARY_WIN:
        if ours >= THRESHOLD * theirs:
            return 1.0 / (1.0 + LONG_SHOT)
        if theirs >= THRESHOLD * ours:
            return LONG_SHOT / (1.0 + LONG_SHOT)
        return (ours / (ours + theirs) * (THRESHOLD + 1.0) - 1.0) / (THRESHOLD - 1.0)
    if law >= SQUARE:
        ours, theirs = ours * ours, theirs * theirs
    if law >= QUARTIC:
        ours, theirs = ours * ours, theirs * theirs
    if law >= OCTIC:
        ours, theirs = ours * ours, theirs * theirs
    return ours / (ours + theirs)


@compiled
def _conditional(law, c, m, p):
    total = 0.0
    for a in range(m):
        p[a] = 0.5
        for b in range(m):
            if b != a:
                p[a] *= victory(law, c[a, b], c[b, a])
        total += p[a]
    if total > 0.0:
        for a in range(m):
            p[a] /= total
        return
    # Every product is below what a float can hold: the same by logarithms.
    best = -np.inf
    for a in range(m):
        p[a] = 0.0
        for b in range(m):
            if b != a:
                p[a] += np.log(victory(law, c[a, b], c[b, a]))
        best = max(best, p[a])
    for a in range(m):
        p[a] = np.exp(p[a] - best)
        total += p[a]
    for a in range(m):
        p[a] /= total


@compiled
def _markov(kind, law, c, m, p):
    beats, challenge, q = np.empty((m, m)), np.empty((m, m)), np.empty(m)
    for a in range(m):
        p[a] = 1.0 / m
        for b in range(m):
            beats[a, b] = 0.5 if a == b else victory(law, c[a, b], c[b, a])
    for b in range(m):
        total = 0.0
        for a in range(m):
            challenge[a, b] = 1.0
            if kind == MARKOV_INCENTIVE:
                challenge[a, b] = c[a, b] * beats[a, b] + (1e-10 if a == b else 0.0)
            total += challenge[a, b]
        for a in range(m):
            challenge[a, b] /= total
    enough = 1e-8 if kind == MARKOV_INCENTIVE else 1e-6
    for _ in range(LONGEST):
        change = 0.0
        for a in range(m):
            q[a] = 0.0
            for b in range(m):
                q[a] += beats[a, b] * (p[a] * challenge[b, a] + p[b] * challenge[a, b])
            change = max(change, abs(q[a] - p[a]))
        for a in range(m):
            p[a] = 0.5 * (p[a] + q[a])
        if change <= enough:
            break


@compiled
def elect(kind, law, c, options, p):
    """Fill `p` with the chance of each of the first `options` options, from the coalitions `c`; it sums to 1."""
    if kind == CONDITIONAL:
        _conditional(law, c, options, p)
    else:
        _markov(kind, law, c, options, p)
