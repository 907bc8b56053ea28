"""A situation's numbers drawn into arrays, a block of draws at a time.

Every random number has a stream of its own, keyed by seed, path and block: adding an actor leaves the draws of the
others alone, two scenarios compared share theirs, and any worker can make any block. A block is a latin hypercube
(McKay, Beckman & Conover 1979, *Technometrics* 21:239) of its own: each number is stratified within each block, not
over all of them, so memory stays flat. What stratification takes from the variance of an estimate, the part owed to
each number alone, it still takes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np

from detente.arrays import Bools, Floats
from detente.errors import Fault, InputError, UsageError, nearest
from detente.scenario.distributions import Quantity, Ref, Uniform
from detente.scenario.quantity import hold_range
from detente.scenario.situation import Number, Situation

BLOCK = 5000  # draws in a block: its arrays fit the cache, and it is the unit of work and of stratification

# Uniforms stay inside (0, 1): an unbounded distribution has no value at either end.
_FIRST, _LAST = 2.0**-54, 1 - 2.0**-53


@dataclass(frozen=True)
class InputGroup:
    """Random inputs that move together: one path, or those that declared correlations join."""

    paths: tuple[str, ...]


class Sampler:
    """Draws a situation's numbers.

    `method` is ``latin`` (latin hypercube within each block) or ``random``; a `central` run is one draw at the
    central values. Raises `InputError` where refs or levers go round in a circle or lead nowhere, and where
    correlations contradict each other.
    """

    def __init__(
        self,
        situation: Situation,
        *,
        draws: int,
        seed: int = 0,
        method: str = "latin",
        central: bool = False,
    ):
        if method not in ("latin", "random"):
            raise UsageError(f"method: found {method!r}; expected latin or random")
        self.draws = 1 if central else draws
        self.seed = seed
        self.method = method
        self.central = central
        self._numbers = situation.numbers
        self._rules = _Rules.of(situation)
        self._inputs = dict(_inputs(situation.numbers))
        self._correlated = _correlated(situation, self._inputs)

    @property
    def blocks(self) -> range:
        """Numbers of the blocks."""
        return range(-(-self.draws // BLOCK))

    def rows(self, block: int) -> range:
        """The draws of a block, counted from 0."""
        return range(block * BLOCK, min((block + 1) * BLOCK, self.draws))

    @property
    def inputs(self) -> tuple[InputGroup, ...]:
        """The random inputs in file order; correlated ones form one group, at the place of the first."""
        group_of = {path: c.paths for c in self._correlated for path in c.paths}
        return tuple(InputGroup(p) for p in dict.fromkeys(group_of.get(path, (path,)) for path in self._inputs))

    def behind(self, wanted: Callable[[str], bool]) -> tuple[InputGroup, ...]:
        """The random inputs, as `inputs` gives them, that the numbers at the wanted paths rest on."""
        known = self._rules.behind(path for path in self._numbers if wanted(path))
        return tuple(g for g in self.inputs if any(p in known or p.rsplit(".", 1)[0] in known for p in g.paths))

    def uniforms(self, block: int) -> dict[str, Floats]:
        """A block's uniforms in (0, 1) for each random input, before correlation, each (B,).

        A ref's own ``times`` and ``plus`` are inputs at its path with ``.times`` and ``.plus``; whether a statement of
        the game counts is one at the path of its probability with ``.chance``. In a central run every uniform is one
        half.
        """
        size = len(self.rows(block))
        if self.central:
            return {path: np.full(size, 0.5) for path in self._inputs}
        return {path: self._uniform(path, block, size) for path in self._inputs}

    def at_quantile(self, group: InputGroup, quantile: float) -> dict[str, float]:
        """Uniforms before correlation that hold a group of `inputs` at a quantile in (0, 1).

        Of correlated inputs it is the quantile along their first principal axis, the first of them rising: the
        direction in which they move together most. Held so, members that rise together are all low or all high, and
        one that falls when the others rise is high where they are low.
        """
        for correlated in self._correlated:
            if correlated.paths == group.paths:
                return correlated.along(quantile)
        return dict.fromkeys(group.paths, quantile)

    def _uniform(self, path: str, block: int, size: int) -> Floats:
        key = hashlib.blake2b(path.encode(), digest_size=16).digest()
        words = (int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little"))
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=(*words, block))))
        u = rng.random(size)
        if self.method == "latin":
            u = (rng.permutation(size) + u) / size
        return np.clip(u, _FIRST, _LAST, out=u)

    def values_from_uniforms(self, uniforms: Mapping[str, Floats], *, start: int = 0) -> Values:
        """The values at given uniforms, an array (D,) in [0, 1] for each path of `inputs`; those left out are at 0.5."""
        size = max((u.shape[0] for u in uniforms.values()), default=1)
        return self._values(uniforms, size, start)

    def block(self, number: int) -> Values:
        """The values of a block of draws; of a central run, the one draw at the central values."""
        rows = self.rows(number)
        if self.central:
            return self._values(None, 1, 0)
        return self._values(self.uniforms(number), len(rows), rows.start)

    def _values(self, uniforms: Mapping[str, Floats] | None, size: int, start: int) -> Values:
        """Values at uniforms, or the central ones."""
        if uniforms is None:
            drawn = {path: np.array([quantity.central()]) for path, quantity in self._inputs.items()}
        else:
            u = {path: np.full(1, 0.5) for path in self._inputs} | dict(uniforms)
            for group in self._correlated:
                group.correlate(u)
            drawn = {path: quantity.ppf(u[path]) for path, quantity in self._inputs.items()}
        written: dict[str, Floats] = {}
        parts: dict[str, Floats] = {}
        for path, number in self._numbers.items():
            quantity = number.quantity
            if isinstance(quantity, Ref):
                for name, part in (("times", quantity.times), ("plus", quantity.plus)):
                    key = f"{path}.{name}"
                    parts[key] = drawn[key] if key in drawn else np.array([part.central()])
            else:
                value = drawn[path] if path in drawn else np.array([quantity.central()], dtype=np.float64)
                written[path] = self._rules.whole(path, value)
                if number.field.name == "probability":
                    parts[f"{path}.chance"] = drawn[f"{path}.chance"]
        return self._rules.derive(written, parts, size=size, start=start)


@dataclass(frozen=True)
class Values:
    """Numbers by path in each of ``size`` draws: arrays (D,), or (1,) where all draws share one value.

    ``written`` is before levers, ``used`` after them; ``start`` is the number of the first draw.
    """

    written: Mapping[str, Floats]
    used: Mapping[str, Floats]
    size: int
    start: int
    _rules: _Rules = field(repr=False)
    _parts: Mapping[str, Floats] = field(repr=False)  # refs' own times and plus, chances beside probabilities
    _shares: Mapping[str, Floats] = field(repr=False)  # backers' shares before their sum is held at 1
    _held: Mapping[tuple[str, str], Bools] = field(repr=False)  # by path and by what held it

    @property
    def held(self) -> dict[str, int]:
        """How many draws hold a derived value at the end of its range, by path; a path never held is left out."""
        masks: dict[str, Bools] = {}
        for (path, _), mask in self._held.items():
            masks[path] = masks[path] | mask if path in masks else mask
        counts = {p: int(m.sum()) if m.shape[0] == self.size else self.size * int(m[0]) for p, m in masks.items()}
        return {path: count for path, count in counts.items() if count}

    def happens(self, path: str) -> Bools:
        """Whether what has the probability at `path` is so, in each draw (D,) or (1,): where its chance is within it."""
        found: Bools = self._parts[f"{path}.chance"] <= self.used[path]
        return found

    def with_overrides(self, changes: Mapping[str, float | Floats]) -> Values:
        """The same draws with some written values replaced, alike in all draws or by an array (D,).

        What rests on them (refs, levers, shares) is derived again, and nothing else. Raises KeyError for a path
        that the situation does not have.
        """
        new = {}
        for path, value in changes.items():
            if path not in self.written:
                raise KeyError(path)
            new[path] = self._rules.whole(path, np.atleast_1d(np.asarray(value, dtype=np.float64)))
        return self._rules.derive(new, self._parts, size=self.size, start=self.start, base=self)

    def take(self, rows: np.ndarray) -> Values:
        """Only some of the draws, by their places in this block, in the order given; ``start`` stays."""

        def pick(arrays: Mapping[Any, Any]) -> dict[Any, Any]:
            return {key: a if a.shape[0] == 1 else a[rows] for key, a in arrays.items()}

        return Values(
            pick(self.written),
            pick(self.used),
            len(rows),
            self.start,
            self._rules,
            pick(self._parts),
            pick(self._shares),
            pick(self._held),
        )


# --- what follows from what is drawn -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rules:
    """How refs, levers and shares follow from the written values."""

    ranges: Mapping[str, tuple[float, float]]  # within which a derived value is held
    integers: frozenset[str]
    refs: tuple[tuple[str, str], ...]  # (path, path that it moves with), in an order that can be computed
    raises: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # raised path, its levers' (level, coefficient)
    shares: tuple[tuple[str, ...], ...]  # shares of one backer, over all that it backs

    @classmethod
    def of(cls, situation: Situation) -> _Rules:
        numbers = situation.numbers
        refs = {p: n.quantity.path for p, n in numbers.items() if isinstance(n.quantity, Ref)}
        raises: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for lever in situation.levers:
            for raised in lever.raises:
                raises[raised].append((f"levers.{lever.id}.level", f"levers.{lever.id}.raises.{raised}"))
        shares: dict[str, list[str]] = defaultdict(list)
        for tie in situation.ties:
            if tie.kind == "backs" and tie.share_path:
                shares[tie.source].append(tie.share_path)
        ref_order = _ordered({p: [target] for p, target in refs.items()}, numbers, "ref")
        raise_order = _ordered({p: [x for pair in by for x in pair] for p, by in raises.items()}, numbers, "lever")
        return cls(
            ranges={p: _hold_range(n) for p, n in numbers.items()},
            integers=frozenset(p for p, n in numbers.items() if n.field.integer),
            refs=tuple((p, refs[p]) for p in ref_order if p in refs),
            raises=tuple((p, tuple(raises[p])) for p in raise_order if p in raises),
            shares=tuple(tuple(paths) for paths in shares.values() if len(paths) > 1),
        )

    def behind(self, paths: Iterable[str]) -> set[str]:
        """The paths, and those that they follow from through refs and levers."""
        refs, raises = dict(self.refs), dict(self.raises)
        found: set[str] = set()
        waiting = list(paths)
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.add(path)
                waiting += [refs[path]] if path in refs else []
                waiting += [source for lever in raises.get(path, ()) for source in lever]
        return found

    def whole(self, path: str, value: Floats) -> Floats:
        """Rounded where the field is of whole numbers."""
        return np.rint(value) if path in self.integers else value

    def hold(self, path: str, value: Floats) -> tuple[Floats, Bools]:
        """Within the range, and in which draws it was not."""
        low, high = self.ranges[path]
        value = self.whole(path, value)
        outside = (value < low) | (value > high)
        return (np.clip(value, low, high) if outside.any() else value), outside

    def derive(
        self,
        new: Mapping[str, Floats],
        parts: Mapping[str, Floats],
        *,
        size: int,
        start: int,
        base: Values | None = None,
    ) -> Values:
        """Values with the new written ones, and what rests on them derived; all that does not is as in `base`."""
        written = {**base.written, **new} if base else dict(new)
        held = {k: mask for k, mask in base._held.items() if k[0] not in new or k[1] != "ref"} if base else {}
        changed = set(new)
        for path, target in self.refs:
            if path not in new and (base is None or target in changed):
                value = parts[f"{path}.times"] * written[target] + parts[f"{path}.plus"]
                written[path], held[path, "ref"] = self.hold(path, value)
                changed.add(path)
        if base is None:
            written = {path: written[path] for path in self.ranges}  # file order
        used = {**base.used, **base._shares} if base else {}
        used |= {path: written[path] for path in (changed if base else written)}
        for path, levers in self.raises:
            if path in changed or any(x in changed for pair in levers for x in pair):
                value = written[path] + sum(used[level] * used[coefficient] for level, coefficient in levers)
                used[path], held[path, "lever"] = self.hold(path, value)
                changed.add(path)
        shares = {path: used[path] for group in self.shares for path in group}
        for group in self.shares:
            self._hold_shares(group, used, held)
        return Values(written, used, size, start, self, parts, shares, held)

    def _hold_shares(self, group: tuple[str, ...], used: dict[str, Floats], held: dict[tuple[str, str], Bools]) -> None:
        """Where a backer's drawn shares sum to more than 1, they are scaled down to what it has."""
        total = np.sum(np.broadcast_arrays(*(used[path] for path in group)), axis=0)
        over = total > 1
        for path in group:
            held.pop((path, "share"), None)
            if over.any():
                used[path] = used[path] / np.maximum(total, 1)
                held[path, "share"] = over


