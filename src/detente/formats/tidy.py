"""A tidy table: a row a stance, a column a field; what a person types, or a script writes, with nothing else to learn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from detente.errors import InputError, nearest
from detente.formats import Foreign, Written
from detente.formats.draft import LOWER, UPPER, Draft, day_or_fault, plain, spread
from detente.formats.leaving import Leaving, ends_of
from detente.formats.text import DELIMITERS, beginning, decode, number, rows, safe, table, thousands, unsafe
from detente.scenario.fields import ROLES
from detente.scenario.situation import Situation

# column -> what it holds. The order is that in which they are written.
COLUMNS: Mapping[str, str] = {
    "issue": "what is contested",
    "actor": "who takes the stance",
    "position": "the outcome the actor wants, on the issue's scale; the likeliest where a range stands beside it",
    "salience": "how much the issue matters to it, 0 to 1",
    "capability": "what the actor can bring to bear, in any unit common to all; also called power",
    "position_low": "the least that its position could be",
    "position_high": "the most that its position could be",
    "salience_low": "the least that its salience could be",
    "salience_high": "the most that its salience could be",
    "capability_low": "the least that its capability could be",
    "capability_high": "the most that its capability could be",
    "scale_low": "lower end of the issue's scale; 0 where there is no such column",
    "scale_high": "upper end of the issue's scale; 100 where there is no such column",
    "low_label": "what the lower end of the scale means",
    "high_label": "what the upper end of the scale means",
    "status_quo": "where the issue stands now; the likeliest where a range stands beside it",
    "status_quo_low": "the least at which it could stand",
    "status_quo_high": "the most at which it could stand",
    "issue_name": "the issue's full name",
    "actor_name": "the actor's full name",
    "role": "belligerent, backer, mediator or bystander",
    "since": "first day on which the actor took the stance, YYYY-MM-DD",
    "actor_note": "what else there is to say of the actor",
    "issue_note": "what else there is to say of the issue",
    "cite": "ids of the sources, a blank between them",
    "because": "the reason for the numbers, in a sentence",
}
ALIASES = {"power": "capability", "country": "actor", "weight": "capability", "source": "cite", "why": "because"}
NO_TALKS = "talks: a table has none; without who is required at them nothing is said of who would come"
NUMBERS = ("position", "salience", "capability")
# of an actor or of an issue: the same on each of its rows, or given once
_OF_ACTOR = ("capability", "capability_low", "capability_high", "actor_name", "role", "actor_note")
_OF_ISSUE = (
    *("scale_low", "scale_high", "low_label", "high_label"),
    *("status_quo", "status_quo_low", "status_quo_high", "issue_name", "issue_note"),
)


def recognises(file: Foreign) -> bool:
    """Whether the first row names an issue and an actor."""
    return {"issue", "actor"} <= set(_header(beginning(file.data).partition("\n")[0], file.name)[1])


def _header(line: str, file: str) -> tuple[str, list[str]]:
    """The delimiter that makes the most known columns of a first line, and those columns as this page names them."""
    found: tuple[str, list[str]] = (",", [])
    for delimiter in DELIMITERS:
        try:
            names = [column(cell) for cell in next(rows(line, file, delimiter), (1, []))[1]]
        except InputError:
            continue
        if sum(name in COLUMNS for name in names) > sum(name in COLUMNS for name in found[1]):
            found = delimiter, names
    return found


def column(cell: str) -> str:
    """The column that a heading means.

    >>> column("Position low"), column("Power")
    ('position_low', 'capability')
    """
    name = "_".join(cell.lower().replace("-", " ").split())
    return ALIASES.get(name, name)


@dataclass
class Row:
    """One row of the table: its cells by column, blank ones left out."""

    line: int | None
    cells: Mapping[str, str]
    place: str = ""  # what stands before a column's name in faults: a sheet's name and a dot


@dataclass
class Reader:
    """Fills a draft from rows, remembering on which line each actor's and issue's own fields were first given."""

    draft: Draft
    comma: bool
    first: dict[tuple[str, str, str], tuple[str, int | None]] = field(default_factory=dict)
    commas: list[str] = field(default_factory=list)  # numbers that were read with a decimal comma

    def fault(self, row: Row, column: str, found: str, expected: str, suggestion: str | None = None) -> None:
        """Note what is wrong with a cell."""
        self.draft.fault(row.line, f"{row.place}{column}", found, expected, suggestion)

    def number(self, row: Row, column: str, low: float | None = None, high: float | None = None) -> Decimal | None:
        """The number in a cell, None where it is blank or wrong."""
        cell = row.cells.get(column)
        if cell is None:
            return None
        if self.comma and thousands(cell):
            dotted = cell.replace(",", ".")
            both = f"expected {cell.replace(',', '')} or {dotted}0: the comma may divide thousands or decimals"
            self.fault(row, column, f"found {cell[:40]}", both)
            return None
        value = number(cell, comma=self.comma)
        if value is not None and "," in cell:
            self.commas.append(cell)
        expected = "expected a number"
        if low is not None:
            expected += f" from {low:g} to {high:g}" if high is not None else f" of at least {low:g}"
        if value is None or not (-math.inf if low is None else low) <= float(value) <= (
            math.inf if high is None else high
        ):
            self.fault(row, column, f"found {cell[:40]}", expected)
            return None
        return value

    def quantity(self, row: Row, column: str, low: float | None = None, high: float | None = None) -> Any:
        """A number or range in a column and the two beside it."""
        names = (f"{column}_low", column, f"{column}_high")
        least, mode, most = (self.number(row, name, low, high) for name in names)
        ends = [name in row.cells for name in (names[0], names[2])]
        if any(ends) and not all(ends):
            there, missing = (names[0], names[2]) if ends[0] else (names[2], names[0])
            self.fault(row, missing, "found nothing", f"expected a number: {there} has one")
            return None
        known = [value for value in (least, mode, most) if value is not None]
        if known != sorted(known) or (all(ends) and least is not None and least == most):
            shown = ", ".join(map(str, known))
            self.fault(row, names[0], f"found {shown}", "expected low, likeliest and high in this order")
            return None
        return spread(*(None if value is None else plain(value) for value in (least, mode, most)))

    def tell_commas(self) -> None:
        """Note in the draft that numbers were read with a decimal comma."""
        if self.commas:
            cell, count = self.commas[0], len(self.commas)
            others = "" if count == 1 else f", and {count - 1} more like it"
            self.draft.read_as.append(f"{cell} as {number(cell, comma=True)}, with a decimal comma{others}")

    def same(self, row: Row, kind: str, key: str, columns: Sequence[str]) -> bool:
        """Whether a row says nothing else of an actor or issue than the rows before it."""
        agrees = True
        for column in columns:
            cell = row.cells.get(column)
            if cell is None:
                continue
            before, line = self.first.setdefault((kind, key, column), (cell, row.line))
            if before != cell:
                expected = f"expected {before[:40]}, as on line {line}: it is the {kind}'s, the same on every row"
                self.fault(row, column, f"found {cell[:40]} for {key[:40]}", expected)
                agrees = False
        return agrees


def read(file: Foreign) -> Draft:
    """A draft of a table of stances. Raises `InputError` with every fault, each with its line and column's name."""
    text, encoding = decode(file.whole(), file.name)
    draft = Draft(file.name, "a tidy table of stances")
    if encoding == "windows-1252":
        draft.head.append("The text was not in UTF-8; it was read as Windows-1252.")
    delimiter, header = _header(text.partition("\n")[0], file.name)
    lines = rows(text, file.name, delimiter)
    line, given = next(lines, (1, []))
    for column in ("issue", "actor", "position"):
        if column not in header:
            shown = ", ".join(given[:8])[:80]
            draft.fault(
                line, column, f"found no such column among {shown or 'no columns'}", "expected a header row with it"
            )
    for index, column in enumerate(header):
        if column in header[:index]:
            draft.fault(line, column, "found the column twice", "expected each column once")
        elif column not in COLUMNS:
            close = nearest(column, COLUMNS)
            if close:
                draft.fault(
                    line, given[index], "found an unknown column", f"expected one of {', '.join(COLUMNS)}", close
                )
            elif column:
                draft.lost.append(f"the column {given[index]}")
    draft.stop()
    table_rows = []
    for line, cells in lines:
        if len(cells) > len(header):
            draft.fault(line, "row", f"found {len(cells)} cells", f"expected {len(header)}, as in the header")
            continue
        known = zip(header, cells, strict=False)
        table_rows.append(Row(line, {name: unsafe(cell) for name, cell in known if cell and name in COLUMNS}))
    draft.stop()
    fill(draft, table_rows, comma=delimiter != ",")
    draft.to_fill.append(NO_TALKS)
    return draft


