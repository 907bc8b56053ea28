"""Scores of an attribution model on a split of PolNeAR: the figures that docs and the model card state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from detente.evidence.attribution import Attribution
from detente.evidence.polnear import Article, articles
from detente.evidence.scores import Rate, is_statement, score


@dataclass(frozen=True)
class Evaluation:
    """How a model agrees with the annotators of a split, over all attributions and over reported speech alone."""

    model: str
    split: str
    documents: int
    scores: dict[str, Rate]
    statements: dict[str, Rate]

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "model": self.model,
            "split": self.split,
            "documents": self.documents,
            "scores": {name: rate.to_dict() for name, rate in self.scores.items()},
            "statements": {name: rate.to_dict() for name, rate in self.statements.items()},
        }


def evaluate(
    folder: Path,
    attribute: Callable[[str], list[Attribution]],
    model: str,
    step: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Run `attribute` over every article of a split and score it.

    Reported speech (``statements``) is every attribution, gold or found, with a quotation mark in its content or a verb of
    reporting in its cue; the gold ones and the found ones are chosen by the same rule.
    """
    everything = list(articles(folder))
    found = []
    for number, article in enumerate(everything, start=1):
        found.append(attribute(article.text))
        if step:
            step(number, len(everything))
    return Evaluation(model, Path(folder).name, len(everything), *_scored(everything, found))


def _scored(everything: Iterable[Article], found: list[list[Attribution]]) -> tuple[dict[str, Rate], dict[str, Rate]]:
    pairs = list(zip(everything, found, strict=True))
    whole = score((a.text, a.gold, ours) for a, ours in pairs)
    speech = score(
        (
            a.text,
            [one for one in a.gold if is_statement(a.text, one)],
            [one for one in ours if is_statement(a.text, one)],
        )
        for a, ours in pairs
    )
    return whole, speech
