"""Who does it and to whom it is done, around the word that tells an event: by the place of its sentence's parties."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.evidence.acted_on import PLACED, SENT, UPON, Weights
from detente.evidence.clauses import Clauses
from detente.evidence.deeds import UNDERGO, Deed
from detente.evidence.mentions import Mention
from detente.evidence.parties import WORD, Party, Phrases
from detente.evidence.windows import Span

BY = re.compile(r"\s+(?:[\w’'-]{1,30}\s+){0,4}?by\s+")
BY_FROM = re.compile(r"\s+(?:[\w’'-]{1,30}\s+){0,7}?(?:by|from)\s+")  # "came under fire from", "received a loan from"
AGENT = re.compile(r"\bby\s+(?:[\w’'-]{1,30}\s+){0,3}$", re.I)
TOWARDS = re.compile(r"\b(?:on|against|to|with|into)\s+(?:[\w’'-]{1,30}\s+){0,2}$", re.I)
WITH = re.compile(r"\bwith\s+(?:the\s+)?(?:[\w’'-]{1,20}\s+)?$", re.I)
BETWEEN = re.compile(r"\s+between\b")
SAID = re.compile(
    r"\b(?:said|says|say|told|reported|reports|believe|announced)\s+(?:on\s+\w+day\s+|\w+day\s+)?(?:that\s+)?", re.I
)
PRONOUN = re.compile(r"(?:it|he|she|they|we|its|their|his|her)\b", re.I)
EVEN = 1e-9  # weights that differ by less are even, and what comes first is taken


class Sides:
    """Which of a sentence's parties stand on either side of its event."""

    def __init__(self, clauses: Clauses, start: int, stop: int) -> None:
        self.text, self.start, self.stop = clauses.text, start, stop
        self.phrases = Phrases(clauses, start, stop)
        self.parties = self.phrases.parties

    def main_verb(self, after: int = 0) -> Span | None:
        """Where the verb of the sentence may stand, whatever it is: the word after the first who may act, not before `after`."""
        return self.phrases.following(self.parties[0], after) if self.parties else None

    def of(
        self, span: Span, deed: Deed | None, *, passive: bool = False, noun: bool = False, asked: bool = False
    ) -> tuple[Span | None, Span | None, Mention | None, Mention | None]:
        """The characters of source and target of a deed at `span`, and the mentions in them; of a deed that is not known, by place alone."""
        before = [party for party in self.parties if party.span[1] <= span[0]]
        after = [party for party in self.parties if party.span[0] >= span[1]]
        if passive and deed:
            source, target = self._passive(span, before, after, deed)
        else:
            source, target = self._active(span, before, after, deed.cls if deed else "", asked=asked, noun=noun)
        return (*self._words(span, source, target, passive=passive),)

    def _passive(
        self, span: Span, before: Sequence[Party], after: Sequence[Party], deed: Deed
    ) -> tuple[Party | None, Party | None]:
        """ "X was attacked by Y"; without a "by", where it was done is taken to have done it: "arrested in Lebanon"."""
        second = next((one for one in before if one.mention), next(iter(before), None))
        agent = (BY_FROM if deed.kind == UNDERGO else BY).match(self.text, span[1], self.stop)
        if agent:
            acting = next((one for one in after if one.span[0] >= agent.end() - 1), None)
            if acting is None or acting.span[0] > agent.end() + 40:
                return self.phrases.noun_after(agent.end()), second
            rest = [one for one in after if one.span[0] >= acting.span[1]]
            return acting, second or self._acted_on(rest, span, acting, deed.cls)
        if second is not None and (other := self._carried(second, span, before, after, deed.cls)):
            return second, other
        for one in after:
            if self.phrases.led(PLACED, one, span[1]) or self.phrases.led(WITH, one, span[1]):
                return one, second
        return None, second

    def _carried(
        self, subject: Party, span: Span, before: Sequence[Party], after: Sequence[Party], cls: str
    ) -> Party | None:
        """To whom something goes, where a passive's subject acts: "Israel's offer to Syria was announced"."""
        if cls in ("AGREE", "THREATEN"):
            among = [one for one in before if one.span[0] >= subject.span[1]]
        elif cls in ("AID", "MOBILIZE", "CONSULT") and SENT.search(self.text, subject.span[0], span[0]):
            among = list(after)
        else:
            return None
        return next((one for one in among if one.named and self.phrases.led(TOWARDS, one, subject.span[1])), None)

    def _active(
        self, span: Span, before: Sequence[Party], after: Sequence[Party], cls: str, *, asked: bool, noun: bool
    ) -> tuple[Party | None, Party | None]:
        text = self.text
        source = self._subject(before, span)
        # "X said Y attacked Z": who attacked is Y.
        told = SAID.search(text, self.start, span[0])
        heard = next((one for one in before if told and told[0].lower().startswith("told") and one is not source), None)
        if heard and PRONOUN.search(text, heard.span[1], span[0]):  # "X told the envoy they were ready": X is
            told = None
        if told and not asked and not PRONOUN.match(text, told.end(), span[0]):
            inner = [one for one in before if one.span[0] >= told.end()]
            source = self._subject(inner, span) or source
        rest = list(after)
        noun = noun or BETWEEN.match(text, span[1]) is not None
        if source is None and rest and (noun or not WORD.search(text, self.start, span[0])):
            # "the arrests of Shiites by police", "talks between Mali and Niger"
            source = next((one for one in rest if self.phrases.led(AGENT, one, span[1])), rest[0])
            rest.remove(source)
        return source, self._acted_on([*(one for one in before if one is not source), *rest], span, source, cls, asked)

    def _acted_on(
        self, among: Sequence[Party], span: Span, source: Party | None, cls: str, asked: bool = False
    ) -> Party | None:
        """The likeliest of the parties to whom something may be done, if any is likely."""
        chosen: tuple[float, Party] | None = None
        acting = self.phrases.written(source, span)
        weights = Weights(self.phrases, span, source, cls, asked)
        for party in among:
            if acting and acting[0] <= party.span[0] < acting[1]:  # "Polish shipyard workers" are one
                continue
            if party.span[0] < span[0] and (
                source is None
                or (party.span[0] < source.span[1] and not self.phrases.led(AGENT, source, party.span[1]))
            ):
                continue
            score = weights.of(party)
            if chosen is None or score > chosen[0] + EVEN:
                chosen = score, party
        return chosen[1] if chosen and chosen[0] > -1 else None

    def _subject(self, before: Sequence[Party], span: Span) -> Party | None:
        """The first party before a verb; a noun phrase that only says where, as in "a blast near Samarra", is its head."""
        first = next(iter(before), None)
        if first is None:
            return None
        for one in before[1:]:  # "an attack on Kurdish villages by Turkish planes"
            if self.phrases.led(AGENT, one, first.span[1]) and self.phrases.led(UPON, first, self.start):
                return one
        placed = PLACED.search(self.text, max(self.start, first.span[0] - 40), first.span[0])
        lead = self.text[self.start : placed.start()].strip() if placed else ""
        if placed and lead and not self.text[self.start : first.span[0]].count(","):
            return Party((self.start, self.start + len(self.text[self.start : placed.start()].rstrip())))
        return first

    def _words(
        self, span: Span, source: Party | None, target: Party | None, *, passive: bool
    ) -> tuple[Span | None, Span | None, Mention | None, Mention | None]:
        subject, other = (target, source) if passive else (source, target)
        before = self.phrases.written(subject, span) or self.phrases.noun_before(span[0])
        after = self.phrases.with_listed(other, self.phrases.written(other, span), span)
        if after is None and not passive:
            after = self.phrases.written(self.phrases.noun_after(span[1]), span)
        first, second = source.mention if source else None, target.mention if target else None
        return (after, before, first, second) if passive else (before, after, first, second)
