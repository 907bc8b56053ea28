"""What each model says that it takes for granted, held against what it does when its input is changed."""

from dataclasses import replace

import numpy as np
import pytest

from detente.outcome import registry
from detente.outcome.challenge_kernel import _win
from detente.outcome.model import ALONE, BOTH_WEIGHTS, FAR, MOVED, NO_CONTEST, NO_FAILURE, SIDE, STILL, TOGETHER

from .conformance import inputs

# Every model under its defaults, and under each choice that changes an answer.
RUNS = [(name, {}) for name in registry.names()] + [
    (name, {option: choice}) for name in registry.names() for option, choice in registry.get(name).assumes_with
]
every = pytest.mark.parametrize(("name", "choice"), RUNS)


def draws(k=1, choice=()):
    """150 draws of five actors with positions on the whole scale, in no order, and reference points inside it.

    Where everybody must gain on the status quo, it lies below all of them.
    """
    rng = np.random.default_rng(5)
    position = rng.uniform(1, 99, (150, 5, k))
    position[:, 0], position[:, -1] = 0, 100
    given = inputs(
        rng.permuted(position, axis=1),
        salience=rng.uniform(0.2, 1, (150, 5, k)),
        capability=rng.uniform(1, 10, (150, 5)),
        status_quo=rng.uniform(10, 90, (150, k)),
    )
    if "status-quo" in dict(choice).values():
        return replace(given, position=40 + 0.6 * given.position, status_quo=0.2 * given.status_quo)
    return given


def settled(name, given, choice, **more):
    return registry.get(name).run(given, **choice, **more).settlement


def same(found, expected):
    return np.allclose(found, expected, rtol=0, atol=1e-6)


def says(name, choice):
    return registry.get(name).assumptions(choice)


def bent(values):
    """An order-preserving change of the scale that keeps its ends."""
    return 100 * (np.asarray(values) / 100) ** 2


@every
def test_what_the_settlement_follows(name, choice):
    given = draws(choice=choice)
    run = registry.get(name).run(given, keep_trajectory=True, **choice)
    after = settled(name, replace(given, position=bent(given.position), status_quo=bent(given.status_quo)), choice)
    by_order = same(after, bent(run.settlement))
    at_a_stand = np.isclose(run.settlement[:, None], run.trajectory[-1], atol=1e-6).any(1).all() if run.moves else None
    match says(name, choice)["distance"]:
        case answer if answer == SIDE:
            assert by_order
        case answer if answer == MOVED:
            assert not by_order and at_a_stand
            # the order decides once nobody moves any more
            bends = replace(given, position=bent(given.position))
            assert same(settled(name, bends, choice, rounds=0), bent(settled(name, given, choice, rounds=0)))
        case answer:
            assert answer == FAR and not by_order


@every
def test_whether_actors_move(name, choice):
    model, answer = registry.get(name), says(name, choice)["moves"]
    one, two = (model.run(draws(k, choice), keep_trajectory=True, **choice) for k in (1, 2))
    assert bool(two.moves and any(two.moves)) == (answer != STILL) == model.moves_positions
    assert bool(two.exchanges) == ("trade" in answer) and not (one.exchanges and any(one.exchanges))
    assert bool(two.bargains) == ("bargain" in answer)


@every
def test_what_gives_an_actor_weight(name, choice):
    given, answer = draws(choice=choice), says(name, choice)["weight"]
    swap = np.random.default_rng(8).uniform(0.5, 1, given.capability.shape)
    traded = replace(given, capability=given.capability / swap, salience=given.salience * swap[:, :, None])
    careless = replace(given, salience=given.salience * swap[:, :, None])
    # with the same product of both nothing changes, where the product is all that counts
    if answer == BOTH_WEIGHTS:
        assert same(settled(name, traded, choice), settled(name, given, choice))
    elif answer == "capability alone":
        assert same(settled(name, careless, choice), settled(name, given, choice))
    elif answer == f"{BOTH_WEIGHTS} in the votes, salience alone in resisting":
        assert same(settled(name, traded, choice, rounds=0), settled(name, given, choice, rounds=0))
        assert not same(settled(name, traded, choice), settled(name, given, choice))
    elif answer == f"{BOTH_WEIGHTS} in the outcome, salience alone in what a trade is worth":
        # with one issue there is no trade
        assert same(settled(name, traded, choice), settled(name, given, choice))
        two = draws(2)
        traded = replace(two, capability=two.capability / swap, salience=two.salience * swap[:, :, None])
        assert not same(settled(name, traded, choice), settled(name, two, choice))
    else:
        assert answer == "capability alone in the votes, salience in the bargains"
        assert not same(settled(name, careless, choice), settled(name, given, choice))
        assert same(settled(name, careless, choice, turns=0), settled(name, given, choice, turns=0))
    assert not same(
        settled(name, replace(given, capability=given.capability[:, ::-1]), choice), settled(name, given, choice)
    )


