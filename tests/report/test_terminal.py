"""What a terminal shows: every command's table fits 80 columns, on consoles without Unicode and with hostile names too."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from detente.report import terminal
from detente.report.terminal.parts import grid
from tests.report import sample

S = sample.situation()
SHOWN = {
    "run": lambda c, s: terminal.print_run(c, s, sample.run(), lambda *words: " ".join(("detente", *words))),
    "central": lambda c, s: terminal.print_run(c, s, sample.central_run()),
    "no talks": lambda c, s: terminal.print_run(
        c, s, sample.run(talks=None, rounds=None, missing={"readiness": "talks"})
    ),
    "demo": lambda c, s: (
        terminal.print_demo(c, s, {**sample.run(), "verdicts": [sample.VERDICT]}),
        terminal.print_next_steps(c, "r.html"),
    ),
    "explain": lambda c, s: terminal.print_explain(c, s, sample.explain()),
    "tip": lambda c, s: terminal.print_tip(c, s, sample.tip()),
    "ranking": lambda c, s: terminal.print_tip(c, s, sample.ranking()),
    "frontier": lambda c, s: terminal.print_tip(c, s, sample.frontier()),
    "parties": lambda c, s: terminal.print_parties(c, s, sample.parties()),
    "sensitivity": lambda c, s: terminal.print_sensitivity(c, s, sample.sensitivity()),
    "compare": lambda c, s: terminal.print_compare(c, s, sample.compare()),
}


def shown(show, situation=S, encoding="utf-8"):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="")
    show(Console(file=stream, width=80, color_system=None), situation)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("name", SHOWN)
def test_fits_eighty_columns(name):
    text = shown(SHOWN[name])
    assert text.strip()
    assert max(map(len, text.splitlines())) <= 80


def test_sentences_come_first():
    lines = shown(SHOWN["run"]).splitlines()
    assert any("Talks convene in 31 of 100" in line for line in lines[:5])


@pytest.mark.parametrize("name", SHOWN)
def test_names_cannot_move_the_cursor_or_style_the_text(name):
    nasty = sample.situation(
        title="[red]x\x1b[2J", names=sample.names(**dict.fromkeys(sample.NAMES, "\x1b[2J[bold]name[/bold]\r\n"))
    )
    text = shown(SHOWN[name], nasty)
    assert "\x1b" not in text
    assert "\r" not in text


def test_files_and_scores():
    check = {
        "scenario": "s",
        "as_of": "2015-03-15",
        "numbers": 42,
        "sourced": 9,
        "judged": 8,
        "unsourced": 25,
        "defaults": 8,
        "uncertain": 20,
        "warnings": ["issues.x: odd"],
        "unsourced_paths": ["talks.success"],
    }
    assert "9 cite a source" in shown(lambda c, s: terminal.print_check(c, check))
    entry = {"id": "syria-2015", "title": "Syria", "as_of": "2015-03-15"}
    assert "syria-2015" in shown(lambda c, s: terminal.print_list(c, [entry]))
    number = {
        "path": "talks.success",
        "written": "{low: 0.2}",
        "central": 0.4,
        "with_levers": 0.5,
        "cite": [],
        "because": None,
        "origin": "default",
    }
    table = {
        "scenario": "s",
        "as_of": "x",
        "required": [],
        "excluded": [],
        "mediator": None,
        "settlement": "nash",
        "numbers": [number],
    }
    assert "talks.success" in shown(lambda c, s: terminal.print_resolved(c, s, table))
    forecast = {
        "question": "convene",
        "p": 0.3,
        "happened": True,
        "brier": 0.49,
        "log": 1.2,
        "baseline": 0.5,
        "baseline_from": "none given: one half",
        "baseline_brier": 0.25,
    }
    score = {
        "cases": [{"scenario": "s", "as_of": "2015-03-15", "hindsight": 2, "forecasts": [forecast], "estimates": []}]
    }
    said = " ".join(shown(lambda c, s: terminal.print_score(c, None, score)).split())
    assert "no better than the baseline's 0.25 (0.50, one half, for the file gives none)" in said
    assert "s: 2 numbers in force cite sources of after 2015-03-15: hindsight" in said


def test_explain_gives_each_source_with_title_publisher_and_day():
    text = shown(SHOWN["explain"])
    assert "1 A ledger. no date (ledger)" in text
    assert "2 US will negotiate. The Independent, 2015-03-15 (independent-2015)" in text
    line = next(line for line in text.splitlines() if "Terms of a deal" in line)
    assert line.split()[-4:] == ["2", "of", "3", "1–2"]


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_long_name_stands_on_a_line_of_its_own(encoding):
    long = "The expected settlement on what comes first, a transition or a ceasefire"
    columns = [("Answer", "left"), *((f"scenario-2015-{i}", "right") for i in range(3))]
    rows = [(long, "1", "2", "3"), ("Short", "4", "5", "6")]
    lines = shown(lambda c, s: grid(c, columns, rows), encoding=encoding).splitlines()
    at = next(i for i, line in enumerate(lines) if long in line)
    figures = [line.replace("|", " ").split() for line in lines[at + 1 : at + 3]]
    assert figures == [["1", "2", "3"], ["Short", "4", "5", "6"]]
    assert max(map(len, lines)) <= 80


def test_a_table_of_many_wide_columns_loses_no_figure():
    everybody = " ".join(str(maker) for maker in range(1, 21))
    columns = [("State", "left"), ("payoffs", "right"), *((c, "left") for c in ("nash", "gmr", "smr", "seq", "sseq"))]
    rows = [("NYNYNNNNNNNNNNNNNNNY", "147 37 74 147 37 74", *[everybody] * 5)]
    lines = shown(lambda c, s: grid(c, columns, rows)).splitlines()
    assert max(map(len, lines)) <= 80
    words = " ".join(lines).split()
    assert all(words.count(maker) == 5 for maker in everybody.split())


def test_a_name_of_two_lines_folds_in_its_column():
    columns = [("Answer", "left"), ("a", "right")]
    name = " ".join(["settlement"] * 8)
    lines = shown(lambda c, s: grid(c, columns, [(name, "12")])).splitlines()
    assert sum("settlement" in line for line in lines) == 2
    assert "12" in next(line for line in lines if "settlement" in line)


def test_ranking_shows_where_each_lever_stands_and_what_out_of_reach_means():
    text = shown(SHOWN["ranking"])
    assert "western-pressure   0.32   0 to 1" in text
    assert "western-pressure   0.32   0.40" in text
    assert "+ guarantee        0.30   0.38" in text
    assert re.search(r"guarantee +0\.30 +1\.00 +out of reach +49\.7 %", text)
    assert "the target is 50 %" in text
    assert "with --lever, all draws are set to one level" in " ".join(text.split())


def test_a_command_wider_than_the_screen_is_whole():
    long = "detente tip my.yaml " + "--set talks.kept=0.8 " * 5
    text = shown(lambda c, s: terminal.print_run(c, s, sample.run(), lambda *words: long + words[0]))
    assert f"\n   What would bring it:\n     {long}tip\n   Why, and on which sources:\n     {long}explain\n" in text


def test_tables_without_a_belligerent_stand_apart():
    first, last = shown(SHOWN["parties"]).split("Without a belligerent: cannot end its war, and no advice")
    assert "drop Syrian government" in last
    assert "drop Syrian government" not in first
    assert "add Russia" in first


def test_run_tells_expectation_from_forecast_and_what_to_ask_next():
    text = " ".join(shown(SHOWN["run"]).split())
    assert "expected at talks" in text
    assert "by it each decides whether to come" in text
    assert "What would bring it: detente tip --actor damascus" in text
