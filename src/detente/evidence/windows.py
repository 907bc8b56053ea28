"""Text cut into what the attribution model reads: tokens, word pieces, and windows of whole paragraphs."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.evidence.quotes import Quote, paragraphs, quotes

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKEN = re.compile(r"\w+|[^\w\s]")
SENTENCE_END = re.compile(
    r"(?<![\w.])(?P<word>(?:\w+\.)*\w+)?(?P<end>[.!?…]++)[\"”’')\]]*\s+(?=[\"“‘'(\[]{0,2}(?:[^\W\d_a-z]|\d))"
)
# Words that a full stop shortens rather than ends a sentence with.
SHORTENED = frozenset(
    "mr mrs ms dr sen gov rep reps sens gen lt col sgt capt cmdr adm maj prof rev hon st jr sr vs no inc corp co jan feb "
    "mar apr jun jul aug sep sept oct nov dec".split()
)
PIECES = 254  # of a window, [CLS] and [SEP] apart
LONGEST = 1_500  # characters of a sentence; the longest of 34,000 in PolNeAR has 1,094
CLS, SEP, PAD = 101, 102, 0
KINDS = 6  # three shapes of a word, outside and inside quotation marks
Span = tuple[int, int]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of text as the model reads it.

    ``pieces`` are word pieces with their marks of start, paragraph and end; ``kinds`` says of each how it is written
    (lower case, capitalised, capitals) and whether it stands in quotation marks; ``first`` is the piece with which each
    token starts; ``tokens`` are the tokens' places in the text, and ``offset`` is the number of the first of them.
    """

    pieces: Integers
    kinds: Integers
    first: Integers
    tokens: tuple[Span, ...]
    offset: int


def tokens(text: str) -> list[Span]:
    """Words and single punctuation marks. A word is a run of letters, digits and underscores.

    >>> text = "It’s over."
    >>> [text[a:b] for a, b in tokens(text)]
    ['It', '’', 's', 'over', '.']
    """
    return [match.span() for match in TOKEN.finditer(text)]


def is_word(text: str, token: Span) -> bool:
    """Whether a token is a word and not a punctuation mark."""
    return text[token[0]].isalnum() or text[token[0]] == "_"


def touched(places: Sequence[Span], spans: Sequence[Span]) -> list[int]:
    """The numbers of the tokens that `spans` overlap by at least a character, in order.

    >>> touched([(0, 2), (3, 5), (6, 9)], [(4, 7)])
    [1, 2]
    """
    starts = [start for start, _ in places]
    found: set[int] = set()
    for start, end in spans:
        at = max(bisect.bisect_right(starts, start) - 1, 0)
        while at < len(places) and places[at][0] < end:
            if places[at][1] > start:
                found.add(at)
            at += 1
    return sorted(found)


def slice_of(text: str, span: Span | None) -> dict[str, object] | None:
    """A span for JSON: where it starts and ends, and its characters.

    >>> slice_of("He said no.", (3, 7))
    {'start': 3, 'end': 7, 'text': 'said'}
    """
    return None if span is None else {"start": span[0], "end": span[1], "text": text[span[0] : span[1]]}


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of a paragraph, by their punctuation; one longer than any that is written is cut between words.

    >>> list(sentences("No deal. “Not yet.” He left.", 0, 28))
    [(0, 9), (9, 20), (20, 28)]
    >>> [text for text in ("Mr. Kerry spoke. He left."[a:b] for a, b in sentences("Mr. Kerry spoke. He left.", 0, 25))]
    ['Mr. Kerry spoke. ', 'He left.']
    """
    at = start
    for match in SENTENCE_END.finditer(text, start, end):
        if match["end"] == "." and match["word"] and _is_shortened(match["word"], text[match.end() : match.end() + 1]):
            continue
        yield from _of_bounded_length(text, at, match.end())
        at = match.end()
    if at < end:
        yield from _of_bounded_length(text, at, end)


def _of_bounded_length(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence in pieces of at most `LONGEST` characters: the layers compare what stands in one, so that time grows with its square."""
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST) + 1 or start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def _is_shortened(word: str, following: str) -> bool:
    """Whether a full stop after `word` may be that of a title, a month or an initial: "Mr.", "Sept.", "U.S.", "J."; "No." before a digit."""
    if word.lower() in ("no", "nos") and not following.isdigit():
        return False
    initial = len(word.rpartition(".")[2]) == 1 and word[-1].isupper() and word != "I"
    return initial or word.lower() in SHORTENED


