"""What a conflict has cost, as reports put it: killed, wounded, displaced, missing, detained, each as a range."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from detente.evidence.quantities import Quantity, quantities
from detente.evidence.quotes import paragraphs
from detente.evidence.statements import Pieces, Statement, teller, told_pieces
from detente.evidence.windows import Span, sentences, slice_of

MEASURES = {
    "killed": r"killed|killing|kills?|dead|died|dies|deaths?|fatalities|slain|massacred|executed|perished|"
    r"(?<=of )lives|lives(?= (?:lost|claimed|taken))|death toll|dead bodies|"
    r"(?:claim(?:s|ed|ing)?|cost(?:s|ing)?|tak(?:es|en|ing)|took)(?=\s+(?:[\w,.-]{1,20}\s+){1,6}?(?<!of )lives\b(?! (?:lost|claimed|taken)))",
    "wounded": r"wounded|wounding|injured|injuring|injuries|maimed",
    "displaced": r"displaced|displacing|fled|fleeing|refugees|uprooted|uprooting|homeless|from their homes|evacuated",
    "missing": r"missing|disappeared|unaccounted for",
    "detained": r"detained|detaining|arrested|arresting|captured|imprisoned|taken prisoner|taken hostage|abducted|kidnapped",
}
MEASURE = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in MEASURES.items()), re.IGNORECASE)
# A number of one of these is no number of people.
OTHER_UNIT = re.compile(
    r"\s*(?:-|per ?cent|percent|%|years?|months?|weeks?|days?|hours?|minutes?|miles?|kilomet|km\b|met(?:re|er)s?|tons?|tonnes?|"
    r"dollars?|euros?|pounds?|times|rounds|am\b|pm\b|o’clock|villages|towns|cities|houses|homes|buildings|vehicles|tanks|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)",
    re.IGNORECASE,
)
BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|of|by|from|until|during|before|after|early|late|January|February|March|April|May|June|July|August|September|October|November|December),?\s+(?:\d{1,2},?\s+)?)$",
    re.IGNORECASE,
)
REACH = 9  # words between a number and what it counts
NEAR = 120  # characters in which it is looked for
CROSSING = 5  # what an "and" or a comma between them adds to that
WORD = re.compile(r"\w+")
ORDINALS = {
    name: n
    for n, name in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
ORDINAL = rf"(?:{'|'.join(ORDINALS)}|\d+(?:st|nd|rd|th))"
CONFLICT = r"(?:war|conflict|fighting|uprising|insurgency|revolt|unrest|violence|hostilities|crisis)"
NTH_YEAR = re.compile(
    rf"\b(?:its|their)\s+(?P<nth>{ORDINAL})\s+year\b"
    rf"|\bthe\s+(?P<nth_of>{ORDINAL})\s+year(?=\s+of\s+(?:the\s+|this\s+)?(?:\w+\s+)?{CONFLICT}\b)",
    re.IGNORECASE,
)
SINCE = re.compile(
    rf"\b{CONFLICT}\b[^.;:!?\n]{{0,60}}?"
    r"\b(?:began|started|erupted|broke out|beginning|since)\b(?:\s+(?:in|early|late|mid|the|spring|summer|autumn|winter|January|"
    r"February|March|April|May|June|July|August|September|October|November|December|of|\d{1,2},?))*\s+(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Toll:
    """How many were killed, wounded, displaced, missing or detained, by the words ``evidence`` of the text.

    ``high`` None is open above. ``statement`` is the number of the statement in whose content it stands, None where the
    report says it in its own voice.
    """

    what: str
    low: int
    high: int | None
    evidence: Span
    statement: int | None
    text: str = field(repr=False)

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "what": self.what,
            "low": self.low,
            "high": self.high,
            "evidence": [slice_of(self.text, self.evidence)],
            "statement": self.statement,
        }


def tolls(text: str, told: Sequence[Statement] = ()) -> list[Toll]:
    """The tolls of a text, in its order.

    >>> [(t.what, t.low, t.high) for t in tolls("At least 12 people were killed and 30 others wounded on 3 May 2015.")]
    [('killed', 12, None), ('wounded', 30, 30)]
    """
    found = []
    pieces = told_pieces(told)
    for start, end in paragraphs(text):
        for begin, stop in sentences(text, start, end):
            found += list(_in_sentence(text, begin, stop, pieces))
    return found


def _in_sentence(text: str, begin: int, stop: int, told: Pieces) -> Iterator[Toll]:
    numbers = [q for q in quantities(text, begin, stop) if _of_people(text, q)]
    taken: set[int] = set()
    for measure in MEASURE.finditer(text, begin, stop):
        near = [
            bisect.bisect_left(numbers, at, key=lambda q: q.start)
            for at in (measure.start() - NEAR, measure.end() + NEAR)
        ]
        costs = {n: _distance(text, numbers[n], measure.span()) for n in range(*near) if n not in taken}
        nearest = min(costs, key=lambda n: costs[n], default=None)
        if nearest is None or costs[nearest] > REACH:
            continue
        taken.add(nearest)
        number = numbers[nearest]
        span = min(number.start, measure.start()), max(number.end, measure.end())
        yield Toll(str(measure.lastgroup), number.low, number.high, span, teller(span, told), text)


def _of_people(text: str, number: Quantity) -> bool:
    """Whether a number can count people: not a year, a date, a share, a price or a length."""
    if OTHER_UNIT.match(text, number.end):
        return False
    if number.worded or not 1900 <= number.low <= 2100:
        return True
    return not BEFORE_YEAR.search(text, max(0, number.start - 25), number.start)


def _distance(text: str, number: Quantity, measure: Span) -> float:
    """The words between a number and a measure, more where a clause ends between them."""
    between = text[number.end : measure[0]] if number.end <= measure[0] else text[measure[1] : number.start]
    if MEASURE.search(between) or re.search(r"[.;:!?()]", between):
        return REACH + 1
    crossed = re.search(r",|\b(?:and|but|while|or|as)\b", between) is not None
    return len(WORD.findall(between)) + CROSSING * crossed


@dataclass(frozen=True)
class Began:
    """The year in which the conflict began, by the words ``evidence`` of the text."""

    year: int
    evidence: Span
    text: str = field(repr=False)

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {"year": self.year, "evidence": [slice_of(self.text, self.evidence)]}


def began(text: str, date: dt.date | None) -> Began | None:
    """When the conflict began: a year that the text names, else "in its fifth year" counted back from `date`.

    The first that is found counts. Counting back needs a date, and takes the fifth year for the fourth after the first.

    >>> began("Now in its fifth year, the conflict goes on.", dt.date(2015, 3, 15)).year
    2011
    """
    if named := SINCE.search(text):
        return Began(int(named["year"]), named.span(), text)
    if date and (counted := NTH_YEAR.search(text)):
        nth = (counted["nth"] or counted["nth_of"]).lower()
        number = ORDINALS.get(nth) or int(re.sub(r"\D", "", nth)[:4])
        if 1 <= number <= 100:
            return Began(date.year - number + 1, counted.span(), text)
    return None
