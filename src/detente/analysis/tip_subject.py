"""What a tipping point is asked of: the decision to flip, and the path that is moved between its limits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np

from detente.analysis import measures
from detente.analysis.measures import Measure
from detente.analysis.study import Evaluation, Study
from detente.arrays import Floats
from detente.errors import UsageError, nearest


@dataclass(frozen=True)
class Subject:
    """What is to be tipped: it holds in a draw where the measure is at least the threshold."""

    name: str
    measure: Measure
    threshold: float
    continuous: bool

    def of(self, evaluation: Evaluation) -> Floats:
        """How far the measure is above the threshold in each draw, shape (D,)."""
        return self.measure(evaluation) - self.threshold


def subject(
    study: Study, *, actor: str | None = None, measure: str | None = None, above: float | None = None
) -> Subject:
    """An actor's margin, the least margin of the talks, or any measure (a value one needs a threshold, `above`)."""
    situation = study.situation
    if measure is None:
        if not situation.has_talks or not situation.required:
            raise UsageError("tip: the scenario has no `talks`; expected a scenario with talks, or --measure")
        if actor is None:
            return Subject("convene", measures.measure(situation, "least_margin"), 0.0, True)
        if actor not in situation.actors:
            raise UsageError(_unknown("--actor", actor, situation.actors))
        return Subject(f"comes.{actor}", measures.measure(situation, f"margin.{actor}"), 0.0, True)
    chosen = measures.measure(situation, measure)
    if chosen.kind == "share":
        if measure.split(".")[0] in ("comes", "convene"):  # the margin behind the decision says how far it is
            return subject(study, actor=measure.partition(".")[2] or None)
        return Subject(measure, chosen, 0.5, False)
    if above is None:
        raise UsageError(f"--above: {measure} is a value and not a share; expected the threshold that it should pass")
    return Subject(f"{measure} >= {above:g}", chosen, above, True)


def _unknown(flag: str, name: str, valid: Sequence[str]) -> str:
    close = nearest(name, valid)
    hint = f" (did you mean {close}?)" if close else ""
    return f"{flag}: found {name!r}; expected one of {', '.join(list(valid)[:12])}{hint}"


def _no_lever(name: str, levers: Sequence[str], numbers: Collection[str]) -> str:
    """What is said of a lever that is none: the three levers whose names come nearest, and that any number will do."""
    close = nearest(name, [*levers, *numbers])
    hint = f" (did you mean {close}?)" if close else ""
    near = ", ".join(get_close_matches(name, levers, n=3, cutoff=0.0))
    expected = f"a lever, such as {near}, or the path of a number" if near else "the path of a number"
    return f"--lever: found {name!r}; expected {expected}{hint}"


@dataclass(frozen=True)
class Path:
    """A numeric path that can be moved, and between which limits."""

    label: str  # as asked for: a lever's id or a path
    path: str
    low: float
    high: float

    @property
    def width(self) -> float:
        """Distance between the limits."""
        return self.high - self.low


def resolve(study: Study, name: str, limits: tuple[float, float] | None = None) -> Path:
    """The path of a lever's level, or of any number, with its limits."""
    situation = study.situation
    for lever in situation.levers:
        if lever.id == name:
            path, low, high = f"levers.{name}.level", *lever.limits
            break
    else:
        if name not in situation.numbers:
            raise UsageError(_no_lever(name, [x.id for x in situation.levers], situation.numbers))
        number = situation.numbers[name]
        path, low, high = name, number.low, number.high
    if limits is not None:
        number = situation.numbers[path]
        if not limits[0] < limits[1]:
            raise UsageError(f"--limits: found {limits[0]:g},{limits[1]:g}; expected the lower limit first")
        if limits[0] < number.field.low or limits[1] > number.field.high:
            raise UsageError(
                f"--limits: found {limits[0]:g},{limits[1]:g}; "
                f"expected limits within {number.field.low:g} and {number.field.high:g}, the range of {path}"
            )
        low, high = limits
    if not (np.isfinite(low) and np.isfinite(high)):
        raise UsageError(f"--limits: {path} has no upper end; expected --limits LOW,HIGH")
    number = situation.numbers[path]
    if number.field.low_open and low <= number.field.low:
        low = float(np.nextafter(low, high)) if low else 1e-9
    if number.field.high_open and high >= number.field.high:
        high = float(np.nextafter(high, low))
    return Path(name, path, float(low), float(high))


def check_target(target: float) -> None:
    """Refuse a target that is no probability."""
    if not 0 < target < 1:
        raise UsageError(f"--target: found {target:g}; expected a probability between 0 and 1")
