"""The conventions by which the words of a report become ranges and dates of a scenario: choices, and told as such."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

QUOTED_WORDS = 40  # of a quotation that a file may hold


def ends_of(position: Any, scale: tuple[float, float]) -> tuple[float, float]:
    """The least and greatest value that a quantity as written may take; the whole scale where that is not plain."""
    if isinstance(position, (int, float)) and not isinstance(position, bool):
        return float(position), float(position)
    if isinstance(position, Mapping):
        for low, high in (("low", "high"), ("p5", "p95"), ("p10", "p90"), ("value", "value")):
            if isinstance(position.get(low), (int, float)) and isinstance(position.get(high), (int, float)):
                return float(position[low]), float(position[high])
    return scale


def moved(ends: tuple[float, float], scale: tuple[float, float], direction: str) -> tuple[float, float]:
    """A line that softened reaches from where it stood to the middle of the scale, one that hardened to its end.

    >>> moved((5, 10), (0, 100), "softening"), moved((5, 10), (0, 100), "hardening")
    ((5, 50.0), (0, 10))
    """
    low, high = ends
    middle = (scale[0] + scale[1]) / 2
    if ends == scale:
        return scale
    if (low + high) / 2 <= middle:
        return (low, max(middle, high)) if direction == "softening" else (scale[0], high)
    return (min(middle, low), high) if direction == "softening" else (low, scale[1])


def whole_date(date: str | None, precision: str | None) -> tuple[str, str] | None:
    """A date cut to a year or month as the format writes it: its first day, beside its precision.

    >>> whole_date("2014", "year")
    ('2014-01-01', 'year')
    """
    if date is None:
        return None
    return f"{date}-01-01"[:10], precision or {4: "year", 7: "month"}.get(len(date), "day")


def same_date(date: str, other: str, precision: str) -> bool:
    """Whether two dates are the same as far as the precision of one goes.

    >>> same_date("2014-02-15", "2014-01-01", "year")
    True
    """
    length = {"year": 4, "month": 7}.get(precision, 10)
    return date[:length] == other[:length]


def few_words(text: str) -> str:
    """A quotation cut to the words that a file may hold.

    >>> len(few_words("no " * 50).split())
    40
    """
    words = text.split()
    return " ".join(words if len(words) <= QUOTED_WORDS else [*words[: QUOTED_WORDS - 1], "..."])
