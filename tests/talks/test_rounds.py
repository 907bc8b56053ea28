"""The rounds against the golden cases, the plain statement, and what must hold of any talks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.talks import Noise, draw_noise, readiness, rounds
from detente.talks.examples import two_parties

from . import plain
from .cases import golden, golden_inputs, random_inputs, rows


@pytest.mark.parametrize("case", golden(), ids=lambda case: case["name"])
def test_golden(case):
    names, wanted = list(case["scenario"]["actors"]), case["rounds"]
    inputs = golden_inputs(case, draws=4000)
    noise = draw_noise(seed=0, block=0, actors=names, draws=4000, months=24)
    played = rounds(inputs, noise=noise)
    for outcome in ("agreement", "collapse", "expiry"):
        assert getattr(played, outcome).mean() == pytest.approx(wanted[outcome], abs=0.03)
    for i, name in enumerate(names):
        assert played.walked[:, i].mean() == pytest.approx(wanted["walked_out"].get(name, 0.0), abs=0.03)
    assert np.median(played.month[played.collapse]) == pytest.approx(wanted["median_collapse_month"], abs=1)
    assert np.nanmean(played.terms[:, 0]) == pytest.approx(wanted["mean_terms_transition"], abs=0.4)


def chance(inputs, seed=0):
    n = inputs.capability.shape[1]
    return draw_noise(seed=seed, block=0, actors=[str(i) for i in range(n)], draws=inputs.draws, months=9)


def two_or_more(inputs):
    """The same inputs, with a second required party where there is only one."""
    required = inputs.required.copy()
    if required.sum() < 2:
        required[np.flatnonzero(~required)[0]] = True
    return replace(inputs, required=required)


seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_agrees_with_the_plain_statement(seed):
    inputs = two_or_more(random_inputs(seed, draws=15))
    noise = chance(inputs, seed)
    outside = inputs.low + (inputs.high - inputs.low) * np.random.default_rng(seed).random(inputs.status_quo.shape)
    for settlement in ("compromise", outside):
        played = rounds(inputs, noise=noise, settlement=settlement)
        for d in range(inputs.draws):
            given_point = None if isinstance(settlement, str) else list(settlement[d])
            wanted = plain.rounds(plain.one_draw(inputs, d), noise.strength[d], noise.walk[d], given_point)
            end = next(name for name in ("agreement", "collapse", "expiry") if getattr(played, name)[d])
            assert (end, played.month[d], played.proposer[d]) == (wanted.end, wanted.month, wanted.proposer)
            assert list(np.flatnonzero(played.walked[d])) == wanted.walked
            terms = wanted.terms or [np.nan] * inputs.low.size
            np.testing.assert_allclose(played.terms[d], terms, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_what_must_hold(seed):
    inputs = two_or_more(random_inputs(seed, draws=31))
    noise = chance(inputs, seed)
    played = rounds(inputs, noise=noise)
    ends = np.stack([played.agreement, played.collapse, played.expiry])
    assert (ends.sum(axis=0) == 1).all()
    assert (played.collapse == played.walked.any(axis=1)).all()
    assert not played.walked[:, ~inputs.required].any()
    assert ((played.month >= 1) & (played.month <= inputs.deadline)).all()
    assert (np.isnan(played.terms).any(axis=1) == ~played.agreement).all()
    assert ((played.proposer >= 0) == played.agreement).all()
    struck = played.terms[played.agreement]
    assert ((struck >= inputs.low - 1e-9) & (struck <= inputs.high + 1e-9)).all()

    # a piece of the draws, with their own noise, plays as it did in the whole
    part = slice(7, 20)
    piece = rounds(rows(inputs, part), noise=noise.take(np.arange(7, 20)))
    for name in ("agreement", "collapse", "month", "terms", "walked", "proposer"):
        assert np.array_equal(getattr(piece, name), getattr(played, name)[part], equal_nan=name == "terms")

    # scaling all capabilities changes nothing that matters
    scaled = rounds(replace(inputs, capability=inputs.capability * 8.0), noise=noise)
    assert np.array_equal(scaled.month, played.month) and np.array_equal(scaled.walked, played.walked)

    if (inputs.walkout_rate == 0).all() and (inputs.walkout_threshold > 5).all():
        assert not played.collapse.any()


def test_the_nash_settlement_is_played_month_by_month():
    """Still strengths and one month: what parties expect is the Nash point of readiness."""
    inputs = golden_inputs(golden()[0], draws=50)
    inputs = replace(inputs, strength_drift=np.zeros(50), deadline=np.full(50, 3, dtype=np.int64))
    fixed = rounds(inputs, noise=chance(inputs), settlement=readiness(inputs, settlement="nash").settlement)
    played = rounds(inputs, noise=chance(inputs), settlement="nash")
    assert np.array_equal(played.month, fixed.month) and np.array_equal(played.walked, fixed.walked)


def test_nothing_satisfies_a_party_whose_reservation_is_above_one():
    inputs = two_parties(draws=20, betrayal_loss=np.full((20, 2), 3.0), walkout_threshold=np.full(20, 99.0))
    inputs = replace(inputs, walkout_rate=np.zeros(20))
    assert (readiness(inputs).reservation > 1).all()
    played = rounds(inputs, noise=draw_noise(seed=1, block=0, actors=["a", "b"], draws=20, months=24))
    assert played.expiry.all() and (played.month == 24).all()


def test_parties_that_want_the_same_agree_at_once():
    inputs = two_parties(draws=5, position=np.full((5, 2, 1), 30.0))
    played = rounds(inputs, noise=draw_noise(seed=1, block=0, actors=["a", "b"], draws=5, months=24))
    assert played.agreement.all() and (played.month == 1).all() and (played.proposer == 0).all()
    np.testing.assert_allclose(played.terms, 30.0)


def test_between_two_straight_parties_a_mediator_chooses_terms_and_makes_no_deal():
    """On one issue the paper lies between two proposals, of which one is already acceptable if it is."""
    draws, n = 500, 3
    per_actor = {
        "capability": 50.0,
        "base_cost": 0.002,
        "side_payment": 0.0,
        "audience_cost": 0.0,
        "betrayal_loss": 0.05,
        "curvature": 1.0,
        "concession": 1.0,
    }
    alone = two_parties(
        draws,
        position=np.tile([[0.0], [100.0], [np.nan]], (draws, 1, 1)),
        salience=np.tile([[1.0], [1.0], [0.0]], (draws, 1, 1)),
        backing=np.zeros((draws, n, n)),
        bite=np.zeros((draws, 0, n)),
        belligerent=np.array([True, True, False]),
        required=np.array([True, True, False]),
        **{name: np.full((draws, n), value) for name, value in per_actor.items()},
    )
    noise = draw_noise(seed=3, block=0, actors=["north", "south", "un"], draws=draws, months=24)
    with_paper, without = rounds(replace(alone, mediator=2), noise=noise), rounds(alone, noise=noise)
    assert np.array_equal(with_paper.agreement, without.agreement)
    assert np.array_equal(with_paper.month, without.month)
    assert (with_paper.proposer == 2).any()
    assert not np.allclose(with_paper.terms, without.terms, equal_nan=True)


def test_noise_depends_on_nothing_but_its_key():
    base = draw_noise(seed=5, block=2, actors=["a", "b"], draws=40, months=6)
    wider = draw_noise(seed=5, block=2, actors=["z", "b", "a"], draws=90, months=24)
    for few, many in zip(base, wider, strict=True):
        assert np.array_equal(few, many[:40, :6][:, :, [2, 1]])
    for other in (dict(seed=6, block=2), dict(seed=5, block=3)):
        assert not np.array_equal(base.strength, draw_noise(**other, actors=["a", "b"], draws=40, months=6).strength)
    assert not np.array_equal(base.strength[:, :, 0], base.strength[:, :, 1])
    assert base.walk.min() >= 0 and base.walk.max() < 1


def test_faults():
    inputs = two_parties(draws=2)
    noise = draw_noise(seed=0, block=0, actors=["a", "b"], draws=2, months=24)
    with pytest.raises(ValueError, match="1 required parties; rounds need at least two"):
        rounds(replace(inputs, required=np.array([True, False])), noise=noise)
    with pytest.raises(ValueError, match="deadline of 0 months"):
        rounds(replace(inputs, deadline=np.array([0, 3])), noise=noise)
    with pytest.raises(ValueError, match=r"strength noise of shape \(2, 5, 2\); expected \(2, 24, 2\)"):
        rounds(inputs, noise=Noise(noise.strength[:, :5], noise.walk))
    with pytest.raises(ValueError, match="5001 draws in a block"):
        draw_noise(seed=0, block=0, actors=["a"], draws=5001, months=1)
