"""The strategic conflict under ``game``, from data that has been checked to the form that the graph model takes.

Names stay here: the graph model knows decision makers, options and states by number alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import Fault, InputError, UsageError, nearest
from detente.graph.formulas import Formula, at_least_one, at_most, exactly_one, exclusive, parse, requires
from detente.graph.game import Game
from detente.graph.hypergames import Perception
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.patterns import Pattern
from detente.graph.preferences import (
    Change,
    Columns,
    Place,
    Ranks,
    by_ranking,
    by_weights,
    fine_tune,
    ranks_of_truths,
    truths,
)
from detente.graph.side import each_maker
from detente.scenario.nodes import Document, Path
from detente.scenario.paths import records, statement_index, statement_name
from detente.scenario.quantity import Dated, Ref, parse_quantity

LIKELY = 0.5  # at the central values a statement counts from this probability on


@dataclass(frozen=True)
class GameNames:
    """What the parts of a game are called: ids, and the names that people read."""

    makers: tuple[str, ...]
    maker_names: tuple[str, ...]
    options: tuple[str, ...]  # none in graph form
    option_names: tuple[str, ...]
    states: tuple[Any, ...] = ()  # ids in graph form, none in option form
    state_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """A statement that a decision maker wants to be true."""

    formula: Formula
    text: str
    path: str | None = None  # of the probability that it counts at all; None where it does for sure
    likely: bool = True  # whether it counts at the central values


@dataclass(frozen=True)
class Preference:
    """How a decision maker ranks states: by statements, weights or levels, one of them, and then a few changes."""

    statements: tuple[Statement, ...] | None = None  # the most important first
    orders: tuple[tuple[int, ...], ...] = ()  # rival orders: statements, the most important first; none: as above
    path: str | None = None  # of the number of the order that holds
    order: int = 0  # the one at the central values, from 0
    weights: Mapping[int, float] | None = None  # option -> weight
    levels: tuple[tuple[int, ...], ...] | None = None  # of states, the best first
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class View:
    """How a decision maker sees the conflict where that is not as it is."""

    maker: int
    unseen: tuple[int, ...]  # states
    preferences: Mapping[int, Preference]  # what it takes decision makers to want, itself perhaps among them


@dataclass(frozen=True)
class Conflict:
    """A game with its names, and the preferences that it was made from."""

    names: GameNames
    form: OptionForm | Moves
    preferences: tuple[Preference, ...]  # a decision maker
    status_quo: int | None
    coalitions: tuple[tuple[int, ...], ...]  # those that the file lists, as decision makers
    views: tuple[View, ...] = ()  # of those who see it otherwise
    rules: tuple[int, ...] = ()  # for each infeasible pattern, the number of its rule in the file, from 0

    @cached_property
    def truth(self) -> tuple[NDArray[np.uint64] | None, ...]:
        """For each decision maker with statements, the words of their truth: formulas are looked at once."""
        if isinstance(self.form, Moves):
            return (None,) * len(self.preferences)
        columns = Columns(self.form.codes)
        return tuple(
            None if p.statements is None else truths([s.formula for s in p.statements], columns)
            for p in self.preferences
        )

    def ranks(
        self, maker: int, counts: Sequence[bool] | NDArray[np.bool_] | None = None, order: int | None = None
    ) -> Ranks:
        """A decision maker's ranks of the states (N,), 1 for the worst.

        `counts` says of each of its statements whether it counts, `order` which of rival orders holds, from 0; where
        they are not given, those of the central values.
        """
        return self._ranks(self.preferences[maker], self.truth[maker], counts, order)

    def _ranks(
        self,
        preference: Preference,
        truth: NDArray[np.uint64] | None,
        counts: Sequence[bool] | NDArray[np.bool_] | None = None,
        order: int | None = None,
    ) -> Ranks:
        if preference.levels is not None:
            found = by_ranking(preference.levels, self.form.states)
        elif isinstance(self.form, Moves):
            raise UsageError("found a preference without a ranking; expected one: in graph form there are no options")
        elif preference.weights is not None:
            found = by_weights(preference.weights, self.form.codes)
        else:
            statements = preference.statements or ()
            truth = truths([s.formula for s in statements], Columns(self.form.codes)) if truth is None else truth
            chosen = np.array([s.likely for s in statements] if counts is None else counts, dtype=np.bool_)
            rows = np.arange(len(statements))
            if preference.orders:
                rows = np.array(preference.orders[preference.order if order is None else order], dtype=np.int64)
            found = ranks_of_truths(truth[rows[chosen[rows]]], self.form.states)
        return fine_tune(found, preference.changes) if preference.changes else found

    def game(self, counts: Sequence[Sequence[bool] | NDArray[np.bool_] | None] | None = None) -> Game:
        """The game; `counts` says for each decision maker which of its statements count, as `ranks` takes it."""
        counts = counts if counts is not None else [None] * len(self.preferences)
        self.truth  # noqa: B018  once, before anything works side by side
        ranks = each_maker(len(counts), self.form.states, lambda maker: self.ranks(maker, counts[maker]))
        return Game(self.form, np.array(ranks), self.status_quo)

    def perceptions(self, ranks: Ranks) -> list[Perception]:
        """How each decision maker sees the conflict where the true ranks are these (n, N)."""
        views = {view.maker: view for view in self.views}
        found = []
        for maker in range(len(ranks)):
            payoff, recognised = np.array(ranks), np.ones(self.form.states, dtype=np.bool_)
            if maker in views:
                recognised[list(views[maker].unseen)] = False
                for other, preference in views[maker].preferences.items():
                    payoff[other] = self._ranks(preference, None)
            found.append(Perception(payoff, recognised))
        return found

    def label(self, state: int) -> str:
        """A state in one word: Y and N an option, or its id in graph form."""
        return self.form.text(state) if isinstance(self.form, OptionForm) else str(self.names.states[state])

    def shown(self, state: int) -> str:
        """A state as people read it: Y and N an option, or its name in graph form."""
        return self.form.text(state) if isinstance(self.form, OptionForm) else str(self.names.state_names[state])

    def state(self, text: str | int) -> int:
        """The state that a code, a letter an option, or `#3` means. Raises `UsageError` where there is none."""
        if isinstance(self.form, OptionForm):
            return self.form.state(text)
        written, ids = str(text).strip(), [str(id_) for id_ in self.names.states]
        if written in ids:
            return ids.index(written)
        if written.startswith("#") and written[1:] in map(str, range(1, len(ids) + 1)):
            return int(written[1:]) - 1
        raise UsageError(f"found the state {written}; expected an id ({ids[0]}) or a number (#1 to #{len(ids)})")

    def maker(self, text: str, where: str = "--dm") -> int:
        """The decision maker of an id or a name. Raises `UsageError` with the nearest where there is none."""
        names = self.names
        for known in (names.makers, names.maker_names):
            if known.count(text) == 1:
                return known.index(text)
        close = nearest(text, [*names.makers, *names.maker_names])
        hint = f" (did you mean {close}?)" if close else ""
        raise UsageError(f"{where}: found {text!r}; expected one of {', '.join(names.makers)}{hint}")

    @property
    def uncertain(self) -> bool:
        """Whether a statement counts with a probability only, or there are rival orders of priority."""
        return any(p.path or any(s.path for s in p.statements or ()) for p in self.preferences)

    def settled(self, counts: Callable[[str], bool], order: Callable[[str], int]) -> Conflict:
        """The same conflict with other central values: whether the statement of a path counts, which order holds."""

        def statement(one: Statement) -> Statement:
            return one if one.path is None else replace(one, likely=counts(one.path))

        def preference(one: Preference) -> Preference:
            statements = None if one.statements is None else tuple(map(statement, one.statements))
            return replace(one, statements=statements, order=order(one.path) if one.path else 0)

        return replace(self, preferences=tuple(map(preference, self.preferences)))


def conflict(document: Document) -> Conflict:
    """The conflict under ``game`` of a document whose game has been checked.

    Raises `InputError` for what only the states themselves show: none is feasible, one stands in two merges, the
    status quo is infeasible, a ranking leaves states out.
    """
    game = document.data.get("game") if isinstance(document.data, Mapping) else None
    if game is None:
        raise InputError(document.fault((), "found no game", "expected the strategic conflict under game"))
    return _Builder(document, game).conflict()


class _Builder:
    """One game being built; faults are raised where they are found, once the parts below cannot be built."""

    def __init__(self, document: Document, game: Mapping[str, Any]) -> None:
        self.document = document
        self.game = game
        self.makers: Mapping[str, Any] = game["decision_makers"]
        self.options = [option for maker in self.makers.values() for option in maker.get("options") or ()]
        self.states: Any = game.get("states")
        self.number = {state: number for number, state in enumerate(self.states or ())}
        self.faults: list[Fault] = []

    def conflict(self) -> Conflict:
        form, rules = (self.option_form() if self.states is None else self.graph_form()), self.rule_numbers()
        status_quo = self.status_quo(form)
        preferences = tuple(self.preference(form, maker) for maker in self.makers)
        if self.faults:
            raise InputError(self.faults)
        order = list(self.makers)
        coalitions = tuple(tuple(order.index(m) for m in group) for group in self.game.get("coalitions") or ())
        views = tuple(self.view(form, order.index(maker), view) for maker, view in records(self.game.get("views")))
        if self.faults:
            raise InputError(self.faults)
        return Conflict(self.names(), form, preferences, status_quo, coalitions, views, rules)

    def fault(self, path: Path, error: UsageError | str, expected: str = "") -> Fault:
        found, _, rest = str(error).partition("; ")
        return self.document.fault(("game", *path), found, expected or rest)

    def names(self) -> GameNames:
        shown = self.game.get("options") or {}
        states: Mapping[Any, str] = self.states or {}
        return GameNames(
            makers=tuple(self.makers),
            maker_names=tuple(maker.get("name") or id_ for id_, maker in self.makers.items()),
            options=tuple(self.options),
            option_names=tuple((shown.get(option) or {}).get("name") or option for option in self.options),
            states=tuple(states),
            state_names=tuple(states.values()),
        )

    # --- forms -----------------------------------------------------------------------------------------------------

    def formula(self, text: Any) -> Formula:
        return parse(str(text), self.options)

    def patterns(self, rule: Any) -> tuple[Pattern, ...]:
        """The states that one entry under ``infeasible`` rules out."""
        if not isinstance(rule, Mapping):
            return self.formula(rule).patterns()
        if "requires" in rule:
            return requires(self.formula(rule["option"]), self.formula(rule["requires"]))
        if "at_most" in rule:
            return at_most(rule["at_most"], *map(self.formula, rule["of"]))
        helpers = {"exclusive": exclusive, "at_least_one": at_least_one, "exactly_one": exactly_one}
        kind = next(iter(rule))
        return helpers[kind](*map(self.formula, rule[kind]))

    def ruled_out(self) -> list[tuple[Pattern, ...]]:
        return [self.patterns(rule) for rule in self.game.get("infeasible") or ()]

    def rule_numbers(self) -> tuple[int, ...]:
        if self.states is not None:
            return ()
        return tuple(number for number, patterns in enumerate(self.ruled_out()) for _ in patterns)

    def option_form(self) -> OptionForm:
        details = self.game.get("options") or {}
        bans = [
            (before, after)
            for ban in self.game.get("bans") or ()
            for before in self.formula(ban["from"]).patterns()
            for after in self.formula(ban["to"]).patterns()
        ]
        try:
            form = OptionForm(
                owned=tuple(len(maker.get("options") or ()) for maker in self.makers.values()),
                directions=tuple((details.get(option) or {}).get("direction") or "both" for option in self.options),
                infeasible=tuple(pattern for patterns in self.ruled_out() for pattern in patterns),
                bans=tuple(bans),
                merges=tuple(self.formula(text).patterns() for text in self.game.get("merge") or ()),
            )
            form.feasible  # noqa: B018  so that what is wrong with the states is said where it stands
        except UsageError as error:
            raise InputError(self.fault(("infeasible",), error)) from None
        try:
            form.codes  # noqa: B018
        except UsageError as error:
            raise InputError(self.fault(("merge",), error)) from None
        return form

    def graph_form(self) -> Moves:
        moves = self.game.get("moves") or {}
        arcs = [
            [(self.number[here], self.number[there]) for here, there in moves.get(maker) or ()] for maker in self.makers
        ]
        try:
            return Moves.of(len(self.number), arcs)
        except UsageError as error:
            raise InputError(self.fault(("moves",), error)) from None

    # --- states ----------------------------------------------------------------------------------------------------

    def status_quo(self, form: OptionForm | Moves) -> int | None:
        written = self.game.get("status_quo")
        return None if written is None else self.state(form, written, ("status_quo",))

    def state(self, form: OptionForm | Moves, written: Any, path: Path) -> int:
        """The state that a list of options taken, or an id, means; an infeasible one is noted, and stands for the first."""
        if isinstance(form, Moves):
            return self.number[written]
        if not isinstance(written, list):
            try:
                return form.state(written)
            except UsageError as error:
                self.faults.append(self.fault(path, error))
                return 0
        code = sum({1 << self.options.index(option) for option in written})
        found = form.find(code)
        if found is None:
            taken = ", ".join(written) or "no option"
            self.faults.append(self.fault(path, f"found an infeasible state ({taken})", "expected a feasible one"))
        return found or 0

    def group(self, form: OptionForm | Moves, written: Any, path: Path) -> tuple[int, ...]:
        """One level of a ranking: a state, or a list of states that tie."""
        several = isinstance(written, list)
        if isinstance(form, OptionForm):
            several = several and any(isinstance(member, list) for member in written)
        if not several:
            return (self.state(form, written, path),)
        return tuple(self.state(form, member, (*path, index)) for index, member in enumerate(written))

    def view(self, form: OptionForm | Moves, maker: int, view: Mapping[str, Any]) -> View:
        """What a decision maker sees; it must see something, and the status quo may be what it does not see."""
        path: Path = ("views", list(self.makers)[maker])
        unseen: set[int] = set()
        for written in view.get("unaware") or ():
            if isinstance(form, Moves):
                unseen.add(self.number[written])
            else:
                hidden = np.zeros(form.states, dtype=np.bool_)
                for pattern in self.formula(written).patterns():
                    hidden |= (form.codes & pattern.mask) == pattern.value
                unseen |= set(np.flatnonzero(hidden).tolist())
        if len(unseen) == form.states:
            self.faults.append(self.fault((*path, "unaware"), "found every state unseen", "expected one that is seen"))
        preferences = {
            list(self.makers).index(other): self.written_preference(form, other, entry, (*path, "preferences", other))
            for other, entry in records(view.get("preferences"))
        }
        return View(maker, tuple(sorted(unseen)), preferences)

    # --- preferences -----------------------------------------------------------------------------------------------

    def preference(self, form: OptionForm | Moves, maker: str) -> Preference:
        path: Path = ("preferences", maker)
        written = (self.game.get("preferences") or {}).get(maker)
        if written is None:
            self.faults.append(self.fault(path, f"found no preferences of {maker}", "expected how it ranks the states"))
            return Preference()
        return self.written_preference(form, maker, written, path)

    def written_preference(
        self, form: OptionForm | Moves, maker: str, written: Mapping[str, Any], path: Path
    ) -> Preference:
        if written.get("priorities") is not None:
            found = self.priorities(maker, written)
        elif written.get("weights") is not None:
            weights = {self.options.index(option): weight for option, weight in written["weights"].items()}
            found = Preference(weights=weights)
        else:
            found = Preference(levels=self.levels(form, written["ranking"], (*path, "ranking")))
        changes = written.get("fine_tuning") or ()
        return replace(
            found,
            changes=tuple(self.change(form, entry, (*path, "fine_tuning", i)) for i, entry in enumerate(changes)),
        )

    def priorities(self, maker: str, written: Mapping[str, Any]) -> Preference:
        entries, base = written["priorities"], f"game.preferences.{maker}"
        names = [statement_name(index, entry) for index, entry in enumerate(entries)]
        statements = tuple(self.statement(entry, f"{base}.{n}") for entry, n in zip(entries, names, strict=True))
        orders = tuple(
            tuple(index for name in order if (index := statement_index(names, name)) is not None)
            for order in written.get("orders") or ()
        )
        return Preference(statements, orders, f"{base}.order" if orders else None)

    def statement(self, entry: Any, path: str) -> Statement:
        """A statement. Where its probability is dated or moves with another number, a situation says if it is likely."""
        if not isinstance(entry, Mapping):
            return Statement(self.formula(entry), str(entry))
        formula, text = self.formula(entry["statement"]), str(entry["statement"])
        if (written := entry.get("probability")) is None:
            return Statement(formula, text)
        quantity = parse_quantity(written, low=0, high=1).quantity
        likely = isinstance(quantity, (Dated, Ref)) or quantity.central() >= LIKELY
        return Statement(formula, text, f"{path}.probability", likely)

    def levels(self, form: OptionForm | Moves, ranking: Sequence[Any], path: Path) -> tuple[tuple[int, ...], ...]:
        before = len(self.faults)
        found = tuple(self.group(form, entry, (*path, index)) for index, entry in enumerate(ranking))
        if len(self.faults) > before:
            return found
        times = np.bincount([state for level in found for state in level], minlength=form.states)
        for state in np.flatnonzero(times > 1)[:8]:
            self.faults.append(
                self.fault(
                    path, f"found the state {self.shown(form, int(state))} {times[state]} times", "expected it once"
                )
            )
        if missing := [self.shown(form, int(state)) for state in np.flatnonzero(times == 0)]:
            listed = ", ".join(missing[:8]) + (f" and {len(missing) - 8} more" if len(missing) > 8 else "")
            expected = f"expected all {form.states} states"
            self.faults.append(self.fault(path, f"found a ranking without {listed}", expected))
        return found

    def shown(self, form: OptionForm | Moves, state: int) -> str:
        return form.text(state) if isinstance(form, OptionForm) else str(list(self.states)[state])

    def change(self, form: OptionForm | Moves, entry: Mapping[str, Any], path: Path) -> Change:
        places: tuple[Place, ...] = ("above", "below", "level")
        place = next(word for word in places if word in entry)
        moved = self.group(form, entry["state"], (*path, "state"))
        of = self.state(form, entry[place], (*path, place))
        if of in moved:
            shown = self.shown(form, of)
            self.faults.append(
                self.fault((*path, place), f"found {shown} moved against itself", "expected another state")
            )
        return Change(moved, place, of)
