"""All levers, and all pairs of them, by the smallest change that brings a probability to a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.intervals import wilson
from detente.analysis.study import Evaluation, Study
from detente.analysis.tip_subject import Path, Subject, check_target, resolve, subject
from detente.analysis.tipping import TipResult
from detente.errors import UsageError


@dataclass(frozen=True)
class _Candidate:
    """One lever, or a pair moved by the same fraction of both, each towards its own helpful end."""

    levers: tuple[Path, ...]


def _shifted(
    evaluations: Sequence[Evaluation], what: Subject, levers: Sequence[Path], signs: Sequence[int], fraction: float
) -> float:
    """The probability with each level moved by a fraction of its limits' width, held at the limit."""
    count = 0
    size = 0
    for evaluation in evaluations:
        changes = {
            lever.path: np.clip(evaluation.written(lever.path) + sign * fraction * lever.width, lever.low, lever.high)
            for lever, sign in zip(levers, signs, strict=True)
        }
        count += int((what.of(evaluation.with_overrides(changes)) >= 0).sum())
        size += evaluation.size
    return count / size


def _rank_one(
    evaluations: Sequence[Evaluation], what: Subject, now: float, target: float, candidate: _Candidate
) -> dict[str, Any]:
    gain = now < target  # there already: look for the change that loses it
    signs = []
    for lever in candidate.levers:
        ends = {sign: _shifted(evaluations, what, [lever], [sign], 1.0) for sign in (1, -1)}
        # Towards the end that helps (or, to lose it, harms) most; upwards where both ends do the same.
        up_is_better = ends[1] >= ends[-1] if gain else ends[1] <= ends[-1]
        signs.append(1 if up_is_better else -1)

    def p_at(fraction: float) -> float:
        return _shifted(evaluations, what, candidate.levers, signs, fraction)

    def flipped(p: float) -> bool:
        return p >= target if gain else p < target

    steps = np.linspace(0, 1, 17)
    fraction, before, limit = None, 0.0, p_at(1.0)
    for step in steps[1:]:
        p = limit if step == 1 else p_at(float(step))
        if flipped(p):
            low, high = before, float(step)
            while high - low > 1e-3:
                middle = (low + high) / 2
                low, high = (low, middle) if flipped(p_at(middle)) else (middle, high)
            fraction = high
            break
        before = float(step)

    def mean_level(lever: Path, change: float) -> float:
        levels = [np.clip(e.written(lever.path) + change * lever.width, lever.low, lever.high) for e in evaluations]
        return float(np.concatenate(levels).mean())

    level = None
    if fraction is not None:
        level = [mean_level(x, s * fraction) for x, s in zip(candidate.levers, signs, strict=True)]
    present = [mean_level(lever, 0.0) for lever in candidate.levers]
    limits = [[lever.low, lever.high] for lever in candidate.levers]
    labels = [lever.label for lever in candidate.levers]
    single = len(labels) == 1
    return {
        "lever": labels[0] if single else labels,
        "direction": ["up" if s > 0 else "down" for s in signs][0 if single else slice(None)],
        "now": present[0] if single else present,
        "limits": limits[0] if single else limits,
        "fraction_of_range": fraction,
        "level": level[0] if level and single else level,
        "p_at_limit": limit,
    }


def rank(
    study: Study,
    *,
    actor: str | None = None,
    measure: str | None = None,
    above: float | None = None,
    target: float = 0.5,
    levers: Sequence[str] | None = None,
    pairs: bool = True,
    workers: int = 1,
    progress: Progress | None = None,
) -> TipResult:
    """All levers, and all pairs, by the smallest change that brings the probability to the target.

    The change is a fraction of the width of the lever's limits, made in every draw from its present level and held
    at the limit. Where the probability is at the target already, the change that loses it.
    """
    what = subject(study, actor=actor, measure=measure, above=above)
    check_target(target)
    situation = study.situation
    single = [resolve(study, name) for name in (levers if levers is not None else [x.id for x in situation.levers])]
    if not single:
        raise UsageError("tip: the scenario has no `levers`; expected --lever PATH, or levers in the file")
    evaluations = [study.block(b) for b in study.blocks]
    holds = np.concatenate([what.of(e) >= 0 for e in evaluations])
    now = wilson(int(holds.sum()), len(holds), exact=study.central)
    candidates = [_Candidate((lever,)) for lever in single]
    if pairs:
        candidates += [_Candidate(pair) for pair in combinations(single, 2)]
    task = partial(_rank_one, evaluations, what, now.p, target)
    rows = list(map_blocks(task, candidates, workers=workers, progress=progress, what="levers and pairs"))
    better = -1 if now.p < target else 1
    rows.sort(key=lambda r: (r["fraction_of_range"] is None, r["fraction_of_range"] or 0.0, better * r["p_at_limit"]))
    return TipResult(
        scenario=situation.id,
        measure=what.name,
        actor=actor,
        target=target,
        draws=study.draws,
        seed=study.seed,
        central=study.central,
        now=now.to_dict(),
        ranking=rows,
        _situation=situation,
    )
