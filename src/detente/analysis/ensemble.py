"""The main question over thousands of draws: who comes, on what terms, and how the talks go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from detente import __version__
from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.dealings import Dealings, dealings
from detente.analysis.disagreement import Disagreement, disagreement
from detente.analysis.intervals import Share, Summary, summarise, total, wilson
from detente.analysis.results import plain
from detente.analysis.run_result import Accepts, Gap, Party, Range, RoundsGiven, RoundsSummary, RunResult, Talks
from detente.analysis.study import Evaluation, Study
from detente.arrays import Floats
from detente.errors import UsageError, nearest
from detente.outcome.model import Bargain

TALKS_MODELS = ("readiness", "rounds")


class _Columns:
    """What a block contributes: whole columns where quantiles are wanted, sums where the mean is enough."""

    def __init__(self) -> None:
        self.kept: dict[str, Floats] = {}
        self.sums: dict[str, float] = {}
        self.count = 0

    def keep(self, name: str, values: Floats) -> None:
        self.kept[name] = np.array(np.broadcast_to(values, (self.count,)), dtype=np.float64)

    def add(self, name: str, values: Any) -> None:
        self.sums[name] = float(np.asarray(values).sum())


@dataclass(frozen=True)
class _Plan:
    """What `run` computes of each block."""

    models: tuple[str, ...]
    readiness: bool
    rounds: bool


def _plan(study: Study, models: Sequence[str] | None) -> tuple[_Plan, dict[str, str]]:
    """What to run, and what is missing for what was asked."""
    from detente.outcome.registry import names, usual

    known = (*names(), *TALKS_MODELS)
    for name in models or ():
        if name not in known:
            close = nearest(name, known)
            raise UsageError(
                f"--models: found {name!r}; expected some of {', '.join(known)}"
                + (f" (did you mean {close}?)" if close else "")
            )
    situation = study.situation
    asked = tuple(models) if models is not None else (*usual(situation.configured), *TALKS_MODELS)
    missing: dict[str, str] = {}
    if not situation.has_talks or not situation.required:
        missing = {
            name: "talks" if not situation.has_talks else "talks.required" for name in TALKS_MODELS if name in asked
        }
    elif len(situation.required) < 2 and "rounds" in asked:
        missing["rounds"] = "talks.required"
    wants = {name: name in asked and name not in missing for name in TALKS_MODELS}
    return _Plan(tuple(m for m in names() if m in asked), wants["readiness"], wants["rounds"]), missing


def _outcome_columns(columns: _Columns, evaluation: Evaluation, models: Sequence[str]) -> dict[tuple[str, str], str]:
    reasons: dict[tuple[str, str], str] = {}
    for model in models:
        result = evaluation.outcome(model)
        for k, issue in enumerate(evaluation.situation.issues):
            columns.keep(f"outcome.{model}.{issue}", result.settlement[:, k])
            if k in result.reason:
                reasons[model, issue] = result.reason[k]
    return reasons


def _readiness_columns(columns: _Columns, evaluation: Evaluation) -> None:
    situation, ready = evaluation.situation, evaluation.readiness
    for name in ("convene", "no_zone", "hurting_stalemate", "way_out", "ripe"):
        columns.add(name, getattr(ready, name))
    columns.add("convene_unripe", ready.convene & ~ready.ripe)
    for k, issue in enumerate(situation.issues):
        columns.keep(f"settlement.{issue}", ready.settlement[:, k])
    for i, actor in enumerate(situation.actors):
        columns.keep(f"margin.{actor}", ready.margin[:, i])
        columns.add(f"comes.{actor}", ready.comes[:, i])
        columns.add(f"prevail.{actor}", ready.prevail[:, i])
        for name in ("fighting_on", "signed_deal", "gain", "others_consent", "reservation"):
            columns.add(f"{name}.{actor}", getattr(ready, name)[:, i])
    for term, values in evaluation.terms().items():
        for i, actor in enumerate(situation.actors):
            columns.add(f"term.{actor}.{term}", values[:, i])


def _range_columns(columns: _Columns, evaluation: Evaluation) -> None:
    situation, found = evaluation.situation, evaluation.bargaining_range
    required = [situation.actors.index(a) for a in situation.required]
    for k, issue in enumerate(situation.issues):
        columns.add(f"range.{issue}.empty", found.empty[:, k])
        columns.keep(f"range.{issue}.low", np.where(found.empty[:, k], np.nan, found.low[:, k]))
        columns.keep(f"range.{issue}.high", np.where(found.empty[:, k], np.nan, found.high[:, k]))
        for i in required:
            columns.keep(f"range.{issue}.accepts.{situation.actors[i]}.low", found.party_low[:, i, k])
            columns.keep(f"range.{issue}.accepts.{situation.actors[i]}.high", found.party_high[:, i, k])
            alone = found.unmeetable[:, i, k]
            columns.add(f"range.{issue}.unmeetable.{situation.actors[i]}", alone)
            columns.add(f"range.{issue}.shortfall.{situation.actors[i]}", found.shortfall[alone, i, k])
        first, second = found.gap_between[:, k, 0], found.gap_between[:, k, 1]
        for i in required:
            for j in required:
                pair = (first == i) & (second == j)
                if pair.any():
                    name = f"range.{issue}.gap.{situation.actors[i]}.{situation.actors[j]}"
                    columns.add(f"{name}.p", pair)
                    columns.add(f"{name}.distance", found.gap_distance[pair, k])


def _rounds_columns(columns: _Columns, evaluation: Evaluation, given: np.ndarray | None) -> None:
    situation, played = evaluation.situation, evaluation.rounds
    endings = {name: getattr(played, name) for name in ("agreement", "collapse", "expiry")}
    columns.add("rounds.n", np.ones(len(played.month)))
    for name, happened in endings.items():
        columns.add(f"rounds.{name}", happened)
    if given is not None:
        columns.add("rounds.given.n", given)
        for name, happened in endings.items():
            columns.add(f"rounds.given.{name}", happened & given)
    by_month = dict(endings) if given is None else {**endings, "given.collapse": endings["collapse"] & given}
    for ending in by_month.keys() - {"expiry"}:
        for month, count in enumerate(np.bincount(played.month[by_month[ending]])):
            if count:
                columns.add(f"rounds.{ending}.month.{month}", count)
    columns.sums["rounds.deadline"] = float(evaluation.talks_inputs.deadline.max())
    for i, actor in enumerate(situation.actors):
        columns.add(f"rounds.walked.{actor}", played.walked[:, i])
        if given is not None:
            columns.add(f"rounds.given.walked.{actor}", played.walked[:, i] & given)
    for k, issue in enumerate(situation.issues):
        columns.kept[f"rounds.terms.{issue}"] = played.terms[endings["agreement"], k]


def _block_columns(
    study: Study, plan: _Plan, number: int
) -> tuple[_Columns, dict[tuple[str, str], str], dict[str, int]]:
    """Everything that a block contributes to the run."""
    evaluation = study.block(number)
    columns = _Columns()
    columns.count = evaluation.size
    reasons = _outcome_columns(columns, evaluation, plan.models)
    if plan.readiness:
        _readiness_columns(columns, evaluation)
        _range_columns(columns, evaluation)
    if plan.rounds and not study.central:
        _rounds_columns(columns, evaluation, evaluation.readiness.convene)
    return columns, reasons, dict(evaluation.values.held)


def _central_rounds(study: Study, draws: int, number: int) -> _Columns:
    """Rounds are chance itself: a central run plays them many times at the central values."""
    played = replace(study, draws=draws, central=False)
    size = len(played.sampler.rows(number))
    one = study.block(0)
    evaluation = Evaluation(study, one.values.take(np.zeros(size, dtype=np.intp)), number)
    columns = _Columns()
    columns.count = size
    _rounds_columns(columns, evaluation, evaluation.readiness.convene)
    return columns


class _Merged:
    """The blocks' columns put together, in the order of the blocks."""

    def __init__(self, parts: Sequence[_Columns], *, central: bool):
        self.n = sum(part.count for part in parts)
        self.central = central
        self._kept: dict[str, list[Floats]] = defaultdict(list)
        self._sums: dict[str, list[float]] = defaultdict(list)
        for part in parts:
            for name, values in part.kept.items():
                self._kept[name].append(values)
            for name, value in part.sums.items():
                self._sums[name].append(value)

    def sum(self, name: str) -> float:
        return total(self._sums.get(name, ()))

    def most(self, name: str) -> float:
        return max(self._sums.get(name, (0.0,)))

    def named(self, prefix: str) -> list[str]:
        return [name for name in self._sums if name.startswith(prefix)]

    def share(self, name: str, *, of: str | None = None, exact: bool | None = None) -> Share:
        n = round(self.sum(of)) if of else self.n
        return wilson(self.sum(name), n, exact=self.central if exact is None else exact)

    def mean(self, name: str) -> Summary:
        mean = self.sum(name) / self.n
        return Summary(mean, None, None, None, None, None, None)

    def values(self, name: str) -> Floats:
        return np.concatenate(self._kept[name])

    def summary(self, name: str) -> Summary:
        return summarise(np.concatenate(self._kept[name])) if name in self._kept else summarise(np.empty(0))


