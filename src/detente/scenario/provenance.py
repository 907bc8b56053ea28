"""Where a number comes from, as a file says it, and the faults of quantities.

Knows no YAML and no file: a fault carries the path of keys below the quantity, and the reader adds the place.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.scenario.situation import Provenance

PROVENANCE = ("cite", "by", "date", "grade", "because")

Path = tuple[Any, ...]  # keys and indices below a quantity


@dataclass(frozen=True)
class QuantityFault:
    """One thing wrong with a quantity, at the keys and indices `subpath` below it (at the key itself with `key`)."""

    subpath: tuple[Any, ...]
    found: str
    expected: str = ""
    suggestion: str | None = None
    key: bool = False

    def __str__(self) -> str:
        place = ".".join(map(str, self.subpath))
        text = "; ".join(part for part in (self.found, self.expected) if part)
        text += f" (did you mean {self.suggestion}?)" if self.suggestion else ""
        return f"{place}: {text}" if place else text


class QuantityFaults(Exception):
    """Everything wrong with a quantity."""

    def __init__(self, faults: Sequence[QuantityFault]):
        self.faults = list(faults)
        super().__init__("\n".join(map(str, self.faults)))


def parse_provenance(data: Mapping[Any, Any]) -> Provenance:
    """The provenance that a mapping states by `PROVENANCE` keys; other keys are not looked at.

    Raises `QuantityFaults` with every fault.

    >>> parse_provenance({"cite": ["geneva-2012@p4"], "grade": "B2"}).cite
    ('geneva-2012@p4',)
    """
    notes = Notes([])
    provenance = notes.provenance(data, ())
    if notes.faults:
        raise QuantityFaults(notes.faults)
    return provenance


@dataclass
class Notes:
    """Reads what any mapping of a quantity may hold, noting every fault; a method gives None where it noted one."""

    faults: list[QuantityFault]

    def fault(
        self, path: Path, found: str, expected: str = "", suggestion: str | None = None, *, key: bool = False
    ) -> None:
        """Note a fault."""
        self.faults.append(QuantityFault(path, found, expected, suggestion, key))

    def provenance(self, data: Mapping[Any, Any], path: Path) -> Provenance:
        """What the keys of `PROVENANCE` in a mapping say."""
        grade = self.text(data, "grade", path)
        if grade is not None and not re.fullmatch("[A-F][1-6]", grade):
            fixed = grade.strip().upper()
            meant = fixed if re.fullmatch("[A-F][1-6]", fixed) else None
            expected = "expected an Admiralty code, A to F and 1 to 6, such as B2"
            self.fault((*path, "grade"), f"found {shown(grade)}", expected, meant)
        day = data.get("date")
        return Provenance(
            cite=self.cite(data.get("cite"), (*path, "cite")),
            by=self.text(data, "by", path),
            date=None if day is None else self.day(day, (*path, "date")),
            grade=grade,
            because=self.text(data, "because", path),
        )

    def cite(self, data: Any, path: Path) -> tuple[str, ...]:
        """A list of citations."""
        if data is None:
            return ()
        if not isinstance(data, Sequence) or isinstance(data, str):
            meant = f"[{data}]" if isinstance(data, str) else None
            self.fault(path, f"found {shown(data)}", "expected a list of source ids, [source-id@locator]", meant)
            return ()
        for index, item in enumerate(data):
            if not isinstance(item, str) or not item.split("@", 1)[0].strip():
                self.fault((*path, index), f"found {shown(item)}", "expected a source id, or source-id@locator")
        return tuple(item for item in data if isinstance(item, str))

    def text(self, data: Mapping[Any, Any], key: str, path: Path) -> str | None:
        """The text at a key, if there is one."""
        value = data.get(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self.fault((*path, key), f"found {shown(value)}", "expected text")
        return None

    def day(self, data: Any, path: Path, *, key: bool = False) -> dt.date | None:
        """A date, itself or as text."""
        if isinstance(data, dt.date) and not isinstance(data, dt.datetime):
            return data
        if isinstance(data, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", data):
            try:
                return dt.date.fromisoformat(data)
            except ValueError:
                pass
        self.fault(path, f"found {shown(data)}", "expected a date, YYYY-MM-DD", key=key)
        return None


def shown(data: Any) -> str:
    """A value as an error shows it, short.

    >>> shown(True), shown([1]), shown("80%")
    ('true', 'a list', '"80%"')
    """
    if data is None:
        return "nothing"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, Mapping):
        return "a mapping"
    if isinstance(data, str):
        return f'"{data}"' if len(data) <= 40 else f'"{data[:37]}..."'
    if isinstance(data, Sequence):
        return "a list" if len(data) else "an empty list"
    return str(data)
