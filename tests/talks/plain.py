"""The talks models said once more, in plain loops over one draw, straight from the page that defines them.

Slow and independent of the package's formulas: the tests hold those against these. Positions are on the
issues' scales; an absent ideal point is None. Where that page leaves a choice, the docs say which was made.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any


def one_draw(inputs: Any, d: int) -> SimpleNamespace:
    """Draw `d` of the inputs under the symbols of the page."""
    n, issues = inputs.position.shape[1:]
    x = [[None if math.isnan(v) else float(v) for v in row] for row in inputs.position[d]]
    return SimpleNamespace(
        n=n,
        issues=issues,
        x=x,
        s=[[float(inputs.salience[d, i, k]) if x[i][k] is not None else 0.0 for k in range(issues)] for i in range(n)],
        q=[float(v) for v in inputs.status_quo[d]],
        low=[float(v) for v in inputs.low],
        high=[float(v) for v in inputs.high],
        m=[float(v) for v in inputs.capability[d]],
        b=[[float(v) for v in row] for row in inputs.backing[d]],
        c0=[float(v) for v in inputs.base_cost[d]],
        L=[float(v) for v in inputs.lever_level[d]],
        bite=[[float(v) for v in row] for row in inputs.bite[d]],
        g=[float(v) for v in inputs.side_payment[d]],
        a=[float(v) for v in inputs.audience_cost[d]],
        v=[float(v) for v in inputs.betrayal_loss[d]],
        rho=[float(v) for v in inputs.curvature[d]],
        e=[float(v) for v in inputs.concession[d]],
        lam=float(inputs.decided_per_month[d]),
        delta=float(inputs.discount[d]),
        gamma=float(inputs.decisiveness[d]),
        theta0=float(inputs.success[d]),
        kappa=float(inputs.kept[d]),
        tau=float(inputs.consent_softness[d]),
        sigma=float(inputs.strength_drift[d]),
        eta=float(inputs.walkout_rate[d]),
        walk=float(inputs.walkout_threshold[d]),
        T=int(inputs.deadline[d]),
        fights=[i for i in range(n) if inputs.belligerent[i]],
        required=[i for i in range(n) if inputs.required[i]],
        mediator=inputs.mediator,
    )


def share(z, i, k):
    total = sum(z.s[i])
    return z.s[i][k] / total if total > 0 else 0.0


def utility(z, i, o):
    loss = 0.0
    for k in range(z.issues):
        if share(z, i, k) > 0:
            loss += share(z, i, k) * (abs(o[k] - z.x[i][k]) / (z.high[k] - z.low[k])) ** z.rho[i]
    return 1 - loss


def strength(z):
    return [z.m[i] + sum(z.b[k][i] * z.m[k] for k in range(z.n)) for i in range(z.n)]


def victory(z, j):
    """What j makes of the issues when it wins."""
    return [z.q[k] if z.x[j][k] is None else z.x[j][k] for k in range(z.issues)]


def prevail(z, M):
    return {i: M[i] ** z.gamma / sum(M[j] ** z.gamma for j in z.fights) for i in z.fights}


def cost(z, i):
    return z.c0[i] + sum(z.L[lever] * z.bite[lever][i] for lever in range(len(z.L)))


def fighting_on(z, i, M):
    A = 1 / (1 - z.delta * (1 - z.lam))
    D = z.lam * z.delta * A
    pi = prevail(z, M)
    return A * ((1 - z.delta) * utility(z, i, z.q) - cost(z, i)) + D * sum(
        pi[j] * utility(z, i, victory(z, j)) for j in z.fights
    )


def compromise(z, growth=None):
    growth = growth or [1.0] * z.n
    y = []
    for j in range(z.n):
        own = z.m[j] * growth[j] if j in z.required else 0.0
        y.append(own + sum(z.b[j][i] * z.m[j] * growth[i] for i in z.required))
    o = []
    for k in range(z.issues):
        total = sum(y[j] * z.s[j][k] for j in range(z.n))
        o.append(
            sum(y[j] * z.s[j][k] * z.x[j][k] for j in range(z.n) if z.x[j][k] is not None) / total
            if total > 0
            else z.q[k]
        )
    return o


def weigh(z, o, M):
    """Every value of readiness for every actor, given the settlement and the strengths."""
    W = [fighting_on(z, i, M) for i in range(z.n)]
    V = [z.kappa * utility(z, i, o) + z.g[i] + (1 - z.kappa) * (W[i] - z.v[i]) for i in range(z.n)]
    d = [V[i] - W[i] for i in range(z.n)]
    P = [0.5 * (1 + math.tanh(d[i] / z.tau / 2)) for i in range(z.n)]
    theta = [z.theta0 * math.prod(P[j] for j in z.required if j != i) for i in range(z.n)]
    mu = [theta[i] * d[i] - z.a[i] for i in range(z.n)]
    r = [W[i] + ((1 - z.kappa) * z.v[i] - z.g[i]) / z.kappa for i in range(z.n)]
    return SimpleNamespace(W=W, V=V, d=d, P=P, theta=theta, mu=mu, r=r)


def readiness(z, o=None):
    o = compromise(z) if o is None else o
    M = strength(z)
    found = weigh(z, o, M)
    found.o = o
    found.uq = [utility(z, i, z.q) for i in range(z.n)]
    found.uo = [utility(z, i, o) for i in range(z.n)]
    found.pi = [prevail(z, M).get(i, 0.0) for i in range(z.n)]
    found.convene = bool(z.required) and all(found.mu[i] >= 0 for i in z.required)
    found.hurting = bool(z.required) and all(found.W[i] < found.uq[i] for i in z.required)
    found.way_out = bool(z.required) and all(found.d[i] > 0 for i in z.required)
    return found


def bargaining_range(z, o, r):
    """Per issue: intervals and shortfalls of required parties, overlap or None, gap or None."""
    found = []
    for k in range(z.issues):
        intervals, shortfall = {}, {}
        for i in z.required:
            best = list(o)
            best[k] = z.x[i][k] if z.x[i][k] is not None else o[k]
            top = utility(z, i, best)
            if top < r[i] - 1e-12:
                shortfall[i] = r[i] - top
                continue
            if share(z, i, k) == 0:
                intervals[i] = (z.low[k], z.high[k])
                continue
            ends = []
            for limit in (z.low[k], z.high[k]):  # walk out from the ideal point by bisection

                def u(at, i=i, k=k):
                    return utility(z, i, [*o[:k], at, *o[k + 1 :]])

                if u(limit) >= r[i]:
                    ends.append(limit)
                    continue
                inside, outside = z.x[i][k], limit
                for _ in range(200):
                    middle = (inside + outside) / 2
                    inside, outside = (middle, outside) if u(middle) >= r[i] else (inside, middle)
                ends.append(inside)
            intervals[i] = tuple(ends)
        overlap = gap = None
        if not shortfall:
            low, high = max(v[0] for v in intervals.values()), min(v[1] for v in intervals.values())
            if low <= high:
                overlap = (low, high)
            else:
                first = min(z.required, key=lambda i: intervals[i][1])
                second = max(z.required, key=lambda i: intervals[i][0])
                gap = (first, second, low - high)
        found.append(SimpleNamespace(intervals=intervals, shortfall=shortfall, overlap=overlap, gap=gap))
    return found


def weighted(z, k, weights, values, otherwise):
    """The mean of values under weights, keys being parties; `otherwise` where there is no weight."""
    total = sum(weights[j] for j in values)
    return sum(weights[j] * values[j] for j in values) / total if total > 0 else otherwise


def proposal(z, i, M, r, asp):
    start = victory(z, i)  # its ideal point, the status quo where it has none
    if r[i] > 1:
        return start
    aim = []
    for k in range(z.issues):
        others = {j: z.x[j][k] for j in z.required if j != i and z.x[j][k] is not None}
        aim.append(weighted(z, k, {j: M[j] * z.s[j][k] for j in others}, others, start[k]))
    width = [z.high[k] - z.low[k] for k in range(z.issues)]
    away = [abs(aim[k] - start[k]) / width[k] for k in range(z.issues)]
    away = [0.0 if gap < 1e-12 else gap for gap in away]  # the same, but for rounding
    total = sum(share(z, i, k) * away[k] ** z.rho[i] for k in range(z.issues))
    f = 1.0 if total == 0 else min(1.0, max(0.0, (1 - asp) / total) ** (1 / z.rho[i]))
    return [start[k] + f * (aim[k] - start[k]) for k in range(z.issues)]


def rounds(z, shocks, uniforms, settled=None):
    """The talks of one draw; `shocks` and `uniforms` by month and actor, `settled` a fixed settlement."""
    start = strength(z)
    log_growth = [0.0] * z.n
    for t in range(1, z.T + 1):
        log_growth = [log_growth[i] + z.sigma * float(shocks[t - 1][i]) for i in range(z.n)]
        growth = [math.exp(v) for v in log_growth]
        M = [start[i] * growth[i] for i in range(z.n)]
        now = weigh(z, compromise(z, growth) if settled is None else settled, M)
        floor = [max(0.0, v) for v in now.r]
        asp = [floor[i] + (1 - floor[i]) * (1 - (t / z.T) ** (1 / z.e[i])) for i in range(z.n)]
        offers = {i: proposal(z, i, M, now.r, asp[i]) for i in z.required}
        papers = list(offers.items())
        if z.mediator is not None:
            others = [j for j in z.required if j != z.mediator]
            paper = [
                weighted(z, k, {j: M[j] * z.s[j][k] for j in others}, {j: offers[j][k] for j in others}, z.q[k])
                for k in range(z.issues)
            ]
            papers.append((z.mediator, paper))
        best, struck = -math.inf, None
        for author, o in papers:
            if any(now.r[i] > 1 or utility(z, i, o) < asp[i] - 1e-9 for i in z.required):
                continue
            product = math.prod(utility(z, i, o) - floor[i] for i in z.required)
            if product > best + 1e-9:
                best, struck = product, (author, o)
        if struck:
            return SimpleNamespace(end="agreement", month=t, terms=struck[1], proposer=struck[0], walked=[])
        walked = []
        for i in z.required:
            offer = max(utility(z, i, offers[j]) for j in z.required if j != i)
            chance = 1 - math.exp(-z.eta * max(0.0, floor[i] - offer))
            if uniforms[t - 1][i] < chance or now.mu[i] < -z.walk:
                walked.append(i)
        if walked:
            return SimpleNamespace(end="collapse", month=t, terms=None, proposer=-1, walked=walked)
    return SimpleNamespace(end="expiry", month=z.T, terms=None, proposer=-1, walked=[])
