"""All layers over one document: speakers, stances, shifts, ties, talks, assessments, whatever read its statements."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from detente.evidence.actors import Cast
from detente.evidence.assessments import assessments
from detente.evidence.clauses import Clauses
from detente.evidence.dates import dates
from detente.evidence.documents import Document
from detente.evidence.events import events
from detente.evidence.findings import Actor, Finding, Findings, Interview
from detente.evidence.gazetteer import Gazetteer, gazetteer
from detente.evidence.lexicon import lemma
from detente.evidence.shifts import Line, shifts
from detente.evidence.stance import stance
from detente.evidence.statements import Statement
from detente.evidence.talks import talks
from detente.evidence.ties import ties
from detente.scenario.checking import day_of
from detente.scenario.paths import records

SPOKE_TO = re.compile(
    r"\b(?:interview\w*\s+(?:with|by|to|on)|told|speaking\s+(?:to|on)|spoke\s+to|tells|remarks\s+to|appear\w*\s+on)\s+(?:the\s+)?$",
    re.I,
)


@dataclass(frozen=True)
class Known:
    """What is known before reading: names, and the stances in force in a scenario."""

    names: Gazetteer = field(default_factory=gazetteer)
    lines: tuple[Line, ...] = ()


def known_from(data: Mapping[str, Any], day: dt.date | None = None) -> Known:
    """What a scenario's data know: its actors by all their names, and each stance in force on `day` that is given in words.

    `data` may be of a scenario that is not complete yet.

    >>> known_from({"actors": {"north": {"name": "The North", "aliases": ["Northern Front"]}}}).names.alias("the north")
    'north'
    """
    aliases = {
        str(actor): (str(entry.get("name") or actor), *(str(form) for form in entry.get("aliases") or ()))
        for actor, entry in records(data.get("actors"))
    }
    latest: dict[tuple[str, str], tuple[dt.date, str | None]] = {}
    for _, entry in records(data.get("stances")):
        since = day_of(entry.get("since")) or dt.date.min
        key = str(entry.get("actor")), str(entry.get("issue"))
        if (day is None or since <= day) and since >= latest.get(key, (dt.date.min, None))[0]:
            latest[key] = since, entry.get("said")
    lines = tuple(Line(actor, issue, said) for (actor, issue), (_, said) in latest.items() if said)
    return Known(gazetteer().with_aliases(aliases), lines)


def find(
    document: Document, told: Sequence[Statement], known: Known | None = None
) -> tuple[tuple[Statement, ...], Findings]:
    """What the layers find in a document whose statements are `told`, with those statements that are some.

    An attribution whose source cannot speak ("the conflict has claimed"), or whose cue is the reporter's own "appears", is none.

    >>> from detente.evidence.documents import document
    >>> _, found = find(document(b"Russia backs the Syrian government.", "-"), [])
    >>> [(tie.source.name, tie.kind, tie.target.name) for tie in found.ties]
    [('Russia', 'backs', 'Syrian government')]
    """
    known = known or Known()
    cast = Cast(document.plain, known.names)
    told = tuple(one for one in told if not _reports_itself(document.plain, one))
    heard = _speakers(cast, told)
    kept = [
        (one, who)
        for one, who in zip(told, heard, strict=True)
        if not (who and who.kind == "event" and one.kind == "indirect")
    ]
    told, speakers = tuple(one for one, _ in kept), tuple(who for _, who in kept)
    return told, _layers(document, cast, told, speakers, known)


def _reports_itself(text: str, one: Statement) -> bool:
    """Whether a cue is the reporter's hedge, as in "appeared to soften": what it hedges is a shift or an assessment."""
    cue = text[slice(*one.cue)].lower().split() if one.cue else [""]
    return one.attitude and lemma(cue[-1]) in ("appear", "seem")


def _layers(
    document: Document, cast: Cast, told: Sequence[Statement], speakers: tuple[Actor | None, ...], known: Known
) -> Findings:
    text, day = document.plain, document.date
    clauses = Clauses(cast)
    stances = tuple(stance(text, one, number) for number, one in enumerate(told))
    done = tuple(events(clauses, told))
    found = Findings(
        speakers=speakers,
        stances=stances,
        shifts=tuple(shifts(clauses, told, speakers, stances, known.lines)),
        ties=tuple(ties(clauses, told, done)),
        talks=tuple(talks(clauses, told, day)),
        assessments=tuple(assessments(clauses, told, speakers)),
        events=done,
        interviews=tuple(_interviews(clauses, day)),
    )
    return found if document.text == document.plain else _over(found, document.text)


def _over(found: Findings, text: str) -> Findings:
    """Findings in the text without markup, shown as slices of the text with it: places are the same."""
    made: dict[str, Any] = {}
    for kind in fields(found):
        items = getattr(found, kind.name)
        made[kind.name] = tuple(replace(one, text=text) if isinstance(one, Finding) else one for one in items)
    return Findings(**made)


def _interviews(clauses: Clauses, day: dt.date | None) -> Iterator[Interview]:
    """The news organisations to which somebody spoke, each once, with the day where the sentence says it."""
    found: dict[str, Interview] = {}
    for one in clauses.cast.mentions:
        if (
            one.known is None
            or one.known.kind != "media"
            or not SPOKE_TO.search(clauses.text, max(0, one.start - 40), one.start)
        ):
            continue
        begin, stop = clauses.sentence(one.start)
        when = min(dates(clauses.text, begin, stop, day), key=lambda w: abs(w.span[0] - one.end), default=None)
        if one.known.name not in found or (when and found[one.known.name].date is None):
            found[one.known.name] = Interview(
                outlet=one.known.name,
                date=when.date if when and when.precision == "day" else None,
                evidence=(one.span, when.span) if when and when.precision == "day" else (one.span,),
                rule="interview",
                confidence=0.8,
                text=clauses.text,
            )
    yield from found.values()


def _speakers(cast: Cast, told: Sequence[Statement]) -> tuple[Actor | None, ...]:
    """The speaker of each statement, resolved in the order of the text, so that each may serve the next."""
    found: list[Actor | None] = [None] * len(told)
    for number in sorted(range(len(told)), key=lambda n: (told[n].cue or told[n].source or told[n].content[0])[0]):
        one = told[number]
        if one.source is None:
            continue
        actor = cast.resolve(one.source, content=one.content, speaking=True)
        cast.heard((one.cue or one.source)[0], one.content, actor)
        found[number] = actor
    return tuple(found)
