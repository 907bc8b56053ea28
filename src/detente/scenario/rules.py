"""Rules of a scenario that no single field can break: order of dates, duplicates, sums, settings of models."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from detente.errors import UsageError, nearest
from detente.graph.concepts import BY_ID
from detente.outcome import power
from detente.scenario import game, references
from detente.scenario.checking import Checking, day_of, found, note_quantity, scale_of
from detente.scenario.fields import MEANINGS, NUMBERS, SHARED_KINDS
from detente.scenario.nodes import Path
from detente.scenario.paths import records
from detente.scenario.schema import UNLESS_GAME


def check(at: Checking) -> None:
    """Note every breach. A part of the wrong shape has its fault already; no rule says more about it."""
    for rule, parts in _RULES:
        if not at.doubted.intersection(parts):
            rule(at, at.document.data)


def _whole(at: Checking, data: Mapping[str, Any]) -> None:
    """A file holds actors with stances on issues, or a strategic conflict; an expected result is one of two kinds."""
    if data.get("game") is None:
        for name in UNLESS_GAME:
            if data.get(name) is None:
                at.fault((name,), "found nothing", f"expected {name}: {MEANINGS[name]}", key=True)
    for index, entry in records(data.get("expect")):
        of_measure = [name for name in ("measure", "value", "tolerance") if entry.get(name) is not None]
        if (entry.get("equilibria") is None) != (len(of_measure) == 3):
            text = "found " + (", ".join(str(key) for key in entry) or "nothing")
            at.fault(("expect", index), text, "expected measure, value and tolerance, or equilibria")
        elif entry.get("equilibria") is not None and data.get("game") is None:
            at.fault(("expect", index, "equilibria"), "found equilibria without a game", "expected a game", key=True)
        concepts = entry.get("equilibria")
        for concept in concepts if isinstance(concepts, Mapping) else ():
            if concept not in BY_ID:
                path, expected = ("expect", index, "equilibria", concept), f"expected a concept: {', '.join(BY_ID)}"
                at.fault(path, found(concept), expected, nearest(str(concept), BY_ID), key=True)


def _capabilities(at: Checking, data: Mapping[str, Any]) -> None:
    """Every actor has a capability, or votes that give it one; the votes reach their quota."""
    votes = data.get("votes")
    of, others = (votes.get("of"), votes.get("others") or []) if isinstance(votes, Mapping) else ({}, [])
    for id_, actor in records(data.get("actors")):
        if actor.get("capability") is None and not (isinstance(of, Mapping) and of.get(id_) is not None):
            path, field = ("actors", id_, "capability"), NUMBERS["capability"]
            at.fault(path, "found nothing", f"expected capability: {field.meaning}", key=True)
    if not isinstance(votes, Mapping) or not isinstance(of, Mapping) or not isinstance(others, list):
        return
    members, quota = [*(held for held in of.values() if held is not None), *others], votes.get("quota")
    if type(quota) is not int or quota < 1 or not all(type(held) is int and held >= 0 for held in members):
        return  # a fault already
    try:
        power.check(members, quota)
    except UsageError as wrong:
        where, text = str(wrong).split(": ", 1)
        at.fault(("votes", "of" if where == "votes" else where), *text.split("; ", 1), key=where == "votes")


def _scales(at: Checking, data: Mapping[str, Any]) -> None:
    for id_, issue in records(data.get("issues")):
        scale = issue.get("scale")
        if not isinstance(scale, Mapping):
            continue
        places: list[float] = []
        for anchor in scale:
            path = ("issues", id_, "scale", anchor)
            try:
                place = float(anchor)
            except (TypeError, ValueError):
                at.fault(path, f"found the anchor {anchor}", "expected a number", key=True)
                continue
            if not math.isfinite(place):
                at.fault(path, f"found the anchor {anchor}", "expected a finite number", key=True)
            elif place in places:
                at.fault(path, f"found the anchor {anchor} a second time", "expected every anchor once", key=True)
            places.append(place)


def _stances(at: Checking, data: Mapping[str, Any]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for index, stance in records(data.get("stances")):
        key = tuple(str(stance.get(name)) for name in ("actor", "issue", "since"))
        if key in seen:
            text = f"found a second stance of {key[0]} on {key[1]} since {key[2]}"
            at.fault(("stances", index), text, f"expected one: the first is stances[{seen[key]}]")
        seen.setdefault(key, index)


def _days_in_order(at: Checking, path: Path, record: Mapping[str, Any], first: str, last: str) -> None:
    begins, ends = day_of(record.get(first)), day_of(record.get(last))
    if begins and ends and ends < begins:
        at.fault((*path, last), f"found {ends}", f"expected a day on or after {first} ({begins})")


def _days(record: Mapping[str, Any]) -> tuple[dt.date, dt.date]:
    """The first and last day on which a tie holds."""
    return day_of(record.get("since")) or dt.date.min, day_of(record.get("until")) or dt.date.max


def _ties(at: Checking, data: Mapping[str, Any]) -> None:
    seen: dict[tuple[str, ...], list[tuple[int, dt.date, dt.date]]] = defaultdict(list)
    for index, tie in records(data.get("ties")):
        path = ("ties", index)
        _days_in_order(at, path, tie, "since", "until")
        source, target, kind = key = tuple(str(tie.get(name)) for name in ("from", "to", "kind"))
        if source == target and tie.get("from") is not None:
            at.fault((*path, "to"), f"found {target}", "expected another actor than from")
        if tie.get("share") is not None and kind not in SHARED_KINDS:
            text = f"expected none: only {' and '.join(SHARED_KINDS)} have one"
            at.fault((*path, "share"), f"found a share of the kind {kind}", text)
        first, last = _days(tie)
        for other, begins, ends in seen[key]:
            if first <= ends and begins <= last:
                text = f"found a second tie from {source} to {target} of the kind {kind} for the same days"
                at.fault(path, text, f"expected one in force at a time: the first is ties[{other}]")
                break
        seen[key].append((index, first, last))


def _levers(at: Checking, data: Mapping[str, Any]) -> None:
    for id_, lever in records(data.get("levers")):
        path = ("levers", id_)
        _days_in_order(at, path, lever, "since", "until")
        limits = lever.get("limits")
        numbers = isinstance(limits, list) and all(type(x) in (int, float) for x in limits)
        if isinstance(limits, list) and numbers and (len(limits) != 2 or not limits[0] < limits[1]):
            text = "found " + (", ".join(map(str, limits)) or "no number")
            at.fault((*path, "limits"), text, "expected two numbers, the lower first")
        if not lever.get("bite") and not lever.get("raises"):
            at.fault(path, "found neither bite nor raises", "expected what the lever does")


def _talks(at: Checking, data: Mapping[str, Any]) -> None:
    talks, actors = data.get("talks"), data.get("actors")
    if not isinstance(talks, Mapping) or not isinstance(actors, Mapping):
        return
    required, excluded = talks.get("required"), talks.get("excluded")
    left_out = excluded if isinstance(excluded, list) else []
    if isinstance(required, list):
        for index, actor in enumerate(required):
            path = ("talks", "required", index)
            if actor in left_out:
                at.fault(path, f"found {actor}, which is excluded", "expected a party that may come")
            if actor in required[:index]:
                at.fault(path, f"found {actor} a second time", "expected each party once")
    elif required is None and not any(
        actor.get("role") == "belligerent" and id_ not in left_out for id_, actor in records(actors)
    ):
        at.fault(("talks",), "found no required party", "expected required, or a belligerent that is not excluded")
    for index, event in records(talks.get("history")):
        _days_in_order(at, ("talks", "history", index), event, "date", "until")


def _outcome(at: Checking, data: Mapping[str, Any]) -> None:
    """What an issue settled on lies on its scale."""
    outcome = data.get("outcome")
    settled = outcome.get("issues") if isinstance(outcome, Mapping) else None
    for issue, value in settled.items() if isinstance(settled, Mapping) else ():
        ends = scale_of(data, issue)
        if ends is not None and type(value) in (int, float) and not ends[0] <= value <= ends[1]:
            text = f"expected a number from {ends[0]:g} to {ends[1]:g}, the ends of the scale"
            at.fault(("outcome", "issues", issue), found(value), text)


def _models(at: Checking, data: Mapping[str, Any]) -> None:
    """Settings of models: numbers may be quantities, words are checked by the model's own options."""
    from detente.outcome.registry import check_options, get

    for name, options in records(data.get("models")):
        if name not in at.ids["models"]:
            continue  # the key has its fault already
        model = get(name)
        known = {option.name: option for option in model.options}
        for option, value in options.items():
            path = ("models", name, option)
            if value is None:
                continue
            if option in known and known[option].numeric:
                low, high = known[option].low, known[option].high
                low, high = -math.inf if low is None else low, math.inf if high is None else high
                note_quantity(at, path, value, low=low, high=high, integer=known[option].integer)
            else:
                for fault in check_options(model, {option: value}):
                    at.fault(path, fault.found, fault.expected, fault.suggestion, key=option not in known)


