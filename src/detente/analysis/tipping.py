"""Tipping points: what change would flip an actor's decision, or bring a probability to a target.

Per draw: the smallest change of a lever (or any numeric path) from its present level, within its limits, that
flips the sign of the margin. Over draws: who is already there, who can be reached, and the probability with the
level set alike in all draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from detente.analysis import measures
from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.intervals import Summary, summarise, wilson
from detente.analysis.measures import Measure
from detente.analysis.results import Result
from detente.analysis.study import Evaluation, Study
from detente.arrays import Floats
from detente.errors import UsageError, nearest

SCAN = 65  # points at which a margin that is not linear is looked at, ends included
FRONTIER = 21  # points a side of a two-lever map
LINEAR = 1e-12  # a margin counts as linear where five points lie on a line to this share of its size


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
            raise UsageError(_unknown("--lever", name, [*(x.id for x in situation.levers), *situation.numbers]))
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


@dataclass(frozen=True)
class Point:
    """The probability with the level set alike in all draws."""

    level: float
    p: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class TipResult(Result):
    """What one lever could change, or two, or which levers change most."""

    scenario: str
    measure: str
    actor: str | None
    lever: str | None = None
    path: str | None = None
    limits: tuple[float, float] | None = None
    target: float = 0.5
    draws: int = 0
    seed: int = 0
    central: bool = False
    now: dict[str, Any] = field(default_factory=dict)
    already: float | None = None
    reached: float | None = None
    out_of_reach: float | None = None
    curve: Sequence[Point] = ()
    level_at_p50: float | None = None
    level_at_p80: float | None = None
    level_at_target: float | None = None
    level: Summary | None = None
    crossings_max: int | None = None
    frontier: dict[str, Any] | None = None
    ranking: Sequence[dict[str, Any]] | None = None
    _situation: Any = field(default=None, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """As the JSON interface words it: a ranking has no curve, a single lever no ranking."""
        found = super().to_dict()
        found["level"] = self.level.to_dict("q05", "q50", "q95") if self.level else None
        if self.ranking is not None:
            keys = ("scenario", "measure", "actor", "target", "draws", "seed", "central", "now", "ranking")
            return {key: found[key] for key in keys}
        del found["ranking"]
        if self.frontier is None:
            del found["frontier"]
        return found

    def rows(self) -> list[dict[str, Any]]:
        """The curve, the frontier's cells or the ranking, one record each."""
        if self.ranking is not None:
            return [dict(row) for row in self.ranking]
        if self.frontier is not None:
            f = self.frontier
            return [
                {f["levers"][0]: x, f["levers"][1]: y, "p": f["p"][j][i]}
                for j, y in enumerate(f["y"])
                for i, x in enumerate(f["x"])
            ]
        return [{"level": c.level, "p": c.p, "low": c.low, "high": c.high} for c in self.curve]

    def sentences(self) -> list[str]:
        """The result in words."""
        from detente.report.sentences import tip_sentences

        return tip_sentences(self._situation, self.to_dict())

    def charts(self) -> list[Any]:
        """The curve, or the frontier."""
        from detente.report.charts import tip_charts

        return tip_charts(self._situation, self.to_dict())


# --- one lever ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scan:
    """A block's answer on one lever."""

    present: Floats  # (D,)
    holds: np.ndarray  # (D,) bool: already there
    tip: Floats  # (D,) level of the nearest flip, NaN out of reach
    counts: np.ndarray  # (SCAN,) draws in which it holds with the level set alike
    valid: np.ndarray  # (SCAN,) draws in which the subject has a value
    crossings: int


def _linear(at: Callable[[Floats], Floats], grid: Floats) -> tuple[Floats, Floats] | None:
    """Intercept and slope in each draw where the subject is linear in the level, else None.

    Five levels are enough to tell: the models' curvature in a level, where there is any, does not vanish at five
    unrelated points in every draw.
    """
    low, high = grid[0], grid[-1]
    first, last = at(np.array(low)), at(np.array(high))
    slope = (last - first) / (high - low)
    size = np.maximum(np.maximum(np.abs(first), np.abs(last)), 1e-300)
    for share in (0.137, 0.5, 0.811):
        level = low + share * (high - low)
        if not (np.abs(at(np.array(level)) - (first + slope * (level - low))) <= LINEAR * size).all():
            return None
    return first - slope * low, slope


