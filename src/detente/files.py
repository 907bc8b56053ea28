"""Files written whole or not at all, in UTF-8."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detente.errors import Fault, InputError


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A temporary file beside `file` that takes its place when the block ends well, and vanishes when it does not.

    Raises `InputError` with one clear line where the place cannot be written or the disk is full.
    """
    file = Path(file)
    temporary = None
    try:
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        # A device or a pipe (/dev/null, /dev/stdout) is written to; renaming a file over it would destroy it.
        special = file.exists() and not file.is_file()
        folder = None if special else file.resolve().parent
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{file.name}.", suffix=".part")
        os.close(handle)
        temporary = Path(name)
        yield temporary
        if special:
            file.write_bytes(temporary.read_bytes())
            return
        # mkstemp makes files that only the owner can read; a report is meant to be passed on.
        temporary.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        temporary.replace(file.resolve())  # a link goes on pointing where it did
        temporary = None
    except OSError as error:
        raise InputError(Fault(_reason(error), "expected a place that can be written", file=str(file))) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return f"could not be written: {(error.strerror or str(error)).lower()}"


def hold_writable(place: Path) -> None:
    """Raise the `InputError` that writing to `place`, a file or a folder, would meet at once, before any work is done."""
    folder = place.resolve().parent
    if place.exists():
        wrong = 0 if os.access(place, os.W_OK) else errno.EACCES
    elif not folder.exists():
        wrong = errno.ENOENT
    elif not folder.is_dir():
        wrong = errno.ENOTDIR
    else:
        wrong = 0 if os.access(folder, os.W_OK) else errno.EACCES
    if wrong:
        reason = _reason(OSError(wrong, os.strerror(wrong)))
        raise InputError(Fault(reason, "expected a place that can be written", file=str(place)))


def write_text(file: Path, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with replacing(Path(file)) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
