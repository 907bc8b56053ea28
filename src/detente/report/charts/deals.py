"""Who deals with whom: trades possible and made, who gains and who pays, proposals and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detente.report import theme
from detente.report.charts.chart import (
    Chart,
    Spec,
    draw,
    labels,
    rows_axis,
    rows_height,
    share_axis,
    values,
    vertical,
    wrapped,
)
from detente.report.charts.terms import scale_axis, scale_unit
from detente.report.words import actor_name, figure, issue_name, on_scale, percent
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
MOST = 15  # trades or pairs drawn; the table has them all
WORTH = "points of a scale of 100, times salience"
KINDS = {"own": "Own trades", "inner": "Inner externalities", "outer": "Outer externalities"}
COLORS = {"own": theme.BLUE, "inner": theme.GREEN, "outer": theme.VERMILLION}
TAKEN = {"both": "Both", "initiator_only": "Initiator alone", "receiver_only": "Receiver alone", "neither": "Neither"}
TAKEN_COLORS = dict(zip(TAKEN, (theme.BLUE, theme.GREEN, theme.PURPLE, theme.GREY), strict=True))


def deal_charts(situation: Situation, dealings: Mapping[str, Found] | None) -> list[Chart]:
    """The pictures of every model whose actors deal."""
    found: list[Chart] = []
    for model, told in (dealings or {}).items():
        if told.get("trades"):
            found += [trades(situation, model, told), balance(situation, model, told)]
        if told.get("proposals"):
            found.append(proposals(situation, model, told))
        if told.get("lottery"):
            found += [
                lottery(situation, model, told, issue)
                for issue, spread in told["lottery"]["issues"].items()
                if spread["tenths"]
            ]
    return found


def trades(situation: Situation, model: str, told: Found) -> Chart:
    """Who could trade what with whom: the share of draws in which each trade is possible, and made."""
    rows, table = [], []
    for trade in told["trades"]:
        label = _trade_label(situation, trade)
        rows += [
            {"label": label, "kind": kind, "p": trade[key], "told": percent(trade[key])}
            for kind, key in (("possible", "possible"), ("made", "made"))
        ]
        (a, b), (p, q) = trade["between"], trade["gives_way_on"]
        table.append(
            {
                "First": actor_name(situation, a),
                "gives way on": issue_name(situation, p),
                "Second": actor_name(situation, b),
                "which gives way on": issue_name(situation, q),
                "Possible": percent(trade["possible"]),
                "Made": percent(trade["made"]),
                "First gains": figure(trade["gain"][0]),
                "Second gains": figure(trade["gain"][1]),
                "Worth to others": "; ".join(
                    f"{actor_name(situation, actor)} {figure(value, sign=True)}"
                    for actor, value in trade["others"].items()
                    if value
                ),
            }
        )
    shown = rows[: 2 * MOST]
    order = list(dict.fromkeys(row["label"] for row in shown))
    y = rows_axis(order)
    x = share_axis("share of draws") | {"field": "p"}
    tooltip = [{"field": "label", "title": "Trade"}, {"field": "kind"}, {"field": "told", "title": "Share of draws"}]
    layers: list[Spec] = [
        {
            "data": values(row for row in shown if row["kind"] == "possible"),
            "mark": {"type": "bar", "color": theme.GREY, "opacity": 0.45, "height": 16},
            "encoding": {"y": y, "x": x, "tooltip": tooltip},
        },
        {
            "data": values(row for row in shown if row["kind"] == "made"),
            "mark": {"type": "bar", "color": theme.BLUE, "height": 8},
            "encoding": {"y": y, "x": x, "tooltip": tooltip},
        },
        {
            "data": values(row for row in shown if row["kind"] == "made"),
            "mark": {"type": "text", "align": "left", "dx": 4},
            "encoding": {"y": y, "x": x, "text": {"field": "told"}},
        },
    ]
    description = "; ".join(
        f"{_trade_label(situation, t, ' ')}: possible {percent(t['possible'])}, made {percent(t['made'])}"
        for t in told["trades"][:MOST]
    )
    note = f"Wide bars: draws in which the two could trade; narrow ones, with their figure: in which they do. First round, {told['draws']} draws."
    if len(told["trades"]) > MOST:
        note += f" The {MOST} made most often; all {len(told['trades'])} are in the table."
    spec = draw(layers, description=description, height=rows_height(order, 34), right=48)
    title = f"Who could trade what with whom: {model}"
    return Chart(f"trades-{model}", title, "share of draws", spec, table, description, note)


def _trade_label(situation: Situation, trade: Found, between: str = "\n") -> str:
    sides = zip(trade["between"], trade["gives_way_on"], strict=True)
    lines = [f"{actor_name(situation, a)}: {issue_name(situation, p)}" for a, p in sides]
    return between.join(wrapped(line, 34) if between == "\n" else line for line in lines)


def balance(situation: Situation, model: str, told: Found) -> Chart:
    """Who gains and who pays: what all trades of the first round are worth to each actor."""
    name = labels(situation, told["balance"])
    rows, dots, table = [], [], []
    for actor, worth in told["balance"].items():
        rows += [
            {"label": name[actor], "kind": words, "value": worth[kind]["mean"] or 0.0} for kind, words in KINDS.items()
        ]
        net = worth["net"]
        told_net = f"{figure(net['mean'], sign=True)} ({figure(net['q05'])} to {figure(net['q95'])})"
        dots.append(
            {
                "label": name[actor],
                "net": net["mean"] or 0.0,
                "low": net["q05"] or 0.0,
                "high": net["q95"] or 0.0,
                "told": told_net,
            }
        )
        table.append(
            {"Actor": actor_name(situation, actor)}
            | {words: figure(worth[kind]["mean"], sign=True) for kind, words in KINDS.items()}
            | {"Net (90 % of draws)": told_net, "Draws in which it pays": percent(worth["pays"])}
        )
    order = [str(row["label"]) for row in sorted(dots, key=lambda row: -float(row["net"]))]
    y = rows_axis(order)
    x = {"type": "quantitative", "title": WORTH}
    color = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(KINDS.values()), "range": list(COLORS.values())},
        "legend": {"orient": "top", "columns": 2},
    }
    layers: list[Spec] = [
        {
            "data": values(rows),
            "mark": {"type": "bar", "height": 12, "opacity": 0.85},
            "encoding": {"y": y, "x": x | {"field": "value", "stack": "zero"}, "color": color},
        },
        {
            "data": values(dots),
            "mark": {"type": "rule", "strokeWidth": 2, "yOffset": 11},
            "encoding": {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}},
        },
        {
            "data": values(dots),
            "mark": {"type": "point", "filled": True, "size": 70, "color": theme.INK, "opacity": 1, "yOffset": 11},
            "encoding": {
                "y": y,
                "x": x | {"field": "net"},
                "tooltip": [{"field": "label", "title": "Actor"}, {"field": "told", "title": "Net"}],
            },
        },
        *vertical(0.0, dash=(1, 0), opacity=0.5),
    ]
    description = "; ".join(f"{row['Actor']} net {row['Net (90 % of draws)']}" for row in table)
    note = (
        "Bars: means over draws of what an actor gains by its own trades, and of what the trades of others are worth to "
        "it: inner where one of the two stands on its side of both outcomes, outer where neither does. "
        "Dots and lines under them: the sum, and 90 % of draws."
    )
    spec = draw(layers, description=description, height=rows_height(order, 36))
    return Chart(f"balance-{model}", f"Who gains and who pays: {model}", WORTH, spec, table, description, note)


def proposals(situation: Situation, model: str, told: Found) -> Chart:
    """Who bargains with whom, and what comes of it."""
    rows, table = [], []
    for made in told["proposals"]:
        who, whom = actor_name(situation, made["initiator"]), actor_name(situation, made["receiver"])
        label = f"{wrapped(who, 30)}\nto {wrapped(whom, 30)}"
        rows.append(
            [
                {
                    "label": label,
                    "kind": words,
                    "place": place,
                    "rounds": made["rounds"] * made[key],
                    "told": percent(made[key]),
                }
                for place, (key, words) in enumerate(TAKEN.items())
            ]
        )
        table.append(
            {
                "Initiator": who,
                "Receiver": whom,
                "Draws with a proposal": percent(made["draws"]),
                "Rounds with one": figure(made["rounds"]),
                "Chance to prevail": percent(made["chance"]),
            }
            | {f"Taken by {words.lower()}": percent(made[key]) for key, words in TAKEN.items()}
        )
    shown = [row for pair in rows[:MOST] for row in pair]
    order = list(dict.fromkeys(row["label"] for row in shown))
    unit = "rounds with a proposal, mean over draws"
    color = {
        "field": "kind",
        "type": "nominal",
        "title": "taken by",
        "scale": {"domain": list(TAKEN.values()), "range": list(TAKEN_COLORS.values())},
        "legend": {"orient": "top", "columns": 2},
    }
    layers: Sequence[Spec] = [
        {
            "data": values(shown),
            "mark": {"type": "bar", "height": 14},
            "encoding": {
                "y": rows_axis(order),
                "x": {"field": "rounds", "type": "quantitative", "title": unit, "stack": "zero"},
                "color": color,
                "order": {"field": "place"},
                "tooltip": [
                    {"field": "label", "title": "Proposal"},
                    {"field": "kind", "title": "taken by"},
                    {"field": "told", "title": "of these proposals"},
                ],
            },
        }
    ]
    description = "; ".join(
        f"{row['Initiator']} to {row['Receiver']}: {row['Rounds with one']} rounds, taken by both {row['Taken by both']}"
        for row in table[:MOST]
    )
    note = f"Each side decides for itself, so that one may move by a proposal that the other leaves. {told['draws']} draws."
    if len(rows) > MOST:
        note += f" The {MOST} most frequent pairs; all {len(rows)} are in the table."
    spec = draw(layers, description=description, height=rows_height(order, 34))
    title = f"Who bargains with whom, and what comes of it: {model}"
    return Chart(f"proposals-{model}", title, unit, spec, table, description, note)


def lottery(situation: Situation, model: str, told: Found, issue: str) -> Chart:
    """Where the outcome of a model falls that leaves it to chance among the final positions."""
    spread = told["lottery"]["issues"][issue]
    low, high = situation.scales[issue]
    step = (high - low) / len(spread["tenths"])
    rows = [
        {"from": low + t * step, "to": low + (t + 1) * step, "p": p, "told": percent(p)}
        for t, p in enumerate(spread["tenths"])
    ]
    x, unit = scale_axis(situation, issue), "share of draws and positions"
    y = {"field": "p", "type": "quantitative", "title": unit, "axis": {"format": ".0%"}}
    layers: list[Spec] = [
        {
            "data": values(rows),
            "mark": {"type": "bar", "color": theme.BLUE, "opacity": 0.85},
            "encoding": {
                "x": x | {"field": "from", "bin": {"binned": True, "step": step}},
                "x2": {"field": "to"},
                "y": y,
                "tooltip": [{"field": "from"}, {"field": "to"}, {"field": "told", "title": "share"}],
            },
        },
        *vertical(spread["q50"], label=f"median {on_scale(situation, issue, spread['q50'])}"),
    ]
    table = [
        {
            "From": on_scale(situation, issue, row["from"]),
            "To": on_scale(situation, issue, row["to"]),
            "Share": row["told"],
        }
        for row in rows
    ]
    ends = f"{on_scale(situation, issue, spread['q05'])} to {on_scale(situation, issue, spread['q95'])}"
    description = f"Half of the outcomes lie below {on_scale(situation, issue, spread['q50'])}, 90 % from {ends}"
    note = "Over all draws, each final position counted with its chance in the election that weighs them."
    title = f"Where the outcome on {issue_name(situation, issue)} falls: {model}"
    spec = draw(layers, description=description, height=200)
    return Chart(f"lottery-{model}-{issue}", title, scale_unit(situation, issue), spec, table, description, note)
