"""Statements: attributions with what an analyst asks of them: direct or not, denied, of an earlier time, said or held."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from detente.evidence.attribution import Attribution
from detente.evidence.lexicon import is_report
from detente.evidence.quotes import Quote, paragraphs, quotes
from detente.evidence.windows import Span, sentences, slice_of

WORD = re.compile(r"\w+")
NEGATED = re.compile(
    r"(?:\b(?:not|never|nor|without|fail(?:ed|s|ing)? to|stopp?(?:ed|s|ing)? short of|no longer|yet to)\b|n[’']t\b)",
    re.I,
)
NOBODY = re.compile(r"(?:no ?one|nobody|none|neither)\b", re.IGNORECASE)
EARLIER = re.compile(
    r"\b(?:in the past|in previous (?:months|years)|previously|formerly|used to|until (?:recently|now|then)|at the time|"
    r"once|had (?:long |always |repeatedly |previously )|last (?:year|month)|(?:months|years) ago|the usual|long-standing|earlier (?:this|last) )",
    re.IGNORECASE,
)
DOCUMENTARY = re.compile(r"according to|\b(?:statement|report|accord|record|source|word)", re.IGNORECASE)
OPENING, CLOSING = "\"“„«'‘", "\"”»'’"
FRAME = 600  # characters to either side of a cue in which its sentence is looked for
MARKS_AFTER = ".,?!;:"


@dataclass(frozen=True)
class Statement:
    """Who is said to have said or held what, each part as slices of the document's text.

    ``kind`` is "direct" (all in quotation marks), "mixed" or "indirect". ``negated``: the text says that it was *not* said.
    ``earlier``: it is an earlier line, not one taken at the time of the document. ``attitude``: what somebody wants, hopes
    or means, which the text does not say was said. ``confidence`` is the cue's probability by the model, or that of a rule.
    """

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: str
    negated: bool
    earlier: bool
    attitude: bool
    confidence: float
    text: str = field(repr=False)

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "source": slice_of(self.text, self.source),
            "cue": slice_of(self.text, self.cue),
            "content": [slice_of(self.text, piece) for piece in self.content],
            "kind": self.kind,
            "negated": self.negated,
            "earlier": self.earlier,
            "attitude": self.attitude,
            "confidence": round(self.confidence, 3),
        }


def statements(text: str, found: Sequence[Attribution]) -> list[Statement]:
    """The statements that attributions of a text amount to, in its order."""
    marked = quotes(text)
    lines = list(paragraphs(text))
    return [_statement(text, one, marked, lines) for one in found]


Pieces = list[tuple[Span, int]]


def told_pieces(told: Sequence[Statement]) -> Pieces:
    """Every piece of content with the number of its statement, in the order of the text."""
    return sorted((piece, number) for number, statement in enumerate(told) for piece in statement.content)


def teller(span: Span, pieces: Pieces) -> int | None:
    """The statement in whose content a span stands, the innermost where there are several; None in the report's own voice."""
    at = bisect.bisect_right(pieces, span[0], key=lambda one: one[0][0])
    for (start, end), number in reversed(pieces[max(0, at - 8) : at]):
        if start <= span[0] and span[1] <= end:
            return number
    return None


def _statement(text: str, one: Attribution, marked: Sequence[Quote], lines: Sequence[Span]) -> Statement:
    source, cue = _one(one.source), _one(one.cue)
    said = text[slice(*cue)] if cue else ""
    content = tuple(_with_marks(text, piece, marked) for piece in one.content)
    kind = _kind(text, content, marked)
    speech = kind == "direct" or not cue or bool(DOCUMENTARY.search(said)) or any(map(is_report, WORD.findall(said)))
    return Statement(
        source=source,
        cue=cue,
        content=content,
        kind=kind,
        negated=bool(NEGATED.search(said)) or bool(source and NOBODY.match(text[slice(*source)])),
        earlier=said.lower().startswith("had ") or _earlier(text, one, lines),
        attitude=not speech,
        confidence=one.confidence,
        text=text,
    )


def _one(spans: Sequence[Span]) -> Span | None:
    """Several pieces as the stretch that holds them."""
    return (spans[0][0], spans[-1][1]) if spans else None


def _with_marks(text: str, piece: Span, marked: Sequence[Quote]) -> Span:
    """A piece of content with the quotation marks that enclose it, and the comma or full stop before a closing one."""
    start, end = piece
    first, last = (bisect.bisect_left(marked, place - 3, key=lambda quote: quote.end) for place in (start, end))
    for quote in (*marked[first : first + 3], *marked[last : last + 3]):
        if quote.start + 2 >= start > quote.start and not text[quote.start : start].strip(OPENING + "`"):
            start = quote.start
        if end < quote.end <= end + 3 and not text[end : quote.end].strip(CLOSING + MARKS_AFTER):
            end = quote.end
    return start, end


def _kind(text: str, content: Sequence[Span], marked: Sequence[Quote]) -> str:
    """Direct, mixed or indirect, by the share of the content's words that stand in quotation marks.

    A headline's single marks and a few words in marks ("scare quotes") make it mixed.
    """
    inside = outside = 0
    for start, end in content:
        for word in WORD.finditer(text, start, end):
            at = bisect.bisect_right(marked, word.start(), key=lambda quote: quote.end)
            if at < len(marked) and marked[at].start <= word.start():
                inside += 1
            else:
                outside += 1
    if not inside:
        return "indirect"
    # "that" before a quotation, or a word at its edge, does not make it less of one.
    return "direct" if outside <= 1 and inside > outside else "mixed"


def _earlier(text: str, one: Attribution, lines: Sequence[Span]) -> bool:
    """Whether the sentence of the cue, its content left out, dates it before the document's own time."""
    cue = _one(one.cue)
    if cue is None:
        return False
    at = bisect.bisect_right(lines, cue[0], key=lambda line: line[0]) - 1
    for start, end in lines[max(at, 0) : at + 1]:
        start, end = max(start, cue[0] - FRAME), min(end, cue[0] + FRAME)
        for begin, stop in sentences(text, start, end):
            if begin <= cue[0] < stop:
                frame = list(text[begin:stop])
                for a, b in one.content:
                    frame[max(a, begin) - begin : max(min(b, stop) - begin, 0)] = " " * max(
                        min(b, stop) - max(a, begin), 0
                    )
                return bool(EARLIER.search("".join(frame)))
    return False
