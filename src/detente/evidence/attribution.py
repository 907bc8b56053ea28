"""From the scores of the model's two heads to attributions: who is marked as having said or thought what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.evidence.tags import Array, Chain, runs
from detente.evidence.windows import Span, Window, is_word

THRESHOLD = 0.7  # probability from which a cue is kept; chosen on the development split
LONGEST_HOLE = 1  # tokens between two pieces of content that are filled
SOURCE, CONTENT = 0, 1


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source, a cue and a content, each a tuple of (start, end) in characters of the text, and how sure the cue is.

    The source is empty where the text names nobody; the content has several pieces where something stands between.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue found in a window: tokens ``start`` to ``end`` - 1, and the probability that it is one."""

    start: int
    end: int
    probability: float


def find_cues(emissions: Array, chain: Chain, threshold: float = THRESHOLD) -> list[Cue]:
    """The cues of a window whose probability is at least `threshold`, from scores (tokens, tags).

    The best tagging proposes; a low threshold lowers the score of "no cue" first, so that it may propose more. The
    probability of a cue is that of its likeliest token to be in one.
    """
    if not len(emissions):
        return []
    outside = chain.likely(emissions)[:, 0]
    eased = emissions.copy()
    if threshold < 0.5:
        eased[:, 0] += np.log(threshold / (1 - threshold)) if threshold > 0 else -20.0
    found = []
    for _, start, end in runs(chain.best(eased)):
        probability = float(1 - outside[start:end].min())
        if probability >= threshold:
            found.append(Cue(start, end, probability))
    return found


def attribution(text: str, window: Window, cue: Cue, tagging: NDArray[np.int64]) -> Attribution | None:
    """What the tags (tokens,) of a cue's arguments amount to; None where no word is content."""
    source: list[tuple[int, int]] = []
    content: list[tuple[int, int]] = []
    for role, start, end in runs(tagging):
        (source if role == SOURCE else content).append((start, end))
    said = _characters(text, window.tokens, joined(content, [*source, (cue.start, cue.end)]))
    if not said:
        return None
    return Attribution(
        _characters(text, window.tokens, nearest(source, cue)),
        ((window.tokens[cue.start][0], window.tokens[cue.end - 1][1]),),
        said,
        cue.probability,
    )


def nearest(source: Sequence[tuple[int, int]], cue: Cue) -> list[tuple[int, int]]:
    """Of several sources the one nearest the cue, the one before it where two are as near.

    >>> nearest([(0, 2), (9, 11)], Cue(8, 9, 1.0))
    [(9, 11)]
    """
    if not source:
        return []
    return [min(source, key=lambda run: max(run[0] - cue.end, cue.start - run[1]))]


def joined(content: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces of content with the small holes between them filled, unless the source or the cue stands there.

    >>> joined([(0, 4), (5, 9), (12, 14)], [(9, 12)])
    [(0, 9), (12, 14)]
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(content):
        hole = (found[-1][1], start) if found else (0, 0)
        free = not any(a < hole[1] and b > hole[0] for a, b in others)
        if found and start - hole[0] <= LONGEST_HOLE and free:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _characters(text: str, places: Sequence[Span], found: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """Runs of tokens as characters, without the punctuation at either end; a run of nothing else is dropped."""
    spans = []
    for start, end in found:
        words = [number for number in range(start, end) if is_word(text, places[number])]
        if words:
            spans.append((places[words[0]][0], places[words[-1]][1]))
    return tuple(spans)


def without_repeats(found: Sequence[Attribution]) -> list[Attribution]:
    """Attributions in the order of the text, one a cue: of two with the same cue the surer one."""
    best: dict[tuple[Span, ...], Attribution] = {}
    for one in found:
        if one.cue not in best or best[one.cue].confidence < one.confidence:
            best[one.cue] = one
    return sorted(best.values(), key=lambda one: one.cue or one.content or one.source)
