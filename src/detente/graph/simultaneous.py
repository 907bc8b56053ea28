"""Simultaneous stability (SIM), in option form: the others improve from the same state, at the same time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph.blocks import Blocks
from detente.graph.game import Game
from detente.graph.options import OptionForm

BUDGET = 1_000_000_000  # combinations of improvements looked at, some seconds
TABLE = 1 << 22  # codes up to which a state is found by a table, or 64 times the states if that is more


def stable(game: Game, budget: int = BUDGET) -> NDArray[np.bool_]:
    """Whether each state is simultaneously stable for each decision maker, (n, N).

    A state s is stable for i where every improvement of i from s is deterred: some of the others, at least one, each
    have an improvement of their own *from s*, such that all these changes of options made at once, with i's, give a
    feasible state no better for i than s. Banned moves are no improvements. Work grows with the product of the others'
    improvements, so it ends at the first that deters; `UsageError` where more than `budget` combinations would be
    looked at, and for games without options or with merged states, in which "at once" has no meaning.

    Fraser and Hipel (1979), *A conflict analysis*, and (1984), *Conflict Analysis: Models and Resolutions*.

    >>> from detente.graph.preferences import by_ranking
    >>> dilemma = [by_ranking(levels, 4) for levels in ([[2], [3], [0], [1]], [[1], [3], [0], [2]])]
    >>> stable(Game(OptionForm((1, 1)), np.array(dilemma))).tolist()
    [[True, False, True, True], [True, True, False, True]]
    """
    from detente.graph.simultaneous_kernel import stable_at_once

    form = _option_form(game)
    table = np.zeros(0, dtype=np.int32)
    if 1 << form.options <= max(TABLE, 64 * game.states):
        table = np.full(1 << form.options, -1, dtype=np.int32)
        table[form.codes] = np.arange(game.states)
    bans = np.array([(*before, *after) for before, after in form.bans], dtype=np.int64).reshape(-1, 4)
    blocks = Blocks.of(game)
    first, last = blocks.start[blocks.first], blocks.start[blocks.last]
    widest = int((last - first).max())
    found = np.empty((game.makers, game.states), dtype=np.bool_)
    left = budget
    for maker in range(game.makers):
        found[maker], left = stable_at_once(
            maker, form.codes, table, blocks.payoff, bans, widest, left, *blocks.members
        )
        if left < 0:
            raise _too_many(game, budget)
    return found


def stable_by_loops(game: Game, budget: int = BUDGET) -> NDArray[np.bool_]:
    """The same as `stable`, without compiled code: for games of a hundred states or so."""
    form = _option_form(game)
    codes, moves = form.codes.tolist(), game.moves
    number = {code: state for state, code in enumerate(codes)}
    found = np.ones((game.makers, game.states), dtype=np.bool_)
    left = budget
    for state, code in enumerate(codes):
        turned = [  # by each improvement: the options that it turns over, as bits
            [codes[to] ^ code for to in moves.reach(j, state).tolist() if payoff[to] > payoff[state]]
            for j, payoff in enumerate(game.payoff)
        ]
        for maker, payoff in enumerate(game.payoff):
            at_once = [0]
            for j in range(game.makers):
                if j != maker and turned[maker]:
                    at_once += [change ^ other for change in at_once for other in turned[j]]
            left -= len(turned[maker]) * (len(at_once) - 1)
            if left < 0:
                raise _too_many(game, budget)
            for own in turned[maker]:
                meet = (number.get(code ^ own ^ change) for change in at_once[1:])
                if not any(to is not None and payoff[to] <= payoff[state] for to in meet):
                    found[maker, state] = False
                    break
    return found


def _option_form(game: Game) -> OptionForm:
    form = game.form
    if not isinstance(form, OptionForm) or form.merges:
        raise UsageError("found a game in graph form or with merged states; expected option form for sim")
    return form


def _too_many(game: Game, budget: int) -> UsageError:
    return UsageError(
        f"found more than {budget:,} combinations of improvements for sim in {game.states:,} states; "
        "expected a smaller game, a higher budget, or other concepts"
    )
