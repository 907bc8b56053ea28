"""Numbers in prose, exact and vague, as ranges: "at least 1,200", "tens of thousands", "between two and three million".

What vague words mean is a convention of this program, stated here and in the docs: the plural of a unit is at least two of
it and less than the next unit, and "millions" is open above; "about" is a tenth to either side; "at least" and "more than"
are open above; "several" is three to nine of a unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {
    name: 10 * n for n, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SMALL = {name: n for n, name in enumerate(_SMALL)}
UNITS = {"dozen": 12, "score": 20, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
SHORT = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}
# The plural of a unit, with the largest number it can stand for; None is open above.
VAGUE: dict[str, tuple[int, int | None]] = {
    "dozens": (24, 99),
    "scores": (40, 99),
    "hundreds": (200, 999),
    "thousands": (2_000, 9_999),
    "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999),
    "millions": (2_000_000, None),
    "tens of millions": (20_000_000, None),
    "hundreds of millions": (200_000_000, None),
}
ABOUT = 0.1  # to either side
SEVERAL = {"several": (3, 9), "a few": (3, 9), "a couple of": (2, 2), "a couple": (2, 2), "many": (2, None)}

# Part of a unit: "half a million", "a quarter of a million".
PARTS = {"half": 0.5, "quarter": 0.25, "a quarter": 0.25, "three quarters": 0.75}

_WORD = "|".join([*SMALL, *_TENS])
_OF_UNIT = r"(?=\s+(?:dozen|score|hundred|thousand|million|billion)\b)"
_NUMBER = (
    rf"(?:half|(?:a\s+quarter|quarter|three[ -]quarters)\s+of)\s+an?{_OF_UNIT}"
    rf"|(?:{_WORD}|\d{{1,3}})\s+and\s+a\s+half{_OF_UNIT}"
    r"|(?:\d{1,3}(?:[,\u2009\u00a0]\d{3})+|\d+)(?:\.\d+)?"
    rf"|(?:{_WORD})(?:[ -](?:{_WORD}))?"
    rf"|an?{_OF_UNIT}"
)
_UNIT = r"(?:\s+(?:dozen|score|hundred|thousand|million|billion)\b)+|(?<=\d)(?:k|mn?|bn)\b"


def _named(name: str) -> str:
    """The pattern of a number with its units, in groups of this name."""
    return rf"(?P<{name}>{_NUMBER})(?P<{name}u>{_UNIT})?"


_MORE = "at least|no fewer than|no less than|more than|over|upwards? of|in excess of|above|a minimum of"
_LESS = "at most|no more than|up to|as many as|fewer than|less than|under|below"
_ABOUT = "about|around|roughly|approximately|some|an estimated|estimated|nearly|almost|close to|circa"
QUANTITY = re.compile(
    r"(?<![\w$£€.,-])(?:"
    + rf"(?P<between>between\s+)?{_named('low')}(?(between)\s+and\s+|(?:\s+to\s+|(?<=\d)\s*[-–—]\s*(?=\d)))"
    + rf"{_named('high')}(?![\w%])"
    + rf"|(?:(?P<bound>{_MORE}|{_LESS}|{_ABOUT})\s+)?(?:"
    + rf"(?P<several>{'|'.join(sorted(SEVERAL, key=len, reverse=True))})\s+(?P<severalu>dozen|score|hundred|thousand|million)\b"
    + rf"|(?P<vague>{'|'.join(sorted((v.replace(' ', chr(92) + 's+') for v in VAGUE), key=len, reverse=True))})\b"
    + rf"|{_named('one')}(?![\w%])))",
    re.IGNORECASE,
)
BOUND = {
    **dict.fromkeys(_MORE.replace("?", "").split("|"), "more"),
    **dict.fromkeys(_LESS.split("|"), "less"),
    **dict.fromkeys(_ABOUT.split("|"), "about"),
    "upward of": "more",
}


LONGEST = 80  # characters of a number; a longer run of digits counts nothing


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: characters ``start`` to ``end``, and the range it stands for; ``high`` None is open above.

    ``worded`` says that it has a bound, a unit or a thousands mark: a bare "2015" has none, and may be a year.
    """

    start: int
    end: int
    low: int
    high: int | None
    worded: bool = True


def quantities(text: str, start: int = 0, end: int | None = None) -> Iterator[Quantity]:
    """The numbers of a stretch of text, in order.

    >>> [(q.low, q.high) for q in quantities("at least 1,200 dead, tens of thousands fled, two to three million in need")]
    [(1200, None), (20000, 99999), (2000000, 3000000)]
    """
    for found in QUANTITY.finditer(text, start, len(text) if end is None else end):
        if found.end() - found.start() <= LONGEST:
            yield _range(found)


def _range(found: re.Match[str]) -> Quantity:
    at = found.span()
    if found["low"]:
        unit = found["lowu"] or found["highu"]
        low, high = _exact(found["low"], unit), _exact(found["high"], found["highu"])
        return Quantity(*at, min(low, high), max(low, high), bool(unit) or "," in found["low"])
    how = BOUND.get(" ".join((found["bound"] or "").lower().split()))
    if found["vague"]:
        low, top = VAGUE[" ".join(found["vague"].lower().split())]
        return Quantity(*at, 0 if how == "less" else low, None if how == "more" else top)
    if found["several"]:
        few, many = SEVERAL[" ".join(found["several"].lower().split())]
        unit_size = UNITS[found["severalu"].lower()]
        return Quantity(*at, few * unit_size, None if many is None or how == "more" else (many + 1) * unit_size - 1)
    number = _exact(found["one"], found["oneu"])
    worded = how is not None or bool(found["oneu"]) or not found["one"].isdigit()
    low, top = {
        "more": (number, None),
        "less": (0, number),
        "about": (round(number * (1 - ABOUT)), round(number * (1 + ABOUT))),
        None: (number, number),
    }[how]
    return Quantity(*at, low, top, worded)


def _exact(number: str, unit: str | None) -> int:
    """A number with its units: "1.5" and "million", "two", "half a" and "hundred thousand"."""
    plain = re.sub(r"[,\u2009\u00a0]", "", number.lower())
    part, half = (
        re.sub(r"(?: of)? an?$", "", " ".join(re.split(r"[\s-]+", plain))),
        re.split(r"\s+and\s+a\s+half", plain),
    )
    if part in PARTS:
        value = PARTS[part]
    elif len(half) == 2:
        value = _exact(half[0], None) + 0.5
    elif plain[0].isdigit():
        value = float(plain)
    elif plain in ("a", "an"):
        value = 1.0
    else:
        value = float(sum(SMALL.get(part, 0) + _TENS.get(part, 0) for part in re.split(r"[ -]", plain)))
    for word in (unit or "").lower().split():
        value *= UNITS.get(word) or SHORT[word]
    return round(value)
