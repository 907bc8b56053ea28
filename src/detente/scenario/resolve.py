"""A scenario frozen on a day: variants and what-ifs laid over it, what is in force picked, defaults filled in."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from detente.errors import Fault, InputError, nearest
from detente.outcome.power import INDICES, power
from detente.scenario.checking import day_of, limits_of, scale_of
from detente.scenario.distributions import Discrete, Exact, Pert, Triangular, Uniform
from detente.scenario.fields import NUMBERS, RESOLVE_FIELDS, SHARED_KINDS, TALKS_FIELDS, NumberField
from detente.scenario.nodes import Path
from detente.scenario.overrides import Change, Overlaid, changes_of, day_asked, overlay
from detente.scenario.paths import in_force, records, share_path, stance_index, statement_name
from detente.scenario.quantity import Dated, Parsed, Ref, parse_quantity
from detente.scenario.read import Scenario, build, filled, noted
from detente.scenario.references import NO_CIRCLE, circles
from detente.scenario.situation import Lever, Names, Number, Origin, Provenance, Situation, Tie
from detente.scenario.strategy import Strategy


def situation(
    scenario: Scenario,
    *,
    as_of: str | dt.date | None = None,
    variants: Sequence[str] = (),
    sets: Mapping[str, Any] | Sequence[str] = (),
) -> Situation:
    """The scenario as it stands on a day, with variants and what-ifs.

    `as_of` wins over the day asked for with the scenario, and that over the file's own. Raises `InputError` with
    every fault; those in a what-if name it.
    """
    changes = changes_of(scenario.document, (*scenario.asked, *variants), sets)
    day = _day(as_of, scenario, changes)
    document = overlay(scenario.document, changes, day)
    whole = scenario if document is scenario.document else build(document)
    return _Resolver(scenario, whole, day, changes, (*scenario.asked, *variants)).situation()


def _day(as_of: str | dt.date | None, scenario: Scenario, changes: Sequence[Change]) -> dt.date:
    if isinstance(as_of, dt.date):
        return as_of
    if as_of is not None:
        day = day_of(as_of)
        if day is None:
            raise InputError(Fault(f"found {as_of}", "expected a date such as 2015-03-15", file="--as-of"))
        return day
    if scenario.on is not None:
        return scenario.on
    return day_asked(scenario.document, changes) or scenario.as_of


_counted = lru_cache(maxsize=8)(
    power
)  # hundreds of members take seconds, and one command resolves a file several times


@dataclass
class _Resolver:
    """Gathers every number in force, in the order of the file."""

    original: Scenario
    scenario: Scenario
    day: dt.date
    changes: Sequence[Change]
    variants: Sequence[str]
    numbers: dict[str, Number] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, Path] = field(default_factory=dict)  # where each number stands, or would stand
    ties: tuple[Tie, ...] = ()

    @property
    def data(self) -> Mapping[str, Any]:
        return self.scenario.data

    def situation(self) -> Situation:
        data = self.data
        talks = data.get("talks")
        issues, actors = data.get("issues") or {}, data.get("actors") or {}
        scales = {issue: scale_of(data, issue) or (0.0, 1.0) for issue in issues}
        self._actors()
        for issue in issues:
            self._put(f"issues.{issue}.status_quo", ("issues", issue, "status_quo"), "status_quo", ends=scales[issue])
        stances = self._stances(scales)
        self.ties = ties = self._ties()
        game = self._game()
        levers = self._levers()
        if talks is not None:
            for name in TALKS_FIELDS:
                self._put(f"talks.{name}", ("talks", *name.split(".")), name)
        words = self._models()
        if talks is not None:
            self._check_strength()
        self._check_refs()
        correlations = self._correlations()
        if self.faults:
            raise InputError(self.faults)
        excluded = tuple((talks or {}).get("excluded") or ())
        roles = {actor: entry["role"] for actor, entry in actors.items()}
        required = (talks or {}).get("required") or [
            a for a, r in roles.items() if r == "belligerent" and a not in excluded
        ]
        return Situation(
            id=self._name(),
            title=data["title"],
            as_of=self.day,
            actors=tuple(actors),
            names=self._names(),
            roles=roles,
            issues=tuple(issues),
            scales=scales,
            anchors={i: {float(k): v for k, v in entry["scale"].items()} for i, entry in issues.items()},
            stances=stances,
            ties=ties,
            levers=levers,
            has_talks=talks is not None,
            # In the order of the actors, so that reordering the list changes nothing.
            required=tuple(a for a in actors if a in required) if talks is not None else (),
            excluded=excluded,
            mediator=(talks or {}).get("mediator"),
            settlement=(talks or {}).get("settlement") or "compromise",
            models=words,
            numbers=self.numbers,
            correlations=correlations,
            game=game,
            scenario=self.scenario,
            source_text=self.original.document.text,
            changes={change.path: change.origin for change in self.changes},
        )

    def _name(self) -> str:
        name = self.original.id
        if self.day != self.original.as_of:
            name += f"@{self.day}"
        return name + "".join(f"+{variant}" for variant in self.variants)

    def _names(self) -> Names:
        parts = (self.data.get(part) or {} for part in ("actors", "issues", "levers"))
        return Names(*({id_: entry.get("name") or id_ for id_, entry in part.items()} for part in parts))

    # -- numbers --

    def _put(
        self,
        path: str,
        place: Path,
        name: str,
        *,
        ends: tuple[float, float] | None = None,
        outer: Provenance | None = None,
        spec: NumberField | None = None,
        computed: Parsed | None = None,
    ) -> None:
        """Add the number at a place, or what was computed from it, or its default where the file has none."""
        spec = spec or NUMBERS[name]
        low, high = ends or (spec.low, spec.high)
        parsed = computed or self.scenario.parsed.get(place)
        origin: Origin = self._origin(place) if parsed is not None else "default"
        if parsed is None:
            if spec.default is None:
                return
            parsed = parse_quantity(spec.default, low=spec.low, high=spec.high)
        provenance = parsed.provenance
        if isinstance(parsed.quantity, Dated):
            entry = parsed.quantity.at(self.day)
            if entry is None:
                first = parsed.quantity.entries[0][0]
                self.faults.append(
                    self.scenario.document.fault(
                        place,
                        f"found no value in force on {self.day}",
                        f"expected a first date on or before it, not {first}",
                    )
                )
                return
            parsed = Parsed(entry.quantity, filled(entry.provenance, provenance))
            provenance = parsed.provenance
        if outer is not None:
            provenance = filled(provenance, outer)
        at = self.scenario.document.place(place) if origin == "file" else None
        self.places[path] = place
        self.numbers[path] = Number(
            path,
            parsed.quantity,
            spec,
            origin,
            provenance,
            low,
            high,
            at.line if at else None,
            at.column if at else None,
        )

    def _origin(self, place: Path) -> Origin:
        document = self.scenario.document
        change = document.change_of(place) if isinstance(document, Overlaid) else None
        if change is None and place[0] == "votes" and isinstance(document, Overlaid):  # the power of one hangs on all
            change = next((by for at, by in document.changed.items() if at[0] == "votes"), None)
        if change is None:
            return "file"
        return "set" if change.place is None else "variant"

    def _actors(self) -> None:
        powers = self._powers()
        for actor in self.data.get("actors") or ():
            place: Path = ("actors", actor, "capability")
            computed = None if place in self.scenario.parsed else powers.get(actor)
            place = ("votes", "of", actor) if computed else place
            self._put(f"actors.{actor}.capability", place, "capability", computed=computed)
            for name in RESOLVE_FIELDS:
                self._put(f"actors.{actor}.{name}", ("actors", actor, "resolve", name), name)

    def _powers(self) -> dict[str, Parsed]:
        """What the votes of each actor are worth under the quota, in per cent of all power."""
        votes = self.data.get("votes")
        if votes is None:
            return {}
        of = {actor: held for actor, held in votes["of"].items() if held is not None}
        members = (*of.values(), *(votes.get("others") or ()))
        index = votes.get("index") or INDICES[0]
        found = getattr(_counted(members, votes["quota"]), index.replace("-", "_"))
        outer = noted(votes)

        def parsed(held: int, share: Fraction) -> Parsed:
            name = "-".join(part.capitalize() for part in index.split("-"))
            reason = f"{name} index of {held} of {sum(members)} votes, quota {votes['quota']}"
            because = reason if outer.because is None else f"{reason}: {outer.because}"
            return Parsed(Exact(float(100 * share)), replace(outer, because=because))

        return {actor: parsed(held, share) for (actor, held), share in zip(of.items(), found, strict=False)}

    def _stances(self, scales: Mapping[str, tuple[float, float]]) -> dict[tuple[str, str], Any]:
        found = {}
        for actor in self.data.get("actors") or ():
            for issue in self.data.get("issues") or ():
                index = stance_index(self.data, actor, issue, self.day)
                if index is None:
                    continue
                outer = noted(self.data["stances"][index])
                for part in ("position", "salience"):
                    place = ("stances", index, part)
                    ends = scales[issue] if part == "position" else None
                    self._put(f"stances.{actor}.{issue}.{part}", place, part, ends=ends, outer=outer)
                found[actor, issue] = self.scenario.stances[index]
        if self.data.get("stances") and not found:
            first = min(stance["since"] for stance in self.data["stances"])
            said, expected = f"found no stance in force on {self.day}", f"expected a day from {first} on"
            self.faults.append(self.scenario.document.fault(("stances",), said, expected, key=True))
        return found

    def _ties(self) -> tuple[Tie, ...]:
        found = []
        for index, tie in enumerate(self.data.get("ties") or ()):
            if not in_force(tie, self.day):
                continue
            source, target, kind = tie["from"], tie["to"], tie["kind"]
            path = None
            if kind in SHARED_KINDS:
                path = share_path(source, target, kind)
                self._put(path, ("ties", index, "share"), "share", outer=noted(tie))
            found.append(Tie(source, target, kind, path, noted(tie).cite))
        return tuple(found)

    def _levers(self) -> tuple[Lever, ...]:
        found = []
        for id_, lever in (self.data.get("levers") or {}).items():
            if not in_force(lever, self.day):
                continue
            outer = noted(lever)
            limits = limits_of(lever)
            bite, raises = lever.get("bite") or {}, lever.get("raises") or {}
            self._put(f"levers.{id_}.level", ("levers", id_, "level"), "level", ends=limits, outer=outer)
            for actor in bite:
                self._put(f"levers.{id_}.bite.{actor}", ("levers", id_, "bite", actor), "bite", outer=outer)
            for path in raises:
                self._put(f"levers.{id_}.raises.{path}", ("levers", id_, "raises", path), "raises", outer=outer)
            name = lever.get("name") or id_
            # What a lever raises may not be there on this day (a tie not yet in force): then it raises nothing.
            there = tuple(path for path in raises if path in self.numbers or path.startswith("talks."))
            found.append(Lever(id_, name, tuple(lever.get("held_by") or ()), limits, tuple(bite), there, outer.cite))
        return tuple(found)

    def _models(self) -> dict[str, dict[str, Any]]:
        """Settings that are words; those that are numbers join the numbers."""
        from detente.outcome.registry import get

        words: dict[str, dict[str, Any]] = {}
        for name, options in (self.data.get("models") or {}).items():
            known = {option.name: option for option in get(name).options}
            for option, value in (options or {}).items():
                place = ("models", name, option)
                if value is None:
                    continue
                if place in self.scenario.parsed:
                    o = known[option]
                    low = -math.inf if o.low is None else o.low
                    high = math.inf if o.high is None else o.high
                    spec = NumberField(option, "models.*.*", o.meaning, "setting", low, high, integer=o.integer)
                    self._put(f"models.{name}.{option}", place, "option", spec=spec)
                else:
                    words.setdefault(name, {})[option] = value
        return words

    def _game(self) -> Strategy | None:
        """The strategic conflict; probabilities of its statements, and which of rival orders holds, join the numbers."""
        game = self.data.get("game")
        if game is None:
            return None
        for maker, preference in records(game.get("preferences")):
            at: Path = ("game", "preferences", maker)
            base = f"game.preferences.{maker}"
            for index, entry in records(preference.get("priorities")):
                if entry.get("probability") is not None:
                    path = f"{base}.{statement_name(index, entry)}.probability"
                    self._put(path, (*at, "priorities", index, "probability"), "probability", outer=noted(entry))
            if orders := preference.get("orders"):
                spec = replace(NUMBERS["order"], default={"values": list(range(1, len(orders) + 1))})
                self._put(f"{base}.order", (*at, "order"), "order", ends=(1, len(orders)), spec=spec)
        return Strategy(self.scenario.document)

    # -- rules that depend on the day --

    def _check_refs(self) -> None:
        """A ref leads to a number in force, and never back to where it began."""
        refs = {path: [n.quantity.path] for path, n in self.numbers.items() if isinstance(n.quantity, Ref)}
        for path, targets in refs.items():
            target = targets[0]
            if target not in self.numbers:
                what = f"found {target}, which is not in force on {self.day}"
                self._fault(path, what, "expected a number in force", nearest(target, self.numbers))
        for circle in circles(refs):
            self._fault(circle[0], f"found {' -> '.join(circle)}", NO_CIRCLE)

    def _fault(self, path: str, what: str, expected: str, suggestion: str | None = None) -> None:
        place = self.places[path]
        ref = (*place, "ref")
        document = self.scenario.document
        self.faults.append(document.fault(ref if document.value(ref) else place, what, expected, suggestion))

    def _check_strength(self) -> None:
        """Zero strength of all belligerents, even possible, leaves no contest to win."""
        fighters = [a for a, entry in (self.data.get("actors") or {}).items() if entry["role"] == "belligerent"]
        if not fighters:
            expected = "expected one or more: talks end a fight"
            self.faults.append(self.scenario.document.fault(("actors",), "found no belligerent", expected, key=True))
        elif all(self._may_be_zero(f"actors.{actor}.capability") for actor in fighters):
            path: Path = ("actors", fighters[0], "capability")
            text = "found that all belligerents may have no strength"
            expected = "expected one whose capability is above 0 in every draw"
            self.faults.append(self.scenario.document.fault(path, text, expected))

    def _may_be_zero(self, path: str) -> bool:
        # A cut normal or a judged range has its end as a limit that no draw reaches; a ref is held at its range's end.
        quantity = self.numbers[path].quantity if path in self.numbers else None
        return isinstance(quantity, _REACHING) and quantity.support()[0] <= 0

    def _correlations(self) -> tuple[tuple[tuple[str, ...], float], ...]:
        """The correlations between numbers that have a range; a what-if or another day may leave fewer."""
        found = []
        own_day = self.day == self.original.as_of
        for index, entry in records(self.data.get("correlations")):
            for place, path in enumerate(entry["of"]):
                number = self.numbers.get(path)
                what = None
                if number is not None and isinstance(number.quantity, Ref):
                    what = f"moves with {number.quantity.path}"
                elif (
                    number is not None and number.quantity.is_exact and own_day and number.origin in ("file", "default")
                ):
                    what = "is exact"
                if what is not None:
                    at = ("correlations", index, "of", place)
                    expected = "expected a number with a range of its own"
                    self.faults.append(self.scenario.document.fault(at, f"found {path}, which {what}", expected))
            drawn = tuple(p for p in entry["of"] if p in self.numbers and not self.numbers[p].quantity.is_exact)
            if len(drawn) > 1:
                found.append((drawn, float(entry["rho"])))
        return tuple(found)


# Quantities that can take the value at the end of their range.
_REACHING = (Exact, Uniform, Pert, Triangular, Discrete)
