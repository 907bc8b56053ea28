"""Why an actor comes or stays away: the terms that make up its margin, and what each rests on."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.intervals import Share, Summary, summarise, wilson
from detente.analysis.results import Result
from detente.analysis.study import Study
from detente.arrays import Floats
from detente.errors import UsageError, nearest
from detente.scenario.situation import Situation


@dataclass(frozen=True)
class Term:
    """One term of the margin, with the numbers that it rests on, those of them that cite no source, and the sources."""

    term: str
    value: Summary
    rests_on: tuple[str, ...]
    uncited: tuple[str, ...]
    sources: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "term": self.term,
            **self.value.to_dict("mean", "q05", "q50", "q95"),
            "rests_on": list(self.rests_on),
            "uncited": list(self.uncited),
            "sources": list(self.sources),
        }


@dataclass(frozen=True)
class ExplainResult(Result):
    """An actor's margin, term by term; the means of the terms add up to the mean of the margin."""

    scenario: str
    actor: str
    draws: int
    seed: int
    central: bool
    required: bool
    comes: Share
    margin: Summary
    fighting_on: Summary
    signed_deal: Summary
    gain: Summary
    others_consent: Summary
    reservation: Summary
    terms: Sequence[Term]
    sources: Sequence[dict[str, Any]]  # of all terms, in their order: id, title, publisher, date
    _situation: Any = field(default=None, repr=False, compare=False)

    def rows(self) -> list[dict[str, Any]]:
        """One record a term."""
        lists = ("rests_on", "uncited", "sources")
        return [{**t.to_dict(), **{name: " ".join(getattr(t, name)) for name in lists}} for t in self.terms]

    def sentences(self) -> list[str]:
        """The result in words."""
        from detente.report.sentences import explain_sentences

        return explain_sentences(self._situation, self.to_dict())

    def charts(self) -> list[Any]:
        """The waterfall."""
        from detente.report.charts import calculation

        return [calculation(self._situation, self.to_dict())]


QUANTITIES = ("fighting_on", "signed_deal", "gain", "others_consent", "margin", "reservation")


def _block(study: Study, index: int, number: int) -> dict[str, Floats]:
    evaluation = study.block(number)
    ready = evaluation.readiness
    found = {name: getattr(ready, name)[:, index] for name in QUANTITIES}
    found["comes"] = ready.comes[:, index]
    for term, values in evaluation.terms().items():
        found["term:" + term] = values[:, index]
    return found


def explain(
    study: Study,
    actor: str,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> ExplainResult:
    """The terms of an actor's margin (talks page, section 2), over draws.

    Raises `UsageError` for an unknown actor, or a scenario without talks.
    """
    situation = study.situation
    if not situation.has_talks or not situation.required:
        raise UsageError("explain: the scenario has no `talks`; expected a scenario with talks")
    if actor not in situation.actors:
        close = nearest(actor, situation.actors)
        hint = f" (did you mean {close}?)" if close else ""
        raise UsageError(f"--actor: found {actor!r}; expected one of {', '.join(situation.actors)}{hint}")
    task = partial(_block, study, situation.actors.index(actor))
    parts = list(map_blocks(task, study.blocks, workers=workers, executor=executor, progress=progress))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    comes = columns["comes"]
    terms = [
        _term(situation, actor, name.removeprefix("term:"), values)
        for name, values in columns.items()
        if name.startswith("term:")
    ]
    return ExplainResult(
        scenario=situation.id,
        actor=actor,
        draws=study.draws,
        seed=study.seed,
        central=study.central,
        required=actor in situation.required,
        comes=wilson(int(comes.sum()), len(comes), exact=study.central),
        **{name: summarise(columns[name]) for name in QUANTITIES},
        terms=terms,
        sources=[_source(situation, id_) for id_ in dict.fromkeys(id_ for term in terms for id_ in term.sources)],
        _situation=situation,
    )


def _term(situation: Situation, actor: str, term: str, values: Floats) -> Term:
    numbers = situation.numbers
    rests_on = tuple(dict.fromkeys(path for path in _paths(situation, actor, term) if path in numbers))
    uncited = tuple(path for path in rests_on if not numbers[path].provenance.cite)
    cites = [c.split("@", 1)[0] for path in rests_on for c in numbers[path].provenance.cite]
    return Term(term, summarise(values), rests_on, uncited, tuple(dict.fromkeys(cites)))


def _source(situation: Situation, id_: str) -> dict[str, Any]:
    """A source's id, title, publisher and day, as the file gives them."""
    source = situation.scenario.sources[id_]
    day = source.date.isoformat() if source.date else None
    return {"id": id_, "title": source.title, "publisher": source.publisher, "date": day}


def _paths(situation: Situation, actor: str, term: str) -> list[str]:
    """The numbers of which a term is made in the first place; every term is also scaled by the others' consent."""
    numbers = situation.numbers
    own = [f"stances.{actor}.{issue}.{part}" for issue in situation.issues for part in ("position", "salience")]
    quo = [f"issues.{issue}.status_quo" for issue in situation.issues]
    backing = [p for p, n in numbers.items() if p.startswith("ties.") and n.field.name == "share"]
    backers = [p.split(".")[1] for p in backing]
    if term == "settlement":
        say = dict.fromkeys([*situation.required, *backers])
        weights = [f"actors.{a}.capability" for a in say]
        stances = [p for a in say for p in numbers if p.startswith(f"stances.{a}.")]
        return [*own, *quo, *stances, *weights, *backing, f"actors.{actor}.curvature", "talks.kept", "talks.success"]
    if term == "war":
        fighters = [a for a, role in situation.roles.items() if role == "belligerent"]
        stances = [p for a in fighters for p in numbers if p.startswith(f"stances.{a}.")]
        weights = [f"actors.{a}.capability" for a in dict.fromkeys([*fighters, *backers])]
        return [
            *own,
            *quo,
            *weights,
            *backing,
            *stances,
            "talks.decided_per_month",
            "talks.decisiveness",
            "talks.discount",
        ]
    if term == "cost":
        return [f"actors.{actor}.cost_of_fighting", "talks.discount", "talks.decided_per_month"]
    if term.startswith("cost:"):
        lever = term.removeprefix("cost:")
        return [f"levers.{lever}.level", f"levers.{lever}.bite.{actor}", "talks.discount"]
    single = {"side_payment": "side_payment", "betrayal": "betrayal_loss", "audience": "audience_cost"}[term]
    path = f"actors.{actor}.{single}"
    raised = [
        p
        for lever in situation.levers
        if path in lever.raises
        for p in (f"levers.{lever.id}.level", f"levers.{lever.id}.raises.{path}")
    ]
    return [path, *raised, *(["talks.kept"] if term == "betrayal" else [])]
