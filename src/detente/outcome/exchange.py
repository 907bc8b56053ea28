"""The exchange model: two actors trade their positions on two issues, each giving way where it cares less.

Stokman and Van Oosten (1994); docs/models/exchange.md has the formulas and what follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools, Floats, OutcomeInputs
from detente.outcome.mean import weighted_mean
from detente.outcome.model import (
    BOTH_WEIGHTS,
    FAR,
    NO_CONTEST,
    NO_FAILURE,
    TOGETHER,
    Exchange,
    Model,
    Move,
    Option,
    OutcomeResult,
    entering_weight,
    reasons,
)

_MODES = ("equal-gain", "randomised", "random-rate")  # in the kernel's order


def potential(*, position: Floats, salience: Floats, capability: Floats) -> list[tuple[int, int, int, int]]:
    """Who could trade what with whom, as (i, issue that i gives way on, j, issue that j gives way on).

    ``position`` (n, k) on any scale, NaN where there is no stance; ``salience`` (n, k), ``capability`` (n,) >= 0. Two
    actors can trade two issues if they stand on opposite sides of the outcome on both and weigh them differently;
    i, which gives way on the second, cares relatively more for the first. Source: Stokman and Van Oosten (1994).

    >>> potential(position=np.array([[0.0, 0.0], [9.0, 9.0]]), salience=np.array([[0.2, 0.8], [0.8, 0.2]]),
    ...           capability=np.ones(2))
    [(1, 1, 0, 0)]
    """
    entering = ~np.isnan(position) & (salience > 0)
    weight = np.where(entering, salience * capability[:, None], 0.0)
    found = potentials(position=position[None], salience=salience[None], weight=weight[None])
    return [(i, q, j, p) for _, i, q, j, p in found.tolist()]


def potentials(*, position: Floats, salience: Floats, weight: Floats) -> NDArray[np.int64]:
    """`potential` of every draw: rows (draw, i, issue it gives way on, j, issue it gives way on), shape (m, 5).

    ``position``, ``salience``, ``weight`` (D, n, k); who has no weight on an issue takes no part in it.
    """
    right = position > weighted_mean(position=position, weight=weight)[:, None, :]
    found = [np.empty((0, 5), np.int64)]
    for p, q in combinations(range(position.shape[2]), 2):
        opposed = [right[:, :, None, issue] != right[:, None, :, issue] for issue in (p, q)]
        both = (weight[:, :, p] > 0) & (weight[:, :, q] > 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = salience[:, :, p] / salience[:, :, q]
        wants_p = both[:, :, None] & both[:, None, :] & (ratio[:, :, None] > ratio[:, None, :])
        draw, i, j = np.nonzero(opposed[0] & opposed[1] & wants_p)
        found.append(np.stack([draw, i, np.full(draw.size, q), j, np.full(draw.size, p)], axis=1))
    return np.concatenate(found)


class _Scale:
    """Positions between the issues' scales and 0 to 100."""

    def __init__(self, inputs: OutcomeInputs):
        self.low, self.span = inputs.low, inputs.high - inputs.low
        self.written = inputs.position
        self.opening: Floats = np.ascontiguousarray((inputs.position - self.low) * (100.0 / self.span))

    def back(self, unit: Floats) -> Floats:
        """Positions (..., D, n, k) on the issues' scales; those that did not move are as they were written."""
        return np.where(unit == self.opening, self.written, self.low + unit * (self.span / 100.0))

    def point(self, unit: float, issue: int) -> float:
        """A position on one issue's scale."""
        return float(self.low[issue] + unit * self.span[issue] / 100.0)


def _solve(inputs: OutcomeInputs, settings: Mapping[str, Any], keep_trajectory: bool) -> OutcomeResult:
    scale, weight = _Scale(inputs), entering_weight(inputs)
    run = _decimal if settings["arithmetic"] == "decimal" else _float
    final, path, log, external, inner = run(inputs, settings, scale, weight, keep_trajectory)
    settlement = weighted_mean(position=scale.back(final), weight=weight)
    drawn = settings["ties"] == "drawn" or settings["gains"] != "equal-gain"
    result = OutcomeResult(settlement=settlement, reason=reasons(inputs, settlement), chance=drawn)
    if not keep_trajectory:
        return result
    trajectory = scale.back(path)
    exchanges = _exchanges(log, external, inner, scale, len(path) - 1)
    return OutcomeResult(
        settlement=settlement,
        reason=result.reason,
        trajectory=trajectory,
        moves=_moves(exchanges, trajectory),
        exchanges=exchanges,
        potential=potentials(position=inputs.position, salience=inputs.salience, weight=weight),
        chance=drawn,
    )


_Run = tuple[Floats, Floats, Floats, Floats, Bools]  # voting positions, path, log, externalities, inner


