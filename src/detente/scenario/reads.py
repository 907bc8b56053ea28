"""Which of a scenario's numbers a model looks at."""

from __future__ import annotations

from collections.abc import Collection

from detente.scenario.situation import Number, Situation

TALKS = frozenset({"readiness", "rounds"})
_ROUNDS = frozenset({"deadline", "strength_drift", "walkout.rate", "walkout.threshold"})  # of the talks, month by month
_BY_ALL = frozenset({"issues", "stances", "ties", "votes"})


def numbers_read(situation: Situation, models: Collection[str]) -> list[Number]:
    """The numbers in force that at least one of some models looks at, in file order.

    `models` names outcome models, ``readiness`` (who comes), ``rounds`` (the talks month by month) and ``graph``. The
    talks look at the settings of the model that settles them. A lever's level counts where a number that it raises does,
    and for who comes; a tie's share counts for every model.

    >>> from detente import api
    >>> situation = api.situation("syria-2015")
    >>> read = {number.path for number in numbers_read(situation, ["mean"])}
    >>> "actors.damascus.capability" in read, "actors.damascus.audience_cost" in read, "talks.kept" in read
    (True, False, False)
    """
    asked = set(models)
    if asked & TALKS:
        asked.add(situation.settlement)
    return [number for path, number in situation.numbers.items() if _reads(situation, path, asked)]


def _reads(situation: Situation, path: str, asked: Collection[str]) -> bool:
    first, _, rest = path.partition(".")
    name, _, last = rest.partition(".")
    if first == "game":
        return "graph" in asked
    if first == "models":
        return name in asked
    theory = [model for model in asked if model != "graph"]
    if first in _BY_ALL or (first == "actors" and last == "capability"):
        return bool(theory)
    if first == "levers":
        raised = next((lever.raises for lever in situation.levers if lever.id == name), ())
        if last.startswith("raises."):
            return _reads(situation, last.removeprefix("raises."), asked)
        return bool(TALKS.intersection(asked)) or (
            last == "level" and any(_reads(situation, one, asked) for one in raised)
        )
    if last == "concession" or (first == "talks" and rest in _ROUNDS):
        return "rounds" in asked
    return bool(TALKS.intersection(asked))
