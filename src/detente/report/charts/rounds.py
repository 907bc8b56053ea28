"""How the talks go: how long they last, how they end and who walks out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.report import theme
from detente.report.charts.chart import (
    Chart,
    Spec,
    draw,
    labels,
    nothing,
    percent_axis,
    rows_axis,
    rows_height,
    share_axis,
    spaced,
    values,
)
from detente.report.words import actor_name, percent
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
LOOKS = {
    "Still talking": (theme.BLUE, [1, 0]),
    "Collapsed": (theme.VERMILLION, [6, 3]),
    "Agreed": (theme.GREEN, [2, 2]),
}


def talks(situation: Situation, run: Found) -> Chart:
    """The survival curve of the talks, with collapse and agreement by month."""
    title = "How the talks go, month by month"
    rounds = run.get("rounds")
    if not rounds or not rounds.get("collapsed_by_month"):
        return nothing(
            "talks", title, "No talks are played: the scenario has none, or fewer than two required parties."
        )
    collapsed = [0.0, *rounds["collapsed_by_month"]]
    months = range(len(collapsed))
    series = {"Collapsed": collapsed}
    agreed = rounds.get("agreed_by_month")
    if agreed:
        series["Agreed"] = [0.0, *agreed]
        series["Still talking"] = [max(0.0, 1 - c - a) for c, a in zip(collapsed, series["Agreed"], strict=True)]
    last = len(collapsed) - 1
    x: Spec = {
        "field": "month",
        "type": "quantitative",
        "title": "month of the talks",
        "scale": {"domain": [0, last], "nice": False},
    }
    x["axis"] = {"values": list(range(0, last + 1, max(1, round(last / 8)))), "format": "d"}
    y: Spec = {
        "field": "p",
        "type": "quantitative",
        "title": "share of draws",
        "scale": {"domain": [0, 1]},
        "axis": percent_axis(),
    }
    beside = spaced([path[-1] for path in series.values()], 0.08)
    layers: list[Spec] = []
    tooltip = [
        {"field": "month", "title": "Month"},
        {"field": "words", "title": "Talks"},
        {"field": "told", "title": "Share of draws"},
    ]
    for (words, path), place in zip(series.items(), beside, strict=True):
        color, dash = LOOKS[words]
        rows = [{"month": m, "p": p, "words": words, "told": percent(p)} for m, p in zip(months, path, strict=True)]
        line = {"type": "line", "interpolate": "step-after", "color": color, "strokeDash": dash, "strokeWidth": 2.5}
        layers.append({"data": values(rows), "mark": line, "encoding": {"x": x, "y": y}})
        layers.append(
            {
                "data": values(rows),
                "mark": {"type": "point", "opacity": 0, "size": 80},
                "encoding": {"x": x, "y": y, "tooltip": tooltip},
            }
        )
        name = _name(words, list(series.values()), path, place)
        text = {"type": "text", "align": name.pop("align"), "dx": name.pop("dx"), "dy": -8}
        encoding = {"x": x, "y": y, "text": {"field": "words"}}
        layers.append({"data": values([name]), "mark": text, "encoding": encoding})
    table = [{"Month": m, **{words: percent(path[m]) for words, path in series.items()}} for m in months if m]
    description = f"By month {last}: " + ", ".join(
        f"{words.lower()} {percent(path[-1])}" for words, path in series.items()
    )
    note = "Over all draws, as if the required parties had sat down in each."
    return Chart(
        "talks", title, "share of draws", draw(layers, description=description, height=280), table, description, note
    )


def _name(words: str, series: list[list[float]], path: list[float], place: float) -> dict[str, Any]:
    """A line's name and where it stands: a rising line's over its end, a falling one's where the others are far."""
    if path[-1] >= path[0]:
        return {"month": len(path) - 1, "p": place, "words": f"{words} {percent(path[-1])}", "align": "right", "dx": 0}
    others = [one for one in series if one is not path]
    early = range(1, max(2, 2 * len(path) // 3))
    month = max(early, key=lambda m: min(abs(path[m] - other[m]) for other in others))
    return {"month": month, "p": path[month], "words": words, "align": "left", "dx": 6}


def walkouts(situation: Situation, run: Found) -> Chart:
    """Who walks out of the talks."""
    title = "Who walks out"
    rounds = run.get("rounds") or {}
    given = rounds.get("given_convened")
    walked = (given or rounds).get("walked_out") or {}
    over = "draws in which talks convene" if given else "draws"
    if not any(share["p"] for share in walked.values()):
        return nothing("walkouts", title, "Nobody walks out of the talks.")
    name = labels(situation, walked)
    rows = [{"label": name[a], **share, "told": percent(share["p"])} for a, share in walked.items()]
    table = [{"Party": actor_name(situation, a), "Walks out": percent(share["p"])} for a, share in walked.items()]
    y = rows_axis([row["label"] for row in rows])
    x = {"field": "p", **share_axis(f"share of {over}")}
    bars: Spec = {
        "mark": {"type": "bar", "color": theme.VERMILLION, "height": {"band": 0.6}},
        "encoding": {"y": y, "x": x},
    }
    text: Spec = {
        "mark": {"type": "text", "align": "left", "dx": 7},
        "encoding": {"y": y, "x": x, "text": {"field": "told"}},
    }
    description = f"Share of {over} in which each walks out: " + "; ".join(
        f"{r['Party']} {r['Walks out']}" for r in table
    )
    note = "Several may walk out in the same month, so the shares can add up to more than the collapses."
    spec = draw(
        [bars, text],
        description=description,
        right=56,
        height=rows_height([row["label"] for row in rows], 34),
        data=values(rows),
    )
    return Chart("walkouts", title, f"share of {over}", spec, table, description, note)
