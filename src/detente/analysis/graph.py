"""Which states of a strategic conflict are stable for whom, which are equilibria, and why: the graph model, asked once.

The game is taken at the central values: a statement counts where its probability is at least a half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.analysis.results import Result
from detente.errors import UsageError, nearest
from detente.graph import coalitions as coalition
from detente.graph import simultaneous, stability
from detente.graph.game import Game
from detente.graph.joint import search
from detente.graph.options import OptionForm
from detente.graph.why import Fall, Why, fall, why
from detente.scenario.conflict import Conflict

FEW = 1_024  # states up to which `sim`, coalitions and what the status quo reaches come unasked
MOST_LISTED = 100_000  # entries of a list in JSON, unless all are asked for


@dataclass(frozen=True)
class Reached:
    """A state that the status quo leads to, by moves of whoever likes to."""

    state: int
    moves: int
    by_improvements: bool


@dataclass(frozen=True)
class GraphResult(Result):
    """Stable states and equilibria by concept; states are 0..N-1 here, and codes in `to_dict`."""

    conflict: Conflict
    game: Game
    stable: stability.Stable  # concept -> (n, N)
    coalition: stability.Stable = field(default_factory=dict)  # concept -> (N,)
    reached: tuple[Reached, ...] | None = ()  # None where the game is too large to look unasked

    @property
    def equilibria(self) -> stability.Stable:
        """The states (N,) stable for everybody, by concept."""
        return stability.equilibria(self.stable)

    @property
    def codes(self) -> NDArray[np.int64]:
        """The code of every state (N,); in graph form, its number from 1."""
        form = self.conflict.form
        return form.codes if isinstance(form, OptionForm) else np.arange(1, form.states + 1)

    def label(self, state: int) -> str:
        """A state as people read it: Y and N an option, or its name."""
        form = self.conflict.form
        return form.text(state) if isinstance(form, OptionForm) else str(self.conflict.names.state_names[state])

    def to_dict(self, full: bool = True) -> dict[str, Any]:
        """As JSON; without `full`, lists of over 100,000 states give way to how many there are."""
        codes, makers = self.codes, self.conflict.names.makers
        long = not full and self.game.states > MOST_LISTED

        def listed(which: NDArray[np.bool_]) -> Any:
            chosen = np.flatnonzero(which)
            return {"count": len(chosen)} if not full and len(chosen) > MOST_LISTED else codes[chosen].tolist()

        equilibria: dict[str, Any] = {concept: listed(which) for concept, which in self.equilibria.items()}
        if self.coalition:
            equilibria["coalition"] = {concept: listed(which) for concept, which in self.coalition.items()}
        start = self.game.status_quo
        return {
            "states": {"count": self.game.states} if long else [self._state(s) for s in range(self.game.states)],
            "decision_makers": {
                maker: {
                    "payoff": {"count": self.game.states} if long else self.game.payoff[number].tolist(),
                    "stable": {concept: listed(which[number]) for concept, which in self.stable.items()},
                }
                for number, maker in enumerate(makers)
            },
            "equilibria": equilibria,
            "status_quo": None if start is None else int(codes[start]),
            "reachable": None
            if self.reached is None
            else [
                {"code": int(codes[r.state]), "moves": r.moves, "by_improvements": r.by_improvements}
                for r in self.reached
            ],
        }

    def _state(self, state: int) -> dict[str, Any]:
        in_options = isinstance(self.conflict.form, OptionForm)
        return {
            "id": state + 1,
            "code": int(self.codes[state]),
            "options": self.label(state) if in_options else "",
            "name": None if in_options else self.label(state),
        }

    def rows(self) -> list[dict[str, Any]]:
        """One record a state: its code, everyone's payoff, and the concepts under which it is an equilibrium."""
        equilibria = self.equilibria
        return [
            {
                "id": state + 1,
                "code": int(self.codes[state]),
                "state": self.label(state),
                **{f"payoff.{m}": int(self.game.payoff[i, state]) for i, m in enumerate(self.conflict.names.makers)},
                **{concept: bool(which[state]) for concept, which in equilibria.items()},
            }
            for state in range(self.game.states)
        ]

    def sentences(self) -> list[str]:
        """The result in words."""
        from detente.report.sentences.graph import graph_sentences

        return graph_sentences(self)

    def charts(self) -> list[Any]:
        """The stability matrix."""
        from detente.report.charts.graph import stability_matrix

        return [stability_matrix(self)]

    # --- why -------------------------------------------------------------------------------------------------------

    def state(self, text: str | int) -> int:
        """The state that a code, a letter an option, or `#3` means. Raises `UsageError` where there is none."""
        form = self.conflict.form
        if isinstance(form, OptionForm):
            return form.state(text)
        written, ids = str(text).strip(), [str(id_) for id_ in self.conflict.names.states]
        if written in ids:
            return ids.index(written)
        if written.startswith("#") and written[1:] in map(str, range(1, form.states + 1)):
            return int(written[1:]) - 1
        raise UsageError(f"found the state {written}; expected an id ({ids[0]}) or a number (#1 to #{form.states})")

    def maker(self, text: str) -> int:
        """The decision maker of an id or a name. Raises `UsageError` with the nearest where there is none."""
        names = self.conflict.names
        for known in (names.makers, names.maker_names):
            if known.count(text) == 1:
                return known.index(text)
        close = nearest(text, [*names.makers, *names.maker_names])
        hint = f" (did you mean {close}?)" if close else ""
        raise UsageError(f"--dm: found {text!r}; expected one of {', '.join(names.makers)}{hint}")

    def why(self, state: int, maker: int) -> list[Why]:
        """Why a state is stable for a decision maker or is not, a concept at a time."""
        return [why(self.game, maker, state, concept) for concept in self.stable]

    def falls(self, state: int) -> list[Fall]:
        """What the state hangs on, for each concept under which it is an equilibrium."""
        return [fall(self.game, state, concept) for concept, which in self.equilibria.items() if which[state]]


def graph(conflict: Conflict, *, concepts: Sequence[str] | None = None, coalitions: bool | None = None) -> GraphResult:
    """Stability of every state under concepts, and what the status quo reaches.

    Without `concepts`: all that the form has a meaning for, ``sim`` up to 1,024 states. `coalitions` (all non-empty
    subsets of the decision makers) come unasked up to 1,024 states and 6 decision makers. Raises `UsageError` for a
    concept that there is not.
    """
    game = conflict.game()
    small = game.states <= FEW
    if concepts is None:
        plain = isinstance(game.form, OptionForm) and not game.form.merges
        concepts = [*stability.FAST, *(["sim"] if small and plain and _sim_is_cheap(game) else [])]
    if coalitions is None:
        coalitions = small and game.makers <= 6
    return GraphResult(
        conflict=conflict,
        game=game,
        stable=stability.stable(game, concepts),
        coalition=coalition.equilibria(game) if coalitions else {},
        reached=() if game.status_quo is None else _reached(game, game.status_quo) if small else None,
    )


def _sim_is_cheap(game: Game) -> bool:
    """Whether even all combinations of everybody's moves are within the budget of ``sim``."""
    assert isinstance(game.form, OptionForm)
    return game.states * 2 ** min(game.form.options, 62) <= simultaneous.BUDGET


def _reached(game: Game, start: int) -> tuple[Reached, ...]:
    """The states that the status quo leads to, in fewest moves, the nearest first."""
    everybody = range(game.makers)
    improved = {state for state, _ in search(game, everybody, start, improving=True)}
    return tuple(
        Reached(state, len(sequence), state in improved)
        for state, sequence in search(game, everybody, start)
        if state != start
    )
