"""Games of the graph model as the program GMCR+ keeps them, in JSON: read into a `Conflict`, and written from one.

Options are numbered by their place in the file, and regrouped decision maker by decision maker before anything else is
read, because rankings number the feasible states in the order of the regrouped codes. ``fwd`` is from no to yes only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detente.errors import Fault, InputError, UsageError
from detente.formats import MAX_BYTES, Foreign, open_file
from detente.graph.formulas import WORDS, Formula, option
from detente.graph.options import Direction, OptionForm
from detente.graph.patterns import Pattern, bits
from detente.graph.preferences import Ranks
from detente.scenario.conflict import Conflict, GameNames, Preference, Statement, View

DIRECTIONS: dict[str, Direction] = {"both": "both", "fwd": "forward", "back": "back"}
WRITTEN = {ours: theirs for theirs, ours in DIRECTIONS.items()}
PICKLED = b"(c]})"  # how a pickle of before protocol 2 begins, none of which JSON can; it ends in a full stop

Pairs = tuple[tuple[int, bool], ...]  # options, and whether each is taken
Condition = tuple[Pairs, ...]  # any of these


@dataclass(frozen=True)
class ReadGame:
    """A game read from a file, and what the file holds that was not taken over."""

    conflict: Conflict
    lost: tuple[str, ...] = ()


def read(path: Path) -> ReadGame:
    """The game in a ``.gmcr`` file. Raises `InputError` with one line a fault; old pickled files are refused, unread."""
    return game_in(open_file(path))


def game_in(file: Foreign) -> ReadGame:
    """The game in a file that has been opened, as `read`."""
    data = file.whole(MAX_BYTES)
    if data.startswith(b"\x80") or (data[:1] in PICKLED and data.rstrip().endswith(b".")):
        expected = "expected JSON; save it again with a newer version of the program"
        raise InputError(
            Fault("found a pickled file of an old version, which could run code", expected, file=file.name)
        )
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(Fault("found bytes that are no text", "expected JSON in UTF-8", file=file.name)) from None
    except json.JSONDecodeError as error:
        expected = f"expected JSON: {error.msg.lower()}"
        raise InputError(Fault("found what is no JSON", expected, "", file.name, error.lineno, error.colno)) from None
    except RecursionError:
        raise InputError(Fault("found brackets nested too deep", "expected a game", file=file.name)) from None
    return _Reader(file.name, found).read()


class _Reader:
    """One file being read; the first part with faults ends it, since the parts after it rest on it."""

    def __init__(self, file: str, data: Any) -> None:
        self.file = file
        self.data = data
        self.faults: list[Fault] = []
        self.lost: list[str] = []

    def fault(self, path: str, found: Any, expected: str) -> None:
        shown = found if isinstance(found, str) and found.startswith("found") else f"found {_shown(found)}"
        self.faults.append(Fault(shown, expected, path, self.file))

    def stop(self) -> None:
        if self.faults:
            raise InputError(self.faults)

    def read(self) -> ReadGame:
        if not isinstance(self.data, dict):
            self.fault("", self.data, "expected an object with options and decisionMakers")
            self.stop()
        options = self.table("options")
        makers = self.table("decisionMakers")
        self.stop()
        order = self.regroup(options, makers)
        self.stop()
        place = {old: new for new, old in enumerate(order)}
        directions = tuple(self.direction(options[old], f"options[{old}]") for old in order)
        infeasible = [
            _pattern(pairs)
            for condition in self.conditions(self.data.get("infeasibles"), "infeasibles", place)
            for pairs in condition
        ]
        self.stop()
        owned = tuple(len(maker["options"]) for maker in makers)
        form = OptionForm(owned, directions, tuple(dict.fromkeys(infeasible)))
        try:
            form.codes  # noqa: B018  so that what is wrong with the states is said here
        except UsageError as error:
            found_, _, expected = str(error).partition("; ")
            self.fault("infeasibles", found_, expected)
            self.stop()
        preferences = tuple(
            self.preference(maker, f"decisionMakers[{n}]", place, form) for n, maker in enumerate(makers)
        )
        self.stop()
        option_names = tuple(_name(options[old], f"option {old + 1}") for old in order)
        maker_names = tuple(_name(maker, f"decision maker {n + 1}") for n, maker in enumerate(makers))
        names = GameNames(_ids(maker_names), maker_names, _ids(option_names), option_names)
        views = [self.view(maker, n, place, form) for n, maker in enumerate(makers) if maker.get("misperceptions")]
        self.stop()
        conflict = Conflict(names, form, preferences, None, self.coalitions(len(makers)), tuple(views))
        return ReadGame(conflict, tuple(self.lost))

    def view(self, maker: dict[str, Any], number: int, place: dict[int, int], form: OptionForm) -> View:
        """The states that a decision maker does not see."""
        path, hidden = f"decisionMakers[{number}].misperceptions", np.zeros(form.states, dtype=np.bool_)
        for condition in self.conditions(maker["misperceptions"], path, place):
            for pattern in map(_pattern, condition):
                hidden |= (form.codes & pattern.mask) == pattern.value
        if hidden.all():
            self.fault(path, "found every state unseen", "expected one that is seen")
        return View(number, tuple(np.flatnonzero(hidden).tolist()), {})

    def table(self, key: str) -> list[dict[str, Any]]:
        found = self.data.get(key)
        if not isinstance(found, list) or not found:
            self.fault(key, "found none" if found is None else found, "expected a list of objects")
            return []
        for number, entry in enumerate(found):
            if not isinstance(entry, dict):
                self.fault(f"{key}[{number}]", entry, "expected an object")
        return found

    def regroup(self, options: Sequence[Any], makers: Sequence[dict[str, Any]]) -> list[int]:
        """The options in the order of their owners, each in the order of its list."""
        order: list[int] = []
        for number, maker in enumerate(makers):
            path = f"decisionMakers[{number}].options"
            owned = maker.get("options")
            if not isinstance(owned, list):
                self.fault(path, owned, "expected a list of option numbers")
                continue
            for index in owned:
                if type(index) is not int or not 0 <= index < len(options):
                    self.fault(path, index, f"expected an option number from 0 to {len(options) - 1}")
                elif index in order:
                    self.fault(path, f"found option {index} a second time", "expected each option with one owner")
                else:
                    order.append(index)
        if not self.faults and (missing := sorted(set(range(len(options))) - set(order))):
            self.fault(
                f"options[{missing[0]}]", "found an option that nobody owns", "expected it with a decision maker"
            )
        return order

    def direction(self, entry: dict[str, Any], path: str) -> Direction:
        found = entry.get("permittedDirection", "both")
        if not isinstance(found, str) or found not in DIRECTIONS:
            self.fault(f"{path}.permittedDirection", found, "expected both, fwd or back")
            return "both"
        return DIRECTIONS[found]

    # --- conditions ------------------------------------------------------------------------------------------------

    def conditions(self, found: Any, path: str, place: dict[int, int]) -> list[Condition]:
        """Conditions without those that come a second time; the first place of each is kept, as the program does."""
        if found is None:
            return []
        if not isinstance(found, list):
            self.fault(path, found, "expected a list of conditions")
            return []
        read = [self.condition(entry, f"{path}[{number}]", place) for number, entry in enumerate(found)]
        return list(dict.fromkeys(condition for condition in read if condition))

    def condition(self, entry: Any, path: str, place: dict[int, int]) -> Condition:
        if isinstance(entry, dict):
            members = entry.get("members")
            if entry.get("compound") is not True or not isinstance(members, list) or not members:
                self.fault(path, entry, "expected a list of pairs, or compound with members")
                return ()
            parts = [self.pairs(member, f"{path}.members[{n}]", place) for n, member in enumerate(members)]
            return tuple(dict.fromkeys(part for part in parts if part))
        pairs = self.pairs(entry, path, place)
        return (pairs,) if pairs else ()

    def pairs(self, entry: Any, path: str, place: dict[int, int]) -> Pairs:
        if not isinstance(entry, list) or not entry:
            self.fault(path, entry, 'expected pairs of an option number and "Y" or "N"')
            return ()
        taken: dict[int, bool] = {}
        for number, pair in enumerate(entry):
            right = isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is int and pair[1] in ("Y", "N")
            if not right or pair[0] not in place:
                self.fault(f"{path}[{number}]", pair, f'expected an option number below {len(place)} and "Y" or "N"')
                continue
            value = pair[1] == "Y"
            if taken.setdefault(place[pair[0]], value) != value:
                self.fault(f"{path}[{number}]", f"found option {pair[0]} both Y and N", "expected one of them")
        return tuple(sorted(taken.items()))

    # --- preferences -----------------------------------------------------------------------------------------------

    def preference(self, maker: dict[str, Any], path: str, place: dict[int, int], form: OptionForm) -> Preference:
        manual = self.data.get("useManualPreferenceRanking", self.data.get("useManualPreferenceVectors", False))
        if manual:
            key = "preferenceRanking" if "preferenceRanking" in maker else "preferenceVector"
            return Preference(levels=self.levels(maker.get(key), f"{path}.{key}", form.states))
        found = self.conditions(maker.get("preferences"), f"{path}.preferences", place)
        return Preference(statements=tuple(_statement(condition) for condition in found))

    def levels(self, found: Any, path: str, states: int) -> tuple[tuple[int, ...], ...]:
        """Levels of states from 0, the best first, of a list of numbers from 1 with lists for ties."""
        if not isinstance(found, list):
            self.fault(path, "found none" if found is None else found, "expected all feasible states, the best first")
            return ()
        levels = [entry if isinstance(entry, list) else [entry] for entry in found]
        flat = [number for level in levels for number in level]
        if wrong := [n for n in flat if type(n) is not int or not 1 <= n <= states]:
            self.fault(path, wrong[0], f"expected a state from 1 to {states}")
        elif len(set(flat)) < len(flat):
            twice = next(n for n in flat if flat.count(n) > 1)
            self.fault(path, f"found the state {twice} a second time", "expected each state once")
        elif len(flat) < states:
            missing = min(set(range(1, states + 1)) - set(flat))
            self.fault(path, f"found a ranking without the state {missing}", f"expected all {states} states")
        else:
            return tuple(tuple(number - 1 for number in level) for level in levels if level)
        return ()

    def coalitions(self, makers: int) -> tuple[tuple[int, ...], ...]:
        """The coalitions of more than one, where the list is a partition; none otherwise, as the program resets it."""
        found = self.data.get("coalitions")
        if found is None:
            return ()
        groups = [group if isinstance(group, list) else [group] for group in found] if isinstance(found, list) else []
        members = [member for group in groups for member in group]
        if any(type(member) is not int for member in members) or sorted(members) != list(range(makers)):
            self.lost.append("coalitions that do not hold each decision maker once: everybody stands alone")
            return ()
        return tuple(tuple(group) for group in groups if len(group) > 1)


def _shown(found: Any) -> str:
    text = json.dumps(found, ensure_ascii=False)
    return text if len(text) <= 40 else text[:37] + "..."


def _name(entry: dict[str, Any], otherwise: str) -> str:
    found = entry.get("name")
    return found.strip() or otherwise if isinstance(found, str) else otherwise


def _ids(names: Iterable[str]) -> tuple[str, ...]:
    """Ids made of names, which need not be unique."""
    from detente.scenario.ids import slug, unused

    found: list[str] = []
    for name in names:
        id_ = slug(name)
        found.append(unused(f"x-{id_}" if id_ in WORDS else id_, found))  # a word of formulas is no id
    return tuple(found)


def _pattern(pairs: Pairs) -> Pattern:
    return Pattern(sum(1 << o for o, _ in pairs), sum(1 << o for o, taken in pairs if taken))


def _statement(condition: Condition) -> Statement:
    formula = _any([_all([option(o) if taken else ~option(o) for o, taken in pairs]) for pairs in condition])
    return Statement(formula, " | ".join(_text(pairs) for pairs in condition))


def _text(pairs: Pairs) -> str:
    return " & ".join(f"{'' if taken else '-'}{o + 1}" for o, taken in pairs)


def _all(parts: Sequence[Formula]) -> Formula:
    found = parts[0]
    for part in parts[1:]:
        found = found & part
    return found


def _any(parts: Sequence[Formula]) -> Formula:
    found = parts[0]
    for part in parts[1:]:
        found = found | part
    return found


# --- writing -------------------------------------------------------------------------------------------------------

MOST_RANKED = 100_000  # states in the rankings of a file


def write(conflict: Conflict) -> tuple[str, tuple[str, ...]]:
    """A game as a ``.gmcr`` file, and what the format cannot hold.

    Statements are written where every decision maker has them, sure ones without fine-tuning; rankings otherwise.
    Raises `UsageError` for what has no form there: graph form, merged states, bans.
    """
    form = conflict.form
    if not isinstance(form, OptionForm) or not form.transitive:
        raise UsageError(
            "export: found a game in graph form, or with merged states or bans; expected plain option form"
        )
    kept = all(p.statements is not None and not p.changes for p in conflict.preferences) and not conflict.uncertain
    if not kept and form.states > MOST_RANKED:
        raise UsageError(
            f"export: found {form.states:,} states to rank; expected at most {MOST_RANKED:,}, or statements"
        )
    lost = []
    if conflict.status_quo is not None:
        lost.append(f"the status quo {form.text(conflict.status_quo)}")
    if conflict.uncertain:
        lost.append("the probabilities of statements: rankings at the central values are written")
    elif not kept:
        lost.append("weights and fine-tuning as such: the rankings that they make are written")
    views = {view.maker: view for view in conflict.views}
    if any(view.preferences for view in conflict.views):
        lost.append("what decision makers take others to want")
    names, low = conflict.names, 0
    makers = []
    for maker, (shown, count) in enumerate(zip(names.maker_names, form.owned, strict=True)):
        entry: dict[str, Any] = {"name": shown, "options": list(range(low, low + count))}
        statements = conflict.preferences[maker].statements if kept else ()
        entry["preferences"] = [_condition(statement.formula) for statement in statements or ()]
        if not kept:
            entry["preferenceRanking"] = _ranking(conflict.ranks(maker))
        if maker in views and views[maker].unseen:
            entry["misperceptions"] = [
                [[o, "Y" if code >> o & 1 else "N"] for o in range(form.options)]
                for code in form.codes[list(views[maker].unseen)].tolist()
            ]
        makers.append(entry)
        low += count
    data: dict[str, Any] = {
        "program": "gmcr-py",
        "version": "0.3.12",
        "options": [
            {"name": shown, "permittedDirection": WRITTEN[direction]}
            for shown, direction in zip(names.option_names, form.directions, strict=True)
        ],
        "decisionMakers": makers,
        "infeasibles": [_conjunction(pattern) for pattern in form.infeasible],
        "useManualPreferenceRanking": not kept,
    }
    grouped = [member for group in conflict.coalitions for member in group]
    if conflict.coalitions and len(set(grouped)) == len(grouped):
        alone = [maker for maker in range(form.makers) if maker not in grouped]
        data["coalitions"] = [*(list(group) for group in conflict.coalitions), *alone]
    elif conflict.coalitions:
        lost.append("coalitions that overlap")
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n", tuple(lost)


def _conjunction(pattern: Pattern) -> list[list[int | str]]:
    return [[o, "Y" if pattern.value >> o & 1 else "N"] for o in bits(pattern.mask)]


def _condition(formula: Formula) -> Any:
    """A statement as a conjunction or a union of them."""
    patterns = formula.patterns()
    if len(patterns) == 1 and patterns[0].mask:
        return _conjunction(patterns[0])
    if not patterns or not all(pattern.mask for pattern in patterns):
        return {"compound": True, "members": [[[0, "Y"]], [[0, "N"]]]}  # true or false everywhere: it orders nothing
    return {"compound": True, "members": [_conjunction(pattern) for pattern in patterns]}


def _ranking(ranks: Ranks) -> list[Any]:
    levels = [(np.flatnonzero(ranks == rank) + 1).tolist() for rank in range(int(ranks.max()), 0, -1)]
    return [level[0] if len(level) == 1 else level for level in levels]
