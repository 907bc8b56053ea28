"""Conditions, counts and nearest rankings: against trying every ranking by the definitions, and the published counts."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest

from detente.errors import UsageError
from detente.graph import inverse
from detente.graph.conditions import Goal, Prefers, condition, evaluate, terms
from detente.graph.game import Game
from detente.graph.inverse import contradiction, count, nearest
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from tests.graph import plain_more as plain
from tests.graph.models import random_game
from tests.graph.test_coalitions import game_of

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")


def small_games(count: int, seed: int, most: int):
    rng = np.random.default_rng(seed)
    made = 0
    while made < count:
        game = random_game(rng, graph=None if rng.random() < 0.5 else True)
        if 2 <= game.states <= most:
            made += 1
            yield rng, game


def profiles(game, free, ties):
    """Every profile of rankings of the free decision makers, the others as they are."""
    n = game.states
    rows = permutations(range(1, n + 1)) if not ties else product(range(1, n + 1), repeat=n)
    rows = [row for row in rows if set(row) == set(range(1, max(row) + 1))]
    for chosen in product(rows, repeat=len(free)):
        payoff = game.payoff.tolist()
        for maker, row in zip(free, chosen, strict=True):
            payoff[maker] = list(row)
        yield payoff


def met(moves, payoff, goals) -> bool:
    for goal in goals:
        makers = range(len(payoff)) if goal.maker is None else [goal.maker]
        stable = all(plain.classical(payoff, moves, i, goal.state, goal.concept) for i in makers)
        if stable != goal.stable:
            return False
    return True


def compared(payoff):
    def holds(one):
        gain = payoff[one.maker][one.better] - payoff[one.maker][one.worse]
        return np.bool_(gain > 0 or (gain == 0 and not one.strictly))

    return holds


def twice_the_distance(a, b):
    n = len(a)
    sign = lambda x, y: (x > y) - (x < y)  # noqa: E731
    return sum(abs(sign(a[s], a[t]) - sign(b[s], b[t])) for s in range(n) for t in range(s))


def some_goals(rng, game):
    return [
        Goal(
            int(rng.integers(game.states)),
            str(rng.choice(CONCEPTS)),
            bool(rng.random() < 0.7),
            None if rng.random() < 0.5 else int(rng.integers(game.makers)),
        )
        for _ in range(rng.integers(1, 4))
    ]


@pytest.mark.parametrize("ties", [False, True])
def test_conditions_counts_and_nearest_rankings_are_those_of_trying_everything(ties):
    contradictions = 0
    for rng, game in small_games(70, 31 + ties, 4):
        free = sorted({int(rng.integers(game.makers)) for _ in range(2 if game.states < 4 else 1)})
        goals = some_goals(rng, game)
        wanted = condition(game, goals, free)
        alternatives = terms(wanted)
        moves = plain.moves_of(game)
        meeting, total, least = 0, 0, None
        for payoff in profiles(game, free, ties):
            total += 1
            holds = compared(payoff)
            expected = met(moves, payoff, goals)
            assert bool(evaluate(wanted, holds, np.bool_(True))) == expected
            assert any(all(holds(one) for one in term) for term in alternatives) == expected
            if expected:
                meeting += 1
                far = sum(twice_the_distance(payoff[i], game.payoff[i].tolist()) for i in free)
                least = far if least is None else min(least, far)
        found = count(game, wanted, free, ties=ties)
        assert (found.meeting, found.permitted) == (meeting, total)
        near = nearest(game, wanted, free, ties=ties)
        assert (near is None) == (least is None) == (contradiction(game, goals, free, ties=ties) != ())
        contradictions += near is None
        if near is not None:
            assert 2 * near.distance == least
            assert met(moves, near.payoff.tolist(), goals)
            assert 2 * near.distance == sum(
                twice_the_distance(near.payoff[i].tolist(), game.payoff[i].tolist()) for i in free
            )
    assert contradictions


def test_no_alternative_and_no_comparison_of_one_is_needless():
    for rng, game in small_games(150, 33, 6):
        free = range(game.makers)
        goal = Goal(int(rng.integers(game.states)), str(rng.choice(CONCEPTS)), maker=0)
        alternatives = terms(condition(game, [goal], free))
        for a in alternatives:
            assert not any(b < a for b in alternatives)
            for one in a:  # without it, some ranking that meets the rest does not meet it
                rest = [other for other in a if other != one]
                if game.states <= 4 and all(other.maker == one.maker for other in rest):
                    rows = permutations(range(1, game.states + 1))
                    given = [{one.maker: row} for row in rows]
                    assert any(all(compared(p)(o) for o in rest) and not compared(p)(one) for p in given)


def test_the_published_counts_and_the_one_that_is_wrong(graph_fixtures):
    """Of Syria's 720 rankings 240 make its state 2 a Nash equilibrium; sequential, 384 do: the handout prints 420."""
    fixture = graph_fixtures["Syria-Iraq 1975"]
    game = game_of(fixture)
    printed = fixture["published"]["inverse_target_state2_vary_Syria_all720"]
    for concept, key in (("nash", "nash_profiles"), ("seq", "seq_profiles_correct")):
        found = count(game, condition(game, [Goal(1, concept)], [0]), [0])
        assert (found.meeting, found.permitted) == (printed[key], 720)
        moves = plain.moves_of(game)
        by_hand = sum(met(moves, payoff, [Goal(1, concept)]) for payoff in profiles(game, [0], False))
        assert by_hand == printed[key]


