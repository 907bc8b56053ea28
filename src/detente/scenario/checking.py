"""A document being checked: what is known of it, the faults so far, and what several rules ask of plain data."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.errors import Fault, nearest
from detente.scenario.nodes import Document, Path
from detente.scenario.quantity import Parsed, QuantityFaults, parse_quantity


@dataclass
class Checking:
    """A document being checked: the ids that references may name, the faults so far, the numbers parsed so far."""

    document: Document
    ids: dict[str, list[str]]  # kind ("actors", "issues", "sources", ...) -> ids
    faults: list[Fault] = field(default_factory=list)
    numbers: dict[Path, Parsed] = field(default_factory=dict)
    quantities: list[Path] = field(default_factory=list)  # where a quantity stands, good or faulty
    doubted: frozenset[str] = frozenset()  # parts whose names may still change: no reference to them is judged

    def fault(
        self, path: Path, text: str, expected: str = "", suggestion: str | None = None, *, key: bool = False
    ) -> None:
        """Note a fault at the value at `path`, or at its key."""
        self.faults.append(self.document.fault(path, text, expected, suggestion, key=key))


def found(data: Any) -> str:
    """What stands there, in a few words."""
    if data is None:
        return "found nothing"
    if isinstance(data, Mapping):
        return "found a mapping"
    if isinstance(data, list):
        return "found a list"
    if isinstance(data, bool):
        return f"found {str(data).lower()}"
    text = str(data)
    return f"found {text if len(text) <= 60 else text[:57] + '...'}"


def day_of(data: Any) -> dt.date | None:
    """A date as written, or None where it is none."""
    if not isinstance(data, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", data):
        return None
    try:
        return dt.date.fromisoformat(data)
    except ValueError:
        return None


def note_quantity(at: Checking, path: Path, data: Any, **limits: Any) -> None:
    """Parse the quantity at a place and keep it, or note its faults; the sources that it cites must be there."""
    at.quantities.append(path)
    try:
        at.numbers[path] = parse_quantity(data, **limits)
    except QuantityFaults as wrong:
        for fault in wrong.faults:
            at.fault((*path, *fault.subpath), fault.found, fault.expected, fault.suggestion, key=fault.key)
    for place, mapping in parts(path, data):
        cite = mapping.get("cite")
        texts = [cite] if isinstance(cite, str) else cite if isinstance(cite, list) else []
        check_cites(at, (*place, "cite"), [text if isinstance(text, str) else None for text in texts])


def parts(path: Path, data: Any) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The mappings that a quantity is written as: itself, what it adds and multiplies by, its values by date."""
    if isinstance(data, Mapping):
        yield path, data
        for key in ("times", "plus"):
            yield from parts((*path, key), data.get(key))
        dated = data.get("dated")
        for day, value in dated.items() if isinstance(dated, Mapping) else ():
            yield from parts((*path, "dated", day), value)


def check_cites(at: Checking, path: Path, cites: Iterable[str | None]) -> None:
    """Every source cited must be there; None stands for what is no text, and so a fault already."""
    if "sources" in at.doubted:
        return
    sources = at.ids.get("sources", [])
    for index, cite in enumerate(cites):
        source = cite.split("@", 1)[0] if cite is not None else None
        if source is not None and source not in sources:
            place = (*path, index) if isinstance(at.document.value(path), list) else path
            at.fault(place, f"found the source {source}", "expected an id under sources", nearest(source, sources))


def scale_of(data: Mapping[str, Any], issue: Any) -> tuple[float, float] | None:
    """The ends of an issue's scale, None where there is no usable one."""
    try:
        anchors = [float(anchor) for anchor in data["issues"][issue]["scale"]]
    except (KeyError, TypeError, ValueError):
        return None
    return (min(anchors), max(anchors)) if len(set(anchors)) >= 2 else None


def limits_of(lever: Any) -> tuple[float, float]:
    """A lever's limits, 0 and 1 where it gives none, no ends where those it gives are a fault already."""
    limits = lever.get("limits") if isinstance(lever, Mapping) else None
    if limits is None:
        return 0.0, 1.0
    usable = isinstance(limits, list) and len(limits) == 2 and all(isinstance(x, (int, float)) for x in limits)
    return (float(limits[0]), float(limits[1])) if usable and limits[0] < limits[1] else (-math.inf, math.inf)