def _keys(inputs: OutcomeInputs) -> NDArray[np.uint64]:
    """A seed of chance a draw."""
    return np.zeros(inputs.draws, np.uint64) if inputs.keys is None else np.ascontiguousarray(inputs.keys, np.uint64)


def _float(
    inputs: OutcomeInputs, settings: Mapping[str, Any], scale: _Scale, weight: Floats, keep_trajectory: bool
) -> _Run:
    from detente.outcome.exchange_kernel import COLUMNS, exchange  # numba only where it is needed

    draws, actors, issues = inputs.position.shape
    given = (
        scale.opening,
        np.ascontiguousarray(np.where(weight > 0, inputs.salience, 0.0)),
        np.ascontiguousarray(weight),
        np.ascontiguousarray(settings["iterations"]),
        _MODES.index(settings["gains"]),
        np.ascontiguousarray(settings["spread"]),
        settings["ties"] == "drawn",
        _keys(inputs),
    )
    empty, none = np.empty((0, draws, actors, issues)), np.empty((0, COLUMNS))
    final, made, traded = exchange(*given, empty, none)
    path, log = empty, none
    if keep_trajectory:  # how much there is to tell is known only now
        path = np.empty((int(made.max(initial=0)) + 1, draws, actors, issues))
        log = np.empty((int(traded.sum()), COLUMNS))
        exchange(*given, path, log)
    return final, path, log, *_externalities(path, log, inputs.salience, weight)


def _externalities(path: Floats, log: Floats, salience: Floats, weight: Floats) -> tuple[Floats, Bools]:
    """What each exchange of the log is worth to every other actor (X, n), and whether that is an inner one."""
    draw, turn, first, issue_1, second, issue_2 = log[:, :6].astype(np.int64).T
    felt = np.zeros((len(log), path.shape[2]))
    there = np.ones(felt.shape, dtype=bool)
    right = []
    for issue, before, after in ((issue_1, log[:, 12], log[:, 14]), (issue_2, log[:, 13], log[:, 15])):
        at, s, w = path[turn, draw, :, issue], salience[draw, :, issue], weight[draw, :, issue]
        felt += np.where(w > 0, (abs(before[:, None] - at) - abs(after[:, None] - at)) * s, 0.0)
        there &= w > 0
        with np.errstate(invalid="ignore"):
            outcome = np.where(w > 0, w * at, 0.0).sum(axis=1) / w.sum(axis=1)
            right.append(at > outcome[:, None] + 1e-10)
    felt = np.where(there, felt, 0.0)
    # Group 0 trades right with left on both issues, group 1 left and right with right and left.
    inner = there & ((right[0] != right[1]) == (log[:, 16] == 1)[:, None])
    rows = np.arange(len(log))
    felt[rows, first] = felt[rows, second] = 0.0
    return felt, inner


def _decimal(
    inputs: OutcomeInputs, settings: Mapping[str, Any], scale: _Scale, weight: Floats, keep_trajectory: bool
) -> _Run:
    """One draw at a time in exact decimals, of the numbers as they would be written."""
    from detente.errors import UsageError
    from detente.outcome.exchange_exact import drawn, first_listed, iterate

    if settings["gains"] == "random-rate":
        raise UsageError(
            "models.exchange.gains: found random-rate with arithmetic: decimal; expected arithmetic: float"
        )
    final, paths, rows = scale.opening.copy(), [], []
    external, inner = [], []
    factor = [Decimal(100) / (Decimal(repr(float(b))) - Decimal(repr(float(a)))) for a, b in _ends(inputs)]
    lows = [Decimal(repr(float(a))) for a, _ in _ends(inputs)]
    for d, key in enumerate(_keys(inputs).tolist()):
        uniform = np.random.Generator(np.random.PCG64(key)).random
        present = weight[d] > 0

        def table(values: Floats, present: Bools = present) -> list[list[Decimal | None]]:
            return [
                [Decimal(repr(float(v))) if here else None for v, here in zip(row, there, strict=True)]
                for row, there in zip(values, present, strict=True)
            ]

        x = [
            [None if v is None else (v - lows[p]) * factor[p] for p, v in enumerate(row)]
            for row in table(inputs.position[d])
        ]
        c = table(np.broadcast_to(inputs.capability[d][:, None], present.shape))
        found = iterate(
            x,
            table(inputs.salience[d]),
            c,
            iterations=int(settings["iterations"][d]),
            spread=Decimal(repr(float(settings["spread"][d]))) if settings["gains"] == "randomised" else None,
            uniform=uniform,
            pick=drawn(uniform) if settings["ties"] == "drawn" else first_listed,
        )
        path = [scale.opening[d]]
        for turn, iteration in enumerate(found):
            path.append(_floats(iteration.preference, scale.opening[d]))
            for m in iteration.exchanges:
                numbers = (*m.x, *m.y, *m.utility, *m.before, *m.after)
                rows.append([d, turn, m.i, m.supply_i, m.j, m.supply_j, *map(float, numbers), 0.0])
                external.append([0.0 if a in (m.i, m.j) else float(v) for a, v in enumerate(m.external)])
                inner.append(m.inner)
        if found:
            final[d] = _floats(found[-1].voting, scale.opening[d])
        paths.append(path)
    turns = max(map(len, paths), default=1)
    whole = np.array([path + [path[-1]] * (turns - len(path)) for path in paths])
    whole = whole.reshape(len(paths), turns, *final.shape[1:])
    n = final.shape[1]
    return (
        final,
        np.moveaxis(whole, 1, 0),
        np.array(rows).reshape(len(rows), 17),
        np.array(external).reshape(len(rows), n),
        np.array(inner, dtype=bool).reshape(len(rows), n),
    )


