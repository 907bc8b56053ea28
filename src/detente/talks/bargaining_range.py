"""The bargaining range: on each issue, what every required party would rather sign than fight on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools, Floats, TalksInputs
from detente.talks._formulas import columns
from detente.talks.readiness import Readiness

ROUNDING = 1e-12  # a utility or a share of the scale this small is rounding, not a disagreement


@dataclass(frozen=True)
class BargainingRange:
    """What each required party could sign on each issue, and what all could, with the other issues at the
    settlement.

    Outcomes are on the issues' scales. Rows of actors that are not required are NaN, or False.
    """

    party_low: Floats  # (D, n, k); NaN where no outcome on the issue meets the party
    party_high: Floats  # (D, n, k)
    low: Floats  # (D, k), lower end of what all could sign; NaN where empty
    high: Floats  # (D, k)
    empty: Bools  # (D, k)
    unmeetable: Bools  # (D, n, k): no outcome on the issue meets this party
    shortfall: Floats  # (D, n, k), r_i - max_o u_i(o), in utility; NaN unless unmeetable
    gap_between: NDArray[np.int64]  # (D, k, 2), in file order, two parties with disjoint intervals; -1 if none
    gap_distance: Floats  # (D, k), how far apart these are, on the issue's scale; NaN if none


def bargaining_range(inputs: TalksInputs, readiness: Readiness) -> BargainingRange:
    """Find, issue by issue, the interval of outcomes with ``u_i >= r_i`` for every required party i.

    The other issues stand at the settlement of `readiness`, which must come from the same `inputs`. Utility
    falls away from an ideal point, so a party's outcomes are an interval around it, and where parties'
    intervals have no point in common two of them are disjoint: those named are the one that ends lowest and
    the one that begins highest.

    Raises `ValueError` where there is no required party.

    Source: the bargaining range of Fearon (1995), with reservation values of this wing's readiness model.

    >>> from detente.talks import readiness
    >>> from detente.talks.examples import two_parties
    >>> inputs = two_parties()
    >>> found = bargaining_range(inputs, readiness(inputs))
    >>> found.empty, found.low.round(1), found.high.round(1)
    (array([[False]]), array([[36.6]]), array([[63.4]]))
    """
    if not inputs.required.any():
        raise ValueError("no required party; a bargaining range needs at least one")
    here = columns(inputs, slice(None))
    required = np.flatnonzero(inputs.required)
    n, draws = here.strength.shape
    issues = len(inputs.low)
    low, width = inputs.low[:, None], (inputs.high - inputs.low)[:, None]
    settled = (readiness.settlement.T - low) / width

    curvature = here.curvature[required]
    ideal, share = here.ideal[:, required], here.share[:, required]
    loss = share * np.abs(settled[:, None] - ideal) ** curvature  # (k, p, D)
    reservation = readiness.reservation.T[required]
    begins, ends = np.full((issues, n, draws), np.nan), np.full((issues, n, draws), np.nan)
    lack = np.full((issues, n, draws), np.nan)
    for k in range(issues):
        elsewhere = sum((loss[other] for other in range(issues) if other != k), np.zeros_like(curvature))
        # what may be lost on this issue before the deal is worse than fighting on
        room = 1.0 - elsewhere - reservation
        met = room >= -ROUNDING
        reach = np.full_like(room, np.inf)  # an issue that a party gives no weight may settle anywhere
        np.divide(np.maximum(room, 0.0), share[k], out=reach, where=share[k] > 0.0)
        reach = reach ** (1.0 / curvature)
        begins[k, required] = np.where(met, np.maximum(ideal[k] - reach, 0.0), np.nan)
        ends[k, required] = np.where(met, np.minimum(ideal[k] + reach, 1.0), np.nan)
        lack[k, required] = np.where(met, np.nan, -room)

    unmeetable = ~np.isnan(lack)
    alone = np.any(unmeetable, axis=1)
    first, last = (
        begins[:, required].max(axis=1),
        ends[:, required].min(axis=1),
    )  # NaN where somebody is unmeetable
    apart = first - last > ROUNDING
    empty = alone | apart
    highest = required[np.where(alone[:, None], 0.0, begins[:, required]).argmax(axis=1)]
    lowest = required[np.where(alone[:, None], 0.0, ends[:, required]).argmin(axis=1)]
    pair = np.stack([np.minimum(lowest, highest), np.maximum(lowest, highest)])

    def scaled(unit: Floats) -> Floats:
        return low + width * unit

    actors = (low[:, None], width[:, None])
    return BargainingRange(
        party_low=(actors[0] + actors[1] * begins).transpose(2, 1, 0),
        party_high=(actors[0] + actors[1] * ends).transpose(2, 1, 0),
        low=scaled(np.where(empty, np.nan, first)).T,
        high=scaled(np.where(empty, np.nan, np.maximum(first, last))).T,
        empty=empty.T,
        unmeetable=unmeetable.transpose(2, 1, 0),
        shortfall=lack.transpose(2, 1, 0),
        gap_between=np.where(apart, pair, -1).transpose(2, 1, 0).astype(np.int64),
        gap_distance=(width * np.where(apart, first - last, np.nan)).T,
    )
