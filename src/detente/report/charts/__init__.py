"""Charts: data in, a Vega-Lite specification and the same figures as a table out. One function a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.report.charts.chart import Chart
from detente.report.charts.deals import deal_charts
from detente.report.charts.drivers import compare, contributions, indices, tornado
from detente.report.charts.models import models
from detente.report.charts.parties import calculation, invitations, seats
from detente.report.charts.rounds import talks, walkouts
from detente.report.charts.terms import bargaining_range, settlement, trajectories
from detente.report.charts.ties import ties
from detente.report.charts.timeline import timeline
from detente.report.charts.tipping import frontier, levers, tip_charts, tipping
from detente.scenario.situation import Situation

__all__ = [
    "Chart",
    "bargaining_range",
    "calculation",
    "compare",
    "contributions",
    "deal_charts",
    "frontier",
    "indices",
    "invitations",
    "levers",
    "models",
    "run_charts",
    "seats",
    "settlement",
    "talks",
    "ties",
    "timeline",
    "tip_charts",
    "tipping",
    "tornado",
    "trajectories",
    "trajectory_charts",
    "walkouts",
]


def run_charts(situation: Situation, run: Mapping[str, Any]) -> list[Chart]:
    """The pictures of a run: seats, settlements, bargaining ranges, talks, and trajectories where there are any."""
    return [
        seats(situation, run),
        *(settlement(situation, run, issue) for issue in situation.issues),
        *(models(situation, run, issue) for issue in situation.issues),
        *(bargaining_range(situation, run, issue) for issue in situation.issues),
        talks(situation, run),
        walkouts(situation, run),
        *trajectory_charts(situation, run.get("trajectories")),
        *deal_charts(situation, run.get("dealings")),
    ]


def trajectory_charts(situation: Situation, found: Mapping[str, Any] | None) -> list[Chart]:
    """Positions by round, a picture a model and issue."""
    return [
        trajectories(situation, {"trajectories": found}, model, issue)
        for model in found or {}
        for issue in situation.issues
    ]
