"""On what terms: positions and outcomes on an issue's scale, the bargaining range, positions by round."""

from __future__ import annotations

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
    spaced,
    values,
    vertical,
    wrapped,
)
from detente.report.sentences import required_of
from detente.report.spans import span_at
from detente.report.words import actor_name, figure, issue_name, on_scale, percent, quantity_words, sentence_case
from detente.scenario.situation import Situation

Found = Mapping[str, Any]
ANCHOR_WIDTH = 12  # characters in a line of an anchor's label
MOST_ANCHORS = 6
NARROW = 480  # pixels of a page below which the labels above a scale are hidden; a file of its own has no page
WIDE = f"!(containerSize()[0] < {NARROW})"
LABELS = 164  # pixels beside a line chart for the names of its lines
LETTERS = 26  # of a name in one line beside a line chart


def scale_unit(situation: Situation, issue: str) -> str:
    """The unit of an issue's scale, in words."""
    low, high = situation.scales[issue]
    return f"position, {low:g} to {high:g}"


def scale_axis(situation: Situation, issue: str) -> Spec:
    """The horizontal axis of an issue."""
    low, high = situation.scales[issue]
    return {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "title": scale_unit(situation, issue),
    }


def anchors(situation: Situation, issue: str) -> list[Spec]:
    """The scale's own labels, above the picture, each with a faint line down."""
    low, high = situation.scales[issue]
    found = sorted((float(at), str(label)) for at, label in (situation.anchors.get(issue) or {}).items())
    layers: list[Spec] = []
    for at, label in found[:MOST_ANCHORS]:
        place = (at - low) / (high - low) if high > low else 0.0
        align = "left" if place < 0.1 else "right" if place > 0.9 else "center"
        words = wrapped(label, ANCHOR_WIDTH)
        data = values([{"at": at, "words": words}])
        x = {"field": "at", "type": "quantitative"}
        layers.append(
            {"data": data, "mark": {"type": "rule", "opacity": 0.25, "strokeDash": [2, 2]}, "encoding": {"x": x}}
        )
        mark = {"type": "text", "y": -6 - 12 * words.count("\n"), "baseline": "bottom"}
        # On a narrow screen the labels would run into each other; the note under the picture has them too.
        mark |= {"align": align, "fontSize": 10.5, "lineHeight": 12, "opacity": {"expr": f"{WIDE} ? 1 : 0"}}
        mark["y"] = {"expr": f"{WIDE} ? {mark['y']} : 60"}  # what is hidden keeps no room above the picture
        layers.append({"data": data, "mark": mark, "encoding": {"x": x, "text": {"field": "words"}}})
    return layers


def scale_note(situation: Situation, issue: str) -> str:
    """The scale's labels, one after the other."""
    found = sorted((float(at), str(label)) for at, label in (situation.anchors.get(issue) or {}).items())
    return "The scale: " + "; ".join(f"{at:g} {label}" for at, label in found) + "." if found else ""