def _hold_range(number: Number) -> tuple[float, float]:
    """Where the number's derived values are held: its own range, open ends left out where they are the field's."""
    kind = number.field
    return hold_range(
        number.low,
        number.high,
        low_open=kind.low_open and number.low == kind.low,
        high_open=kind.high_open and number.high == kind.high,
    )


def _ordered(needs: Mapping[str, list[str]], numbers: Mapping[str, Number], what: str) -> list[str]:
    """The paths so that each comes after those that it needs."""
    faults = []
    for path, targets in needs.items():
        for missing in (t for t in (path, *targets) if t not in numbers):
            faults.append(_fault(path, numbers, f"found no number at {missing}", nearest(missing, numbers), what))
    if faults:
        raise InputError(faults)
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise InputError(_fault(error.args[1][0], numbers, f"found a circle: {circle}", None, what)) from None


def _fault(path: str, numbers: Mapping[str, Number], found: str, meant: str | None, what: str) -> Fault:
    number = numbers.get(path)
    line, column = (number.line, number.column) if number else (None, None)
    expected = f"expected each {what} to lead to a number that does not lead back to it"
    return Fault(found, expected, path, line=line, column=column, suggestion=meant)


# --- random inputs and their correlation -------------------------------------------------------------------------


def _inputs(numbers: Mapping[str, Number]) -> Iterator[tuple[str, Quantity]]:
    """The independent random inputs by path, in file order."""
    for path, number in numbers.items():
        quantity = number.quantity
        if not isinstance(quantity, Ref):
            candidates = [(path, quantity)]
            if number.field.name == "probability":
                candidates.append((f"{path}.chance", Uniform(0.0, 1.0)))
        else:
            candidates = [(f"{path}.times", quantity.times), (f"{path}.plus", quantity.plus)]
        yield from ((p, q) for p, q in candidates if not q.is_exact)


