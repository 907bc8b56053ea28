"""The integrated graph: states as nodes, everybody's moves as edges, the improvements bold; or its parts where it is large."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.graph.game import Game
from detente.graph.joint import steps
from detente.graph.options import OptionForm
from detente.report import theme
from detente.report.charts.chart import Chart, Row, Spec
from detente.report.charts.layout import Layout, layout
from detente.report.charts.states import (
    DARK,
    PALE,
    SOLID,
    Canvas,
    concepts_of,
    maker_labels,
    maker_looks,
    short,
    state_label,
)
from detente.report.words import plain_number

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult

MOST_WHOLE = 300  # states up to which the whole is drawn
HEAD = 140  # pixels for the name of a decision maker beside what it chose
MOST_EDGES = 72  # up to which all moves are drawn
MOST_FIGURES = 40  # edges up to which each has its mover's number beside it
MANY = 80  # edges from which lines are thin
MOST_BOLD = 200  # improvements up to which all are drawn, else each one's best from every state
RADIUS = 13  # pixels of a node


@dataclass(frozen=True, slots=True)
class Edge:
    """Moves of one decision maker between two states: an improvement from `here` to `there`, or a mere move.

    A mere move that goes both ways is one edge, without an arrow.
    """

    maker: int
    here: int
    there: int
    improves: bool
    both: bool = False


def edges(game: Game) -> list[Edge]:
    """All moves, those of a decision maker between the same two states as one edge; improvements first."""
    found = []
    for maker in range(game.makers):
        worth = game.payoff[maker]
        arcs = {(s, t) for s in range(game.states) for t in steps(game, maker, s)}
        for here, there in sorted(arcs):
            back = (there, here) in arcs
            if worth[there] > worth[here]:
                found.append(Edge(maker, here, there, True))
            elif not back or (worth[there] == worth[here] and here < there):
                found.append(Edge(maker, here, there, False, back))
    return sorted(found, key=lambda edge: not edge.improves)


def best_only(game: Game, every: Iterable[Edge]) -> list[Edge]:
    """Of every state's improvements, for each decision maker the one to what it prefers most (the first of equals)."""
    best: dict[tuple[int, int], Edge] = {}
    for edge in every:
        worth, key = game.payoff[edge.maker], (edge.maker, edge.here)
        if edge.improves and (key not in best or worth[edge.there] > worth[best[key].there]):
            best[key] = edge
    return list(best.values())


def integrated_graph(found: GraphResult) -> Chart:
    """States as nodes, moves as edges by decision maker; at most 300 states."""
    game = found.game
    every = edges(game)
    bold = [edge for edge in every if edge.improves]
    if len(every) <= MOST_EDGES:
        drawn, which = every, "All moves are drawn, improvements bold with an arrow; a thin line is a move, without an "
        which += "arrow where it goes both ways."
        which = which if len(every) > len(bold) else "Every move is a gain in one direction, that of its arrow."
    elif len(bold) <= MOST_BOLD:
        drawn, which = bold, f"The {len(bold)} improvements are drawn, and not the moves that improve nothing."
    else:
        drawn = best_only(game, bold)
        which = f"Of {plain_number(len(bold))} improvements those are drawn that lead where who moves likes it best."
    places = layout(game)
    picture = _Picture(found, places)
    picture.headings()
    picture.edges(drawn, numbers=len(drawn) <= MOST_FIGURES)
    picture.nodes()
    table = [_edge_row(found, edge) for edge in bold]
    told = f"{game.states} states; {len(bold)} improvements, " + ", ".join(
        f"{sum(edge.maker == i for edge in bold)} of {name}" for i, name in enumerate(found.conflict.names.maker_names)
    )
    note = f"{which} Filled: a Nash equilibrium. A double ring: an equilibrium under another concept."
    note += "" if game.status_quo is None else " A square: the status quo."
    if places.columns:
        note += " Letters say what is chosen in a column or row: Y an option taken, N one that is not."
    return Chart("moves", "Who can move where", "moves", picture.spec(told), table, told, note)


def _edge_row(found: GraphResult, edge: Edge) -> Row:
    return {
        "From": state_label(found, edge.here),
        "To": state_label(found, edge.there),
        "Who gains by moving": found.conflict.names.maker_names[edge.maker],
    }


