"""A chart: a Vega-Lite specification, the same figures as a table, and what both show in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from detente.report import theme
from detente.report.words import actor_name
from detente.scenario.situation import Situation

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
Spec = dict[str, Any]
Row = dict[str, Any]
LINE = 14  # pixels from one line of a label to the next


@dataclass(frozen=True)
class Chart:
    """A picture and its table. ``spec`` is None where there is nothing to draw; ``note`` then says why."""

    name: str  # a file's stem: letters, digits and hyphens
    title: str
    unit: str  # what the main axis counts
    spec: Spec | None
    table: Sequence[Row]  # the same figures, a record a row, headings as a reader wants them
    description: str  # what the picture shows, for those who do not see it
    note: str = ""

    @property
    def columns(self) -> list[str]:
        """The table's headings, in order."""
        return list(dict.fromkeys(key for row in self.table for key in row))

    def to_svg(self) -> str:
        """The picture as SVG (extra ``charts``)."""
        from detente.report.export import to_svg

        return to_svg(self)

    def to_png(self, scale: float = 2.0) -> bytes:
        """The picture as PNG (extra ``charts``)."""
        from detente.report.export import to_png

        return to_png(self, scale=scale)

    def to_csv(self) -> str:
        """The table as CSV."""
        from detente.report.export import to_csv

        return to_csv(self)

    def save(self, file: str | Path) -> Path:
        """Write the chart by the ending of the name: ``.svg``, ``.png``, ``.csv`` or ``.json`` (Vega-Lite)."""
        from detente.report.export import save

        return save(self, Path(file))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from detente.report.export import notebook_bundle

        return notebook_bundle(self)


def draw(layers: Sequence[Spec], *, description: str, height: int, left: int = 2, right: int = 12, **more: Any) -> Spec:
    """A layered specification that fills its container's width.

    ``usermeta={"wide": True}`` asks a page not to squeeze it on a narrow screen. `left` and `right` are pixels kept free beside the axes for labels that stand outside them.
    """
    return {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "height": height,
        "padding": {"left": left, "right": right, "top": 4, "bottom": 4},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": theme.config(),
        "layer": list(layers),
        **more,
    }


def nothing(name: str, title: str, sentence: str, unit: str = "") -> Chart:
    """A chart that has nothing to draw, and says why."""
    return Chart(name, title, unit, None, (), sentence, sentence)


def values(rows: Iterable[Mapping[str, Any]]) -> Spec:
    """Data written into the specification."""
    return {"values": [dict(row) for row in rows]}


def wrapped(text: str, width: int = 22) -> str:
    """`text` in lines of at most `width` characters."""
    return "\n".join(textwrap.wrap(text, width) or [""])


def labels(situation: Situation, keys: Iterable[str], width: int = 22) -> dict[str, str]:
    """A label of its own for each actor: its name in lines, with its id where two share a name."""
    keys = list(dict.fromkeys(keys))
    names = [actor_name(situation, key) for key in keys]
    return {
        key: wrapped(name if names.count(name) == 1 else f"{name} ({key})", width)
        for key, name in zip(keys, names, strict=True)
    }


def rows_axis(order: Sequence[str], field: str = "label", **more: Any) -> Spec:
    """A vertical axis with a row for each label, in the order given, long labels in several lines."""
    return {
        "field": field,
        "type": "nominal",
        "sort": list(order),
        "title": None,
        "axis": {
            "labelExpr": "split(datum.label, '\\n')",
            "labelOffset": {
                "condition": [
                    {"test": f"length(split(datum.value, '\\n')) === {n}", "value": -LINE / 2 * (n - 1)}
                    for n in range(2, 7)
                ],
                "value": 0,
            },
            "grid": False,
            "domain": False,
        },
        **more,
    }


def rows_height(order: Sequence[str], least: int) -> int:
    """A height that leaves every row room for the longest label."""
    lines = max((label.count("\n") + 1 for label in order), default=1)
    return max(least, LINE * lines + 8) * len(order)


def vertical(at: float, *, label: str = "", dash: Sequence[int] = (4, 3), opacity: float = 0.6) -> list[Spec]:
    """A vertical line at a place on a quantitative x axis, with a label at its top."""
    line = {
        "data": values([{"at": at}]),
        "mark": {"type": "rule", "strokeDash": list(dash), "opacity": opacity},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }
    if not label:
        return [line]
    text = {
        "data": values([{"at": at, "words": label}]),
        "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "y": -2, "fontSize": 11},
        "encoding": {"x": {"field": "at", "type": "quantitative"}, "text": {"field": "words"}},
    }
    return [line, text]


def percent_axis(**more: Any) -> Spec:
    """How an axis words shares."""
    return {
        "labelExpr": "datum.value < 0 || datum.value > 1.001 ? '' : format(100 * datum.value, '.0f') + ' %'",
        "tickCount": 6,
        **more,
    }


def share_axis(title: str) -> Spec:
    """An axis of shares from 0 to 100 %."""
    axis = percent_axis(values=[0, 0.25, 0.5, 0.75, 1])
    return {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": axis, "title": title}


def spaced(places: Sequence[float], least: float) -> list[float]:
    """Places for labels, as near to `places` as can be with at least `least` between any two."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    found = list(places)
    for _ in range(50):
        for a, b in pairwise(order):
            short = least - (found[b] - found[a])
            if short > 1e-9:
                found[a] -= short / 2
                found[b] += short / 2
    return found
