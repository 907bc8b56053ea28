"""Preferences: ranks by statements, weights, levels and changes, against their plain meaning."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import UsageError
from detente.graph.game import Game
from detente.graph.options import OptionForm
from detente.graph.preferences import (
    Change,
    Columns,
    by_priorities,
    by_ranking,
    by_weights,
    dense_ranks,
    fine_tune,
    ranks_of_truths,
    truths,
)
from tests.graph.test_formulas import formulas, truth


def plain_ranks(scores: list) -> list[int]:
    return [sorted(set(scores)).index(score) + 1 for score in scores]


@given(st.lists(formulas, max_size=6), st.lists(st.integers(0, 31), min_size=1, max_size=80, unique=True))
def test_priorities_rank_by_the_first_statement_that_tells_states_apart(statements, codes):
    found = by_priorities(statements, np.array(codes))
    assert found.dtype == np.int32
    assert found.tolist() == plain_ranks([tuple(truth(s, c) for s in statements) for c in codes])


@pytest.mark.parametrize("count", [1, 7, 8, 9, 63, 64, 65, 130])
def test_any_number_of_statements(count):
    rng = np.random.default_rng(count)
    table = rng.random((count, 300)) < 0.5
    table[: count // 2] = table[: count // 2, :1]  # so that later statements decide
    packed = np.packbits(table, axis=1, bitorder="little")
    words = np.zeros((count, 40), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    found = ranks_of_truths(words.view("<u8"), 300)
    assert found.tolist() == plain_ranks([tuple(column) for column in table.T.tolist()])


def test_rows_of_truths_can_be_left_out():
    from detente.graph.formulas import option

    statements, codes = [option(0), ~option(1), option(2)], np.arange(8)
    words = truths(statements, Columns(codes))
    assert ranks_of_truths(words[[2, 0]], 8).tolist() == by_priorities([option(2), option(0)], codes).tolist()


weights = st.one_of(st.integers(-5, 5), st.decimals(-2, 2, places=2), st.floats(-3, 3).map(lambda x: round(x, 3)))


@given(st.dictionaries(st.integers(0, 4), weights, max_size=5))
def test_weights_add_up_exactly(given_):
    codes = np.arange(32)
    scores = [sum((Fraction(str(w)) for o, w in given_.items() if c >> o & 1), Fraction(0)) for c in codes.tolist()]
    assert by_weights(given_, codes).tolist() == plain_ranks(scores)


def test_a_pair_of_weights_and_huge_ones():
    codes = np.arange(4)
    assert by_weights({0: (1, 3), 1: 0.5}, codes).tolist() == by_weights({0: -2, 1: 0.5}, codes).tolist()
    assert by_weights({0: "1e40", 1: "1e-40"}, codes).tolist() == [1, 3, 2, 4]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8), st.randoms())
def test_levels_come_back_as_given(level, random):
    order = list(range(len(level)))
    random.shuffle(order)
    ranks = dense_ranks(np.array(level))
    levels = [[s for s in order if ranks[s] == r] for r in range(int(ranks.max()), 0, -1)]
    assert by_ranking(levels, len(level)).tolist() == ranks.tolist()


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([[0], [1]], "found a ranking without the state 2; expected each of the 3 states once"),
        ([[0, 1], [2, 1]], "found the state 1 twice in a ranking"),
        ([[0, 1, 0], [2, 0]], "found the state 0 3 times in a ranking"),
        ([[0, 1, 2, 3]], "found the state 3 in a ranking; expected states from 0 to 2"),
    ],
)
def test_a_ranking_covers_each_state_once(levels, message):
    with pytest.raises(UsageError, match=message):
        by_ranking(levels, 3)


def test_fine_tuning():
    start = by_ranking([[0], [1], [2, 3]], 4)
    assert fine_tune(start, [Change((2,), "above", 0)]).tolist() == by_ranking([[2], [0], [1], [3]], 4).tolist()
    assert fine_tune(start, [Change((0,), "below", 2)]).tolist() == by_ranking([[1], [2, 3], [0]], 4).tolist()
    assert fine_tune(start, [Change((0, 3), "level", 1)]).tolist() == by_ranking([[0, 1, 3], [2]], 4).tolist()
    both = [Change((3,), "above", 1), Change((0,), "below", 3)]
    assert fine_tune(start, both).tolist() == by_ranking([[3], [0], [1], [2]], 4).tolist()
    with pytest.raises(UsageError, match="moved against itself"):
        fine_tune(start, [Change((1, 2), "level", 2)])


@pytest.mark.parametrize(
    ("payoff", "status_quo", "message"),
    [
        ([[1, 2]], None, r"found payoffs of shape \(1, 2\); expected \(1, 4\)"),
        ([[1, 2, 4, 1]], None, "payoffs of decision maker 0 that are no dense ranks"),
        ([[0, 1, 2, 1]], None, "no dense ranks"),
        ([[1, 2, 3, 9]], None, "no dense ranks"),
        ([[1, 2, 3, 3]], 4, "found the status quo 4; expected a state from 0 to 3"),
    ],
)
def test_a_game_whose_parts_do_not_fit(payoff, status_quo, message):
    with pytest.raises(UsageError, match=message):
        Game(OptionForm((2,)), np.array(payoff), status_quo)
