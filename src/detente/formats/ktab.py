"""Files of the KAPSARC Toolkit for Behavioral Analysis (KTAB): scenarios as CSV or XML, results as SQLite.

What the three have in common stands here; `ktab_csv`, `ktab_xml` and `ktab_results` know how each is written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from detente.errors import UsageError, nearest
from detente.formats import Foreign, Written
from detente.formats.draft import Draft, plain
from detente.formats.leaving import Leaving
from detente.formats.text import number
from detente.scenario.situation import Situation

MODEL = "spatial-ktab"
MOST_CAPABLE = 1e8
LONGEST_NAME, LONGEST_TEXT = 25, 256
FEWEST, MOST = 3, 250  # actors that KTAB takes

# KTAB's nine parameters and their values, in the order of its integer codes.
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "VictoryProbModel": ("Linear", "Square", "Quartic", "Octic", "Binary"),
    "PCEModel": ("Conditional", "MarkovIncentive", "MarkovUniform"),
    "StateTransitions": ("Deterministic", "Stochastic"),
    "VotingRule": ("Binary", "PropBin", "Prop", "PropCbc", "Cubic", "ASymProsp"),
    "BigRAdjust": ("None", "OneThird", "Half", "TwoThirds", "Full"),
    "BigRRange": ("Min", "Mid", "Max"),
    "ThirdPartyCommit": ("NoCommit", "SemiCommit", "FullCommit"),
    "InterVecBrgn": ("S1P1", "S2P2", "S2PMax"),
    "BargnModel": ("InitOnlyInterp", "InitRcvrInterp", "PWCompInterp"),
}

DEFAULTS: Mapping[str, str] = {
    "VictoryProbModel": "Linear",
    "PCEModel": "Conditional",
    "StateTransitions": "Deterministic",
    "VotingRule": "Prop",
    "BigRAdjust": "OneThird",
    "BigRRange": "Mid",
    "ThirdPartyCommit": "SemiCommit",
    "InterVecBrgn": "S2P2",
    "BargnModel": "InitOnlyInterp",
}
SEED = str(0xD67CC16FE69C185C)  # KTAB's own, where a scenario has none
# The option of the model that each of them is; its words stand in the same order.
OPTIONS: Mapping[str, str] = {
    "VictoryProbModel": "victory",
    "PCEModel": "election",
    "StateTransitions": "transitions",
    "VotingRule": "voting",
    "BigRAdjust": "risk_adjust",
    "BigRRange": "risk_range",
    "ThirdPartyCommit": "third_parties",
    "InterVecBrgn": "interpolation",
    "BargnModel": "bargain",
}


@dataclass
class Actor:
    """An actor as KTAB writes it: numbers as text, saliences and positions from 0 to 100."""

    name: str
    description: str
    capability: str
    position: Sequence[str]
    salience: Sequence[str]
    line: int | None


@dataclass
class Model:
    """A scenario as KTAB writes it."""

    name: str
    description: str
    dimensions: Sequence[str]
    actors: Sequence[Actor]
    parameters: Mapping[str, str] = field(default_factory=dict)
    seed: str | None = None
    accommodation: Mapping[tuple[str, str], tuple[str, int | None]] = field(default_factory=dict)
    line: int | None = None  # of the dimensions


def recognises(file: Foreign) -> bool:
    """Whether it is one of KTAB's three kinds of file."""
    return _kind(file) is not None


def _kind(file: Foreign) -> str | None:
    modules = ("ktab_results", "ktab_xml", "ktab_csv")
    return next((m for m in modules if import_module(f"detente.formats.{m}").recognises(file)), None)


def read(file: Foreign) -> Draft:
    """A draft of a KTAB file of any kind. Raises `InputError` with every fault."""
    return import_module(f"detente.formats.{_kind(file) or 'ktab_csv'}").read(file)


def write(situation: Situation, path: Path) -> Written:
    """A situation as KTAB's CSV where the name ends in .csv, else as its XML, which also has the parameters."""
    if path.suffix.lower() not in (".csv", ".xml", ""):
        raise UsageError(f"export: found {path.name}; expected a name that ends in .xml or .csv")
    module = "ktab_csv" if path.suffix.lower() == ".csv" else "ktab_xml"
    return import_module(f"detente.formats.{module}").write(situation)


