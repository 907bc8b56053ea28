"""The spatial model of politics: actors bargain in a space of all issues at once, and an election weighs where they end.

The model of the KAPSARC Toolkit for Behavioral Analysis (KTAB; Wise, Lester and Efird), in two variants: ``spatial``,
whose answer does not depend on the order of the actors or the unit of capability, and ``spatial-ktab``, which gives
KTAB's own numbers. docs/models/spatial.md has the formulas, docs/models/spatial-ktab.md the differences.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import Bools, Floats, OutcomeInputs
from detente.outcome.model import (
    FAR,
    NO_FAILURE,
    TOGETHER,
    Bargain,
    Lottery,
    Model,
    Move,
    Option,
    OutcomeResult,
    entering,
    entering_weight,
    reasons,
)

if TYPE_CHECKING:
    from detente.outcome.spatial_kernel import Trace
    from detente.outcome.spatial_turn import Rules

UNHEARD = "the only likely outcomes are those of actors without a stance on it"
KTAB_SEED = 0xD67CC16FE69C185C

# Words of each option in the order of the kernels' codes, the default first of the second place.
_WORDS: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "victory": (
        ("linear", "square", "quartic", "octic", "binary"),
        "linear",
        "how the chance of winning grows with a coalition's strength",
    ),
    "election": (
        ("conditional", "markov-incentive", "markov-uniform"),
        "conditional",
        "how contests of pairs make one election over all options",
    ),
    "transitions": (
        ("deterministic", "stochastic"),
        "deterministic",
        "whether an actor takes the likeliest of its bargains, or each with its chance",
    ),
    "voting": (
        ("binary", "prop-bin", "prop", "prop-cbc", "cubic", "asym-prosp"),
        "prop",
        "how a vote grows with what is at stake for the voter",
    ),
    "risk_adjust": (
        ("none", "one-third", "half", "two-thirds", "full"),
        "one-third",
        "how much of another's risk attitude an actor takes into account",
    ),
    "risk_range": (("min", "mid", "max"), "mid", "risk attitudes from 0 to 1, -1/2 to 1, or -1 to 1"),
    "third_parties": (
        ("no-commit", "semi-commit", "full-commit"),
        "semi-commit",
        "whether one that joins a contest takes the winner's position",
    ),
    "interpolation": (
        ("s1p1", "s2p2", "s2pmax"),
        "s2p2",
        "how salience and chance place a bargain between two positions",
    ),
    "bargain": (
        ("init-only", "init-rcvr", "pair-weighted"),
        "init-only",
        "whose estimate makes a bargain: the initiator's, one of each, or their mean",
    ),
}
_RISK_SHARE = (0.0, 1.0 / 3.0, 0.5, 2.0 / 3.0, 1.0)
_RISK_RANGES = {"mid": 0, "min": 1, "max": 2}  # the kernel's order


def budgets(*, salience: Floats, capability: Floats) -> Floats:
    """Saliences (D, n, k) as shares of one attention: all divided by the largest total where that passes 1.

    ``salience`` 0..1 an issue; ``capability`` (D, n). Of each draw the largest total over the issues, of those with
    capability, becomes 1 where it is more; who cares more than whom is kept.

    >>> import numpy as np
    >>> budgets(salience=np.array([[[1.0, 1.0], [0.5, 0.25]]]), capability=np.ones((1, 2))).tolist()
    [[[0.5, 0.5], [0.25, 0.125]]]
    """
    total = np.sort(salience, axis=2).sum(axis=2)  # the same in any order of the issues
    largest = np.where(capability > 0, total, 0.0).max(axis=1, initial=1.0)
    # Rounding in a sum of shares that make 1 must not move them.
    largest = np.where(largest <= 1.0 + 1e-9, 1.0, largest)
    return salience / largest[:, None, None]


def _rules(settings: Mapping[str, Any], ktab: bool) -> Rules:
    from detente.outcome.spatial_turn import Rules  # numba only where it is needed

    code = {name: words.index(settings[name]) for name, (words, _, _) in _WORDS.items()}
    return Rules(
        victory=code["victory"],
        election=code["election"],
        stochastic=settings["transitions"] == "stochastic",
        voting=code["voting"],
        share=_RISK_SHARE[code["risk_adjust"]],
        risk_range=_RISK_RANGES[settings["risk_range"]],
        commitment=code["third_parties"],
        interpolation=code["interpolation"],
        bargain=code["bargain"],
        grid=0.0 if settings["rounding"] == "none" else 1e4,
        ktab=ktab,
    )


class _Scale:
    """Positions between the issues' scales and 0..1; those that did not move come back as they were written."""

    def __init__(self, inputs: OutcomeInputs):
        self.low, self.span = inputs.low, inputs.high - inputs.low
        self.written = inputs.position
        # Who has no stance on an issue, or does not count there, leaves it as it is.
        filled = np.where(np.isnan(inputs.position), inputs.status_quo[:, None, :], inputs.position)
        self.opening: Floats = np.ascontiguousarray((filled - self.low) / self.span)

    def back(self, unit: Floats) -> Floats:
        """Positions (..., D, n, k) of 0..1 on the issues' scales, NaN where there is no stance."""
        moved = np.where(unit == self.opening, self.written, self.low + unit * self.span)
        return np.where(np.isnan(self.written), np.nan, moved)


