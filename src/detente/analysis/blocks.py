"""Work split into pieces and done in their order, over any `concurrent.futures` executor.

A block's draws and noise depend on the seed and the block's number alone, and results are taken in the order of
the blocks, so the answer is the same bytes for any number of workers.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

Progress = Callable[[int, int, str], None]  # done, total, what


def default_workers() -> int:
    """As many workers as this process may use processors."""
    affinity = getattr(os, "sched_getaffinity", None)  # absent on Windows and macOS
    return max(1, len(affinity(0)) if affinity else os.cpu_count() or 1)


@dataclass(frozen=True)
class Elsewhere:
    """An executor that all work goes to while it is in use, and how many of its workers there are."""

    executor: Executor
    workers: int


_ELSEWHERE: ContextVar[Elsewhere | None] = ContextVar("elsewhere", default=None)


@contextmanager
def working(elsewhere: Elsewhere | None) -> Iterator[None]:
    """Send the blocks of every analysis within to `elsewhere`, where a call names no executor of its own."""
    before = _ELSEWHERE.set(elsewhere)
    try:
        yield
    finally:
        _ELSEWHERE.reset(before)


def _placed(executor: Executor | None, workers: int) -> tuple[Executor | None, int]:
    """Where work goes, and to how many: to the caller's executor, else to that in use, else to our own workers."""
    elsewhere = _ELSEWHERE.get()
    return (executor, workers) if executor is not None or elsewhere is None else (elsewhere.executor, elsewhere.workers)


def in_order(
    task: Callable[[T], R],
    items: Iterable[T],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    own: Callable[[int], Executor] = ThreadPoolExecutor,
    ahead: int = 2,
) -> Generator[R, None, None]:
    """Yield ``task(item)`` for each of `items`, a list or an endless stream, in their order.

    The work goes to `executor`, which is left open; without one, to as many workers of an executor that `own` makes,
    or to nobody else where there is one worker. `task` must be picklable where they are processes. Items are drawn as results
    are taken, so that at most `ahead` a worker are under way, and memory stays flat however many there are. Closing the
    generator cancels what has not begun.

    >>> from itertools import count, islice
    >>> list(islice(in_order(abs, count(-2), workers=2), 4))
    [2, 1, 0, 1]
    """
    executor, workers = _placed(executor, workers)
    with _pool(executor, workers, own) as pool:
        if pool is None:
            yield from map(task, items)
            return
        waiting: deque[Future[R]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(task, item))
                if len(waiting) >= ahead * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def _pool(executor: Executor | None, workers: int, own: Callable[[int], Executor]) -> Iterator[Executor | None]:
    """The caller's executor; one of our own for several workers, closed without its queued work; none for one."""
    if executor is not None or workers <= 1:
        yield executor
        return
    made = own(workers)
    try:
        yield made
    finally:
        made.shutdown(wait=True, cancel_futures=True)


def map_blocks(
    task: Callable[[T], R],
    items: Iterable[T],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    what: str = "draws",
) -> Iterator[R]:
    """Yield ``task(item)`` for each item in order, and tell how far the work is: see `in_order`.

    The workers are threads: the models' kernels and NumPy's array operations release the interpreter lock.
    """
    work = list(items)
    tell = progress or (lambda done, total, what: None)
    tell(0, len(work), what)
    with closing(in_order(task, work, workers=min(workers, len(work)), executor=executor)) as results:
        for done, result in enumerate(results, 1):
            yield result
            tell(done, len(work), what)
