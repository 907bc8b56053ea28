"""Readiness: who would sit down now, and why (docs: models/readiness)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from detente.arrays import Bools, Floats, TalksInputs
from detente.talks._formulas import columns, contest, fighting_on, logistic, others_consent, utilities
from detente.talks.settlement import settle

CHUNK = 1250  # draws weighed at a time: the temporaries stay in the cache

Settlement = Literal["compromise", "nash"] | Floats
"""Where talks are expected to settle: a rule of this wing, or an outcome model's answer, shape (D, k)."""


@dataclass(frozen=True)
class Terms:
    """The margin taken apart: for each actor these sum to ``margin``. Shape (D, n) unless said otherwise."""

    settlement: Floats  # theta kappa (u(o*) - u(q))
    war: Floats  # -theta kappa D (sum pi u(x) - u(q))
    cost: Floats  # theta kappa A c0
    levers: Floats  # theta kappa A L bite, shape (D, l, n)
    side_payment: Floats  # theta g
    betrayal: Floats  # -theta (1 - kappa) v
    audience: Floats  # -a

    def total(self) -> Floats:
        """The sum of all terms, shape (D, n): the margin."""
        actors = self.settlement + self.war + self.cost + self.side_payment + self.betrayal + self.audience
        return actors + self.levers.sum(axis=1)


@dataclass(frozen=True)
class Readiness:
    """What `readiness` finds, for every actor, required or not. Arrays (D, n) unless said otherwise."""

    inputs: TalksInputs = field(repr=False)
    fighting_on: Floats  # W, present value
    signed_deal: Floats  # V, present value
    gain: Floats  # d = V - W
    consent: Floats  # P, 0..1
    others_consent: Floats  # theta, 0..1: theta0 times the consent of every other required party
    margin: Floats  # mu = theta d - a
    reservation: Floats  # r: the least utility of a deal that it would keep; above 1, no deal will do
    utility_status_quo: Floats  # u(q), 0..1
    utility_settlement: Floats  # u(o*), 0..1
    utility_war: Floats  # sum_j pi_j u(x_j), 0..1: what deciding the war by arms is worth
    prevail: Floats  # pi, 0..1; 0 for an actor that does not fight
    cost: Floats  # c, a month, levers included
    settlement: Floats  # o* (D, k), on the issues' scales
    no_zone: Bools  # (D,): under "nash", no outcome gives every required party its W

    @property
    def talking(self) -> Floats:
        """N, the present value of sitting down: margin plus fighting on."""
        return self.margin + self.fighting_on

    @property
    def comes(self) -> Bools:
        """Whether it comes to the table: margin at or above zero."""
        return self.margin >= 0.0

    @property
    def convene(self) -> Bools:
        """Whether every required party comes, shape (D,). No required party, no talks: False."""
        return self._all_required(self.comes)

    @property
    def hurting_stalemate(self) -> Bools:
        """Whether for every required party fighting on is worse than the present, frozen, shape (D,)."""
        return self._all_required(self.fighting_on < self.utility_status_quo)

    @property
    def way_out(self) -> Bools:
        """Whether every required party gains by a signed deal, shape (D,)."""
        return self._all_required(self.gain > 0.0)

    @property
    def ripe(self) -> Bools:
        """A hurting stalemate and a way out together (Zartman), shape (D,)."""
        return self.hurting_stalemate & self.way_out

    @cached_property
    def terms(self) -> Terms:
        """The margin of each actor as a sum of named terms, worked out when first asked for."""
        inputs = self.inputs
        kappa, lam, delta = inputs.kept[:, None], inputs.decided_per_month[:, None], inputs.discount[:, None]
        horizon = 1.0 / (1.0 - delta * (1.0 - lam))
        kept = self.others_consent * kappa
        return Terms(
            settlement=kept * (self.utility_settlement - self.utility_status_quo),
            war=-kept * lam * delta * horizon * (self.utility_war - self.utility_status_quo),
            cost=kept * horizon * inputs.base_cost,
            levers=(kept * horizon)[:, None, :] * inputs.lever_level[:, :, None] * inputs.bite,
            side_payment=self.others_consent * inputs.side_payment,
            betrayal=-self.others_consent * (1.0 - kappa) * inputs.betrayal_loss,
            audience=-inputs.audience_cost,
        )

    def _all_required(self, flags: Bools) -> Bools:
        required = self.inputs.required
        return np.all(flags[:, required], axis=1) & bool(required.any())


def cost_of_fighting(inputs: TalksInputs) -> Floats:
    """The cost flow ``c_i = c0_i + sum_l L_l bite_li``, share of the stakes a month, shape (D, n)."""
    return inputs.base_cost + (inputs.lever_level[:, :, None] * inputs.bite).sum(axis=1)


def check_settlement(inputs: TalksInputs, settlement: Settlement) -> None:
    """Raise `ValueError` for an unknown rule, or an array of another shape or with NaN in it."""
    shape = inputs.status_quo.shape
    if isinstance(settlement, str):
        if settlement not in ("compromise", "nash"):
            raise ValueError(f"settlement {settlement!r}; expected 'compromise', 'nash' or an array {shape}")
    elif settlement.shape != shape:
        raise ValueError(f"settlement of shape {settlement.shape}; expected {shape}, draws by issues")
    elif np.isnan(settlement).any():
        raise ValueError("settlement holds NaN; expected an outcome on every issue in every draw")


