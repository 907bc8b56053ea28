"""Words that tell an event, with their classes, and what has to stand by them: the table ``data/deeds.tsv``, read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from detente.evidence.dates import DAYS as WEEKDAYS
from detente.evidence.gazetteer import rows
from detente.evidence.lexicon import inflected

# PLOVER's classes (FIGHT of its first records is ASSAULT), each with its quarter: words or deeds, with or against.
QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), "verbal cooperation"),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT", "INVESTIGATE"), "material cooperation"),
    **dict.fromkeys(("DEMAND", "DISAPPROVE", "REJECT", "THREATEN"), "verbal conflict"),
    **dict.fromkeys(("SANCTION", "PROTEST", "MOBILIZE", "COERCE", "ASSAULT"), "material conflict"),
}
VERB, NOUN, INTENT, WILLING, UNDERGO = "v", "n", "i", "a", "p"
# Past and participle of verbs of the table that do not end in -ed.
IRREGULAR = {
    "give": "gave given", "send": "sent", "lend": "lent", "bring": "brought", "take": "took taken", "make": "made",
    "hold": "held", "meet": "met", "speak": "spoke spoken", "fly": "flew flown", "go": "went gone", "come": "came",
    "leave": "left", "begin": "began begun", "strike": "struck", "break": "broke broken", "withdraw": "withdrew withdrawn",
    "lay": "laid", "free": "freed", "shoot": "shot", "fight": "fought", "beat": "beaten", "burn": "burnt burned",
    "stand": "stood", "sit": "sat", "let": "let", "quit": "quit", "put": "put", "set": "set", "cut": "cut", "hit": "hit",
    "shut": "shut", "keep": "kept", "throw": "threw thrown", "freeze": "froze frozen", "withhold": "withheld",
    "seek": "sought", "tell": "told", "forbid": "forbade forbidden", "forgive": "forgave forgiven", "swear": "swore sworn",
    "undertake": "undertook undertaken", "overrun": "overran", "slay": "slew slain", "sink": "sank sunk", "blow": "blew blown",
    "find": "found", "build": "built", "buy": "bought", "sell": "sold", "feed": "fed", "lead": "led",
    "write": "wrote written", "wind": "wound", "pay": "paid", "drive": "drove driven", "show": "showed shown", "be": "is are was are were been",
    "hang": "hanged hung", "say": "said", "plead": "pleaded pled", "beseech": "besought", "bid": "bade", "sweep": "swept",
    "spend": "spent", "stick": "stuck", "shake": "shook shaken", "bend": "bent", "bear": "bore borne", "tear": "tore torn", "dig": "dug",
    "lose": "lost", "win": "won", "run": "ran", "retake": "retook retaken", "fling": "flung", "swing": "swung", "choose": "chose chosen",
    "draw": "drew drawn", "fall": "fell fallen", "get": "got", "forswear": "forswore forsworn", "flee": "fled",
    "overthrow": "overthrew overthrown", "hurt": "hurt", "hear": "heard", "do": "did done", "light": "lit", "string": "strung", "deal": "dealt", "rise": "rose risen", "cast": "cast",
    "thrust": "thrust", "drop": "dropped", "slit": "slit", "award": "awarded", "have": "had",
}  # fmt: skip
DOUBLED = frozenset(
    "expel compel rebel propel admit readmit commit submit permit refer confer defer transfer kidnap deter repel outfit annul extol "
    "patrol control regret unban outgun machine-gun".split()
)
EITHER = frozenset(
    "court-martial cancel channel label signal travel pummel quarrel counsel shovel model".split()
)  # "cancelled", "canceled"
UNDOUBLED = re.compile(r"[aeiou][aeiou][^aeiou]$|[wxy]$")


@dataclass(frozen=True, slots=True)
class Deed:
    """A class by one of its words; ``weight`` says how telling it is beside another of the same sentence.

    ``next`` has to stand right after the word, each of ``needs`` in its clause, ``ahead`` before it, and ``bar`` must not.
    """

    cls: str
    code: str | None
    kind: str
    weight: float
    next: re.Pattern[str] | None = None
    needs: tuple[re.Pattern[str], ...] = ()
    bar: re.Pattern[str] | None = None
    ahead: re.Pattern[str] | None = None

    def fits(self, after: str, before: str, *, passive: bool = False) -> bool:
        """Whether the words after and before it are such as it needs; in the passive, what it acts on may stand before it."""
        if self.ahead is not None and not self.ahead.search(before):
            return False
        if self.next is not None and not self.next.match(after):
            return False
        if not all(need.search(after) or (passive and need.search(before)) for need in self.needs):
            return False
        return self.bar is None or not self.bar.search(after)


def forms(verb: str) -> dict[str, str]:
    """Every form of a verb, with the way it is used: "base", "s", "past" or "ing".

    >>> forms("stop"), forms("give")["given"]
    ({'stop': 'base', 'stops': 's', 'stopping': 'ing', 'stopped': 'past'}, 'past')
    """
    doubled = _doubles(verb)
    regular = inflected(verb)
    made = {verb: "base"}
    for form in sorted(regular - {verb}):
        if doubled and verb not in EITHER and form.endswith(("ed", "ing")):
            continue
        if form.endswith("s"):
            made[form] = "s"
        elif form.endswith("ing"):
            made[form] = "ing"
        elif verb not in IRREGULAR:
            made[form] = "past"
    if doubled:
        made[verb + verb[-1] + "ing"] = "ing"
        if verb not in IRREGULAR:
            made[verb + verb[-1] + "ed"] = "past"
    for form in IRREGULAR.get(verb, "").split():
        made[form] = "past"  # also of "let" and "put", whose base it is
    return made


def _doubles(verb: str) -> bool:
    """Whether the last letter is doubled before -ed and -ing: "ban", "expel"; not "aid", "veto"."""
    if verb in DOUBLED or verb in EITHER:
        return True
    vowels = re.findall(r"[aeiou]+", verb)
    return (
        len(vowels) == 1
        and len(vowels[0]) == 1
        and verb[-1] not in "aeiouwxy"
        and verb[-2] in "aeiou"
        and UNDOUBLED.search(verb) is None
    )


@dataclass(frozen=True)
class Lexicon:
    """The table by the forms of its words."""

    verbs: dict[str, tuple[tuple[Deed, str], ...]]
    nouns: dict[str, tuple[tuple[Deed, int, str], ...]]  # with how many words it has, and the rest of them


@cache
def lexicon() -> Lexicon:
    """The whole table."""
    verbs: dict[str, list[tuple[Deed, str]]] = {}
    nouns: dict[str, list[tuple[Deed, int, str]]] = {}
    for deed, words in deeds():
        for word in words:
            if deed.kind == NOUN:
                first, *rest = word.split()
                for form in {first, *inflected(first)} - {first + "ed", first + "ing"}:
                    nouns.setdefault(form, []).append((deed, 1 + len(rest), " ".join(rest)))
            else:
                for form, use in {word: WILLING}.items() if deed.kind == WILLING else forms(word).items():
                    verbs.setdefault(form, []).append((deed, use))
    return Lexicon({k: tuple(v) for k, v in verbs.items()}, {k: tuple(v) for k, v in nouns.items()})


@cache
def deeds() -> tuple[tuple[Deed, tuple[str, ...]], ...]:
    """The lines of the table: each deed with its words."""
    lists: dict[str, str] = {}
    found = []
    for row in rows("deeds"):
        if row[0].startswith("@"):
            lists[row[0]] = row[1]
        elif not row[0].startswith("%"):
            cls, code, kind, words, needs, weight = row
            found.append((_deed(cls, code, kind, float(weight), needs, lists), tuple(words.split(","))))
    return tuple(found)


@cache
def frame(cls: str) -> dict[str, float]:
    """How much each preposition marks whom a deed of this class is done to; some count only after a certain word.

    >>> frame("PROTEST")["in"] < frame("AID")["in"] < 0 < frame("PROTEST")["protest at"]
    True
    """
    marks: dict[str, float] = {}
    for row in rows("deeds"):
        if row[0] in ("%", f"%{cls}"):
            marks |= {phrase: float(row[1]) for phrase in row[2].split(",")}
    return marks


def _deed(cls: str, code: str, kind: str, weight: float, needs: str, lists: dict[str, str]) -> Deed:
    right, ahead = None, None
    bars: list[str] = []
    rest: list[re.Pattern[str]] = []
    for part in needs.split(";") if needs else ():
        mark = part[0] if part[0] in "~!^" else ""
        words = [word for one in part[len(mark) :].split("|") for word in lists.get(one, one).split("|")]
        if mark == "~":
            right = re.compile(rf"(?:{ADVERBIAL} )*(?:{_either(words)}) ")
        elif mark == "^":
            ahead = _anywhere(words)
        elif mark == "!":
            bars += words
        else:
            rest.append(_anywhere(words))
    return Deed(cls, code, kind, weight, right, tuple(rest), _anywhere(bars) if bars else None, ahead)


ADVERBIAL = (
    r"(?:(?:on|late|early|late on|early on|last|this|over the) )?(?:\w+day|today|yesterday|tomorrow|weekend|week|month|night)"
    r"|\w+ly|twice|briefly|at length|in private|again|also|now|then|immediately|formally|officially|directly|once more"
)


def _anywhere(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:^| )(?:{_either(words)}) ")


def _either(words: Iterable[str]) -> str:
    return "|".join(_plural(word) for word in words)


def _plural(words: str) -> str:
    """Words of which each may have the ending of a plural or of a verb's third person."""
    return " ".join(
        rf"{re.escape(word[:-1])}(?:y|ies)" if word.endswith("y") else rf"{re.escape(word)}(?:e?s)?"
        for word in words.split()
    )


# Words after which a verb's own clause is over.
CLAUSE_ENDS = frozenset(
    "; : , that which who whom whose after before because if unless when while although though where since as but amid "
    "despite following".split()
)
DAYS = frozenset((*WEEKDAYS, "today", "yesterday"))
REACH = 18  # words of a clause that are looked at


def after(words: Sequence[str], at: int, stop: int) -> str:
    """The words of a verb's clause after word `at` - 1, each with a space after it, hyphenated ones joined."""
    end = at
    said: list[str] = []
    while end < min(stop, at + REACH):
        word = words[end]
        number = word == "," and words[end - 1].isdigit() and end + 1 < stop and words[end + 1].isdigit()
        if word in CLAUSE_ENDS and said and not number:
            break
        if word in DAYS:  # "on Monday" parts no words that belong together
            if said and said[-1] == "on":
                said.pop()
        else:
            said.append(word)
        end += 1
    return " ".join(said).replace(" - ", "-") + " "
