"""Examples for training: windows of the corpus with their gold tags, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from detente.evidence.distances import distances
from detente.evidence.polnear import Article
from detente.evidence.tags import tag
from detente.evidence.windows import Span, Window, is_word, padded, touched, windows

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Integers = NDArray[np.int64]
SOURCE, CONTENT = 0, 1


@dataclass(frozen=True)
class Example:
    """A window, the tags of its cues (tokens,), and for every cue its first and last token and its arguments' tags."""

    window: Window
    cue_tags: Integers
    cues: tuple[tuple[int, int, Integers], ...]


def examples(article: Article, tokenizer: Tokenizer) -> list[Example]:
    """The windows of an article with what its annotator marked in them."""
    return [_example(article, window) for window in windows(article.text, tokenizer)]


def _example(article: Article, window: Window) -> Example:
    length = len(window.tokens)
    cues = []
    arguments = []
    for gold in article.gold:
        cue = trimmed(article.text, window.tokens, gold.cue)
        if not cue:
            continue
        start, end = cue[0], cue[-1] + 1
        runs = [(SOURCE, a, b) for a, b in stretches(trimmed(article.text, window.tokens, gold.source))]
        for piece in gold.content:
            runs += [(CONTENT, a, b) for a, b in stretches(trimmed(article.text, window.tokens, (piece,)))]
        cues.append((0, start, end))
        arguments.append((start, end, tag(length, runs)))
    return Example(window, tag(length, cues), tuple(arguments))


def trimmed(text: str, places: Sequence[Span], spans: Sequence[Span]) -> list[int]:
    """The tokens of spans without the punctuation at either end of each; a span of nothing else keeps it."""
    found: set[int] = set()
    for span in spans:
        inside = touched(places, [span])
        words = [number for number in inside if is_word(text, places[number])]
        found.update(range(words[0], words[-1] + 1) if words else inside)
    return sorted(found)


def stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers as (first, after the last).

    >>> stretches([1, 2, 5])
    [(1, 3), (5, 6)]
    """
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


@dataclass(frozen=True)
class Batch:
    """What one step of training reads; ``row`` says in which window each cue stands."""

    pieces: torch.Tensor
    kinds: torch.Tensor
    first: torch.Tensor
    lengths: torch.Tensor
    cue_tags: torch.Tensor
    row: torch.Tensor
    pool: torch.Tensor
    distance: torch.Tensor
    argument_tags: torch.Tensor


def batch(chosen: Sequence[Example]) -> Batch:
    """Several examples as padded tensors; ``pool`` (cues, tokens) averages the states of a cue's tokens."""
    lengths = [len(example.window.tokens) for example in chosen]
    longest = max(lengths)
    row, pool, distance, tagged = [], [], [], []
    for number, example in enumerate(chosen):
        for start, end, argument_tags in example.cues:
            share = np.zeros(longest, np.float32)
            share[start:end] = 1 / (end - start)
            row.append(number)
            pool.append(share)
            distance.append(distances(longest, start, end))
            tagged.append(argument_tags)
    tensor = torch.from_numpy
    cues = len(row)
    full = np.zeros((cues, longest), np.int64)
    for number, argument_tags in enumerate(tagged):
        full[number, : len(argument_tags)] = argument_tags
    return Batch(
        tensor(padded([e.window.pieces for e in chosen])),
        tensor(padded([e.window.kinds for e in chosen])),
        tensor(padded([e.window.first for e in chosen])),
        torch.tensor(lengths),
        tensor(padded([e.cue_tags for e in chosen])),
        torch.tensor(row, dtype=torch.long),
        tensor(np.stack(pool) if pool else np.zeros((0, longest), np.float32)),
        tensor(np.stack(distance) if distance else np.zeros((0, longest), np.int64)),
        tensor(full),
    )
