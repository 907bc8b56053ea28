"""The challenge model as studies of decisions in the European Union use it: each actor takes the offer that asks least.

It shares votes, utilities, risk and offers with the expected utility model, and differs in which offer is taken and
in when the rounds stop.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from detente.outcome.expected_utility import ASSUMES, ASSUMES_WITH, OPTIONS, solve
from detente.outcome.model import Model

_STOP = {"until": "settled"}  # the rounds stop when the forecast stops moving

MODEL = Model(
    name="challenge",
    title="Challenge (least move)",
    solve=partial(solve, pairwise=True, ranked=False),
    options=tuple(replace(option, default=_STOP.get(option.name, option.default)) for option in OPTIONS),
    moves_positions=True,
    assumes=ASSUMES
    | {"contest": "its odds are those of a vote between the two, and the offer that asks least is taken"},
    assumes_with=ASSUMES_WITH,
    source="Bueno de Mesquita 1994; Arregui, Stokman & Thomson 2004",
)
