"""The nearest ranking by a constraint solver (CP-SAT of OR-Tools), for games too large to try all rankings.

Every free decision maker has a rank a state; every pair of states a sign; the distance is their sum. Optional: the
extra ``inverse`` installs the solver.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detente.errors import UsageError
from detente.graph.conditions import Condition, Every, Prefers
from detente.graph.game import Game
from detente.graph.inverse import Nearest
from detente.graph.preferences import dense_ranks

MOST_STATES = 200  # a sign a pair of them
SECONDS = 300.0


def nearest(game: Game, wanted: Condition, makers: list[int], ties: bool) -> Nearest | None:
    """Rankings of `makers` that meet `wanted`, nearest to the game's own; None where there are none.

    Raises `UsageError` where the solver is not installed, the game has more than 200 states, or five minutes pass
    without proof.
    """
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        raise UsageError(
            f"found {game.states} states, too many to try all rankings of; expected the solver: pip install "
            "'detente[inverse]'"
        ) from None
    if game.states > MOST_STATES:
        raise UsageError(f"found {game.states:,} states; expected at most {MOST_STATES} to find the nearest ranking of")
    model = cp_model.CpModel()
    ranks = {
        maker: [model.new_int_var(1, game.states, f"rank {maker} {s}") for s in range(game.states)] for maker in makers
    }
    cost: list[Any] = []
    above: dict[tuple[int, int, int], Any] = {}  # whether the first state is better than the second
    for maker in makers:
        if not ties:
            model.add_all_different(ranks[maker])
        for a in range(game.states):
            for b in range(a):
                _compare(model, ranks[maker], maker, a, b, ties, above)
                today = int(np.sign(int(game.payoff[maker][a]) - int(game.payoff[maker][b])))
                # |sign - today| with sign = above(a, b) - above(b, a)
                sign = above[maker, a, b] - above[maker, b, a]
                if today:
                    cost.append(1 - today * sign)
                else:
                    cost.append(above[maker, a, b] + above[maker, b, a])
    model.add_bool_or([_encode(model, wanted, above)])
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1  # the same answer at every run
    solver.parameters.random_seed = 0
    solver.parameters.max_time_in_seconds = SECONDS
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status != cp_model.OPTIMAL:
        raise UsageError(f"found no proven nearest ranking within {SECONDS:.0f} seconds; expected a smaller game")
    payoff = game.payoff.copy()
    for maker in makers:
        payoff[maker] = dense_ranks(np.array([solver.value(rank) for rank in ranks[maker]]))
    return Nearest(payoff, round(solver.objective_value) / 2)


def _compare(model: Any, ranks: list[Any], maker: int, a: int, b: int, ties: bool, above: dict[Any, Any]) -> None:
    """Booleans for a above b and b above a, tied to the ranks."""
    up, down = model.new_bool_var(f"{maker} {a}>{b}"), model.new_bool_var(f"{maker} {b}>{a}")
    above[maker, a, b], above[maker, b, a] = up, down
    model.add(ranks[a] > ranks[b]).only_enforce_if(up)
    model.add(ranks[a] < ranks[b]).only_enforce_if(down)
    if ties:
        model.add(ranks[a] == ranks[b]).only_enforce_if([~up, ~down])
        model.add_bool_or([~up, ~down])
    else:
        model.add(up + down == 1)


def _encode(model: Any, of: Condition, above: dict[Any, Any]) -> Any:
    """A literal that implies the condition."""
    if isinstance(of, Prefers):
        if of.strictly:
            return above[of.maker, of.better, of.worse]
        return ~above[of.maker, of.worse, of.better]
    literal = model.new_bool_var("")
    parts = [_encode(model, part, above) for part in of.parts]
    if isinstance(of, Every):
        for part in parts:
            model.add_implication(literal, part)
    else:
        model.add_bool_or([*parts, ~literal])
    return literal
