"""How far an answer may be trusted: the side of one half under simulation error, other rules and unsourced numbers.

*The model cannot say* when the side of 50 % changes (a) within simulation error, (b) under another settlement rule
or outcome model, or (c) within the range of a number with neither `cite` nor `because`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np

from detente.analysis import measures
from detente.analysis.intervals import wilson
from detente.analysis.measures import Measure
from detente.analysis.study import Evaluation, Study
from detente.scenario.situation import Number

RULE_DRAWS = 400  # draws in which other settlement rules are tried: the joint Nash point is dear to find
SCREEN = 1000  # draws in which every unsourced number is tried at both ends
RULES = ("compromise", "nash", "mean", "median", "nash-bargaining")
KEPT = 8  # of which so many are tried again on a whole block


@dataclass(frozen=True)
class Verdict:
    """What stands behind a share, and whether the model can say on which side of one half it lies."""

    measure: str
    p: float
    low: float
    high: float
    alternatives: list[dict[str, Any]] = field(default_factory=list)  # {"rule", "p", "draws"}: of so many draws
    unsourced: list[dict[str, Any]] = field(default_factory=list)  # {"path", "low_p", "high_p"}
    jointly: dict[str, Any] | None = None  # over the ranges of the three most influential unsourced numbers
    untried: int = 0  # unsourced numbers whose ranges were not tried
    can_say: bool = True
    why_not: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return dict(self.__dict__)


def _ends(number: Number) -> tuple[float, float]:
    """The ends of a number's range; of one without hard ends its 1 % and 99 % quantiles."""
    low, high = number.quantity.support()
    tails = number.quantity.ppf(np.array([0.01, 0.99]))
    return (
        low if np.isfinite(low) else float(tails[0]),
        high if np.isfinite(high) else float(tails[1]),
    )


def _open(study: Study, measure: Measure) -> list[str]:
    """Numbers with a range of their own and neither a citation nor a reason."""
    return [
        path
        for path, number in study.situation.numbers.items()
        if measure.reads(path)
        and not number.quantity.is_exact
        and not getattr(number.quantity, "refs", ())
        and not number.provenance.cite
        and not number.provenance.because
    ]


def verdict(study: Study, name: str) -> Verdict:
    """Whether the model can say on which side of one half the share `name` lies, and what would settle it."""
    return verdicts(study, [name])[0]


def verdicts(study: Study, names: Sequence[str]) -> list[Verdict]:
    """The verdict on each of several shares, all from the same draws under each settlement rule."""
    block = study.block(0)
    rules = _other_rules(block)
    return [_judged(study, name, block, rules) for name in names]


def _judged(study: Study, name: str, block: Evaluation, rules: Sequence[tuple[str, Evaluation]]) -> Verdict:
    measure = measures.measure(study.situation, name)

    def p_of(evaluation: Evaluation) -> float:
        return float(np.mean(measure(evaluation)))

    everything = [float(measure(block if b == 0 else study.block(b)).sum()) for b in study.blocks]
    share = wilson(round(sum(everything)), study.sampler.draws, exact=study.central)
    alternatives = _alternatives(measure, rules)
    small = block.take(np.arange(min(SCREEN, block.size)))
    numbers = study.situation.numbers

    def tried(evaluation: Evaluation, path: str) -> dict[str, Any]:
        low, high = (p_of(evaluation.with_overrides({path: end})) for end in _ends(numbers[path]))
        return {"path": path, "low_p": low, "high_p": high}

    screened = [tried(small, path) for path in _open(study, measure)]
    screened.sort(key=lambda row: -abs(row["high_p"] - row["low_p"]))
    unsourced = [tried(block, row["path"]) for row in screened[:KEPT] if row["low_p"] != row["high_p"]]
    unsourced.sort(key=lambda row: -abs(row["high_p"] - row["low_p"]))
    jointly = None
    if unsourced:
        top = [row["path"] for row in unsourced[:3]]
        corners = [
            p_of(block.with_overrides(dict(zip(top, corner, strict=True))))
            for corner in product(*(_ends(numbers[path]) for path in top))
        ]
        jointly = {"paths": top, "low_p": min(*corners, share.p), "high_p": max(*corners, share.p)}
    why_not = _why_not(share.p, share.low, share.high, alternatives, unsourced)
    return Verdict(
        name, share.p, share.low, share.high, alternatives, unsourced, jointly, can_say=not why_not, why_not=why_not
    )


def glance(study: Study, shares: Mapping[str, Mapping[str, Any]]) -> list[Verdict]:
    """The verdict on shares that are already known, by simulation error and other settlement rules, at once.

    `shares` holds ``p``, ``low`` and ``high`` for each measure. The ranges of unsourced numbers, which
    are dear to try, are not; ``untried`` counts them.
    """
    if not shares:
        return []
    rules = _other_rules(study.block(0))
    found = []
    for name, share in shares.items():
        measure = measures.measure(study.situation, name)
        alternatives = _alternatives(measure, rules)
        p, low, high = (share[key] for key in ("p", "low", "high"))
        why_not = _why_not(p, low, high, alternatives, [])
        told = Verdict(name, p, low, high, alternatives, untried=len(_open(study, measure)))
        found.append(replace(told, can_say=not why_not, why_not=why_not))
    return found


def _alternatives(measure: Measure, rules: Sequence[tuple[str, Evaluation]]) -> list[dict[str, Any]]:
    return [{"rule": rule, "p": float(np.mean(measure(other))), "draws": other.size} for rule, other in rules]


def _other_rules(block: Evaluation) -> list[tuple[str, Evaluation]]:
    """The first draws of a block under each settlement rule that is not the scenario's: the same for every question."""
    some = block.take(np.arange(min(RULE_DRAWS, block.size)))
    return [
        (rule, some.on(replace(block.situation, settlement=rule)))
        for rule in RULES
        if rule != block.situation.settlement
    ]


def _why_not(
    p: float, low: float, high: float, alternatives: list[dict[str, Any]], unsourced: list[dict[str, Any]]
) -> list[str]:
    side = p >= 0.5
    found = []
    if low < 0.5 <= high and low != high:
        found.append("simulation error")
    found += [f"settlement rule {row['rule']}" for row in alternatives if (row["p"] >= 0.5) != side]
    found += [row["path"] for row in unsourced if any((row[end] >= 0.5) != side for end in ("low_p", "high_p"))]
    return found
