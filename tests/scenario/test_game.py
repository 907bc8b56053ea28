"""The rules of ``game``: every id that a part names is there, and a formula reads as one."""

from __future__ import annotations

import pytest

from detente.errors import InputError
from detente.scenario.library import new
from detente.scenario.nodes import parse
from detente.scenario.read import build

OPTIONS = "decision_makers: {a: {options: [w, x]}, b: {options: [z]}}"
FORMULA = "expected a formula over option ids: & | - ( ) if iff"
STATES = "decision_makers: {a: {}, b: {}}, states: {1: peace, 2: war}"


def faults(game: str) -> list[str]:
    """Place by place what is wrong with a game, without file, line and column."""
    try:
        build(parse(f"{new()}\ngame: {{{game}}}\n", "f.yaml"))
    except InputError as error:
        return [f"{fault.path}: {fault.found}; {fault.expected}".removeprefix("game.") for fault in error.faults]
    return []


@pytest.mark.parametrize(
    "game",
    [
        OPTIONS,
        f"{OPTIONS}, options: {{x: {{name: Attack, direction: forward}}}}, status_quo: [x, z]",
        f"{OPTIONS}, infeasible: [w & x, '(w | -x) & z', w if z, w iff -z], merge: [x]",
        f"{OPTIONS}, infeasible: [{{exclusive: [w, -x]}}, {{at_least_one: [w]}}, {{exactly_one: [w, x]}}]",
        f"{OPTIONS}, infeasible: [{{at_most: 2, of: [w, x, z]}}, {{option: w, requires: x | z}}]",
        f"{OPTIONS}, preferences: {{a: {{priorities: ['-z', {{statement: w iff x, probability: 0.7}}]}}}}",
        f"{OPTIONS}, preferences: {{a: {{priorities: [w, {{id: p, statement: z, because: said so}}], orders: [[p, 1], [1]],"
        " order: {values: [1, 2], weights: [3, 1], because: a guess}}}",
        f"{OPTIONS}, preferences: {{a: {{priorities: [{{statement: w, probability: {{dated: {{2001-01-01: 1}}}}}}]}}}}",
        f"{OPTIONS}, preferences: {{a: {{weights: {{w: 2, z: -1}}}}, b: {{ranking: [[z], [[], [w, x]]]}}}}",
        f"{OPTIONS}, preferences: {{a: {{priorities: [NOT w, x IF z, 1 | -3]}}}}",
        f"{OPTIONS}, preferences: {{a: {{weights: {{w: 1}}, fine_tuning: [{{state: [[w], []], above: [z]}}]}}}}",
        f"{OPTIONS}, bans: [{{from: w, to: -w & z}}]",
        f"{OPTIONS}, coalitions: [[a, b]]",
        f"{STATES}, moves: {{a: [[1, 2], [2, 1]]}}, status_quo: 2, preferences: {{a: {{ranking: [1, 2]}}}}",
        f"{STATES}, preferences: {{b: {{ranking: [[1, 2]]}}}}",
    ],
)
def test_a_game_without_faults(game: str) -> None:
    assert faults(game) == []