@dataclass(frozen=True)
class _Correlated:
    """Inputs joined by a Gaussian copula, whose rank correlations are those declared."""

    paths: tuple[str, ...]
    factor: Floats  # (m, m), lower triangular: its product with its transpose is the correlation of the scores

    def correlate(self, uniforms: dict[str, Floats]) -> None:
        """Put the correlated uniforms in the place of the independent ones."""
        from scipy.special import ndtr, ndtri

        scores = ndtri(np.stack([uniforms[path] for path in self.paths]))
        for i, path in enumerate(self.paths):
            # The first keeps its own uniforms; sums are written out, so that no library's order of adding matters.
            if i:
                score = sum(self.factor[i, j] * scores[j] for j in range(i + 1))
                uniforms[path] = np.clip(ndtr(score), _FIRST, _LAST)

    def along(self, quantile: float) -> dict[str, float]:
        """Independent uniforms that `correlate` makes a quantile of the scores' first principal axis."""
        from scipy.special import ndtr, ndtri

        lengths, axes = np.linalg.eigh(self.factor @ self.factor.T)
        axis = axes[:, -1] * np.sqrt(lengths[-1])
        axis *= np.sign(axis[np.flatnonzero(np.abs(axis) > 1e-9)[0]])
        scores = np.linalg.solve(self.factor, axis * ndtri(quantile))
        return dict(zip(self.paths, map(float, ndtr(scores)), strict=True))


