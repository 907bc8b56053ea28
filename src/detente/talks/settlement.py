"""The settlement that parties expect: a compromise or the Nash bargaining point (docs: models/readiness).

Arrays have the draw axis last and outcomes are in unit coordinates, as in the formulas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Bools, Floats
from detente.talks._formulas import Columns, add


def settle(
    rule: str, here: Columns, required: Bools, war: Floats, growth: Floats | None = None
) -> tuple[Floats, Bools]:
    """The settlement (k, D) under `rule`, and the draws (D,) in which nothing gives every party its W.

    `war` (n, D) is what fighting on is worth; `growth` (n, D) says how effective strengths have moved since
    the start. A draw without such an outcome settles by compromise.
    """
    y = say(capability=here.capability, backing=here.backing, required=required, growth=growth)
    point = compromise(say=y, salience=here.salience, ideal=here.ideal, status_quo=here.status_quo)
    if rule == "compromise":
        return point, np.zeros(point.shape[1], dtype=np.bool_)
    strength = here.strength if growth is None else here.strength * growth
    bargained, no_zone = nash(
        ideal=here.ideal[:, required],
        share=here.share[:, required],
        curvature=here.curvature[required],
        disagreement=war[required],
        weight=strength[required],
        start=point,
    )
    return np.where(no_zone, point, bargained), no_zone


def compromise(*, say: Floats, salience: Floats, ideal: Floats, status_quo: Floats) -> Floats:
    """``o_k = sum_j y_j s_jk x_jk / sum_j y_j s_jk``, the status quo where nobody has a say; result (k, D).

    `say` (n, D) is ``y``; `salience` and `ideal` (k, n, D).
    """
    point = np.empty_like(status_quo)
    for k in range(point.shape[0]):
        weight = say * salience[k]
        total = add(weight)
        held = total > 0.0
        point[k] = np.where(held, add(weight * ideal[k]) / np.where(held, total, 1.0), status_quo[k])
    return point


def say(*, capability: Floats, backing: Floats, required: Bools, growth: Floats | None = None) -> Floats:
    """``y``: a required party's capability, plus what each commits to required parties; shape (n, D).

    `growth` (n, D) is each effective strength now over that at the start: own capability grows with one's
    own, what one commits grows with the strength of the party that one backs.
    """
    result = np.zeros_like(capability)
    for i in np.flatnonzero(required):
        committed = backing[:, i] * capability
        own = capability[i]
        result += committed if growth is None else committed * growth[i]
        result[i] += own if growth is None else own * growth[i]
    return result


# The Nash point by coordinate ascent: issue by issue, the objective is searched on a grid of the whole scale
# and of all ideal points, then on ever finer grids around the best. Each party's surplus is a sum over
# issues, so that the directional derivatives of its logarithm add up over issues: where utilities are concave
# (curvature >= 1), a point that no single issue improves is the maximum. Elsewhere several starts are tried.
LADDER = (1e-1, 1e-2, 1e-3, 1e-4, 1e-6)  # below these surpluses the logarithm is continued by its tangent
CYCLES = 40
STILL = 1e-9  # a cycle that moves less than this share of a scale has arrived
TOLERANCE = 1e-7  # a party held to its disagreement value to within this still has its zone
STARTS = 4  # further climbs where utilities are not concave
MIXTURES = 1000  # at most so many ways of giving each issue to some party are looked at for a start
LATTICE = np.linspace(0.0, 1.0, 17)[:, None]  # where the search along an issue starts
STEPS = np.linspace(-1.0, 1.0, 9)[:, None]  # and how it goes on about the best, ever nearer
LEAST_WEIGHT = 1e-6  # of all weight: a party without strength has no pull, but keeps its veto


@dataclass(frozen=True)
class _Bargain:
    """One Nash problem a draw: ``max_o sum_j y_j log(u_j(o) - W_j)``."""

    ideal: Floats  # (k, p, D)
    share: Floats  # (k, p, D)
    curvature: Floats  # (p, D)
    disagreement: Floats  # (p, D)
    weight: Floats  # (p, D), sums to 1

    def take(self, rows: Bools) -> _Bargain:
        return _Bargain(
            self.ideal[..., rows],
            self.share[..., rows],
            self.curvature[..., rows],
            self.disagreement[..., rows],
            self.weight[..., rows],
        )

    def times(self, n: int) -> _Bargain:
        """The same problems `n` times over, one after another along the draws."""
        fields = (self.ideal, self.share, self.curvature, self.disagreement, self.weight)
        return _Bargain(*(np.tile(field, n) for field in fields))

    def loss(self, k: int, outcome: Floats) -> Floats:
        """What each party loses on issue k, (p, ..., D), by outcomes (..., D)."""
        shape = (len(self.curvature),) + (1,) * (outcome.ndim - 1) + (-1,)
        away = np.abs(outcome[None] - self.ideal[k].reshape(shape))
        return self.share[k].reshape(shape) * away ** self.curvature.reshape(shape)

    def surplus(self, point: Floats) -> Floats:
        """``u_j(o) - W_j``, (p, ..., D), of points (k, ..., D)."""
        shape = (len(self.curvature),) + (1,) * (point.ndim - 2) + (-1,)
        left = (1.0 - self.disagreement).reshape(shape)
        for k in range(point.shape[0]):
            left = left - self.loss(k, point[k])
        return left

    def value(self, surplus: Floats, least: float) -> Floats:
        """The objective; below `least` a surplus counts along the tangent, hence is always finite."""
        shape = (len(self.weight),) + (1,) * (surplus.ndim - 2) + (-1,)
        above = np.maximum(surplus, least)
        gain = np.log(above) + (surplus - above) / least
        return add(self.weight.reshape(shape) * gain)


def nash(
    *, ideal: Floats, share: Floats, curvature: Floats, disagreement: Floats, weight: Floats, start: Floats
) -> tuple[Floats, Bools]:
    """The weighted Nash bargaining point (k, D), and the draws (D,) in which no outcome suits every party.

    `ideal` and `share` (k, p, D), the rest (p, D), `start` (k, D). Weights need not sum to 1; a party without
    weight keeps its veto. To about 1e-8 of a scale with one issue or concave utilities (curvature >= 1);
    else the best of several climbs, which is now and then a local maximum.
    """
    total = add(weight)
    even = np.full_like(weight, 1.0 / len(weight))
    pull = np.maximum(np.where(total > 0.0, weight / np.where(total > 0.0, total, 1.0), even), LEAST_WEIGHT)
    bargain = _Bargain(ideal, share, curvature, disagreement, pull / add(pull))
    point = _climb(bargain, start)
    # not concave: climb from other places too, and keep the best
    rough = np.any(curvature < 1.0, axis=0) & (len(ideal) * len(weight) > 1)
    if rough.any():
        hard = bargain.take(rough)
        best = point[:, rough]
        height = hard.value(hard.surplus(best), LADDER[-1])
        others = _starts(hard)  # all at once: many short climbs cost more than one long one
        ends = _climb(hard.times(len(others)), np.concatenate(others, axis=-1), LADDER[-1:])
        for reached in np.split(ends, len(others), axis=-1):
            level = hard.value(hard.surplus(reached), LADDER[-1])
            best = np.where(level > height, reached, best)
            height = np.maximum(level, height)
        point[:, rough] = best
    return point, bargain.surplus(point).min(axis=0) < -TOLERANCE


def _starts(bargain: _Bargain) -> Floats:
    """The best places (STARTS, k, D) among mixtures of the parties' ideals and the nodes of a coarse lattice.

    Where utilities are not concave the local maxima have their cusps at ideal points.
    """
    issues, parties, draws = bargain.ideal.shape
    nodes = np.broadcast_to(np.linspace(0.0, 1.0, 5)[:, None], (5, draws))
    levels = [np.concatenate([bargain.ideal[k], nodes]) for k in range(issues)]
    # all mixtures while they are few, else each party's ideal and the lattice's diagonal
    every = (parties + 5) ** issues <= MIXTURES
    choice = np.indices((parties + 5,) * issues).reshape(issues, -1) if every else np.arange(parties + 5)[None]
    points = np.stack([levels[k][choice[k if every else 0]] for k in range(issues)])
    height = bargain.value(bargain.surplus(points), LADDER[-1])
    first = np.argsort(-height, axis=0, kind="stable")[:STARTS]
    return np.stack([np.take_along_axis(points, row[None, None], axis=1)[:, 0] for row in first])


def _climb(bargain: _Bargain, start: Floats, ladder: tuple[float, ...] = LADDER) -> Floats:
    """Ascend from `start` (k, D), first on a gentle objective, then on ever truer ones."""
    point = start.copy()
    climbing = np.all(bargain.disagreement <= 1.0, axis=0)  # else hopeless: nothing is worth more than 1
    for least in ladder:
        moving = climbing.copy()
        for _ in range(CYCLES):
            if not moving.any():
                break
            here = bargain.take(moving)
            before = point[:, moving]
            after = _cycle(here, before, least)
            point[:, moving] = after
            moving[moving] = np.abs(after - before).max(axis=0) > STILL
        # where every surplus is beyond `least` the objective was the true one
        climbing &= np.any(bargain.surplus(point) <= least, axis=0)
        if not climbing.any():
            break
    return point


def _cycle(bargain: _Bargain, start: Floats, least: float) -> Floats:
    """Improve one issue after the other, then leap along the way come: a narrow ridge takes few cycles."""
    point = start.copy()
    surplus = bargain.surplus(point)
    for k in range(len(point)):
        rest = surplus + bargain.loss(k, point[k])
        point[k] = _best_on_issue(bargain, k, rest, point[k], least)
        surplus = rest - bargain.loss(k, point[k])
    if len(point) == 1:
        return point
    leaps = np.array([0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0])[:, None]
    reached = np.clip(point[:, None] + leaps * (point - start)[:, None], 0.0, 1.0)
    best = bargain.value(bargain.surplus(reached), least).argmax(axis=0)
    return np.take_along_axis(reached, best[None, None], axis=1)[:, 0]


def _best_on_issue(bargain: _Bargain, k: int, rest: Floats, now: Floats, least: float) -> Floats:
    """The best outcome (D,) on issue k, given what the others leave of each surplus, `rest` (p, D)."""
    draws = np.arange(now.size)
    tried = np.concatenate([now[None], np.broadcast_to(LATTICE, (len(LATTICE), now.size)), bargain.ideal[k]])
    reach = 1.0 / 16.0
    while True:
        height = bargain.value(rest[:, None] - bargain.loss(k, tried), least)
        best: Floats = tried[height.argmax(axis=0), draws]
        if reach < STILL / 4.0:
            return best
        tried = np.concatenate([best[None], np.clip(best + reach * STEPS, 0.0, 1.0)])
        reach /= 4.0
