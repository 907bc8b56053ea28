"""Which states of a strategic conflict are stable for whom, which are equilibria, and why: the graph model, asked once.

The game is taken at the central values: a statement counts where its probability is at least a half. Where something
about preferences is uncertain, the share of draws in which a state is an equilibrium stands beside that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.analysis.graph_ways import Ways
from detente.analysis.results import Result
from detente.graph import batch, simultaneous, stability
from detente.graph import coalitions as together
from detente.graph.game import Game
from detente.graph.hypergames import Hypergame, hypergame
from detente.graph.options import OptionForm
from detente.scenario.conflict import Conflict

if TYPE_CHECKING:
    from detente.analysis.graph_inverse import Inverse
    from detente.analysis.graph_shares import Shares
    from detente.analysis.study import Study
    from detente.graph.why import Fall, Why

FEW = 1_024  # states up to which `sim` and all coalitions come unasked
MOST_FOR_WAYS = 1 << 17  # states up to which it is looked at unasked what the status quo leads to
MOST_FOR_COALITIONS = 4_096  # states up to which the coalitions that the file lists come unasked


@dataclass(frozen=True)
class GraphResult(Result):
    """Stable states and equilibria by concept; states are 0..N-1 here, and codes in `to_dict`."""

    conflict: Conflict
    game: Game
    stable: stability.Stable  # concept -> (n, N)
    coalition: stability.Stable = field(default_factory=dict)  # concept -> (N,)
    listed: dict[together.Group, stability.Stable] = field(default_factory=dict)  # coalitions of the file: (N,)
    asked: tuple[str, ...] | None = None  # concepts, where some were asked for
    shares: Shares | None = None  # where preferences are uncertain
    hypergame: Hypergame | None = None  # where a decision maker sees the conflict in its own way

    @cached_property
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
        return self.conflict.shown(state)

    @cached_property
    def ways(self) -> Ways | None:
        """What the status quo leads to, and how; None where there is no status quo."""
        return None if self.game.status_quo is None else Ways.of(self.game, self.equilibria)

    @property
    def near_ways(self) -> Ways | None:
        """The same, where that takes a moment: None also in games of over 131,072 states."""
        return self.ways if self.game.states <= MOST_FOR_WAYS else None

    def to_dict(self, full: bool = True) -> dict[str, Any]:
        """As JSON; without `full`, lists of over 100,000 entries give way to how many there are."""
        from detente.analysis.graph_json import document

        found: dict[str, Any] = document(self, full=full).unfolded()
        return found

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
        """The pictures: the stability matrix first, the states in option form, the graph or its parts, the ways."""
        from detente.report.strategic import graph_charts

        return graph_charts(self)

    # --- why -------------------------------------------------------------------------------------------------------

    def state(self, text: str | int) -> int:
        """The state that a code, a letter an option, or `#3` means. Raises `UsageError` where there is none."""
        return self.conflict.state(text)

    def maker(self, text: str) -> int:
        """The decision maker of an id or a name. Raises `UsageError` with the nearest where there is none."""
        return self.conflict.maker(text)

    @property
    def explained(self) -> tuple[str, ...]:
        """The concepts that an explanation goes through: those asked for, else all that the form has a meaning for."""
        return self.asked or (*stability.FAST, *(["sim"] if _plain(self.game) else []))

    def why(self, state: int, maker: int) -> list[Why]:
        """Why a state is stable for a decision maker or is not, a concept at a time."""
        from detente.graph.why import why

        return [why(self.game, maker, state, concept) for concept in self.explained]

    def falls(self, state: int) -> list[Fall]:
        """What the state hangs on, for each concept under which it is an equilibrium."""
        from detente.graph.why import fall, why

        makers, known = range(self.game.makers), self.equilibria
        return [
            fall(self.game, state, concept)
            for concept in self.explained
            if (
                known[concept][state]
                if concept in known
                else all(why(self.game, maker, state, concept).stable for maker in makers)
            )
        ]

    def inverse(self, state: int, *, nearest: bool = True) -> Inverse:
        """What would have to hold of preferences for a state to be stable, under each concept but ``sim``."""
        from detente.analysis.graph_inverse import Inverse

        return Inverse.of(self.game, state, [c for c in self.explained if c != "sim"], nearest=nearest)


def graph(
    conflict: Conflict,
    *,
    concepts: Sequence[str] | None = None,
    coalitions: bool | None = None,
    study: Study | None = None,
) -> GraphResult:
    """Stability of every state under concepts, for each decision maker and for coalitions.

    Without `concepts`: all that the form has a meaning for, ``sim`` up to 1,024 states. Unless `coalitions` is false,
    the coalitions that the conflict lists are looked at in games of up to 4,096 states, and all non-empty subsets of
    the decision makers up to 1,024 states and 6 decision makers; both in any game where `coalitions` is true. `study` draws
    what is uncertain about preferences. Raises `UsageError` for a concept that there is not.
    """
    game = conflict.game()
    small = game.states <= FEW
    asked = None if concepts is None else tuple(concepts)
    if concepts is None:
        concepts = [*stability.FAST, *(["sim"] if small and _plain(game) and _sim_is_cheap(game) else [])]
    every = coalitions if coalitions is not None else small and game.makers <= 6
    some = coalitions if coalitions is not None else game.states <= MOST_FOR_COALITIONS
    return GraphResult(
        conflict=conflict,
        game=game,
        stable=stability.stable(game, concepts),
        coalition=together.equilibria(game) if every else {},
        listed=together.stable(game, coalitions=conflict.coalitions) if some and conflict.coalitions else {},
        asked=asked,
        shares=_shares(study, game, asked) if study is not None and conflict.uncertain else None,
        hypergame=hypergame(game.moves, conflict.perceptions(game.payoff), [c for c in concepts if c != "sim"])
        if conflict.views and small
        else None,
    )


def _shares(study: Study, game: Game, asked: Sequence[str] | None) -> Shares:
    """Of what was asked for, else of all that many games at once are solved for."""
    from detente.analysis.graph_shares import Shares

    return Shares.of(study, game.states, asked or [*stability.FAST, *(["sim"] if batch.suits(game.form) else [])])


def _plain(game: Game) -> bool:
    return isinstance(game.form, OptionForm) and not game.form.merges


def _sim_is_cheap(game: Game) -> bool:
    """Whether even all combinations of everybody's moves are within the budget of ``sim``."""
    assert isinstance(game.form, OptionForm)
    return game.states * 2 ** min(game.form.options, 62) <= simultaneous.BUDGET