class _Picture:
    """The integrated graph on its canvas."""

    def __init__(self, found: GraphResult, places: Layout) -> None:
        self.found, self.layout = found, places
        form = found.conflict.form
        self.form = form if isinstance(form, OptionForm) else None
        names = maker_labels(found)
        stub = max((len(short(names[i], HEAD, 11)) * 6.4 for i in places.across), default=0)
        letters = sum(_room(self.form, i) for i in places.down) if self.form else 0
        self.left = max(stub, letters) + 30
        self.top = 16 * (len(places.across) + bool(places.down)) + (30 if places.columns else 24)
        width, height = places.size
        bulge = 40 if places.columns else 26
        self.canvas = Canvas(self.left + width + 34, self.top + height + bulge)

    def at(self, state: int) -> tuple[float, float]:
        """The place of a state on the canvas."""
        x, y = self.layout.places[state].tolist()
        return self.left + x, self.top + y

    def headings(self) -> None:
        """What was chosen, above every column and beside every row."""
        names, places, form = maker_labels(self.found), self.layout, self.form
        if form is None or not (places.across or places.down):
            return
        heads: list[Row] = []
        letters: list[Row] = []
        for line, maker in enumerate(places.across):
            y = 8 + 16 * line
            heads.append({"x": 0, "y": y, "words": short(names[maker], HEAD, 11)})
            for x, choice in places.columns:
                letters.append({"x": self.left + x, "y": y, "words": _letters(form, maker, choice[line])})
        x0 = 0.0
        for line, maker in enumerate(places.down):
            size = _room(form, maker)
            free = size if maker != places.down[-1] else 240  # nothing else stands on the line of the last
            words = names[maker] if len(names[maker]) * 6.6 < free else str(maker + 1)
            heads.append({"x": x0, "y": 8 + 16 * len(places.across), "words": words})
            for down, choice in places.rows:
                words = _letters(form, maker, choice[line])
                letters.append({"x": x0 + size / 2 - 4, "y": self.top + down, "words": words})
            x0 += size
        self.canvas.text(heads, "left", 11, fontWeight="bold")
        self.canvas.text(letters, size=11)

    def edges(self, drawn: list[Edge], *, numbers: bool) -> None:
        """Curves between nodes, each with an arrow where it leads, and the number of who moves beside it."""
        looks = maker_looks(self.found)
        names = maker_labels(self.found)
        lanes: dict[frozenset[int], int] = {}
        points: dict[bool, list[Row]] = {False: [], True: []}  # by whether they improve
        heads: list[Row] = []
        figures: list[Row] = []
        for number, edge in enumerate(drawn):
            lane = lanes.get(frozenset((edge.here, edge.there)), 0)
            lanes[frozenset((edge.here, edge.there))] = lane + 1
            curve = self._curve(edge, lane)
            _, (cx, cy), (x1, y1) = curve
            maker = names[edge.maker]
            points[edge.improves] += [
                {"x": round(x), "y": round(y), "edge": number, "at": at, "maker": maker}
                for at, (x, y) in enumerate(curve)
            ]
            if not edge.both:
                turn = math.degrees(math.atan2(x1 - cx, cy - y1))
                heads.append({"x": x1, "y": y1, "angle": round(turn), "maker": maker, "tip": self._words(edge)})
            if numbers:
                figures.append(_beside(curve, str(edge.maker + 1)))
        for bold, some in points.items():
            width = (2 if len(drawn) < MANY else 1.3) if bold else 1
            mark = {
                "type": "line",
                "interpolate": "basis",
                "strokeWidth": width,
                "opacity": (1 if len(drawn) < MANY else 0.7) if bold else 0.7,
            }
            detail = {"field": "edge", "type": "nominal"}
            self.canvas.add(some, mark, detail=detail, order={"field": "at", "type": "quantitative"}, **looks)
        arrows(self.canvas, heads, looks, 70 if len(drawn) < MANY else 36)
        self.canvas.text(figures, size=10)

    def _curve(self, edge: Edge, lane: int) -> list[tuple[float, float]]:
        """Start, control point and end; farther out the longer, so that it goes round the nodes between."""
        ax, ay = self.at(edge.here)
        bx, by = self.at(edge.there)
        dx, dy = bx - ax, by - ay
        length = math.hypot(dx, dy) or 1.0
        long = length / self.layout.step
        straight = abs(dx) < 1 or abs(dy) < 1 or not self.layout.columns
        out = (8 + 16 * lane) if long < 1.6 or not straight else 18 + 5.5 * long + 8 * lane
        cx, cy = (ax + bx) / 2 + dy / length * out, (ay + by) / 2 - dx / length * out
        return [towards((ax, ay), (cx, cy), RADIUS + 3), (cx, cy), towards((bx, by), (cx, cy), RADIUS + 8)]

    def _words(self, edge: Edge) -> str:
        who, here, there = (
            self.found.conflict.names.maker_names[edge.maker],
            state_label(self.found, edge.here),
            state_label(self.found, edge.there),
        )
        return f"{who}: {here} to {there}" + (", an improvement" if edge.improves else "")

    def nodes(self) -> None:
        """Circles with the states' numbers; equilibria and the status quo marked."""
        rows = [state_node(self.found, state, *self.at(state)) for state in range(self.found.game.states)]
        start = self.found.game.status_quo
        node_marks(self.canvas, rows, [] if start is None else [rows[start]])

    def spec(self, description: str) -> Spec:
        """The picture."""
        return self.canvas.spec(description)


