"""What this process takes of the machine, and may take: the one place that asks the system in its own way."""

from __future__ import annotations

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

    Only a process's main thread can be stopped so, and only where the system has timers (not Windows); elsewhere nothing changes.

    >>> with time_limit(60):
    ...     answer = 6 * 7
    >>> answer
    42
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
