"""Many preferences on one form: shared and remembered solutions are those of each game by itself."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import UsageError
from detente.graph import batch
from detente.graph.game import Game
from detente.graph.many import Solver, distinct
from detente.graph.options import OptionForm
from detente.graph.stability import FAST, stable
from tests.graph import plain
from tests.graph.models import random_form, random_moves, random_payoff


def _cases(rng, form, games):
    """Rankings that each decision maker may have, and games of them."""
    rankings = [
        np.array([random_payoff(rng, 1, form.states)[0] for _ in range(rng.integers(1, 4))]) for _ in range(form.makers)
    ]
    return rankings, np.stack([rng.integers(len(own), size=games) for own in rankings], axis=1)


@pytest.mark.parametrize("kind", ["plain options", "any options", "graph form"])
def test_solutions_are_those_of_each_game_by_itself(kind):
    for seed in range(150):
        rng = np.random.default_rng([len(kind), seed])
        plainly = kind == "plain options"
        form = random_moves(rng) if kind == "graph form" else random_form(rng, merges=not plainly, bans=not plainly)
        rankings, which = _cases(rng, form, 5)
        solver = Solver(form)
        for concept in FAST:
            found = solver.stable(rankings, which[:3], concept)
            again = solver.stable(rankings, which, concept)  # the first three are remembered
            assert (again[:3] == found).all()
            for row, one in zip(which, again, strict=True):
                game = Game(form, np.array([own[place] for own, place in zip(rankings, row, strict=True)]))
                assert one.tolist() == plain.stable(game, concept), (seed, concept)


@pytest.mark.parametrize("bans", [False, True])
def test_simultaneous_stability_too(bans):
    for seed in range(400):
        rng = np.random.default_rng([3, bans, seed])
        form = random_form(rng, merges=False, bans=bans)
        assert batch.suits(form) or bans
        rankings, which = _cases(rng, form, 4)
        for row, one in zip(which, Solver(form).stable(rankings, which, "sim"), strict=True):
            game = Game(form, np.array([own[place] for own, place in zip(rankings, row, strict=True)]))
            assert one.tolist() == plain.stable(game, "sim"), seed


def test_simultaneous_stability_of_one_decision_maker_deters_nothing():
    form, ranking = OptionForm((2,)), np.array([[1, 2, 3, 4], [2, 2, 1, 1]])
    found = Solver(form).stable([ranking], np.array([[0], [1]]), "sim")
    assert found.astype(int).tolist() == [[[0, 0, 0, 1]], [[1, 1, 0, 0]]]


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("detente.graph.many.MOST_BYTES", 64)
    rng = np.random.default_rng(1)
    form = random_form(rng, merges=False, bans=False)
    solver = Solver(form)
    rankings, which = _cases(rng, form, 8)
    before = solver.stable(rankings, which, "seq")
    assert len(solver._found) * form.makers * -(-form.states // 8) <= 64
    assert (solver.stable(rankings, which, "seq") == before).all()


def test_many_games_in_steps(monkeypatch):
    monkeypatch.setattr(batch, "AT_ONCE", 3)
    rng = np.random.default_rng(7)
    form = random_form(rng, merges=False, bans=False)
    rankings, which = _cases(rng, form, 10)
    for row, one in zip(which, Solver(form).stable(rankings, which, "sseq"), strict=True):
        game = Game(form, np.array([own[place] for own, place in zip(rankings, row, strict=True)]))
        assert (one == stable(game, ["sseq"])["sseq"]).all()


def test_an_unknown_concept_is_refused():
    form = random_form(np.random.default_rng(0))
    rankings, which = _cases(np.random.default_rng(0), form, 1)
    with pytest.raises(UsageError, match="nsah"):
        Solver(form).stable(rankings, which, "nsah")


def test_distinct_rows_with_columns_too_many_for_one_number():
    rng = np.random.default_rng(0)
    rows = rng.integers(0, 2, size=(40, 70))[rng.integers(0, 40, size=200)]
    found, which = distinct(rows)
    assert (found[which] == rows).all()
    assert len(found) == len({tuple(row) for row in rows.tolist()})
