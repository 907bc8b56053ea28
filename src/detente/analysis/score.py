"""Forecasts against what happened: Brier and logarithmic scores, errors on the issues, beside the file's baseline.

Brier (1950, *Monthly Weather Review* 78:1), in its half form `(p - happened)**2`, and the logarithmic score
`-ln p(what happened)` (Good 1952, *JRSS B* 14:107): lower is better in both. A share over n draws enters the
logarithmic score as (count + 1/2) / (n + 1), for no number of draws can show that something is impossible.
A single case says next to nothing about a model; scores are for many cases.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.results import Result
from detente.analysis.study import Study
from detente.arrays import Floats
from detente.errors import UsageError
from detente.scenario.situation import Situation

NO_BASELINE = 0.5


@dataclass(frozen=True)
class Forecast:
    """One yes-or-no forecast and what came of it."""

    question: str
    p: float
    happened: bool
    brier: float
    log: float
    baseline: float
    baseline_from: str  # "file" or "none given: one half"
    baseline_brier: float
    baseline_log: float


@dataclass(frozen=True)
class Estimate:
    """One forecast of a position on an issue and what was agreed."""

    measure: str
    value: float  # the mean over draws
    happened: float
    error: float
    within_90: bool  # between the 5 % and 95 % quantile
    crps: float  # continuous ranked probability score, in the issue's unit


@dataclass(frozen=True)
class Case:
    """A scenario's forecasts against its outcome."""

    scenario: str
    as_of: str
    known_on: str | None
    forecasts: Sequence[Forecast]
    estimates: Sequence[Estimate]
    hindsight: int = 0  # numbers in force that cite a source of after the day


@dataclass(frozen=True)
class ScoreResult(Result):
    """Scores a case, and their means."""

    draws: int
    seed: int
    cases: Sequence[Case]
    mean: dict[str, float | None]
    _situations: Any = field(default=None, repr=False, compare=False)

    def rows(self) -> list[dict[str, Any]]:
        """One record a forecast or estimate."""
        return [{"scenario": c.scenario, **row.__dict__} for c in self.cases for row in (*c.forecasts, *c.estimates)]

    def sentences(self) -> list[str]:
        """The result in words."""
        from detente.report.sentences import score_sentences

        return score_sentences(self._situations, self.to_dict())

    def charts(self) -> list[Any]:
        """No picture: one case is not a calibration."""
        return []


def brier(p: float, happened: bool) -> float:
    """``(p - happened)**2``, 0 (best) to 1.

    >>> brier(0.8, True)
    0.04
    """
    return round((p - happened) ** 2, 15)


def log_score(p: float, happened: bool) -> float:
    """Minus the natural logarithm of the probability given to what happened, 0 (best) upwards."""
    given = p if happened else 1 - p
    return math.inf if given <= 0 else -math.log(given)


def crps(values: Floats, happened: float) -> float:
    """Continuous ranked probability score of a sample (Gneiting & Raftery 2007, *JASA* 102:359, eq. 21)."""
    x = np.sort(values)
    n = len(x)
    spread = float((x * (2 * np.arange(1, n + 1) - n - 1)).sum()) / (n * n)
    return float(np.abs(x - happened).mean()) - spread


def _forecast(question: str, count: float, n: int, happened: bool, baselines: dict[str, float]) -> Forecast:
    p = count / n
    given = baselines.get(question)
    base = NO_BASELINE if given is None else given
    return Forecast(
        question,
        p,
        happened,
        brier(p, happened),
        log_score((count + 0.5) / (n + 1), happened),
        base,
        "none given: one half" if given is None else "file",
        brier(base, happened),
        log_score(base, happened),
    )


def _block(study: Study, want_rounds: bool, models: Sequence[str], number: int) -> dict[str, Any]:
    evaluation = study.block(number)
    found: dict[str, Any] = {"n": evaluation.size}
    situation = evaluation.situation
    if situation.has_talks and situation.required:
        ready = evaluation.readiness
        found["convene"] = int(ready.convene.sum())
        found["settlement"] = ready.settlement
        if want_rounds and len(situation.required) >= 2:
            for name in ("agreement", "collapse", "expiry"):
                found[name] = int((getattr(evaluation.rounds, name) & ready.convene).sum())
    for model in models:
        found[f"outcome.{model}"] = evaluation.outcome(model).settlement
    return found


