"""Stability over explicit moves, compiled: labels on pairs of a state and who moved last.

Legal sequences of several decision makers never have one of them move twice in a row, so what can be reached from a
state depends on who moved last. ``tail`` and ``source`` are the moves backwards, as compressed rows: those that bring
decision maker k to t come from ``source[tail[k, t]:tail[k, t + 1]]``.
"""

from __future__ import annotations

import numpy as np

from detente.compiling import njit

NONE = np.int32(2**31 - 1)  # no sanction at all: above every rank


@njit(cache=True, nogil=True)
def backward(indptr, indices, base):
    """One decision maker's moves turned round; offsets count from `base`."""
    n_states = indptr.size - 1
    tail = np.zeros(n_states + 1, np.int64)
    for q in range(indices.size):
        tail[indices[q] + 1] += 1
    for t in range(n_states):
        tail[t + 1] += tail[t]
    place = tail[:-1].copy()
    source = np.empty(indices.size, np.int32)
    for s in range(n_states):
        for q in range(indptr[s], indptr[s + 1]):
            source[place[indices[q]]] = s
            place[indices[q]] += 1
    return tail + base, source


@njit(cache=True, nogil=True)
def best_reached(payoff, indptr, indices):
    """For each state (N,), the best rank that the decision maker can have by staying or moving once."""
    found = payoff.copy()
    for s in range(payoff.size):
        for q in range(indptr[s], indptr[s + 1]):
            found[s] = max(found[s], payoff[indices[q]])
    return found


@njit(cache=True, nogil=True)
def lowest_reached(maker, improving, key, ascending, payoff, tail, source):
    """For each state, the lowest `key` among the states that the others can bring about from there; `NONE` if none.

    `payoff` (n, N). Label 0 is none yet. Who "moved last" at the start is `maker`, who takes no part.
    """
    makers, n_states = payoff.shape
    label = np.zeros((n_states, makers), np.int32)
    stack = np.empty((n_states * makers, 2), np.int32)
    for a in range(n_states):
        seed = ascending[a]
        height = 0
        for k in range(makers):
            if k != maker and not label[seed, k]:
                label[seed, k] = key[seed]
                stack[height, 0], stack[height, 1] = seed, k
                height += 1
        while height:
            height -= 1
            t, k = stack[height]
            for q in range(tail[k, t], tail[k, t + 1]):
                s = source[q]
                if improving and payoff[k, s] >= payoff[k, t]:
                    continue
                for j in range(makers):
                    if j == k or label[s, j]:
                        continue
                    label[s, j] = key[seed]
                    if j != maker:
                        stack[height, 0], stack[height, 1] = s, j
                        height += 1
    found = label[:, maker].copy()
    for s in range(n_states):
        if not found[s]:
            found[s] = NONE
    return found


@njit(cache=True, nogil=True)
def tempted(payoff, lowest, indptr, indices):
    """Whether each state has an improvement from which `lowest` (N,) stays above the state's own rank."""
    found = np.zeros(payoff.size, np.bool_)
    for s in range(payoff.size):
        for q in range(indptr[s], indptr[s + 1]):
            t = indices[q]
            if payoff[t] > payoff[s] and lowest[t] > payoff[s]:
                found[s] = True
                break
    return found