def arrows(canvas: Canvas, rows: list[Row], looks: dict[str, Spec], size: int = 70) -> None:
    """Arrowheads of rows with `maker` and `angle`, in degrees from straight up."""
    mark = {"type": "point", "shape": "triangle", "filled": True, "opacity": 1, "size": size}
    angle = {"field": "angle", "type": "quantitative", "scale": None}
    canvas.add(rows, mark, angle=angle, color=looks["color"], tooltip={"field": "tip", "title": "Move"})


def state_node(found: GraphResult, state: int, x: float, y: float) -> Row:
    """A state's node at a place, for `node_marks`."""
    nash = found.equilibria.get("nash")
    concepts = concepts_of(found, state)
    kind = "nash" if nash is not None and nash[state] else "other" if concepts else "none"
    words = f"an equilibrium under {', '.join(concepts)}" if concepts else "no equilibrium"
    return {"x": x, "y": y, "words": str(state + 1), "tip": f"{state_label(found, state)}: {words}", "kind": kind}


def node_marks(canvas: Canvas, rows: list[Row], starts: list[Row]) -> None:
    """Nodes of rows with `words`, `tip` and `kind` (nash, other or none); a square round each of `starts`."""
    tip = {"field": "tip", "title": "State"}
    area = math.pi * RADIUS**2
    mark: dict[str, Any] = {"type": "point", "shape": "circle", "opacity": 1, "strokeWidth": 1.2}
    plain = mark | {"stroke": theme.INK, "fill": PALE, "size": area}
    solid = mark | {"stroke": theme.INK, "fill": SOLID, "size": area}
    canvas.add([row for row in rows if row["kind"] != "nash"], plain, tooltip=tip)
    canvas.add([row for row in rows if row["kind"] == "nash"], solid, tooltip=tip)
    ring = {"type": "point", "shape": "circle", "filled": False, "opacity": 1, "stroke": theme.INK, "strokeWidth": 1.2}
    canvas.add([row for row in rows if row["kind"] == "other"], ring | {"size": math.pi * (RADIUS + 3.5) ** 2})
    square = {"type": "point", "shape": "square", "filled": False, "opacity": 1, "stroke": theme.INK}
    canvas.add(starts, square | {"size": (2 * RADIUS + 12) ** 2, "strokeWidth": 2})
    for wide in (False, True):
        some = [row for row in rows if (len(row["words"]) > 3) == wide]
        size = 8 if wide else 10
        canvas.text([row for row in some if row["kind"] != "nash"], size=size, color=DARK)
        canvas.text([row for row in some if row["kind"] == "nash"], size=size, color="#ffffff", fontWeight="bold")


def _room(form: OptionForm, maker: int) -> float:
    """Pixels that a decision maker's choice takes up beside a row."""
    return form.owned[maker] * 8.0 + 12


def _letters(form: OptionForm, maker: int, choice: int) -> str:
    """A decision maker's choice as a letter an option."""
    mine = [o for o in range(form.options) if form.masks[maker] >> o & 1]
    return "".join("Y" if choice >> o & 1 else "N" for o in mine)


def towards(place: tuple[float, float], to: tuple[float, float], by: float) -> tuple[float, float]:
    """A place moved so many pixels towards another."""
    dx, dy = to[0] - place[0], to[1] - place[1]
    length = math.hypot(dx, dy) or 1.0
    return round(place[0] + dx / length * by, 1), round(place[1] + dy / length * by, 1)


def _beside(curve: list[tuple[float, float]], words: str) -> Row:
    """A figure outside the middle of a curve."""
    (x0, y0), (cx, cy), (x1, y1) = curve
    x, y = (x0 + 4 * cx + x1) / 6, (y0 + 4 * cy + y1) / 6
    dx, dy = x1 - x0, y1 - y0
    length = math.hypot(dx, dy) or 1.0
    return {"x": round(x + dy / length * 8, 1), "y": round(y - dx / length * 8, 1), "words": words}
