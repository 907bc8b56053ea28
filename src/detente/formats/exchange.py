"""Records of the exchange model's program: `#A` actors, `#P` issues, `#M` points of a scale, `#D` stances.

Stokman and Van Oosten's model as the program of the group around Dijkstra, Van Assen and Stokman reads it. Keys, not
full names, say who is meant; the order of the file is kept, because it decides ties.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from detente.errors import nearest
from detente.formats import Foreign, Written
from detente.formats.draft import LOWER, UPPER, Draft, plain
from detente.formats.leaving import Leaving, ends_of
from detente.formats.text import DELIMITERS, beginning, decode, number, rows
from detente.scenario.situation import Situation

# record -> the fewest and the most fields after its type; what is beyond belongs to the last, which is a text
RECORDS: Mapping[str, tuple[int, int]] = {"#A": (1, 3), "#P": (1, 3), "#M": (2, 3), "#D": (5, 6)}
COMMENTS = ("#/", "#0", "#O")  # the program's documentation has the second, its reader the third
HIGHEST_POWER = 100  # that the program takes


def recognises(file: Foreign) -> bool:
    """Whether the first line that is no comment begins with one of the four records."""
    first = next((line for line in beginning(file.data).splitlines() if line.strip() and not _comment(line)), "")
    return first.lstrip().strip("'\"")[:2].upper() in RECORDS


def _comment(line: str) -> bool:
    return line.lstrip().lstrip("'\"").startswith(COMMENTS)


def _dialect(text: str) -> tuple[str, str]:
    """The delimiter and the quote of the first record."""
    first = next((line.lstrip() for line in text.splitlines() if line.strip() and not _comment(line)), "")
    quote = first[0] if first[:1] in ("'", '"') else '"'
    after = first.strip()[2 + 2 * (first[:1] == quote) :].lstrip(" ")
    return (after[0] if after[:1] in DELIMITERS else ","), quote


@dataclass
class _Record:
    line: int
    cells: list[str]


@dataclass
class _Reader:
    """The records of a file by type, and what has been made of them."""

    draft: Draft
    comma: bool
    records: dict[str, list[_Record]] = field(default_factory=lambda: {kind: [] for kind in RECORDS})
    keys: dict[str, dict[str, int]] = field(default_factory=lambda: {"actors": {}, "issues": {}})  # key -> line

    def sort(self, lines: Sequence[tuple[int, list[str]]], delimiter: str) -> None:
        """Sort records by type, each with its fields whole."""
        for line, cells in lines:
            kind = cells[0].upper()
            if kind[:2] in COMMENTS:
                continue
            if kind not in RECORDS:
                expected = f"expected one of {', '.join(RECORDS)}, or #/ before a comment"
                self.draft.fault(line, "record", f"found {cells[0][:40]}", expected)
                continue
            least, most = RECORDS[kind]
            fields = cells[1:]
            if kind != "#D" or len(fields) >= most:
                fields = [*fields[: most - 1], delimiter.join(fields[most - 1 :])] if len(fields) > most else fields
            if len(fields) < least or not all(fields[: min(least, 2)]):
                there = sum(map(bool, fields))
                self.draft.fault(line, kind, f"found {there} fields", f"expected at least {least} after {kind}")
                continue
            self.records[kind].append(_Record(line, [*fields, *[""] * (most - len(fields))]))

    def member(self, kind: str, record: _Record) -> None:
        """An actor or issue: its key, its full name, a comment that says more than the name."""
        key, name, note = record.cells
        if key in self.keys[kind]:
            expected = f"expected each key once: the first is on line {self.keys[kind][key]}"
            self.draft.fault(record.line, "key", f"found {key[:40]} a second time", expected)
            return
        self.keys[kind][key] = record.line
        more = note if note not in ("", key, name) else None
        make = self.draft.actor if kind == "actors" else self.draft.issue
        make(key, line=record.line, name=name or None, note=more)

    def known(self, kind: str, key: str, record: _Record, what: str) -> bool:
        """Whether a key was declared."""
        if key in self.keys[kind]:
            return True
        sign = "#A" if kind == "actors" else "#P"
        self.draft.fault(
            record.line, what, f"found {key[:40]}", f"expected a key of {sign}", nearest(key, self.keys[kind])
        )
        return False

    def number(self, record: _Record, index: int, what: str, low: float, high: float) -> Decimal | None:
        """The number in a field, None where it is none or out of range."""
        text = record.cells[index]
        value = number(text, comma=self.comma)
        if value is not None and low <= float(value) <= high:
            return value
        span = f" from {low:g} to {high:g}" if high < math.inf else f" of at least {low:g}" if low > -math.inf else ""
        self.draft.fault(record.line, what, f"found {text[:40] or 'nothing'}", f"expected a number{span}")
        return None

    def scales(self) -> None:
        """The points of each issue's scale, in order, its ends among them; 0 to 100 where there are none."""
        points: dict[str, dict[float, tuple[str, int]]] = {}
        for record in self.records["#M"]:
            key = record.cells[0]
            place = self.number(record, 1, "position", -math.inf, math.inf)
            if not self.known("issues", key, record, "issue") or place is None:
                continue
            at = points.setdefault(key, {})
            if plain(place) in at:
                line = at[plain(place)][1]
                expected = f"expected each point once: the first is on line {line}"
                self.draft.fault(record.line, "position", f"found {place} of {key[:40]} a second time", expected)
            at.setdefault(plain(place), (record.cells[2], record.line))
        for key, at in points.items():
            if len(at) == 1:
                ((point, (_, line)),) = at.items()
                expected = "expected two or more, the ends of its scale, or none"
                self.draft.fault(line, "#M", f"found one point of {key[:40]}, {point}", expected)
                continue
            low, high = min(at), max(at)
            ends = {low: LOWER, high: UPPER}
            scale = {point: at[point][0] or ends.get(point, f"{point}") for point in sorted(at)}
            self.draft.data["issues"][self.draft.id_of("issues", key)]["scale"] = scale

    def stances(self) -> None:
        """The stances, and each actor's capability."""
        seen: dict[tuple[str, str], int] = {}
        found: list[tuple[_Record, Decimal, Decimal, Decimal]] = []
        for record in self.records["#D"]:
            actor, issue = record.cells[:2]
            known = self.known("actors", actor, record, "actor"), self.known("issues", issue, record, "issue")
            if not all(known):
                continue
            if (actor, issue) in seen:
                expected = f"expected one: the first is on line {seen[actor, issue]}"
                self.draft.fault(record.line, "#D", f"found a second stance of {actor} on {issue}", expected)
            seen[actor, issue] = record.line
            entry = self.draft.data["issues"][self.draft.id_of("issues", issue)]
            low, high = ends_of(entry.get("scale")) or (0, 100)
            position = self.number(record, 2, "position", low, high)
            salience, power = self.number(record, 3, "salience", 0, 1), self.number(record, 4, "power", 0, math.inf)
            if position is not None and salience is not None and power is not None:
                found.append((record, position, salience, power))
        self._weigh(found)

    def _weigh(self, found: Sequence[tuple[_Record, Decimal, Decimal, Decimal]]) -> None:
        """One capability an actor: its power; where that differs by issue the largest, the saliences scaled down."""
        powers: dict[str, list[Decimal]] = {}
        for record, _, _, power in found:
            powers.setdefault(record.cells[0], []).append(power)
        varied = [actor for actor, given in powers.items() if len(set(given)) > 1]
        for record, position, salience, power in found:
            actor, issue, *_, note = record.cells
            id_ = self.draft.id_of("actors", actor)
            largest = max(powers[actor])
            self.draft.data["actors"][id_]["capability"] = plain(largest)
            was = f"salience {plain(salience)} at power {plain(power)} in the file" if power != largest else ""
            scaled = salience * power / largest if was else salience
            because = "; ".join(filter(None, (note, was))) or None
            numbers = {"position": plain(position), "salience": plain(scaled), "because": because}
            self.draft.stance(id_, self.draft.id_of("issues", issue), line=record.line, **numbers)
        if varied:
            shown = ", ".join(varied[:5])
            text = f"that the power of {shown} differs by issue: the largest stands as capability, with the saliences "
            self.draft.lost.append(text + "scaled so that their products are the file's")


