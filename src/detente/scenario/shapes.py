"""Shapes of data: what may stand where in a scenario, as values that both check a file and word its JSON Schema.

A shape checks plain data at a path and notes every fault in a `Checking`; nothing stops at the first.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.errors import nearest
from detente.scenario.checking import Checking, check_cites, day_of, found, limits_of, note_quantity, scale_of
from detente.scenario.fields import MEANINGS, NUMBERS, RESERVED_IDS, NumberField
from detente.scenario.nodes import Path

ID = re.compile(r"[a-z][a-z0-9_-]*")
Schema = dict[str, Any]


def _entries(count: int) -> str:
    return "no entries" if count == 0 else "1 entry" if count == 1 else f"{count} entries"


class Shape(ABC):
    """What may stand at a place."""

    @abstractmethod
    def check(self, at: Checking, path: Path, data: Any) -> None:
        """Note every fault of `data`."""

    @abstractmethod
    def schema(self) -> Schema:
        """The shape as JSON Schema."""


@dataclass(frozen=True)
class Text(Shape):
    """Any text of one line or several."""

    most_words: int | None = None

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """A text, of at most so many words."""
        if not isinstance(data, str):
            at.fault(path, found(data), "expected text" + ("; put it in quotes" if data is not None else ""))
        elif self.most_words is not None and len(data.split()) > self.most_words:
            at.fault(path, f"found {len(data.split())} words", f"expected at most {self.most_words}")

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string"}


@dataclass(frozen=True)
class Flag(Shape):
    """True or false."""

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """True or false and nothing else."""
        if not isinstance(data, bool):
            at.fault(path, found(data), "expected true or false")

    def schema(self) -> Schema:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Word(Shape):
    """One of a few words."""

    choices: tuple[Any, ...]

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """One of the choices; the nearest is suggested."""
        if isinstance(data, bool) or data not in self.choices:
            expected = ", ".join(map(str, self.choices))
            some = "one of " if len(self.choices) > 1 else ""
            at.fault(path, found(data), f"expected {some}{expected}", nearest(str(data), map(str, self.choices)))

    def schema(self) -> Schema:
        """An enumeration."""
        return {"enum": list(self.choices)}


@dataclass(frozen=True)
class Whole(Shape):
    """A whole number of at least `low`."""

    low: int = 1

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """A whole number."""
        if isinstance(data, bool) or not isinstance(data, int) or data < self.low:
            at.fault(path, found(data), f"expected a whole number of at least {self.low}")

    def schema(self) -> Schema:
        """An integer."""
        return {"type": "integer", "minimum": self.low}


@dataclass(frozen=True)
class Plain(Shape):
    """A number that is not a quantity: a limit, a tolerance, a published value."""

    low: float | None = None
    high: float | None = None

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """A number within the ends."""
        words = "a number" + (
            f" from {self.low:g} to {self.high:g}" if self.low is not None and self.high is not None else ""
        )
        wrong = isinstance(data, bool) or not isinstance(data, (int, float)) or not math.isfinite(data)
        if wrong or (self.low is not None and data < self.low) or (self.high is not None and data > self.high):
            at.fault(path, found(data), f"expected {words}")

    def schema(self) -> Schema:
        """A number."""
        ends = {"minimum": self.low, "maximum": self.high}
        return {"type": "number", **{k: v for k, v in ends.items() if v is not None}}


@dataclass(frozen=True)
class Day(Shape):
    """A date, 2015-03-15."""

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """A day that exists."""
        if day_of(data) is None:
            at.fault(path, found(data), "expected a date such as 2015-03-15")

    def schema(self) -> Schema:
        """A string of the form of a date."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Named(Shape):
    """An id of its own."""

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """An id of the format's form."""
        _check_id(at, path, data, key=False)

    def schema(self) -> Schema:
        """A string of the form of an id."""
        return {"type": "string", "pattern": f"^{ID.pattern}$"}


