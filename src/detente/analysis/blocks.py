"""Work split into blocks of draws, over any `concurrent.futures` executor.

A block's draws and noise depend on the seed and the block's number alone, and results are taken in the order of
the blocks, so the answer is the same bytes for any number of workers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
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


def placed(executor: Executor | None, workers: int) -> tuple[Executor | None, int]:
    """Where work goes, and to how many: to the caller's executor, else to that in use, else to our own workers."""
    elsewhere = _ELSEWHERE.get()
    return (executor, workers) if executor is not None or elsewhere is None else (elsewhere.executor, elsewhere.workers)


@contextmanager
def _pool(executor: Executor | None, workers: int) -> Iterator[Executor]:
    """The caller's executor, left open, or a thread pool of our own, closed without waiting for queued work."""
    if executor is not None:
        yield executor
        return
    # Threads: the models' kernels and NumPy's array operations release the interpreter lock.
    own = ThreadPoolExecutor(max_workers=workers)
    try:
        yield own
    finally:
        own.shutdown(wait=True, cancel_futures=True)


def map_blocks(
    task: Callable[[T], R],
    items: Iterable[T],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    what: str = "draws",
) -> Iterator[R]:
    """Yield ``task(item)`` for each item in order. `task` must be picklable where the executor is of processes.

    At most a few items a worker are under way at once, so memory stays flat however many there are.
    """
    work = list(items)
    executor, workers = placed(executor, workers)
    if progress:
        progress(0, len(work), what)
    if executor is None and (workers <= 1 or len(work) <= 1):
        for done, item in enumerate(work, 1):
            yield task(item)
            if progress:
                progress(done, len(work), what)
        return
    with _pool(executor, workers) as pool:
        window = max(2, 2 * workers)
        pending = [pool.submit(task, item) for item in work[:window]]
        try:
            for done in range(len(work)):
                result = pending.pop(0).result()
                if done + window < len(work):
                    pending.append(pool.submit(task, work[done + window]))
                yield result
                if progress:
                    progress(done + 1, len(work), what)
        finally:
            for future in pending:
                future.cancel()
