"""From drawn numbers to arrays: every name at its place."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from detente.errors import InputError
from detente.scenario.draws import outcome_inputs, talks_inputs
from detente.scenario.sampling import Sampler
from detente.scenario.situation import Lever
from tests.scenario.small import number, situation

ACTORS = ("a", "b", "un")
EACH = ("cost_of_fighting", "side_payment", "audience_cost", "betrayal_loss", "curvature", "concession")
TALKS = {
    "talks.success": {"low": 0.2, "high": 0.6},
    "talks.kept": 0.61,
    "talks.consent_softness": 0.05,
    "talks.decided_per_month": 0.01,
    "talks.discount": 0.99,
    "talks.decisiveness": 1.1,
    "talks.strength_drift": 0.03,
    "talks.walkout.rate": 0.4,
    "talks.walkout.threshold": 0.02,
    "talks.deadline": {"low": 12, "high": 36},
}


def whole(**changes):
    """Two belligerents and a mediator, two issues, a tie each way, a lever that bites one."""
    numbers = {
        "actors.a.capability": {"low": 20, "mode": 30, "high": 40},
        "actors.b.capability": 50,
        "actors.un.capability": 10,
        **{
            f"actors.{a}.{name}": 0.1 * i + 0.01 * j + 0.01 for i, a in enumerate(ACTORS) for j, name in enumerate(EACH)
        },
        "ties.un.a.share": 0.25,
        "ties.b.a.share": {"low": 0.1, "high": 0.2},
        "levers.l.level": {"low": 0, "high": 0.5},
        **TALKS,
    }
    made = situation(
        numbers | changes,
        ties=(("un", "a"), ("b", "a")),
        issues=("x", "y"),
        scales={"x": (0.0, 100.0), "y": (-5.0, 5.0)},
        stances=dict.fromkeys([("a", "x"), ("b", "x"), ("b", "y"), ("un", "y")]),
        roles={"a": "belligerent", "b": "belligerent", "un": "mediator"},
        required=("b", "a"),
        excluded=("a",),
        mediator="un",
        has_talks=True,
        actors=ACTORS,
    )
    more = [
        number("issues.x.status_quo", 95, 0, 100),
        number("issues.y.status_quo", {"low": -1, "high": 1}, -5, 5),
        number("stances.a.x.position", {"low": 0, "high": 10}, 0, 100),
        number("stances.a.x.salience", 0.9),
        number("stances.b.x.position", 80, 0, 100),
        number("stances.b.x.salience", 0.8),
        number("stances.b.y.position", -3, -5, 5),
        number("stances.b.y.salience", 0.7),
        number("stances.un.y.position", 0, -5, 5),
        number("stances.un.y.salience", 0.6),
    ]
    bite = dataclasses.replace(number("levers.l.raises.x", 0.006), path="levers.l.bite.b")
    levers = (Lever("l", "Pressure", (), (0.0, 1.0), ("b",), ()), Lever("m", "Other", (), (0.0, 1.0), (), ()))
    level = number("levers.m.level", 0.3, 0, 1)
    everything = {**made.numbers, **{n.path: n for n in (*more, bite, level)}}
    return dataclasses.replace(made, levers=levers, numbers=everything)


@pytest.fixture(scope="module")
def drawn():
    made = whole()
    return made, Sampler(made, draws=60).block(0)


def test_outcome_inputs(drawn):
    made, values = drawn
    inputs = outcome_inputs(made, values)
    assert inputs.draws == 60
    assert inputs.position.shape == inputs.salience.shape == (60, 3, 2)
    assert np.array_equal(inputs.position[:, 0, 0], values.used["stances.a.x.position"])
    assert inputs.position[7].tolist()[1:] == [[80, -3], pytest.approx([np.nan, 0], nan_ok=True)]
    assert inputs.salience[7].tolist() == [[0.9, 0], [0.8, 0.7], [0, 0.6]]
    assert np.array_equal(inputs.capability[:, 0], values.used["actors.a.capability"])
    assert inputs.capability[7, 1:].tolist() == [50, 10], "a mediator enters too"
    assert (inputs.status_quo[:, 0] == 95).all() and np.ptp(inputs.status_quo[:, 1]) > 1
    assert (inputs.low.tolist(), inputs.high.tolist()) == ([0, -5], [100, 5])
    arrays = [array for array in vars(inputs).values() if array is not None]
    assert all(array.flags.writeable and array.flags.c_contiguous for array in arrays)
    assert inputs.accommodation is None, "nobody has influence"


def test_effective_strength(drawn):
    made, values = drawn
    own, counted = (outcome_inputs(made, values, count_backing=c).capability for c in (False, True))
    backing = 0.25 * 10 + values.used["ties.b.a.share"] * 50
    assert counted[:, 0] == pytest.approx(own[:, 0] + backing)
    assert np.array_equal(counted[:, 1:], own[:, 1:]), "what a backer commits it does not lose"


def test_talks_inputs(drawn):
    made, values = drawn
    inputs = talks_inputs(made, values)
    for name, array in vars(inputs).items():
        if name not in ("low", "high", "belligerent", "required", "mediator"):
            assert array.shape[0] == 60, name
    names = ("base_cost", "side_payment", "audience_cost", "betrayal_loss", "curvature", "concession")
    for j, name in enumerate(names):
        assert getattr(inputs, name)[5] == pytest.approx([0.1 * i + 0.01 * j + 0.01 for i in range(3)])
    assert inputs.backing[5] == pytest.approx(
        np.array([[0, 0, 0], [values.used["ties.b.a.share"][5], 0, 0], [0.25, 0, 0]])
    )
    assert np.array_equal(inputs.lever_level[:, 0], values.used["levers.l.level"])
    assert inputs.bite[5].tolist() == [[0, 0.006, 0], [0, 0, 0]]
    assert np.array_equal(inputs.success, values.used["talks.success"])
    found = [getattr(inputs, name)[5] for name in ("kept", "consent_softness", "decided_per_month", "discount")]
    assert found == [0.61, 0.05, 0.01, 0.99]
    found = [
        getattr(inputs, name)[5] for name in ("decisiveness", "strength_drift", "walkout_rate", "walkout_threshold")
    ]
    assert found == [1.1, 0.03, 0.4, 0.02]
    assert inputs.deadline.dtype == np.int64 and 12 <= inputs.deadline.min() < inputs.deadline.max() <= 36
    assert inputs.belligerent.tolist() == [True, True, False]
    assert inputs.required.tolist() == [True, True, False]
    assert inputs.mediator == 2


def test_levers_reach_the_models():
    made = whole(**{"levers.l.raises.talks.kept": 0.2})
    levers = tuple(
        dataclasses.replace(lever, raises=("talks.kept",) if lever.id == "l" else ()) for lever in made.levers
    )
    made = dataclasses.replace(made, levers=levers)
    values = Sampler(made, draws=60).block(0)
    assert talks_inputs(made, values).kept == pytest.approx(0.61 + 0.2 * values.used["levers.l.level"])


def test_a_stance_taken_away(drawn):
    made, values = drawn
    changed = values.with_overrides({"stances.b.x.position": np.nan})
    inputs = outcome_inputs(made, changed)
    assert np.isnan(inputs.position[:, 1, 0]).all() and (inputs.salience[:, 1, 0] == 0).all()


def test_a_number_that_is_missing(drawn):
    made, values = drawn
    stripped = dataclasses.replace(values, used={k: v for k, v in values.used.items() if k != "talks.kept"})
    with pytest.raises(InputError, match=r"talks\.kept: found no number"):
        talks_inputs(made, stripped)


def test_no_actors_and_no_issues():
    made = situation({})
    inputs = outcome_inputs(made, Sampler(made, draws=3).block(0))
    assert inputs.position.shape == (3, 0, 0) and inputs.low.shape == (0,)