def _refine(evaluation: Evaluation, what: Subject, path: str, rows: np.ndarray, near: Floats, far: Floats) -> Floats:
    """The level between `near` and `far` at which the subject changes sign, in the draws `rows`."""
    from scipy.optimize import elementwise

    def f(level: Floats, row: np.ndarray) -> Floats:
        return what.of(evaluation.take(row.astype(np.intp)).with_overrides({path: level}))

    def step(level: Floats, row: np.ndarray) -> Floats:
        # A yes-or-no subject, and a margin of exactly 0, which counts as coming, both become a change of sign.
        return np.where(f(level, row) >= 0, 1.0, -1.0)

    g = f if what.continuous else step
    a, b = np.minimum(near, far), np.maximum(near, far)
    fa, fb = g(a, rows), g(b, rows)
    if ((fa > 0) == (fb > 0)).any():
        g = step
    found = elementwise.find_root(g, (a, b), args=(rows.astype(np.float64),), tolerances={"xatol": 1e-10, "fatol": 0.0})
    return np.asarray(found.x)


def _scan(study: Study, what: Subject, lever: Path, number: int) -> _Scan:
    evaluation = study.block(number)
    grid = np.linspace(lever.low, lever.high, SCAN)
    present = np.array(evaluation.written(lever.path))
    now = what.of(evaluation)
    holds = now >= 0

    def at(level: Floats) -> Floats:
        return what.of(evaluation.with_overrides({lever.path: float(level)}))

    line = _linear(at, grid) if what.continuous else None
    if line is not None:
        intercept, slope = line
        table = intercept[None, :] + slope[None, :] * grid[:, None]
    else:
        table = np.stack([at(level) for level in grid])
    above = table >= 0
    valid = ~np.isnan(table)
    counts = (above & valid).sum(axis=1)
    crossings = int((above[1:] != above[:-1]).sum(axis=0).max(initial=0))
    if line is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            root = -intercept / slope
        tip = np.where((root >= lever.low) & (root <= lever.high), root, np.nan)
    else:
        tip = _nearest_flip(evaluation, what, lever, grid, above, present, holds)
    return _Scan(present, holds, tip, counts, valid.sum(axis=1), crossings)


def _nearest_flip(
    evaluation: Evaluation,
    what: Subject,
    lever: Path,
    grid: Floats,
    above: np.ndarray,
    present: Floats,
    holds: np.ndarray,
) -> Floats:
    """The flip nearest to the present level, looked for on both sides of it."""
    n = len(present)
    start = np.clip(present, lever.low, lever.high)
    best = np.full(n, np.nan)
    flipped = above != holds[None, :]  # (SCAN, D)
    for sign in (1, -1):
        beyond = (grid[:, None] - start[None, :]) * sign > 0
        candidate = flipped & beyond
        reach = candidate.any(axis=0)
        order = np.arange(SCAN) if sign > 0 else np.arange(SCAN)[::-1]
        first = order[candidate[order].argmax(axis=0)]
        rows = np.flatnonzero(reach)
        if not rows.size:
            continue
        far = grid[first[rows]]
        # The step before the flip is the grid point before it, or the present level where that is nearer.
        before = grid[np.clip(first[rows] - sign, 0, SCAN - 1)]
        near = np.where((before - start[rows]) * sign > 0, before, start[rows])
        level = _refine(evaluation, what, lever.path, rows, near, far)
        closer = np.isnan(best[rows]) | (np.abs(level - start[rows]) < np.abs(best[rows] - start[rows]))
        best[rows[closer]] = level[closer]
    return best


def _level_at(grid: Floats, p: Floats, target: float) -> float | None:
    """The level at which the curve passes `target` first, between grid points by straight line."""
    side = p >= target
    change = np.flatnonzero(side[1:] != side[:-1])
    if not change.size:
        return None
    i = int(change[0])
    return float(grid[i] + (target - p[i]) / (p[i + 1] - p[i]) * (grid[i + 1] - grid[i]))


