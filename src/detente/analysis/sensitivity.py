"""Which uncertain numbers drive a measure: Sobol indices with intervals, swings, and the unsourced ones that matter.

First-order and total indices (Sobol 1993; Saltelli et al. 2010, *Computer Physics Communications* 181:259) on a
scrambled Sobol sequence: correlated quantities form one group with one index, a `ref` counts through its base and its
own `plus`, and the play of chance in the talks is an input like the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from detente.analysis import measures
from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.measures import Measure
from detente.analysis.results import Result
from detente.analysis.study import Evaluation, Study
from detente.arrays import Floats
from detente.errors import UsageError
from detente.scenario.sampling import InputGroup

CHANCE = "rounds.chance"  # the path under which the play of chance in the talks stands
ENDS = (0.05, 0.95)  # quantiles between which an input swings
MOST_BASE = 4096


@dataclass(frozen=True)
class Index:
    """A Sobol index with its bootstrap 95 % interval. None where the measure does not vary at all."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Input:
    """One uncertain number, or a group of correlated ones, and what it does to the measure."""

    path: str
    first: Index
    total: Index
    swing: dict[str, float | None]  # the measure with the input at its 5 % and 95 % quantile in every draw
    cited: bool
    paths: tuple[str, ...] = ()
    origin: str = "file"

    def to_dict(self) -> dict[str, Any]:
        """As the JSON interface words it."""
        return {
            "path": self.path,
            "paths": list(self.paths),
            "first": vars_of(self.first),
            "total": vars_of(self.total),
            "swing": self.swing,
            "cited": self.cited,
            "origin": self.origin,
        }


def vars_of(index: Index) -> dict[str, float | None]:
    """The index's fields."""
    return {"value": index.value, "low": index.low, "high": index.high}


@dataclass(frozen=True)
class SensitivityResult(Result):
    """Inputs by their total index, largest first."""

    scenario: str
    measure: str
    unit: str
    base: float | None
    base_samples: int
    seed: int
    inputs: Sequence[Input]
    unsourced: Sequence[str]  # the most influential inputs with no citation behind them
    warnings: Sequence[str] = ()
    _situation: Any = field(default=None, repr=False, compare=False)

    def rows(self) -> list[dict[str, Any]]:
        """One record an input."""
        return [
            {
                "path": i.path,
                "first": i.first.value,
                "total": i.total.value,
                "total_low": i.total.low,
                "total_high": i.total.high,
                "swing_low": i.swing["low"],
                "swing_high": i.swing["high"],
                "cited": i.cited,
            }
            for i in self.inputs
        ]

    def sentences(self) -> list[str]:
        """The result in words."""
        from detente.report.sentences import sensitivity_sentences

        return sensitivity_sentences(self._situation, self.to_dict())

    def charts(self) -> list[Any]:
        """The tornado."""
        from detente.report.charts import tornado

        return [tornado(self._situation, self.to_dict())]


# --- the indices of any function ---------------------------------------------------------------------------------


def sobol_design(groups: Sequence[int], base: int, seed: int) -> tuple[Floats, Floats]:
    """Two independent Sobol sequences A and B on the unit cube, each (base, columns), `groups` columns a group."""
    from scipy.stats import qmc

    columns = int(sum(groups))
    points = qmc.Sobol(d=2 * columns, scramble=True, rng=np.random.default_rng([seed, 0x50B01])).random(base)
    # A point of exactly 0 or 1 would be the end of an unbounded distribution.
    points = np.clip(points, 1e-12, 1 - 1e-12)
    return points[:, :columns], points[:, columns:]


RESAMPLES = 400  # of the bootstrap behind each interval