def _check_id(at: Checking, path: Path, data: Any, *, key: bool) -> None:
    if str(data).lower() in RESERVED_IDS or isinstance(data, bool) or data is None:
        at.fault(
            path,
            f"found the id {data}",
            "expected another id: other YAML readers take it for true, false or nothing",
            key=key,
        )
    elif not isinstance(data, str) or not ID.fullmatch(data):
        at.fault(
            path,
            f"found the id {str(data)[:60]}",
            "expected lower-case letters, digits, - and _, a letter first",
            key=key,
        )


@dataclass(frozen=True)
class To(Shape):
    """A reference to an id of some kind."""

    kind: str
    also: tuple[str, ...] = ()  # words that may stand instead

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """An id that there is; the nearest one is suggested."""
        valid = [*at.ids.get(self.kind, ()), *self.also]
        if isinstance(data, str) and self.kind in at.doubted:
            return
        if not isinstance(data, str) or data not in valid:
            named = f"one of {', '.join(valid[:8])}" if valid else f"an id under {self.kind}, which has none"
            at.fault(
                path, found(data), f"expected {named}{', ...' if len(valid) > 8 else ''}", nearest(str(data), valid)
            )

    def schema(self) -> Schema:
        """A string of the form of an id."""
        return {"type": "string", "pattern": f"^{ID.pattern}$"}


@dataclass(frozen=True)
class Cites(Shape):
    """Sources: source-id or source-id@locator, one or a list."""

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """Ids of sources that there are."""
        texts = [data] if isinstance(data, str) else data
        if not isinstance(texts, list):
            at.fault(path, found(data), "expected a list of sources such as [geneva-2012@p.3]")
            return
        for index, text in enumerate(texts):
            if not isinstance(text, str):
                at.fault((*path, index), found(text), "expected a source id")
        check_cites(at, path, [text if isinstance(text, str) else None for text in texts])

    def schema(self) -> Schema:
        """A string or a list of strings."""
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


@dataclass(frozen=True)
class Quantity(Shape):
    """A number in any form of a quantity, of a field of the table."""

    name: str

    @property
    def field(self) -> NumberField:
        """Its row in the table of fields."""
        return NUMBERS[self.name]

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """A number or distribution within the field's range (narrowed where the place narrows it)."""
        f = self.field
        low, high = _narrowed(at, path, f)
        note_quantity(
            at,
            path,
            data,
            low=low,
            high=high,
            low_open=f.low_open and low == f.low,
            high_open=f.high_open and high == f.high,
            integer=f.integer,
        )

    def schema(self) -> Schema:
        """A reference to the definition of a quantity."""
        f = self.field
        text = f"{f.meaning} ({f.unit}); {f.expected}"
        return {
            "$ref": "#/$defs/quantity",
            "description": text,
            **({"default": f.default} if f.default is not None else {}),
        }


def _narrowed(at: Checking, path: Path, f: NumberField) -> tuple[float, float]:
    """The range at a place: a position's is its issue's scale, a level's its lever's limits."""
    data = at.document.data
    if f.name == "status_quo":
        return scale_of(data, path[1]) or (f.low, f.high)
    if f.name == "position":
        stance = data["stances"][path[1]]
        return scale_of(data, stance.get("issue")) or (f.low, f.high)
    if f.name == "level":
        return limits_of(data["levers"][path[1]])
    return f.low, f.high


@dataclass(frozen=True)
class ListOf(Shape):
    """A list of things of one shape."""

    of: Shape
    least: int = 0

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """Each member."""
        if not isinstance(data, list):
            at.fault(path, found(data), "expected a list")
            return
        if len(data) < self.least:
            at.fault(path, f"found {_entries(len(data))}", f"expected at least {self.least}")
        for index, member in enumerate(data):
            self.of.check(at, (*path, index), member)

    def schema(self) -> Schema:
        """An array."""
        return {"type": "array", "items": self.of.schema(), **({"minItems": self.least} if self.least else {})}


