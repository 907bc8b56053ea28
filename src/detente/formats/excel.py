"""An Excel workbook that a person can fill in: a sheet each for the conflict, actors, issues, stances, talks, levers, sources.

Written with lists to choose from and a note on each heading; read without running anything. A formula's last value, as
Excel stored it, is what is read.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError, UsageError, nearest
from detente.formats import Foreign, Written, excel_talks, xml
from detente.formats.draft import Draft, day_or_fault
from detente.formats.leaving import Leaving
from detente.formats.tidy import COLUMNS, Row, column, fill
from detente.scenario.fields import ROLES
from detente.scenario.situation import Situation

MAX_ROWS = 20_000  # of a sheet
MAX_INFLATED = 100_000_000  # bytes of a workbook, unpacked
MAX_PARTS = 2_000
EXAMPLE = "e.g. "  # begins the name in an example row, which is not read

CONFLICT: Mapping[str, str] = {
    "title": "what the conflict, or the decision, is called",
    "question": "the question that the scenario is to answer",
    "as_of": "the day of the scenario, YYYY-MM-DD: stances in force on it are used",
}
SOURCE: Mapping[str, str] = {
    "id": "a short word for it, such as report-2024; the sheets before this one cite it by this word",
    "title": "what it is called",
    "author": "who wrote it",
    "publisher": "who published it",
    "date": "when, YYYY-MM-DD",
    "url": "where it can be read",
}
_RANGE = ("{}_low", "{}", "{}_high")
SHEETS: Mapping[str, tuple[str, ...]] = {
    "Actors": (
        *("actor", "actor_name", "role"),
        *(part.format("capability") for part in _RANGE),
        *("cite", "because", "actor_note"),
    ),
    "Issues": (
        *("issue", "issue_name", "scale_low", "low_label", "scale_high", "high_label"),
        *(part.format("status_quo") for part in _RANGE),
        *("cite", "because", "issue_note"),
    ),
    "Stances": (
        *("issue", "actor"),
        *(part.format("position") for part in _RANGE),
        *(part.format("salience") for part in _RANGE),
        *("since", "cite", "because"),
    ),
}
_EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "Actors": {
        "actor": f"{EXAMPLE}government",
        "actor_name": "The government",
        "role": "belligerent",
        "capability_low": 50,
        "capability": 60,
        "capability_high": 70,
        "cite": "report-2024",
        "because": "two observers agree",
    },
    "Issues": {
        "issue": f"{EXAMPLE}autonomy",
        "issue_name": "Autonomy of the region",
        "scale_low": 0,
        "low_label": "none",
        "scale_high": 100,
        "high_label": "independence",
        "status_quo": 10,
    },
    "Stances": {
        "issue": f"{EXAMPLE}autonomy",
        "actor": f"{EXAMPLE}government",
        "position_low": 0,
        "position_high": 20,
        "salience": 0.8,
        "since": "2024-01-01",
        "because": "it said so at the opening",
    },
    "Levers": {
        "lever": f"{EXAMPLE}sanctions",
        "lever_name": "Sanctions on the government",
        "lowest": 0,
        "highest": 1,
        "level_low": 0.2,
        "level_high": 0.4,
        "actor": "government",
        "bite": 0.005,
        "because": "exports fell by a third",
    },
    "Sources": {"id": f"{EXAMPLE}report-2024", "title": "A report", "publisher": "A publisher", "date": "2024-12-20"},
}
_HELP = (
    "A scenario for detente, as a workbook. Fill in the sheets, save, then: detente import FILE.xlsx -o my.yaml",
    "Conflict: what it is about, and the day.",
    "Actors and Issues: one a row. Stances: a row for each actor on each issue that it cares about.",
    "Talks: who must come for talks to convene, if the question is who would come. Levers: what could be changed, and whom it hurts.",
    "Sources: what the numbers rest on; cite them by their ids, a blank between two.",
    "A number may stand alone, or be a range: the least and the most that it could be, and the likeliest if you can say.",
    f"The grey rows, whose names begin with “{EXAMPLE.strip()}”, are examples: write over them, or leave them; they are not read.",
    "The note on each heading says what the column holds. Columns may be left empty, or taken away, but for actor, issue and position.",
    "Formulas are not run: the value that the spreadsheet program stored with one is read.",
)


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError as error:
        raise UsageError("Excel workbooks need openpyxl: pip install 'detente[excel]'") from error
    return openpyxl


def recognises(file: Foreign) -> bool:
    """Whether it is a zip file that holds a workbook."""
    if not file.data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


# --- in ------------------------------------------------------------------------------------------------------------


@dataclass
class _Cell:
    """What a cell holds, as text; `formula` where it is one that was never computed."""

    text: str
    formula: bool = False


def read(file: Foreign) -> Draft:
    """A draft of a workbook. Raises `InputError` with every fault, each with its row and the sheet's column."""
    data = file.whole()
    _hold_size(data, file.name)
    sheets = _sheets(data, file.name)
    draft = Draft(file.name, "an Excel workbook")
    for name in SHEETS:
        if name not in sheets:
            close = nearest(name, sheets)
            draft.fault(None, name, "found no such sheet", f"expected sheets {', '.join(SHEETS)}", close)
    draft.stop()
    _conflict(draft, sheets.get("Conflict", []))
    _sources(draft, sheets.get("Sources", []))
    rows = [row for name in SHEETS for row in _rows(draft, name, sheets[name], (*SHEETS[name], *COLUMNS))]
    draft.stop()
    _known(draft, rows)
    draft.stop()
    fill(draft, rows, comma=True, listed=True)
    levers = sheets.get("Levers", [])
    excel_talks.read_levers(draft, list(_rows(draft, "Levers", levers, tuple(excel_talks.LEVERS))) if levers else [])
    excel_talks.read_talks(draft, dict(_fields(sheets.get("Talks", []), excel_talks.TALKS)))
    for name in sheets:
        if name not in (*SHEETS, "Conflict", "Talks", "Levers", "Sources", "Read me"):
            draft.lost.append(f"the sheet {name}")
    return draft


