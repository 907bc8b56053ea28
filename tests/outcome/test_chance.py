"""The stream of random numbers against its authors' program."""

from __future__ import annotations

import numpy as np

from detente.outcome.chance import uniform


def test_the_first_words_are_those_of_its_authors_and_it_is_uniform():
    state = np.zeros(1, np.uint64)
    # the first words of SplitMix64 from 0, as its authors' program prints them
    assert float(uniform(state)) == (0xE220A8397B1DCDAF >> 11) / 2**53
    assert float(uniform(state)) == (0x6E789E6AA1B965F4 >> 11) / 2**53
    found = np.array([uniform(state) for _ in range(20_000)])
    assert abs(found.mean() - 0.5) < 0.01 and np.histogram(found, 10, (0, 1))[0].min() > 1800
