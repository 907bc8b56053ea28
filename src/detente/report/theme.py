"""How charts look: colours that the colour-blind can tell apart, legible on white paper and on a dark screen.

A specification carries no ink of its own: text, axes and grid are ``currentColor``, which a page resolves by its own
style and `for_paper` by black. Nothing is told by colour alone: bars carry their figures, lines their names and dashes.
"""

from __future__ import annotations

from typing import Any

INK = "currentColor"
# Each has at least three to one against white and against the dark page (WCAG 1.4.11).
BLUE, VERMILLION, GREEN, PURPLE, GREY = "#1f7fc2", "#d55e00", "#0a8f6c", "#b0619a", "#808080"
SERIES = (BLUE, VERMILLION, GREEN, PURPLE)
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond")
SHARES = "cividis"  # the colour scheme of a share from 0 to 1
FONT = "system-ui, 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans CJK SC', 'DejaVu Sans', sans-serif"
PAPER_WIDTH = 560


def config() -> dict[str, Any]:
    """The part of a specification that is the same in every chart."""
    axis = {
        "labelColor": INK,
        "titleColor": INK,
        "tickColor": INK,
        "domainColor": INK,
        "gridColor": INK,
        "gridOpacity": 0.12,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 260,
        "labelSeparation": 6,
        "domainOpacity": 0.5,
        "tickOpacity": 0.5,
    }
    return {
        "font": FONT,
        "background": None,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"tickCount": 6},
        "axisY": {"ticks": False, "labelPadding": 8},
        "legend": {"symbolOpacity": 1, "labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12},
        "text": {"color": INK, "fontSize": 12},
        "rule": {"color": INK},
        "title": {"color": INK},
        "lineBreak": "\n",
    }


def for_paper(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification with black ink on white at a fixed width, for a file of its own."""
    found = _with_ink(spec, "#1a1a1a")
    found["background"] = "white"
    own = found.get("padding")
    sides = ("left", "right", "top", "bottom")
    found["padding"] = {side: 10 + (own[side] if isinstance(own, dict) else 0) for side in sides}
    if found.get("width") == "container":
        found["width"] = PAPER_WIDTH
    return found


def _with_ink(value: Any, ink: str) -> Any:
    if isinstance(value, dict):
        # Values are data: a party may be called currentColor.
        return {k: v if k == "values" else _with_ink(v, ink) for k, v in value.items()}
    if isinstance(value, list):
        return [_with_ink(v, ink) for v in value]
    return ink if value == INK else value
