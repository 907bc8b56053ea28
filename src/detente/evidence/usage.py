"""How the words of a sentence are used, and what they tell: verbs with what denies, wills or needs them, and nouns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from detente.evidence.deeds import INTENT, QUADS, UNDERGO, WILLING, Deed, after, lexicon
from detente.evidence.gazetteer import adjectives
from detente.evidence.parties import parties

BE = frozenset("is are was were be been being am".split())
HAVE = frozenset("has have had having".split())
FUTURE = frozenset("will would shall".split())
PERHAPS = frozenset("may might could can cannot".split())
NEEDED = frozenset("must should ought".split())
HAS_TO = frozenset("has have had needs need".split())
MODAL = FUTURE | PERHAPS | NEEDED
NOT = frozenset("not never no neither nor".split())
SAYING = frozenset("said says say announced announces declared declares insisted insists stressed told".split())
# After these a participle is an adjective, and after them and the others any form is a noun.
NOMINAL = frozenset(
    "the a an this that these those its his her their our my any some no every each another both all more most new fresh "
    "of in for with against by from on at over into under between during amid despite s".split()
)
NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve dozens hundreds thousands scores several".split()
)
ADJECTIVES = (
    NOMINAL
    | NUMBERS
    | frozenset(
        "joint military armed suicide general hunger peace political diplomatic formal official economic air mortar rocket missile recent "
        "immediate strong possible public".split()
    )
)
SKIPPED = frozenset(
    "also again now then still once often reportedly on monday tuesday wednesday thursday friday saturday sunday today yesterday "
    "late early last week month night formally officially".split()
)
AGENT = re.compile(
    r"by (?!\d|phone|telephone|air|sea|land|force|hand|law|plane|one|two|three|ten|half|about|nearly|more|at least|\w+ing )"
)
JOINS = frozenset(
    "and or but that who which , ; : - will would may might could can should must not did do does".split()
)
PLURALS = frozenset("people women men police and they we not t".split())
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
PLACES = ("in ", "at ", "near ", "during ", "from ")  # "villagers hurt in a raid"
NO_PAST = frozenset("united armed hundred indeed speed breed naked hatred sacred".split())
LOOSE = 0.3  # what it costs a verb that it is no finite one: "attacking", "attacked by"
ASIDE = 0.12  # what it costs an infinitive
RIVALS = 200  # words weighed in a sentence


@dataclass(frozen=True)
class Reading:
    """A word of a sentence as a deed: its place, how it is used ("verb", "passive", "reduced", "to", "loose", "noun"), and what it tells."""

    at: int
    deed: Deed
    use: str
    score: float
    end: int  # the word after it
    asked: bool = False  # whom it is asked of stands before it: "X said that Y must"


def readings(words: Sequence[str], first: int, last: int) -> Iterator[Reading]:
    """The words of a sentence that tell an event."""
    taken = -1
    count = 0
    for at in range(first, last):
        word = words[at]
        if at <= taken:
            continue
        follows = words[at + 1 : at + 2]
        if word in MODAL or (word in HAS_TO | BE and follows == ["to"]) or (word == "won" and follows == ["'"]):
            if found := _modal(words, first, at, last):
                yield found
                taken = found.end - 1
            continue
        for found in _plain(words, first, at, last):
            yield found
            count += 1
        if count >= RIVALS:
            return


def _plain(words: Sequence[str], first: int, at: int, last: int) -> Iterator[Reading]:
    """What a word tells as a verb or as a noun."""
    table = lexicon()
    word = words[at]
    if at + 1 < last and words[at + 1] == "-" and word not in table.nouns:
        return
    if at > first and words[at - 1] == "-":
        if at - 2 < first:
            return
        joined = words[at - 2] + ("" if words[at - 2] in ("re", "co") else "-") + word  # "machine-gunned"
        if words[at - 2] not in ("re", "co") and joined not in table.verbs:
            return
        word = joined
    verbs, nouns = table.verbs.get(word), table.nouns.get(word)
    if not verbs and not nouns:
        return
    follows = after(words, at + 1, last)
    if verbs:
        use = _use(words, first, at, next((form for _, form in verbs if form != WILLING), WILLING), follows)
        precedes = " ".join(words[max(first, at - 10) : at]) + " "
        for deed, form in verbs:
            as_used = "verb" if form == WILLING else "passive" if deed.kind == UNDERGO and use == "verb" else use
            if as_used in ("noun", "adjective") or (form == WILLING and not _was(words, first, at)):
                continue
            if deed.fits(follows, precedes, passive=use in ("passive", "reduced", "loose")) and (
                found := _as_verb(words, first, at, last, deed, as_used)
            ):
                yield found
    if nouns:
        for deed, size, rest in nouns:
            if (not rest or follows.startswith(rest)) and not (deed.bar and deed.bar.match(follows)):
                yield Reading(at, deed, "noun", deed.weight, min(at + size, last))


def _as_verb(words: Sequence[str], first: int, at: int, last: int, deed: Deed, use: str) -> Reading | None:
    if _denied(words, first, at):
        if QUADS[deed.cls] == "verbal conflict":  # "did not complain" tells nothing
            return None
        deed = _refused(deed)
    elif deed.kind in (INTENT, WILLING):
        deed = _intended(words, at, last, deed)
    if use == "to" and deed.cls == "DISAPPROVE" and deed.code in ("111", "112"):
        # "drove into the city to denounce": more than words
        deed = replace(deed, cls="PROTEST", code="141")
    cost = LOOSE if use in ("loose", "reduced") else ASIDE if use == "to" else 0.0
    return Reading(at, deed, use, deed.weight - cost, at + 1)


def _use(words: Sequence[str], first: int, at: int, form: str, follows: str) -> str:
    """How a verb's form is used at word `at`."""
    k = _back(words, first, at)
    before = words[k] if k >= first else ""
    if form == "ing" and not before:  # "Striking miners said"
        return "noun"
    if form == "ing":
        return "verb" if before in BE else "noun" if before in NOMINAL - {"for", "by", "of", "from", "in"} else "loose"
    if form == "past":
        if before in BE:
            return "passive"
        if before in HAVE:
            return "verb"
        if before == "to":  # "to let", whose past is the same
            return "to"
        if not before or before in NOMINAL | NUMBERS or before.isdigit():
            return "adjective"
        if AGENT.match(follows):
            return "reduced" if _told(words, first, k) else "passive"
        return (
            "loose" if follows.startswith("of ") or (follows.startswith(PLACES) and _told(words, first, k)) else "verb"
        )
    if before == "to":
        return "to"
    return "noun" if _is_noun(words, first, at, k, form) else "verb"