def _shares(at: Checking, data: Mapping[str, Any]) -> None:
    """Nobody commits more than all it has, at the least that is written, on any one day."""
    committed: dict[str, list[tuple[int, float, dt.date, dt.date]]] = defaultdict(list)
    for index, tie in records(data.get("ties")):
        parsed = at.numbers.get(("ties", index, "share"))
        if tie.get("kind") == "backs" and parsed is not None and not parsed.quantity.refs:
            committed[str(tie.get("from"))].append((index, parsed.quantity.support()[0], *_days(tie)))
    for source, ties in committed.items():
        for index, _, since, _ in ties:
            total = sum(low for _, low, begins, ends in ties if begins <= since <= ends)
            if total > 1 + 1e-12:
                text = f"found shares of {source} that sum to at least {total:g}"
                at.fault(("ties", index, "share"), text, "expected at most 1 over all that it backs")
                break


# Each rule, and the parts of the file by whose names it judges.
_RULES: tuple[tuple[Callable[[Checking, Mapping[str, Any]], None], tuple[str, ...]], ...] = (
    (_whole, ("game", *UNLESS_GAME)),
    (_capabilities, ("actors", "votes")),
    (_scales, ("issues",)),
    (_stances, ("stances",)),
    (_ties, ("ties",)),
    (_levers, ("levers",)),
    (_talks, ("talks", "actors")),
    (_outcome, ("issues",)),
    (_models, ("models",)),
    (_shares, ("ties",)),
    (references.check, ("actors", "issues", "stances", "ties", "levers", "talks", "game", "models")),
    (game.check, ("game",)),
)
