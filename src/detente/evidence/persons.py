"""Who is in a document: its people from every place that names them, with their offices, and for whom they act."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from detente.evidence.gazetteer import (
    ARMED,
    CAPITAL,
    PEOPLE,
    STATE,
    Gazetteer,
    Known,
    adjectives,
    gazetteer,
    known_as,
    people,
    rows,
    surnames,
)
from detente.evidence.mentions import OF_ORGANISATION, Mention, Words, mentions, words_of_text

LEADING = ("head of state", "head of government", "monarch")
PLACES = (STATE, PEOPLE, CAPITAL, "body")
MOST = 60  # mentions or people that are weighed for one
APPOSED = re.compile(
    r"\s*,\s*(?:(?:the|a|an|his|her|its|their|who is|who was)\s+(?:(?!said|says|told)[a-z-]{1,20}\s+){0,2})?(?:former\s+)?"
)
SPOKEN_FOR = re.compile(r"\s+(?:for|of|from|at)\s+(?:the\s+)?")
CONFLICT = frozenset("conflict war crisis uprising revolt insurgency fighting peace civil rebellion unrest".split())


@dataclass(eq=False)
class Person:
    """Somebody whom a document names: the fullest name, and what it says of them."""

    name: tuple[str, ...]
    first: Mention
    genders: Counter[str] = field(default_factory=Counter)
    roles: dict[str, str] = field(
        default_factory=dict
    )  # the role, and whom it speaks for: "state", "body", "side", "self"
    of: Counter[Known] = field(default_factory=Counter)
    of_person: Person | None = None
    mentions: list[Mention] = field(default_factory=list)

    @property
    def called(self) -> str:
        """The name as it is written."""
        joined = " ".join(self.name)
        return re.sub(r" ?([-'.]) ?", r"\1", joined).replace(".", ". ").replace("  ", " ").strip()

    @property
    def certain(self) -> bool:
        """Whether it is a person for sure: a full name, a title or an office, and not one capitalised word."""
        return len(self.name) > 1 or bool(self.genders) or bool(self.roles)

    @property
    def gender(self) -> str:
        """ "he", "she" or "" where the text does not say and the first name does not either."""
        told = [(count, gender) for gender, count in self.genders.items() if gender]
        if told:
            return max(told)[1]
        return _gender_of(self.name[0]) if len(self.name) > 1 else _famous_genders().get(self.name[0], "")


@cache
def _first_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for gender, names in rows("first_names"):
        found |= {name: "" if found.get(name, gender) != gender else gender for name in names.split(",")}
    return found


@cache
def _famous_genders() -> dict[str, str]:
    """The gender of a widely known surname, where all who bear it there have the same."""
    found: dict[str, str] = {}
    for name in people():
        surname, gender = name.split()[-1].split("-")[-1], _gender_of(name.split()[0])
        found[surname] = gender if found.get(surname, gender) == gender else ""
    return found


def _gender_of(name: str) -> str:
    return _first_names().get(name, "")


def is_organisation(name: Sequence[str]) -> bool:
    """Whether a run of capitalised words is a body's name and no person's."""
    return any(word.lower() in OF_ORGANISATION for word in name)


class People:
    """The people of one document, and the state whose conflict it is about.

    A surname belongs to the full name that was told before it; "the US secretary of state" to whoever holds that office.
    """

    def __init__(self, text: str, names: Gazetteer | None = None) -> None:
        self.text = text
        self.names = names or gazetteer()
        self.words: Words = words_of_text(text)
        self.mentions: list[Mention] = mentions(self.words, self.names)
        self.people: list[Person] = []
        self.by_surname: dict[str, list[Person]] = {}
        self._by_first: dict[str, Person] = {}
        self._by_role: dict[str, list[Person]] = {}
        self._of: dict[Mention, Person] = {}
        self._gather()
        self._bind()
        self.conflict: str | None = self._conflict()

    def _gather(self) -> None:
        """A person a full name, and every later surname with its person."""
        named = [one for one in self.mentions if one.person and not is_organisation(one.person)]
        for one in sorted(named, key=lambda m: (len(m.person) == 1, m.start)):
            person = self._person(one)
            person.mentions.append(one)
            self._of[one] = person
            if one.gender:
                person.genders[one.gender] += 3
            self._learn(person, one)
        for person in self.people:
            if not person.of and (side := self._famous(person)):
                person.of[side] += 1
            person.mentions.sort(key=lambda m: m.start)
            person.first = person.mentions[0]

    def _person(self, one: Mention) -> Person:
        surname = one.person[-1].lower()
        same = [p for p in self.by_surname.get(surname, []) if self._compatible(p.name, one.person)]
        if not same and len(one.person) == 1:  # "Xi" of "Xi Jinping", or a first name
            same = [self._by_first[one.person[0]]] if one.person[0] in self._by_first else []
        if same:
            # Of two with the same surname the one named last before.
            before = [p for p in same if p.mentions and p.mentions[0].start <= one.start]
            return (before or same)[-1]
        person = Person(one.person, one)
        self.people.append(person)
        if len(one.person) > 1:
            self._by_first[one.person[0]] = person
        self.by_surname.setdefault(surname, []).append(person)
        return person

    @staticmethod
    def _compatible(full: Sequence[str], other: Sequence[str]) -> bool:
        if len(other) == 1 or len(full) == 1:
            return True
        return full[0] == other[0] or (full[0][0] == other[0][0] and 1 in (len(full[0]), len(other[0])))

    @staticmethod
    def _famous(person: Person) -> Known | None:
        """Whom somebody widely known acts for, by the full name, or by a surname with a title or an office."""
        state = people().get(person.called)
        if state is None and len(person.name) == 1 and person.certain:
            state = surnames().get(person.name[0])
        return known_as().get(state) if state else None

    def _learn(self, person: Person, one: Mention) -> None:
        """What a mention of somebody says of them."""
        if one.role and one.role not in person.roles:
            person.roles[one.role] = one.speaks_for
            self._by_role.setdefault(one.role, []).append(person)
        for known in one.of:
            if known.kind != "media":
                person.of[known] += 1
        if one.of_person:
            owners = self.by_surname.get(one.of_person[-1].lower(), [])
            if owners and owners[0] is not person:
                person.of_person = owners[0]
            elif not owners and one.role:  # "the Unity leader": a party that no table knows
                person.of[Known(" ".join(one.of_person), "party")] += 1

    def _bind(self) -> None:
        """Offices that stand beside a name, and those that only one person can hold."""
        for at, (one, other) in enumerate(zip(self.mentions, self.mentions[1:], strict=False)):
            gap = self.text[one.end : other.start]
            if one.sentence != other.sentence or len(gap) > 40:
                continue
            pair = (one, other) if one in self._of else (other, one) if other in self._of else None
            if (
                pair
                and pair[1].role
                and not pair[1].person
                and (APPOSED.fullmatch(gap) or (pair[0] is one and gap == ": "))
            ):
                self._hold(self._of[pair[0]], pair[1])
            elif one.role and not one.person and SPOKEN_FOR.fullmatch(gap):
                self._hold_for(at, one, other)
        self._bind_headline()
        self._bind_spokesmen()
        for one in self.mentions:
            if one.role and not one.person and one not in self._of and not one.role_words.endswith("s"):
                fit = self._holders(one)
                if len(fit) == 1:
                    self._hold(fit[0], one)

    def _bind_headline(self) -> None:
        """ "John Kerry: ..., says US Secretary of State": the name before the colon holds the office after it."""
        for at, one in enumerate(self.mentions):
            if not (one.subject and one in self._of and self.text[one.end : one.end + 1] == ":"):
                continue
            for office in self.mentions[at + 1 : at + MOST]:
                words = self.text[max(0, office.start - 12) : office.start].split()
                if office.sentence != one.sentence:
                    break
                if office.role and not office.person and words and words[-1] in ("says", "say", "said"):
                    self._hold(self._of[one], office)

    def _bind_spokesmen(self) -> None:
        """ "The State Department ... Spokesman John Kirby said": an unnamed body's spokesman is that of the body just before."""
        for at, one in enumerate(self.mentions):
            person = self._of.get(one)
            if person is None or one.role not in ("spokesman", "official") or person.of or person.of_person:
                continue
            for other in reversed(self.mentions[max(0, at - 12) : at]):
                if one.sentence - other.sentence > 1:
                    break
                if other.known and other.known.kind in ("body", "igo", "ngo", ARMED) and not other.place:
                    person.of[other.known] += 1
                    break

    def _hold(self, person: Person, office: Mention) -> None:
        self._of[office] = person
        self._learn(person, office)

    def _hold_for(self, at: int, office: Mention, whose: Mention) -> None:
        """ "A spokesman for the Sudanese army": what follows says for whom an office speaks."""
        known = whose.known or (whose.of[0] if whose.of else None)
        if known is not None:
            self.mentions[at] = Mention(
                office.start, whose.end, office.sentence, role=office.role, role_words=office.role_words,
                speaks_for=office.speaks_for, of=(*office.of, known), side=whose.side, noun=whose.noun, subject=office.subject,
            )  # fmt: skip

    def _holders(self, office: Mention) -> list[Person]:
        """Those who may hold an office: named with it, and of no other state or body."""
        asked = {state_of(known) for known in office.of}
        short = [] if str(office.role) in self._by_role else self._called_short(office)
        by_role = self._by_role.get(str(office.role), short)
        if office.role_words == "leader" and asked:  # "the Ukrainian leader" is its president
            by_role = [*by_role, *(p for role in LEADING for p in self._by_role.get(role, []))]
        fit = []
        for person in by_role[:MOST]:
            of = {state_of(known) for known in person.of}
            # "The Sinn Féin president" is no president of a state.
            if asked and office.office_of_state and not asked & of and any(k.kind not in PLACES for k in office.of):
                continue
            if not short and office.role not in person.roles and not asked & of:
                continue
            if not asked or not of or asked & of:
                fit.append((bool(asked & of), person))
        best = max((sure for sure, _ in fit), default=False)
        return [person for sure, person in fit if sure == best]

    def _called_short(self, office: Mention) -> list[Person]:
        """Those named before with an office of which this is the last word: "the minister" after "Foreign Minister Lena Maro"."""
        ending = f" {office.role}"
        roles = [people for role, people in self._by_role.items() if role.endswith(ending)]
        return [person for people in roles for person in people if person.first.start < office.start]

    def _conflict(self) -> str | None:
        """The state whose war the document is about: "the Syrian conflict", else the one named most with a side."""
        near: Counter[str] = Counter()
        for one in self.mentions:
            known = one.known or (one.of[0] if one.of else None)
            if known is None or not known.state or known.kind not in (STATE, PEOPLE, ARMED):
                continue
            following = self.text[one.end : one.end + 40].lower().split()[:2]
            near[known.state] += 4 * any(word.strip(".,;") in CONFLICT for word in following)
            near[known.state] += 2 * (one.side in ("government", "opposition", "rebels", "army")) + (
                known.kind == ARMED
            )
            near[known.state] += 3 * (
                self.text[max(0, one.start - 12) : one.start].lower().endswith(("war in ", "conflict in "))
            )
        if not near or not max(near.values()):
            return None
        return max(near, key=lambda state: near[state])

    def represented(self, person: Person, depth: int = 3) -> str | None:
        """For whom somebody speaks: the state of an office, the body or group they belong to; None for an expert."""
        if person.roles and all(speaks == "self" for speaks in person.roles.values()):
            return None
        if person.of:
            known = max(person.of, key=lambda one: (one.kind in ("igo", ARMED, "body"), person.of[one]))
            return known.state if known.kind == "body" and known.state else known.name
        if person.of_person and depth:
            return self.represented(person.of_person, depth - 1) or person.of_person.called
        if (
            "rebel leader" in person.roles
            and self.conflict
            and any(one.role_words.startswith("opposition") for one, p in self._of.items() if p is person)
        ):
            return f"{adjective_of(self.conflict)} opposition"
        return None


def state_of(known: Known) -> str:
    """The state of a name that belongs to one, a group's own name otherwise."""
    return known.name if known.kind == ARMED else known.state or known.name


def adjective_of(state: str) -> str:
    """The adjective of a state, its name where none is known: "Syrian"."""
    return adjectives().get(state, state)
