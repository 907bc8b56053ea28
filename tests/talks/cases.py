"""The golden cases as inputs, and random inputs for the property tests."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from detente.arrays import TalksInputs


@cache
def golden() -> list[dict[str, Any]]:
    path = Path(__file__).parents[1] / "golden" / "talks.json"
    return json.loads(path.read_text(encoding="utf-8"))["cases"]


def golden_inputs(case: dict[str, Any], draws: int = 1) -> TalksInputs:
    """A golden case as arrays; curvature and concession are absent there and stand at 1."""
    scenario = case["scenario"]
    actors, issues, talks = scenario["actors"], scenario["issues"], scenario["talks"]
    names = list(actors)
    n = len(names)
    position, salience = np.full((n, len(issues)), np.nan), np.zeros((n, len(issues)))
    for i, name in enumerate(names):
        for k, issue in enumerate(issues):
            if issue in scenario["stances"].get(name, {}):
                position[i, k], salience[i, k] = scenario["stances"][name][issue]
    backing = np.zeros((n, n))
    for tie in scenario["ties"]:
        backing[names.index(tie["from"]), names.index(tie["to"])] = tie["share"]
    levers = scenario["levers"]
    bite = np.array([[lever["bite"].get(name, 0.0) for name in names] for lever in levers])

    def tile(array: Any) -> Any:
        array = np.asarray(array, dtype=float)
        return np.tile(array, (draws,) + (1,) * array.ndim)

    def each(key: str) -> Any:
        return tile([actor[key] for actor in actors.values()])

    return TalksInputs(
        position=tile(position),
        salience=tile(salience),
        status_quo=tile([issue["status_quo"] for issue in issues.values()]),
        low=np.array([float(issue["lo"]) for issue in issues.values()]),
        high=np.array([float(issue["hi"]) for issue in issues.values()]),
        capability=each("capability"),
        backing=tile(backing),
        base_cost=each("c0"),
        lever_level=tile([lever["level"] for lever in levers]),
        bite=tile(bite),
        side_payment=each("g"),
        audience_cost=each("a"),
        betrayal_loss=each("v"),
        curvature=tile(np.ones(n)),
        concession=tile(np.ones(n)),
        decided_per_month=tile(talks["lam"]),
        discount=tile(talks["delta"]),
        decisiveness=tile(talks["gamma"]),
        success=tile(talks["theta0"]),
        kept=tile(talks["kappa"]),
        consent_softness=tile(talks["tau"]),
        strength_drift=tile(talks["sigma"]),
        walkout_rate=tile(talks["eta"]),
        walkout_threshold=tile(talks["walk"]),
        deadline=np.full(draws, talks["deadline"], dtype=np.int64),
        belligerent=np.array([actor["role"] == "belligerent" for actor in actors.values()]),
        required=np.array([name in talks["required"] for name in names]),
        mediator=names.index(talks["mediator"]),
    )


def random_inputs(seed: int, draws: int = 20) -> TalksInputs:
    """Valid inputs of every kind: no stance, no salience, no strength, one to n required, extremes."""
    rng = np.random.default_rng(seed)
    n, k, levers = int(rng.integers(2, 7)), int(rng.integers(1, 4)), int(rng.integers(0, 3))
    low = rng.choice([0.0, -3.0, 10.0], k)
    high = low + rng.choice([1.0, 100.0, 7.0], k)

    def on_scale(*shape: int) -> Any:
        return low + (high - low) * rng.choice([0.0, 1.0, 0.25, 0.5, 0.5, *rng.random(20)], (*shape, k))

    position = on_scale(draws, n)
    salience = rng.choice([0.0, 0.1, 1.0, *rng.random(9)], (draws, n, k))
    absent = rng.random((draws, n, k)) < rng.choice([0.0, 0.3])
    position[absent], salience[absent] = np.nan, 0.0
    backing = np.where(rng.random((draws, n, n)) < 0.3, rng.random((draws, n, n)) / n, 0.0)
    backing[:, np.arange(n), np.arange(n)] = 0.0
    belligerent = rng.random(n) < 0.6
    belligerent[rng.integers(n)] = True
    required = rng.random(n) < 0.6
    required[rng.integers(n)] = True
    capability = rng.choice([0.0, 1.0, 50.0, *(100 * rng.random(9))], (draws, n))
    fights = np.flatnonzero(belligerent)
    capability[:, fights[0]] = np.maximum(capability[:, fights[0]], 0.5)

    def uniform(a: float, b: float, *shape: int) -> Any:
        return rng.uniform(a, b, (draws, *shape))

    return TalksInputs(
        position=position,
        salience=salience,
        status_quo=on_scale(draws),
        low=low,
        high=high,
        capability=capability,
        backing=backing,
        base_cost=uniform(0, 0.02, n),
        lever_level=uniform(0, 1, levers),
        bite=uniform(-0.01, 0.03, levers, n),
        side_payment=uniform(-0.1, 0.3, n) * rng.integers(0, 2),
        audience_cost=uniform(0, 0.06, n) * rng.integers(0, 2),
        betrayal_loss=uniform(0, 0.4, n),
        curvature=rng.choice([1.0, 0.7, 1.5, 1.2], (draws, n)) if rng.random() < 0.7 else np.ones((draws, n)),
        concession=rng.choice([0.05, 0.5, 1.0, 2.0, 20.0], (draws, n)),
        decided_per_month=rng.choice([1.0, 0.01, 0.03, 0.5], draws),
        discount=uniform(0.5, 0.995),
        decisiveness=uniform(0.5, 2.0),
        success=uniform(0.1, 1.0),
        kept=rng.choice([1.0, 0.2, 0.6, 0.9], draws),
        consent_softness=uniform(0.005, 0.1),
        strength_drift=uniform(0, 0.3) * rng.integers(0, 2),
        walkout_rate=rng.choice([0.0, 0.4, 5.0], draws),
        walkout_threshold=rng.choice([0.02, 10.0, 0.3], draws),
        deadline=rng.integers(1, 9, draws),
        belligerent=belligerent,
        required=required,
        mediator=None if rng.random() < 0.4 else int(rng.integers(n)),
    )


def permuted(inputs: TalksInputs, actors: Any, issues: Any) -> TalksInputs:
    """The same conflict with actors and issues in another order."""
    by_actor = [
        "capability",
        "base_cost",
        "side_payment",
        "audience_cost",
        "betrayal_loss",
        "curvature",
        "concession",
    ]
    changes: dict[str, Any] = {name: getattr(inputs, name)[:, actors] for name in by_actor}
    changes |= {name: getattr(inputs, name)[:, actors][:, :, issues] for name in ("position", "salience")}
    changes |= {name: getattr(inputs, name)[issues] for name in ("low", "high")}
    changes |= {name: getattr(inputs, name)[actors] for name in ("belligerent", "required")}
    mediator = None if inputs.mediator is None else int(np.flatnonzero(np.asarray(actors) == inputs.mediator)[0])
    return replace(
        inputs,
        status_quo=inputs.status_quo[:, issues],
        backing=inputs.backing[:, actors][:, :, actors],
        bite=inputs.bite[:, :, actors],
        mediator=mediator,
        **changes,
    )


def rows(inputs: TalksInputs, part: slice) -> TalksInputs:
    """Some of the draws."""
    constant = {"low", "high", "belligerent", "required", "mediator"}
    names = [f.name for f in fields(inputs) if f.name not in constant]
    return replace(inputs, **{name: getattr(inputs, name)[part] for name in names})
