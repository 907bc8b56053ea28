"""Comparison: contributions add up, agree with the definition, and appear for what only one side has."""

import dataclasses
from itertools import permutations

import numpy as np
import pytest

from detente import api
from detente.analysis.compare import compare
from detente.analysis.study import Study
from detente.errors import UsageError
from tests.situations import golden, uncertain

OTHER = {
    "actors.isis.capability": {"low": 5, "high": 15},
    "stances.us.transition.position": {"low": 20, "mode": 30, "high": 60},
    "ties.russia.damascus.share": 0.3,
}
A, B = Study(uncertain(), draws=800), Study(uncertain(**OTHER), draws=800)


def test_contributions_add_up_to_the_difference():
    result = compare([A, B])
    assert set(result.contributions["convene"]) == set(OTHER)
    for name, parts in result.contributions.items():
        assert sum(p["value"] for p in parts.values()) == pytest.approx(
            result.answers[name].difference["mean"], abs=1e-12
        )


def test_contributions_are_shapley_values_by_their_definition():
    found = compare([A, B], measure=["margin.damascus"]).contributions["margin.damascus"]
    a, b = A.block(0), B.block(0)
    effect = dict.fromkeys(OTHER, 0.0)
    orders = list(permutations(OTHER))
    for order in orders:
        changes = {}
        before = a.readiness.margin[:, 0].mean()
        for path in order:
            changes[path] = b.written(path)
            after = a.with_overrides(changes).readiness.margin[:, 0].mean()
            effect[path] += (after - before) / len(orders)
            before = after
    for path, value in effect.items():
        assert found[path]["value"] == pytest.approx(value, abs=1e-12)


def test_many_differences_are_sampled_and_still_add_up():
    paths = [f"actors.{x}.audience_cost" for x in ("damascus", "opposition", "us", "iran", "russia", "allies")]
    many = Study(
        uncertain(**OTHER, **dict.fromkeys(paths[1:], 0.02), **{paths[0]: 0.01, "talks.success": 0.3}), draws=200
    )
    result = compare([Study(uncertain(), draws=200), many], measure=["margin.damascus", "convene"])
    assert not result.exact
    for name, parts in result.contributions.items():
        assert len(parts) == len(OTHER) + 7
        assert sum(p["value"] for p in parts.values()) == pytest.approx(
            result.answers[name].difference["mean"], abs=1e-9
        )


def test_a_scenario_does_not_differ_from_itself():
    result = compare([A, A])
    assert result.inputs == [] and result.contributions == {}
    assert all(not a.exceeds_noise for a in result.answers.values())


def test_a_stance_and_a_rule_on_one_side_only():
    gone = dataclasses.replace(
        uncertain(),
        stances={k: v for k, v in uncertain().stances.items() if k != ("iran", "sequence")},
        numbers={k: v for k, v in uncertain().numbers.items() if not k.startswith("stances.iran.sequence")},
        required=("damascus", "opposition", "iran"),
    )
    result = compare([A, Study(gone, draws=800)], measure=["convene", "settlement.sequence"])
    assert set(result.contributions["convene"]) == {"stances.iran.sequence", "talks.required"}
    for name, parts in result.contributions.items():
        assert sum(p["value"] for p in parts.values()) == pytest.approx(
            result.answers[name].difference["mean"], abs=1e-12
        )
    assert {"path": "stances.iran.sequence.position", "values": [90.0, None]} in result.inputs


def test_differences_are_paired():
    """On common draws a difference is known far better than either side."""
    wide = compare([A, B], measure=["margin.damascus"]).answers["margin.damascus"].difference
    a, b = (s.block(0).readiness.margin[:, 0] for s in (A, B))
    assert wide["mean"] == pytest.approx((b - a).mean())
    assert wide["high"] - wide["low"] == pytest.approx(2 * 1.959963984540054 * (b - a).std(ddof=1) / np.sqrt(800))


def test_mistakes_say_what_to_do():
    with pytest.raises(UsageError, match="two or more"):
        compare([A])
    with pytest.raises(UsageError, match="drawn differently"):
        compare([A, Study(golden(), draws=5)])
    with pytest.raises(UsageError, match="measure"):
        compare([A, B], measure=["nothing"])


def test_scenarios_with_no_issue_in_common_are_told_so():
    with pytest.raises(UsageError, match=r"no issue in common \(syria-2015 has .*; ec-emissions-1994 has delay\)"):
        api.compare("syria-2015", "ec-emissions-1994", draws=10)
    with pytest.raises(UsageError, match="compare: chicken has no issues; expected --measure"):
        api.compare("chicken", "syria-2015", draws=10)
