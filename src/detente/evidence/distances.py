"""The distance of a token from a cue, in buckets that widen as it grows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Upper limits of the buckets on one side: every token nearby, then stretches of a sentence, then of a paragraph.
LIMITS = np.array([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 23, 31, 42, 57, 80, 120])
SIDE = len(LIMITS) + 1
BUCKETS = 1 + 2 * SIDE


def distances(length: int, start: int, end: int) -> NDArray[np.int64]:
    """The bucket of each of `length` tokens by its distance from a cue that holds tokens `start` to `end` - 1.

    0 is the cue itself, 1 to 17 what stands before it, 18 to 34 what follows.

    >>> distances(5, 2, 3).tolist()
    [2, 1, 0, 18, 19]
    """
    at = np.arange(length)
    before, after = start - at, at - (end - 1)
    left = 1 + np.searchsorted(LIMITS, before)
    right = 1 + SIDE + np.searchsorted(LIMITS, after)
    return np.where(before > 0, left, np.where(after > 0, right, 0)).astype(np.int64)
