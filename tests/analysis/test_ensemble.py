"""The run: golden central values, the same bytes for any workers, intervals, warnings, missing models."""

import dataclasses
import json
import math
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from detente.analysis.compare import compare
from detente.analysis.ensemble import run
from detente.analysis.sensitivity import sensitivity
from detente.analysis.study import Study
from detente.analysis.tipping import tip
from detente.errors import UsageError
from tests.situations import GOLDEN, golden, uncertain


@pytest.mark.parametrize("case", range(4), ids=[c["name"] for c in GOLDEN["cases"]])
def test_central_run_is_the_golden_case(case):
    expected = GOLDEN["cases"][case]["central"]
    found = run(Study(golden(case), central=True, draws=10), models=["readiness"]).to_dict()["talks"]
    for actor, party in expected["parties"].items():
        got = found["parties"][actor]
        assert got["margin"]["mean"] == pytest.approx(party["margin"], abs=1e-9)
        assert got["fighting_on"]["mean"] == pytest.approx(party["W"], abs=1e-9)
        assert got["comes"]["p"] == float(party["comes"])
        for term, value in party["terms"].items():
            # The fixture gives every actor the lever's term; ours gives it to all actors alike.
            assert got["terms"][term]["mean"] == pytest.approx(value, abs=1e-9)
    for issue, value in expected["settlement"].items():
        assert found["settlement"][issue]["mean"] == pytest.approx(value, abs=1e-9)
    for name in ("convene", "hurting_stalemate", "way_out", "ripe"):
        assert found[name]["p"] == float(expected[name])


@pytest.mark.parametrize("case", range(4), ids=[c["name"] for c in GOLDEN["cases"]])
def test_rounds_of_a_central_run_are_the_golden_shares(case):
    expected = GOLDEN["cases"][case]["rounds"]
    found = run(Study(golden(case), central=True, draws=4000), models=["readiness", "rounds"]).to_dict()["rounds"]
    for name in ("agreement", "collapse", "expiry"):
        assert found[name]["p"] == pytest.approx(expected[name], abs=0.03)
    assert found["median_collapse_month"] == pytest.approx(expected["median_collapse_month"], abs=1)
    assert found["terms"]["transition"]["mean"] == pytest.approx(expected["mean_terms_transition"], abs=0.4)
    assert found["collapsed_by_month"][-1] == pytest.approx(found["collapse"]["p"])


def test_what_each_party_accepts_is_its_interval_of_the_bargaining_range():
    study = Study(uncertain(), draws=500)
    block = study.block(0)
    found = run(study, models=["readiness"]).to_dict()["talks"]
    assert found["required"]
    for k, issue in enumerate(block.situation.issues):
        accepts = found["bargaining_range"][issue]["accepts"]
        assert list(accepts) == found["required"]
        for actor, ends in accepts.items():
            i = block.situation.actors.index(actor)
            for end, values in (("low", block.bargaining_range.party_low), ("high", block.bargaining_range.party_high)):
                met = values[:, i, k][~np.isnan(values[:, i, k])]
                assert ends[end]["q50"] == (pytest.approx(np.median(met)) if met.size else None)


def test_terms_add_up_to_the_margin():
    talks = run(Study(uncertain(), draws=500), models=["readiness"]).to_dict()["talks"]
    for party in talks["parties"].values():
        assert math.fsum(t["mean"] for t in party["terms"].values()) == pytest.approx(
            party["margin"]["mean"], abs=1e-12
        )


def test_same_bytes_for_any_workers():
    study = Study(uncertain(), draws=12_000)
    alone = run(study).to_json()
    assert run(study, workers=2).to_json() == alone
    assert run(study, workers=3).to_json() == alone
    with ThreadPoolExecutor(2) as threads:
        assert run(study, executor=threads).to_json() == alone


def test_same_bytes_over_processes():
    study = Study(uncertain(), draws=6_000)
    with ProcessPoolExecutor(2) as processes:
        assert (
            run(study, models=["readiness", "mean"], executor=processes).to_json()
            == run(study, models=["readiness", "mean"]).to_json()
        )


def test_every_question_over_processes():
    study = Study(uncertain(), draws=60)
    with ProcessPoolExecutor(1) as processes:
        assert tip(study, "talks.kept", executor=processes).to_json() == tip(study, "talks.kept").to_json()
        assert sensitivity(study, base=16, executor=processes).to_json() == sensitivity(study, base=16).to_json()
        two = [study, Study(uncertain(**{"talks.success": 0.3}), draws=60)]
        chosen = ["convene", "agreement"]
        over = compare(two, measure=chosen, executor=processes)
        assert over.to_json() == compare(two, measure=chosen).to_json()


def test_seed_zero_is_a_seed():
    assert run(Study(uncertain(), draws=200, seed=0)).to_json() != run(Study(uncertain(), draws=200, seed=1)).to_json()


def test_json_has_twelve_digits_and_no_nan():
    text = run(Study(uncertain(), draws=300)).to_json()
    assert "NaN" not in text
    for value in json.loads(text)["outcomes"]["mean"]["transition"].values():
        assert float(f"{value:.12g}") == value


def test_few_draws_are_warned_of():
    assert any("draws are few" in w for w in run(Study(uncertain(), draws=100), models=["readiness"]).warnings)
    assert not any("draws are few" in w for w in run(Study(uncertain(), draws=2000), models=["readiness"]).warnings)


def test_without_talks_the_talks_models_are_missing():
    bare = dataclasses.replace(golden(), has_talks=False)
    result = run(Study(bare, draws=10))
    assert result.talks is None and result.rounds is None
    assert result.missing == {"readiness": "talks", "rounds": "talks"}
    assert result.outcomes["mean"]["transition"].mean is not None


def test_one_required_party_has_no_rounds():
    alone = dataclasses.replace(golden(), required=("damascus",))
    assert run(Study(alone, draws=10)).missing == {"rounds": "talks.required"}


def test_unknown_model_is_named_with_its_neighbour():
    with pytest.raises(UsageError, match=r"did you mean median\?"):
        run(Study(golden(), draws=1), models=["medain"])


def test_counting_backing_changes_outcomes():
    plain = run(Study(golden(), central=True), models=["mean"]).outcomes["mean"]["transition"].mean
    backed = run(Study(golden(), central=True, count_backing=True), models=["mean"]).outcomes["mean"]["transition"].mean
    assert plain != backed


@pytest.mark.parametrize("bad", [{"draws": 0}, {"seed": -1}, {"method": "sobol"}])
def test_bad_settings_are_refused(bad):
    with pytest.raises(UsageError):
        run(Study(golden(), **bad), models=["mean"])


def test_what_is_told_of_talks_that_convene_is_counted_in_the_draws_in_which_they_do():
    study = Study(uncertain(), draws=2000)
    found = run(study, models=["readiness", "rounds"])
    evaluation = study.block(0)
    ready, played, given = evaluation.readiness, evaluation.rounds, evaluation.readiness.convene
    assert 0 < given.sum() < 2000
    told = found.rounds.given_convened
    for i, actor in enumerate(study.situation.actors):
        if actor in study.situation.required:
            assert told.walked_out[actor].p == pytest.approx(played.walked[given, i].mean())
    months = played.month[given & played.collapse]
    assert told.median_collapse_month == (np.median(months) if len(months) else None)
    assert found.talks.convene_unripe.p == pytest.approx((given & ~ready.ripe).mean())
