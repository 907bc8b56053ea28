"""What every result on a terminal is made of: lines, points, tables at most 80 columns wide, small bars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from detente.scenario.situation import Situation

Found = Mapping[str, Any]
WIDTH = 80
BAR = 14
EDGES, BETWEEN = 2, 3  # columns that a table's edges take, and the gap between two of its columns
LEAST_NAME = 12  # columns that the first column of a table has at least
MOST_LINES = 2  # lines that a name in a table may fold into
MOST_PATHS = 8  # paths named by `check`; the rest with --json
EIGHTHS = " ▏▎▍▌▋▊▉█"


def printable(text: object) -> str:
    """`text` as one line that moves no cursor: control characters of an untrusted file are shown, never obeyed."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))


def is_unicode(console: Console) -> bool:
    """Whether the console can show more than ASCII."""
    return "utf" in (console.encoding or "").lower()


def bar(console: Console, share: float | None, width: int = BAR) -> str:
    """A share as a bar of `width` characters."""
    if share is None:
        return ""
    filled = min(max(share, 0.0), 1.0) * width
    if not is_unicode(console):
        return ("#" * round(filled)).ljust(width, ".")
    whole, part = int(filled), int((filled % 1) * 8)
    return ("█" * whole + (EIGHTHS[part] if part else "")).ljust(width)


def swing_bar(console: Console, value: float | None, largest: float, width: int = 21) -> str:
    """A signed number as a bar to the left or the right of a middle line."""
    full, middle = ("█", "│") if is_unicode(console) else ("#", "|")
    half = width // 2
    if value is None or not largest:
        return " " * half + middle + " " * half
    n = min(half, round(half * abs(value) / largest))
    left, right = (full * n, "") if value < 0 else ("", full * n)
    return left.rjust(half) + middle + right.ljust(half)


def say(console: Console, lines: Iterable[str]) -> None:
    """Lines as paragraphs."""
    for line in lines:
        console.print(Text(printable(line)), width=min(WIDTH, console.width))


def bullets(console: Console, lines: Iterable[str]) -> None:
    """Sentences as a list, each hanging from its mark."""
    mark = "•" if is_unicode(console) else "-"
    grid = Table.grid(padding=(0, 1))
    for line in lines:
        grid.add_row(mark, Text(printable(line)))
    console.print(grid, width=min(WIDTH, console.width))


