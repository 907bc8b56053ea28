"""Attribution by rules: verbs of reporting and attitude, what stands before or after them, and quotation marks.

It needs no model and no parser, and it is much less accurate than the model: see the page on attribution for both scores.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.evidence.attribution import Attribution, without_repeats
from detente.evidence.lexicon import is_attitude, is_report, is_showing, lemma
from detente.evidence.quotes import Quote, paragraphs, quotes
from detente.evidence.windows import Span, sentences, tokens

NAME = "rules"
LONGEST = 300  # tokens of a sentence: what goes on longer is a list or a table
CONFIDENCE = {"quote": 0.8, "report": 0.7, "according": 0.7, "attitude": 0.5}
AUXILIARY = frozenset(
    "has have had is are was were be been being will would can could may might must should did does do not never n t "
    "ve re ll d also no longer then later now again once still already even just repeatedly previously recently reportedly".split()
)
BEING = frozenset("is are was were be been am m re s".split())
MODAL = frozenset("will would could should may might must not".split())
NOUN_AFTER = frozenset("of in on no any for new more to by with from".split())
PRONOUN = frozenset("he she they it i we you who nobody everyone many some others".split())
DETERMINER = frozenset("the a an this that these those his her its their our my another one two three several".split())
# A noun phrase that ends before a verb begins after one of these.
BREAK = frozenset(
    "and but or nor that which when while because if as after before since until although though where what how why "
    "so than then in on at to from with by about into over under during amid despite without per via is are was were "
    "be been has have had will would could should may might must did does do said says told like yet".split()
)
# After a verb, a noun phrase ends before one of these.
AFTER = BREAK | frozenset("who whose late yesterday today tomorrow earlier adding noting referring speaking".split())
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
CONTENT_AFTER = frozenset("that how why what where if is are was were be has have will would there".split())
PARTICIPLES = frozenset(
    "saying adding arguing claiming suggesting noting warning insisting calling asking declaring stating telling "
    "writing asserting alleging explaining complaining predicting".split()
)
PERIODS = frozenset("week month year night summer spring fall winter".split())
OBJECTS = frozenset("me us him her them you reporters journalists".split())
APPOSED = frozenset("former head chairman president director minister spokesman spokeswoman chief leader who".split())
RELATIVE = frozenset("who whom whose which that".split())
# With one of these what stands after the comma is no apposition but a clause: "two diplomats, the Council looks weaker than".
VERBS = frozenset(
    "is are was were has have had will would can could may might must should did does do than looks look seems seem appears appear "
    "remains remain became becomes wants want needs need lost won made makes took takes gave gives went goes faces faced".split()
)
GLUE = frozenset("’'-.&–")


@dataclass(frozen=True)
class _Text:
    """A sentence in its paragraph, as the rules see it."""

    text: str
    places: Sequence[Span]
    words: Sequence[str]  # in lower case
    marked: Sequence[Quote]
    first: int  # token of the sentence
    last: int  # token after the sentence
    paragraph: Span

    def region(self, place: int) -> Quote | None:
        """The region in quotation marks that holds a character, if any."""
        at = bisect.bisect_right(self.marked, place, key=lambda quote: quote.start) - 1
        return self.marked[at] if at >= 0 and self.marked[at].end > place else None

    def quoted(self, token: int) -> bool:
        """Whether a token stands in quotation marks."""
        return self.region(self.places[token][0]) is not None

    def characters(self, start: int, end: int) -> Span:
        """Tokens `start` to `end` - 1 as characters, without punctuation at either end."""
        while start < end and not self.words[start][0].isalnum():
            start += 1
        while end > start and not self.words[end - 1][0].isalnum():
            end -= 1
        return (self.places[start][0], self.places[end - 1][1]) if end > start else (0, 0)


def attribute(text: str) -> list[Attribution]:
    """The attributions that the rules find, in the order of the text.

    >>> found = attribute("The talks will fail, Mr Kerry said on Sunday.")
    >>> [text for text in ("The talks will fail, Mr Kerry said on Sunday."[a:b] for a, b in found[0].content)]
    ['The talks will fail']
    """
    marked = quotes(text)
    found: list[Attribution] = []
    for start, end in paragraphs(text):
        places = [(a + start, b + start) for a, b in tokens(text[start:end])]
        words = [text[a:b].lower() for a, b in places]
        own = marked[
            slice(*(bisect.bisect_left(marked, place, key=lambda quote: quote.start) for place in (start, end)))
        ]
        starts = [a for a, _ in places]
        for begin, stop in sentences(text, start, end):
            first, last = bisect.bisect_left(starts, begin), bisect.bisect_left(starts, stop)
            for cut in range(first, last, LONGEST):
                found += _in_sentence(_Text(text, places, words, own, cut, min(cut + LONGEST, last), (start, end)))
    return without_repeats([one for one in found if one.content])


def _in_sentence(here: _Text) -> Iterator[Attribution]:
    at = here.first
    while at < here.last:
        word = here.words[at]
        if here.quoted(at):
            at += 1
            continue
        if word == "according" and at + 2 < here.last and here.words[at + 1] == "to":
            yield from _according(here, at)
        elif word == ":":
            yield from _colon(here, at)
        elif word in PARTICIPLES:
            yield from _participle(here, at)
        elif _is_cue(here, at):
            yield from _verb(here, at)
        at += 1


def _is_cue(here: _Text, at: int) -> bool:
    """Whether a token is a verb that attributes, and not a noun, a participle or an infinitive of the same form."""
    word, before = here.words[at], here.words[at - 1] if at > here.first else ""
    if not (is_report(word) or is_attitude(word) or is_showing(word)):
        return False
    if before == "-" and here.places[at - 1][1] == here.places[at][0]:  # "UN-backed"
        return False
    if before in DETERMINER or before in NOUN_AFTER or here.text[here.places[at][0]].isupper():
        return False
    if word.endswith("ing"):
        return before in BEING
    # A bare form is a noun or an infinitive more often than not, unless somebody more than one is its subject.
    return lemma(word) != word or before in ("i", "we", "you", "they", "who") or before in MODAL


def _according(here: _Text, at: int) -> Iterator[Attribution]:
    end = _phrase_after(here, at + 2)
    comma = next((k for k in range(at + 2, end) if here.words[k] == ","), end)
    added = here.words[comma + 1 : end]
    if not VERBS.isdisjoint(added) and RELATIVE.isdisjoint(added):
        end = comma
    source = here.characters(at + 2, end)
    before = here.characters(here.first, at)
    content = before if at > here.first and before[1] else here.characters(end, here.last)
    if source[1] and content[1]:
        yield Attribution((source,), (here.characters(at, at + 2),), (content,), CONFIDENCE["according"])


def _verb(here: _Text, at: int) -> Iterator[Attribution]:
    start = at
    while start > here.first and _goes_with_verb(here.words[start - 1]):
        start -= 1
    start = next((k for k in range(start, at) if here.words[k] not in ("’", "'", "t")), at)
    cue = here.characters(start, at + 1)
    named = _without_day(here, start)
    begin = _phrase_before(here, named)
    if begin < named:
        yield from _around(here, (begin, named), (begin, at + 1), cue, is_report(here.words[at]))
    elif _after_content(here, start):
        end = _phrase_after(here, at + 1)
        if end > at + 1:
            yield from _around(here, (at + 1, end), (start, end), cue, is_report(here.words[at]))


def _without_day(here: _Text, token: int) -> int:
    """Where a phrase before a verb ends, without a day: "Mr Kiir on Monday declined"."""
    at = token
    if at - 1 > here.first and here.words[at - 1] in DAYS:
        at -= 1
        if at - 1 > here.first and here.words[at - 1] in ("on", "last", "late"):
            at -= 1
    return at


def _goes_with_verb(word: str) -> bool:
    """Whether a word before a verb belongs to it: an auxiliary, or an adverb in -ly."""
    return word in AUXILIARY or word in "’'" or (word.endswith("ly") and len(word) > 4 and word != "family")


def _colon(here: _Text, at: int) -> Iterator[Attribution]:
    """A quotation after a speaker and a colon, with no verb: "Kerry: 'We have to'"."""
    begin = _phrase_before(here, at)
    if begin != here.first or begin == at or at + 1 >= here.last:
        return
    region = here.region(here.places[at + 1][0])
    if region is not None and here.places[at + 1][0] == region.start:
        piece = _trim(here.text, region.start, region.end)
        if piece[1] > piece[0]:
            yield Attribution((here.characters(begin, at),), (here.places[at],), (piece,), CONFIDENCE["quote"])


def _participle(here: _Text, at: int) -> Iterator[Attribution]:
    """A participle that goes on from the sentence's subject: "He left, saying that ..."."""
    begin = _phrase_after(here, here.first)
    if begin > here.first and at > begin and here.words[at - 1] in (",", "and", "while", "by"):
        cue = here.characters(at, at + 1)
        yield from _around(here, (here.first, begin), (at, at + 1), cue, True, before=False)


