"""Every fault of a document at once: its own, and those of the what-ifs that it offers under ``variants`` and ``expect``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from detente.errors import Fault, InputError
from detente.scenario import rules
from detente.scenario.checking import Checking, day_of
from detente.scenario.fields import NUMBERS
from detente.scenario.nodes import Document, dotted
from detente.scenario.overrides import Change, Overlaid, changes_in, day_asked, overlay
from detente.scenario.paths import records
from detente.scenario.schema import PROVENANCE, SCENARIO, UNLESS_GAME


def checked(document: Document) -> Checking:
    """Check a document whole, with what it offers. Raises `InputError` with every fault, in the order of the file."""
    if not isinstance(document.data, Mapping):
        raise InputError(Fault("found no mapping", "expected a scenario", file=document.file))
    at = _checked(document)
    # What a what-if offers has been checked with its file.
    faults = _own(document, at.faults) if isinstance(document, Overlaid) else [*at.faults, *_of_what_ifs(at)]
    if faults:
        # Each once, in the order of the file.
        raise InputError(sorted(dict.fromkeys(faults), key=lambda fault: (fault.line or 0, fault.column or 0)))
    return at


def _checked(document: Document, doubted: frozenset[str] = frozenset()) -> Checking:
    """A document with its faults, those of reading among them; nothing is judged by the names in doubted parts."""
    at = Checking(document, ids_of(document.data), doubted=doubted)
    SCENARIO.check(at, (), document.data)
    rules.check(at)
    at.faults = [*document.faults, *_others(document, at.faults)]
    return at


def ids_of(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Every id that a reference may name, by kind."""
    from detente.outcome.registry import names

    def keys(kind: str) -> list[str]:
        part = data.get(kind)
        return [key for key in part if isinstance(key, str)] if isinstance(part, Mapping) else []

    return {
        **{kind: keys(kind) for kind in ("actors", "issues", "sources", "levers", "variants")},
        "models": list(names()),
    }


def _others(document: Document, faults: list[Fault]) -> list[Fault]:
    """Those that do not follow from what could not be read."""
    told = {(fault.line, fault.column) for fault in document.faults}
    unread = tuple(dotted(path) for path in document.unread)

    def follows(fault: Fault) -> bool:
        return _within(fault.path, unread) or (fault.line is not None and (fault.line, fault.column) in told)

    return [fault for fault in faults if not follows(fault)]


def _within(path: str, places: Iterable[str]) -> bool:
    """Whether what a dotted path names stands at one of some places or below it."""
    return any(path == place or path.startswith((f"{place}.", f"{place}[")) for place in places)


def _own(document: Overlaid, faults: list[Fault]) -> list[Fault]:
    """Of a what-if's faults those in what it changed, if there are any: the rest of the file then only follows."""
    return [fault for fault in faults if document.told(fault)] or faults


# -- what the file offers --


def _of_what_ifs(base: Checking) -> list[Fault]:
    """The faults of each variant, and of what each expected result is computed with, as far as `base` lets them judge."""
    document, faults = base.document, base.faults
    doubted = _doubted(base)
    told = {(fault.line, fault.column) for fault in faults}
    found: list[Fault] = []
    for changes in _what_ifs(document):
        # Where the file has no day, what is in force on it is in doubt, and no other day is better than any.
        day = day_asked(document, changes) or day_of(document.data.get("as_of")) or dt.date.max
        laid = overlay(document, changes, day, doubted)
        if isinstance(laid, Overlaid):
            for fault in _own(laid, _checked(laid, doubted).faults):
                if laid.told(fault):
                    found.append(fault)
                elif not doubted and (fault.line, fault.column) not in told:  # what it makes wrong elsewhere
                    found.append(replace(fault, path=f"{changes[0].origin}: {fault.path}"))
    return found


def _what_ifs(document: Document) -> Iterator[Sequence[Change]]:
    """The changes of each what-if that has the shape of one, without those that could not be read."""
    for name, entry in records(document.data.get("variants")):
        yield _read(document, changes_in(entry, f"variant {name}", ("variants", name)))
    for index, entry in records(document.data.get("expect")):
        settings = entry.get("with")
        if isinstance(settings, Mapping):
            yield _read(document, changes_in(settings, "with", ("expect", index, "with")))


def _read(document: Document, changes: Iterable[Change]) -> list[Change]:
    return [change for change in changes if change.place not in document.unread]


# What may be wrong in a record without putting in doubt what other parts of the file may call it.
_NO_NAMES = frozenset({*NUMBERS, *PROVENANCE, "name", "aliases", "said"})


def _doubted(base: Checking) -> frozenset[str]:
    """The parts of the file in which a fault leaves open what things are called, or which are there.

    A what-if that names one of them cannot be judged by that name: mending the fault may well make it right.
    """
    quantities = [dotted(place) for place in base.quantities]
    parts = {part for part in UNLESS_GAME if base.document.data.get(part) is None}
    for fault in base.faults:
        names = [name for name in re.split(r"[.\[\]]+", fault.path) if name]
        if not names:  # of the file as a whole
            return frozenset(SCENARIO.fields)
        if names[0] not in SCENARIO.fields and fault.suggestion in SCENARIO.fields:
            parts.add(str(fault.suggestion))  # a part whose own name is misspelt
        elif len(names) > 2 and (names[0] == "sources" or _NO_NAMES & {names[-1], fault.suggestion}):
            continue
        elif not _within(fault.path, quantities):
            parts.add(names[0])
    return frozenset(parts | {"stances", "ties"}) if "as_of" in parts else frozenset(parts)
