"""Stability under any relations, compiled: sets of states as rows of bits, 64 states a word.

Moves are compressed rows as in ``moves.py``, of several movers one after another: mover k's moves from s are
``indices[indptr[k, s]:indptr[k, s + 1]]``.
"""

from __future__ import annotations

import numpy as np

from detente.compiling import njit

ONE = np.uint64(1)


@njit(cache=True, nogil=True)
def reached(indptr, indices, n_states):
    """Where legal sequences of the movers lead from each state, (N, words): no mover moves twice in a row.

    ``first[k, s]`` is what sequences that begin with a move of k lead to. It grows from what those of the other movers
    lead to from where k moves, until nothing grows.
    """
    makers = indptr.shape[0]
    words = (n_states + 63) // 64
    first = np.zeros((makers, n_states, words), np.uint64)
    row = np.empty(words, np.uint64)
    grew = True
    while grew:
        grew = False
        for k in range(makers):
            for s in range(n_states):
                row[:] = first[k, s]
                for q in range(indptr[k, s], indptr[k, s + 1]):
                    t = indices[q]
                    row[t >> 6] |= ONE << np.uint64(t & 63)
                    for j in range(makers):
                        if j != k:
                            for w in range(words):
                                row[w] |= first[j, t, w]
                for w in range(words):
                    if row[w] != first[k, s, w]:
                        first[k, s, w] = row[w]
                        grew = True
    found = np.zeros((n_states, words), np.uint64)
    for k in range(makers):
        found |= first[k]
    return found


@njit(cache=True, nogil=True)
def escapes(moves, rescues):
    """For each state s (N, words) of bits s2: whether some move from s2 leads to a state that rescues from s."""
    n_states, words = moves.shape
    found = np.zeros((n_states, words), np.uint64)
    for s in range(n_states):
        for s2 in range(n_states):
            for w in range(words):
                if moves[s2, w] & rescues[s, w]:
                    found[s, s2 >> 6] |= ONE << np.uint64(s2 & 63)
                    break
    return found


@njit(cache=True, nogil=True)
def deterred(temptations, answers, sanctions):
    """Whether from each state (N,) every temptation is answered by some sanction: bits (N, words), all three."""
    n_states, words = temptations.shape
    found = np.ones(n_states, np.bool_)
    for s in range(n_states):
        for s1 in range(n_states):
            if not temptations[s, s1 >> 6] >> np.uint64(s1 & 63) & ONE:
                continue
            answered = False
            for w in range(words):
                if answers[s1, w] & sanctions[s, w]:
                    answered = True
                    break
            if not answered:
                found[s] = False
                break
    return found
