"""The strategic conflict of a situation: built once, and with the preferences that are drawn.

A statement with a probability counts in a draw where its chance, an input of its own, is within the probability; of
rival orders of priority one holds in each draw. All else of a game is the same in every draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.graph.hypergames import hypergame
from detente.graph.many import Solver, distinct
from detente.graph.moves import Moves
from detente.graph.preferences import Ranks
from detente.scenario.conflict import Conflict, conflict
from detente.scenario.nodes import Document

if TYPE_CHECKING:
    from detente.scenario.sampling import Values

# What a preference or a statement says that is a number by its path, or a note: two games that differ in these alone
# have the same rules.
_NUMBERS_AND_NOTES = frozenset({"probability", "order", "cite", "because", "by", "grade", "note"})


@dataclass(frozen=True, eq=False)
class Strategy:
    """The part ``game`` of a file that has been checked. Equal to another where their rules are, whatever the numbers."""

    document: Document

    @cached_property
    def conflict(self) -> Conflict:
        """Form, names and preferences; `settled` gives it the central values of a situation."""
        return conflict(self.document)

    @cached_property
    def solver(self) -> Solver:
        """Stability of the game under any preferences, each distinct one solved once."""
        return Solver(self.conflict.form)

    def perceived(self, rankings: Sequence[Ranks], games: NDArray[np.int64], concept: str) -> NDArray[np.bool_]:
        """Whether each state is an equilibrium of the hypergame, each seeing it in its own way, (G, N) by true game."""
        found = []
        for row in games:
            ranks = np.array([own[place] for own, place in zip(rankings, row, strict=True)])
            key = (concept, ranks.tobytes())
            if key not in self._seen:
                moves = self.conflict.form if isinstance(self.conflict.form, Moves) else self.conflict.form.moves
                self._seen[key] = hypergame(moves, self.conflict.perceptions(ranks), [concept]).equilibria[concept]
            found.append(self._seen[key])
        return np.array(found)

    @cached_property
    def _seen(self) -> dict[tuple[str, bytes], NDArray[np.bool_]]:
        """Equilibria of hypergames that were asked for, by concept and true ranks."""
        return {}

    @cached_property
    def rules(self) -> Any:
        """The data without what is a number by its path, and without notes."""
        return _rules(self.document.data["game"])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Strategy) and self.rules == other.rules

    def __hash__(self) -> int:
        return hash(self.document.file)

    def __getstate__(self) -> dict[str, Any]:
        return {"document": self.document}  # what has been solved does not travel

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def _rules(data: Any) -> Any:
    if isinstance(data, Mapping):
        kept = {key: _rules(value) for key, value in data.items() if key not in _NUMBERS_AND_NOTES}
        return kept["statement"] if set(kept) == {"statement"} else kept
    return [_rules(part) for part in data] if isinstance(data, list) else data


@dataclass(frozen=True)
class Rankings:
    """The distinct rankings of one decision maker over draws: `ranks` (m, N), `which` (D,) holds in each draw."""

    ranks: Ranks
    which: NDArray[np.int64]


def settled(found: Conflict, values: Values) -> Conflict:
    """A conflict whose central values are the first draw's."""
    return found.settled(
        lambda path: path not in values.used or bool(values.happens(path)[0]),
        lambda path: int(values.used[path][0]) - 1,
    )


def rankings(found: Conflict, values: Values, maker: int) -> Rankings:
    """How a decision maker ranks the states in each draw."""
    preference, size = found.preferences[maker], values.size
    statements = preference.statements or ()
    choices = np.ones((size, len(statements) + 1), dtype=np.int64)
    choices[:, 0] = 0
    if preference.path is not None:
        choices[:, 0] = values.used[preference.path] - 1
    for place, statement in enumerate(statements, 1):
        if statement.path is not None and statement.path in values.used:
            choices[:, place] = values.happens(statement.path)
    some, which = distinct(choices)
    ranks = [found.ranks(maker, row[1:].astype(np.bool_), int(row[0])) for row in some]
    same, place_of = distinct(np.array(ranks))
    return Rankings(same.astype(np.int32), place_of[which])
