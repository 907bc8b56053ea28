"""How people name a number, ``stances.us.transition.position``, and where in the data it stands on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detente.scenario.checking import day_of
from detente.scenario.fields import RESOLVE_FIELDS, SHARED_KINDS, TALKS_FIELDS
from detente.scenario.nodes import Path, dotted

_LISTED = ("stances", "ties")  # parts that are lists in the file and go by actors in paths


def records(part: Any) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """The members of a list or mapping that are mappings themselves, each with its index or key; none of other data.

    >>> list(records([{"a": 1}, "text"]))
    [(0, {'a': 1})]
    """
    members = part.items() if isinstance(part, Mapping) else enumerate(part) if isinstance(part, list) else ()
    for key, member in members:
        if isinstance(member, Mapping):
            yield key, member


def share_path(source: str, target: str, kind: str) -> str:
    """The path of a tie's share.

    >>> share_path("iran", "damascus", "influences")
    'ties.iran.damascus.influences.share'
    """
    return f"{_tie(source, target, kind)}.share"


def _tie(source: Any, target: Any, kind: Any) -> str:
    return f"ties.{source}.{target}" if kind == "backs" else f"ties.{source}.{target}.{kind}"


def statement_name(index: int, entry: Any) -> str:
    """What a statement of a decision maker goes by in paths: its id, else its place in the list, from 1.

    >>> statement_name(2, "-escalate"), statement_name(2, {"id": "war", "statement": "-escalate"})
    ('3', 'war')
    """
    id_ = entry.get("id") if isinstance(entry, Mapping) else None
    return id_ if isinstance(id_, str) else str(index + 1)


def statement_index(names: Sequence[str], written: Any) -> int | None:
    """The statement that an id or a number, from 1, means among statements of these names; None where there is none."""
    if str(written) in names:
        return names.index(str(written))
    number = int(written) if str(written).isdecimal() else 0
    return number - 1 if 1 <= number <= len(names) else None


def statement_place(data: Mapping[str, Any], maker: str, name: str) -> Path:
    """Where in the data a decision maker's statement stands. Raises LookupError where there is none of that name."""
    entries = data["game"]["preferences"][maker]["priorities"]
    index = [statement_name(i, entry) for i, entry in enumerate(entries)].index(name)
    return ("game", "preferences", maker, "priorities", index)


def named(data: Mapping[str, Any], place: Path) -> str:
    """The path by which people name what stands at a place in the data.

    >>> named({}, ("actors", "iran", "resolve", "audience_cost"))
    'actors.iran.audience_cost'
    """
    if len(place) > 3 and place[0] == "actors":
        return dotted(tuple(part for part in place if part != "resolve"))
    if place[:2] == ("game", "preferences") and len(place) > 4 and place[3] == "priorities":
        try:
            name = statement_name(place[4], data["game"]["preferences"][place[2]]["priorities"][place[4]])
        except (LookupError, TypeError):
            return dotted(place)
        return ".".join(("game.preferences", str(place[2]), name, *map(str, place[5:])))
    if len(place) > 1 and place[0] in _LISTED:
        try:
            record = data[place[0]][place[1]]
            if place[0] == "stances":
                head = f"stances.{record['actor']}.{record['issue']}"
            else:
                head = _tie(record["from"], record["to"], record["kind"])
        except (LookupError, TypeError):
            return dotted(place)
        return ".".join((head, *map(str, place[2:])))
    return dotted(place)


def numeric_paths(data: Mapping[str, Any]) -> list[str]:
    """Every path of a number that the file has or could have on some day: what other numbers may refer to."""
    found: list[str] = []
    for actor, _ in records(data.get("actors")):
        found += [f"actors.{actor}.{name}" for name in ("capability", *RESOLVE_FIELDS)]
    found += [f"issues.{issue}.status_quo" for issue, _ in records(data.get("issues"))]
    for _, stance in records(data.get("stances")):
        found += [f"stances.{stance.get('actor')}.{stance.get('issue')}.{part}" for part in ("position", "salience")]
    for _, tie in records(data.get("ties")):
        if tie.get("kind") in SHARED_KINDS:
            found.append(f"{_tie(tie.get('from'), tie.get('to'), tie.get('kind'))}.share")
    for lever, entry in records(data.get("levers")):
        found.append(f"levers.{lever}.level")
        for part in ("bite", "raises"):
            if isinstance(entry.get(part), Mapping):
                found += [f"levers.{lever}.{part}.{key}" for key in entry[part]]
    if isinstance(data.get("talks"), Mapping):
        found += [f"talks.{name}" for name in TALKS_FIELDS]
    for model, options in records(data.get("models")):
        found += [f"models.{model}.{option}" for option in options]
    return list(dict.fromkeys(found + _game_paths(data)))


def _game_paths(data: Mapping[str, Any]) -> list[str]:
    """The numbers of the game: probabilities of statements, and which of rival orders holds."""
    game = data.get("game")
    found = []
    for maker, preference in records(game.get("preferences") if isinstance(game, Mapping) else None):
        for index, entry in records(preference.get("priorities")):
            if entry.get("probability") is not None:
                found.append(f"game.preferences.{maker}.{statement_name(index, entry)}.probability")
        if preference.get("orders") is not None:
            found.append(f"game.preferences.{maker}.order")
    return found


def in_force(record: Mapping[str, Any], day: dt.date) -> bool:
    """Whether a tie or lever holds on a day, its first and last day included."""
    since, until = day_of(record.get("since")), day_of(record.get("until"))
    return (since is None or since <= day) and (until is None or day <= until)


def stance_index(data: Mapping[str, Any], actor: str, issue: str, day: dt.date) -> int | None:
    """Where in the list the stance in force on a day stands: the last that began by then; None without one."""
    begun = [
        (since, index)
        for index, stance in records(data.get("stances"))
        if (stance.get("actor"), stance.get("issue")) == (actor, issue)
        and (since := day_of(stance.get("since"))) is not None
        and since <= day
    ]
    return max(begun)[1] if begun else None


def tie_index(data: Mapping[str, Any], source: str, target: str, kind: str, day: dt.date) -> int | None:
    """Where in the list the tie in force on a day stands; None without one."""
    for index, tie in records(data.get("ties")):
        if (tie.get("from"), tie.get("to"), tie.get("kind")) == (source, target, kind) and in_force(tie, day):
            return index
    return None
