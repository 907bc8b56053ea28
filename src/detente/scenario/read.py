"""Reading scenarios: from a file, standard input or the library, to a checked `Scenario`, all faults at once."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError, nearest
from detente.scenario.checking import day_of
from detente.scenario.faults import checked
from detente.scenario.library import built_in_ids, text_of
from detente.scenario.model import (
    Event,
    Expected,
    ExpectedEquilibria,
    Outcome,
    Scenario,
    Source,
    Stance,
    TalksOutcome,
    Toll,
)
from detente.scenario.nodes import MAX_BYTES, Document, decode, parse_whole
from detente.scenario.overrides import changes_of
from detente.scenario.quantity import Parsed
from detente.scenario.shapes import ID
from detente.scenario.situation import Provenance

__all__ = ["Scenario", "build", "load"]


def load(source: str | Path) -> Scenario:
    """Read a scenario: a file, ``-`` for standard input, or a built-in id; ``@DATE`` and ``+VARIANT`` may follow.

    A file of exactly the given name wins over any reading of ``@`` and ``+``. Raises `InputError` with every fault.

    >>> load("syria-2015+less-backing").asked
    ('less-backing',)
    """
    name, day, variants = _split(str(source))
    text, file, built_in = _text(name)
    scenario = build(parse_whole(text, file))
    changes_of(scenario.document, variants, ())  # an unknown variant is told at once
    return replace(scenario, on=day, asked=variants, built_in=built_in)


def _split(source: str) -> tuple[str, dt.date | None, tuple[str, ...]]:
    """The name, the day and the variants of ``NAME@DATE+VARIANT``, in either order."""
    name, day = source, None
    variants: list[str] = []
    while not _is_known(name):
        cut = max(name.rfind("@"), name.rfind("+"))
        rest = name[cut + 1 :]
        if cut <= 0:
            break
        if name[cut] == "+" and ID.fullmatch(rest):
            variants.insert(0, rest)
        elif name[cut] == "@" and (day_of(rest) or _is_known(name[:cut])):
            day = day_of(rest)
            if day is None:
                raise InputError(Fault(f"found @{rest}", "expected a date such as @2015-03-15", file=source))
        else:
            return source, None, ()  # a name that holds the sign
        name = name[:cut]
    return name, day, tuple(variants)


def _is_known(name: str) -> bool:
    try:
        return name == "-" or Path(name).is_file() or name in built_in_ids()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _text(name: str) -> tuple[str, str, bool]:
    """The text, what to call it in faults, and whether it is built in."""
    if name == "-":
        return decode(sys.stdin.buffer.read(MAX_BYTES + 1), "<stdin>"), "<stdin>", False
    expected = "expected a scenario file or a built-in id (detente list)"
    if not name:
        raise InputError(Fault("found an empty name", expected))
    path = Path(name)
    try:
        if name in built_in_ids() and not path.is_file():
            return text_of(name), f"{name}.yaml", True
        with path.open("rb") as file:
            return decode(file.read(MAX_BYTES + 1), name), name, False
    except OSError as error:
        reason, missing = (error.strerror or str(error)).lower(), isinstance(error, FileNotFoundError)
    except ValueError:  # a null byte
        reason, missing = "no file can have this name", False
    close = nearest(name, built_in_ids()) if missing else None
    raise InputError(Fault(f"could not be read: {reason}", expected, file=name, suggestion=close))


def build(document: Document) -> Scenario:
    """A scenario of a document. Raises `InputError` with every fault, those of its variants among them."""
    at = checked(document)
    data = document.data
    talks = data.get("talks") or {}
    outcome = data.get("outcome")
    return Scenario(
        document=document,
        id=data["id"],
        title=data["title"],
        question=data.get("question"),
        began=day_of(data.get("began")),
        as_of=_day(data["as_of"]),
        sources={id_: _source(id_, s) for id_, s in (data.get("sources") or {}).items()},
        stances=tuple(_stance(at.numbers, i, s) for i, s in enumerate(data.get("stances") or ())),
        history=tuple(_event(e) for e in talks.get("history") or ()),
        toll=tuple(_toll(at.numbers[("toll", i, "value")], t) for i, t in enumerate(data.get("toll") or ())),
        aliases={a: tuple(entry.get("aliases") or ()) for a, entry in (data.get("actors") or {}).items()},
        expect=tuple(_expected(e) for e in data.get("expect") or () if e.get("equilibria") is None),
        equilibria=tuple(_equilibria(e) for e in data.get("expect") or () if e.get("equilibria") is not None),
        outcome=None if outcome is None else _outcome(outcome),
        variants=tuple(data.get("variants") or ()),
        parsed=at.numbers,
    )


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def cites(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The sources that a record cites."""
    cite = data.get("cite") or ()
    return (cite,) if isinstance(cite, str) else tuple(cite)


