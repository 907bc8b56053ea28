"""Whom a text means: names, roles, pronouns and places followed back to one actor, with how and how surely.

A document's people are gathered first, from every place that names them, with their offices and states ("secretary of state John
Kerry" and "the US secretary of state" are one). A stretch of text is then resolved against them. Nobody is guessed: where no
candidate is as sure as `SURE`, the candidates are listed instead.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from detente.evidence.findings import SURE, Actor
from detente.evidence.gazetteer import ALIAS, ARMED, CAPITAL, PEOPLE, STATE, Gazetteer, Known, surnames
from detente.evidence.mentions import Mention, between
from detente.evidence.persons import MOST, People, Person, adjective_of
from detente.evidence.quotes import Quote, quotes
from detente.evidence.windows import Span

BACK = 6  # sentences within which a pronoun's antecedent is looked for
DETERMINER = re.compile(r"\A(?:the|a|an|this|that|some|one|two|three|several|many|senior|another)\s+", re.IGNORECASE)
THE = re.compile(r"\b(?:the|The)\s+\Z")
PARTED = re.compile(r"[,;:()“”\"]|\b(?:who|of|for|with|and|in|at|to|from|by|on)\b")
OBJECTS = frozenset("him her them".split())
# Where the words of a source say that nobody who could speak is meant.
EVENTS = frozenset(
    "conflict war crisis fighting violence talks attack rise fall year day move deal offensive bombing".split()
)


@dataclass(frozen=True)
class Said:
    """A statement that was resolved: where its cue and content stand, and who spoke."""

    place: int
    content: tuple[Span, ...]
    actor: Actor


LED = re.compile(r"\b([\w’'-]{1,30}-(?:led|backed|trained|commanded))\s+$", re.IGNORECASE)


class Cast(People):
    """The actors of one document. `resolve` says whom a stretch of it means.

    `names` are the known names, with a scenario's aliases where there is one.

    >>> text = "Mr Orlov met Russian President Igor Petrov. The Russian president said no."
    >>> who = Cast(text).resolve((44, 65))
    >>> who.name, who.represents, who.method, who.confidence
    ('Igor Petrov', 'Russia', 'role', 0.9)
    """

    def __init__(self, text: str, names: Gazetteer | None = None) -> None:
        super().__init__(text, names)
        self.quotes: list[Quote] = quotes(text)
        self.said: list[Said] = []
        self._pieces: list[tuple[int, int, int]] = []  # of what was said: start, end, which
        self._actors: dict[Mention, Actor] = {}

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

    def _organisation(self, one: Mention) -> Actor:
        whole = self._whole_name(one)
        name = " ".join((whole or one).person).replace(" - ", "-").replace(" ' s", "'s")
        state = one.of[0].state if one.of else None
        antecedent = whole.span if whole else None
        return self._made(one, name, "organisation", 0.7, represents=state, kind="organisation", antecedent=antecedent)

    def _whole_name(self, one: Mention) -> Mention | None:
        """The mention before that names in full what is called by its last word: "the Council" after "the Kesh Council"."""
        if len(one.person) > 1 or not THE.search(self.text, max(0, one.start - 5), one.start):
            return None
        at = bisect.bisect_left(self.mentions, one.start, key=lambda m: m.start)
        for other in reversed(self.mentions[max(0, at - MOST) : at]):
            if len(other.person) > 1 and other.person[-1] == one.person[0] and other not in self._of:
                return other
        return None

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
        if not known and (before := self._office_before(one)):
            return replace(self._office(before), span=one.span, antecedent=before.span)
        sure = 0.8 if represents else 0.6
        return self._made(one, words, "role", sure, represents=represents, kind="person")

    def _office_before(self, one: Mention) -> Mention | None:
        """The office with a side that is called by its last word here: "the minister" after "the Russian foreign minister"."""
        if not THE.search(self.text, max(0, one.start - 5), one.start):
            return None
        at = bisect.bisect_left(self.mentions, one.start, key=lambda m: m.start)
        for other in reversed(self.mentions[max(0, at - MOST) : at]):
            if other.role and f" {other.role}".endswith(f" {one.role}") and not other.role_words.endswith("s"):
                return other if other.of and other not in self._of else None
        return None

    def _for_whom(self, one: Mention, known: Known | None) -> str | None:
        if one.side and known:
            return self._side_name(one.side, known)
        if known is None:
            if one.role_words.startswith("opposition") and self.conflict:
                return f"{adjective_of(self.conflict)} opposition"
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
        led = LED.search(self.text, max(0, one.start - 40), one.start)
        if led and side == "army":  # "Saudi-led forces" in Yemen are not Yemen's
            return self._made(one, f"{led[1]} {self.text[one.start : one.end]}", "role", 0.65, kind="group")
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
            return f"{adjective_of(known.name)} representatives"
        return f"{adjective_of(known.name)} {side}"

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