def _is_noun(words: Sequence[str], first: int, at: int, k: int, form: str) -> bool:
    """Whether "attack" or "attacks" is a noun, by the word `k` before it and by whether the clause has its verb already."""
    before = words[k] if k >= first else ""
    if before in ADJECTIVES or before.isdigit() or _told(words, first, k):
        return True
    if before not in HAVE and (known := lexicon().verbs.get(before)) and known[0][1] in ("past", "s", "ing"):
        return True
    if form == "s":
        if before in ("and", "or") and k > first and words[k - 1].endswith("s") and words[k - 1] not in lexicon().verbs:
            return True  # "rifles and mortars"
        return before in _adjectives() or words[at] in parties()
    return form == "base" and bool(before) and not before.endswith("s") and before not in PLURALS


@cache
def _adjectives() -> frozenset[str]:
    """What is said of a people's things: in "Norwegian offers" nobody offers."""
    return frozenset(word.lower() for word in adjectives().values() if not word.endswith("s"))


def _told(words: Sequence[str], first: int, at: int) -> bool:
    """Whether the clause has its verb already, at word `at` or before: then "demands" and "attacks" are nouns."""
    for k in range(at, max(first, at - 8) - 1, -1):
        word = words[k]
        if word in JOINS:
            return False
        if word in BE or word in HAVE or (len(word) > 4 and word.endswith("ed") and word not in NO_PAST):
            return True
        if word in lexicon().verbs and lexicon().verbs[word][0][1] == "past":
            return True
    return False


def _back(words: Sequence[str], first: int, at: int) -> int:
    """The word before word `at` that is no adverb and no day: "on Monday flatly rejected"."""
    k = at - 1
    while k >= first and (words[k] in SKIPPED or words[k].endswith("ly")):
        if words[k] == "on" and words[k + 1] not in DAYS:
            break
        k -= 1
    return k


def _was(words: Sequence[str], first: int, at: int) -> bool:
    """Whether a form of "be" stands before an adjective."""
    k = _back(words, first, at)
    return k < first or words[k] in BE or words[k] == "not"


