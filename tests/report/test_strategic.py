"""The strategic conflict drawn and told: every picture renders, and shows what the graph model found."""

from __future__ import annotations

import csv
import io
import json
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.graph.game import Game
from detente.graph.joint import steps
from detente.graph.moves import Moves
from detente.report.charts.around import around, sides
from detente.report.charts.layout import layout
from detente.report.charts.moves import MOST_WHOLE, best_only, edges
from detente.report.charts.ways import destinations
from detente.report.sentences.graph import why_sentences
from detente.report.sentences.graph_ways import inverse_sentences, to_sentences
from detente.report.sentences.settling import settling_sentences, state_words
from detente.report.strategic import Asked
from tests.report import games

GAMES = {
    "dilemma": games.DILEMMA,
    "peace": games.PEACE,
    "ring": games.RING,
    "many": games.scattered(8, 4),
    "large": games.scattered(9, 3),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return {name: detente.stability(games.written(tmp_path_factory.mktemp(name), game)) for name, game in GAMES.items()}


@pytest.mark.parametrize("name", GAMES)
def test_every_picture_has_words_and_a_table_and_draws(found, name):
    charts = found[name].charts()
    names = [chart.name for chart in charts]
    assert len(set(names)) == len(names)
    assert ("moves" in names) == (found[name].game.states <= MOST_WHOLE)
    for chart in charts:
        if chart.spec is None:
            assert chart.note.endswith(".")
            continue
        assert chart.to_svg().count("<path") > 3
        assert chart.to_png(scale=1).startswith(b"\x89PNG")
        assert chart.spec["description"] == chart.description
        rows = list(csv.reader(io.StringIO(chart.to_csv())))
        assert len(rows) == len(chart.table) + 1 > 1
        assert json.loads(json.dumps(chart.spec))


def test_the_same_game_is_drawn_the_same(found, tmp_path):
    again = detente.stability(games.written(tmp_path, GAMES["many"]))
    assert [chart.spec for chart in again.charts()] == [chart.spec for chart in found["many"].charts()]


def test_the_stability_matrix_shows_the_numbers_of_those_for_whom_a_state_is_stable(found):
    chart = found["dilemma"].plot()
    assert chart.name == "stability"
    row = chart.table[3]
    assert row["State"] == "#4 YY"
    assert (row["nash: 1 Ann"], row["seq: all"], row["sim: 2 Bob"]) == ("", "stable", "stable")
    texts = [
        r["words"] for layer in chart.spec["layer"] if layer["mark"]["type"] == "text" for r in layer["data"]["values"]
    ]
    assert texts.count("1") == sum(int(which[0].sum()) for which in found["dilemma"].stable.values())


def test_the_option_form_has_a_letter_for_every_option_and_state(found):
    chart = next(chart for chart in found["peace"].charts() if chart.name == "option-form")
    letters = [
        row["words"]
        for layer in chart.spec["layer"]
        if layer["mark"]["type"] == "text"
        for row in layer["data"]["values"]
        if row["words"] in "YN"
    ]
    table = found["peace"].conflict.form.table()
    assert letters.count("Y") == table.sum()
    assert letters.count("N") == (~table).sum()


@pytest.mark.parametrize("name", ["peace", "ring", "many"])
def test_edges_are_the_moves(found, name):
    game = found[name].game
    pairs = set()
    for edge in edges(game):
        worth = game.payoff[edge.maker]
        assert edge.improves == (worth[edge.there] > worth[edge.here])
        pairs |= {(edge.maker, edge.here, edge.there)}
        if edge.here in steps(game, edge.maker, edge.there):
            pairs |= {(edge.maker, edge.there, edge.here)}
    assert pairs == {(i, s, t) for i in range(game.makers) for s in range(game.states) for t in steps(game, i, s)}
    for edge in best_only(game, edges(game)):
        worth = game.payoff[edge.maker]
        assert worth[edge.there] == worth[steps(game, edge.maker, edge.here)].max()


@settings(max_examples=40)
@given(st.integers(1, 12), st.data())
def test_no_two_states_stand_on_one_another(states, data):
    arcs = st.sets(st.tuples(st.integers(0, states - 1), st.integers(0, states - 1)).filter(lambda p: p[0] != p[1]))
    form = Moves.of(states, [data.draw(arcs), data.draw(arcs)])
    places = layout(Game(form, np.ones((2, states), dtype=int))).places
    assert places.shape == (states, 2)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2) + 1e9 * np.eye(states)
    assert apart.min() > 15


def test_a_grid_has_everybodys_moves_along_rows_or_columns(found):
    game = found["many"].game
    places = layout(game)
    for state in range(0, game.states, 7):
        for maker in range(game.makers):
            axis = 1 if maker in places.across else 0
            assert {places.places[t][axis] for t in steps(game, maker, state)} == {places.places[state][axis]}


def test_one_step_around_a_state(found):
    game = found["large"].game
    before, after = sides(found["large"], 5)
    for maker, (come, go) in enumerate(zip(before, after, strict=True)):
        worth = game.payoff[maker]
        assert set(go.states) == set(steps(game, maker, 5, improving=True))
        assert set(come.states) == {s for s in range(game.states) if 5 in steps(game, maker, s) and worth[5] > worth[s]}
    assert around(found["large"], 5).table


def test_a_large_game_says_that_it_is_drawn_in_parts(tmp_path):
    html = detente.write_graph_report(games.written(tmp_path, GAMES["large"]))
    assert "The game has 512 states, too many to draw as one graph (at most 300)" in html
    assert 'id="fig-moves"' not in html
    assert 'id="fig-around-2"' in html


