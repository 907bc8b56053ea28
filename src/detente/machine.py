"""What this process takes of the machine, and may take: the one place that asks the system in its own way."""

from __future__ import annotations

import math
import sys

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
