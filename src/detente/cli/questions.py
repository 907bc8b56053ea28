"""The commands that ask a question. Each asks one of `detente.api` and shows what `report` makes of the answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from detente.cli.deliver import command_line, deliver, shell
from detente.cli.group import app
from detente.cli.options import (
    ACTOR,
    AS_OF,
    BACKING,
    CENTRAL,
    DRAWN,
    DRAWS,
    JSON,
    MEASURE,
    PLACE,
    QUIET,
    SCENARIO,
    SEED,
    SET,
    SHOWN,
    STACK,
    WORKERS,
    options,
)
from detente.console import console, note, progress
from detente.errors import UsageError

if TYPE_CHECKING:
    from detente.analysis.results import Result
    from detente.analysis.run_result import RunResult
    from detente.analysis.study import Study


@app.command(epilog="Example: detente demo --html syria.html")
@options(DRAWS, SEED, WORKERS, QUIET, STACK)
@click.option(
    "--html", type=PLACE, metavar="FILE", default=Path("detente-syria-2015.html"), show_default=True, help="The report."
)
def demo(html: Path, draws: int, seed: int, workers: int | None, quiet: bool, traceback: bool) -> None:
    """The tour: run syria-2015, write the HTML report, say what to try next."""
    from detente import api
    from detente.report import terminal

    study = _study("syria-2015", draws=draws, seed=seed)
    with progress(quiet) as bar:
        result = api.run(study, workers=workers, progress=bar)
    if not quiet:
        verdicts = [verdict.to_dict() for verdict in api.glance(study, _seats(study, result))]
        terminal.print_demo(console(), study.situation, {**result.to_dict(), "verdicts": verdicts})
    with progress(quiet) as bar:
        api.write_report(
            study, html, command=command_line(), compare_with="syria-2015@2014-02-15", workers=workers, progress=bar
        )
    if not quiet:
        terminal.print_next_steps(console(), html)
        _tell_path()


def _tell_path() -> None:
    """How the commands just shown are found, where the environment that this runs in is not active."""
    import os
    import shutil
    import sys

    if sys.prefix == sys.base_prefix or shutil.which("detente") is not None:
        return
    script = os.path.join("Scripts" if os.name == "nt" else "bin", "activate")
    here = os.path.join(sys.prefix, script)
    short = os.path.relpath(here) if Path(sys.prefix).is_relative_to(Path.cwd()) else here
    console().print(f"First: {'' if os.name == 'nt' else '. '}{short}   so that detente is found", markup=False)


@app.command(epilog="Example: detente run syria-2015 --set levers.western-pressure.level=0.8")
@SCENARIO
@options(
    click.option(
        "--models",
        metavar="A,B",
        help="Only these: outcome models, readiness, rounds. spatial-ktab, and pivot without a quota, run only when named.",
    ),
    CENTRAL,
    DRAWN,
    BACKING,
)
@click.option(
    "--csv", type=PLACE, metavar="FILE", help="A tidy table of draws; Parquet where the name ends in .parquet."
)
@SHOWN
def run(scenario: str, models: str | None, csv: Path | None, **given: Any) -> None:
    """Who comes, on what terms, how the talks go; all models side by side."""
    from detente import api
    from detente.analysis.table import write_table

    next_ = _again(scenario, given)
    study = _study(scenario, **_drawn(given))
    names = _models(models)
    with progress(given["quiet"] or given["json_file"] == "-") as bar:
        result = api.run(study, models=names, workers=given["workers"], progress=bar)
        if csv is not None:
            write_table(study, csv, workers=given["workers"] or 1, progress=bar)
    shares = _seats(study, result)
    deliver(result, "print_run", study.situation, study=study, next_=next_, shares=shares, models=names, **given)


def _seats(study: Study, result: RunResult) -> dict[str, Any]:
    """The shares on which a run is first asked for a verdict: whether talks convene, and who of the required comes."""
    talks = result.talks
    if talks is None:
        return {}
    required = study.situation.required
    comes = {f"comes.{actor}": talks.parties[actor].comes.to_dict() for actor in required}
    return comes if len(required) == 1 else {"convene": talks.convene.to_dict()} | comes


@app.command(epilog="Example: detente explain syria-2015 --actor damascus")
@SCENARIO
@click.option("--actor", metavar="A", required=True, help="Whose margin.")
@options(CENTRAL, DRAWN, SHOWN)
def explain(scenario: str, actor: str, **given: Any) -> None:
    """The terms that make up an actor's margin, one by one, with sources."""
    from detente import api

    study = _study(scenario, **_drawn(given))
    with progress(given["quiet"] or given["json_file"] == "-") as bar:
        result = api.explain(study, actor, workers=given["workers"], progress=bar)
    shares = {f"comes.{actor}": result.comes.to_dict()}
    deliver(result, "print_explain", study.situation, study=study, shares=shares, **given)


