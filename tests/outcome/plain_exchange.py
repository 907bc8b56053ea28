"""The exchange model once more, in plain loops written from its page, one draw at a time.

Positions are lists of lists, actor by issue, 0 to 100, None where an actor takes no part. Everything is computed anew
from the lists each time it is needed.
"""

from __future__ import annotations

from itertools import combinations

NEAR, LEAST = 1e-9, 1e-10


def splitmix(key):
    """The stream of random numbers in [0, 1) from a key."""
    state = key

    def uniform():
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return ((z ^ (z >> 31)) >> 11) / 2**53

    return uniform


def outcome(x, s, c, p, elsewhere=None):
    """The weighted mean on issue p with some actors elsewhere."""
    at = {a: row[p] for a, row in enumerate(x) if row[p] is not None} | (elsewhere or {})
    weight = {a: s[a][p] * c[a] for a in at}
    return sum(weight[a] * at[a] for a in at) / sum(weight.values()) if sum(weight.values()) else 0.0


class Deal:
    def __init__(self, x, s, c, i, q, j, p, rate=None):
        self.given = x, s, c
        self.who, self.gives = (i, j), (q, p)
        self.x, self.wants = [x[i][q], x[j][p]], [x[i][p], x[j][q]]
        self.moves, self.known = [[], []], [{}, {}]
        self.rate = (s[i][p] + s[j][p]) / (s[i][q] + s[j][q]) if rate is None else rate

    def s(self, t, issue):
        return self.given[1][self.who[t]][issue]

    def unit(self, t):
        """Shift of the outcome on what side t gives for a move of 1."""
        x, s, c = self.given
        issue = self.gives[t]
        everybody = sum(s[a][issue] * c[a] for a in range(len(x)) if x[a][issue] is not None)
        return self.s(t, issue) * c[self.who[t]] / everybody

    def outcome(self, t, at):
        return outcome(*self.given, self.gives[t], {**self.known[t], self.who[t]: at})

    def set(self, ways):
        self.y = [0.0, 0.0]
        for t in (0, 1):
            wanted = self.wants[1 - t]
            move = ways[t] if wanted > self.x[t] else -ways[t]
            self.moves[t][-1] = move
            self.y[t] = self.x[t] + move
            if abs(self.y[t] - wanted) < 1e-10:
                self.y[t] = wanted
        shift = [ways[t] * self.unit(t) for t in (0, 1)]
        self.gain = [
            abs(shift[1 - t] * self.s(t, self.gives[1 - t]) - shift[t] * self.s(t, self.gives[t])) for t in (0, 1)
        ]

    def answer(self, t, way):
        """Ways of both sides where side t moves `way`, at the rate of the exchange."""
        if t == 0:
            return [way, way * self.unit(0) / self.rate / self.unit(1)]
        return [self.rate * way * self.unit(1) / self.unit(0), way]

    def fits(self):
        for t in (0, 1):
            move = self.moves[t][-1]
            if not (LEAST < abs(move) <= 100 + NEAR and -NEAR <= self.x[t] + move <= 100 + NEAR):
                return False
            if sum(self.moves[t]) > 100 + NEAR or len({m > 0 for m in self.moves[t]}) > 1:
                return False
        return min(self.gain) >= LEAST

    def passes(self, t, before, after):
        low, high = sorted((before, after))
        return low < self.wants[1 - t] - NEAR and high > self.wants[1 - t] + NEAR

    def short(self, t):
        """How far side t may move for the outcome to end where the other wants it."""
        at = self.known[t].get(self.who[t], self.x[t])
        return abs(self.wants[1 - t] - self.outcome(t, at)) / self.unit(t)

    def evaluate(self, spread=None, uniform=None):
        for t in (0, 1):
            self.moves[t].append(0.0)
        ways = self.answer(1, abs(self.wants[0] - self.x[1]))
        if ways[0] > abs(self.wants[1] - self.x[0]):
            ways = self.answer(0, abs(self.wants[1] - self.x[0]))
        self.set(ways)
        self.valid = self.fits()
        self.equal = min(self.gain)
        if not self.valid:
            return
        self.before, self.after = [0.0, 0.0], [0.0, 0.0]
        for t in (0, 1):
            self.before[t], self.after[t] = self.outcome(t, self.x[t]), self.outcome(t, self.y[t])
            if self.passes(t, self.before[t], self.after[t]):
                self.set(self.answer(t, self.short(t)))
                self.after[t] = self.outcome(t, self.y[t])
        self.equal = min(self.gain)
        self.valid = self.fits()
        if spread is not None:
            self.randomise(spread, uniform)

    def randomise(self, spread, uniform):
        u, v, z = uniform(), uniform(), uniform()
        t = 0 if u < 0.5 else 1
        o = 1 - t
        equal = self.equal
        gain = equal + spread * z * (self.most()[t] - equal) if v < 0.5 else equal - spread * z * equal
        give, want = self.s(t, self.gives[t]), self.s(t, self.gives[o])

        def other(way):
            return (gain + way * self.unit(t) * give) / want / self.unit(o)

        way = abs(self.x[t] - self.wants[o])
        if other(way) > abs(self.x[o] - self.wants[t]):
            back = abs(self.x[o] - self.wants[t])
            way = abs(gain - back * self.unit(o) * want) / give / self.unit(t)
        else:
            far = self.x[t] + (way if self.wants[o] > self.x[t] else -way)
            if self.passes(t, self.before[t], self.outcome(t, far)):
                way = self.short(t)
            back = other(way)
        self.set([way, back] if t == 0 else [back, way])
        real = [gain, self.gain[o]] if t == 0 else [self.gain[o], gain]
        self.gain = [equal, equal]
        self.valid = self.fits()
        self.gain = real
        for side in (0, 1):
            self.before[side], self.after[side] = self.outcome(side, self.x[side]), self.outcome(side, self.y[side])

    def most(self):
        give = [self.s(t, self.gives[t]) for t in (0, 1)]
        want = [self.s(t, self.gives[1 - t]) for t in (0, 1)]
        there = [abs(self.wants[t] - self.y[t]) <= NEAR for t in (0, 1)]
        reach = [abs(self.before[t] - self.outcome(t, self.y[t] if there[t] else self.wants[1 - t])) for t in (0, 1)]
        gain = [reach[1] * want[0], reach[0] * want[1]]
        loss = [reach[0] * give[0], reach[1] * give[1]]
        a = 1 if gain[0] > gain[1] else 0
        b = 1 - a
        most = [0.0, 0.0]
        most[a] = gain[a] - loss[b] * give[a] / want[b]
        most[b] = want[b] * gain[a] / give[a] - loss[b]
        if abs(most[b]) > 1e-12:
            for t in (0, 1):
                if there[t] and gain[1 - t] - loss[1 - t] > 0:
                    most[b] = gain[t] - loss[1 - t] * give[t] / want[1 - t]
        return most

    def takes_in(self, made):
        """Whether the exchange made concerns this one; positions and moves follow."""
        supplied, bought = [False, False], False
        for t in (0, 1):
            for m in (0, 1):
                if self.who[t] != made.who[m]:
                    continue
                if self.gives[t] == made.gives[m]:
                    self.x[t] = made.y[m]
                    supplied[t] = True
                if self.gives[1 - t] == made.gives[1 - m]:
                    bought = True
                    seller, at, known = made.who[1 - m], made.y[1 - m], self.known[1 - t]
                    start = self.given[0][seller][made.gives[1 - m]]
                    was = known.get(seller, at)
                    known[seller] = min(was, at) if start <= was else max(was, at)
        if bought or any(supplied):
            for t in (0, 1):
                if not supplied[t]:
                    self.moves[t].pop()
        return bought or any(supplied)


