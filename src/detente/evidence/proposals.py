"""What a document read would change in a scenario file, as one-line edits for an analyst to judge.

Nothing enters a scenario by itself. No report states a capability, a position or a share: where the format needs such a
number, a proposal holds a range as wide as not knowing is, and says that it waits for a judgement.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from detente.evidence.conventions import ends_of, few_words, moved, same_date, whole_date
from detente.evidence.findings import Actor, Assessment, Finding, Shift, TalksEvent, Tie
from detente.evidence.reading import Reading
from detente.evidence.tolls import Toll
from detente.evidence.windows import Span
from detente.scenario.checking import day_of, scale_of
from detente.scenario.edits import Edit, append, set_value
from detente.scenario.ids import slug, unused
from detente.scenario.nodes import Document, Path, dotted, parse
from detente.scenario.paths import records, stance_index, tie_index
from detente.scenario.write import flow, scalar

TO_JUDGE = "to be judged"  # the coder of a number that nobody has judged yet
KINDS = {"backs": "backs", "arms": "backs"} | {k: k for k in ("allied", "fights", "sanctions", "mediates", "hosts")}
OPEN_WORD, OPEN_FIGURE = 10, 2  # so many times the low end where "millions", or "at least 4,000", has no end
ROLES = ("belligerent", "mediator", "backer")  # from the surest to the least sure


@dataclass(frozen=True)
class Proposal:
    """One line for a scenario file: `value` at `path`, or at the end of the list there with `append`.

    ``span`` is the quotation in the document's text (None for what only makes the others possible), ``quotation`` its
    words; ``needs`` are the keys of the proposals that must be in the file before it.
    """

    key: str
    path: Path
    value: Any
    append: bool
    span: Span | None
    quotation: str
    rule: str
    confidence: float
    needs: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The edit in one line, as the file will hold it."""
        if not self.path:
            return "; ".join(f"{key}: {flow(value)}" for key, value in self.value.items())
        return f"{dotted(self.path)}{'[+]' if self.append else ''}: {flow(self.value)}"

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        place = None if self.span is None else {"start": self.span[0], "end": self.span[1], "text": self.quotation}
        return {
            "key": self.key,
            "path": dotted(self.path),
            "append": self.append,
            "value": self.value,
            "line": self.line,
            "quotation": place,
            "rule": self.rule,
            "confidence": round(self.confidence, 3),
            "needs": list(self.needs),
        }


def plan(scenario: Document, proposal: Proposal, value: Any = None) -> Edit:
    """The byte-exact edit that puts a proposal (or `value` in its place) into a scenario file.

    Raises `InputError` where the file has something in its way.
    """
    value = proposal.value if value is None else value
    if not proposal.path:
        head = "".join(f"{scalar(key)}: {flow(entry)}\n" for key, entry in value.items())
        return Edit(len(scenario.text), "", head)
    if proposal.append:
        return append(scenario, proposal.path, value)
    return set_value(scenario, proposal.path, value)


def scenario_document(text: str, file: str) -> Document:
    """A scenario file's text as data with places; a file that is empty, or all remarks, is a scenario without fields.

    >>> scenario_document("# to do", "f.yaml").data
    {}
    """
    lines = (line.strip() for line in text.splitlines())
    if all(not line or line.startswith("#") for line in lines):
        return Document(text, file, {}, {})
    return parse(text, file)


def proposals(found: Reading, scenario: Document) -> list[Proposal]:
    """What a reading would add to a scenario file, in an order in which each may be accepted.

    What the file has already is not proposed again. What has no field in the format (who is called secure, pressure that
    is no sanction) is not proposed at all: the reading lists it.
    """
    return list(_Proposer(found, scenario).all())


