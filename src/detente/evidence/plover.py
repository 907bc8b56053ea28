"""The gold records of PLOVER: read, parted in two, and how well the rules for events agree with them.

The rules were written with the words of the first part ("dev") in view. The second ("test") was not looked at; docs/evidence/events.md
says how often it was scored.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import Fault, InputError
from detente.evidence.deeds import QUADS
from detente.evidence.events import sentence_event
from detente.evidence.scores import WORD

FILE = "records.json"
MERGED = {"FIGHT": "ASSAULT"}  # the first records' class that later versions of the scheme do without
PARTS = ("dev", "test")
RESAMPLES = 2_000
SEED = 0


@dataclass(frozen=True)
class Record:
    """A sentence with its event, the class that is scored, and the words of whoever acts and is acted on (any of several)."""

    id: str
    text: str
    event: str
    cls: str
    sources: tuple[frozenset[str], ...]
    targets: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % bootstrap interval (percentiles), over `of` records."""

    value: float
    low: float
    high: float
    of: int

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        values = {"value": self.value, "low": self.low, "high": self.high}
        return {**{name: round(value, 4) if self.of else None for name, value in values.items()}, "of": self.of}


@dataclass(frozen=True)
class Agreement:
    """How well the rules agree with a part of the records."""

    split: str
    records: int
    rates: dict[str, Rate]

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        rates = {name: rate.to_dict() for name, rate in self.rates.items()}
        return {"corpus": "plover", "split": self.split, "records": self.records, "rates": rates}


def load(folder: Path) -> list[Record]:
    """The records in a folder's ``records.json``, in the order of their ids. Raises `InputError` where there are none."""
    file = folder / FILE if folder.is_dir() else folder
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        found = [_record(one) for one in data if one["event"] != "DOCUMENT"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        expected = f"expected a folder with {FILE}: PLOVER's gold records"
        raise InputError(Fault(f"no records found ({type(error).__name__})", expected, file=str(file))) from error
    return sorted(found, key=lambda record: record.id)


def _record(data: dict[str, Any]) -> Record:
    sides = {
        side: tuple(_words(actor["actorText"]) for actor in _listed(data.get(side)) if actor.get("actorText"))
        for side in ("source", "target")
    }
    cls = MERGED.get(data["event"], data["event"])
    return Record(data["id"], data["text"], data["event"], cls, sides["source"], sides["target"])


def _listed(actors: Any) -> list[dict[str, Any]]:
    """The actors of a side, of which a record may hold one or a list, some by their bare words."""
    listed = [actors] if isinstance(actors, dict | str) else list(actors or ())
    return [one if isinstance(one, dict) else {"actorText": str(one)} for one in listed]


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in WORD.findall(text))


def part(records: Sequence[Record], split: str) -> list[Record]:
    """Half of the records: of each class every other one by its id, the first in "dev", the second in "test"."""
    if split not in PARTS:
        raise InputError(Fault(f"'{split}'", f"expected one of {', '.join(PARTS)}", file="--split"))
    by_class: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_class[record.event].append(record)
    return [record for group in by_class.values() for record in group[PARTS.index(split) :: 2]]


def evaluate(folder: Path, split: str, step: Callable[[int, int], None] | None = None) -> Agreement:
    """How well the rules agree with a part: class, its quarter of the scheme, source, target, and all three at once.

    A source or target agrees when it shares a word with any that the record names; records that name none are left out of
    that rate, and count in the triple by the rest.
    """
    records = part(load(folder), split)
    if not records:
        raise InputError(Fault("no record in this half", "expected PLOVER's gold records", file=str(folder)))
    rows = []
    for number, record in enumerate(records, start=1):
        rows.append(_row(record))
        if step:
            step(number, len(records))
    table = np.array([row for row, _ in rows], dtype=float).reshape(len(rows), 5)
    drawn = np.random.default_rng(SEED).integers(0, len(rows), (RESAMPLES, len(rows)))
    names = ("class", "quad", "source", "target", "triple")
    rates = {name: _rate(table[:, k], drawn) for k, name in enumerate(names)}
    gold = [record.cls for record in records]
    given = [cls for _, cls in rows]
    rates["class.macro-f1"] = _macro(np.array(gold), np.array(given), drawn)
    return Agreement(split, len(records), rates)


def _row(record: Record) -> tuple[list[float], str]:
    """Whether class, quarter, source, target and all agree (1 or 0; NaN where the record names none), and the class."""
    found = sentence_event(record.text)
    cls = found.deed.cls if found and found.deed else ""
    sides = []
    for span, gold in ((found and found.source, record.sources), (found and found.target, record.targets)):
        words = _words(record.text[slice(*span)]) if span else frozenset()
        sides.append(float(any(words & one for one in gold)) if gold else float("nan"))
    right = float(cls == record.cls)
    quad = float(QUADS.get(cls) == QUADS[record.cls])
    return [right, quad, *sides, float(right and all(side != 0 for side in sides))], cls


def _rate(column: NDArray[np.float64], drawn: NDArray[np.int64]) -> Rate:
    told = np.isfinite(column)
    if not told.any():
        return Rate(float("nan"), float("nan"), float("nan"), 0)
    count = told[drawn].sum(1)
    means = np.where(told, column, 0)[drawn].sum(1)[count > 0] / count[count > 0]
    low, high = np.percentile(means, (2.5, 97.5))
    return Rate(float(column[told].mean()), float(low), float(high), int(told.sum()))


def _macro(gold: NDArray[np.str_], given: NDArray[np.str_], drawn: NDArray[np.int64]) -> Rate:
    """The mean of the F1 of each class that the gold has."""
    classes = np.unique(gold)
    hit = (gold == given)[:, None] & (gold[:, None] == classes)
    of_gold, of_given = gold[:, None] == classes, given[:, None] == classes

    def score(rows: NDArray[np.int64]) -> float:
        total = of_gold[rows].sum(0) + of_given[rows].sum(0)
        there = of_gold[rows].any(0)
        return float((2 * hit[rows].sum(0) / np.maximum(total, 1))[there].mean())

    low, high = np.percentile([score(rows) for rows in drawn], (2.5, 97.5))
    return Rate(score(np.arange(len(gold))), float(low), float(high), len(gold))