def sobol_from(f_a: Floats, f_b: Floats, f_ab: Floats, *, seed: int = 0) -> tuple[list[Index], list[Index]]:
    """First and total indices with bootstrap 95 % intervals from the three sets of values.

    `f_a` and `f_b` (base,), `f_ab` (groups, base): the function at A with one group's columns taken from B. First
    order by ``mean(f_B (f_AB - f_A)) / var`` and total by ``mean((f_A - f_AB)**2) / (2 var)`` (Saltelli et al. 2010,
    table 2, b and f). The interval resamples the rows of the design, all inputs together; SciPy's own
    (`scipy.stats.sobol_indices`) gives the same values, but an interval that changes from call to call.
    """
    both = np.concatenate([f_a, f_b])
    if np.ptp(both) == 0:
        none = [Index(None, None, None)] * len(f_ab)
        return none, none
    # Centred, for a mean far from 0 would drown the first-order products.
    f_a, f_b, f_ab = f_a - both.mean(), f_b - both.mean(), f_ab - both.mean()
    n = len(f_a)
    rng = np.random.default_rng([seed, 0xB007])
    counts = rng.multinomial(n, np.full(n, 1 / n), size=RESAMPLES) / n
    weights = np.vstack([np.full(n, 1 / n), counts])  # the first row is the estimate itself
    mean = weights @ (f_a + f_b) / 2
    variance = weights @ (f_a**2 + f_b**2) / 2 - mean**2
    # A resample of a function that hardly ever changes may hold one value alone: it has no variance to share out.
    varies = variance > 1e-9 * variance[0]
    weights, variance = weights[varies], variance[varies]
    first = (weights @ (f_b * (f_ab - f_a)).T) / variance[:, None]
    total = (weights @ ((f_a - f_ab) ** 2).T) / (2 * variance[:, None])

    def indices(found: Floats) -> list[Index]:
        low, high = np.quantile(found[1:], (0.025, 0.975), axis=0)
        return [Index(float(v), float(a), float(b)) for v, a, b in zip(found[0], low, high, strict=True)]

    return indices(first), indices(total)


def sobol(
    function: Callable[[Floats], Floats], columns: int, *, base: int = 1024, seed: int = 0
) -> tuple[list[Index], list[Index]]:
    """First and total Sobol indices of a function of independent uniform inputs, (n, columns) -> (n,).

    >>> first, total = sobol(lambda u: u[:, 0] + 2 * u[:, 1], 2, base=1024)
    >>> [round(i.value, 1) for i in first]
    [0.2, 0.8]
    """
    a, b = sobol_design([1] * columns, base, seed)
    mixed = []
    for column in range(columns):
        ab = a.copy()
        ab[:, column] = b[:, column]
        mixed.append(function(ab))
    return sobol_from(function(a), function(b), np.stack(mixed), seed=seed)


# --- of a measure ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Design:
    """The samples of a study's inputs."""

    study: Study
    paths: tuple[tuple[str, ...], ...]  # by group
    a: Floats
    b: Floats
    chance: bool

    def uniforms(self, group: int | None, source: str) -> dict[str, Floats]:
        """Uniforms by path: all of A or B, or A with one group of B."""
        base = self.a if source == "a" else self.b
        found, column = {}, 0
        for g, paths in enumerate(self.paths):
            for path in paths:
                found[path] = (self.b if g == group else base)[:, column]
                column += 1
        return found


def _evaluate(design: _Design, measure: Measure, job: tuple[int | None, str, bool]) -> Floats:
    """The measure at A, at B, or at A with one group (or the play of chance) from B."""
    group, source, other_chance = job
    study = design.study
    values = study.sampler.values_from_uniforms(design.uniforms(group, source))
    # Chance of its own for B: blocks of noise beyond any that draws of this size would use.
    number = (1 << 20) + 1 if other_chance else 1 << 20
    return measure(Evaluation(study, values, number))


def base_samples(draws: int) -> int:
    """How many base samples a number of draws buys: a power of two, at least 64 and at most 4,096."""
    return max(64, min(MOST_BASE, 1 << (max(draws, 2).bit_length() - 2)))


