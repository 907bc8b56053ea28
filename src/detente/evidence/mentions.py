"""Where a text names somebody: names, titles, roles, peoples with a noun, and pronouns, each with what it says of them."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.evidence.gazetteer import CAPITAL, PEOPLE, SHOUTED, STATE, Gazetteer, Known, Role, role_at
from detente.evidence.lexicon import is_report, lemma
from detente.evidence.quotes import paragraphs
from detente.evidence.windows import Span, sentences, tokens

TITLES = {
    **dict.fromkeys("mr sir lord".split(), "he"),
    **dict.fromkeys("mrs ms miss lady dame".split(), "she"),
    **dict.fromkeys("dr prof gen col maj capt lt sgt adm sen rep gov rev".split(), ""),
}
# Nouns that with a people or a place are a party: which side it is.
SIDES = {
    **dict.fromkeys("government regime administration authorities cabinet leadership junta authority state".split(), "government"),
    **dict.fromkeys("opposition dissidents".split(), "opposition"),
    **dict.fromkeys("rebels rebel insurgents guerrillas guerillas guerilla guerrilla separatists fighters militants separatist".split(), "rebels"),
    **dict.fromkeys("army military forces force troops soldiers navy warships helicopters tanks jets police warplanes".split(), "army"),
    **dict.fromkeys("parliament assembly legislature senate lawmakers".split(), "parliament"),
    **dict.fromkeys("militia militias militiamen paramilitaries gunmen extremists terrorists".split(), "militia"),
    **dict.fromkeys("people citizens refugees civilians prisoners protesters demonstrators workers students landowners villagers nationals youths".split(), "people"),
    **dict.fromkeys("leaders delegation negotiators representatives diplomats officials envoys leader side delegates ministers".split(), "representatives"),
    **dict.fromkeys("allies partners".split(), "allies"),
}  # fmt: skip
PARTICLES = frozenset("al el bin bint ibn de del da dos van von der den ben abu di la le du ul ur".split())
PRONOUNS = {
    **dict.fromkeys("he him his himself".split(), "he"),
    **dict.fromkeys("she her hers herself".split(), "she"),
    **dict.fromkeys("they them their themselves".split(), "they"),
    **dict.fromkeys("it its itself".split(), "it"),
    **dict.fromkeys("we us our ourselves".split(), "we"),
    **dict.fromkeys("i me my myself".split(), "i"),
}
BESIDE = frozenset(
    "former then new top senior chief junior acting deputy embattled beleaguered late ex "
    "visiting outgoing veteran moderate armed ethnic local foreign western european security pro western-backed main radical".split()
)
WITHIN = frozenset("in at near from around outside inside across throughout".split())
# Capitalised words that begin no name.
COMMON = frozenset(
    "the a an this that these those he she they it we i you his her its their our my in on at to from by of for with and but or nor "
    "if when while as after before since until although though because so then there here what who why how where which no not now "
    "never more most many some several all both each every any few one two three four five six seven eight nine ten yes also "
    "meanwhile however monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december today yesterday tomorrow last next earlier later during despite under over about according "
    "additional click new talks president minister god is are was were be been has have had will would can could should may might "
    "must do does did western eastern northern southern central north south east west european african arab muslim christian "
    "jewish asian islamic sunni shia shiite latin catholic orthodox protestant buddhist hindu republic ultimately asked speaking "
    "just only even still yet between among across without within once such other others another out up down off "
    "thursdays sources officials witnesses online former retired late republican republicans democrat democrats democratic "
    "conservative conservatives liberal labour socialist communist fellow good morning dear".split()
)
OF_ORGANISATION = frozenset(
    "party front army movement council ministry committee union group organization organisation forces university bank agency "
    "commission league congress parliament court institute office association coalition brigade brigades battalion network "
    "federation house foundation alliance times post radio television news centre center observatory department society force "
    "corps guard guards assembly authority fund church brotherhood airport street square conference agreement accord accords treaty "
    "river valley province war media county convention show club company inc corp healthcare ocean island islands lake mountain "
    "hospital church theatre theater magazine journal herald daily press review fort daddy universe project campaign district".split()
)
# Nouns that name a side only after a people or a place: "state", "force" and "people" mean other things alone.
AFTER_NAME = frozenset(
    "state authority people side leader leaders cabinet workers students nationals youths police senate ministers partners force".split()
)
# After one of these, troops "from" a place are taken out of it.
TAKEN_OUT = tuple(
    "withdr pull remov evacuat expel recall bring brought driv drove dislodg oust repatriat return flee fled rescue free extract "
    "protect separat keep kept bar exclud disengag redeploy".split()
)
OWNERS = ("its", "their", "his", "her", "our", "my", "your")
LONGEST = 8  # words of a name


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that means somebody.

    ``known`` is a name of the tables that stands at its head; ``person`` the words of a personal name; ``role`` an office with the
    way it is written in ``role_words``; ``side`` what a noun makes of its people ("government", "rebels"); ``of`` the names before or
    after it that say whose; ``gender`` "he", "she" or "". ``pronoun`` is its sort. ``place`` says that it names where something is,
    ``own`` that it stands in a quotation, ``subject`` that it begins its sentence.
    """

    start: int
    end: int
    sentence: int
    known: Known | None = None
    person: tuple[str, ...] = ()
    role: str | None = None
    role_words: str = ""
    speaks_for: str = ""
    side: str | None = None
    noun: str = ""
    of: tuple[Known, ...] = ()
    of_person: tuple[str, ...] = ()
    gender: str = ""
    pronoun: str = ""
    place: bool = False
    subject: bool = False

    @property
    def office_of_state(self) -> bool:
        """Whether it is an office of a state: a president, a minister."""
        return self.speaks_for == "state"

    @property
    def span(self) -> Span:
        """Its characters."""
        return self.start, self.end


