"""Decision makers worked on one after another, or side by side where the game is large."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

LARGE = 1 << 15  # states from which it pays


def each_maker(makers: int, states: int, work: Callable[[int], T]) -> list[T]:
    """``work(i)`` for each decision maker i, in their order; side by side in a large game.

    Compiled loops, and NumPy's sorting, let go of Python's lock.

    >>> each_maker(3, 1 << 20, lambda maker: maker * maker)
    [0, 1, 4]
    """
    if states < LARGE:
        return [work(maker) for maker in range(makers)]
    with ThreadPoolExecutor(min(makers, os.cpu_count() or 1)) as pool:
        return list(pool.map(work, range(makers)))
