"""What drives an answer: swings and Sobol indices of the inputs; what differs between two scenarios and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
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
    vertical,
    wrapped,
)
from detente.report.sentences.other import exceeds_noise
from detente.report.words import (
    figure,
    is_share,
    level,
    listed,
    measure_clause,
    measure_unit,
    path_words,
    percent,
    sentence_case,
)
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
MOST = 15  # inputs drawn; the table holds all
DAGGER = "\N{NO-BREAK SPACE}†"


def _words(situation: Situation, row: Found) -> str:
    return sentence_case(listed(path_words(situation, path) for path in row.get("paths") or [row["path"]]))


def _unique(rows: Sequence[dict[str, Any]]) -> None:
    """Two inputs may read alike: then the path tells them apart."""
    seen = [row["label"] for row in rows]
    for row in rows:
        if seen.count(row["label"]) > 1:
            row["label"] += f"\n({row['path']})"


def moves(found: Found) -> bool:
    """Whether any input moves the measure, by itself or with others."""
    swings = ((row["swing"].get("low"), row["swing"].get("high")) for row in found["inputs"])
    told = any(low is not None and high is not None and low != high for low, high in swings)
    return told or any((row["total"] or {}).get("value") for row in found["inputs"])


def tornado(situation: Situation, found: Found) -> Chart:
    """How far each input alone swings the measure from its base, both ends drawn even where on one side."""
    measure = found["measure"]
    clause, unit = measure_clause(situation, measure), measure_unit(situation, measure)
    title = f"What drives it: {clause}"
    inputs = [
        row for row in found["inputs"] if row["swing"].get("low") is not None and row["swing"].get("high") is not None
    ]
    if not moves(found):
        return nothing("tornado", title, "No uncertain number moves this measure.", unit)
    share, base = is_share(measure), found.get("base")
    most = max(abs(row["swing"]["high"] - row["swing"]["low"]) for row in inputs)

    def told(value: float) -> str:
        return percent(value) if share else figure(value, most or None)

    inputs = sorted(inputs, key=lambda row: -abs(row["swing"]["high"] - row["swing"]["low"]))
    table = [
        {
            "Input": _words(situation, row),
            "At its low end": told(row["swing"]["low"]),
            "At its high end": told(row["swing"]["high"]),
            "Total index": figure(row["total"]["value"], 0.1),
            "Alone": figure(row["first"]["value"], 0.1),
            "Source": "yes" if row["cited"] else "none",
            "Path": row["path"],
        }
        for row in inputs
    ]
    rows = []
    shown = [
        {"label": wrapped(t["Input"] + ("" if row["cited"] else DAGGER), 26), **row}
        for row, t in zip(inputs[:MOST], table, strict=False)
    ]
    _unique(shown)
    for row in shown:
        for end, words in (("low", "low end"), ("high", "high end")):
            to = row["swing"][end]
            rows.append(
                {
                    "label": row["label"],
                    "end": words,
                    "from": base if base is not None else to,
                    "to": to,
                    "told": told(to),
                    "right": base is None or to >= base,
                }
            )
    y = rows_axis([row["label"] for row in shown])
    lane = {"field": "end", "type": "nominal", "sort": ["low end", "high end"]}
    ends = [row["to"] for row in rows] + ([base] if base is not None else [])
    room = 0.2 * ((max(ends) - min(ends)) or 1)
    domain = [min(ends) - room, max(ends) + room]
    x: Spec = {"type": "quantitative", "title": unit, "scale": {"domain": domain, "nice": False, "zero": False}}
    x["axis"] = percent_axis() if share else {"tickCount": 5}
    colour = {
        "field": "end",
        "type": "nominal",
        "title": "input at its",
        "scale": {"domain": ["low end", "high end"], "range": [theme.VERMILLION, theme.BLUE]},
        "legend": {"orient": "top"},
    }
    tooltip = [
        {"field": "label", "title": "Input"},
        {"field": "end", "title": "At its"},
        {"field": "told", "title": "Measure"},
    ]
    layers: list[Spec] = [
        {
            "mark": {"type": "bar"},
            "encoding": {
                "y": y,
                "yOffset": lane,
                "x": x | {"field": "from"},
                "x2": {"field": "to"},
                "color": colour,
                "tooltip": tooltip,
            },
        },
        {
            "mark": {"type": "tick", "thickness": 2, "height": 12},
            "encoding": {"y": y, "yOffset": lane, "x": x | {"field": "to"}, "color": colour, "tooltip": tooltip},
        },
    ]
    for right, align, dx in ((True, "left", 4), (False, "right", -4)):
        layers.append(
            {
                "transform": [{"filter": f"datum.right === {str(right).lower()}"}],
                "mark": {"type": "text", "align": align, "dx": dx, "fontSize": 10},
                "encoding": {"y": y, "yOffset": lane, "x": x | {"field": "to"}, "text": {"field": "told"}},
            }
        )
    if base is not None:
        layers += vertical(base, dash=(1, 0))
    description = f"Swings of how {clause}: " + "; ".join(
        f"{t['Input']} from {t['At its low end']} to {t['At its high end']}" for t in table[:8]
    )
    note = f"The line is the measure as drawn ({told(base)}). " if base is not None else ""
    note += "Each bar: that number alone at the low and at the high end of its range."
    if any(not row["cited"] for row in inputs):
        note += f"{DAGGER} rests on no source."
    if len(inputs) > MOST:
        note += f" The {MOST} largest; the table holds all."
    spec = draw(
        layers,
        description=description,
        right=40,
        height=rows_height([row["label"] for row in shown], 40),
        data=values(rows),
    )
    return Chart("tornado", title, unit, spec, table, description, note)


def indices(situation: Situation, found: Found) -> Chart:
    """First and total Sobol indices with their intervals."""
    title = "Shares of the variance"
    inputs = [row for row in found["inputs"] if (row["total"] or {}).get("value") is not None]
    if not inputs:
        return nothing("indices", title, "The measure does not vary, so no share of its variance can be given.")
    inputs = sorted(inputs, key=lambda row: -row["total"]["value"])
    kinds = (("total", "with interactions"), ("first", "alone"))
    table = [
        {"Input": _words(situation, row)}
        | {
            f"{words[:1].upper()}{words[1:]}": f"{figure(row[kind]['value'], 0.1)} ({figure(row[kind].get('low'), 0.1)} to {figure(row[kind].get('high'), 0.1)})"
            for kind, words in kinds
        }
        | {"Path": row["path"]}
        for row in inputs
    ]
    shown = [
        {"label": wrapped(t["Input"] + ("" if row["cited"] else DAGGER), 26), **row}
        for row, t in zip(inputs[:MOST], table, strict=False)
    ]
    _unique(shown)
    rows = [
        {
            "label": row["label"],
            "kind": words,
            "at": row[kind]["value"],
            "low": row[kind].get("low"),
            "high": row[kind].get("high"),
            "told": figure(row[kind]["value"], 0.1),
        }
        for row in shown
        for kind, words in kinds
        if row[kind].get("value") is not None
    ]
    y = rows_axis([row["label"] for row in shown])
    lane = {"field": "kind", "type": "nominal", "sort": [words for _, words in kinds]}
    colour = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "legend": {"orient": "top"},
        "scale": {"domain": [words for _, words in kinds], "range": [theme.BLUE, theme.VERMILLION]},
    }
    shape = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": [words for _, words in kinds], "range": ["circle", "diamond"]},
    }
    ends = [0.0, *(row[key] for row in rows for key in ("at", "low", "high") if row[key] is not None)]
    room = 0.03 * ((max(ends) - min(ends)) or 1)
    x: Spec = {"type": "quantitative", "title": "share of variance"}
    x["scale"] = {"domain": [min(ends) - room, max(ends) + room], "nice": False}
    span = {"y": y, "yOffset": lane, "x": x | {"field": "low"}, "x2": {"field": "high"}, "color": colour}
    point = {"y": y, "yOffset": lane, "x": x | {"field": "at"}, "color": colour, "shape": shape}
    tooltip = {
        "tooltip": [
            {"field": "label", "title": "Input"},
            {"field": "kind", "title": "Index"},
            {"field": "told", "title": "Value"},
        ]
    }
    layers: list[Spec] = [
        {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": span},
        {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1}, "encoding": point | tooltip},
    ]
    description = "Sobol indices: " + "; ".join(f"{t['Input']} {t['With interactions']}" for t in table[:8])
    note = "Sobol indices with 95 % bootstrap intervals."
    if any(not row["cited"] for row in inputs[:MOST]):
        note += f"{DAGGER} rests on no source."
    spec = draw(
        layers, description=description, height=rows_height([row["label"] for row in shown], 36), data=values(rows)
    )
    return Chart("indices", title, "share of variance", spec, table, description, note)


# --- two scenarios -----------------------------------------------------------------------------------------------


def compare(situation: Situation, found: Found) -> Chart:
    """How often each thing happens in the scenarios compared, on common draws."""
    names = list(found["scenarios"])
    title = f"The answers in {listed(names)}"
    answers = found["answers"]
    table = []
    for measure, answer in answers.items():
        share, difference = is_share(measure), answer["difference"]
        unit = 100 if share else 1
        digits = (
            None
            if difference.get("mean") is None
            else max(10 * unit * (difference["high"] - difference["low"]), abs(unit * difference["mean"]) / 10) or None
        )
        show = percent if share else partial(level, situation, measure, digits=digits)
        change = "–" if difference.get("mean") is None else figure(unit * difference["mean"], digits, sign=True)
        table.append(
            {"Answer": sentence_case(measure_clause(situation, measure))}
            | {name: show(value) for name, value in zip(names, answer["values"], strict=True)}
            | {"Change": change, "": "" if exceeds_noise(answer) else "within noise"}
        )
    shares = {m: a for m, a in answers.items() if is_share(m) and None not in a["values"]}
    description = "; ".join(f"{row['Answer']}: {', '.join(str(row[name]) for name in names)}" for row in table[:8])
    if not shares:
        note = "None of the answers is a share of draws: see the table." if table else "There is no answer to compare."
        return Chart("compare", title, "share of draws", None, table, description, note)
    drawn = []
    for measure, answer in shares.items():
        label = wrapped(sentence_case(measure_clause(situation, measure)), 26) + ("" if exceeds_noise(answer) else " ≈")
        drawn += [
            {"label": label, "scenario": name, "p": p, "told": percent(p)}
            for name, p in zip(names, answer["values"], strict=True)
        ]
    order = list(dict.fromkeys(row["label"] for row in drawn))
    links = [
        {"label": label, "from": min(ps), "to": max(ps)}
        for label in order
        if (ps := [row["p"] for row in drawn if row["label"] == label])
    ]
    y = rows_axis(order)
    x: Spec = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": percent_axis(), "title": "share of draws"}
    n = len(theme.SERIES)
    looks = {"domain": names, "range": [theme.SERIES[i % n] for i in range(len(names))]}
    shapes = {"domain": names, "range": [theme.SHAPES[i % n] for i in range(len(names))]}
    legend = {"orient": "top", "title": None, "columns": 1, "labelLimit": 320}
    tooltip = [
        {"field": "label", "title": "Answer"},
        {"field": "scenario", "title": "In"},
        {"field": "told", "title": "Share of draws"},
    ]
    layers: list[Spec] = [
        {
            "data": values(links),
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.4},
            "encoding": {"y": y, "x": x | {"field": "from"}, "x2": {"field": "to"}},
        },
        {
            "data": values(drawn),
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {
                "y": y,
                "x": x | {"field": "p"},
                "color": {"field": "scenario", "type": "nominal", "scale": looks, "legend": legend},
                "shape": {"field": "scenario", "type": "nominal", "scale": shapes, "legend": legend},
                "tooltip": tooltip,
            },
        },
    ]
    spec = draw(layers, description=description, height=rows_height(order, 36))
    return Chart(
        "compare",
        title,
        "share of draws",
        spec,
        table,
        description,
        "≈: the difference is within noise (95 %, paired draws).",
    )


def contributions(situation: Situation, found: Found, measure: str) -> Chart:
    """How much of a difference each differing input explains."""
    clause, share = measure_clause(situation, measure), is_share(measure)
    name = f"contributions-{measure.replace('.', '-')}"
    title = f"What explains the change: {clause}"
    unit = "points of 100 draws" if share else measure_unit(situation, measure)
    parts = (found.get("contributions") or {}).get(measure) or {}
    if not parts:
        return nothing(name, title, found.get("note") or "No contribution was computed.", unit)
    factor = 100 if share else 1
    order = sorted(parts, key=lambda path: -abs(parts[path]["value"] or 0))
    most = max(factor * abs(parts[path]["value"] or 0) for path in order)
    table = [
        {
            "Input": sentence_case(path_words(situation, path)),
            "Contribution": figure(factor * parts[path]["value"], most or None, sign=True),
            "95 % interval": " to ".join(
                figure(factor * parts[path][end], most or None, sign=True) for end in ("low", "high")
            ),
            "Path": path,
        }
        for path in order
        if parts[path]["value"] is not None
    ]
    rows = [
        {
            "label": wrapped(one["Input"], 26),
            "path": one["Path"],
            "v": factor * parts[one["Path"]]["value"],
            "low": factor * parts[one["Path"]]["low"],
            "high": factor * parts[one["Path"]]["high"],
            "told": one["Contribution"],
        }
        for one in table[:MOST]
    ]
    _unique(rows)
    y = rows_axis([row["label"] for row in rows])
    ends = [0, *(row[end] for row in rows for end in ("low", "high"))]
    room = 0.2 * ((max(ends) - min(ends)) or 1)
    scale = {"domain": [min(ends) - room * (min(ends) < 0), max(ends)], "nice": False}
    x: Spec = {"type": "quantitative", "title": unit, "scale": scale}
    colour = {"condition": {"test": "datum.v >= 0", "value": theme.BLUE}, "value": theme.VERMILLION}
    tooltip = [{"field": "label", "title": "Input"}, {"field": "told", "title": "Contribution"}]
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": {"band": 0.55}},
            "encoding": {"y": y, "x": x | {"field": "v"}, "color": colour, "tooltip": tooltip},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
        *(
            {
                "transform": [{"filter": f"datum.v {side} 0"}],
                "mark": {"type": "text", "align": align, "dx": dx},
                "encoding": {"y": y, "x": x | {"field": end}, "text": {"field": "told"}},
            }
            for side, align, dx, end in ((">=", "left", 6, "high"), ("<", "right", -6, "low"))
        ),
        *vertical(0.0, dash=(1, 0)),
    ]
    description = f"Contributions to the change: {clause}: " + "; ".join(
        f"{t['Input']} {t['Contribution']}" for t in table[:8]
    )
    note = "Shapley values: each input's effect averaged over the orders in which the inputs could change; they add up to the difference."
    spec = draw(
        layers,
        description=description,
        right=56,
        height=rows_height([row["label"] for row in rows], 34),
        data=values(rows),
    )
    return Chart(name, title, unit, spec, table, description, note)
