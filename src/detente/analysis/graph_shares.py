"""In how many draws of uncertain preferences each state of a strategic conflict is an equilibrium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.analysis.intervals import Share, wilson

if TYPE_CHECKING:
    from detente.analysis.study import Study


@dataclass(frozen=True)
class Shares:
    """In how many of `draws` draws each state is an equilibrium, `counts` (N,) a concept."""

    draws: int
    counts: dict[str, NDArray[np.int64]]

    @classmethod
    def of(cls, study: Study, states: int, concepts: Sequence[str]) -> Shares:
        """Over the draws of a study whose situation has a game of so many states."""
        counts = {concept: np.zeros(states, dtype=np.int64) for concept in concepts}
        for block in study.blocks:
            evaluation = study.block(block)
            for concept in concepts:
                found, which = evaluation.stable(concept)
                counts[concept] += np.bincount(which, minlength=len(found)) @ found.all(axis=1)
        return cls(study.sampler.draws, counts)

    def share(self, concept: str, state: int) -> Share:
        """The share of draws with its Wilson interval."""
        return wilson(int(self.counts[concept][state]), self.draws)

    def found(self, concept: str | None = None) -> list[int]:
        """The states that are an equilibrium in some draw, under a concept or any of them, the most frequent first."""
        asked = self.counts.values() if concept is None else [self.counts[concept]]
        most = np.max(list(asked), axis=0)
        return [state for state in np.argsort(-most, kind="stable").tolist() if most[state]]
