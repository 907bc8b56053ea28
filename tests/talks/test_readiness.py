"""Readiness against the golden cases, the plain statement, and what must hold of any input."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.talks import readiness
from detente.talks.examples import two_parties

from . import plain
from .cases import golden, golden_inputs, permuted, random_inputs, rows

PER_ACTOR = (
    "fighting_on",
    "signed_deal",
    "gain",
    "consent",
    "others_consent",
    "margin",
    "reservation",
    "prevail",
)

FIELDS = {
    "W": "fighting_on",
    "V": "signed_deal",
    "gain": "gain",
    "u_q": "utility_status_quo",
    "u_o": "utility_settlement",
    "c": "cost",
    "r": "reservation",
    "theta": "others_consent",
    "margin": "margin",
    "comes": "comes",
}


@pytest.mark.parametrize("case", golden(), ids=lambda case: case["name"])
def test_golden(case):
    found = readiness(golden_inputs(case))
    names, central = list(case["scenario"]["actors"]), case["central"]
    near = pytest.approx
    for i, name in enumerate(names):
        party = central["parties"][name]
        for key, attribute in FIELDS.items():
            assert getattr(found, attribute)[0, i] == near(party[key], abs=1e-9), (name, key)
        for key, value in party["terms"].items():
            if key.startswith("cost:"):
                term = found.terms.levers[0, int(key.removeprefix("cost:lever-")), i]
            else:
                term = getattr(found.terms, key)[0, i]
            assert term == near(value, abs=1e-9), (name, key)
        assert found.prevail[0, i] == near(central["prevail"].get(name, 0.0), abs=1e-9)
    np.testing.assert_allclose(found.settlement[0], list(central["settlement"].values()), atol=1e-9)
    for flag in ("convene", "hurting_stalemate", "way_out", "ripe"):
        assert getattr(found, flag)[0] == central[flag], flag
    np.testing.assert_allclose(found.terms.total(), found.margin, atol=1e-12)


seeds = st.integers(0, 2**32 - 1)
thorough = settings(max_examples=150, deadline=None)


@thorough
@given(seeds)
def test_agrees_with_the_plain_statement(seed):
    inputs = random_inputs(seed)
    found, near = readiness(inputs), partial(np.testing.assert_allclose, rtol=1e-9, atol=1e-9)
    for d in range(inputs.draws):
        wanted = plain.readiness(plain.one_draw(inputs, d))
        near(found.settlement[d], wanted.o)
        near(found.prevail[d], wanted.pi)
        near(found.utility_status_quo[d], wanted.uq)
        near(found.utility_settlement[d], wanted.uo)
        near(found.fighting_on[d], wanted.W)
        near(found.signed_deal[d], wanted.V)
        near(found.gain[d], wanted.d)
        near(found.consent[d], wanted.P)
        near(found.others_consent[d], wanted.theta)
        near(found.margin[d], wanted.mu)
        near(found.reservation[d], wanted.r)
        if np.abs(wanted.mu).min() > 1e-9:
            assert found.convene[d] == wanted.convene
        assert found.ripe[d] == (found.hurting_stalemate[d] & found.way_out[d])
    np.testing.assert_allclose(found.terms.total(), found.margin, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.talking, found.margin + found.fighting_on)


def same(first, second, names=PER_ACTOR, **tolerance):
    for name in names:
        np.testing.assert_allclose(getattr(first, name), getattr(second, name), **({"atol": 1e-10} | tolerance))


@thorough
@given(seeds)
def test_what_must_hold(seed):
    inputs = random_inputs(seed)
    rng = np.random.default_rng(seed)
    n, k = inputs.position.shape[1:]
    base = readiness(inputs)
    fixed = base.settlement
    i = int(rng.integers(n))
    others = np.arange(n) != i

    np.testing.assert_allclose(base.prevail.sum(axis=1), 1.0)
    same(readiness(replace(inputs, capability=inputs.capability * 37.5)), base)

    actors, issues = rng.permutation(n), rng.permutation(k)
    moved = readiness(permuted(inputs, actors, issues))
    np.testing.assert_allclose(moved.settlement, base.settlement[:, issues], atol=1e-9)
    for name in PER_ACTOR:
        np.testing.assert_allclose(getattr(moved, name), getattr(base, name)[:, actors], atol=1e-9)

    bump = np.where(others, 0.0, 0.01)
    dearer = readiness(replace(inputs, base_cost=inputs.base_cost + bump))
    assert (dearer.gain[:, i] > base.gain[:, i]).all()
    assert (dearer.margin[:, i] >= base.margin[:, i]).all()  # equal where the others hardly consent
    assert np.array_equal(dearer.fighting_on[:, others], base.fighting_on[:, others])

    watched = readiness(replace(inputs, audience_cost=inputs.audience_cost + bump))
    np.testing.assert_allclose(watched.margin[:, i], base.margin[:, i] - 0.01, atol=1e-14)
    paid = readiness(replace(inputs, side_payment=inputs.side_payment + bump))
    np.testing.assert_allclose(paid.gain[:, i], base.gain[:, i] + 0.01, atol=1e-13)

    sure = readiness(replace(inputs, decided_per_month=np.ones(inputs.draws)))
    delta = inputs.discount[:, None]
    limit = (1 - delta) * base.utility_status_quo - base.cost + delta * base.utility_war
    np.testing.assert_allclose(sure.fighting_on, limit, atol=1e-12)
    kept = readiness(replace(inputs, kept=np.ones(inputs.draws)), settlement=fixed)
    np.testing.assert_allclose(kept.reservation, kept.fighting_on - inputs.side_payment, atol=1e-12)

    # more backing for a belligerent, the settlement held: its own fight is worth no less
    fights = np.flatnonzero(inputs.belligerent)
    who, backer = int(rng.choice(fights)), int(rng.integers(n))
    if who != backer:
        more = inputs.backing.copy()
        more[:, backer, who] += 0.2
        backed = readiness(replace(inputs, backing=more), settlement=fixed)
        before = readiness(inputs, settlement=fixed)
        if len(fights) == 2:
            enemy = int(fights[fights != who][0])
            assert (backed.fighting_on[:, enemy] <= before.fighting_on[:, enemy] + 1e-12).all()
        assert (backed.fighting_on[:, who] >= before.fighting_on[:, who] - 1e-12).all()


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_a_draw_is_the_same_in_any_block(seed):
    inputs = random_inputs(seed, draws=33)
    for rule in ("compromise", "nash"):
        whole = readiness(inputs, settlement=rule)
        for part in (slice(0, 1), slice(5, 21), slice(21, 33)):
            piece = readiness(rows(inputs, part), settlement=rule)
            for name in (*PER_ACTOR, "settlement", "no_zone"):
                assert np.array_equal(getattr(piece, name), getattr(whole, name)[part]), name


def test_margins_are_not_monotone_in_backing():
    """More Russian backing for Damascus lowers its own margin and raises the opposition's."""
    named = {case["name"]: case for case in golden()}
    weaker = readiness(golden_inputs(named["pressure 0.3, softer US line"]))
    stronger = readiness(golden_inputs(named["pressure 0.3, stronger Russian backing"]))
    assert stronger.fighting_on[0, 0] > weaker.fighting_on[0, 0]
    assert stronger.gain[0, 0] < weaker.gain[0, 0]
    assert stronger.margin[0, 0] < weaker.margin[0, 0]
    assert stronger.margin[0, 1] > weaker.margin[0, 1]


