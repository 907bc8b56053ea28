"""The marks of a document: what was found, where it stands in the text, and the text cut where marks begin and end."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from detente.evidence.findings import Actor, Assessment, Event, Finding, Shift, Stance, TalksEvent, Tie, words_of
from detente.evidence.quotes import paragraphs
from detente.evidence.reading import Reading
from detente.evidence.statements import Statement
from detente.evidence.tolls import Toll
from detente.evidence.windows import Span
from detente.report.words import EVENTS, sentence_case

# Groups of marks, in the order of the legend: a letter or two for the tags in the text, and what they are called.
GROUPS = {
    "statement": ("S", "Statement"),
    "shift": ("Sh", "Shift"),
    "tie": ("Ti", "Tie"),
    "talks": ("Ta", "Talks event"),
    "assessment": ("As", "Assessment"),
    "event": ("Ev", "Event"),
    "toll": ("To", "Toll"),
    "interview": ("In", "Interview"),
}
# What a stretch of text is, from the outermost mark to the innermost; the parts of a statement are told apart.
KINDS = ("content", "source", "cue", "shift", "tie", "talks", "assessment", "event", "toll", "interview")
DEEPEST = 2  # contents within contents that are drawn darker

AnyFinding = TypeVar("AnyFinding", bound=Finding)
Rows = Iterable[tuple[str, str]]
# A finding's title, its stretches with their kinds, its details, and the number of the statement in which it stands.
Told = tuple[str, tuple[tuple[Span, str], ...], Rows, int | None]


@dataclass(frozen=True)
class Mark:
    """Something found: its tag ("S3"), its title, the stretches of text it rests on with their kinds, and its details."""

    id: str
    tag: str
    group: str
    title: str
    pieces: tuple[tuple[Span, str], ...]
    rows: tuple[tuple[str, str], ...]
    within: str = ""  # the tag of the statement in whose content it stands

    @property
    def start(self) -> int:
        """Where its first stretch begins."""
        return min(span[0] for span, _ in self.pieces)


@dataclass(frozen=True)
class Segment:
    """A stretch of text under the same marks from end to end: their kinds, outermost first, and ids, innermost first.

    ``opens`` are the marks whose tags stand before it.
    """

    text: str
    kinds: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    opens: tuple[Mark, ...] = field(default=())


def segments(text: str, marks: Sequence[Mark]) -> list[list[Segment]]:
    """The text by paragraphs, each cut wherever a mark begins or ends; the segments' texts are the paragraphs' own.

    >>> mark = Mark("s", "S1", "statement", "", (((0, 2), "source"), ((3, 7), "cue")), ())
    >>> [(one.text, one.kinds) for one in segments("He said no.", [mark])[0]]
    [('He', ('source',)), (' ', ()), ('said', ('cue',)), (' no.', ())]
    """
    pieces = sorted((span, kind, number) for number, mark in enumerate(marks) for span, kind in mark.pieces)
    cuts = sorted({place for span, _, _ in pieces for place in span})
    stretches = [
        (line, cut)
        for line, (start, end) in enumerate(paragraphs(text))
        for cut in pairwise((start, *cuts[bisect.bisect_right(cuts, start) : bisect.bisect_left(cuts, end)], end))
    ]
    opening = _opening(marks, [end for _, (_, end) in stretches])
    found: list[list[Segment]] = []
    active: list[tuple[Span, str, int]] = []
    following = 0
    for number, (line, (start, end)) in enumerate(stretches):
        while following < len(pieces) and pieces[following][0][0] <= start:
            active.append(pieces[following])
            following += 1
        active = [piece for piece in active if piece[0][1] > start]
        if line == len(found):
            found.append([])
        inner = sorted(active, key=lambda piece: piece[0][1] - piece[0][0])
        ids = tuple(dict.fromkeys(marks[mark].id for _, _, mark in inner))
        found[-1].append(Segment(text[start:end], _kinds(active), ids, tuple(opening.get(number, ()))))
    return found


def _kinds(active: Sequence[tuple[Span, str, int]]) -> tuple[str, ...]:
    """The kinds to draw, each once; a content within a content once more."""
    kinds = [kind for _, kind, _ in active]
    return tuple(kind for kind in KINDS for _ in range(min(kinds.count(kind), DEEPEST if kind == "content" else 1)))


def _opening(marks: Sequence[Mark], ends: Sequence[int]) -> dict[int, list[Mark]]:
    """The marks whose tags stand before each stretch, given where stretches end: statements first."""
    found: dict[int, list[Mark]] = {}
    order = list(GROUPS)
    for mark in sorted(marks, key=lambda mark: (mark.start, order.index(mark.group))):
        at = min(bisect.bisect_right(ends, mark.start), len(ends) - 1)
        found.setdefault(at, []).append(mark)
    return found


def marks_of(found: Reading, prefix: str) -> list[Mark]:
    """All that was read in a document as marks, numbered by group in the order of the text; ids begin with `prefix`."""
    made: list[Mark] = []
    findings = found.findings
    spoken = zip(found.statements, findings.speakers, findings.stances, strict=True)
    text = found.document.text
    groups: dict[str, Iterable[Told]] = {
        "statement": (_statement(text, *one) for one in spoken),
        "shift": _each(findings.shifts, "shift", _shift),
        "tie": _each(findings.ties, "tie", _tie),
        "talks": _each(findings.talks, "talks", _talks),
        "assessment": _each(findings.assessments, "assessment", _assessment),
        "event": map(_event, findings.events),
        "toll": _counted(found),
        "interview": _each(findings.interviews, "interview", lambda one: (one.outlet, [("Day", one.date or "")])),
    }
    for group, found_there in groups.items():
        letters = GROUPS[group][0]
        those = list(found_there)
        if group != "statement":  # a statement keeps the number that findings refer to
            those.sort(key=lambda one: min((span for span, _ in one[1]), default=(0, 0)))
        for number, (title, pieces, rows, within) in enumerate(those, start=1):
            given = tuple((name, value) for name, value in rows if value)
            inside = "" if within is None else f"S{within + 1}"
            tag = f"{letters}{number}"
            if pieces:
                made.append(Mark(f"{prefix}-{tag.lower()}", tag, group, title, pieces, given, inside))
    return made


def _each(findings: Iterable[AnyFinding], kind: str, told: Callable[[AnyFinding], tuple[str, Rows]]) -> Iterator[Told]:
    """Findings of one kind, with what all have in common after what is their own."""
    for one in findings:
        title, rows = told(one)
        yield title, tuple((span, kind) for span in one.evidence), [*rows, *_common(one)], one.statement


def _common(one: Finding) -> Rows:
    yield "In the text", words_of(one.text, one.evidence)
    yield "Found by", f"the rule {one.rule}"
    yield "Confidence", f"{one.confidence:.2f}"
    yield "Place", places(one.evidence)


def _statement(text: str, told: Statement, speaker: Actor | None, stance: Stance | None) -> Told:
    pieces = [(span, "content") for span in told.content]
    pieces += [(span, kind) for span, kind in ((told.source, "source"), (told.cue, "cue")) if span]
    rows = [
        ("Source", words_of(text, [told.source]) if told.source else "nobody named"),
        ("Cue", words_of(text, [told.cue]) if told.cue else "none"),
        ("Content", words_of(text, told.content)),
        ("Kind", ", ".join([told.kind, *flags(told)])),
        *(actor_rows(text, "Who is meant", speaker) if speaker else [("Who is meant", "not resolved")]),
        *(_stance(text, stance) if stance else []),
        ("Confidence", f"{told.confidence:.2f} that this is a statement"),
        ("Place", places(span for span, _ in sorted(pieces))),
    ]
    return speaker_name(text, told, speaker), tuple(pieces), rows, None


def _stance(text: str, stance: Stance) -> Rows:
    signals = (f"{name} (“{words_of(text, [span])}”)" for name, span in stance.signals)
    yield "What it does", stance_words(stance)
    yield "Signals", ", ".join(signals)
    yield "Found by", f"the rule {stance.rule}, confidence {stance.confidence:.2f}"


def stance_words(stance: Stance) -> str:
    """A stance's PLOVER class and CAMEO code: "DEMAND 100, not repeated"."""
    code = f" {stance.code}" if stance.code else ""
    return f"{stance.cls}{code}{', not repeated' if stance.dropped else ''}"


