"""What-ifs: variants and ``--set``, laid over the file's data before it is checked once more."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detente.errors import Fault, InputError, nearest
from detente.scenario.checking import day_of
from detente.scenario.fields import RESOLVE_FIELDS, SHARED_KINDS, TIE_KINDS
from detente.scenario.nodes import Document, Path, dotted, parse
from detente.scenario.paths import named, numeric_paths, stance_index, statement_place, tie_index
from detente.scenario.schema import SCENARIO


@dataclass(frozen=True)
class Change:
    """One field to be set."""

    path: str  # as people name it
    value: Any
    origin: str  # "--set PATH=VALUE" or "variant NAME"
    place: Path | None = None  # of a variant's entry in the file


@dataclass(frozen=True)
class Overlaid(Document):
    """A document with changes laid over it: a fault in what was changed names the change."""

    changed: Mapping[Path, Change] = field(default_factory=dict)
    nowhere: tuple[Fault, ...] = ()  # of changes whose path leads nowhere

    def change_of(self, path: Path) -> Change | None:
        """The change that set the value at a place, or made the record that it stands in; None where the file did."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.changed:
                return self.changed[path[:length]]
        return None

    def told(self, fault: Fault) -> bool:
        """Whether a fault names a change."""
        return fault in self.nowhere or any(
            fault.file == change.origin or fault.path.startswith(f"{change.origin}: ")
            for change in self.changed.values()
        )

    def fault(
        self, path: Path, found: str, expected: str = "", suggestion: str | None = None, *, key: bool = False
    ) -> Fault:
        """A fault at the change that set the value, else in the file as ever."""
        change = self.change_of(path)
        if change is None:
            return super().fault(path, found, expected, suggestion, key=key)
        name = named(self.data, path)
        if change.place is None:
            return Fault(found, expected, name, change.origin, suggestion=suggestion)
        at = super().fault(change.place, found)
        return Fault(found, expected, f"{change.origin}: {name}", at.file, at.line, at.column, suggestion)


def parse_set(text: str) -> Change:
    """A ``PATH=VALUE`` of the command line; the value is YAML. Raises `InputError`.

    >>> parse_set("talks.success={low: 0.1, high: 0.3}").value
    {'low': 0.1, 'high': 0.3}
    """
    path, equals, value = text.partition("=")
    path, origin = path.strip(), f"--set {text}"
    if not equals or not path:
        raise InputError(Fault("found no PATH=VALUE", "expected such as actors.damascus.capability=40", file=origin))
    try:
        data = parse(f"value: {value}", origin).data
    except InputError as error:
        # Lines and columns would count from a word that nobody wrote.
        raise InputError(
            [Fault(fault.found, fault.expected, path, origin, suggestion=fault.suggestion) for fault in error.faults]
        ) from None
    if set(data) != {"value"}:
        raise InputError(Fault("found several lines", "expected one value", path, origin))
    return Change(path, data["value"], origin)


def changes_of(document: Document, variants: Sequence[str], sets: Mapping[str, Any] | Sequence[str]) -> list[Change]:
    """The changes asked for: variants in order, then what was set. Raises `InputError` for an unknown variant."""
    found = []
    known = document.data.get("variants") or {}
    for name in variants:
        if name not in known:
            expected = f"expected one of {', '.join(known)}" if known else "expected none: the file has no variants"
            raise InputError(
                Fault(f"found the variant {name}", expected, file=document.file, suggestion=nearest(name, known))
            )
        found += changes_in(known[name] or {}, f"variant {name}", ("variants", name))
    if isinstance(sets, Mapping):
        return [*found, *(Change(path, _plain(value), f"--set {path}={value}") for path, value in sets.items())]
    return [*found, *(parse_set(text) for text in sets)]


def changes_in(entry: Mapping[Any, Any], origin: str, place: Path) -> list[Change]:
    """The changes that a mapping from paths to values at a place in the file asks for."""
    return [Change(str(path), value, origin, (*place, path)) for path, value in entry.items()]


