"""detente graph: the JSON that is promised, a published game, words for why, and wrong names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import detente
from detente.analysis import graph_json
from detente.cli import app
from detente.graph.why import fall
from detente.report.sentences.graph import fall_sentences
from detente.scenario.library import new

# A and B each may cooperate. Each likes best to be alone in not doing so, next that both do.
DILEMMA = """
game:
  decision_makers: {a: {name: Ann, options: [c]}, b: {name: Bob, options: [d]}}
  status_quo: []
  preferences:
    a: {ranking: [[d], [c, d], [], [c]]}
    b: {ranking: [[c], [c, d], [], [d]]}
"""


@pytest.fixture
def dilemma(tmp_path: Path) -> str:
    file = tmp_path / "dilemma.yaml"
    file.write_text(new() + DILEMMA, encoding="utf-8")
    return str(file)


def run(*arguments: str, status: int = 0) -> str:
    found = CliRunner().invoke(app, ["graph", *arguments])
    if status:
        return f"{type(found.exception).__name__}: {found.exception}"
    assert found.exit_code == 0, (found.output, found.exception)
    return found.stdout


def test_the_prisoners_dilemma_in_json(dilemma: str) -> None:
    found = json.loads(run(dilemma, "--json", "-"))
    assert set(found) == {"states", "decision_makers", "equilibria", "status_quo", "reachable", "arrivals"}
    assert found["states"][1] == {"id": 2, "code": 1, "options": "YN", "name": None}
    assert found["decision_makers"]["a"]["payoff"] == [2, 1, 4, 3]
    equilibria = found["equilibria"]
    coalition = equilibria.pop("coalition")
    assert equilibria == {"nash": [0], "gmr": [0, 3], "smr": [0, 3], "seq": [0, 3], "sseq": [0, 3], "sim": [0, 3]}
    assert coalition == {"nash": [], "gmr": [3], "smr": [3], "seq": [3]}
    assert found["status_quo"] == 0
    assert {"code": 3, "moves": 2, "by_improvements": False} in found["reachable"]


def test_it_loads_what_it_needs_and_no_other_question(dilemma: str) -> None:
    code = (
        f"import sys; from detente.cli import app; app(['graph', {dilemma!r}], standalone_mode=False)\n"
        "others = 'compare ensemble study tipping score sensitivity graph_inverse graph_shares'.split()\n"
        "heavy = {'numba', 'scipy', *(f'detente.analysis.{name}' for name in others)}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1] / "src"), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")


def test_it_says_why_and_what_would_bring_it_down(dilemma: str) -> None:
    text = " ".join(run(dilemma, "--explain", "YY", "--dm", "Ann", "--concepts", "nash,seq").split())
    assert "#4 YY is not stable for Ann under Nash stability (nash)" in text
    assert "A move to #3 NY is deterred: Bob moves to #1 NN, which ends in #1 NN, no better for it" in text
    assert "If Bob no longer preferred #1 NN to #3 NY, Ann would move to #3 NY." in text
    assert "Bob in" not in text


def test_words_for_a_fall_are_those_of_the_data(dilemma: str) -> None:
    found = detente.stability(dilemma)
    words = fall_sentences(found, fall(found.game, 3, "seq"))
    assert words[0].startswith("As an equilibrium under sequential stability (seq), #4 YY would fall")
    assert len(words) == 1 + len(fall(found.game, 3, "seq").flips)


def test_python_gives_a_table_and_a_picture(dilemma: str) -> None:
    found = detente.stability(dilemma, concepts=["seq"])
    assert [row["seq"] for row in found.rows()] == [True, False, False, True]
    chart = found.plot()
    assert chart.table[3]["seq: all"] == "stable"
    assert "seq: 1 Ann" in chart.columns
    assert "2 of 4 states" in chart.description
    assert np.array_equal(found.codes, [0, 1, 2, 3])


def test_tables_keep_to_eighty_columns(dilemma: str) -> None:
    text = run(dilemma)
    assert max(map(len, text.splitlines())) <= 80
    assert "Ann" in text
    assert "From the status quo" in text


def test_export_and_read_again(dilemma: str, tmp_path: Path) -> None:
    file = tmp_path / "d.gmcr"
    run(dilemma, "--export", str(file), "--quiet")
    found = json.loads(run(str(file), "--json", "-"))
    assert found["equilibria"]["seq"] == [0, 3]
    assert found["status_quo"] is None
    assert found["reachable"] == []
    assert "is there already" in run(dilemma, "--export", str(file), status=1)


def test_which_preferences_a_state_would_need(dilemma: str) -> None:
    text = " ".join(run(dilemma, "--inverse", "YY", "--concepts", "seq").split())
    assert "What would make #4 YY stable under sequential stability (seq)" in text
    assert "Ann (stable for it now): if it likes it no less than #1 NN; or likes it no less than #3 NY." in text
    assert "That holds in 16 of 24 rankings without ties (66.7%)." in text
    nash = json.loads(run(dilemma, "--inverse", "#4", "--json", "-"))["inverse"]
    assert nash["state"] == 3
    ann = nash["concepts"]["nash"]["decision_makers"]["a"]
    assert ann["conditions"] == [[{"decision_maker": "a", "better": 3, "worse": 2, "strictly": False}]]
    assert ann["count"] == {"meeting": 12, "permitted": 24}
    assert ann["nearest"] == {"distance": 1, "rankings": {"a": [[3], [2], [0], [1]]}}
    together = nash["concepts"]["nash"]["together"]
    assert (together["stable"], together["share"], together["nearest"]["distance"]) == (False, 0.25, 2)


def test_ways_from_the_status_quo(dilemma: str) -> None:
    text = " ".join(run(dilemma, "--to", "YY").split())
    assert "By moves: Ann moves to #2 YN, then Bob moves to #4 YY." in text
    assert "Ann and Bob must move for it." in text
    assert "No improvements alone lead there." in text
    ways = json.loads(run(dilemma, "--to", "YY", "--json", "-"))["ways"]
    assert len(ways["by_moves"]["shortest"]) == 2
    assert ways["by_improvements"] == {"shortest": [], "must_move": []}
    found = json.loads(run(dilemma, "--json", "-"))["arrivals"]
    assert found["count"] == 2
    assert found["nearest"][1]["must_move"] == ["a", "b"]


def test_an_explanation_in_json_is_that_of_the_words(dilemma: str) -> None:
    found = json.loads(run(dilemma, "--explain", "YY", "--dm", "a", "--json", "-"))["explained"]
    concepts = {one["concept"]: one for one in found["decision_makers"]["a"]}
    assert list(concepts) == ["nash", "gmr", "smr", "seq", "sseq", "sim"]
    assert concepts["seq"]["considered"] == [
        {
            "to": 2,
            "deterred": True,
            "answer": {
                "steps": [{"decision_maker": "b", "to": 0}],
                "state": 0,
                "together": False,
                "escape": None,
            },
        }
    ]
    falls = {one["concept"]: one for one in found["falls"]}
    assert "nash" not in falls
    change = {"decision_maker": "b", "better": 0, "worse": 2, "prefers": False, "unstable_for": "a", "through": 2}
    assert change in falls["seq"]["flips"]


def test_coalitions_of_the_file_come_unasked(dilemma: str) -> None:
    file = Path(dilemma)
    file.write_text(file.read_text(encoding="utf-8") + "  coalitions: [[a, b]]\n", encoding="utf-8")
    found = json.loads(run(dilemma, "--json", "-"))["coalitions"]
    assert found == {"a,b": {"stable": {concept: [1, 2, 3] for concept in ("nash", "gmr", "smr", "seq")}}}
    assert "Ann and Bob would not together leave, under nash, gmr, smr, seq: #2 YN, #3 NY, #4 YY." in " ".join(
        run(dilemma).split()
    )


def test_long_lists_give_way_to_their_length(dilemma: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_json, "MOST_LISTED", 3)
    short = json.loads(run(dilemma, "--json", "-"))
    left_out = {"count": 4, "left_out": graph_json.LEFT_OUT}
    assert short["states"] == short["decision_makers"]["a"]["payoff"] == left_out
    assert short["equilibria"]["seq"] == [0, 3]
    assert len(json.loads(run(dilemma, "--json", "-", "--full"))["states"]) == 4


def test_json_in_pieces_is_the_dictionary(dilemma: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_json, "PIECE", 3)
    file = tmp_path / "found.json"
    run(dilemma, "--json", str(file))
    assert json.loads(file.read_text(encoding="utf-8")) == detente.stability(dilemma).to_dict()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--concepts", "nsh"],
            "found the concept nsh; expected any of nash, gmr, smr, seq, sseq, sim (did you mean nash",
        ),
        (["--explain", "#9"], "found the state #9; expected #1 to #4"),
        (["--explain", "1", "--dm", "Anm"], "--dm: found 'Anm'; expected one of a, b (did you mean Ann?)"),
        (["--dm", "a"], "--dm needs --explain"),
        (["--inverse", "YYN"], "expected"),
        (["--to", "7"], "expected"),
        (["--export", "x.txt"], "expected a name that ends in .gmcr"),
    ],
)
def test_what_is_wrong_is_said(dilemma: str, arguments: list[str], said: str) -> None:
    assert said in run(dilemma, *arguments, status=1)


def test_a_scenario_without_a_game(tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"
    file.write_text(new(), encoding="utf-8")
    assert "found no game; expected the strategic conflict under game" in run(str(file), status=1)
