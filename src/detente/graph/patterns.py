"""Patterns: sets of states in which certain options are taken and certain others are not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]


class Pattern(NamedTuple):
    """The states with ``code & mask == value``; `value` lies within `mask`. Bit o stands for option o.

    >>> Pattern(mask=0b101, value=0b001).holds(np.arange(8)).nonzero()[0].tolist()
    [1, 3]
    """

    mask: int
    value: int

    def holds(self, codes: Codes) -> NDArray[np.bool_]:
        """Whether each code of `codes` (N,) is one of these states, (N,)."""
        return (codes & self.mask) == self.value

    def meets(self, other: Pattern) -> bool:
        """Whether some state is in both."""
        return not (self.value ^ other.value) & self.mask & other.mask

    def covers(self, other: Pattern) -> bool:
        """Whether all states of `other` are in this one."""
        return self.mask & other.mask == self.mask and other.value & self.mask == self.value

    def size(self, options: int) -> int:
        """How many of the 2^`options` states it holds."""
        return 1 << (options - self.mask.bit_count())

    def without(self, other: Pattern) -> list[Pattern]:
        """The states that are not in `other`, as patterns of which no two meet."""
        if not self.meets(other):
            return [self]
        mask, value = self
        rest = []
        for option in bits(other.mask & ~self.mask):
            bit = 1 << option
            rest.append(Pattern(mask | bit, value | (~other.value & bit)))
            mask, value = mask | bit, value | (other.value & bit)
        return rest


def bits(mask: int) -> list[int]:
    """The numbers of the bits set, ascending.

    >>> bits(0b1010)
    [1, 3]
    """
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]


def absorb(patterns: Iterable[Pattern]) -> list[Pattern]:
    """The patterns that no other one covers, the widest first.

    >>> absorb([Pattern(3, 3), Pattern(1, 1), Pattern(1, 1)])
    [Pattern(mask=1, value=1)]
    """
    candidates = sorted(set(patterns), key=lambda pattern: (pattern.mask.bit_count(), pattern))
    masks, values = np.zeros(len(candidates), np.int64), np.zeros(len(candidates), np.int64)
    kept: list[Pattern] = []
    for pattern in candidates:
        known = slice(0, len(kept))
        covered = ((pattern.mask & masks[known]) == masks[known]) & ((pattern.value & masks[known]) == values[known])
        if not covered.any():
            masks[len(kept)], values[len(kept)] = pattern
            kept.append(pattern)
    return kept