def fill(draft: Draft, table_rows: Sequence[Row], *, comma: bool, listed: bool = False) -> None:
    """Put rows into a draft; `listed`: only the sources that stand in it may be cited."""
    reader = Reader(draft, comma)
    if listed:
        hold_cites(reader, table_rows)
    if not table_rows:
        draft.fault(None, "", "found no row that is filled in", "expected a row a stance")
    seen: dict[tuple[str, str, str], int | None] = {}
    for row in table_rows:
        actor, issue = (row.cells.get(column) for column in ("actor", "issue"))
        if actor is None and issue is None:
            reader.fault(row, "actor", "found nothing", "expected who takes the stance")
            continue
        actor_id = None if actor is None else _actor(reader, row, actor)
        issue_id = None if issue is None else _issue(reader, row, issue)
        if actor_id is None or issue_id is None:  # a row of an actor or issue alone
            _note(reader, row, actor_id, issue_id)
            stray = [c for c in ("position", "position_low", "salience", "salience_low", "since") if c in row.cells]
            if stray:
                missing = "actor" if actor is None else "issue"
                reader.fault(row, missing, "found nothing", f"expected a name: {stray[0]} has a value")
            continue
        if actor_id and issue_id:
            _stance(reader, row, actor_id, issue_id, seen)
    reader.tell_commas()
    _tell_unlisted(draft)


