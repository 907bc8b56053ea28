"""How much memory this process has taken at most: the one place that asks the system in its own way."""

from __future__ import annotations

import math
import sys

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]


def peak_mb() -> float:
    """The peak in MB; not a number where the system does not say."""
    if resource is None:
        return math.nan
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)  # bytes there, kilobytes on Linux
