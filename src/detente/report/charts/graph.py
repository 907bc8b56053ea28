"""The graph model drawn: which states are stable for whom under which concept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.graph.concepts import BY_ID
from detente.report import theme
from detente.report.charts.chart import SCHEMA, Chart, Row, Spec, values

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult

MOST_DRAWN = 60  # states, the best supported ones where there are more


def stability_matrix(found: GraphResult) -> Chart:
    """A row a state, a panel a concept, a column a decision maker; filled where stable, the last column equilibria."""
    names, everybody = found.conflict.names.maker_names, found.equilibria
    columns = [f"{number} {name}" for number, name in enumerate(names, 1)]
    support = [sum(bool(which[state]) for which in everybody.values()) for state in range(found.game.states)]
    best = sorted(range(found.game.states), key=lambda s: -support[s])[:MOST_DRAWN]
    drawn = sorted(best)
    order = [_label(found, state) for state in drawn]
    cells: list[dict[str, Any]] = []
    table: list[Row] = []
    for state in drawn:
        row: Row = {"State": _label(found, state)}
        for concept, stable in found.stable.items():
            marks = {**dict(zip(columns, stable[:, state], strict=True)), "all": everybody[concept][state]}
            for column, is_stable in marks.items():
                row[f"{concept}: {column}"] = "stable" if is_stable else ""
                if is_stable:
                    cells.append({"state": row["State"], "concept": concept, "column": column})
        table.append(row)
    spec: Spec = {
        "$schema": SCHEMA,
        "description": "Where each state is stable",
        "data": values(cells),
        "config": theme.config(),
        "facet": {
            "column": {
                "field": "concept",
                "type": "nominal",
                "sort": list(found.stable),
                "title": None,
            }
        },
        "spec": {
            "width": 16 * (len(columns) + 1),
            "height": max(40, 16 * len(order)),
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {
                "x": {
                    "field": "column",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": [*columns, "all"]},
                    "axis": {"labelLimit": 110},
                },
                "y": {"field": "state", "type": "nominal", "title": None, "scale": {"domain": order}},
                "shape": {
                    "condition": {"test": "datum.column === 'all'", "value": "diamond"},
                    "value": "square",
                },
            },
        },
        "usermeta": {"wide": True},
    }
    told = "; ".join(
        f"{BY_ID[concept].name}: {int(which.sum())} of {found.game.states} states are equilibria"
        for concept, which in everybody.items()
    )
    note = "A square where the state is stable for a decision maker, a diamond where it is for all: an equilibrium."
    if len(drawn) < found.game.states:
        note += f" {len(drawn)} of {found.game.states} states are drawn, those that are equilibria most often."
    return Chart("stability", "Where each state is stable", "states", spec, table, told, note)


def _label(found: GraphResult, state: int) -> str:
    return f"#{state + 1} {found.label(state)}"
