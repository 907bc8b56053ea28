"""The spatial model once more, in plain loops written from its page, one draw at a time.

The tests hold the kernels against this. Positions are lists of numbers from 0 to 1, one an issue; everyone given
takes part and cares about something. ``variant`` is "house" or "ktab".
"""

from __future__ import annotations

import math
from itertools import combinations

DEFAULTS = {
    "victory": "linear",
    "election": "conditional",
    "transitions": "deterministic",
    "voting": "prop",
    "risk_adjust": "one-third",
    "risk_range": "mid",
    "third_parties": "semi-commit",
    "interpolation": "s2p2",
    "bargain": "init-only",
    "rounding": "grid",
}
SHARES = {"none": 0, "one-third": 1 / 3, "half": 1 / 2, "two-thirds": 2 / 3, "full": 1}
POWERS = {"linear": 1, "square": 2, "quartic": 4, "octic": 8}
TIE = 1e-12


def vote(rule, w, d):
    sharp = max(-1.0, min(1.0, d / 1e-8))
    if rule == "asym-prosp":
        return w * d * (2 / 3 if d > 0 else 1)
    return (
        w
        * {
            "prop": d,
            "cubic": d**3,
            "prop-cbc": (d + d**3) / 2,
            "binary": sharp,
            "prop-bin": 0.8 * d + 0.2 * sharp,
        }[rule]
    )


def utility(z, risk):
    return (1 - z) * (1 + z * risk) if z <= 1 else (1 - z) * (1 + risk)


def distance(ideal, salience, place):
    total = sum((s * (q - y)) ** 2 for s, q, y in zip(salience, ideal, place, strict=True))
    return math.sqrt(total / sum(s * s for s in salience))


def coalitions(rule, weights, worth, even):
    """C[a][b], from ``worth[n][o]``; ``even(a, b)`` says where a pair is put both ways round and averaged."""
    count = len(worth[0])
    c = [[1e-8] * count for _ in range(count)]
    for b, a in combinations(range(count), 2):
        for w, u in zip(weights, worth, strict=True):
            v = vote(rule, w, u[a] - u[b])
            if even(a, b):
                v = (v - vote(rule, w, u[b] - u[a])) / 2
            if v > 0:
                c[a][b] += v
            else:
                c[b][a] -= v
    return c


def beats(law, ours, theirs):
    if law != "binary":
        return ours ** POWERS[law] / (ours ** POWERS[law] + theirs ** POWERS[law])
    if ours >= 1.1 * theirs:
        return 1 / (1 + 1e-6)
    if theirs >= 1.1 * ours:
        return 1e-6 / (1 + 1e-6)
    return (2.1 * ours / (ours + theirs) - 1) / 0.1


def elect(options, weights, worth, even=lambda a, b: False):
    """The chance of each option."""
    c = coalitions(options["voting"], weights, worth, even)
    everything = range(len(c))
    p = [[0.5 if a == b else beats(options["victory"], c[a][b], c[b][a]) for b in everything] for a in everything]
    if options["election"] == "conditional":
        logs = [sum(math.log(chance) for chance in row) for row in p]
        shares = [math.exp(log - max(logs)) for log in logs]
        return [share / sum(shares) for share in shares]
    m = len(c)
    now = [1 / m] * m
    for _ in range(1000):
        if options["election"] == "markov-uniform":
            enough = 1e-6
            new = [sum(p[a][b] * (now[a] + now[b]) for b in everything) / m for a in everything]
        else:
            enough = 1e-8
            urge = [[c[a][b] * p[a][b] + (1e-10 if a == b else 0) for b in everything] for a in everything]
            total = [sum(urge[a][b] for a in everything) for b in everything]
            h = [[urge[a][b] / total[b] for b in everything] for a in everything]
            new = [sum(p[a][b] * (now[a] * h[b][a] + now[b] * h[a][b]) for b in everything) for a in everything]
        change = max(abs(x - y) for x, y in zip(new, now, strict=True))
        now = [(x + y) / 2 for x, y in zip(new, now, strict=True)]
        if change <= enough:
            break
    return now


