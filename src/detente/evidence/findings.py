"""What is found in a document beside who said what: actors, stances, shifts, ties, talks, assessments, events.

Every finding holds the characters it rests on, the rule that found it and how sure that rule is. Nothing here computes: these
are the shapes that the layers fill, the report shows and proposals for a scenario start from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from detente.evidence.windows import Span, slice_of
from detente.scenario.fields import EVENTS

SURE = 0.6  # below it an actor is not named: the candidates are listed instead
# Who an actor is called after, from the surest to the least sure.
METHODS = ("alias", "name", "apposition", "title", "surname", "demonym", "metonym", "role", "organisation", "pronoun")
TIE_KINDS = ("backs", "arms", "allied", "fights", "sanctions", "pressures", "mediates", "hosts")
TALKS_EVENTS = EVENTS
SIGNALS = ("demand", "offer", "threat", "refusal", "precondition", "willingness", "pressure")
DIRECTIONS = ("softening", "hardening")
ASSESSED = ("strength", "security", "territory")
MOVES = ("rising", "falling", "steady")


@dataclass(frozen=True)
class Actor:
    """Whom a stretch of text means.

    ``name`` is the canonical name, None where no candidate is as sure as `SURE`; ``represents`` is the state or group for which a
    person speaks; ``id`` is the actor of the scenario, where one was given. ``span`` is the mention, ``antecedent`` the place
    in the text from which the name was taken. ``method`` is one of `METHODS`, and ``candidates`` lists other names, best first.
    """

    name: str | None
    span: Span | None
    method: str
    confidence: float
    represents: str | None = None
    id: str | None = None
    antecedent: Span | None = None
    candidates: tuple[str, ...] = ()
    kind: str = "unknown"

    @property
    def side(self) -> str | None:
        """The state or group that acts: the one represented, else the actor itself."""
        return self.represents or self.name

    def to_dict(self, text: str) -> dict[str, object]:
        """For JSON, with the words of `text`."""
        return {
            "name": self.name,
            "represents": self.represents,
            "actor": self.id,
            "kind": self.kind,
            "method": self.method,
            "confidence": round(self.confidence, 3),
            "span": slice_of(text, self.span),
            "antecedent": slice_of(text, self.antecedent),
            "candidates": list(self.candidates),
        }


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What all findings share: their exact characters, the rule that found them, and its confidence (0 to 1).

    ``statement`` is the number of the statement in whose content it stands; None where the report says it in its own voice.
    """

    evidence: tuple[Span, ...]
    rule: str
    confidence: float
    statement: int | None = None
    text: str = field(repr=False, compare=False)

    def quoted(self) -> dict[str, object]:
        """The part of the JSON that all findings share."""
        return {
            "evidence": [slice_of(self.text, span) for span in self.evidence],
            "rule": self.rule,
            "confidence": round(self.confidence, 3),
            "statement": self.statement,
        }


@dataclass(frozen=True, kw_only=True)
class Stance(Finding):
    """What a statement does: a PLOVER class with its CAMEO code where one is clear, and `SIGNALS` with their words.

    ``signals`` pairs each signal with its place in the text. ``dropped`` says that the text denies or no longer repeats it.
    """

    cls: str
    code: str | None
    signals: tuple[tuple[str, Span], ...] = ()
    dropped: bool = False

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "class": self.cls,
            "code": self.code,
            "signals": [{"signal": name, **(slice_of(self.text, span) or {})} for name, span in self.signals],
            "dropped": self.dropped,
            **self.quoted(),
        }


@dataclass(frozen=True, kw_only=True)
class Shift(Finding):
    """A line that softened or hardened, against an earlier one in the text or the stance in force in a scenario.

    ``before`` and ``after`` are the places of the two lines; ``against`` is "text" or "scenario", and ``issue`` and ``in_force`` are
    those of the scenario then. ``slight`` and ``hedged`` repeat the reporter's own reserve ("slightly", "appeared to").
    """

    actor: Actor
    direction: str
    before: tuple[Span, ...]
    after: tuple[Span, ...]
    voiced_by: str | None = None
    against: str = "text"
    issue: str | None = None
    in_force: str | None = None
    slight: bool = False
    hedged: bool = False

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "actor": self.actor.id or self.actor.name,
            "who": self.actor.to_dict(self.text),
            "voiced_by": self.voiced_by,
            "direction": self.direction,
            "from": self.in_force or words_of(self.text, self.before),
            "to": words_of(self.text, self.after),
            "before": [slice_of(self.text, span) for span in self.before],
            "after": [slice_of(self.text, span) for span in self.after],
            "against": self.against,
            "issue": self.issue,
            "slight": self.slight,
            "hedged": self.hedged,
            **self.quoted(),
        }


