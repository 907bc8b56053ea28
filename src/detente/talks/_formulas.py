"""The formulas that readiness, rounds and the bargaining range share, on arrays with the draw axis last.

Theory's arrays lead with the draw axis; here it comes last, so that every operation runs along contiguous
draws and sums over the few actors or issues are written out as loops: the same draw gives the same bits in
any block. Outcomes are in unit coordinates, ``(o - low) / (high - low)``. Letters: D draws, n actors, k
issues, P points.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.arrays import Bools, Floats, TalksInputs


@dataclass(frozen=True)
class Columns:
    """Some draws of the inputs, draws last. Outcomes in unit coordinates."""

    ideal: Floats  # (k, n, D); the status quo where an actor has no ideal point: what it would leave, winning
    salience: Floats  # (k, n, D), 0 where there is no ideal point
    share: Floats  # w (k, n, D), salience shares; all 0 for an actor with no salience, whose utility is then 1
    status_quo: Floats  # (k, D)
    curvature: Floats  # (n, D)
    capability: Floats  # m (n, D)
    backing: Floats  # b (n, n, D): backer, backed
    strength: Floats  # M (n, D)


def columns(inputs: TalksInputs, draws: slice) -> Columns:
    """The `draws` of `inputs`, turned and scaled for the formulas."""
    low, width = inputs.low[:, None, None], (inputs.high - inputs.low)[:, None, None]
    position = _last(inputs.position[draws].transpose(2, 1, 0))
    status_quo = (_last(inputs.status_quo[draws].T) - low[:, 0]) / width[:, 0]
    has_ideal = ~np.isnan(position)
    ideal = np.where(has_ideal, (position - low) / width, status_quo[:, None])
    salience = np.where(has_ideal, inputs.salience[draws].transpose(2, 1, 0), 0.0)
    capability = _last(inputs.capability[draws].T)
    backing = _last(inputs.backing[draws].transpose(1, 2, 0))
    strength = capability.copy()
    for backer in range(capability.shape[0]):
        strength += backing[backer] * capability[backer]
    return Columns(
        ideal=ideal,
        salience=salience,
        share=_shares(salience),
        status_quo=status_quo,
        curvature=_last(inputs.curvature[draws].T),
        capability=capability,
        backing=backing,
        strength=strength,
    )


def _last(array: Floats) -> Floats:
    return np.ascontiguousarray(array, dtype=np.float64)


def _shares(salience: Floats) -> Floats:
    total = add(salience)
    return np.divide(salience, total, out=np.zeros_like(salience), where=total > 0.0)


def add(rows: Floats) -> Floats:
    """The sum over the first axis, row after row: an order that does not hang on how many draws there are."""
    total = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


def utilities(*, points: Floats, ideal: Floats, share: Floats, curvature: Floats) -> Floats:
    """``u_i(o) = 1 - sum_k w_ik |o_k - x_ik| ** rho_i`` for every actor and point.

    `points` (k, P, D), `ideal` and `share` (k, n, D), `curvature` (n, D); result (n, P, D).
    """
    straight = bool((curvature == 1.0).all())
    exponent = curvature[:, None]
    result = np.ones((ideal.shape[1], points.shape[1], points.shape[2]))
    loss = np.empty_like(result)
    for k in range(points.shape[0]):
        np.subtract(points[k][None], ideal[k][:, None], out=loss)
        np.abs(loss, out=loss)
        if not straight:
            np.power(loss, exponent, out=loss)
        loss *= share[k][:, None]
        result -= loss
    return result


def contest(strength: Floats, decisiveness: Floats) -> Floats:
    """Chances of prevailing, ``M_i ** gamma / sum_j M_j ** gamma``, of belligerents only; `strength` (B, D).

    Strengths are first divided by the greatest, so that no power overflows; NaN where none has any.
    """
    top = strength.max(axis=0)
    chance = np.power(np.divide(strength, top, where=top > 0.0, out=np.full_like(strength, np.nan)), decisiveness)
    return chance / add(chance)


def fighting_on(*, at_status_quo: Floats, at_war: Floats, cost: Floats, decided: Floats, discount: Floats) -> Floats:
    """``W = A ((1 - delta) u(q) - c) + D sum_j pi_j u(x_j)``: A = 1/(1 - delta (1-lam)), D = lam delta A.

    The fixed point of ``W = (1 - delta) u(q) - c + delta (lam sum pi u(x) + (1 - lam) W)``.
    """
    horizon = 1.0 / (1.0 - discount * (1.0 - decided))
    return horizon * ((1.0 - discount) * at_status_quo - cost + decided * discount * at_war)


def logistic(value: Floats) -> Floats:
    """``1 / (1 + exp(-value))`` without overflow."""
    small = np.exp(-np.abs(value))
    return np.where(value >= 0.0, 1.0, small) / (1.0 + small)


def others_consent(consent: Floats, required: Bools) -> Floats:
    """For each actor the product of the consents of all *other* required parties; `consent` (n, D)."""
    result = np.ones_like(consent)
    for j in np.flatnonzero(required):
        result[:j] *= consent[j]
        result[j + 1 :] *= consent[j]
    return result
