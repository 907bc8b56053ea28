"""Whom to invite: what happens to the talks with each actor added to, or dropped from, the required parties."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.intervals import wilson
from detente.analysis.results import Result
from detente.analysis.study import Study
from detente.errors import UsageError
from detente.scenario.situation import Situation


@dataclass(frozen=True)
class Table:
    """One make-up of the table and what it gives. Differences are paired: the same draws, other parties."""

    change: str  # "as it is", "add ACTOR", "drop ACTOR"
    actor: str | None
    required: tuple[str, ...]
    excluded: tuple[str, ...]
    convene: dict[str, float]
    difference: float
    margins: dict[str, float]  # mean margin of each required party
    ripe: float
    range_empty: dict[str, float]  # share of draws with no bargaining range, by issue
    leaves_out: tuple[str, ...]  # belligerents that are not required

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        lists = ("required", "excluded", "leaves_out")
        return {**self.__dict__, **{name: list(getattr(self, name)) for name in lists}}


@dataclass(frozen=True)
class PartiesResult(Result):
    """Tables by the chance that talks convene, best first; those that drop a belligerent last, whatever their chance."""

    scenario: str
    draws: int
    seed: int
    central: bool
    tables: Sequence[Table]
    _situation: Any = field(default=None, repr=False, compare=False)

    def rows(self) -> list[dict[str, Any]]:
        """One record a table."""
        return [
            {
                "change": t.change,
                "convene": t.convene["p"],
                "difference": t.difference,
                "ripe": t.ripe,
                **{f"no range on {i}": p for i, p in t.range_empty.items()},
            }
            for t in self.tables
        ]

    def sentences(self) -> list[str]:
        """The result in words."""
        from detente.report.sentences import parties_sentences

        return parties_sentences(self._situation, self.to_dict())

    def charts(self) -> list[Any]:
        """How often talks convene with each table, as a picture."""
        from detente.report.charts import invitations

        return [invitations(self._situation, self.to_dict())]


def _tables(situation: Situation) -> list[tuple[str, str | None, Situation]]:
    """The table as it is, then with each actor dropped or added."""
    found: list[tuple[str, str | None, Situation]] = [("as it is", None, situation)]
    for actor in situation.actors:
        if actor in situation.required:
            required = tuple(a for a in situation.required if a != actor)
            if required:
                excluded = (*situation.excluded, actor)
                found.append((f"drop {actor}", actor, replace(situation, required=required, excluded=excluded)))
        else:
            required = tuple(a for a in situation.actors if a in situation.required or a == actor)
            excluded = tuple(a for a in situation.excluded if a != actor)
            found.append((f"add {actor}", actor, replace(situation, required=required, excluded=excluded)))
    return found


def _left_out(situation: Situation) -> tuple[str, ...]:
    """The belligerents that are not required at a table."""
    return tuple(a for a in situation.actors if situation.roles[a] == "belligerent" and a not in situation.required)


def _block(study: Study, tables: Sequence[Situation], number: int) -> list[dict[str, Any]]:
    base = study.block(number)
    found = []
    for situation in tables:
        evaluation = base.on(situation)
        ready, rng = evaluation.readiness, evaluation.bargaining_range
        found.append(
            {
                "convene": int(ready.convene.sum()),
                "ripe": int(ready.ripe.sum()),
                "margin": ready.margin.sum(axis=0),
                "empty": np.asarray(rng.empty).sum(axis=0),
                "n": evaluation.size,
            }
        )
    return found


def parties(
    study: Study, *, workers: int = 1, executor: Executor | None = None, progress: Progress | None = None
) -> PartiesResult:
    """Convening, margins and bargaining range with each actor added to or dropped from the required parties."""
    situation = study.situation
    if not situation.has_talks or not situation.required:
        raise UsageError("tip --parties: the scenario has no `talks`; expected a scenario with talks")
    tables = _tables(situation)
    task = partial(_block, study, [s for _, _, s in tables])
    parts = list(map_blocks(task, study.blocks, workers=workers, executor=executor, progress=progress))
    n = sum(part[0]["n"] for part in parts)
    base = sum(part[0]["convene"] for part in parts) / n
    found = []
    for t, (change, actor, table) in enumerate(tables):
        convene = sum(part[t]["convene"] for part in parts)
        margin = sum(part[t]["margin"] for part in parts) / n
        empty = sum(part[t]["empty"] for part in parts) / n
        found.append(
            Table(
                change=change,
                actor=actor,
                required=table.required,
                excluded=table.excluded,
                convene=wilson(convene, n, exact=study.central).to_dict(),
                difference=convene / n - base,
                margins={a: float(margin[situation.actors.index(a)]) for a in table.required},
                ripe=sum(part[t]["ripe"] for part in parts) / n,
                range_empty={issue: float(empty[k]) for k, issue in enumerate(situation.issues)},
                leaves_out=_left_out(table),
            )
        )
    # A meeting without a belligerent cannot end that party's war, so it is never the first advice.
    absent = set(_left_out(situation))
    found.sort(key=lambda table: (bool(set(table.leaves_out) - absent), -table.convene["p"], table.change))
    return PartiesResult(situation.id, study.draws, study.seed, study.central, found, _situation=situation)
