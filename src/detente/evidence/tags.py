"""Spans as tags of a sequence, and the best and the likely taggings of a linear-chain model.

A span of a role is tagged begin, inside, end, or single where it is one token (BIOES, Ratinov & Roth 2009); what is in no
span is 0. Tag ``1 + 4 * role + part`` is part 0 to 3 of that role.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BEGIN, INSIDE, END, SINGLE = range(4)
Array = NDArray[np.float64]
NEVER = -1e4  # the score of a step that cannot be


def tag(length: int, runs: Iterable[tuple[int, int, int]]) -> NDArray[np.int64]:
    """Tags of a sequence with runs (role, first token, token after the last); the first run to claim a token keeps it.

    >>> tag(6, [(0, 1, 3), (1, 4, 5)]).tolist()
    [0, 1, 3, 0, 8, 0]
    """
    tags = np.zeros(length, np.int64)
    for role, start, end in runs:
        if end <= start or tags[start:end].any():
            continue
        base = 1 + 4 * role
        tags[start:end] = base + INSIDE
        tags[start], tags[end - 1] = base + BEGIN, base + END
        if end - start == 1:
            tags[start] = base + SINGLE
    return tags


def runs(tags: Sequence[int] | NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """The runs (role, first token, token after the last) of a well-formed tagging.

    >>> runs([0, 1, 3, 0, 8, 0])
    [(0, 1, 3), (1, 4, 5)]
    """
    found = []
    start = 0
    for at, value in enumerate(tags):
        if value == 0:
            continue
        role, part = divmod(int(value) - 1, 4)
        if part in (BEGIN, SINGLE):
            start = at
        if part in (END, SINGLE):
            found.append((role, start, at + 1))
    return found


def allowed(roles: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tag may follow which (from, to), which may come first, and which last, with `roles` roles."""
    count = 1 + 4 * roles
    part = (np.arange(count) - 1) % 4
    role = (np.arange(count) - 1) // 4
    outside = np.arange(count) == 0
    opens = outside | (part == BEGIN) | (part == SINGLE)
    done = outside | (part == END) | (part == SINGLE)
    goes_on = (~outside & ((part == INSIDE) | (part == END)))[None, :] & (role[:, None] == role[None, :])
    steps = (done[:, None] & opens[None, :]) | (~done[:, None] & goes_on)
    return steps, opens, done


@dataclass(frozen=True)
class Chain:
    """A linear-chain conditional random field (Lafferty, McCallum & Pereira 2001) without its emissions.

    ``steps`` (tags, tags) scores a tag after another, ``first`` and ``last`` (tags,) a tag at either end, all in nats.
    """

    steps: Array
    first: Array
    last: Array

    def best(self, emissions: Array) -> NDArray[np.int64]:
        """The tagging with the highest score (Viterbi 1967), for emissions (..., tokens, tags): (..., tokens).

        >>> chain = Chain(np.zeros((2, 2)), np.zeros(2), np.zeros(2))
        >>> chain.best(np.array([[0.0, 1.0], [2.0, 1.0]])).tolist()
        [1, 0]
        """
        length = emissions.shape[-2]
        path = np.zeros(emissions.shape[:-1], np.int64)
        if not length:
            return path
        score = self.first + emissions[..., 0, :]
        back = np.zeros(emissions.shape, np.int64)
        for at in range(1, length):
            options = score[..., :, None] + self.steps
            back[..., at, :] = options.argmax(-2)
            score = options.max(-2) + emissions[..., at, :]
        path[..., -1] = (score + self.last).argmax(-1)
        for at in range(length - 1, 0, -1):
            path[..., at - 1] = np.take_along_axis(back[..., at, :], path[..., at, None], -1)[..., 0]
        return path

    def likely(self, emissions: Array) -> Array:
        """The probability of each tag at each token, (tokens, tags), over all taggings (Rabiner 1989, eq. 27)."""
        if not len(emissions):
            return np.zeros_like(emissions)
        ahead = np.zeros_like(emissions)
        behind = np.zeros_like(emissions)
        ahead[0] = self.first + emissions[0]
        for at in range(1, len(emissions)):
            ahead[at] = np.logaddexp.reduce(ahead[at - 1][:, None] + self.steps, axis=0) + emissions[at]
        behind[-1] = self.last
        for at in range(len(emissions) - 2, -1, -1):
            behind[at] = np.logaddexp.reduce(self.steps + (emissions[at + 1] + behind[at + 1])[None, :], axis=1)
        joint = ahead + behind
        return np.exp(joint - np.logaddexp.reduce(joint, axis=1, keepdims=True))
