"""Patterns: sets of states in which certain options are taken and certain others are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache, reduce
from math import prod
from operator import or_
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

    def given(self, other: Pattern) -> Pattern:
        """What is left to be decided of it in the states of `other`, which it meets."""
        mask = self.mask & ~other.mask
        return Pattern(mask, self.value & mask)


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


def count_outside(patterns: Iterable[Pattern], options: int) -> int:
    """How many of the 2^`options` states are in none of the patterns, without listing them.

    >>> count_outside([Pattern(3, 3), Pattern(1 << 40, 0)], 41) == 3 << 38
    True
    """
    return _outside(frozenset(patterns), options)


@lru_cache(maxsize=100_000)
def _outside(patterns: frozenset[Pattern], options: int) -> int:
    """Parts that share no option are counted apart; within one, its commonest option is taken, and not taken."""
    if any(not pattern.mask for pattern in patterns):
        return 0
    parts = _parts(patterns)
    if len(parts) > 1:
        named = [reduce(or_, (pattern.mask for pattern in part)).bit_count() for part in parts]
        counts = [_outside(part, count) for part, count in zip(parts, named, strict=True)]
        return prod(counts) << (options - sum(named))
    times = Counter(bit for pattern in patterns for bit in bits(pattern.mask))
    if not times:
        return 1 << options
    bit = 1 << max(times, key=lambda option: (times[option], -option))
    taken, not_taken = Pattern(bit, bit), Pattern(bit, 0)
    sides = (frozenset(p.given(side) for p in patterns if p.meets(side)) for side in (taken, not_taken))
    return sum(_outside(left, options - 1) for left in sides)


def _parts(patterns: Iterable[Pattern]) -> list[frozenset[Pattern]]:
    """The patterns in groups that have no option in common."""
    groups: list[tuple[int, list[Pattern]]] = []
    for pattern in patterns:
        mask, members = pattern.mask, [pattern]
        apart = []
        for other, inside in groups:
            if other & pattern.mask:
                mask, members = mask | other, members + inside
            else:
                apart.append((other, inside))
        groups = [*apart, (mask, members)]
    return [frozenset(members) for _, members in groups]
