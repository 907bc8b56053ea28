"""Who did what to whom, a sentence an event: PLOVER classes with CAMEO codes, by the verb that tells it and who stands by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from detente.evidence.actors import Cast
from detente.evidence.clauses import Clauses
from detente.evidence.deeds import Deed
from detente.evidence.findings import SURE, Actor, Event
from detente.evidence.mentions import Mention
from detente.evidence.parties import is_named, may_act
from detente.evidence.sides import Sides
from detente.evidence.statements import Statement, teller, told_pieces
from detente.evidence.usage import BE, Reading, readings
from detente.evidence.windows import Span

SUBORDINATE = re.compile(
    r"(?:,\s*|\s)(?:after|as|which|who|whom|whose|if|unless|when|where|because|despite|although|though|since|while|until|before|amid|following|in\s+response\s+to|for\s+its|for\s+their|suspected|aimed\s+at|aiming|accused\s+of|expected|ending|so\s+that)\b",
    re.I,
)  # fmt: skip
TRAILING = re.compile(
    r",\s+(?:[^,\s]+\s+){1,14}?(?:said|says|reported|reports|told|announced|quoted|warned|showed|added)\b[^,]{0,60}$",
    re.I,
)
OPENING = re.compile(
    r"\s*[“\"{`']*(?:(?:On|In|At|After|Late|Early|Last|During|Speaking|Meeting|Addressing|Visiting)\s+[^,]{1,60},\s*)?"
)
TOLD = re.compile(r"\b(?:told|warned)\s+(?=(?:the\s+|an?\s+)?[A-Z])")
PARENTHESIS = re.compile(
    r"(?:[^\s,.;:]+\s+){0,7}[^\s,.;:]+(?P<aside>,\s+(?!and\b|but\b|or\b)(?=[a-z])(?:[^\s,;:]+\s+){1,24}?[^\s,;:]+,)\s"
)
UNLESS = re.compile(r"\bunless\b")
WHO = re.compile(r"(?<!,)\s(?:who|which)\s")
ALSO = re.compile(r"(?:\band|\bor|,|\bto)\s+(?:\w+ly\s+)?$")
FINITE = frozenset(("verb", "passive"))
RELATIVE = re.compile(r",\s*(?:who|which|whose|where|whom)\b", re.I)
SURE_WORD = 0.8  # how telling a word has to be for an event of a document
FAR = 0.045  # what each word between costs
UNDER = 0.5  # what standing in a subordinate clause costs
ASIDE = 0.3  # a word that tells less than this, so far down, does not say who acts: the main verb is another


@dataclass(frozen=True)
class Coded:
    """An event of a sentence before its actors are named: the deed, where it stands, and who stands where.

    Without a deed the sentence's verb is none that the table holds; who acts, and on whom, may be seen all the same.
    """

    deed: Deed | None
    words: Span
    source: Span | None
    target: Span | None
    first: Mention | None
    second: Mention | None


def code(clauses: Clauses, begin: int, stop: int) -> Coded | None:
    """The event of a sentence: the word that tells most and stands nearest its main verb; None where nobody acts either."""
    text, here = clauses.text, clauses.cast.words
    tail = TRAILING.search(text, begin, stop)
    end = tail.start() if tail and tail.start() > begin + 20 else stop
    lead = OPENING.match(text, begin, end)
    start = lead.end() if lead else begin
    under = [(m.start(), _close(text, m, end)) for m in SUBORDINATE.finditer(text, start, end)]
    first, last = here.at(start), here.at(end - 1) + 1 if end > start else 0
    names = [one for one in clauses.cast.within(start, end) if is_named(one)] if first < len(here.words) else []
    told = []
    for one in readings(here.lower, first, min(last, len(here.lower))):
        place = here.places[one.at][0]
        named = here.words[one.at][0].isupper() and not here.shouted[here.sentence[one.at]]
        if named and (one.at > first or any(known.start <= place < known.end for known in names)):
            continue  # part of a name: "the Debates Commission", "Amnesty International"
        told.append(one)
    opens, closes = aside = _aside(text, start, end, [here.places[one.at][0] for one in told if one.use in FINITE])
    under = [span for span in under if not opens <= span[0] < closes] + ([aside] if closes else [])
    best: Reading | None = None
    for one in told:
        place = here.places[one.at][0]
        below = sum(1 for a, b in under if a < place < b) if one.at > first else 0
        far = one.at - first - (here.at(closes) - here.at(opens) if place >= closes > 0 else 0)
        score = one.score - FAR * min(far, 30) - UNDER * min(below, 2)
        if best is None or score > best.score:
            best = replace(one, score=score)
    if best is None or best.score < ASIDE:
        plain = _unknown(clauses, start, end, best.deed if best else None, closes)
        if plain or best is None:
            return plain
    span = here.places[best.at][0], here.places[best.end - 1][1]
    if best.deed.cls == "AGREE" and UNLESS.search(
        text, span[1], stop
    ):  # "will stop the oil unless": what lies ahead harms
        best = replace(best, deed=replace(best.deed, cls="THREATEN", code="130"))
    # "X said Y was guilty": whom it is said of stands before it.
    blamed = best.deed.cls == "DISAPPROVE" and here.lower[best.at] in BE
    found = Sides(clauses, start, end).of(
        span, best.deed, passive=best.use in ("passive", "reduced"), noun=best.use == "noun", asked=best.asked or blamed
    )
    source, target, first_by, second_by = found
    if tail and not (second_by and is_named(second_by)) and (heard := _addressed(clauses, tail.start(), stop)):
        target, second_by = heard.span, heard
    return Coded(best.deed, span, source, target, first_by, second_by)


def _unknown(clauses: Clauses, start: int, end: int, deed: Deed | None, after: int) -> Coded | None:
    """The sides of a main verb that the table does not hold, with what a word elsewhere in the sentence tells, if any.

    An aside between it and its subject ends at `after`.
    """
    sides = Sides(clauses, start, end)
    verb = sides.main_verb(after)
    return Coded(deed, verb, *sides.of(verb, None)) if verb else None


def _aside(text: str, start: int, end: int, verbs: Sequence[int]) -> Span:
    """What stands between a subject and its verb, which is then no nearer to it: "Zambia, crippled by debts, appealed"; (0, 0) if nothing.

    `verbs` are the places of the verbs that the table knows, in order.
    """
    between = PARENTHESIS.match(text, start, end)
    if between and not any(start <= verb < between.start("aside") for verb in verbs):
        opens, closes = between.span("aside")
        if any(verb >= closes for verb in verbs) or not any(opens < verb for verb in verbs):
            return opens, closes
    relative = WHO.search(text, start, end)
    if relative and not any(verb < relative.start() for verb in verbs):  # "Leaders who have paralysed the city called"
        later = [verb for verb in verbs if verb >= relative.end() and not ALSO.search(text, relative.end(), verb)]
        if len(later) > 1:
            return relative.start(), later[1]
    return 0, 0


def _close(text: str, found: re.Match[str], end: int) -> int:
    """Where a subordinate clause ends: "rebels, who fight the government, killed"; one without commas at the sentence's end."""
    comma = text.find(",", found.end(), end) if RELATIVE.match(found[0]) else -1
    return comma if comma >= 0 else end