def flags(told: Statement) -> list[str]:
    """What is to be noted of a statement beside its kind."""
    return [name for name in ("negated", "earlier", "attitude") if getattr(told, name)]


def speaker_name(text: str, told: Statement, speaker: Actor | None) -> str:
    """Who said it: the name where one was found, with the state or group spoken for, else the words of the text."""
    if speaker and speaker.name:
        return speaker.name + (f", for {speaker.represents}" if speaker.represents else "")
    return f"“{words_of(text, [told.source])}”" if told.source else "Nobody named"


def actor_rows(text: str, title: str, actor: Actor) -> list[tuple[str, str]]:
    """Who is meant, how that was found and how surely, from which words, and who else it might be."""
    name = actor.name or "not resolved"
    known = f" [{actor.id}]" if actor.id else ""
    represents = f", for {actor.represents}" if actor.represents else ""
    rows = [(title, f"{name}{known}{represents} (by {actor.method}, confidence {actor.confidence:.2f})")]
    if actor.antecedent:
        rows.append(("Taken from", f"“{words_of(text, [actor.antecedent])}”, {places([actor.antecedent])}"))
    if actor.candidates:
        rows.append(("Candidates", ", ".join(actor.candidates)))
    return rows


def places(spans: Iterable[Span]) -> str:
    """Stretches by their characters, counted from 0.

    >>> places([(0, 10), (12, 60)])
    'characters 0–10, 12–60'
    """
    return "characters " + ", ".join(f"{start}–{end}" for start, end in spans)


