"""Sobol indices: the published Ishigami values, the definition by brute force, groups, chance."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
from scipy.special import ndtr

from detente.analysis import measures
from detente.analysis.sensitivity import CHANCE, base_samples, sensitivity, sobol
from detente.analysis.study import Evaluation, Study
from detente.errors import UsageError
from tests.situations import golden, uncertain


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


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_function_that_hardly_ever_changes_has_intervals():
    """Some resamples of its rows hold one value alone; they have no variance, and are left out."""
    first, total = sobol(lambda u: (u[:, 0] > 0.96).astype(float), 2, base=32)
    for index in (*first, *total):
        assert math.isfinite(index.low)
        assert math.isfinite(index.high)


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


POSITIONS = tuple(f"stances.{actor}.transition.position" for actor in ("damascus", "opposition", "us"))
SPREADS = (4.0, 7.0, 5.0)


def linear(rho, joined=POSITIONS[:2]):
    """A study whose weighted mean is linear in three normal positions; those in `joined` correlate."""
    ranges = {path: {"normal": [50, s]} for path, s in zip(POSITIONS, SPREADS, strict=True)}
    exact = {path: 0.5 for path in golden().numbers if path.endswith("transition.salience")}
    pairs = tuple((pair, rho) for pair in itertools.combinations(joined, 2))
    return Study(dataclasses.replace(golden(**ranges, **exact), correlations=pairs))


def weights(study):
    """What a position weighs in the mean: capability alone, for saliences are alike."""
    numbers = study.situation.numbers
    capability = {
        actor: numbers[f"actors.{actor}.capability"].quantity.central()
        for actor in study.situation.actors
        if f"stances.{actor}.transition.position" in numbers
    }
    return [capability[path.split(".")[1]] / sum(capability.values()) for path in POSITIONS]


@pytest.mark.parametrize("rho", [-0.8, -0.3, 0.4, 0.9])
@pytest.mark.parametrize("members", [2, 3])
def test_a_group_of_a_linear_gaussian_case_has_its_closed_form(rho, members):
    """Of Y = sum of w x the group's share is w' C w over its members, first and total alike."""
    if members == 3:
        rho = max(rho, -0.4)  # three cannot all be far from one another
    study = linear(rho, POSITIONS[:members])
    found = {i.paths: i for i in sensitivity(study, measure="outcome.mean.transition", base=4096).inputs}
    w, r = weights(study), 2 * math.sin(math.pi * rho / 6)
    parts = [a * s for a, s in zip(w, SPREADS, strict=True)]
    variance = {(): 0.0}
    for size in (1, members, 3):
        cross = sum(2 * r * a * b for a, b in itertools.combinations(parts[: min(size, members)], 2))
        variance[size] = sum(p**2 for p in parts[:size]) + (cross if size >= members else 0)
    group = found[POSITIONS[:members]]
    share = variance[members] / variance[3]
    assert group.first.value == pytest.approx(share, abs=0.01)
    assert group.total.value == pytest.approx(share, abs=0.01)
    if members == 2:
        assert found[POSITIONS[2:]].total.value == pytest.approx(1 - share, abs=0.01)


@pytest.mark.parametrize("rho", [-0.6, 0.6])
def test_a_group_swings_along_the_direction_in_which_it_moves(rho):
    """Two scores of correlation r: their axis has the variance 1 + |r|, shared alike, falling together if r > 0."""
    study = linear(rho)
    found = {i.paths: i for i in sensitivity(study, measure="outcome.mean.transition", base=64).inputs}
    w, r = weights(study), 2 * math.sin(math.pi * rho / 6)
    reach = 1.6448536269514722 * math.sqrt((1 + abs(r)) / 2)
    expected = 2 * reach * (w[0] * SPREADS[0] + math.copysign(1, rho) * w[1] * SPREADS[1])
    swing = found[POSITIONS[:2]].swing
    assert swing["high"] - swing["low"] == pytest.approx(expected, rel=1e-6)
    single = found[POSITIONS[2:]].swing
    assert single["high"] - single["low"] == pytest.approx(2 * 1.6448536269514722 * w[2] * SPREADS[2], rel=1e-6)


def test_a_group_of_a_curved_measure_is_what_a_plain_loop_says():
    """First: the variance of the mean given the group; total: the mean of the variance given all else."""
    pair, rho = ("actors.damascus.audience_cost", "talks.kept"), -0.7
    situation = dataclasses.replace(uncertain(), correlations=((pair, rho),))
    study = Study(situation)
    measure = "margin.damascus"
    found = {i.paths: i for i in sensitivity(study, measure=measure, base=2048).inputs}[pair]

    plain = Study(uncertain())  # no copula: the plain loop lays it over the pair by hand
    names = [path for group in plain.sampler.inputs for path in group.paths]
    ask, rng = measures.measure(plain.situation, measure), np.random.default_rng(7)
    r = 2 * math.sin(math.pi * rho / 6)

    def others(size):
        return {path: rng.random(size) for path in names}

    def together(size):
        one, two = rng.standard_normal((2, size))
        return {pair[0]: ndtr(one), pair[1]: ndtr(r * one + math.sqrt(1 - r * r) * two)}

    def value(uniforms):
        return ask(Evaluation(plain, plain.sampler.values_from_uniforms(uniforms), 0))

    whole = np.var(value({**others(20_000), **together(20_000)}))
    given_group, given_rest = [], []
    for _ in range(2000):
        held = {path: np.full(150, u[0]) for path, u in together(1).items()}
        given_group.append(np.mean(value({**others(150), **held})))
        rest = {path: np.full(150, u[0]) for path, u in others(1).items()}
        given_rest.append(np.var(value({**rest, **together(150)})))
    assert found.first.value == pytest.approx(np.var(given_group) / whole, abs=0.08)
    assert found.total.value == pytest.approx(np.mean(given_rest) / whole, abs=0.08)


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
