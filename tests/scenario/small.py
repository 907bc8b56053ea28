"""Small situations built by hand, for the tests of sampling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from detente.scenario.fields import NUMBERS
from detente.scenario.quantity import parse_quantity
from detente.scenario.situation import Lever, Number, Provenance, Situation, Tie


def field_of(path: str) -> str:
    """The row of the table of fields that a path belongs to."""
    parts = path.split(".")
    if parts[0] == "talks":
        return ".".join(parts[1:])
    return parts[2] if parts[0] == "levers" else parts[-1]


def number(path: str, data: Any, low: float | None = None, high: float | None = None) -> Number:
    field = NUMBERS[field_of(path)]
    low, high = field.low if low is None else low, field.high if high is None else high
    limits = {"low_open": field.low_open, "high_open": field.high_open, "integer": field.integer}
    return Number(
        path, parse_quantity(data, low=low, high=high, **limits).quantity, field, "file", Provenance(), low, high
    )


def situation(
    numbers: Mapping[str, Any],
    *,
    levers: Mapping[str, tuple[str, ...]] | None = None,
    ties: tuple[tuple[str, str], ...] = (),
    correlations: tuple[tuple[tuple[str, ...], float], ...] = (),
    **more: Any,
) -> Situation:
    """A situation of some numbers, each by its path; a lever is its id and the paths that it raises."""
    limits = {f"levers.{lever}.level": (0.0, 1.0) for lever in levers or {}}
    actors = tuple(dict.fromkeys(p.split(".")[1] for p in numbers if p.startswith(("actors.", "stances."))))
    whole: dict[str, Any] = {
        "id": "small",
        "title": "Small",
        "as_of": dt.date(2015, 3, 15),
        "actors": actors,
        "names": {},
        "roles": dict.fromkeys(actors, "belligerent"),
        "issues": (),
        "scales": {},
        "anchors": {},
        "stances": {},
        "ties": tuple(Tie(a, b, "backs", f"ties.{a}.{b}.share") for a, b in ties),
        "levers": tuple(Lever(name, name, (), (0.0, 1.0), (), raised) for name, raised in (levers or {}).items()),
        "has_talks": False,
        "required": (),
        "excluded": (),
        "mediator": None,
        "settlement": "compromise",
        "models": {},
        "numbers": {path: number(path, data, *limits.get(path, ())) for path, data in numbers.items()},
        "correlations": correlations,
    }
    return Situation(**(whole | more))
