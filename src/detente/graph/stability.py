"""Which states are stable for whom, and which are equilibria: the concepts of one decision maker, by the right engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph import engine_explicit, engine_options, matrix, simultaneous
from detente.graph.concepts import BY_ID, CONCEPTS, Concept, chosen
from detente.graph.game import Game
from detente.graph.options import OptionForm

Stable = dict[str, NDArray[np.bool_]]
Engine = Literal["options", "explicit", "matrix"]

__all__ = ["BY_ID", "CONCEPTS", "Concept", "Engine", "engine_for", "equilibria", "stable"]

SMALL = 128  # states up to which nothing need be compiled
FAST = ("nash", "gmr", "smr", "seq", "sseq")
_ENGINES = {"options": engine_options.stable, "explicit": engine_explicit.stable, "matrix": matrix.stable}


def stable(
    game: Game,
    concepts: Iterable[str] = FAST,
    *,
    engine: Engine | None = None,
    sim_budget: int = simultaneous.BUDGET,
    sim_for_two: bool = False,
) -> Stable:
    """Whether each state is stable for each decision maker, (n, N) booleans for every concept asked for.

    `engine` is chosen by `engine_for` where it is not given. `sim_budget` is how many combinations of improvements ``sim``
    may look at. With `sim_for_two` a state that is not Nash stable counts as simultaneously stable only where at
    least two decision makers are neither Nash nor sequentially stable in it, as Fraser and Hipel apply the concept.
    Raises `UsageError` for a concept that there is not, or that the game has no meaning for.

    >>> from detente.graph.preferences import by_ranking
    >>> dilemma = [by_ranking(levels, 4) for levels in ([[2], [3], [0], [1]], [[1], [3], [0], [2]])]
    >>> found = stable(Game(OptionForm((1, 1)), np.array(dilemma)), ["nash", "seq"])
    >>> found["nash"].astype(int).tolist(), equilibria(found)["seq"].nonzero()[0].tolist()
    ([[1, 0, 1, 0], [1, 1, 0, 0]], [0, 3])
    """
    asked = chosen(concepts)
    by_moves = [concept for concept in asked if not concept.option_form]
    with_sim = len(by_moves) < len(asked)
    if with_sim and sim_for_two:
        known = {concept.id for concept in by_moves}
        by_moves += [BY_ID[id_] for id_ in ("nash", "seq") if id_ not in known]
    found: Stable = _ENGINES[_suited(game, engine)](game, by_moves) if by_moves else {}
    if with_sim:
        small = engine is None and game.states <= SMALL
        at_once = (simultaneous.stable_by_loops if small else simultaneous.stable)(game, sim_budget)
        if sim_for_two:
            unstable = ~(found["nash"] | found["seq"])
            for_two = np.count_nonzero(unstable, axis=0) >= 2
            at_once = np.logical_and(at_once, found["nash"] | for_two)
        found["sim"] = at_once
    return {concept.id: found[concept.id] for concept in asked}


def engine_for(game: Game, *, many: bool = False) -> Engine:
    """The engine that suits a game: near-linear in option form, explicit moves where they may not be transitive.

    For up to 128 states that is the matrix form, which takes milliseconds, where loading compiled loops takes half a
    second and compiling them for the first time five. With `many`, for a caller that asks of many games, compiled
    loops even then. All give the same answers.

    >>> engine_for(Game(OptionForm((1,)), np.array([[1, 2]]))), engine_for(Game(OptionForm((8,)), np.array([range(1, 257)])))
    ('matrix', 'options')
    """
    if game.states <= SMALL and not many:
        return "matrix"
    form = game.form
    return "options" if isinstance(form, OptionForm) and form.transitive else "explicit"


def _suited(game: Game, engine: Engine | None) -> Engine:
    """The engine asked for, if it can take the game."""
    if engine == "options" and engine_for(game, many=True) != "options":
        raise UsageError("found a game whose moves may not be transitive; expected the engine explicit or matrix")
    return engine or engine_for(game)


def equilibria(found: Stable) -> Stable:
    """The states (N,) that are stable for every decision maker, by concept.

    >>> equilibria({"nash": np.array([[True, True], [False, True]])})
    {'nash': array([False,  True])}
    """
    return {concept: np.logical_and.reduce(by_maker, axis=0) for concept, by_maker in found.items()}
