"""The expected utility model: the published case, and the kernel against the plain statement."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.outcome import registry

from . import plain
from .conformance import inputs, sampled

EC = json.loads((Path(__file__).parents[1] / "golden" / "ec-emissions-1994.json").read_text())
VARIANTS = {"pairwise": "expected-utility", "scholz": "expected-utility-scholz", "least": "challenge"}


def one(x, s, c, **scale):
    return inputs(np.array(x, dtype=float)[None, :, None], salience=np.array(s)[None, :, None], capability=c, **scale)


def ec():
    return one(EC["position"], EC["salience"], EC["capability"], high=10.0)


def settle(variant, given, **options):
    return registry.get(VARIANTS[variant]).run(given, **options).settlement.item()


def test_the_opening_of_the_published_case():
    assert registry.get("mean").run(ec()).settlement.item() == pytest.approx(EC["mean"], abs=5e-4)
    assert registry.get("median").run(ec()).settlement.item() == EC["median"]


@pytest.mark.parametrize("variant", ["pairwise", "scholz"])
@pytest.mark.parametrize("outcome", ["median", "mean"])
def test_the_published_sequences_to_four_decimals(variant, outcome):
    for rounds, published in enumerate(EC[variant][outcome], start=1):
        assert round(settle(variant, ec(), rounds=rounds, outcome=outcome), 4) == published


def test_the_published_moves_of_the_first_round():
    found = registry.get("expected-utility-scholz").run(ec(), rounds=1, keep_trajectory=True)
    moves = [
        {"actor": EC["actors"][m.actor], "maker": EC["actors"][m.maker], "to": round(m.after, 4)}
        for m in found.moves[0]
    ]
    assert moves == EC["scholz"]["first_round"]
    assert [m.kind for m in found.moves[0]] == ["compromise", "confrontation", "confrontation"]


def test_everyone_ends_at_seven_and_the_trajectory_ends_there():
    found = registry.get("expected-utility").run(ec(), keep_trajectory=True)
    np.testing.assert_allclose(found.trajectory[-1].ravel(), EC["pairwise"]["settles_at"], atol=1e-12)
    assert len(found.trajectory) == 4 and len(found.moves) == 3  # a fixed point well before ten rounds


def test_until_settled_stops_when_the_median_rests():
    # the median of the scholz run moves until round 3 and rests in round 4
    whole = registry.get("expected-utility-scholz")
    assert len(whole.run(ec(), keep_trajectory=True, until="settled").moves) == 4
    assert settle("scholz", ec(), until="settled") == pytest.approx(9.96198, abs=1e-5)
    assert len(whole.run(ec(), keep_trajectory=True, until="settled", tolerance=0).moves) == 10
    # the tolerance is a share of the range, 6 years: 0.3511 / 6 = 0.0585 in round 3
    assert len(whole.run(ec(), keep_trajectory=True, until="settled", tolerance=0.06).moves) == 3


def test_the_order_of_the_actors_does_not_matter_to_the_published_case():
    order = np.random.default_rng(5).permutation(10)
    x, s, c = (np.array(EC[name], dtype=float)[order] for name in ("position", "salience", "capability"))
    for variant in VARIANTS:
        for rounds in range(1, 8):
            shuffled = settle(variant, one(x, s, c, high=10.0), rounds=rounds, outcome="mean")
            assert shuffled == pytest.approx(settle(variant, ec(), rounds=rounds, outcome="mean"), abs=1e-9)


def test_the_pairwise_variant_is_symmetric_under_a_reversal_of_the_scale():
    given = sampled()
    back = replace(given, position=100 - given.position)
    run = registry.get("expected-utility").run
    mirrored = 100 - run(back, outcome="mean").settlement
    np.testing.assert_allclose(mirrored, run(given, outcome="mean").settlement, atol=1e-9)


# To nine digits: what two positions a rounding error apart make of each other is rounding too, and offers magnify it.
positions = st.one_of(st.integers(0, 4).map(float), st.floats(0, 10).map(lambda x: round(x, 9)))
saliences = st.one_of(st.sampled_from([0.1, 0.5, 1.0]), st.floats(0.01, 1))
capabilities = st.one_of(st.sampled_from([0.0, 1.0, 2.0]), st.floats(0.1, 10))


def agree(x, s, c, variant, rounds, tolerance=None, quiet=1.0):
    """Whether kernel and plain statement make the same turns and moves."""
    turns, moves = plain.expected_utility(x, s, c, rounds, variant, tolerance, quiet)
    options = {"until": "fixed-point"} if tolerance is None else {"until": "settled", "tolerance": tolerance}
    found = registry.get(VARIANTS[variant]).run(one(x, s, c), rounds=rounds, keep_trajectory=True, Q=quiet, **options)
    assert [[(m.actor, m.maker, m.kind) for m in made] for made in found.moves] == moves
    np.testing.assert_allclose(found.trajectory[:, 0, :, 0], turns, rtol=0, atol=1e-9)
    if max(a * b for a, b in zip(s, c, strict=True)) > 0:
        w = [a * b for a, b in zip(s, c, strict=True)]
        assert found.settlement.item() == pytest.approx(plain.median_of_floats(turns[-1], w), abs=1e-9)
    else:
        assert np.isnan(found.settlement.item())


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(st.tuples(positions, saliences, capabilities), min_size=1, max_size=7),
    st.sampled_from(list(VARIANTS)),
    st.integers(0, 4),
)
def test_the_kernel_is_the_plain_statement(actors, variant, rounds):
    x, s, c = map(list, zip(*actors, strict=True))
    agree(x, s, c, variant, rounds)


@pytest.mark.parametrize("variant", VARIANTS)
def test_on_thousands_of_random_inputs(variant):
    rng = np.random.default_rng(11)
    for case in range(1500):
        n = int(rng.integers(2, 9))
        if case % 2:  # round numbers, so that positions, capabilities and asks tie exactly
            x, s, c = rng.integers(0, 5, n) * 2.5, rng.integers(1, 3, n) / 2, rng.integers(1, 4, n)
        else:
            x, s, c = rng.uniform(0, 10, n), rng.uniform(0.05, 1, n), rng.uniform(0, 5, n)
        agree(
            x.astype(float).tolist(),
            s.tolist(),
            c.astype(float).tolist(),
            variant,
            4,
            [None, 0.02][case % 3 == 0],
        )


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_status_quo_that_may_change_on_random_inputs(variant):
    rng = np.random.default_rng(13)
    moved = 0
    for case in range(1000):
        n = int(rng.integers(2, 8))
        x, s, c = rng.uniform(0, 10, n).round(9), rng.uniform(0.05, 1, n), rng.uniform(0.1, 5, n)
        quiet = [0.0, 0.5, float(rng.uniform())][case % 3]
        agree(x.tolist(), s.tolist(), c.tolist(), variant, 3, quiet=quiet)
        here, there = (settle(variant, one(x, s, c), rounds=3, outcome="mean", Q=q) for q in (1.0, quiet))
        moved += here != there
    assert moved > 300


def test_a_status_quo_that_may_change_by_hand():
    # A at 0 (capability 3, salience 1), B at 100 (1, 0.5); the median is 0. B stands 100 off it and 100 from A, so that
    # unrest would be worse for B: at r = 1, 2 - 4 (1/2 + 1/2) = -2 against 0. A stands on it and 100 from B: better, 2 - 4 (1/4) = 1.
    x, s, c = [0.0, 100.0], [1.0, 0.5], [3.0, 1.0]
    own, _ = plain.expectations(x, s, c, [1.0, 1.0], 100.0, "pairwise")
    half, _ = plain.expectations(x, s, c, [1.0, 1.0], 100.0, "pairwise", 0.5)
    assert half[1][0] == pytest.approx(own[1][0] + 0.5 * 2) and half[0][1] == pytest.approx(own[0][1] - 0.5 * 1)


@pytest.mark.parametrize("variant", VARIANTS)
def test_exact_ties_do_not_depend_on_the_order(variant):
    rng = np.random.default_rng(12)
    for _ in range(300):
        n = int(rng.integers(2, 8))
        x, s, c = rng.integers(0, 5, n) * 2.5, rng.integers(1, 3, n) / 10, rng.integers(1, 4, n) / 10
        order = rng.permutation(n)
        for rounds in (1, 3):
            here = settle(variant, one(x, s, c), rounds=rounds, outcome="mean")
            there = settle(variant, one(x[order], s[order], c[order]), rounds=rounds, outcome="mean")
            assert here == pytest.approx(there, abs=1e-9)


def test_alike_actors_at_both_ends_stand_still():
    # e = f, danger is the same for all, nobody has an offer to make
    for variant in VARIANTS:
        found = registry.get(VARIANTS[variant]).run(one([0, 100], [1, 1], [1, 1]), keep_trajectory=True)
        assert found.trajectory.shape == (1, 1, 2, 1) and found.moves == ()
        assert found.settlement.item() == 0  # of two positions that tie, the lower


def test_camps_that_are_equal_on_paper_stand_still():
    # 0.1 + 0.2 against 0.3: rounding makes one camp a hair stronger, which must move nobody
    camps = one([0, 0, 100, 100], [1, 1, 1, 1], [0.1, 0.2, 0.3, 0.0])
    assert registry.get("expected-utility").run(camps, keep_trajectory=True).moves == ()


def test_the_trajectory_is_shorter_where_a_fixed_point_comes_on_every_issue():
    three = inputs([[[4.0, 5.0], [7.0, 5.0], [10.0, 5.0]]], capability=[3.0, 2.0, 4.0])
    found = registry.get("expected-utility").run(three, keep_trajectory=True)
    assert 1 < len(found.trajectory) <= 11
    assert (found.trajectory[:, 0, :, 1] == 5.0).all()


def test_the_challenge_model_takes_the_least_move_of_any_class():
    differ = 0
    for seed in range(40):
        case = sampled(seed=seed, draws=1, actors=6, issues=1)
        first = [
            {m.actor: abs(m.after - m.before) for made in registry.get(name).run(case, **one_round).moves for m in made}
            for name in ("challenge", "expected-utility")
            for one_round in [{"rounds": 1, "keep_trajectory": True}]
        ]
        assert first[0].keys() == first[1].keys()
        assert all(first[0][actor] <= first[1][actor] + 1e-9 for actor in first[0])
        differ += first[0] != first[1]
    assert differ > 0


def test_the_challenge_model_stops_when_the_forecast_does():
    challenge = registry.get("challenge")
    assert len(challenge.run(ec(), keep_trajectory=True).moves) <= len(
        challenge.run(ec(), keep_trajectory=True, until="fixed-point").moves
    )


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("until", ["settled", "fixed-point"])
def test_rounds_that_recur_are_not_played_and_end_as_if_they_were(variant, until):
    """Without the path a run ends where positions recur; with it, every round is played."""
    rng = np.random.default_rng(12)
    given = inputs(rng.integers(0, 21, (300, 6, 1)) * 5.0, salience=rng.random((300, 6, 1)), capability=rng.random(6))
    options = {"rounds": np.arange(300) % 41, "outcome": "mean", "until": until}
    model = registry.get(VARIANTS[variant])
    short, whole = model.run(given, **options), model.run(given, keep_trajectory=True, **options)
    assert (short.settlement == whole.settlement).all()
    path = whole.trajectory
    assert (path[-1] == path[-3]).all(axis=(1, 2)).any()  # somebody goes to and fro in one of the draws
    weight = given.capability[..., None] * given.salience
    np.testing.assert_allclose((path[-1] * weight).sum(1) / weight.sum(1), short.settlement, rtol=1e-12)
