"""Who comes, and why: the seats and a party's calculation."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from detente.report import theme
from detente.report.charts.chart import (
    Chart,
    Spec,
    draw,
    labels,
    nothing,
    rows_axis,
    rows_height,
    share_axis,
    values,
    vertical,
    wrapped,
)
from detente.report.sentences import leaves_out, required_of
from detente.report.words import actor_name, figure, issue_name, percent, term_label
from detente.scenario.situation import Situation

Found = Mapping[str, Any]


BAR, BESIDE = 16, 14  # pixels: a bar's height, and from one line of words beside it to the next
LINE_WIDTH = 40  # characters of a line beside a bar
ROOM = 0.55  # of a waterfall's width, kept free for figures before their bars: 47 of the 133 pixels on a telephone


def seats(situation: Situation, run: Found, cheapest: Mapping[str, str] | None = None) -> Chart:
    """Who comes: a bar a party with its interval, and beside it what pulls most, and its cheapest single lever.

    `cheapest` says of a party in short words which single lever tips it ("reaches 50 % with Guarantee at 0.25").
    """
    title = "Who comes to the table"
    talks = run.get("talks")
    if not talks or not talks["parties"]:
        return nothing("seats", title, "The scenario has no talks, so there are no seats to fill.")
    required = required_of(situation, talks)
    order = [*required, *(a for a in talks["parties"] if a not in required)]
    name = labels(situation, order)
    central = bool(run.get("central"))
    rows, table = [], []
    for actor in order:
        party = talks["parties"][actor]
        comes, needed = party["comes"], actor in required
        label = name[actor] + ("" if needed else " *")
        told = ("comes" if comes["p"] else "stays away") if central else percent(comes["p"])
        interval = "" if central else f"{percent(comes['low'])} to {percent(comes['high'])}"
        rows.append({"label": label, **comes, "told": told, "needed": "yes" if needed else "no", "interval": interval})
        row = {
            "Party": actor_name(situation, actor),
            "Required": "yes" if needed else "no",
            "Comes": told,
            "95 % interval": interval,
            "Margin (share of the stakes)": figure(party["margin"]["mean"], 0.01, sign=True),
        }
        row |= {
            term_label(situation, term): figure(value["mean"], 0.01, sign=True)
            for term, value in party["terms"].items()
        }
        if cheapest:
            row["Cheapest single lever"] = cheapest.get(actor, "")
        beside = [*_pulls(situation, party["terms"]), *textwrap.wrap((cheapest or {}).get(actor, ""), LINE_WIDTH)]
        rows[-1]["beside"] = "\n".join(beside)
        table.append({key: value for key, value in row.items() if value != "" or key != "95 % interval"})
    description = "Bars: " + "; ".join(
        f"{actor_name(situation, a)} {r['told']}" for a, r in zip(order, rows, strict=True)
    )
    most = max(row["beside"].count("\n") + 1 for row in rows)
    lift = -BESIDE * most / 2  # the bar stands above the words, both in the middle of the row
    y = rows_axis([row["label"] for row in rows])
    y["axis"] |= {"labelOffset": lift}  # the first line of the name beside the bar
    shares = share_axis("share of draws")
    # No line of the grid runs through the words, and the half is marked at the bars alone.
    x = {"field": "p", **shares, "axis": shares["axis"] | {"grid": False}}
    bars: Spec = {
        "mark": {"type": "bar", "height": BAR, "yOffset": lift, "stroke": theme.BLUE, "strokeWidth": 1.5},
        "encoding": {
            "y": y,
            "x": x,
            "fill": {"value": theme.BLUE},
            "fillOpacity": {"condition": {"test": "datum.needed === 'yes'", "value": 1}, "value": 0.15},
            "tooltip": [
                {"field": "label", "title": "Party"},
                {"field": "told", "title": "Comes"},
                {"field": "interval", "title": "95 % interval"},
                {"field": "needed", "title": "Required"},
                {"field": "beside", "title": "Why"},
            ],
        },
    }
    whisker: Spec = {
        "mark": {"type": "rule", "strokeWidth": 2, "yOffset": lift},
        "encoding": {"y": y, "x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
    }
    half: Spec = {
        "mark": {"type": "tick", "color": theme.INK, "size": BAR + 4, "thickness": 1, "opacity": 0.7, "yOffset": lift},
        "encoding": {"y": y, "x": {"datum": 0.5, "type": "quantitative"}},
    }
    text: Spec = {
        "mark": {"type": "text", "align": "left", "dx": 7, "dy": lift},
        "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "told"}},
    }
    words: Spec = {
        "mark": {"type": "text", "align": "left", "baseline": "top", "fontSize": 11, "lineHeight": BESIDE}
        | {"dx": 2, "dy": lift + BAR / 2 + 4},
        "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "beside"}},
    }
    layers: list[Spec] = [bars, half, *([] if central else [whisker]), text, words]
    note = "Beneath each bar: the term that pulls most towards the table and most away, in shares of the stakes"
    note += ", and the single lever that tips the party with the smallest change" if cheapest else ""
    note += ". The line across a bar marks the half. "
    note += "Filled: required at the table. * and hollow: not required, talks can convene without it."
    return Chart(
        "seats",
        title,
        "share of draws",
        draw(
            layers,
            description=description,
            right=4,
            height=rows_height([row["label"] for row in rows], BAR + BESIDE * most + 16),
            data=values(rows),
        ),
        table,
        description,
        note if len(order) > len(required) else note.partition(" Filled")[0],
    )


def _pulls(situation: Situation, terms: Mapping[str, Found]) -> list[str]:
    """The term that pulls a party most towards the table, and the one that pulls it most away."""
    means = {term: value["mean"] for term, value in terms.items() if value["mean"]}
    ends = (("for", max(means, key=means.__getitem__)), ("against", min(means, key=means.__getitem__))) if means else ()
    return [
        f"{way}: {term_label(situation, term)} {figure(means[term], 0.01, sign=True)}"
        for way, term in ends
        if (means[term] > 0) == (way == "for")
    ]


def calculation(situation: Situation, explain: Found) -> Chart:
    """A party's margin as a waterfall of its terms."""
    actor = explain["actor"]
    who = actor_name(situation, actor)
    title = f"The calculation of {who}"
    terms = [row for row in explain["terms"] if row["mean"] is not None]
    if not terms:
        return nothing(f"calculation-{actor}", title, f"{who} has no terms to weigh.", "share of the stakes")
    size = sum(abs(row["mean"]) for row in terms) / 3 or 0.1
    rows, at = [], 0.0
    for row in (row for row in terms if row["mean"] != 0):
        rows.append(_step(wrapped(term_label(situation, row["term"]), 20), at, at + row["mean"], row["mean"], size))
        at += row["mean"]
    margin = explain["margin"]["mean"]
    total = _step("Margin", 0.0, margin, margin, size)
    rows.append(total | {"way": "comes" if margin >= 0 else "stays away"})
    table = [
        {
            "Term": term_label(situation, row["term"]),
            "Mean": figure(row["mean"], size, sign=True),
            **({} if explain.get("central") else {"90 % of draws": _ends(row, size)}),
            "Sources": ", ".join(row.get("sources") or []) or "none",
        }
        for row in terms
    ]
    table.append({"Term": "Margin", "Mean": figure(margin, size, sign=True)})
    if not explain.get("central"):
        table[-1]["90 % of draws"] = _ends(explain["margin"], size)
    description = f"Terms of the margin of {who}, in shares of the stakes: " + "; ".join(
        f"{row['label']} {row['told']}".replace("\n", " ") for row in rows
    )
    y = rows_axis([row["label"] for row in rows])
    x = {
        "field": "start",
        "type": "quantitative",
        "title": "share of the stakes",
        "axis": {"tickCount": 5},
    }
    inside = [row["most"] <= 0 for row in rows]
    ends = [0.0, *(row[end] for row in rows for end in ("least", "most"))]
    if any(inside):  # room for the figures that stand to the left of their bars
        room = ROOM * (max(ends) - min(ends))
        x["scale"] = {"domain": [min(ends) - room, max(ends)], "nice": False}
    ways = {"towards": theme.BLUE, "against": theme.VERMILLION, "comes": theme.GREY, "stays away": theme.GREY}
    bars: Spec = {
        "mark": {"type": "bar", "height": {"band": 0.62}},
        "encoding": {
            "y": y,
            "x": x,
            "x2": {"field": "end"},
            "color": {
                "field": "way",
                "type": "nominal",
                "scale": {"domain": [*ways], "range": [*ways.values()]},
                "legend": None,
            },
            "tooltip": [
                {"field": "label", "title": "Term"},
                {"field": "told", "title": "Mean"},
                {"field": "way", "title": "Pulls"},
            ],
        },
    }
    # Left of zero a figure stands before its bar: the line at zero would run through it behind.
    texts: list[Spec] = [
        {
            "transform": [{"filter": f"datum.most {'<=' if before else '>'} 0"}],
            "mark": {"type": "text", "align": "right" if before else "left", "dx": -5 if before else 5},
            "encoding": {"y": y, "x": {"field": end, "type": "quantitative"}, "text": {"field": "told"}},
        }
        for before, end in ((True, "least"), (False, "most"))
        if before in inside
    ]
    return Chart(
        f"calculation-{actor}",
        title,
        "share of the stakes",
        draw(
            [bars, *vertical(0.0, dash=(1, 0)), *texts],
            description=description,
            right=56,
            height=rows_height([row["label"] for row in rows], 32),
            data=values(rows),
        ),
        table,
        description,
        "Each bar starts where the one above it ends; + pulls towards the table, − away from it. "
        "The party comes in a draw where the margin is not below zero; shown are means over draws.",
    )