def _after_content(here: _Text, token: int) -> bool:
    """Whether what stands before a token may be content: a comma, or the end of a quotation."""
    return token > here.first and (here.words[token - 1] in (",", "?", "!", "”", '"', "’", "'", "»"))


def _around(
    here: _Text, source: Span, middle: Span, cue: Span, report: bool, *, before: bool = True
) -> Iterator[Attribution]:
    """The content before or after the stretch of tokens `middle` that holds source and cue, or on both sides."""
    pieces: list[Span] = []
    how = "report" if report else "attitude"
    if before and report and _after_content(here, middle[0]) and _ends(here, middle[1]):
        region = here.region(here.places[middle[0] - 1][0])
        begin = here.places[here.first][0]
        if region is not None and region.start < begin:
            begin = region.start
        how = "quote" if region is not None else how
        pieces.append(_trim(here.text, begin, here.places[middle[0] - 1][1]))
        pieces += _goes_on(here, middle[1])
    else:
        middle = (middle[0], _skipped(here, middle[1]))
        end = here.places[here.last - 1][1]
        begin = here.places[middle[1]][0] if middle[1] < here.last else end
        region = here.region(end - 1)
        if region is not None and region.start >= begin:
            end, how = region.end, "quote"
        pieces.append(_trim(here.text, begin, end))
    pieces = [piece for piece in pieces if piece[1] > piece[0]]
    if pieces:
        yield Attribution((here.characters(*source),), (cue,), tuple(pieces), CONFIDENCE[how])


