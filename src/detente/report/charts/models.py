"""The models side by side on an issue's scale: what each makes of the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.report import theme
from detente.report.charts.chart import Chart, Spec, draw, nothing, rows_axis, rows_height, values, wrapped
from detente.report.charts.terms import anchors, scale_axis, scale_note, scale_unit
from detente.report.spans import same_in_every_draw
from detente.report.words import issue_name, on_scale
from detente.scenario.situation import Situation

Found = Mapping[str, Any]


def models(situation: Situation, run: Found, issue: str) -> Chart:
    """A strip a model: its median, and the middle 50 and 90 of 100 draws."""
    central = bool(run.get("central")) or same_in_every_draw(run)
    name, title = f"models-{issue}", f"The models side by side on {issue_name(situation, issue)}"
    found = {m: (issues or {}).get(issue) for m, issues in (run.get("outcomes") or {}).items()}
    told = {m: value for m, value in found.items() if value and value.get("q50") is not None}
    if not told:
        return nothing(name, title, f"No model settles {issue_name(situation, issue)}.")
    rows, table = [], []
    for model, value in told.items():
        spread = None if central else value["q95"] - value["q05"]
        at = {q: on_scale(situation, issue, value[q], spread) for q in ("q05", "q25", "q50", "q75", "q95")}
        half, most = f"{at['q25']} to {at['q75']}", f"{at['q05']} to {at['q95']}"
        words = at["q50"] if central else f"{at['q50']} (half of the draws {half}; 90 % {most})"
        rows.append({"label": wrapped(model), "model": model, "told": words, **{q: value[q] for q in at}})
        table.append(
            {"Model": model, "Median": at["q50"]} | ({} if central else {"50 % of draws": half, "90 % of draws": most})
        )
    order = [row["label"] for row in rows]
    x, y = scale_axis(situation, issue), rows_axis(order)
    tooltip = [{"field": "model", "title": "Model"}, {"field": "told", "title": "Settles at"}]
    layers: list[Spec] = anchors(situation, issue)
    if not central:
        for low, high, width, opacity in (("q05", "q95", 2, 0.9), ("q25", "q75", 9, 0.75)):
            mark = {"type": "rule", "strokeWidth": width, "color": theme.VERMILLION, "opacity": opacity}
            encoding = {"y": y, "x": x | {"field": low}, "x2": {"field": high}, "tooltip": tooltip}
            layers.append({"data": values(rows), "mark": mark, "encoding": encoding})
    mark = {"type": "tick", "thickness": 3, "size": 18, "color": theme.INK, "opacity": 1}
    layers.append(
        {"data": values(rows), "mark": mark, "encoding": {"y": y, "x": x | {"field": "q50"}, "tooltip": tooltip}}
    )
    description = "; ".join(f"{row['model']} at {row['told']}" for row in rows)
    note = (
        "Upright lines: where a model settles. "
        if central
        else (
            "Upright lines: medians; thick bars: half of the draws; thin ones: 90 %. All models take the same draws. "
        )
    )
    spec = draw(layers, description=description, height=rows_height(order, 25))
    return Chart(
        name, title, scale_unit(situation, issue), spec, table, description, note + scale_note(situation, issue)
    )
