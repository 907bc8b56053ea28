"""Between which ends a number lies, and where in between it stands: what a picture draws of a quantity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from math import isfinite
from typing import Any

from detente.scenario.situation import Number, Situation

Span = tuple[float, float, float]  # low end, central value, high end


def same_in_every_draw(run: Mapping[str, Any]) -> bool:
    """Whether nothing that the models of a run settle on varies over its draws, and there are no talks that would.

    >>> same_in_every_draw({"outcomes": {"mean": {"tax": {"q05": 44.0, "q95": 44.0}}}})
    True
    """
    values = [v for issues in (run.get("outcomes") or {}).values() for v in (issues or {}).values() if v]
    return not run.get("talks") and bool(values) and all(v["q05"] == v["q95"] for v in values)


def span_at(situation: Situation, path: str | None) -> Span | None:
    """The span of a number in force, held within the number's own range; None where there is no such number."""
    number = situation.numbers.get(path or "")
    return None if number is None else _held(span_of(number.quantity, situation.numbers), number.low, number.high)


def span_on(situation: Situation, quantity: Any, day: dt.date, ends: tuple[float, float]) -> Span | None:
    """The span on a day of a quantity as the file holds it, held within `ends`; None where none is in force yet."""
    quantity = getattr(quantity, "quantity", quantity)
    if hasattr(quantity, "at"):  # dated
        parsed = quantity.at(day)
        if parsed is None:
            return None
        quantity = parsed.quantity
    return _held(span_of(quantity, situation.numbers), *ends)


def span_of(quantity: Any, numbers: Mapping[str, Number]) -> Span:
    """The span of a quantity; of one without ends its 5 % and 95 % quantiles; of a ref, of what it moves with."""
    if getattr(quantity, "refs", ()):
        base = span_of(numbers[quantity.path].quantity, numbers)
        times, plus = (span_of(part, numbers) for part in (quantity.times, quantity.plus))
        corners = [a * b for a in (base[0], base[2]) for b in (times[0], times[2])]
        return min(corners) + plus[0], base[1] * times[1] + plus[1], max(corners) + plus[2]
    low, high = quantity.support()
    if not (isfinite(low) and isfinite(high)):
        low, high = quantity.ppf([0.05, 0.95])
    return float(low), float(quantity.central()), float(high)


def _held(span: Span, low: float, high: float) -> Span:
    return (min(max(span[0], low), high), min(max(span[1], low), high), min(max(span[2], low), high))
