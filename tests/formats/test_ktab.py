"""KTAB's files: scenarios as CSV and XML go in and out; stored results are read and compared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import detente
from detente.cli import app
from detente.formats.ktab import MODEL, OPTIONS, PARAMETERS, option_of
from detente.formats.ktab_results import compare, stored_run
from detente.scenario.read import Scenario
from tests.formats.files import bring, edit, faults
from tests.formats.ktab_db import small, store
from tests.formats.scenarios import WORDS, scenarios

CSV = """Two issues,"A test, of reading",3,2,
Actor,Description,Power,Tax,Sal1,War,Sal2,
North, The north , 100.5, 10, 60, 20.50, 40,
South,,50,80,30,30,20.5,
East,The east,25,50,10,100,10,
"""
PARAMETER = "".join(f"<{name}>{values[-1]}</{name}>\n" for name, values in PARAMETERS.items())


def actor(name: str, capability: str, position: tuple[str, str], salience: tuple[str, str]) -> str:
    at = "".join(f"<dCoord>{x}</dCoord>" for x in position)
    weight = "".join(f"<dSal>{x}</dSal>" for x in salience)
    return (
        f"<Actor><name>{name}</name><description>{name}</description><capability>{capability}</capability>"
        f"<Position>{at}</Position><Salience>{weight}</Salience></Actor>\n"
    )


XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<Scenario>
<name>Two issues</name><desc>A test</desc>
<prngSeed>18446744073709551615</prngSeed>
<ModelParameters>
{PARAMETER}</ModelParameters>
<Dimensions><dName>Tax</dName><dName>War</dName></Dimensions>
<Actors>
{actor("North", "100.5", ("10", "20.5"), ("60", "40"))}{actor("South", "50", ("80", "30"), ("30", "20.5"))}{actor("East", "25", ("50", "100"), ("10", "10"))}</Actors>
<IdealAdjustment>
<iaPair><adjustingIdeal>North</adjustingIdeal><referencePos>South</referencePos><adjust>0.25</adjust></iaPair>
<iaPair><adjustingIdeal>North</adjustingIdeal><referencePos>North</referencePos><adjust>0.75</adjust></iaPair>
</IdealAdjustment>
</Scenario>
"""


# --- in ------------------------------------------------------------------------------------------------------------


def test_a_csv_is_read(tmp_path: Path) -> None:
    found = bring(tmp_path, CSV)
    data = found.scenario.data
    assert (found.format, data["title"], data["question"]) == ("ktab", "Two issues", "A test, of reading")
    assert data["actors"]["north"] == {"name": "North", "role": "bystander", "capability": 100.5, "note": "The north"}
    assert "note" not in data["actors"]["south"]
    assert list(data["issues"]) == ["tax", "war"]
    numbers = [(s["position"], s["salience"]) for s in data["stances"]]
    assert numbers == [(10, 0.6), (20.5, 0.4), (80, 0.3), (30, 0.205), (50, 0.1), (100, 0.1)]
    assert "models" not in data


def test_an_xml_is_read_with_its_parameters_and_accommodation(tmp_path: Path) -> None:
    data = bring(tmp_path, "\ufeff" + XML, "t.xml").scenario.data
    options = dict(option_of(name) for name in PARAMETERS)
    assert data["models"] == {
        MODEL: {
            **{option: list(words.values())[-1] for option, words in options.items()},
            "seed": "18446744073709551615",
        }
    }
    assert data["ties"] == [{"from": "south", "to": "north", "kind": "influences", "share": 0.25}]
    assert bring(tmp_path, CSV).scenario.data["stances"] == data["stances"]


def test_every_parameter_is_an_option_of_the_model_with_as_many_words() -> None:
    for name, values in PARAMETERS.items():
        option, words = option_of(name)
        assert option == OPTIONS[name]
        assert list(words) == list(values)
        said = {value.lower(): word.replace("-", "") for value, word in words.items()}
        # The same word, or a shorter one: InitOnlyInterp is init-only.
        assert sum(value.startswith(word[:4]) for value, word in said.items()) >= len(values) - 1


