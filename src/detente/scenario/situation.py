"""A scenario as it stands on one day: who is there, what is in force, and every number by its path.

`Scenario` is the file; a `Situation` is that file with its variant and what-ifs applied, frozen at a date.
Sampling, the models and the report read only this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from detente.scenario.conflict import Conflict
    from detente.scenario.fields import NumberField
    from detente.scenario.quantity import Quantity
    from detente.scenario.strategy import Strategy

Origin = Literal["file", "default", "set", "variant"]
Role = Literal["belligerent", "backer", "mediator", "bystander"]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a number comes from, as the file says."""

    cite: tuple[str, ...] = ()  # "source-id" or "source-id@locator"
    by: str | None = None
    date: dt.date | None = None
    grade: str | None = None
    because: str | None = None

    @property
    def sourced(self) -> bool:
        """Whether a source stands behind it."""
        return bool(self.cite)


@dataclass(frozen=True, slots=True)
class Number:
    """One quantity in force, by its path (``actors.damascus.capability``)."""

    path: str
    quantity: Quantity  # never Dated: the value in force has been picked
    field: NumberField  # name, unit, range, whole number or not, default, meaning
    origin: Origin
    provenance: Provenance
    # the field's own range unless the place narrows it (a position's is its issue's scale, a lever's its limits)
    low: float
    high: float
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie in force. ``share`` is a Number at ``ties.FROM.TO.share`` (``ties.FROM.TO.KIND.share`` unless it backs)."""

    source: str  # `from` in the file
    target: str  # `to`
    kind: str
    share_path: str | None  # None for kinds without a share
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lever:
    """A lever in force. Its numbers stand at ``levers.L.level``, ``.bite.ACTOR`` and ``.raises.PATH``."""

    id: str
    name: str
    held_by: tuple[str, ...]
    limits: tuple[float, float]
    bite: tuple[str, ...]  # actors it bites, in file order
    raises: tuple[str, ...]  # paths it raises
    cite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What each id is called: apart by kind, for an actor, an issue and a lever may share an id."""

    actors: Mapping[str, str]
    issues: Mapping[str, str]
    levers: Mapping[str, str]


@dataclass(frozen=True)
class Situation:
    """A scenario on a day. Orders are the file's."""

    id: str  # of the scenario, with @date and +variant as asked for
    title: str
    as_of: dt.date
    actors: tuple[str, ...]
    names: Names
    roles: Mapping[str, Role]
    issues: tuple[str, ...]
    scales: Mapping[str, tuple[float, float]]  # issue -> (low, high)
    anchors: Mapping[str, Mapping[float, str]]  # issue -> labelled anchors
    stances: Mapping[tuple[str, str], Any]  # (actor, issue) -> the stance in force (a schema Stance)
    ties: tuple[Tie, ...]
    levers: tuple[Lever, ...]
    has_talks: bool
    required: tuple[str, ...]
    excluded: tuple[str, ...]
    mediator: str | None
    settlement: str  # "compromise", "nash" or a model's name
    models: Mapping[str, Mapping[str, Any]]  # settings that are not numbers (``outcome: mean``), by model
    numbers: Mapping[str, Number]  # every number that a model may use, by path, in file order, defaults included
    correlations: tuple[tuple[tuple[str, ...], float], ...]  # ((path, path), rho): Spearman's
    game: Strategy | None = None  # the strategic conflict, whose numbers are among the others
    scenario: Any = None  # the Scenario it came from: sources, history, toll, outcome, expect
    source_text: str = ""  # the bytes of the file as read, for the end of the report
    changes: Mapping[str, str] = field(default_factory=dict)  # path -> "--set ..." | "variant ..."

    def hindsight(self) -> int:
        """How many numbers in force cite a source that was published after the day."""
        sources = self.scenario.sources if self.scenario is not None else {}
        late = {source.id for source in sources.values() if source.date and source.date > self.as_of}
        return sum(any(c.split("@")[0] in late for c in number.provenance.cite) for number in self.numbers.values())

    @property
    def configured(self) -> frozenset[str]:
        """The outcome models that the file has settings for."""
        numbers = (path.split(".")[1] for path in self.numbers if path.startswith("models."))
        return frozenset(self.models) | frozenset(numbers)

    @cached_property
    def conflict(self) -> Conflict | None:
        """The strategic conflict at the central values, levers included; None where the file has no game."""
        if self.game is None:
            return None
        found = self.game.conflict
        if not found.uncertain:
            return found
        from detente.scenario.sampling import Sampler
        from detente.scenario.strategy import settled

        return settled(found, Sampler(self, draws=1, central=True).block(0))
