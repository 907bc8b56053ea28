"""Where the models disagree: the pair, the distance and the assumption come from the draws."""

import numpy as np
import pytest

from detente import api
from detente.analysis.disagreement import disagreement
from detente.outcome import registry
from detente.outcome.model import ASSUMPTIONS
from detente.report.sentences import disagreement_sentence, issue_disagreement

TOLD = {
    "a": {"moves": "no", "weight": "c"},
    "b": {"moves": "no", "weight": "s"},
    "c": {"moves": "yes", "weight": "c"},
    "d": {"moves": "yes", "weight": "s"},
}


def at(**medians):
    return {model: np.full(5, value) for model, value in medians.items()}


def test_the_pair_furthest_apart_and_what_sorts_all():
    found = disagreement(at(a=10.0, b=12.0, c=50.0, d=52.0), TOLD)
    assert (found.between, found.distance, found.same_way) == (("a", "d"), 42, 1)
    assert (found.assumption, found.answers) == ("moves", ("no", "yes"))
    # by hand: within 2 + 2 over 2 degrees of freedom, in all 1604 over 3
    assert found.sorts == pytest.approx(1 - (4 / 2) / (1604 / 3))
    swapped = disagreement(at(a=10.0, b=50.0, c=12.0, d=52.0), TOLD)
    assert swapped.assumption == "weight"


def test_an_assumption_the_pair_shares_is_not_named():
    found = disagreement(at(a=10.0, b=90.0, c=11.0, d=89.0), TOLD)
    assert found.between == ("a", "b") and found.assumption == "weight"


def test_two_models_are_not_sorted_and_one_does_not_disagree():
    found = disagreement(at(a=1.0, c=2.0), TOLD)
    assert found.assumption == "moves" and found.sorts is None
    assert disagreement(at(a=1.0), TOLD) is None
    assert disagreement({"a": np.full(3, np.nan), "b": np.zeros(3)}, TOLD) is None


def test_draws_in_which_the_second_lies_above_are_paired():
    settled = {"a": np.array([0.0, 5.0, 1.0, np.nan]), "b": np.array([9.0, 4.0, 8.0, 1.0])}
    assert disagreement(settled, TOLD).same_way == pytest.approx(2 / 3)


@pytest.mark.parametrize("name", registry.names())
def test_every_model_states_every_assumption(name):
    model = registry.get(name)
    assert list(model.assumptions({})) == list(ASSUMPTIONS) and all(model.assumptions({}).values())
    choices = {(o.name, choice) for o in model.options for choice in o.choices}
    assert set(model.assumes_with) <= choices


def test_settings_change_what_is_assumed():
    nash = registry.get("nash-bargaining")
    assert nash.assumptions({}) != nash.assumptions({"disagreement": "status-quo"})


def test_the_sentence_of_a_run():
    result = api.run("ec-emissions-1994", draws=200, models=["mean", "median", "nash-bargaining", "expected-utility"])
    found = result.to_dict()
    ((issue, told),) = [(i, t) for i, t in found["disagreement"].items() if t]
    medians = {m: result.outcomes[m][issue].q50 for m in result.outcomes}
    assert told["distance"] == pytest.approx(max(medians.values()) - min(medians.values()))
    text = disagreement_sentence(result._situation, found)
    assert text in result.sentences() and text.count("models") >= 1
    for model in told["between"]:
        assert model in text or "agree on" in text


def test_the_words_follow_the_figures():
    result = api.run("ec-emissions-1994", draws=50, models=["mean", "median", "nash-bargaining"])
    found = result.to_dict()
    (issue,) = found["disagreement"]
    low, high = result._situation.scales[issue]
    told = {
        "between": ("mean", "median"),
        "medians": (low, high),
        "distance": high - low,
        "same_way": 1.0,
        "assumption": "distance",
        "answers": ("how far", "order"),
        "sorts": 0.71,
    }

    def say(**changes):
        return issue_disagreement(result._situation, {**found, "disagreement": {issue: told | changes}}, issue)

    assert "accounts for 71 % of their spread" in say() and "in every draw" in say()
    assert "no assumption in which they differ sorts" in say(sorts=-0.2)
    assert "under mean how far, under median order." in say(sorts=None)
    assert "formulas alone" in say(assumption=None, answers=None)
    assert "agree on" in say(distance=0.001 * (high - low))
