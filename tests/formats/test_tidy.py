"""The tidy table: a round trip keeps what it can hold; what is wrong is told with its line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given

import detente
from detente.formats.draft import slug
from detente.formats.text import safe, unsafe
from detente.scenario.read import Scenario
from tests.formats.files import bring, faults
from tests.formats.scenarios import plain, scenarios

HEAD = "issue,actor,position,salience,capability"


@given(scenarios(ranges=True, scales=True))
def test_a_round_trip_keeps_all(tmp_path_factory: pytest.TempPathFactory, scenario: Scenario) -> None:
    file = tmp_path_factory.mktemp("tidy") / "made.csv"
    written = detente.export(scenario, file)
    assert written.lost == ()
    again = detente.import_(file)
    assert plain(again.scenario.data) == plain(scenario.data)


def test_what_a_person_types_is_understood(tmp_path: Path) -> None:
    text = "Issue;Country;Position;Salience;Power;Note\ntax; North ;20;0,5;3;x\ntax;Süd;80;1;1;\n"
    found = bring(tmp_path, text.encode("cp1252"), as_of="2020-05-17")
    assert found.format == "csv"
    assert found.scenario.data["actors"] == {
        "north": {"name": "North", "role": "bystander", "capability": 3},
        "sud": {"name": "Süd", "role": "bystander", "capability": 1},
    }
    assert [s["salience"] for s in found.scenario.data["stances"]] == [0.5, 1]
    assert found.scenario.data["as_of"] == "2020-05-17"
    assert "the column Note" in found.lost
    assert any(text.startswith("role of 2 actors") for text in found.to_fill)
    assert "Windows-1252" in found.text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(tmp_path: Path, encoding: str) -> None:
    found = bring(tmp_path, f"{HEAD}\ntax,Türkiye,1,1,1\n".encode(encoding))
    assert found.scenario.data["actors"]["turkiye"]["name"] == "Türkiye"


def test_names_that_make_the_same_id_are_numbered(tmp_path: Path) -> None:
    found = bring(tmp_path, f"{HEAD}\ntax,A b,1,1,1\ntax,a-b,2,1,1\ntax,No,3,1,1\n")
    assert list(found.scenario.data["actors"]) == ["a-b", "a-b-2", "actor-no"]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    found = bring(tmp_path, f"{HEAD}\ntax,'=cmd|' /C calc'!A0,1,1,1\ntax,@x,2,1,1\n")
    file = tmp_path / "out.csv"
    detente.export(found.scenario, file)
    cells = [cell for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))) for cell in row]
    assert not any(
        cell.startswith(("=", "+", "@", "\t")) or (cell.startswith("-") and not cell[1:2].isdigit()) for cell in cells
    )
    assert detente.import_(file).scenario.data["actors"] == found.scenario.data["actors"]


@pytest.mark.parametrize("text", ["=1", "+x", "-x", "@x", "'=1", "'", "''", "plain", "'quoted'"])
def test_a_safe_cell_gives_its_text_back(text: str) -> None:
    assert unsafe(safe(text)) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{HEAD}\ntax,a,120,1,1\n", "F:2: position: found 120; expected a number from 0 to 100"),
        (f"{HEAD}\ntax,a,20,50,1\n", "F:2: salience: found 50; expected a number from 0 to 1"),
        (f"{HEAD}\n\ntax,a,20,1,-1\n", "F:3: capability: found -1; expected a number of at least 0"),
        (f"{HEAD}\ntax,a,much,1,1\n", "F:2: position: found much; expected a number from 0 to 100"),
        (f"{HEAD}\ntax,a,nan,1,1\n", "F:2: position: found nan; expected a number from 0 to 100"),
        (f"{HEAD}\ntax,a,,1,1\n", "F:2: position: found nothing; expected a number"),
        (f"{HEAD}\ntax,,20,1,1\n", "F:2: actor: found nothing; expected a name: position has a value"),
        (f"{HEAD}\n,a,20,1,1\n", "F:2: issue: found nothing; expected a name: position has a value"),
        (f"{HEAD}\n,,20,1,1\n", "F:2: actor: found nothing; expected who takes the stance"),
        (f"{HEAD}\ntax,a,20,1,1,9,9\n", "F:2: row: found 7 cells; expected 5, as in the header"),
        (
            f"{HEAD}\ntax,a,20,1,1\ntax,a,30,1,1\n",
            "F:3: actor: found a second stance of a on tax; expected one: see line 2",
        ),
        (
            f"{HEAD}\ntax,a,20,1,1\nwar,a,30,1,2\n",
            "F:3: capability: found 2 for a; expected 1, as on line 2: it is the actor's, the same on every row",
        ),
        (
            "issue,actor,position,position\nt,a,1,1\n",
            "F:1: position: found the column twice; expected each column once",
        ),
        (
            "issue,actor,salience\nt,a,1\n",
            "F:1: position: found no such column among issue, actor, salience; expected a header row with it",
        ),
        (f"{HEAD},rol\nt,a,1,1,1,x\n", "(did you mean role?)"),
        (f"{HEAD},role\nt,a,1,1,1,beligerent\n", "(did you mean belligerent?)"),
        (f"{HEAD},since\nt,a,1,1,1,1.5.2020\n", "F:2: since: found 1.5.2020; expected a date, YYYY-MM-DD"),
        (
            f"{HEAD},position_low\nt,a,5,1,1,1\n",
            "F:2: position_high: found nothing; expected a number: position_low has one",
        ),
        (
            f"{HEAD},position_low,position_high\nt,a,5,1,1,6,9\n",
            "F:2: position_low: found 6, 5, 9; expected low, likeliest and high in this order",
        ),
        (f"{HEAD},scale_high\nt,a,5,1,1,0\n", "F:2: scale_high: found 0; expected more than scale_low, 0"),
        (f"{HEAD},status_quo\nt,a,5,1,1,500\n", "F:2: status_quo: found 500; expected a number from 0 to 100"),
        (f'{HEAD}\nt,"a"b,5,1,1\n', "F:2: found a quoted cell that is not closed well; expected a table of cells"),
        (f'{HEAD}\nt,"a,5,1,1\n', "F:2: found a quote that is never closed; expected a table of cells"),
        (f"{HEAD}\n", "F: found no row that is filled in; expected a row a stance"),
        ("", "F: found an empty file; expected a file of another program"),
        (f"{HEAD}\nt,a\x00,5,1,1\n", "F:2: found no text: character U+0000; expected a text file"),
        (b"\x81\x8d", "F: found no text: byte 0x81 at offset 0; expected text in UTF-8, UTF-16 or Windows-1252"),
        (b"\xff\xfe\x00", "F: found a byte order mark of UTF-16-LE"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, text: str | bytes, line: str) -> None:
    told = faults(tmp_path, text, format="csv")
    assert len(told) == 1
    assert line in told[0]


def test_a_decimal_comma_is_told_and_one_that_may_divide_thousands_is_refused(tmp_path: Path) -> None:
    table = "issue;actor;position;salience\nt;a;7,5;0,125\nt;b;80;1\n"
    found = bring(tmp_path, table)
    assert [s["position"] for s in found.scenario.data["stances"]] == [7.5, 80]
    assert found.read_as == ("7,5 as 7.5, with a decimal comma, and 1 more like it",)
    assert "# Read: 7,5 as 7.5" in found.text
    (told,) = faults(tmp_path, table.replace("80;1", "1,234;1"))
    assert "F:3: position: found 1,234; expected 1234 or 1.2340" in told
    (told,) = faults(tmp_path, 'issue,actor,position\nt,a,"7,5"\n')
    assert "F:2: position: found 7,5; expected a number" in told
    assert bring(tmp_path, f"{HEAD}\nt,a,1,1,1\n").read_as == ()


def test_a_source_known_by_its_id_alone_is_to_be_filled_in(tmp_path: Path) -> None:
    found = bring(tmp_path, f"{HEAD},cite\nt,a,1,1,1,nyt@p3 un\nt,b,1,1,1,nyt\n")
    told = "title of 2 sources nyt, un: the id stands there; the file does not say what was cited"
    assert told in found.to_fill and f"To fill in: {told}" in " ".join(found.text.replace("\n#  ", "").split())


def test_a_scenario_without_actors_makes_no_table(tmp_path: Path) -> None:
    with pytest.raises(detente.UsageError, match=r"no actors in chicken; expected .*ends in \.gmcr"):
        detente.export("chicken", tmp_path / "x.csv")
    assert not list(tmp_path.iterdir())


def test_all_faults_come_at_once_in_order(tmp_path: Path) -> None:
    told = faults(tmp_path, f"{HEAD}\ntax,a,120,7,1\ntax,b,5,1,x\n")
    assert [line.split(":")[1:3] for line in told] == [["2", " position"], ["2", " salience"], ["3", " capability"]]


def test_an_unknown_file_and_an_unknown_format_are_told(tmp_path: Path) -> None:
    assert "found a file of no kind that detente knows" in faults(tmp_path, "hello\n")[0]
    with pytest.raises(detente.UsageError, match="did you mean csv"):
        bring(tmp_path, "hello\n", format="cvs")
    with pytest.raises(detente.UsageError, match="expected --format"):
        detente.export("ec-emissions-1994", tmp_path / "x.unknown")
    with pytest.raises(detente.UsageError, match="expected a date"):
        bring(tmp_path, f"{HEAD}\nt,a,1,1,1\n", as_of="May")


def test_ids_are_made_of_any_name() -> None:
    assert slug("中国", "actor") == "actor"
    assert slug("The EU's 27") == "the-eu-s-27"


@pytest.mark.parametrize("name", ["cop21", "copenhagen"])
def test_the_climate_talks_read_as_they_are(shared: Path, name: str) -> None:
    file = shared / "data" / "climate-talks" / f"{name}_tidy.csv"
    if not file.is_file():
        pytest.skip(f"no {file}")
    found = detente.import_(file)
    with file.open(encoding="utf-8", newline="") as stream:
        given = [(float(row["position"]), float(row["salience"])) for row in csv.DictReader(stream)]
    assert [(s["position"], s["salience"]) for s in found.scenario.data["stances"]] == given