class State:
    """What is known of one moment: distances, risk attitudes, true utilities."""

    def __init__(self, options, variant, capability, salience, place, ideal):
        everyone = range(len(place))
        self.far = [[distance(ideal[i], salience[i], place[j]) for j in everyone] for i in everyone]
        neutral = [[1 - z for z in row] for row in self.far]
        p = elect(options, capability, neutral, lambda a, b: variant == "house")
        low, high = min(p), max(p)
        span = high - low
        if span <= (TIE if variant == "house" else 0):
            self.risk = [0.0] * len(p)
        else:
            self.risk = [
                {
                    "mid": (3 * x - high - 2 * low) / (2 * span),
                    "min": (x - low) / span,
                    "max": (2 * x - high - low) / span,
                }[options["risk_range"]]
                for x in p
            ]
        self.share = SHARES[options["risk_adjust"]]
        self.true = [[utility(z, self.risk[i]) for z in self.far[i]] for i in everyone]

    def seen(self, h, n, j):
        """h's estimate of what j's position is worth to n."""
        risk = self.risk[h] if n == h else self.share * self.risk[n] + (1 - self.share) * self.risk[h]
        return utility(self.far[n][j], risk)


def challenge(options, state, weight, total, h, k, i, j):
    """h's estimate of the chance that i beats j, and of what k gains by i's challenge."""

    def u(n, o):
        return state.seen(h, n, o)

    rule, sides = options["voting"], [1e-10, 1e-10]

    def count(into, v):
        into[0 if v > 0 else 1] += abs(v)

    for n in (i, j):
        count(sides, vote(rule, weight[n], u(n, i) - u(n, j)))
    final = list(sides)
    for n in range(len(weight)):
        if n in (i, j):
            continue
        alone = list(sides)
        count(alone, vote(rule, weight[n], u(n, i) - u(n, j)))
        odds = alone[0] / sum(alone)
        win, lose, own = u(n, i), u(n, j), u(n, n)
        if options["third_parties"] == "semi-commit":
            join_i = odds * (2 * win + own) + (1 - odds) * 3 * lose
            join_j = odds * 3 * win + (1 - odds) * (2 * lose + own)
        elif options["third_parties"] == "full-commit":
            join_i = join_j = odds * 3 * win + (1 - odds) * 3 * lose
        else:
            join_i = join_j = odds * (2 * win + own) + (1 - odds) * (2 * lose + own)
        count(final, vote(rule, weight[n], join_i - join_j))
    p = final[0] / sum(final)
    win, lose = 2 * u(k, i), 2 * u(k, j)
    contest = p * win + (1 - p) * lose
    return p, (1 - total[j]) * win + total[j] * contest - u(k, i) - u(k, j)


def interpolate(options, variant, here, there, si, sj, p):
    """Where a bargain puts the initiator, at `here`, and the receiver, at `there`."""
    m, found = 1e-6, ([], [])
    for a, b, s, r in zip(here, there, si, sj, strict=True):
        if options["interpolation"] == "s2pmax":
            di, dj = max(0, 1 - 2 * p), max(0, 2 * p - 1)
            ti = di * r**2 / (di * r**2 + m + (1 - di) * s**2)
            tj = dj * s**2 / (dj * s**2 + m + (1 - dj) * r**2)
            pair = [a + ti * (b - a), b + tj * (a - b)]
        else:
            n = 2 if options["interpolation"] == "s2p2" else 1
            wi, wj = s**n * p**n, r**n * (1 - p) ** n
            pair = [((wi + m) * a + wj * b) / (wi + m + wj), (wi * a + (wj + m) * b) / (wi + m + wj)]
            if options["rounding"] == "grid":
                pair = [math.trunc(0.5 + 10_000 * y) / 10_000 for y in pair]
        if variant == "house":
            pair = [min(max(y, min(a, b)), max(a, b)) for y in pair]
        found[0].append(pair[0])
        found[1].append(pair[1])
    return found


def offers(options, variant, state, capability, salience, place):
    """Every bargain (initiator, receiver, where each would stand) of a turn."""
    everyone = range(len(place))
    total = [sum(s) for s in salience]
    weight = [c * t for c, t in zip(capability, total, strict=True)]
    slack = TIE if variant == "house" else 0
    found = []
    for i in everyone:
        best = (1e-5, None, None)
        for j in everyone:
            if i != j:
                p, g = challenge(options, state, weight, total, i, i, i, j)
                if g > best[0] + slack:
                    best = (g, j, p)
        _, j, p = best
        if j is None:
            continue
        ours = interpolate(options, variant, place[i], place[j], salience[i], salience[j], p)
        if options["bargain"] == "init-only":
            found.append((i, j, *ours))
            continue
        their_p, their_g = challenge(options, state, weight, total, j, i, i, j)
        seen = their_g if variant == "ktab" else their_p
        theirs = interpolate(options, variant, place[i], place[j], salience[i], salience[j], seen)
        if options["bargain"] == "init-rcvr":
            found += [(i, j, *ours), (i, j, *theirs)]
            continue
        wi, wj = weight[i], capability[i if variant == "ktab" else j] * total[j]
        wi, wj = (1, 1) if wi + wj == 0 else (wi, wj)
        mean = [
            [(wi * a + wj * b) / (wi + wj) for a, b in zip(one, other, strict=True)]
            for one, other in zip(ours, theirs, strict=True)
        ]
        found.append((i, j, *mean))
    return found


