"""The weighted median against the pairwise vote, in exact arithmetic."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.outcome.challenge_kernel import lowest_median
from detente.outcome.median import weighted_median

from . import plain

# Decimals as people write them, few enough that ties, equal positions and zero weights are common.
positions = st.one_of(st.integers(0, 5).map(float), st.integers(0, 1000).map(lambda v: v / 10))
weights = st.one_of(st.integers(0, 6).map(lambda v: v / 10), st.integers(0, 10**6).map(lambda v: v / 1000))
actors = st.lists(st.tuples(positions, weights), min_size=1, max_size=9).filter(lambda a: any(w for _, w in a))


def fast(x, w):
    x, w = np.array(x, dtype=float), np.array(w, dtype=float)
    found = weighted_median(position=x[None, :, None], weight=w[None, :, None]).item()
    assert lowest_median(x, w) == found  # the kernels' own
    return found


@settings(max_examples=3000, deadline=None)
@given(actors)
def test_it_is_the_lowest_position_that_no_other_beats(actors):
    x, w = zip(*actors, strict=True)
    assert fast(x, w) == plain.median(x, w)


@settings(max_examples=1000, deadline=None)
@given(actors)
def test_a_vote_by_weight_alone_has_the_same_winner(actors):
    x, w = ([Fraction(str(v)) for v in part] for part in zip(*actors, strict=True))

    def beats(a, b):
        sides = [(abs(at - b) - abs(at - a), weight) for at, weight in zip(x, w, strict=True)]
        return sum(weight for nearer, weight in sides if nearer > 0) > sum(u for nearer, u in sides if nearer < 0)

    unbeaten = min(a for a in x if not any(beats(b, a) for b in x))
    assert fast(*map(list, zip(*actors, strict=True))) == float(unbeaten)


@settings(max_examples=1000, deadline=None)
@given(actors, st.randoms())
def test_an_exact_tie_goes_to_the_lower_in_any_order(actors, random):
    # As much weight below 1000 as above it.
    tied = [*actors, *((x + 1000, w) for x, w in actors)]
    random.shuffle(tied)
    x, w = zip(*tied, strict=True)
    assert fast(x, w) == max(v for v, u in actors if u > 0) == plain.median(x, w)


def test_thousands_of_random_inputs():
    rng = np.random.default_rng(0)
    for _ in range(3000):
        n = int(rng.integers(1, 12))
        x, w = rng.integers(0, 9, n) / 8, rng.integers(0, 5, n) / 10
        w[rng.integers(n)] += 0.1
        w = w.round(1)
        assert fast(x, w) == plain.median(x, w)


def test_decimals_that_tie_on_paper_tie():
    # 0.1 + 0.2 is more than 0.3 in binary, and less in another order of the sum
    assert fast([1, 2, 3], [0.1, 0.2, 0.3]) == 2
    assert fast([3, 1, 2], [0.3, 0.2, 0.1]) == 2
    assert fast([1, 2], [0.3, 0.1 + 0.2]) == 1


def test_equal_positions_count_once_as_candidates_and_fully_as_voters():
    assert fast([5, 5, 5, 1], [1, 1, 1, 2.5]) == 5
    assert fast([5, 5, 1], [1, 1, 2]) == 1