def _hold_size(data: bytes, file: str) -> None:
    """Refuse what would not stay small when it is unpacked, and XML that could grow."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            size = sum(entry.file_size for entry in entries)
            if size > MAX_INFLATED or len(entries) > MAX_PARTS:
                found = f"found {size:,} bytes in {len(entries)} parts, unpacked"
                expected = f"expected at most {MAX_INFLATED:,} in {MAX_PARTS:,}"
                raise InputError(Fault(found, expected, file=file))
            for entry in entries:
                if entry.flag_bits & 1:
                    raise InputError(Fault("found an encrypted workbook", "expected one without a password", file=file))
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise InputError(
                        Fault("found an unusual compression", "expected .xlsx as Excel saves it", file=file)
                    )
                if entry.filename.endswith((".xml", ".rels")):
                    xml.parse(archive.read(entry), f"{file}: {entry.filename}")
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise InputError(Fault(f"found no workbook: {str(error).lower()}", "expected .xlsx", file=file)) from None


def _sheets(data: bytes, file: str) -> dict[str, list[tuple[int, list[_Cell]]]]:
    """The rows of each sheet with their numbers; of a formula its stored value."""
    openpyxl = _openpyxl()
    try:
        values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        return {sheet.title: list(_cells(sheet, formulas[sheet.title], file)) for sheet in values.worksheets}
    except InputError:
        raise
    except Exception as error:  # a workbook may be wrong in more ways than openpyxl names
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise InputError(Fault(f"found no workbook that can be read: {reason}", "expected .xlsx", file=file)) from None


def _cells(values: Any, formulas: Any, file: str) -> Iterator[tuple[int, list[_Cell]]]:
    values.reset_dimensions()
    formulas.reset_dimensions()
    both = zip(values.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=False)
    for number, (row, written) in enumerate(both, start=1):
        if number > MAX_ROWS:
            found = f"found more than {MAX_ROWS:,} rows on the sheet {values.title}"
            raise InputError(Fault(found, "expected a smaller one", file=file))
        cells = [_cell(value, formula) for value, formula in zip(row, written, strict=False)]
        if any(cell.text or cell.formula for cell in cells):
            yield number, cells


def _cell(value: Any, formula: Any) -> _Cell:
    if value is None:
        return _Cell("", formula=formula is not None)
    if isinstance(value, bool):
        return _Cell(str(value).lower())
    if isinstance(value, (dt.datetime, dt.date)):
        return _Cell(value.isoformat()[:10])
    if isinstance(value, float):
        return _Cell(repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value))
    return _Cell(str(value).strip())


def _rows(draft: Draft, sheet: str, lines: Sequence[tuple[int, list[_Cell]]], known: Sequence[str]) -> Iterator[Row]:
    """The rows of a sheet by its headings, without examples."""
    if not lines:
        draft.fault(None, sheet, "found an empty sheet", "expected a row of headings")
        return
    first, *rest = lines
    names = [column(cell.text) for cell in first[1]]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            draft.fault(first[0], f"{sheet}.{name}", "found the column twice", "expected each column once")
        elif name and name not in known:
            text, close = first[1][index].text, nearest(name, known)
            if close:
                expected = f"expected one of {', '.join(dict.fromkeys(known))}"
                draft.fault(first[0], f"{sheet}.{text[:40]}", "found an unknown column", expected, close)
            else:
                draft.lost.append(f"the column {text} of the sheet {sheet}")
    needed = {"Stances": ("issue", "actor", "position"), "Sources": ("id",)}.get(sheet, (known[0],))
    for name in needed:
        if name not in names:
            draft.fault(first[0], f"{sheet}.{name}", "found no such column", "expected a heading with this name")
    for number, cells in rest:
        given = {}
        for name, cell in zip(names, cells, strict=False):
            if cell.formula:
                expected = "expected a value; open the workbook, let it compute, and save it"
                draft.fault(number, f"{sheet}.{name}", "found a formula that was never computed", expected)
            if cell.text and name in known:
                given[name] = cell.text
        if given and not any(
            given.get(name, "").lower().startswith(EXAMPLE) for name in ("actor", "issue", "id", "lever")
        ):
            yield Row(number, given, f"{sheet}.")


def _fields(
    lines: Sequence[tuple[int, list[_Cell]]], known: Mapping[str, str]
) -> Iterator[tuple[str, tuple[int, str]]]:
    """The fields of a sheet that has one a row, its value in the second column, which are filled in: row and text."""
    for number, cells in lines:
        name, value = column(cells[0].text), cells[1].text if len(cells) > 1 else ""
        if name in known and value:
            yield name, (number, value)


def _conflict(draft: Draft, lines: Sequence[tuple[int, list[_Cell]]]) -> None:
    """Title, question and day."""
    for name, (number, value) in _fields(lines, CONFLICT):
        if name == "as_of":
            day = day_or_fault(draft, number, "Conflict.as_of", value)
            draft.data |= {} if day is None else {"as_of": day}
        else:
            draft.data[name] = value


def _sources(draft: Draft, lines: Sequence[tuple[int, list[_Cell]]]) -> None:
    for row in _rows(draft, "Sources", lines, tuple(SOURCE)) if lines else ():
        key = row.cells.get("id")
        if key is None:
            draft.fault(row.line, "Sources.id", "found nothing", "expected a short word that cites it")
            continue
        if key in draft.ids.get("sources", {}):
            draft.fault(row.line, "Sources.id", f"found {key[:40]} a second time", "expected each source once")
        entry = {name: text for name, text in row.cells.items() if name != "id"}
        if "date" in entry and day_or_fault(draft, row.line, "Sources.date", entry["date"]) is None:
            del entry["date"]
        ordered = {"title": entry.get("title", key), **entry}
        draft.data.setdefault("sources", {})[draft.id_of("sources", key)] = ordered


def _known(draft: Draft, rows: Sequence[Row]) -> None:
    """Every actor and issue of a stance has its row, and no row comes twice."""
    for kind in ("actor", "issue"):
        sheet = f"{kind.title()}s."
        first: dict[str, int | None] = {}
        for row in rows:
            name = row.cells.get(kind)
            if row.place == sheet and name is None:
                draft.fault(row.line, f"{sheet}{kind}", "found nothing", "expected a name")
            elif row.place == sheet and name is not None:
                if name in first:
                    expected = f"expected one row: the first is {first[name]}"
                    draft.fault(row.line, f"{sheet}{kind}", f"found {name[:40]} a second time", expected)
                first.setdefault(name, row.line)
        for row in rows:
            name = row.cells.get(kind)
            if row.place == "Stances." and name is not None and name not in first:
                expected = f"expected a name on the sheet {kind.title()}s"
                draft.fault(row.line, f"Stances.{kind}", f"found {name[:40]}", expected, nearest(name, first))


# --- out -----------------------------------------------------------------------------------------------------------


def write(situation: Situation, path: Path) -> Written:
    """A situation as a workbook."""
    leaving = Leaving(situation)
    data = situation.scenario.data
    conflict = {"title": situation.title, "question": data.get("question"), "as_of": situation.as_of.isoformat()}
    filled: dict[str, list[Mapping[str, Any]]] = {
        "Actors": [{**leaving.actor(a), **leaving.source(f"actors.{a}.capability")} for a in situation.actors],
        "Issues": [{**leaving.issue(i), **leaving.source(f"issues.{i}.status_quo")} for i in situation.issues],
        "Stances": [{"issue": i, "actor": a, **leaving.stance(a, i)} for a, i in situation.stances],
        "Levers": list(excel_talks.lever_rows(leaving)),
        "Sources": [{"id": id_, **source} for id_, source in (data.get("sources") or {}).items()],
    }
    book = _workbook(conflict, excel_talks.talks_of(leaving), filled)
    return Written(book, leaving.told(*excel_talks.left(leaving), held=("talks", "levers")))


def template() -> bytes:
    """A workbook to fill in, with an example row on each sheet."""
    return _workbook({}, {}, {sheet: [row] for sheet, row in _EXAMPLES.items()})


def _workbook(
    conflict: Mapping[str, Any], talks: Mapping[str, Any], filled: Mapping[str, Sequence[Mapping[str, Any]]]
) -> bytes:
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    book.remove(book.active)
    _write_help(book.create_sheet("Read me"))
    _write_fields(book.create_sheet("Conflict"), CONFLICT, conflict)
    for sheet, columns in SHEETS.items():
        _write_table(book.create_sheet(sheet), columns, filled.get(sheet, ()), COLUMNS)
    _write_fields(book.create_sheet("Talks"), excel_talks.TALKS, talks)
    for sheet, meanings in (("Levers", excel_talks.LEVERS), ("Sources", SOURCE)):
        _write_table(book.create_sheet(sheet), tuple(meanings), filled.get(sheet, ()), meanings)
    _write_choices(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: Any, row: int, place: int, value: Any) -> Any:
    """A value in a cell; a text is never a formula, whatever it begins with."""
    cell = sheet.cell(row, place)
    if isinstance(value, str):
        cell.value = "".join(c if c.isprintable() or c == "\n" else " " for c in value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(tuple("=+-@"))
    else:
        cell.value = value
    return cell


def _write_help(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = 110
    for row, text in enumerate(_HELP, start=1):
        cell = _put(sheet, row, 1, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=row == 1)


def _write_fields(sheet: Any, known: Mapping[str, str], given: Mapping[str, Any]) -> None:
    """A field a row: its name, its value, what it holds."""
    from openpyxl.styles import Font

    for letter, width in zip("ABC", (14, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for row, (name, meaning) in enumerate(known.items(), start=1):
        _put(sheet, row, 1, name.replace("_", " ")).font = Font(bold=True)
        if given.get(name):
            _put(sheet, row, 2, given[name])
        _put(sheet, row, 3, meaning).font = Font(italic=True, color="808080")


def _write_table(
    sheet: Any, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], meanings: Mapping[str, str]
) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for place, name in enumerate(columns, start=1):
        cell = _put(sheet, 1, place, name.replace("_", " "))
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE3EA")
        cell.comment = Comment(meanings[name], "detente", width=260, height=90)
        words = name in ("because", "title", "actor_note", "issue_note", "low_label", "high_label", "url")
        sheet.column_dimensions[get_column_letter(place)].width = 36 if words else 18
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, start=2):
        grey = any(str(row.get(name, "")).startswith(EXAMPLE) for name in ("actor", "issue", "id", "lever"))
        for place, name in enumerate(columns, start=1):
            if row.get(name) is not None:
                cell = _put(sheet, number, place, row[name])
                if grey:
                    cell.font = Font(italic=True, color="808080")


def _write_choices(book: Any) -> None:
    """Lists to choose from, and the range of saliences."""
    from openpyxl.worksheet.datavalidation import DataValidation

    columns = {**SHEETS, "Levers": tuple(excel_talks.LEVERS)}

    def choose(sheet: str, name: str, formula: str, *, strict: bool) -> None:
        letter = chr(ord("A") + columns[sheet].index(name))
        rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict)
        rule.error = "Choose one of the list."
        rule.add(f"{letter}2:{letter}2000")
        book[sheet].add_data_validation(rule)

    choose("Actors", "role", f'"{",".join(ROLES)}"', strict=True)
    choose("Stances", "issue", "Issues!$A$2:$A$500", strict=False)
    choose("Stances", "actor", "Actors!$A$2:$A$500", strict=False)
    choose("Levers", "actor", "Actors!$A$2:$A$500", strict=False)
    for name in ("salience_low", "salience", "salience_high"):
        letter = chr(ord("A") + SHEETS["Stances"].index(name))
        rule = DataValidation(type="decimal", operator="between", formula1="0", formula2="1", allow_blank=True)
        rule.showErrorMessage, rule.error = True, "A salience is a number from 0 to 1."
        rule.add(f"{letter}2:{letter}2000")
        book["Stances"].add_data_validation(rule)
