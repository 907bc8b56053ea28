"""A scenario in memory: what the file says, by its parts, with the document it was read from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detente.scenario.nodes import Document
from detente.scenario.quantity import Parsed
from detente.scenario.situation import Provenance


@dataclass(frozen=True)
class Source:
    """Where numbers come from."""

    id: str
    title: str
    publisher: str | None = None
    author: str | None = None
    date: dt.date | None = None
    url: str | None = None
    sha256: str | None = None
    read: bool | None = None
    access: str = "open"
    note: str | None = None


@dataclass(frozen=True)
class Stance:
    """What an actor wants on an issue from a day on."""

    actor: str
    issue: str
    position: Any  # a quantity
    salience: Any
    since: dt.date
    said: str | None
    provenance: Provenance


@dataclass(frozen=True)
class Event:
    """Something that happened to the talks."""

    date: dt.date
    event: str
    name: str | None = None
    number: int | None = None
    until: dt.date | None = None
    forum: str | None = None
    sponsors: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    mediator: str | None = None
    precision: str = "day"
    said: str | None = None
    cite: tuple[str, ...] = ()
    because: str | None = None


@dataclass(frozen=True)
class Toll:
    """What the war has cost by a day."""

    date: dt.date
    what: str
    value: Any  # a quantity
    provenance: Provenance


@dataclass(frozen=True)
class TalksOutcome:
    """What became of the talks."""

    convened: bool | None = None
    date: dt.date | None = None
    ended: str | None = None
    cite: tuple[str, ...] = ()
    because: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What happened in the end; read by `score` alone."""

    known_on: dt.date | None = None
    resolve_by: dt.date | None = None
    talks: TalksOutcome | None = None
    issues: Mapping[str, float | None] = field(default_factory=dict)
    baseline: Mapping[str, float] = field(default_factory=dict)
    cite: tuple[str, ...] = ()
    because: str | None = None


@dataclass(frozen=True)
class Expected:
    """A published result that the models are held to."""

    measure: str
    value: float
    tolerance: float
    with_: Mapping[str, Any] = field(default_factory=dict)
    central: bool = True
    draws: int | None = None
    cite: tuple[str, ...] = ()
    because: str | None = None


@dataclass(frozen=True)
class ExpectedEquilibria:
    """The equilibria that are published of a strategic conflict, by concept, or that its definitions give."""

    equilibria: Mapping[str, tuple[str, ...]]  # states as written: a code, a letter an option, or an id
    with_: Mapping[str, Any] = field(default_factory=dict)
    cite: tuple[str, ...] = ()
    because: str | None = None


@dataclass(frozen=True)
class Scenario:
    """A scenario file, checked. `situation` freezes it on a day."""

    document: Document
    id: str
    title: str
    question: str | None
    began: dt.date | None
    as_of: dt.date
    sources: Mapping[str, Source]
    stances: tuple[Stance, ...]
    history: tuple[Event, ...]
    toll: tuple[Toll, ...]
    aliases: Mapping[str, tuple[str, ...]]
    expect: tuple[Expected, ...]
    equilibria: tuple[ExpectedEquilibria, ...]
    outcome: Outcome | None
    variants: tuple[str, ...]  # names of those the file has
    parsed: Mapping[tuple[Any, ...], Parsed] = field(repr=False)  # every quantity, by its place in the data
    asked: tuple[str, ...] = ()  # variants asked for with it
    on: dt.date | None = None  # the day asked for with it
    built_in: bool = False

    @property
    def data(self) -> Mapping[str, Any]:
        """The file as plain data."""
        return self.document.data
