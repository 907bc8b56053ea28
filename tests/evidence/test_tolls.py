"""Numbers in prose and what they count, on sentences written for the purpose."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente
from detente.evidence import rules
from detente.evidence.documents import document
from detente.evidence.quantities import UNITS, quantities
from detente.evidence.reading import reader
from detente.evidence.statements import statements
from detente.evidence.tolls import began, tolls

NUMBERS = {
    "1,234": (1234, 1234),
    "1.5 million": (1_500_000, 1_500_000),
    "a hundred": (100, 100),
    "two hundred thousand": (200_000, 200_000),
    "twenty-three": (23, 23),
    "3m": (3_000_000, 3_000_000),
    "at least 40": (40, None),
    "up to 50": (0, 50),
    "about 1,000": (900, 1100),
    "dozens": (24, 99),
    "thousands": (2_000, 9_999),
    "tens of thousands": (20_000, 99_999),
    "millions": (2_000_000, None),
    "more than thousands": (2_000, None),
    "several hundred": (300, 999),
    "between 200 and 300": (200, 300),
    "10-15": (10, 15),
    "two to three million": (2_000_000, 3_000_000),
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers(text: str) -> None:
    (found,) = quantities(f"x {text} y")
    assert (found.low, found.high) == NUMBERS[text]


@given(st.integers(1, 10**9))
def test_a_number_is_read_as_it_is_printed(number: int) -> None:
    for text in (f"{number:,}", str(number)):
        assert [(q.low, q.high) for q in quantities(f"({text})")] == [(number, number)]


@given(st.integers(1, 999), st.sampled_from(sorted(UNITS)))
def test_a_unit_multiplies(number: int, unit: str) -> None:
    assert [q.low for q in quantities(f"{number} {unit}")] == [number * UNITS[unit]]


TOLLS = {
    "The war has killed more than 220,000 people and displaced 11 million.": [
        ("killed", 220_000, None),
        ("displaced", 11_000_000, 11_000_000),
    ],
    "Twelve civilians died and at least 40 were injured on 3 May 2015.": [("killed", 12, 12), ("wounded", 40, None)],
    "In 2014, 76,000 people were killed.": [("killed", 76_000, 76_000)],
    "The death toll rose to 1,500.": [("killed", 1_500, 1_500)],
    "The fighting has claimed hundreds of thousands of lives.": [("killed", 200_000, 999_999)],
    "Rebels killed six soldiers, wounding 10-15 more.": [("killed", 6, 6), ("wounded", 10, 15)],
    "Nearly two dozen people were reported missing.": [("missing", 22, 26)],
    "Ten percent of the wounded died.": [],
    "He is 45 years old and killed time.": [],
    "The talks collapsed after two rounds; hundreds died.": [("killed", 200, 999)],
    "In 2012 many were killed.": [],
    "Nobody died.": [],
}


@pytest.mark.parametrize("text", TOLLS)
def test_tolls(text: str) -> None:
    assert [(t.what, t.low, t.high) for t in tolls(text)] == TOLLS[text]


def test_a_toll_that_somebody_claims_says_so() -> None:
    text = "The army said that 30 rebels were killed. Medics counted 12 dead."
    told = statements(text, rules.attribute(text))
    assert [t.statement for t in tolls(text, told)] == [0, None]


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Now in its fifth year, the conflict goes on.", 2011),
        ("The war entered its 3rd year.", 2013),
        ("It was the seventh year of the civil war.", 2009),
        ("The uprising began in March 2011.", 2011),
        ("The fighting, which erupted in 1991, goes on.", 1991),
        ("In the second year of school he left.", None),
        ("The talks began in 2012.", None),
    ],
)
def test_when_it_began(text: str, year: int | None) -> None:
    found = began(text, dt.date(2015, 3, 15))
    assert (found and found.year) == year
    assert began("in its fifth year", None) is None


@given(st.text(alphabet="0123 ,.-killed at least m\n", max_size=120))
def test_any_text_gives_slices(text: str) -> None:
    for toll in tolls(text):
        start, end = toll.evidence
        assert 0 <= start < end <= len(text) and toll.low >= 0
        assert toll.high is None or toll.low <= toll.high


REPEATED = [
    "1 killed ",
    '"a" said he. ',
    '"a"\n',
    "he said ",
    "1, ",
    "U.S.A.",
    "....",
    "‘a’ ",
    "war began ",
    "12 dead\n",
    "( ",
    "at least ",
]


@pytest.mark.parametrize("part", REPEATED)
def test_a_text_of_one_thing_again_and_again_is_read_to_its_end(part: str) -> None:
    """60,000 characters each: whatever took quadratic time would not come back."""
    found = reader(fast=True)(document((part * (60_000 // len(part))).encode(), "a.txt"))
    assert found.model == "rules"


def test_the_three_figures_of_the_report_of_march_2015(shared: Path) -> None:
    golden = json.loads((shared / "fixtures/kerry-golden.json").read_text(encoding="utf-8"))["figures"]
    (found,) = detente.read(shared / "reports/kerry-assad-2015-03-15.txt", fast=True)
    expected = [(figure["low"], figure["high"]) for figure in golden[:2]]
    assert [(toll.what, (toll.low, toll.high)) for toll in found.tolls] == list(
        zip(("killed", "displaced"), expected, strict=True)
    )
    assert found.began is not None and found.began.year == 2011


OWN = [line.split("\t") for line in (Path(__file__).parent / "tolls.tsv").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("sentence", "low", "high"), OWN, ids=[one[0][:30] for one in OWN])
def test_the_sentences_written_before_the_patterns_were_read(sentence: str, low: str, high: str) -> None:
    expected = set() if low == "none" else {(int(low or 0), int(high) if high else None)}
    assert {(toll.low, toll.high) for toll in tolls(sentence)} == expected


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("half a million people fled", 500_000),
        ("three quarters of a million people fled", 750_000),
        ("two and a half million people fled", 2_500_000),
        ("half a dozen people were killed", 6),
        ("the war took 900 lives", 900),
    ],
)
def test_parts_of_a_unit_and_lives_taken(words: str, number: int) -> None:
    assert [(toll.low, toll.high) for toll in tolls(words)] == [(number, number)]
