"""Who backs, fights, sanctions and mediates: a network on a circle, and the same as a matrix."""

from __future__ import annotations

import math
from typing import Any

from detente.report import theme
from detente.report.charts.chart import SCHEMA, Chart, Spec, labels, nothing, values
from detente.report.spans import span_at
from detente.report.words import actor_name, figure
from detente.scenario.situation import Situation, Tie

WIDTH, RADIUS = 480, 140
LOOKS: dict[str, tuple[str, list[int], str]] = {  # colour, dash, label
    "backs": (theme.BLUE, [1, 0], "backs"),
    "allied": (theme.BLUE, [8, 3], "allied with"),
    "fights": (theme.VERMILLION, [1, 0], "fights"),
    "sanctions": (theme.VERMILLION, [5, 3], "sanctions"),
    "mediates": (theme.GREEN, [2, 2], "mediates for"),
    "hosts": (theme.GREEN, [8, 3], "hosts"),
    "influences": (theme.PURPLE, [4, 2, 1, 2], "influences"),
}
OTHER = (theme.GREY, [1, 2], "tied to")


def ties(situation: Situation) -> Chart:
    """The ties in force, as arrows; the table is the matrix of who does what to whom."""
    title = "Who backs, fights, sanctions and mediates"
    if not situation.ties:
        return nothing("ties", title, "No tie is in force.")
    actors = [a for a in situation.actors if any(a in (tie.source, tie.target) for tie in situation.ties)]
    turn = 2 * math.pi / len(actors)
    place = {a: (math.sin(i * turn), math.cos(i * turn)) for i, a in enumerate(actors)}
    name = labels(situation, actors, 16)
    edges = _edges(situation, place)
    kinds = list(dict.fromkeys(tie.kind for tie in situation.ties))
    words = {kind: LOOKS.get(kind, OTHER)[2] for kind in kinds}
    scale_x = {"domain": [-WIDTH / 2, WIDTH / 2], "nice": False}
    height = 2 * (RADIUS + 18 + 13 * max(words.count("\n") + 1 for words in name.values()))
    scale_y = {"domain": [-height / 2, height / 2], "nice": False}
    x: Spec = {"type": "quantitative", "scale": scale_x, "axis": None}
    y: Spec = {"type": "quantitative", "scale": scale_y, "axis": None}
    domain = [words[kind] for kind in kinds]
    legend = {"orient": "bottom", "title": None, "columns": 4, "symbolType": "stroke", "symbolSize": 500}
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": domain, "range": [LOOKS.get(k, OTHER)[0] for k in kinds]},
        "legend": legend,
    }
    dash = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": domain, "range": [LOOKS.get(k, OTHER)[1] for k in kinds]},
        "legend": legend,
    }
    tooltip = [{"field": "words", "title": "Tie"}]
    line = {
        "x": x | {"field": "x1"},
        "y": y | {"field": "y1"},
        "x2": {"field": "x2"},
        "y2": {"field": "y2"},
        "color": colour,
        "strokeDash": dash,
        "tooltip": tooltip,
    }
    head = {
        "x": x | {"field": "x2"},
        "y": y | {"field": "y2"},
        "angle": {"field": "angle", "type": "quantitative", "scale": None},
        "color": colour,
        "tooltip": tooltip,
    }
    layers: list[Spec] = [
        {"data": values(edges), "mark": {"type": "rule", "strokeWidth": 2}, "encoding": line},
        {
            "data": values(edges),
            "mark": {"type": "point", "shape": "triangle", "filled": True, "size": 90, "opacity": 1},
            "encoding": head,
        },
    ]
    nodes = [{"x": RADIUS * px, "y": RADIUS * py, "role": situation.roles[a]} for a, (px, py) in place.items()]
    mark = {"type": "point", "filled": True, "size": 130, "color": theme.INK, "opacity": 1}
    shape = {
        "field": "role",
        "type": "nominal",
        "legend": None,
        "scale": {
            "domain": ["belligerent", "backer", "mediator", "bystander"],
            "range": ["square", "circle", "diamond", "cross"],
        },
    }
    layers.append(
        {
            "data": values(nodes),
            "mark": mark,
            "encoding": {"x": x | {"field": "x"}, "y": y | {"field": "y"}, "shape": shape},
        }
    )
    for actor, (px, py) in place.items():
        align = "center" if abs(px) < 0.2 else "left" if px > 0 else "right"
        lines = name[actor].count("\n") + 1
        baseline = "middle" if abs(px) >= 0.2 else "bottom" if py > 0 else "top"
        lift = {"bottom": -13 * (lines - 1), "middle": -6.5 * (lines - 1), "top": 0}[baseline]
        label = {"type": "text", "align": align, "baseline": baseline, "dy": lift, "lineHeight": 13}
        at = [{"x": (RADIUS + 13) * px, "y": (RADIUS + 13) * py, "words": name[actor]}]
        layers.append(
            {
                "data": values(at),
                "mark": label,
                "encoding": {"x": x | {"field": "x"}, "y": y | {"field": "y"}, "text": {"field": "words"}},
            }
        )
    table = _matrix(situation, actors)
    description = "Ties: " + "; ".join(edge["words"] for edge in edges)
    spec = {
        "$schema": SCHEMA,
        "description": description,
        "width": WIDTH,
        "height": height,
        "config": theme.config(),
        "layer": layers,
        "usermeta": {"wide": True},
    }
    note = "Squares: belligerents; circles: backers; diamonds: mediators; crosses: bystanders. Of the ties only backing enters strength."
    return Chart("ties", title, "ties in force", spec, table, description, note)


