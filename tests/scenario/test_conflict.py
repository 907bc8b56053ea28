"""The game of a scenario, built: form, names, preferences, and what only the states themselves show to be wrong."""

from __future__ import annotations

import numpy as np
import pytest

from detente.errors import InputError
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.patterns import Pattern
from detente.scenario.conflict import Conflict, conflict
from detente.scenario.library import new
from detente.scenario.nodes import parse
from detente.scenario.read import build

MAKERS = "decision_makers: {a: {name: Ann, options: [w, x]}, b: {options: [z]}}"
LEVEL = "preferences: {a: {priorities: []}, b: {priorities: []}}"


def made(game: str) -> Conflict:
    return conflict(build(parse(f"{new()}\ngame: {{{game}}}\n", "f.yaml")).document)


def test_option_form():
    found = made(
        f"{MAKERS}, options: {{x: {{name: Attack, direction: forward}}}}, infeasible: [w & x, {{at_least_one: [w, x, z]}}], "
        f"merge: [x & z | z & -w], bans: [{{from: w, to: -w & z}}], status_quo: [w], coalitions: [[b, a]], {LEVEL}"
    )
    assert found.names.makers == ("a", "b")
    assert found.names.maker_names == ("Ann", "b")
    assert found.names.options == ("w", "x", "z")
    assert found.names.option_names == ("w", "Attack", "z")
    form = found.form
    assert isinstance(form, OptionForm)
    assert form.owned == (2, 1)
    assert form.directions == ("both", "forward", "both")
    assert form.infeasible == (Pattern(0b011, 0b011), Pattern(0b111, 0))
    assert found.rules == (0, 1)
    assert form.codes.tolist() == [1, 2, 4, 5]  # 4 and 6 are one
    assert form.bans == ((Pattern(1, 1), Pattern(0b101, 0b100)),)
    assert found.status_quo == found.game().status_quo == 0
    assert found.coalitions == ((1, 0),)
    assert found.game().payoff.tolist() == [[1] * 4, [1] * 4]


def test_graph_form():
    found = made(
        "decision_makers: {a: {}, b: {}}, states: {1: peace, cold: cold war, 3: war}, status_quo: cold, "
        "moves: {a: [[1, cold], [cold, 3]], b: [[3, 1]]}, preferences: {a: {ranking: [3, [1, cold]]}, b: {ranking: [1, cold, 3]}}"
    )
    assert found.names.states == (1, "cold", 3)
    assert found.names.state_names == ("peace", "cold war", "war")
    assert isinstance(found.form, Moves)
    assert [found.form.reach(0, s).tolist() for s in range(3)] == [[1], [2], []]
    assert found.status_quo == 1
    assert found.game().payoff.tolist() == [[1, 1, 2], [3, 2, 1]]


@pytest.mark.parametrize(
    ("preference", "ranks"),
    [
        ("priorities: [-z, w]", [3, 4, 3, 4, 1, 2, 1, 2]),
        ("priorities: ['2 IF 1', NOT z]", [4, 2, 4, 4, 3, 1, 3, 3]),
        ("weights: {w: 1, z: -2}", [3, 4, 3, 4, 1, 2, 1, 2]),
        ("ranking: [[z], [[], [w]], [[w, x], [x], [w, z], [x, z], [w, x, z]]]", [2, 2, 1, 1, 3, 1, 1, 1]),
        ("priorities: [z], fine_tuning: [{state: [x], above: [w, z]}, {state: [[], [z]], below: [w]}]",
         [1, 2, 4, 2, 1, 3, 3, 3]),
    ],
)  # fmt: skip
def test_preferences(preference, ranks):
    found = made(f"{MAKERS}, preferences: {{a: {{{preference}}}, b: {{priorities: []}}}}")
    assert found.ranks(0).tolist() == ranks


def test_statements_that_count_with_a_probability():
    priorities = "[{statement: z, probability: 0.3}, {statement: w, probability: {low: 0.6, high: 0.8}}, x]"
    found = made(f"{MAKERS}, preferences: {{a: {{priorities: {priorities}}}, b: {{priorities: []}}}}")
    assert found.uncertain
    w, x, z = (np.arange(8) >> o & 1 for o in range(3))
    assert found.ranks(0).tolist() == (2 * w + x + 1).tolist()
    assert found.ranks(0, [True, True, True]).tolist() == (4 * z + 2 * w + x + 1).tolist()
    game = found.game([[True, False, False], None])
    assert game.payoff[0].tolist() == (z + 1).tolist()
    assert not made(f"{MAKERS}, {LEVEL}").uncertain


@pytest.mark.parametrize(
    ("game", "fault"),
    [
        (f"{MAKERS}, infeasible: [w, -w], {LEVEL}", "infeasible: found no feasible state; expected at least one"),
        (f"{MAKERS}, merge: [w, x], {LEVEL}", "merge: found the state YYN in two merges; expected each state in one"),
        (
            f"{MAKERS}, infeasible: [w & z], status_quo: [z, w], {LEVEL}",
            "status_quo: found an infeasible state (z, w); expected a feasible one",
        ),
        (f"{MAKERS}, preferences: {{a: {{priorities: []}}}}", "preferences.b: found no preferences of b; expected how"),
        (
            f"{MAKERS}, preferences: {{a: {{ranking: [[w], [z], [[w], [x]]]}}, b: {{priorities: []}}}}",
            "preferences.a.ranking: found the state YNN 2 times; expected it once",
        ),
        (
            f"{MAKERS}, infeasible: [z], preferences: {{a: {{ranking: [[w], []]}}, b: {{priorities: []}}}}",
            "preferences.a.ranking: found a ranking without NYN, YYN; expected all 4 states",
        ),
        (
            f"{MAKERS}, preferences: {{a: {{weights: {{w: 1}}, fine_tuning: [{{state: [w], level: [w]}}]}}, b: {{weights: {{}}}}}}",
            "preferences.a.fine_tuning[0].level: found YNN moved against itself; expected another state",
        ),
    ],
)
def test_what_only_the_states_show(game, fault):
    with pytest.raises(InputError) as error:
        made(game)
    assert str(error.value.faults[0]).partition("game.")[2].startswith(fault)
    assert error.value.faults[0].line is not None


def test_a_scenario_without_a_game():
    with pytest.raises(InputError, match="found no game; expected the strategic conflict under game"):
        conflict(build(parse(f"{new()}\n", "f.yaml")).document)
