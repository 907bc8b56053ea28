"""Every chart draws: valid for vl-convert, with a title, a unit, words and a table, in central runs and without data too."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.errors import UsageError
from detente.report import charts
from detente.report.charts.chart import spaced
from detente.report.charts.terms import step_lines
from detente.report.charts.tipping import contour
from detente.report.export import export_charts
from detente.report.sentences import cheapest_words
from tests.report import sample

S = sample.situation()


def every_chart(run=None):
    run = run or sample.run()
    moves = sample.central_run()["trajectories"]
    compared = sample.compare()
    return [
        *charts.run_charts(S, run),
        *(charts.calculation(S, sample.explain(actor)) for actor in S.actors),
        charts.tipping(S, sample.tip()),
        charts.levers(S, sample.ranking()),
        charts.frontier(S, sample.frontier()),
        charts.invitations(S, sample.parties()),
        charts.tornado(S, sample.sensitivity()),
        charts.indices(S, sample.sensitivity()),
        charts.compare(S, compared),
        *(charts.contributions(S, compared, measure) for measure in compared["contributions"]),
        charts.ties(S),
        *(charts.timeline(S, issue) for issue in S.issues),
        *charts.trajectory_charts(S, moves),
    ]


CHARTS = {chart.name: chart for chart in every_chart()}


@pytest.mark.parametrize("name", CHARTS)
def test_chart_renders_as_svg_and_png(name):
    chart = CHARTS[name]
    svg = chart.to_svg()
    assert svg.startswith("<svg")
    assert svg.count("<path") > 3
    assert "currentColor" not in svg
    png = chart.to_png(scale=1)
    assert png.startswith(b"\x89PNG")
    assert len(png) > 3000


@pytest.mark.parametrize("name", CHARTS)
def test_chart_has_words_unit_and_table(name):
    chart = CHARTS[name]
    assert chart.title
    assert chart.unit
    assert len(chart.description) > 20
    assert chart.spec["description"] == chart.description
    assert chart.table
    rows = list(csv.reader(io.StringIO(chart.to_csv())))
    assert len(rows) == len(chart.table) + 1
    assert json.loads(json.dumps(chart.spec))


def test_names_are_file_stems_of_their_own():
    names = [chart.name for chart in every_chart()]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").replace("_", "").isalnum() for name in names)


@pytest.mark.parametrize("name", ["seats", "settlement-transition", "range-transition", "talks", "walkouts"])
def test_central_run_draws(name):
    found = {chart.name: chart for chart in charts.run_charts(S, sample.central_run())}
    assert found[name].to_svg()
    assert "95 % interval" not in found[name].columns


def test_central_tip_and_explain_draw():
    assert charts.tipping(S, sample.tip(central=True)).to_svg()
    assert charts.calculation(S, sample.explain(central=True)).to_svg()


@pytest.mark.parametrize(
    "chart",
    [
        charts.seats(S, sample.run(talks=None)),
        charts.bargaining_range(S, sample.run(talks=None), "transition"),
        charts.talks(S, sample.run(rounds=None)),
        charts.walkouts(S, sample.run(rounds=None)),
        charts.calculation(S, sample.explain(terms=[])),
        charts.tipping(S, sample.tip(curve=[])),
        charts.levers(S, sample.ranking(ranking=[])),
        charts.tornado(S, sample.sensitivity(inputs=[])),
        charts.indices(S, sample.sensitivity(inputs=[])),
        charts.compare(S, sample.compare(answers={})),
        charts.contributions(S, sample.compare(contributions={}), "convene"),
        charts.ties(sample.situation(ties=())),
        charts.timeline(sample.situation(scenario=None), "transition"),
        charts.trajectories(S, sample.run(), "median", "transition"),
        charts.settlement(sample.situation(numbers={}), sample.run(outcomes={}, talks=None), "transition"),
    ],
    ids=lambda chart: chart.name,
)
def test_nothing_to_draw_is_a_sentence(chart):
    assert chart.spec is None
    assert chart.note.endswith(".")
    with pytest.raises(UsageError, match="nothing to draw"):
        chart.to_svg()


def test_missing_values_draw():
    run = sample.run()
    run["outcomes"]["median"]["transition"] = dict.fromkeys(("mean", "sd", "q05", "q25", "q50", "q75", "q95"))
    run["outcomes"]["mean"] = None
    for end in ("low", "high"):
        run["talks"]["bargaining_range"]["transition"][end] = dict.fromkeys(("q05", "q50", "q95"))
    del run["rounds"]["agreed_by_month"]
    for chart in charts.run_charts(S, run):
        assert chart.spec is None or chart.to_svg()


def test_one_party_draws():
    run = sample.run()
    run["talks"]["required"] = ["damascus"]
    run["talks"]["parties"] = {"damascus": run["talks"]["parties"]["damascus"]}
    assert len(charts.seats(S, run).table) == 1
    assert charts.seats(S, run).to_svg()


def test_seats_tell_why_beside_each_bar():
    terms = {"settlement": {"mean": 0.05}, "war": {"mean": 0.02}, "betrayal": {"mean": -0.08}, "audience": {"mean": 0}}
    run = sample.run()
    run["talks"]["parties"]["damascus"]["terms"] = terms
    run["talks"]["parties"]["opposition"]["terms"] = {"war": {"mean": -0.01}}
    ranking = sample.ranking()
    found = [{"lever": ["a", "b"], "level": None}, {"lever": "western-pressure", "level": None}]
    ranking |= {"now": {"p": 0.3}, "target": 0.5, "ranking": found}
    assert cheapest_words(S, ranking) == "no single lever tips it"
    ranking["ranking"] = [*found, {"lever": "guarantee", "level": 0.25}]
    words = cheapest_words(S, ranking)
    assert words == "reaches 50 % with Outside guarantee of a deal at 0.25"
    assert cheapest_words(S, ranking | {"now": {"p": 0.5}}).startswith("falls to 50 % with")
    rows = charts.seats(S, run, {"damascus": words}).spec["data"]["values"]
    damascus, opposition = (next(r for r in rows if who in r["label"]) for who in ("government", "opposition"))
    assert damascus["beside"].split("\n")[:2] == ["for: Terms of a deal +0.050", "against: Deal may break −0.080"]
    assert " ".join(damascus["beside"].split("\n")[2:]) == words
    assert opposition["beside"] == "against: Winning or losing −0.010"


def test_reservation_points_are_drawn_where_given():
    run = sample.run()
    ends = {"damascus": (52.0, 100.0), "opposition": (0.0, 64.0)}
    accepts = {a: {"low": {"q50": low}, "high": {"q50": high}} for a, (low, high) in ends.items()}
    run["talks"]["bargaining_range"]["transition"]["accepts"] = accepts
    chart = charts.bargaining_range(S, run, "transition")
    assert [row["Could sign"] for row in chart.table[:2]] == ["52 to 100", "0 to 64"]
    assert chart.to_svg()


def test_tornado_draws_both_ends_on_one_side():
    chart = charts.tornado(S, sample.sensitivity())
    own = [row for row in chart.spec["data"]["values"] if "Position of" in row["label"]]
    assert len(own) == 2
    assert all(row["to"] >= row["from"] for row in own)


def test_two_actors_of_one_name_stay_apart():
    twins = sample.situation(names=sample.names(isis="Iran"))
    rows = charts.seats(twins, sample.run()).spec["data"]["values"]
    assert len({row["label"] for row in rows}) == len(rows)


def test_files(tmp_path):
    seats, none = CHARTS["seats"], charts.ties(sample.situation(ties=()))
    found = export_charts([seats, none], tmp_path / "pictures")
    assert sorted(file.name for file in found) == ["seats.csv", "seats.json", "seats.png", "seats.svg"]
    assert all(file.stat().st_size > 100 for file in found)
    with pytest.raises(UsageError, match="ending"):
        seats.save(tmp_path / "seats.gif")


def test_missing_extra_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(UsageError, match=r"detente\[charts\]") as error:
        CHARTS["seats"].to_svg()
    assert "\n" not in str(error.value)
    assert "<table>" in CHARTS["seats"]._repr_mimebundle_()["text/html"]


def test_csv_holds_no_formula():
    nasty = sample.situation(names=sample.names(damascus="=HYPERLINK(1)"))
    text = charts.seats(nasty, sample.run()).to_csv()
    assert "'=HYPERLINK(1)" in text


def test_contour_of_a_plane():
    grid = [0.0, 0.5, 1.0]
    p = [[x for x in grid] for _ in grid]
    assert all(piece["ax"] == piece["bx"] == pytest.approx(0.25) for piece in contour(grid, grid, p, 0.25))
    assert len(contour(grid, grid, p, 0.25)) == 2
    assert contour(grid, grid, [[None] * 3] * 3, 0.5) == []


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
@settings(deadline=None)
def test_labels_keep_their_order_and_move_apart(places):
    found = spaced(places, 5.0)
    order = sorted(range(len(places)), key=lambda i: places[i])
    kept = [found[i] for i in order]
    assert kept == sorted(kept)
    assert all(b - a > 4 for a, b in pairwise(kept))


@pytest.mark.parametrize("name", CHARTS)
def test_the_leaner_specification_of_a_page_draws_the_same_picture(name):
    import vl_convert

    from detente.report.lean import _plain, lean
    from detente.report.theme import config

    spec = CHARTS[name].spec
    whole = {**_plain(spec), "config": config(), "width": 600}
    short = {**lean(spec), "config": config(), "width": 600}
    drawn = [re.sub(r"(clip|gradient_)\d+", r"\1", vl_convert.vegalite_to_svg(one)) for one in (short, whole)]
    assert drawn[0] == drawn[1]  # but for the numbers by which a drawing tells its own clips and gradients apart
    assert len(json.dumps(short, default=str)) <= len(json.dumps(whole, default=str))


def test_a_party_that_would_sign_anything_is_told_by_its_cost_of_fighting():
    run = copy.deepcopy(sample.run())
    found = run["talks"]["bargaining_range"]["transition"]
    whole = {"low": {"q50": 0.0}, "high": {"q50": 100.0}}
    some = {"low": {"q50": 0.0}, "high": {"q50": 60.0}}
    found["accepts"] = {"damascus": some, "opposition": some}
    assert "would sign anything" not in charts.bargaining_range(sample.situation(), run, "transition").note
    found["accepts"]["opposition"] = whole
    note = charts.bargaining_range(detente.situation("syria-2015"), run, "transition").note
    assert "Syrian opposition would sign anything from 0 to 100: fighting on, at its cost of fighting of 0.005" in note


def test_an_actor_has_the_same_colour_and_dash_in_every_picture():
    path = [(0, 10.0), (1, 20.0)]
    both = step_lines(S, {"damascus": path, "russia": path}, (0, 100))
    alone = step_lines(S, {"russia": path}, (0, 100))
    looks = [
        {(row["color"], tuple(row["dash"])) for row in lines if row["actor"] == "Russia"} for lines in (both, alone)
    ]
    assert looks[0] == looks[1] and len(looks[0]) == 1


def test_no_figure_of_a_waterfall_is_crossed_by_the_line_at_zero():
    explain = detente.explain("syria-2015", "damascus", draws=50).to_dict()
    spec = charts.calculation(S, explain).spec
    rows, left = spec["data"]["values"], spec["layer"][0]["encoding"]["x"]["scale"]["domain"][0]
    texts = [layer for layer in spec["layer"] if "transform" in layer]
    assert {layer["mark"]["align"] for layer in texts} == {"left", "right"}
    assert all("<= 0" in layer["transform"][0]["filter"] for layer in texts if layer["mark"]["align"] == "right")
    assert left < min(row["least"] for row in rows)
