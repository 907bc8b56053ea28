"""Situations for the tests of sampling and analysis, built by hand from the golden talks case."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from detente.scenario.fields import NUMBERS
from detente.scenario.quantity import parse_quantity
from detente.scenario.situation import Lever, Names, Number, Provenance, Situation, Tie

GOLDEN = json.loads((Path(__file__).parent / "golden" / "talks.json").read_text(encoding="utf-8"))

SYMBOLS = {
    "c0": "cost_of_fighting",
    "a": "audience_cost",
    "g": "side_payment",
    "v": "betrayal_loss",
    "theta0": "success",
    "kappa": "kept",
    "tau": "consent_softness",
    "lam": "decided_per_month",
    "delta": "discount",
    "gamma": "decisiveness",
    "sigma": "strength_drift",
    "deadline": "deadline",
    "eta": "walkout.rate",
    "walk": "walkout.threshold",
}


def number(
    path: str, data: Any, field: str, *, low: float | None = None, high: float | None = None, **more: Any
) -> Number:
    """A number of a situation, parsed as a file's would be."""
    spec = NUMBERS[field]
    low, high = spec.low if low is None else low, spec.high if high is None else high
    parsed = parse_quantity(data, low=low, high=high, low_open=spec.low_open, high_open=spec.high_open)
    return Number(path, parsed.quantity, spec, "file", more.get("provenance", parsed.provenance), low, high)


def golden(case: int = 0, **changes: Any) -> Situation:
    """A case of the golden file as a situation; `changes` replace numbers by path (dots as in the path)."""
    scenario = GOLDEN["cases"][case]["scenario"]
    actors, issues = tuple(scenario["actors"]), tuple(scenario["issues"])
    numbers: dict[str, Number] = {}

    def put(path: str, data: Any, field: str, **ends: Any) -> None:
        numbers[path] = number(path, changes.pop(path, data), field, **ends)

    for actor, entry in scenario["actors"].items():
        put(f"actors.{actor}.capability", entry["capability"], "capability")
        for symbol in ("c0", "a", "g", "v"):
            put(f"actors.{actor}.{SYMBOLS[symbol]}", entry[symbol], SYMBOLS[symbol])
        put(f"actors.{actor}.curvature", 1, "curvature")
        put(f"actors.{actor}.concession", 1, "concession")
    for issue, entry in scenario["issues"].items():
        put(f"issues.{issue}.status_quo", entry["status_quo"], "status_quo", low=entry["lo"], high=entry["hi"])
    for actor, stances in scenario["stances"].items():
        for issue, (position, salience) in stances.items():
            ends = scenario["issues"][issue]
            put(f"stances.{actor}.{issue}.position", position, "position", low=ends["lo"], high=ends["hi"])
            put(f"stances.{actor}.{issue}.salience", salience, "salience")
    ties = []
    for tie in scenario["ties"]:
        path = f"ties.{tie['from']}.{tie['to']}.share"
        put(path, tie["share"], "share")
        ties.append(Tie(tie["from"], tie["to"], "backs", path))
    levers = []
    for index, lever in enumerate(scenario["levers"]):
        name = f"lever-{index}"
        put(f"levers.{name}.level", lever["level"], "level", low=0, high=1)
        for actor, bite in lever["bite"].items():
            put(f"levers.{name}.bite.{actor}", bite, "bite")
        levers.append(Lever(name, "Pressure", ("us",), (0.0, 1.0), tuple(lever["bite"]), ()))
    talks = scenario["talks"]
    for symbol in ("theta0", "kappa", "tau", "lam", "delta", "gamma", "sigma", "deadline", "eta", "walk"):
        put(f"talks.{SYMBOLS[symbol]}", talks[symbol], SYMBOLS[symbol])
    assert not changes, f"no such paths: {sorted(changes)}"
    return Situation(
        id=f"golden-{case}",
        title=GOLDEN["cases"][case]["name"],
        as_of=dt.date(2015, 3, 15),
        actors=actors,
        names=Names(*({id_: id_ for id_ in ids} for ids in (actors, issues, [x.id for x in levers]))),
        roles={actor: entry["role"] for actor, entry in scenario["actors"].items()},
        issues=issues,
        scales={issue: (float(e["lo"]), float(e["hi"])) for issue, e in scenario["issues"].items()},
        anchors={issue: {} for issue in issues},
        stances={(actor, issue): None for actor, s in scenario["stances"].items() for issue in s},
        ties=tuple(ties),
        levers=tuple(levers),
        has_talks=True,
        required=tuple(talks["required"]),
        excluded=("isis",),
        mediator=talks["mediator"],
        settlement="compromise",
        models={},
        numbers=numbers,
        correlations=(),
    )


UNCERTAIN = {
    "actors.damascus.capability": {"low": 22, "mode": 32, "high": 42},
    "actors.isis.capability": {"low": 10, "high": 30},
    "stances.us.transition.position": {"low": 0, "mode": 10, "high": 60},
    "ties.russia.damascus.share": {"low": 0.02, "mode": 0.05, "high": 0.3},
    "levers.lever-0.level": {"low": 0.1, "mode": 0.3, "high": 0.5},
    "actors.damascus.audience_cost": {"low": 0, "mode": 0.03, "high": 0.12, "because": "a judgement"},
    "talks.success": {"low": 0.2, "mode": 0.4, "high": 0.6},
    "talks.kept": {"low": 0.3, "mode": 0.6, "high": 0.8},
}


def uncertain(**changes: Any) -> Situation:
    """The golden case with ranges, so that shares are neither 0 nor 1."""
    return golden(0, **{**UNCERTAIN, **changes})


__all__ = ["GOLDEN", "UNCERTAIN", "Provenance", "golden", "number", "uncertain"]
