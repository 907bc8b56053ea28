"""The program itself, on which each module of commands hangs its own."""

from __future__ import annotations

import click

from detente import __version__

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class Whole(click.Group):
    """A group whose help gives each command's sentence whole, in as many lines as it takes."""

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