class _Proposer:
    """Collects proposals; actors and the source come before what refers to them."""

    def __init__(self, found: Reading, scenario: Document) -> None:
        self.reading, self.findings, self.data = found, found.findings, scenario.data
        self.document = found.document
        self.day = found.document.date
        self.ids: dict[str, str] = {}  # name of an actor in the text: id in the scenario
        self.keys: dict[str, str] = {}  # what is proposed: the key by which others need it
        self.text = found.document.text
        self.source = self._source_id()
        self.stem = re.sub(r"\.[a-z]+$", "", scenario.file.replace("\\", "/").rsplit("/", 1)[-1])

    def all(self) -> Iterator[Proposal]:
        if self.day is None:
            return
        if not self.data:
            yield self.head()
        if self.source not in _part(self.data, "sources"):
            yield self.new_source()
        yield from self.new_actors()
        yield from self.new_issue()
        for shift in self.findings.shifts:
            yield from self.stance(shift)
        for tie in self.findings.ties:
            yield from self.tie(tie)
        for event in self.findings.talks:
            yield from self.event(event)
        yield from self.required()
        for assessment in self.findings.assessments:
            yield from self.capability(assessment)
        for toll in self.reading.tolls:
            yield from self.toll(toll)

    # What makes the others possible

    def head(self) -> Proposal:
        title = self.document.title or self.stem
        value = {"detente": 1, "id": slug(self.stem), "title": title, "as_of": str(self.day)}
        return self.make("file", (), value)

    def _source_id(self) -> str:
        for known, entry in records(self.data.get("sources")):
            if entry.get("sha256") == self.document.sha256:
                return str(known)
        name = self.document.publisher or self.document.title or self.document.name
        return unused(slug(f"{' '.join(name.split()[:4])}-{self.day or 'undated'}"), _part(self.data, "sources"))

    def new_source(self) -> Proposal:
        document = self.document
        value = {
            "title": document.title or document.name,
            "publisher": document.publisher,
            "author": document.author,
            "date": str(self.day),
            "url": document.url,
            "sha256": document.sha256,
            "read": True,
            "note": f"date from {document.date_from}" if document.date_from else None,
        }
        return self.make("source", ("sources", self.source), _written(value))

    def new_actors(self) -> Iterator[Proposal]:
        """Every actor that a proposal refers to and the file does not have, with the role in which the text shows it."""
        for actor, roles in self.roles.items():
            if actor in self.ids:
                continue
            known = self._known(actor)
            if known is not None:
                self.ids[actor] = known
                continue
            self.ids[actor] = unused(slug(actor), {**_part(self.data, "actors"), **dict.fromkeys(self.ids.values())})
            role = next((role for role in ROLES if role in roles), "bystander")
            span, confidence, rule = self._first(actor)
            value = {
                "name": actor,
                "role": role,
                "capability": self.unknown(1, 100, "The report does not say how strong it is."),
            }
            yield self.make("actor", ("actors", self.ids[actor]), value, span, rule, confidence, subject=actor)

    @cached_property
    def roles(self) -> dict[str, set[str]]:
        """Names of actors in order, each with the roles that the findings show it in."""
        roles: dict[str, set[str]] = {}
        for who, role in self._mentions():
            if who.side:
                roles.setdefault(who.side, set()).update({role} if role else set())
                if who.id:
                    self.ids.setdefault(who.side, who.id)
        return roles

    def _mentions(self) -> Iterator[tuple[Actor, str | None]]:
        for event in self.findings.talks:
            yield from ((party, "belligerent") for party in event.parties)
        for tie in self.findings.ties:
            if tie.denied or tie.kind not in KINDS:
                continue
            backs, fights = KINDS[tie.kind] == "backs", tie.kind == "fights"
            yield tie.source, "belligerent" if fights else "mediator" if tie.kind == "mediates" else "backer"
            yield tie.target, "belligerent" if fights or backs else None
        for shift in self.findings.shifts:
            yield shift.actor, None
        for assessment in self.findings.assessments:
            if assessment.of == "strength":
                yield assessment.actor, None

    def _first(self, name: str) -> tuple[Span | None, float, str]:
        """Where an actor is first named, how surely and by what method."""
        mentions = [who for who, _ in self._mentions() if who.side == name and who.span]
        if not mentions:
            return None, 0.0, "mention"
        first = min(mentions, key=lambda who: who.span or (0, 0))
        return first.span, first.confidence, f"actor by {first.method}"

    def _known(self, name: str) -> str | None:
        """The scenario's actor of that name, alias or id."""
        for key, entry in records(self.data.get("actors")):
            names = (key, entry.get("name"), *(entry.get("aliases") or ()))
            if name.casefold() in (str(one).casefold() for one in names if one):
                return str(key)
        return None

    def new_issue(self) -> Iterator[Proposal]:
        """A file without an issue gets one between its first two sides, whose ends are to be worded."""
        if _part(self.data, "issues"):
            return
        sides = [name for name, roles in self.roles.items() if "belligerent" in roles][:2]
        low, high = (f"as {side} wants it" for side in (sides if len(sides) == 2 else ("one side", "the other")))
        value = {
            "name": "Terms of a settlement (to be worded)",
            "scale": {0: low, 100: high},
            "status_quo": self.unknown(0, 100, "The report does not say how things stand on this issue."),
        }
        yield self.make("issue", ("issues", "terms"), value)
        for side, (low_end, high_end) in zip(sides, ((0, 20), (80, 100)), strict=False):
            because = (
                "The two ends of the scale are this side's and the other's; how near to it each stands is not told."
            )
            yield self.make(
                "stance",
                ("stances",),
                {
                    "actor": self.ids[side],
                    "issue": "terms",
                    "position": self.unknown(low_end, high_end, because),
                    "salience": self.unknown(0.5, 1, "A party to the war; how much it cares is not told."),
                    "since": str(self.day),
                },
                add=True,
                needs=("issue", f"actor:{side}"),
                subject=side,
            )

    # What the document says

    def stance(self, shift: Shift) -> Iterator[Proposal]:
        """A shift as a dated stance: a range from the line in force towards the middle, or towards its end."""
        side = shift.actor.side
        actor = self.ids.get(side or "")
        if side is None or actor is None or self.day is None:
            return
        issue = shift.issue or self._issue(shift)
        scale = scale_of(self.data, issue) or (0.0, 100.0)
        index = stance_index(self.data, actor, issue, self.day)
        old = self.data["stances"][index] if index is not None else {}
        if str(old.get("since")) == str(self.day) and old.get("cite"):
            return  # the file has a stance of that day already, with its source
        low, high = moved(ends_of(old.get("position"), scale), scale, shift.direction)
        reserve = " ".join(
            word for word, given in (("slightly", shift.slight), ("as it appears", shift.hedged)) if given
        )
        said = shift.after[0] if shift.after else shift.evidence[0]
        because = (
            f"A {shift.direction}{', ' + reserve if reserve else ''}, by the report; "
            "the report names no position: the range is to be judged."
        )
        value = {
            "actor": actor,
            "issue": issue,
            "position": {"low": low, "high": high, "by": TO_JUDGE, "because": because},
            "salience": old.get("salience", self.unknown(0.1, 1, "How much it cares is not told.")),
            "since": str(self.day),
            "cite": [self.cited(shift.evidence[0])],
            "said": few_words(self.words(said)),
        }
        needs = (f"actor:{side}", "issue", "source")
        yield self.found(shift, "stance", ("stances",), value, needs, side)

    def tie(self, tie: Tie) -> Iterator[Proposal]:
        source, target = (self.ids.get(who.side or "") for who in (tie.source, tie.target))
        kind = KINDS.get(tie.kind)
        if tie.denied or kind is None or source is None or target is None or source == target or self.day is None:
            return
        if tie_index(self.data, source, target, kind, self.day) is not None:
            return
        subject = f"{tie.source.side} {kind} {tie.target.side}"
        if f"tie:{subject}" in self.keys:
            return
        value = {
            "from": source,
            "to": target,
            "kind": kind,
            "since": str(self.day),
            "cite": [self.cited(tie.evidence[0])],
        }
        needs = (f"actor:{tie.source.side}", f"actor:{tie.target.side}", "source")
        yield self.found(tie, "tie", ("ties",), value, needs, subject)

    def event(self, event: TalksEvent) -> Iterator[Proposal]:
        date, precision = whole_date(event.date, event.precision) or (str(self.day), "day")
        for old in _part(self.data, "talks").get("history") or ():
            if (
                isinstance(old, Mapping)
                and old.get("event") == event.event
                and same_date(str(old.get("date")), date, precision)
            ):
                return
        parties = [self.ids[who.side] for who in event.parties if who.side in self.ids]
        value = {
            "date": date,
            "event": event.event,
            "precision": None if precision == "day" else precision,
            "forum": event.forum,
            "number": event.number,
            "parties": parties or None,
            "sponsors": [who.name for who in event.sponsors if who.name] or None,
            "cite": [self.cited(event.evidence[0])],
            "because": f"After {event.rounds} rounds." if event.rounds else None,
        }
        needs = ("source", *(f"actor:{who.side}" for who in event.parties))
        yield self.found(event, "talks", ("talks", "history"), _written(value), needs, f"{event.event} {date}")

    def required(self) -> Iterator[Proposal]:
        """Who must sit at the table: the parties of the talks told of, where the file does not say."""
        talks = _part(self.data, "talks")
        sides = [name for name, roles in self.roles.items() if "belligerent" in roles]
        parties = dict.fromkeys(who.side for event in self.findings.talks for who in event.parties if who.side in sides)
        if "required" in talks or len(parties) < 2:
            return
        value = [self.ids[side] for side in parties if side]
        needs = tuple(f"actor:{side}" for side in parties)
        yield self.make("required", ("talks", "required"), value, rule="parties of the talks told of", needs=needs)

    def capability(self, one: Assessment) -> Iterator[Proposal]:
        """Who is called stronger or weaker: a dated range for the analyst to fill in."""
        actor = self.ids.get(one.actor.side or "")
        if one.of != "strength" or actor is None or one.direction == "steady" or self.day is None:
            return
        old = _part(_part(self.data, "actors"), actor).get("capability")
        if old is None or (isinstance(old, Mapping) and old.get("by") == TO_JUDGE and "cite" not in old):
            return  # of an actor new to the file the whole range is open anyway
        dated = dict(old["dated"]) if isinstance(old, Mapping) and isinstance(old.get("dated"), Mapping) else None
        if dated is None:
            first = str(min(day_of(self.data.get("as_of")) or self.day, self.day - dt.timedelta(days=1)))
            dated = {first: old}
        if any(str(day) == str(self.day) for day in dated):
            return
        before = list(dated.values())[-1]
        low, high = ends_of(before, (0.0, 100.0))
        low, high = (low, 2 * high) if one.direction == "rising" else (low / 2, high)
        because = f"{one.direction} in strength, by the report, which does not say how far: the range is to be judged."
        entry = {"low": low, "high": high, "by": TO_JUDGE, "because": because, "cite": [self.cited(one.evidence[0])]}
        value = {"dated": {**{str(k): v for k, v in dated.items()}, str(self.day): entry}}
        if isinstance(old, Mapping) and "dated" in old:
            value = {**{k: v for k, v in old.items() if k != "dated"}, **value}
        yield self.found(one, "capability", ("actors", actor, "capability"), value, ("source",), str(one.actor.side))

    def toll(self, toll: Toll) -> Iterator[Proposal]:
        times = OPEN_FIGURE if re.search(r"\d", self.words(toll.evidence)) else OPEN_WORD
        high = toll.high if toll.high is not None else times * toll.low
        for old in self.data.get("toll") or ():
            if isinstance(old, Mapping) and (old.get("what"), str(old.get("date"))) == (toll.what, str(self.day)):
                return
        value: dict[str, Any] = {"low": toll.low, "high": high} if high > toll.low else {"value": toll.low}
        if toll.high is None:
            value["because"] = (
                f"Open above in the report; {high:,}, {times} times the low end, is a convention, not the report's."
            )
        entry = {"date": str(self.day), "what": toll.what, "value": value, "cite": [self.cited(toll.evidence)]}
        yield self.make("toll", ("toll",), entry, toll.evidence, "toll", 0.9, True, ("source",), toll.what)

    # Shared

    def found(
        self, finding: Finding, part: str, path: Path, value: Any, needs: tuple[str, ...], subject: str
    ) -> Proposal:
        """A proposal that rests on a finding: a new entry of a list, but for a capability, which is set."""
        add = part != "capability"
        return self.make(part, path, value, finding.evidence[0], finding.rule, finding.confidence, add, needs, subject)

    def make(
        self,
        part: str,
        path: Path,
        value: Any,
        span: Span | None = None,
        rule: str = "needed by the others",
        confidence: float = 1.0,
        add: bool = False,
        needs: tuple[str, ...] = (),
        subject: str = "",
    ) -> Proposal:
        """A proposal under a key that is the same whenever the same document is read for the same file."""
        name = f"{part}:{subject}" if subject else part
        words = self.words(span) if span else ""
        key = hashlib.sha256("\x1f".join((self.document.sha256, name, words)).encode("utf-8")).hexdigest()[:12]
        wanted = ("file", *needs) if path else ()
        proposal = Proposal(
            key=key,
            path=path,
            value=value,
            append=add,
            span=span,
            quotation=words,
            rule=rule,
            confidence=confidence,
            needs=tuple(dict.fromkeys(self.keys[need] for need in wanted if need in self.keys)),
        )
        self.keys[name] = key
        return proposal

    def unknown(self, low: float, high: float, because: str) -> dict[str, Any]:
        return {"low": low, "high": high, "by": TO_JUDGE, "because": because}

    def words(self, span: Span) -> str:
        return " ".join(self.text[slice(*span)].split())

    def cited(self, span: Span) -> str:
        return f"{self.source}@{span[0]}-{span[1]}"

    def _issue(self, shift: Shift) -> str:
        """The issue whose words the shift shares most of; the first of the file where it shares none."""
        words = set(
            re.findall(r"\w{4,}", " ".join(map(self.words, shift.evidence + shift.before + shift.after)).lower())
        )
        issues = _part(self.data, "issues")

        def shared(issue: str) -> int:
            entry = issues[issue] if isinstance(issues[issue], Mapping) else {}
            told = f"{issue} {entry.get('name', '')} {' '.join(map(str, _part(entry, 'scale').values()))}"
            return len(words & set(re.findall(r"\w{4,}", told.lower())))

        return max(issues, key=shared) if issues else "terms"


def _part(data: Any, name: str) -> dict[Any, Any]:
    part = data.get(name) if isinstance(data, Mapping) else None
    return dict(part) if isinstance(part, Mapping) else {}


def _written(value: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that have something to say."""
    return {key: entry for key, entry in value.items() if entry is not None}
