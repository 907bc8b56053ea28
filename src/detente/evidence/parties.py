"""The noun phrases of a sentence that may act or be acted on: names, and people whom a noun says, by their place and without a parser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from detente.evidence.clauses import Clauses
from detente.evidence.deeds import lexicon
from detente.evidence.gazetteer import PEOPLE, rows
from detente.evidence.lexicon import is_report
from detente.evidence.mentions import Mention
from detente.evidence.windows import Span

WORD = re.compile(r"\w+")
VERB_END = re.compile(r"(?:ed|ing|ly)\Z")
# Where a noun phrase ends.
PHRASE_ENDS = frozenset(
    "the a an in on at to from with by for as after who which that and or of but has have had is are was were will would can could "
    "may must should not be been monday tuesday wednesday thursday friday saturday sunday today yesterday last this its his her their "
    "over under against between into outside inside near around across through about towards toward along within without during said "
    "if unless when because until while before off out up again flatly".split()
)
NOUN_END = re.compile(
    r"\s+(?:in|on|at|to|from|with|by|for|as|after|who|which|that|and|if|unless|because|over|last|when|until|despite)\b|[,.;]",
    re.I,
)
SPACE = re.compile(r"\s*(?:(?:on\s+)?\w+day\s+)?")
OF = re.compile(r"\s+of\s+(?:[\w’'-]{1,20}\s+){0,2}")
PLACE_OF = re.compile(r"\s+(?:in|at|near|outside|inside|around)\s+(?:the\s+)?(?:[a-z][\w-]*\s+){0,2}")
OWNER = re.compile(r"['’]s?\s+(?:(?!(?:in|at|on|of|to|for|with|from|by|against|and)\b)[a-z-]{1,15}\s+){0,3}")
LISTED = re.compile(r"(?:\s+of\s+[\w’'-]{1,30}(?:\s+[A-Z][\w’'-]{1,30})?)?\s+and\s+(?:the\s+)?")
# Words for people that here say of what kind a thing is.
ADJECTIVE = re.compile(
    r"general\s+(?:strike|election|assembly|amnesty|mobili)|(?:military|police|army|rebel|government)\s+(?:operation|exercise|base|action|aid|"
    r"alert|presence|drill|maneuver|manoeuvre|court|service|campaign|offensive|intervention|cooperation|station|post|coup|rule|and\s+civilian)"
)


@cache
def parties() -> frozenset[str]:
    """Words for people who act though no name says whose they are."""
    return frozenset(word for row in rows("parties") for word in row[0].split())


@dataclass(frozen=True)
class Party:
    """A noun phrase that may act: its characters, and the mention in it, if there is one."""

    span: Span
    mention: Mention | None = None

    @property
    def people(self) -> bool:
        """Whether it is a people's name alone, such as may go before another."""
        known = self.mention.known if self.mention else None
        return known is not None and known.kind == PEOPLE and not (self.mention and self.mention.side)

    @property
    def named(self) -> bool:
        """Whether it says whom it means."""
        return self.mention is not None and is_named(self.mention)


def is_named(one: Mention) -> bool:
    """Whether a mention says whom it means, and not only what ("troops") or one word that may be a town."""
    return bool(one.known or one.of or one.of_person or len(one.person) > 1 or (one.person and one.role))


def may_act(one: Mention) -> bool:
    """Whether a mention may be of a side: no pronoun, and no newspaper or agency."""
    return not one.pronoun and not (one.known and one.known.kind == "media")