def tip(
    study: Study,
    lever: str,
    *,
    actor: str | None = None,
    measure: str | None = None,
    above: float | None = None,
    limits: tuple[float, float] | None = None,
    target: float = 0.5,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> TipResult:
    """What change of one lever, or of any numeric path, flips the decision.

    Raises `UsageError` for an unknown actor, lever or measure, and for limits outside the path's range.
    """
    what = subject(study, actor=actor, measure=measure, above=above)
    chosen = resolve(study, lever, limits)
    _check_target(target)
    task = partial(_scan, study, what, chosen)
    parts = list(
        map_blocks(task, study.blocks, workers=workers, executor=executor, progress=progress, what=f"levels of {lever}")
    )
    present, holds, tips = (np.concatenate([getattr(p, name) for p in parts]) for name in ("present", "holds", "tip"))
    counts, valid = (np.sum([getattr(p, name) for p in parts], axis=0) for name in ("counts", "valid"))
    grid = np.linspace(chosen.low, chosen.high, SCAN)
    shares = [wilson(c, n, exact=study.central) for c, n in zip(counts.tolist(), valid.tolist(), strict=True)]
    p = np.array([s.p for s in shares])
    n = len(holds)
    reached = ~holds & ~np.isnan(tips)
    return TipResult(
        scenario=study.situation.id,
        measure=what.name,
        actor=actor,
        lever=lever,
        path=chosen.path,
        limits=(chosen.low, chosen.high),
        target=target,
        draws=study.draws,
        seed=study.seed,
        central=study.central,
        now={"level": float(present.mean()), **wilson(int(holds.sum()), n, exact=study.central).to_dict()},
        already=float(holds.mean()),
        reached=float(reached.mean()),
        out_of_reach=float((~holds & np.isnan(tips)).mean()),
        curve=[Point(float(x), s.p, s.low, s.high) for x, s in zip(grid, shares, strict=True)],
        level_at_p50=_level_at(grid, p, 0.5),
        level_at_p80=_level_at(grid, p, 0.8),
        level_at_target=_level_at(grid, p, target),
        level=summarise(tips[reached]),
        crossings_max=max(part.crossings for part in parts),
        _situation=study.situation,
    )


def _check_target(target: float) -> None:
    if not 0 < target < 1:
        raise UsageError(f"--target: found {target:g}; expected a probability between 0 and 1")


# --- two levers --------------------------------------------------------------------------------------------------


def _frontier_block(study: Study, what: Subject, first: Path, second: Path, points: int, number: int) -> np.ndarray:
    evaluation = study.block(number)
    counts = np.zeros((points, points))
    for j, y in enumerate(np.linspace(second.low, second.high, points)):
        for i, x in enumerate(np.linspace(first.low, first.high, points)):
            counts[j, i] = (what.of(evaluation.with_overrides({first.path: x, second.path: y})) >= 0).sum()
    return counts


def frontier(
    study: Study,
    lever: str,
    lever2: str,
    *,
    actor: str | None = None,
    measure: str | None = None,
    above: float | None = None,
    limits: tuple[float, float] | None = None,
    target: float = 0.5,
    points: int = FRONTIER,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> TipResult:
    """The probability over two levers set alike in all draws; ``p[j][i]`` stands at ``y[j]``, ``x[i]``."""
    if lever == lever2:
        raise UsageError(f"--lever2: found {lever2!r} again; expected another lever")
    what = subject(study, actor=actor, measure=measure, above=above)
    _check_target(target)
    first, second = resolve(study, lever, limits), resolve(study, lever2)
    task = partial(_frontier_block, study, what, first, second, points)
    blocks = list(
        map_blocks(task, study.blocks, workers=workers, executor=executor, progress=progress, what="pairs of levels")
    )
    p = sum(blocks) / study.sampler.draws
    single = tip(study, lever, actor=actor, measure=measure, above=above, limits=limits, target=target, workers=workers)
    now2 = np.concatenate([study.block(b).written(second.path) for b in study.blocks])
    return replace(
        single,
        frontier={
            "levers": [lever, lever2],
            "x": np.linspace(first.low, first.high, points).tolist(),
            "y": np.linspace(second.low, second.high, points).tolist(),
            "p": np.asarray(p).tolist(),
            "now": [single.now["level"], float(now2.mean())],
        },
    )


# --- ranking -----------------------------------------------------------------------------------------------------


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
    level = None
    if fraction is not None:
        level = [
            float(
                np.concatenate(
                    [np.clip(e.written(x.path) + s * fraction * x.width, x.low, x.high) for e in evaluations]
                ).mean()
            )
            for x, s in zip(candidate.levers, signs, strict=True)
        ]
    labels = [lever.label for lever in candidate.levers]
    single = len(labels) == 1
    return {
        "lever": labels[0] if single else labels,
        "direction": ["up" if s > 0 else "down" for s in signs][0 if single else slice(None)],
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
    _check_target(target)
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