def _ends(inputs: OutcomeInputs) -> list[tuple[float, float]]:
    return list(zip(inputs.low.tolist(), inputs.high.tolist(), strict=True))


def _floats(table: Any, opening: Floats) -> Floats:
    """Decimals as floats; those that take no part stay where they opened."""
    return np.array(
        [
            [here if v is None else float(v) for v, here in zip(row, there, strict=True)]
            for row, there in zip(table, opening.tolist(), strict=True)
        ]
    ).reshape(opening.shape)


def _exchanges(
    log: Floats, external: Floats, inner: Bools, scale: _Scale, turns: int
) -> tuple[tuple[Exchange, ...], ...]:
    found: list[list[Exchange]] = [[] for _ in range(turns)]
    for row, felt, among in zip(log.tolist(), external.tolist(), inner.tolist(), strict=True):
        draw, turn, i, supply_i, j, supply_j = map(int, row[:6])
        x_i, x_j, y_i, y_j, gain_i, gain_j, before_i, before_j, after_i, after_j = row[6:16]
        found[turn].append(
            Exchange(
                draw=draw,
                i=i,
                supply_i=supply_i,
                j=j,
                supply_j=supply_j,
                gain_i=gain_i,
                gain_j=gain_j,
                before_i=scale.point(x_i, supply_i),
                after_i=scale.point(y_i, supply_i),
                before_j=scale.point(x_j, supply_j),
                after_j=scale.point(y_j, supply_j),
                outcome_i=(scale.point(before_i, supply_i), scale.point(after_i, supply_i)),
                outcome_j=(scale.point(before_j, supply_j), scale.point(after_j, supply_j)),
                external=tuple(felt),
                inner=tuple(among),
            )
        )
    return tuple(map(tuple, found))


def _moves(exchanges: tuple[tuple[Exchange, ...], ...], path: Floats) -> tuple[tuple[Move, ...], ...]:
    """How preferences moved in each round; of several trades of one issue by one actor, the last counts."""
    found = []
    for turn, made in enumerate(exchanges):
        last = {}
        for e in made:
            last[e.draw, e.i, e.supply_i] = e.j
            last[e.draw, e.j, e.supply_j] = e.i
        found.append(
            tuple(
                Move(d, issue, a, maker, "exchange", *map(float, path[turn : turn + 2, d, a, issue]))
                for (d, a, issue), maker in last.items()
            )
        )
    return tuple(found)


MODEL = Model(
    name="exchange",
    title="Exchange of positions",
    solve=_solve,
    options=(
        Option(
            "iterations",
            default=10,
            low=0,
            high=1000,
            integer=True,
            meaning="times that everybody trades at most; none are made once nobody has a trade to make",
        ),
        Option(
            "gains",
            default="equal-gain",
            choices=_MODES,
            meaning="whether both sides of a trade gain the same, one side's gain is drawn around that, "
            "or the rate of exchange is drawn between the two sides' own",
        ),
        Option(
            "spread",
            default=1.0,
            low=0.0,
            high=1.0,
            meaning="with gains: randomised, how far from the equal gain: 0 not at all, 1 up to all or nothing",
        ),
        Option(
            "ties",
            default="drawn",
            choices=("drawn", "listed"),
            meaning="of trades with the same gain, one drawn at random goes first, or the first listed",
        ),
        Option(
            "arithmetic",
            default="float",
            choices=("float", "decimal"),
            meaning="decimal: the 28 digits and the order of operations of the published program, a hundred times slower",
        ),
    ),
    moves_positions=True,
    joint=True,
    deals=True,
    assumes={
        "moves": "pairs of actors trade one issue for another",
        "distance": FAR,
        "weight": f"{BOTH_WEIGHTS} in the outcome, salience alone in what a trade is worth",
        "linked": TOGETHER,
        "failure": NO_FAILURE,
        "contest": NO_CONTEST,
    },
    source="Stokman & Van Oosten 1994; Dijkstra, van Assen, Stokman & Draaijer 2018",
)
