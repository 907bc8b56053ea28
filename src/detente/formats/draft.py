"""A scenario in the making: what a reader of another program's file fills, and what becomes a scenario file of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from detente.errors import Fault, InputError
from detente.formats import Imported
from detente.scenario.checking import day_of
from detente.scenario.ids import slug, unused
from detente.scenario.nodes import Document, Path, Place, parse
from detente.scenario.read import build
from detente.scenario.write import scenario_text

NO_DAY = "2000-01-01"  # stands for a day that the format does not have
LOWER, UPPER = "lower end", "upper end"  # labels of a scale whose ends the format does not name
FILL = "to fill in"


def spread(low: Any, mode: Any, high: Any) -> Any:
    """A quantity of a lowest, a likeliest and a highest value, any of which may be missing.

    >>> spread(1, 2, 3), spread(1, None, 3), spread(None, 2, None)
    ({'low': 1, 'mode': 2, 'high': 3}, {'low': 1, 'high': 3}, 2)
    """
    if low is None or high is None:
        return mode
    return {"low": low, "high": high} if mode is None else {"low": low, "mode": mode, "high": high}


def plain(value: Decimal | float) -> float | int:
    """A number as a scenario holds it: whole where it is whole."""
    return int(value) if float(value).is_integer() and abs(float(value)) < 1e15 else float(value)


@dataclass
class Draft:
    """A scenario in the making, as plain data, with the line that each part stands on in the file it comes from."""

    file: str
    what: str  # the kind of file, for the first line of the scenario
    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, tuple[int | None, str]] = field(default_factory=dict)  # line and the file's name of a field
    faults: list[Fault] = field(default_factory=list)
    to_fill: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    read_as: list[str] = field(default_factory=list)  # what was read in one of the ways that it could be meant
    head: list[str] = field(default_factory=list)
    comments: dict[Path, str] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)  # kind -> key in the file -> id

    def fault(self, line: int | None, what: str, found: str, expected: str = "", suggestion: str | None = None) -> None:
        """Note one thing wrong with the file, at its line, in the field called `what`."""
        self.faults.append(Fault(found, expected, what, self.file, line, None, suggestion))

    def stop(self) -> None:
        """Raise `InputError` with every fault so far, if there is any."""
        if self.faults:
            raise InputError(sorted(dict.fromkeys(self.faults), key=lambda fault: fault.line or 0))

    def id_of(self, kind: str, key: str, wanted: str | None = None) -> str:
        """The id of what the file calls `key`: a slug of it, numbered where another has it already."""
        known = self.ids.setdefault(kind, {})
        if key not in known:
            known[key] = unused(slug(wanted or key, kind.removesuffix("s")), known.values())
        return known[key]

    def actor(self, key: str, *, line: int | None, name: str | None = None, **fields: Any) -> str:
        """Note an actor by what the file calls it; the id that it got."""
        return self._member("actors", key, line, name, fields)

    def issue(self, key: str, *, line: int | None, name: str | None = None, **fields: Any) -> str:
        """Note an issue by what the file calls it; the id that it got."""
        return self._member("issues", key, line, name, fields)

    def _member(self, kind: str, key: str, line: int | None, name: str | None, fields: Mapping[str, Any]) -> str:
        id_ = self.id_of(kind, key)
        entry = self.data.setdefault(kind, {}).setdefault(id_, {})
        shown = name or key
        if shown != id_:
            entry.setdefault("name", shown)
        entry.update({field: value for field, value in fields.items() if value is not None})
        self.places.setdefault((kind, id_), (line, key))
        return id_

    def stance(self, actor: str, issue: str, *, line: int | None, **fields: Any) -> None:
        """Note a stance; `actor` and `issue` are ids."""
        stances = self.data.setdefault("stances", [])
        self.places["stances", len(stances)] = (line, f"{actor} on {issue}")
        given = {field: value for field, value in fields.items() if value is not None}
        stances.append({"actor": actor, "issue": issue, **given})

    def fill(self, kind: str, name: str, value: Any, why: str) -> None:
        """Put a value wherever entries lack a field that a scenario needs, and say so once."""
        entries: Iterable[dict[str, Any]] = self.data.get(kind, {})
        entries = entries.values() if isinstance(entries, Mapping) else entries
        lacking = [entry for entry in entries if name not in entry]
        for entry in lacking:
            entry[name] = value
        if lacking:
            count = f"{len(lacking)} {kind if len(lacking) > 1 else kind.removesuffix('s')}"
            self.to_fill.append(f"{name} of {count}: {value} stands there; {why}")

    def finish(self, format: str, as_of: str | None) -> Imported:
        """The scenario file, with an explicit value wherever the format lacks what a scenario needs.

        Raises `InputError` with every fault of the file, also with those that only the scenario's own rules find.
        """
        self.stop()
        data = self.data
        stem = FilePath(self.file).stem
        data["detente"] = 1
        data.setdefault("id", slug(stem, "scenario"))
        if not data.get("title"):
            data["title"] = stem or "Imported"
            self.to_fill.append(f"title: {data['title']} stands there, the file's name")
        self._day(as_of)
        if "game" not in data:  # a game is a scenario by itself
            self._complete_stances()
        self._check()
        head = [f"Imported from {FilePath(self.file).name}, {self.what}.", *self.head]
        head += [f"Read: {text}." for text in self.read_as]
        head += [f"To fill in: {text}." for text in self.to_fill] + [f"Not taken over: {text}." for text in self.lost]
        text = scenario_text(data, head=head, comments=self.comments)
        return Imported(
            text, format, build(parse(text, self.file)), tuple(self.to_fill), tuple(self.lost), tuple(self.read_as)
        )

    def _complete_stances(self) -> None:
        """Actors with stances on issues, with all that a scenario needs of them."""
        data = self.data
        for part in ("actors", "issues"):
            data.setdefault(part, {})
        data.setdefault("stances", [])
        self._fill_all()
        order = ("name", "role", "capability", "scale", "status_quo", "actor", "issue", "position", "salience", "since")
        for kind in ("actors", "issues"):
            data[kind] = {id_: _ordered(entry, order) for id_, entry in data[kind].items()}
        data["stances"] = [_ordered(entry, order) for entry in data["stances"]]

    def _day(self, as_of: str | None) -> None:
        """The day asked for, else the latest that a stance has, else one that nobody takes for a real one."""
        data = self.data
        latest = max((s["since"] for s in data.get("stances", ()) if "since" in s), default=None)
        if as_of is None and "as_of" not in data:
            reason = "the file has no date" if latest is None else "the latest in the file"
            self.to_fill.append(f"as_of: {latest or NO_DAY} stands there; {reason} (--as-of gives another)")
            self.comments["as_of",] = FILL
        data["as_of"] = as_of or data.get("as_of") or latest or NO_DAY

    def _fill_all(self) -> None:
        as_of = self.data["as_of"]
        self.fill("actors", "role", "bystander", "only the models of collective decisions run until roles are given")
        self.fill("actors", "capability", 1, "the file has none, and so all weigh the same")
        for entry in self.data["issues"].values():
            if "scale" not in entry:
                entry["scale"] = {0: LOWER, 100: UPPER}
        unnamed = sum(
            LOWER in i["scale"].values() or UPPER in i["scale"].values() for i in self.data["issues"].values()
        )
        if unnamed:
            ends = f"{LOWER} and {UPPER} stand there"
            self.to_fill.append(f"what the ends of {unnamed} scale{'s'[: unnamed > 1]} mean: {ends}")
        self.fill("issues", "status_quo", "unknown", "the file does not say where things stand")
        self.fill("stances", "salience", 1, "the file has none")
        for entry in self.data["stances"]:
            entry.setdefault("since", as_of)

    def _check(self) -> None:
        """Hold the data to the scenario's own rules, with faults at the lines of the file it comes from."""
        places = {path: Place(line or 1, 1, 0, 0) for path, (line, _) in self.places.items() if line is not None}
        try:
            build(Document("", self.file, self.data, places))
        except InputError as wrong:
            for fault in wrong.faults:
                self.faults.append(Fault(fault.found, fault.expected, fault.path, self.file, fault.line))
        self.stop()


def _ordered(entry: Mapping[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    first = {name: entry[name] for name in order if name in entry}
    return {**first, **{name: value for name, value in entry.items() if name not in first}}


def day_or_fault(draft: Draft, line: int | None, what: str, text: str) -> str | None:
    """A date as written; a fault where it is none."""
    if day_of(text) is None:
        draft.fault(line, what, f"found {text[:40]}", "expected a date, YYYY-MM-DD")
        return None
    return text
