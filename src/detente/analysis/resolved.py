"""The whole that a scenario resolves to: every number in force, as written and as the levers leave it."""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.analysis.study import Study
from detente.scenario.situation import Situation


def resolved(situation: Situation) -> dict[str, Any]:
    """Rules of the situation, and each number's written quantity, central value without and with levers, and origin."""
    values = Study(situation, draws=1, central=True).block(0).values
    numbers = []
    for path, number in situation.numbers.items():
        provenance = number.provenance
        numbers.append(
            {
                "path": path,
                "written": str(number.quantity),
                "central": float(np.ravel(values.written[path])[0]),
                "with_levers": float(np.ravel(values.used[path])[0]),
                "unit": number.field.unit,
                "origin": number.origin,
                "cite": list(provenance.cite),
                "because": provenance.because,
            }
        )
    return {
        "scenario": situation.id,
        "as_of": situation.as_of.isoformat(),
        "actors": dict(situation.roles),
        "required": list(situation.required),
        "excluded": list(situation.excluded),
        "mediator": situation.mediator,
        "settlement": situation.settlement,
        "changes": dict(situation.changes),
        "numbers": numbers,
    }