# --- in ------------------------------------------------------------------------------------------------------------


def fill(draft: Draft, model: Model) -> None:
    """Put a model into a draft, checked as KTAB checks it."""
    draft.data["title"] = model.name
    if model.description:
        draft.data["question"] = model.description
    for name in _once(draft, "dimension", [(name, model.line) for name in model.dimensions]):
        draft.issue(name, line=model.line)
    if not model.dimensions:
        draft.fault(model.line, "dimensions", "found none", "expected at least one")
    if not model.actors:
        draft.fault(model.line, "actors", "found none", "expected at least one")
    for _ in _once(draft, "name", [(actor.name, actor.line) for actor in model.actors]):
        pass
    draft.stop()
    for actor in model.actors:
        _actor(draft, model, actor)
    draft.stop()
    _parameters(draft, model)
    _accommodation(draft, model)


def _once(draft: Draft, what: str, names: Sequence[tuple[str, int | None]]) -> list[str]:
    """Names, each noted where it is missing or comes twice."""
    first: dict[str, int | None] = {}
    for name, line in names:
        if not name:
            draft.fault(line, what, "found nothing", "expected a name")
        elif name in first:
            draft.fault(line, what, f"found {name[:40]} a second time", "expected each once")
        else:
            first[name] = line
    return list(first)


def amount(draft: Draft, line: int | None, what: str, text: str, high: float, *, above: bool = False) -> Decimal | None:
    """A number from 0 (or above it) to `high`; None, and a fault, where the text holds none."""
    value = number(text)
    if value is not None and 0 <= float(value) <= high and not (above and value == 0):
        return value
    span = f"above 0 and at most {high:g}" if above else f"from 0 to {high:g}"
    draft.fault(line, what, f"found {text[:40] or 'nothing'}", f"expected a number {span}")
    return None


def _actor(draft: Draft, model: Model, actor: Actor) -> None:
    capability = amount(draft, actor.line, f"{actor.name}.capability", actor.capability, MOST_CAPABLE, above=True)
    id_ = draft.actor(
        actor.name,
        line=actor.line,
        capability=None if capability is None else plain(capability),
        note=actor.description or None,
    )
    total = Decimal(0)
    for dimension, at, weight in zip(model.dimensions, actor.position, actor.salience, strict=True):
        position = amount(draft, actor.line, f"{actor.name}.{dimension}", at, 100)
        salience = amount(draft, actor.line, f"{actor.name}.{dimension} salience", weight, 100)
        if position is None or salience is None:
            continue
        total += salience
        numbers = {"position": plain(position), "salience": plain(salience / 100)}
        draft.stance(id_, draft.id_of("issues", dimension), line=actor.line, **numbers)
    if not 0 < total <= Decimal("100.000001") and not draft.faults:
        found = f"found saliences that sum to {plain(total):g}"
        draft.fault(actor.line, f"{actor.name}.salience", found, "expected a sum above 0 and at most 100")


def option_of(parameter: str) -> tuple[str, Mapping[str, str]]:
    """The option of the model that a parameter of KTAB's is, and its word for each of KTAB's values.

    >>> option_of("InterVecBrgn")
    ('interpolation', {'S1P1': 's1p1', 'S2P2': 's2p2', 'S2PMax': 's2pmax'})
    """
    from detente.outcome.registry import get

    option = next(option for option in get(MODEL).options if option.name == OPTIONS[parameter])
    return option.name, dict(zip(PARAMETERS[parameter], option.choices, strict=True))


def _parameters(draft: Draft, model: Model) -> None:
    settings: dict[str, Any] = {}
    for parameter, value in model.parameters.items():
        option, words = option_of(parameter)
        settings[option] = words[value]
    if model.seed is not None:
        settings["seed"] = model.seed
    if settings:
        draft.data["models"] = {MODEL: settings}