def read(file: Foreign) -> Draft:
    """A draft of the program's records. Raises `InputError` with every fault, each with its line."""
    text, encoding = decode(file.whole(), file.name)
    draft = Draft(file.name, "records of the exchange model's program")
    if encoding == "windows-1252":
        draft.head.append("The text was not in UTF-8; it was read as Windows-1252.")
    delimiter, quote = _dialect(text)
    # A comment may hold quotes that do not match; a blank line keeps the numbers of the lines below it.
    text = "\n".join("" if _comment(line) else line for line in text.splitlines())
    reader = _Reader(draft, comma=delimiter != ",")
    reader.sort(list(rows(text, file.name, delimiter, quote)), delimiter)
    for kind, sign in (("actors", "#A"), ("issues", "#P")):
        for record in reader.records[sign]:
            reader.member(kind, record)
        if not reader.records[sign] and not draft.faults:
            draft.fault(None, sign, "found none", f"expected at least one {sign}")
    if not reader.records["#D"] and not draft.faults:
        draft.fault(None, "#D", "found none", "expected at least one #D, a stance")
    draft.stop()  # what follows from a fault is no other fault
    reader.scales()
    draft.stop()
    reader.stances()
    return draft


# --- out -----------------------------------------------------------------------------------------------------------


def write(situation: Situation, path: Path) -> Written:
    """The stances in force as the program's records, in its own dialect: tabs, and single quotes around text."""
    leaving = Leaving(situation)
    data = situation.scenario.data
    lines: list[list[Any]] = [
        ["#A", id_, leaving.name("actors", id_), data["actors"][id_].get("note") or ""] for id_ in situation.actors
    ]
    for id_ in situation.issues:
        lines.append(["#P", id_, leaving.name("issues", id_), data["issues"][id_].get("note") or ""])
        for place, label in sorted(situation.anchors[id_].items()):
            words = [] if label in (LOWER, UPPER, f"{plain(place)}") else [label]
            lines.append(["#M", id_, plain(place), *words])
        leaving.leave_status_quo(id_)
    powers = {id_: leaving.one(f"actors.{id_}.capability") for id_ in situation.actors}
    largest = max(powers.values())
    told = ["roles"] if any(role != "bystander" for role in situation.roles.values()) else []
    if largest > HIGHEST_POWER:
        powers = {id_: power / largest for id_, power in powers.items()}
        told.append(f"the unit of capability: powers are shares of the largest, {largest:g}")
    for (actor, issue), stance in situation.stances.items():
        at = f"stances.{actor}.{issue}"
        numbers = [leaving.one(f"{at}.position"), leaving.one(f"{at}.salience"), powers[actor]]
        because = [stance.provenance.because] if stance.provenance.because else []
        lines.append(["#D", actor, issue, *numbers, *because])
    if any(not any(actor == id_ for actor, _ in situation.stances) for id_ in situation.actors):
        told.append("the capability of an actor without a stance")
    if any(stance.provenance.cite for stance in situation.stances.values()):
        told.append("sources")
    return Written(_records(lines), leaving.told(*told))


def _records(lines: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", quotechar="'", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows([" ".join(cell.split()) if isinstance(cell, str) else cell for cell in line] for line in lines)
    return out.getvalue().encode()
