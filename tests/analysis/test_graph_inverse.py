"""The inverse question of a whole game: what is said of all decision makers together is what the definitions count."""

from __future__ import annotations

import numpy as np

from detente.analysis.graph_inverse import MOST_TOGETHER, Inverse
from detente.graph import inverse
from detente.graph.conditions import Goal, condition
from detente.graph.game import Game
from detente.graph.options import OptionForm
from detente.graph.why import why
from tests.graph.models import random_game

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")


def test_all_together_is_the_condition_of_all() -> None:
    rng = np.random.default_rng(51)
    looked_at = 0
    while looked_at < 40:
        game = random_game(rng)
        if not 2 <= game.states <= 4 or game.makers > 2:
            continue
        looked_at += 1
        strict = [rng.permutation(game.states) + 1 for _ in range(game.makers)]  # with ties, who is stable keeps them
        game = Game(game.form, np.array(strict))
        state, free = int(rng.integers(game.states)), range(game.makers)
        found = Inverse.of(game, state, CONCEPTS)
        for concept in CONCEPTS:
            wanted, together = condition(game, [Goal(state, concept)], free), found.together[concept]
            assert together.count == inverse.count(game, wanted, free)
            assert together.now == all(why(game, i, state, concept).stable for i in free)
            nearest = inverse.nearest(game, wanted, free)
            if nearest is None:
                assert together.nearest is None and together.never
            elif not together.now:
                assert together.nearest is not None
                assert together.nearest.distance == nearest.distance


def test_a_state_that_is_stable_is_no_change_of_mind_away() -> None:
    game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    found = Inverse.of(game, 3, ["gmr", "nash"])
    assert [one.nearest.distance for one in found.alone["gmr"] if one.nearest] == [0, 0]
    assert [one.nearest.distance for one in found.alone["nash"] if one.nearest] == [1, 1]


def test_what_is_too_large_to_ask_is_said_and_the_rest_is_answered() -> None:
    form = OptionForm((5, 5, 3))
    rng = np.random.default_rng(52)
    game = Game(form, np.array([rng.permutation(form.states) + 1 for _ in range(3)]))
    found = Inverse.of(game, 5, ["nash", "seq"])
    assert [float(one.share) for one in found.alone["nash"] if one.share] == [1 / 32, 1 / 32, 1 / 8]
    assert all(one.count is None and one.terms is not None for one in found.alone["nash"])
    assert found.alone["seq"][0].unknown == ("the condition: found 8,192 states; expected at most 4,096",)
    assert found.together["seq"].unknown == (f"all together: found 8,192 states; expected at most {MOST_TOGETHER}",)