def test_words_for_the_dilemma(found):
    words = settling_sentences(found["dilemma"], destinations(found["dilemma"]))
    assert words[0] == (
        "Whether the status quo, #4 YY (Ann cooperates; Bob cooperates), would last depends on how far the parties "
        "look ahead: it is an equilibrium under general metarationality, symmetric metarationality, sequential stability, "
        "symmetric sequential stability and simultaneous stability, and not under Nash stability, since Ann gains by "
        "moving to #3 NY and Bob gains by moving to #2 YN."
    )
    assert words[1] == (
        "By improvements it can come to #1 NN (no option taken): Bob moves to #2 YN, then Ann moves on to it, each "
        "gaining by it. There it would last under every concept looked at: Ann and Bob have nothing better to move to."
    )


def test_words_where_there_is_no_status_quo(tmp_path):
    game = games.DILEMMA.replace("  status_quo: [c, d]\n", "")
    found = detente.stability(games.written(tmp_path, game))
    words = settling_sentences(found, destinations(found))
    assert words[0].startswith("The game names no status quo.")
    assert "Ann would gain by moving to #3 NY, but Bob could answer, which ends in #1 NN" in words[2]
    assert "The game names no status quo" in found.charts()[-1].note


def test_shares_of_draws_stand_in_the_matrix_and_in_words(tmp_path):
    # Ann heeds her first wish in about half of the draws; without it she would rather be alone in cooperating.
    game = games.DILEMMA.replace(
        "a: {ranking: [[d], [c, d], [], [c]]}",
        "a: {priorities: [{id: doubt, statement: -c, probability: 0.5}, {statement: c}, {statement: d}]}",
    )
    found = detente.stability(games.written(tmp_path, game), draws=2_000)
    assert list(found.shares.counts) == ["nash", "gmr", "smr", "seq", "sseq", "sim"]
    share = found.shares.share("nash", 0).p
    assert 0.45 < share < 0.55
    row = found.plot().table[0]
    assert row["nash: of draws"] == f"{100 * share:.0f} %"
    texts = [
        r["words"]
        for layer in found.plot().spec["layer"]
        if layer["mark"]["type"] == "text"
        for r in layer["data"]["values"]
    ]
    assert f"{100 * share:.0f}" in texts
    words = settling_sentences(found, destinations(found))
    at = next(i for i, line in enumerate(words) if "(2 000 draws)" in line)
    for line, state in zip(words[at + 1 :], found.shares.found("seq"), strict=False):
        assert line.startswith(state_words(found, state))
        assert f"in {100 * found.shares.share('seq', state).p:.0f} of 100 draws" in line


def test_a_state_in_words(found):
    assert state_words(found["ring"], 1) == "#2 truce"
    assert state_words(found["peace"], 23).startswith("#24 YYYYY (offer talks without conditions; declare a ceasefire")


def test_what_stands_behind_a_wish_is_told_unless_it_is_restricted(tmp_path):
    game = games.DILEMMA.replace(
        "a: {ranking: [[d], [c, d], [], [c]]}",
        "a: {priorities: [{statement: d if -c, cite: [some-report], because: A cable says so.}, {statement: -c}]}",
    )
    file = games.written(tmp_path, game)
    html = detente.write_graph_report(file)
    assert "“Bob cooperates” if not “Ann cooperates”" in html
    assert "<td>A cable says so.</td>" in html
    assert '<a href="#s-some-report">' in html
    text = Path(file).read_text(encoding="utf-8")
    Path(file).write_text(text.replace("access: open", "access: restricted"), encoding="utf-8")
    assert "A cable says so." not in detente.write_graph_report(file)
    assert "A cable says so." in detente.write_graph_report(file, redact=False)


HOSTILE = "</script><img src=x onerror=alert(1)>"


def test_hostile_names_are_only_text(tmp_path):
    game = games.DILEMMA.replace("name: Ann,", f"name: '{HOSTILE}',").replace("Bob cooperates", HOSTILE)
    html = detente.write_graph_report(games.written(tmp_path, game))
    assert "<img src=x" not in html
    assert html.count("</script>") == html.count("<script")


def test_what_was_asked_of_a_state_comes_first(tmp_path):
    file = games.written(tmp_path, games.PEACE)
    found = detente.stability(file)
    asked = Asked(explain=1, inverse=found.inverse(1), to=1)
    html = detente.write_graph_report(file, found=found, asked=asked)
    label = f"#2 {found.label(1)}"
    title = f"Why {label} is stable, or not; Which preferences would make {label} stable; How the status quo leads to {label}"
    assert f"<h1>{title}</h1>" in html
    answer = unescape(html[html.index('<section id="answer"') : html.index('<section id="graph"')])
    for maker in range(found.game.makers):
        for sentence in why_sentences(found, found.why(1, maker)[0]):
            assert sentence in answer
    assert to_sentences(found, found.ways.to(1))[0] in answer
    assert inverse_sentences(found, found.inverse(1), "nash")[0] in answer
    assert 'id="fig-asked-around-2"' in answer
    assert 'id="answer"' not in detente.write_graph_report(file, found=found, asked=Asked())


def test_a_scenario_with_a_game_has_it_in_its_report(tmp_path):
    html = detente.write_report(games.written(tmp_path, games.DILEMMA), draws=50)
    assert "Where the parties would settle" in html
    assert 'id="fig-moves"' in html


def test_where_preferences_are_uncertain_the_shares_come_first():
    found = detente.stability("syria-2015", draws=200)
    lines = settling_sentences(found, destinations(found))
    assert lines[0].startswith("With what is uncertain about preferences drawn (200 draws)")
    central = lines.index("The rest is at the central values alone.")
    assert any(line.startswith("The status quo") for line in lines[central:])
    lacking = [concept for concept in found.stable if concept not in found.shares.counts]
    assert bool(lacking) == any(line.startswith("No shares are counted of") for line in lines[:central])
