"""Decision makers who see the strategic conflict in their own way: kept, used, and drawn with the rest."""

from __future__ import annotations

import numpy as np
import pytest

import detente
from detente.analysis import measures
from detente.analysis.study import Study
from detente.errors import InputError, UsageError
from detente.scenario.library import text_of
from detente.scenario.nodes import parse
from detente.scenario.read import build
from detente.scenario.resolve import situation

DILEMMA = text_of("prisoners-dilemma").split("\nexpect:")[0]
# The first suspect takes the second to be one who keeps silent whatever comes.
TRUSTING = DILEMMA + (
    "\n  views:\n    first:\n      preferences:\n        second: {priorities: [second-cooperates, first-cooperates]}\n"
)
HEAD = "detente: 1\nid: g\ntitle: G\nas_of: 2020-01-01\n"
BLIND = (
    HEAD
    + """game:
  decision_makers: {regime: {options: [escalate]}, rebels: {options: [talk]}}
  status_quo: []
  preferences:
    regime: {priorities: [{statement: escalate, probability: 0.25}, -escalate]}
    rebels: {priorities: [talk]}
  views:
    rebels: {unaware: [escalate], because: they do not think of it}
"""
)


def made(text):
    return situation(build(parse(text, "g.yaml")))


def test_what_one_takes_the_other_to_want():
    """YY holds since the other would punish; who does not expect that leaves it. NN stays for both."""
    found = detente.stability(made(TRUSTING), concepts=["nash", "seq"])
    assert found.equilibria["seq"].nonzero()[0].tolist() == [0, 3]
    assert found.hypergame.equilibria["seq"].nonzero()[0].tolist() == [0]
    assert found.hypergame.perceived["seq"][0].nonzero()[0].tolist() == [2]  # it defects, the other keeps silent
    assert found.hypergame.perceived["seq"][1].nonzero()[0].tolist() == [0, 3]
    told = " ".join(found.sentences())
    assert "First suspect expects, under nash, seq: #3 NY." in told
    assert found.to_dict()["hypergame"]["equilibria"]["seq"] == [0]


def test_states_that_one_does_not_see():
    found = detente.stability(made(BLIND), concepts=["nash"])
    seen = found.hypergame
    assert seen.unrecognised.tolist() == [[False] * 4, [False, True, False, True]]
    assert seen.surprises.any(axis=1).tolist() == [False, False]  # centrally the regime does not want it
    assert seen.equilibria["nash"].nonzero()[0].tolist() == [2]
    wanted = detente.stability(made(BLIND.replace("0.25", "0.75")), concepts=["nash"])
    assert wanted.hypergame.surprises[1].nonzero()[0].tolist() == [1, 3]
    assert not wanted.hypergame.equilibria["nash"].any()  # what all would settle on is not seen by one
    assert "Others, for their own good, can bring about what rebels does not see" in " ".join(wanted.sentences())


def test_the_measure_over_draws():
    now = made(BLIND)
    study = Study(now, draws=4000)
    measure = measures.measure(now, "hypergame.nash.NY")
    assert float(measure(study.block(0)).mean()) == pytest.approx(0.75, abs=0.001)
    tip = detente.tip(now, "game.preferences.regime.1.probability", measure="hypergame.nash.NY", draws=2000)
    assert tip.level_at_p50 == pytest.approx(0.5, abs=0.01)
    with pytest.raises(UsageError, match="of a game with views"):
        measures.measure(made(DILEMMA), "hypergame.nash.NN")


def test_without_views_of_its_own_a_hypergame_is_the_game():
    same = made(DILEMMA + "\n  views: {first: {unaware: []}}\n")
    found = detente.stability(same)
    for concept, which in found.hypergame.equilibria.items():
        assert np.array_equal(which, found.equilibria[concept])


def test_states_of_a_graph_form_game():
    text = text_of("elmira").split("\nexpect:")[0] + "\n  views: {local: {unaware: [9]}}\n"
    found = detente.stability(made(text), concepts=["nash"])
    assert found.hypergame.unrecognised[2].nonzero()[0].tolist() == [8]
    assert found.hypergame.equilibria["nash"].nonzero()[0].tolist() == [4, 7]


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("{rebel: {unaware: [talk]}}", "game.views.rebel: found rebel; expected a decision maker.*mean rebels"),
        ("{rebels: {unaware: [tlak]}}", r"unaware.0.: found tlak; expected an option"),
        ("{rebels: {preferences: {regime: {priorities: [q]}}}}", "found q; expected an option"),
        (
            "{rebels: {preferences: {regime: {priorities: [{statement: talk, probability: 0.5}]}}}}",
            "found a probability in a view; expected none",
        ),
    ],
)
def test_faults_of_views(view, told):
    with pytest.raises(InputError, match=told):
        build(parse(BLIND.split("  views:")[0] + f"  views: {view}\n", "g.yaml"))


def test_somebody_who_sees_nothing():
    with pytest.raises(InputError, match="found every state unseen"):
        detente.stability(made(BLIND.replace("unaware: [escalate]", "unaware: [escalate, -escalate]")))
