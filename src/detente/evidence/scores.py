"""How well attributions agree with those of people: the metrics that the evaluation reports.

A word is a run of letters, digits and underscores; punctuation never counts. A role of an attribution is the set of words
that its pieces touch, so that pieces that touch the same words are the same. All figures are over a whole split.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import linear_sum_assignment

from detente.evidence.lexicon import is_report
from detente.evidence.windows import Span, touched

WORD = re.compile(r"\w+")
ROLES = ("source", "cue", "content")
QUOTATION = re.compile('["“”«»„]')


class Spans(Protocol):
    """Anything with the three roles of an attribution."""

    @property
    def source(self) -> Sequence[Span]: ...  # noqa: D102
    @property
    def cue(self) -> Sequence[Span]: ...  # noqa: D102
    @property
    def content(self) -> Sequence[Span]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Rate:
    """Precision, recall and their harmonic mean, each 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean, 0 where both are."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def to_dict(self) -> dict[str, float]:
        """For JSON, rounded to four digits."""
        return {name: round(getattr(self, name), 4) for name in ("precision", "recall", "f1")}


def dice(a: frozenset[int], b: frozenset[int]) -> float:
    """Twice the words in both over the words in each (Dice 1945), 1 where both are empty.

    >>> dice(frozenset({1, 2}), frozenset({2, 3}))
    0.5
    """
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def overlap(a: frozenset[int], b: frozenset[int]) -> float:
    """The words in both over the words in either (Jaccard 1912), 1 where both are empty."""
    return len(a & b) / len(a | b) if a or b else 1.0


Words = dict[str, frozenset[int]]


def score(documents: Iterable[tuple[str, Sequence[Spans], Sequence[Spans]]]) -> dict[str, Rate]:
    """Compare attributions found with gold ones, over documents of (text, gold, found).

    ``ROLE.exact`` counts identical word sets, ``ROLE.soft`` the best one-to-one matching by `dice`, ``ROLE.token`` words;
    ``attribution.soft`` matches whole attributions by the product of the dice of content and of source,
    ``attribution.hit`` counts matched pairs that overlap by at least half in both, and ``attribution.exact`` identical ones.

    >>> from detente.evidence.polnear import Gold
    >>> gold = Gold(source=((0, 2),), cue=((3, 7),), content=((8, 16),))
    >>> score([("He said it is so.", [gold], [gold])])["attribution.soft"].f1
    1.0
    """
    total: Counter[tuple[str, str]] = Counter()
    for text, gold, found in documents:
        places = [match.span() for match in WORD.finditer(text)]
        theirs, ours = _sets(places, gold), _sets(places, found)
        for role in ROLES:
            _count_role(total, role, theirs, ours)
        _count_attributions(total, theirs, ours)
    names = [f"{role}.{kind}" for role in ROLES for kind in ("exact", "soft", "token")]
    names += [f"attribution.{kind}" for kind in ("soft", "hit", "exact")]
    return {name: _rate(total, name) for name in names}


def _rate(total: Counter[tuple[str, str]], name: str) -> Rate:
    right, found, gold = (total[name, part] for part in ("right", "found", "gold"))
    return Rate(right / found if found else 0.0, right / gold if gold else 0.0)


def _sets(places: Sequence[Span], attributions: Sequence[Spans]) -> list[Words]:
    """Each attribution as word sets; one with neither cue nor content is none."""
    sets = [{role: frozenset(touched(places, getattr(one, role))) for role in ROLES} for one in attributions]
    return [one for one in sets if one["cue"] or one["content"]]


def _matching(
    rows: Sequence[Words], columns: Sequence[Words], worth: Sequence[Sequence[float]]
) -> list[tuple[int, int]]:
    """The one-to-one matching of the highest worth (Kuhn 1955)."""
    if not rows or not columns:
        return []
    table = np.array(worth)
    chosen = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return [(int(i), int(j)) for i, j in chosen if table[i, j] > 0]


def _count_role(total: Counter[tuple[str, str]], role: str, gold: list[Words], found: list[Words]) -> None:
    theirs = [one[role] for one in gold if one[role]]
    ours = [one[role] for one in found if one[role]]
    if role != "content":  # several attributions may share a source or a cue
        theirs, ours = list(dict.fromkeys(theirs)), list(dict.fromkeys(ours))
    worth = [[dice(a, b) for b in ours] for a in theirs]
    pairs = _matching([{} for _ in theirs], [{} for _ in ours], worth)
    all_theirs, all_ours = frozenset().union(*theirs), frozenset().union(*ours)
    rights: dict[str, tuple[float, int, int]] = {
        "exact": (sum((Counter(theirs) & Counter(ours)).values()), len(ours), len(theirs)),
        "soft": (sum(worth[i][j] for i, j in pairs), len(ours), len(theirs)),
        "token": (len(all_theirs & all_ours), len(all_ours), len(all_theirs)),
    }
    for kind, counts in rights.items():
        _add(total, f"{role}.{kind}", *counts)


def _count_attributions(total: Counter[tuple[str, str]], gold: list[Words], found: list[Words]) -> None:
    worth = [[dice(a["content"], b["content"]) * dice(a["source"], b["source"]) for b in found] for a in gold]
    pairs = [(gold[i], found[j], worth[i][j]) for i, j in _matching(gold, found, worth)]
    half = [min(overlap(a["content"], b["content"]), overlap(a["source"], b["source"])) >= 0.5 for a, b, _ in pairs]
    same = [a["content"] == b["content"] and a["source"] == b["source"] for a, b, _ in pairs]
    for kind, right in (("soft", sum(w for *_, w in pairs)), ("hit", sum(half)), ("exact", sum(same))):
        _add(total, f"attribution.{kind}", right, len(found), len(gold))


def _add(total: Counter[tuple[str, str]], name: str, right: float, found: int, gold: int) -> None:
    total[name, "right"] += right  # type: ignore[assignment]
    total[name, "found"] += found
    total[name, "gold"] += gold


def is_statement(text: str, one: Spans) -> bool:
    """Whether an attribution reports speech: a quotation mark in its content, or a cue with a verb of reporting."""
    if any(QUOTATION.search(text[start:end]) for start, end in one.content):
        return True
    return any(is_report(word) for start, end in one.cue for word in WORD.findall(text[start:end]))
