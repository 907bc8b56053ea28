"""Files of other programs for the tests: brought in, and what is said of malformed ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import detente


def bring(folder: Path, text: str | bytes, name: str = "t.csv", **how: Any) -> Any:
    """A file written and imported."""
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return detente.import_(file, **how)


def faults(folder: Path, text: str | bytes, name: str = "t.csv", **how: Any) -> list[str]:
    """What is said of a file that cannot be imported, a line a fault, the file called F."""
    with pytest.raises(detente.InputError) as caught:
        bring(folder, text, name, **how)
    lines = [str(fault).replace(str(folder / name), "F") for fault in caught.value.faults]
    assert not any("\n" in line for line in lines)
    return lines


def edit(text: str, old: str, new: str, times: int = 1) -> str:
    """The text with one thing changed, where it first stands or, with -1, wherever it does."""
    assert old in text
    return text.replace(old, new, times)