def _party(merged: _Merged, actor: str) -> Party:
    terms = {name.removeprefix(f"term.{actor}."): merged.mean(name) for name in merged.named(f"term.{actor}.")}
    return Party(
        comes=merged.share(f"comes.{actor}"),
        margin=merged.summary(f"margin.{actor}"),
        terms=terms,
        **{
            name: merged.mean(f"{name}.{actor}")
            for name in ("fighting_on", "signed_deal", "gain", "others_consent", "reservation")
        },
    )


def _range(merged: _Merged, issue: str, required: Sequence[str]) -> Range:
    gaps = []
    for name in merged.named(f"range.{issue}.gap."):
        if not name.endswith(".p"):
            continue
        first, second = name.removeprefix(f"range.{issue}.gap.").removesuffix(".p").split(".")
        count = merged.sum(name)
        gaps.append(Gap((first, second), count / merged.n, merged.sum(name.removesuffix("p") + "distance") / count))
    alone = {a: merged.sum(f"range.{issue}.unmeetable.{a}") for a in required}
    return Range(
        p_empty=merged.sum(f"range.{issue}.empty") / merged.n,
        p_unmeetable={a: count / merged.n for a, count in alone.items()},
        shortfall={
            a: merged.sum(f"range.{issue}.shortfall.{a}") / count if count else None for a, count in alone.items()
        },
        p_gap=sorted(gaps, key=lambda g: -g.p),
        low=merged.summary(f"range.{issue}.low"),
        high=merged.summary(f"range.{issue}.high"),
        accepts={
            a: Accepts(*(merged.summary(f"range.{issue}.accepts.{a}.{end}") for end in ("low", "high")))
            for a in required
        },
    )


