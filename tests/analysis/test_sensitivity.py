"""Sobol indices: the published Ishigami values, the definition by brute force, groups, chance."""

import dataclasses
import math

import numpy as np
import pytest

from detente.analysis.sensitivity import CHANCE, base_samples, sensitivity, sobol
from detente.analysis.study import Study
from detente.errors import UsageError
from tests.situations import uncertain


def ishigami(u):
    """Ishigami & Homma (1990) with a = 7, b = 0.1, on [-pi, pi]^3."""
    x = -math.pi + 2 * math.pi * u
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigami():
    """Published indices (Saltelli et al. 2008, *Global Sensitivity Analysis*): S .3139 .4424 0, T .5576 .4424 .2437."""
    first, total = sobol(ishigami, 3, base=4096)
    assert [i.value for i in first] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert [i.value for i in total] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    for index in (*first, *total):
        assert index.low - 0.01 <= index.value <= index.high + 0.01


def test_values_are_scipys():
    """An independent statement of the same estimators."""
    from scipy.stats import sobol_indices

    from detente.analysis.sensitivity import sobol_design, sobol_from

    a, b = sobol_design([1, 1, 1], 512, 0)
    mixed = []
    for column in range(3):
        ab = a.copy()
        ab[:, column] = b[:, column]
        mixed.append(ishigami(ab))
    f_a, f_b, f_ab = ishigami(a), ishigami(b), np.stack(mixed)
    theirs = sobol_indices(func={"f_A": f_a[None], "f_B": f_b[None], "f_AB": f_ab[:, None]}, n=512)
    first, total = sobol_from(f_a, f_b, f_ab)
    assert [i.value for i in first] == pytest.approx(np.ravel(theirs.first_order), abs=0.01)
    assert [i.value for i in total] == pytest.approx(np.ravel(theirs.total_order), abs=0.01)


def test_additive_function_has_no_interactions():
    first, total = sobol(lambda u: 3 * u[:, 0] + 4 * u[:, 1], 2, base=1024)
    assert [i.value for i in first] == pytest.approx([9 / 25, 16 / 25], abs=0.01)
    assert [i.value for i in total] == pytest.approx([9 / 25, 16 / 25], abs=0.01)


def test_a_constant_has_no_indices():
    first, _ = sobol(lambda u: np.ones(len(u)), 2, base=64)
    assert first[0].value is None


def test_margin_is_driven_by_the_audience_cost():
    """The audience cost enters the margin one for one, so its variance is its own share of the margin's."""
    study = Study(uncertain(), draws=4000)
    result = sensitivity(study, measure="margin.damascus", base=1024)
    top = result.inputs[0]
    assert top.path == "actors.damascus.audience_cost"
    block = Study(uncertain(), draws=5000).block(0)
    share = block.written(top.path).var() / block.readiness.margin[:, 0].var()
    assert top.first.value == pytest.approx(share, abs=0.05)
    assert top.swing["high"] < result.base < top.swing["low"]
    assert top.path in result.unsourced


def test_correlated_inputs_are_one_group():
    pair = ("actors.damascus.capability", "actors.isis.capability")
    situation = dataclasses.replace(uncertain(), correlations=((pair, 0.5),))
    result = sensitivity(Study(situation), measure="margin.damascus", base=128)
    assert " + ".join(pair) in [i.path for i in result.inputs]
    assert pair[0] not in [i.path for i in result.inputs]


def test_chance_is_an_input_of_the_rounds():
    result = sensitivity(Study(uncertain()), measure="agreement", base=256)
    assert CHANCE in [i.path for i in result.inputs]
    assert CHANCE not in [i.path for i in sensitivity(Study(uncertain()), base=64).inputs]


def test_same_bytes_for_any_workers():
    study = Study(uncertain())
    assert sensitivity(study, base=128).to_json() == sensitivity(study, base=128, workers=3).to_json()


@pytest.mark.parametrize("base", [3, 1000])
def test_base_must_be_a_power_of_two(base):
    with pytest.raises(UsageError, match="power of two"):
        sensitivity(Study(uncertain()), base=base)


def test_base_follows_draws():
    assert base_samples(10_000) == 4096
    assert base_samples(1) == 64
    assert base_samples(1000) == 256
