"""Power indices of a weighted vote, exact: what a share of the votes is worth under a quota.

Both count by generating functions how many coalitions have each number of votes, in whole numbers of any size, so that
hundreds of members are exact to the last digit. docs/models/power-indices.md has the formulas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from detente.errors import UsageError

INDICES = ("shapley-shubik", "banzhaf")
MOST_MEMBERS, MOST_VOTES = 1000, 100_000


@dataclass(frozen=True)
class Power:
    """The power of each member, in the order given; fractions are exact."""

    shapley_shubik: tuple[Fraction, ...]  # sums to 1
    banzhaf: tuple[Fraction, ...]  # shares of all swings, sums to 1
    swing_chance: tuple[Fraction, ...]  # absolute Banzhaf index: how often a member decides, if all vote by a coin


def power(votes: Sequence[int], quota: int) -> Power:
    """Shapley-Shubik and Banzhaf indices of members with ``votes``, where ``quota`` votes or more carry a motion.

    Up to 1,000 members and 100,000 votes, whole numbers of 0 or more; the quota is from 1 to all votes. Raises
    `UsageError`. Source: Shapley and Shubik (1954); Banzhaf (1965); by generating functions Mann and Shapley (1962),
    Brams and Affuso (1976).

    >>> found = power([50, 49, 1], 51)
    >>> [str(v) for v in found.shapley_shubik], [str(v) for v in found.banzhaf]
    (['2/3', '1/6', '1/6'], ['3/5', '1/5', '1/5'])
    """
    _check(votes, quota)
    n, members = len(votes), {}
    by_size = _by_size(votes, quota)
    for weight in set(votes):  # members with as many votes have as much power
        swings = _swings(by_size, weight, quota)
        index = sum((Fraction(count, n * comb(n - 1, size)) for size, count in enumerate(swings)), Fraction())
        members[weight] = index, sum(swings)
    total = sum(members[v][1] for v in votes)
    return Power(
        shapley_shubik=tuple(members[v][0] for v in votes),
        banzhaf=tuple(Fraction(members[v][1], total) for v in votes),
        swing_chance=tuple(Fraction(members[v][1], 2 ** (n - 1)) for v in votes),
    )


def capabilities(votes: Mapping[str, int], quota: int, *, index: str = "shapley-shubik") -> dict[str, float]:
    """Capabilities of a scenario's actors from their votes, in per cent, by ``shapley-shubik`` or ``banzhaf``.

    >>> capabilities({"a": 50, "b": 49, "c": 1}, 51)
    {'a': 66.66666666666667, 'b': 16.666666666666668, 'c': 16.666666666666668}
    """
    if index not in INDICES:
        raise UsageError(f"index: found {index}; expected shapley-shubik or banzhaf")
    values = getattr(power(list(votes.values()), quota), index.replace("-", "_"))
    return {name: float(100 * value) for name, value in zip(votes, values, strict=True)}


def _check(votes: Sequence[int], quota: int) -> None:
    wrong = [v for v in votes if isinstance(v, bool) or not isinstance(v, int) or v < 0]
    if wrong:
        raise UsageError(f"votes: found {wrong[0]}; expected whole numbers of at least 0")
    if not votes or len(votes) > MOST_MEMBERS:
        raise UsageError(f"votes: found {len(votes)} members; expected 1 to {MOST_MEMBERS:,}")
    if sum(votes) > MOST_VOTES:
        raise UsageError(f"votes: found {sum(votes):,} in all; expected at most {MOST_VOTES:,}")
    if isinstance(quota, bool) or not isinstance(quota, int) or not 1 <= quota <= sum(votes):
        raise UsageError(f"quota: found {quota}; expected a whole number from 1 to all votes, {sum(votes)}")


def _by_size(votes: Sequence[int], quota: int) -> list[list[int]]:
    """How many coalitions of each size have each number of votes below the quota: counts[size][votes]."""
    counts = [[0] * quota for _ in range(len(votes) + 1)]
    counts[0][0] = 1
    reached = 0
    for joined, weight in enumerate(votes):
        reached = min(reached + weight, quota - 1)
        for size in range(joined, -1, -1):
            here, above = counts[size], counts[size + 1]
            for have in range(reached - weight + 1):
                if here[have]:
                    above[have + weight] += here[have]
    return counts


def _swings(counts: list[list[int]], weight: int, quota: int) -> list[int]:
    """How many coalitions of the others, by size, lose without a member of so many votes and win with it."""
    n = len(counts) - 1
    swings = [0] * n
    if not weight:
        return swings
    without = [0] * quota  # coalitions of one size smaller that leave the member out
    for size in range(n):
        # A coalition of all members either has the member in it, being one of the others with it, or has not.
        without = [
            count - (without[have - weight] if size and have >= weight else 0)
            for have, count in enumerate(counts[size])
        ]
        swings[size] = sum(without[max(quota - weight, 0) : quota])
    return swings
