"""Who does it and to whom it is done, around the word that tells an event: noun phrases by their place, without a parser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from detente.evidence.clauses import Clauses
from detente.evidence.deeds import QUADS, UNDERGO, Deed, frame, lexicon
from detente.evidence.gazetteer import CAPITAL, PEOPLE, rows
from detente.evidence.lexicon import is_report
from detente.evidence.mentions import Mention
from detente.evidence.windows import Span

WORD = re.compile(r"\w+")
VERB_END = re.compile(r"(?:ed|ing|ly)\Z")
BY = re.compile(r"\s+(?:[\w’'-]{1,30}\s+){0,4}?by\s+")
BY_FROM = re.compile(r"\s+(?:[\w’'-]{1,30}\s+){0,7}?(?:by|from)\s+")  # "came under fire from", "received a loan from"
# Where a noun phrase ends.
PHRASE_ENDS = frozenset(
    "the a an in on at to from with by for as after who which that and or of but has have had is are was were will would can could "
    "may must should not be been monday tuesday wednesday thursday friday saturday sunday today yesterday last this its his her their "
    "over under against between into outside inside near around across through about towards toward along within without during said "
    "if unless when because until while before off out up again flatly".split()
)
CLAUSE = re.compile(
    r"[;:]|,?\s+\b(?:who|whom|which|that|because|after|when|while|where|unless|if|although|though|since|as|but|before|until|despite|amid)\b|,\s",
    re.I,
)
PREPOSITION = re.compile(
    r".*\b(against|with|to|on|from|between|towards?|for|of|by|in|at|near|inside|outside|over|into|around|across|through|throughout|about|behind|along|beside|opposite|beyond|off)\s+"
    r"(?:(?!(?:if|that|who|which|unless|when|after)\b)[\w’'-]{1,20}\s+){0,3}$",
    re.I | re.S,
)
LOCAL = frozenset(
    "in at near inside outside over around into across through throughout about along beside opposite beyond off".split()
)
TRAVEL = LOCAL | {"to", "from", "on"}
AGENT = re.compile(r"\bby\s+(?:[\w’'-]{1,30}\s+){0,3}$", re.I)
UPON = re.compile(r"\b(?:on|against|upon)\s+(?:[\w’'-]{1,30}\s+){0,2}$", re.I)
TOWARDS = re.compile(r"\b(?:on|against|to|with|into)\s+(?:[\w’'-]{1,30}\s+){0,2}$", re.I)
# What a protest or a journey is for tells to whom it is done: "to press the government", "to meet Malian leaders".
PURPOSE = {
    "PROTEST": re.compile(
        r"\b(?:(?:demand|press|denounce|condemn|oppos|overthrow|oust|topple|urg|forc|protest|resist|defy|stop|prevent)\w*|against|"
        r"call(?:ing|ed)?\s+(?:for|on)|independence|resignation)\b",
        re.I,
    ),
    "INVESTIGATE": re.compile(
        r"\b(?:to\s+(?:investigate|probe|examine|look|inspect|check|verify|study)|report|allegation|claim|role)", re.I
    ),
    "CONSULT": re.compile(r"\bto\s+(?:meet|see|brief|consult|visit|talk|speak|confer|negotiate)\b", re.I),
}
# A phrase in a phrase: in "a role in talks with Mali" it is the talks that are with Mali.
NESTED = re.compile(
    r"\b(?:in|near|at|along|over|around|inside|outside|about|across)\s+(?:(?:the|a|an|its|their|his|her)\s+)?(?:[\w’'-]{1,20}\s+){1,2}$",
    re.I,
)
FEUDS = frozenset("war conflict dispute row feud quarrel clash clashes fight struggle standoff battle".split())
TOPIC = re.compile(
    r"\b(?:on|about|over)\s+(?:(?:the|a|an|its|their|his|her)\s+)?(?!\w+day\b)(?:[\w’'-]{1,20}\s+){1,2}$", re.I
)
BESIDE = frozenset(("AGREE", "CONSULT", "COOPERATE", "MOBILIZE"))  # of which that "with" tells all the same
# Those who act though the verb is a passive: "Peacekeepers were sent to Mali", "Reservists were called up against Mali".
SENT = re.compile(
    r"\b(?:troops|soldiers|forces|peacekeepers|policemen|police|reservists|warships|planes|warplanes|tanks|units|marines|paratroopers|"
    r"doctors|nurses|medics|monitors|observers|engineers|envoys?|mediators?|delegations?|teams?)\b",
    re.I,
)
NOUN_END = re.compile(
    r"\s+(?:in|on|at|to|from|with|by|for|as|after|who|which|that|and|if|unless|because|over|last|when|until|despite)\b|[,.;]",
    re.I,
)
SAID = re.compile(
    r"\b(?:said|says|say|told|reported|reports|believe|announced)\s+(?:on\s+\w+day\s+|\w+day\s+)?(?:that\s+)?", re.I
)
PRONOUN = re.compile(r"(?:it|he|she|they|we|its|their|his|her)\b", re.I)
OF = re.compile(r"\s+of\s+(?:[\w’'-]{1,20}\s+){0,2}")
_TOWN = r"(?:city|town|village|capital|region|province|port|suburb|district|island|area|camp)"
PLACED = re.compile(
    rf"\b(?:in|at|near|outside|inside|around)\s+(?:{_TOWN}\s+of\s+|(?!(?:of|with|to|by|for|against|from|between)\b)[\w’'-]{{1,20}}\s+){{0,4}}$",
    re.I,
)
TOWN = re.compile(rf"\b{_TOWN}(?:\s+of)?\s+$", re.I)
WITH = re.compile(r"\bwith\s+(?:the\s+)?(?:[\w’'-]{1,20}\s+)?$", re.I)
BETWEEN = re.compile(r"\s+between\b")
SPACE = re.compile(r"\s*(?:(?:on\s+)?\w+day\s+)?")
OWNER = re.compile(r"['’]s?\s+(?:(?!(?:in|at|on|of|to|for|with|from|by|against|and)\b)[a-z-]{1,15}\s+){0,3}")
LISTED = re.compile(r"\s+and\s+(?:the\s+)?")
OWN = re.compile(r"\b(?:its|their|his|her)\s+(?:[\w-]{1,20}\s+){0,2}$")
# Words for people that here say of what kind a thing is.
ADJECTIVE = re.compile(
    r"general\s+(?:strike|election|assembly|amnesty|mobili)|(?:military|police|army|rebel|government)\s+(?:operation|exercise|base|action|aid|"
    r"alert|presence|drill|maneuver|manoeuvre|court|service|campaign|offensive|intervention|cooperation|station|post|coup|rule|and\s+civilian)"
)
TO = re.compile(r"\s+to(?=\s)")
CONDITION = re.compile(r"\b(?:if|unless|should)\s+(?:the\s+)?(?:[\w’'-]{1,20}\s+){0,2}$")
SENDING = re.compile(
    r"\b(?:send|sends|sent|sending|dispatch|dispatched|name|named|appoint|appointed)\s+(?:(?!(?:to|for|with|in|into|by)\b)[\w’'-]{1,20}\s+){0,3}$"
)
EARLIER = re.compile(r"\b(?:after|before|since|following)\s")
OWNED = re.compile(r"[A-Z]\w+['’]s?\s(?:(?!,|\b(?:if|unless|after|because|that|who|which)\b)[^;]){1,60}$")
AGENT_OF = re.compile(r"\w(?:ed|en|wn|id|ld|ft|nt)\s+by\s+(?:[\w’'-]{1,30}\s+){0,3}$")
THAT_END = re.compile(r"\bthat\s+(?:the\s+|an?\s+|its\s+|their\s+)?(?:[a-z’'-]{1,20}\s+){0,2}$")
RULERS = re.compile(
    r"\b(?:government|president|prime minister|premier|authorities|police|junta|regime|parliament|king|army|rulers?|cabinet)\b",
    re.I,
)
THAT = re.compile(r"^\s+that\b")
FAR = 0.02  # what each word between costs
ASIDE = -0.3  # how little a phrase in a phrase marks on whom a deed is done


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


class Sides:
    """A sentence's noun phrases that may act, and which of them stand on either side of its event."""

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

    def main_verb(self) -> Span | None:
        """Where the verb of the sentence may stand, whatever it is: the word after the first who may act."""
        if not self.parties:
            return None
        words = self.words
        k = words.at(self._phrase(self.parties[0], self.start, self.stop)[1])
        return words.places[k] if k < len(words.places) and words.places[k][1] <= self.stop else None

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
                return self._noun_after(agent.end()), second
            rest = [one for one in after if one.span[0] >= acting.span[1]]
            return acting, second or self._acted_on(rest, span, acting, deed.cls)
        if second is not None and (other := self._carried(second, span, before, after, deed.cls)):
            return second, other
        for one in after:
            if self._led(PLACED, one, span[1]) or self._led(WITH, one, span[1]):
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
        return next((one for one in among if one.named and self._led(TOWARDS, one, subject.span[1])), None)

    def _led(self, pattern: re.Pattern[str], party: Party, start: int) -> bool:
        """Whether what a pattern looks for stands right before a party."""
        return pattern.search(self.text, max(start, party.span[0] - 60), party.span[0]) is not None

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
            source = next((one for one in rest if self._led(AGENT, one, span[1])), rest[0])
            rest.remove(source)
        return source, self._acted_on([*(one for one in before if one is not source), *rest], span, source, cls, asked)

    def _acted_on(
        self, among: Sequence[Party], span: Span, source: Party | None, cls: str, asked: bool = False
    ) -> Party | None:
        """The likeliest of the parties to whom something may be done, if any is likely."""
        chosen: tuple[float, Party] | None = None
        acting = self._written(source, span)
        for party in among:
            if acting and acting[0] <= party.span[0] < acting[1]:  # "Polish shipyard workers" are one
                continue
            if party.span[0] < span[0] and (
                source is None or (party.span[0] < source.span[1] and not self._led(AGENT, source, party.span[1]))
            ):
                continue
            score = self._as_target(party, span, source, cls, asked=asked)
            if chosen is None or score > chosen[0]:
                chosen = score, party
        return chosen[1] if chosen and chosen[0] > -1 else None

    def _subject(self, before: Sequence[Party], span: Span) -> Party | None:
        """The first party before a verb; a noun phrase that only says where, as in "a blast near Samarra", is its head."""
        first = next(iter(before), None)
        if first is None:
            return None
        for one in before[1:]:  # "an attack on Kurdish villages by Turkish planes"
            if self._led(AGENT, one, first.span[1]) and self._led(UPON, first, self.start):
                return one
        placed = PLACED.search(self.text, max(self.start, first.span[0] - 40), first.span[0])
        lead = self.text[self.start : placed.start()].strip() if placed else ""
        if placed and lead and not self.text[self.start : first.span[0]].count(","):
            return Party((self.start, self.start + len(self.text[self.start : placed.start()].rstrip())))
        return first

    def _as_target(self, party: Party, span: Span, source: Party | None, cls: str, *, asked: bool) -> float:
        """How likely it is that something is done to a party, by its place and by what it is."""
        text = self.text
        at = party.span[0]
        mention = party.mention
        score = 0.6 if party.named else 0.3 if mention else 0.2
        if not party.named and text[at].isupper():  # a name that is not known
            score = 0.45
        if at < span[0]:
            listed = source is not None and LISTED.fullmatch(text, source.span[1], at) is not None
            # "an attack by Turkish planes on Kurdish villages"
            upon = party.named and self._led(UPON, party, self.start)
            score += 0.6 if asked else 0.0 if listed or upon else -0.3
            # "rebels in Mali": where they are, and part of whoever acts.
            if PLACED.search(text, max(self.start, at - 40), at):
                score -= 0.3
        else:
            between = THAT.sub("", text[span[1] : at])
            score -= FAR * between.count(" ")
            score -= 0.25 * min(len(CLAUSE.findall(between)), 2) + 0.15 * bool(EARLIER.search(between))
            if cls == "THREATEN" and CONDITION.search(between):
                score += 0.25
            own = cls == "MOBILIZE" and SENT.search(text, at, party.span[1])  # "moved tanks to the border"
            if not party.named and (own or SENDING.search(text[span[0] : at])):  # "send a delegation to Baghdad"
                score -= 0.3
            found = PREPOSITION.search(text, max(span[1], at - 60), at)
            where = found[1].lower() if found else ""
            if where == "of" and self._led(PLACED, party, span[1]):  # "in the city of Basra"
                where = "in"
            if cls == "DEMAND" and self._to_do(party, said=THAT_END.search(between) is not None):
                score += 0.3
            if cls == "PROTEST" and self._rules(party):
                score += 0.3
            if AGENT_OF.search(between):  # "a gesture welcomed by Greece"
                score -= 0.3
            if OWNED.search(between):  # "Turkey's talks with Greece"
                score -= 0.25
            if cls in PURPOSE and PURPOSE[cls].search(between):
                score += 0.3
            if found:
                mark = _marked(cls, text[max(span[1], found.start(1) - 40) : found.start(1)], where)
                owner = OWNER.match(text, self._phrase(party, at, self.stop)[1])  # "in Turkey's talks": no place
                score += max(mark, 0.1) if owner else mark
            elif not CLAUSE.search(between):
                score += 0.2
            if where in TRAVEL and mention and mention.known and mention.known.kind == CAPITAL:
                score -= 0.3
            if mention and mention.place and where not in LOCAL:
                score -= 0.2
        if text[at - 1 : at] == "(":  # "the peacekeeping force in Mali (MINUSMA)": what stands before, again
            score -= 0.6
        if TOWN.search(text, max(self.start, at - 20), at):
            score -= 0.1
        if not party.named and OWN.search(text, max(self.start, at - 30), at):
            score -= 0.3
        if _names(party) & _names(source):
            # A state does nothing to itself; "Iraqi Kurds" may do something to Iraq.
            score -= (0.4 if _are_people(source) else 0.8) if mention and mention.known else 0.1
        return score

    def _rules(self, party: Party) -> bool:
        """Whether a party is of those whom a protest is against: a government, its head, or its police."""
        return RULERS.search(self.text, *self._phrase(party, party.span[0], self.stop)) is not None

    def _to_do(self, party: Party, *, said: bool) -> bool:
        """Whether a party is to do something: "for Israel to withdraw"; "that Israel withdraw"."""
        end = self._phrase(party, party.span[0], self.stop)[1]
        to = TO.match(self.text, end, self.stop)
        return (to is not None and _is_verb(self.text, to.end())) or (said and _is_verb(self.text, end))

    def _words(
        self, span: Span, source: Party | None, target: Party | None, *, passive: bool
    ) -> tuple[Span | None, Span | None, Mention | None, Mention | None]:
        subject, other = (target, source) if passive else (source, target)
        before = self._written(subject, span) or self._noun_before(span[0])
        after = self._with_listed(other, self._written(other, span), span)
        if after is None and not passive:
            after = self._written(self._noun_after(span[1]), span)
        first, second = source.mention if source else None, target.mention if target else None
        return (after, before, first, second) if passive else (before, after, first, second)

    def _with_listed(self, party: Party | None, written: Span | None, event: Span) -> Span | None:
        """A party's words with those of the others in its list: "Australia and New Zealand"."""
        if party is None or written is None or party.span not in self._spans or written[0] < event[1]:
            return written
        at = next(k for k, one in enumerate(self.parties) if one.span == party.span)
        begin, end = written
        if at and self.parties[at - 1].span[0] >= event[1]:
            before = self._phrase(self.parties[at - 1], event[1], self.stop)
            if LISTED.fullmatch(self.text, before[1], begin):
                begin = before[0]
        if at + 1 < len(self.parties):
            after = self._phrase(self.parties[at + 1], end, self.stop)
            if LISTED.fullmatch(self.text, end, after[0]):
                end = after[1]
        return begin, end

    def _written(self, party: Party | None, event: Span) -> Span | None:
        """The characters of a party's noun phrase, on its side of the event."""
        if party is None or (party.mention is None and party.span not in self._spans):
            return party.span if party else None
        return (
            self._phrase(party, self.start, event[0])
            if party.span[1] <= event[0]
            else self._phrase(party, event[1], self.stop)
        )

    def _phrase(self, party: Party, start: int, stop: int) -> Span:
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

    def _noun_before(self, end: int) -> Span | None:
        """The words before a verb, where no actor is named there: "A minefield explosion"."""
        stretch = self.text[self.start : end].rstrip()
        return (self.start, self.start + len(stretch)) if WORD.search(stretch) else None

    def _noun_after(self, start: int) -> Party | None:
        """The words after a verb up to a preposition or a comma."""
        text, stop = self.text, self.stop
        skipped = SPACE.match(text, start, stop)
        if skipped is None:
            return None
        begin = skipped.end()
        cut = NOUN_END.search(text, min(begin + 3, stop), stop)
        end = min(cut.start() if cut else stop, begin + 60)
        return Party((begin, end)) if end > begin and WORD.search(text[begin:end]) else None