def test_a_given_settlement_is_used_as_it_stands():
    inputs = two_parties(draws=3)
    given_point = np.array([[10.0], [50.0], [90.0]])
    found = readiness(inputs, settlement=given_point)
    np.testing.assert_allclose(found.settlement, given_point)
    np.testing.assert_allclose(found.utility_settlement[:, 0], [0.9, 0.5, 0.1])


def test_without_required_parties_there_are_no_talks():
    found = readiness(two_parties(required=np.zeros(2, dtype=bool)))
    assert not found.convene.any() and not found.ripe.any()
    np.testing.assert_allclose(found.settlement, 50.0)
    np.testing.assert_allclose(found.others_consent, 0.4)


@pytest.mark.parametrize(
    ("changes", "settlement", "words"),
    [
        ({"capability": np.zeros((1, 2))}, "compromise", "no belligerent has any strength in 1 of 1 draws"),
        ({"belligerent": np.zeros(2, dtype=bool)}, "compromise", "no belligerent"),
        ({}, "consensus", "settlement 'consensus'"),
        ({}, np.zeros((2, 1)), r"settlement of shape \(2, 1\)"),
        ({}, np.full((1, 1), np.nan), "settlement holds NaN"),
    ],
)
def test_faults(changes, settlement, words):
    with pytest.raises(ValueError, match=words):
        readiness(two_parties(**changes), settlement=settlement)


def test_no_draws():
    found = readiness(rows(two_parties(), slice(0, 0)))
    assert found.margin.shape == (0, 2) and found.settlement.shape == (0, 1)
