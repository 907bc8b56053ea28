"""Published games of the library: each gives the equilibria that its file expects, by every engine and by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import detente
from detente.errors import InputError, UsageError
from detente.graph.options import OptionForm
from detente.graph.stability import engine_for, equilibria, stable
from detente.scenario.expected import equilibria_of, written
from detente.scenario.library import built_in_ids, new
from detente.scenario.nodes import parse
from detente.scenario.read import build, load
from tests.graph import plain

GAMES = [id_ for id_ in built_in_ids() if load(id_).equilibria]
EXPECTED = [(id_, number) for id_ in GAMES for number in range(len(load(id_).equilibria))]
GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "graph.json").read_text(encoding="utf-8"))["fixtures"]


def test_the_catalogue_holds_the_games():
    assert set(GAMES) == {
        "prisoners-dilemma",
        "chicken",
        "cuba-1962",
        "syria-iraq-1975",
        "elmira",
        "sustainable-development",
    }


@pytest.mark.parametrize(("id_", "number"), EXPECTED)
def test_a_game_has_the_equilibria_that_its_file_expects(id_, number):
    scenario = load(id_)
    expected = scenario.equilibria[number]
    wanted = {concept: written(detente.situation(id_), states) for concept, states in expected.equilibria.items()}
    assert equilibria_of(scenario, expected) == wanted
    assert expected.cite or expected.because


@pytest.mark.parametrize("id_", GAMES)
def test_the_engines_and_the_plain_definitions_agree_on_it(id_):
    game = detente.situation(id_).conflict.game()
    engines = ["explicit", "matrix"] + (["options"] if engine_for(game, many=True) == "options" else [])
    for concept in ("nash", "gmr", "smr", "seq", "sseq"):
        expected = plain.stable(game, concept)
        for engine in engines:
            assert stable(game, [concept], engine=engine)[concept].tolist() == expected, (concept, engine)
    if isinstance(game.form, OptionForm):
        assert stable(game, ["sim"])["sim"].tolist() == plain.stable(game, "sim")


@pytest.mark.parametrize(
    ("id_", "name", "changes"),
    [
        ("prisoners-dilemma", "Prisoner's dilemma", {}),
        ("chicken", "Chicken", {}),
        ("cuba-1962", "Cuban missile crisis (all moves reversible)", {}),
        ("cuba-1962", "Cuban missile crisis (air strike irreversible)", {"game.options.strike.direction": "forward"}),
        ("syria-iraq-1975", "Syria-Iraq 1975", {}),
        ("elmira", "Elmira groundwater (9-state graph form)", {}),
        ("sustainable-development", "Sustainable development 2x2 with strength", {}),
    ],
)
def test_the_files_are_keyed_as_the_fixtures_are(id_, name, changes):
    (fixture,) = (f for f in GOLDEN if f["name"] == name)
    conflict = detente.situation(id_, set=changes).conflict
    game = conflict.game()
    codes = conflict.form.codes.tolist() if isinstance(conflict.form, OptionForm) else range(1, game.states + 1)
    found = equilibria(stable(game))
    for concept, states in fixture["computed_by_reference"]["equilibria"].items():
        if concept in found:
            assert [code for code, which in zip(codes, found[concept], strict=True) if which] == states, concept


def game(expect: str) -> str:
    text = (
        "detente: 1\nid: g\ntitle: G\nas_of: 2020-01-01\ngame: {decision_makers: {a: {options: [w]}}, status_quo: [],"
    )
    return text + f" preferences: {{a: {{priorities: [w]}}}}}}\nexpect: [{expect}]\n"


def test_a_game_by_itself_needs_no_actors_and_no_issues():
    scenario = build(parse(game("{equilibria: {nash: [Y]}}"), "g.yaml"))
    now = detente.situation(scenario)
    assert not now.actors
    assert not now.issues
    assert detente.check(scenario).warnings == ()
    assert detente.stability(scenario).equilibria["nash"].tolist() == [False, True]
    for ask in (lambda: detente.run(scenario), lambda: detente.sensitivity(scenario)):
        with pytest.raises(UsageError, match="no issues"):
            ask()


def test_check_says_where_the_equilibria_are_others_than_the_file_expects():
    wrong = build(parse(game("{equilibria: {nash: [N], seq: [Y]}}"), "g.yaml"))
    assert detente.check(wrong).warnings == ("expect[0].equilibria.nash: found Y; the file expects N",)
    (told,) = detente.check(build(parse(game("{equilibria: {nash: [YY]}}"), "g.yaml"))).warnings
    assert told.startswith("expect[0].equilibria.nash: found the state YY")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (game("{measure: convene, equilibria: {nash: [Y]}, value: 1, tolerance: 0}"), "expected measure, value and"),
        (game("{measure: convene}"), "expected measure, value and tolerance, or equilibria"),
        (game("{}"), "expected measure, value and tolerance, or equilibria"),
        (game("{equilibria: {nsah: [Y]}}"), r"expect.0..equilibria.nsah: found nsah; expected a concept.*mean nash"),
        (new() + "expect: [{equilibria: {nash: [Y]}}]\n", "found equilibria without a game"),
        ("detente: 1\nid: g\ntitle: G\nas_of: 2020-01-01\n", "actors: found nothing; expected actors"),
    ],
)
def test_faults_of_expected_equilibria(text, told):
    with pytest.raises(InputError, match=told):
        build(parse(text, "g.yaml"))
