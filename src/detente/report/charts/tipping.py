"""What would change it: the curve of one lever and the map of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from detente.report import theme
from detente.report.charts.chart import (
    Chart,
    Spec,
    draw,
    nothing,
    percent_axis,
    rows_axis,
    rows_height,
    values,
    wrapped,
)
from detente.report.sentences import MOVED, ranking_row_words
from detente.report.spans import span_at
from detente.report.words import figure, lever_words, measure_clause, percent
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
MARKS = ((0.5, "level_at_p50"), (0.8, "level_at_p80"))


def tip_charts(situation: Situation, tip: Found) -> list[Chart]:
    """The picture of whatever was asked: ranking, frontier or curve."""
    if tip.get("ranking") is not None:
        return [levers(situation, tip)]
    return [frontier(situation, tip)] if tip.get("frontier") else [tipping(situation, tip)]


def _y(title: str) -> Spec:
    axis = percent_axis(values=[0, 0.25, 0.5, 0.8, 1])
    return {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": axis, "title": title}


def tipping(situation: Situation, tip: Found) -> Chart:
    """The probability against the level of a lever, with the present level and its range behind it."""
    lever = lever_words(situation, tip["lever"])
    clause = measure_clause(situation, tip["measure"])
    name, title = f"tipping-{tip['lever'].replace('.', '-')}", f"{lever}: what it would change"
    low, high = tip["limits"]
    curve = [point for point in tip.get("curve") or [] if point["p"] is not None]
    if not curve:
        return nothing(name, title, f"There is no curve for {lever}.", "share of draws")
    digits = (high - low) / 10
    x = {
        "field": "level",
        "type": "quantitative",
        "title": f"level of {lever}",
        "scale": {"domain": [low, high], "nice": False},
    }
    y = {"field": "p", **_y("share of draws")}
    layers: list[Spec] = []
    present = span_at(situation, tip.get("path") or "")
    if present and present[2] > present[0]:
        layers.append(
            {
                "data": values([{"from": max(low, present[0]), "to": min(high, present[2])}]),
                "mark": {"type": "rect", "color": theme.GREY, "opacity": 0.18},
                "encoding": {"x": {"field": "from", "type": "quantitative"}, "x2": {"field": "to"}},
            }
        )
    layers += _goals()
    if not tip.get("central"):
        band = {"mark": {"type": "area", "opacity": 0.25, "color": theme.BLUE}}
        band |= {"encoding": {"x": x, "y": {"field": "low", **_y("share of draws")}, "y2": {"field": "high"}}}
        layers.append(band)
    step = {"interpolate": "step-after"} if tip.get("central") else {}
    tooltip = [
        {"field": "level", "title": "Level", "format": ".2f"},
        {"field": "p", "title": "Share of draws", "format": ".0%"},
    ]
    layers.append(
        {"mark": {"type": "line", "color": theme.BLUE, "strokeWidth": 2.5, **step}, "encoding": {"x": x, "y": y}}
    )
    layers.append(
        {"mark": {"type": "point", "opacity": 0, "size": 120}, "encoding": {"x": x, "y": y, "tooltip": tooltip}}
    )
    now = tip["now"]
    points = [{"level": now["level"], "p": now["p"], "words": f"now, {percent(now['p'])}", "shape": "diamond"}]
    points += [
        {"level": tip[key], "p": goal, "words": f"{percent(goal)} at {figure(tip[key], digits)}", "shape": "circle"}
        for goal, key in MARKS
        if tip.get(key) is not None
    ]
    for point in points:
        point["side"] = "left" if point["level"] > low + 0.6 * (high - low) else "right"
    layers += _marked(points, falling=curve[-1]["p"] < curve[0]["p"])
    table = [
        {
            "Level": figure(point["level"], digits),
            "Share of draws": percent(point["p"]),
            **({} if tip.get("central") else {"95 % interval": f"{percent(point['low'])} to {percent(point['high'])}"}),
        }
        for point in curve
    ]
    ends = f"from {percent(curve[0]['p'])} at {low:g} to {percent(curve[-1]['p'])} at {high:g}"
    description = f"Curve: share of draws in which {clause} against {lever}, {ends}; now {percent(now['p'])}."
    note = "Diamond: the present level on average and the share now; grey: the present level's own range. "
    note += "The curve sets the level alike in all draws, so it need not pass through the diamond."
    spec = draw(layers, description=description, height=260, data=values(curve))
    return Chart(name, title, f"share of draws in which {clause}", spec, table, description, note)


def _goals() -> list[Spec]:
    line = {
        "data": values([{"goal": goal} for goal, _ in MARKS]),
        "mark": {"type": "rule", "strokeDash": [3, 3], "opacity": 0.45},
        "encoding": {"y": {"field": "goal", "type": "quantitative"}},
    }
    return [line]


def _marked(points: Sequence[Mapping[str, Any]], *, falling: bool) -> list[Spec]:
    """Points on a curve with their words beside them, on the side where there is room, above it or below."""
    x, y = {"field": "level", "type": "quantitative"}, {"field": "p", "type": "quantitative"}
    shape = {"field": "shape", "type": "nominal", "scale": None}
    found: list[Spec] = [
        {
            "data": values(points),
            "mark": {"type": "point", "filled": True, "size": 90, "color": theme.VERMILLION, "opacity": 1},
            "encoding": {"x": x, "y": y, "shape": shape},
        }
    ]
    for side, dx in (("left", -9), ("right", 9)):
        here = [point for point in points if point["side"] == side]
        if here:
            align = "right" if side == "left" else "left"
            found.append(
                {
                    "data": values(here),
                    "mark": {"type": "text", "align": align, "dx": dx, "dy": 9 if (side == "right") != falling else -9},
                    "encoding": {"x": x, "y": y, "text": {"field": "words"}},
                }
            )
    return found


def levers(situation: Situation, tip: Found) -> Chart:
    """All levers and pairs by the smallest change that does it."""
    clause = measure_clause(situation, tip["measure"])
    goal = f"{percent(tip.get('target', 0.5))} of draws"
    title = f"Levers by the smallest change that does it: {clause} in {goal}"
    rows = tip["ranking"]
    if not rows:
        return nothing("levers", title, "The scenario has no lever to rank.")
    table = [
        {
            "Lever": ranking_row_words(situation, row),
            "Change (share of its limits)": "out of reach"
            if row["fraction_of_range"] is None
            else percent(row["fraction_of_range"]),
            "At its limit": percent(row["p_at_limit"]),
        }
        for row in rows
    ]
    reach = [(row, one) for row, one in zip(rows, table, strict=True) if row["fraction_of_range"] is not None][:12]
    description = f"Smallest change after which {clause} in {goal}: " + "; ".join(
        f"{one['Lever']}, {one['Change (share of its limits)']}" for one in table[:8]
    )
    if not reach:
        return Chart(
            "levers",
            title,
            "share of the width of the limits",
            None,
            table,
            description,
            "No lever within its limits is enough.",
        )
    drawn = [
        {
            "label": wrapped(lever_words(situation, row["lever"]), 26),
            "p": row["fraction_of_range"],
            "told": one["Change (share of its limits)"],
            "words": one["Lever"],
        }
        for row, one in reach
    ]
    y = rows_axis([row["label"] for row in drawn])
    most = max(row["p"] for row in drawn)
    x = {"field": "p", "type": "quantitative", "scale": {"domain": [0, most or 1]}, "axis": percent_axis(tickCount=4)}
    bars: Spec = {
        "mark": {"type": "bar", "color": theme.BLUE, "height": {"band": 0.6}},
        "encoding": {
            "y": y,
            "x": x | {"title": "share of its limits"},
            "tooltip": [{"field": "words", "title": "Change"}],
        },
    }
    text: Spec = {
        "mark": {"type": "text", "align": "left", "dx": 5},
        "encoding": {"y": y, "x": x, "text": {"field": "told"}},
    }
    spec = draw(
        [bars, text],
        description=description,
        right=56,
        height=rows_height([row["label"] for row in drawn], 34),
        data=values(drawn),
    )
    return Chart("levers", title, "share of the width of the limits", spec, table, description, MOVED)


# --- two levers --------------------------------------------------------------------------------------------------


def frontier(situation: Situation, tip: Found) -> Chart:
    """Two levers: the probability as a map, with the line of one half and the present point."""
    found = tip["frontier"]
    first, second = (lever_words(situation, lever) for lever in found["levers"])
    clause = measure_clause(situation, tip["measure"])
    title = f"{first} and {second} together"
    xs, ys, p = found["x"], found["y"], found["p"]
    cells = [
        {
            "x1": x1,
            "x2": x2,
            "y1": y1,
            "y2": y2,
            "p": p[j][i],
            "level1": xs[i],
            "level2": ys[j],
            "told": percent(p[j][i]),
        }
        for j, (y1, y2) in enumerate(_edges(ys))
        for i, (x1, x2) in enumerate(_edges(xs))
        if p[j][i] is not None
    ]
    if not cells:
        return nothing("frontier", title, "There is nothing to map.")
    x = {
        "type": "quantitative",
        "title": f"level of {first}",
        "scale": {"domain": [xs[0], xs[-1]], "nice": False},
        "axis": {"grid": False},
    }
    y = {
        "type": "quantitative",
        "title": f"level of {second}",
        "scale": {"domain": [ys[0], ys[-1]], "nice": False},
        "axis": {"grid": False},
    }
    colour = {
        "field": "p",
        "type": "quantitative",
        "scale": {"scheme": theme.SHARES, "domain": [0, 1]},
        "legend": {
            "labelExpr": "format(100 * datum.value, '.0f') + ' %'",
            "title": "share of draws",
            "orient": "top",
            "gradientLength": 160,
        },
    }
    tooltip = [
        {"field": "level1", "title": first, "format": ".2f"},
        {"field": "level2", "title": second, "format": ".2f"},
        {"field": "told", "title": "Share of draws"},
    ]
    layers: list[Spec] = [
        {
            "data": values(cells),
            "mark": {"type": "rect", "clip": True, "opacity": 1},
            "encoding": {
                "x": x | {"field": "x1"},
                "x2": {"field": "x2"},
                "y": y | {"field": "y1"},
                "y2": {"field": "y2"},
                "color": colour,
                "tooltip": tooltip,
            },
        }
    ]
    line = contour(xs, ys, p, 0.5)
    ends = {
        "x": {"field": "ax", "type": "quantitative"},
        "y": {"field": "ay", "type": "quantitative"},
        "x2": {"field": "bx"},
        "y2": {"field": "by"},
    }
    for color, width in (("black", 4), ("white", 2)):
        if line:
            layers.append(
                {
                    "data": values(line),
                    "mark": {"type": "rule", "color": color, "strokeWidth": width, "strokeCap": "round"},
                    "encoding": ends,
                }
            )
    now = found.get("now")
    if now:
        at = {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}
        place = values([{"x": now[0], "y": now[1], "words": "now"}])
        layers.append(
            {
                "data": place,
                "mark": {
                    "type": "point",
                    "shape": "diamond",
                    "filled": True,
                    "size": 130,
                    "color": "white",
                    "stroke": "black",
                    "opacity": 1,
                },
                "encoding": at,
            }
        )
        for mark in ({"stroke": "white", "strokeWidth": 4, "color": "white"}, {"color": "black"}):
            layers.append(
                {
                    "data": place,
                    "mark": {"type": "text", "dy": -14, "fontWeight": "bold", **mark},
                    "encoding": at | {"text": {"field": "words"}},
                }
            )
    table = [
        {second: figure(ys[j], 0.1), **{f"{first} {figure(xs[i], 0.1)}": percent(p[j][i]) for i in _some(len(xs), 11)}}
        for j in reversed(_some(len(ys), 11))
    ]
    shares = [cell["p"] for cell in cells]
    crosses = "The line is where it passes 50 %." if line else "It passes 50 % nowhere."
    description = (
        f"Map: share of draws in which {clause}, from {percent(min(shares))} to {percent(max(shares))}. {crosses}"
    )
    spec = draw(layers, description=description, height=300)
    return Chart(
        "frontier",
        title,
        f"share of draws in which {clause}",
        spec,
        table,
        description,
        crosses + " Diamond: the present levels on average.",
    )


def _some(count: int, most: int) -> list[int]:
    return sorted({round(i * (count - 1) / (most - 1)) for i in range(most)}) if count > most else list(range(count))


def _edges(centres: Sequence[float]) -> list[tuple[float, float]]:
    """The cell of each grid point, half-way to its neighbours."""
    if len(centres) == 1:
        return [(centres[0] - 0.5, centres[0] + 0.5)]
    middle = [(a + b) / 2 for a, b in pairwise(centres)]
    first, last = 2 * centres[0] - middle[0], 2 * centres[-1] - middle[-1]
    # Each reaches a little into the next: no seam shows the page between them.
    return [(a, b + 0.03 * (b - a)) for a, b in zip([first, *middle], [*middle, last], strict=True)]


def contour(
    xs: Sequence[float], ys: Sequence[float], p: Sequence[Sequence[float | None]], level: float
) -> list[dict[str, float]]:
    """The line at `level` through a grid of values, as straight pieces (marching squares)."""

    def between(a: float, b: float, pa: float, pb: float) -> float:
        return a + (b - a) * (level - pa) / (pb - pa)

    found = []
    for j in range(len(ys) - 1):
        for i in range(len(xs) - 1):
            corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
            heights = [p[b][a] for a, b in corners]
            if any(height is None for height in heights):
                continue
            hits = []
            for k in range(4):
                (a, b), (c, d) = corners[k], corners[(k + 1) % 4]
                low, high = heights[k], heights[(k + 1) % 4]
                if (low >= level) != (high >= level):  # type: ignore[operator]
                    hits.append((between(xs[a], xs[c], low, high), between(ys[b], ys[d], low, high)))  # type: ignore[arg-type]
            found += [
                {"ax": first[0], "ay": first[1], "bx": second[0], "by": second[1]}
                for first, second in zip(hits[::2], hits[1::2], strict=False)
            ]
    return found
