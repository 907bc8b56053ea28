"""Why, and what would change it, on a terminal: explanation, tipping points, whom to invite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console

from detente.report import sentences
from detente.report.terminal.parts import bar, bullets, grid, heading, headline, interval, numbered, say, swing_bar
from detente.report.words import (
    actor_name,
    figure,
    lever_words,
    measure_clause,
    percent,
    plain_number,
    source_words,
    term_label,
)
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
MOST_RANKED = 15  # levers and pairs in the table; the rest with --json


def print_explain(console: Console, situation: Situation, result: Found) -> None:
    """A party's calculation, term by term, with the sources each term rests on, and what these are."""
    headline(console, situation, result)
    first, *rest = sentences.explain_sentences(situation, result)
    bullets(console, [first, *_verdicts(situation, result), *rest])
    terms = [row for row in result["terms"] if row["mean"] is not None]
    scale = sum(abs(row["mean"]) for row in terms) / 3
    largest = max((abs(row["mean"]) for row in terms), default=0.0)
    place = {source["id"]: i for i, source in enumerate(result["sources"], 1)}
    rows = [
        (
            term_label(situation, row["term"]),
            figure(row["mean"], scale, sign=True),
            swing_bar(console, row["mean"], largest),
            f"{len(row['rests_on']) - len(row['uncited'])} of {len(row['rests_on'])}",
            _runs(sorted(place[id_] for id_ in row["sources"])) or "no source",
        )
        for row in terms
    ]
    margin = result["margin"]["mean"]
    rows.append(("Margin", figure(margin, scale, sign=True), swing_bar(console, margin, largest), "", ""))
    columns = [
        ("Term", "left"),
        ("mean", "right"),
        ("away from 0 towards", "bar"),
        ("cited", "right"),
        ("sources", "left"),
    ]
    grid(console, columns, rows, title="The calculation, in shares of the stakes")
    say(console, ["Cited: how many of the numbers that the term is made of cite a source; the rest are judgements."])
    say(console, sentences.grounds_sentences(situation, result))
    if place:
        heading(console, "The sources")
        numbered(console, [source_words(source) for source in result["sources"]])