def _skipped(here: _Text, token: int) -> int:
    """The token after a day or month, or after the one who is told something, that follow a verb."""
    at = token
    if here.words[token - 1] in ("told", "tells", "tell") and at < here.last:
        at = max(_phrase_after(here, at), at + (here.words[at] in OBJECTS))
    if at + 1 < here.last and here.words[at] in ("last", "on") and here.words[at + 1] in DAYS | PERIODS:
        at += 2
    elif at < here.last and here.words[at] in DAYS | {"yesterday", "today", "earlier"}:
        at += 1
    return at if at < here.last else token


def _ends(here: _Text, token: int) -> bool:
    """Whether nothing that could be content follows: the sentence ends, or says only when or where it was said."""
    if token >= here.last or not here.words[token][0].isalnum():
        return True
    return here.words[token] in AFTER - CONTENT_AFTER or here.words[token] in DAYS


def _goes_on(here: _Text, token: int) -> list[Span]:
    """A quotation that goes on after source and cue: the next one, if only a comma, a full stop or a day is between."""
    if token >= len(here.places):
        return []
    at = bisect.bisect_left(here.marked, here.places[token][0], key=lambda quote: quote.start)
    for quote in here.marked[at : at + 1]:
        between = here.text[here.places[token - 1][1] : min(quote.start, here.places[token][0] + 60)]
        if here.places[token][0] + 60 > quote.start and len(between.split()) <= 3:
            return [_trim(here.text, quote.start, quote.end)]
    return []


def _phrase_before(here: _Text, end: int) -> int:
    """Where the noun phrase that ends before token `end` begins; `end` where there is none."""
    limit = end
    if end - 1 > here.first and here.words[end - 1] == ",":  # "Mr Kerry, the secretary of state, said"
        comma = next((k for k in range(end - 2, max(here.first, end - 20), -1) if here.words[k] == ","), None)
        if comma is None or here.quoted(comma):
            return end
        limit = comma
    at = limit
    while at > here.first and not here.quoted(at - 1) and _in_phrase(here.words[at - 1], BREAK):
        at -= 1
        if here.words[at] in PRONOUN and here.words[at] not in ("many", "some", "others"):
            break
    while at < limit and (here.words[at] in ("of", "for") or not here.words[at][0].isalnum()):
        at += 1
    return at if _names(here, at, limit) else end


def _phrase_after(here: _Text, start: int) -> int:
    """Where the noun phrase that begins at token `start` ends; `start` where there is none."""
    if start < here.last and here.words[start] in PRONOUN:
        return start + 1
    at = start
    while at < here.last and not here.quoted(at) and _in_phrase(here.words[at], AFTER | DAYS):
        at += 1
    if not _names(here, start, at):
        return start
    return _with_apposition(here, at)


def _with_apposition(here: _Text, end: int) -> int:
    """The end of a phrase with what a comma adds to it: "Ana Petrova, the army chief" or "head of"."""
    if end + 2 < here.last and here.words[end] == "," and (here.words[end + 1] in DETERMINER | APPOSED):
        stop = end + 1
        while (
            stop < here.last and (here.words[stop][0].isalnum() or here.words[stop] in GLUE) and not here.quoted(stop)
        ):
            stop += 1
        if stop >= here.last or here.words[stop] in ".,;":
            return stop
    return end


def _in_phrase(word: str, stops: frozenset[str]) -> bool:
    return word not in stops and (word[0].isalnum() or word in GLUE)


def _names(here: _Text, start: int, end: int) -> bool:
    """Whether tokens can be a speaker: a pronoun, a name, or a phrase with its determiner."""
    if not 0 < end - start <= 25:
        return False
    head = here.words[start]
    name = any(here.text[here.places[k][0]].isupper() for k in range(start, end))
    plural = here.words[end - 1].endswith("s") and len(here.words[end - 1]) > 3
    return name or head in PRONOUN or head in DETERMINER or plural


def _trim(text: str, start: int, end: int) -> Span:
    """Characters without what is no word at either end."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return (start, end)
