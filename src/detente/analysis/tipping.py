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
from typing import Any

import numpy as np

from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.intervals import Summary, summarise, wilson
from detente.analysis.results import Result
from detente.analysis.study import Evaluation, Study
from detente.analysis.tip_subject import Path, Subject, check_target, resolve, subject
from detente.arrays import Floats
from detente.errors import UsageError

SCAN = 65  # points at which a margin that is not linear is looked at, ends included
FRONTIER = 21  # points a side of a two-lever map
LINEAR = 1e-12  # a margin counts as linear where five points lie on a line to this share of its size


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
    check_target(target)
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
    check_target(target)
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
