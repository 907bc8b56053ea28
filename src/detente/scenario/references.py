"""Rules about numbers that name other numbers: refs, what levers raise, correlations."""

from __future__ import annotations

import datetime as dt
import math
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from detente.errors import nearest
from detente.scenario.checking import Checking, day_of, found, parts
from detente.scenario.nodes import Path
from detente.scenario.paths import in_force, named, numeric_paths, records, stance_index
from detente.scenario.quantity import Dated, Ref


def check(at: Checking, data: Mapping[str, Any]) -> None:
    """Note every path that leads nowhere, what moves with itself, and correlations that cannot be."""
    valid = numeric_paths(data)
    for place in at.quantities:
        for path, mapping in parts(place, at.document.value(place)):
            target = mapping.get("ref")
            if isinstance(target, str) and "." in target and target not in valid:
                at.fault((*path, "ref"), found(target), "expected the path of a number", nearest(target, valid))
    raises: dict[str, list[str]] = {}
    for lever, entry in records(data.get("levers")):
        raised = entry.get("raises")
        raises[f"levers.{lever}.level"] = targets = list(raised) if isinstance(raised, Mapping) else []
        for target in targets:
            if target not in valid:
                path = ("levers", lever, "raises", target)
                at.fault(path, found(target), "expected the path of a number", nearest(str(target), valid), key=True)
    for circle in circles(raises):
        path = ("levers", circle[0].split(".")[1], "raises", circle[1])
        at.fault(
            path,
            f"found {' -> '.join(circle[1:])}",
            "expected a number that does not raise the lever in turn",
            key=True,
        )
    _refs_in_force(at)
    _correlations(at, valid)


def _refs_in_force(at: Checking) -> None:
    """Nothing moves with itself on the file's own day; another day is checked when it is chosen."""
    data = at.document.data
    day = day_of(data.get("as_of"))
    if day is None:
        return
    refs: dict[str, list[str]] = {}
    places: dict[str, Path] = {}
    for place, parsed in at.numbers.items():
        quantity = parsed.quantity
        if isinstance(quantity, Dated):
            entry = quantity.at(day)
            quantity = entry.quantity if entry is not None else quantity
        if isinstance(quantity, Ref) and _stands(data, place, day):
            path = named(data, place)
            refs[path], places[path] = [quantity.path], place
    for circle in circles(refs):
        place = places[circle[0]]
        ref = (*place, "ref")
        at.fault(ref if at.document.value(ref) else place, f"found {' -> '.join(circle)}", NO_CIRCLE)


NO_CIRCLE = "expected a number that does not move with itself"


def _stands(data: Mapping[str, Any], place: Path, day: dt.date) -> bool:
    """Whether the stance, tie or lever that a number stands in is in force; True for all others."""
    record = data[place[0]][place[1]] if place[0] in ("stances", "ties", "levers") else None
    if record is not None and place[0] == "stances":
        return stance_index(data, record.get("actor"), record.get("issue"), day) == place[1]
    return record is None or in_force(record, day)


def circles(leads: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The shortest way round each circle, from its first member in the order of `leads` back to it.

    >>> circles({"a": ["b"], "b": ["a"], "c": ["a"]})
    [['a', 'b', 'a']]
    """
    found: list[list[str]] = []
    for start in leads:
        way = None if any(start in circle for circle in found) else _way_back(leads, start)
        if way is not None:
            found.append(way)
    return found


def _way_back(leads: Mapping[str, Sequence[str]], start: str) -> list[str] | None:
    ways, seen = deque([[start]]), set()
    while ways:
        way = ways.popleft()
        for there in leads.get(way[-1], ()):
            if there == start:
                return [*way, start]
            if there not in seen:
                seen.add(there)
                ways.append([*way, there])
    return None


def _correlations(at: Checking, valid: list[str]) -> None:
    before = len(at.faults)
    pairs: dict[tuple[str, str], float] = {}
    for index, entry in records(at.document.data.get("correlations")):
        path: Path = ("correlations", index, "of")
        of, rho = entry.get("of"), entry.get("rho")
        if not isinstance(of, list) or not all(isinstance(name, str) for name in of):
            continue  # of the wrong shape, and so a fault already
        if len(of) < 2 or len(set(of)) < len(of):
            at.fault(path, f"found {', '.join(of) or 'none'}", "expected two different paths or more")
            continue
        for place, name in enumerate(of):
            if name not in valid:
                at.fault((*path, place), found(name), "expected the path of a number", nearest(name, valid))
            for other in of[:place]:
                pair = (min(name, other), max(name, other))
                if pair in pairs:
                    at.fault(path, f"found {pair[0]} and {pair[1]} a second time", "expected each pair once")
                elif isinstance(rho, (int, float)):
                    pairs[pair] = float(rho)
    if pairs and len(at.faults) == before and not _possible(pairs):
        expected = "expected a positive definite matrix: weaken one, or write ref where one number is another's"
        at.fault(("correlations",), "found correlations that cannot hold together", expected)


def _possible(pairs: Mapping[tuple[str, str], float]) -> bool:
    """Whether the normal scores' correlations, ``2 sin(pi rho / 6)``, make a positive definite matrix."""
    names = sorted({name for pair in pairs for name in pair})
    matrix = np.eye(len(names))
    for (first, second), rho in pairs.items():
        i, j = names.index(first), names.index(second)
        matrix[i, j] = matrix[j, i] = 2 * math.sin(math.pi * rho / 6)
    return bool(np.linalg.eigvalsh(matrix)[0] >= 1e-9)
