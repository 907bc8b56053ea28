"""Every game of the golden file, written as a scenario or a .gmcr file and put through `detente graph`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from detente.cli import app
from detente.scenario.library import new

GOLDEN = json.loads((Path(__file__).parent / "golden" / "graph.json").read_text(encoding="utf-8"))
FIXTURES = {fixture["name"]: fixture for fixture in GOLDEN["fixtures"] if fixture["form"] != "oracle"}
DIRECTIONS = {"both": "both", "fwd": "forward", "back": "back"}


def asked(file: Path, *arguments: str) -> dict[str, Any]:
    found = CliRunner().invoke(app, ["graph", str(file), "--json", "-", *arguments])
    assert found.exit_code == 0, (found.output, found.exception)
    return json.loads(found.stdout)


def game_in_options(fixture: dict[str, Any]) -> dict[str, Any]:
    names = [f"o{option['bit']}" for option in fixture["options"]]

    def taken(code: int) -> list[str]:
        return [name for bit, name in enumerate(names) if code >> bit & 1]

    def formula(pattern: dict[str, int]) -> str:
        return " & ".join(f"{'' if value else '-'}{names[int(bit)]}" for bit, value in pattern.items())

    return {
        "decision_makers": {
            maker.lower(): {
                "options": [n for n, o in zip(names, fixture["options"], strict=True) if o["owner"] == maker]
            }
            for maker in fixture["decision_makers"]
        },
        "options": {
            n: {"direction": DIRECTIONS[o["direction"]]} for n, o in zip(names, fixture["options"], strict=True)
        },
        "infeasible": [formula(pattern) for pattern in fixture["infeasible_patterns"]],
        "preferences": {
            maker.lower(): {"ranking": [taken(code) for code in codes]}
            for maker, codes in fixture["ranking_decimal_most_to_least"].items()
        },
    }


def game_in_states(fixture: dict[str, Any]) -> dict[str, Any]:
    def moves(given: Any) -> list[list[int]]:
        if isinstance(given, str):  # "1<->3, 2<->4"
            pairs = [[int(end) for end in pair.split("<->")] for pair in given.split(",")]
            return pairs + [pair[::-1] for pair in pairs]
        return [[int(here), there] for here, ends in given.items() for there in ends]

    def ranking(maker: str) -> list[int]:
        if "ranking_strength" in fixture:
            return [int(state) for state in fixture["ranking_strength"][maker].replace(">>", ">").split(">")]
        return fixture["ranking_most_to_least"][maker]

    listed = fixture["computed_by_reference"].get("coalition_stable", {})
    return {
        "decision_makers": {maker.lower(): {} for maker in fixture["decision_makers"]},
        "states": {int(state): name for state, name in fixture["states"].items()},
        "moves": {maker.lower(): moves(given) for maker, given in fixture["moves"].items()},
        "status_quo": 1,
        "coalitions": [name.lower().split("+") for name in listed if "+" in name],
        "preferences": {maker.lower(): {"ranking": ranking(maker)} for maker in fixture["decision_makers"]},
    }


@pytest.fixture
def written(tmp_path: Path):
    def write(fixture: dict[str, Any]) -> Path:
        game = game_in_options(fixture) if fixture["form"] == "option" else game_in_states(fixture)
        file = tmp_path / "game.yaml"
        game = {part: entry for part, entry in game.items() if entry}
        file.write_text(new() + yaml.safe_dump({"game": game}, sort_keys=False), encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize("name", FIXTURES)
def test_a_golden_game_through_the_command(written, name: str) -> None:
    fixture = FIXTURES[name]
    expected, published = fixture["computed_by_reference"], fixture.get("published") or {}
    found = asked(written(fixture))
    equilibria = dict(found["equilibria"])
    against_all = equilibria.pop("coalition")
    assert {concept: equilibria[concept] for concept in expected["equilibria"]} == expected["equilibria"]
    for maker, stable in expected["per_dm"].items():
        shown = found["decision_makers"][maker.lower()]["stable"]
        assert {concept: shown[concept] for concept in stable} == stable
    if "coalition_equilibria_all_subsets" in expected:
        assert against_all == expected["coalition_equilibria_all_subsets"]
    for concept in ("nash", "gmr", "seq"):
        if concept in published:
            assert equilibria[concept] == published[concept]
    states = {str(state["code"]) for state in found["states"]}
    assert states == set(map(str, fixture.get("feasible_states_decimal") or fixture["states"]))


def test_the_coalitions_that_a_file_lists(written) -> None:
    fixture = FIXTURES["Elmira groundwater (9-state graph form)"]
    found = asked(written(fixture))["coalitions"]
    expected = {
        name.lower().replace("+", ","): stable
        for name, stable in fixture["computed_by_reference"]["coalition_stable"].items()
        if "+" in name
    }
    assert len(expected) == 4
    assert {group: shown["stable"] for group, shown in found.items()} == expected


def test_steps_from_the_status_quo(written) -> None:
    fixture = FIXTURES["Elmira groundwater (9-state graph form)"]
    expected = fixture["computed_by_reference"]
    found = asked(written(fixture))
    moves = {str(one["code"]): one["moves"] for one in found["reachable"]}
    improving = {str(one["code"]) for one in found["reachable"] if one["by_improvements"]}
    assert {"1": 0, **moves} == expected["steps_from_1_by_UM"]
    assert {"1", *improving} == set(expected["steps_from_1_by_UI"])
    by_code = {one["code"]: one for one in found["arrivals"]["nearest"]}
    assert by_code[5]["improvements"] == expected["steps_from_1_by_UI"]["5"]
    assert (by_code[5]["movers"], by_code[5]["must_move"]) == (["lg"], ["lg"])
    assert (by_code[8]["moves"], by_code[8]["improvements"]) == (expected["steps_from_1_by_UM"]["8"], None)
    assert by_code[8]["must_move"] == ["moe", "ur", "lg"]


@pytest.mark.parametrize("name", GOLDEN["models_on_which_gmcrplus_differs"])
def test_models_on_which_another_program_differs(tmp_path: Path, name: str) -> None:
    model = GOLDEN["models_on_which_gmcrplus_differs"][name]
    file = tmp_path / "model.gmcr"
    file.write_text(json.dumps(model["model_gmcr_format"]), encoding="utf-8")
    found = asked(file)
    assert [state["code"] for state in found["states"]] == model["states_decimal"]
    makers = list(found["decision_makers"].values())
    assert [maker["payoff"] for maker in makers] == model["payoffs"]
    assert found["equilibria"][model["concept"]] == model["equilibria_textbook_decimal"]
