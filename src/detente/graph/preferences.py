"""Preferences over states, as dense ranks: 1 for the worst states, one more for each level above, ties alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph.formulas import Formula
from detente.graph.patterns import Codes

Ranks = NDArray[np.int32]
Place = Literal["above", "below", "level"]


def dense_ranks(score: NDArray[Any]) -> Ranks:
    """Dense ranks of scores (N,), higher being better: int32, 1 for the lowest.

    >>> dense_ranks(np.array([2.5, -1, 2.5, 9])).tolist()
    [2, 1, 2, 3]
    """
    return _ranks([score])


def by_priorities(statements: Sequence[Formula], codes: Codes) -> Ranks:
    """Ranks of states (N,) by statements, the most important first.

    A state is better than another where it makes true the first statement on which the two differ: option
    prioritisation. Any number of statements; none at all leaves everything level.

    Hipel, Kilgour, Fang and Peng (1997); Fang, Hipel, Kilgour and Peng (2003).

    >>> from detente.graph.formulas import option
    >>> by_priorities([~option(1), option(0)], np.arange(4)).tolist()
    [3, 4, 1, 2]
    """
    return ranks_of_truths(truths(statements, Columns(codes)), len(codes))


class Columns:
    """For each option, whether it is taken in each state of `codes` (N,): ceil(N / 64) words, worked out once.

    The first state is the lowest bit of the first word.

    >>> Columns(np.arange(4))(1).tolist()
    [12]
    """

    def __init__(self, codes: Codes) -> None:
        self.codes = codes
        self.words = -(-len(codes) // 64)
        self._found: dict[int, NDArray[np.uint64]] = {}

    def __call__(self, option: int) -> NDArray[np.uint64]:
        """The words of an option."""
        if option not in self._found:
            packed = np.packbits((self.codes >> option & 1).astype(np.bool_), bitorder="little")
            padded = np.zeros(8 * self.words, dtype=np.uint8)
            padded[: len(packed)] = packed
            self._found[option] = padded.view("<u8").astype(np.uint64, copy=False)
        return self._found[option]


def truths(statements: Sequence[Formula], columns: Columns) -> NDArray[np.uint64]:
    """Whether each statement is true in each state, (h, ceil(N / 64)) words as `Columns` has them, 64 states a word."""
    found = np.empty((len(statements), columns.words), dtype=np.uint64)
    for index, statement in enumerate(statements):
        found[index] = statement.evaluate(columns)
    return found


def ranks_of_truths(truth: NDArray[np.uint64], states: int) -> Ranks:
    """Ranks of `states` states by the words of `truths` (h, words), the most important statement first.

    To leave statements out, or change their order, take rows of `truth`: no formula need be looked at again.
    """
    if not len(truth):
        return np.ones(states, dtype=np.int32)
    return _ranks([_keys(truth[low : low + 64], states) for low in range(0, len(truth), 64)])


def _keys(truth: NDArray[np.uint64], states: int) -> NDArray[np.uint64]:
    """One number a state (N,), its bits the truth of up to 64 statements (h, words), the first one highest."""
    count, words = truth.shape
    planes = np.zeros((64, words), dtype="<u8")
    planes[:count] = truth
    keys = np.empty((8 * words, 8, 8), dtype=np.uint8)  # eight states, the statements of a key from its lowest byte
    for group in range(8):
        # Of eight statements and eight states, a square of bits in one word: turned over along its diagonal.
        square = np.ascontiguousarray(planes[8 * group : 8 * group + 8][::-1].view(np.uint8).T).view("<u8")[:, 0]
        for shift, mask in ((7, 0x00AA00AA00AA00AA), (14, 0x0000CCCC0000CCCC), (28, 0x00000000F0F0F0F0)):
            swap = (square ^ (square >> np.uint64(shift))) & np.uint64(mask)
            square = square ^ swap ^ (swap << np.uint64(shift))
        keys[:, :, 7 - group] = square.view(np.uint8).reshape(-1, 8)
    return keys.reshape(-1).view("<u8")[:states].astype(np.uint64, copy=False)


def _ranks(keys: Sequence[NDArray[Any]]) -> Ranks:
    """Dense ranks by the first of the keys (N,), where they are equal by the second, and so on."""
    order = np.argsort(keys[0]) if len(keys) == 1 else np.lexsort(keys[::-1])
    rises = np.zeros(len(order), dtype=np.bool_)
    for key in keys:
        ordered = key[order]
        rises[1:] |= ordered[1:] != ordered[:-1]
    ranks = np.empty(len(order), dtype=np.int32)
    ranks[order] = np.cumsum(rises, dtype=np.int32) + 1
    return ranks


def by_weights(weights: Mapping[int, Any], codes: Codes) -> Ranks:
    """Ranks of states (N,) by the sum of the weights of the options taken.

    `weights` gives for an option, from 0, a number, or a pair: what it is worth taken, and not taken. Sums are exact,
    as the weights are written in decimals, so that 0.1 + 0.2 ties with 0.3.

    >>> by_weights({0: 0.1, 1: 0.2, 2: 0.3}, np.array([0, 3, 4, 7])).tolist()
    [1, 2, 2, 3]
    """
    exact = {option: _worth(weight) for option, weight in weights.items()}
    scale = lcm(*(weight.denominator for weight in exact.values()))
    whole = {option: int(weight * scale) for option, weight in exact.items()}
    small = sum(map(abs, whole.values())) < 1 << 62
    score = np.zeros(len(codes), dtype=np.int64 if small else object)
    for option, weight in whole.items():
        taken = (codes >> option & 1).astype(np.bool_)
        score[taken] += weight
    return dense_ranks(score)


def _worth(weight: Any) -> Fraction:
    """What taking an option adds to a state, against not taking it."""
    if isinstance(weight, (tuple, list)):
        taken, not_taken = weight
        return _worth(taken) - _worth(not_taken)
    return Fraction(str(weight))


def by_ranking(levels: Sequence[Sequence[int]], states: int) -> Ranks:
    """Ranks of states (N,) from a list of levels, the best first; the states of one level tie.

    Raises `UsageError` unless each of the states 0..N-1 stands there once.

    >>> by_ranking([[2], [0, 1]], states=3).tolist()
    [1, 1, 2]
    """
    listed = np.array([state for level in levels for state in level], dtype=np.int64)
    if (outside := listed[(listed < 0) | (listed >= states)]).size:
        raise UsageError(f"found the state {outside[0]} in a ranking; expected states from 0 to {states - 1}")
    times = np.bincount(listed, minlength=states)
    if (times != 1).any():
        state = int(np.argmax(times != 1))
        often = "twice" if times[state] == 2 else f"{times[state]} times"
        found = f"the state {state} {often} in a ranking" if times[state] else f"a ranking without the state {state}"
        raise UsageError(f"found {found}; expected each of the {states} states once")
    filled = [level for level in levels if level]
    ranks = np.empty(states, dtype=np.int32)
    ranks[listed] = np.repeat(np.arange(len(filled), 0, -1), [len(level) for level in filled])
    return ranks


@dataclass(frozen=True, slots=True)
class Change:
    """One step of fine-tuning: the states `moved` come to stand just above, just below or level with the state `of`."""

    moved: tuple[int, ...]
    place: Place
    of: int


def fine_tune(ranks: Ranks, changes: Sequence[Change]) -> Ranks:
    """Ranks (N,) after a few states have been moved, one change after another.

    States that are moved together above or below another tie with each other.

    >>> fine_tune(np.array([1, 2, 3], dtype=np.int32), [Change((0,), "above", 1)]).tolist()
    [2, 1, 3]
    """
    score = 2 * ranks.astype(np.int64)
    for change in changes:
        if change.of in change.moved:
            raise UsageError(f"found the state {change.of} moved against itself; expected another one")
        beside = {"above": 1, "below": -1, "level": 0}[change.place]
        score[list(change.moved)] = score[change.of] + beside
        score = 2 * dense_ranks(score).astype(np.int64)
    return dense_ranks(score)