def _edges(situation: Situation, place: dict[str, tuple[float, float]]) -> list[dict[str, Any]]:
    """Arrows between the nodes; those between the same two run side by side."""
    seen: dict[frozenset[str], int] = {}
    found = []
    for tie in situation.ties:
        pair = frozenset((tie.source, tie.target))
        lane = seen.get(pair, 0)
        seen[pair] = lane + 1
        (ax, ay), (bx, by) = (tuple(RADIUS * c for c in place[end]) for end in (tie.source, tie.target))
        dx, dy = bx - ax, by - ay
        length = math.hypot(dx, dy) or 1.0
        # Sideways to the pair's own direction, which does not turn with the tie's.
        first = sorted(pair)[0] == tie.source
        side = ((lane + 1) // 2) * 9 * (1 if lane % 2 else -1) * (1 if first else -1)
        ox, oy = -dy / length * side, dx / length * side
        tip = 15 / length
        start, end = (ax + dx * tip + ox, ay + dy * tip + oy), (bx - dx * tip + ox, by - dy * tip + oy)
        found.append(
            {
                "x1": start[0],
                "y1": start[1],
                "x2": end[0],
                "y2": end[1],
                "angle": math.degrees(math.atan2(dx, dy)),
                "kind": LOOKS.get(tie.kind, OTHER)[2],
                "words": _words(situation, tie),
            }
        )
    return found


def _share(situation: Situation, tie: Tie) -> str:
    share = span_at(situation, tie.share_path or "")
    return "" if share is None else figure(100 * share[1], 10) + " %"


def _words(situation: Situation, tie: Tie) -> str:
    doing = LOOKS.get(tie.kind, OTHER)[2]
    share = _share(situation, tie)
    return f"{actor_name(situation, tie.source)} {doing} {actor_name(situation, tie.target)}" + (
        f" with {share} of its capability" if share else ""
    )


def _matrix(situation: Situation, actors: list[str]) -> list[dict[str, Any]]:
    """A row a source, a column a target."""
    columns = labels(situation, [a for a in actors if any(tie.target == a for tie in situation.ties)], 200)
    found = []
    for source in actors:
        own = [tie for tie in situation.ties if tie.source == source]
        if own:
            row: dict[str, Any] = {"From \\ to": labels(situation, actors, 200)[source]}
            for target, heading in columns.items():
                cell = [f"{tie.kind} {_share(situation, tie)}".strip() for tie in own if tie.target == target]
                row[heading] = ", ".join(cell)
            found.append(row)
    return found
