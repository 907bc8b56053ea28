"""Judged quantiles: hit exactly, and by plainly restated formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from detente.scenario.judged import JudgedBounded, JudgedPair, JudgedSemi, JudgedUnbounded, judged
from tests.scenario.test_distributions import INSIDE, rising, tails


@given(rising(), tails)
@settings(max_examples=300, deadline=None)
def test_judged_quantiles_are_hit(points, tail):
    low, lower, middle, upper, high = points
    asked = np.array([tail, 0.5, 1 - tail])
    for quantity in (
        judged(tail, lower, middle, upper, low=low, high=high),
        judged(tail, lower, middle, upper, low=low),
        judged(tail, lower, middle, upper, high=high),
        judged(tail, lower, middle, upper),
    ):
        assert np.abs(quantity.ppf(asked) - [lower, middle, upper]).max() < 1e-9 * (high - low + abs(low))
        assert quantity.central() == middle


def test_judged_chooses_by_ends():
    assert isinstance(judged(0.1, 1, 2, 3, low=0, high=4), JudgedBounded)
    assert isinstance(judged(0.1, 1, 2, 3, low=0), JudgedSemi)
    assert isinstance(judged(0.1, 1, 2, 3, high=4), JudgedSemi)
    assert isinstance(judged(0.1, 1, 2, 3), JudgedUnbounded)


def test_judged_limits():
    """Evenly spaced scores give the normal's own transforms: logit-like, lognormal and normal."""
    c = special.ndtri(0.9)
    z = special.ndtri(INSIDE)
    points = special.ndtr(np.array([-0.5, 0.2, 0.9]))
    assert JudgedBounded(0.1, *map(float, points), low=0, high=1).ppf(INSIDE) == pytest.approx(
        special.ndtr(0.2 + 0.7 / c * z), abs=1e-12
    )
    assert JudgedSemi(0.1, 10, 20, 40, low=0).ppf(INSIDE) == pytest.approx(20 * 2 ** (z / c), rel=1e-12)
    assert JudgedUnbounded(0.1, 1, 2, 3).ppf(INSIDE) == pytest.approx(2 + z / c, abs=1e-12)


@given(st.floats(-1e-9, 1e-9))
@settings(deadline=None)
def test_judged_passes_smoothly_through_even_spacing(nudge):
    for quantity in (JudgedUnbounded(0.1, 1, 2 + nudge, 3), JudgedSemi(0.1, 1, 2 + nudge, 4, low=0)):
        even = (
            JudgedUnbounded(0.1, 1, 2, 3) if isinstance(quantity, JudgedUnbounded) else JudgedSemi(0.1, 1, 2, 4, low=0)
        )
        assert quantity.ppf(INSIDE) == pytest.approx(even.ppf(INSIDE), abs=1e-6)


def test_judged_by_the_formulas_restated():
    """J-QPD-B and J-QPD-S of Hadlock & Bickel (2017) with n = sgn(L + H - 2 B), as the R package rjqpd has them."""
    c = special.ndtri(0.9)
    z = special.ndtri(INSIDE)
    for lower, middle, upper in ((60, 75, 95), (5, 40, 50), (10, 11, 70)):
        L, B, H = (special.ndtri(x / 100) for x in (lower, middle, upper))
        n = np.sign(L + H - 2 * B)
        xi = L if n == 1 else H
        delta = np.arccosh((H - L) / (2 * min(B - L, H - B))) / c
        scale = (H - L) / np.sinh(2 * delta * c)
        expected = 100 * special.ndtr(xi + scale * np.sinh(delta * (z + n * c)))
        assert JudgedBounded(0.1, lower, middle, upper, 0, 100).ppf(INSIDE) == pytest.approx(expected, abs=1e-9)

        L, B, H = np.log([lower, middle, upper])
        n = np.sign(L + H - 2 * B)
        theta = lower if n == 1 else upper
        delta = np.sinh(np.arccosh((H - L) / (2 * min(B - L, H - B)))) / c
        scale = min(H - B, B - L) / (delta * c)
        expected = theta * np.exp(scale * np.sinh(np.arcsinh(delta * z) + np.arcsinh(n * c * delta)))
        assert JudgedSemi(0.1, lower, middle, upper, low=0).ppf(INSIDE) == pytest.approx(expected, rel=1e-9)


def test_upper_end_is_the_mirror_image():
    below = JudgedSemi(0.1, 10, 20, 50, low=0).ppf(INSIDE)
    above = JudgedSemi(0.1, -50, -20, -10, high=0).ppf(1 - INSIDE)
    assert above == pytest.approx(-below, rel=1e-12)


def test_judged_pair():
    quantity = JudgedPair(0.05, 40, 70)
    assert quantity.central() == 55
    assert quantity.ppf([0.05, 0.5, 0.95]) == pytest.approx([40, 55, 70], abs=1e-9)
    cut = JudgedPair(0.05, 2, 70, 0, 100)
    assert cut.support() == (0, 100) and cut.ppf(0) == pytest.approx(0, abs=1e-12)
