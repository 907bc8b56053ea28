"""Options that several commands share, each stated once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path, dir_okay=False)

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
JSON = click.option("--json", "json_file", metavar="FILE", help="The answer as JSON; - for standard output.")
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
HTML = click.option("--html", type=FILE, metavar="FILE", help="The HTML report: one file that works offline.")
REDACT = click.option(
    "--redact/--full",
    default=None,
    help="In --html, leave out what restricted sources say, or keep all.  [default: leave out]",
)
CHARTS = click.option(
    "--charts",
    type=click.Path(path_type=Path, file_okay=False),
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
