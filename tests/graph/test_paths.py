"""From the status quo: against plain loops, the published game, and every way checked step by step."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import UsageError
from detente.graph import paths
from detente.graph.game import Game
from detente.graph.joint import search
from detente.graph.options import OptionForm
from detente.graph.paths import arrivals, indispensable, reach
from tests.graph import plain_more as plain
from tests.graph.models import random_game
from tests.graph.test_coalitions import game_of


def plain_steps(steps, makers: int, start: int) -> dict[tuple[int, int], int]:
    """The least number of steps to each pair (state, last mover), layer by layer."""
    found: dict[tuple[int, int], int] = {}
    layer, length = {(start, -1)}, 0
    while layer:
        length += 1
        layer = {(t, j) for s, last in layer for j in range(makers) if j != last for t in steps[j][s]} - set(found)
        found.update(dict.fromkeys(layer, length))
    return found


@pytest.mark.parametrize("small", [0, 1 << 20])
def test_steps_and_ways_are_as_defined(monkeypatch, small):
    """Both by compiled loops over blocks and state by state."""
    monkeypatch.setattr(paths, "SMALL", small)
    rng = np.random.default_rng(21)
    for _ in range(250):
        game = random_game(rng)
        moves, payoff = plain.moves_of(game), game.payoff.tolist()
        better = plain.arcs(moves, lambda i, s, t, p=payoff: p[i][t] > p[i][s])
        start = int(rng.integers(game.states))
        for improving, steps in ((False, moves), (True, better)):
            found = reach(game, start, improving=improving)
            expected = plain_steps(steps, game.makers, start)
            earliest = [
                0 if s == start else min((length for (t, _), length in expected.items() if t == s), default=-1)
                for s in range(game.states)
            ]
            assert found.earliest.tolist() == earliest
            for maker in range(game.makers):
                for s in range(game.states):
                    if s != start:
                        assert found.steps[maker, s] == expected.get((s, maker), -1)
            for s in range(0, game.states, 1 + game.states // 4):
                ways = found.ways(s)
                assert bool(ways) == (earliest[s] >= 0)
                assert len(set(ways)) == len(ways)
                for way in ways:
                    here, last = start, -1
                    for maker, to in way:
                        assert maker != last and to in steps[maker][here]
                        here, last = to, maker
                    assert here == s and len(way) == earliest[s]


def test_all_shortest_ways_are_found():
    rng = np.random.default_rng(22)
    for _ in range(60):
        game = random_game(rng)
        if game.states > 6:
            continue
        found = reach(game, 0)
        by_end: dict[int, list] = {}
        for sequence in plain.legal_sequences(plain.moves_of(game), range(game.makers), 0, 3):
            by_end.setdefault(sequence[-1][1], []).append(sequence)
        for s, sequences in by_end.items():
            if s != 0:
                shortest = min(map(len, sequences))
                assert sorted(map(tuple, found.ways(s, most=10_000))) == sorted(
                    way for way in sequences if len(way) == shortest
                )
                assert len(found.ways(s, most=1)) == 1


def test_a_move_left_out_and_a_state_looked_for():
    """The compiled search, against the forward search that takes moves one by one."""
    rng = np.random.default_rng(22)
    looked_at = 0
    for _ in range(600):
        game = random_game(rng, graph=False, merges=False, bans=False)
        if game.states < 3:
            continue
        start, improving = int(rng.integers(game.states)), bool(rng.integers(2))
        makers = [i for i in range(game.makers) if rng.random() < 0.8]
        arcs = [(i, s, t) for i in makers for s in range(game.states) for t in game.form.reach(i, s).tolist()]
        if not arcs:
            continue
        looked_at += 1
        # Half of them from the start, where it makes a difference soonest.
        near = [arc for arc in arcs if arc[1] == start] or arcs
        pool = near if rng.random() < 0.5 else arcs
        left_out = pool[rng.integers(len(pool))]
        expected = dict(search(game, makers, start, improving=improving, without={left_out}))
        steps, found = paths.compiled(game, start, improving, makers, left_out=left_out)
        shortest = {t: min(h for h in steps[:, t] if h > 0) for t in range(game.states) if (steps[:, t] > 0).any()}
        assert found == -1
        assert shortest == {t: len(way) for t, way in expected.items()}
        wanted = rng.random(game.states) < 0.3
        steps, found = paths.compiled(game, start, improving, makers, wanted=wanted, left_out=left_out)
        lengths = [len(way) for t, way in expected.items() if wanted[t]]
        assert (found >= 0) == bool(lengths)
        if lengths:
            assert wanted[found] and len(expected[found]) == min(lengths)
    assert looked_at > 200


def test_elmira(graph_fixtures):
    fixture = graph_fixtures["Elmira groundwater (9-state graph form)"]
    game = game_of(fixture)
    for improving, name in ((True, "steps_from_1_by_UI"), (False, "steps_from_1_by_UM")):
        found = reach(game, 0, improving=improving)
        expected = fixture["computed_by_reference"][name]
        assert {str(s + 1): int(h) for s, h in enumerate(found.earliest) if h >= 0} == expected
    by_moves, by_improvements = reach(game, 0), reach(game, 0, improving=True)
    five, eight = arrivals(by_moves, by_improvements, [4, 7])
    assert (five.by_improvements, five.movers) == (1, (2,))
    assert (eight.by_moves, eight.by_improvements, eight.movers) == (3, -1, (0, 1, 2))
    assert indispensable(by_moves, 7) == (0, 1, 2)


def test_who_must_move_is_who_cannot_be_left_out():
    rng = np.random.default_rng(23)
    for _ in range(80):
        game = random_game(rng)
        moves = plain.moves_of(game)
        found = reach(game, 0)
        for s in range(1, game.states, 1 + game.states // 5):
            if found.earliest[s] < 0:
                continue
            expected = [
                i
                for i in range(game.makers)
                if s not in plain.joint(moves, [j for j in range(game.makers) if j != i], 0)
            ]
            assert list(indispensable(found, s)) == expected


def test_a_large_game_is_searched_without_listing_its_moves():
    form = OptionForm((4, 4, 4, 4), ("both",) * 14 + ("forward", "back"))
    game = Game(form, np.tile(np.arange(1, form.states + 1, dtype=np.int32), (4, 1)))
    found = reach(game, 0)
    assert "moves" not in vars(form)
    assert found.earliest.max() == 4 and (found.earliest < 0).sum() == form.states // 2
    assert reach(game, form.states - 1, improving=True).earliest.max() == 0


def test_faults_are_one_line():
    game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    for call in (lambda: reach(game), lambda: reach(game, 4), lambda: reach(game, 0).ways(7)):
        with pytest.raises(UsageError, match="expected"):
            call()