def noted(data: Mapping[str, Any]) -> Provenance:
    """The provenance written on a record as a whole."""
    return Provenance(cites(data), data.get("by"), None, data.get("grade"), data.get("because"))


def _source(id_: str, data: Mapping[str, Any]) -> Source:
    fields = {k: v for k, v in data.items() if v is not None}
    fields["date"] = day_of(data.get("date"))
    return Source(id_, **fields)


def _stance(parsed: Mapping[tuple[Any, ...], Parsed], index: int, data: Mapping[str, Any]) -> Stance:
    position, salience = (parsed["stances", index, part] for part in ("position", "salience"))
    return Stance(
        data["actor"],
        data["issue"],
        position.quantity,
        salience.quantity,
        _day(data["since"]),
        data.get("said"),
        filled(position.provenance, noted(data)),
    )


def filled(own: Provenance, outer: Provenance) -> Provenance:
    """A number's own provenance, with what it lacks taken from the record that it stands in."""
    return Provenance(
        own.cite or outer.cite,
        own.by or outer.by,
        own.date or outer.date,
        own.grade or outer.grade,
        own.because or outer.because,
    )


def _event(data: Mapping[str, Any]) -> Event:
    fields = {k: v for k, v in data.items() if v is not None and k not in ("cite", "by", "grade")}
    fields.update(date=_day(data["date"]), until=day_of(data.get("until")), cite=cites(data))
    for name in ("sponsors", "parties"):
        fields[name] = tuple(data.get(name) or ())
    return Event(**fields)


def _toll(parsed: Parsed, data: Mapping[str, Any]) -> Toll:
    return Toll(_day(data["date"]), data["what"], parsed.quantity, filled(parsed.provenance, noted(data)))


def _expected(data: Mapping[str, Any]) -> Expected:
    return Expected(
        data["measure"],
        float(data["value"]),
        float(data["tolerance"]),
        dict(data.get("with") or {}),
        data.get("central") is not False,
        data.get("draws"),
        cites(data),
        data.get("because"),
    )


def _equilibria(data: Mapping[str, Any]) -> ExpectedEquilibria:
    states = {str(concept): tuple(map(str, found)) for concept, found in data["equilibria"].items()}
    return ExpectedEquilibria(states, dict(data.get("with") or {}), cites(data), data.get("because"))


def _outcome(data: Mapping[str, Any]) -> Outcome:
    talks = data.get("talks")
    return Outcome(
        known_on=day_of(data.get("known_on")),
        resolve_by=day_of(data.get("resolve_by")),
        talks=None
        if talks is None
        else TalksOutcome(
            talks.get("convened"), day_of(talks.get("date")), talks.get("ended"), cites(talks), talks.get("because")
        ),
        issues=dict(data.get("issues") or {}),
        baseline={k: v for k, v in (data.get("baseline") or {}).items() if v is not None},
        cite=cites(data),
        because=data.get("because"),
    )
