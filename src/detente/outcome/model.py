"""What every collective-decision model is: a name, options, and a pure function from inputs to a settlement.

Nothing here imports a model, nor numba, so that checking a scenario's ``models:`` stays quick.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools, Floats, OutcomeInputs
from detente.errors import UsageError, nearest

NO_STANCE = "no actor has a stance"
NO_WEIGHT = "all weights are zero"

# What models take for granted differently: each question with the words that lead to a model's answer.
ASSUMPTIONS = {
    "moves": "whether actors move before anything is settled",
    "distance": "what the settlement follows",
    "weight": "what gives an actor weight",
    "linked": "whether one issue bears on another",
    "failure": "what failing to agree is worth",
    "contest": "what comes of a challenge",
}
STILL, ALONE, TOGETHER = "nobody moves", "each issue is settled by itself", "all issues are settled together"
NO_CONTEST = "nobody challenges anybody"
FAR, SIDE = "how far out positions lie", "the order of positions alone"
MOVED = "how far out positions lie while actors move, then their order"
BOTH_WEIGHTS, NO_FAILURE = "capability times salience", "nothing is said of failure"


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of a model: a number between ``low`` and ``high``, or one of ``choices``.

    A number may be given as a scalar or as one value per draw, shape (D,): it can be a drawn quantity. An
    ``exact`` option is a whole number beyond what a float holds (a seed), the same in all draws, given as an
    integer or its digits.
    """

    name: str
    default: float | str
    low: float | None = None
    high: float | None = None
    integer: bool = False
    exact: bool = False
    choices: tuple[str, ...] = ()
    meaning: str = ""
    note: str = ""  # why the range is what it is, shown when a value is refused

    @property
    def numeric(self) -> bool:
        """Whether the option is a number that may be drawn (else one of ``choices``, or exact)."""
        return not self.choices and not self.exact

    @property
    def expected(self) -> str:
        """What a valid value is, in words."""
        if self.choices:
            return "expected " + " or ".join(self.choices)
        if self.exact:
            return f"expected a whole number from {self.low} to {self.high}"
        kind = "a whole number" if self.integer else "a number"
        span = f"{self.low:g}" if self.low == self.high else f"{kind} from {self.low:g} to {self.high:g}"
        return f"expected {span}" + (f": {self.note}" if self.note else "")


class OptionFault(NamedTuple):
    """One thing wrong with a model's options."""

    option: str
    found: str
    expected: str
    suggestion: str | None


class Move(NamedTuple):
    """One actor's move in one round: ``actor`` took the offer that ``maker`` made, which may be its own."""

    draw: int
    issue: int
    actor: int
    maker: int
    kind: str  # confrontation, compromise, capitulation or bargain
    before: float  # position, on the issue's scale
    after: float


class Exchange(NamedTuple):
    """A trade of positions: ``i`` gave way on ``supply_i``, ``j`` on ``supply_j``, and each got what it wanted more.

    Gains are in points of an issue's scale (of 100) times salience; positions and outcomes on the issues' scales.
    """

    draw: int
    i: int
    supply_i: int
    j: int
    supply_j: int
    gain_i: float
    gain_j: float
    before_i: float  # position of i on supply_i
    after_i: float
    before_j: float
    after_j: float
    outcome_i: tuple[float, float]  # on supply_i, before and after, as the two see it
    outcome_j: tuple[float, float]
    external: tuple[float, ...]  # (n,), what it is worth to each other actor, 0 for the two themselves
    inner: tuple[bool, ...]  # (n,), whether an actor stands where one of the two stands: on its sides of both outcomes


class Bargain(NamedTuple):
    """What one actor proposed to another in one round, over all issues at once, and what came of it."""

    draw: int
    initiator: int
    receiver: int
    chance: float  # that the initiator would prevail, as it sees it, 0..1
    gain: float  # of the initiator from challenging, as it sees it
    initiator_to: tuple[float, ...]  # (k,), where it would stand, on the issues' scales; NaN without a stance
    receiver_to: tuple[float, ...]
    initiator_odds: float  # that this is chosen among all that the initiator could do, 0..1
    receiver_odds: float
    initiator_took: bool
    receiver_took: bool