def _note(reader: Reader, row: Row, actor: str | None, issue: str | None) -> None:
    """Where the capability of an actor's own row comes from, or the status quo of an issue's."""
    cites, because = cites_of(reader.draft, row), row.cells.get("because")
    kind, name, id_ = ("actors", "capability", actor) if actor else ("issues", "status_quo", issue)
    if not cites and because is None:
        return
    entry = reader.draft.data[kind][id_]
    if name == "status_quo":
        entry.setdefault(name, "unknown")
    if name not in entry:
        if not reader.draft.faults:
            reader.fault(row, name, "found nothing", "expected a number: its source or reason is given")
        return
    value = entry[name] if isinstance(entry[name], dict) else {"value": entry[name]}
    noted = {**value, "cite": cites, "because": because}
    entry[name] = {key: part for key, part in noted.items() if part}


def _actor(reader: Reader, row: Row, key: str) -> str:
    draft = reader.draft
    given = {}
    if reader.same(row, "actor", key, _OF_ACTOR):
        given["capability"] = reader.quantity(row, "capability", 0)
        role = row.cells.get("role")
        if role is not None and role.lower() not in ROLES:
            reader.fault(row, "role", f"found {role[:40]}", f"expected one of {', '.join(ROLES)}", nearest(role, ROLES))
        given["role"] = None if role is None else role.lower()
        given["note"] = row.cells.get("actor_note")
    return draft.actor(key, line=row.line, name=row.cells.get("actor_name"), **given)


def _issue(reader: Reader, row: Row, key: str) -> str:
    draft = reader.draft
    if not reader.same(row, "issue", key, _OF_ISSUE):
        return draft.id_of("issues", key)
    id_ = draft.id_of("issues", key)
    known = draft.data.get("issues", {}).get(id_, {})
    given: dict[str, Any] = {}
    if "scale" not in known or any(column in row.cells for column in _OF_ISSUE[:4]):
        low, high = (reader.number(row, column) for column in ("scale_low", "scale_high"))
        low_end, high_end = ends_of(known.get("scale")) or (0, 100)
        low_end = low_end if low is None else plain(low)
        high_end = high_end if high is None else plain(high)
        if not low_end < high_end:
            reader.fault(row, "scale_high", f"found {high_end:g}", f"expected more than scale_low, {low_end:g}")
            low_end, high_end = 0, 100
        labels = list(known.get("scale", {0: LOWER, 1: UPPER}).values())
        lowest, highest = row.cells.get("low_label", labels[0]), row.cells.get("high_label", labels[-1])
        given["scale"] = {low_end: lowest, high_end: highest}
    low_end, high_end = ends_of(given.get("scale", known.get("scale"))) or (0, 100)
    given["status_quo"] = reader.quantity(row, "status_quo", low_end, high_end)
    given["note"] = row.cells.get("issue_note")
    return draft.issue(key, line=row.line, name=row.cells.get("issue_name"), **given)