class Phrases:
    """A sentence's parties in their order, and the words that go with each."""

    def __init__(self, clauses: Clauses, start: int, stop: int) -> None:
        self.text, self.start, self.stop = clauses.text, start, stop
        self.words = clauses.cast.words
        found = [
            Party(one.span, one)
            for one in clauses.cast.within(start, stop)
            if may_act(one) and not (not is_named(one) and ADJECTIVE.match(self.text, one.start, stop))
        ]
        taken = [party.span for party in found]
        words = self.words
        for k in range(words.at(start), len(words.places)):
            a, b = words.places[k]
            if b > stop:
                break
            if (
                words.lower[k] in parties()
                and self.text[b : b + 1] != "-"  # "rebel-held"
                and not any(x <= a < y for x, y in taken)
                and not ADJECTIVE.match(self.text, a, stop)
            ):
                found.append(Party((a, b)))
        self.parties = self._joined(sorted(found, key=lambda party: party.span))
        self._spans = {party.span for party in self.parties}

    def _joined(self, found: Sequence[Party]) -> list[Party]:
        """Parties with whose they are: "representatives of Moro rebels" is one."""
        made: list[Party] = []
        for party in found:
            last = made[-1] if made else None
            gap = self.text[last.span[1] : party.span[0]] if last else ""
            if last and not party.mention and not gap.strip(" -") and gap:  # "French truckers"
                made[-1] = Party((last.span[0], party.span[1]), last.mention)
            elif (
                last and last.named and OWNER.fullmatch(gap) and not (party.mention and party.mention.person)
            ):  # "Nepal's Maoists"
                made[-1] = Party((last.span[0], party.span[1]), party.mention if party.named else last.mention)
            elif (last and last.people and gap.isspace()) or (
                last and not last.named and (not gap.strip() or OF.fullmatch(gap))
            ):  # "Turkish Cypriot leader"
                made[-1] = Party((last.span[0], party.span[1]), party.mention)
            else:
                made.append(party)
        return made

    def following(self, party: Party, after: int = 0) -> Span | None:
        """The word after a party's noun phrase that does not stand before `after`, if the sentence has one."""
        k = self.words.at(max(self.phrase(party, self.start, self.stop)[1], after))
        return self.words.places[k] if k < len(self.words.places) and self.words.places[k][1] <= self.stop else None

    def led(self, pattern: re.Pattern[str], party: Party, start: int) -> bool:
        """Whether what a pattern looks for stands right before a party, and not before `start`."""
        return pattern.search(self.text, max(start, party.span[0] - 60), party.span[0]) is not None

    def written(self, party: Party | None, event: Span) -> Span | None:
        """The characters of a party's noun phrase, on its side of the event."""
        if party is None or (party.mention is None and party.span not in self._spans):
            return party.span if party else None
        return (
            self.phrase(party, self.start, event[0])
            if party.span[1] <= event[0]
            else self.phrase(party, event[1], self.stop)
        )

    def with_listed(self, party: Party | None, written: Span | None, event: Span) -> Span | None:
        """A party's words with those of the others in its list, and with where it is: "Australia and New Zealand", "rebels in Darfur"."""
        if party is None or written is None or party.span not in self._spans or written[0] < event[1]:
            return written
        at = next(k for k, one in enumerate(self.parties) if one.span == party.span)
        begin, end = written
        if at and self.parties[at - 1].span[0] >= event[1]:
            before = self.phrase(self.parties[at - 1], event[1], self.stop)
            if LISTED.fullmatch(self.text, before[1], begin):
                begin = before[0]
        if at + 1 < len(self.parties):
            after = self.phrase(self.parties[at + 1], end, self.stop)
            if LISTED.fullmatch(self.text, end, after[0]) or self.placed(self.parties[at + 1], party):
                end = after[1]
        return begin, end

    def placed(self, party: Party, other: Party) -> bool:
        """Whether a party says where another is that stands right before it: "rebels in Darfur"."""
        start, end = self.phrase(other, other.span[0], self.stop)[1], party.span[0]
        return start < end and PLACE_OF.fullmatch(self.text, start, end) is not None

    def phrase(self, party: Party, start: int, stop: int) -> Span:
        """A party with the words of its noun phrase on either side, and whose it is: "army troops of South Yemen"."""
        text = self.text
        begin, end = party.span
        known = party.mention.known if party.mention else None
        whole = known is not None and known.kind != PEOPLE  # a name, not "American" that more words go with
        for word in WORD.findall(text[max(start, begin - 60) : begin])[:-4:-1]:
            at = text.rfind(word, max(start, begin - 60), begin)
            if (
                word.lower() in PHRASE_ENDS
                or is_report(word)
                or at < start
                or text[at + len(word) : begin].strip(" -’'")
            ):
                break
            begin = at
        if whole:
            return begin, end
        for found in list(WORD.finditer(text, end, max(end, min(stop, end + 60))))[:3]:
            if (
                text[end : found.start()].strip(" -’'")
                or found[0].lower() in PHRASE_ENDS
                or VERB_END.search(found[0])
                or is_report(found[0])
                or _is_past(found[0].lower())
            ):
                break
            end = found.end()
        return begin, end

    def noun_before(self, end: int) -> Span | None:
        """The words before a verb, where no actor is named there: "A minefield explosion"."""
        stretch = self.text[self.start : end].rstrip()
        return (self.start, self.start + len(stretch)) if WORD.search(stretch) else None

    def noun_after(self, start: int) -> Party | None:
        """The words after a verb up to a preposition or a comma."""
        text, stop = self.text, self.stop
        skipped = SPACE.match(text, start, stop)
        if skipped is None:
            return None
        begin = skipped.end()
        cut = NOUN_END.search(text, min(begin + 3, stop), stop)
        end = min(cut.start() if cut else stop, begin + 60)
        return Party((begin, end)) if end > begin and WORD.search(text[begin:end]) else None


def _is_past(word: str) -> bool:
    """Whether a word is the past of a verb that does not end in -ed: "began"."""
    return any(form == "past" for _, form in lexicon().verbs.get(word, ()))
