"""Write the generated pages of docs/reference from the code: python scripts/make_reference.py [--check]."""

from __future__ import annotations

import difflib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from detente.cli import app
from detente.scenario import fields

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"
NOTE = "<!-- Written by scripts/make_reference.py; change the code it is made from, then run `make reference`. -->"


def page(title: str, *parts: str) -> str:
    """A heading, paragraphs and tables as one page."""
    return "\n\n".join(part.strip("\n") for part in (title, NOTE, *parts) if part) + "\n"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""

    def line(cells: list[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    return "\n".join([line(head), line(["---"] * len(head)), *(line(row) for row in rows)])


# --- commands ------------------------------------------------------------------------------------------------------


def commands(command: click.Command = app, name: str = "detente") -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name, depth first."""
    yield name, command
    if isinstance(command, click.Group):
        for _, child in sorted(command.commands.items()):
            yield from commands(child, f"{name} {child.name}")


def options(command: click.Command) -> Iterator[click.Option]:
    """The options of a command, --help left out."""
    return (parameter for parameter in command.params if isinstance(parameter, click.Option))


def cli_page() -> str:
    """The commands, their arguments and options."""
    parts = ["# Commands", "Every command and option. `detente COMMAND --help` says the same on the terminal."]
    for name, command in commands():
        context = click.Context(command, info_name=name, max_content_width=80)
        usage = " ".join([name, *command.collect_usage_pieces(context)])
        parts += [f"## {name}", _plain(command.help), f"```text\n{usage}\n```"]
        rows = [[_spelling(option), _explanation(option)] for option in options(command)]
        parts += [table(["option", "what it does"], rows)] if rows else []
        parts += [_example(command.epilog)] if command.epilog else []
    return page(*parts)


def _plain(text: str | None) -> str:
    """A help text as Markdown: placeholders such as FILE or @DATE stand as they are."""
    return inspect.cleandoc(text or "").replace("\b", "").replace("*", "\\*").replace("<", "&lt;")


def _example(epilog: str) -> str:
    """What stands last in a command's help; an example as code, to be copied."""
    word, colon, command = epilog.partition(": ")
    return f"```sh\n{command}\n```" if colon and word == "Example" else _plain(epilog)


def _spelling(option: click.Option) -> str:
    """All spellings of an option, with the name of its value."""
    names = ", ".join(sorted(option.opts, key=len, reverse=True))
    if option.secondary_opts:
        names = f"{names} / {', '.join(option.secondary_opts)}"
    value = "" if option.is_flag else f" {option.metavar or option.type.name.split(' ')[0].upper()}"
    return f"`{names}{value}`"


def _explanation(option: click.Option) -> str:
    """The help of an option, with its default where the terminal shows one."""
    text = " ".join((option.help or "").split())
    if option.show_default:
        text += f" [default: {option.default}]"
    return re.sub(r"\[default: (.*?)\]", r"Default: \1.", _plain(text))


# --- fields of a scenario ------------------------------------------------------------------------------------------


def fields_page() -> str:
    """Every field of a scenario file."""
    numbers = [[f"`{f.where}`", f.meaning, f.unit, f.expected, _default(f.default)] for f in fields.NUMBERS.values()]
    words = [[f"`{name}`", meaning] for name, meaning in fields.MEANINGS.items()]
    return page(
        "# Fields of a scenario",
        "`*` stands for an id. Wherever a number stands, a distribution may stand too. "
        "Where a default is a range, it is written low / mode / high; [Defaults](defaults.md) gives the reasons.",
        "## Numbers",
        table(["path", "meaning", "unit", "expected", "default"], numbers),
        "## The other fields",
        table(["field", "meaning"], words),
        "## Fixed words",
        table(["field", "one of"], [[f"`{name}`", ", ".join(values)] for name, values in _vocabulary().items()]),
    )


def _vocabulary() -> dict[str, tuple[str, ...]]:
    """Fields that take one of a few words."""
    return {
        "role": fields.ROLES,
        "kind": fields.TIE_KINDS,
        "event": fields.EVENTS,
        "ended": fields.ENDINGS,
        "precision": fields.PRECISIONS,
        "direction": fields.DIRECTIONS,
        "settlement": (*fields.SETTLEMENTS, "a model's name"),
    }


def _default(value: Any) -> str:
    """A default as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return " / ".join(f"{value[key]:g}" for key in ("low", "mode", "high"))
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def defaults_page() -> str:
    """What stands where a file says nothing, and why."""
    rows = [[f"`{f.where}`", _default(f.default), f.reason] for f in fields.NUMBERS.values() if f.default is not None]
    return page(
        "# Defaults",
        "What a scenario leaves out is not taken as known: nearly every default is a range (low / mode / high). It is "
        "drawn like any other number, enters `detente sensitivity`, and counts as unsourced, so that no default "
        "decides an answer in silence. To fix one, write it in the file, with its source.",
        table(["field", "default", "reason"], rows),
        f"The limits of a lever are {fields.LIMITS[0]:g} and {fields.LIMITS[1]:g} where the file gives none: exact, "
        "because a level is a share of all that could be done.",
    )


PAGES = {"cli.md": cli_page, "fields.md": fields_page, "defaults.md": defaults_page}


def stale() -> Iterator[str]:
    """What differs between the pages and the code, one unified diff a page."""
    for name, make in PAGES.items():
        file = REFERENCE / name
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        if new := "".join(difflib.unified_diff(old.splitlines(True), make().splitlines(True), name, "as the code is")):
            yield new


def main() -> None:
    """Write the pages, or say what is out of date."""
    if "--check" in sys.argv[1:]:
        if differences := list(stale()):
            sys.exit("".join(differences) + "docs/reference is out of date: run `make reference`")
        return
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (REFERENCE / name).write_text(make(), encoding="utf-8")
        print(f"wrote docs/reference/{name}")


if __name__ == "__main__":
    main()