def _marked(cls: str, before: str, where: str) -> float:
    """How much a preposition marks whom a deed of a class is done to, with the word before it: "independence from"."""
    told = frame(cls)
    last = WORD.findall(before.lower())[-1:]
    foe = "conflict" in QUADS.get(cls, "") and bool(FEUDS.intersection(last))
    nested = TOPIC.search(before) or (cls not in BESIDE and NESTED.search(before))
    if where in ("with", "between") and nested and not foe:
        return ASIDE
    if not foe and FEUDS.intersection(last) and where in ("with", "against"):  # "grain for its war with Mali"
        return ASIDE
    phrase = f"{last[0]} {where}" if last else where
    return told.get(phrase, told.get(where, 0.0))


def _are_people(party: Party | None) -> bool:
    """Whether a party is of a people and not its state: "Iraqi Kurds", "Syrian rebels"."""
    one = party.mention if party else None
    return one is not None and (
        one.side in ("people", "rebels", "opposition") or bool(one.known and one.known.kind == PEOPLE)
    )


def _is_verb(text: str, at: int) -> bool:
    """Whether the word after `at` is the base of a verb of the table."""
    word = WORD.search(text, at)
    return word is not None and any(form == "base" for _, form in lexicon().verbs.get(word[0], ()))


def _is_past(word: str) -> bool:
    """Whether a word is the past of a verb that does not end in -ed: "began"."""
    return any(form == "past" for _, form in lexicon().verbs.get(word, ()))


def _names(party: Party | None) -> frozenset[str]:
    """The known names of a party."""
    one = party.mention if party else None
    return frozenset(known.name for known in (*(one.of if one else ()), *([one.known] if one and one.known else ())))
