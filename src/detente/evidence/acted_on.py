"""On whom a deed is done: a weight for each party of its sentence, by where it stands, by what leads it in, and by what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from detente.evidence.deeds import QUADS, frame, lexicon
from detente.evidence.gazetteer import CAPITAL, PEOPLE
from detente.evidence.parties import LISTED, OWNER, WORD, Party, Phrases
from detente.evidence.windows import Span

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
_TOWN = r"(?:city|town|village|capital|region|province|port|suburb|district|island|area|camp)"
PLACED = re.compile(
    rf"\b(?:in|at|near|outside|inside|around)\s+(?:{_TOWN}\s+of\s+|(?!(?:of|with|to|by|for|against|from|between)\b)[\w’'-]{{1,20}}\s+){{0,4}}$",
    re.I,
)
TOWN = re.compile(rf"\b{_TOWN}(?:\s+of)?\s+$", re.I)
UPON = re.compile(r"\b(?:on|against|upon)\s+(?:[\w’'-]{1,30}\s+){0,2}$", re.I)
# Those who act though the verb is a passive: "Peacekeepers were sent to Mali", "Reservists were called up against Mali".
SENT = re.compile(
    r"\b(?:troops|soldiers|forces|peacekeepers|policemen|police|reservists|warships|planes|warplanes|tanks|units|marines|paratroopers|"
    r"doctors|nurses|medics|monitors|observers|engineers|envoys?|mediators?|delegations?|teams?)\b",
    re.I,
)
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
    "SUPPORT": re.compile(r"\bto\s+(?:support|back|stand\s+by|rally)\b", re.I),
    "CONSULT": re.compile(r"\bto\s+(?:meet|see|brief|consult|visit|talk|speak|confer|negotiate)\b", re.I),
}
# A phrase in a phrase: in "a role in talks with Mali" it is the talks that are with Mali.
NESTED = re.compile(
    r"\b(?:in|near|at|along|over|around|inside|outside|about|across)\s+(?:(?:the|a|an|its|their|his|her)\s+)?(?:[\w’'-]{1,20}\s+){1,2}$",
    re.I,
)
TOPIC = re.compile(
    r"\b(?:on|about|over)\s+(?:(?:the|a|an|its|their|his|her)\s+)?(?!\w+day\b)(?:[\w’'-]{1,20}\s+){1,2}$", re.I
)
FEUDS = frozenset("war conflict dispute row feud quarrel clash clashes fight struggle standoff battle".split())
BESIDE = frozenset(("AGREE", "CONSULT", "COOPERATE", "MOBILIZE"))  # of which that "with" tells all the same
OWN = re.compile(r"\b(?:its|their|his|her)\s+(?:[\w-]{1,20}\s+){0,2}$")
OWNED = re.compile(r"[A-Z]\w+['’]s?\s(?:(?!,|\b(?:if|unless|after|because|that|who|which)\b)[^;]){1,60}$")
AGENT_OF = re.compile(r"\w(?:ed|en|wn|id|ld|ft|nt)\s+by\s+(?:[\w’'-]{1,30}\s+){0,3}$")
EARLIER = re.compile(r"\b(?:after|before|since|following)\s")
CONDITION = re.compile(r"\b(?:if|unless|should)\s+(?:the\s+)?(?:[\w’'-]{1,20}\s+){0,2}$")
SENDING = re.compile(
    r"\b(?:send|sends|sent|sending|dispatch|dispatched|name|named|appoint|appointed)\s+(?:(?!(?:to|for|with|in|into|by)\b)[\w’'-]{1,20}\s+){0,3}$"
)
TO = re.compile(r"\s+to(?=\s)")
DAY = re.compile(r"(?:\bon\s+)?\b(?:\w+day|today|yesterday)\s+\Z", re.I)
THAT = re.compile(r"^\s+that\b")
THAT_END = re.compile(r"\bthat\s+(?:the\s+|an?\s+|its\s+|their\s+)?(?:[a-z’'-]{1,20}\s+){0,2}$")
RULERS = re.compile(
    r"\b(?:government|president|prime minister|premier|authorities|police|junta|regime|parliament|king|army|rulers?|cabinet)\b",
    re.I,
)
FAR = 0.02  # what each word between costs
ASIDE = -0.3  # how little a phrase in a phrase marks on whom a deed is done


@dataclass(frozen=True)
class Weights:
    """How likely it is that each party of a sentence is acted on, by the deed at `span`, of class `cls`, that `source` does.

    With `asked`, whom it is asked of stands before the deed: "X said that Y must".
    """

    phrases: Phrases
    span: Span
    source: Party | None
    cls: str
    asked: bool = False

    def of(self, party: Party) -> float:
        """The weight of a party; below -1 it is none that is acted on."""
        before = party.span[0] < self.span[0]
        return self._kind(party) + (self._ahead(party) if before else self._behind(party)) + self._aside(party)

    def _kind(self, party: Party) -> float:
        """What it is: a name that is known, one that is not, people whom a noun says."""
        if party.named:
            return 0.6
        if self.phrases.text[party.span[0]].isupper():  # a name that is not known
            return 0.45
        return 0.3 if party.mention else 0.2

    def _ahead(self, party: Party) -> float:
        """Where it stands before the deed."""
        text, at = self.phrases.text, party.span[0]
        listed = self.source is not None and LISTED.fullmatch(text, self.source.span[1], at) is not None
        # "an attack by Turkish planes on Kurdish villages"
        upon = party.named and self.phrases.led(UPON, party, self.phrases.start)
        weight = 0.6 if self.asked else 0.0 if listed or upon else -0.3
        # "rebels in Mali": where they are, and part of whoever acts.
        return weight - 0.3 if PLACED.search(text, max(self.phrases.start, at - 40), at) else weight

    def _behind(self, party: Party) -> float:
        """Where it stands after the deed: how far, in which clause, and led in by what."""
        between = THAT.sub("", self.phrases.text[self.span[1] : party.span[0]])
        weight = -FAR * between.count(" ") - 0.25 * min(len(CLAUSE.findall(between)), 2)
        if EARLIER.search(between):
            weight -= 0.15
        if AGENT_OF.search(between):  # "a gesture welcomed by Greece"
            weight -= 0.3
        if OWNED.search(between):  # "Turkey's talks with Greece"
            weight -= 0.25
        return weight + self._told_by_class(party, between) + self._led_in(party, between)

    def _told_by_class(self, party: Party, between: str) -> float:
        """What marks on whom a deed of this class is done, and no other."""
        weight = 0.0
        if self.cls == "THREATEN" and CONDITION.search(between):
            weight += 0.25
        if self.cls == "DEMAND" and self._to_do(party, said=THAT_END.search(between) is not None):
            weight += 0.3
        if self.cls == "PROTEST" and self._rules(party):
            weight += 0.3
        if self.cls in PURPOSE and PURPOSE[self.cls].search(between):
            weight += 0.3
        text, at = self.phrases.text, party.span[0]
        moved = self.cls == "MOBILIZE" and SENT.search(text, at, party.span[1])  # "moved tanks to the border"
        if not party.named and (moved or SENDING.search(text[self.span[0] : at])):  # "send a delegation to Baghdad"
            weight -= 0.3
        return weight

    def _led_in(self, party: Party, between: str) -> float:
        """By which preposition it is led in, and whether that makes it a place."""
        text, at, mention = self.phrases.text, party.span[0], party.mention
        weight, where = 0.0, ""
        found = PREPOSITION.search(text, max(self.span[1], at - 60), at)
        if found:
            where = found[1].lower()
            if where == "of" and self.phrases.led(PLACED, party, self.span[1]):  # "in the city of Basra"
                where = "in"
            mark = _marked(self.cls, text[max(self.span[1], found.start(1) - 40) : found.start(1)], where)
            town = mention is not None and mention.known is not None and mention.known.kind == CAPITAL
            owner = not town and OWNER.match(text, self._end(party))  # "in Turkey's talks": no place
            weight += max(mark, 0.1) if owner else mark
        elif not CLAUSE.search(between):  # an object
            weight += 0.2
        if where in LOCAL and self._placed(party):
            weight -= 0.3  # "freed hostages in Lebanon": where they are
        if where in TRAVEL and mention and mention.known and mention.known.kind == CAPITAL:
            weight -= 0.3
        if mention and mention.place and where not in LOCAL:
            weight -= 0.2
        return weight

    def _placed(self, party: Party) -> bool:
        """Whether a party says where the one before it is."""
        before = [one for one in self.phrases.parties if self.span[1] <= one.span[0] and one.span[1] <= party.span[0]]
        return bool(before) and self.phrases.placed(party, before[-1])

    def _aside(self, party: Party) -> float:
        """What speaks against it wherever it stands."""
        text, at = self.phrases.text, party.span[0]
        weight = 0.0
        if text[at - 1 : at] == "(":  # "the peacekeeping force in Mali (MINUSMA)": what stands before, again
            weight -= 0.6
        if TOWN.search(text, max(self.phrases.start, at - 20), at):
            weight -= 0.1
        if not party.named and OWN.search(text, max(self.phrases.start, at - 30), at):
            weight -= 0.3
        if _names(party) & _names(self.source):
            # A state does nothing to itself; "Iraqi Kurds" may do something to Iraq.
            known = party.mention is not None and party.mention.known is not None
            weight -= (0.4 if _are_people(self.source) else 0.8) if known else 0.1
        return weight

    def _rules(self, party: Party) -> bool:
        """Whether a party is of those whom a protest is against: a government, its head, or its police."""
        return RULERS.search(self.phrases.text, party.span[0], self._end(party)) is not None

    def _to_do(self, party: Party, *, said: bool) -> bool:
        """Whether a party is to do something: "for Israel to withdraw"; "that Israel withdraw"."""
        text, end = self.phrases.text, self._end(party)
        to = TO.match(text, end, self.phrases.stop)
        return (to is not None and _is_verb(text, to.end())) or (said and _is_verb(text, end))

    def _end(self, party: Party) -> int:
        return self.phrases.phrase(party, party.span[0], self.phrases.stop)[1]


def _marked(cls: str, before: str, where: str) -> float:
    """How much a preposition marks whom a deed of a class is done to, with the word before it: "independence from"."""
    told = frame(cls)
    before = DAY.sub("", before)  # "lashed out on Saturday at"
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


def _names(party: Party | None) -> frozenset[str]:
    """The known names of a party."""
    one = party.mention if party else None
    return frozenset(known.name for known in (*(one.of if one else ()), *([one.known] if one and one.known else ())))
