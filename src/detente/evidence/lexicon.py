"""Words that carry attribution: verbs of reporting and of attitude, with their forms."""

from __future__ import annotations

from functools import cache

# Verbs with which a text reports what somebody said or wrote; the list also defines the statements of the evaluation.
REPORTING = (
    "say tell add warn claim state announce argue declare insist note explain report ask reply respond describe call "
    "accuse deny admit acknowledge suggest stress emphasize emphasise write tweet quote cite comment remark observe "
    "recall assert allege contend vow pledge promise urge demand propose recommend complain conclude confirm mention "
    "reiterate repeat predict testify concede point joke retort caution"
).split()
# What a person holds, wants or means to do, whether or not they said so.
ATTITUDE = (
    "want hope plan believe think expect intend fear support oppose back favor favour prefer seek wish consider feel "
    "doubt agree disagree worry aim decide refuse reject welcome condemn criticize criticise praise endorse dismiss blame "
    "threaten decline defend question denounce blast mock express offer assure echo refer order"
).split()
# What a document, a poll or an appearance is said to show.
SHOWING = "show find reveal indicate seem appear".split()
IRREGULAR = {
    "said": "say", "told": "tell", "wrote": "write", "written": "write", "thought": "think", "felt": "feel",
    "sought": "seek", "knew": "know", "known": "know", "quoth": "quote", "found": "find", "shown": "show",
}  # fmt: skip


@cache
def _forms() -> dict[str, str]:
    """Every form of a known verb, with the verb."""
    forms = dict(IRREGULAR)
    for verb in [*REPORTING, *ATTITUDE, *SHOWING]:
        for form in inflected(verb):
            forms.setdefault(form, verb)
    return forms


def inflected(verb: str) -> set[str]:
    """A regular verb's forms.

    >>> sorted(inflected("deny"))
    ['denied', 'denies', 'deny', 'denying']
    """
    if verb.endswith("e"):
        stem = verb[:-1]
        return {verb, verb + "s", stem + "ed", stem + "ing"}
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
    last = verb[-1] if verb in DOUBLING else ""
    plural = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
    return {verb, plural, verb + last + "ed", verb + last + "ing"}


DOUBLING = {"admit", "plan", "refer"}


def lemma(word: str) -> str | None:
    """The known verb that a word is a form of, or None.

    >>> lemma("Said"), lemma("denies"), lemma("table")
    ('say', 'deny', None)
    """
    return _forms().get(word.lower())


def is_report(word: str) -> bool:
    """Whether a word is a form of a verb of reporting."""
    return lemma(word) in REPORTING


def is_showing(word: str) -> bool:
    """Whether a word is a form of a verb of showing or seeming."""
    return lemma(word) in SHOWING


def is_attitude(word: str) -> bool:
    """Whether a word is a form of a verb of attitude."""
    return lemma(word) in ATTITUDE
