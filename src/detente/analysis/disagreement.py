"""Where the models disagree, and which of their stated assumptions goes with it.

The two models whose medians lie furthest apart on an issue are named, with the assumption in which they differ that
best sorts all models: the share of the spread of their medians that lies between groups of like answers, corrected
for the number of groups (the adjusted correlation ratio of Kelley 1935). It is an association among a handful of
models, which says where to look and proves nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

import numpy as np

from detente.arrays import Floats


@dataclass(frozen=True)
class Disagreement:
    """The two models furthest apart on an issue."""

    between: tuple[str, str]  # the lower first
    medians: tuple[float, float]
    distance: float  # between the medians, on the scale
    same_way: float  # share of draws in which the second lies above the first
    assumption: str | None  # the question whose answers sort the models best, of those the two answer differently
    answers: tuple[str, str] | None
    sorts: float | None  # share of the spread of all models between groups of like answers, corrected; None: cannot say


def disagreement(settled: Mapping[str, Floats], assumptions: Mapping[str, Mapping[str, str]]) -> Disagreement | None:
    """Where models disagree most on one issue; None where fewer than two have an answer.

    `settled` are draws (D,) of each model, NaN where it has none, on common draws; `assumptions` of each model its
    answers by question.

    >>> told = {"a": {"moves": "no"}, "b": {"moves": "no"}, "c": {"moves": "yes"}}
    >>> found = disagreement({"a": np.zeros(3), "b": np.ones(3), "c": np.full(3, 9.0)}, told)
    >>> found.between, found.distance, found.assumption, round(found.sorts, 2)
    (('a', 'c'), 9.0, 'moves', 0.98)
    """
    median = {model: float(np.nanmedian(draws)) for model, draws in settled.items() if not np.isnan(draws).all()}
    if len(median) < 2:
        return None
    first, second = min(
        ((a, b) if median[a] <= median[b] else (b, a) for a, b in combinations(median, 2)),
        key=lambda pair: median[pair[0]] - median[pair[1]],
    )
    known = ~(np.isnan(settled[first]) | np.isnan(settled[second]))
    above = (settled[second] > settled[first])[known]
    asked = [q for q in assumptions[first] if assumptions[first][q] != assumptions[second].get(q)]
    sorted_by = {q: _sorts(median, {model: assumptions[model].get(q, "") for model in median}) for q in asked}
    best = max(asked, key=lambda q: _or_least(sorted_by[q]), default=None)
    return Disagreement(
        between=(first, second),
        medians=(median[first], median[second]),
        distance=median[second] - median[first],
        same_way=float(above.mean()) if above.size else 0.0,
        assumption=best,
        answers=None if best is None else (assumptions[first][best], assumptions[second].get(best, "")),
        sorts=None if best is None else sorted_by[best],
    )


def _or_least(value: float | None) -> float:
    return float("-inf") if value is None else value


def _sorts(median: Mapping[str, float], answer: Mapping[str, str]) -> float | None:
    """The adjusted correlation ratio of the medians by answer; None where every group is one model, or nothing differs."""
    groups: dict[str, list[float]] = defaultdict(list)
    for model, value in median.items():
        groups[answer[model]].append(value)
    n = len(median)
    everything = fmean(median.values())
    total = sum((value - everything) ** 2 for value in median.values())
    if len(groups) == n or not total:
        return None
    within = sum((value - fmean(group)) ** 2 for group in groups.values() for value in group)
    return 1 - (within / (n - len(groups))) / (total / (n - 1))