def test_adjustments_that_leave_a_rest_are_told(tmp_path: Path) -> None:
    found = bring(tmp_path, XML.replace("0.75", "0.25"), "t.xml")
    assert any(text.startswith("that ideals lag behind: of North") for text in found.lost)
    assert not any("lag" in text for text in bring(tmp_path, XML, "t.xml").lost)


def test_the_schemas_other_word_for_none_is_understood(tmp_path: Path) -> None:
    text = XML.replace("<BigRAdjust>Full", "<BigRAdjust>No")
    assert bring(tmp_path, text, "t.xml").scenario.data["models"][MODEL][OPTIONS["BigRAdjust"]] == "none"


def test_an_imported_scenario_runs(tmp_path: Path) -> None:
    found = bring(tmp_path, CSV)
    result = detente.run(found.scenario, models=[MODEL], central=True)
    assert 10 <= result.outcomes[MODEL]["tax"].mean <= 80


# --- out and in again ----------------------------------------------------------------------------------------------

NAMES = WORDS.filter(lambda text: text and not set(text) & set(",\"'") and text == text.strip())


def held(scenario: Scenario) -> Any:
    """What both formats can hold: names, numbers, saliences up to a common factor."""
    data = scenario.data
    totals = {a: sum(s["salience"] for s in data["stances"] if s["actor"] == a) for a in data["actors"]}
    largest = max(1.0, *totals.values())
    actors = [(entry.get("name", id_), pytest.approx(entry["capability"])) for id_, entry in data["actors"].items()]
    issues = [entry.get("name", id_) for id_, entry in data["issues"].items()]
    scale = {id_: sorted(entry["scale"]) for id_, entry in data["issues"].items()}
    stances = [
        (
            pytest.approx(
                (s["position"] - scale[s["issue"]][0]) / (scale[s["issue"]][1] - scale[s["issue"]][0]), abs=1e-9
            ),
            pytest.approx(s["salience"] / largest, abs=1e-9),
        )
        for s in data["stances"]
    ]
    return [data["title"], actors, issues, stances]


@pytest.mark.parametrize("ending", ["csv", "xml"])
@settings(max_examples=40)
@given(scenario=scenarios(full=True, least=3, scales=True, names=NAMES))
def test_a_round_trip_keeps_what_the_format_can_hold(
    tmp_path_factory: pytest.TempPathFactory, ending: str, scenario: Scenario
) -> None:
    data = scenario.data
    assume(all(any(s["salience"] for s in data["stances"] if s["actor"] == a) for a in data["actors"]))
    file = tmp_path_factory.mktemp("ktab") / f"made.{ending}"
    detente.export(scenario, file, format="ktab")
    again = detente.import_(file)
    assert again.format == "ktab"
    assert held(again.scenario) == held(scenario)


def test_xml_keeps_parameters_seed_and_influence(tmp_path: Path) -> None:
    once = bring(tmp_path, XML, "t.xml").scenario
    detente.export(once, tmp_path / "again.xml", format="ktab")
    again = detente.import_(tmp_path / "again.xml").scenario
    for part in ("title", "actors", "issues", "stances", "models", "ties"):
        assert again.data[part] == once.data[part], part


def test_csv_tells_that_it_has_no_parameters(tmp_path: Path) -> None:
    once = bring(tmp_path, XML, "t.xml").scenario
    told = detente.export(once, tmp_path / "again.csv", format="ktab").lost
    assert any("the parameters of spatial-ktab" in text for text in told)


def test_what_ktab_cannot_hold_is_told_or_refused(tmp_path: Path) -> None:
    written = detente.export("syria-2015", tmp_path / "syria.xml", format="ktab")
    assert any(text.startswith("names longer than 25") for text in written.lost)
    assert any(text.startswith("saliences as they are") for text in written.lost)
    again = detente.import_(tmp_path / "syria.xml").scenario.data
    assert again["actors"]["allies"]["note"].startswith("European and regional allies of the opposition")
    two = bring(tmp_path, b"issue,actor,position,salience,power\nt,a,1,1,1\nt,b,2,1,1\n").scenario
    with pytest.raises(detente.UsageError, match="found 2 actors; expected 3 to 250"):
        detente.export(two, format="ktab")
    with pytest.raises(detente.UsageError, match=r"expected a name that ends in \.xml or \.csv"):
        detente.export("syria-2015", tmp_path / "x.db", format="ktab")