def _stance(reader: Reader, row: Row, actor: str, issue: str, seen: dict[tuple[str, str, str], int | None]) -> None:
    draft = reader.draft
    low, high = ends_of(draft.data["issues"][issue]["scale"]) or (0, 100)
    since = row.cells.get("since")
    given: dict[str, Any] = {
        "position": reader.quantity(row, "position", low, high),
        "salience": reader.quantity(row, "salience", 0, 1),
        "since": None if since is None else day_or_fault(draft, row.line, f"{row.place}since", since),
        "because": row.cells.get("because"),
    }
    if not any(name in row.cells for name in ("position", "position_low", "position_high")):
        reader.fault(row, "position", "found nothing", "expected a number")
    key = (actor, issue, since or "")
    if key in seen:
        reader.fault(
            row, "actor", f"found a second stance of {actor} on {issue}", f"expected one: see line {seen[key]}"
        )
    seen.setdefault(key, row.line)
    given["cite"] = cites_of(draft, row) or None
    draft.stance(actor, issue, line=row.line, **given)


def cites_of(draft: Draft, row: Row) -> list[str]:
    """The citations of a row, their sources put into the draft where they are not there."""
    return [_cited(draft, cite) for cite in _split(row)]


def _split(row: Row) -> list[str]:
    return row.cells.get("cite", "").replace(",", " ").replace(";", " ").split()


def hold_cites(reader: Reader, table_rows: Sequence[Row]) -> None:
    """Every source that is cited is listed."""
    known = reader.draft.ids.get("sources", {})
    for row in table_rows:
        for source in (cite.partition("@")[0] for cite in _split(row)):
            if source not in known:
                close = nearest(source, known)
                reader.fault(row, "cite", f"found {source[:40]}", "expected an id of the sheet Sources", close)


def _tell_unlisted(draft: Draft) -> None:
    """The sources of which a table says no more than an id."""
    bare = [key for key, id_ in draft.ids.get("sources", {}).items() if draft.data["sources"][id_] == {"title": key}]
    if bare:
        shown = ", ".join(bare[:5]) + (", ..." if len(bare) > 5 else "")
        of = "the source" if len(bare) == 1 else f"{len(bare)} sources"
        draft.to_fill.append(f"title of {of} {shown}: the id stands there; the file does not say what was cited")


def _cited(draft: Draft, cite: str) -> str:
    """A citation whose source stands in the draft, as a source of which only the id is known."""
    source, at, locator = cite.partition("@")
    id_ = draft.id_of("sources", source)
    draft.data.setdefault("sources", {}).setdefault(id_, {"title": source})
    return f"{id_}{at}{locator}"


# --- out -----------------------------------------------------------------------------------------------------------


def write(situation: Situation, path: Path) -> Written:
    """The stances in force as a table, with the columns that are needed."""
    leaving = Leaving(situation)
    lines = list(stance_rows(leaving))
    used = [column for column in COLUMNS if column in _ALWAYS or any(column in line for line in lines)]
    cells = [[_cell(line.get(column)) for column in used] for line in lines]
    return Written(table(used, cells), leaving.told())


_ALWAYS = ("issue", "actor", "position", "salience", "capability")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return safe(value) if isinstance(value, str) else repr(plain(value))


def stance_rows(leaving: Leaving) -> list[dict[str, Any]]:
    """A row a stance; rows of an actor or an issue alone before them, where the stances do not name all in order."""
    now = leaving.situation
    found = [
        {**leaving.issue(issue), **leaving.actor(actor), **leaving.stance(actor, issue)} for actor, issue in now.stances
    ]
    sources = {issue: leaving.source(f"issues.{issue}.status_quo") for issue in now.issues}
    if any(sources.values()) or tuple(dict.fromkeys(issue for _, issue in now.stances)) != now.issues:
        found = [{**leaving.issue(issue), **sources[issue]} for issue in now.issues] + found
    sources = {actor: leaving.source(f"actors.{actor}.capability") for actor in now.actors}
    if any(sources.values()) or tuple(dict.fromkeys(actor for actor, _ in now.stances)) != now.actors:
        found = [{**leaving.actor(actor), **sources[actor]} for actor in now.actors] + found
    return found
