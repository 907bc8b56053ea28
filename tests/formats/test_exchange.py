"""Records of the exchange model's program: read as that program reads them, and written so that it can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente
from detente.scenario.read import Scenario
from tests.formats.files import bring, faults
from tests.formats.scenarios import plain, scenarios

GOOD = """'#A'\t'A1'\t'North'\t'rich'
'#A'\t'S'\t'South'\t''
'#P'\t'tax'\t'The tax'\t'The tax'
'#M'\t'tax'\t10\t'none'
'#M'\t'tax'\t30
'#M'\t'tax'\t7
'#D'\t'A1'\t'tax'\t10\t0.5\t0.75
'#D'\t'S'\t'tax'\t30\t1\t1\t'it said so, twice'
"""


def held(scenario: Scenario) -> Any:
    """What the format can hold: no role, no status quo, no capability of an actor without a stance."""
    actors, issues, stances = plain(scenario.data)
    busy = {stance["actor"] for stance in stances}
    return [
        [(id_, entry["name"], entry["capability"] if id_ in busy else None) for id_, entry in actors],
        [(id_, entry["name"], list(entry["scale"].items())) for id_, entry in issues],
        stances,
    ]


@given(scenarios(scales=True, capability=(0, 100)).filter(lambda scenario: scenario.data["stances"]))
def test_a_round_trip_keeps_what_the_format_can_hold(
    tmp_path_factory: pytest.TempPathFactory, scenario: Scenario
) -> None:
    file = tmp_path_factory.mktemp("exchange") / "made.txt"
    detente.export(scenario, file, format="exchange")
    again = detente.import_(file)
    assert again.format == "exchange"
    assert held(again.scenario) == held(scenario)


@given(scenarios(capability=(0, 1e6)).filter(lambda s: max(a["capability"] for a in s.data["actors"].values()) > 100))
def test_larger_powers_become_shares_and_keep_their_ratios(scenario: Scenario) -> None:
    written = detente.export(scenario, format="exchange")
    assert any(text.startswith("the unit of capability") for text in written.lost)
    largest = max(actor["capability"] for actor in scenario.data["actors"].values())
    for line in written.data.decode().splitlines():
        if line.startswith("'#D'"):
            _, actor, *_, power = line.split("\t")[:6]
            assert float(power) * largest == pytest.approx(scenario.data["actors"][actor.strip("'")]["capability"])


def test_every_record_is_read(tmp_path: Path) -> None:
    data = bring(tmp_path, GOOD, "t.txt").scenario.data
    assert data["actors"]["a1"] == {"name": "North", "role": "bystander", "capability": 0.75, "note": "rich"}
    # The lowest point comes last in the file: the scale is the least and the largest all the same.
    assert data["issues"]["tax"]["scale"] == {7: "lower end", 10: "none", 30: "upper end"}
    assert "note" not in data["issues"]["tax"]
    assert data["stances"][1]["because"] == "it said so, twice"


@pytest.mark.parametrize(("delimiter", "quote"), [("\t", "'"), (";", '"'), (",", '"'), (",", ""), (";", "'")])
def test_every_dialect_reads_alike(tmp_path: Path, delimiter: str, quote: str) -> None:
    text = GOOD.replace("it said so, twice", "because").replace("'", quote).replace("\t", delimiter)
    assert (
        bring(tmp_path, "\ufeff" + text, "t.txt").scenario.data["stances"]
        == bring(tmp_path, GOOD.replace("it said so, twice", "because"), "t.txt").scenario.data["stances"]
    )


def test_comments_are_passed_over_and_lines_still_count(tmp_path: Path) -> None:
    text = "#/ it's a comment\n#0 another\n'#O'\tone more\n" + GOOD
    assert len(bring(tmp_path, text, "t.txt").scenario.data["stances"]) == 2
    assert faults(tmp_path, text.replace("\t30\t1\t1", "\t31\t1\t1"), "t.txt")[0].startswith("F:11: position: found 31")


def test_text_beyond_the_last_field_belongs_to_it(tmp_path: Path) -> None:
    text = GOOD.replace("'#A'\t'A1'\t'North'\t'rich'", "'#A'\t'A1'\t'North'\t'rich'\t'and old'")
    assert bring(tmp_path, text, "t.txt").scenario.data["actors"]["a1"]["note"] == "rich\tand old"


def test_power_that_differs_by_issue_keeps_the_weights(tmp_path: Path) -> None:
    text = GOOD.replace("'#M'\t'tax'\t10", "'#P'\t'war'\n'#M'\t'tax'\t10", 1) + "'#D'\t'A1'\t'war'\t50\t0.8\t0.25\n"
    found = bring(tmp_path, text, "t.txt")
    data = found.scenario.data
    weights = [data["actors"][s["actor"]]["capability"] * s["salience"] for s in data["stances"]]
    assert weights == pytest.approx([0.5 * 0.75, 1.0, 0.8 * 0.25])
    assert data["stances"][2]["because"] == "salience 0.8 at power 0.25 in the file"
    assert "power of A1 differs by issue" in found.lost[0]


def edit(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            edit("'#D'\t'A1'", "'#X'\t'A1'"),
            "F:7: record: found #X; expected one of #A, #P, #M, #D, or #/ before a comment",
        ),
        (
            edit("\t'rich'", "\t'rich'\n'#A'\t'A1'"),
            "F:2: key: found A1 a second time; expected each key once: the first is on line 1",
        ),
        (edit("'#A'\t'S'\t'South'\t''", "'#A'"), "F:2: #A: found 0 fields; expected at least 1 after #A"),
        (
            edit("'#D'\t'A1'\t'tax'", "'#D'\t'A11'\t'tax'"),
            "F:7: actor: found A11; expected a key of #A (did you mean A1?)",
        ),
        (
            edit("'#D'\t'A1'\t'tax'", "'#D'\t'A1'\t'tux'"),
            "F:7: issue: found tux; expected a key of #P (did you mean tax?)",
        ),
        (edit("'#M'\t'tax'\t30", "'#M'\t'tux'\t30"), "F:5: issue: found tux; expected a key of #P (did you mean tax?)"),
        (edit("'#M'\t'tax'\t30", "'#M'\t'tax'\tmuch"), "F:5: position: found much; expected a number"),
        (edit("'#M'\t'tax'\t7", "'#M'\t'tax'\t10"), "F:6: position: found 10 of tax a second time"),
        (edit("\t10\t0.5\t0.75", "\t5\t0.5\t0.75"), "F:7: position: found 5; expected a number from 7 to 30"),
        (edit("\t10\t0.5\t0.75", "\t10\t50\t0.75"), "F:7: salience: found 50; expected a number from 0 to 1"),
        (edit("\t10\t0.5\t0.75", "\t10\t0.5\t-1"), "F:7: power: found -1; expected a number of at least 0"),
        (edit("\t10\t0.5\t0.75", "\t10\t0.5"), "F:7: #D: found 4 fields; expected at least 5 after #D"),
        (
            edit("'#D'\t'S'", "'#D'\t'A1'"),
            "F:8: #D: found a second stance of A1 on tax; expected one: the first is on line 7",
        ),
        (edit("'rich'", "'rich"), "F:1: found a quoted cell that is not closed well"),
        (
            "\n".join(line for line in GOOD.splitlines() if "#D" not in line),
            "F: #D: found none; expected at least one #D",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, text: str, line: str) -> None:
    told = faults(tmp_path, text, "t.txt", format="exchange")
    assert len(told) == 1
    assert line in told[0]


def test_one_point_makes_no_scale(tmp_path: Path) -> None:
    text = "#A,N\n#P,tax\n#M,tax,5\n#D,N,tax,5,1,1\n"
    assert faults(tmp_path, text)[0] == (
        "F:3: #M: found one point of tax, 5; expected two or more, the ends of its scale, or none"
    )


@given(st.text(st.sampled_from("#AMDP/\t,;'\"01.5 aé\n"), max_size=60))
def test_no_text_ends_in_anything_but_a_scenario_or_faults(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "t.txt").write_text(text + "x", encoding="utf-8", newline="")
    try:
        detente.import_(folder / "t.txt", format="exchange")
    except detente.InputError as wrong:
        assert all("\n" not in str(fault) for fault in wrong.faults)


@pytest.mark.parametrize("name", ["cop21.csv", "copenhagen.csv", "sample_data.txt"])
def test_the_shipped_samples_keep_every_record(shared: Path, tmp_path: Path, name: str) -> None:
    file = shared / "data" / "climate-talks" / name
    if not file.is_file():
        pytest.skip(f"no {file}")
    found = detente.import_(file)
    given = [line.replace("'", "").split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    stances = [tuple(map(float, cells[3:6])) for cells in given if cells[0] == "#D"]
    data = found.scenario.data
    assert [
        (s["position"], s["salience"], data["actors"][s["actor"]]["capability"]) for s in data["stances"]
    ] == stances
    detente.export(found.scenario, tmp_path / name, format="exchange")
    again = detente.import_(tmp_path / name)
    first, second = (
        [*plain(d)[:2], sorted(d["stances"], key=lambda s: (s["actor"], s["issue"]))]
        for d in (data, again.scenario.data)
    )
    assert first == second  # the export goes actor by actor


def test_a_central_value_is_written_without_the_noise_of_its_last_digits(tmp_path: Path) -> None:
    text = (
        "detente: 1\nid: a\ntitle: A\nas_of: 2024-01-01\nactors:\n  x: {name: X, role: bystander, capability: 0.5}\n"
        "issues:\n  p: {name: P, scale: {0: low, 100: high}, status_quo: 50}\nstances:\n"
        "  - {actor: x, issue: p, position: 10, salience: {low: 0.2, high: 0.4}, since: 2023-01-01}\n"
    )
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    written = detente.export(tmp_path / "a.yaml", format="exchange").data.decode()
    assert "\t0.3\t" in written and "0.30000000000000004" not in written
