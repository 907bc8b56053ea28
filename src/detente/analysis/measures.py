"""Measures: any function of draws that gives one number a draw, by its name.

`comes.damascus`, `margin.damascus`, `convene`, `settlement.transition`, `outcome.mean.transition`, `agreement` ...
Everything else in `analysis` is written over measures, so it works for every model. A wing adds its own family of
measures with `register`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from detente.analysis.study import Evaluation, Missing
from detente.arrays import Floats
from detente.errors import UsageError, nearest
from detente.scenario.situation import Situation


@dataclass(frozen=True)
class Measure:
    """One number a draw. A ``share`` is 1 where something holds in the draw and 0 where not."""

    name: str
    kind: Literal["share", "value"]
    unit: str
    of: Callable[[Evaluation], Floats]  # -> (D,), NaN where the draw has no value
    chance: bool = False  # whether it also depends on the play of chance in the talks
    of_game: bool = False  # whether it is of the strategic conflict, whose numbers no other measure looks at
    situation: Situation | None = None  # of which it is; set by `measure`

    def __reduce__(self) -> tuple[Any, ...]:
        # A function made on the spot does not travel to another process; its name does.
        return measure, (self.situation, self.name)

    def reads(self, path: str) -> bool:
        """Whether it may look at the number of a path, beside those that this one follows from."""
        return path.startswith("game.") == self.of_game

    def __call__(self, evaluation: Evaluation) -> Floats:
        """The measure in each draw, shape (D,)."""
        return np.asarray(self.of(evaluation), dtype=np.float64)


@dataclass(frozen=True)
class Family:
    """Measures that share their first word: which names there are, and how one is made of the rest of its name."""

    names: Callable[[Situation], list[str]]
    make: Callable[[Situation, str], Measure]
    open: bool = False  # whether there are more than are named: `make` then refuses what there is not


_FAMILIES: dict[str, Family] = {}


def register(first: str, family: Family) -> None:
    """Add a family of measures under its first word."""
    _FAMILIES[first] = family


def names(situation: Situation) -> list[str]:
    """Every measure that this situation has."""
    return [name for family in _FAMILIES.values() for name in family.names(situation)]


def measure(situation: Situation, name: str) -> Measure:
    """The measure called `name`; a `UsageError` with the nearest name where there is none."""
    family = _FAMILIES.get(name.split(".", 1)[0])
    if family is None or (name not in family.names(situation) and not (family.open and situation.game)):
        known = names(situation)
        close = nearest(name, known)
        hint = f" (did you mean {close}?)" if close else ""
        raise UsageError(f"measure: found {name!r}; expected one such as {', '.join(known[:3])}{hint}")
    return replace(family.make(situation, name), situation=situation)


def _with_talks(names: Callable[[Situation], list[str]]) -> Callable[[Situation], list[str]]:
    return lambda situation: names(situation) if situation.has_talks and situation.required else []


def _of_party(first: str, kind: Literal["share", "value"], unit: str, field: str) -> None:
    def make(situation: Situation, name: str) -> Measure:
        index = situation.actors.index(name.split(".", 1)[1])
        return Measure(name, kind, unit, lambda e: getattr(e.readiness, field)[:, index])

    register(first, Family(_with_talks(lambda s: [f"{first}.{a}" for a in s.actors]), make))


def _of_talks(name: str, field: str) -> None:
    register(
        name,
        Family(
            _with_talks(lambda s: [name]),
            lambda s, n: Measure(n, "share", "share of draws", lambda e: getattr(e.readiness, field)),
        ),
    )


def _of_rounds(name: str, field: str) -> None:
    register(
        name,
        Family(
            lambda s: [name] if s.has_talks and len(s.required) >= 2 else [],
            lambda s, n: Measure(n, "share", "share of draws", lambda e: getattr(e.rounds, field), chance=True),
        ),
    )


def _least_margin(situation: Situation, name: str) -> Measure:
    """The smallest margin among required parties: talks convene in a draw iff it is not below 0."""
    required = [situation.actors.index(a) for a in situation.required]
    return Measure(name, "value", "share of the stakes", lambda e: e.readiness.margin[:, required].min(axis=1))


def _scale_unit(situation: Situation, issue: str) -> str:
    low, high = situation.scales[issue]
    return f"points on {situation.names.issues[issue]} ({low:g} to {high:g})"


def _settlement(situation: Situation, name: str) -> Measure:
    issue = name.split(".", 1)[1]
    index = situation.issues.index(issue)
    return Measure(name, "value", _scale_unit(situation, issue), lambda e: e.readiness.settlement[:, index])


def _outcome_names(situation: Situation) -> list[str]:
    from detente.outcome.registry import names as models

    return [f"outcome.{model}.{issue}" for model in models() for issue in situation.issues]


def _outcome(situation: Situation, name: str) -> Measure:
    _, model, issue = name.split(".")
    index = situation.issues.index(issue)
    return Measure(name, "value", _scale_unit(situation, issue), lambda e: e.outcome(model).settlement[:, index])


MOST_NAMED = 32  # states of a game whose measures are listed; others can be asked for


def _stable_names(situation: Situation) -> list[str]:
    """`stable.CONCEPT.STATE`: the state is an equilibrium under the concept."""
    if situation.game is None or (form := situation.game.conflict.form).states > MOST_NAMED:
        return []
    from detente.graph.stability import FAST

    labels = [situation.game.conflict.label(state) for state in range(form.states)]
    return [f"stable.{concept}.{label}" for concept in FAST for label in labels]


def _perceived(situation: Situation, name: str) -> Measure:
    """Whether a state is an equilibrium where each decision maker sees the conflict in its own way."""
    from detente.graph.stability import FAST

    assert situation.game is not None
    _, *parts = name.split(".")
    if len(parts) != 2 or parts[0] not in FAST or not situation.game.conflict.views:
        expected = f"hypergame.CONCEPT.STATE, with a concept of {', '.join(FAST)}, of a game with views"
        raise UsageError(f"measure: found {name!r}; expected {expected}")
    concept, state = parts[0], situation.game.conflict.state(parts[1])

    def of(evaluation: Evaluation) -> Floats:
        found, which = evaluation.perceived(concept)
        return np.asarray(found[:, state], dtype=np.float64)[which]

    return Measure(name, "share", "share of draws", of, of_game=True)


def _stable(situation: Situation, name: str) -> Measure:
    """Whether a state is an equilibrium under a concept, or stable for one decision maker."""
    from detente.graph.stability import BY_ID

    assert situation.game is not None
    conflict = situation.game.conflict
    parts = name.split(".")
    if len(parts) not in (3, 4) or parts[1] not in BY_ID:
        close = nearest(parts[1], BY_ID) if len(parts) > 1 else None
        hint = f" (did you mean {close}?)" if close else ""
        expected = f"stable.CONCEPT.STATE or stable.CONCEPT.STATE.DM, with a concept of {', '.join(BY_ID)}{hint}"
        raise UsageError(f"measure: found {name!r}; expected {expected}")
    concept, state = parts[1], conflict.state(parts[2])
    maker = None
    if len(parts) == 4:
        maker = conflict.maker(parts[3], "measure")

    def of(evaluation: Evaluation) -> Floats:
        found, which = evaluation.stable(concept)
        here = found[:, :, state].all(axis=1) if maker is None else found[:, maker, state]
        return np.asarray(here, dtype=np.float64)[which]

    return Measure(name, "share", "share of draws", of, of_game=True)


_of_party("comes", "share", "share of draws", "comes")
_of_party("margin", "value", "share of the stakes", "margin")
_of_party("gain", "value", "share of the stakes", "gain")
_of_party("reservation", "value", "utility, 0 to 1", "reservation")
register("least_margin", Family(_with_talks(lambda s: ["least_margin"]), _least_margin))
_of_talks("convene", "convene")
_of_talks("hurting_stalemate", "hurting_stalemate")
_of_talks("way_out", "way_out")
_of_talks("ripe", "ripe")
register("settlement", Family(_with_talks(lambda s: [f"settlement.{i}" for i in s.issues]), _settlement))
_of_rounds("agreement", "agreement")
_of_rounds("collapse", "collapse")
_of_rounds("expiry", "expiry")
register("outcome", Family(_outcome_names, _outcome))
register("stable", Family(_stable_names, _stable, open=True))
register("hypergame", Family(lambda s: [], _perceived, open=True))


__all__ = ["Family", "Measure", "Missing", "measure", "names", "register"]
