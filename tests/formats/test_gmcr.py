"""Files of GMCR+: what is read and in which order, what is refused, and a round trip that loses nothing of a game."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import detente
import detente.api
from detente.cli import app
from detente.errors import InputError, UsageError
from detente.formats import gmcr
from detente.graph.options import OptionForm
from detente.graph.patterns import Pattern
from detente.graph.preferences import dense_ranks
from detente.scenario.conflict import Conflict, GameNames, Preference
from tests.graph.models import random_form


def game_of(**more: Any) -> dict[str, Any]:
    """Two decision makers; the options stand in the file in another order than that of their owners."""
    return {
        "options": [
            {"name": "Full", "permittedDirection": "both"},
            {"name": "Full", "permittedDirection": "fwd"},
            {"name": "Leave", "permittedDirection": "back"},
        ],
        "decisionMakers": [
            {"name": "A", "options": [2, 0], "preferences": [[[1, "Y"]]]},
            {"name": "B", "options": [1], "preferences": [[[2, "N"], [0, "Y"]]]},
        ],
        "infeasibles": [[[0, "Y"], [2, "Y"]]],
        **more,
    }


@pytest.fixture
def read(tmp_path: Path):
    def read(data: Any) -> gmcr.ReadGame:
        file = tmp_path / "g.gmcr"
        file.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
        return gmcr.read(file)

    return read


def test_options_are_regrouped_before_anything_else(read) -> None:
    found = read(game_of()).conflict
    assert found.names.option_names == ("Leave", "Full", "Full")
    assert found.names.options == ("leave", "full", "full-2")
    assert found.form.directions == ("back", "both", "forward")
    assert found.form.owned == (2, 1)
    assert found.form.codes.tolist() == [0, 1, 2, 4, 5, 6]  # not both of the first two
    assert found.ranks(0).tolist() == [1, 1, 1, 2, 2, 2]  # wants the third
    assert found.ranks(1).tolist() == [1, 1, 2, 1, 1, 2]  # wants the second without the first


def test_rankings_number_the_regrouped_states_from_one(read) -> None:
    data = game_of(useManualPreferenceRanking=True)
    data["decisionMakers"][0]["preferenceRanking"] = [6, [1, 2], 3, 4, 5]
    data["decisionMakers"][1]["preferenceRanking"] = [1, 2, 3, 4, 5, 6]
    found = read(data).conflict
    assert found.ranks(0).tolist() == [4, 4, 3, 2, 1, 5]
    old = game_of(useManualPreferenceVectors=True)
    for maker in old["decisionMakers"]:
        maker["preferenceVector"] = [1, 2, 3, 4, 5, 6]
    assert read(old).conflict.ranks(1).tolist() == [6, 5, 4, 3, 2, 1]


def test_duplicates_are_dropped_and_unions_are_read(read) -> None:
    data = game_of()
    data["decisionMakers"][0]["preferences"] = [
        [[0, "Y"], [1, "Y"]],
        [[1, "Y"], [0, "Y"]],
        {"compound": True, "members": [[[0, "Y"]], [[1, "N"]]]},
    ]
    found = read(data).conflict
    assert [s.text for s in found.preferences[0].statements] == ["2 & 3", "2 | -3"]


def test_coalitions_that_are_no_partition_are_reset_and_misperceptions_kept(read) -> None:
    assert read(game_of(coalitions=[[0, 1]])).conflict.coalitions == ((0, 1),)
    data = game_of(coalitions=[[0, 1], 1])
    data["decisionMakers"][1]["misperceptions"] = [[[0, "Y"]]]
    found = read(data)
    assert found.conflict.coalitions == ()
    assert len(found.lost) == 1
    form = found.conflict.form
    (view,) = found.conflict.views
    assert view.maker == 1
    letter = found.conflict.names.option_names.index(data["options"][0]["name"])  # options are regrouped
    assert list(view.unseen) == [state for state in range(form.states) if form.text(state)[letter] == "Y"]
    assert view.unseen
    again = read(json.loads(gmcr.write(found.conflict)[0]))
    assert again.conflict.views == found.conflict.views
    data["decisionMakers"][1]["misperceptions"] = [[[0, "Y"]], [[0, "N"]]]
    with pytest.raises(InputError, match="found every state unseen"):
        read(data)


WRONG: list[tuple[Any, str]] = [
    (b"\x80\x03}q\x00.", "found a pickled file of an old version, which could run code; expected JSON"),
    (pickle.dumps({"a": [1]}, protocol=0), "found a pickled file"),
    (b"{", "g.gmcr:1:2: found what is no JSON"),
    (b"\xff\xfe\x00", "found bytes that are no text; expected JSON in UTF-8"),
    (b"[" * 200_000, "found brackets nested too deep"),
    ([], "expected an object with options and decisionMakers"),
    ({}, "options: found none; expected a list of objects"),
    (game_of(options=[1]), "options[0]: found 1; expected an object"),
    (game_of(decisionMakers=[{"name": "A", "options": [0, 9]}]), "decisionMakers[0].options: found 9; expected an opt"),
    (game_of(decisionMakers=[{"name": "A", "options": [True]}]), "decisionMakers[0].options: found true; expected"),
    (game_of(decisionMakers=[{"options": [0, 1, 1]}]), "decisionMakers[0].options: found option 1 a second time"),
    (game_of(decisionMakers=[{"options": [0, 1]}]), "options[2]: found an option that nobody owns"),
    (game_of(infeasibles=[[[0, "y"]]]), 'infeasibles[0][0]: found [0, "y"]; expected an option number below 3'),
    (game_of(infeasibles=[[]]), "infeasibles[0]: found []; expected pairs"),
    (game_of(infeasibles=[[[0, "Y"], [0, "N"]]]), "infeasibles[0][1]: found option 0 both Y and N"),
    (game_of(infeasibles=[[[0, "Y"]], [[0, "N"]]]), "infeasibles: found no feasible state"),
    (game_of(infeasibles={"a": 1}), 'infeasibles: found {"a": 1}; expected a list of conditions'),
    (game_of(useManualPreferenceRanking=True), "preferenceVector: found none; expected all feasible states"),
]


@pytest.mark.parametrize(("data", "said"), WRONG)
def test_what_is_malformed_is_one_clear_line(read, data: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data)
    assert said in str(caught.value.faults[0])
    assert "\n" not in str(caught.value.faults[0])


@pytest.mark.parametrize(
    ("ranking", "said"),
    [([1, 2, 3, 4, 5], "without the state 6"), ([1, 1, 2, 3, 4, 5, 6], "1 a second time"), ([0], "found 0; expected")],
)
def test_rankings_hold_each_state_once(read, ranking: list[int], said: str) -> None:
    data = game_of(useManualPreferenceRanking=True)
    for maker in data["decisionMakers"]:
        maker["preferenceRanking"] = ranking
    with pytest.raises(InputError, match=said):
        read(data)


def conflict_of(form: OptionForm, preferences: tuple[Preference, ...]) -> Conflict:
    makers, options = (tuple(f"{x}{n}" for n in range(count)) for x, count in (("m", form.makers), ("o", form.options)))
    return Conflict(GameNames(makers, makers, options, options), form, preferences, None, ())


@given(st.integers(0, 2**32))
def test_a_round_trip_keeps_states_order_and_moves(tmp_path_factory, seed: int) -> None:
    rng = np.random.default_rng(seed)
    form = random_form(rng, merges=False, bans=False)
    preferences = []
    for _ in range(form.makers):
        ranks = dense_ranks(rng.integers(0, 5, form.states))
        levels = tuple(tuple(np.flatnonzero(ranks == r).tolist()) for r in range(int(ranks.max()), 0, -1))
        preferences.append(Preference(levels=levels))
    same(tmp_path_factory.mktemp("gmcr"), conflict_of(form, tuple(preferences)))


@given(st.integers(0, 2**32))
def test_a_round_trip_keeps_statements(tmp_path_factory, seed: int) -> None:
    rng = np.random.default_rng(seed)
    form = random_form(rng, merges=False, bans=False)
    statements = [
        [
            [
                [[int(o), "YN"[rng.integers(2)]] for o in rng.permutation(form.options)[: rng.integers(1, 4)]]
                for _ in "ab"
            ]
            for _ in range(rng.integers(5))
        ]
        for _ in range(form.makers)
    ]
    text, _ = gmcr.write(conflict_of(form, (Preference(statements=()),) * form.makers))
    data = json.loads(text)
    for maker, unions in zip(data["decisionMakers"], statements, strict=True):
        maker["preferences"] = [{"compound": True, "members": members} for members in unions]
    folder = tmp_path_factory.mktemp("gmcr")
    (folder / "first.gmcr").write_text(json.dumps(data), encoding="utf-8")
    same(folder, gmcr.read(folder / "first.gmcr").conflict)


def same(folder: Path, conflict: Conflict) -> None:
    (folder / "g.gmcr").write_text(gmcr.write(conflict)[0], encoding="utf-8")
    again = gmcr.read(folder / "g.gmcr").conflict
    before, after = conflict.game(), again.game()
    assert again.form.codes.tolist() == conflict.form.codes.tolist()
    assert after.payoff.tolist() == before.payoff.tolist()
    for maker in range(before.makers):
        for state in range(before.states):
            assert after.moves.reach(maker, state).tolist() == before.moves.reach(maker, state).tolist()


def test_what_the_format_cannot_hold_is_told_or_refused() -> None:
    form = OptionForm((1, 1))
    weighed = Preference(weights={0: 1.0})
    assert any("weights" in text for text in gmcr.write(conflict_of(form, (weighed, weighed)))[1])
    merged = OptionForm((1, 1), merges=((Pattern(1, 1),),))
    with pytest.raises(UsageError, match="merged states"):
        gmcr.write(conflict_of(merged, (weighed, weighed)))


# --- as scenarios --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        *WRONG,
        (game_of(decisionMakers=[{"name": "A"}]), "decisionMakers[0].options: found null; expected a list of option"),
        (
            game_of(options=[{"permittedDirection": "up"}] * 3),
            'options[2].permittedDirection: found "up"; expected both',
        ),
        (game_of(infeasibles=[[[7, "Y"]]]), 'infeasibles[0][0]: found [7, "Y"]; expected an option number below 3'),
        (game_of(infeasibles=[{"compound": True}]), "infeasibles[0]: found "),
        (b'{"options": [], "decisionMakers": []}', "options: found []; expected a list of objects"),
        (b"\x00\x01\x02", "found what is no JSON"),
    ],
)
def test_import_says_what_is_malformed_in_one_line(tmp_path: Path, data: Any, said: str) -> None:
    file, out = tmp_path / "g.gmcr", tmp_path / "out.yaml"
    file.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    found = CliRunner().invoke(app, ["import", str(file), "-o", str(out)])
    assert isinstance(found.exception, InputError)
    assert said in str(found.exception.faults[0])
    assert all("\n" not in str(fault) for fault in found.exception.faults)
    assert not out.exists()


def test_an_old_pickled_file_is_never_loaded(tmp_path: Path) -> None:
    loaded = tmp_path / "loaded"

    class Touch:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (loaded,)

    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for name in ("old.gmcr", "old.txt"):
            file = tmp_path / name
            file.write_bytes(pickle.dumps(Touch(), protocol=protocol))
            for arguments in (["import", str(file)], ["graph", str(file)]):
                found = CliRunner().invoke(app, arguments)
                assert isinstance(found.exception, InputError)
                if name == "old.gmcr":
                    assert "found a pickled file" in str(found.exception)
    assert not loaded.exists()


@given(st.integers(0, 2**32))
def test_a_scenario_made_of_a_game_is_the_game(tmp_path_factory, seed: int) -> None:
    rng = np.random.default_rng(seed)
    form = random_form(rng, merges=False, bans=False)
    folder = tmp_path_factory.mktemp("gmcr")
    names = ["Not", "if", "No", "中国", "28", "a b", "A-B", ""]
    data = json.loads(gmcr.write(conflict_of(form, (Preference(statements=()),) * form.makers))[0])
    for entry in (*data["options"], *data["decisionMakers"]):
        entry["name"] = names[rng.integers(len(names))]
    data["useManualPreferenceRanking"] = manual = bool(rng.integers(2))
    for maker in data["decisionMakers"]:
        if manual:
            ranks = dense_ranks(rng.integers(0, 5, form.states))
            maker["preferenceRanking"] = [(np.flatnonzero(ranks == r) + 1).tolist() for r in range(ranks.max(), 0, -1)]
        else:
            maker["preferences"] = [
                [[int(o), "YN"[rng.integers(2)]] for o in rng.permutation(form.options)[: rng.integers(1, 4)]]
                for _ in range(rng.integers(4))
            ]
    if form.states > 1:
        code = int(form.codes[rng.integers(form.states)])
        unseen = [[o, "Y" if code >> o & 1 else "N"] for o in range(form.options)]
        data["decisionMakers"][rng.integers(form.makers)]["misperceptions"] = [unseen]
    (folder / "g.gmcr").write_text(json.dumps(data), encoding="utf-8")
    before = gmcr.read(folder / "g.gmcr").conflict
    detente.import_(folder / "g.gmcr").save(folder / "g.yaml")
    after, _ = detente.api.conflict(folder / "g.yaml")
    assert (after.names, after.views) == (before.names, before.views)
    assert after.form.codes.tolist() == before.form.codes.tolist()
    assert after.form.directions == before.form.directions
    assert after.game().payoff.tolist() == before.game().payoff.tolist()
    detente.export(folder / "g.yaml", folder / "again.gmcr")
    again = gmcr.read(folder / "again.gmcr").conflict
    assert (again.names, again.views) == (before.names, before.views)
    assert again.game().payoff.tolist() == before.game().payoff.tolist()


def test_a_scenario_without_a_game_is_no_file_of_this_kind(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no game"):
        detente.export("ec-emissions-1994", tmp_path / "g.gmcr")
