"""One step around a state: who would come to it from where, and who would go on from it; for games too large to draw whole."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.graph.joint import steps
from detente.graph.options import OptionForm
from detente.report.charts.chart import Chart, Row, Spec
from detente.report.charts.moves import RADIUS, arrows, node_marks, state_node, towards
from detente.report.charts.states import Canvas, concepts_of, maker_labels, maker_looks, short, state_label

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult

MOST_NAMED = 4  # states drawn for each decision maker on either side; the best for it where there are more
LINE, HEAD, EDGE = 29, 36, 62  # pixels: from state to state, a decision maker's name, from the middle to either side


@dataclass(frozen=True)
class Side:
    """What one decision maker does on one side of the state: the states, best for it first, out of so many moves."""

    maker: int
    states: tuple[int, ...]
    moves: int


def sides(found: GraphResult, state: int) -> tuple[list[Side], list[Side]]:
    """For each decision maker, from where it would come to the state, and where to it would go on: improvements only."""
    game = found.game
    before, after = [], []
    for maker in range(game.makers):
        worth = game.payoff[maker]
        into = _into(found, maker, state)
        gains = sorted((s for s in into if worth[s] < worth[state]), key=lambda s: (int(worth[s]), s))
        before.append(Side(maker, tuple(gains), len(into)))
        out = steps(game, maker, state)
        better = sorted((s for s in out if worth[s] > worth[state]), key=lambda s: (-int(worth[s]), s))
        after.append(Side(maker, tuple(better), len(out)))
    return before, after


def _into(found: GraphResult, maker: int, state: int) -> list[int]:
    """The states from which a decision maker can move to this one."""
    form = found.game.form
    near = np.arange(found.game.states)
    if isinstance(form, OptionForm) and not form.merges:
        near = np.flatnonzero((form.codes ^ form.codes[state]) & ~form.masks[maker] == 0)
    return [s for s in near.tolist() if s != state and state in form.reach(maker, s)]


def around(found: GraphResult, state: int) -> Chart:
    """The state in the middle, on the left where improvements come from, on the right where they lead."""
    before, after = sides(found, state)
    picture = _Picture(found, state, max(map(_height, (before, after))))
    picture.side(before, -1, "Gains by coming here")
    picture.side(after, 1, "Gains by going on")
    count = [sum(len(side.states) for side in group) for group in (before, after)]
    here = state_label(found, state)
    told = f"{here}: improvements lead here from {count[0]} states, and from here to {count[1]}."
    concepts = concepts_of(found, state)
    title = f"Around {here}" + (", the status quo" if state == found.game.status_quo else "")
    note = f"An equilibrium under {', '.join(concepts)}. " if concepts else "No equilibrium. "
    note += f"Of everybody's improvements, at most {MOST_NAMED} a side are drawn, those that gain it most."
    table = [_row(found, side, other, "to here") for side in before for other in side.states]
    table += [_row(found, side, other, "from here") for side in after for other in side.states]
    return Chart(f"around-{state + 1}", title, "moves", picture.spec(told), table or [{"State": "none"}], told, note)


def _row(found: GraphResult, side: Side, other: int, way: str) -> Row:
    return {
        "Who gains": found.conflict.names.maker_names[side.maker],
        "By moving": way,
        "State": state_label(found, other),
        "It is an equilibrium under": ", ".join(concepts_of(found, other)),
    }


def _height(group: list[Side]) -> float:
    return sum(HEAD + LINE * min(len(side.states), MOST_NAMED) for side in group)


class _Picture:
    """The two sides on their canvas."""

    def __init__(self, found: GraphResult, state: int, height: float) -> None:
        self.found, self.state = found, state
        letters = min(120.0, max(70.0, 6.4 * len(found.label(state))))
        self.middle = letters + 2 * RADIUS + EDGE + 10
        self.centre = 24 + height / 2
        self.letters = letters
        self.canvas = Canvas(2 * self.middle, 24 + height)
        self.nodes = [state_node(found, state, self.middle, self.centre)]
        self.lines: list[Row] = []
        self.heads: list[Row] = []

    def side(self, group: list[Side], sign: int, title: str) -> None:
        """One side, the decision makers below one another: `sign` is -1 for the left, 1 for the right."""
        names = maker_labels(self.found)
        align = "left" if sign < 0 else "right"
        edge, x = self.middle * (1 + sign), self.middle + sign * (EDGE + RADIUS + 4)
        bold: list[Row] = [{"x": edge, "y": 8, "words": title}]
        counts: list[Row] = []
        labels: list[Row] = []
        y = 24.0
        for side in group:
            bold.append({"x": edge, "y": y + 10, "words": short(names[side.maker], self.middle - 16)})
            counts.append({"x": edge, "y": y + 25, "words": f"{len(side.states)} of {side.moves} moves gain"})
            y += HEAD
            for other in side.states[:MOST_NAMED]:
                place = y + LINE / 2 - 4
                self.nodes.append(state_node(self.found, other, x, place))
                words = short(self.found.label(other), self.letters, 10)
                labels.append({"x": x + sign * (RADIUS + 5), "y": place, "words": words})
                self.line((x, place), sign, names[side.maker])
                y += LINE
        self.canvas.text(bold, align, fontWeight="bold")
        self.canvas.text(counts, align, 11)
        self.canvas.text(labels, "right" if sign < 0 else "left", 10)

    def line(self, outside: tuple[float, float], sign: int, maker: str) -> None:
        """An arrow between the middle and a state outside: inwards on the left, outwards on the right."""
        inside = (self.middle, self.centre)
        start, end = (outside, inside) if sign < 0 else (inside, outside)
        (x, y), (x2, y2) = towards(start, end, RADIUS + 5), towards(end, start, RADIUS + 8)
        self.lines.append({"x": x, "y": y, "x2": x2, "y2": y2, "maker": maker})
        turn = math.degrees(math.atan2(end[0] - start[0], start[1] - end[1]))
        self.heads.append({"x": x2, "y": y2, "angle": turn, "maker": maker})

    def spec(self, description: str) -> Spec:
        """The picture."""
        looks = maker_looks(self.found)
        self.canvas.lines(self.lines, looks, strokeWidth=2)
        arrows(self.canvas, self.heads, looks)
        starts = [self.nodes[0]] if self.state == self.found.game.status_quo else []
        node_marks(self.canvas, self.nodes, starts)
        return self.canvas.spec(description)
