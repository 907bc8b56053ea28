"""The program itself, on which each module of commands hangs its own."""

from __future__ import annotations

from pathlib import Path

import click

from detente import __version__
from detente.cli.options import Place
from detente.errors import UsageError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class Command(click.Command):
    """A command that writes over none of the files it reads."""

    def invoke(self, ctx: click.Context) -> object:
        """Run it, once no place that is to be written is one of its arguments."""
        places = ctx.meta.get("detente.places", {})
        for one in self.get_params(ctx):
            if not isinstance(one, click.Argument) or isinstance(one.type, Place):
                continue
            given = ctx.params.get(one.name or "")
            for name in given if isinstance(given, tuple) else [given]:
                self._hold_apart(str(name), places)
        return super().invoke(ctx)

    @staticmethod
    def _hold_apart(read: str, places: dict[Path, str]) -> None:
        for name in (read, read.partition("@")[0], read.partition("+")[0]):
            if (option := places.get(Path(name).resolve())) and Path(name).is_file():
                raise UsageError(f"{option}: found {name}, which is what the command reads; expected another file")


class Whole(click.Group):
    """A group whose help gives each command's sentence whole, in as many lines as it takes."""

    command_class = Command  # of each command hung on it

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands with their sentences, as the help of the group lists them."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(limit=1000)) for name, one in commands if one and not one.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


@click.group(
    cls=Whole,
    context_settings=CONTEXT,
    epilog="Start with: detente demo; then detente run syria-2015, and detente explain syria-2015 --actor damascus.",
)
@click.version_option(__version__, prog_name="detente", message="%(prog)s %(version)s")
def app() -> None:
    """Who would come to the negotiating table, on what terms, and what would change their calculation.

    A SCENARIO is a file, - for standard input, or the id of a built-in one (see: detente list); wherever it stands,
    @DATE and +VARIANT may follow: syria-2015@2014-02-15, syria-2015+less-backing.
    """
