"""The stream of random numbers that outcome models draw from, compiled."""

from __future__ import annotations

import numpy as np

from detente.outcome.compiling import compiled

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A, _MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@compiled
def uniform(state):
    """The next number in [0, 1) of SplitMix64 (Steele, Lea and Flood 2014), whose state is ``state[0]``, a draw's key."""
    state[0] += _GOLDEN
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * _MIX_A
    z = (z ^ (z >> np.uint64(27))) * _MIX_B
    z ^= z >> np.uint64(31)
    return np.float64(z >> np.uint64(11)) / 9007199254740992.0