def _solve(inputs: OutcomeInputs, settings: Mapping[str, Any], keep_trajectory: bool, *, ktab: bool) -> OutcomeResult:
    from detente.outcome.spatial_kernel import run  # numba only where it is needed

    scale, rules = _Scale(inputs), _rules(settings, ktab)
    draws, actors, issues = inputs.position.shape
    capability = inputs.capability if ktab else _relative(inputs)
    given = (
        scale.opening,
        np.ascontiguousarray(budgets(salience=inputs.salience, capability=inputs.capability)),
        np.ascontiguousarray(capability, dtype=np.float64),
        entering(inputs),
        np.empty((0, actors, actors))
        if inputs.accommodation is None
        else np.ascontiguousarray(np.broadcast_to(inputs.accommodation, (draws, actors, actors)), dtype=np.float64),
        np.ascontiguousarray(settings["turns"]),
        _keys(inputs, settings, ktab),
        rules,
    )
    final, probability, holder, mean, mode, made = run(*given, _room(0, draws, actors, issues))
    unit = mean if settings["outcome"] == "mean" else mode
    settlement = _within(inputs, inputs.low + unit * (inputs.high - inputs.low))
    first = holder == np.arange(actors)
    result = OutcomeResult(
        settlement=settlement,
        reason=reasons(inputs, settlement, otherwise=UNHEARD),
        lottery=Lottery(scale.back(final), np.where(first, probability, 0.0)),
        internals={"turns": made},
        chance=settings["transitions"] == "stochastic",
    )
    if not keep_trajectory:
        return result
    trace = _room(int(made.max(initial=0)) + 1, draws, actors, issues)
    run(*given, trace)  # the turns are known only now, so the run is made again with room for just those
    path = scale.back(trace.path)
    return OutcomeResult(
        settlement=settlement,
        reason=result.reason,
        lottery=result.lottery,
        trajectory=path,
        moves=_moves(path, trace),
        bargains=_bargains(inputs, trace),
        chance=result.chance,
        internals={
            "turns": made,
            "probability": trace.probability,
            "risk": trace.risk,
            "ideal": scale.back(trace.ideal),
            "trace": trace,
        },
    )


def _keys(inputs: OutcomeInputs, settings: Mapping[str, Any], ktab: bool) -> np.ndarray:
    """A seed of chance a draw; KTAB's are its seed and on."""
    keys = np.zeros(inputs.draws, np.uint64) if inputs.keys is None else np.ascontiguousarray(inputs.keys, np.uint64)
    return keys + np.uint64(settings["seed"]) if ktab else keys


def _relative(inputs: OutcomeInputs) -> Floats:
    """Capability (D, n) by the largest of those who take part, so that the floors under votes are free of its unit.

    To twelve places, so that rounding in a change of unit does not decide a tie.
    """
    largest = np.where(inputs.salience.sum(axis=2) > 0, inputs.capability, 0.0).max(axis=1, initial=0.0, keepdims=True)
    return np.round(inputs.capability / np.where(largest > 0, largest, 1.0), 12)


def _within(inputs: OutcomeInputs, settlement: Floats) -> Floats:
    """No settlement lies outside the stances that count, or is without weight."""
    counted: Bools = entering(inputs)
    lowest = np.where(counted, inputs.position, np.inf).min(axis=1, initial=np.inf)
    highest = np.where(counted, inputs.position, -np.inf).max(axis=1, initial=-np.inf)
    weighty = (entering_weight(inputs) > 0).any(axis=1)
    return np.where(weighty, np.minimum(np.maximum(settlement, lowest), highest), np.nan)


