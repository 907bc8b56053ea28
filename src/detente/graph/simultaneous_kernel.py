"""Simultaneous stability, compiled: improvements of several decision makers from one state, made at once."""

from __future__ import annotations

import numpy as np

from detente.compiling import njit


@njit(cache=True, nogil=True)
def _find(code, codes, table):
    """The state that has a code, or -1; by `table` (2^k,) where there is one, else by halving `codes` (N,)."""
    if table.size:
        return table[code]
    low, high = 0, codes.size
    while low < high:
        middle = (low + high) >> 1
        if codes[middle] < code:
            low = middle + 1
        else:
            high = middle
    return low if low < codes.size and codes[low] == code else -1


@njit(cache=True, nogil=True)
def _improve(s, j, codes, payoff, bans, sub, start, order, level, first, last, pattern, split, changes):
    """Fill `changes` with the options that improvements of j from s turn over, as bits; returns how many there are."""
    b = sub[s, j]
    low, high = b, b + 1
    if split[j]:
        low, high = first[b], last[b]
    count = 0
    for a in range(low, high):
        if split[j] and pattern[b] & ~pattern[a]:
            continue
        for q in range(start[a + 1] - 1, start[a] - 1, -1):
            if level[q] <= payoff[s, j]:
                break
            here, there = codes[s], codes[order[q]]
            free = True
            for m in range(bans.shape[0]):
                if here & bans[m, 0] == bans[m, 1] and there & bans[m, 2] == bans[m, 3]:
                    free = False
                    break
            if free:
                changes[count] = here ^ there
                count += 1
    return count


@njit(cache=True, nogil=True)
def stable_at_once(
    maker, codes, table, payoff, bans, widest, left, sub, start, order, level, first, last, pattern, split
):
    """Whether each state is stable for `maker` (N,), and what is left of a budget of combinations, below 0 if it ran out."""
    n_states, makers = payoff.shape
    found = np.ones(n_states, np.bool_)
    changes = np.empty((makers, widest), np.int64)
    count = np.zeros(makers, np.int64)
    at = np.zeros(makers, np.int64)
    joint = np.zeros(makers + 1, np.int64)
    for s in range(n_states):
        members = (sub, start, order, level, first, last, pattern, split)
        count[maker] = _improve(s, maker, codes, payoff, bans, *members, changes[maker])
        if not count[maker]:
            continue
        for j in range(makers):
            if j != maker:
                count[j] = _improve(s, j, codes, payoff, bans, *members, changes[j])
        for c in range(count[maker]):
            own = codes[s] ^ changes[maker, c]
            at[:] = 0
            joint[:] = 0
            deterred = False
            while not deterred:
                j = 0  # the next combination: 0 stands for a decision maker that stays put
                while j < makers:
                    if j != maker:
                        at[j] += 1
                        if at[j] <= count[j]:
                            break
                        at[j] = 0
                    j += 1
                if j == makers:
                    break
                left -= 1
                if left < 0:
                    return found, left
                while j >= 0:  # what those from j down turn over, upon what those above it do
                    joint[j] = joint[j + 1]
                    if j != maker and at[j]:
                        joint[j] ^= changes[j, at[j] - 1]
                    j -= 1
                t = _find(own ^ joint[0], codes, table)
                deterred = t >= 0 and payoff[t, maker] <= payoff[s, maker]
            if not deterred:
                found[s] = False
                break
    return found, left