def _runs(numbers: Sequence[int]) -> str:
    """Ascending numbers, neighbours joined: "1–4, 7"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1][1:] = [number]
        else:
            found.append([number])
    return ", ".join("–".join(map(str, run)) for run in found)


def _verdicts(situation: Situation, result: Found) -> list[str]:
    """Whether the model can say what the answer is about, where that was asked."""
    return sentences.verdict_sentences(situation, result.get("verdicts") or ())


def print_tip(console: Console, situation: Situation, result: Found) -> None:
    """What a lever changes, two levers together, or the ranking of all."""
    headline(console, situation, result)
    bullets(console, [*_verdicts(situation, result), *sentences.tip_sentences(situation, result)])
    if result.get("ranking") is not None:
        _ranking(console, situation, result)
    elif result.get("frontier"):
        _frontier(console, situation, result)
    elif result.get("curve"):
        points = result["curve"]
        step = max(1, (len(points) - 1) // 16)
        shown = points[::step] + ([points[-1]] if (len(points) - 1) % step else [])
        width = result["limits"][1] - result["limits"][0]
        grid(
            console,
            [
                (lever_words(situation, result["lever"]), "right"),
                ("holds", "right"),
                ("", "bar"),
                ("95 % interval", "left"),
            ],
            [(figure(p["level"], width / 10), percent(p["p"]), bar(console, p["p"], 24), interval(p)) for p in shown],
            title=f"Share of draws in which {measure_clause(situation, result['measure'])}",
        )
        if not result.get("central"):
            say(console, [sentences.ALIKE])


def _ranking(console: Console, situation: Situation, result: Found) -> None:
    levers = {one["lever"]: one for row in result["ranking"] for one in sentences.each_lever(row)}
    legend = [
        (
            lever_words(situation, id_),
            id_,
            sentences.level_words(one["now"], one["limits"]),
            " to ".join(map(plain_number, one["limits"])),
        )
        for id_, one in levers.items()
    ]
    if legend:
        columns = [("Name", "left"), ("lever", "left"), ("now", "right"), ("limits", "left")]
        grid(console, columns, legend, title="The levers as they stand")
    rows = [cells for row in result["ranking"][:MOST_RANKED] for cells in _ranked(console, row, result["target"])]
    heads = [
        ("Lever", "left"),
        ("from", "right"),
        ("to", "right"),
        ("moved", "right"),
        ("", "bar"),
        ("at limit", "right"),
    ]
    grid(console, heads, rows, title="Levers by the smallest change that does it")
    more = len(result["ranking"]) - MOST_RANKED
    say(console, [f"{more} more with --json."] if more > 0 else [])
    limit = f"At limit: how often it holds with the levers there; the target is {percent(result['target'])}."
    say(console, [sentences.MOVED, limit, sentences.ALIKE])


def _ranked(console: Console, row: Found, target: float) -> list[tuple[str, ...]]:
    """A row of the ranking: a line a lever, the figures that both share on the first. Out of reach, to the limit."""
    fraction = row["fraction_of_range"]
    shared = ("out of reach" if fraction is None else percent(fraction), bar(console, fraction, 6))
    lines = []
    for i, one in enumerate(sentences.each_lever(row)):
        end = one["limits"][one["direction"] == "up"] if fraction is None else one["level"]
        ends = (sentences.level_words(value, one["limits"]) for value in (one["now"], end))
        beside = ("", "", "") if i else (*shared, _exact(row["p_at_limit"], target))
        lines.append(("+ " * bool(i) + str(one["lever"]), *ends, *beside))
    return lines


def _exact(p: float | None, target: float) -> str:
    """A share as a percentage, with a decimal where a whole number would look like the target itself."""
    if p is not None and p != target and percent(p) == percent(target):
        return f"{100 * p:.1f} %"
    return percent(p)


def _frontier(console: Console, situation: Situation, result: Found) -> None:
    found = result["frontier"]
    x, y, p = found["x"], found["y"], found["p"]
    columns = _spread(len(x), 8)
    first, second = (lever_words(situation, lever) for lever in found["levers"])
    rows = [(figure(y[j], 0.1), *(percent(p[j][i]) for i in columns)) for j in reversed(_spread(len(y), 9))]
    heads = [("", "right"), *((figure(x[i], 0.1), "right") for i in columns)]
    grid(console, heads, rows, title=f"Across: {first}. Up: {second}")


def _spread(count: int, most: int) -> list[int]:
    """At most `most` indices of `count`, both ends among them, evenly spread."""
    if count <= most:
        return list(range(count))
    return sorted({round(i * (count - 1) / (most - 1)) for i in range(most)})


def print_parties(console: Console, situation: Situation, result: Found) -> None:
    """Whom to invite; the tables that leave out a belligerent apart."""
    headline(console, situation, result)
    bullets(console, sentences.parties_sentences(situation, result))
    base = next(table for table in result["tables"] if table["actor"] is None)
    apart = [table for table in result["tables"] if sentences.leaves_out(table, base)]
    together = [table for table in result["tables"] if table not in apart]
    _tables(console, situation, together, "Talks with each party added to or dropped from the table")
    if apart:
        _tables(console, situation, apart, "Without a belligerent: cannot end its war, and no advice")
    say(
        console,
        [
            "Points: the difference from the table as it is, of 100 draws. Ripe: a stalemate that hurts all, and a way "
            "out that all see; it may rise with a party added, whose stakes move the deal that the others expect. No range: no "
            "outcome that all could sign on the worst issue. Shares of draws.",
        ],
    )


def _tables(console: Console, situation: Situation, tables: Sequence[Found], title: str) -> None:
    rows = []
    for table in tables:
        actor = table["actor"]
        words = (
            table["change"] if actor is None else f"{table['change'].partition(' ')[0]} {actor_name(situation, actor)}"
        )
        worst = max(table["range_empty"].values(), default=None)
        difference = "" if actor is None else f"{100 * table['difference']:+.0f}".replace("-", "−")
        share = table["convene"]["p"]
        rows.append((words, percent(share), bar(console, share), difference, percent(table["ripe"]), percent(worst)))
    columns = [
        ("Table", "left"),
        ("convene", "right"),
        ("", "bar"),
        ("points", "right"),
        ("ripe", "right"),
        ("no range", "right"),
    ]
    grid(console, columns, rows, title=title)