def _denied(words: Sequence[str], first: int, at: int) -> bool:
    """Whether a verb is denied: "did not meet"; "never attacked"."""
    k = at - 1
    while k >= max(first, at - 3):
        if words[k] in ("not", "never") or (words[k] == "t" and words[k - 1] == "'"):
            return True
        if not words[k].endswith("ly"):
            return False
        k -= 1
    return False


def _refused(deed: Deed) -> Deed:
    """What a deed is that is denied or ruled out: to help is rejected, to harm is agreed not to."""
    cls = "AGREE" if "material conflict" in QUADS[deed.cls] or deed.cls == "THREATEN" else "REJECT"
    return replace(deed, cls=cls, code="030" if cls == "AGREE" else "120", weight=deed.weight + 0.05)


def _promised(deed: Deed) -> Deed:
    """What a deed is that lies ahead: to help is agreed to, to harm is threatened; words stay what they are."""
    quad = QUADS[deed.cls]
    if quad == "verbal conflict" or deed.cls == "AGREE":
        return deed
    cls, told = ("THREATEN", "130") if quad == "material conflict" else ("AGREE", "030")
    return replace(deed, cls=cls, code=told, weight=deed.weight + 0.1)


def _known(words: Sequence[str], at: int, last: int) -> Deed | None:
    """The most telling deed of the verb at word `at`."""
    follows = after(words, at + 1, last)
    fitting = [
        deed
        for deed, form in lexicon().verbs.get(words[at], ())
        if form in ("base", "past", "ing") and deed.fits(follows, "")
    ]
    return max(fitting, key=lambda deed: deed.weight, default=None)


def _intended(words: Sequence[str], at: int, last: int, deed: Deed) -> Deed:
    """A verb of intention by the deed that is intended, within the next words."""
    for k in range(at + 1, min(at + 9, last)):
        if words[k] in (",", ";"):
            break
        if words[k - 1] in ("to", "not") or words[k - 1] in FUTURE:
            meant = _known(words, k, last)
            if (
                meant and "not" in words[at + 1 : k] and "verbal conflict" not in QUADS[meant.cls]
            ):  # "promised not to attack"
                return replace(_refused(meant), weight=deed.weight)
            if meant and QUADS[meant.cls] == "material conflict":
                return replace(deed, cls="THREATEN", code="130", weight=deed.weight + 0.1)
            if meant and meant.cls in ("REJECT", "DEMAND", "DISAPPROVE"):
                return replace(meant, weight=deed.weight)
            if meant or deed.cls == "THREATEN":
                break
    return deed if deed.cls == "AGREE" else replace(deed, cls="AGREE", code="030")


def _modal(words: Sequence[str], first: int, at: int, last: int) -> Reading | None:
    """ "will attack", "would not meet", "must leave": the deed that is said to lie ahead, or to be needed."""
    denied = words[at] in ("won", "cannot") or words[at + 1 : at + 3] == ["'", "t"]
    k = at + 1
    while k < last and (
        words[k] in NOT or words[k].endswith("ly") or words[k] in ("'", "t", "be", "soon", "also", "to", "have", "only")
    ):
        denied = denied or words[k] in ("not", "never")
        k += 1
    if k >= last:
        return None
    said = any(word in SAYING for word in words[max(first, at - 14) : at])
    if words[at] in NEEDED or words[at] in HAS_TO:
        return Reading(
            at, replace(_DEMAND, weight=1.3 if said else 0.7), "verb", 1.3 if said else 0.7, at + 1, asked=True
        )
    meant = _known(words, k, last)
    if denied:
        deed = _refused(meant) if meant else replace(_REFUSE, weight=1.1)
        return Reading(at, deed, "verb", deed.weight + 0.1, k + 1)
    if meant is None and not denied:
        meant = next((_known(words, j, last) for j in range(k + 1, min(k + 9, last)) if words[j - 1] == "to"), None)
    if meant is None:
        weight = _WILL.weight + (0.3 if said else 0.0)
        return Reading(at, _WILL, "verb", weight, at + 1) if words[at] in FUTURE | BE else None
    deed = _intended(words, k, last, meant) if meant.kind == INTENT else _promised(meant)
    weight = deed.weight + (0.1 if said else -0.1) - (0.2 if words[at] in PERHAPS else 0)
    return Reading(at, deed, "verb", weight, k + 1)


_DEMAND = Deed("DEMAND", "100", "v", 1.0)
_REFUSE = Deed("REJECT", "120", "v", 1.1)
_WILL = Deed("AGREE", "030", "v", 0.5)