@dataclass(frozen=True)
class Lottery:
    """A distribution over positions, all issues at once: actors that stand together are one position."""

    position: Floats  # (D, n, k), on the issues' scales; NaN where there is no stance
    probability: Floats  # (D, n), by the first actor that holds a position, 0 for the others; sums to 1


@dataclass(frozen=True)
class OutcomeResult:
    """What a model says of every draw and issue."""

    settlement: Floats  # (D, k), on the issue's scale; NaN where there is none
    reason: Mapping[int, str] = field(default_factory=dict)  # issue index -> why some draws have none
    trajectory: Floats | None = None  # (T + 1, D, n, k): turn 0 is the opening; NaN where there is no stance
    moves: tuple[tuple[Move, ...], ...] | None = None  # per round, T of them
    exchanges: tuple[tuple[Exchange, ...], ...] | None = None  # per round, in the order made; of a model with trades
    potential: NDArray[np.int64] | None = None  # (m, 5): draw, i, issue it gives way on, j, issue it gives way on
    bargains: tuple[tuple[Bargain, ...], ...] | None = None  # per round, of a model with bargains
    lottery: Lottery | None = None  # of a model whose outcome is a chance among the final positions
    internals: Mapping[str, Any] = field(default_factory=dict)  # what else a model traced, by turn
    chance: bool = False  # whether the model's own chance had a part in it

    @property
    def share_none(self) -> Floats:
        """Share of the draws without a settlement, by issue, shape (k,), 0..1."""
        return np.isnan(self.settlement).sum(axis=0) / max(len(self.settlement), 1)