def potential(x, s, c, uniform=None):
    """Every exchange that could be made, in the order of the list; at a drawn rate where there is a stream."""
    found = []
    issues, actors = range(len(x[0])), range(len(x))
    for p, q in combinations(issues, 2):
        here = [a for a in actors if all(x[a][k] is not None and s[a][k] * c[a] > 0 for k in (p, q))]
        right = {a: tuple(x[a][k] > outcome(x, s, c, k) + 1e-10 for k in (p, q)) for a in here}
        for one in ((True, True), (False, True)):
            other = tuple(not side for side in one)
            for a in here:
                for b in here:
                    if right[a] != one or right[b] != other:
                        continue
                    ratio = {v: s[v][p] / s[v][q] for v in (a, b)}
                    if abs(ratio[a] - ratio[b]) <= 1e-12 * ratio[a]:
                        continue
                    i, j = (b, a) if ratio[a] < ratio[b] else (a, b)
                    low, high = ratio[j], ratio[i]
                    rate = low + (high - low) * uniform() if uniform else None
                    found.append(Deal(x, s, c, i, q, j, p, rate))
    return found


def first(deals, key):
    """The first of those within rounding of the best."""
    best = max(map(key, deals))
    return next(d for d in deals if key(d) >= best - NEAR * max(abs(best), 1e-3))


def next_of(deals, rates):
    """The exchange to make next."""
    if not rates:
        return first(deals, lambda d: d.equal)
    top = {}
    for d in deals:
        for t in (0, 1):
            top[d.who[t]] = max(top.get(d.who[t], 0.0), d.gain[t])
    mutual = [d for d in deals if all(d.gain[t] >= top[d.who[t]] * (1 - NEAR) for t in (0, 1))]
    return first(mutual, lambda d: sum(d.gain)) if mutual else first(deals, lambda d: min(d.gain))


def exchange(x, s, c, iterations, gains="equal-gain", spread=1.0, key=0):
    """Outcomes of the last iteration, and each iteration's exchanges as (i, gives, j, gives, y_i, y_j, gains)."""
    uniform = splitmix(key)
    x = [list(row) for row in x]
    voting, made = x, []
    for _ in range(iterations):
        deals = potential(x, s, c, uniform if gains == "random-rate" else None)
        drawn = (spread, uniform) if gains == "randomised" else (None, None)
        for deal in deals:
            deal.evaluate(*drawn)
        voting, following, here = [list(row) for row in x], [list(row) for row in x], []
        while deals := [d for d in deals if d.valid]:
            best = next_of(deals, gains == "random-rate")
            deals.remove(best)
            here.append((best.who[0], best.gives[0], best.who[1], best.gives[1], *best.y, *best.gain))
            for t in (0, 1):
                a, p = best.who[t], best.gives[t]
                voting[a][p] = best.y[t]
                yields = 0.4 * (1 - s[a][p]) + 0.1
                following[a][p] = yields * best.y[t] + (1 - yields) * x[a][p]
            for deal in deals:
                if deal.takes_in(best):
                    deal.evaluate(*drawn)
        x = following
        if not here:
            break
        made.append(here)
    return [outcome(voting, s, c, p) for p in range(len(x[0]))], made
