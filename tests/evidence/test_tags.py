"""The linear chain, held against a plain enumeration of every tagging."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence.tags import NEVER, Chain, allowed, runs, tag


def chain(roles: int, seed: int) -> Chain:
    random = np.random.default_rng(seed)
    steps, first, last = allowed(roles)
    return Chain(*(np.where(may, random.normal(size=may.shape), NEVER) for may in (steps, first, last)))


def enumerate_taggings(model: Chain, emissions: np.ndarray) -> dict[tuple[int, ...], float]:
    """Every tagging with its score: the definition, written out."""
    length, count = emissions.shape
    scores = {}
    for tagging in itertools.product(range(count), repeat=length):
        total = model.first[tagging[0]] + model.last[tagging[-1]]
        for at, value in enumerate(tagging):
            total += emissions[at, value]
            if at:
                total += model.steps[tagging[at - 1], value]
        scores[tagging] = float(total)
    return scores


@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(0, 3))
def test_best_and_likely_agree_with_enumeration(seed: int, length: int, rows: int) -> None:
    model = chain(1, seed)
    emissions = np.random.default_rng(seed + 1).normal(size=(length, 5))
    scores = enumerate_taggings(model, emissions)
    best = max(scores, key=lambda tagging: scores[tagging])
    assert tuple(model.best(emissions)) == best
    batch = model.best(np.repeat(emissions[None], rows, 0))
    assert batch.shape == (rows, length) and all(tuple(row) == best for row in batch)
    weights = {tagging: np.exp(score) for tagging, score in scores.items()}
    expected = np.zeros((length, 5))
    for tagging, weight in weights.items():
        expected[np.arange(length), tagging] += weight
    assert np.allclose(model.likely(emissions), expected / sum(weights.values()))


@given(st.integers(0, 10_000), st.integers(1, 40))
def test_the_best_tagging_is_well_formed(seed: int, length: int) -> None:
    model = chain(2, seed)
    tagging = model.best(10 * np.random.default_rng(seed).normal(size=(length, 9)))
    assert tag(length, runs(tagging)).tolist() == tagging.tolist()


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 4), st.integers(1, 4)), max_size=6))
def test_runs_survive_tagging(steps: list[tuple[int, int, int]]) -> None:
    at, spans = 0, []
    for role, gap, size in steps:
        spans.append((role, at + gap, at + gap + size))
        at += gap + size
    assert runs(tag(at, spans)) == spans


def test_nothing_to_tag() -> None:
    model = chain(1, 0)
    assert model.best(np.zeros((0, 5))).shape == (0,)
    assert model.likely(np.zeros((0, 5))).shape == (0, 5)
