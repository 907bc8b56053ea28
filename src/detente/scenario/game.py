"""Rules of the strategic conflict under ``game``: ids that its parts name must be there, formulas must read as such."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.errors import InputError, nearest
from detente.graph.formulas import EXPECTED, WORDS, parse
from detente.scenario.checking import Checking, found
from detente.scenario.nodes import Path
from detente.scenario.paths import records, statement_index, statement_name

_HELPERS: Mapping[str, tuple[str, ...]] = {
    "exclusive": ("exclusive",),
    "at_least_one": ("at_least_one",),
    "exactly_one": ("exactly_one",),
    "at_most": ("at_most", "of"),
    "option": ("option", "requires"),
}
_WAYS = ("priorities", "weights", "ranking")  # to write a preference
_PLACES = ("above", "below", "level")  # where fine-tuning puts a state


def check(at: Checking, data: Mapping[str, Any]) -> None:
    """Note every breach."""
    game = data.get("game")
    if isinstance(game, Mapping):
        _Game(at, game).check()


class _Game:
    """The ids of one game, and the rules that they obey."""

    def __init__(self, at: Checking, game: Mapping[str, Any]) -> None:
        self.at = at
        self.game = game
        self.makers = [maker for maker, _ in records(game.get("decision_makers"))]
        self.options: list[str] = []
        states = game.get("states")
        self.states = list(states) if isinstance(states, Mapping) else None

    def check(self) -> None:
        self.owners()
        for option in _mapping(self.game.get("options")):
            self.known(("game", "options", option), option, self.options, "an option", key=True)
        for index, rule in _list(self.game.get("infeasible")):
            self.rule(("game", "infeasible", index), rule)
        for index, formula in _list(self.game.get("merge")):
            self.formula(("game", "merge", index), formula)
        for index, ban in records(self.game.get("bans")):
            for end in ("from", "to"):
                self.formula(("game", "bans", index, end), ban.get(end))
        self.status_quo()
        for maker, preference in records(self.game.get("preferences")):
            path = ("game", "preferences", maker)
            self.known(path, maker, self.makers, "a decision maker", key=True)
            self.preference(path, preference)
        self.moves()
        for maker, view in records(self.game.get("views")):
            self.view(("game", "views", maker), maker, view)
        for index, coalition in _list(self.game.get("coalitions")):
            for place, maker in _list(coalition):
                self.known(("game", "coalitions", index, place), maker, self.makers, "a decision maker")

    def known(self, path: Path, id_: Any, valid: list[Any], what: str, *, key: bool = False) -> None:
        if id_ not in valid:
            expected = (
                f"expected {what}: {', '.join(map(str, valid[:8]))}" if valid else f"expected {what}; there is none"
            )
            self.at.fault(path, found(id_), expected, nearest(str(id_), map(str, valid)), key=key)

    def owners(self) -> None:
        """Every option belongs to one decision maker."""
        owner: dict[Any, Any] = {}
        for maker, entry in records(self.game.get("decision_makers")):
            for index, option in _list(entry.get("options")):
                if not isinstance(option, str):
                    continue
                if option in owner:
                    path = ("game", "decision_makers", maker, "options", index)
                    self.at.fault(
                        path, f"found {option} again", f"expected one owner: it is an option of {owner[option]}"
                    )
                if option in WORDS:
                    path = ("game", "decision_makers", maker, "options", index)
                    self.at.fault(path, f"found an option called {option}", "expected a word that formulas do not use")
                owner.setdefault(option, maker)
        self.options = list(owner)
        if self.states is None and self.makers and not owner:
            self.at.fault(("game", "decision_makers"), "found no option", "expected options, or states and moves")

    def rule(self, path: Path, rule: Any) -> None:
        """An infeasible formula, or one of the helpers."""
        if not isinstance(rule, Mapping):
            self.formula(path, rule)
            return
        kind = next((name for name in _HELPERS if name in rule), None)
        if kind is None or set(rule) != set(_HELPERS[kind]):
            keys = ", ".join(map(str, rule)) or "an empty mapping"
            expected = "expected a formula, or one of " + ", ".join("{" + ", ".join(h) + "}" for h in _HELPERS.values())
            self.at.fault(path, f"found {keys}", expected)
        elif kind == "option":
            self.known((*path, "option"), rule["option"], self.options, "an option")
            self.formula((*path, "requires"), rule["requires"])
        else:
            members = rule["of"] if kind == "at_most" else rule[kind]
            place = (*path, "of" if kind == "at_most" else kind)
            if not isinstance(members, list) or not members:
                self.at.fault(place, found(members), "expected a list of options")
            for index, literal in _list(members):
                self.formula((*place, index), literal)
            if kind == "at_most" and (type(rule[kind]) is not int or rule[kind] < 0):
                self.at.fault((*path, kind), found(rule[kind]), "expected a whole number of at least 0")

    def formula(self, path: Path, text: Any) -> None:
        """A formula must read as one, over options that there are."""
        if not isinstance(text, str):
            self.at.fault(path, found(text), EXPECTED)
            return
        try:
            parse(text, self.options)
        except InputError as error:
            for fault in error.faults:
                self.at.fault(path, fault.found, fault.expected, fault.suggestion)

    def status_quo(self) -> None:
        taken = self.game.get("status_quo")
        if self.states is not None and taken is not None and not isinstance(taken, list):
            self.known(("game", "status_quo"), taken, self.states, "a state")
        for index, option in _list(taken):
            self.known(("game", "status_quo", index), option, self.options, "an option")

    def preference(self, path: Path, preference: Mapping[str, Any]) -> None:
        ways = [way for way in _WAYS if preference.get(way) is not None]
        if len(ways) != 1:
            text = "found " + (" beside ".join(ways) or "no preference")
            self.at.fault(path, text, f"expected one of {', '.join(_WAYS)}")
        for index, statement in _list(preference.get("priorities")):
            place = (*path, "priorities", index)
            if isinstance(statement, Mapping):
                self.formula((*place, "statement"), statement.get("statement"))
            else:
                self.formula(place, statement)
        self.orders(path, preference)
        for option in _mapping(preference.get("weights")):
            self.known((*path, "weights", option), option, self.options, "an option", key=True)
        for index, entry in _list(preference.get("ranking")):
            self.ranked((*path, "ranking", index), entry)
        for index, change in _list(preference.get("fine_tuning")):
            self.change((*path, "fine_tuning", index), change)

    def view(self, path: Path, maker: Any, view: Mapping[str, Any]) -> None:
        """How a decision maker sees the conflict: states that it does not see, and what it takes others to want."""
        self.known(path, maker, self.makers, "a decision maker", key=True)
        for index, written in _list(view.get("unaware")):
            if self.states is None:
                self.formula((*path, "unaware", index), written)
            else:
                self.known((*path, "unaware", index), written, self.states, "a state")
        for other, preference in records(view.get("preferences")):
            place = (*path, "preferences", other)
            self.known(place, other, self.makers, "a decision maker", key=True)
            self.preference(place, preference)
            drawn = [name for name in ("orders", "order") if preference.get(name) is not None]
            drawn += [
                "a probability" for _, s in records(preference.get("priorities")) if s.get("probability") is not None
            ]
            if drawn:
                self.at.fault(
                    place, f"found {drawn[0]} in a view", "expected none: what is taken for true is not drawn"
                )

    def orders(self, path: Path, preference: Mapping[str, Any]) -> None:
        """Ids of statements are different; rival orders name statements, each once; and `order` is one of them."""
        entries = [entry for _, entry in _list(preference.get("priorities"))]
        names = [statement_name(index, entry) for index, entry in enumerate(entries)]
        for index, name in enumerate(names):
            if name in names[:index]:
                place = (*path, "priorities", index, "id")
                self.at.fault(place, f"found the id {name} a second time", "expected each id once")
        orders = preference.get("orders")
        for index, order in _list(orders):
            for number, name in _list(order):
                if statement_index(names, name) is None:
                    self.known((*path, "orders", index, number), name, names, "a statement")
            places = [statement_index(names, name) for _, name in _list(order)]
            if None not in places and len(set(places)) < len(places):
                self.at.fault((*path, "orders", index), "found a statement twice", "expected each at most once")
        holds = self.at.numbers.get((*path, "order"))
        if preference.get("order") is not None and not isinstance(orders, list):
            self.at.fault((*path, "order"), "found an order without orders", "expected orders: [[1, 2], [2, 1]]")
        elif holds is not None and isinstance(orders, list) and not holds.quantity.refs:
            low, high = holds.quantity.support()
            if low < 1 or high > len(orders):
                shown = f"found {preference['order']}" if low == high else f"found orders from {low:g} to {high:g}"
                self.at.fault((*path, "order"), shown, f"expected a whole number from 1 to {len(orders)}")

    def change(self, path: Path, change: Any) -> None:
        """A state, or states that tie, put above, below or level with another."""
        if (
            not isinstance(change, Mapping)
            or len(change) != 2
            or "state" not in change
            or not set(_PLACES) & set(change)
        ):
            shown = ", ".join(map(str, change)) if isinstance(change, Mapping) and change else found(change)
            self.at.fault(
                path, f"found {shown.removeprefix('found ')}", "expected state, and one of above, below, level"
            )
            return
        for key, entry in change.items():
            self.ranked((*path, key), entry, several=key == "state")

    def ranked(self, path: Path, entry: Any, *, several: bool = True) -> None:
        """One rank: a state (an id, or the options taken), or, with ``several``, a list of states that tie."""
        if self.states is not None:
            members = enumerate(entry) if several and isinstance(entry, list) else [(None, entry)]
            for index, state in members:
                self.known(path if index is None else (*path, index), state, self.states, "a state")
            return
        if not isinstance(entry, list):
            self.at.fault(path, found(entry), "expected the options taken, a list")
            return
        for index, member in enumerate(entry):
            if several and isinstance(member, list):
                for place, option in enumerate(member):
                    self.known((*path, index, place), option, self.options, "an option")
            elif several and any(isinstance(other, list) for other in entry):
                self.at.fault((*path, index), found(member), "expected a list, as the states beside it are")
            else:
                self.known((*path, index), member, self.options, "an option")

    def moves(self) -> None:
        moves = self.game.get("moves")
        if moves is None:
            return
        if not isinstance(moves, Mapping):
            self.at.fault(("game", "moves"), found(moves), "expected moves by decision maker: {a: [[1, 2]]}")
            return
        if self.states is None:
            self.at.fault(("game", "moves"), "found moves without states", "expected states: {1: name, ...}", key=True)
            return
        for maker, pairs in moves.items():
            self.known(("game", "moves", maker), maker, self.makers, "a decision maker", key=True)
            if not isinstance(pairs, list):
                self.at.fault(("game", "moves", maker), found(pairs), "expected a list of moves such as [1, 2]")
            for index, pair in _list(pairs):
                path = ("game", "moves", maker, index)
                if not isinstance(pair, list) or len(pair) != 2:
                    self.at.fault(path, found(pair), "expected a move such as [1, 2]: from, to")
                    continue
                for place, state in enumerate(pair):
                    self.known((*path, place), state, self.states, "a state")
                if pair[0] == pair[1]:
                    self.at.fault(path, f"found a move from {pair[0]} to itself", "expected two different states")


def _list(data: Any) -> list[tuple[int, Any]]:
    return list(enumerate(data)) if isinstance(data, list) else []


def _mapping(data: Any) -> list[Any]:
    return list(data) if isinstance(data, Mapping) else []
