"""From the status quo to the equilibria, step by step: who moves, and whether it gains by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.graph.joint import Sequence
from detente.graph.paths import Arrival, arrivals, reach
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
from detente.report.words import listed, plain_number

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult

MOST_DRAWN = 10  # equilibria with a line in the path view
MOST_TOLD = 100  # in its table
STEP, LINE = 104, 58  # pixels from state to state along a way, and from way to way


def destinations(found: GraphResult) -> list[Arrival]:
    """The equilibria other than the status quo, how it leads there: by improvements first, then the nearest, then the rest.

    Of equals, those that are equilibria under most concepts come first. At most a hundred.
    """
    start = found.game.status_quo
    if start is None:
        return []
    backing = support(found)
    by_moves, by_improvements = reach(found.game), reach(found.game, improving=True)
    states = np.flatnonzero(backing)
    states = states[states != start]
    fast, slow = by_improvements.earliest[states], by_moves.earliest[states]
    never = np.iinfo(np.int32).max
    order = np.lexsort(
        (states, -backing[states], np.where(slow < 0, never, slow), np.where(fast < 0, never, fast), slow < 0, fast < 0)
    )
    return arrivals(by_moves, by_improvements, states[order][:MOST_TOLD].tolist())


def paths(found: GraphResult, every: list[Arrival]) -> Chart:
    """A line an equilibrium: the shortest way there from the status quo, who moves, and whether each step is a gain.

    `every` are the `destinations`.
    """
    title = "From the status quo to the equilibria"
    start = found.game.status_quo
    if start is None:
        return nothing("paths", title, "The game names no status quo, so nothing starts anywhere.")
    told = [one for one in every if one.way]
    if not told:
        return nothing("paths", title, _nowhere(found, every))
    drawn = told[:MOST_DRAWN]
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
            row = {"x": x + RADIUS + 4, "x2": x + STEP - RADIUS - 6, "y": y, "y2": y, "maker": names[step.maker]}
            (bold if gains else thin).append(row)
            heads.append({"x": x + STEP - RADIUS - 8, "y": y, "maker": names[step.maker], "angle": 90})
            words = str(step.maker + 1) + ("" if gains else " (no gain)")
            figures.append({"x": x + STEP / 2, "y": y - 9, "words": words})
            nodes.append(state_node(found, step.to, x + STEP, y))
            here = step.to
            if number + 1 < len(one.way):
                labels.append({"x": x + STEP, "y": y + 25, "words": short(found.label(step.to), STEP - 6, 10)})
        x = left + STEP * len(one.way) + RADIUS + 6
        labels += [
            {"x": x, "y": y - 6, "words": short(found.label(one.state), canvas.width - x, 10), "end": True},
            {"x": x, "y": y + 8, "words": short(_under(found, one.state), canvas.width - x, 10), "end": True},
        ]
    labels.append({"x": 2, "y": 47, "words": short(found.label(start), STEP - 6, 10), "end": True})
    canvas.lines(thin, looks, strokeWidth=1, opacity=0.8)
    canvas.lines(bold, looks, strokeWidth=2.4)
    arrows(canvas, heads, looks)
    node_marks(canvas, nodes, [row for row in nodes if row["words"] == str(start + 1)])
    canvas.text(figures, size=11)
    canvas.text([row for row in labels if not row.get("end")], size=10)
    canvas.text([row for row in labels if row.get("end")], "left", 10)
    improving = sum(one.by_improvements >= 0 for one in every)
    words = (
        f"Of {plain_number(len(every))} other equilibria, {improving} can be reached from the status quo by improvements "
        f"alone, {sum(one.by_moves >= 0 for one in every)} by any moves."
    )
    note = "Every line is a shortest way; the number above a step is who moves, and a thin step is no gain for it. "
    note += "A square: the status quo."
    if len(drawn) < len(told):
        note += f" {len(drawn)} of {len(told)} are drawn, the nearest by improvements first."
    table = [_way_row(found, one) for one in every]
    return Chart("paths", title, "moves", canvas.spec(words), table, words, note)


def _nowhere(found: GraphResult, every: list[Arrival]) -> str:
    if not every:
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


def _way_row(found: GraphResult, one: Arrival) -> Row:
    names = found.conflict.names.maker_names
    return {
        "Equilibrium": state_label(found, one.state),
        "Under": ", ".join(concepts_of(found, one.state)),
        "Fewest moves": "never" if one.by_moves < 0 else str(one.by_moves),
        "By improvements": "never" if one.by_improvements < 0 else str(one.by_improvements),
        "A shortest way": way_words(found, one.way),
        "Who moves": listed(names[maker] for maker in one.movers),
    }
