"""Scenario files on a terminal: the check, the library, what a file resolves to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from detente.report.terminal.parts import MOST_PATHS, bullets, grid, heading, packed, say
from detente.scenario.situation import Situation

Found = Mapping[str, Any]


def print_check(console: Console, found: Found) -> None:
    """A scenario without fault: how much of it there is, how much is sourced, and what a careful reader would ask."""
    numbers = found["numbers"]
    say(
        console,
        [
            f"{found['scenario']}, as of {found['as_of']}: no fault found.",
            f"Of {numbers} numbers that a model may use, {found['sourced']} cite a source, {found['judged']} give a reason "
            f"without one and {found['unsourced']} neither ({found['defaults']} of them defaults); {found['uncertain']} have a range.",
        ],
    )
    paths = found.get("unsourced_paths") or ()
    if paths:
        more = f" and {len(paths) - MOST_PATHS} more" if len(paths) > MOST_PATHS else ""
        say(console, [f"Written with neither: {', '.join(paths[:MOST_PATHS])}{more}."])
    if found.get("warnings"):
        heading(console, "A careful reader would ask")
        bullets(console, found["warnings"])


def print_list(console: Console, entries: Sequence[Found]) -> None:
    """The built-in scenarios."""
    rows = [(str(entry.get("id", "")), str(entry.get("title", "")), str(entry.get("as_of") or "")) for entry in entries]
    grid(console, [("Scenario", "left"), ("what it is", "left"), ("as of", "left")], rows)


def print_agreement(console: Console, found: Found) -> None:
    """A run that KTAB stored beside ours: the turns, the largest difference, where everyone ended."""
    turns, largest = found["turns"], max(found["largest_difference"])
    same = "as many turns" if turns["stored"] == turns["ours"] else "other numbers of turns"
    lines = [
        f"{found['scenario']}: {turns['stored']} turns stored and {turns['ours']} ours, {same}.",
        f"The largest difference of a position, over all turns that both have: {largest:.2g} points of 100.",
    ]
    if largest > 0.005:
        first = next(t for t, d in enumerate(found["largest_difference"]) if d > 0.005)
        lines.append(f"They part at turn {first}, by {found['largest_difference'][first]:.2g}.")
    say(console, lines)
    heads = [
        ("Actor", "left"),
        *((f"{issue}{which}", "right") for issue in found["issues"] for which in ("", ", ours")),
    ]
    final = found["final"]
    rows = [
        (actor, *(f"{value:.2f}" for pair in zip(theirs, ours, strict=True) for value in pair))
        for actor, theirs, ours in zip(found["actors"], final["stored"], final["ours"], strict=True)
    ]
    grid(console, heads, rows)


def print_resolved(console: Console, situation: Situation, table: Found) -> None:
    """Every number in force, as written and as the levers leave it."""
    say(console, [f"{situation.title} ({table['scenario']}, as of {table['as_of']})"])
    rules = [
        ("required", ", ".join(table["required"]) or "nobody"),
        ("excluded", ", ".join(table["excluded"]) or "nobody"),
        ("mediator", table["mediator"] or "none"),
        ("settlement", table["settlement"]),
        *((path, f"changed by {how}") for path, how in (table.get("changes") or {}).items()),
    ]
    say(console, [f"{key}: {value}" for key, value in rules])
    console.print()
    for row in table["numbers"]:
        rests = ", ".join(row["cite"]) or ("reason given" if row["because"] else row["origin"])
        moved = row["with_levers"] != row["central"]
        levers = [f"with levers {row['with_levers']:.4g}"] if moved else []
        # A number, a line, so that it can be searched for; what is too much for 80 columns hangs below its path.
        packed(console, [f"{row['path']}:", f"{row['written']}{';' * moved}", *levers, f"[{rests}]"])
    say(console, ["", "In brackets what a number rests on. With levers: the central value once levers have acted."])