@dataclass(frozen=True)
class Words:
    """A text in words, with the sentence of each."""

    text: str
    places: Sequence[Span]
    words: Sequence[str]
    lower: Sequence[str]
    sentence: Sequence[int]
    sentences: Sequence[Span]
    shouted: Sequence[bool]  # by sentence: in capitals, or in the capitals of a headline

    def at(self, place: int) -> int:
        """The number of the first word that ends after a character."""
        return bisect.bisect_right(self.places, place, key=lambda span: span[1])


def words_of_text(text: str) -> Words:
    """A text in words and sentences; no sentence crosses a line break."""
    places: list[Span] = []
    number: list[int] = []
    cut: list[Span] = []
    shouted: list[bool] = []
    for start, end in paragraphs(text):
        for begin, stop in sentences(text, start, end):
            found = [(a + begin, b + begin) for a, b in tokens(text[begin:stop])]
            number += [len(cut)] * len(found)
            places += found
            cut.append((begin, stop))
            long = [text[a:b] for a, b in found if b - a > 3 and text[a].isalpha()]
            headline = text[begin:stop].rstrip()[-1:] not in ".!?”\"’'"
            shouted.append(headline and len(long) > 2 and sum(word[0].isupper() for word in long) > 0.75 * len(long))
    words = [text[a:b].replace("’", "'") for a, b in places]
    return Words(text, places, words, [word.lower() for word in words], number, cut, shouted)


def mentions(here: Words, names: Gazetteer) -> list[Mention]:
    """Everybody whom a text names, in its order."""
    seen = Counter(here.lower[i] for i, word in enumerate(here.words) if word.islower())
    known_names = _people_elsewhere(here, names)
    found: list[Mention] = []
    at = 0
    while at < len(here.words):
        one = _Reader(here, names, seen, known_names, at).read()
        if one is None:
            at += 1
            continue
        mention, at = one
        found.append(mention)
    return found


