"""Attribution by rules, and what statements say of themselves, on sentences written for the purpose."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence import rules
from detente.evidence.evaluate import evaluate
from detente.evidence.lexicon import lemma
from detente.evidence.statements import Statement, statements


def found(text: str) -> list[Statement]:
    return statements(text, rules.attribute(text))


# text, then (source, cue, contents, kind) of each statement expected
CASES = [
    (
        "Mr Orlov said that the talks would fail.",
        [("Mr Orlov", "said", ["that the talks would fail"], "indirect")],
    ),
    ("“We will come,” she said.", [("she", "said", ["“We will come,”"], "direct")]),
    (
        "“We will come,” said the foreign minister. “But not now.”",
        [("the foreign minister", "said", ["“We will come,”", "“But not now.”"], "direct")],
    ),
    (
        "The truce would hold, according to army chief Ana Petrova.",
        [("army chief Ana Petrova", "according to", ["The truce would hold"], "indirect")],
    ),
    (
        "According to two diplomats, the Council looks weaker than it did, and the port is quiet.",
        [
            (
                "two diplomats",
                "According to",
                ["the Council looks weaker than it did, and the port is quiet"],
                "indirect",
            )
        ],
    ),
    (
        "According to Ana Petrova, the army chief, the truce would hold.",
        [("Ana Petrova, the army chief", "According to", ["the truce would hold"], "indirect")],
    ),
    (
        "In the past, Minsk insisted the border was “not a topic”.",
        [("Minsk", "insisted", ["the border was “not a topic”"], "mixed")],
    ),
    (
        "The envoy did not repeat that the president must go.",
        [("The envoy", "did not repeat", ["that the president must go"], "indirect")],
    ),
    ("The report of the talks was long.", []),
    ("To say more would be unwise.", []),
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_sentences(case: tuple) -> None:
    text, expected = case
    cut = [
        (text[slice(*s.source)], text[slice(*s.cue)], [text[a:b] for a, b in s.content], s.kind)
        for s in found(text)
        if s.source and s.cue
    ]
    assert cut == expected


def test_flags() -> None:
    text = (
        "In the past, Minsk insisted the border was closed.\nThe envoy did not repeat that.\nParis hopes for a truce."
    )
    earlier, negated, attitude = found(text)
    assert (earlier.earlier, earlier.negated, earlier.attitude) == (True, False, False)
    assert (negated.earlier, negated.negated) == (False, True)
    assert (attitude.attitude, attitude.negated) == (True, False)
    (nobody,) = found("Nobody said that the road was open.")
    assert nobody.negated


def test_content_does_not_date_the_statement() -> None:
    (one,) = found("He said that in the past the border was open.")
    assert not one.earlier


@given(st.text(alphabet="Thesaid ,.“”\"'\n\r\0\u202e’:-", max_size=200))
def test_any_text_gives_slices_of_itself(text: str) -> None:
    for one in found(text):
        for start, end in (one.source or (0, 1), one.cue or (0, 1), *one.content):
            assert 0 <= start < end <= len(text)


def test_forms_of_verbs() -> None:
    assert [lemma(word) for word in ("Told", "planned", "admitted", "urges", "pressing")] == [
        "tell",
        "plan",
        "admit",
        "urge",
        None,
    ]


def test_a_long_line_takes_no_quadratic_time() -> None:
    assert rules.attribute("he said " * 20_000) is not None


def test_floor_on_the_development_split(shared: Path) -> None:
    scores = evaluate(shared / "data/polnear/dev", rules.attribute, "rules")
    assert scores.scores["attribution.soft"].f1 >= 0.44
    assert scores.statements["attribution.soft"].f1 >= 0.56
