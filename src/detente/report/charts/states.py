"""What the pictures of the graph model have in common: a canvas in pixels, and how decision makers and states look.

Every decision maker has a number, a colour and a dash of its own, so that none of the three is needed to tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.report import theme
from detente.report.charts.chart import SCHEMA, Spec, values
from detente.report.words import plain_number

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult

SOLID = "#155f93"  # the fill of a Nash equilibrium: white figures on it have more than six to one
PALE, DARK = "#dfe3e8", "#1a1c1f"  # the fill of other states, which covers the lines behind it, and the figures on it
NARROW = 366  # pixels up to which a picture fits the narrowest screen
CHARACTER = 6.4  # pixels of an average character at 12 pixels' height


class Canvas:
    """Layers on a drawing area measured in pixels, the origin at the top left."""

    def __init__(self, width: float, height: float) -> None:
        """Start with nothing on it."""
        self.width = round(width)
        self.height = round(height)
        self.layers: list[Spec] = []
        self.x: Spec = {"type": "quantitative", "scale": {"domain": [0, self.width], "nice": False}, "axis": None}
        down = {"domain": [0, self.height], "nice": False, "reverse": True}
        self.y: Spec = {"type": "quantitative", "scale": down, "axis": None}

    def add(self, rows: Iterable[Mapping[str, Any]], mark: Spec, **encoding: Spec) -> None:
        """A layer of marks at `x` and `y` of every row; no rows, no layer."""
        found = list(rows)
        if not found:
            return
        place = {"x": self.x | {"field": "x"}, "y": self.y | {"field": "y"}}
        self.layers.append({"data": values(found), "mark": mark, "encoding": place | encoding})

    def text(self, rows: Iterable[Mapping[str, Any]], align: str = "center", size: int = 12, **mark: Any) -> None:
        """The `words` of every row; `limit` and other properties of a text mark as keywords."""
        look = {"type": "text", "align": align, "baseline": "middle", "fontSize": size, **mark}
        self.add(rows, look, text={"field": "words"})

    def boxes(self, rows: Iterable[Mapping[str, Any]], encoding: Mapping[str, Spec] | None = None, **mark: Any) -> None:
        """A rectangle from (`x`, `y`) to (`x2`, `y2`) for every row."""
        self.add(rows, {"type": "rect", **mark}, x2={"field": "x2"}, y2={"field": "y2"}, **(encoding or {}))

    def lines(self, rows: Iterable[Mapping[str, Any]], encoding: Mapping[str, Spec] | None = None, **mark: Any) -> None:
        """A straight line from (`x`, `y`) to (`x2`, `y2`) for every row."""
        self.add(rows, {"type": "rule", **mark}, x2={"field": "x2"}, y2={"field": "y2"}, **(encoding or {}))

    def spec(self, description: str) -> Spec:
        """The whole as a specification; on a screen narrower than it is, it is scrolled, not shrunk."""
        found: Spec = {
            "$schema": SCHEMA,
            "description": description,
            "width": self.width,
            "height": self.height,
            "padding": 4,
            "config": theme.config(),
            "layer": self.layers,
        }
        if self.width > NARROW:
            found["usermeta"] = {"wide": True, "least": self.width + 8}
        return found


def maker_labels(found: GraphResult) -> list[str]:
    """The decision makers with their numbers, as legends and tables name them."""
    return [f"{number} {name}" for number, name in enumerate(found.conflict.names.maker_names, 1)]


def maker_looks(found: GraphResult, **legend: Any) -> dict[str, Spec]:
    """Encodings of the field `maker` as colour and dash, with one legend for both."""
    names = maker_labels(found)
    count = len(theme.SERIES)
    colours = [theme.SERIES[i % count] for i in range(len(names))]
    dashes = [theme.DASHES[(i + i // count) % count] for i in range(len(names))]
    shown = {"orient": "bottom", "title": None, "symbolType": "stroke", "symbolSize": 700, "symbolStrokeWidth": 2}
    common = {"field": "maker", "type": "nominal", "legend": shown | {"columns": 2, "labelLimit": 150} | legend}
    return {
        "color": common | {"scale": {"domain": names, "range": colours}},
        "strokeDash": common | {"scale": {"domain": names, "range": dashes}},
    }


def state_label(found: GraphResult, state: int) -> str:
    """A state by its number and its letters or name."""
    return f"#{state + 1} {found.label(state)}"


def concepts_of(found: GraphResult, state: int) -> list[str]:
    """The concepts under which a state is an equilibrium."""
    return [concept for concept, which in found.equilibria.items() if which[state]]


def support(found: GraphResult) -> NDArray[np.int64]:
    """Under how many of the concepts each state (N,) is an equilibrium."""
    count = np.zeros(found.game.states, dtype=np.int64)
    for which in found.equilibria.values():
        count += which
    return count


def most_telling(found: GraphResult, most: int) -> list[int]:
    """At most `most` states, ascending: the status quo, then those that are equilibria under most concepts.

    Among equals, those that are equilibria in the most draws of uncertain preferences come first.
    """
    if found.game.states <= most:
        return list(range(found.game.states))
    start = found.game.status_quo
    first = [] if start is None else [start]
    often = np.max(list(found.shares.counts.values()), axis=0) if found.shares else np.zeros(found.game.states)
    rest = [s for s in np.lexsort((-often, -support(found)))[: most + 1].tolist() if s not in first]
    return sorted([*first, *rest][:most])


def chosen_words(found: GraphResult, drawn: Sequence[int]) -> str:
    """A sentence on what is left out, or nothing where all states are drawn."""
    if len(drawn) == found.game.states:
        return ""
    first = "" if found.game.status_quo is None else "the status quo and "
    return (
        f" {len(drawn)} of {plain_number(found.game.states)} states are drawn: {first}those that are equilibria under "
        "most concepts."
    )


def short(text: str, pixels: float, size: int = 12) -> str:
    """`text`, cut with an ellipsis where it is longer than so many pixels."""
    most = max(2, int(pixels / (CHARACTER * size / 12)))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
