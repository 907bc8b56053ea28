"""Who acts and on whom, around a word that says what was done: by order, prepositions and commas, without a parser."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from detente.evidence.actors import Cast
from detente.evidence.mentions import Mention
from detente.evidence.windows import Span

PREPOSITION = re.compile(
    r"\b(?:with|of|in|by|for|against|to|on|from|at|between|towards?|over|near|into|under|about|among|inside|outside|including)"
    r"\s+(?:the\s+|a\s+|an\s+|both\s+|its\s+|his\s+|their\s+|[a-z-]+\s+){0,2}$",
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"[;:]|,?\s+\b(?:who|whom|which|that|because|after|when|while|where|unless|if|although|though|since|as|but)\b", re.I
)
LIST = re.compile(
    r"\s*(?:,|,?\s*(?:and|or|as well as))\s+(?:the\s+|a\s+|both\s+|its\s+|their\s+)?(?:(?!(?:said|says|told|that|who|which)\b)[a-z-]+\s+){0,2}",
    re.I,
)
NOT = re.compile(r"\b(?:not|never|no|without|neither|nor|denied|denies|deny|stopped)\b|n['’]t\b", re.I)
HYPOTHETICAL = re.compile(
    r"\b(?:if|unless|would|could|might|(?-i:may)|whether|should|to avoid|prevent|considering|mulling|weighing)\b", re.I
)
INVERTED = re.compile(r"\s*(?:Were|Had|Should)\s+(?:the\s+)?[A-Z][^,?]*,")  # "Were Iran to attack, Iraq would"
PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|got)\s+(?:[a-z]+ly\s+|also\s+)?$", re.I)
# "... and is seeking to", "..., but now appears to have": the sentence's subject goes on.
JOINED = re.compile(
    r"\b(?:and|but)\s+(?:(?:is|are|has|have|had|was|were|then|also|now|later|appears?|seems?|to|will|would)\s+){0,5}(?:[a-z]+ly\s+)?$"
)
COMPOUND = re.compile(r"-[a-z]")  # "UN-backed"
GOES_ON = re.compile(
    r"\s+(?:[a-z]+ly\s+)?(?:has|have|had|is|are|was|were|will|would|said|says|[a-z]{3,}(?:ed|[^s]s))\b"
    r"|\s+(?:[a-z]+\s+){1,3}?(?:said|says|found|reported|announced|told)\b"
    r"|\s+(?:in|at|from|for|of)\s+(?:the\s+)?[A-Z]\w*\s+(?:said|says|warned|told)\b"
)
REPORTED = re.compile(r"\b(?:said|says|say|saying|that|claims?|claimed|believes?)\s", re.I)
HEDGED = re.compile(r"\b(?:appears?|seems?)\b")
NEAR = 200  # characters


class Clauses:
    """The sentences of a document with their mentions, for the layers that look for who does what to whom."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.text = cast, cast.text
        self._starts = [begin for begin, _ in cast.words.sentences]

    @cached_property
    def sentences(self) -> Sequence[Span]:
        """The sentences of the document."""
        return self.cast.words.sentences

    def matches(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """The matches of a pattern, none of them across the end of a sentence."""
        for begin, stop in self.sentences:
            yield from pattern.finditer(self.text, begin, stop)

    def sentence(self, place: int) -> Span:
        """The sentence that holds a character."""
        at = max(bisect.bisect_right(self._starts, place) - 1, 0)
        return self.sentences[at]

    def whole(self, place: int) -> Span:
        """The sentence that holds a character, without its full stop and the spaces at its ends."""
        begin, stop = self.sentence(place)
        words = self.text[begin:stop]
        stop = begin + len(words.rstrip().rstrip(".!?").rstrip())
        return begin + len(words) - len(words.lstrip()), stop

    def before(self, place: int) -> list[Mention]:
        """The mentions of the sentence that end before a character, nearest first."""
        begin, _ = self.sentence(place)
        return self.cast.within(max(begin, place - NEAR), place)[::-1]

    def after(self, place: int) -> list[Mention]:
        """The mentions of the sentence that start after a character, in order."""
        _, stop = self.sentence(max(place - 1, 0))
        return self.cast.within(place, min(stop, place + NEAR))

    def subject(self, place: int) -> Mention | None:
        """Who acts, where the verb starts at `place`: the nearest mention before it that hangs from no preposition.

        A verb that "and" joins to another takes the sentence's own subject.
        """
        found = [one for one in self.before(place) if not one.place]
        begin, _ = self.sentence(place)
        reported = max((m.end() for m in REPORTED.finditer(self.text, max(begin, place - NEAR), place)), default=begin)
        joined = JOINED.search(self.text, max(begin, place - 50), place)
        # "X insisted that Y must go, but now appears to": what appears is the reporter's, and X's.
        if not (joined and HEDGED.search(joined.group())):
            found = [one for one in found if one.start >= reported] or found
        free = [one for one in found if not PREPOSITION.search(self.text, max(begin, one.start - 40), one.start)]
        if joined and free:
            return free[-1]
        return next(iter(free or found), None)

    def objects(self, place: int, reach: int = 80) -> list[Mention]:
        """On whom something is done, where the verb ends at `place`: the next mention, with those listed after it."""
        found: list[Mention] = []
        at = place
        for one in self.after(place):
            gap = self.text[at : one.start]
            if (found and not LIST.fullmatch(gap)) or COMPOUND.match(self.text, one.end):
                break
            if not found and (len(gap) > reach or ";" in gap or ":" in gap):
                break
            if (
                found and "," in gap and GOES_ON.match(self.text, one.end)
            ):  # "... to the rebels, and Uganda backs": a clause of its own
                break
            found.append(one)
            at = one.end
        return found

    def listed_before(self, one: Mention) -> list[Mention]:
        """A mention with those listed right before it: "Russia and Iran" backed ..."""
        found = [one]
        commas = 0
        for other in self.before(one.start):
            gap = self.text[other.end : found[-1].start]
            if not LIST.fullmatch(gap):
                break
            commas += gap.lstrip().startswith(",")
            found.append(other)
        # ", and" joins two clauses unless the list is longer than two.
        return [one] if len(found) == 2 and commas else found[::-1]

    def denied(self, start: int, back: int = 30) -> bool:
        """Whether a "not" stands in the few words before a character, in its sentence."""
        begin, _ = self.sentence(start)
        return NOT.search(self.text, max(begin, start - back), start) is not None

    def supposed(self, start: int, back: int = 60) -> bool:
        """Whether it is only supposed: an "if", "would" or "might" before it, in its sentence."""
        begin, _ = self.sentence(start)
        inverted = INVERTED.match(self.text, begin, self.sentence(start)[1])
        return bool(inverted or HYPOTHETICAL.search(self.text, max(begin, start - back), start))

    def passive(self, start: int, words: str) -> bool:
        """Whether the verb `words` at `start` is in the passive."""
        return not words.split()[0].endswith("ing") and PASSIVE.search(self.text, max(0, start - 30), start) is not None
