"""The metrics, held against a plain statement of their definitions and against figures worked out by hand."""

from __future__ import annotations

import itertools
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence.polnear import Gold
from detente.evidence.scores import dice, is_statement, score

TEXT = "a bb ccc. dd, e f “g h” i j"
SPAN = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 8)).map(lambda s: (s[0], min(s[0] + s[1], len(TEXT))))
ROLE = st.lists(SPAN, max_size=2).map(tuple)
ATTRIBUTIONS = st.lists(st.builds(Gold, ROLE, ROLE, ROLE), max_size=4)


def words_of(spans: tuple[tuple[int, int], ...]) -> frozenset[int]:
    places = [m.span() for m in re.finditer(r"\w+", TEXT)]
    return frozenset(i for i, (a, b) in enumerate(places) for s, e in spans if a < e and b > s)


@given(ATTRIBUTIONS, ATTRIBUTIONS)
def test_soft_is_the_best_of_all_matchings(gold: list[Gold], found: list[Gold]) -> None:
    sets = [[g for g in map(_words, side) if g[1] or g[2]] for side in (gold, found)]
    theirs, ours = sets
    small, large = sorted(sets, key=len)
    best = max(
        (
            sum(dice(a[2], b[2]) * dice(a[0], b[0]) for a, b in zip(small, chosen, strict=True))
            for chosen in itertools.permutations(large, len(small))
        ),
        default=0.0,
    )
    rate = score([(TEXT, gold, found)])["attribution.soft"]
    assert rate.precision == pytest.approx(best / len(ours) if ours else 0)
    assert rate.recall == pytest.approx(best / len(theirs) if theirs else 0)


def _words(one: Gold) -> tuple[frozenset[int], ...]:
    return words_of(one.source), words_of(one.cue), words_of(one.content)


@given(ATTRIBUTIONS)
def test_agreement_with_oneself_is_perfect(gold: list[Gold]) -> None:
    rates = score([(TEXT, gold, gold)])
    if any(words_of(g.content) for g in gold):
        assert rates["content.exact"].f1 == rates["content.soft"].f1 == 1
    if any(words_of(g.cue) or words_of(g.content) for g in gold):
        assert rates["attribution.exact"].f1 == pytest.approx(1)


def test_by_hand() -> None:
    # Content: 2 of gold's 3 words and 1 more; source the same. Dice 2*2/(3+3) = 2/3.
    gold = Gold(source=((0, 1),), cue=((2, 4),), content=((5, 15),))
    found = Gold(source=((0, 1),), cue=((2, 8),), content=((10, 17),))
    rates = score([(TEXT, [gold], [found, Gold(cue=((24, 25),))])])
    soft = dice(words_of(gold.content), words_of(found.content))
    assert rates["attribution.soft"].recall == pytest.approx(soft)
    assert rates["attribution.soft"].precision == pytest.approx(soft / 2)
    assert rates["source.exact"].f1 == 1 and rates["cue.exact"].f1 == 0


def test_statements_are_told_from_attitudes() -> None:
    text = 'He said so. She wants peace. They mull a "deal".'
    said, wants, mull = Gold(cue=((3, 7),)), Gold(cue=((16, 21),)), Gold(cue=((34, 38),), content=((39, 47),))
    assert [is_statement(text, one) for one in (said, wants, mull)] == [True, False, True]


def test_the_same_figures_as_the_benchmark(shared: Path) -> None:
    """The benchmark's own program and ours agree on a split, gold against gold shifted by one attribution."""
    sys.path.insert(0, str(shared / "scripts"))
    try:
        from attribution_metrics import evaluate
    finally:
        sys.path.pop(0)
    from detente.evidence.polnear import articles

    chosen = list(itertools.islice(articles(shared / "data/polnear/dev"), 6))
    pairs = [
        (a.text, a.gold, [Gold(b.source, a.gold[i - 1].cue, b.content[:1]) for i, b in enumerate(a.gold)])
        for a in chosen
    ]
    plain = [
        tuple([_plain(one) for one in side] if not isinstance(side, str) else side for side in pair) for pair in pairs
    ]
    theirs, ours = evaluate(plain), score(pairs)
    for name, rate in ours.items():
        expected = theirs[name.replace("attribution", "attr")]
        assert (rate.precision, rate.recall, rate.f1) == pytest.approx(expected), name


def _plain(one: Gold) -> dict[str, list[tuple[int, int]]]:
    return {role: list(getattr(one, role)) for role in ("source", "cue", "content")}
