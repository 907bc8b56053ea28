"""The commands on files: to start, list, check and show scenarios, and to bring other programs' files in and out."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.deliver import shell, write, write_data
from detente.cli.group import app
from detente.cli.options import AS_OF, FILE, JSON, PLACE, PLACE_OR_DASH, QUIET, SCENARIO, SET, STACK, options
from detente.console import console, note, say
from detente.errors import UsageError


@app.command(epilog="Example: detente check my-conflict.yaml")
@SCENARIO
@options(AS_OF, SET, JSON, QUIET, STACK)
def check(
    scenario: str, as_of: str | None, set_: tuple[str, ...], json_file: str | None, quiet: bool, traceback: bool
) -> None:
    """Find every fault of a file in one go; count how many of its numbers are sourced."""
    from detente import api
    from detente.report import terminal

    found = api.check(scenario, as_of=as_of, set=set_).to_dict()
    if json_file is not None:
        write_data(found, json_file)
    if json_file != "-" and not quiet:
        terminal.print_check(console(), found)


@app.command(epilog="Example: detente new my-conflict.yaml --from syria-2015")
@click.argument("file", type=PLACE, required=False)
@click.option("--from", "source", metavar="ID", help="Copy a built-in scenario instead of a blank one.")
@click.option("--excel", type=PLACE, metavar="FILE", help="A workbook to fill in, for detente import, instead.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@STACK
def new(file: Path | None, source: str | None, excel: Path | None, force: bool, traceback: bool) -> None:
    """Start a scenario file: blank with every part explained, or a copy of a built-in one."""
    from detente.scenario.library import new as text_of

    place = file or excel
    if place is None or (excel is not None and (file is not None or source is not None)):
        raise UsageError("new: expected a FILE, with --from or without, or --excel FILE alone")
    if place.exists() and not force:
        raise UsageError(f"new: {place} is there already; expected another name, or --force")
    if excel is not None:
        from detente.formats import Written
        from detente.formats.excel import template

        Written(template()).save(excel)
        import_ = shell("import", excel, "-o", Path(excel.name).with_suffix(".yaml"))
        say(f"wrote {excel}; next: fill it in, then {import_}")
        return
    write(text_of(source), str(place))
    say(f"wrote {place}; next: {shell('check', place)}")


@app.command("list")
@options(JSON, STACK)
def list_(json_file: str | None, traceback: bool) -> None:
    """The built-in scenarios."""
    from detente.report import terminal
    from detente.scenario.library import library

    entries = [entry.to_dict() for entry in library()]
    if json_file is not None:
        write_data(entries, json_file)
    if json_file != "-":
        terminal.print_list(console(), entries)


@app.command(epilog="Example: detente show syria-2015@2014-02-15 --resolved")
@SCENARIO
@click.option(
    "--resolved", is_flag=True, help="Every number in force, defaults and what-ifs included, with and without levers."
)
@options(AS_OF, SET, JSON, STACK)
def show(
    scenario: str, resolved: bool, as_of: str | None, set_: tuple[str, ...], json_file: str | None, traceback: bool
) -> None:
    """Print a scenario file, or the whole of what it resolves to."""
    from detente import api
    from detente.report import terminal

    situation = api.situation(scenario, as_of=as_of, set=set_)
    if not resolved and json_file is None:
        write(situation.source_text, "-")
        return
    from detente.analysis.resolved import resolved as whole

    table = whole(situation)
    if json_file is not None:
        write_data(table, json_file)
    if json_file != "-":
        terminal.print_resolved(console(), situation, table)


@app.command("import", epilog="Example: detente import stances.csv -o my-conflict.yaml")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@click.option("--format", "format_", metavar="F", help="What kind of file it is; guessed from what stands in it.")
@click.option(
    "-o",
    "--output",
    type=PLACE_OR_DASH,
    metavar="FILE",
    default="-",
    help="The scenario file.  [default: standard output]",
)
@click.option("--as-of", metavar="DATE", help="The day of the stances, where the file has none (YYYY-MM-DD).")
@click.option("--compare", is_flag=True, help="Of KTAB's results: its run beside ours, instead of the scenario.")
@click.option(
    "--json",
    "json_file",
    type=PLACE_OR_DASH,
    metavar="FILE",
    help="With --compare, the comparison; - for standard output.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@options(QUIET, STACK)
def import_(
    files: tuple[Path, ...],
    format_: str | None,
    output: str,
    as_of: str | None,
    compare: bool,
    json_file: str | None,
    force: bool,
    quiet: bool,
    traceback: bool,
) -> None:
    """Make a scenario of another program's file.

    More than one FILE only where a format spreads over several: a GENIUS domain, then its profiles.
    """
    from detente import api

    if compare:
        _compare_stored(files[0], json_file, quiet)
        if output == "-":
            return
    elif json_file is not None:
        raise UsageError("import: --json needs --compare; expected both")
    if output != "-" and Path(output).exists() and not force:
        raise UsageError(f"import: {output} is there already; expected another name, or --force")
    found = api.import_(*files, format=format_, as_of=as_of)
    write(found.text, output)
    if quiet:
        return
    for text in found.read_as:
        note(f"read: {text}")
    for text in found.to_fill:
        note(f"to fill in: {text}")
    for text in found.lost:
        note(f"not taken over: {text}")
    if output != "-":
        say(f"wrote {output}, read as {found.format}; next: {shell('check', output)}")


def _compare_stored(file: Path, json_file: str | None, quiet: bool) -> None:
    """A run that KTAB stored, beside ours."""
    from detente.formats.ktab_results import compare
    from detente.report import terminal

    found = compare(file).to_dict()
    if json_file is not None:
        write_data(found, json_file)
    if json_file != "-" and not quiet:
        terminal.print_agreement(console(), found)


@app.command(epilog="Example: detente export syria-2015 -o stances.csv")
@SCENARIO
@click.option("--format", "format_", metavar="F", help="What kind of file; by the ending of its name, if left out.")
@click.option("-o", "--output", metavar="FILE", required=True, type=PLACE, help="The file to write.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@options(AS_OF, SET, QUIET, STACK)
def export(
    scenario: str,
    format_: str | None,
    output: Path,
    force: bool,
    as_of: str | None,
    set_: tuple[str, ...],
    quiet: bool,
    traceback: bool,
) -> None:
    """Write a scenario as another program's file, with an account of what the format cannot hold."""
    from detente import api
    from detente.formats import write

    written = write(api.situation(scenario, as_of=as_of, set=set_), output, format_)
    for name in (output, *(output.parent / name for name in written.beside)):
        if name.exists() and not force:
            raise UsageError(f"export: {name} is there already; expected another name, or --force")
    written.save(output)
    if quiet:
        return
    for text in written.lost:
        note(f"left behind: {text}")
    for name in (output, *(output.parent / name for name in written.beside)):
        say(f"wrote {name}")


@app.command(epilog="Example: detente schema > detente.schema.json")
@STACK
def schema(traceback: bool) -> None:
    """Print the JSON Schema of the scenario format, for editors' completion."""
    from detente import api

    write_data(api.schema(), "-")
