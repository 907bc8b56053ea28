"""From the status quo to the equilibria, step by step: who moves, and whether it gains by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.graph.joint import Sequence
from detente.report.charts.chart import Chart, Row, nothing
from detente.report.charts.moves import RADIUS, arrows, node_marks, state_node
from detente.report.charts.states import (
    Canvas,
    concepts_of,
    maker_labels,
    maker_looks,
    short,
    state_label,
    support,
)
from detente.report.words import plain_number

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult
    from detente.analysis.graph_ways import Arriving

MOST_DRAWN = 10  # equilibria with a line in the path view
MOST_TOLD = 100  # in its table
STEP, LINE = 104, 58  # pixels from state to state along a way, and from way to way


@dataclass(frozen=True)
class Ends:
    """Where the status quo may lead: the nearest equilibria other than itself, and how many there are of each kind."""

    nearest: tuple[Arriving, ...]  # those reached by improvements first; at most a hundred
    all: int
    by_improvements: int
    by_moves: int


def destinations(found: GraphResult) -> Ends:
    """The equilibria that the status quo may lead to; of equally near ones, those under most concepts come first."""
    start, ways = found.game.status_quo, found.ways
    if start is None or ways is None:
        return Ends((), 0, 0, 0)
    backing = support(found)
    others = np.flatnonzero(backing)
    others = others[others != start]
    never = np.iinfo(np.int32).max

    def nearness(one: Arriving) -> tuple[int, ...]:
        fast, slow = one.arrival.by_improvements, one.arrival.by_moves
        return (never if fast < 0 else fast, never if slow < 0 else slow, -int(backing[one.arrival.state]))

    nearest = sorted((one for one in ways.arriving if one.arrival.state != start), key=nearness)
    return Ends(
        tuple(nearest[:MOST_TOLD]),
        len(others),
        int((ways.by_improvements.earliest[others] >= 0).sum()),
        int((ways.by_moves.earliest[others] >= 0).sum()),
    )


def paths(found: GraphResult, ends: Ends) -> Chart:
    """A line an equilibrium: the shortest way there from the status quo, who moves, and whether each step is a gain.

    `ends` are the `destinations`.
    """
    title = "From the status quo to the equilibria"
    start = found.game.status_quo
    if start is None:
        return nothing("paths", title, "The game names no status quo, so nothing starts anywhere.")
    told = [one for one in ends.nearest if one.arrival.way]
    if not told:
        return nothing("paths", title, _nowhere(found, ends))
    drawn = [one.arrival for one in told[:MOST_DRAWN]]
    longest = max(len(one.way) for one in drawn)
    left = RADIUS + 10
    canvas = Canvas(left + STEP * longest + 130, LINE * len(drawn) + 6)
    names, looks = maker_labels(found), maker_looks(found)
    bold: list[Row] = []
    thin: list[Row] = []
    heads: list[Row] = []
    figures: list[Row] = []
    nodes: list[Row] = []
    labels: list[Row] = []
    for line, one in enumerate(drawn):
        y = LINE * line + 22
        here = start
        nodes.append(state_node(found, start, left, y))
        for number, step in enumerate(one.way):
            x = left + STEP * number
            worth = found.game.payoff[step.maker]
            gains = worth[step.to] > worth[here]
            row = {
                "x": x + (RADIUS + 9 if number == 0 else RADIUS + 5),
                "x2": x + STEP - RADIUS - 8,
                "y": y,
                "y2": y,
                "maker": names[step.maker],
            }
            (bold if gains else thin).append(row)
            heads.append({"x": x + STEP - RADIUS - 9, "y": y, "maker": names[step.maker], "angle": 90})
            words = str(step.maker + 1) + ("" if gains else " (no gain)")
            figures.append({"x": x + STEP / 2 + (3 if number == 0 else 0), "y": y - 9, "words": words})
            nodes.append(state_node(found, step.to, x + STEP, y))
            here = step.to
            if number + 1 < len(one.way):
                labels.append({"x": x + STEP, "y": y + 25, "words": short(found.label(step.to), STEP - 6, 10)})
        x = left + STEP * len(one.way) + RADIUS + 6
        labels += [
            {"x": x, "y": y - 6, "words": short(found.label(one.state), canvas.width - x, 10), "end": True},
            {"x": x, "y": y + 8, "words": short(_under(found, one.state), canvas.width - x, 10), "end": True},
        ]
    labels.append({"x": 2, "y": 51, "words": short(found.label(start), STEP - 6, 10), "end": True})
    canvas.lines(thin, looks, strokeWidth=1, opacity=0.8)
    canvas.lines(bold, looks, strokeWidth=2.4)
    arrows(canvas, heads, looks)
    node_marks(canvas, nodes, [row for row in nodes if row["words"] == str(start + 1)])
    canvas.text(figures, size=11)
    canvas.text([row for row in labels if not row.get("end")], size=10)
    canvas.text([row for row in labels if row.get("end")], "left", 10)
    words = (
        f"Of {plain_number(ends.all)} other equilibria, {plain_number(ends.by_improvements)} can be reached from the "
        f"status quo by improvements alone, {plain_number(ends.by_moves)} by any moves."
    )
    note = "Every line is a shortest way; the number above a step is who moves, and a thin step is no gain for it. "
    note += "A square: the status quo."
    if len(drawn) < ends.by_moves:
        note += f" The {len(drawn)} nearest of {plain_number(ends.by_moves)} are drawn, those by improvements first."
    table = [_way_row(found, one) for one in ends.nearest]
    return Chart("paths", title, "moves", canvas.spec(words), table, words, note)


def _nowhere(found: GraphResult, ends: Ends) -> str:
    if not ends.all:
        only = bool(support(found).any())
        return (
            "The status quo is the only equilibrium." if only else "No state is an equilibrium, so no way leads to one."
        )
    return "No other equilibrium can be reached from the status quo."


def _under(found: GraphResult, state: int) -> str:
    concepts = concepts_of(found, state)
    return "all concepts" if len(concepts) == len(found.stable) else " ".join(concepts)


def way_words(found: GraphResult, way: Sequence) -> str:
    """A way as a chain: who moves to which state."""
    names = found.conflict.names.maker_names
    return " → ".join(f"{names[step.maker]}: {state_label(found, step.to)}" for step in way)


def _way_row(found: GraphResult, one: Arriving) -> Row:
    names, arrival = found.conflict.names.maker_names, one.arrival
    return {
        "Equilibrium": state_label(found, arrival.state),
        "Under": ", ".join(one.concepts),
        "Fewest moves": "never" if arrival.by_moves < 0 else str(arrival.by_moves),
        "By improvements": "never" if arrival.by_improvements < 0 else str(arrival.by_improvements),
        "A shortest way": way_words(found, arrival.way),
        "Must move": ", ".join(names[maker] for maker in one.must_move),
    }