def check_strength(inputs: TalksInputs) -> None:
    """Raise `ValueError` unless in every draw some belligerent has strength: else nobody could prevail."""
    fights = inputs.belligerent
    own = (inputs.capability[:, fights] > 0.0).any(axis=1)
    if own.all():
        return
    backed = ((inputs.backing[:, :, fights] > 0.0) & (inputs.capability > 0.0)[:, :, None]).any(axis=(1, 2))
    without = ~(own | backed)
    if without.any():
        raise ValueError(
            f"no belligerent has any strength in {int(without.sum())} of {without.size} draws, "
            f"first in draw {int(without.argmax())}; expected a capability above 0 for one of them"
        )


def readiness(inputs: TalksInputs, *, settlement: Settlement = "compromise") -> Readiness:
    """Weigh, for every actor in every draw, sitting down against fighting on.

    `inputs` carries D draws of n actors and k issues; `settlement` is the expected settlement ``o*``:
    ``"compromise"`` (strength- and salience-weighted mean of those with a say), ``"nash"`` (weighted Nash
    bargaining point with fighting on as the disagreement), or an array (D, k) on the issues' scales. Values
    are present values of a perpetual flow in which the ideal outcome is worth 1. Releases the GIL: blocks of
    draws may run in several threads.

    Raises `ValueError` where no belligerent has strength in some draw, or where `settlement` does not fit.

    Source: built from costly-lottery war (Fearon 1995), ratio contests (Tullock 1980) and readiness
    (Pruitt 2005); the docs page derives each line and says which citations were checked.

    >>> from detente.talks.examples import two_parties
    >>> found = readiness(two_parties())
    >>> found.comes, found.convene
    (array([[ True,  True]]), array([ True]))
    """
    check_strength(inputs)
    check_settlement(inputs, settlement)
    draws, n, issues = inputs.position.shape
    cost = cost_of_fighting(inputs)
    # One contiguous row an actor: a measure reads single columns of the (D, n) views returned. And one array for all:
    # the allocator then keeps the memory between blocks, where many middling arrays go back to the system each time.
    values = dict(zip(_PER_ACTOR, np.empty((len(_PER_ACTOR), n, draws)), strict=True))
    point = np.empty((issues, draws))
    no_zone = np.zeros(draws, dtype=np.bool_)
    for start in range(0, draws, CHUNK):
        part = slice(start, start + CHUNK)
        found, point[:, part], no_zone[part] = _weigh(inputs, part, cost[part].T, settlement)
        for name, value in found.items():
            values[name][:, part] = value
    return Readiness(
        inputs=inputs,
        cost=cost,
        settlement=point.T,
        no_zone=no_zone,
        **{name: value.T for name, value in values.items()},
    )


_PER_ACTOR = (
    "fighting_on", "signed_deal", "gain", "consent", "others_consent", "margin", "reservation",
    "utility_status_quo", "utility_settlement", "utility_war", "prevail",
)  # fmt: skip


def _weigh(
    inputs: TalksInputs, part: slice, cost: Floats, settlement: Settlement
) -> tuple[dict[str, Floats], Floats, Bools]:
    """The formulas of the docs page for one chunk of draws: values (n, D), settlement (k, D), flag (D,)."""
    here = columns(inputs, part)
    fights = np.flatnonzero(inputs.belligerent)
    low, width = inputs.low[:, None], (inputs.high - inputs.low)[:, None]

    def at(points: Floats) -> Floats:
        return utilities(points=points, ideal=here.ideal, share=here.share, curvature=here.curvature)

    prevail = np.zeros_like(here.capability)
    prevail[fights] = contest(here.strength[fights], inputs.decisiveness[part])
    at_points = at(np.concatenate([here.ideal[:, fights], here.status_quo[:, None]], axis=1))
    at_status_quo = at_points[:, -1]
    at_war = np.zeros_like(at_status_quo)
    for j, fighter in enumerate(fights):
        at_war += prevail[fighter] * at_points[:, j]
    war = fighting_on(
        at_status_quo=at_status_quo,
        at_war=at_war,
        cost=cost,
        decided=inputs.decided_per_month[part],
        discount=inputs.discount[part],
    )

    if isinstance(settlement, str):
        unit, no_zone = settle(settlement, here, inputs.required, war)
        point = low + width * unit
    else:
        point = settlement[part].T
        unit, no_zone = (point - low) / width, np.zeros(point.shape[1], dtype=np.bool_)
    at_settlement = at(unit[:, None])[:, 0]

    kappa = inputs.kept[part]
    payment, loss = inputs.side_payment[part].T, inputs.betrayal_loss[part].T
    deal = kappa * at_settlement + payment + (1.0 - kappa) * (war - loss)
    gain = deal - war
    consent = logistic(gain / inputs.consent_softness[part])
    theta = inputs.success[part] * others_consent(consent, inputs.required)
    values = {
        "fighting_on": war,
        "signed_deal": deal,
        "gain": gain,
        "consent": consent,
        "others_consent": theta,
        "margin": theta * gain - inputs.audience_cost[part].T,
        "reservation": war + ((1.0 - kappa) * loss - payment) / kappa,
        "utility_status_quo": at_status_quo,
        "utility_settlement": at_settlement,
        "utility_war": at_war,
        "prevail": prevail,
    }
    return values, point, no_zone
