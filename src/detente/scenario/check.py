"""What a careful reader would ask of a scenario that has no faults: how much of it is sourced, and what looks odd."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detente.errors import UsageError
from detente.scenario.quantity import Ref
from detente.scenario.situation import Number, Situation


@dataclass(frozen=True)
class CheckReport:
    """Counts of the numbers that models use, by what stands behind them, and warnings."""

    scenario: str
    as_of: str
    numbers: int
    sourced: int  # with a citation
    judged: int  # with a reason but no citation
    unsourced: int  # with neither; defaults are among them
    defaults: int
    uncertain: int  # with a range
    warnings: tuple[str, ...]
    unsourced_paths: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {**self.__dict__, "warnings": list(self.warnings), "unsourced_paths": list(self.unsourced_paths)}


def check(situation: Situation) -> CheckReport:
    """Count and warn."""
    numbers = list(situation.numbers.values())
    sourced = [n for n in numbers if n.provenance.cite]
    judged = [n for n in numbers if not n.provenance.cite and n.provenance.because]
    bare = [n for n in numbers if not n.provenance.cite and not n.provenance.because]
    return CheckReport(
        situation.id,
        situation.as_of.isoformat(),
        len(numbers),
        len(sourced),
        len(judged),
        len(bare),
        sum(n.origin == "default" for n in numbers),
        sum(not n.quantity.is_exact for n in numbers),
        tuple(_warnings(situation)),
        tuple(n.path for n in bare if n.origin != "default"),
    )


def _ends(number: Number) -> tuple[float, float]:
    return (number.low, number.high) if isinstance(number.quantity, Ref) else number.quantity.support()


def _warnings(situation: Situation) -> list[str]:
    found = []
    for issue, (low, high) in situation.scales.items():
        places = [
            _ends(n)
            for path, n in situation.numbers.items()
            if path.endswith(".position") and path.split(".")[2] == issue
        ]
        places.append(_ends(situation.numbers[f"issues.{issue}.status_quo"]))
        least, most = min(a for a, _ in places), max(b for _, b in places)
        if least > low or most < high:
            found.append(
                f"issues.{issue}: the scale runs from {low:g} to {high:g}, every position and the status quo lie "
                f"from {least:g} to {most:g}; utilities depend on its span"
            )
    for path, number in situation.numbers.items():
        if type(number.quantity).__name__ == "Unknown":
            found.append(f"{path}: unknown, so it is drawn from its whole range, {number.low:g} to {number.high:g}")
    for actor in situation.required:
        if not any((actor, issue) in situation.stances for issue in situation.issues):
            found.append(f"actors.{actor}: a required party without a stance in force on {situation.as_of}")
    scenario = situation.scenario
    if scenario is not None:
        found += _unmet(situation)
        late = [s for s in scenario.sources.values() if s.date and s.date > situation.as_of]
        used = {c.split("@")[0] for n in situation.numbers.values() for c in n.provenance.cite}
        found += [
            f"sources.{s.id}: published {s.date}, after {situation.as_of}, and cited by a number in force"
            for s in late
            if s.id in used
        ]
        found += [
            f"sources.{s.id}: cited by a number in force, and not read by the coder"
            for s in scenario.sources.values()
            if s.read is False and s.id in used
        ]
    return found


def _unmet(situation: Situation) -> list[str]:
    """Where the strategic conflict has other equilibria than the file expects."""
    from detente.scenario.expected import equilibria_of, written

    found = []
    for number, expected in enumerate(situation.scenario.equilibria):
        for concept, states in equilibria_of(situation.scenario, expected).items():
            place = f"expect[{number}].equilibria.{concept}"
            try:
                wanted = written(situation, expected.equilibria[concept])
            except UsageError as error:
                found.append(f"{place}: {error}")
                continue
            if states != wanted:
                shown, told = (", ".join(names) or "none" for names in (states, wanted))
                found.append(f"{place}: found {shown}; the file expects {told}")
    return found
