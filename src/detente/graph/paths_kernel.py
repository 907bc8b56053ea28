"""Forward search in option form without arcs, compiled; the arrays are those of ``options_kernel.py``.

Of a state that several move to, the first to arrive lets all others go on, and the second the first; so every decision
maker goes on from a state once. Within a sub-block a position says down to which rank its members have been reached.
"""

from __future__ import annotations

import numpy as np

from detente.compiling import njit


@njit(cache=True, nogil=True)
def arrive(maker, state, step, steps, queue, tail, wanted):
    """Note that `maker` has brought about a state; whether that was looked for."""
    steps[maker, state] = step
    queue[tail] = state * (steps.shape[0] + 1) + maker
    if wanted.size and wanted[state]:
        wanted[state] = False
        return 1
    return 0


@njit(cache=True, nogil=True)
def steps_from(
    origin,
    improving,
    joins,
    wanted,
    most,
    left_out,
    payoff,
    sub,
    start,
    order,
    level,
    first,
    last,
    pattern,
    split,
):
    """The least number of steps to each state by who moves last, (n, N), -1 for never; and the last wanted state found.

    `joins` (n,) says who may move; with `improving`, improvements only. The search ends at the `most`-th state of
    `wanted` (N,) that it reaches, the origin included where a sequence leads back to it, and takes what it finds out of
    `wanted`; -1 where it reaches fewer, and where `wanted` is empty, every state is reached that can be. `left_out` is a
    move (who, from, to) that is not made.
    """
    n_states, makers = payoff.shape
    steps = np.full((makers, n_states), -1, np.int32)
    came = np.full(n_states, -2, np.int8)  # who arrived first; `makers` once everybody has gone on from there
    done = start[1:].copy()
    alone = np.full(done.size, -1, np.int32)  # in a sub-block that moves have opened from one member alone: that member
    queue = np.empty(makers * n_states + 1, np.int64)
    queue[0] = origin * (makers + 1) + makers  # nobody has moved
    head, tail = 0, 1
    skip_maker, skip_from, skip_to = left_out
    while head < tail:
        t = queue[head] // (makers + 1)
        mover = queue[head] % (makers + 1)
        head += 1
        step = 1 if mover == makers else steps[mover, t] + 1
        before = came[t]
        if before == makers:
            continue
        came[t] = makers if mover == makers or before >= 0 else mover
        for k in range(makers):
            if not joins[k] or k == mover or (before >= 0 and k != before):
                continue
            p = payoff[t, k] if improving else 0
            b = sub[t, k]
            low, high = b, b + 1
            if split[k]:
                low, high = first[b], last[b]
            for a in range(low, high):
                if split[k] and pattern[b] & ~pattern[a]:
                    continue
                q = done[a]
                while q > start[a] and level[q - 1] > p:
                    q -= 1
                    u = order[q]
                    if u == t:
                        alone[a] = t
                    elif k == skip_maker and t == skip_from and u == skip_to:
                        continue
                    elif steps[k, u] < 0:
                        most -= arrive(k, u, step, steps, queue, tail, wanted)
                        tail += 1
                        if not most:
                            return steps, u
                done[a] = q
                late = alone[a]
                if late >= 0 and late != t and not (k == skip_maker and t == skip_from and late == skip_to):
                    alone[a] = -1
                    if steps[k, late] < 0:
                        most -= arrive(k, late, step, steps, queue, tail, wanted)
                        tail += 1
                        if not most:
                            return steps, late
                # Left out once, the move's end stands above the position; whoever else leads there finds it here.
                if k != skip_maker or a != sub[skip_to, k] or steps[k, skip_to] >= 0:
                    continue
                if t != skip_from and t != skip_to and payoff[skip_to, k] > p:
                    most -= arrive(k, skip_to, step, steps, queue, tail, wanted)
                    tail += 1
                    if not most:
                        return steps, skip_to
    return steps, -1
