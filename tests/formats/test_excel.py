"""The workbook: a person fills it in, nothing in it is run, and what is wrong is told by sheet, column and row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.formats.excel import SHEETS, template
from detente.formats.excel_talks import LEVERS
from detente.scenario.read import Scenario
from tests.formats.files import bring, faults
from tests.formats.scenarios import plain, scenarios

openpyxl = pytest.importorskip("openpyxl")


def filled(change: Callable[[Any], None] | None = None) -> bytes:
    """The template, filled in as a person would, and changed."""
    book = openpyxl.load_workbook(io.BytesIO(template()))
    book["Conflict"]["B1"] = "A tax dispute"
    book["Conflict"]["B3"] = "2020-05-17"
    rows = {
        "Actors": [
            {"actor": "North", "role": "belligerent", "capability": 3, "cite": "paper", "because": "counted"},
            {"actor": "South", "capability low": 1, "capability high": 2},
        ],
        "Issues": [
            {
                "issue": "tax",
                "issue name": "The tax",
                "scale low": 0,
                "low label": "none",
                "scale high": 50,
                "high label": "all",
                "status quo": 5,
            }
        ],
        "Stances": [
            {"issue": "tax", "actor": "North", "position low": 1, "position": 2, "position high": 4, "salience": 0.5},
            {"issue": "tax", "actor": "South", "position": 50, "salience": 1, "since": "2020-01-02"},
        ],
        "Sources": [{"id": "paper", "title": "A paper", "date": "2020-01-01"}],
    }
    for sheet, lines in rows.items():
        place = {cell.value: cell.column for cell in book[sheet][1]}
        for number, line in enumerate(lines, start=3):
            for name, value in line.items():
                book[sheet].cell(number, place[name], value)
    if change is not None:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(sheet: str, cell: str, value: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def place(sheet: str, name: str) -> str:
    return chr(ord("A") + SHEETS[sheet].index(name))


@settings(max_examples=30)
@given(scenarios(ranges=True, scales=True))
def test_a_round_trip_keeps_all(tmp_path_factory: pytest.TempPathFactory, scenario: Scenario) -> None:
    if not scenario.data["stances"]:
        return
    file = tmp_path_factory.mktemp("excel") / "made.xlsx"
    assert detente.export(scenario, file).lost == ()
    again = detente.import_(file).scenario.data
    assert plain(again) == plain(scenario.data)
    assert [again[name] for name in ("title", "as_of")] == ["Made up", "2000-01-01"]


def test_a_filled_template_is_a_scenario(tmp_path: Path) -> None:
    found = bring(tmp_path, filled(), "t.xlsx")
    data = found.scenario.data
    assert (found.format, data["title"], data["as_of"]) == ("excel", "A tax dispute", "2020-05-17")
    assert data["sources"] == {"paper": {"title": "A paper", "date": "2020-01-01"}}
    assert data["actors"] == {
        "north": {
            "name": "North",
            "role": "belligerent",
            "capability": {"value": 3, "cite": ["paper"], "because": "counted"},
        },
        "south": {"name": "South", "role": "bystander", "capability": {"low": 1, "high": 2}},
    }
    assert data["issues"] == {"tax": {"name": "The tax", "scale": {0: "none", 50: "all"}, "status_quo": 5}}
    assert data["stances"][0] == {
        **{"actor": "north", "issue": "tax", "position": {"low": 1, "mode": 2, "high": 4}},
        **{"salience": 0.5, "since": "2020-05-17"},
    }
    assert detente.run(found.scenario, draws=20).outcomes["mean"]["tax"].mean > 2


def with_talks(change: Callable[[Any], None] | None = None) -> bytes:
    """The filled template with talks, and one lever that bites both."""

    def more(book: Any) -> None:
        book["Talks"]["B1"], book["Talks"]["B4"] = "North; South", 12
        lines = [
            {"lever": "aid", "lever name": "Aid withheld", "held by": "South", "level low": 0.1, "level high": 0.3},
            {"lever": "aid", "actor": "North", "bite": "0,004", "cite": "paper", "because": "a tenth of its budget"},
            {"lever": "aid", "actor": "South", "bite low": -0.002, "bite": -0.001, "bite high": 0},
        ]
        place = {cell.value: cell.column for cell in book["Levers"][1]}
        for number, line in enumerate(lines, start=3):
            for name, value in line.items():
                book["Levers"].cell(number, place[name], value)
        if change is not None:
            change(book)

    return filled(more)


def test_talks_and_levers_are_read_and_say_who_would_come(tmp_path: Path) -> None:
    found = bring(tmp_path, with_talks(), "t.xlsx")
    data = found.scenario.data
    assert data["talks"] == {"required": ["north", "south"], "deadline": 12}
    assert data["levers"] == {
        "aid": {
            **{"name": "Aid withheld", "held_by": ["south"], "level": {"low": 0.1, "high": 0.3}, "limits": [0, 1]},
            "bite": {
                "north": {"value": 0.004, "cite": ["paper"], "because": "a tenth of its budget"},
                "south": {"low": -0.002, "mode": -0.001, "high": 0},
            },
        }
    }
    assert found.read_as == ("0,004 as 0.004, with a decimal comma",)
    result = detente.run(found.scenario, draws=50)
    assert set(result.to_dict()["talks"]["parties"]) == {"north", "south"}
    assert detente.tip(found.scenario, "aid", actor="north", draws=50).to_dict()["limits"] == [0, 1]
    file = tmp_path / "again.xlsx"
    assert not any("talks" in text or "lever" in text for text in detente.export(found.scenario, file).lost)
    again = detente.import_(file).scenario.data
    assert (again["talks"], again["levers"]) == (data["talks"], data["levers"])


def test_without_talks_it_is_said_what_is_not_answered(tmp_path: Path) -> None:
    told = "talks: the sheet Talks is empty, and so nothing is said of who would come"
    assert told in bring(tmp_path, filled(), "t.xlsx").to_fill
    assert told not in bring(tmp_path, with_talks(), "t.xlsx").to_fill


def test_of_talks_and_levers_that_a_workbook_cannot_hold_the_rest_is_named(tmp_path: Path) -> None:
    file = tmp_path / "s.xlsx"
    lost = detente.export("syria-2015", file).lost
    assert "of the talks all but who must come, who is left out, who mediates and the deadline" in lost
    assert "what levers add to other numbers but costs" in lost
    assert "levers that bite nobody: guarantee, us-precondition" in lost
    again = detente.import_(file).scenario.data
    assert again["talks"]["required"] == ["damascus", "opposition"] and again["talks"]["mediator"] == "un"
    pressure = again["levers"]["western-pressure"]
    assert pressure["bite"]["damascus"]["high"] == 0.012 and pressure["level"]["cite"] == [
        "eu-sanctions-2014",
        "unscr-2209",
        "independent-2015",
    ]


def lever(name: str) -> str:
    return chr(ord("A") + list(LEVERS).index(name))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            put("Talks", "B1", "North; Suoth"),
            "F:1: Talks.required: found Suoth; expected a name on the sheet Actors (did you mean South?)",
        ),
        (put("Talks", "B1", None), "F:4: Talks.required: found nothing; expected the actors without whom"),
        (put("Talks", "B3", "North, South"), "F:3: Talks.mediator: found North, South; expected one actor"),
        (
            put("Talks", "B4", "a year"),
            "F:4: Talks.deadline: found a year; expected a whole number of months, 1 to 1200",
        ),
        (put("Talks", "B4", 0), "F:4: Talks.deadline: found 0; expected a whole number"),
        (put("Levers", "A4", None), "F:4: Levers.lever: found nothing; expected a short name of the lever"),
        (
            put("Levers", f"{lever('actor')}5", "North"),
            "F:5: Levers.actor: found North a second time; expected each actor once a lever",
        ),
        (
            put("Levers", f"{lever('actor')}5", "Nroth"),
            "F:5: Levers.actor: found Nroth; expected a name on the sheet Actors (did you mean North?)",
        ),
        (put("Levers", f"{lever('actor')}4", None), "F:4: Levers.actor: found nothing; expected whom it bites"),
        (put("Levers", f"{lever('bite')}4", None), "F:4: Levers.bite: found nothing; expected what the lever costs"),
        (
            put("Levers", f"{lever('level')}4", 0.5),
            "F:4: Levers.level: found aid a second time; expected its columns on row 3",
        ),
        (put("Levers", "A6", "threat"), "F:6: Levers.level: found nothing; expected how far threat is pulled now"),
        (put("Levers", f"{lever('highest')}3", 0), "F:3: Levers.highest: found 0; expected more than lowest, 0"),
        (put("Levers", f"{lever('level_high')}3", 2), "F:3: Levers.level_high: found 2; expected a number from 0 to 1"),
        (
            put("Levers", f"{lever('cite')}4", "papr"),
            "F:4: Levers.cite: found papr; expected an id of the sheet Sources",
        ),
        (
            put("Levers", f"{lever('held_by')}3", "East"),
            "F:3: Levers.held_by: found East; expected a name on the sheet Actors",
        ),
    ],
)
def test_what_is_wrong_with_talks_and_levers_is_told_in_one_line(
    tmp_path: Path, change: Callable[[Any], None], line: str
) -> None:
    told = faults(tmp_path, with_talks(change), "t.xlsx")
    assert len(told) == 1
    assert line in told[0]


def test_the_template_has_notes_choices_and_an_example_on_each_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    for sheet in (*SHEETS, "Levers", "Sources"):
        assert all(cell.comment.text for cell in book[sheet][1])
        assert book[sheet]["A2"].value.startswith("e.g. ")
    assert {rule.formula1 for rule in book["Stances"].data_validations.dataValidation} >= {
        "Issues!$A$2:$A$500",
        "Actors!$A$2:$A$500",
    }


def test_the_template_as_it_is_holds_nothing(tmp_path: Path) -> None:
    assert faults(tmp_path, template(), "t.xlsx") == ["F: found no row that is filled in; expected a row a stance"]


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    table = b"issue,actor,position,salience\ntax,'=1+1,1,1\ntax,'@x,2,1\n"
    found = bring(tmp_path, table)
    file = tmp_path / "out.xlsx"
    detente.export(found.scenario, file)
    sheet = openpyxl.load_workbook(file)["Actors"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "=1+1" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)
    assert detente.import_(file).scenario.data["actors"] == found.scenario.data["actors"]


def test_of_a_formula_the_stored_value_is_read(tmp_path: Path) -> None:
    data = filled(put("Stances", f"{place('Stances', 'salience')}3", "=1/4"))
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(again, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            new.writestr(entry, re.sub(rb"<f>1/4</f><v\s*/>|<f>1/4</f><v></v>", b"<f>1/4</f><v>0.25</v>", text))
    found = bring(tmp_path, again.getvalue(), "t.xlsx")
    assert found.scenario.data["stances"][0]["salience"] == 0.25


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            lambda book: book.remove(book["Actors"]),
            "F: Actors: found no such sheet; expected sheets Actors, Issues, Stances",
        ),
        (put("Stances", "A1", "isue"), "did you mean issue?"),
        (put("Stances", "A1", "actor"), "F:1: Stances.actor: found the column twice; expected each column once"),
        (
            put("Stances", f"{place('Stances', 'position')}1", "zzz"),
            "F:1: Stances.position: found no such column; expected a heading with this name",
        ),
        (
            put("Stances", f"{place('Stances', 'salience')}3", "=1/4"),
            "F:3: Stances.salience: found a formula that was never computed; expected a value",
        ),
        (
            put("Stances", f"{place('Stances', 'salience')}3", 50),
            "F:3: Stances.salience: found 50; expected a number from 0 to 1",
        ),
        (
            put("Stances", f"{place('Stances', 'position')}4", 51),
            "F:4: Stances.position: found 51; expected a number from 0 to 50",
        ),
        (
            put("Stances", "B4", "Nortth"),
            "F:4: Stances.actor: found Nortth; expected a name on the sheet Actors (did you mean North?)",
        ),
        (put("Stances", "A4", "war"), "F:4: Stances.issue: found war; expected a name on the sheet Issues"),
        (
            lambda book: [
                put("Stances", "B4", "North")(book),
                put("Stances", f"{place('Stances', 'since')}4", None)(book),
            ],
            "F:4: Stances.actor: found a second stance of north on tax; expected one: see line 3",
        ),
        (
            put("Actors", "A4", "North"),
            "F:4: Actors.actor: found North a second time; expected one row: the first is 3",
        ),
        (put("Actors", "A4", None), "F:4: Actors.actor: found nothing; expected a name"),
        (put("Actors", "C3", "rebel"), "F:3: Actors.role: found rebel; expected one of belligerent"),
        (
            put("Actors", f"{place('Actors', 'capability')}3", -1),
            "F:3: Actors.capability: found -1; expected a number of at least 0",
        ),
        (
            put("Actors", f"{place('Actors', 'capability')}3", "#DIV/0!"),
            "F:3: Actors.capability: found #DIV/0!; expected a number",
        ),
        (
            put("Issues", f"{place('Issues', 'scale_high')}3", -5),
            "F:3: Issues.scale_high: found -5; expected more than scale_low, 0",
        ),
        (
            put("Stances", f"{place('Stances', 'since')}3", "May 2020"),
            "F:3: Stances.since: found May 2020; expected a date",
        ),
        (put("Conflict", "B3", "tomorrow"), "F:3: Conflict.as_of: found tomorrow; expected a date, YYYY-MM-DD"),
        (
            put("Stances", f"{place('Stances', 'cite')}3", "papr@p. 3"),
            "F:3: Stances.cite: found papr; expected an id of the sheet Sources (did you mean paper?)",
        ),
        (put("Sources", "A3", "paper-b"), "F:3: Actors.cite: found paper; expected an id of the sheet Sources"),
        (
            put("Stances", f"{place('Stances', 'position')}3", "1,234"),
            "F:3: Stances.position: found 1,234; expected 1234 or 1.2340: the comma may divide thousands or decimals",
        ),
        (put("Sources", "A3", None), "F:3: Sources.id: found nothing; expected a short word that cites it"),
        (put("Sources", "E3", "2020"), "F:3: Sources.date: found 2020; expected a date, YYYY-MM-DD"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, change: Callable[[Any], None], line: str) -> None:
    told = faults(tmp_path, filled(change), "t.xlsx")
    assert line in told[0]


def zipped(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (zipped(("xl/workbook.xml", b"0" * 101_000_000)), "found 101,000,000 bytes in 1 parts, unpacked"),
        (zipped(*((f"a{i}", b"") for i in range(2001))), "found 0 bytes in 2001 parts, unpacked"),
        (
            zipped(("xl/workbook.xml", BOMB)),
            "xl/workbook.xml:1: found a document type; expected none: entities are refused",
        ),
        (zipped(("xl/workbook.xml", b"<a>")), "xl/workbook.xml:1: found no XML: no element found"),
        (zipped(("xl/workbook.xml", b"<a/>")), "found no workbook that can be read"),
        (filled()[:3000], "found no workbook: "),
        (b"PK\x03\x04 not a workbook", "found no workbook: "),
        (b"\xd0\xcf\x11\xe0 an old .xls", "found no workbook: "),
    ],
)
def test_what_is_no_workbook_is_told(tmp_path: Path, data: bytes, line: str) -> None:
    told = faults(tmp_path, data, "t.xlsx", format="excel")
    assert len(told) == 1
    assert line in told[0]


def test_dates_as_excel_keeps_them_are_days(tmp_path: Path) -> None:
    import datetime as dt

    change = put("Stances", f"{place('Stances', 'since')}3", dt.datetime(2019, 3, 4))
    assert bring(tmp_path, filled(change), "t.xlsx").scenario.data["stances"][0]["since"] == "2019-03-04"


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_damaged_workbook_ends_in_faults_or_a_scenario(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    data = bytearray(FILLED)
    data[place % len(data)] = byte
    file = tmp_path_factory.mktemp("damaged") / "t.xlsx"
    file.write_bytes(data)
    try:
        detente.import_(file, format="excel")
    except detente.InputError as wrong:
        assert all("\n" not in str(fault) for fault in wrong.faults)


FILLED = filled()
