"""The commands: JSON with the keys that are promised, nothing else beside it, status, width, and a quick start."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from detente.cli import app

SYRIA, DRAWS = "syria-2015", ("--draws", "200")
RUN = {"detente", "scenario", "as_of", "seed", "draws", "central", "outcomes", "talks", "rounds", "sources"}
TALKS = {
    "convene",
    "settlement",
    "prevail",
    "parties",
    "bargaining_range",
    "no_zone",
    "hurting_stalemate",
    "way_out",
    "ripe",
    "convene_unripe",
}
PARTY = {"comes", "fighting_on", "signed_deal", "gain", "others_consent", "margin", "reservation", "terms"}
ROUNDS = {
    *("agreement", "collapse", "expiry", "median_collapse_month", "collapsed_by_month"),
    *("given_convened", "walked_out", "terms"),
}
TIP = {
    *("actor", "lever", "limits", "now", "already", "reached", "out_of_reach", "curve"),
    *("level_at_p50", "level_at_p80", "level", "crossings_max"),
}
QUESTIONS: dict[str, tuple[list[str], set[str]]] = {
    "run": (["run", SYRIA, *DRAWS], RUN),
    "run central": (["run", SYRIA, "--central", *DRAWS], RUN),
    "explain": (["explain", SYRIA, "--actor", "damascus", *DRAWS], set()),
    "tip": (["tip", SYRIA, "--actor", "damascus", "--lever", "western-pressure", *DRAWS], TIP),
    "tip ranked": (["tip", SYRIA, "--actor", "damascus", *DRAWS], {"ranking"}),
    "sensitivity": (
        ["sensitivity", SYRIA, "--measure", "comes.damascus", "--base", "8", *DRAWS],
        {"measure", "inputs", "base"},
    ),
    "compare": (
        ["compare", "syria-2015@2014-02-15", SYRIA, *DRAWS, "--measure", "convene"],
        {"scenarios", "inputs", "answers", "contributions"},
    ),
    "score": (["score", SYRIA, *DRAWS], set()),
    "check": (["check", SYRIA], {"numbers", "sourced", "warnings"}),
}


def invoke(argv: list[str]) -> Any:
    found = CliRunner().invoke(app, argv, prog_name="detente", catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_json_has_the_keys_that_are_promised_and_stands_alone(question: str) -> None:
    argv, keys = QUESTIONS[question]
    found = json.loads(invoke([*argv, "--json", "-"]).stdout)  # nothing but JSON is there
    assert isinstance(found, dict)
    assert keys <= set(found)


def test_what_to_ask_next_names_what_was_typed() -> None:
    """The day, the variants and the what-ifs too, quoted for a shell; the command can be run as it stands."""
    sets = ["--set", "talks.kept=0.5", "--set", "talks.success={low: 0.1, high: 0.2}"]
    text = invoke(["run", "syria-2015+less-backing@2014-02-15", "--as-of", "2015-03-15", *sets, *DRAWS]).stdout
    (line,) = [line.strip() for line in text.splitlines() if line.strip().startswith("detente explain")]
    words = shlex.split(line)
    typed = ["detente", "explain", "syria-2015+less-backing@2014-02-15", "--as-of", "2015-03-15", *sets]
    assert words[:-1] == [*typed, "--actor"]
    assert invoke([*words[1:], *DRAWS]).exit_code == 0


def test_json_of_a_run_all_the_way_down() -> None:
    found = json.loads(invoke(["run", SYRIA, *DRAWS, "--json", "-"]).stdout)
    assert set(found["talks"]) >= TALKS
    assert set(found["rounds"]) >= ROUNDS
    assert found["talks"]["parties"].keys() >= {"damascus", "opposition", "isis", "un"}
    for party in found["talks"]["parties"].values():
        assert set(party) >= PARTY
    for issues in found["outcomes"].values():
        for spread in issues.values():
            assert set(spread) >= {"mean", "sd", "q05", "q25", "q50", "q75", "q95"}
    assert set(found["talks"]["convene"]) >= {"p", "low", "high"}
    assert (found["scenario"], found["as_of"], found["draws"], found["central"]) == (SYRIA, "2015-03-15", 200, False)


def test_json_in_a_file_is_that_of_standard_output(tmp_path: Path) -> None:
    argv = ["run", SYRIA, *DRAWS, "--seed", "3"]
    invoke([*argv, "--quiet", "--json", str(tmp_path / "x.json")])
    assert (tmp_path / "x.json").read_text(encoding="utf-8") == invoke([*argv, "--json", "-"]).stdout


@pytest.mark.parametrize("question", QUESTIONS)
def test_tables_fit_80_columns(question: str) -> None:
    for line in invoke(QUESTIONS[question][0]).stdout.splitlines():
        assert len(line) <= 80, line


@pytest.mark.parametrize("argv", [["--help"], *([name, "--help"] for name in sorted(app.commands))], ids=" ".join)
def test_help_fits_80_columns(argv: list[str]) -> None:
    text = invoke(argv).stdout
    assert text.startswith("Usage: detente")
    assert max(map(len, text.splitlines())) <= 80


def test_lists_and_schema() -> None:
    assert {"syria-2015", "ec-emissions-1994"} <= {
        entry["id"] for entry in json.loads(invoke(["list", "--json", "-"]).stdout)
    }
    assert json.loads(invoke(["schema"]).stdout)["type"] == "object"
    library = resources.files("detente.scenario") / "library"
    assert invoke(["show", SYRIA]).stdout == (library / "syria-2015.yaml").read_text(encoding="utf-8")


def test_a_new_scenario_has_no_faults(tmp_path: Path) -> None:
    for source in ([], ["--from", SYRIA]):
        file = tmp_path / f"new{len(source)}.yaml"
        invoke(["new", str(file), *source])
        invoke(["check", str(file)])


def test_help_gives_each_command_its_whole_sentence() -> None:
    text = " ".join(CliRunner().invoke(app, ["--help"]).output.split())
    assert "..." not in text.partition("Commands:")[2]
    for command in app.commands.values():
        sentence = " ".join((command.help or "").split("\n\n")[0].split())
        assert sentence.rstrip(".").split(". ")[0] in text


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from detente.cli import app; app(['--help'], standalone_mode=False); "
        "sys.exit(', '.join({'numpy', 'scipy', 'numba', 'pandas'} & set(sys.modules)) or 0)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1] / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage:" in done.stdout


def test_each_number_in_force_is_one_line_that_says_what_it_rests_on() -> None:
    lines = invoke(["show", "ec-emissions-1994", "--resolved"]).output.splitlines()
    assert "actors.germany.capability: 0.16 [bueno-de-mesquita-1994]" in lines


def test_what_is_too_much_for_a_line_hangs_below_it() -> None:
    lines = invoke(["show", SYRIA, "--resolved"]).output.splitlines()
    at = lines.index("actors.damascus.audience_cost: {low: 0, mode: 0.005, high: 0.015};")
    assert lines[at + 1].rstrip() == "  with levers 0.0102 [assad-interview-2015, crs-2014]"
    at = lines.index("game.preferences.opposition.empty-chair.probability:")
    assert lines[at + 1].rstrip().startswith("  {low: 0.5, mode: 0.7, high: 0.9} [")
    assert max(map(len, lines)) <= 80


def test_what_a_format_cannot_hold_is_told_in_lines_that_fit(tmp_path: Path) -> None:
    told = invoke(["export", SYRIA, "-o", str(tmp_path / "s.csv")]).stderr.splitlines()
    assert "left behind: of an uncertain number that is no plain range all but its central" in told
    assert max(len(line) for line in told if not line.startswith("wrote")) <= 80
