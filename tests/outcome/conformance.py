"""The one battery that every registered outcome model passes.

Each check takes a ``run(inputs) -> OutcomeResult``; `CHECKS` lists them, and test_conformance.py applies
them to every model and to the settings in `SETTINGS`. A new model needs nothing here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from detente.arrays import OutcomeInputs
from detente.outcome.registry import OutcomeResult

Run = Callable[..., OutcomeResult]

# Settings besides the defaults under which a model must pass as well.
SETTINGS = {
    "pivot": [{"quota": 0.7}, {"reference": "high", "weight": "capability"}],
    "nash-bargaining": [{"disagreement": "status-quo"}],
    "expected-utility": [{"outcome": "mean"}, {"until": "settled", "tolerance": 0.01}],
    "expected-utility-scholz": [{"outcome": "mean"}],
    "challenge": [{"outcome": "mean", "until": "fixed-point"}],
    "exchange": [{"ties": "listed"}, {"iterations": 1}],
    "spatial": [
        {"outcome": "mode", "rounding": "none"},
        {"transitions": "stochastic", "bargain": "init-rcvr", "interpolation": "s2pmax"},
        {"voting": "asym-prosp", "victory": "octic", "bargain": "pair-weighted"},
        {"election": "markov-incentive", "risk_adjust": "full", "third_parties": "no-commit", "voting": "binary"},
    ],
    "spatial-ktab": [{"transitions": "stochastic"}],
}

# What a model is known not to keep to in some of its settings, and why.
KNOWN = {
    ("spatial-ktab", "unit_of_capability_does_not_matter"): "KTAB adds fixed floors to votes in the file's own unit",
    ("spatial-ktab", "order_of_issues_does_not_matter"): "KTAB sums over issues in the order of the file",
    ("spatial-ktab", "order_of_actors_does_not_matter"): "KTAB decides ties by the order of the file",
}


def inputs(position, *, salience=None, capability=None, status_quo=0.0, low=0.0, high=100.0) -> OutcomeInputs:
    """Inputs of positions (D, n, k), with 1 and whatever is missing filled in."""
    x = np.asarray(position, dtype=float)
    draws, n, k = x.shape
    s = np.where(np.isnan(x), 0.0, 1.0 if salience is None else salience)
    c = np.broadcast_to(1.0 if capability is None else np.asarray(capability, dtype=float), (draws, n)).copy()
    q = np.broadcast_to(np.asarray(status_quo, dtype=float), (draws, k)).copy()
    return OutcomeInputs(position=x, salience=s, capability=c, status_quo=q, low=np.full(k, low), high=np.full(k, high))


def sampled(seed=0, draws=60, actors=12, issues=3) -> OutcomeInputs:
    """Random inputs in which some actors have no stance, no salience or no capability."""
    rng = np.random.default_rng(seed)
    shape = (draws, actors, issues)
    position = rng.integers(1, 100 * 64, shape) / 64  # dyadic, so that shifting and stretching are exact
    position[rng.random(shape) < 0.15] = np.nan
    salience = rng.uniform(0.05, 1, shape) * (rng.random(shape) > 0.1)
    capability = rng.uniform(1, 100, (draws, actors)) * (rng.random((draws, actors)) > 0.1)
    return inputs(position, salience=salience, capability=capability, status_quo=np.zeros((draws, issues)))


def same(found, expected, **tolerance):
    np.testing.assert_allclose(found, expected, equal_nan=True, **(tolerance or {"rtol": 0, "atol": 0}))


def repeats(run: Run):
    first, again = run(sampled()), run(sampled())
    same(first.settlement, again.settlement)
    assert first.reason == again.reason


def leaves_its_inputs_alone(run: Run):
    given, untouched = sampled(), sampled()
    run(given)
    for name in ("position", "salience", "capability", "status_quo"):
        same(getattr(given, name), getattr(untouched, name))


def one_draw_is_a_slice_of_many(run: Run):
    for issues in (1, 3):
        many = sampled(issues=issues)
        together = run(many).settlement
        for d in range(0, many.draws, 7):
            at = slice(d, d + 1)
            one = replace(
                many,
                position=many.position[at],
                salience=many.salience[at],
                capability=many.capability[at],
                status_quo=many.status_quo[at],
            )
            same(run(one).settlement, together[at])


def repeated_draws_agree(run: Run):
    one = sampled(draws=1)
    many = replace(
        one,
        position=np.repeat(one.position, 5, axis=0),
        salience=np.repeat(one.salience, 5, axis=0),
        capability=np.repeat(one.capability, 5, axis=0),
        status_quo=np.repeat(one.status_quo, 5, axis=0),
    )
    same(run(many).settlement, np.repeat(run(one).settlement, 5, axis=0))


def issues_do_not_mix(run: Run):
    """Of a model that settles one issue at a time."""
    many = sampled()
    together = run(many).settlement
    for k in range(3):
        at = slice(k, k + 1)
        one = replace(
            many,
            position=many.position[:, :, at],
            salience=many.salience[:, :, at],
            status_quo=many.status_quo[:, at],
            low=many.low[at],
            high=many.high[at],
        )
        same(run(one).settlement, together[:, at])


def order_of_issues_does_not_matter(run: Run):
    """Of a model that settles issues together."""
    given = sampled()
    order = [2, 0, 1]
    shuffled = replace(
        given,
        position=given.position[:, :, order],
        salience=given.salience[:, :, order],
        status_quo=given.status_quo[:, order],
        low=given.low[order],
        high=given.high[order],
    )
    same(run(shuffled).settlement, run(given).settlement[:, order], rtol=1e-9)


def an_issue_that_nobody_cares_about_changes_nothing(run: Run):
    given = sampled(issues=2)
    draws, n, _ = given.position.shape
    more = replace(
        given,
        position=np.concatenate([given.position, np.full((draws, n, 1), 40.0)], axis=2),
        salience=np.concatenate([given.salience, np.zeros((draws, n, 1))], axis=2),
        status_quo=np.zeros((draws, 3)),
        low=np.zeros(3),
        high=np.full(3, 100.0),
    )
    same(run(more).settlement[:, :2], run(given).settlement, rtol=1e-12)


def order_of_actors_does_not_matter(run: Run):
    given = sampled()
    order = np.random.default_rng(1).permutation(given.position.shape[1])
    shuffled = replace(
        given,
        position=given.position[:, order],
        salience=given.salience[:, order],
        capability=given.capability[:, order],
    )
    same(run(shuffled).settlement, run(given).settlement, rtol=1e-9)


def unit_of_capability_does_not_matter(run: Run):
    given = sampled()
    for factor in (2.0**-20, 3.7, 1e6):
        scaled = replace(given, capability=given.capability * factor)
        same(run(scaled).settlement, run(given).settlement, rtol=1e-9)


def scale_may_be_shifted_and_stretched(run: Run):
    given = sampled()
    for shift, stretch in ((-32.0, 1.0), (0.0, 8.0), (512.0, 0.25)):
        moved = replace(
            given,
            position=given.position * stretch + shift,
            status_quo=given.status_quo * stretch + shift,
            low=given.low * stretch + shift,
            high=given.high * stretch + shift,
        )
        same(run(moved).settlement, run(given).settlement * stretch + shift, rtol=1e-9, atol=1e-9)


def settles_within_the_stances(run: Run):
    given = sampled(draws=400)
    settlement = run(given).settlement
    counted = ~np.isnan(given.position) & (given.salience > 0)
    lowest = np.where(counted, given.position, np.inf).min(axis=1)
    highest = np.where(counted, given.position, -np.inf).max(axis=1)
    there = ~np.isnan(settlement)
    assert there.mean() > 0.9
    assert np.all((lowest <= settlement)[there] & (settlement <= highest)[there])


def those_without_stance_or_salience_do_not_count(run: Run):
    given = sampled()
    draws, n, k = given.position.shape
    more = replace(
        given,
        position=np.concatenate([given.position, np.full((draws, 1, k), np.nan), np.full((draws, 1, k), 99.0)], axis=1),
        salience=np.concatenate([given.salience, np.zeros((draws, 2, k))], axis=1),
        capability=np.concatenate([given.capability, np.full((draws, 2), 1e3)], axis=1),
    )
    assert more.position.shape[1] == n + 2
    same(run(more).settlement, run(given).settlement, rtol=1e-12)


def everyone_at_one_position_settles_there(run: Run):
    for at in (0.1, 70.3, 100.0):
        given = inputs(np.full((4, 7, 1), at), salience=0.3, capability=[0.1, 0.2, 0.3, 1, 2, 3, 0])
        same(run(given).settlement, at)


def one_actor_settles_where_it_stands(run: Run):
    same(run(inputs([[[33.3]]])).settlement, 33.3)
    same(run(inputs([[[np.nan], [33.3]]])).settlement, 33.3)


def without_weight_there_is_no_settlement(run: Run):
    position = np.array([[[10.0, 20.0], [30.0, 40.0]]])
    nobody = run(inputs(position, capability=0.0))
    assert np.isnan(nobody.settlement).all()
    assert dict(nobody.reason) == {0: "all weights are zero", 1: "all weights are zero"}
    same(nobody.share_none, [1.0, 1.0])
    one_issue = run(inputs(position, salience=np.array([[[1.0, 0.0], [1.0, 0.0]]])))
    assert np.isnan(one_issue.settlement).tolist() == [[False, True]]
    assert dict(one_issue.reason) == {1: "all weights are zero"}
    position[:, :, 0] = np.nan
    no_stance = run(inputs(position))
    assert np.isnan(no_stance.settlement).tolist() == [[True, False]]
    assert dict(no_stance.reason) == {0: "no actor has a stance"}


def some_draws_without_weight_leave_the_others_be(run: Run):
    given = sampled(draws=6)
    capability = given.capability.copy()
    capability[2] = 0.0
    found = run(replace(given, capability=capability))
    assert np.isnan(found.settlement[2]).all()
    rest = [0, 1, 3, 4, 5]
    same(found.settlement[rest], run(given).settlement[rest])
    assert set(found.reason) == {0, 1, 2}


def an_actor_without_capability_does_no_harm(run: Run):
    found = run(inputs([[[10.0], [20.0], [90.0]]], capability=[1.0, 2.0, 0.0]))
    assert 10 <= found.settlement.item() <= 90 and not found.reason


def empty_inputs_give_empty_results(run: Run):
    assert run(inputs(np.empty((0, 3, 2)))).settlement.shape == (0, 2)
    assert run(inputs(np.empty((2, 3, 0)))).settlement.shape == (2, 0)
    nobody = run(inputs(np.empty((2, 0, 1))))
    assert np.isnan(nobody.settlement).all() and nobody.settlement.shape == (2, 1)
    assert nobody.reason[0] == "no actor has a stance"


def the_trajectory_opens_with_the_stances(run: Run):
    given = sampled(draws=9)
    found = run(given, keep_trajectory=True)
    same(found.settlement, run(given).settlement)
    if found.trajectory is None:
        assert found.moves is None
        return
    assert found.moves is not None
    path = found.trajectory
    assert path.shape[1:] == given.position.shape and len(path) == len(found.moves) + 1
    same(path[0], given.position)
    assert (np.isnan(path) == np.isnan(given.position)).all()
    for t, moves in enumerate(found.moves):
        moved = np.zeros(given.position.shape, dtype=bool)
        for move in moves:
            moved[move.draw, move.actor, move.issue] = True
            assert path[t, move.draw, move.actor, move.issue] == move.before
            assert path[t + 1, move.draw, move.actor, move.issue] == move.after
        same(path[t + 1][~moved], path[t][~moved])
    nothing = run(inputs(np.empty((0, 3, 2))), keep_trajectory=True)
    assert nothing.trajectory is not None and nothing.trajectory.shape == (1, 0, 3, 2)


APART, TOGETHER = issues_do_not_mix, order_of_issues_does_not_matter  # checks of models that are not, or are, joint

CHECKS = [
    repeats,
    leaves_its_inputs_alone,
    one_draw_is_a_slice_of_many,
    repeated_draws_agree,
    issues_do_not_mix,
    order_of_issues_does_not_matter,
    an_issue_that_nobody_cares_about_changes_nothing,
    order_of_actors_does_not_matter,
    unit_of_capability_does_not_matter,
    scale_may_be_shifted_and_stretched,
    settles_within_the_stances,
    those_without_stance_or_salience_do_not_count,
    everyone_at_one_position_settles_there,
    one_actor_settles_where_it_stands,
    without_weight_there_is_no_settlement,
    some_draws_without_weight_leave_the_others_be,
    an_actor_without_capability_does_no_harm,
    empty_inputs_give_empty_results,
    the_trajectory_opens_with_the_stances,
]