def settlement(situation: Situation, run: Found, issue: str) -> Chart:
    """Positions, saliences and strengths on the issue's scale, and under them what each model settles on."""
    central = bool(run.get("central"))
    title = f"What is settled on “{issue_name(situation, issue)}”"
    stances, table = _stances(situation, issue, central)
    outcomes, more = _outcomes(situation, run, issue, central)
    table += more
    if not table:
        return nothing(f"settlement-{issue}", title, f"Nobody has a position on {issue_name(situation, issue)}.")
    order = [row["label"] for row in [*stances, *outcomes]]
    y = rows_axis(order)
    y["axis"] |= {"labelPadding": 18}  # beside a large circle at the scale's end
    x = scale_axis(situation, issue)
    tooltip = [
        {"field": "words", "title": "Row"},
        {"field": "told", "title": "Position"},
        {"field": "weight", "title": "Salience and capability"},
    ]
    middle = span_at(situation, f"issues.{issue}.status_quo")
    layers = anchors(situation, issue)
    if middle:
        layers += vertical(middle[1], dash=(6, 2), opacity=0.8)
    spans = [row for row in [*stances, *outcomes] if row["low"] is not None and row["high"] > row["low"]]
    if spans:
        span = {"y": y, "x": x | {"field": "low"}, "x2": {"field": "high"}}
        layers.append(
            {"data": values(spans), "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.45}, "encoding": span}
        )
    if stances:
        size = {"field": "say", "type": "quantitative", "scale": {"range": [40, 500], "domainMin": 0}, "legend": None}
        point = {"type": "point", "filled": True, "color": theme.BLUE, "opacity": 0.9}
        layers.append(
            {
                "data": values(stances),
                "mark": point,
                "encoding": {"y": y, "x": x | {"field": "at"}, "size": size, "tooltip": tooltip},
            }
        )
    if outcomes:
        point = {
            "type": "point",
            "shape": "diamond",
            "filled": True,
            "size": 150,
            "color": theme.VERMILLION,
            "opacity": 1,
        }
        layers.append(
            {
                "data": values(outcomes),
                "mark": point,
                "encoding": {"y": y, "x": x | {"field": "at"}, "tooltip": tooltip[:2]},
            }
        )
    description = "; ".join(f"{row['Who or which model']} at {row['Position']}" for row in table)
    note = "Circles: positions, their area capability times salience, their bar the range in the file. "
    varied = any(row["low"] is not None and row["high"] > row["low"] for row in outcomes)
    note += "Diamonds: outcomes" + (", medians of the draws, their bar 90 % of them. " if varied else ". ")
    note += "Heavy dashes: the status quo. " if middle else ""
    note += scale_note(situation, issue)
    spec = draw(layers, description=description, height=rows_height(order, 27))
    return Chart(f"settlement-{issue}", title, scale_unit(situation, issue), spec, table, description, note)


def _stances(situation: Situation, issue: str, central: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    actors = [a for a in situation.actors if f"stances.{a}.{issue}.position" in situation.numbers]
    name = labels(situation, actors)
    rows, table = [], []
    for actor in actors:
        place = span_at(situation, f"stances.{actor}.{issue}.position")
        salience = span_at(situation, f"stances.{actor}.{issue}.salience")
        capability = span_at(situation, f"actors.{actor}.capability")
        s, c = (salience or (0, 0, 0))[1], (capability or (0, 0, 0))[1]
        written = quantity_words(situation.numbers[f"stances.{actor}.{issue}.position"].quantity)
        table.append(
            {
                "Who or which model": actor_name(situation, actor),
                "Position": written,
                "Salience": figure(s, 0.1) if salience else "moves with another number",
                "Capability": figure(c) if capability else "moves with another number",
            }
        )
        if place:
            rows.append(
                {
                    "label": name[actor],
                    "words": actor_name(situation, actor),
                    "low": None if central else place[0],
                    "at": place[1],
                    "high": place[2],
                    "say": s * c,
                    "told": written,
                    "weight": f"{figure(s, 0.1)} and {figure(c)}",
                }
            )
    rows.sort(key=lambda row: float(row["at"] or 0))
    return rows, table


def _outcomes(
    situation: Situation, run: Found, issue: str, central: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    found = {f"{model} (model)": (issues or {}).get(issue) for model, issues in (run.get("outcomes") or {}).items()}
    talks = run.get("talks")
    if talks:
        found["expected by the parties"] = talks["settlement"].get(issue)
    rows, table = [], []
    for label, value in found.items():
        if not value or value.get("mean") is None:
            continue
        ends = None if central or value.get("q05") is None else (value["q05"], value["q95"])
        spread = ends[1] - ends[0] if ends else None
        middle = value["mean"] if value.get("q50") is None else value["q50"]
        told = on_scale(situation, issue, middle, spread)
        if ends and spread:
            told += f" ({' to '.join(on_scale(situation, issue, end, spread) for end in ends)})"
        rows.append(
            {
                "label": wrapped(label),
                "words": label,
                "at": middle,
                "low": ends and ends[0],
                "high": ends and ends[1],
                "told": told,
            }
        )
        table.append({"Who or which model": label, "Position": told})
    return rows, table


# --- the bargaining range ----------------------------------------------------------------------------------------


def bargaining_range(situation: Situation, run: Found, issue: str) -> Chart:
    """What the required parties could sign on an issue: the overlap, or the gap and between whom.

    Where the result gives what each party ``accepts`` (median ends over draws), its reservation point is drawn.
    """
    name, title = f"range-{issue}", f"What could be signed on “{issue_name(situation, issue)}”"
    talks = run.get("talks")
    if not talks or issue not in talks["bargaining_range"]:
        return nothing(name, title, "The scenario has no talks, so there is no bargaining range.")
    found = talks["bargaining_range"][issue]
    required = required_of(situation, talks)
    central = bool(run.get("central"))
    rows, table = _acceptable(situation, issue, found, required)
    low, high = found["low"], found["high"]
    unit = scale_unit(situation, issue)
    empty = found["p_empty"] or 0
    if low["q50"] is not None and high["q50"] is not None and not (central and empty):
        words = (
            "all could sign"
            if central
            else f"all could sign, where there is such a thing (in {percent(1 - empty)} of draws)"
        )
        told = f"{on_scale(situation, issue, low['q50'])} to {on_scale(situation, issue, high['q50'])}"
        row = {"label": wrapped(words), "from": low["q50"], "to": high["q50"], "told": told, "way": "all"}
        rows.append(row | ({} if central else {"least": low["q05"], "most": high["q95"]}))
        table.append({"Who": words, "Could sign": told})
    why = []
    for pair in sorted(found.get("p_gap") or [], key=lambda gap: -(gap["p"] or 0)):
        if pair["p"]:
            a, b = (actor_name(situation, party) for party in pair["between"])
            apart = (
                "" if pair.get("distance") is None else f", {on_scale(situation, issue, pair['distance'])} points apart"
            )
            why.append(
                {"Who": f"{a} and {b}", "Could sign": f"demands do not meet in {percent(pair['p'])} of draws{apart}"}
            )
    for actor, p in (found.get("p_unmeetable") or {}).items():
        if p:
            why.append(
                {"Who": actor_name(situation, actor), "Could sign": f"nothing on this issue in {percent(p)} of draws"}
            )
    table += why
    if not rows:
        return Chart(
            name, title, unit, None, table, title, f"Nothing on {issue_name(situation, issue)} could be signed by all."
        )
    y, x = rows_axis([row["label"] for row in rows]), scale_axis(situation, issue)
    colour = {
        "field": "way",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["party", "all"], "range": [theme.BLUE, theme.GREEN]},
    }
    tooltip = [{"field": "label", "title": "Who"}, {"field": "told", "title": "Could sign"}]
    layers = anchors(situation, issue)
    wide = [row for row in rows if row.get("least") is not None]
    if wide:
        ends = {"y": y, "x": x | {"field": "least"}, "x2": {"field": "most"}}
        layers.append({"data": values(wide), "mark": {"type": "rule", "strokeWidth": 2}, "encoding": ends})
    spans: Spec = {"y": y, "x": x | {"field": "from"}, "x2": {"field": "to"}, "color": colour, "tooltip": tooltip}
    layers.append({"data": values(rows), "mark": {"type": "bar", "height": 12, "opacity": 0.9}, "encoding": spans})
    points = [row for row in rows if row.get("ideal") is not None]
    if points:
        mark = {
            "type": "point",
            "filled": True,
            "size": 110,
            "color": theme.BLUE,
            "stroke": theme.INK,
            "strokeWidth": 1.5,
            "opacity": 1,
        }
        layers.append(
            {
                "data": values(points),
                "mark": mark,
                "encoding": {"y": y, "x": x | {"field": "ideal"}, "tooltip": tooltip},
            }
        )
    description = f"{title}: " + "; ".join(f"{row['Who']}: {row['Could sign']}" for row in table)
    note = (
        "Point: what the party wants; bar: what it would still sign; green: what all could."
        if any(r["way"] == "party" and r["from"] != r["to"] for r in rows)
        else "Point: what the party wants; green: what all could sign."
    )
    if wide:
        note += " Bars reach from median to median, the thin line from the 5 % to the 95 % quantile."
    note += _anything(situation, issue, rows) + " " + scale_note(situation, issue)
    return Chart(
        name,
        title,
        unit,
        draw(layers, description=description, height=rows_height([row["label"] for row in rows], 36)),
        table,
        description,
        note,
    )


def _anything(situation: Situation, issue: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Which number makes a party accept the whole of a scale, where one does."""
    low, high = situation.scales[issue]
    found = [row["actor"] for row in rows if row.get("actor") and row["from"] <= low and row["to"] >= high]
    costs = [(actor, span_at(situation, f"actors.{actor}.cost_of_fighting")) for actor in found]
    return "".join(
        f" {sentence_case(actor_name(situation, actor))} would sign anything from {low:g} to {high:g}: fighting on, at its "
        f"cost of fighting of {figure(cost[1])} of the stakes a month, is worth less to it than the worst place on this scale."
        for actor, cost in costs
        if cost is not None
    )


def _acceptable(
    situation: Situation, issue: str, found: Found, required: Sequence[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    name = labels(situation, required)
    rows, table = [], []
    for actor in required:
        place = span_at(situation, f"stances.{actor}.{issue}.position")
        accepts = (found.get("accepts") or {}).get(actor) or {}
        ends = [(accepts.get(end) or {}).get("q50") for end in ("low", "high")]
        if None in ends:
            if place is None:
                continue
            told, ends = "", [place[1], place[1]]
        else:
            told = " to ".join(on_scale(situation, issue, end) for end in ends)
        rows.append(
            {
                "label": name[actor],
                "actor": actor,
                "from": ends[0],
                "to": ends[1],
                "ideal": place and place[1],
                "told": told,
                "way": "party",
            }
        )
        wants = on_scale(situation, issue, place[1]) if place else "–"
        table.append({"Who": actor_name(situation, actor), "Wants": wants, "Could sign": told or "not given"})
    return rows, table


# --- positions by round ------------------------------------------------------------------------------------------


def trajectories(situation: Situation, run: Found, model: str, issue: str) -> Chart:
    """Positions by round in a model that moves them."""
    found = (run.get("trajectories") or {}).get(model)
    name, title = f"trajectories-{model}-{issue}", f"Positions by round on {issue_name(situation, issue)}: {model}"
    if not found or issue not in found["issues"]:
        return nothing(name, title, f"The model {model} moves no positions here, or was not run at the central values.")
    k = found["issues"].index(issue)
    turns = found["positions"]
    moved = {
        actor: [turn[i][k] for turn in turns]
        for i, actor in enumerate(found["actors"])
        if all(turn[i][k] is not None for turn in turns)
    }
    if not moved or len(turns) < 2:
        return nothing(name, title, f"Nobody with a position on {issue_name(situation, issue)} moves.")
    lines = step_lines(situation, {a: list(enumerate(path)) for a, path in moved.items()}, situation.scales[issue])
    names = labels(situation, moved, 40)
    last = len(turns) - 1
    x = {"type": "quantitative", "title": "round", "scale": {"domain": [0, last], "nice": False}}
    x["axis"] = {"values": list(range(0, last + 1, max(1, last // 8))), "format": "d"}
    low, high = situation.scales[issue]
    y = {"type": "quantitative", "title": scale_unit(situation, issue), "scale": {"domain": [low, high], "zero": False}}
    table = [
        {"Round": t, **{names[a]: figure(path[t], (high - low) / 10) for a, path in moved.items()}}
        for t in range(len(turns))
    ]
    description = "; ".join(
        f"{names[a]} from {figure(path[0], high - low)} to {figure(path[-1], high - low)}" for a, path in moved.items()
    )
    spec = draw(
        line_layers(lines, x, y, last), description=description, height=300, right=LABELS, usermeta={"wide": True}
    )
    return Chart(name, title, scale_unit(situation, issue), spec, table, description, "At the central values.")


def step_lines(
    situation: Situation, paths: Mapping[str, Sequence[tuple[Any, float]]], scale: tuple[float, float]
) -> list[dict[str, Any]]:
    """Points of each actor's line, each line with a colour, a dash and a label of its own beside its end."""
    actors = list(paths)
    names = labels(situation, actors, LETTERS)
    apart = 0.055 if all("\n" not in name for name in names.values()) else 0.085
    places = spaced([paths[a][-1][1] for a in actors], apart * (scale[1] - scale[0]))
    n = len(theme.SERIES)
    look = {actor: i for i, actor in enumerate(situation.actors)}  # the same in every picture
    return [
        {
            "actor": names[actor],
            "t": t,
            "at": value,
            "beside": places[i],
            "color": theme.SERIES[look[actor] % n],
            "dash": theme.DASHES[(look[actor] // n + look[actor]) % len(theme.DASHES)],
        }
        for i, actor in enumerate(actors)
        for t, value in paths[actor]
    ]


def line_layers(lines: Sequence[Mapping[str, Any]], x: Spec, y: Spec, last: Any, *, step: bool = False) -> list[Spec]:
    """Lines with their names beside their ends, one layer a line (so that each has its own dash)."""
    layers: list[Spec] = []
    for actor in dict.fromkeys(row["actor"] for row in lines):
        own = [row for row in lines if row["actor"] == actor]
        look = {"color": own[0]["color"], "strokeDash": own[0]["dash"], "strokeWidth": 2.2}
        encoding = {"x": x | {"field": "t"}, "y": y | {"field": "at"}}
        shape = {"interpolate": "step-after"} if step else {}
        points = [{"t": row["t"], "at": row["at"]} for row in own]
        layers.append({"data": values(points), "mark": {"type": "line", **look, **shape}, "encoding": encoding})
        end = [{"t": last, "at": own[0]["beside"], "words": actor}]
        text = {"type": "text", "align": "left", "dx": 9, "limit": LABELS - 12, "fontSize": 11}
        text |= {"baseline": "middle", "lineHeight": 12, "dy": -6 * actor.count("\n")}
        layers.append({"data": values(end), "mark": text, "encoding": encoding | {"text": {"field": "words"}}})
    return layers
