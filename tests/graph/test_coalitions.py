"""Coalitions and limited moves: held against plain loops, the published numbers, and their laws."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import UsageError
from detente.graph.coalitions import CONCEPTS, all_coalitions, equilibria, partitioned, stable
from detente.graph.game import Game
from detente.graph.limited import limited
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.patterns import Pattern
from detente.graph.preferences import by_ranking
from detente.graph.stability import stable as classical
from tests.graph import plain_more as plain
from tests.graph.models import random_game, random_moves, random_payoff


def game_of(fixture) -> Game:
    """The game of a fixture of the golden file, in either form; its states in ascending order."""
    if fixture["form"] == "option":
        owners = [option["owner"] for option in fixture["options"]]
        owned = tuple(owners.count(name) for name in fixture["decision_makers"])
        ways = {"fwd": "forward", "both": "both", "back": "back"}
        infeasible = tuple(
            Pattern(sum(1 << int(o) for o in pattern), sum(value << int(o) for o, value in pattern.items()))
            for pattern in fixture["infeasible_patterns"]
        )
        form = OptionForm(owned, tuple(ways[option["direction"]] for option in fixture["options"]), infeasible)
        number = {code: s for s, code in enumerate(form.codes.tolist())}
        ranking = fixture["ranking_decimal_most_to_least"]
    else:
        number = {int(state): s for s, state in enumerate(fixture["states"])}
        form = Moves.of(
            len(number),
            [
                [(number[int(a)], number[b]) for a, there in fixture["moves"][name].items() for b in there]
                for name in fixture["decision_makers"]
            ],
        )
        ranking = fixture["ranking_most_to_least"]
    payoff = [by_ranking([[number[s]] for s in ranking[name]], len(number)) for name in fixture["decision_makers"]]
    return Game(form, np.array(payoff))


GAMES = [
    "Prisoner's dilemma",
    "Chicken",
    "Cuban missile crisis (air strike irreversible)",
    "Cuban missile crisis (all moves reversible)",
    "Syria-Iraq 1975",
    "Elmira groundwater (9-state graph form)",
]


@pytest.mark.parametrize("name", GAMES)
def test_equilibria_of_all_coalitions_in_the_golden_games(graph_fixtures, name):
    fixture = graph_fixtures[name]
    game = game_of(fixture)
    names = fixture.get("feasible_states_decimal") or [int(s) for s in fixture["states"]]
    found = equilibria(game)
    for concept, states in fixture["computed_by_reference"]["coalition_equilibria_all_subsets"].items():
        assert [names[s] for s in np.flatnonzero(found[concept])] == states, concept


def test_every_coalition_of_elmira(graph_fixtures):
    fixture = graph_fixtures["Elmira groundwater (9-state graph form)"]
    names = fixture["decision_makers"]
    found = stable(game_of(fixture))
    by_name = fixture["computed_by_reference"]["coalition_stable"]
    assert len(by_name) == len(found) == 7
    for group, by_concept in found.items():
        for concept, states in by_name["+".join(names[maker] for maker in group)].items():
            assert (np.flatnonzero(by_concept[concept]) + 1).tolist() == states, (group, concept)


@pytest.mark.parametrize("pareto", [False, True])
def test_coalitions_are_as_defined(pareto):
    rng = np.random.default_rng(11 + pareto)
    tried = 0
    while tried < 250:
        game = random_game(rng)
        if game.states > 10:
            continue
        tried += 1
        moves, payoff = plain.moves_of(game), game.payoff.tolist()
        for group, found in stable(game, pareto=pareto).items():
            for concept in CONCEPTS:
                expected = [
                    plain.coalition_stable(payoff, moves, group, s, concept, pareto) for s in range(game.states)
                ]
                assert found[concept].tolist() == expected, (group, concept)


def test_laws_of_coalition_stability():
    rng = np.random.default_rng(13)
    for _ in range(150):
        game = random_game(rng)
        for found in stable(game).values():
            assert (found["nash"] <= found["seq"]).all()
            assert (found["nash"] <= found["smr"]).all() and (found["smr"] <= found["gmr"]).all()
    for _ in range(100):
        game = random_game(rng, graph=False, merges=False, bans=False)
        for found in stable(game).values():
            assert (found["seq"] <= found["gmr"]).all()
        alone = stable(game, coalitions=[[i] for i in range(game.makers)])
        known = classical(game, ["nash", "gmr", "smr"])
        for i in range(game.makers):
            for concept, one in known.items():
                assert (alone[i,][concept] == one[i]).all()


def test_a_partition_of_singletons_is_the_game_and_one_group_is_the_coalition():
    rng = np.random.default_rng(14)
    for _ in range(100):
        game = random_game(rng)
        for concept, one in partitioned(game, []).items():
            assert (one == classical(game, [concept])[concept]).all()
        everybody = tuple(range(game.makers))
        whole = stable(game, coalitions=[everybody])[everybody]
        for concept, one in partitioned(game, [everybody], CONCEPTS).items():
            assert (one[0] == whole[concept]).all()


def test_sequences_and_jumps_differ_where_the_way_is_barred():
    # From NN to YY there is no way one by one; both at once there is.
    barred = Game(OptionForm((1, 1), infeasible=(Pattern(3, 1), Pattern(3, 2))), [[1, 2], [1, 2]])
    assert partitioned(barred, [(0, 1)], ["nash"])["nash"].tolist() == [[True, True]]
    assert partitioned(barred, [(0, 1)], ["nash"], together=True)["nash"].tolist() == [[False, True]]
    rng = np.random.default_rng(15)
    for _ in range(60):
        game = random_game(rng, graph=False, merges=False, bans=False)
        form = game.form
        groups = [(0,), tuple(range(1, game.makers))][: 1 + (game.makers > 1)]
        found = partitioned(game, groups, together=True)
        # Jumps of a group are the moves of one who owns all its options.
        merged = OptionForm(tuple(sum(form.owned[i] for i in g) for g in groups), form.directions, form.infeasible)
        moves = plain.moves_of(Game(merged, game.payoff[: len(groups)]))
        better = lambda k, s, t, g=game: all(g.payoff[i][t] > g.payoff[i][s] for i in groups[k])  # noqa: B023, E731
        for concept, one in found.items():
            for k in range(len(groups)):
                for s in range(0, game.states, 3):
                    expected = plain.related(
                        moves, k, s, concept, better, lambda k, s, t, b=better: not b(k, s, t), better, better
                    )
                    assert one[k, s] == expected


def test_limited_moves_of_the_golden_games(graph_fixtures):
    for name in ("PD", "Chicken"):
        fixture = graph_fixtures[f"L_h oracle {name} (states 1=NN,2=YN,3=NY,4=YY, Y=cooperate/swerve)"]
        full = {"PD": "Prisoner's dilemma", "Chicken": "Chicken"}[name]
        game = game_of(graph_fixtures[full])
        found = limited(game.moves, game.payoff)
        for horizon, by_maker in fixture["computed_by_reference"]["L_h_per_dm"].items():
            assert [(np.flatnonzero(row) + 1).tolist() for row in found.stable(int(horizon))] == by_maker


def test_the_sustainable_development_game_goes_in_a_cycle_of_four(graph_fixtures):
    fixture = graph_fixtures["Sustainable development 2x2 with strength"]
    moves = Moves.of(4, [[(0, 2), (2, 0), (1, 3), (3, 1)], [(0, 1), (1, 0), (2, 3), (3, 2)]])
    found = limited(moves, np.array([[4, 2, 3, 1], [3, 1, 4, 2]]))
    for horizon, by_maker in fixture["computed_by_reference"]["L_h"].items():
        assert [(np.flatnonzero(row) + 1).tolist() for row in found.stable(int(horizon))] == by_maker
    assert found.period == 4
    both = [found.stable(horizon).all(axis=0) for horizon in range(1, 13)]
    assert [h for h, row in enumerate(both, start=1) if np.flatnonzero(row).tolist() == [0, 2]] == [4, 8, 12]


def test_limited_moves_are_as_defined_and_one_move_is_nash():
    rng = np.random.default_rng(16)
    for _ in range(1500):
        moves = random_moves(rng)
        if moves.makers < 2:
            continue
        moves = Moves(moves.states, moves.indptr[:2], moves.indices[:2])
        payoff = random_payoff(rng, 2, moves.states)
        found = limited(moves, payoff)
        assert (found.stable(1) == classical(Game(moves, payoff), ["nash"])["nash"]).all()
        for s in range(moves.states):
            reach = plain.moves_of(Game(moves, payoff))
            for h in range(4):
                assert found.end(h)[:, s].tolist() == [plain.ends(payoff, reach, i, s, h) for i in (0, 1)]
        # Beyond what was computed, the cycle goes on as the recursion does.
        again = [found.end(h) for h in range(found.first, found.first + 3 * found.period)]
        assert all((a == b).all() for a, b in zip(again, again[found.period :], strict=False))
        late = np.array([found.stable(h) for h in range(found.first, found.first + found.period)])
        assert (found.nonmyopic == late.all(axis=0)).all()


def test_faults_are_one_line():
    game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    three = Moves.of(2, [[], [], []])
    for call in (
        lambda: stable(game, ["sseq"]),
        lambda: stable(game, coalitions=[[]]),
        lambda: stable(game, coalitions=[[0, 0]]),
        lambda: stable(game, coalitions=[[2]]),
        lambda: all_coalitions(11),
        lambda: partitioned(game, [[0], [0, 1]]),
        lambda: partitioned(Game(game.moves, game.payoff), [[0, 1]], together=True),
        lambda: limited(three, np.ones((3, 2), dtype=np.int32)),
        lambda: limited(game.moves, game.payoff).end(-1),
    ):
        with pytest.raises(UsageError, match="expected"):
            call()
