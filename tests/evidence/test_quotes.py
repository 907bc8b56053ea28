"""Regions in quotation marks, where the marks are mixed, missing, or opened again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence.quotes import paragraphs, quotes

CASES = {
    'He said "no" and “never”.': ['"no"', "“never”"],
    'pressure of "various kinds”, to force him': ['"various kinds”'],
    "“We will not go,” he said. “Not now.”": ["“We will not go,”", "“Not now.”"],
    "“First a paragraph.\n\n“Then another.” He left.": ["“First a paragraph.", "“Then another.”"],
    "the US’ top diplomat said the states’ line": [],
    "US will 'have to negotiate' with Assad": ["'have to negotiate'"],
    "don't say it isn't": [],
    "«Non», dit-il": ["«Non»"],
    'a 6" gun': [],
    '"': [],
    "„Nein“, sagte er": ["„Nein“"],
    "``We go,'' he said": ["``We go,''"],
}


@pytest.mark.parametrize("text", CASES)
def test_regions(text: str) -> None:
    assert [text[q.start : q.end] for q in quotes(text)] == CASES[text]


def test_a_quotation_that_goes_on_in_the_next_paragraph_says_so() -> None:
    first, second = quotes("“One.\n“Two.” Then “three”.")[:2]
    assert (first.closed, second.again, second.closed) == (False, True, True)


@given(st.text(alphabet="ab 1.,\n\r'\"“”‘’«»`„\u2028\0", max_size=120))
def test_regions_are_in_order_within_a_paragraph_and_never_overlap(text: str) -> None:
    found = quotes(text)
    ends = [0, *(q.end for q in found)]
    assert all(end <= q.start < q.end <= len(text) for end, q in zip(ends, found, strict=False))
    for q in found:
        assert sum(start <= q.start and q.end <= end for start, end in paragraphs(text)) == 1