def test_long_and_equal_names_stay_apart(tmp_path: Path) -> None:
    rows = "".join(f"t,{'x' * 30}-{i},1,1,1\n" for i in range(4))
    scenario = bring(tmp_path, f"issue,actor,position,salience,power\n{rows}").scenario
    text = detente.export(scenario, tmp_path / "n.csv", format="ktab").data.decode()
    names = [line.split(",")[0] for line in text.splitlines()[2:]]
    assert len(set(names)) == 4 and all(len(name) <= 25 for name in names)


# --- malformed files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("3,2,", "x,2,", "F:1: actors: found x; expected how many there are, a whole number"),
        ("3,2,", "3,0,", "F:1: dimensions: found 0; expected how many there are, a whole number"),
        ("3,2,", "4,2,", "F:5: actors: found 3 lines; expected 4, as line 1 says"),
        ("War,Sal2,", "War,", "F:2: headings: found 6; expected 7: three, and two for each of 2 dimensions"),
        ("War,Sal2,", "Tax,Sal2,", "F:2: dimension: found Tax a second time; expected each once"),
        ("South,,50", "North,,50", "F:4: name: found North a second time; expected each once"),
        ("South,,50", ",,50", "F:4: name: found nothing; expected a name"),
        ("South,,50", "South,,0", "F:4: South.capability: found 0; expected a number above 0 and at most 1e+08"),
        ("South,,50", "South,,strong", "F:4: South.capability: found strong; expected a number above 0"),
        ("80,30,30", "180,30,30", "F:4: South.Tax: found 180; expected a number from 0 to 100"),
        ("80,30,30", "80,-1,30", "F:4: South.Tax salience: found -1; expected a number from 0 to 100"),
        ("80,30,30", "80,90,30", "F:4: South.salience: found saliences that sum to 110.5; expected a sum above 0"),
        ("50,10,100,10,", "50,0,100,0,", "F:5: East.salience: found saliences that sum to 0; expected a sum above 0"),
        ("50,10,100,10,", "50,10,100", "F:5: East: found 6 fields; expected 7, as there are headings"),
        ("80,30,30", "80,,30", "F:4: South.Tax salience: found nothing; expected a number from 0 to 100"),
        ('"A test', '"A "test', "F:1: found a quoted cell that is not closed well"),
    ],
)
def test_what_is_wrong_in_csv_is_told_in_one_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    told = faults(tmp_path, edit(CSV, old, new), format="ktab")
    assert len(told) == 1
    assert line in told[0]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("<Scenario>", "<Scenarios>", "found no XML: mismatched tag"),
        ("<name>Two issues</name>", "", "F:2: name: found none; expected a name in Scenario"),
        ("09551615", "09551616", "F:4: prngSeed: found 18446744073709551616; expected a whole number"),
        ("<prngSeed>18446744073709551615</prngSeed>", "", "F:2: prngSeed: found none; expected a whole number"),
        ("<PCEModel>MarkovUniform</PCEModel>", "", "F:5: PCEModel: found none; expected all nine parameters, or no"),
        ("MarkovUniform", "Markov", "F:7: PCEModel: found Markov; expected one of Conditional, MarkovIncentive"),
        ("<dName>War</dName>", "", "found 2 dCoord; expected 1, one a dimension"),
        ("<dCoord>30</dCoord>", "", "F:19: South.Position: found 1 dCoord; expected 2, one a dimension"),
        ("<dSal>30</dSal>", "<dSal>x</dSal>", "F:19: South.Tax salience: found x; expected a number from 0 to 100"),
        ("<capability>50</capability>", "", "F:19: capability: found none; expected a capability in Actor"),
        ("<capability>50<", "<capability><", "F:19: capability: found nothing; expected a capability in Actor"),
        (
            "Ideal>North",
            "Ideal>Nort",
            "F:23: adjustingIdeal: found Nort; expected an actor's name (did you mean North?)",
        ),
        ("0.25", "1.25", "F:23: adjust: found 1.25; expected a number from 0 to 1"),
        ("0.25", "0.5", "F:24: IdealAdjustment: found adjustments of North that sum to 1.25; expected at most 1"),
        ("<referencePos>South", "<referencePos>North", "F:24: iaPair: found a second one of North and North"),
        ("<Scenario>", '<!DOCTYPE S SYSTEM "file:///x"><Scenario>', "F:2: found a document type; expected none"),
    ],
)
def test_what_is_wrong_in_xml_is_told_in_one_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    told = faults(tmp_path, edit(XML, old, new), "t.xml", format="ktab")
    assert line in told[0]


