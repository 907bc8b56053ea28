"""The procedural pivot: held against a vote step by step in exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import UsageError
from detente.outcome import registry
from detente.outcome.pivot import procedural_pivot

from .conformance import inputs, same, sampled

PIVOT = registry.get("pivot")


def step_by_step(x, w, reference, quota):
    """Where votes by quota come to: the next position away from where one is against where one is, on either side."""
    total = sum(w)
    if total == 0:
        return None
    carried = []
    for sign in (1, -1):
        here = reference
        taken = {at for at, weight in zip(x, w, strict=True) if weight > 0 and sign * (at - reference) > 0}
        for further in sorted(taken, key=lambda at: abs(at - reference)):
            for_it = sum(weight for at, weight in zip(x, w, strict=True) if sign * (at - further) >= 0)
            if Fraction(for_it) < quota * total:
                break
            here = further
        carried.append(here)
    up, down = carried
    if up != reference and down != reference:
        return reference
    return down if up == reference else up


CASE = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4)), min_size=1, max_size=7)
QUOTA = st.sampled_from(
    [Fraction(1, 2), Fraction(3, 5), Fraction(2, 3), Fraction(5, 7), Fraction(3, 4), Fraction(9, 10), Fraction(1)]
)


@settings(max_examples=2000, deadline=None)
@given(CASE, st.integers(0, 8), QUOTA)
def test_it_is_where_votes_step_by_step_come_to(actors, reference, quota):
    x, w = zip(*actors, strict=True)
    found = procedural_pivot(
        position=np.array(x, dtype=float)[None, :, None],
        weight=np.array(w, dtype=float)[None, :, None] / 7,
        reference=np.array([[float(reference)]]),
        quota=np.array([float(quota)]),
    )
    expected = step_by_step(x, w, reference, quota)
    same(found, [[np.nan if expected is None else expected]])


# three of weight 2, 3 and 5 at 20, 50 and 80: at or above 80 stands 5 of 10, above 50 8 of 10
THREE = inputs([[[20.0], [50.0], [80.0]]], capability=[2.0, 3.0, 5.0])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 80.0),
        ({"quota": 0.51}, 50.0),
        ({"quota": 0.8}, 50.0),
        ({"quota": 0.81}, 20.0),
        ({"quota": 1}, 20.0),
        ({"reference": "high"}, 50.0),  # at or below 50 stands 5 of 10
        ({"reference": "high", "quota": 0.51}, 80.0),
        ({"reference": "low", "quota": 0.7}, 50.0),
    ],
)
def test_the_case_by_hand(options, expected):
    same(PIVOT.run(THREE, **options).settlement, expected)


def test_with_actors_on_both_sides_the_status_quo_may_stay():
    case = inputs([[[20.0], [50.0], [80.0]]], capability=[2.0, 3.0, 5.0], status_quo=[[40.0]])
    same(PIVOT.run(case, quota=0.8).settlement, 50.0)  # 8 of 10 stand above 40
    same(PIVOT.run(case, quota=0.81).settlement, 40.0)
    halves = inputs([[[20.0], [80.0]]], status_quo=[[40.0]])
    same(PIVOT.run(halves).settlement, 40.0)  # each side has its half


def test_who_stands_at_the_reference_counts_in_the_whole_and_wants_no_move():
    case = inputs([[[40.0], [80.0]]], capability=[3.0, 2.0], status_quo=[[40.0]])
    same(PIVOT.run(case).settlement, 40.0)
    same(PIVOT.run(inputs([[[40.0], [80.0]]], capability=[2.0, 3.0], status_quo=[[40.0]])).settlement, 80.0)


def test_votes_by_capability_leave_out_how_much_one_cares():
    case = inputs([[[20.0], [80.0]]], capability=[3.0, 2.0], salience=[[[0.1], [1.0]]])
    same(PIVOT.run(case, quota=0.6).settlement, 80.0)  # weights 0.3 and 2
    same(PIVOT.run(case, quota=0.6, weight="capability").settlement, 20.0)
    absent = inputs([[[20.0], [80.0]]], capability=[3.0, 2.0], salience=[[[0.0], [1.0]]])
    same(PIVOT.run(absent, quota=1, weight="capability").settlement, 80.0)


def test_a_higher_quota_never_goes_further_from_the_reference():
    given_ = sampled(draws=400)
    given_.status_quo[:] = np.random.default_rng(3).uniform(0, 100, given_.status_quo.shape)
    distance = [np.abs(PIVOT.run(given_, quota=q).settlement - given_.status_quo) for q in (0.51, 0.6, 0.7, 0.85, 1)]
    there = ~np.isnan(distance[0])
    for nearer, further in zip(distance[1:], distance[:-1], strict=True):
        assert np.all(nearer[there] <= further[there])


def test_at_a_half_with_all_on_one_side_it_is_a_weighted_median():
    given_ = sampled(draws=400)  # no two halves are equal, and the status quo is below everyone
    same(PIVOT.run(given_).settlement, registry.get("median").run(given_).settlement)


def test_the_quota_may_differ_by_draw():
    both = inputs(np.repeat(THREE.position, 2, axis=0), capability=THREE.capability[0])
    same(PIVOT.run(both, quota=np.array([0.6, 0.9])).settlement, [[50.0], [20.0]])


def test_less_than_half_is_no_quota():
    with pytest.raises(UsageError, match=r"models.pivot.quota: found 0.3; expected a number from 0.5 to 1: with less"):
        PIVOT.run(THREE, quota=0.3)
