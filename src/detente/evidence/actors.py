"""Whom a text means: names, roles, pronouns and places followed back to one actor, with how and how surely.

A document's people are gathered first, from every place that names them, with their offices and states ("secretary of state John
Kerry" and "the US secretary of state" are one). A stretch of text is then resolved against them. Nobody is guessed: where no
candidate is as sure as `SURE`, the candidates are listed instead.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from detente.evidence.findings import SURE, Actor
from detente.evidence.gazetteer import (
    ALIAS,
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
from detente.evidence.mentions import OF_ORGANISATION, Mention, Words, between, mentions, words_of_text
from detente.evidence.quotes import Quote, quotes
from detente.evidence.windows import Span

LEADING = ("head of state", "head of government", "monarch")
PLACES = (STATE, PEOPLE, CAPITAL, "body")
MOST = 60  # mentions or people that are weighed for one
BACK = 6  # sentences within which a pronoun's antecedent is looked for
APPOSED = re.compile(
    r"\s*,\s*(?:(?:the|a|an|his|her|its|their|who is|who was)\s+(?:(?!said|says|told)[a-z-]{1,20}\s+){0,2})?(?:former\s+)?"
)
SPOKEN_FOR = re.compile(r"\s+(?:for|of|from|at)\s+(?:the\s+)?")
CONFLICT = frozenset("conflict war crisis uprising revolt insurgency fighting peace civil rebellion unrest".split())
DETERMINER = re.compile(r"\A(?:the|a|an|this|that|some|one|two|three|several|many|senior|another)\s+", re.IGNORECASE)
PARTED = re.compile(r"[,;:()“”\"]|\b(?:who|of|for|with|and|in|at|to|from|by|on)\b")
OBJECTS = frozenset("him her them".split())
# Where the words of a source say that nobody who could speak is meant.
EVENTS = frozenset(
    "conflict war crisis fighting violence talks attack rise fall year day move deal offensive bombing".split()
)


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


@dataclass(frozen=True)
class Said:
    """A statement that was resolved: where its cue and content stand, and who spoke."""

    place: int
    content: tuple[Span, ...]
    actor: Actor


class Cast:
    """The actors of one document. `resolve` says whom a stretch of it means.

    `names` are the known names, with a scenario's aliases where there is one.

    >>> text = "Mr Orlov met Russian President Igor Petrov. The Russian president said no."
    >>> who = Cast(text).resolve((44, 65))
    >>> who.name, who.represents, who.method, who.confidence
    ('Igor Petrov', 'Russia', 'role', 0.9)
    """

    def __init__(self, text: str, names: Gazetteer | None = None) -> None:
        self.text = text
        self.names = names or gazetteer()
        self.words: Words = words_of_text(text)
        self.mentions: list[Mention] = mentions(self.words, self.names)
        self.quotes: list[Quote] = quotes(text)
        self.people: list[Person] = []
        self.by_surname: dict[str, list[Person]] = {}
        self.said: list[Said] = []
        self._pieces: list[tuple[int, int, int]] = []  # of what was said: start, end, which
        self._by_first: dict[str, Person] = {}
        self._by_role: dict[str, list[Person]] = {}
        self._of: dict[Mention, Person] = {}
        self._actors: dict[Mention, Actor] = {}
        self._gather()
        self._bind()
        self.conflict: str | None = self._conflict()

    # Who is there

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
        asked = {_of(known) for known in office.of}
        by_role = self._by_role.get(str(office.role), [])
        if office.role_words == "leader" and asked:  # "the Ukrainian leader" is its president
            by_role = [*by_role, *(p for role in LEADING for p in self._by_role.get(role, []))]
        fit = []
        for person in by_role[:MOST]:
            of = {_of(known) for known in person.of}
            # "The Sinn Féin president" is no president of a state.
            if asked and office.office_of_state and not asked & of and any(k.kind not in PLACES for k in office.of):
                continue
            if office.role not in person.roles and not asked & of:
                continue
            if not asked or not of or asked & of:
                fit.append((bool(asked & of), person))
        best = max((sure for sure, _ in fit), default=False)
        return [person for sure, person in fit if sure == best]

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

    # Whom a stretch of text means

    def resolve(self, span: Span, *, content: Sequence[Span] = (), speaking: bool = False) -> Actor:
        """Whom the characters `span` mean.

        `content` is that of the statement whose source is asked for: whom it speaks of is less likely to be the speaker.
        `speaking` prefers who can speak over a place.
        """
        first = bisect.bisect_right(self.mentions, span[0], key=lambda m: m.end)
        last = bisect.bisect_left(self.mentions, span[1], key=lambda m: m.start)
        inside = self.mentions[first : min(last, first + MOST)]
        if not inside:
            return self._described(span, self.text[slice(*span)])
        return self.actor(self._head(inside, speaking), content=content, speaking=speaking)

    def _head(self, inside: Sequence[Mention], speaking: bool) -> Mention:
        """Of several mentions in a phrase the one it is about: a person, an office, then the first."""
        if speaking:
            inside = [
                one for one in inside if not (one.known and one.known.kind == "media" and len(inside) > 1)
            ] or inside

        def rank(one: Mention) -> int:
            if one.place or one.pronoun or self.text[one.end : one.end + 1] == "-":  # "the Saudi-backed government"
                return 3
            return 0 if one.person else 1 if one.role else 2

        best = min(inside, key=rank)
        for other in inside:
            # "Clinton campaign manager Jennifer Hale": the name that the phrase ends with.
            if (
                best.person
                and other.person
                and other.start > best.end
                and not PARTED.search(self.text[best.end : other.start])
            ):
                best = other
        return best

    def actor(self, one: Mention, *, content: Sequence[Span] = (), speaking: bool = False) -> Actor:
        """Whom a mention means; `speaking` says that it stands where a speaker does."""
        if one.pronoun:
            return self._pronoun(one, content)
        if one in self._of:
            return self._identified(one, self._of[one], speaking)
        if one.person:
            return self._organisation(one)
        if one.role:
            return self._office(one)
        if one.side:
            return self._side(one)
        assert one.known is not None
        return self._known(one, one.known)

    def _made(
        self, one: Mention, name: str | None, method: str, confidence: float, *, represents: str | None = None,
        antecedent: Span | None = None, kind: str = "unknown", candidates: Sequence[str] = (), id: str | None = None,
    ) -> Actor:  # fmt: skip
        words = self.text[one.start : one.end]
        alias = None if one.pronoun else self.names.alias(words)
        known = id or alias or self.names.alias(name) or self.names.alias(represents)
        if alias:
            method, confidence = "alias", max(confidence, 0.95)
        if confidence < SURE:
            candidates = [name, *candidates] if name else list(candidates)
            return Actor(None, one.span, method, confidence, candidates=tuple(dict.fromkeys(candidates)), kind=kind)
        return Actor(name, one.span, method, confidence, represents, known, antecedent, tuple(candidates), kind)

    def _identified(self, one: Mention, person: Person, speaking: bool = False) -> Actor:
        called, first = person.called, person.first
        antecedent = None if first.start == one.start else first.span
        represents = self.represented(person)
        if not one.person:
            stated = any(known in person.of for known in one.of) and len(person.of) >= 1
            return self._made(
                one, called, "role", 0.9 if stated and one.of else 0.8, represents=represents, antecedent=antecedent or first.span,
                kind="person",
            )  # fmt: skip
        if len(one.person) > 1:
            return self._made(one, called, "name", 0.95, represents=represents, antecedent=antecedent, kind="person")
        rivals = [p for p in self.by_surname.get(one.person[-1].lower(), []) if p is not person]
        method = "title" if one.gender or one.role else "surname"
        # One capitalised word without a title may be a place; where a speaker stands it seldom is.
        sure = 0.9 if person.certain else 0.65 if speaking else 0.5
        if rivals and not one.role:
            fitting = [p for p in (person, *rivals) if not one.gender or p.gender in ("", one.gender)]
            if len(fitting) > 1:
                # Of two with the surname the one whom the document is about, if it is about one of them.
                count = {id(p): len(p.mentions) for p in fitting}
                sure = (
                    0.75
                    if count.get(id(person), 0) >= 3 * max(count[id(p)] for p in fitting if p is not person)
                    else 0.55
                )
            elif fitting:
                person = fitting[0]
                called, represents = person.called, self.represented(person)
        return self._made(
            one, called, method, sure, represents=represents, antecedent=antecedent, kind="person",
            candidates=[p.called for p in rivals],
        )  # fmt: skip

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
            return f"{_adjective(self.conflict)} opposition"
        return None

    def _organisation(self, one: Mention) -> Actor:
        name = " ".join(one.person).replace(" - ", "-").replace(" ' s", "'s")
        state = one.of[0].state if one.of else None
        return self._made(one, name, "organisation", 0.7, represents=state, kind="organisation")

    def _office(self, one: Mention) -> Actor:
        """An office whose holder the text does not name, or names more than one for."""
        words = DETERMINER.sub("", " ".join(self.text[one.start : one.end].split()))
        if not one.of:
            words = words.lower()  # "Envoy" at the start of a sentence is "envoy" within it
        holders = [p.called for p in self._holders(one)] if one.of or len(self.people) > 1 else []
        known = one.of[0] if one.of else None
        if one.speaks_for == "self":
            return self._made(one, words, "role", 0.7, kind="person")
        represents = self._for_whom(one, known)
        if len(holders) > 1 and not known:
            return self._made(one, None, "role", 0.4, candidates=holders, kind="person")
        sure = 0.8 if represents else 0.6
        return self._made(one, words, "role", sure, represents=represents, kind="person")

    def _for_whom(self, one: Mention, known: Known | None) -> str | None:
        if one.side and known:
            return self._side_name(one.side, known)
        if known is None:
            if one.role_words.startswith("opposition") and self.conflict:
                return f"{_adjective(self.conflict)} opposition"
            return None
        return known.state if known.kind == "body" and known.state else known.name

    def _side(self, one: Mention) -> Actor:
        """A people or a place with a noun: "Syrian rebels", "the Assad regime"; the noun alone is that of the conflict."""
        known = one.of[0] if one.of else None
        owner = next(iter(self.by_surname.get(one.of_person[-1].lower(), [])), None) if one.of_person else None
        if known is None and owner is not None:
            state = self.represented(owner) or self.conflict
            known = Known(state, STATE, state) if state else None
            if known is None:
                return self._made(
                    one, f"{owner.called}'s {one.noun}", "organisation", 0.65, kind="group", antecedent=owner.first.span
                )
        if known is None and one.of_person:  # "the Obama administration" where nothing else names him
            state = surnames().get(one.of_person[-1])
            if state is None:
                return self._made(one, f"{' '.join(one.of_person)} {one.noun}", "organisation", 0.65, kind="group")
            known = Known(state, STATE, state)
        side = str(one.side)
        if known is not None:
            name = self._side_name(side, known)
            state = known.state if side in ("government", "army", "parliament", "representatives") else None
            state = known.name if known.kind in ("igo", ARMED) else state
            antecedent = owner.first.span if owner else None
            return self._made(
                one,
                name,
                "demonym",
                0.85,
                represents=state if state != name else None,
                kind="group",
                antecedent=antecedent,
            )
        if self.conflict and side in ("government", "opposition", "rebels", "army"):
            state = self.conflict if side in ("government", "army") else None
            name = self._side_name(side, Known(self.conflict, STATE, self.conflict))
            return self._made(one, name, "role", 0.65, represents=state, kind="group")
        words = DETERMINER.sub("", " ".join(self.text[one.start : one.end].split())).lower()
        return self._made(one, words, "role", 0.6, kind="group")

    @staticmethod
    def _side_name(side: str, known: Known) -> str:
        if known.kind in ("igo", "ngo", ARMED, "body", ALIAS):
            return known.name
        if side == "representatives":
            return f"{_adjective(known.name)} representatives"
        return f"{_adjective(known.name)} {side}"

    def _known(self, one: Mention, known: Known) -> Actor:
        method, sure, kind = {
            STATE: ("name", 0.95, "state"),
            PEOPLE: ("demonym", 0.75, "people"),
            CAPITAL: ("metonym", 0.85, "state"),
            ARMED: ("name", 0.95, "armed group"),
            ALIAS: ("alias", 0.95, "actor"),
        }.get(known.kind, ("organisation", 0.9, known.kind))
        if one.place and known.kind == CAPITAL:
            sure = 0.5
        represents = known.state if known.kind == "body" else None
        return self._made(one, known.name, method, sure, represents=represents, kind=kind, id=known.id)

    def _described(self, span: Span, words: str) -> Actor:
        """Somebody whom no rule knows: named as the text has it, and not sure."""
        plain = DETERMINER.sub("", " ".join(words.split()))
        nobody = not plain or any(word.lower() in EVENTS for word in plain.split())
        return Actor(
            None,
            span,
            "role",
            0.2 if nobody else 0.4,
            candidates=(plain,) if plain else (),
            kind="event" if nobody else "unknown",
        )

    # Pronouns

    def _pronoun(self, one: Mention, content: Sequence[Span]) -> Actor:
        if one.pronoun in ("we", "i"):
            return self._speaking(one)
        scored = self._antecedents(one, content)
        if not scored:
            return Actor(None, one.span, "pronoun", 0.2, kind="person" if one.pronoun in ("he", "she") else "unknown")
        best, actor = scored[0]
        margin = best - scored[1][0] if len(scored) > 1 else 2.0
        sure = min(
            0.9 if margin >= 1.5 else 0.8 if margin >= 0.75 else 0.65 if margin >= 0.4 else 0.5, actor.confidence
        )
        names = [other.name for _, other in scored[1:4] if other.name]
        if sure < SURE:
            return Actor(None, one.span, "pronoun", sure, candidates=(str(actor.name), *names), kind=actor.kind)
        return Actor(
            actor.name,
            one.span,
            "pronoun",
            sure,
            actor.represents,
            actor.id,
            actor.antecedent or actor.span,
            tuple(names),
            actor.kind,
        )

    def _antecedents(self, one: Mention, content: Sequence[Span]) -> list[tuple[float, Actor]]:
        """The candidates for a pronoun, best first: near, a subject, the last speaker; not whom the content speaks of."""
        scores: dict[str, tuple[float, Actor]] = {}
        newer: set[str] = set()
        last = bisect.bisect_left(self.mentions, one.start, key=lambda m: m.start)
        for other in reversed(self.mentions[max(0, last - MOST) : last]):
            if one.sentence - other.sentence > BACK:
                break
            if other.pronoun or not self._agrees(one, other):
                continue
            actor = self._actors.get(other) or self._actors.setdefault(other, self.actor(other))
            if actor.name is None:
                continue
            spoke = any(said.actor.name == actor.name for said in self._last_said(one.start))
            # Whoever spoke last stands back behind a newer subject.
            weight = 0.5 if spoke and newer - {actor.name} else 1.5 * spoke
            if other.subject:
                newer.add(actor.name)
            score = -0.5 * (one.sentence - other.sentence)
            if self.text[one.start : one.end].lower() in OBJECTS:
                # "The envoy said that pressure would force him": seldom the one who speaks or acts.
                score -= 0.75 * other.subject + 0.75 * spoke
            else:
                within = any(a <= other.start < b for a, b in content)
                score += 0.75 * other.subject + weight - 0.75 * self.quoted(other.start) - 1.5 * within
            if actor.name not in scores or scores[actor.name][0] < score:
                scores[actor.name] = (score, actor)
        return sorted(scores.values(), key=lambda pair: -pair[0])

    def _agrees(self, one: Mention, other: Mention) -> bool:
        person = self._of.get(other)
        if one.pronoun in ("he", "she"):
            if person is None:
                return bool(other.role) and not other.role_words.endswith("s") and other.side is None
            return person.certain and person.gender in ("", one.pronoun)
        if person is not None or other.place or other.role:
            return False
        plural = other.side in ("rebels", "people", "representatives", "allies", "militia") or other.noun.endswith("s")
        if one.pronoun == "they":
            return plural or bool(other.known and other.known.kind in (ARMED, PEOPLE, ALIAS))
        return (
            not plural
            and bool(other.known or other.side or other.person)
            and not (other.known and other.known.kind == PEOPLE)
        )

    def _last_said(self, place: int) -> list[Said]:
        at = bisect.bisect_left(self.said, place, key=lambda said: said.place)
        return self.said[max(0, at - 1) : at]

    def _speaking(self, one: Mention) -> Actor:
        """ "We" and "I" in a quotation: whoever is quoted."""
        at = bisect.bisect_right(self._pieces, one.start, key=lambda piece: piece[0])
        for _, end, which in reversed(self._pieces[max(0, at - 8) : at]):
            said = self.said[which]
            if one.start < end and said.actor.name:
                name = (said.actor.represents or said.actor.name) if one.pronoun == "we" else said.actor.name
                represents = None if one.pronoun == "we" else said.actor.represents
                sure = min(0.8, said.actor.confidence)
                return Actor(
                    name,
                    one.span,
                    "pronoun",
                    sure,
                    represents,
                    said.actor.id,
                    said.actor.span,
                    (),
                    "state" if one.pronoun == "we" else said.actor.kind,
                )
        return Actor(None, one.span, "pronoun", 0.2)

    def heard(self, place: int, content: Sequence[Span], actor: Actor) -> None:
        """Remember who spoke, for the pronouns that follow and those within the content."""
        for start, end in content:
            bisect.insort(self._pieces, (start, end, len(self.said)))
        self.said.append(Said(place, tuple(content), actor))

    def quoted(self, place: int) -> bool:
        """Whether a character stands in quotation marks."""
        at = bisect.bisect_right(self.quotes, place, key=lambda quote: quote.start) - 1
        return at >= 0 and self.quotes[at].end > place

    def within(self, start: int, end: int) -> list[Mention]:
        """The mentions between two characters."""
        return list(between(self.mentions, start, end))


def _of(known: Known) -> str:
    """The state of a name that belongs to one, a group's own name otherwise."""
    return known.name if known.kind == ARMED else known.state or known.name


def _adjective(state: str) -> str:
    return adjectives().get(state, state)
