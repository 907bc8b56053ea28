"""Stability in option form without arcs, compiled; docs/graph/engines.md says why it is right and what it costs.

A decision maker's states fall into blocks (the others' options fixed), a block into sub-blocks (its one-way options
fixed too): it moves freely within a sub-block, and from one to another of the same block where the first one's one-way
pattern is a subset of the second's. Sub-blocks of all decision makers are numbered through:

``sub`` (N, n)        the sub-block of each state, for each decision maker
``start`` (S + 1,)    where a sub-block's members begin in the two arrays below
``order`` (n N,)      its members, by their owner's ranks ascending
``level`` (n N,)      those ranks
``first``, ``last``   (S,) the sub-blocks of the same block, ``last`` exclusive
``pattern`` (S,)      a sub-block's one-way options: bits that can be set and never cleared
``split`` (n,)        whether a decision maker has one-way options at all
"""

from __future__ import annotations

import numpy as np

from detente.compiling import njit

ENDLESS = np.int32(2**31 - 1)


@njit(cache=True, nogil=True)
def counting_order(key, top):
    """The states in ascending order of `key` (N,), whole numbers 0..top; equal ones as they stand."""
    place = np.zeros(top + 2, np.int32)
    for s in range(key.size):
        place[key[s] + 1] += 1
    for k in range(top + 1):
        place[k + 1] += place[k]
    order = np.empty(key.size, np.int32)
    for s in range(key.size):
        order[place[key[s]]] = s
        place[key[s]] += 1
    return order


@njit(cache=True, nogil=True)
def number_keys(key, size):
    """Number the keys (N,) that occur, of 0..size-1, in ascending order: each state's number, and how many."""
    number = np.zeros(size, np.int32)
    for s in range(key.size):
        number[key[s]] = 1
    count = 0
    for k in range(size):
        if number[k]:
            number[k] = count
            count += 1
    found = np.empty(key.size, np.int32)
    for s in range(key.size):
        found[s] = number[key[s]]
    return found, count


@njit(cache=True, nogil=True)
def fill_sub_blocks(maker, number, count, ascending, payoff, base, sub, start, order, level):
    """Sort one decision maker's states into its `count` sub-blocks, numbered from `base` on, by rank."""
    n_states = number.size
    offset = maker * n_states
    place = np.zeros(count + 1, np.int32)
    for s in range(n_states):
        place[number[s] + 1] += 1
        sub[s, maker] = base + number[s]
    for b in range(count):
        place[b + 1] += place[b]
    for b in range(count):
        start[base + b] = offset + place[b]
    start[base + count] = offset + n_states
    for a in range(n_states):
        s = ascending[a]
        q = offset + place[number[s]]
        place[number[s]] += 1
        order[q] = s
        level[q] = payoff[s]


@njit(cache=True, nogil=True)
def best_reached(maker, payoff, sub, start, level, first, last, pattern):
    """For each state (N,), the best rank that the decision maker can have by staying or moving once."""
    n_states = payoff.size
    low, high = sub[:, maker].min(), sub[:, maker].max()
    best = np.zeros(high - low + 1, np.int32)
    for b in range(low, high + 1):
        for a in range(first[b], last[b]):
            if not pattern[b] & ~pattern[a]:
                best[b - low] = max(best[b - low], level[start[a + 1] - 1])
    found = np.empty(n_states, np.int32)
    for s in range(n_states):
        found[s] = best[sub[s, maker] - low]
    return found


@njit(cache=True, nogil=True)
def lowest_reached(maker, improving, key, ascending, payoff, sub, start, order, level, first, last, pattern, split):
    """For each state, the lowest `key` among it and all states that the others can bring about from there.

    `payoff` (N, n); `ascending` (N,) the states by ascending key; with `improving` every step of the others is an
    improvement for who makes it. A backward search from one state after another gives every state its label once, and
    a position within each sub-block says how much of it has been searched.
    """
    n_states, makers = payoff.shape
    label = np.zeros(n_states, np.int32)
    done = start[:-1].copy()
    stack = np.empty(n_states, np.int32)
    for k in range(n_states):
        seed = ascending[k]
        if label[seed]:
            continue
        value = key[seed]
        label[seed] = value
        stack[0] = seed
        height = 1
        while height:
            height -= 1
            t = stack[height]
            for j in range(makers):
                if j == maker:
                    continue
                b = sub[t, j]
                p = payoff[t, j] if improving else ENDLESS
                low, high = b, b + 1
                if split[j]:
                    low, high = first[b], last[b]
                for a in range(low, high):
                    if split[j] and pattern[a] & ~pattern[b]:
                        continue
                    q, end = done[a], start[a + 1]
                    while q < end and level[q] < p:
                        u = order[q]
                        q += 1
                        if not label[u]:
                            label[u] = value
                            stack[height] = u
                            height += 1
                    done[a] = q
    return label


@njit(cache=True, nogil=True)
def lowest_within(part, key):
    """For each state (N,), the lowest `key` in its part; parts are numbered from 1 to at most N."""
    lowest = np.full(part.size + 1, ENDLESS, np.int32)
    for s in range(part.size):
        lowest[part[s]] = min(lowest[part[s]], key[s])
    found = np.empty(part.size, np.int32)
    for s in range(part.size):
        found[s] = lowest[part[s]]
    return found


@njit(cache=True, nogil=True)
def tempted(maker, lowest, payoff, sub, start, order, level, first, last, pattern, split):
    """Whether each state has an improvement by `maker` from which `lowest` (N,) stays above the state's own rank."""
    n_states = payoff.shape[0]
    found = np.zeros(n_states, np.bool_)
    offset = maker * n_states
    most = np.empty(n_states, np.int32)  # by position: the most that `lowest` reaches from there to the sub-block's end
    low, high = sub[:, maker].min(), sub[:, maker].max()
    for b in range(low, high + 1):
        above = 0
        for q in range(start[b + 1] - 1, start[b] - 1, -1):
            above = max(above, lowest[order[q]])
            most[q - offset] = above
    for b in range(low, high + 1):
        begins, ends = b, b + 1
        if split[maker]:
            begins, ends = first[b], last[b]
        for a in range(begins, ends):
            if split[maker] and pattern[b] & ~pattern[a]:
                continue
            r = start[a]
            for q in range(start[b], start[b + 1]):
                p = level[q]
                while r < start[a + 1] and level[r] <= p:
                    r += 1
                if r == start[a + 1]:
                    break
                if most[r - offset] > p:
                    found[order[q]] = True
    return found