def sensitivity(
    study: Study,
    *,
    measure: str | None = None,
    base: int | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SensitivityResult:
    """First and total Sobol indices of a measure, with the swing of each input.

    `base` samples (a power of two) are evaluated once at A, once at B, and once an input group. The default measure
    is whether talks convene or, in a scenario without talks, the weighted mean on its first issue.
    """
    situation = study.situation
    if measure is None:
        if not situation.issues:
            raise UsageError("sensitivity: the scenario has no issues; expected --measure stable.CONCEPT.STATE")
        measure = "convene" if situation.has_talks and situation.required else f"outcome.mean.{situation.issues[0]}"
    chosen = measures.measure(situation, measure)
    base = base or base_samples(study.draws)
    if base < 2 or base & (base - 1):
        raise UsageError(f"--base: found {base}; expected a power of two of at least 2")
    groups = [tuple(g.paths) for g in study.sampler.behind(chosen.reads)]
    if not groups:
        raise UsageError(f"sensitivity: no number that {measure} rests on is uncertain; expected at least one range")
    a, b = sobol_design([len(g) for g in groups], base, study.seed)
    design = _Design(study, tuple(groups), a, b, chosen.chance)
    jobs: list[tuple[int | None, str, bool]] = [(None, "a", False), (None, "b", chosen.chance)]
    jobs += [(g, "a", False) for g in range(len(groups))]
    if chosen.chance:
        jobs.append((None, "a", True))
    task = partial(_evaluate, design, chosen)
    f_a, f_b, *f_ab = map_blocks(task, jobs, workers=workers, executor=executor, progress=progress, what="inputs")
    if np.isnan(f_a).any() or np.isnan(f_b).any() or any(np.isnan(f).any() for f in f_ab):
        raise UsageError(f"--measure: {measure} has no value in some draws; expected a measure that every draw has")
    first, total = sobol_from(f_a, f_b, np.stack(f_ab), seed=study.seed)
    swings = swing(study, chosen, workers=workers, progress=progress)
    inputs = [_input(study, groups[g], first[g], total[g], swings[g]) for g in range(len(groups))]
    if chosen.chance:
        inputs.append(Input(CHANCE, first[-1], total[-1], {"low": None, "high": None}, True, (CHANCE,), "chance"))
    inputs.sort(key=lambda i: -(i.total.value or 0.0))
    central = chosen(study.block(0)) if study.central else None
    result_base = float(np.mean(f_a)) if central is None else float(central[0])
    return SensitivityResult(
        scenario=situation.id,
        measure=measure,
        unit=chosen.unit,
        base=result_base,
        base_samples=base,
        seed=study.seed,
        inputs=inputs,
        unsourced=[i.path for i in inputs if not i.cited and (i.total.value or 0) > 0.01][:5],
        warnings=_warnings(inputs, base),
        _situation=situation,
    )


def _input(study: Study, paths: tuple[str, ...], first: Index, total: Index, ends: dict[str, float | None]) -> Input:
    numbers = [study.situation.numbers.get(_owner(path, study.situation.numbers)) for path in paths]
    cited = all(n is not None and n.provenance.sourced for n in numbers)
    origin = numbers[0].origin if numbers and numbers[0] else "file"
    return Input(" + ".join(paths), first, total, ends, cited, paths, origin)


def _owner(path: str, numbers: Any) -> str:
    """The number that an input belongs to: a ref's own `plus` stands under its path."""
    while path not in numbers and "." in path:
        path = path.rsplit(".", 1)[0]
    return path


def swing(
    study: Study,
    measure: Measure,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> list[dict[str, float | None]]:
    """The measure's mean with each input or group at its 5 % and at its 95 % quantile, the rest as drawn."""
    sampler = study.sampler
    uniforms = sampler.uniforms(0)
    size = min(2000, len(next(iter(uniforms.values()))))
    uniforms = {path: u[:size] for path, u in uniforms.items()}

    def ends(group: InputGroup) -> dict[str, float | None]:
        found = []
        for quantile in ENDS:
            held = sampler.at_quantile(group, quantile)
            changed = {**uniforms, **{path: np.full(size, u) for path, u in held.items()}}
            values = measure(Evaluation(study, sampler.values_from_uniforms(changed), 0))
            found.append(None if np.isnan(values).all() else float(np.nanmean(values)))
        return {"low": found[0], "high": found[1]}

    return list(map_blocks(ends, sampler.behind(measure.reads), workers=workers, progress=progress, what="swings"))


def _warnings(inputs: Sequence[Input], base: int) -> list[str]:
    wide = max(
        (i.total.high - i.total.low for i in inputs if i.total.high is not None and i.total.low is not None), default=0
    )
    if wide > 0.2:
        return [
            f"the widest interval of a total index spans {wide:.2f}: the order of close inputs is not settled; "
            f"use more --base samples than {base}"
        ]
    return []
