"""The command of the graph model: stable states of a strategic conflict, and why they are."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from detente.cli.deliver import command_line, write
from detente.cli.group import app
from detente.cli.options import AS_OF, CHARTS, HTML, JSON, PLACE, QUIET, SEED, SET, STACK, options
from detente.console import console, note, say
from detente.errors import UsageError


@app.command(epilog="Example: detente graph my-conflict.yaml --explain '#3' --dm damascus")
@click.argument("scenario", metavar="SCENARIO|FILE.gmcr")
@options(
    click.option("--explain", metavar="STATE", help="Why a state is stable or not: a code, YNNY or #3."),
    click.option("--dm", metavar="DM", help="With --explain: for this decision maker only."),
    click.option("--inverse", metavar="STATE", help="Which preferences would make a state stable."),
    click.option("--to", metavar="STATE", help="The shortest ways from the status quo to a state."),
    click.option("--concepts", metavar="A,B", help="Only these: nash, gmr, smr, seq, sseq, sim."),
    click.option(
        "--coalitions", is_flag=True, help="Coalitions, those listed and all there can be, however large the game."
    ),
    click.option("--export", "export_", type=PLACE, metavar="FILE", help="The game as .gmcr, .graphml or .dot."),
    click.option("--force", is_flag=True, help="Replace a file that is there."),
    click.option(
        "--full",
        is_flag=True,
        help="In --json, lists of over 100,000 states too; in --html, what restricted sources say.",
    ),
    click.option("--draws", type=click.IntRange(1, 100_000_000), help="Draws of uncertain preferences: 10,000."),
    SEED,
    AS_OF,
    SET,
    JSON,
    HTML,
    CHARTS,
    QUIET,
    STACK,
)
def graph(scenario: str, traceback: bool, **given: Any) -> None:
    """Which states of the strategic conflict are stable, for whom, and why.

    The conflict is the game: of a scenario, or a file of the program GMCR+.
    """
    from detente import api
    from detente.report.terminal import graph as shown

    explain, dm, quiet = given["explain"], given["dm"], given["quiet"] or given["json_file"] == "-"
    if dm is not None and explain is None:
        raise UsageError("graph: --dm needs --explain; expected both")
    if given["export_"] is not None:
        _hold_export(given["export_"], force=given["force"])
    concepts = None if given["concepts"] is None else [c.strip() for c in given["concepts"].split(",") if c.strip()]
    if concepts == []:
        raise UsageError(f"--concepts: found {given['concepts']!r}; expected one or more, a comma between them")
    where = {"as_of": given["as_of"], "set": given["set_"]}
    foreign = scenario.lower().endswith(".gmcr")
    subject = scenario if foreign else api.situation(scenario, **where)
    how = {name: given[name] for name in ("draws", "seed")}
    conflict, lost = api.conflict(subject, **where)
    found = api.stability(
        conflict if foreign else subject, concepts=concepts, coalitions=given["coalitions"] or None, **how
    )
    state = None if explain is None else found.state(explain)
    maker = None if dm is None else found.maker(dm)
    wanted = None if given["inverse"] is None else found.inverse(found.state(given["inverse"]))
    to = None if given["to"] is None else found.state(given["to"])
    if to is not None and found.ways is None:
        raise UsageError(f"--to: found no status quo in {scenario}; expected one, as a scenario's game has")
    if not given["quiet"]:
        for text in lost:
            note(f"not taken over: {text}")
    if given["json_file"] is not None:
        from detente.analysis.graph_json import document

        answer = document(found, full=given["full"], explain=state, maker=maker, inverse=wanted, to=to)
        _write_pieces(answer.text(), given["json_file"])
    if not quiet:
        screen = console()
        if state is None and wanted is None and to is None:
            shown.print_graph(screen, scenario, found)
        if state is not None:
            shown.print_explained(screen, found, state, maker)
        if wanted is not None:
            shown.print_inverse(screen, found, wanted)
        if to is not None and found.ways is not None:
            shown.print_to(screen, found, found.ways.to(to))
    if given["charts"] is not None:
        from detente.report.export import export_charts

        for file in export_charts(found.charts(), given["charts"]):
            if not quiet:
                say(f"wrote {file}")
    if given["html"] is not None:
        from detente.report.strategic import Asked

        asked = Asked(explain=state, maker=maker, inverse=wanted, to=to)
        redact = False if given["full"] else None
        api.write_graph_report(subject, given["html"], command=command_line(), redact=redact, found=found, asked=asked)
        if not quiet:
            say(f"wrote {given['html']}")
    if given["export_"] is not None:
        _export(found, given["export_"], quiet=given["quiet"])


def _write_pieces(pieces: Iterable[str], file: str) -> None:
    """Text to a file, whole or not at all, or to standard output, without holding all of it."""
    from detente.files import replacing

    if file == "-":
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
        return
    with replacing(Path(file)) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(pieces)


def _hold_export(file: Path, *, force: bool) -> None:
    """Refuse a name that says no kind, or is taken, before any work is done."""
    if file.suffix.lower() not in (".gmcr", ".graphml", ".dot"):
        raise UsageError(f"--export: found {file.name}; expected a name that ends in .gmcr, .graphml or .dot")
    if file.exists() and not force:
        raise UsageError(f"--export: {file} is there already; expected another name, or --force")


def _export(found: Any, file: Path, *, quiet: bool) -> None:
    from detente.formats import gmcr, network

    kind = file.suffix.lower()
    lost: tuple[str, ...] = ()
    if kind == ".gmcr":
        text, lost = gmcr.write(found.conflict)
        write(text, str(file))
    else:
        form = network.graphml if kind == ".graphml" else network.dot
        _write_pieces(form(network.Network(found.conflict, found.game, found.equilibria), file.stem), str(file))
    if not quiet:
        for line in lost:
            note(f"left behind: {line}")
        say(f"wrote {file}")