def windows(text: str, tokenizer: Tokenizer, limit: int = PIECES) -> list[Window]:
    """Cut a text into windows of whole paragraphs, of at most `limit` word pieces.

    A paragraph too long for a window is cut between sentences, and a sentence too long for one between tokens.
    """
    marked = quotes(text)
    cut: list[Window] = []
    chunks: list[_Chunk] = []
    size = offset = 0
    for chunk in _chunks(text, tokenizer, marked, limit):
        if chunks and size + 1 + len(chunk.pieces) > limit:
            cut.append(_window(chunks, offset))
            offset += sum(len(c.tokens) for c in chunks)
            chunks, size = [], 0
        size += len(chunk.pieces) + (1 if chunks else 0)
        chunks.append(chunk)
    if chunks:
        cut.append(_window(chunks, offset))
    return cut


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A paragraph, or a part of one, in word pieces; ``first`` counts from its own first piece."""

    tokens: list[Span]
    pieces: list[int]
    kinds: list[int]
    first: list[int]


def _chunks(text: str, tokenizer: Tokenizer, marked: Sequence[Quote], limit: int) -> Iterator[_Chunk]:
    for start, end in paragraphs(text):
        places = [(a + start, b + start) for a, b in tokens(text[start:end])]
        if not places:
            continue
        whole = _encode(text, start, end, places, tokenizer, marked)
        if len(whole.pieces) <= limit:
            yield whole
        else:
            yield from _split(whole, [at for _, at in sentences(text, start, end)], limit)


def _encode(
    text: str, start: int, end: int, places: list[Span], tokenizer: Tokenizer, marked: Sequence[Quote]
) -> _Chunk:
    encoding = tokenizer.encode(text[start:end], add_special_tokens=False)
    pieces: list[int] = []
    kinds: list[int] = []
    first = [-1] * len(places)
    at = 0
    region = bisect.bisect_right(marked, start, key=lambda quote: quote.end)
    for piece, (a, _) in zip(encoding.ids, encoding.offsets, strict=True):
        place = a + start
        while at + 1 < len(places) and places[at + 1][0] <= place:
            at += 1
        while region < len(marked) and marked[region].end <= place:
            region += 1
        inside = region < len(marked) and marked[region].start <= place
        if first[at] < 0:
            first[at] = len(pieces)
        pieces.append(piece)
        kinds.append(_shape(text[slice(*places[at])]) + (3 if inside else 0))
    if not pieces:  # nothing but what the vocabulary drops
        return _Chunk(places, [100], [0], [0] * len(places))
    last = 0
    for number, piece in enumerate(first):  # a token without a piece of its own stands with the one before it
        last = first[number] = piece if piece >= 0 else last
    return _Chunk(places, pieces, kinds, first)


def _shape(token: str) -> int:
    if token[0].islower() or not token[0].isalpha():
        return 0
    return 2 if len(token) > 1 and token.isupper() else 1


def _split(whole: _Chunk, ends: Sequence[int], limit: int) -> Iterator[_Chunk]:
    """Cut a long paragraph at the last end of a sentence that fits, or else at the last token that does."""
    boundary = {number + 1 for number, (_, b) in enumerate(whole.tokens) if _ends(whole.tokens, number, b, ends)}
    begin = 0
    while begin < len(whole.tokens):
        base = whole.first[begin]
        stop = begin + 1
        fits = None
        while stop < len(whole.tokens) and _piece_end(whole, stop) - base <= limit:
            stop += 1
            if stop in boundary:
                fits = stop
        if stop < len(whole.tokens) and fits is not None:
            stop = fits
        last = min(_piece_end(whole, stop - 1), base + limit)
        yield _Chunk(
            whole.tokens[begin:stop],
            whole.pieces[base:last],
            whole.kinds[base:last],
            [min(piece, last - 1) - base for piece in whole.first[begin:stop]],
        )
        begin = stop


def _ends(places: Sequence[Span], number: int, end: int, ends: Sequence[int]) -> bool:
    """Whether a sentence ends between token `number` and the next."""
    following = places[number + 1][0] if number + 1 < len(places) else end + 1
    at = bisect.bisect_left(ends, end)
    return at < len(ends) and ends[at] <= following


def _piece_end(whole: _Chunk, token: int) -> int:
    """Where the pieces of a token end."""
    following = token + 1
    while following < len(whole.tokens) and whole.first[following] <= whole.first[token]:
        following += 1
    return whole.first[following] if following < len(whole.tokens) else len(whole.pieces)


def _window(chunks: Sequence[_Chunk], offset: int) -> Window:
    pieces, kinds, first = [CLS], [0], []
    for chunk in chunks:
        first += [piece + len(pieces) for piece in chunk.first]
        pieces += [*chunk.pieces, SEP]
        kinds += [*chunk.kinds, 0]
    return Window(
        np.array(pieces, np.int64),
        np.array(kinds, np.int64),
        np.array(first, np.int64),
        tuple(token for chunk in chunks for token in chunk.tokens),
        offset,
    )


def padded(rows: Sequence[Integers], fill: int = PAD) -> Integers:
    """Rows of unequal length as one array (rows, longest), filled up at the end."""
    longest = max((len(row) for row in rows), default=0)
    table = np.full((len(rows), longest), fill, rows[0].dtype if rows else np.int64)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table