def _models(situation: Situation, asked: Sequence[str] | None) -> tuple[str, ...]:
    """The outcome models to score: those named, else those that a run without names takes."""
    from detente.outcome.registry import get, usual

    if asked is None:
        return usual(situation.configured)
    return tuple(get(name).name for name in dict.fromkeys(asked))


def _case(
    study: Study, models: Sequence[str] | None, *, workers: int, executor: Executor | None, progress: Progress | None
) -> Case:
    situation = study.situation
    happened = getattr(situation.scenario, "outcome", None)
    if happened is None:
        raise UsageError(f"score: {situation.id} has no `outcome`; expected what happened, as the scenario format says")
    talks, agreed = happened.talks, dict(happened.issues or {})
    known = {issue: value for issue, value in agreed.items() if value is not None}
    models = _models(situation, models) if known else ()
    task = partial(_block, study, talks is not None and talks.ended is not None, models)
    parts = list(map_blocks(task, study.blocks, workers=workers, executor=executor, progress=progress))
    n = sum(part["n"] for part in parts)
    baselines = dict(getattr(happened, "baseline", None) or {})
    forecasts = []
    if talks is not None and "convene" in parts[0]:
        convened = sum(part["convene"] for part in parts)
        if talks.convened is not None:
            forecasts.append(_forecast("convene", convened, n, bool(talks.convened), baselines))
        if talks.ended in ("agreement", "collapse", "expiry") and "agreement" in parts[0] and convened:
            for ending in ("agreement", "collapse", "expiry"):
                count = sum(part[ending] for part in parts)
                forecasts.append(_forecast(ending, count, convened, talks.ended == ending, baselines))
    estimates = []
    for issue, value in known.items():
        k = situation.issues.index(issue)
        for key in ("settlement", *(f"outcome.{m}" for m in models)):
            if key in parts[0]:
                draws = np.concatenate([part[key][:, k] for part in parts])
                draws = draws[~np.isnan(draws)]
                if draws.size:
                    estimates.append(_estimate(f"{key}.{issue}", draws, float(value)))
    if not forecasts and not estimates:
        raise UsageError(
            f"score: the `outcome` of {situation.id} says nothing that a model forecasts; "
            "expected talks.convened, talks.ended or a position on an issue"
        )
    known_on = happened.known_on.isoformat() if happened.known_on else None
    return Case(situation.id, situation.as_of.isoformat(), known_on, forecasts, estimates, situation.hindsight())


def _estimate(name: str, draws: Floats, happened: float) -> Estimate:
    low, high = np.quantile(draws, (0.05, 0.95))
    mean = float(draws.mean())
    return Estimate(name, mean, happened, mean - happened, bool(low <= happened <= high), crps(draws, happened))


def score(
    studies: Sequence[Study],
    *,
    models: Sequence[str] | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> ScoreResult:
    """Score each study's forecasts against the ``outcome`` of its scenario.

    `models` are the outcome models to score, any of them; without it those that a run takes. Raises `UsageError` where
    a scenario has no outcome, or a model does not exist.
    """
    if not studies:
        raise UsageError("score: found no scenario; expected one or more")
    cases = [_case(study, models, workers=workers, executor=executor, progress=progress) for study in studies]
    forecasts = [f for case in cases for f in case.forecasts]
    estimates = [e for case in cases for e in case.estimates]

    def mean(values: Sequence[float]) -> float | None:
        return math.fsum(values) / len(values) if values else None

    means = {
        "brier": mean([f.brier for f in forecasts]),
        "baseline_brier": mean([f.baseline_brier for f in forecasts]),
        "log": mean([f.log for f in forecasts]),
        "baseline_log": mean([f.baseline_log for f in forecasts]),
        "absolute_error": mean([abs(e.error) for e in estimates]),
        "crps": mean([e.crps for e in estimates]),
    }
    return ScoreResult(studies[0].draws, studies[0].seed, cases, means, _situations=[s.situation for s in studies])
