"""Random numbers of KTAB's stochastic transitions, compiled: the 64-bit Mersenne twister, and a scramble of its words.

The twister is Nishimura's (2000).
"""

from __future__ import annotations

import numpy as np

from detente.outcome.compiling import compiled

SIZE, MIDDLE = 312, 156
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)
_UPPER, _LOWER = np.uint64(0xFFFFFFFF80000000), np.uint64(0x7FFFFFFF)
_TWIST = np.uint64(0xB5026F5AA96619E9)
_SPREAD = np.uint64(6364136223846793005)
_TEMPER_D, _TEMPER_B = np.uint64(0x5555555555555555), np.uint64(0x71D67FFFEDA60000)
_TEMPER_C = np.uint64(0xFFF7EEE000000000)
_SCRAMBLE = np.uint64(0xE08C1D668B756F83)
_HIGHEST = 2.0**64  # what 2**64 - 1 is as a double


@compiled
def seed_twister(seed, state):
    """Fill `state` (SIZE + 1,) uint64 from `seed`; its last place counts the words used."""
    state[0] = seed
    for i in range(1, SIZE):
        before = state[i - 1]
        state[i] = _SPREAD * (before ^ (before >> np.uint64(62))) + np.uint64(i)
    state[SIZE] = np.uint64(SIZE)


@compiled
def twister(state):
    """The next 64-bit word of the Mersenne twister."""
    if state[SIZE] >= np.uint64(SIZE):
        for i in range(SIZE):
            y = (state[i] & _UPPER) | (state[(i + 1) % SIZE] & _LOWER)
            mixed = state[(i + MIDDLE) % SIZE] ^ (y >> _ONE)
            if y & _ONE:
                mixed ^= _TWIST
            state[i] = mixed
        state[SIZE] = np.uint64(0)
    y = state[np.int64(state[SIZE])]
    state[SIZE] += _ONE
    y ^= (y >> np.uint64(29)) & _TEMPER_D
    y ^= (y << np.uint64(17)) & _TEMPER_B
    y ^= (y << np.uint64(37)) & _TEMPER_C
    return y ^ (y >> np.uint64(43))


@compiled
def ktab_uniform(state):
    """KTAB's next number from 0 to 1."""
    n = twister(state)
    return np.float64((n + _SCRAMBLE) * (_TWO * n + _THREE)) / _HIGHEST
