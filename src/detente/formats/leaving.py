"""A situation on its way out: one number or a plain range for each quantity, and an account of what stays behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from detente.formats.draft import NO_DAY, plain
from detente.scenario.distributions import Exact, Pert, Triangular, Uniform, Unknown
from detente.scenario.sampling import Sampler
from detente.scenario.situation import Situation

_RANGES = (Exact, Unknown, Uniform, Triangular, Pert)


def ends_of(scale: Mapping[Any, Any] | None) -> tuple[float, float] | None:
    """The ends of a scale as a file holds it.

    >>> ends_of({0: "none", 50: "half", 100: "all"})
    (0, 100)
    """
    return (min(scale), max(scale)) if scale else None


class Leaving:
    """A situation on its way out.

    Numbers are the central ones that models use, levers at their level included; where a lever changes none of them,
    `quantity` gives the range too. `told` accounts for what was asked for and could not be given, and for what no
    table of stances has.
    """

    def __init__(self, situation: Situation, *, ranges: bool = True) -> None:
        self.situation = situation
        self._ranges = ranges
        self._dropped: dict[str, set[str]] = defaultdict(set)  # what -> where

    @cached_property
    def _values(self) -> Any:
        return Sampler(self.situation, draws=1, central=True).block(0)

    def name(self, kind: str, id_: str) -> str:
        """The name of an actor or issue, which may share an id."""
        return self.situation.scenario.data[kind][id_].get("name") or id_

    def central(self, path: str) -> float | int:
        """The number that a central run uses at a path; one that is computed without the noise of its last digits."""
        value = float(np.ravel(self._values.used[path])[0])
        return plain(value if self.situation.numbers[path].quantity.is_exact else float(f"{value:.12g}"))

    def one(self, path: str) -> float | int:
        """The central number, with a range noted as left behind."""
        if not self.situation.numbers[path].quantity.is_exact:
            self._drop("of an uncertain number all but its central value", path)
        return self.central(path)

    def quantity(self, path: str, name: str) -> dict[str, Any]:
        """A quantity as the columns NAME, NAME_low and NAME_high, those that it needs."""
        quantity = self.situation.numbers[path].quantity
        pulled = np.ravel(self._values.used[path])[0] != np.ravel(self._values.written[path])[0]
        if pulled or not isinstance(quantity, _RANGES):
            if not quantity.is_exact:
                self._drop("of an uncertain number that is no plain range all but its central value", path)
            return {name: self.central(path)}
        if isinstance(quantity, Exact):
            return {name: plain(quantity.value)}
        if isinstance(quantity, Triangular):
            self._drop("that a range is triangular", path)
        low, high = (plain(end) for end in quantity.support())
        found = {f"{name}_low": low, f"{name}_high": high}
        return found if isinstance(quantity, Uniform) else {name: plain(quantity.central()), **found}

    def leave_status_quo(self, id_: str) -> None:
        """Note that the format has no status quo, where the scenario knows it."""
        path = f"issues.{id_}.status_quo"
        if not isinstance(self.situation.numbers[path].quantity, Unknown):
            self._drop("where an issue stands now", path)

    def _drop(self, what: str, path: str) -> None:
        self._dropped[what].add(path)

    def actor(self, id_: str) -> dict[str, Any]:
        """The columns of an actor."""
        now = self.situation
        found = {"actor": id_, **self.quantity(f"actors.{id_}.capability", "capability")}
        if self.name("actors", id_) != id_:
            found["actor_name"] = self.name("actors", id_)
        note = now.scenario.data["actors"][id_].get("note")
        return {**found, "role": now.roles[id_], **({"actor_note": note} if note else {})}

    def issue(self, id_: str) -> dict[str, Any]:
        """The columns of an issue."""
        now = self.situation
        low, high = now.scales[id_]
        labels = now.anchors[id_]
        if len(labels) > 2:
            self._drop("the labels between the ends of a scale", id_)
        found = {
            "issue": id_,
            "scale_low": plain(low),
            "scale_high": plain(high),
            "low_label": labels[low],
            "high_label": labels[high],
        }
        path = f"issues.{id_}.status_quo"
        if not isinstance(now.numbers[path].quantity, Unknown):
            found |= self.quantity(path, "status_quo")
        if self.name("issues", id_) != id_:
            found["issue_name"] = self.name("issues", id_)
        note = now.scenario.data["issues"][id_].get("note")
        return {**found, **({"issue_note": note} if note else {})}

    def source(self, path: str) -> dict[str, Any]:
        """The columns that say where a number comes from."""
        provenance = self.situation.numbers[path].provenance
        found = {"cite": " ".join(provenance.cite), "because": provenance.because}
        return {name: text for name, text in found.items() if text}

    def stance(self, actor: str, issue: str) -> dict[str, Any]:
        """The columns of a stance."""
        stance = self.situation.stances[actor, issue]
        path = f"stances.{actor}.{issue}"
        found = {**self.quantity(f"{path}.position", "position"), **self.quantity(f"{path}.salience", "salience")}
        since = stance.since.isoformat()
        if since not in (NO_DAY, self.situation.as_of.isoformat()):
            found["since"] = since
        return {**found, **self.source(f"{path}.position")}

    def told(self, *more: str, held: Collection[str] = ()) -> tuple[str, ...]:
        """What stays behind, a clause each; `held` are parts of a scenario that the format has."""
        now = self.situation
        data = now.scenario.data
        found = [f"{what} ({len(at)} times)" if len(at) > 1 else what for what, at in self._dropped.items()]
        parts = {
            "ties": "ties",
            "levers": "levers",
            "talks": "the talks",
            "toll": "the toll",
            "game": "the game",
            "variants": "variants",
            "correlations": "correlations",
            "expect": "expected results",
            "outcome": "the outcome",
        }
        there = [word for part, word in parts.items() if data.get(part) and part not in held]
        if any("resolve" in entry for entry in data.get("actors", {}).values()):
            there.append("the numbers of actors' resolve")
        if len(data.get("stances", ())) > len(now.stances):
            there.append("stances that are not in force on the day")
        return (*found, *there, *more)
