"""A report to try the reading on, in our own words about a conflict that never was."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

SAMPLES = {"sample": "harbour-talks-2031-05-14.md"}


def found(name: str) -> str:
    """The file of a sample by its name; any other name, and one that is a file's, as it is.

    >>> Path(found("sample")).name
    'harbour-talks-2031-05-14.md'
    """
    if name not in SAMPLES or Path(name).exists():
        return name
    return str(files("detente.evidence.samples").joinpath(SAMPLES[name]))
