"""The sheets Talks and Levers of a workbook: who must come, how long talks may go on, and what could be changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detente.errors import nearest
from detente.formats.draft import Draft, plain
from detente.formats.leaving import Leaving
from detente.formats.tidy import Reader, Row, cites_of, hold_cites

TALKS: Mapping[str, str] = {
    "required": "the actors without whom talks do not convene, a semicolon between two; left empty, there are no talks",
    "excluded": "the actors that are not invited, a semicolon between two",
    "mediator": "the actor that mediates, if any",
    "deadline": "how many months the talks may go on, 1 to 1200",
}
LEVERS: Mapping[str, str] = {
    "lever": "what could be changed: a short name, the same on each of its rows",
    "lever_name": "the lever's full name",
    "held_by": "the actors that can pull it, a semicolon between two",
    "lowest": "the least that its level could be set to; 0 if left out",
    "highest": "the most that its level could be set to; 1 if left out",
    "level_low": "the least at which it could stand now",
    "level": "how far it is pulled now; the likeliest where a range stands beside it",
    "level_high": "the most at which it could stand now",
    "actor": "an actor whom it hurts; a row for each, with the lever's own columns on one of them",
    "bite_low": "the least that it could cost that actor",
    "bite": "what it costs that actor at full level, as a share of its stakes a month; negative is relief",
    "bite_high": "the most that it could cost that actor",
    "cite": "ids of the sources of the level and the cost on this row, a blank between them",
    "because": "the reason for the numbers on this row, in a sentence",
}
_OWN = ("lever_name", "held_by", "lowest", "highest", "level_low", "level", "level_high")


def read_talks(draft: Draft, fields: Mapping[str, tuple[int, str]]) -> None:
    """Put the talks into a draft whose actors are there; `fields` are rows and texts by name. None where none must come."""
    given: dict[str, Any] = {}
    for name, (line, text) in fields.items():
        if name == "deadline":
            if not re.fullmatch(r"\d{1,4}", text) or not 1 <= int(text) <= 1200:
                draft.fault(
                    line, "Talks.deadline", f"found {text[:40]}", "expected a whole number of months, 1 to 1200"
                )
            else:
                given[name] = int(text)
            continue
        who = _actors(draft, line, f"Talks.{name}", text)
        if name == "mediator" and len(who) > 1:
            draft.fault(line, "Talks.mediator", f"found {text[:40]}", "expected one actor")
        given[name] = who[0] if name == "mediator" and who else who
    if given and "required" not in fields:
        line = next(iter(fields.values()))[0]
        draft.fault(line, "Talks.required", "found nothing", "expected the actors without whom talks do not convene")
    if given:
        draft.data["talks"] = given
    else:
        draft.to_fill.append("talks: the sheet Talks is empty, and so nothing is said of who would come")


def _actors(draft: Draft, line: int | None, what: str, text: str) -> list[str]:
    """The ids of the actors that a cell names, as the sheet Actors does, by a short or a full name."""
    known = dict(draft.ids.get("actors", {}))
    for id_, entry in draft.data.get("actors", {}).items():
        known.setdefault(id_, id_)
        known.setdefault(entry.get("name", id_), id_)
    names = [text] if text in known else [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    if len(names) == 1 and names[0] not in known:
        names = [part.strip() for part in text.split(",") if part.strip()]
    for name in names:
        if name not in known:
            draft.fault(line, what, f"found {name[:40]}", "expected a name on the sheet Actors", nearest(name, known))
    return list(dict.fromkeys(known[name] for name in names if name in known))


def read_levers(draft: Draft, rows: Sequence[Row]) -> None:
    """Put levers into a draft whose actors are there, a row for each actor that one bites."""
    reader = Reader(draft, comma=True)
    hold_cites(reader, rows)
    levers: dict[str, dict[str, Any]] = {}
    first: dict[str, int | None] = {}
    for row in rows:
        key = row.cells.get("lever")
        if key is None:
            reader.fault(row, "lever", "found nothing", "expected a short name of the lever")
            continue
        id_ = draft.id_of("levers", key)
        first.setdefault(id_, row.line)
        draft.places.setdefault(("levers", id_), (row.line, key))
        lever = levers.setdefault(id_, {} if key == id_ else {"name": key})
        if any(name in row.cells for name in _OWN):
            if "level" in lever:
                reader.fault(
                    row, "level", f"found {key[:40]} a second time", f"expected its columns on row {first[id_]}"
                )
                continue
            _own(reader, row, lever)
        if "actor" in row.cells:
            _bite(reader, row, lever)
        elif any(name in row.cells for name in ("bite", "bite_low", "bite_high")):
            reader.fault(row, "actor", "found nothing", "expected whom it bites")
    for id_, lever in levers.items():
        if "level" not in lever and not draft.faults:
            draft.fault(first[id_], "Levers.level", "found nothing", f"expected how far {id_} is pulled now")
    if levers:
        draft.data["levers"] = levers
    reader.tell_commas()


def _own(reader: Reader, row: Row, lever: dict[str, Any]) -> None:
    low, high = (reader.number(row, name) for name in ("lowest", "highest"))
    ends = [0 if low is None else plain(low), 1 if high is None else plain(high)]
    if not ends[0] < ends[1]:
        reader.fault(row, "highest", f"found {ends[1]:g}", f"expected more than lowest, {ends[0]:g}")
        return
    if "lever_name" in row.cells:
        lever["name"] = row.cells["lever_name"]
    if "held_by" in row.cells:
        lever["held_by"] = _actors(reader.draft, row.line, "Levers.held_by", row.cells["held_by"])
    level = reader.quantity(row, "level", *ends)
    if level is not None:
        lever["level"] = _noted(reader, row, level)
    lever["limits"] = ends


def _bite(reader: Reader, row: Row, lever: dict[str, Any]) -> None:
    who = _actors(reader.draft, row.line, "Levers.actor", row.cells["actor"])
    if len(who) != 1:
        if who:
            reader.fault(row, "actor", f"found {row.cells['actor'][:40]}", "expected one actor a row")
        return
    bites = lever.setdefault("bite", {})
    if who[0] in bites:
        reader.fault(row, "actor", f"found {row.cells['actor'][:40]} a second time", "expected each actor once a lever")
    bite = reader.quantity(row, "bite")
    if bite is not None:
        bites[who[0]] = _noted(reader, row, bite)
    elif not reader.draft.faults:
        reader.fault(row, "bite", "found nothing", "expected what the lever costs the actor at full level")


def _noted(reader: Reader, row: Row, value: Any) -> Any:
    """A number or range with the sources and the reason of its row."""
    noted = {"cite": cites_of(reader.draft, row), "because": row.cells.get("because")}
    there = {name: part for name, part in noted.items() if part}
    return {**(value if isinstance(value, dict) else {"value": value}), **there} if there else value


# --- out -----------------------------------------------------------------------------------------------------------


def talks_of(leaving: Leaving) -> dict[str, Any]:
    """The rows of the sheet Talks of a situation; none where it has no talks."""
    now = leaving.situation
    talks = now.scenario.data.get("talks")
    if not talks or not now.required:
        return {}
    found: dict[str, Any] = {"required": "; ".join(now.required), "excluded": "; ".join(talks.get("excluded", ()))}
    found |= {"mediator": talks.get("mediator", ""), "deadline": leaving.one("talks.deadline")}
    return {name: value for name, value in found.items() if value}


def lever_rows(leaving: Leaving) -> Iterator[dict[str, Any]]:
    """The rows of the sheet Levers of a situation: of a lever that bites, its own and one for each actor that it bites."""
    now = leaving.situation
    data = now.scenario.data.get("levers", {})
    for lever in now.levers:
        entry, path = data[lever.id], f"levers.{lever.id}"
        if not entry.get("bite"):
            continue
        low, high = (plain(end) for end in lever.limits)
        own = {
            "lever": lever.id,
            "lever_name": entry.get("name"),
            "held_by": "; ".join(entry.get("held_by", ())) or None,
        }
        own |= {"lowest": low, "highest": high, **leaving.quantity(f"{path}.level", "level")}
        yield {**own, **leaving.source(f"{path}.level")}
        for actor in entry.get("bite", {}):
            bite = leaving.quantity(f"{path}.bite.{actor}", "bite")
            yield {"lever": lever.id, "actor": actor, **bite, **leaving.source(f"{path}.bite.{actor}")}


def left(leaving: Leaving) -> tuple[str, ...]:
    """What the two sheets cannot hold of a situation's talks and levers, a clause each."""
    now = leaving.situation
    talks, levers = now.scenario.data.get("talks") or {}, now.scenario.data.get("levers") or {}
    found = []
    if set(talks) - set(TALKS):
        found.append("of the talks all but who must come, who is left out, who mediates and the deadline")
    if any(levers[lever.id].get("raises") for lever in now.levers):
        found.append("what levers add to other numbers but costs")
    if only := [lever.id for lever in now.levers if not levers[lever.id].get("bite")]:
        found.append(f"levers that bite nobody: {', '.join(only)}")
    if len(levers) > len(now.levers):
        found.append("levers that are not in force on the day")
    return tuple(found)
