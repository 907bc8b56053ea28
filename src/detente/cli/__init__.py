"""The commands: `questions` asks them, `files`, `graph` and `read` bring those of their part; thin, all of them."""

from __future__ import annotations

import contextlib
import gc
import os
import sys

from detente.cli import files, graph, questions, read  # each hangs its commands on `app`
from detente.cli.group import app
from detente.console import run_safely

__all__ = ["app", "files", "graph", "main", "program", "questions", "read"]


def main() -> None:
    """The program's entry point: exit status 0 done, 1 input wrong, 2 command line wrong, 130 interrupted."""
    # What is made in the first second, modules and the scenario, stays to the end: looking through it for garbage is idle.
    gc.set_threshold(500_000)
    for stream in (sys.stdout, sys.stderr):
        # UTF-8 everywhere, also where the system says otherwise (Windows, a bare C locale).
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run_safely(lambda: app(standalone_mode=False, prog_name="detente")))


def program() -> None:
    """`main` as a program of its own, which ends at once where compiled loops were loaded.

    To take those down needs a quarter of a second, and by then all is written.
    """
    try:
        main()
    except SystemExit as stop:
        if "llvmlite" not in sys.modules:
            raise
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(stop.code if isinstance(stop.code, int) else 1)