def _room(states: int, draws: int, actors: int, issues: int) -> Trace:
    from detente.outcome.spatial_kernel import Trace

    each, turn = (states, draws, actors), (max(states - 1, 0), draws, actors)
    return Trace(
        path=np.zeros((*each, issues)),
        ideal=np.zeros((*each, issues)),
        probability=np.zeros(each),
        risk=np.zeros(each),
        target=np.full(turn, -1),
        chance=np.zeros(turn),
        gain=np.zeros(turn),
        terms=np.full((*turn, 2, 2, issues), np.nan),
        odds=np.zeros((*turn, 2, 2)),
        quo=np.zeros(turn),
        taken=np.full(turn, -1),
    )


def _moves(path: Floats, trace: Trace) -> tuple[tuple[Move, ...], ...]:
    """Who moved on which issue in each turn, by whose bargain."""
    found = []
    for t, taken in enumerate(trace.taken):
        changed = (path[t + 1] != path[t]) & ~np.isnan(path[t])
        found.append(
            tuple(
                Move(d, k, i, int(taken[d, i]) // 2, "bargain", float(path[t, d, i, k]), float(path[t + 1, d, i, k]))
                for d, i, k in np.argwhere(changed).tolist()
            )
        )
    return tuple(found)


def _bargains(inputs: OutcomeInputs, trace: Trace) -> tuple[tuple[Bargain, ...], ...]:
    """Every bargain of each turn, with what both sides made of it."""
    span, stance = inputs.high - inputs.low, ~np.isnan(inputs.position)
    found = []
    for t, target in enumerate(trace.target):
        turn = []
        for d, i in np.argwhere(target >= 0).tolist():
            j = int(target[d, i])
            for b in range(2):
                to = inputs.low + trace.terms[t, d, i, b] * span
                if np.isnan(trace.terms[t, d, i, b]).any():
                    continue
                ours, theirs = (
                    tuple(np.where(stance[d, who], at, np.nan).tolist()) for who, at in ((i, to[0]), (j, to[1]))
                )
                odds = trace.odds[t, d, i, b]
                took = [bool(trace.taken[t, d, who] == 2 * i + b) for who in (i, j)]
                chance, gain = float(trace.chance[t, d, i]), float(trace.gain[t, d, i])
                turn.append(
                    Bargain(d, i, j, chance, gain, ours, theirs, float(odds[0]), float(odds[1]), took[0], took[1])
                )
        found.append(tuple(turn))
    return tuple(found)


_OPTIONS = (
    *(
        Option(name, default=default, choices=words, meaning=meaning)
        for name, (words, default, meaning) in _WORDS.items()
    ),
    Option("turns", default=100, low=0, high=1000, integer=True, meaning="turns at most; fewer once moves are small"),
    Option(
        "outcome",
        default="mean",
        choices=("mean", "mode"),
        meaning="whether the settlement is the mean of the final positions by their chances, or the likeliest of them",
    ),
    Option(
        "rounding",
        default="grid",
        choices=("grid", "none"),
        meaning="whether bargains are rounded to ten-thousandths of the scale, as KTAB does",
    ),
)

_ASSUMES = {
    "moves": "pairs of actors bargain towards each other",
    "distance": FAR,
    "weight": "capability alone in the votes, salience in the bargains",
    "linked": TOGETHER,
    "failure": NO_FAILURE,
    "contest": "it opens a bargain, which each side may leave",
}

MODEL = Model(
    name="spatial",
    title="Spatial model of politics",
    solve=partial(_solve, ktab=False),
    options=_OPTIONS,
    moves_positions=True,
    joint=True,
    deals=True,
    assumes=_ASSUMES,
    source="KTAB (Wise, Lester & Efird 2015); Bueno de Mesquita 1994",
)

KTAB = Model(
    name="spatial-ktab",
    title="Spatial model of politics (as KTAB computes it)",
    solve=partial(_solve, ktab=True),
    options=(
        *_OPTIONS,
        Option(
            "seed",
            default=str(KTAB_SEED),
            low=0,
            high=2**64 - 1,
            exact=True,
            meaning="KTAB's seed, heeded with transitions: stochastic",
        ),
    ),
    moves_positions=True,
    joint=True,
    deals=True,
    assumes=_ASSUMES,
    source="KTAB (Wise, Lester & Efird 2015), commit 3b5b0635",
)
