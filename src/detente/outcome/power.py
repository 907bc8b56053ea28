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
MOST_WORK = 10**9  # members squared times the quota: bits of the counts


@dataclass(frozen=True)
class Power:
    """The power of each member, in the order given; fractions are exact."""

    shapley_shubik: tuple[Fraction, ...]  # sums to 1
    banzhaf: tuple[Fraction, ...]  # shares of all swings, sums to 1
    swing_chance: tuple[Fraction, ...]  # absolute Banzhaf index: how often a member decides, if all vote by a coin


def power(votes: Sequence[int], quota: int) -> Power:
    """Shapley-Shubik and Banzhaf indices of members with ``votes``, where ``quota`` votes or more carry a motion.

    Up to 1,000 members and 100,000 votes, whole numbers of 0 or more (of many members with many votes fewer: half a minute
    of counting is the most); the quota is from 1 to all votes. Raises
    `UsageError`. Source: Shapley and Shubik (1954); Banzhaf (1965); by generating functions Mann and Shapley (1962),
    Brams and Affuso (1976).

    >>> found = power([50, 49, 1], 51)
    >>> [str(v) for v in found.shapley_shubik], [str(v) for v in found.banzhaf]
    (['2/3', '1/6', '1/6'], ['3/5', '1/5', '1/5'])
    """
    check(votes, quota)
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


def check(votes: Sequence[int], quota: int) -> None:
    """Raise `UsageError`, which begins with votes or quota, for what is none or would take too long to count."""
    wrong = [v for v in votes if isinstance(v, bool) or not isinstance(v, int) or v < 0]
    if wrong:
        raise UsageError(f"votes: found {wrong[0]}; expected whole numbers of at least 0")
    if not votes or len(votes) > MOST_MEMBERS:
        raise UsageError(f"votes: found {len(votes)} members; expected 1 to {MOST_MEMBERS:,}")
    if sum(votes) > MOST_VOTES:
        raise UsageError(f"votes: found {sum(votes):,} in all; expected at most {MOST_VOTES:,}")
    if isinstance(quota, bool) or not isinstance(quota, int) or not 1 <= quota <= sum(votes):
        raise UsageError(f"quota: found {quota}; expected a whole number from 1 to all votes, {sum(votes)}")
    if len(votes) ** 2 * quota > MOST_WORK:
        text = f"found {len(votes)} members and a quota of {quota:,}"
        raise UsageError(f"votes: {text}; expected members squared times the quota to be at most {MOST_WORK:,}")


def _by_size(votes: Sequence[int], quota: int) -> list[int]:
    """How many coalitions of each size have each number of votes below the quota.

    A size's counts are the digits of one whole number, the fewest votes lowest, in the base 2 ** (n + 1), which no sum of
    counts reaches: adding votes to all coalitions is a shift, and adding up coalitions an addition.
    """
    digit = len(votes) + 1
    counts = [1] + [0] * len(votes)
    for joined, weight in enumerate(votes):
        for size in range(joined, -1, -1):
            counts[size + 1] += _joined(counts[size], weight, quota, digit)
    return counts


def _joined(counts: int, weight: int, quota: int, digit: int) -> int:
    """The counts once a member of so many votes has joined, of what stays below the quota."""
    below = (1 << max(quota - weight, 0) * digit) - 1
    return (counts & below) << weight * digit


def _swings(counts: list[int], weight: int, quota: int) -> list[int]:
    """How many coalitions of the others, by size, lose without a member of so many votes and win with it."""
    n = len(counts) - 1
    swings = [0] * n
    if not weight:
        return swings
    digit, without = n + 1, 0  # coalitions of one size smaller that leave the member out
    for size in range(n):
        # A coalition of all members either has the member in it, being one of the others with it, or has not.
        without = counts[size] - _joined(without, weight, quota, digit)
        swings[size] = (without >> max(quota - weight, 0) * digit) % ((1 << digit) - 1)  # the sum of the digits
    return swings
