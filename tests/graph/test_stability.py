"""Every engine against the plain definitions and against the others; laws; published games."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from detente.errors import UsageError
from detente.graph import simultaneous
from detente.graph.concepts import CONCEPTS, chosen
from detente.graph.formulas import Formula, option
from detente.graph.game import Game
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.patterns import Pattern
from detente.graph.preferences import by_priorities, by_ranking
from detente.graph.stability import FAST, engine_for, equilibria, stable
from tests.graph import plain
from tests.graph.models import games, random_game, random_payoff

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "graph.json").read_text(encoding="utf-8"))
FIXTURES = [fixture for fixture in GOLDEN["fixtures"] if fixture["form"] in ("option", "graph")]
KINDS = {  # 6,000 games in all
    "option form": ({"graph": False, "merges": False, "bans": False}, 2_400),
    "bans and merges": ({"graph": False}, 1_800),
    "graph form": ({"graph": True}, 1_800),
}
PARTS = 6


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", KINDS)
def test_every_engine_agrees_with_the_plain_definitions(kind, part):
    what, count = KINDS[kind]
    for seed in range(part, count, PARTS):
        game = random_game(np.random.default_rng([list(KINDS).index(kind), seed]), **what)
        expected = {concept: plain.stable(game, concept) for concept in FAST}
        engines = ["explicit", "matrix"] + (["options"] if engine_for(game, many=True) == "options" else [])
        for engine in engines:
            found = stable(game, engine=engine)
            for concept in FAST:
                assert found[concept].tolist() == expected[concept], (kind, seed, engine, concept)
        if isinstance(game.form, OptionForm) and not game.form.merges:
            expected = plain.stable(game, "sim")
            assert simultaneous.stable(game).tolist() == expected, (kind, seed)
            assert simultaneous.stable_by_loops(game).tolist() == expected, (kind, seed)


@pytest.mark.parametrize("seed", range(12))
def test_engines_agree_on_larger_games(seed, monkeypatch):
    """Too large for plain loops: blocks of many states, and decision makers worked on side by side."""
    monkeypatch.setattr("detente.graph.side.LARGE", 1)
    rng = np.random.default_rng(seed)
    ways = tuple(
        rng.choice(["both", "forward", "back"], 10, p=[1, 0, 0] if seed % 3 == 0 else [0.6, 0.2, 0.2]).tolist()
    )
    ruled_out = tuple(
        Pattern(mask, value & mask) for mask, value in (rng.integers(1, 1 << 10, 2).tolist() for _ in range(3))
    )
    form = OptionForm(((5, 5), (4, 3, 3), (2, 3, 2, 3))[seed % 3], ways, ruled_out)
    game = Game(form, random_payoff(rng, form.makers, form.states))
    found, expected = stable(game, engine="options"), stable(game, engine="explicit")
    assert form.states > 500
    for concept in FAST:
        assert found[concept].tolist() == expected[concept].tolist(), concept


@given(games())
def test_laws(game):
    asked = [
        c.id for c in CONCEPTS if not c.option_form or (isinstance(game.form, OptionForm) and not game.form.merges)
    ]
    found = stable(game, asked, engine=engine_for(game, many=True))
    for concept in chosen(asked):
        for wider in set(concept.within) & set(asked):
            assert not (found[concept.id] & ~found[wider]).any(), f"{concept.id} within {wider}"
    top = game.payoff == game.payoff.max(axis=1, keepdims=True)
    assert found["nash"][top].all()


@given(games())
def test_answers_follow_the_states_when_these_are_renumbered(game):
    order = np.random.default_rng(game.states).permutation(game.states)  # new number -> old
    number = np.argsort(order)
    arcs = [
        [(int(number[s]), int(number[t])) for s in range(game.states) for t in game.moves.reach(i, s).tolist()]
        for i in range(game.makers)
    ]
    found = stable(Game(Moves.of(game.states, arcs), game.payoff[:, order]))
    for concept, by_maker in stable(game).items():
        assert found[concept].tolist() == by_maker[:, order].tolist()


def game_of(fixture) -> tuple[Game, dict]:
    """The game of a fixture, and the state of each number that it uses."""
    makers = fixture["decision_makers"]
    if fixture["form"] == "option":
        form = OptionForm(
            tuple(sum(o["owner"] == maker for o in fixture["options"]) for maker in makers),
            tuple({"fwd": "forward"}.get(o["direction"], o["direction"]) for o in fixture["options"]),
            tuple(
                Pattern(sum(1 << int(o) for o in p), sum(v << int(o) for o, v in p.items()))
                for p in fixture["infeasible_patterns"]
            ),
        )
        assert form.codes.tolist() == fixture["feasible_states_decimal"]
        number = {code: s for s, code in enumerate(form.codes.tolist())}
        order = fixture["ranking_decimal_most_to_least"]
        levels = [[[number[code]] for code in order[maker]] for maker in makers]
    else:
        number = {int(state): s for s, state in enumerate(fixture["states"])}
        form = Moves.of(len(number), [_arcs(fixture["moves"][maker], number) for maker in makers])
        order = fixture.get("ranking_most_to_least") or {
            maker: [int(state) for state in re.findall(r"\d+", text)]
            for maker, text in fixture["ranking_strength"].items()
        }
        levels = [[[number[state]] for state in order[maker]] for maker in makers]
    return Game(form, np.array([by_ranking(found, len(number)) for found in levels])), number


def _arcs(moves, number) -> list[tuple[int, int]]:
    if isinstance(moves, str):  # "1<->3, 2<->4"
        pairs = [tuple(map(int, re.findall(r"\d+", pair))) for pair in moves.split(",")]
        return [(number[a], number[b]) for x, y in pairs for a, b in ((x, y), (y, x))]
    return [(number[int(a)], number[b]) for a, there in moves.items() for b in there]


@pytest.mark.parametrize("engine", [None, "explicit", "matrix", "options"])
@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture["name"])
def test_published_games(fixture, engine):
    game, number = game_of(fixture)
    if engine == "options" and isinstance(game.form, Moves):
        engine = "explicit"
    expected = fixture["computed_by_reference"]
    asked = list(expected["equilibria"])
    found = stable(game, asked, engine=engine)
    name = {s: state for state, s in number.items()}
    for concept, by_maker in found.items():
        for maker, row in zip(fixture["decision_makers"], by_maker, strict=True):
            assert [name[s] for s in np.flatnonzero(row)] == expected["per_dm"][maker][concept], (maker, concept)
    settled = {concept: [name[s] for s in np.flatnonzero(row)] for concept, row in equilibria(found).items()}
    assert settled == expected["equilibria"]
    for key, states in (fixture.get("published") or {}).items():
        if set(key.split("_")) <= set(FAST):
            assert all(settled[concept] == states for concept in key.split("_")), key
    if "seq_or_sim_equilibria" in expected:
        either = (found["seq"] | found["sim"]).all(axis=0)
        assert [name[s] for s in np.flatnonzero(either)] == expected["seq_or_sim_equilibria"]


def _conjunction(pairs) -> Formula:
    literals = [option(o) if value == "Y" else ~option(o) for o, value in pairs]
    return literals[0] if len(literals) == 1 else Formula("and", parts=tuple(literals))


@pytest.mark.parametrize("case", GOLDEN["models_on_which_gmcrplus_differs"])
def test_games_on_which_another_program_differs(case):
    fixture = GOLDEN["models_on_which_gmcrplus_differs"][case]
    model = fixture["model_gmcr_format"]
    makers = model["decisionMakers"]
    form = OptionForm(
        tuple(len(maker["options"]) for maker in makers),
        infeasible=tuple(p for rule in model["infeasibles"] for p in _conjunction(rule).patterns()),
    )
    assert form.codes.tolist() == fixture["states_decimal"]
    payoff = [by_priorities([_conjunction(p) for p in maker["preferences"]], form.codes) for maker in makers]
    assert [row.tolist() for row in payoff] == fixture["payoffs"]
    settled = equilibria(stable(Game(form, np.array(payoff)), [fixture["concept"]]))[fixture["concept"]]
    assert form.codes[settled].tolist() == fixture["equilibria_textbook_decimal"]


def test_coming_back_to_the_same_state_deters():
    """The same arc is a move of both: the other one undoes what the first one did, and the matrix form counts it."""
    game = Game(Moves.of(2, [[(0, 1)], [(1, 0)]]), np.array([[1, 2], [1, 2]]))
    for engine in ("explicit", "matrix"):
        assert stable(game, ["gmr", "smr", "seq"], engine=engine)["gmr"][0].tolist() == [True, True]
        assert stable(game, ["smr"], engine=engine)["smr"][0].tolist() == [False, True]  # and it can leave again


def test_nobody_moves_twice_in_a_row():
    """1 would have to move twice running, 1 -> 2 -> 3, to punish 0: in graph form two moves are not one."""
    payoff = np.array([[2, 3, 3, 1], [1, 1, 1, 1]])
    alone = Game(Moves.of(4, [[(0, 1)], [(1, 2), (2, 3)]]), payoff)
    assert not stable(alone, ["gmr"])["gmr"][0, 0]
    helped = Game(Moves.of(4, [[(0, 1)], [(1, 2)], [(2, 3)]]), np.vstack([payoff, payoff[1:]]))
    assert stable(helped, ["gmr"])["gmr"][0, 0]


def test_sim_as_fraser_and_hipel_apply_it():
    fixture = next(f for f in FIXTURES if f["name"] == "Prisoner's dilemma")
    game, _ = game_of(fixture)
    assert stable(game, ["sim"])["sim"].all(axis=0).tolist() == [True, False, False, True]
    # cooperation is sequentially stable for both, so nobody is unstable in it, and the concept has nothing to say
    assert stable(game, ["sim"], sim_for_two=True)["sim"].all(axis=0).tolist() == [True, False, False, False]
    chicken, _ = game_of(next(f for f in FIXTURES if f["name"] == "Chicken"))
    assert stable(chicken, ["sim"], sim_for_two=True)["sim"].all(axis=0).tolist() == [False, True, True, True]


def test_what_cannot_be_asked():
    graph = Game(Moves.of(2, [[(0, 1)]]), np.array([[1, 2]]))
    banned = Game(OptionForm((1, 1), bans=((Pattern(1, 0), Pattern(1, 1)),)), np.array([[1, 2, 3, 4]] * 2))
    merged = Game(OptionForm((1, 1), merges=((Pattern(1, 1),),)), np.array([[1, 2, 3]] * 2))
    big = Game(OptionForm((11,)), np.array([np.arange(2048) + 1]))
    few = Game(OptionForm((3, 3)), np.array([np.arange(64) + 1] * 2))
    many = Game(OptionForm((3, 3, 3)), np.array([np.arange(512) + 1] * 3))
    for ask, message in [
        (lambda: stable(graph, ["nahs"]), "found the concept nahs; expected any of nash.*did you mean nash"),
        (lambda: stable(graph, ["sim"]), "expected option form for sim"),
        (lambda: stable(merged, ["sim"]), "expected option form for sim"),
        (lambda: stable(graph, engine="options"), "moves may not be transitive; expected the engine explicit"),
        (lambda: stable(banned, engine="options"), "moves may not be transitive"),
        (lambda: stable(big, engine="matrix"), "found 2,048 states; expected at most 2,000 for the matrix form"),
        (
            lambda: stable(few, ["sim"], sim_budget=100),
            "found more than 100 combinations of improvements for sim in 64 ",
        ),
        (lambda: stable(many, ["sim"], sim_budget=100), "found more than 100 combinations of improvements for sim"),
    ]:
        with pytest.raises(UsageError, match=message):
            ask()
    assert engine_for(merged, many=True) == engine_for(banned, many=True) == "explicit"


def test_a_model_of_many_options_uses_no_table():
    """30 options, of which all but 9 are ruled out: found by halving, and the same as without the others."""
    rng = np.random.default_rng(5)
    small = OptionForm((3, 3, 3), ("both", "forward", "back") * 3)
    payoff = np.array([np.unique(rng.integers(40, size=small.states), return_inverse=True)[1] + 1 for _ in range(3)])
    wide = OptionForm((3, 3, 24), ("both", "forward", "back") * 3 + ("both",) * 21,
                      tuple(Pattern(1 << o, 1 << o) for o in range(9, 30)))  # fmt: skip
    for concept, found in stable(Game(wide, payoff), (*FAST, "sim")).items():
        assert found.tolist() == stable(Game(small, payoff), [concept])[concept].tolist()
