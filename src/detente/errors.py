"""Faults in what a person wrote, each one clear line that says where, what was found and what was expected."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the input, printed as ``FILE:LINE:COL: path: found; expected (did you mean X?)``.

    ``line`` and ``column`` count from 1; both are None where the fault has no place in a file.
    """

    found: str
    expected: str = ""
    path: str = ""
    file: str | None = None
    line: int | None = None
    column: int | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        text = "; ".join(part for part in (self.found, self.expected) if part)
        if self.suggestion:
            text += f" (did you mean {self.suggestion}?)"
        # A fault is one line whatever the input held: control characters are shown, never printed.
        line = ": ".join(part for part in (place, self.path, text) if part)
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


class InputError(Exception):
    """The input is wrong; ``faults`` lists everything that is, in the order of the file. Exit status 1."""

    def __init__(self, faults: Fault | Iterable[Fault]):
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UsageError(Exception):
    """The command line or a call's arguments are wrong. Exit status 2."""


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name most like `name`, or None where nothing is close.

    >>> nearest("damscus", ["damascus", "opposition"])
    'damascus'
    """
    found = difflib.get_close_matches(str(name), [str(v) for v in valid], n=1, cutoff=0.6)
    return found[0] if found else None
