"""Rounds: the talks played month by month, in every draw (docs: models/rounds)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools, Floats, TalksInputs
from detente.talks._formulas import (
    Columns,
    add,
    columns,
    contest,
    fighting_on,
    logistic,
    others_consent,
    utilities,
)
from detente.talks.readiness import Settlement, check_settlement, check_strength, cost_of_fighting
from detente.talks.settlement import settle

BLOCK = 5000  # draws that share a stream of chance
CHUNK = 2500  # draws played at a time: most talks end early, and few draws make poor use of a call
SLACK = 1e-9  # an offer this little short of an aspiration is taken: it is rounding
SAME = 1e-12  # positions this close, as a share of the scale, are the same
TIE = 1e-9  # two offers whose products differ by less are tied


class Noise(NamedTuple):
    """What chance brings to a block of talks."""

    strength: Floats  # (D, months, n), standard normal: the month's move of log strength, before sigma
    walk: Floats  # (D, months, n), uniform on [0, 1): below the chance of walking out, a party walks

    def take(self, rows: NDArray[np.intp]) -> Noise:
        """The noise of some of the draws."""
        return Noise(self.strength[rows], self.walk[rows])


@dataclass(frozen=True)
class Rounds:
    """How the talks end in each draw: exactly one of agreement, collapse and expiry is true."""

    agreement: Bools  # (D,)
    collapse: Bools  # (D,)
    expiry: Bools  # (D,), the deadline passed
    month: NDArray[np.int64]  # (D,), 1..deadline, the month in which they ended
    terms: Floats  # (D, k), what was agreed, on the issues' scales; NaN without agreement
    proposer: NDArray[np.int64]  # (D,), the actor whose proposal was taken; -1 without agreement
    walked: Bools  # (D, n), who walked out; several may in one month


def draw_noise(*, seed: int, block: int, actors: Sequence[str], draws: int, months: int) -> Noise:
    """Draw the chance that one block of talks needs, from one stream per actor.

    The numbers of an actor depend on `seed`, its id, the `block` (of 5000 draws), the draw and the month,
    and on nothing else: another deadline, another actor or another order of actors leaves them as they
    were, so that two versions of a scenario are compared under the same luck.

    Raises `ValueError` where `draws` is above 5000.

    >>> few = draw_noise(seed=0, block=0, actors=["a", "b"], draws=3, months=2)
    >>> more = draw_noise(seed=0, block=0, actors=["b", "c", "a"], draws=9, months=24)
    >>> bool((few.strength[:, :, 0] == more.strength[:3, :2, 2]).all())
    True
    """
    if draws > BLOCK:
        raise ValueError(f"{draws} draws in a block; expected at most {BLOCK}")

    def stream(kind: str, actor: str) -> np.random.Generator:
        key = hashlib.sha256(f"{seed}/rounds/{kind}/{block}/{actor}".encode()).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(key, "little")))

    strength = np.empty((len(actors), months, draws))
    walk = np.empty_like(strength)
    for i, actor in enumerate(actors):
        shocks, chances = stream("strength", actor), stream("walk", actor)
        for month in range(months):  # whole blocks, cut: a shorter last block sees the same numbers
            strength[i, month] = shocks.standard_normal(BLOCK)[:draws]
            walk[i, month] = chances.random(BLOCK)[:draws]
    return Noise(strength.transpose(2, 1, 0), walk.transpose(2, 1, 0))


def rounds(
    inputs: TalksInputs,
    *,
    noise: Noise,
    settlement: Settlement = "compromise",
) -> Rounds:
    """Play the talks out in every draw, as if the required parties had sat down.

    `inputs` carries D draws; `noise` holds standard normals and uniforms (D, months, n) for at least as
    many months as the longest deadline (see `draw_noise`); `settlement` is what parties expect of a deal,
    as in `readiness`: a rule is applied anew each month, an array (D, k) stays.

    Raises `ValueError` with fewer than two required parties, a deadline below 1, or arrays that do not fit.

    Source: ours, built from time-dependent concession (Faratin, Sierra and Jennings 1998) and learning while
    fighting (Slantchev 2003, Powell 2004); the docs page says which citations were checked.

    >>> from detente.talks.examples import two_parties
    >>> inputs = two_parties(draws=4)
    >>> noise = draw_noise(seed=0, block=0, actors=["north", "south"], draws=4, months=24)
    >>> played = rounds(inputs, noise=noise)
    >>> bool((played.agreement | played.collapse | played.expiry).all())
    True
    """
    draws, n, issues = inputs.position.shape
    _check(inputs, settlement, noise)
    cost = cost_of_fighting(inputs)
    ended = np.zeros((3, draws), dtype=np.bool_)
    month = np.array(inputs.deadline, dtype=np.int64)
    terms = np.full((draws, issues), np.nan)
    proposer = np.full(draws, -1, dtype=np.int64)
    walked = np.zeros((draws, n), dtype=np.bool_)
    required = np.flatnonzero(inputs.required)
    for start in range(0, draws, CHUNK):
        part = slice(start, min(start + CHUNK, draws))
        table = _seat(inputs, part, cost, settlement)
        for t in range(1, int(inputs.deadline[part].max()) + 1):
            who = table.draw
            table = table.drifted(noise.strength[who, t - 1].T)
            month_ = _play(table, inputs, t, settlement, noise.walk[who, t - 1].T)
            over = month_.agreed | month_.walked.any(axis=0) | (table.deadline == t)
            if not over.any():
                continue
            agreed = who[month_.agreed]
            ended[0, agreed] = True
            terms[agreed] = month_.terms[:, month_.agreed].T
            proposer[agreed] = month_.proposer[month_.agreed]
            walked[who[:, None], required] = month_.walked.T
            ended[1, who] = month_.walked.any(axis=0)
            month[who[over]] = t
            if over.all():
                break
            table = table.take(~over)
    ended[2] = ~(ended[0] | ended[1])
    terms = inputs.low + (inputs.high - inputs.low) * terms
    return Rounds(ended[0], ended[1], ended[2], month, terms, proposer, walked)


def _check(inputs: TalksInputs, settlement: Settlement, noise: Noise) -> None:
    check_strength(inputs)
    check_settlement(inputs, settlement)
    parties = int(inputs.required.sum())
    if parties < 2:
        raise ValueError(f"talks with {parties} required parties; rounds need at least two")
    if inputs.deadline.min(initial=1) < 1:
        raise ValueError(f"a deadline of {inputs.deadline.min()} months; expected at least 1")
    months = int(inputs.deadline.max(initial=1))
    for name, chance in zip(Noise._fields, noise, strict=True):
        draws, given, actors = chance.shape
        if (draws, actors) != inputs.capability.shape or given < months:
            expected = (inputs.draws, months, inputs.capability.shape[1])
            raise ValueError(f"{name} noise of shape {chance.shape}; expected {expected}")


@dataclass(frozen=True)
class _Table:
    """The talks that are still going on, draws last; p required parties, B belligerents."""

    draw: NDArray[np.int64]  # (D,), which draw each is
    deadline: NDArray[np.int64]
    here: Columns
    growth: Floats  # (n, D), effective strength over that at the start
    log_growth: Floats
    at_status_quo: Floats  # (n, D)
    at_victory: Floats  # (n, B, D), utility to each of each belligerent's ideal
    expected: Floats  # (k, D), a settlement given from outside, in unit coordinates; k = 0 if a rule makes it
    cost: Floats  # (n, D)
    side_payment: Floats
    betrayal_loss: Floats
    audience_cost: Floats
    concession: Floats
    decided: Floats  # (D,), and so below
    discount: Floats
    decisiveness: Floats
    success: Floats
    kept: Floats
    softness: Floats
    drift: Floats
    walkout_rate: Floats
    walkout_threshold: Floats

    def take(self, keep: Bools) -> Self:
        """Only the draws that `keep` marks."""
        here = Columns(**{f.name: getattr(self.here, f.name)[..., keep] for f in fields(Columns)})
        rest = {f.name: getattr(self, f.name)[..., keep] for f in fields(self) if f.name != "here"}
        return type(self)(here=here, **rest)

    def drifted(self, shock: Floats) -> Self:
        """A month later: each strength has moved on its own."""
        log_growth = self.log_growth + self.drift * shock
        return replace(self, log_growth=log_growth, growth=np.exp(log_growth))


class _Month(NamedTuple):
    agreed: Bools  # (D,)
    terms: Floats  # (k, D), unit coordinates; meaningful where agreed
    proposer: NDArray[np.int64]  # (D,)
    walked: Bools  # (p, D)


def _seat(inputs: TalksInputs, part: slice, cost: Floats, settlement: Settlement) -> _Table:
    here = columns(inputs, part)
    points = np.concatenate([here.ideal[:, inputs.belligerent], here.status_quo[:, None]], axis=1)
    at = utilities(points=points, ideal=here.ideal, share=here.share, curvature=here.curvature)
    if isinstance(settlement, str):
        expected = np.empty((0, points.shape[2]))
    else:
        expected = ((settlement[part] - inputs.low) / (inputs.high - inputs.low)).T
    return _Table(
        draw=np.arange(part.start, part.stop),
        deadline=inputs.deadline[part],
        here=here,
        growth=np.ones_like(here.strength),
        log_growth=np.zeros_like(here.strength),
        at_status_quo=at[:, -1],
        at_victory=at[:, :-1],
        expected=expected,
        cost=cost[part].T,
        side_payment=inputs.side_payment[part].T,
        betrayal_loss=inputs.betrayal_loss[part].T,
        audience_cost=inputs.audience_cost[part].T,
        concession=inputs.concession[part].T,
        decided=inputs.decided_per_month[part],
        discount=inputs.discount[part],
        decisiveness=inputs.decisiveness[part],
        success=inputs.success[part],
        kept=inputs.kept[part],
        softness=inputs.consent_softness[part],
        drift=inputs.strength_drift[part],
        walkout_rate=inputs.walkout_rate[part],
        walkout_threshold=inputs.walkout_threshold[part],
    )


def _play(table: _Table, inputs: TalksInputs, t: int, settlement: Settlement, uniform: Floats) -> _Month:
    """One month: what each wants now, what each offers, whether a deal is struck, who walks."""
    required = np.flatnonzero(inputs.required)
    here, strength = table.here, table.here.strength * table.growth
    war = _fighting_on(table, strength, inputs.belligerent)
    reservation = war + ((1.0 - table.kept) * table.betrayal_loss - table.side_payment) / table.kept
    reservation = reservation[required]
    floor = np.maximum(reservation, 0.0)
    conceded = (t / table.deadline) ** (1.0 / table.concession[required])
    aspiration = floor + (1.0 - floor) * (1.0 - conceded)

    seats = _Seats(
        ideal=here.ideal[:, required],
        weight=here.salience[:, required] * strength[required],
        share=here.share[:, required],
        curvature=here.curvature[required],
    )
    willing = reservation <= 1.0  # else no deal will do: it stays at its ideal and accepts nothing
    points = _proposals(seats, aspiration, willing)
    if inputs.mediator is not None:
        # a mediator that is itself a required party proposes as one; its paper is drawn from the others
        others = required != inputs.mediator
        paper = _mean(points[:, others], seats.weight[:, others], here.status_quo)
        points = np.concatenate([points, paper[:, None]], axis=1)
    offers = utilities(points=points, ideal=seats.ideal, share=seats.share, curvature=seats.curvature)

    agreed, taken = _struck(offers, aspiration, floor, np.all(willing, axis=0))
    authors = np.append(required, [] if inputs.mediator is None else [inputs.mediator]).astype(np.int64)
    terms = np.take_along_axis(points, taken[None, None], axis=1)[:, 0]

    best = np.full_like(floor, -np.inf)  # offered to each by another; a mediator's paper binds nobody
    for j in range(len(required)):
        for others in (slice(j), slice(j + 1, None)):
            np.maximum(best[others], offers[others, j], out=best[others])
    chance = -np.expm1(-table.walkout_rate * np.maximum(floor - best, 0.0))
    margin = _margin(table, inputs.required, settlement, war)[required]
    walked = ((uniform[required] < chance) | (margin < -table.walkout_threshold)) & ~agreed
    return _Month(agreed, terms, authors[taken], walked)


def _fighting_on(table: _Table, strength: Floats, belligerent: Bools) -> Floats:
    prevail = contest(strength[belligerent], table.decisiveness)
    at_war = np.zeros_like(table.at_status_quo)
    for j in range(prevail.shape[0]):
        at_war += prevail[j] * table.at_victory[:, j]
    return fighting_on(
        at_status_quo=table.at_status_quo,
        at_war=at_war,
        cost=table.cost,
        decided=table.decided,
        discount=table.discount,
    )


def _margin(table: _Table, required: Bools, settlement: Settlement, war: Floats) -> Floats:
    here = table.here
    if isinstance(settlement, str):
        point, _ = settle(settlement, here, required, war, table.growth)
    else:
        point = table.expected
    at = utilities(points=point[:, None], ideal=here.ideal, share=here.share, curvature=here.curvature)[:, 0]
    deal = table.kept * at + table.side_payment + (1.0 - table.kept) * (war - table.betrayal_loss)
    gain = deal - war
    theta = table.success * others_consent(logistic(gain / table.softness), required)
    return theta * gain - table.audience_cost


class _Seats(NamedTuple):
    """The required parties at the table."""

    ideal: Floats  # (k, p, D)
    weight: Floats  # (k, p, D), effective strength times salience
    share: Floats  # (k, p, D)
    curvature: Floats  # (p, D)


def _mean(points: Floats, weight: Floats, otherwise: Floats) -> Floats:
    """The weighted mean over seats, (k, p, D) to (k, D); `otherwise` where nobody has weight."""
    total, weighted = weight[:, 0].copy(), weight[:, 0] * points[:, 0]
    for j in range(1, points.shape[1]):
        total += weight[:, j]
        weighted += weight[:, j] * points[:, j]
    return np.where(total > 0.0, weighted / np.where(total > 0.0, total, 1.0), otherwise)


def _proposals(seats: _Seats, aspiration: Floats, willing: Bools) -> Floats:
    """What each seat puts forward (k, p, D): from its ideal towards the others, as far as it will go."""
    total, weighted = np.zeros_like(seats.ideal), np.zeros_like(seats.ideal)
    for j in range(seats.ideal.shape[1]):
        weight = seats.weight[:, j : j + 1]
        pull = weight * seats.ideal[:, j : j + 1]
        for others in (slice(j), slice(j + 1, None)):
            total[:, others] += weight
            weighted[:, others] += pull
    somebody = total > 0.0
    way = np.where(somebody, weighted / np.where(somebody, total, 1.0), seats.ideal) - seats.ideal
    away = np.abs(way)
    away[away < SAME] = 0.0  # else rounding would make a step that costs nothing look dear
    loss = add(seats.share * away**seats.curvature)
    step = np.divide(np.maximum(1.0 - aspiration, 0.0), loss, out=np.ones_like(loss), where=loss > 0.0)
    fraction = np.minimum(step, 1.0) ** (1.0 / seats.curvature)
    return seats.ideal + np.where(willing, fraction, 0.0) * way


def _struck(offers: Floats, aspiration: Floats, floor: Floats, willing: Bools) -> tuple[Bools, NDArray[np.int64]]:
    """Whether some offer suits every party, and which is taken; `offers` (p, C, D) are utilities."""
    best = np.full(offers.shape[2], -np.inf)
    taken = np.zeros(offers.shape[2], dtype=np.int64)
    for c in range(offers.shape[1]):
        suits = willing & np.all(offers[:, c] >= aspiration - SLACK, axis=0)
        product = np.ones_like(best)
        for i in range(offers.shape[0]):
            product *= offers[i, c] - floor[i]
        better = suits & (product > best + TIE)
        best[better] = product[better]
        taken[better] = c
    return best > -np.inf, taken