def test_entities_are_refused_before_they_grow(tmp_path: Path) -> None:
    grown = '<!DOCTYPE S [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>'
    text = edit(XML, "<Scenario>", f"{grown}<Scenario>").replace("A test", "&b;")
    assert faults(tmp_path, text, "t.xml", format="ktab") == [
        "F:2: found a document type; expected none: entities are refused"
    ]


# --- results -------------------------------------------------------------------------------------------------------


def test_a_stored_run_is_read(tmp_path: Path) -> None:
    file = small(tmp_path / "run.db", codes=(1, 2, 0, 4, 0, 2, 0, 0, 2), accommodation={(0, 1): 0.25, (0, 0): 0.75})
    found = detente.import_(file)
    data = found.scenario.data
    assert (found.format, data["title"], data["question"]) == ("ktab", "Stored", "A stored run")
    assert data["actors"]["north"] == {
        **{"name": "North", "role": "bystander", "capability": 100.5, "note": "About North"},
    }
    assert [s["salience"] for s in data["stances"]] == [0.6, 0.4, 0.3, 0.205, 0.1, 0.1]
    settings_ = data["models"][MODEL]
    assert [settings_[OPTIONS[name]] for name in ("VictoryProbModel", "PCEModel", "VotingRule")] == [
        *("square", "markov-uniform", "cubic"),
    ]
    assert settings_["seed"] == "7"
    assert data["ties"] == [{"from": "south", "to": "north", "kind": "influences", "share": 0.25}]
    run = stored_run(file)
    assert run.positions.shape == (3, 3, 2)
    assert run.probability is not None and run.probability[0].tolist() == pytest.approx([1 / 3] * 3)


def test_a_file_without_the_longer_log_is_enough(tmp_path: Path) -> None:
    file = small(tmp_path / "run.db")
    with sqlite3.connect(file) as connection:
        connection.executescript("DROP TABLE PosEquiv; DROP TABLE PosProb; DROP TABLE Accommodation;")
    assert stored_run(file).probability is None
    assert detente.import_(file).scenario.data["actors"]["east"]["capability"] == 25


def test_a_stored_run_beside_ours(tmp_path: Path) -> None:
    golden = json.loads((Path(__file__).parents[1] / "golden" / "smp.json").read_text(encoding="utf-8"))
    known = golden["datasets"]["SOE-Pol-Comp"]
    given = known["input"]
    file = store(
        tmp_path / "run.db",
        actors=given["actors"],
        dims=given["dims"],
        capability=given["capability"],
        salience=given["salience"],
        positions=known["pos"],
    )
    found = compare(file)
    assert found.same_turns
    assert found.largest < 5e-9  # the figures are KTAB's own, of so many digits
    out = CliRunner().invoke(app, ["import", str(file), "--compare"], catch_exceptions=False).output
    assert "27 turns stored and 27 ours, as many turns." in out