@pytest.mark.parametrize(
    ("game", "fault"),
    [
        ("decision_makers: {a: {}}", "decision_makers: found no option; expected options, or states and moves"),
        (
            "decision_makers: {a: {options: [x]}, b: {options: [x]}}",
            "decision_makers.b.options[0]: found x again; expected one owner: it is an option of a",
        ),
        (f"{OPTIONS}, options: {{q: {{}}}}", "options.q: found q; expected an option: w, x, z"),
        (f"{OPTIONS}, status_quo: [q]", "status_quo[0]: found q; expected an option: w, x, z"),
        (f"{OPTIONS}, infeasible: [w & q]", "infeasible[0]: found q; expected an option: w, x, z"),
        (
            f"{OPTIONS}, infeasible: [w + x]",
            "infeasible[0]: found + in w + x; expected a formula over option ids: & | - ( ) if iff",
        ),
        (f"{OPTIONS}, merge: [(w]", "merge[0]: found (w; expected as many closing parentheses as opening ones"),
        (f"{OPTIONS}, merge: [')w(']", "merge[0]: found )w(; expected as many closing parentheses as opening ones"),
        (
            f"{OPTIONS}, infeasible: [{{excusive: [w]}}]",
            "infeasible[0]: found excusive; expected a formula, or one of {exclusive}, {at_least_one}, {exactly_one}, "
            "{at_most, of}, {option, requires}",
        ),
        (f"{OPTIONS}, infeasible: [{{exclusive: w}}]", "infeasible[0].exclusive: found w; expected a list of options"),
        (
            f"{OPTIONS}, infeasible: [{{at_most: x, of: [w]}}]",
            "infeasible[0].at_most: found x; expected a whole number of at least 0",
        ),
        (f"{OPTIONS}, infeasible: [w x]", f"infeasible[0]: found x after w in w x; {FORMULA}"),
        (f"{OPTIONS}, infeasible: [w &]", f"infeasible[0]: found nothing more after & in w &; {FORMULA}"),
        (f"{OPTIONS}, infeasible: ['']", f"infeasible[0]: found nothing; {FORMULA}"),
        (f"{OPTIONS}, infeasible: ['4']", "infeasible[0]: found 4; expected the number of an option, 1 to 3"),
        (
            f"{OPTIONS}, merge: [w if x iff z]",
            "merge[0]: found if and then iff in w if x iff z; expected parentheses around one",
        ),
        (f"{OPTIONS}, bans: [{{from: w, to: q}}]", "bans[0].to: found q; expected an option: w, x, z"),
        (
            "decision_makers: {a: {options: [not]}}",
            "decision_makers.a.options[0]: found an option called not; expected a word that formulas do not use",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{weights: {{w: 1}}, fine_tuning: [{{state: [w], over: [z]}}]}}}}",
            "preferences.a.fine_tuning[0]: found state, over; expected state, and one of above, below, level",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{ranking: [[[w], z]]}}}}",
            "preferences.a.ranking[0][1]: found z; expected a list, as the states beside it are",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{priorities: [{{statement: w, probability: 2}}]}}}}",
            "preferences.a.priorities[0].probability: found 2; expected a number from 0 to 1",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{priorities: [{{id: p, statement: w}}, {{id: p, statement: z}}]}}}}",
            "preferences.a.priorities[1].id: found the id p a second time; expected each id once",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{priorities: [w, z], orders: [[1, 2], [2, 3]]}}}}",
            "preferences.a.orders[1][1]: found 3; expected a statement: 1, 2",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{priorities: [w, {{id: p, statement: z}}], orders: [[1], [2, p]]}}}}",
            "preferences.a.orders[1]: found a statement twice; expected each at most once",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{priorities: [w, z], orders: [[1, 2], [2, 1]], order: 3}}}}",
            "preferences.a.order: found 3; expected a whole number from 1 to 2",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{priorities: [w, z], order: 1}}}}",
            "preferences.a.order: found an order without orders; expected orders: [[1, 2], [2, 1]]",
        ),
        (
            f"{OPTIONS}, preferences: {{c: {{weights: {{w: 1}}}}}}",
            "preferences.c: found c; expected a decision maker: a, b",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{}}}}",
            "preferences.a: found no preference; expected one of priorities, weights, ranking",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{priorities: [w], weights: {{w: 1}}}}}}",
            "preferences.a: found priorities beside weights; expected one of priorities, weights, ranking",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{ranking: [w]}}}}",
            "preferences.a.ranking[0]: found w; expected the options taken, a list",
        ),
        (
            f"{OPTIONS}, preferences: {{a: {{ranking: [[[q]]]}}}}",
            "preferences.a.ranking[0][0][0]: found q; expected an option: w, x, z",
        ),
        (f"{OPTIONS}, moves: {{a: []}}", "moves: found moves without states; expected states: {1: name, ...}"),
        (f"{OPTIONS}, coalitions: [[a, c]]", "coalitions[0][1]: found c; expected a decision maker: a, b"),
        (f"{STATES}, status_quo: 3", "status_quo: found 3; expected a state: 1, 2"),
        (f"{STATES}, moves: {{a: [[1, 3]]}}", "moves.a[0][1]: found 3; expected a state: 1, 2"),
        (f"{STATES}, moves: {{a: [1]}}", "moves.a[0]: found 1; expected a move such as [1, 2]: from, to"),
        (
            f"{STATES}, moves: {{a: [[1, 1]]}}",
            "moves.a[0]: found a move from 1 to itself; expected two different states",
        ),
        (f"{STATES}, moves: {{c: []}}", "moves.c: found c; expected a decision maker: a, b"),
        (
            f"{STATES}, preferences: {{a: {{ranking: [1, 3]}}}}",
            "preferences.a.ranking[1]: found 3; expected a state: 1, 2",
        ),
    ],
)
def test_a_game_with_a_fault(game: str, fault: str) -> None:
    assert faults(game) == [fault]
