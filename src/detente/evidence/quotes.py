"""Regions in quotation marks, found where the marks are mixed, missing or opened again at each paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PARAGRAPH = re.compile(r"[^\r\n\u2028\u2029]+")
OPENING, CLOSING, STRAIGHT = "“„«", "”»", '"'
DOUBLE = re.compile(f"[{OPENING}{CLOSING}{STRAIGHT}]|''|``")
# A quotation in single marks needs both of them, or every apostrophe would open one.
SINGLE = re.compile(r"(?<![\w’'])[‘'](?=\w)(?P<inside>[^‘\r\n]{1,400}?)(?<=[\w.,;:!?…—-])[’'](?!\w)")


@dataclass(frozen=True, slots=True)
class Quote:
    """A region in quotation marks, the marks included: characters ``start`` to ``end`` of the text.

    ``closed`` is False where the paragraph ends first; ``again`` is True where the region goes on with one that the
    paragraph before left open, as newspapers print a long quotation.
    """

    start: int
    end: int
    closed: bool = True
    again: bool = False


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where each paragraph starts and ends: the stretches between line breaks that hold more than spaces.

    >>> list(paragraphs("One.\\n\\nTwo."))
    [(0, 4), (6, 10)]
    """
    for match in PARAGRAPH.finditer(text):
        if match.group().strip():
            yield match.span()


def quotes(text: str) -> list[Quote]:
    """The regions in quotation marks, in order, none within another and none across a line break.

    A region opens at an opening mark, or at a straight one, and closes at the next mark that can close: a curly mark may
    close what a straight one opened, since typesetting mixes them. One that is never closed ends with its paragraph.

    >>> text = 'He spoke of "various kinds” of pressure.'
    >>> [text[q.start : q.end] for q in quotes(text)]
    ['"various kinds”']
    """
    found: list[Quote] = []
    left_open = False
    for start, end in paragraphs(text):
        regions = list(_in_paragraph(text, start, end, left_open))
        found += regions
        left_open = bool(regions) and not regions[-1].closed
    return found


def _in_paragraph(text: str, start: int, end: int, left_open: bool) -> Iterator[Quote]:
    """The regions of one paragraph: double marks first, then single ones in what is left."""
    taken = list(_double(text, start, end, left_open))
    outside = [start, *(place for quote in taken for place in (quote.start, quote.end)), end]
    for gap in range(0, len(outside), 2):
        for match in SINGLE.finditer(text, outside[gap], outside[gap + 1]):
            taken.append(Quote(*match.span()))
    yield from sorted(taken, key=lambda quote: quote.start)


def _double(text: str, start: int, end: int, left_open: bool) -> Iterator[Quote]:
    opened: int | None = None
    first = len(text[start:end]) - len(text[start:end].lstrip()) + start
    for match in DOUBLE.finditer(text, start, end):
        mark, at, after = match.group(), match.start(), match.end()
        if opened is None:
            if _opens(text, mark, at, after, start, end):
                opened = at
        elif _closes(text, mark, at, after, start, end):
            yield Quote(opened, after, again=left_open and opened == first)
            opened = None
        elif mark in OPENING:  # the mark that opened it was a stray one
            opened = at
    if opened is not None and text[opened + 1 : end].strip():
        yield Quote(opened, end, closed=False, again=left_open and opened == first)


def _opens(text: str, mark: str, at: int, after: int, start: int, end: int) -> bool:
    if mark in CLOSING:
        return False
    inch = mark == STRAIGHT and at > start and text[at - 1].isdigit() and not text[after : after + 1].isalnum()
    return not inch and after < end and not text[after].isspace()


def _closes(text: str, mark: str, at: int, after: int, start: int, end: int) -> bool:
    if mark in CLOSING or mark == "''":
        return True
    # A straight or a wrong opening mark closes where it hangs on the word before it.
    hangs = at > start and not text[at - 1].isspace()
    if mark == STRAIGHT:
        return hangs or after >= end or text[after].isspace()
    return hangs and (after >= end or not text[after].isalnum())