def queues(variant, n, bargains):
    """For each actor its options, None for the status quo."""
    found = [[None] if variant == "house" else [] for _ in range(n)]
    for i in range(n):
        if variant == "ktab":
            found[i].append(None)
        for bargain in bargains:
            if bargain[0] == i:
                found[i].append(bargain)
                found[bargain[1]].append(bargain)
    return found


def choices(options, variant, state, capability, salience, ideal, bargains, draw=None):
    """For each actor, its option of its queue and the chances of all of them."""
    n = len(ideal)
    everyone = range(n)

    def after(voter, bargain):
        if bargain is None:
            return sum(state.true[voter]) / n
        i, j, to_i, to_j = bargain
        moved = sum(utility(distance(ideal[voter], salience[voter], y), state.risk[voter]) for y in (to_i, to_j))
        return (moved + sum(state.true[voter][o] for o in everyone if o not in (i, j))) / n

    found = []
    for queue in queues(variant, n, bargains):
        worth = [[after(voter, option) for option in queue] for voter in everyone]
        p = elect(options, capability, worth, lambda a, b: variant == "house" and b > 0)
        best = 0
        for o in range(1, len(p)):
            if p[o] > p[best] + (TIE if variant == "house" else 0):
                best = o
        if draw is not None:
            r, reached, best = draw(), p[0], 0
            while r > reached and best < len(p) - 1:
                best += 1
                reached += p[best]
        found.append((queue[best], p))
    return found


def unique(place):
    """The first actor of each distinct position, and of each actor the position that it stands on."""
    firsts = []
    for i, x in enumerate(place):
        if all(math.dist(x, place[a]) >= 1e-3 for a in firsts):
            firsts.append(i)
    holds = [[a for a in firsts if math.dist(x, place[a]) < 1e-3][-1] for x in place]
    return firsts, holds


def standing(options, variant, state, capability, place):
    """The chance of each actor's position, and whose position it is."""
    firsts, holds = unique(place)
    worth = [[row[a] for a in firsts] for row in state.true]
    p = elect(options, capability, worth, lambda a, b: variant == "house")
    return [p[firsts.index(a)] for a in holds], holds


def run(place, salience, capability, *, variant="house", turns=100, heed=None, draw=None, **changed):
    """Positions, ideals, reported chances, risk attitudes and bargains turn by turn, and who shares a position."""
    options = DEFAULTS | changed
    everyone = range(len(place))
    place = [list(x) for x in place]
    ideal = [list(x) for x in place]
    history = {"place": [place], "ideal": [ideal], "p": [], "risk": [], "bargains": []}
    state = State(options, variant, capability, salience, place, ideal)

    def note():
        p, holds = standing(options, variant, state, capability, place)
        history["p"].append(p)
        history["risk"].append(state.risk)
        history["holds"] = holds

    note()
    for turn in range(1, turns + 1):
        bargains = offers(options, variant, state, capability, salience, place)
        history["bargains"].append(bargains)
        chosen = choices(options, variant, state, capability, salience, ideal, bargains, draw)
        new = []
        for k in everyone:
            bargain = chosen[k][0]
            new.append(place[k] if bargain is None else bargain[2] if bargain[0] == k else bargain[3])
        moved = sum(math.dist(a, b) for a, b in zip(place, new, strict=True))
        place = new
        if heed is None:
            ideal = [list(x) for x in place]
        else:
            ideal = [
                [
                    sum(heed[i][j] * place[j][k] for j in everyone) + (1 - min(1, sum(heed[i]))) * ideal[i][k]
                    for k in range(len(place[0]))
                ]
                for i in everyone
            ]
        history["place"].append(place)
        history["ideal"].append(ideal)
        state = State(options, variant, capability, salience, place, ideal)
        note()
        if turn == 1:
            first = moved
        elif moved / (first + 1e-4) < 0.02:
            break
    return history
