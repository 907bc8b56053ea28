"""A game in option form as blocks of states that one decision maker moves among, for compiled loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.graph.game import Game
from detente.graph.options import OptionForm

Int32 = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Blocks:
    """The arrays that `detente.graph.options_kernel` describes, and the states by each decision maker's ranks."""

    payoff: Int32  # (N, n)
    sub: Int32
    start: Int32
    order: Int32
    level: Int32
    first: Int32
    last: Int32
    pattern: NDArray[np.int64]
    split: NDArray[np.bool_]
    ascending: tuple[Int32, ...]  # a decision maker: (N,)

    @property
    def members(self) -> tuple[Any, ...]:
        """The arrays that every loop over sub-blocks takes, in their order."""
        return self.sub, self.start, self.order, self.level, self.first, self.last, self.pattern, self.split

    @classmethod
    def of(cls, game: Game) -> Blocks:
        """The blocks of a game in option form in which nothing is merged; work and memory grow with n N."""
        from detente.graph import options_kernel as kernel

        form = game.form
        assert isinstance(form, OptionForm)
        n, states = game.makers, game.states
        sub = np.empty((states, n), dtype=np.int32)
        order, level = np.empty(n * states, dtype=np.int32), np.empty(n * states, dtype=np.int32)
        starts, firsts, lasts, patterns, ascending = [], [], [], [], []
        base = 0
        for maker in range(n):
            number, keys, one_way = _sub_blocks(form, maker)
            ascending.append(kernel.counting_order(game.payoff[maker], int(game.payoff[maker].max())))
            start = np.empty(base + len(keys) + 1, dtype=np.int32)
            kernel.fill_sub_blocks(
                maker, number, len(keys), ascending[-1], game.payoff[maker], base, sub, start, order, level
            )
            starts.append(start[base:-1])
            block = keys >> one_way
            firsts.append(np.searchsorted(block, block).astype(np.int32) + np.int32(base))
            lasts.append(np.searchsorted(block, block, side="right").astype(np.int32) + np.int32(base))
            patterns.append(keys & ((1 << one_way) - 1))
            base += len(keys)
        split = np.array([bool(form.masks[i] & ~form.one_way("both")) for i in range(n)])
        return cls(
            payoff=np.ascontiguousarray(game.payoff.T),
            sub=sub,
            start=np.append(np.concatenate(starts), np.int32(n * states)),
            order=order,
            level=level,
            first=np.concatenate(firsts),
            last=np.concatenate(lasts),
            pattern=np.concatenate(patterns),
            split=split,
            ascending=tuple(ascending),
        )


def _sub_blocks(form: OptionForm, maker: int) -> tuple[Int32, NDArray[np.int64], int]:
    """The sub-block of each state, 0.., the key of each sub-block, ascending, and how many of its bits are one-way.

    The key is the others' options and, in its lowest bits, the decision maker's one-way options.
    """
    from detente.graph import options_kernel as kernel

    codes = form.codes
    low = sum(form.owned[:maker])
    count = form.owned[maker]
    key = (codes >> (low + count) << low) | (codes & ((1 << low) - 1))
    one_way = [o for o in range(low, low + count) if form.directions[o] != "both"]
    for option in one_way:
        bit = codes >> option & 1
        key = key << 1 | (bit if form.directions[option] == "forward" else 1 - bit)
    bits = form.options - count + len(one_way)
    if bits <= 40 and 1 << bits <= 4 * len(codes):
        number, found = kernel.number_keys(key, 1 << bits)
        keys = np.empty(found, dtype=np.int64)
        keys[number] = key
    else:
        keys, inverse = np.unique(key, return_inverse=True)
        number = inverse.astype(np.int32)
    return number, keys, len(one_way)