def called(actor: Actor) -> str:
    """An actor's name, or that there is none."""
    return actor.name or actor.id or "somebody not resolved"


def talks_words(event: TalksEvent) -> str:
    """What happened to which talks, after how many rounds and between whom."""
    words = EVENTS.get(event.event, sentence_case(event.event.replace("-", " ")))
    parts = [f"{words}{f' ({event.forum})' if event.forum else ''}"]
    parts += [f"after {event.rounds} round{'s' * (event.rounds != 1)}"] if event.rounds else []
    parts += [f"round {event.number}"] if event.number else []
    return ", ".join(parts)


def shift_words(shift: Shift) -> str:
    """Whose line moved which way, with the reporter's reserve, and against what."""
    reserve = " slightly" if shift.slight else ""
    against = f", against its stance on {shift.issue} in force" if shift.issue else ""
    return f"{called(shift.actor)}: {shift.direction}{reserve}{against}{', as it appears' if shift.hedged else ''}"


def _shift(one: Shift) -> tuple[str, Rows]:
    rows = [
        *actor_rows(one.text, "Who is meant", one.actor),
        ("Voiced by", one.voiced_by or ""),
        ("From", one.in_force or words_of(one.text, one.before)),
        ("To", words_of(one.text, one.after)),
    ]
    return shift_words(one), rows


def _tie(one: Tie) -> tuple[str, Rows]:
    title = f"{called(one.source)} {'not: ' if one.denied else ''}{one.kind} {called(one.target)}"
    return title, [*actor_rows(one.text, "From", one.source), *actor_rows(one.text, "To", one.target)]


def _talks(one: TalksEvent) -> tuple[str, Rows]:
    rows = [("When", f"{one.date} (to the {one.precision}; {one.date_from})" if one.date else "no date found")]
    for title, actors in (("Parties", one.parties), ("Sponsors", one.sponsors)):
        rows += [row for actor in actors for row in actor_rows(one.text, title, actor)]
    return talks_words(one), rows


def _assessment(one: Assessment) -> tuple[str, Rows]:
    rows = actor_rows(one.text, "Who is meant", one.actor)
    rows += actor_rows(one.text, "Says who", one.by) if one.by else [("Says who", "the report, in its own voice")]
    return f"{called(one.actor)}: {one.of} {one.direction}{', as it appears' if one.hedged else ''}", rows


def _event(one: Event) -> Told:
    rows = [("Class", f"{one.cls}{f' {one.code}' if one.code else ''} (PLOVER, CAMEO)")]
    rows += actor_rows(one.text, "Who", one.source) if one.source else []
    rows += actor_rows(one.text, "To whom", one.target) if one.target else []
    title = " ".join(
        (called(one.source) if one.source else "Somebody", one.cls, called(one.target) if one.target else "")
    )
    return title.strip(), ((one.words, "event"),), [*rows, *_common(one)], one.statement


def _counted(found: Reading) -> Iterator[Told]:
    """Tolls, and when the conflict began."""
    told = [(toll.evidence, f"{sentence_case(toll.what)}: {bounds(toll)}", toll.statement) for toll in found.tolls]
    if found.began:
        told.append((found.began.evidence, f"The conflict began in {found.began.year}", None))
    for span, title, statement in told:
        rows = [("In the text", words_of(found.document.text, [span])), ("Place", places([span]))]
        yield title, ((span, "toll"),), rows, statement


def bounds(toll: Toll) -> str:
    """A toll's range in words: "at least 12", "200,000 to 999,999".

    >>> bounds(Toll("killed", 12, None, (0, 2), None, ""))
    'at least 12'
    """
    if toll.high is None:
        return f"at least {toll.low:,}"
    return f"{toll.low:,}" if toll.low == toll.high else f"{toll.low:,} to {toll.high:,}"