def _talks(merged: _Merged, study: Study) -> Talks:
    situation = study.situation
    return Talks(
        convene=merged.share("convene"),
        settlement={issue: merged.summary(f"settlement.{issue}") for issue in situation.issues},
        prevail={a: merged.mean(f"prevail.{a}") for a in situation.actors if situation.roles[a] == "belligerent"},
        parties={actor: _party(merged, actor) for actor in situation.actors},
        bargaining_range={issue: _range(merged, issue, situation.required) for issue in situation.issues},
        no_zone=merged.share("no_zone"),
        hurting_stalemate=merged.share("hurting_stalemate"),
        way_out=merged.share("way_out"),
        ripe=merged.share("ripe"),
        convene_unripe=merged.share("convene_unripe"),
        required=situation.required,
    )


def _by_month(merged: _Merged, ending: str, months: int, n: int) -> list[float]:
    counts = [merged.sum(f"rounds.{ending}.month.{month}") for month in range(1, months + 1)]
    return [float(c) / n for c in np.cumsum(counts)]


def _median_month(merged: _Merged, ending: str, months: int) -> float | None:
    counts = [round(merged.sum(f"rounds.{ending}.month.{month}")) for month in range(1, months + 1)]
    if not sum(counts):
        return None
    return float(np.median(np.repeat(np.arange(1, months + 1), counts)))