def numbered(console: Console, lines: Sequence[str]) -> None:
    """Lines with their numbers from 1, each hanging from its number."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    for number, line in enumerate(lines, 1):
        table.add_row(str(number), Text(printable(line)))
    console.print(table, width=min(WIDTH, console.width))


def hung(console: Console, pairs: Iterable[tuple[str, str]]) -> None:
    """Pairs of words and what they stand for, indented, the second of each in line with the others."""
    table = Table.grid(padding=(0, 2))
    for words, text in pairs:
        table.add_row(Text(printable(words)), Text(printable(text)))
    console.print(Padding(table, (0, 0, 0, 3)), width=min(WIDTH, console.width))


def offered(console: Console, pairs: Sequence[tuple[str, str]]) -> None:
    """Commands and what each is for; one that is wider than the screen stands whole on its own line, to be copied."""
    width = min(WIDTH, console.width)
    beside = max(cell_len(words) for words, _ in pairs) + 5
    if all(beside + cell_len(command) <= width for _, command in pairs):
        hung(console, pairs)
        return
    for words, command in pairs:
        console.print(Text(f"   {printable(words)}\n     {printable(command)}"), soft_wrap=True)


def packed(console: Console, pieces: Iterable[str]) -> None:
    """Pieces of a line, in as many lines as they need; those after the first hang from it, which is never broken."""
    lines: list[str] = []
    for piece in map(printable, pieces):
        if lines and cell_len(f"{lines[-1]} {piece}") <= WIDTH:
            lines[-1] += f" {piece}"
        else:
            lines.append(f"  {piece}" if lines else piece)
    console.print(Text(lines[0]), soft_wrap=True)
    for line in lines[1:]:
        console.print(Padding(Text(line[2:]), (0, 0, 0, 2), expand=False), width=WIDTH)


def heading(console: Console, text: str) -> None:
    """A heading with a blank line before it."""
    console.print()
    console.print(Text(printable(text), style="bold"), width=min(WIDTH, console.width))


def grid(
    console: Console, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]], *, title: str = ""
) -> None:
    """A table at most 80 columns wide. `columns` are (heading, "left" | "right" | "bar" | "path"); the first may fold.

    Where a name in the first column would fold into more than two lines, the long names stand on a line of their own,
    with their figures below.
    """
    if title:
        heading(console, title)
    width = min(WIDTH, console.width)
    whole = [
        [cell if kind == "bar" else printable(cell) for cell, (_, kind) in zip(row, columns, strict=True)]
        for row in rows
    ]
    beside = [
        max(cell_len(cell) for cell in (columns[i][0], *(row[i] for row in whole))) for i in range(1, len(columns))
    ]
    room = width - EDGES - BETWEEN * len(beside) - sum(beside)
    alone = [cell_len(row[0]) > room for row in whole]
    if room < LEAST_NAME:
        _narrow(console, columns, whole, width)
        return
    if not any(_lines(console, row[0], room) > MOST_LINES for row in whole):
        console.print(_table(console, columns, whole), width=width)
        return
    short = [["", *row[1:]] if far else row for row, far in zip(whole, alone, strict=True)]
    options = console.options.update(width=width)
    lines = console.render_lines(_table(console, columns, short, room), options, pad=False)
    first = len(lines) - 1 - len(whole)  # the rows are one line each, and below them is an edge
    own = [None] * first + [row[0] if far else None for row, far in zip(whole, alone, strict=True)]
    for name, line in zip(own, lines[:-1], strict=True):
        if name is not None:
            console.print(Padding(Text(name), (0, 0, 0, 1)), width=width)
        console.print(Segments([*line, Segment.line()]), end="")
    console.print()


def _narrow(console: Console, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], width: int) -> None:
    """A table whose columns must all fold; what rich leaves too wide, and would cut off, has a first column that is fixed."""
    options = console.options.update(width=width)
    lines = list(Segment.split_lines(console.render(_table(console, columns, rows), options)))
    if max(map(Segment.get_line_length, lines)) > width + 1:  # the blank edge to the right may go
        console.print(_table(console, columns, rows, fixed=True), width=width)
    else:
        console.print(Segments([part for line in lines for part in (*line, Segment.line())]), end="")


def _table(
    console: Console,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    room: int = 0,
    *,
    fixed: bool = False,
) -> Table:
    """The table as rich draws it, its first column at least `room` wide; `fixed`, just wide enough for a name."""
    table = Table(box=box.SIMPLE_HEAD if is_unicode(console) else box.ASCII2, pad_edge=False, expand=False)
    for i, (words, kind) in enumerate(columns):
        table.add_column(
            Text(printable(words)),
            justify="right" if kind == "right" else "left",
            overflow="fold",
            no_wrap=kind in ("bar", "path"),
            style="cyan" if kind == "bar" else None,
            min_width=(room or LEAST_NAME) if i == 0 else None,
            width=LEAST_NAME if fixed and i == 0 else None,
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _lines(console: Console, text: str, room: int) -> int:
    """How many lines `text` folds into."""
    return len(Text(text).wrap(console, max(room, 1), overflow="fold"))


def headline(console: Console, situation: Situation, result: Found) -> None:
    """Which scenario it is, and how it was drawn."""
    count = result.get("draws") or result.get("base_samples") or 0
    kind = "draws" if result.get("draws") else "base samples"
    draws = "central values" if result.get("central") else f"{count:,} {kind}".replace(",", " ")
    say(
        console,
        [
            f"{situation.title} ({result.get('scenario', situation.id)}, as of {situation.as_of}; {draws}, seed {result.get('seed', 0)})"
        ],
    )
    console.print()


def interval(share: Found) -> str:
    """A share's interval, empty where it has none."""
    low, high = share.get("low"), share.get("high")
    if low is None or high is None or low == high:
        return ""
    return f"{100 * low:.0f}–{100 * high:.0f} %"


def strip(console: Console, ends: Sequence[float], width: int = 21) -> str:
    """Five places between 0 and 1 (90 %, 50 %, median) as a thin line, a thick one on it, and a mark."""
    thin, thick, mark = ("─", "━", "●") if is_unicode(console) else ("-", "=", "o")
    far, near, at, near_end, far_end = (round(min(max(end, 0.0), 1.0) * (width - 1)) for end in ends)
    cells = [thick if near <= i <= near_end else thin if far <= i <= far_end else " " for i in range(width)]
    cells[at] = mark
    return "".join(cells)