def test_a_run_that_departs_says_where(tmp_path: Path) -> None:
    file = small(tmp_path / "run.db")
    result = CliRunner().invoke(app, ["import", str(file), "--compare", "--json", "-"], catch_exceptions=False)
    found = json.loads(result.stdout)
    assert found["turns"]["stored"] == 2
    assert found["largest_difference"][0] == 0 and found["largest_difference"][1] > 1
    assert "They part at turn 1" in CliRunner().invoke(app, ["import", str(file), "--compare"]).output


def change(text: str) -> Callable[[Path], None]:
    def apply(file: Path) -> None:
        with sqlite3.connect(file) as connection:
            connection.executescript(text)

    return apply


@pytest.mark.parametrize(
    ("break_it", "line"),
    [
        (
            change("DROP TABLE VectorPosition"),
            "VectorPosition: found no such table; expected the tables that KTAB writes",
        ),
        (
            change("ALTER TABLE VectorPosition RENAME TO x; CREATE VIEW VectorPosition AS SELECT * FROM x"),
            "VectorPosition: found a view of this name; expected a plain table",
        ),
        (change("ALTER TABLE ActorDescription RENAME COLUMN Name TO x"), "ActorDescription.Name: found no such column"),
        (change("DELETE FROM ScenarioDesc"), "ScenarioDesc: found 0 scenarios: none; expected one in a file"),
        (
            change("INSERT INTO ScenarioDesc SELECT 'Other', Desc, 'x', RNGSeed, 0,0,0,0,0,0,0,0,0 FROM ScenarioDesc"),
            "ScenarioDesc: found 2 scenarios: Stored, Other; expected one in a file",
        ),
        (
            change("DELETE FROM ActorDescription WHERE Act_i = 1"),
            "ActorDescription.Act_i: found 2 rows; expected one an index",
        ),
        (
            change("DELETE FROM VectorPosition WHERE Turn_t = 1 AND Act_i = 2"),
            "VectorPosition: found no row for Turn_t 1, Act_i 2",
        ),
        (change("UPDATE SpatialSalience SET Sal = 'x'"), "SpatialSalience.Sal: found what is no number"),
        (change("UPDATE VectorPosition SET Act_i = 1000000000"), "VectorPosition: found an index out of range"),
        (change("UPDATE VectorPosition SET Turn_t = -1"), "VectorPosition: found an index out of range"),
        (
            change("UPDATE ScenarioDesc SET VotingRule = 9"),
            "ScenarioDesc.VotingRule: found 9; expected a code from 0 to 5",
        ),
        (
            change("UPDATE VectorPosition SET Pos_Coord = 200"),
            "North.tax: found 200.0; expected a number from 0 to 100",
        ),
        (change("UPDATE SpatialCapability SET Cap = -1"), "North.capability: found -1.0; expected a number above 0"),
        (lambda file: file.write_bytes(file.read_bytes()[:5000]), "found no database that can be read"),
        (lambda file: file.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096), "found no database that can be read"),
    ],
)
def test_what_is_wrong_in_results_is_told_in_one_line(
    tmp_path: Path, break_it: Callable[[Path], Any], line: str
) -> None:
    file = small(tmp_path / "run.db")
    break_it(file)
    with pytest.raises(detente.InputError) as caught:
        detente.import_(file)
    assert line in str(caught.value.faults[0])
    assert "\n" not in str(caught.value.faults[0])


def test_results_are_opened_for_reading_alone(tmp_path: Path) -> None:
    file = small(tmp_path / "run.db")
    before = file.read_bytes()
    file.chmod(0o444)
    detente.import_(file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["run.db"]


@settings(max_examples=60)
@given(st.integers(0, 8000), st.integers(0, 255))
def test_a_damaged_file_ends_in_faults_or_a_scenario(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    file = small(tmp_path_factory.mktemp("db") / "run.db")
    data = bytearray(file.read_bytes())
    data[16 + place % (len(data) - 16)] = byte
    file.write_bytes(data)
    try:
        detente.import_(file, format="ktab")
    except detente.InputError as wrong:
        assert all("\n" not in str(fault) for fault in wrong.faults)
