"""Leverage through every decision model: tipping, sensitivity, comparison, explanation and ties are asked of each."""

import numpy as np
import pytest

from detente import api
from detente.analysis.study import Study
from detente.outcome import registry

FILE = """
detente: 1
id: river
title: A river treaty
as_of: 2024-06-01
actors:
  upstream: {name: Upstream, role: belligerent, capability: {low: 30, mode: 40, high: 50}}
  downstream: {name: Downstream, role: belligerent, capability: {low: 30, mode: 35, high: 45}}
  bank: {name: Development bank, role: bystander, capability: {low: 10, mode: 20, high: 30}}
issues:
  flow: {name: Water let through, scale: {0: none, 100: all}, status_quo: 20}
  money: {name: Who pays, scale: {0: upstream, 100: downstream}, status_quo: 10}
stances:
  - {actor: upstream, issue: flow, position: {low: 0, high: 20}, salience: 0.3, since: 2024-01-01}
  - {actor: upstream, issue: money, position: {low: 80, high: 100}, salience: 0.9, since: 2024-01-01}
  - {actor: downstream, issue: flow, position: {low: 80, high: 100}, salience: 0.9, since: 2024-01-01}
  - {actor: downstream, issue: money, position: {low: 0, high: 20}, salience: 0.3, since: 2024-01-01}
  - {actor: bank, issue: flow, position: {low: 50, high: 70}, salience: 0.4, since: 2024-01-01}
  - {actor: bank, issue: money, position: {low: 40, high: 60}, salience: 0.5, since: 2024-01-01}
talks:
  required: [upstream, downstream]
"""
DRAWS = 40


@pytest.fixture
def file(tmp_path):
    def made(text=FILE, name="river.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return made


def median(study, model, issue=1, **changes):
    block = study.block(0)
    settled = (block.with_overrides(changes) if changes else block).outcome(model).settlement[:, issue]
    return settled


@pytest.mark.parametrize("model", registry.names())
def test_tipping_a_model(file, model):
    study = Study(api.situation(file()), draws=DRAWS)
    path, above = "actors.bank.capability", 55.0
    found = api.tip(study, path, measure=f"outcome.{model}.money", above=above, limits=(0.0, 100.0))
    now = median(study, model) >= above
    assert found.already == pytest.approx(now.mean())
    assert found.already + found.reached + found.out_of_reach == pytest.approx(1)
    for point in (found.curve[0], found.curve[-1]):
        level = {path: point.level}
        assert point.p == pytest.approx((median(study, model, **level) >= above).mean())
    words = " ".join(found.sentences())
    assert f"the {model} outcome on Who pays is 55 or more" in words.replace("The ", "the ")


@pytest.mark.parametrize("model", ["exchange", "spatial", "challenge", "pivot", "nash-bargaining"])
def test_sensitivity_of_a_model(file, model):
    found = api.sensitivity(file(), measure=f"outcome.{model}.money", draws=DRAWS, base=16)
    paths = {row.path for row in found.inputs}
    assert "actors.bank.capability" in paths and "stances.upstream.money.position" in paths
    assert all(np.isfinite(row.total.value) for row in found.inputs)
    assert any(row.total.value > 0.05 for row in found.inputs)


@pytest.mark.parametrize("model", ["exchange", "spatial", "challenge", "pivot", "nash-bargaining"])
def test_comparing_by_a_model(file, model):
    one = file()
    two = file(
        FILE.replace("id: river", "id: other").replace("low: 10, mode: 20, high: 30", "low: 60, mode: 70, high: 80"),
        "two.yaml",
    )
    found = api.compare(one, two, measure=[f"outcome.{model}.money"], draws=DRAWS)
    answer = found.answers[f"outcome.{model}.money"]
    settled = [np.nanmean(median(Study(api.situation(f), draws=DRAWS), model)) for f in (one, two)]
    assert answer.difference["mean"] == pytest.approx(settled[1] - settled[0], abs=1e-9)
    share = sum(part["value"] for part in found.contributions[f"outcome.{model}.money"].values())
    assert share == pytest.approx(answer.difference["mean"], abs=1e-9)


@pytest.mark.parametrize("model", ["exchange", "spatial", "challenge", "pivot"])
def test_explaining_a_party_that_expects_a_models_settlement(file, model):
    study = Study(api.situation(file(FILE + f"  settlement: {model}\n")), draws=DRAWS)
    found = api.explain(study, "upstream")
    assert found.to_dict()["terms"]
    ready = study.block(0).readiness.settlement
    expected = np.where(np.isnan(median(study, model)), 10.0, median(study, model))
    np.testing.assert_allclose(ready[:, 1], expected)


def test_influence_between_actors_reaches_the_spatial_model(file):
    text = FILE.replace(
        "talks:", "ties:\n  - {from: bank, to: upstream, kind: influences, share: {low: 0.3, high: 0.6}}\ntalks:"
    )
    plain, tied = Study(api.situation(file()), draws=DRAWS), Study(api.situation(file(text, "tied.yaml")), draws=DRAWS)
    assert plain.block(0).outcome_inputs.accommodation is None
    heeds = tied.block(0).outcome_inputs.accommodation
    assert heeds.shape == (DRAWS, 3, 3) and (heeds[:, 0, 2] >= 0.3).all()
    np.testing.assert_allclose(heeds.sum(axis=2), 1)
    for model in ("spatial", "spatial-ktab"):
        assert not np.allclose(median(plain, model), median(tied, model))
    share = "ties.bank.upstream.influences.share"
    least, most = (median(tied, "spatial", **{share: level}) for level in (0.0, 1.0))
    assert not np.allclose(least, most)
    found = api.tip(tied, share, measure="outcome.spatial.money", above=float(np.median(least + most) / 2))
    assert found.already + found.reached + found.out_of_reach == pytest.approx(1)


def test_backing_counts_in_every_model_where_it_is_asked_to(file):
    text = FILE.replace("talks:", "ties:\n  - {from: bank, to: upstream, kind: backs, share: 0.9}\ntalks:")
    for model in ("exchange", "spatial", "challenge", "pivot", "nash-bargaining"):
        own, backed = (
            Study(api.situation(file(text)), draws=DRAWS, count_backing=count).block(0).outcome(model).settlement
            for count in (False, True)
        )
        assert not np.array_equal(own, backed)


@pytest.mark.parametrize("model", ["exchange", "spatial-ktab", "challenge", "pivot"])
def test_any_model_is_scored(file, model):
    text = FILE + "outcome:\n  issues: {money: 60}\n"
    found = api.score(file(text), models=[model], draws=DRAWS)
    (case,) = found.cases
    estimate = {e.measure: e for e in case.estimates}[f"outcome.{model}.money"]
    assert estimate.happened == 60 and "outcome.mean.money" not in {e.measure for e in case.estimates}
    assert estimate.value == pytest.approx(np.nanmean(median(Study(api.situation(file(text)), draws=DRAWS), model)))