def test_partial_orders():
    game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    nash = condition(game, [Goal(0, "nash")], [0])
    assert count(game, nash, [0], known=[Prefers(0, 0, 1, True)]).answer == "always"
    assert count(game, nash, [0], known=[Prefers(0, 1, 0, True)]).answer == "never"
    assert count(game, nash, [0], known=[Prefers(0, 2, 0, True)]).answer == "sometimes"
    assert count(game, nash, [0], known=[Prefers(0, 2, 0, True), Prefers(0, 0, 2, True)]).answer == "nothing permitted"


def test_counting_by_one_state_agrees_with_listing_rankings():
    for ties in (False, True):
        for others in range(4):
            pairs = [(min(2, t), max(2, t)) for t in (0, 1, 3, 4)[:others]]
            star = inverse._star(6, pairs, 2, ties)
            rankings = inverse._rankings(6, ties)
            signs = inverse._signs(rankings, pairs)
            for row, weight in zip(star.signs, star.weights, strict=True):
                assert weight == int((signs == row).all(axis=1).sum())
            assert sum(star.weights) == len(rankings)


def test_many_states_are_counted_exactly():
    # A state is Nash stable for one who reaches all 29 others in one of 30 strict rankings.
    states = 30
    clique = Moves.of(states, [[(a, b) for a in range(states) for b in range(states) if a != b]])
    game = Game(clique, [list(range(1, states + 1))])
    with pytest.raises(UsageError, match="expected"):
        count(game, condition(game, [Goal(0)], [0]), [0])
    few = Moves.of(states, [[(0, b) for b in range(1, 12)]])
    found = count(Game(few, game.payoff), condition(Game(few, game.payoff), [Goal(0)], [0]), [0])
    assert found.meeting * 12 == found.permitted


def test_the_solver_agrees_with_trying_every_ranking(monkeypatch):
    pytest.importorskip("ortools")
    for rng, game in small_games(25, 35, 5):
        free = sorted({int(rng.integers(game.makers)) for _ in range(2)})
        ties = bool(rng.random() < 0.5)
        wanted = condition(game, some_goals(rng, game), free)
        expected = nearest(game, wanted, free, ties=ties)
        with monkeypatch.context() as patched:
            patched.setattr(inverse, "MOST_STRICT", 0)
            patched.setattr(inverse, "MOST_TIED", 0)
            found = nearest(game, wanted, free, ties=ties)
        assert (found is None) == (expected is None)
        if found is not None:
            assert found.distance == expected.distance
            holds = compared(found.payoff.tolist())
            assert bool(evaluate(wanted, holds, np.bool_(True)))


def test_faults_are_one_line():
    game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    for goal in (Goal(9), Goal(0, "sim")):
        with pytest.raises(UsageError, match="expected"):
            condition(game, [goal], [0])


def test_a_share_is_the_count_among_all_rankings():
    for rng, game in small_games(60, 41, 5):
        state, concept = int(rng.integers(game.states)), CONCEPTS[int(rng.integers(len(CONCEPTS)))]
        free = [int(rng.integers(game.makers))]
        wanted = condition(game, [Goal(state, concept, maker=free[0])], free)
        found = count(game, wanted, free)
        assert inverse.share(wanted, free) == Fraction(found.meeting, found.permitted)