def parameter(draft: Draft, line: int | None, name: str, value: str) -> str | None:
    """A value of a parameter; a fault where KTAB knows none such. Its schema calls one of them by another name."""
    value = "None" if (name, value) == ("BigRAdjust", "No") else value
    if value in PARAMETERS[name]:
        return value
    expected = f"expected one of {', '.join(PARAMETERS[name])}"
    draft.fault(line, name, f"found {value[:40] or 'nothing'}", expected, nearest(value, PARAMETERS[name]))
    return None


def _accommodation(draft: Draft, model: Model) -> None:
    """How far each actor's ideal follows positions: a row an actor, 1 on the diagonal where the file says nothing."""
    known = {actor.name for actor in model.actors}
    matrix: dict[str, dict[str, Decimal]] = {name: {name: Decimal(1)} for name in known}
    lines: dict[str, int | None] = {}
    for (who, whom), (text, line) in model.accommodation.items():
        for what, name in (("adjustingIdeal", who), ("referencePos", whom)):
            if name not in known:
                draft.fault(line, what, f"found {name[:40]}", "expected an actor's name", nearest(name, known))
        share = amount(draft, line, "adjust", text, 1)
        if share is not None and who in known and whom in known:
            matrix[who][whom] = share
            lines[who] = line
    for who, row in matrix.items():
        if sum(row.values()) > Decimal("1.000001"):
            found = f"found adjustments of {who} that sum to {plain(sum(row.values(), Decimal(0))):g}"
            expected = f"expected at most 1; that of {who} to itself is 1 unless the file gives it"
            draft.fault(lines.get(who), "IdealAdjustment", found, expected)
    ids = {name: draft.id_of("actors", name) for name in known}
    ties, lag = [], []
    for who in (actor.name for actor in model.actors):
        row = matrix[who]
        others = {whom: share for whom, share in row.items() if whom != who and share}
        ties += [
            {"from": ids[whom], "to": ids[who], "kind": "influences", "share": plain(share)}
            for whom, share in others.items()
        ]
        if row[who] != 1 - sum(others.values(), Decimal(0)):
            lag.append(who)
    if ties:
        draft.data["ties"] = ties
    if lag:
        draft.lost.append(
            f"that ideals lag behind: of {', '.join(lag[:5])} the adjustments sum to less than 1, and here the rest"
            " follows the actor's own position"
        )


# --- out -----------------------------------------------------------------------------------------------------------