def _people_elsewhere(here: Words, names: Gazetteer) -> frozenset[str]:
    """Capitalised words that stand inside ordinary sentences: in a headline only these begin a name."""
    found = set()
    for i, word in enumerate(here.words):
        inside = i > 0 and here.sentence[i] == here.sentence[i - 1]
        if inside and word[0].isupper() and not here.shouted[here.sentence[i]] and names.at(here.words, i) is None:
            found.add(word)
    return frozenset(found)


class _Reader:
    """Reads one mention from word `at` on: whose, role or noun, name."""

    def __init__(self, here: Words, names: Gazetteer, seen: Counter[str], elsewhere: frozenset[str], at: int) -> None:
        self.here, self.names, self.seen, self.elsewhere = here, names, seen, elsewhere
        self.begin = self.at = at
        self.stop = bisect.bisect_right(here.sentence, here.sentence[at])
        self.of: list[Known] = []
        self.of_person: tuple[str, ...] = ()
        self.last: tuple[Known, int] | None = None  # a known name, and where it ends
        self.person: tuple[str, ...] = ()
        self.role = self.role_words = self.speaks_for = self.noun = self.gender = ""
        self.side: str | None = None
        self.end = at

    def read(self) -> tuple[Mention, int] | None:
        """The mention that starts here, and the word after it."""
        here = self.here
        if (sort := self._pronoun()) is not None:
            return self._made(pronoun=sort, end=self.at + 1), self.at + 1
        alias = self.names.alias_at(here.words, self.at)
        while self.at < self.stop and self._step():
            pass
        if alias is not None and self.begin + alias[0] > self.end:
            self.end = self.begin + alias[0]
            self.last, self.of, self.person, self.role, self.side = (alias[1], self.end), [], (), "", None
        if not (self.last or self.person or self.role or self.side):
            return None
        return self._made(), self.end

    def _pronoun(self) -> str | None:
        word, low = self.here.words[self.at], self.here.lower[self.at]
        if low not in PRONOUNS or word == "US":
            return None
        before = self.here.words[self.at - 1] if self.at else ""
        # The first of its name, or an initial: "Geneva I", "I. Petrov".
        numeral = word == "I" and (before[:1].isupper() or self.here.words[self.at + 1 : self.at + 2] == ["."])
        return None if numeral else PRONOUNS[low]

    def _step(self) -> bool:
        """Take the next part of the phrase; False where it ends."""
        here, at = self.here, self.at
        word, low = here.words[at], here.lower[at]
        if self.person:
            return False
        if (self.role or self.side) and low == "of" and self.end == at:
            return self._of()
        if self.side and not self.of and self.end == at and self._come_from(at):
            return self._of()
        if (role := role_at(here.lower, at)) and not self._is_name_start(at):
            return self._role(*role)
        alone = (word.islower() and low not in AFTER_NAME) or (low in SIDES and self._come_from(at + 1))
        if low in SIDES and (self.last or self.of or self.of_person or self.side or alone):
            self.side, self.noun = self.side or SIDES[low], low
            self._close()
            self.at = self.end = at + 1
            # "government forces", "rebel leaders": the last noun says what it is, the first whose.
            if self.at >= self.stop:
                return False
            return here.lower[self.at] in ("from", *SIDES) or role_at(here.lower, self.at) is not None
        if found := self._known(at):
            return self._name(*found)
        if low in TITLES and word[0].isupper():
            return self._title()
        if low in ("'", "s") and (self.last or self.of_person) and self.end == at:
            return self._possessive()
        if low in BESIDE and (self.last or self.of_person or self.of) and at + 1 < self.stop and not self.side:
            self.at += 1
            return self._leads_on()
        if low == "-" and self.last and self.at + 1 < self.stop:  # "UN-backed talks": the name alone
            return False
        if (name := self._person(at)) is not None:
            return self._named(*name)
        return False

    def _known(self, at: int) -> tuple[int, Known] | None:
        found = self.names.at(self.here.words, at)
        if found is None or (self.here.shouted[self.here.sentence[at]] and self.here.words[at] in SHOUTED):
            return found if found and self.here.words[at] == "US" else None
        return found

    def _is_name_start(self, at: int) -> bool:
        """Whether a capitalised role word belongs to a longer known name, as in "General Assembly"."""
        found = self.names.at(self.here.words, at)
        return found is not None and found[0] > 1

    def _name(self, size: int, known: Known) -> bool:
        if self.side or self.role:
            return False
        if self.last and self.end == self.at and known.kind == self.last[0].kind:
            return False
        self._close()
        self.last = (known, self.at + size)
        self.at = self.end = self.at + size
        return True

    def _close(self) -> None:
        """A name that something follows says whose it is."""
        if self.last:
            self.of.append(self.last[0])
            self.last = None

    def _role(self, size: int, role: Role) -> bool:
        if self.role and role.speaks_for == "side":
            return False
        self._close()
        words = " ".join(self.here.lower[self.at : self.at + size])
        self.role, self.speaks_for = role.name, role.speaks_for
        self.role_words = words
        self.at = self.end = self.at + size
        return True

    def _come_from(self, at: int) -> bool:
        """Whether words from `at` on say whose: "troops from Ethiopia", if these are not taken out of it ("withdrew its troops from")."""
        lower = self.here.lower
        name = at + 1 + (lower[at + 1 : at + 2] == ["the"])
        if name >= self.stop or lower[at] != "from" or self.names.at(self.here.words, name) is None:
            return False
        before = lower[bisect.bisect_left(self.here.sentence, self.here.sentence[at]) : self.begin]
        return not any(word in OWNERS for word in before[-1:]) and not any(
            word.startswith(TAKEN_OUT) for word in before
        )

    def _of(self) -> bool:
        """ "president of Syria", "head of the UN": what follows says whose."""
        at = self.at + 1
        if at < self.stop and self.here.lower[at] == "the":
            at += 1
        found = self.names.at(self.here.words, at) if at < self.stop else None
        for _ in range(2):  # "of the regional bloc IGAD"
            if found is None and at + 1 < self.stop and self.here.words[at].islower():
                at += 1
                found = self.names.at(self.here.words, at)
        if found is None:
            return False
        self.of.append(found[1])
        self.at = self.end = at + found[0]
        return True

    def _title(self) -> bool:
        self._close()
        self.gender = TITLES[self.here.lower[self.at]]
        after = self.at + 1
        while after < self.stop and (self.here.words[after] == "." or self.here.lower[after] in TITLES):  # "Lt. Gen."
            after += 1
        name = self._person(after, sure=True) if after < self.stop else None
        if name is None:
            return False
        self.at = after
        return self._named(*name)

    def _possessive(self) -> bool:
        """ "Russia's", "the US'": what it belongs to follows."""
        after = self.at + 1
        if self.here.words[self.at] == "'" and after < self.stop and self.here.lower[after] == "s":
            after += 1
        self.at = after
        return after < self.stop and self._leads_on()

    def _leads_on(self) -> bool:
        """Whether a role, a side or a name comes within three words."""
        for k in range(self.at, min(self.at + 3, self.stop)):
            low = self.here.lower[k]
            if low in SIDES or role_at(self.here.lower, k):
                return True
            if low not in BESIDE and not self.here.words[k][0].isupper():
                return False
        return False

    def _person(self, at: int, *, sure: bool = False) -> tuple[int, tuple[str, ...]] | None:
        """A run of capitalised words with the particles of names between, as (the word after it, its words)."""
        here = self.here
        first = here.words[at]
        if not first[0].isupper() or not first[0].isalpha() or here.lower[at] in COMMON or _is_verb(here.lower[at]):
            return None
        if here.shouted[here.sentence[at]] and first not in self.elsewhere:
            return None
        initial = at == 0 or here.sentence[at - 1] != here.sentence[at]
        name = [first]
        k = at + 1
        while k < self.stop and len(name) < LONGEST:
            grown = self._grown(k)
            if grown is None:
                break
            name += here.words[k:grown]
            k = grown
        parts = [word for word in name if word[0].isalnum()]
        alone = len(parts) == 1
        if (
            alone
            and not sure
            and (len(first) < 2 or (initial and (self.seen[here.lower[at]] or first not in self.elsewhere)))
        ):
            after = here.lower[k] if k < self.stop else ""
            if not is_report(after) or self.seen[here.lower[at]]:
                return None
        return k, tuple(name)

    def _grown(self, k: int) -> int | None:
        """The word after the next part of a name, if there is one at word `k`."""
        here = self.here
        word, low = here.words[k], here.lower[k]
        following = here.words[k + 1] if k + 1 < self.stop else ""
        if word in "-'" and following[:1].isupper() and here.places[k][1] == here.places[k + 1][0]:
            return k + 2
        if low in PARTICLES and following:
            if following == "-" and k + 2 < self.stop and here.words[k + 2][0].isupper():
                return k + 3
            if following[0].isupper() or (here.lower[k + 1] in PARTICLES and here.words[k + 2 : k + 3]):
                return k + 1
        if word == "." and len(here.words[k - 1]) == 1 and following[:1].isupper():
            return k + 1
        shouted = here.shouted[here.sentence[k]]
        if word[0].isupper() and low not in COMMON and not _is_verb(low) and (not shouted or word in self.elsewhere):
            found = self.names.at(here.words, k)
            # "Bani Walid", but not "John Kerry Syria": a state ends a name unless it is a people's.
            return k + 1 if found is None or found[1].kind == "alias" else None
        return None

    def _named(self, stop: int, name: tuple[str, ...]) -> bool:
        if self.last:
            self._close()
        parts = [word.lower() for word in name]
        self.end = self.at = stop
        here = self.here
        possessive = stop < self.stop and here.words[stop] == "'"
        # "the Assad regime", "the Unity leader"
        office = stop < self.stop and here.words[stop].islower() and role_at(here.lower, stop) is not None
        follows = stop < self.stop and (here.lower[stop] in SIDES or office)
        if (possessive or follows) and not self.role and not self.gender and not set(parts) & OF_ORGANISATION:
            before = (self.begin, self.at)
            self.of_person = tuple(name)
            self.at = stop if follows else stop + 1 + (here.lower[stop + 1 : stop + 2] == ["s"])
            if self.at < self.stop and (follows or self._leads_on()):
                return True
            self.of_person, (_, self.at) = (), before
        self.person = tuple(name)
        return False

    def _made(self, *, pronoun: str = "", end: int | None = None) -> Mention:
        here = self.here
        end = end or self.end
        start = self.begin
        while start < end and not here.words[start][0].isalnum():
            start += 1
        before = here.lower[start - 1] if start and here.sentence[start - 1] == here.sentence[start] else ""
        known = self.last[0] if self.last else None
        bare = known is not None and known.kind in (STATE, CAPITAL, PEOPLE)
        opens = not before or (before == "the" and (start < 2 or here.sentence[start - 2] != here.sentence[start]))
        return Mention(
            here.places[start][0],
            here.places[end - 1][1],
            here.sentence[start],
            known,
            self.person,
            self.role or None,
            self.role_words,
            self.speaks_for,
            self.side,
            self.noun,
            tuple(self.of),
            self.of_person,
            self.gender,
            pronoun,
            bare and before in WITHIN,
            opens,
        )


def _is_verb(low: str) -> bool:
    """Whether a word of a headline is a verb's form and no name: "Obama Says"."""
    return lemma(low) not in (None, low)


def between(found: Sequence[Mention], start: int, end: int) -> Iterator[Mention]:
    """The mentions that lie within characters `start` to `end`."""
    at = bisect.bisect_left(found, start, key=lambda one: one.start)
    while at < len(found) and found[at].end <= end:
        yield found[at]
        at += 1
