"""Who said what when: stances by date as steps, the events of the talks, and the words behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from detente.report.charts.chart import Chart, Spec, draw, nothing, values
from detente.report.charts.terms import LABELS, line_layers, scale_unit, step_lines
from detente.report.redact import LEFT_OUT, Redaction
from detente.report.spans import span_on
from detente.report.words import EVENTS, actor_name, issue_name, on_scale
from detente.scenario.situation import Situation

YEARS = 700  # days beyond which the axis counts years


def stances_on(situation: Situation, issue: str) -> list[Any]:
    """The scenario's stances on an issue up to the as-of date, oldest first."""
    all_of = getattr(situation.scenario, "stances", None) or ()
    found = [s for s in all_of if s.issue == issue and s.since <= situation.as_of]
    return sorted(found, key=lambda stance: stance.since)


def timeline(situation: Situation, issue: str, redaction: Redaction | None = None, *, legend: bool = True) -> Chart:
    """Stances on an issue by date, as steps, with the events of the talks; hovering shows the words and the source.

    With `legend` the note says what the letters over the events stand for; the table says so in any case.
    """
    redaction = redaction or Redaction.none(situation)
    title = f"Positions on {issue_name(situation, issue)} over time"
    unit = scale_unit(situation, issue)
    scale = situation.scales[issue]
    places = [(s, span_on(situation, s.position, situation.as_of, scale)) for s in stances_on(situation, issue)]
    stances = [(stance, span[1]) for stance, span in places if span is not None]
    if not stances:
        return nothing(
            f"timeline-{issue}",
            title,
            f"No stance on {issue_name(situation, issue)} has a date before {situation.as_of}.",
            unit,
        )
    paths: dict[str, list[tuple[str, float]]] = {}
    marks, table = [], []
    for stance, at in stances:
        paths.setdefault(stance.actor, []).append((stance.since.isoformat(), at))
        said, source = redaction.said(stance), redaction.sources(stance.provenance.cite)
        row = {
            "Date": stance.since.isoformat(),
            "Who or what": actor_name(situation, stance.actor),
            "Position": on_scale(situation, issue, at),
            "Words": f"“{said}”" if said else "",
            "Source": source,
        }
        table.append(row)
        marks.append(
            {
                "t": row["Date"],
                "at": at,
                **{key: row[key] for key in ("Date", "Who or what", "Position", "Words", "Source")},
            }
        )
    today = situation.as_of.isoformat()
    for path in paths.values():
        path.append((today, path[-1][1]))
    first = min(stance.since for stance, _ in stances)
    events = _events(situation, first, redaction)
    low, high = situation.scales[issue]
    span = (situation.as_of - first).days or 30
    domain = [first.isoformat(), today]
    x: Spec = {"type": "temporal", "title": None, "scale": {"type": "utc", "domain": domain}}
    x["axis"] = {"values": ticks(first, situation.as_of), "labelOverlap": True}
    x["axis"] |= {"format": "%Y" if span > YEARS else "%b %Y"}
    y: Spec = {"type": "quantitative", "title": unit, "scale": {"domain": [low, high], "nice": False, "zero": False}}
    layers: list[Spec] = []
    if events:
        tips = [
            {"field": key, "title": title_}
            for key, title_ in (("Words", "Event"), ("Date", "Date"), ("Source", "Source"))
        ]
        rule = {"type": "rule", "strokeDash": [2, 3], "opacity": 0.7}
        layers.append({"data": values(events), "mark": rule, "encoding": {"x": x | {"field": "t"}, "tooltip": tips}})
        tag = {"type": "text", "y": -7, "fontSize": 10.5, "baseline": "bottom"}
        layers.append(
            {
                "data": values(near_together(events, span)),
                "mark": tag,
                "encoding": {"x": x | {"field": "t"}, "text": {"field": "tag"}, "tooltip": tips},
            }
        )
    layers += line_layers(step_lines(situation, paths, (low, high)), x, y, today, step=True)
    tips = [{"field": key, "title": key} for key in ("Who or what", "Date", "Position", "Words", "Source")]
    dots = {"type": "point", "filled": True, "size": 80, "color": "currentColor", "opacity": 0.85}
    layers.append(
        {
            "data": values(marks),
            "mark": dots,
            "encoding": {"x": x | {"field": "t"}, "y": y | {"field": "at"}, "tooltip": tips},
        }
    )
    table += [{"Date": e["t"], "Who or what": f"[{e['tag']}] {e['Words']}", "Source": e["Source"]} for e in events]
    table.sort(key=lambda row: str(row["Date"]))
    description = "; ".join(f"{row['Date']} {row['Who or what']} {row.get('Position', '')}".strip() for row in table)
    note = "Dots: a stance is taken; hover for the words and the source. "
    if events and legend:
        note += "Letters above: " + "; ".join(f"{e['tag']}: {e['Words']}, {e['t']}" for e in events) + "."
    elif events:
        note += "Letters above: events of the talks, named in the table."
    spec = draw(layers, description=description, height=320, right=LABELS, usermeta={"wide": True})
    return Chart(f"timeline-{issue}", title, unit, spec, table, description, note)


def ticks(first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    """The first days of the years, or of the quarters of a short span, between two days."""
    months = (1,) if (last - first).days > YEARS else (1, 4, 7, 10)
    days = (dt.date(year, month, 1) for year in range(first.year, last.year + 1) for month in months)
    return [{"year": d.year, "month": d.month, "date": 1, "utc": True} for d in days if first <= d <= last]


def _events(situation: Situation, first: dt.date, redaction: Redaction) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    history: Sequence[Any] = getattr(situation.scenario, "history", None) or ()
    for event in sorted((e for e in history if first <= e.date <= situation.as_of), key=lambda e: e.date):
        words = EVENTS.get(event.event, str(event.event).replace("-", " "))
        if event.event == "round":
            words = f"Round {event.number}" if event.number else "A round of talks"
        name = redaction.event(event)
        if name:
            words += f" {name}" if name == LEFT_OUT else f" ({name})"
        day = event.date.isoformat()
        found.append(
            {
                "t": day,
                "Date": day,
                "Words": words,
                "Source": redaction.sources(event.cite),
                "tag": chr(65 + len(found) % 26),
            }
        )
    return found


def near_together(events: Sequence[Mapping[str, Any]], span: int) -> list[dict[str, Any]]:
    """One tag for events too near each other to be told apart: "B, C"."""
    found: list[dict[str, Any]] = []
    for event in events:
        day = dt.date.fromisoformat(event["t"])
        if found and (day - dt.date.fromisoformat(found[-1]["t"])).days < span * 0.045:
            found[-1]["tag"] = f"{found[-1]['tag'][0]}–{event['tag']}"
        else:
            found.append(dict(event))
    return found