def _limits(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high)):
        raise UsageError(f"--limits: found {text!r}; expected two numbers, such as 0,0.5")
    return low, high


@app.command(epilog="Example: detente tip syria-2015 --actor damascus --lever western-pressure")
@SCENARIO
@ACTOR
@click.option("--lever", metavar="L", help="A lever, or any numeric path; without it, all levers are ranked.")
@click.option("--lever2", metavar="L2", help="A second one: the frontier of both.")
@click.option("--parties", is_flag=True, help="Whom to invite: each actor added to, or dropped from, the table.")
@click.option("--limits", metavar="LO,HI", help="Limits of the lever, instead of the file's.")
@click.option(
    "--target", metavar="P", type=float, default=0.5, show_default=True, help="The probability to bring it to."
)
@MEASURE
@click.option("--above", metavar="X", type=float, help="With a --measure that is a value: the threshold to pass.")
@options(CENTRAL, DRAWN, SHOWN)
def tip(scenario: str, lever: str | None, lever2: str | None, parties: bool, limits: str | None, **given: Any) -> None:
    """What would change the calculation: one lever, two of them, or all ranked."""
    from detente import api

    what = _take(given, "actor", "measure", "above", "target")
    if lever2 is not None and lever is None:
        raise UsageError("tip: --lever2 needs --lever; expected both")
    span = _limits(limits)
    if span is not None and lever is None:
        raise UsageError("tip: --limits needs --lever; expected both")
    if parties and (lever or what["measure"] or what["actor"]):
        raise UsageError("tip: --parties takes no --actor, --lever or --measure; expected it alone")
    study = _study(scenario, **_drawn(given))
    with progress(given["quiet"] or given["json_file"] == "-") as bar:
        how: dict[str, Any] = {"workers": given["workers"], "progress": bar}
        if parties:
            result: Result = api.parties(study, **how)
        elif lever is None:
            result = api.rank(study, **what, **how)
        elif lever2 is None:
            result = api.tip(study, lever, limits=span, **what, **how)
        else:
            result = api.frontier(study, lever, lever2, limits=span, **what, **how)
    shown = "print_parties" if parties else "print_tip"
    deliver(result, shown, study.situation, study=study, shares=_subject(result), **given)


def _subject(result: Result) -> dict[str, Any]:
    """The share that a tipping point is about, where it is one of who comes or whether talks convene."""
    found = result.to_dict()
    name = found.get("measure") or ""
    return {name: found["now"]} if name.partition(".")[0] in ("convene", "comes") else {}


@app.command(epilog="Example: detente sensitivity syria-2015 --measure comes.damascus")
@SCENARIO
@MEASURE
@click.option(
    "--base",
    type=click.IntRange(2),
    metavar="N",
    help="Base samples, a power of two.  [default: by --draws, at most 4096]",
)
@options(DRAWS, SEED, WORKERS, AS_OF, SET, BACKING, SHOWN)
def sensitivity(scenario: str, measure: str | None, base: int | None, **given: Any) -> None:
    """Which uncertain numbers drive a measure, and the most influential unsourced ones."""
    from detente import api

    study = _study(scenario, **_drawn(given))
    with progress(given["quiet"] or given["json_file"] == "-") as bar:
        result = api.sensitivity(study, measure=measure, base=base, workers=given["workers"], progress=bar)
    deliver(result, "print_sensitivity", study.situation, study=study, **given)