@every
def test_whether_one_issue_bears_on_another(name, choice):
    given, answer = draws(2, choice), says(name, choice)["linked"]
    position = given.position.copy()
    position[:, :, 1] = 100 - position[:, :, 1] ** 2 / 100
    alike = same(settled(name, replace(given, position=position), choice)[:, 0], settled(name, given, choice)[:, 0])
    assert answer == (ALONE if alike else TOGETHER) and registry.get(name).joint == (not alike)


@every
def test_what_failing_is_worth(name, choice):
    given, answer = draws(choice=choice), says(name, choice)["failure"]
    elsewhere = replace(given, status_quo=0.7 * given.status_quo)
    now, then = settled(name, given, choice), settled(name, elsewhere, choice)
    if "reference point" in answer:
        assert same(settled(name, given, choice, quota=1), given.status_quo), "with both ends against it, it stays"
        assert not same(settled(name, elsewhere, choice, quota=0.9), settled(name, given, choice, quota=0.9))
    elif "status quo" in answer:
        away = [np.abs(given.position[:, :, 0] - at) for at in (now, given.status_quo)]
        assert not same(now, then) and (away[0] <= away[1] + 1e-6).all() and np.isfinite(now).all()
    else:
        assert same(now, then)
    if "level" in answer:
        assert not same(settled(name, given, choice, level=-3), now)
    elif answer == "no more than any outcome on the scale":
        assert same(settled(name, given, {"disagreement": "given"}, level=0), now), "a scale away is worth 0"
    else:
        assert answer == NO_FAILURE or "stay" in answer


@every
def test_what_comes_of_a_challenge(name, choice):
    model, answer, given = registry.get(name), says(name, choice)["contest"], draws()
    run = model.run(given, keep_trajectory=True, **choice)
    challenges = any(move.maker != move.actor and move.kind != "bargain" for turn in run.moves or () for move in turn)
    assert challenges == ("odds" in answer)
    if "bargain" in answer:
        met = [bargain for turn in run.bargains for bargain in turn]
        assert {(one.initiator_took, one.receiver_took) for one in met} == {(a, b) for a in (0, 1) for b in (0, 1)}
    elif not challenges:
        assert answer == NO_CONTEST and not run.bargains


def odds(weight, positions, pairwise):
    loss, win = np.abs(np.subtract.outer(positions, positions)), np.empty((len(weight), len(weight)))
    _win(np.asarray(weight, float), pairwise, loss, win)
    return win


def test_the_odds_of_a_vote_between_two_and_those_spread_over_all_pairs():
    weight, at = [3.0, 1.0, 2.0], np.array([0.0, 0.4, 1.0])
    more, there = [*weight, 0.0], np.array([*at, 0.7])  # one without a vote
    said = {name: says(name, {})["contest"] for name in registry.names()}
    assert [name for name in said if "vote between the two" in said[name]] == ["expected-utility", "challenge"]
    assert [name for name in said if "all pairs" in said[name]] == ["expected-utility-scholz"]
    assert same(odds(more, there, True)[:3, :3], odds(weight, at, True))
    assert (odds(more, there, False)[:3, :3].sum()) < odds(weight, at, False).sum()


def test_challenge_takes_the_offer_that_asks_least():
    given = draws()
    first = {
        name: np.abs(np.diff(registry.get(name).run(given, keep_trajectory=True, rounds=1).trajectory, axis=0)[0])
        for name in ("challenge", "expected-utility")
    }
    assert (first["challenge"] <= first["expected-utility"] + 1e-6).all()
    assert (first["challenge"] < first["expected-utility"] - 1).any()