def _addressed(clauses: Clauses, begin: int, stop: int) -> Mention | None:
    """Who is told in the words after a sentence: "…, its president told the European Union"."""
    told = TOLD.search(clauses.text, begin, stop)
    first = next(iter(clauses.cast.within(told.end(), stop)), None) if told else None
    return first if first and is_named(first) and may_act(first) else None


def events(clauses: Clauses, told: Sequence[Statement]) -> Iterator[Event]:
    """The events of a document whose two actors are named: one a sentence, in its order, quotations left out."""
    pieces = told_pieces(told)
    for begin, stop in clauses.sentences:
        coded = code(clauses, begin, stop)
        if (
            coded is None
            or coded.deed is None
            or coded.deed.weight < SURE_WORD
            or not coded.first
            or not coded.second
            or not is_named(coded.second)
            or clauses.cast.quoted(coded.words[0])
        ):
            continue
        if clauses.denied(coded.words[0], 20) or clauses.supposed(coded.words[0], 30):
            continue
        source, target = clauses.cast.actor(coded.first), clauses.cast.actor(coded.second)
        if not (_named(source) and _named(target)) or source.side == target.side:
            continue
        start = min(coded.first.start, coded.second.start, coded.words[0])
        end = max(coded.first.end, coded.second.end, coded.words[1])
        yield Event(
            cls=coded.deed.cls,
            code=coded.deed.code,
            words=coded.words,
            source=source,
            target=target,
            evidence=((start, end),),
            rule=f"event-{coded.deed.cls.lower()}",
            confidence=0.6 * min(source.confidence, target.confidence),
            statement=teller(coded.words, pieces),
            text=clauses.text,
        )


def _named(actor: Actor) -> bool:
    return actor.name is not None and actor.confidence >= SURE


def sentence_event(text: str) -> Coded | None:
    """The event of a text that is one sentence, whatever its full stops.

    >>> found = sentence_event("Turkey has threatened to close the border with Syria.")
    >>> found.deed and found.deed.cls, found.first.known.name, found.second.known.name
    ('THREATEN', 'Turkey', 'Syria')
    """
    clauses = Clauses(Cast(text))
    return code(clauses, 0, len(text))
