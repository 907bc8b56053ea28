"""What a command does with its answer: a file, standard output, pictures, the report, a table for people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.console import console, progress, say

if TYPE_CHECKING:
    from detente.analysis.results import Result
    from detente.analysis.study import Study
    from detente.scenario.situation import Situation


def write(text: str, file: str) -> None:
    """Text to a file, whole or not at all, or to standard output."""
    from detente.files import write_text

    if file == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        write_text(Path(file), text)


def write_data(data: Any, file: str) -> None:
    """Data as JSON to a file or to standard output."""
    import json

    write(json.dumps(data, ensure_ascii=False, indent=1) + "\n", file)


def shell(*words: object) -> str:
    """A command of detente as a shell takes it.

    >>> shell("check", "my conflict.yaml")
    "detente check 'my conflict.yaml'"
    """
    import shlex

    return shlex.join(["detente", *map(str, words)])


def command_line() -> str:
    """What was typed, as a shell would take it again."""
    return shell(*sys.argv[1:])


def deliver(
    result: Result,
    show: str,
    situation: Situation | None,
    *,
    study: Study | None = None,
    json_file: str | None,
    quiet: bool,
    html: Path | None = None,
    redact: bool | None = None,
    charts: Path | None = None,
    workers: int | None = None,
    traceback: bool = False,
    next_: Callable[..., str] | None = None,
    shares: Mapping[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> None:
    """The answer where it was asked for: a file, standard output, pictures, the report, a table for people.

    `next_` words the commands that a table offers next; of each of `shares` it is told whether the model can say.
    """
    from detente import api
    from detente.report import terminal

    if json_file is not None:
        write(result.to_json() + "\n", json_file)
    quiet = quiet or json_file == "-"
    if not quiet:
        offers = () if next_ is None else (next_,)
        told = result.to_dict()
        if shares and study is not None:
            told["verdicts"] = [verdict.to_dict() for verdict in api.glance(study, shares)]
        getattr(terminal, show)(console(), situation, told, *offers)
    if charts is not None:
        from detente.report.export import export_charts

        for file in export_charts(result.charts(), charts):
            if not quiet:
                say(f"wrote {file}")
    if html is not None and study is not None:
        with progress(quiet) as bar:
            how: dict[str, Any] = {"redact": redact, "workers": workers, "progress": bar}
            api.write_report(study, html, command=command_line(), asked=result, **how, **more)
        if not quiet:
            say(f"wrote {html}")