@dataclass(frozen=True)
class ById(Shape):
    """A mapping from ids (or references, or paths) to things of one shape."""

    of: Shape
    keys: str = "ids"  # "ids", "any", or a kind of id to refer to
    least: int = 0

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """Each key and member."""
        if not isinstance(data, Mapping):
            at.fault(path, found(data), "expected a mapping")
            return
        if len(data) < self.least:
            at.fault(path, f"found {_entries(len(data))}", f"expected at least {self.least}")
        for key, member in data.items():
            if self.keys == "ids":
                _check_id(at, (*path, key), key, key=True)
            elif self.keys not in ("any", *at.doubted) and key not in at.ids.get(self.keys, ()):
                valid = at.ids.get(self.keys, [])
                at.fault(
                    (*path, key),
                    f"found {key}",
                    f"expected an id under {self.keys}",
                    nearest(str(key), valid),
                    key=True,
                )
            if member is not None or not isinstance(self.of, (Plain, Quantity)):  # null stands for an absent number
                self.of.check(at, (*path, key), member)

    def schema(self) -> Schema:
        """An object of any properties."""
        names = {"propertyNames": {"pattern": f"^{ID.pattern}$"}} if self.keys == "ids" else {}
        member = self.of.schema()
        if isinstance(self.of, (Plain, Quantity)):
            member = {"anyOf": [member, {"type": "null"}]}
        return {"type": "object", "additionalProperties": member, **names}


@dataclass(frozen=True)
class Record(Shape):
    """A mapping with named fields; unknown ones are faults. ``null`` stands for an absent one."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)  # of fields that mean another thing here than elsewhere

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """Each field, and that none is missing or unknown."""
        if not isinstance(data, Mapping):
            at.fault(path, found(data), "expected a mapping")
            return
        for name in self.required:
            if data.get(name) is None:
                at.fault((*path, name), "found nothing", f"expected {name}: {self._meaning(name)}", key=True)
        for key, value in data.items():
            shape = self.fields.get(key) if isinstance(key, str) else None
            if shape is None:
                self._unknown(at, (*path, key), value)
            elif value is not None:
                shape.check(at, (*path, key), value)

    def _meaning(self, name: str) -> str:
        shape = self.fields[name]
        meaning = shape.field.meaning if isinstance(shape, Quantity) else "a required field"
        return self.meanings.get(name) or MEANINGS.get(name) or meaning

    def _unknown(self, at: Checking, path: Path, value: Any) -> None:
        key = str(path[-1])
        place = at.document.place(path)
        prose = " " in key.strip() or (value is None and place is not None and place.flow)
        if prose and place is not None and place.flow:
            at.fault(
                path,
                f"found {key[:60]!r} where a field should stand",
                "expected text with a comma in quotes: a comma ends a value in {...}",
                key=True,
            )
        else:
            at.fault(
                path,
                f"found the unknown field {key[:60]}",
                f"expected one of {', '.join(self.fields)}",
                nearest(key, self.fields),
                key=True,
            )

    def schema(self) -> Schema:
        """An object with these properties and no others."""
        properties = {}
        for name, shape in self.fields.items():
            text = shape.schema()
            meaning = self.meanings.get(name) or MEANINGS.get(name)
            if meaning and "description" not in text:
                text = {**text, "description": meaning}
            properties[name] = text
        found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**found, "required": list(self.required)} if self.required else found


@dataclass(frozen=True)
class AnyOf(Shape):
    """One of several shapes, told apart by what kind of data stands there."""

    mapping: Shape | None = None
    list_: Shape | None = None
    text: Shape | None = None
    number: Shape | None = None
    expected: str = "another form"

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """As the shape for that kind of data."""
        if isinstance(data, Mapping):
            shape = self.mapping
        elif isinstance(data, list):
            shape = self.list_
        elif isinstance(data, str):
            shape = self.text
        else:
            shape = None if isinstance(data, bool) else self.number
        if shape is None:
            at.fault(path, found(data), f"expected {self.expected}")
        else:
            shape.check(at, path, data)

    def schema(self) -> Schema:
        """Any of them."""
        return {"anyOf": [s.schema() for s in (self.mapping, self.list_, self.text, self.number) if s is not None]}


@dataclass(frozen=True)
class Anything(Shape):
    """Data that is checked elsewhere."""

    def check(self, at: Checking, path: Path, data: Any) -> None:
        """Nothing here."""

    def schema(self) -> Schema:
        """No restriction."""
        return {}
