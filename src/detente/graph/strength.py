"""Strength of preference, three levels: states may be better (>), greatly better (>>) or level (~).

An improvement is a move to a state better or greatly better; the general stabilities are those of ``stability.py`` with
that meaning. Strong stability asks more of a sanction: the state that it leads to must be greatly worse than the one
that the decision maker left, s >> s2; and for SMR and SSEQ all that it can move on to from there must be too. Nash
stability needs no sanction and is not split. Weakly stable is generally but not strongly stable.

How strong a preference is goes by layers of states: every state of a higher layer is greatly better than every state
of a lower one, and within a layer preference is mild. So a state deters strongly exactly where its layer is lower, and
that is a threshold: theta_i(s), the best rank below the layer of s, takes the place of p_i(s) in the test of a sanction.

Hamouda, Kilgour and Hipel (2004), Group Decision and Negotiation 13: 449; (2006), IEEE Transactions on Systems, Man and
Cybernetics C 36. Not read against the originals: the definitions are as the literature after them gives them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph import relations
from detente.graph.moves import Moves
from detente.graph.preferences import Ranks, by_ranking
from detente.graph.relations import Attitude, Stable


@dataclass(frozen=True)
class Strength:
    """Which states are general stable, and which strongly: (n, N) booleans a concept."""

    general: Stable
    strong: Stable

    @property
    def weak(self) -> Stable:
        """General but not strongly stable, (n, N)."""
        return {concept: found & ~self.strong[concept] for concept, found in self.general.items()}


def stable(
    moves: Moves, payoff: Ranks, layer: NDArray[np.int32], concepts: Iterable[str] = relations.CONCEPTS
) -> Strength:
    """General and strong stability under `payoff` and `layer`, both (n, N), dense ranks and the higher the better.

    Raises `UsageError` where a state stands in a higher layer than one that is as good or better.

    >>> from detente.graph.options import OptionForm
    >>> read = [read_strength("1>3>>2>4", number), read_strength("3>1>>4>2", number)]
    >>> moves = Moves.of(4, [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]])
    >>> found = stable(moves, np.array([p for p, _ in read]), np.array([layer for _, layer in read]), ["gmr"])
    >>> found.strong["gmr"].astype(int).tolist()
    [[1, 1, 1, 0], [1, 0, 1, 0]]
    """
    payoff, layer = np.asarray(payoff), np.asarray(layer)
    for maker in range(moves.makers):
        order = np.argsort(payoff[maker], kind="stable")
        ranks, layers = payoff[maker][order], layer[maker][order]
        if (np.diff(layers) < 0).any() or (np.diff(layers)[np.diff(ranks) == 0] != 0).any():
            raise UsageError(
                f"found layers of decision maker {maker} that cross its ranks; expected each greatly preferred state "
                "to be preferred"
            )
    asked = relations.chosen(concepts)
    general = relations.stable(moves, _general(payoff), asked)
    strong = relations.stable(moves, _strong(payoff, thresholds(payoff, layer)), asked)
    return Strength(general, strong)


def thresholds(payoff: Ranks, layer: NDArray[np.int32]) -> Ranks:
    """theta (n, N): the best rank of a state greatly worse than each, 0 where none is.

    >>> thresholds(np.array([[4, 2, 3, 1]]), np.array([[2, 1, 2, 1]])).tolist()
    [[2, 0, 2, 0]]
    """
    found = np.zeros_like(payoff)
    for maker in range(len(payoff)):
        for level in np.unique(layer[maker]):
            below = payoff[maker][layer[maker] < level]
            found[maker][layer[maker] == level] = below.max() if below.size else 0
    return found


def read_strength(text: str, state: Callable[[str], int], states: int | None = None) -> tuple[Ranks, Ranks]:
    """Ranks and layers, both (N,), from a line such as ``1>3>>2>4``: best first, ``~`` or ``=`` between states that tie.

    `state` turns what stands between the signs into a state 0..N-1. Raises `UsageError` unless each state stands
    there once.

    >>> [found.tolist() for found in read_strength("1 > 3 ~ 4 >> 2", number)]
    [[3, 1, 2, 2], [2, 1, 2, 2]]
    """
    levels: list[list[int]] = []
    layers: list[int] = []
    depth = 0
    for block in re.split(r">>", text):
        for level in block.split(">"):
            names = [name.strip() for name in re.split(r"[~=]", level)]
            if not all(names):
                raise UsageError(f"found the preferences {text!r}; expected states with >, >> or ~ between them")
            levels.append([state(name) for name in names])
            layers.append(depth)
        depth += 1
    count = sum(map(len, levels)) if states is None else states
    payoff = by_ranking(levels, count)
    layer = np.empty(count, dtype=np.int32)
    for level, above in zip(levels, layers, strict=True):
        layer[level] = depth - above
    return payoff, layer


def number(text: str) -> int:
    """The state that a number from 1 means; `UsageError` for anything else.

    >>> number("3")
    2
    """
    if not text.isdecimal() or int(text) < 1:
        raise UsageError(f"found the state {text!r}; expected a number from 1")
    return int(text) - 1


def _general(payoff: Ranks) -> Callable[[int], Attitude]:
    def attitude(maker: int) -> Attitude:
        better = payoff[maker][None, :] > payoff[maker][:, None]
        return Attitude(better, ~better, better, better)

    return attitude


def _strong(payoff: Ranks, theta: Ranks) -> Callable[[int], Attitude]:
    def attitude(maker: int) -> Attitude:
        better = payoff[maker][None, :] > payoff[maker][:, None]
        deters = payoff[maker][None, :] <= theta[maker][:, None]
        return Attitude(better, deters, ~deters, better)

    return attitude


def levels(texts: Sequence[str], state: Callable[[str], int] = number) -> tuple[Ranks, Ranks]:
    """Ranks and layers, both (n, N), from one line a decision maker.

    >>> [found.tolist() for found in levels(["1>2", "2>>1"])]
    [[[2, 1], [1, 2]], [[1, 1], [1, 2]]]
    """
    read = [read_strength(text, state) for text in texts]
    return np.array([ranks for ranks, _ in read]), np.array([layer for _, layer in read])
