"""The compiled exponential and logarithm against the C library's."""

from __future__ import annotations

import numpy as np

from detente.outcome.elementary import exp, log

RNG = np.random.default_rng(8)
SIZES = RNG.choice([1e-9, 1e-3, 1.0, 20.0, 300.0], 20_000)


def test_exponentials():
    given = np.append(-RNG.exponential(size=SIZES.size) * SIZES, [0.0, -np.inf, -745.9, -1e300])
    found = given.copy()
    exp(found)
    right = np.exp(given)
    normal = right > 1e-307
    assert np.all(abs(found - right)[normal] <= 2 * np.spacing(right[normal]))
    assert np.all(abs(found - right)[~normal] < 1e-307)
    assert found[-4:].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_logarithms():
    given = np.append(RNG.random(SIZES.size) ** SIZES, [1.0, 0.5, np.nextafter(1.0, 0.0), 2.0**-1022])
    given = given[given >= 2.0**-1022]
    found, right = np.empty_like(given), np.log(given)
    log(given.copy(), found)
    assert np.all(abs(found - right) <= 2 * np.spacing(abs(right)))


def test_the_logarithm_of_nothing():
    found = np.empty(2)
    log(np.array([0.0, 2.0**-1074]), found)
    assert np.isneginf(found).all()
