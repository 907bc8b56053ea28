"""Names that are known beforehand: states with their peoples and capitals, organisations, armed groups, and roles.

The tables in ``data/`` are typed for this program from common knowledge: names, no judgements. A scenario's own aliases go before
all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources

from detente.evidence.windows import tokens

STATE, PEOPLE, CAPITAL = "state", "people", "capital"
ARMED, ALIAS = "group", "alias"
# Names that are also words or are short: they count in their own capitals only, which all of them do; these not even there
# where a whole line is in capitals.
SHOUTED = frozenset({"IS", "US", "WHO", "AP", "AU", "EC", "ETA", "DR"})


@dataclass(frozen=True, slots=True)
class Known:
    """A name: its canonical form, what it is, and the state that it speaks or fights for or in.

    ``kind`` is "state", "people", "capital", "igo", "ngo", "body", "media", "group" or "alias"; ``id`` is the scenario's actor of an
    alias.
    """

    name: str
    kind: str
    state: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """An office or a standing: ``speaks_for`` is "state", "body", "side" or "self"."""

    name: str
    sector: str
    speaks_for: str


Words = tuple[str, ...]


@dataclass(frozen=True)
class Gazetteer:
    """Known names by their words, the longest first. `with_aliases` adds a scenario's: their first form is the actor's name."""

    names: Mapping[str, Sequence[tuple[Words, Known]]]
    aliases: Mapping[str, Sequence[tuple[Words, Known]]] = field(default_factory=dict)

    def at(self, words: Sequence[str], place: int) -> tuple[int, Known] | None:
        """The longest name of the tables that starts at word `place`, and how many words it has."""
        return _longest(self.names, words, place)

    def alias_at(self, words: Sequence[str], place: int) -> tuple[int, Known] | None:
        """The same for the scenario's aliases."""
        return _longest(self.aliases, words, place)

    def alias(self, name: str | None) -> str | None:
        """The scenario's actor of which `name` is an alias, whatever its capitals."""
        return self._folded.get(_folded(name)) if name else None

    @cached_property
    def _folded(self) -> Mapping[str, str]:
        rows = (row for table in self.aliases.values() for row in table)
        return {_folded(" ".join(words)): known.id for words, known in rows if known.id}

    def with_aliases(self, aliases: Mapping[str, Iterable[str]]) -> Gazetteer:
        """This one with a scenario's actors: their names and aliases by their ids."""
        found = []
        for actor, forms in aliases.items():
            called = list(forms)
            found += [(tuple(split(form)), Known(called[0], ALIAS, id=actor)) for form in called]
        return replace(self, aliases=_by_first([one for one in found if one[0]]))


def _longest(
    table: Mapping[str, Sequence[tuple[Words, Known]]], words: Sequence[str], place: int
) -> tuple[int, Known] | None:
    for name, known in table.get(words[place], ()):
        if tuple(words[place : place + len(name)]) == name:
            return len(name), known
    return None


def _folded(name: str) -> str:
    words = split(name.lower())
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def split(text: str) -> list[str]:
    """A name in the words that a text is cut into, apostrophes alike.

    >>> split("Lord’s Resistance Army"), split("U.S.")
    (['Lord', "'", 's', 'Resistance', 'Army'], ['U', '.', 'S', '.'])
    """
    return [text[a:b].replace("’", "'") for a, b in tokens(text)]


def _by_first(entries: Iterable[tuple[Words, Known]]) -> dict[str, list[tuple[Words, Known]]]:
    table: dict[str, list[tuple[Words, Known]]] = {}
    for words, known in entries:
        table.setdefault(words[0], []).append((words, known))
    for rows in table.values():
        rows.sort(key=lambda row: -len(row[0]))
    return table


def rows(name: str) -> list[list[str]]:
    """The lines of a table in ``data/``, in columns."""
    text = (resources.files("detente.evidence") / "data" / f"{name}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def _listed(cell: str) -> list[str]:
    return [part for part in cell.split(",") if part]


@cache
def gazetteer() -> Gazetteer:
    """All names of the tables."""
    found: list[tuple[str, Known]] = []
    for row in rows("countries"):
        _, name, others, people, capitals = (row + [""] * 5)[:5]
        found += [(form, Known(name, STATE, name)) for form in (name, *_listed(others))]
        found += [(form, Known(name, PEOPLE, name)) for form in _listed(people)]
        found += [(form, Known(name, CAPITAL, name)) for form in _listed(capitals)]
    for row in rows("organisations"):
        kind, name, others, state = (row + [""] * 4)[:4]
        found += [(form, Known(name, kind, state or None)) for form in (name, *_listed(others))]
    for row in rows("groups"):
        name, others, state = (row + [""] * 3)[:3]
        found += [(form, Known(name, ARMED, state or None)) for form in (name, *_listed(others))]
    return Gazetteer(_by_first((tuple(split(form)), known) for form, known in found))


@cache
def adjectives() -> dict[str, str]:
    """The adjective of each state: "Syria" is "Syrian"."""
    return {row[1]: (_listed(row[3]) or [row[1]])[0] for row in (line + [""] * 5 for line in rows("countries"))}


@cache
def codes() -> dict[str, str]:
    """The code of three letters (ISO 3166-1, and XKX for Kosovo) of each state."""
    return {row[1]: row[0] for row in rows("countries")}


@cache
def people() -> dict[str, str]:
    """Whom widely known people act for, by their full names."""
    return {name: state for state, names in rows("people") for name in _listed(names)}


@cache
def surnames() -> dict[str, str]:
    """The same by surname, where all of one surname act for the same."""
    found: dict[str, set[str]] = {}
    for name, state in people().items():
        found.setdefault(name.split()[-1].split("-")[-1], set()).add(state)
    return {surname: next(iter(states)) for surname, states in found.items() if len(states) == 1}


@cache
def known_as() -> dict[str, Known]:
    """Every known name by its canonical form."""
    return {
        known.name: known
        for entries in gazetteer().names.values()
        for _, known in entries
        if known.kind != PEOPLE and known.kind != CAPITAL
    }


@cache
def roles() -> dict[str, list[tuple[Words, Role]]]:
    """Roles by the first of their words, in lower case, the longest first."""
    table: dict[str, list[tuple[Words, Role]]] = {}
    for name, words, sector, speaks_for in rows("roles"):
        for form in _listed(words):
            table.setdefault(split(form.lower())[0], []).append(
                (tuple(split(form.lower())), Role(name, sector, speaks_for))
            )
    for entries in table.values():
        entries.sort(key=lambda row: -len(row[0]))
    return table


def role_at(words: Sequence[str], place: int) -> tuple[int, Role] | None:
    """The longest role that starts at word `place` of words in lower case, and how many words it has."""
    for form, role in roles().get(words[place], ()):
        if tuple(words[place : place + len(form)]) == form:
            return len(form), role
    return None
