"""Joint moves and why: held against plain loops, and every account checked step by step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from detente.errors import UsageError
from detente.graph import why as why_module
from detente.graph import why_far
from detente.graph.game import Game
from detente.graph.joint import joint_moves, transitive
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.why import fall, why
from tests.graph import plain_more as plain
from tests.graph.models import games, option_forms, random_game

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq")


@given(option_forms())
def test_one_state_s_moves_are_those_of_the_list_of_all(form):
    for i in range(form.makers):
        for s in range(form.states):
            assert form.reach(i, s).tolist() == form.moves.reach(i, s).tolist()


@given(games())
def test_joint_moves_are_what_legal_sequences_end_in(game):
    moves = plain.moves_of(game)
    payoff = game.payoff.tolist()
    better = plain.arcs(moves, lambda i, s, t: payoff[i][t] > payoff[i][s])
    start = game.states // 2
    for group in ((0,), tuple(range(game.makers)), tuple(range(1, game.makers))):
        for improving, steps in ((False, moves), (True, better)):
            found = joint_moves(game, group, start, improving=improving)
            # Merging two moves of one decision maker may lead back to the start and then is no move: s itself apart.
            ignore = {start} if transitive(game) else set()
            assert set(found) - ignore == plain.joint(steps, group, start) - ignore
            for end, sequence in found.items():
                here, last = start, None
                for maker, to in sequence:
                    assert maker in group and maker != last and to in steps[maker][here]
                    here, last = to, maker
                assert here == end


def test_sequences_are_the_shortest():
    rng = np.random.default_rng(5)
    for _ in range(60):
        game = random_game(rng, graph=True)
        if game.states > 5:
            continue
        moves = plain.moves_of(game)
        found = joint_moves(game, range(game.makers), 0)
        shortest: dict[int, int] = {}
        for sequence in plain.legal_sequences(moves, range(game.makers), 0, 4):
            end = sequence[-1][1]
            shortest[end] = min(len(sequence), shortest.get(end, 99))
        for end, length in shortest.items():
            assert len(found[end]) == length


def test_the_rule_that_nobody_moves_twice_in_a_row():
    line = Game(Moves.of(3, [[(0, 1), (1, 2)], []]), [[1, 2, 3], [1, 1, 1]])
    assert set(joint_moves(line, (0, 1), 0)) == {1}


@given(games())
def test_why_agrees_with_the_definitions_and_each_sanction_holds(game):
    moves, payoff = plain.moves_of(game), game.payoff.tolist()
    for concept in CONCEPTS:
        for i in range(game.makers):
            for s in range(0, game.states, 3):
                found = why(game, i, s, concept)
                assert found.stable == plain.classical(payoff, moves, i, s, concept)
                assert set(found.moves) == moves[i][s]
                assert {one.to for one in found.considered} == {t for t in moves[i][s] if payoff[i][t] > payoff[i][s]}
                for one in found.considered:
                    if one.answer is None:
                        continue
                    here, last = one.to, i
                    for maker, to in one.answer.steps:
                        assert maker not in (i, last) and to in moves[maker][here]
                        assert concept in ("gmr", "smr") or payoff[maker][to] > payoff[maker][here]
                        here, last = to, maker
                    assert here == one.answer.state
                    punished = payoff[i][here] <= payoff[i][s] and one.answer.escape is None
                    assert punished == one.deterred
                    if one.answer.escape is not None:
                        assert one.answer.escape in moves[i][here]
                        assert payoff[i][one.answer.escape] > payoff[i][s]


def test_sim_by_hand():
    # Chicken: at "both swerve" each would rather drive on, and both driving on is the crash.
    chicken = Game(OptionForm((1, 1)), [[1, 2, 4, 3], [1, 4, 2, 3]])
    found = why(chicken, 0, 3, "sim")
    assert found.stable and found.considered[0].answer.together and found.considered[0].answer.state == 0
    assert not why(chicken, 0, 3, "seq").stable


@given(games())
def test_what_brings_an_equilibrium_down_does(game):
    """Flips are tried by the definitions with that one comparison turned; the routes with all that they name."""
    moves, payoff = plain.moves_of(game), game.payoff.tolist()
    for concept in CONCEPTS:
        for s in range(0, game.states, 1 + game.states // 9):
            if not all(plain.classical(payoff, moves, i, s, concept) for i in range(game.makers)):
                continue
            found = fall(game, s, concept)
            turned = {(f.maker, f.better, f.worse, f.prefers): f for f in found.flips}
            for (maker, better, worse, prefers), flip in turned.items():
                assert (payoff[maker][better] > payoff[maker][worse]) != prefers
                preferring = _with(payoff, {(maker, worse, better): prefers})
                assert not _holds(moves, flip.unstable_for, s, concept, preferring)
            # And no other single comparison with s does.
            for i in range(game.makers):
                for t in set(range(game.states)) - {s}:
                    if payoff[i][t] <= payoff[i][s] and (i, t, s, True) not in turned:
                        assert _holds(moves, i, s, concept, _with(payoff, {(i, s, t): True}))
            for route in found.routes:
                changed = {(route.maker, s, group[0]): True for group in route.needs}
                assert not _holds(moves, route.maker, s, concept, _with(payoff, changed))


def _with(payoff, changed):
    def better(i, a, b):
        return changed.get((i, a, b), payoff[i][b] > payoff[i][a])

    return better


def _holds(moves, i, s, concept, better):
    return plain.related(moves, i, s, concept, better, lambda j, a, b: not better(j, a, b), better, better)


def test_others_whose_one_improvement_holds_an_equilibrium_up():
    rng = np.random.default_rng(3)
    tried = 0
    for _ in range(200):
        game = random_game(rng)
        if game.states > 12:
            continue
        moves, payoff = plain.moves_of(game), game.payoff.tolist()
        for s in range(game.states):
            if not all(plain.classical(payoff, moves, i, s, "seq") for i in range(game.makers)):
                continue
            named = {(f.maker, f.worse, f.better) for f in fall(game, s, "seq").flips if not f.prefers}
            truly = set()
            for j in range(game.makers):
                for a in range(game.states):
                    for b in moves[j][a]:
                        if payoff[j][b] > payoff[j][a]:
                            better = _with(payoff, {(j, a, b): False})
                            if not all(_holds(moves, i, s, "seq", better) for i in range(game.makers)):
                                truly.add((j, a, b))
            assert named == truly
            tried += len(truly)
    assert tried > 20


def test_faults_are_one_line():
    game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    for call in (
        lambda: why(game, 0, 0, "sqe"),
        lambda: why(game, 2, 0, "seq"),
        lambda: why(game, 0, 4, "seq"),
        lambda: fall(game, 1, "nash"),
        lambda: why(Game(game.moves, game.payoff), 0, 0, "sim"),
    ):
        with pytest.raises(UsageError, match="expected"):
            call()


def test_the_compiled_search_of_large_games_gives_the_same_account(monkeypatch):
    rng = np.random.default_rng(31)
    looked_at = falls = 0
    while looked_at < 400:
        game = random_game(rng, graph=False, merges=False, bans=False)
        if game.states < 4:
            continue
        looked_at += 1
        s = int(rng.integers(game.states))
        for concept in ("gmr", "smr", "seq", "sseq"):
            for i in range(game.makers):
                monkeypatch.setattr(why_far, "SMALL", 1 << 20)
                near = why(game, i, s, concept)
                monkeypatch.setattr(why_far, "SMALL", 0)
                far = why(game, i, s, concept)
                assert (far.stable, far.moves) == (near.stable, near.moves)
                for one, other in zip(near.considered, far.considered, strict=True):
                    same_answer(game, i, s, one, other)
            if all(why(game, i, s, concept).stable for i in range(game.makers)):
                falls += 1
                monkeypatch.setattr(why_far, "SMALL", 1 << 20)
                near = fall(game, s, concept)
                monkeypatch.setattr(why_far, "SMALL", 0)
                far = fall(game, s, concept)
                assert set(far.flips) == set(near.flips)
                assert far.routes == near.routes
                monkeypatch.setattr(why_module, "MOST_NEEDS", 1)
                cut = fall(game, s, concept)
                monkeypatch.setattr(why_module, "MOST_NEEDS", 200)
                assert set(cut.flips) == set(near.flips)
                assert cut.cut or cut.routes == near.routes
    assert falls > 100


def same_answer(game, maker, state, one, other):
    assert (one.to, one.deterred) == (other.to, other.deterred)
    ends = {None if answer is None else answer.state for answer in (one.answer, other.answer)}
    if not one.deterred and one.to in ends:
        return  # back where it began, which the search that merges repeats does not see
    if one.answer is None or other.answer is None:
        assert ends == {None}
        return
    worth = game.payoff[maker]
    assert one.deterred or worth[one.answer.state] == worth[other.answer.state]
    assert len(one.answer.steps) == len(other.answer.steps)
    here, last = one.to, maker
    for mover, to in other.answer.steps:
        assert mover not in (maker, last) and to in game.form.reach(mover, here)
        here, last = to, mover
    assert here == other.answer.state
    assert (one.answer.escape is None) == (other.answer.escape is None)