@dataclass(frozen=True, kw_only=True)
class Tie(Finding):
    """Who backs, arms, fights, sanctions, presses, mediates between or is allied with whom (`TIE_KINDS`).

    ``denied`` says that the text says it is not so.
    """

    source: Actor
    target: Actor
    kind: str
    denied: bool = False

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "from": self.source.id or self.source.name,
            "to": self.target.id or self.target.name,
            "kind": self.kind,
            "source": self.source.to_dict(self.text),
            "target": self.target.to_dict(self.text),
            "denied": self.denied,
            **self.quoted(),
        }


@dataclass(frozen=True, kw_only=True)
class TalksEvent(Finding):
    """Something that happened to talks, in the words of a scenario's history (`TALKS_EVENTS`).

    ``date`` is ISO, cut to its ``precision`` ("day", "month" or "year"); ``date_from`` says what it rests on. ``rounds`` counts the
    rounds held; ``number`` is that of a single round.
    """

    event: str
    forum: str | None = None
    date: str | None = None
    precision: str | None = None
    date_from: str | None = None
    rounds: int | None = None
    number: int | None = None
    parties: tuple[Actor, ...] = ()
    sponsors: tuple[Actor, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "event": self.event,
            "forum": self.forum,
            "date": self.date,
            "precision": self.precision,
            "date_from": self.date_from,
            "rounds": self.rounds,
            "number": self.number,
            "parties": [actor.id or actor.name for actor in self.parties],
            "sponsors": [actor.id or actor.name for actor in self.sponsors],
            "who": [actor.to_dict(self.text) for actor in (*self.parties, *self.sponsors)],
            **self.quoted(),
        }


@dataclass(frozen=True, kw_only=True)
class Assessment(Finding):
    """Who is rising, falling or steady (`MOVES`) in strength, security or territory (`ASSESSED`), and who says so.

    ``by`` None: the report says so in its own voice.
    """

    actor: Actor
    of: str
    direction: str
    by: Actor | None = None
    hedged: bool = False

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "actor": self.actor.id or self.actor.name,
            "who": self.actor.to_dict(self.text),
            "of": self.of,
            "direction": self.direction,
            "by": self.by.name if self.by else None,
            "hedged": self.hedged,
            **self.quoted(),
        }


@dataclass(frozen=True, kw_only=True)
class Event(Finding):
    """Who did what to whom: a PLOVER class with its CAMEO code where one is clear. ``words`` is the place of what was done."""

    cls: str
    code: str | None
    words: Span
    source: Actor | None = None
    target: Actor | None = None

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "class": self.cls,
            "code": self.code,
            "words": slice_of(self.text, self.words),
            "source": self.source.to_dict(self.text) if self.source else None,
            "target": self.target.to_dict(self.text) if self.target else None,
            **self.quoted(),
        }


@dataclass(frozen=True, kw_only=True)
class Interview(Finding):
    """A news organisation to which somebody spoke, told apart from the one that prints it; ``date`` is ISO where the text says when."""

    outlet: str
    date: str | None = None

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {"outlet": self.outlet, "date": self.date, **self.quoted()}


@dataclass(frozen=True)
class Findings:
    """All that the layers find in a document, each kind in the order of the text.

    ``speakers`` and ``stances`` are as long as the statements, and belong to them one by one.
    """

    speakers: tuple[Actor | None, ...] = ()
    stances: tuple[Stance | None, ...] = ()
    shifts: tuple[Shift, ...] = ()
    ties: tuple[Tie, ...] = ()
    talks: tuple[TalksEvent, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    events: tuple[Event, ...] = ()
    interviews: tuple[Interview, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """For JSON: all but what belongs to a statement."""
        return {
            "shifts": [shift.to_dict() for shift in self.shifts],
            "ties": [tie.to_dict() for tie in self.ties],
            "talks": [event.to_dict() for event in self.talks],
            "assessments": [assessment.to_dict() for assessment in self.assessments],
            "events": [event.to_dict() for event in self.events],
            "interviews": [interview.to_dict() for interview in self.interviews],
        }


def words_of(text: str, spans: Sequence[Span]) -> str:
    """The words at several places, as one line.

    >>> words_of("We have to talk, he said. Now.", [(0, 15), (26, 30)])
    'We have to talk ... Now.'
    """
    return " ... ".join(" ".join(text[a:b].split()) for a, b in spans)