@dataclass(frozen=True)
class Model:
    """A collective-decision model.

    ``solve(inputs, settings, keep_trajectory)`` gets every option: choices as strings, numbers as arrays of
    shape (D,), whole ones as int64, exact ones as int.
    """

    name: str
    title: str
    solve: Callable[[OutcomeInputs, Mapping[str, Any], bool], OutcomeResult]
    options: tuple[Option, ...] = ()
    moves_positions: bool = False
    joint: bool = False  # issues are settled together: what is said on one bears on another
    deals: bool = False  # whom actors deal with is part of the answer: exchanges or bargains
    source: str = ""
    assumes: Mapping[str, str] = field(default_factory=dict)  # of ASSUMPTIONS, the model's answers
    assumes_with: Mapping[tuple[str, str], Mapping[str, str]] = field(
        default_factory=dict
    )  # (option, choice) -> changes

    def assumptions(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """What the model takes for granted under these settings of its choices: answers to `ASSUMPTIONS`.

        >>> from detente.outcome import registry
        >>> registry.get("pivot").assumptions({"weight": "capability"})["weight"]
        'capability alone'
        """
        found = dict(self.assumes)
        for option in self.options:
            chosen = str(settings.get(option.name, option.default))
            found |= self.assumes_with.get((option.name, chosen), {})
        return {question: found[question] for question in ASSUMPTIONS}

    def run(self, inputs: OutcomeInputs, *, keep_trajectory: bool = False, **options: Any) -> OutcomeResult:
        """Settle every draw and issue, each draw on its own.

        ``options`` are those of ``self.options``; numbers as scalars or arrays of shape (D,).
        ``keep_trajectory`` asks a model that moves positions for the whole path and for who moved whom. A
        draw and issue without any weight settles nowhere: NaN, with the reason. Raises `UsageError` for an
        unknown or impossible option.

        >>> import numpy as np
        >>> from detente.arrays import OutcomeInputs
        >>> from detente.outcome import registry
        >>> two = OutcomeInputs(
        ...     position=np.array([[[0.0], [100.0]]]), salience=np.ones((1, 2, 1)),
        ...     capability=np.array([[3.0, 1.0]]), status_quo=np.zeros((1, 1)),
        ...     low=np.zeros(1), high=np.full(1, 100.0))
        >>> registry.get("mean").run(two).settlement.tolist()
        [[25.0]]
        """
        faults = check_options(self, options, draws=inputs.draws)
        if faults:
            raise UsageError("\n".join(_line(self.name, fault) for fault in faults))
        settings: dict[str, Any] = {}
        for option in self.options:
            value = options.get(option.name, option.default)
            if option.numeric:
                value = np.broadcast_to(np.asarray(value, dtype=np.float64), (inputs.draws,))
                value = np.rint(value).astype(np.int64) if option.integer else value
            elif option.exact:
                value = exact_value(option, value)
            settings[option.name] = value
        return self.solve(inputs, settings, keep_trajectory)


def check_options(model: Model, options: Mapping[str, Any], draws: int | None = None) -> list[OptionFault]:
    """Everything wrong with `options` for `model`, in the order given; an empty list where nothing is.

    Numbers are scalars or arrays of shape (D,); with `draws` the length of an array is checked too.

    >>> from detente.outcome import registry
    >>> check_options(registry.get("expected-utility"), {"round": 5})[0].suggestion
    'rounds'
    """
    known = {option.name: option for option in model.options}
    faults = []
    for name, value in options.items():
        option = known.get(name)
        if option is None:
            names = ", ".join(known)
            expected = f"expected one of {names}" if known else f"{model.name} has no options"
            faults.append(OptionFault(str(name), "unknown option", expected, nearest(name, known)))
        elif not _fits(option, value):
            guess = nearest(value, option.choices) if isinstance(value, str) else None
            faults.append(OptionFault(name, f"found {_shown(value)}", option.expected, guess))
        elif draws is not None and np.shape(value) not in ((), (1,), (draws,)):
            found = f"found {np.shape(value)[0]} values"
            faults.append(OptionFault(name, found, f"expected one, or one for each of {draws} draws", None))
    return faults


def _fits(option: Option, value: Any) -> bool:
    if option.exact:
        return exact_value(option, value) is not None
    if not option.numeric:
        return isinstance(value, str) and value in option.choices
    try:
        numbers = np.asarray(value)
    except ValueError:  # a ragged list
        return False
    if numbers.dtype.kind not in "iuf" or numbers.ndim > 1:
        return False
    numbers = numbers.astype(np.float64)
    low = -np.inf if option.low is None else option.low
    high = np.inf if option.high is None else option.high
    inside = bool(np.all(np.isfinite(numbers) & (numbers >= low) & (numbers <= high)))
    return inside and (not option.integer or bool(np.all(numbers == np.rint(numbers))))


def exact_value(option: Option, value: Any) -> int | None:
    """The whole number that an exact option holds, or None where `value` is not one within its range."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        return None
    inside = (option.low is None or value >= option.low) and (option.high is None or value <= option.high)
    return int(value) if inside else None


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _line(model: str, fault: OptionFault) -> str:
    guess = f" (did you mean {fault.suggestion}?)" if fault.suggestion else ""
    return f"models.{model}.{fault.option}: {fault.found}; {fault.expected}{guess}"


def entering(inputs: OutcomeInputs) -> Bools:
    """Which actors enter which issue, shape (D, n, k): those with a stance and a salience above 0."""
    return ~np.isnan(inputs.position) & (inputs.salience > 0)


def entering_weight(inputs: OutcomeInputs) -> Floats:
    """Capability times salience of the actors that enter an issue, 0 for the others; shape (D, n, k)."""
    return np.where(entering(inputs), inputs.weight, 0.0)


def reasons(inputs: OutcomeInputs, settlement: Floats, otherwise: str = NO_WEIGHT) -> dict[int, str]:
    """Why issues have draws without a settlement: issue index -> reason, for those issues only.

    ``otherwise`` is the reason where there was weight and yet no settlement. Several reasons on one issue are
    joined, so that parts of a run can be told together.
    """
    found: dict[int, str] = {}
    missing: NDArray[np.bool_] = np.isnan(settlement)
    if not missing.any():
        return found
    stance = np.logical_or.reduce(~np.isnan(inputs.position), axis=1)
    weight = np.logical_or.reduce(entering_weight(inputs) > 0, axis=1)
    for issue in np.flatnonzero(missing.any(axis=0)).tolist():
        lost = missing[:, issue]
        kinds = (
            (NO_STANCE, ~stance[:, issue]),
            (NO_WEIGHT, stance[:, issue] & ~weight[:, issue]),
            (otherwise, weight[:, issue]),
        )
        found[issue] = "; ".join(reason for reason, where in kinds if (where & lost).any())
    return found