def _rounds(merged: _Merged, study: Study) -> RoundsSummary:
    situation = study.situation
    n, convened = round(merged.sum("rounds.n")), round(merged.sum("rounds.given.n"))
    months = int(merged.most("rounds.deadline"))
    over = {
        name: merged.share(f"rounds.{name}", of="rounds.n", exact=False) for name in ("agreement", "collapse", "expiry")
    }
    given = None
    if convened:
        given = RoundsGiven(
            **{
                n: merged.share(f"rounds.given.{n}", of="rounds.given.n", exact=False)
                for n in ("agreement", "collapse", "expiry")
            },
            median_collapse_month=_median_month(merged, "given.collapse", months),
            walked_out={
                a: merged.share(f"rounds.given.walked.{a}", of="rounds.given.n", exact=False)
                for a in situation.required
            },
        )
    return RoundsSummary(
        **over,
        median_collapse_month=_median_month(merged, "collapse", months),
        collapsed_by_month=_by_month(merged, "collapse", months, n),
        agreed_by_month=_by_month(merged, "agreement", months, n),
        given_convened=given,
        walked_out={a: merged.share(f"rounds.walked.{a}", of="rounds.n", exact=False) for a in situation.required},
        terms={issue: merged.summary(f"rounds.terms.{issue}") for issue in situation.issues},
    )


def _bargain(study: Study, made: Bargain) -> dict[str, Any]:
    """Who proposed what to whom, and who took it, by names."""
    actors, issues = study.situation.actors, study.situation.issues
    return {
        "initiator": actors[made.initiator],
        "receiver": actors[made.receiver],
        "chance": made.chance,
        "gain": made.gain,
        "initiator_to": plain(dict(zip(issues, made.initiator_to, strict=True))),
        "receiver_to": plain(dict(zip(issues, made.receiver_to, strict=True))),
        "initiator_odds": made.initiator_odds,
        "receiver_odds": made.receiver_odds,
        "initiator_took": made.initiator_took,
        "receiver_took": made.receiver_took,
    }


def _trajectories(study: Study, models: Sequence[str]) -> dict[str, Any]:
    """Positions by turn in a central run, for the models that move them."""
    from detente.outcome.registry import get

    evaluation = study.block(0)
    found = {}
    for model in models:
        if get(model).moves_positions:
            result = evaluation.run_outcome(model, keep_trajectory=True)
            assert result.trajectory is not None  # asked for, of a model that moves positions
            found[model] = {
                "actors": list(study.situation.actors),
                "issues": list(study.situation.issues),
                "positions": plain(result.trajectory[:, 0]),
            }
            if result.lottery is not None:
                found[model]["final_probability"] = plain(result.lottery.probability[0])
            if result.bargains is not None:
                found[model]["bargains"] = [[_bargain(study, b) for b in turn] for turn in result.bargains]
    return found


def need_issues(study: Study) -> None:
    """Refuse a file that holds a strategic conflict alone, where actors and issues are asked about."""
    if not study.situation.issues:
        raise UsageError(
            f"{study.situation.id}: found no issues; expected some, or detente graph for the game it holds"
        )


