"""Equilibria that a file expects of its strategic conflict, and those that it has."""

from __future__ import annotations

from collections.abc import Sequence

from detente.errors import UsageError
from detente.graph.stability import equilibria, stable
from detente.scenario.model import ExpectedEquilibria, Scenario
from detente.scenario.resolve import situation
from detente.scenario.situation import Situation


def equilibria_of(scenario: Scenario, expected: ExpectedEquilibria) -> dict[str, list[str]]:
    """The equilibria that the conflict has at its central values, under each concept that results are expected for.

    >>> from detente.scenario.read import load
    >>> elmira = load("elmira")
    >>> equilibria_of(elmira, elmira.equilibria[0])["nash"]
    ['5', '8', '9']
    """
    conflict = situation(scenario, sets=expected.with_).conflict
    if conflict is None:
        raise UsageError(f"{scenario.id}: found no game; expected one, for the equilibria under expect")
    found = equilibria(stable(conflict.game(), expected.equilibria))
    return {concept: [conflict.label(s) for s in which.nonzero()[0].tolist()] for concept, which in found.items()}


def written(now: Situation, states: Sequence[str]) -> list[str]:
    """States as a file writes them, named and ordered as the conflict does. Raises `UsageError` for one there is not."""
    conflict = now.conflict
    if conflict is None:
        raise UsageError(f"{now.id}: found no game; expected one, for the equilibria under expect")
    return [conflict.label(state) for state in sorted(conflict.state(state) for state in states)]
