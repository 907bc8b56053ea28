"""Every distribution: its quantiles against references, and what holds for any of them."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from detente.scenario.distributions import (
    Discrete,
    Exact,
    Normal,
    Pert,
    Quantity,
    Triangular,
    Uniform,
    Unknown,
    beta_inverse,
)
from detente.scenario.judged import JudgedBounded, JudgedPair, JudgedSemi, JudgedUnbounded

EVERYWHERE = np.concatenate(
    [[0.0], np.logspace(-300, -2, 200), np.linspace(0.01, 0.99, 5001), 1 - np.logspace(-2, -16, 200), [1.0]]
)
INSIDE = np.linspace(0.0005, 0.9995, 2000)

finite = st.floats(-1e6, 1e6)
widths = st.floats(1e-3, 1e6)
shares = st.floats(0, 1)
gaps = st.floats(1e-3, 1)
tails = st.sampled_from([0.01, 0.05, 0.1, 0.25, 0.4])


@st.composite
def ranges(draw) -> tuple[float, float, float]:
    low, width, share = draw(finite), draw(widths), draw(shares)
    return low, min(max(low + share * width, low), low + width), low + width


@st.composite
def rising(draw) -> tuple[float, ...]:
    """Five strictly rising numbers: a range and three quantiles within it."""
    steps = [draw(gaps) for _ in range(4)]
    return tuple(draw(st.floats(-100, 100)) + np.cumsum([0, *steps]) * draw(st.floats(0.1, 1000)))


@st.composite
def quantities(draw) -> Quantity:
    low, mode, high = draw(ranges())
    a, b, c, d, e = draw(rising())
    tail = draw(tails)
    values = tuple(draw(st.lists(finite, min_size=1, max_size=6)))
    return draw(
        st.sampled_from(
            [
                Exact(low),
                Uniform(low, high),
                Unknown(low, high),
                Pert(low, mode, high),
                Triangular(low, mode, high),
                Normal(c, d - c, a, e),
                Normal(c, 100 * (d - c), a, e),
                Normal(a, d - c, a),
                Normal(c, d - c),
                JudgedPair(tail, b, d, a, e),
                JudgedBounded(tail, b, c, d, a, e),
                JudgedSemi(tail, b, c, d, low=a),
                JudgedSemi(tail, b, c, d, high=e),
                JudgedUnbounded(tail, b, c, d),
                Discrete(values, tuple(range(1, len(values) + 1))),
            ]
        )
    )


@given(quantities())
@settings(max_examples=300, deadline=None)
def test_any_quantity(quantity):
    low, high = quantity.support()
    x = quantity.ppf(EVERYWHERE)
    assert x.shape == EVERYWHERE.shape and x.dtype == np.float64
    assert not np.isnan(x).any()
    assert (x >= low).all() and (x <= high).all()
    assert np.isfinite(x[1:-1]).all()
    assert (np.diff(x[1:-1]) >= -1e-9 * np.maximum(1, np.abs(x[2:-1]))).all()
    assert low <= quantity.central() <= high
    shuffled = quantity.ppf(INSIDE[::-1])[::-1]
    assert shuffled == pytest.approx(quantity.ppf(INSIDE), rel=1e-9, abs=1e-9), "a value rests on its own uniform alone"
    assert quantity.ppf(0.5).shape == ()
    again = pickle.loads(pickle.dumps(quantity))
    assert again == quantity and hash(again) == hash(quantity)


# --- PERT


MODES = [0, 1e-12, 1e-6, 1e-3, 0.02, 0.1, 0.25, 0.3, 1 / 3, 0.5, 0.62, 0.75, 0.9, 0.999, 1 - 1e-9, 1]


@pytest.mark.parametrize("mode", MODES)
def test_pert_is_the_beta_inverse(mode):
    scores = np.linspace(-8, 8, 40_001)
    u = np.sort(np.concatenate([EVERYWHERE, special.ndtr(scores), np.linspace(0, 1, 40_001)]))
    x = Pert(0, mode, 1).ppf(u)
    known = u > 1e-100  # below, SciPy gives NaN
    assert np.abs(x - special.betaincinv(1 + 4 * mode, 5 - 4 * mode, u))[known].max() < 1e-12
    assert (np.diff(x) >= -1e-15).all()
    assert x[0] == 0 and x[-1] == 1


@given(st.floats(0, 1), st.floats(1e-100, 1))
@settings(max_examples=300, deadline=None)
def test_pert_anywhere(mode, u):
    exact = special.betaincinv(1 + 4 * mode, 5 - 4 * mode, u)
    assert float(Pert(0, mode, 1).ppf([u])[0]) == pytest.approx(exact, abs=1e-12)


@given(st.floats(0.01, 0.99))
@settings(max_examples=50, deadline=None)
def test_pert_is_the_mirror_of_itself(mode):
    forth = Pert(0, mode, 1).ppf(INSIDE)
    back = 1 - Pert(0, 1 - mode, 1).ppf(1 - INSIDE)
    assert np.abs(forth - back).max() < 1e-12


def test_pert_moments():
    """Mean (low + 4 mode + high) / 6; variance (mean - low)(high - mean) / 7 (Malcolm and others 1959; Vose 2008)."""
    quantity = Pert(10, 25, 100)
    mean = integrate.quad(lambda u: float(quantity.ppf(u)), 0, 1)[0]
    square = integrate.quad(lambda u: float(quantity.ppf(u)) ** 2, 0, 1)[0]
    assert mean == pytest.approx((10 + 100 + 100) / 6, abs=1e-6)
    assert square - mean**2 == pytest.approx((mean - 10) * (100 - mean) / 7, rel=1e-6)


def test_beta_inverse_of_round_numbers():
    # I_x(2, 2) = 3 x^2 - 2 x^3; I_x(1, 5) = 1 - (1 - x)^5
    x = np.array([0.1, 0.25, 0.5, 0.8])
    assert beta_inverse(3 * x**2 - 2 * x**3, 2.0, 2.0) == pytest.approx(x, abs=1e-13)
    assert beta_inverse(1 - (1 - x) ** 5, 1.0, 5.0) == pytest.approx(x, abs=1e-13)
    assert beta_inverse(x**5, 5.0, 1.0) == pytest.approx(x, abs=1e-13)


# --- the plain ones


def test_uniform_and_unknown():
    assert Uniform(70, 90).ppf([0, 0.25, 1]).tolist() == [70, 75, 90]
    assert Unknown(0, 1).central() == 0.5 and str(Unknown(0, 1)) == "unknown"
    assert Unknown(0, 1) != Uniform(0, 1)


def test_triangular_against_scipy():
    reference = stats.triang(0.25, 10, 40).ppf(INSIDE)
    assert Triangular(10, 20, 50).ppf(INSIDE) == pytest.approx(reference, abs=1e-9)
    for mode in (10, 50):
        x = Triangular(10, mode, 50).ppf(EVERYWHERE)
        assert x[0] == 10 and x[-1] == 50 and (np.diff(x) >= 0).all()


@pytest.mark.parametrize(("low", "high"), [(-np.inf, np.inf), (0, np.inf), (0, 100), (79, 81), (80, 100)])
def test_normal_against_scipy(low, high):
    reference = stats.truncnorm((low - 80) / 5, (high - 80) / 5, 80, 5).ppf(INSIDE)
    assert Normal(80, 5, low, high).ppf(INSIDE) == pytest.approx(reference, abs=1e-9)
    assert Normal(80, 5, low, high).central() == 80


def test_discrete():
    quantity = Discrete((90, 70, 80), (3, 1, 0))
    assert quantity.support() == (70, 90)
    assert quantity.ppf([0, 0.2499, 0.25, 0.9, 1]).tolist() == [70, 70, 90, 90, 90]
    assert quantity.central() == 90
    assert Discrete((3, 1, 2), (1, 1, 1)).central() == 2
    assert Discrete((4, 1, 2, 3), (1, 1, 1, 1)).central() == 2, "the lower of two in the middle"
    assert Discrete((9, 5, 1), (2, 2, 1)).central() == 5, "the lower of two heaviest"
    assert Discrete((1, 2), (1e308, 1e308)).ppf([0.4, 0.6]).tolist() == [1, 2]


def test_text_is_as_a_file_would_hold_it():
    assert [
        str(q)
        for q in (
            Exact(200000.0),
            Uniform(70, 90.5),
            Pert(0.001, 0.004, 0.008),
            Triangular(1, 2, 3),
            Normal(80, 5, 0, 100),
            JudgedPair(0.05, 40, 70),
            JudgedBounded(0.1, 60, 75, 95, 0, 100),
            Discrete((70, 90), (1, 3)),
            Discrete((70, 90), (2, 2)),
        )
    ] == [
        "200000",
        "{low: 70, high: 90.5}",
        "{low: 0.001, mode: 0.004, high: 0.008}",
        "{low: 1, mode: 2, high: 3, shape: triangular}",
        "{normal: [80, 5]}",
        "{p5: 40, p95: 70}",
        "{p10: 60, p50: 75, p90: 95}",
        "{values: [70, 90], weights: [1, 3]}",
        "{values: [70, 90]}",
    ]
