"""What documents say by date: when the conflict began, what happened to talks, whose line shifted, who spoke."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.report.charts.chart import Chart, Spec, draw, rows_axis, values, wrapped
from detente.report.charts.timeline import YEARS, near_together, ticks
from detente.report.theme import SERIES
from detente.report.words import listed, shown

SPEAKERS = 10  # lanes for speakers; the others share one
OTHERS = "Others"
LANES = ("The conflict", "Talks", "Shifts")
# Every kind of entry with its shape and its colour.
LOOKS = {
    "Beginning of the conflict": ("diamond", SERIES[3]),
    "Talks event": ("square", SERIES[2]),
    "Shift": ("triangle-up", SERIES[1]),
    "Statement": ("circle", SERIES[0]),
    "Earlier line": ("triangle-left", SERIES[0]),
}
ROOM = 34  # pixels of a lane


@dataclass(frozen=True)
class Entry:
    """Something with a place in time: ISO `date`, cut to a month or a year where no more is known; None without a date."""

    lane: str
    kind: str  # one of LOOKS
    date: str | None
    what: str
    words: str
    document: str


def reading_timeline(entries: Sequence[Entry]) -> Chart:
    """All that documents say by date, a lane for talks, for shifts and for each speaker; what has no date is in the table.

    >>> said = Entry("Ana", "Statement", "2015-03-15", "direct", "We will come", "a report")
    >>> reading_timeline([said]).table[0]["Date"]
    '2015-03-15'
    """
    title = "What the documents say, by date"
    several = len({e.document for e in entries}) > 1
    table = [
        {"Date": e.date or "none found", "Who": e.lane, "Kind": e.kind, "What": e.what, "Words": e.words}
        | ({"Document": e.document} if several else {})
        for e in sorted(entries, key=lambda e: (e.date is None, e.date or ""))
    ]
    table = [{key: shown(value) for key, value in row.items()} for row in table]
    dated = [(e, *span) for e in entries if e.date and (span := days(e.date))]
    if not dated:
        words = "Nothing that was read has a date: --date gives the day of the documents."
        return Chart("reading-timeline", title, "", None, table, words, words)
    lanes = _lanes([e for e, _, _ in dated])
    names = {lane: wrapped(shown(lane), 22) for lane in lanes}
    groups: dict[tuple[str, str, dt.date, dt.date], list[Entry]] = {}
    for e, start, end in dated:
        groups.setdefault((e.lane if e.lane in lanes else OTHERS, e.kind, start, end), []).append(e)
    marks = [_mark(names[lane], kind, start, end, those) for (lane, kind, start, end), those in groups.items()]
    first, last = min(start for _, start, _ in dated), max(end for _, _, end in dated)
    margin = max(1, (last - first).days // 25)
    x = _axis(first - dt.timedelta(margin), last + dt.timedelta(margin))
    y = rows_axis([names[lane] for lane in lanes])
    y["axis"] = y["axis"] | {"grid": True}
    description = "; ".join(f"{row['Date']} {row['Who']}: {row['What']}" for row in table[:60])
    letters = _lettered([mark for mark in marks if mark["Kind"] == "Talks event"])
    undated = sum(not e.date for e in entries)
    note = "A bar spans the year or month where no day is known; a figure counts what falls on one place. "
    named = "; ".join(f"{mark['tag']}: {mark['What']}, {mark['Date']}" for mark in letters)
    note += f"Letters: {named}. " if letters else ""
    note += f"{undated} without a date: in the table only. " if undated else ""
    if any(mark["Kind"] == "Earlier line" for mark in marks):
        note += "An earlier line is drawn at the day of the document that recalls it: its own day is not known."
    layers = _ends(first - dt.timedelta(margin), last + dt.timedelta(margin), x)
    layers += _layers(marks, near_together(letters, (last - first).days + 2 * margin), x, y)
    spec = draw(layers, description=description, height=ROOM * len(lanes) + 10, right=24, usermeta={"wide": True})
    return Chart("reading-timeline", title, "", spec, table, description, note.strip())


def days(date: str) -> tuple[dt.date, dt.date] | None:
    """The first and the last day of an ISO date that may be cut to its month or year; None if it is none.

    >>> days("2015-02")
    (datetime.date(2015, 2, 1), datetime.date(2015, 2, 28))
    """
    parts = [int(part) for part in date.split("-") if part.isdigit()]
    try:
        start = dt.date(parts[0], *[*parts[1:3], 1, 1][:2])
        if len(parts) == 1:
            return start, dt.date(start.year, 12, 31)
        if len(parts) == 2:
            following = dt.date(start.year + start.month // 12, start.month % 12 + 1, 1)
            return start, following - dt.timedelta(1)
    except (ValueError, IndexError):
        return None
    return start, start


def _lanes(entries: Sequence[Entry]) -> list[str]:
    """The lanes that hold something, those who spoke most before others; the rest share one."""
    count = Counter(e.lane for e in entries)
    speakers = [lane for lane, _ in count.most_common() if lane not in LANES]
    rest = [OTHERS] if len(speakers) > SPEAKERS else []
    return [lane for lane in LANES if lane in count] + speakers[: SPEAKERS - len(rest)] + rest


def _mark(lane: str, kind: str, start: dt.date, end: dt.date, those: Sequence[Entry]) -> dict[str, Any]:
    what = list(dict.fromkeys(e.what for e in those))
    return {
        "lane": lane,
        "Kind": kind,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "Date": those[0].date,
        "What": shown(listed(what[:3])),
        "Words": shown(" / ".join(e.words for e in those[:2])[:300]),
        "Documents": shown(listed(list(dict.fromkeys(e.document for e in those))[:3])),
        "count": str(len(those)) if len(those) > 1 else "",
    }


def _lettered(marks: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(marks, key=lambda mark: mark["start"])
    return [mark | {"tag": chr(65 + n % 26), "t": mark["start"]} for n, mark in enumerate(ordered)]


def _axis(first: dt.date, last: dt.date) -> Spec:
    x: Spec = {"type": "temporal", "title": None}
    x["scale"] = {"type": "utc", "nice": False}
    places = ticks(first, last)
    form = "%Y" if (last - first).days > YEARS else "%b %Y" if len(places) > 1 else "%-d %b %Y"
    x["axis"] = {"labelOverlap": True, "format": form} | (
        {"values": places} if len(places) > 1 else {"tickCount": {"interval": "day", "step": 1}}
    )
    return x


def _ends(first: dt.date, last: dt.date, x: Spec) -> list[Spec]:
    """A layer that shows nothing and stretches the axis: a domain of its own is one too many for bars from x to x2."""
    nowhere = values([{"t": day.isoformat()} for day in (first, last)])
    return [{"data": nowhere, "mark": {"type": "rule", "opacity": 0}, "encoding": {"x": x | {"field": "t"}}}]


def _layers(marks: Sequence[Mapping[str, Any]], letters: Sequence[Mapping[str, Any]], x: Spec, y: Spec) -> list[Spec]:
    tips = [{"field": name, "title": name} for name in ("Kind", "Date", "What", "Words", "Documents")]
    color = {"field": "Kind", "type": "nominal", "title": None, "scale": _scale(marks, 1), "legend": _LEGEND}
    shape = {"field": "Kind", "type": "nominal", "title": None, "scale": _scale(marks, 0), "legend": _LEGEND}
    at = {"y": y | {"field": "lane"}, "tooltip": tips, "color": color}
    bars = [mark for mark in marks if mark["start"] != mark["end"]]
    points = [mark for mark in marks if mark["start"] == mark["end"]]
    layers: list[Spec] = []
    if bars:
        across = {"x": x | {"field": "start"}, "x2": {"field": "end"}}
        layers.append(
            {"data": values(bars), "mark": {"type": "bar", "height": 8, "opacity": 0.75}, "encoding": at | across}
        )
    for earlier in (False, True):
        those = [mark for mark in points if (mark["Kind"] == "Earlier line") is earlier]
        if those:
            point: Spec = {"type": "point", "filled": True, "size": 110, "opacity": 1}
            layers.append(
                {
                    "data": values(those),
                    "mark": point | ({"xOffset": -16} if earlier else {}),
                    "encoding": at | {"x": x | {"field": "start"}, "shape": shape},
                }
            )
            text = {"type": "text", "dy": -12, "fontSize": 10.5, "xOffset": -16 if earlier else 0}
            numbers = {"y": y | {"field": "lane"}, "x": x | {"field": "start"}, "text": {"field": "count"}}
            layers.append({"data": values(those), "mark": text, "encoding": numbers})
    if letters:
        tag = {"type": "text", "dy": -13, "fontSize": 10.5, "align": "left"}
        where = {"x": x | {"field": "t"}, "y": y | {"field": "lane"}, "text": {"field": "tag"}, "tooltip": tips}
        layers.append({"data": values(letters), "mark": tag, "encoding": where})
    return layers


_LEGEND = {"orient": "top", "columns": 3, "symbolSize": 90, "labelLimit": 200}


def _scale(marks: Sequence[Mapping[str, Any]], which: int) -> Spec:
    kinds = [kind for kind in LOOKS if any(mark["Kind"] == kind for mark in marks)]
    return {"domain": kinds, "range": [LOOKS[kind][which] for kind in kinds]}
