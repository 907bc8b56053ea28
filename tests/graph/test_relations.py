# ruff: noqa: B023, E731  (relations are small lambdas, used within the round of the loop that makes them)
"""Strength, unknown and fuzzy preference, attitudes, hypergames: held against plain loops, and their laws."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import UsageError
from detente.graph import attitudes, fuzzy, relation_kernel, relation_matrices, relations, strength, unknown
from detente.graph.game import Game
from detente.graph.hypergames import Perception, hypergame
from detente.graph.moves import Moves
from detente.graph.preferences import dense_ranks
from detente.graph.stability import stable as classical
from tests.graph import plain_more as plain
from tests.graph.models import random_game

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")
SUSTAINABLE = Moves.of(4, [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]])


def some_games(count: int, seed: int, most: int = 16):
    rng = np.random.default_rng(seed)
    made = 0
    while made < count:
        game = random_game(rng, graph=None if rng.random() < 0.5 else True)
        if game.states <= most:
            made += 1
            yield rng, game


def agree(found, game, tempts, deters, rescues, along, concepts=CONCEPTS):
    moves = plain.moves_of(game)
    for concept in concepts:
        for i in range(game.makers):
            expected = [plain.related(moves, i, s, concept, tempts, deters, rescues, along) for s in range(game.states)]
            assert found[concept][i].tolist() == expected, (concept, i)


def test_strength():
    for rng, game in some_games(400, 1):
        cuts = [sorted(rng.choice(np.arange(1, p.max() + 1), size=min(2, p.max()), replace=False)) for p in game.payoff]
        layer = np.array([dense_ranks(np.searchsorted(c, p)) for c, p in zip(cuts, game.payoff, strict=True)])
        found = strength.stable(game.moves, game.payoff, layer)
        p, q = game.payoff, layer
        better = lambda i, s, t: p[i][t] > p[i][s]
        greatly = lambda i, s, t: q[i][t] < q[i][s]  # s >> t
        agree(found.general, game, better, lambda i, s, t: p[i][t] <= p[i][s], better, better)
        agree(found.strong, game, better, greatly, lambda i, s, t: not greatly(i, s, t), better)
        for concept, general in classical(game, CONCEPTS).items():
            assert (found.general[concept] == general).all()
            assert (found.strong[concept] <= general).all()
            assert (found.weak[concept] == general & ~found.strong[concept]).all()
        assert (found.strong["nash"] == found.general["nash"]).all()


def test_strength_of_the_sustainable_development_game(graph_fixtures):
    fixture = graph_fixtures["Sustainable development 2x2 with strength"]
    payoff, layer = strength.levels(list(fixture["ranking_strength"].values()))
    found = strength.stable(SUSTAINABLE, payoff, layer)
    for kind in ("general", "strong"):
        for concept, states in fixture["computed_by_reference"][kind].items():
            stable = getattr(found, kind)[concept].all(axis=0)
            assert (np.flatnonzero(stable) + 1).tolist() == states
    for i, name in enumerate(fixture["decision_makers"]):
        for concept, states in fixture["computed_by_reference"]["per_dm"][name].items():
            assert (np.flatnonzero(found.general[concept][i]) + 1).tolist() == states


def test_unknown():
    for rng, game in some_games(400, 2):
        pairs = [tuple(rng.integers(0, [game.makers, game.states, game.states])) for _ in range(rng.integers(8))]
        better, unsure = unknown.from_ranks(game.payoff, [pair for pair in pairs if pair[1] != pair[2]])
        found = unknown.stable(game.moves, better, unsure)
        more = lambda i, s, t: bool(better[i, s, t])
        perhaps = lambda i, s, t: bool(better[i, s, t] or unsure[i, s, t])
        less = lambda i, s, t: bool(better[i, t, s] or not (better[i, s, t] or unsure[i, s, t]))
        less_perhaps = lambda i, s, t: less(i, s, t) or bool(unsure[i, s, t])
        agree(found["a"], game, perhaps, less, perhaps, perhaps)
        agree(found["b"], game, more, less, perhaps, perhaps)
        agree(found["c"], game, perhaps, less_perhaps, more, perhaps)
        agree(found["d"], game, more, less_perhaps, more, perhaps)
        for concept in CONCEPTS:
            a, b, c, d = (found[reading][concept] for reading in "abcd")
            assert (a <= b).all() and (b <= d).all() and (a <= c).all() and (c <= d).all()
        assert (found["a"]["nash"] == found["c"]["nash"]).all() and (found["b"]["nash"] == found["d"]["nash"]).all()
        if not unsure.any():
            assert all((found["a"][c] == known).all() for c, known in classical(game, CONCEPTS).items())


def test_fuzzy():
    for rng, game in some_games(400, 3):
        shape = (game.makers, game.states, game.states)
        upper = np.triu(np.round(rng.integers(0, 11, shape) / 10, 1), 1)
        degree = upper + np.tril(1 - upper.transpose(0, 2, 1), -1) + np.eye(game.states) / 2
        gamma = rng.integers(1, 11, game.makers) / 10
        found = fuzzy.stable(game.moves, degree, gamma)
        tenths = np.rint(10 * degree).astype(int)
        tens = np.rint(10 * gamma).astype(int)
        better = lambda i, s, t: tenths[i, t, s] - tenths[i, s, t] >= tens[i]
        agree(found, game, better, lambda i, s, t: not better(i, s, t), better, better)
        sure = fuzzy.stable(game.moves, fuzzy.crisp(game.payoff), gamma)
        assert all((sure[concept] == known).all() for concept, known in classical(game, CONCEPTS).items())


def test_a_sweep_is_exact():
    for rng, game in some_games(25, 4, most=8):
        shape = (game.makers, game.states, game.states)
        upper = np.triu(rng.integers(0, 5, shape) / 4, 1)
        degree = upper + np.tril(1 - upper.transpose(0, 2, 1), -1) + np.eye(game.states) / 2
        found = fuzzy.sweep(game.moves, degree)
        for gamma in np.linspace(0.05, 1, 20):
            row = int(np.searchsorted(found.thresholds, gamma - 1e-9))
            for concept, one in fuzzy.stable(game.moves, degree, gamma).items():
                assert (one.all(axis=0) == found.equilibria[concept][row]).all()


def test_attitudes():
    for rng, game in some_games(400, 5):
        n = game.makers
        given = rng.integers(-1, 2, (n, n))
        found = attitudes.stable(game.moves, game.payoff, given)
        p = game.payoff.tolist()

        def wished(i, s, t, given=given, p=p):
            for j, attitude in enumerate(given[i]):
                if (attitude == 1 and p[j][t] < p[j][s]) or (attitude == -1 and p[j][t] > p[j][s]):
                    return False
            return True

        back = lambda i, s, t: wished(i, t, s)
        agree(found, game, wished, back, lambda i, s, t: t != s and wished(i, s, t), wished, attitudes.CONCEPTS)


def test_discrete_attitudes_without_ties_and_neutral_ones():
    for rng, game in some_games(300, 6):
        payoff = np.array([rng.permutation(game.states) + 1 for _ in range(game.makers)], dtype=np.int32)
        found = attitudes.stable(game.moves, payoff, np.eye(game.makers, dtype=int))
        known = classical(Game(game.moves, payoff), attitudes.CONCEPTS)
        assert all((found[concept] == known[concept]).all() for concept in attitudes.CONCEPTS)
        neutral = attitudes.stable(game.moves, payoff, np.zeros((game.makers, game.makers), dtype=int))
        assert (neutral["gmr"] == neutral["seq"]).all()
        assert (neutral["nash"] <= neutral["smr"]).all()


def test_a_hypergame_of_one_mind_is_the_game():
    for _, game in some_games(60, 7):
        everything = np.ones(game.states, dtype=bool)
        found = hypergame(game.moves, [Perception(game.payoff, everything)] * game.makers, CONCEPTS)
        for concept, known in classical(game, CONCEPTS).items():
            assert (found.stable[concept] == known).all()
            assert (found.perceived[concept] == known.all(axis=0)).all()
        assert not found.surprises.any() and not found.unrecognised.any()


def test_hypergames_against_each_game_by_itself():
    for rng, game in some_games(150, 8):
        perceptions = []
        for _ in range(game.makers):
            recognised = rng.random(game.states) < 0.7
            recognised[rng.integers(game.states)] = True
            perceptions.append(Perception(rng.integers(1, 5, (game.makers, game.states)), recognised))
        found = hypergame(game.moves, perceptions, CONCEPTS)
        all_moves = plain.moves_of(game)
        for i, seen in enumerate(perceptions):
            kept = [[{t for t in reach if seen.recognised[t]} for reach in row] for row in all_moves]
            for concept in CONCEPTS:
                for s in range(game.states):
                    stable = [
                        bool(seen.recognised[s]) and plain.classical(seen.payoff, kept, j, s, concept)
                        for j in range(game.makers)
                    ]
                    assert found.stable[concept][i, s] == stable[i]
                    assert found.perceived[concept][i, s] == all(stable)
            surprised = set()
            for j in set(range(game.makers)) - {i}:
                theirs = perceptions[j]
                for s in range(game.states):
                    for t in all_moves[j][s]:
                        unseen = seen.recognised[s] and not seen.recognised[t]
                        if unseen and theirs.recognised[[s, t]].all() and theirs.payoff[j][t] > theirs.payoff[j][s]:
                            surprised.add(t)
            assert set(np.flatnonzero(found.surprises[i])) == surprised


def test_products_of_matrices_are_the_compiled_loops():
    rng = np.random.default_rng(29)
    for _ in range(150):
        states = int(rng.choice([1, 5, 63, 64, 65, 90]))
        density = rng.uniform(0, 3 / states)
        arcs = [rng.random((states, states)) < density for _ in range(rng.integers(1, 4))]
        moves = relations.from_matrices(arcs)
        indptr = np.array(moves.indptr)
        indptr += np.cumsum([0, *map(len, moves.indices)])[:-1, None]
        given = indptr, np.concatenate(moves.indices), states
        assert np.array_equal(relation_matrices.reached(*given), relation_kernel.reached(*given))
        bits = [relations.pack(rng.random((states, states)) < rng.uniform(0, 0.3)) for _ in range(3)]
        assert np.array_equal(relation_matrices.escapes(*bits[:2]), relation_kernel.escapes(*bits[:2]))
        assert np.array_equal(relation_matrices.deterred(*bits), relation_kernel.deterred(*bits))


def test_many_states_over_more_than_one_word():
    rng = np.random.default_rng(9)
    for states in (63, 64, 65, 130):
        arcs = [np.argwhere((rng.random((states, states)) < 0.03) & ~np.eye(states, dtype=bool)) for _ in range(3)]
        payoff = np.array([dense_ranks(rng.integers(0, 40, states)) for _ in range(3)])
        game = Game(Moves.of(states, [[tuple(map(int, arc)) for arc in one] for one in arcs]), payoff)
        sure = fuzzy.stable(game.moves, fuzzy.crisp(payoff), 1.0)
        assert all((sure[concept] == known).all() for concept, known in classical(game, CONCEPTS).items())


def test_faults_are_one_line():
    two = Moves.of(2, [[(0, 1)]])
    half = np.full((1, 2, 2), 0.5)
    none = np.zeros((1, 2, 2), dtype=bool)
    for call in (
        lambda: strength.stable(two, np.array([[1, 2]]), np.array([[2, 1]])),
        lambda: strength.read_strength("1>>", strength.number),
        lambda: strength.read_strength("1>1", strength.number),
        lambda: strength.read_strength("1>x", strength.number),
        lambda: fuzzy.stable(two, half, 0.0),
        lambda: fuzzy.stable(two, half, [0.5, 0.5]),
        lambda: fuzzy.stable(two, half * 1.5, 0.5),
        lambda: fuzzy.stable(two, half * 3, 0.5),
        lambda: unknown.stable(two, ~none, none),
        lambda: unknown.stable(two, none, ~none),
        lambda: unknown.stable(two, none[0], none),
        lambda: attitudes.stable(two, np.array([[1, 2]]), [[2]]),
        lambda: attitudes.stable(two, np.array([[1, 2]]), [[1]], ["sseq"]),
        lambda: hypergame(two, []),
        lambda: hypergame(two, [Perception(np.array([[1, 2]]), np.zeros(2, dtype=bool))]),
        lambda: hypergame(two, [Perception(np.array([1, 2]), np.ones(2, dtype=bool))]),
        lambda: fuzzy.stable(Moves.of(20_000, [[]]), half, 0.5),
    ):
        with pytest.raises(UsageError, match="expected"):
            call()