@dataclass
class Outgoing:
    """A situation in KTAB's terms, and what of it stays behind."""

    leaving: Leaving
    told: list[str] = field(default_factory=list)

    def model(self) -> Model:
        """The situation as KTAB would write it. Raises `UsageError` where it has too few or too many actors."""
        now = self.leaving.situation
        if not FEWEST <= len(now.actors) <= MOST:
            raise UsageError(f"export: found {len(now.actors)} actors; expected {FEWEST} to {MOST}, as KTAB takes")
        named, described = self._names()
        share = self._largest()
        actors = [
            Actor(
                named[id_],
                described[id_],
                _digits(self._capability(id_)),
                [_digits(self._position(id_, issue)) for issue in now.issues],
                [_digits(100 * self._salience(id_, issue) / share) for issue in now.issues],
                None,
            )
            for id_ in now.actors
        ]
        return Model(
            now.title,
            now.scenario.data.get("question") or "",
            self._dimensions(),
            actors,
            self._settings(),
            self._seed(),
            self._accommodation(named),
        )

    def _accommodation(self, named: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, int | None]]:
        """How far ideals follow others' positions: from the shares of influence, of each row at most 1 in all."""
        rows: dict[str, dict[str, float]] = {}
        for tie in self.leaving.situation.ties:
            if tie.kind == "influences" and tie.share_path is not None:
                rows.setdefault(tie.target, {})[tie.source] = self.leaving.one(tie.share_path)
        found: dict[tuple[str, str], tuple[str, int | None]] = {}
        for who, row in rows.items():
            total = max(sum(row.values()), 1.0)
            shares = {whom: Decimal(_digits(share / total)) for whom, share in row.items()}
            shares = {who: max(1 - sum(shares.values(), Decimal(0)), Decimal(0)), **shares}
            found |= {(named[who], named[whom]): (f"{share:f}", None) for whom, share in shares.items()}
        return found

    def _names(self) -> tuple[dict[str, str], dict[str, str]]:
        """Names of at most 25 characters, ids where names are longer or not unique, and descriptions."""
        now, data = self.leaving.situation, self.leaving.situation.scenario.data
        full = {id_: self.leaving.name("actors", id_) for id_ in now.actors}
        named: dict[str, str] = {}
        for id_ in now.actors:
            short = full[id_] if len(full[id_]) <= LONGEST_NAME else id_[:LONGEST_NAME]
            if short in named.values() or list(full.values()).count(full[id_]) > 1:
                short = next(s for s in (id_, *_numbered(id_)) if s not in named.values() and len(s) <= LONGEST_NAME)
            named[id_] = short
        notes = {id_: data["actors"][id_].get("note") or "" for id_ in now.actors}
        described = {
            id_: "; ".join(filter(None, (full[id_] if full[id_] != named[id_] else "", notes[id_])))[:LONGEST_TEXT]
            for id_ in now.actors
        }
        if any(named[id_] != full[id_] for id_ in now.actors):
            self.told.append(
                f"names longer than {LONGEST_NAME} characters: they are descriptions, and ids stand for them"
            )
        return named, described

    def _dimensions(self) -> list[str]:
        now = self.leaving.situation
        names = [self.leaving.name("issues", issue) for issue in now.issues]
        return [name if names.count(name) == 1 else id_ for name, id_ in zip(names, now.issues, strict=True)]

    def _capability(self, id_: str) -> float:
        value = self.leaving.one(f"actors.{id_}.capability")
        if not 0 < value <= MOST_CAPABLE:
            expected = f"expected a number above 0 and at most {MOST_CAPABLE:g}, as KTAB takes"
            raise UsageError(f"export: actors.{id_}.capability: found {value:g}; {expected}")
        return value

    def _position(self, actor: str, issue: str) -> float:
        """A position from 0 to 100; where an actor has no stance, where the issue stands, with salience 0."""
        now = self.leaving.situation
        low, high = now.scales[issue]
        path = f"stances.{actor}.{issue}.position"
        if path in now.numbers:
            value = self.leaving.one(path)
        else:
            value = self.leaving.central(f"issues.{issue}.status_quo")
            text = "that an actor has no stance on an issue: salience 0 stands for that, at the status quo"
            self.told += [text] if text not in self.told else []
        if (low, high) != (0, 100):
            text = "scales other than 0 to 100: positions are shares of the scale"
            self.told += [text] if text not in self.told else []
            return 100 * (value - low) / (high - low)
        return value

    def _salience(self, actor: str, issue: str) -> float:
        path = f"stances.{actor}.{issue}.salience"
        return self.leaving.one(path) if path in self.leaving.situation.numbers else 0.0

    def _largest(self) -> float:
        """What saliences are divided by: the largest sum of an actor's, where that is above 1."""
        now = self.leaving.situation
        sums = {a: sum(self._salience(a, issue) for issue in now.issues) for a in now.actors}
        empty = [actor for actor, total in sums.items() if total == 0]
        if empty:
            text = f"export: stances.{empty[0]}: found no salience above 0; expected one on some issue, as KTAB takes"
            raise UsageError(text)
        largest = max(sums.values())
        if largest <= 1 + 1e-9:
            return 1.0
        self.told.append(f"saliences as they are: all are divided by {largest:g}, the largest sum of an actor's")
        return largest

    def _settings(self) -> dict[str, str]:
        """All nine parameters, those that the scenario leaves out at KTAB's defaults."""
        given = self.leaving.situation.models.get(MODEL, {})
        found = dict(DEFAULTS)
        for parameter, option in OPTIONS.items():
            if option in given:
                back = {word: value for value, word in option_of(parameter)[1].items()}
                found[parameter] = back[str(given[option])]
        return found

    def _seed(self) -> str:
        return str(self.leaving.situation.models.get(MODEL, {}).get("seed", SEED))


def _numbered(id_: str) -> list[str]:
    return [f"{id_[: LONGEST_NAME - 4]}-{count}" for count in range(2, MOST + 2)]


def _digits(value: float) -> str:
    """A number as KTAB reads it: no exponent, nothing that binary fractions add."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return text if math.isfinite(value) and text not in ("", "-0") else "0"
