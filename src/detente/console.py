"""What the terminal does around a command: output, progress, and errors that say what to do."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from detente.errors import InputError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

DONE, INPUT_WRONG, USAGE_WRONG, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
PATIENCE = 1.0  # seconds of silence before progress is shown


def console() -> Console:
    """Standard output for people: 80 columns where it is not a terminal, no colour where it should not be."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 80
    return Console(width=width, highlight=False, soft_wrap=False)


@contextlib.contextmanager
def progress(quiet: bool) -> Iterator[Any]:
    """A progress callback for `analysis`, drawn on standard error with the time left where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    started, task, stage = time.monotonic(), None, None

    def report(done: int, total: int, what: str, note: str = "") -> None:
        nonlocal task, stage
        if time.monotonic() - started < PATIENCE:
            return  # most commands are done before anyone wonders
        if task is None:
            bar.start()
        if what != stage:
            if task is not None:
                bar.remove_task(task)
            task, stage = bar.add_task(what, total=total), what
        bar.update(task, completed=done, total=total, description=f"{what}{note}")

    try:
        yield report
    finally:
        bar.stop()


def say(message: str) -> None:
    """A line on standard error."""
    print(message, file=sys.stderr)


def note(message: str) -> None:
    """Prose on standard error, in lines of at most 80 columns that hang below the first; no word is broken."""
    import textwrap

    say(textwrap.fill(message, 80, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False))


def run_safely(command: Any) -> int:
    """Run `command()`; turn whatever a person can get wrong into one clear line each and the right exit status."""
    import click

    show_stack = "--traceback" in sys.argv
    try:
        result = command()
        sys.stdout.flush()
        return result if isinstance(result, int) else DONE
    except (click.exceptions.Exit, SystemExit) as stop:
        if isinstance(stop.__context__, BrokenPipeError) or "PacifyFlushWrapper" in type(sys.stdout).__name__:
            return PIPE_CLOSED  # click has caught it first and stops with 1
        code = getattr(stop, "exit_code", None)
        code = stop.code if code is None and isinstance(stop, SystemExit) else code
        return int(code or 0)
    except InputError as error:
        if show_stack:
            raise
        for fault in error.faults:
            say(str(fault))
        from_flag = error.faults and all((f.file or "").startswith("--") for f in error.faults)
        return USAGE_WRONG if from_flag else INPUT_WRONG
    except UsageError as error:
        if show_stack:
            raise
        say(f"detente: {error}")
        return USAGE_WRONG
    except click.exceptions.UsageError as error:
        say(_usage(error))
        return USAGE_WRONG
    except (KeyboardInterrupt, click.exceptions.Abort, SystemError) as stop:
        # Interrupted inside a compiled loop, the interpreter wraps the interruption in an error of its own.
        if isinstance(stop, SystemError) and not _interrupted(stop):
            raise
        if show_stack:
            raise
        say("detente: interrupted; nothing was written")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough. Python would complain once more when it flushes at exit.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except (OSError, MemoryError) as error:
        if show_stack:
            raise
        reason = getattr(error, "strerror", None) or str(error) or "out of memory"
        where = getattr(error, "filename", None)
        say(f"detente: {f'{where}: ' if where else ''}{reason.lower()}")
        return INPUT_WRONG


def _interrupted(error: BaseException | None) -> bool:
    """Whether an interruption stands behind an error."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _usage(error: Any) -> str:
    """A wrong command line in one line: which command, what was found, what was expected."""
    import click

    command = error.ctx.command_path if error.ctx is not None else "detente"
    if isinstance(error, click.exceptions.NoSuchOption):
        from detente.errors import nearest

        options = [name for p in error.ctx.command.params for name in p.opts] if error.ctx else []
        close = nearest(error.option_name, options)
        hint = f" (did you mean {close}?)" if close else ""
        return f"{command}: {error.option_name}: no such option{hint}; see {command} --help"
    text = " ".join(error.format_message().split()).rstrip(".")
    text = text.replace("is not a valid integer range", "is not a whole number")
    if error.ctx and isinstance(error.ctx.command, click.Group) and text.startswith("No such command"):
        from detente.errors import nearest

        # Newer clicks suggest a command themselves, in words of their own.
        text = text.partition(". Did you mean")[0]
        close = nearest(text.split("'")[1], error.ctx.command.commands)
        text += f" (did you mean {close}?)" if close else ""
    return f"{command}: {text}; see {command} --help"
