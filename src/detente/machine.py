"""What this process takes of the machine, and may take: the one place that asks the system in its own way."""

from __future__ import annotations

import ctypes
import math
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


def peak_mb() -> float:
    """The most memory this process has taken, in MB; not a number where the system does not say.

    >>> peak_mb() > 0 or math.isnan(peak_mb())
    True
    """
    if resource is None:
        return math.nan
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)  # bytes there, kilobytes on Linux


def hold_memory(most: int) -> None:
    """Let the system refuse this process more than `most` bytes; where it has no such limit, nothing changes."""
    if resource is None:
        return
    ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
    held = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (held, ceiling))
    except (OSError, ValueError):
        return


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` within the block once it has run for `seconds` by the clock.

    In a process's main thread, where the system has timers (not Windows), a search of the standard library's is broken off too;
    any other thread is stopped between two steps of Python, so that one long call of a library runs to its end first.

    >>> with time_limit(60):
    ...     answer = 6 * 7
    >>> answer
    42
    """
    main = threading.current_thread() is threading.main_thread()
    with _by_timer(seconds) if main and hasattr(signal, "setitimer") else _by_thread(seconds):
        yield


@contextmanager
def _by_timer(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    """Another thread waits, and has the interpreter raise the error in this one."""
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    here = ctypes.c_ulong(threading.get_ident())
    lock, over = threading.Lock(), False

    def stop() -> None:
        with lock:
            if not over:
                raise_in(here, ctypes.py_object(TimeoutError))

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with lock:
            over = True
            raise_in(here, None)  # what was asked for as the block ended, and has not been raised