def run(
    study: Study,
    *,
    models: Sequence[str] | None = None,
    deals: bool = False,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Run every model (or those named) on every draw.

    Who deals with whom is told of those models, named or with settings in the file, whose actors deal; with `deals`
    of every one that runs. Raises `UsageError` for a model that does not exist. A model that lacks a field of the scenario is left out and
    named in ``missing``.
    """
    need_issues(study)
    plan, missing = _plan(study, models)
    parts: list[_Columns] = []
    reasons: dict[str, dict[str, str]] = defaultdict(dict)
    held: dict[str, int] = defaultdict(int)
    task = partial(_block_columns, study, plan)
    for columns, why, clipped in map_blocks(task, study.blocks, workers=workers, executor=executor, progress=progress):
        parts.append(columns)
        for (model, issue), reason in why.items():
            reasons[model][issue] = reason
        for path, count in clipped.items():
            held[path] += count
    merged = _Merged(parts, central=study.central)
    rounds = None
    if plan.rounds:
        if study.central:
            chance = replace(study, central=False)
            play = partial(_central_rounds, study, study.draws)
            plays = list(map_blocks(play, chance.blocks, workers=workers, executor=executor))
            rounds = _rounds(_Merged(plays, central=True), study)
        else:
            rounds = _rounds(merged, study)
    situation = study.situation
    result = RunResult(
        detente=__version__,
        scenario=situation.id,
        as_of=situation.as_of.isoformat(),
        seed=study.seed,
        draws=study.draws,
        central=study.central,
        outcomes={m: {i: merged.summary(f"outcome.{m}.{i}") for i in situation.issues} for m in plan.models},
        talks=_talks(merged, study) if plan.readiness else None,
        rounds=rounds,
        sources=sources_used(study),
        missing=missing,
        reasons=dict(reasons),
        held={path: count / merged.n for path, count in held.items() if count},
        trajectories=_trajectories(study, plan.models) if study.central else None,
        disagreement=_disagreement(merged, study, plan.models),
        dealings=_dealings(study, plan.models if deals else [m for m in plan.models if m in _told(study, models)]),
        _situation=situation,
    )
    return replace(result, warnings=_warnings(result))


def _disagreement(merged: _Merged, study: Study, models: Sequence[str]) -> dict[str, Disagreement | None]:
    """Where the models disagree most, issue by issue."""
    from detente.outcome.registry import get

    assumptions = {model: get(model).assumptions(study.situation.models.get(model, {})) for model in models}
    return {
        issue: disagreement({m: merged.values(f"outcome.{m}.{issue}") for m in models}, assumptions)
        for issue in study.situation.issues
    }


def _told(study: Study, models: Sequence[str] | None) -> Collection[str]:
    """The models whose deals somebody asked for: by name or by settings in the file."""
    return study.situation.configured if models is None else models


def _dealings(study: Study, models: Sequence[str]) -> dict[str, Dealings] | None:
    from detente.outcome.registry import get

    return {model: dealings(study, model) for model in models if get(model).deals} or None


def sources_used(study: Study) -> list[dict[str, Any]]:
    """Each source that a number rests on, with those numbers' paths."""
    used: dict[str, list[str]] = defaultdict(list)
    for path, number in study.situation.numbers.items():
        for cite in number.provenance.cite:
            if path not in used[source := cite.split("@", 1)[0]]:
                used[source].append(path)
    return [{"id": source, "used_by": paths} for source, paths in used.items()]


def _warnings(result: RunResult) -> list[str]:
    """What a reader must know before quoting a figure."""
    found = []
    if not result.central and result.draws < 1000:
        worst = 98.0 / result.draws**0.5
        found.append(
            f"{result.draws} draws are few: a share near one half is known to within about {worst:.0f} points; "
            "use --draws 10000"
        )
    if result.rounds and result.rounds.given_convened is not None and result.rounds.given_convened.agreement.n < 400:
        n = result.rounds.given_convened.agreement.n
        found.append(
            f"talks convene in only {n} draws: what follows given that they convene is rough; use more --draws"
        )
    for path, share in result.held.items():
        found.append(f"{path} was held at the end of its range in {100 * share:.2g} % of draws")
    return found
