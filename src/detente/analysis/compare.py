"""Two or more situations side by side: what differs in, what differs out, and which input explains it.

Situations are compared on common random numbers, so a difference carries the noise of the difference alone. How
much each differing input contributes is its Shapley value (Shapley 1953): its effect averaged over the orders in
which the inputs could be changed, in the measure's own unit. The contributions add up to the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

from detente.analysis import measures
from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.intervals import Z95, mean_interval
from detente.analysis.measures import Measure
from detente.analysis.results import Result, plain
from detente.analysis.study import Evaluation, Study
from detente.arrays import Floats
from detente.errors import UsageError
from detente.scenario.situation import Number, Situation

EXACT_UP_TO = 8  # differing inputs: 2**8 settings of them
PERMUTATIONS = 12  # orders sampled beyond that, each with its reverse
RULES = ("required", "excluded", "mediator", "settlement", "roles", "models", "correlations", "game")


@dataclass(frozen=True)
class Answer:
    """A measure in each situation, and the paired difference of the last from the first with its 95 % interval."""

    values: Sequence[float | None]
    unit: str
    difference: dict[str, float]
    differences: Sequence[dict[str, float]]  # each later situation from the first
    exceeds_noise: bool


@dataclass(frozen=True)
class CompareResult(Result):
    """What differs in, what differs out, and the contribution of each differing input."""

    scenarios: Sequence[str]
    draws: int
    seed: int
    central: bool
    inputs: Sequence[dict[str, Any]]
    answers: dict[str, Answer]
    contributions: dict[str, dict[str, dict[str, float]]]
    exact: bool
    note: str | None = None
    _situations: Any = field(default=None, repr=False, compare=False)

    def rows(self) -> list[dict[str, Any]]:
        """One record a measure."""
        return [
            {
                "measure": name,
                **dict(zip(self.scenarios, answer.values, strict=True)),
                **answer.difference,
                "exceeds_noise": answer.exceeds_noise,
            }
            for name, answer in self.answers.items()
        ]

    def sentences(self) -> list[str]:
        """The result in words."""
        from detente.report.sentences import compare_sentences

        return compare_sentences(self._situations[0], self.to_dict())

    def charts(self) -> list[Any]:
        """Answers and contributions."""
        from detente.report.charts import compare as chart

        return [chart(self._situations[0], self.to_dict())]


# --- what differs ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Difference:
    """One input that differs: the numbers that move together, or a rule of the talks."""

    path: str
    numbers: tuple[str, ...] = ()
    rule: str | None = None


def _thing(path: str) -> str:
    """The stance, tie or lever that a number belongs to."""
    parts = path.split(".")
    if parts[0] in ("stances", "ties"):
        return ".".join(parts[:3])
    if parts[0] == "game":
        return path
    return ".".join(parts[:2])


def _differences(first: Situation, second: Situation) -> list[_Difference]:
    """The inputs in which two situations differ, in file order."""
    paths = list(dict.fromkeys([*first.numbers, *second.numbers]))
    alone: dict[str, list[str]] = {}
    found: dict[str, _Difference] = {}
    moved: set[str] = set()
    for path in paths:
        a, b = first.numbers.get(path), second.numbers.get(path)
        if a is None or b is None:
            alone.setdefault(_thing(path), []).append(path)
            found[_thing(path)] = _Difference(_thing(path))
        elif a.quantity != b.quantity or _rests_on(a) & moved or _rests_on(b) & moved:
            moved.add(path)
            found[path] = _Difference(path, (path,))
    # A ref may stand before what it refers to.
    for path in paths:
        number = first.numbers.get(path)
        if path in second.numbers and number is not None and path not in found and _rests_on(number) & moved:
            moved.add(path)
            found[path] = _Difference(path, (path,))
    for thing, members in alone.items():
        found[thing] = _Difference(thing, tuple(members))
    rules = [
        _Difference(f"talks.{rule}" if rule not in ("models", "roles", "correlations", "game") else rule, (), rule)
        for rule in RULES
        if getattr(first, rule) != getattr(second, rule)
    ]
    return [*found.values(), *rules]


def _rests_on(number: Number) -> set[str]:
    return set(getattr(number.quantity, "refs", ()))


def _neutral(path: str) -> float:
    """What a number of a stance, tie or lever that is not in force amounts to: no stance, no share, no level."""
    if path.startswith("game."):  # a statement that counts for sure, the only order
        return 1.0
    return float("nan") if path.endswith(".position") else 0.0


def _union(first: Situation, second: Situation) -> Situation:
    """The first situation with what only the second has, so that both can be drawn in it."""
    ties = {(t.source, t.target, t.kind): t for t in (*second.ties, *first.ties)}
    levers = {lever.id: lever for lever in second.levers}
    for lever in first.levers:
        other = levers.get(lever.id)
        if other is not None:
            lever = replace(
                lever,
                bite=tuple(dict.fromkeys([*lever.bite, *other.bite])),
                raises=tuple(dict.fromkeys([*lever.raises, *other.raises])),
            )
        levers[lever.id] = lever
    return replace(
        first,
        stances={**second.stances, **first.stances},
        ties=tuple(ties.values()),
        levers=tuple(levers.values()),
        numbers={**second.numbers, **first.numbers},
    )


# --- mixtures of two situations ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pair:
    """Two situations and the inputs in which they differ."""

    first: Study
    second: Study
    union: Study
    differences: tuple[_Difference, ...]

    def mixtures(self, number: int) -> Callable[[frozenset[int]], Evaluation]:
        """In a block of draws: the evaluation in which the inputs of a set come from the second situation."""
        a, b = self.first.block(number).values, self.second.block(number).values
        base = self.union.block(number)

        def side(values: Any, path: str) -> Any:
            return values.written.get(path, _neutral(path))

        def mixture(chosen: frozenset[int]) -> Evaluation:
            changes, rules = {}, {}
            for index, difference in enumerate(self.differences):
                source = b if index in chosen else a
                for path in difference.numbers:
                    changes[path] = side(source, path)
                if difference.rule:
                    study = self.second if index in chosen else self.first
                    rules[difference.rule] = getattr(study.situation, difference.rule)
            evaluation = base.with_overrides(changes)
            return evaluation.on(replace(self.union.situation, **rules)) if rules else evaluation

        return mixture


def _shapley_exact(d: int, value: Callable[[frozenset[int]], Floats]) -> Floats:
    """Shapley values (d, M, D) from the measures (M, D) at all 2**d settings."""
    table = {frozenset(s): value(frozenset(s)) for r in range(d + 1) for s in combinations(range(d), r)}
    shape = next(iter(table.values())).shape
    found = np.zeros((d, *shape))
    for chosen, without in table.items():
        weight = factorial(len(chosen)) * factorial(d - len(chosen) - 1) / factorial(d) if len(chosen) < d else 0.0
        for player in range(d):
            if player not in chosen:
                found[player] += weight * (table[chosen | {player}] - without)
    return found


def _orders(d: int, seed: int) -> list[list[int]]:
    """Orders in which the inputs are changed, each followed by its reverse (antithetic)."""
    rng = np.random.default_rng([seed, 0x54A9])
    found = []
    for _ in range(PERMUTATIONS):
        order = rng.permutation(d).tolist()
        found += [order, order[::-1]]
    return found


def _shapley_sampled(d: int, value: Callable[[frozenset[int]], Floats], orders: Sequence[Sequence[int]]) -> Floats:
    """Mean effects (orders/2, d, M): each pair of an order and its reverse is one sample."""
    samples = []
    for pair in range(0, len(orders), 2):
        effects = np.zeros((d, len(value(frozenset()))))
        for order in orders[pair : pair + 2]:
            chosen: frozenset[int] = frozenset()
            before = value(chosen).mean(axis=1)
            for player in order:
                chosen = chosen | {player}
                after = value(chosen).mean(axis=1)
                effects[player] += (after - before) / 2
                before = after
        samples.append(effects)
    return np.stack(samples)


@dataclass(frozen=True)
class _Work:
    """What a block computes."""

    studies: tuple[Study, ...]
    measures: tuple[Measure, ...]
    explained: tuple[Measure, ...]
    pair: _Pair | None
    orders: tuple[tuple[int, ...], ...]


def _block(work: _Work, number: int) -> tuple[list[Floats], Floats | None]:
    answers = []
    for study in work.studies:
        evaluation = study.block(number)
        answers.append(np.stack([m(evaluation) for m in work.measures]))
    if work.pair is None or not work.explained:
        return answers, None
    mixture = work.pair.mixtures(number)
    known: dict[frozenset[int], Floats] = {}

    def value(chosen: frozenset[int]) -> Floats:
        if chosen not in known:
            evaluation = mixture(chosen)
            known[chosen] = np.stack([m(evaluation) for m in work.explained])
        return known[chosen]

    d = len(work.pair.differences)
    if work.orders:
        return answers, _shapley_sampled(d, value, work.orders)
    return answers, _shapley_exact(d, value)


def default_measures(situation: Situation) -> list[str]:
    """What a comparison shows unless told otherwise."""
    found = []
    if situation.has_talks and situation.required:
        found += ["convene", *(f"comes.{a}" for a in situation.required), *(f"margin.{a}" for a in situation.required)]
        found += [f"settlement.{i}" for i in situation.issues]
        found += ["hurting_stalemate", "way_out", "ripe"]
        if len(situation.required) >= 2:
            found += ["agreement", "collapse"]
    from detente.outcome.registry import usual

    return [*found, *(f"outcome.{m}.{i}" for m in usual(situation.configured) for i in situation.issues)]


def _explained(chosen: Sequence[Measure], asked: bool) -> list[Measure]:
    """The measures whose difference is taken apart: all that were asked for, else those that are cheap to compute."""
    if asked:
        return list(chosen)
    first = ("convene", "comes", "margin", "settlement", "ripe")
    cheap = ("outcome.mean.", "outcome.median.")
    return [m for m in chosen if m.name.split(".")[0] in first or m.name.startswith(cheap)]


def _nothing_in_common(situations: Sequence[Situation]) -> str:
    """Why there is nothing to compare unless a measure is named."""
    without = [s.id for s in situations if not s.issues]
    if without:
        names = " and ".join(dict.fromkeys(without))
        have = "has" if len(set(without)) == 1 else "have"
        return f"compare: {names} {have} no issues; expected --measure stable.CONCEPT.STATE"
    held = "; ".join(f"{s.id} has {', '.join(s.issues[:4])}{', ...' if len(s.issues) > 4 else ''}" for s in situations)
    return f"compare: the scenarios have no issue in common ({held}); expected the same id of an issue in each"


def compare(
    studies: Sequence[Study],
    *,
    measure: Sequence[str] | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> CompareResult:
    """Situations side by side on common draws; contributions where there are two of them.

    Raises `UsageError` for fewer than two, for different settings of the draws, and for an unknown measure.
    """
    if len(studies) < 2:
        raise UsageError("compare: found one scenario; expected two or more")
    first, last = studies[0], studies[-1]
    if any(
        (s.draws, s.seed, s.central, s.method) != (first.draws, first.seed, first.central, first.method)
        for s in studies
    ):
        raise UsageError("compare: the scenarios are drawn differently; expected the same draws, seed and method")
    common = [n for n in measures.names(first.situation) if all(n in measures.names(s.situation) for s in studies)]
    asked = measure is not None
    wanted = list(measure) if measure is not None else [n for n in default_measures(first.situation) if n in common]
    if not wanted:
        raise UsageError(_nothing_in_common([study.situation for study in studies]))
    for name in wanted:
        for study in studies:
            measures.measure(study.situation, name)
    chosen = [measures.measure(first.situation, name) for name in wanted]
    pair, note = _pair(first, last) if len(studies) == 2 else (None, "contributions are given for two scenarios")
    d = len(pair.differences) if pair else 0
    orders = tuple(tuple(o) for o in _orders(d, first.seed)) if d > EXACT_UP_TO else ()
    explained = _explained(chosen, asked) if pair and d else []
    work = _Work(tuple(studies), tuple(chosen), tuple(explained), pair, orders)
    parts = list(map_blocks(partial(_block, work), first.blocks, workers=workers, executor=executor, progress=progress))
    tables = [np.concatenate([part[0][s] for part in parts], axis=1) for s in range(len(studies))]
    return CompareResult(
        scenarios=[s.situation.id for s in studies],
        draws=first.draws,
        seed=first.seed,
        central=first.central,
        inputs=_inputs([s.situation for s in studies]),
        answers={m.name: _answer(m, [t[i] for t in tables], first.central) for i, m in enumerate(chosen)},
        contributions=_contributions(
            explained, pair, [p[1] for p in parts if p[1] is not None], [p[0][0].shape[1] for p in parts], bool(orders)
        ),
        exact=not orders,
        note=note,
        _situations=[s.situation for s in studies],
    )


def _pair(first: Study, second: Study) -> tuple[_Pair | None, str | None]:
    a, b = first.situation, second.situation
    if a.actors != b.actors or a.issues != b.issues or a.scales != b.scales or a.has_talks != b.has_talks:
        return None, "contributions need the same actors, issues and scales in both scenarios"
    return _Pair(first, second, first.on(_union(a, b)), tuple(_differences(a, b))), None


def _inputs(situations: Sequence[Situation]) -> list[dict[str, Any]]:
    """Each differing input with its value in each situation, in words."""
    found: dict[str, dict[str, Any]] = {}
    for other in situations[1:]:
        for difference in _differences(situations[0], other):
            if difference.rule:
                found[difference.path] = {
                    "path": difference.path,
                    "values": [_rule(s, difference.rule) for s in situations],
                }
                continue
            for path in difference.numbers:
                found[path] = {"path": path, "values": [_written(s, path) for s in situations]}
    return list(found.values())


def _rule(situation: Situation, rule: str) -> Any:
    """A rule as JSON; a game has no short form but whose it is."""
    if rule == "game":
        return None if situation.game is None else f"the game of {situation.id}"
    return plain(getattr(situation, rule))


def _written(situation: Situation, path: str) -> Any:
    number = situation.numbers.get(path)
    return (
        None if number is None else str(number.quantity) if not number.quantity.is_exact else number.quantity.central()
    )


def _answer(measure: Measure, values: Sequence[Floats], central: bool) -> Answer:
    means = [None if np.isnan(v).all() else float(np.nanmean(v)) for v in values]
    differences = []
    for other in values[1:]:
        mean, low, high = mean_interval(other - values[0])
        if central:
            low = high = mean
        differences.append({"mean": mean, "low": low, "high": high})
    last = differences[-1]
    beyond = bool(last["low"] > 0 or last["high"] < 0)
    return Answer(means, measure.unit, last, differences, beyond)


def _contributions(
    explained: Sequence[Measure], pair: _Pair | None, parts: Sequence[Floats], sizes: Sequence[int], sampled: bool
) -> dict[str, dict[str, dict[str, float]]]:
    if not pair or not parts:
        return {}
    found: dict[str, dict[str, dict[str, float]]] = {}
    if sampled:
        weights = np.array(sizes) / sum(sizes)
        samples = np.einsum("b,bsdm->sdm", weights, np.stack(parts))
        value = samples.mean(axis=0)
        half = Z95 * samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
    else:
        draws = np.concatenate(parts, axis=2)
        value = np.nanmean(draws, axis=2)
        n = draws.shape[2]
        half = Z95 * np.nanstd(draws, axis=2, ddof=1) / np.sqrt(n) if n > 1 else np.zeros_like(value)
    for m, measure in enumerate(explained):
        found[measure.name] = {
            difference.path: {
                "value": float(value[d, m]),
                "low": float(value[d, m] - half[d, m]),
                "high": float(value[d, m] + half[d, m]),
            }
            for d, difference in enumerate(pair.differences)
        }
    return found