def _correlated(situation: Situation, inputs: Mapping[str, Quantity]) -> tuple[_Correlated, ...]:
    """The groups that declared correlations join. A number that is exact (set so, perhaps) has none and drops out."""
    declared: dict[tuple[str, str], float] = {}
    group_of: dict[str, set[str]] = {path: {path} for path in inputs}
    faults = []
    for paths, rho in situation.correlations:
        for path in paths:
            if path not in situation.numbers:
                faults.append(
                    Fault(
                        f"found no number at {path}",
                        "expected the path of a number",
                        "correlations",
                        suggestion=nearest(path, situation.numbers),
                    )
                )
            elif isinstance(situation.numbers[path].quantity, Ref):
                found = f"found {path}, which moves with another quantity by ref"
                faults.append(Fault(found, "expected the path of a number with a range of its own", "correlations"))
        if len(set(paths)) != len(paths) or not -1 <= rho <= 1:
            found = f"found {', '.join(paths)} with rho {rho:g}"
            faults.append(Fault(found, "expected different paths and a rho from -1 to 1", "correlations"))
        random = [path for path in inputs if path in paths]
        for i, first in enumerate(random):
            for second in random[i + 1 :]:
                if declared.setdefault((first, second), rho) != rho:
                    found = f"found two correlations of {first} and {second}"
                    faults.append(Fault(found, "expected one", "correlations"))
                joined = group_of[first] | group_of[second]
                group_of.update(dict.fromkeys(joined, joined))
    if faults:
        raise InputError(faults)
    groups = dict.fromkeys(tuple(p for p in inputs if p in group) for group in group_of.values() if len(group) > 1)
    return tuple(_Correlated(paths, _factor(paths, declared)) for paths in groups)


def _factor(paths: tuple[str, ...], declared: Mapping[tuple[str, str], float]) -> Floats:
    """Cholesky factor of the scores' correlations, ``2 sin(pi rho / 6)`` for Spearman's rho."""
    matrix = np.eye(len(paths), dtype=np.float64)
    for i, first in enumerate(paths):
        for j, second in enumerate(paths[:i]):
            rho = declared.get((second, first), 0.0)
            matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rho / 6)
    if np.linalg.eigvalsh(matrix)[0] < 1e-9:
        found = f"found correlations of {', '.join(paths)} that cannot hold together"
        expected = "expected a positive definite matrix: weaken one, or write ref where one number is another's"
        raise InputError(Fault(found, expected, "correlations"))
    return np.linalg.cholesky(matrix).astype(np.float64)