def _plain(value: Any) -> Any:
    """A value from Python as a file would hold it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_plain(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value.item() if hasattr(value, "item") else value


def day_asked(document: Document, changes: Sequence[Change]) -> dt.date | None:
    """The as-of date of a document with changes, None where what stands there is no date."""
    days = [day_of(change.value) for change in changes if change.path == "as_of"]
    return days[-1] if days else day_of(document.data.get("as_of"))


def overlay(
    document: Document, changes: Sequence[Change], as_of: dt.date, doubted: frozenset[str] = frozenset()
) -> Document:
    """The document with the changes laid over it; that a path leads nowhere is among its faults.

    A path is not judged by the names in `doubted` parts, and no record is made in them: that it is missing says nothing.
    """
    if not changes:
        return document
    laying = _Laying(copy.deepcopy(document.data), as_of)
    astray = []
    for change in changes:
        try:
            laying.lay(change)
        except (LookupError, TypeError, ValueError, AttributeError):  # the last three: an earlier change broke the way
            astray.append(change)
    for part in _RELIES:
        if part in doubted or any(_part(change) == part for change in astray):
            laying.withdraw(part)
    judged = (change for change in astray if not doubted.intersection(_RELIES.get(_part(change), (_part(change),))))
    nowhere = tuple(_leads_nowhere(document, change) for change in judged)
    return Overlaid(
        document.text,
        document.file,
        laying.data,
        document.places,
        faults=(*document.faults, *nowhere),
        unread=document.unread.difference(laying.changed),
        changed=laying.changed,
        nowhere=nowhere,
    )


def _part(change: Change) -> str:
    """The part of the file that a change is in."""
    return change.path.split(".")[0]


# The parts by whose names a path into a part goes, where that is not the part alone.
_RELIES = {"stances": ("actors", "issues", "stances"), "ties": ("actors", "ties")}


def _leads_nowhere(document: Document, change: Change) -> Fault:
    found = f"found the path {change.path}"
    close = nearest(change.path, [*numeric_paths(document.data), *_WHOLE])
    expected = "expected a path such as actors.ID.capability"
    if change.place is None:
        return Fault(found, expected, file=change.origin, suggestion=close)
    at = document.fault(change.place, found, key=True)
    return Fault(found, expected, at.path, at.file, at.line, at.column, close)


# Fields that are no numbers and are worth setting: what a mistyped path may have meant.
_WHOLE = (
    "as_of",
    "votes.quota",
    "votes.index",
    "talks.required",
    "talks.excluded",
    "talks.mediator",
    "talks.settlement",
)


@dataclass
class _Laying:
    """Data that changes are being laid over, and where each change went."""

    data: dict[str, Any]
    as_of: dt.date
    changed: dict[Path, Change] = field(default_factory=dict)
    first_made: dict[str, int] = field(default_factory=dict)  # the first record made in a part

    def lay(self, change: Change) -> None:
        """Set one field. Raises LookupError where the path leads nowhere."""
        made: list[Path] = []
        place = self.place(change.path, made)
        self.put(place, copy.deepcopy(change.value))
        # What an earlier change set within is gone, or replaced.
        self.changed = {at: by for at, by in self.changed.items() if at[: len(place)] != place}
        self.changed.update({at: change for at in (*made, place)})

    def place(self, path: str, made: list[Path]) -> Path:
        """Where in the data the field of a path stands or would stand; a record made on the way is noted in `made`."""
        parts = path.split(".")
        top = parts[0]
        if top not in SCENARIO.fields or "" in parts:
            raise LookupError(path)
        if top == "stances" and len(parts) > 1:
            return self.stance(parts, made)
        if top == "ties" and len(parts) > 1:
            return self.tie(parts, made)
        if parts[:2] == ["game", "preferences"] and len(parts) == 5:
            return (*statement_place(self.data, parts[2], parts[3]), parts[4])
        if top in ("actors", "issues", "levers") and len(parts) > 2 and parts[1] not in (self.data.get(top) or {}):
            raise LookupError(path)
        if top == "actors" and len(parts) == 3 and parts[2] in RESOLVE_FIELDS:
            return ("actors", parts[1], "resolve", parts[2])
        if top == "levers" and len(parts) > 3 and parts[2] == "raises":
            return ("levers", parts[1], "raises", ".".join(parts[3:]))
        if top == "issues" and len(parts) > 3 and parts[2] == "scale":
            anchor = float(".".join(parts[3:]))
            return ("issues", parts[1], "scale", int(anchor) if anchor.is_integer() else anchor)
        return tuple(parts)

    def stance(self, parts: Sequence[str], made: list[Path]) -> Path:
        """The stance in force, or a new one from this day on: stances.ACTOR.ISSUE.FIELD."""
        actor, issue, _ = parts[1], parts[2], parts[3]
        if actor not in (self.data.get("actors") or ()) or issue not in (self.data.get("issues") or ()):
            raise LookupError(actor)
        index = stance_index(self.data, actor, issue, self.as_of)
        if index is None:
            index = self.add("stances", {"actor": actor, "issue": issue, "since": self.as_of.isoformat()}, made)
        return ("stances", index, *parts[3:])

    def tie(self, parts: Sequence[str], made: list[Path]) -> Path:
        """The tie in force, or a new one: ties.FROM.TO.FIELD where it backs, else ties.FROM.TO.KIND.FIELD."""
        source, target, *rest = parts[1:]
        kind = rest.pop(0) if rest and rest[0] in TIE_KINDS else "backs"
        if {source, target} - set(self.data.get("actors") or ()) or not rest:
            raise LookupError(source)
        if rest[0] == "share" and kind not in SHARED_KINDS:
            raise LookupError(kind)
        index = tie_index(self.data, source, target, kind, self.as_of)
        if index is None:
            # A tie that was or will be there on other days stays as it is: the new one holds on this day alone.
            day = self.as_of.isoformat()
            new = {"from": source, "to": target, "kind": kind, "since": day, "until": day}
            index = self.add("ties", new, made)
        return ("ties", index, *rest)

    def add(self, part: str, record: dict[str, Any], made: list[Path]) -> int:
        """Append a record to a list, which is made where the file has none; its index."""
        if self.data.get(part) is None:
            self.data[part] = []
        self.data[part].append(record)
        self.first_made.setdefault(part, len(self.data[part]) - 1)
        made.append((part, len(self.data[part]) - 1))
        return len(self.data[part]) - 1

    def withdraw(self, part: str) -> None:
        """Take away the records made in a part, and what was set in them."""
        if part in self.first_made:
            first = self.first_made.pop(part)
            del self.data[part][first:]
            self.changed = {at: by for at, by in self.changed.items() if at[0] != part or len(at) < 2 or at[1] < first}

    def put(self, place: Path, value: Any) -> None:
        """Set the value at a place, making the mappings on the way to it; None takes away what stands there."""
        here: Any = self.data
        for part in place[:-1]:
            if isinstance(here, dict) and here.get(part) is None:
                here[part] = {}
            if isinstance(here, list) and isinstance(here[part], str):
                here[part] = {"statement": here[part]}  # a statement that was bare until now
            here = here[part]
        if not isinstance(here, dict):
            raise LookupError(dotted(place))
        if value is None:
            here.pop(place[-1], None)
        else:
            here[place[-1]] = value
