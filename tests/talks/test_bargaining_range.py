"""The bargaining range against the plain statement (found by bisection), and in hand-worked cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.talks import bargaining_range, readiness
from detente.talks.examples import two_parties

from . import plain
from .cases import random_inputs, rows


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_agrees_with_the_plain_statement(seed):
    inputs = random_inputs(seed, draws=12)
    ready = readiness(inputs)
    found = bargaining_range(inputs, ready)
    required = np.flatnonzero(inputs.required)
    width = inputs.high - inputs.low
    for d in range(inputs.draws):
        wanted = plain.bargaining_range(
            plain.one_draw(inputs, d), list(ready.settlement[d]), list(ready.reservation[d])
        )
        for k, issue in enumerate(wanted):
            near = {"abs": 1e-6 * width[k], "nan_ok": True}
            for i in required:
                low, high = issue.intervals.get(i, (np.nan, np.nan))
                assert found.party_low[d, i, k] == pytest.approx(low, **near)
                assert found.party_high[d, i, k] == pytest.approx(high, **near)
                assert found.unmeetable[d, i, k] == (i in issue.shortfall)
                assert found.shortfall[d, i, k] == pytest.approx(issue.shortfall.get(i, np.nan), abs=1e-9, nan_ok=True)
            if issue.gap and issue.gap[2] < 1e-6 * width[k]:
                continue  # touching: either answer
            low, high = issue.overlap or (np.nan, np.nan)
            assert found.empty[d, k] == (issue.overlap is None)
            assert found.low[d, k] == pytest.approx(low, **near)
            assert found.high[d, k] == pytest.approx(high, **near)
            first, second, distance = issue.gap or (-1, -1, np.nan)
            assert sorted(found.gap_between[d, k]) == sorted([first, second])
            assert found.gap_distance[d, k] == pytest.approx(distance, **near)
    assert np.isnan(found.party_low[:, ~inputs.required]).all()
    assert not found.unmeetable[:, ~inputs.required].any()


def test_every_end_is_worth_just_the_reservation():
    inputs = two_parties()
    ready = readiness(inputs)
    found = bargaining_range(inputs, ready)
    # one straight issue of width 100: the first accepts up to 1 - r, the second from r
    assert found.high[0, 0] == pytest.approx(100 * (1 - ready.reservation[0, 0]))
    assert found.low[0, 0] == pytest.approx(100 * ready.reservation[0, 1])


def test_a_gap_names_the_two_parties_and_the_distance():
    inputs = two_parties(base_cost=np.full((1, 2), -0.004))  # fighting pays: r is high
    ready = readiness(inputs)
    found = bargaining_range(inputs, ready)
    assert found.empty[0, 0] and not found.unmeetable.any()
    assert list(found.gap_between[0, 0]) == [0, 1]
    assert found.gap_distance[0, 0] == pytest.approx(100 * (ready.reservation.sum() - 1))
    assert np.isnan(found.low[0, 0]) and np.isnan(found.high[0, 0])


def test_a_party_that_nothing_meets_is_named_with_its_shortfall():
    inputs = two_parties(betrayal_loss=np.array([[2.0, 0.0]]))
    ready = readiness(inputs)
    found = bargaining_range(inputs, ready)
    assert list(found.unmeetable[0, :, 0]) == [True, False]
    assert found.shortfall[0, 0, 0] == pytest.approx(ready.reservation[0, 0] - 1)
    assert found.empty[0, 0] and list(found.gap_between[0, 0]) == [-1, -1]


def test_one_required_party_has_its_own_interval():
    inputs = two_parties(required=np.array([True, False]))
    found = bargaining_range(inputs, readiness(inputs))
    assert found.low[0, 0] == found.party_low[0, 0, 0] and found.high[0, 0] == found.party_high[0, 0, 0]


def test_without_required_parties():
    inputs = two_parties(required=np.zeros(2, dtype=bool))
    with pytest.raises(ValueError, match="no required party"):
        bargaining_range(inputs, readiness(inputs))


def test_no_draws():
    inputs = rows(two_parties(), slice(0, 0))
    assert bargaining_range(inputs, readiness(inputs)).empty.shape == (0, 1)
