"""Options that several commands share, each stated once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from detente.errors import UsageError
from detente.files import hold_writable

FILE = click.Path(path_type=Path, dir_okay=False)


class Place(click.Path):
    """Where something is written: held to be writable, and to be named once, before any work is done."""

    def __init__(self, *, folder: bool = False, dash: bool = False) -> None:
        super().__init__(path_type=Path, dir_okay=folder, file_okay=not folder)
        self.dash = dash  # - is standard output

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or `-` where that may be."""
        name = "" if param is None else next((o for o in param.opts if o.startswith("--")), param.opts[0])
        if str(value) == "-":
            if not self.dash:
                raise UsageError(
                    f"{name}: found -; expected the name of a file or folder: --json writes to standard output"
                )
            return "-"
        path = Path(str(super().convert(value, param, ctx)))
        hold_writable(path)
        if ctx is not None and (path.is_file() or not path.exists()):  # a device takes more than one
            before = ctx.meta.setdefault("detente.places", {}).setdefault(path.resolve(), name)
            if before != name:
                raise UsageError(f"{name}: found {path}, which is that of {before} as well; expected another")
        return str(path) if self.dash else path


PLACE, FOLDER, PLACE_OR_DASH = Place(), Place(folder=True), Place(dash=True)

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

SCENARIO = click.argument("scenario")
ACTOR = click.option("--actor", metavar="A", help="Whose decision; without it, whether talks convene.")
MEASURE = click.option(
    "--measure",
    metavar="M",
    help="Any measure: comes.ACTOR, margin.ACTOR, convene, agreement, settlement.ISSUE, outcome.MODEL.ISSUE, ...",
)
CENTRAL = click.option("--central", is_flag=True, help="One draw, at the central values.")
RANDOM = click.option("--random", is_flag=True, help="Plain random draws instead of a latin hypercube.")
BACKING = click.option(
    "--count-backing", is_flag=True, help="Outcome models weigh actors by effective strength, backers' shares included."
)
AS_OF = click.option("--as-of", metavar="DATE", help="Stances in force on this day (YYYY-MM-DD).")
SET = click.option(
    "--set", "set_", metavar="PATH=VALUE", multiple=True, help="A what-if: actors.damascus.capability=40; repeatable."
)
JSON = click.option(
    "--json", "json_file", type=PLACE_OR_DASH, metavar="FILE", help="The answer as JSON; - for standard output."
)
QUIET = click.option("--quiet", "-q", is_flag=True, help="No tables and no progress.")
STACK = click.option("--traceback", is_flag=True, hidden=True, help="Show the stack of an error (for developers).")
DRAWS = click.option(
    "--draws",
    type=click.IntRange(1, 100_000_000),
    default=10_000,
    show_default=True,
    help="Draws of the uncertain numbers.",
)
SEED = click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the draws.")
WORKERS = click.option(
    "--workers",
    type=click.IntRange(1, 512),
    help="Threads; the answer is the same for any number.  [default: one a processor]",
)


def _join(context: click.Context, _: click.Parameter, address: str | None) -> Any:
    """The cluster at an address, for as long as the command runs."""
    if address is None:
        return None
    from detente.analysis.cluster import cluster

    return context.with_resource(cluster(address))


CLUSTER = click.option(
    "--cluster",
    metavar="tcp://HOST:PORT",
    callback=_join,
    expose_value=False,
    help="Work on a Dask cluster; the answer is the same (extra: detente[cluster]).",
)
HTML = click.option("--html", type=PLACE, metavar="FILE", help="The HTML report: one file that works offline.")
REDACT = click.option(
    "--redact/--full",
    default=None,
    help="In --html, leave out what restricted sources say, or keep all.  [default: leave out]",
)
CHARTS = click.option(
    "--charts",
    type=FOLDER,
    metavar="DIR",
    help="Every picture as SVG, PNG, CSV and Vega-Lite JSON.",
)


def options(*decorators: Any) -> Decorator:
    """Put several options on a command, in the order in which its help shows them."""

    def apply(command: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return apply


DRAWN = options(DRAWS, SEED, RANDOM, WORKERS, CLUSTER, AS_OF, SET)
SHOWN = options(JSON, HTML, REDACT, CHARTS, QUIET, STACK)
