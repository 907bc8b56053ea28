"""A study: a situation, how many draws of it, and the models run on a block of them, each at most once.

Every question (ensemble, tipping, sensitivity, comparison) is asked of an `Evaluation`: one block of draws, with
each model computed when first asked for. A what-if is the same block with some numbers overridden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.arrays import Bools, Floats, OutcomeInputs, TalksInputs
from detente.errors import UsageError
from detente.scenario.draws import outcome_inputs, talks_inputs
from detente.scenario.sampling import Sampler, Values
from detente.scenario.situation import Situation

if TYPE_CHECKING:
    from detente.outcome.registry import OutcomeResult
    from detente.scenario.strategy import Rankings
    from detente.talks.bargaining_range import BargainingRange
    from detente.talks.readiness import Readiness, Settlement
    from detente.talks.rounds import Rounds

DEFAULT_DRAWS = 10_000
_CHANCE = 0x0D1CE  # sets the outcome models' chance apart from other streams of a block


class Missing(Exception):
    """A model lacks a field of the scenario; `path` names it. The other models still run."""

    def __init__(self, path: str):
        self.path = path
        super().__init__(path)


@dataclass(frozen=True)
class Study:
    """A situation and how it is drawn."""

    situation: Situation
    draws: int = DEFAULT_DRAWS
    seed: int = 0
    central: bool = False
    method: str = "latin"
    count_backing: bool = False

    def __post_init__(self) -> None:
        if self.draws < 1:
            raise UsageError(f"draws: found {self.draws}; expected a whole number of at least 1")
        if self.seed < 0:
            raise UsageError(f"seed: found {self.seed}; expected a whole number of at least 0")

    @cached_property
    def sampler(self) -> Sampler:
        """The source of draws."""
        return Sampler(self.situation, draws=self.draws, seed=self.seed, method=self.method, central=self.central)

    @property
    def blocks(self) -> range:
        """Numbers of the blocks of draws."""
        return self.sampler.blocks

    def block(self, number: int) -> Evaluation:
        """The draws of a block, with nothing computed yet."""
        return Evaluation(self, self.sampler.block(number), number)

    def on(self, situation: Situation) -> Study:
        """The same draws of another situation."""
        return replace(self, situation=situation)

    def __getstate__(self) -> dict[str, Any]:
        # The sampler is rebuilt where a worker of another process needs it.
        return {key: value for key, value in self.__dict__.items() if key != "sampler"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


@dataclass
class Evaluation:
    """A block of draws and what the models make of it."""

    study: Study
    values: Values
    number: int = 0
    noise_rows: np.ndarray | None = None  # rows of the block's noise, where only some of its draws are here

    @property
    def situation(self) -> Situation:
        """The situation drawn."""
        return self.study.situation

    @property
    def size(self) -> int:
        """D, the number of draws here."""
        return self.values.size

    def with_overrides(self, changes: Mapping[str, float | Floats]) -> Evaluation:
        """The same draws with some written values replaced, alike in all draws or draw by draw."""
        return Evaluation(self.study, self.values.with_overrides(changes), self.number, self.noise_rows)

    def on(self, situation: Situation) -> Evaluation:
        """The same numbers under other rules (who is required, how a settlement is formed)."""
        return Evaluation(self.study.on(situation), self.values, self.number, self.noise_rows)

    def written(self, path: str) -> Floats:
        """The written value of a path in each draw, shape (D,)."""
        if path not in self.values.written:
            raise Missing(path)
        return np.broadcast_to(self.values.written[path], (self.size,))

    @cached_property
    def outcome_inputs(self) -> OutcomeInputs:
        """The arrays that outcome models take."""
        return outcome_inputs(
            self.situation, self.values, count_backing=self.study.count_backing, keys=self._chance_keys()
        )

    def _chance_keys(self) -> NDArray[np.uint64] | None:
        """A seed a draw for outcome models with chance in them; a central run has that of each model itself."""
        if self.study.central:
            return None
        rows = np.arange(self.size) if self.noise_rows is None else self.noise_rows
        stream = np.random.default_rng([self.study.seed, self.number, _CHANCE])
        return stream.integers(0, 2**64, size=int(rows.max(initial=-1)) + 1, dtype=np.uint64)[rows]

    @cached_property
    def talks_inputs(self) -> TalksInputs:
        """The arrays that the talks models take."""
        if not self.situation.has_talks:
            raise Missing("talks")
        if not self.situation.required:
            raise Missing("talks.required")
        return talks_inputs(self.situation, self.values)

    def outcome(self, model: str) -> OutcomeResult:
        """What a collective-decision model settles on."""
        known = self.__dict__.setdefault("_outcomes", {})
        if model not in known:
            known[model] = self.run_outcome(model)
        return known[model]

    def run_outcome(self, model: str, *, keep_trajectory: bool = False) -> OutcomeResult:
        """Run a model with the scenario's settings for it."""
        from detente.outcome.registry import get

        return get(model).run(self.outcome_inputs, keep_trajectory=keep_trajectory, **self._model_options(model))

    def _model_options(self, model: str) -> dict[str, Any]:
        options: dict[str, Any] = dict(self.situation.models.get(model, {}))
        prefix = f"models.{model}."
        for path, number in self.situation.numbers.items():
            if path.startswith(prefix):
                value = self.values.used[path]
                options[path.removeprefix(prefix)] = (
                    float(value[0]) if number.quantity.is_exact and value.size == 1 else value
                )
        return options

    @cached_property
    def settlement_rule(self) -> Settlement:
        """The settlement that parties expect: a rule's name, or what an outcome model gives (D, k)."""
        rule = self.situation.settlement
        if rule == "compromise":
            return "compromise"
        if rule == "nash":
            return "nash"
        settled = self.outcome(rule).settlement
        # Where a model has no answer, the issue stays at its status quo, as an issue without salience does.
        return np.where(np.isnan(settled), self.outcome_inputs.status_quo, settled)

    @cached_property
    def readiness(self) -> Readiness:
        """Who would sit down."""
        from detente.talks.readiness import readiness

        return readiness(self.talks_inputs, settlement=self.settlement_rule)

    def terms(self) -> dict[str, Floats]:
        """The terms of every actor's margin, each (D, n), by the names that the talks page gives them."""
        ready = self.readiness
        names = ("settlement", "war", "cost", "side_payment", "betrayal", "audience")
        found = {name: getattr(ready.terms, name) for name in names}
        for index, lever in enumerate(self.situation.levers):
            if lever.bite:
                found[f"cost:{lever.id}"] = ready.terms.levers[:, index]
        return found

    @cached_property
    def bargaining_range(self) -> BargainingRange:
        """What every required party could sign."""
        from detente.talks.bargaining_range import bargaining_range

        return bargaining_range(self.talks_inputs, self.readiness)

    @cached_property
    def rounds(self) -> Rounds:
        """The talks played out, as if the required parties had sat down."""
        from detente.talks.rounds import draw_noise, rounds

        if len(self.situation.required) < 2:
            raise Missing("talks.required")
        inputs = self.talks_inputs
        rows = self.noise_rows
        size = self.size if rows is None else int(rows.max(initial=-1)) + 1
        noise = draw_noise(
            seed=self.study.seed,
            block=self.number,
            actors=self.situation.actors,
            draws=size,
            months=int(inputs.deadline.max()),
        )
        if rows is not None:
            noise = noise.take(rows)
        return rounds(inputs, settlement=self.settlement_rule, noise=noise)

    @cached_property
    def rankings(self) -> tuple[Rankings, ...]:
        """How each decision maker of the strategic conflict ranks its states in each draw."""
        from detente.scenario.strategy import rankings

        game = self.situation.game
        if game is None:
            raise Missing("game")
        return tuple(rankings(game.conflict, self.values, maker) for maker in range(game.conflict.form.makers))

    def stable(self, concept: str) -> tuple[Bools, NDArray[np.int64]]:
        """Whether each state is stable for each decision maker in each distinct game (G, n, N); each draw's game (D,)."""
        from detente.graph.many import distinct

        game = self.situation.game
        games, which = distinct(np.stack([r.which for r in self.rankings], axis=1))
        assert game is not None  # else there are no rankings
        return game.solver.stable([r.ranks for r in self.rankings], games, concept), which

    def perceived(self, concept: str) -> tuple[Bools, NDArray[np.int64]]:
        """Equilibria of the hypergame in each distinct game (G, N); each draw's game (D,)."""
        from detente.graph.many import distinct

        game = self.situation.game
        games, which = distinct(np.stack([r.which for r in self.rankings], axis=1))
        assert game is not None  # else there are no rankings
        return game.perceived([r.ranks for r in self.rankings], games, concept), which

    def take(self, rows: np.ndarray) -> Evaluation:
        """Only some of the draws, each with the noise that was its own."""
        kept = self.values.take(rows)
        base = np.arange(self.size) if self.noise_rows is None else self.noise_rows
        return Evaluation(self.study, kept, self.number, base[rows])