def _step(label: str, start: float, end: float, value: float, size: float) -> dict[str, Any]:
    told = figure(value, size, sign=True)
    way = "towards" if value >= 0 else "against"
    return {
        "label": label,
        "start": start,
        "end": end,
        "least": min(start, end),
        "most": max(start, end),
        "told": told,
        "way": way,
    }


def _ends(row: Found, size: float) -> str:
    if row.get("q05") is None or row.get("q95") is None:
        return ""
    return f"{figure(row['q05'], size, sign=True)} to {figure(row['q95'], size, sign=True)}"


def invitations(situation: Situation, found: Found) -> Chart:
    """Whom to invite: how often talks convene with each actor added or dropped."""
    title = "Whom to invite"
    tables: Sequence[Found] = found["tables"]
    if len(tables) < 2:
        return nothing("invitations", title, "There is nobody to add to or drop from the table.")
    base = next(one for one in tables if one["actor"] is None)
    rows = []
    for one in tables:
        verb = one["change"].partition(" ")[0]
        words = "as it is" if one["actor"] is None else f"{verb} {actor_name(situation, one['actor'])}"
        words += " (belligerent)" if leaves_out(one, base) else ""
        told = percent(one["convene"]["p"])
        rows.append({"label": wrapped(words), **one["convene"], "told": told, "now": one["actor"] is None})
    y = rows_axis([row["label"] for row in rows])
    bars: Spec = {
        "mark": {"type": "bar", "height": {"band": 0.6}},
        "encoding": {
            "y": y,
            "x": {"field": "p", **share_axis("share of draws")},
            "color": {"condition": {"test": "datum.now", "value": theme.GREY}, "value": theme.BLUE},
            "tooltip": [{"field": "label", "title": "Table"}, {"field": "told", "title": "Convene"}],
        },
    }
    text: Spec = {
        "mark": {"type": "text", "align": "left", "dx": 7},
        "encoding": {"y": y, "x": {"field": "high", "type": "quantitative"}, "text": {"field": "told"}},
    }
    table = [
        {
            "Table": row["label"].replace("\n", " "),
            "Convene": percent(one["convene"]["p"]),
            "Difference (points)": figure(100 * one["difference"], 10, sign=True),
            "Ripe": percent(one["ripe"]),
            **{f"No range: {issue_name(situation, issue)}": percent(p) for issue, p in one["range_empty"].items()},
        }
        for row, one in zip(rows, tables, strict=True)
    ]
    description = "How often talks convene: " + "; ".join(f"{r['Table']} {r['Convene']}" for r in table)
    spec = draw(
        [bars, text],
        description=description,
        right=56,
        height=rows_height([row["label"] for row in rows], 28),
        data=values(rows),
    )
    note = "A meeting that leaves out a belligerent cannot end that party's war: those rows, last, are no advice."
    last = any(leaves_out(one, base) for one in tables)
    return Chart("invitations", title, "share of draws", spec, table, description, note if last else "")