@app.command(epilog="Example: detente compare syria-2015@2014-02-15 syria-2015@2015-03-15")
@click.argument("scenarios", nargs=-1, metavar="A B [...]")
@click.option("--measure", metavar="M", multiple=True, help="Only these measures; repeatable.")
@options(CENTRAL, DRAWN, BACKING, SHOWN)
def compare(scenarios: tuple[str, ...], measure: tuple[str, ...], **given: Any) -> None:
    """Scenarios, variants or dates side by side; each difference beside the noise."""
    from detente import api

    if len(scenarios) < 2:
        raise UsageError(f"compare: found {'one scenario' if scenarios else 'no scenario'}; expected two or more")
    drawn = _drawn(given)
    studies = [_study(scenario, **drawn) for scenario in scenarios]
    with progress(given["quiet"] or given["json_file"] == "-") as bar:
        result = api.compare(*studies, measure=measure or None, workers=given["workers"], progress=bar)
    deliver(result, "print_compare", studies[0].situation, study=studies[-1], **given)


@app.command(epilog="Example: detente score syria-2015 ec-emissions-1994")
@click.argument("scenarios", nargs=-1, metavar="SCENARIO...")
@click.option("--models", metavar="A,B", help="Only these outcome models, any of them.")
@options(DRAWN, BACKING, JSON, QUIET, STACK)
def score(scenarios: tuple[str, ...], models: str | None, **given: Any) -> None:
    """Forecasts against what happened: log and Brier score a case, beside the baseline."""
    from detente import api

    drawn, names = _drawn(given), _models(models)
    studies = [_study(scenario, **drawn) for scenario in scenarios]
    with progress(given["quiet"] or given["json_file"] == "-") as bar:
        result = api.score(*studies, models=names, workers=given["workers"], progress=bar)
    deliver(result, "print_score", None, **given)


def _study(
    scenario: str,
    *,
    draws: int,
    seed: int,
    central: bool = False,
    random: bool = False,
    as_of: str | None = None,
    set_: tuple[str, ...] = (),
    count_backing: bool = False,
) -> Study:
    from detente import api
    from detente.analysis.study import Study

    return Study(
        api.situation(scenario, as_of=as_of, set=set_),
        draws=draws,
        seed=seed,
        central=central,
        method="random" if random else "latin",
        count_backing=count_backing,
    )


def _again(scenario: str, given: dict[str, Any]) -> Callable[..., str]:
    """Words another question about the same: the scenario as it was typed, its day and its what-ifs."""
    day = () if given["as_of"] is None else ("--as-of", given["as_of"])
    sets = [word for set_ in given["set_"] for word in ("--set", set_)]
    return lambda question, *words: shell(question, scenario, *day, *sets, *words)


def _take(given: dict[str, Any], *names: str) -> dict[str, Any]:
    """Those of a command's options that have one of these names."""
    return {name: given.pop(name) for name in names if name in given}


def _drawn(given: dict[str, Any]) -> dict[str, Any]:
    _tell_idle(given)
    return _take(given, "draws", "seed", "central", "random", "as_of", "set_", "count_backing")


def _tell_idle(given: dict[str, Any]) -> None:
    """One line where options were typed that one draw has no use for."""
    context = click.get_current_context()
    typed = [n for n in ("draws", "seed", "random") if context.get_parameter_source(n) is ParameterSource.COMMANDLINE]
    if given.get("central") and typed and not given["quiet"]:
        names = " and ".join(f"--{name}" for name in typed)
        note(f"--central is one draw, at the central values: {names} {'do' if len(typed) > 1 else 'does'} nothing")


def _models(text: str | None) -> list[str] | None:
    """The models named in an option; None where it is left out."""
    names = None if text is None else [name.strip() for name in text.split(",") if name.strip()]
    if names == []:
        raise UsageError(f"--models: found {text!r}; expected one or more names, a comma between them")
    return names
