"""Power indices against counting every coalition and every order, and against published figures."""

from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest

from detente.errors import UsageError
from detente.outcome.power import capabilities, power

# Votes in the Council, 1995 to 2004 and (Treaty of Nice) from 2007; of the latter the votes alone, without the
# clauses on numbers of members and population.
EU15 = [10] * 4 + [8] + [5] * 4 + [4] * 2 + [3] * 3 + [2]
EU27 = [29] * 4 + [27] * 2 + [14, 13] + [12] * 5 + [10] * 3 + [7] * 5 + [4] * 5 + [3]
# Figures as they are commonly printed (Hosli for 15 members, Bilbao et al. 2002 for 27), typed from memory; they could
# not be looked up again. The counts by a second method below do not rest on them.
PRINTED_15 = {10: (11.67, 11.16), 8: (9.55, 9.24), 5: (5.52, 5.87), 4: (4.54, 4.79), 3: (3.53, 3.59), 2: (2.07, 2.26)}
PRINTED_27 = {
    29: (8.67, 7.78), 27: (8.00, 7.42), 14: (3.99, 4.26), 13: (3.68, 3.97), 12: (3.41, 3.68),
    10: (2.82, 3.09), 7: (1.96, 2.18), 4: (1.10, 1.25), 3: (0.82, 0.94),
}  # fmt: skip


@pytest.mark.parametrize(("votes", "quota", "printed"), [(EU15, 62, PRINTED_15), (EU27, 255, PRINTED_27)])
def test_the_council(votes, quota, printed):
    found = power(votes, quota)
    for v, shapley, banzhaf in zip(votes, found.shapley_shubik, found.banzhaf, strict=True):
        assert 100 * float(shapley) == pytest.approx(printed[v][0], abs=0.0051)
        assert 100 * float(banzhaf) == pytest.approx(printed[v][1], abs=0.0051)
    assert sum(votes) == {15: 87, 27: 345}[len(votes)]
    assert sum(found.shapley_shubik) == sum(found.banzhaf) == 1


def swings_of_the_first(votes, quota):
    """Swings of the first member by the size of the coalition it joins, every coalition counted at once by its bits."""
    others = np.array(votes[1:])
    coalitions = np.arange(2 ** len(others), dtype=np.int64)
    total, size = np.zeros(len(coalitions), np.int64), np.zeros(len(coalitions), np.int64)
    for bit, weight in enumerate(others):
        here = coalitions >> bit & 1
        total += here * weight
        size += here
    return np.bincount(size[(total < quota) & (total + votes[0] >= quota)], minlength=len(votes))


def test_the_council_of_fifteen_by_counting_every_coalition():
    found = power(EU15, 62)
    for at in (0, 4, 5, 9, 11, 14):
        swings = swings_of_the_first([EU15[at], *EU15[:at], *EU15[at + 1 :]], 62)
        assert found.swing_chance[at] == Fraction(int(swings.sum()), 2**14)
        factorial = [1]
        for k in range(1, 16):
            factorial.append(factorial[-1] * k)
        shapley = sum(Fraction(int(c) * factorial[s] * factorial[14 - s], factorial[15]) for s, c in enumerate(swings))
        assert found.shapley_shubik[at] == shapley


def half(votes):
    """How many coalitions of these members have each size and each number of votes, every coalition counted by its bits."""
    coalitions = np.arange(2 ** len(votes), dtype=np.int64)
    total, size = np.zeros_like(coalitions), np.zeros_like(coalitions)
    for bit, weight in enumerate(votes):
        total += (coalitions >> bit & 1) * weight
        size += coalitions >> bit & 1
    counts = np.zeros((len(votes) + 1, sum(votes) + 1), np.int64)
    np.add.at(counts, (size, total), 1)
    return counts


def swings_by_halves(others, weight, quota):
    """Swings by size over all 2**26 coalitions, each being one of one half of the others and one of the other half."""
    first, second = half(others[:13]), half(others[13:])
    below = np.concatenate([np.zeros((len(second), 1), np.int64), np.cumsum(second, axis=1)], axis=1)
    swings = [0] * (len(others) + 1)
    for one, votes in np.argwhere(first).tolist():
        low, high = (min(max(end - votes, 0), second.shape[1]) for end in (quota - weight, quota))
        for two in range(len(second)):
            swings[one + two] += int(first[one, votes]) * int(below[two, high] - below[two, low])
    return swings


def test_the_council_of_twenty_seven_by_counting_every_coalition():
    found = power(EU27, 255)
    factorial = [1]
    for k in range(1, 28):
        factorial.append(factorial[-1] * k)
    for weight in sorted(set(EU27)):
        at = EU27.index(weight)
        swings = swings_by_halves([*EU27[:at], *EU27[at + 1 :]], weight, 255)
        assert found.swing_chance[at] == Fraction(sum(swings), 2**26)
        shapley = sum(Fraction(c * factorial[s] * factorial[26 - s], factorial[27]) for s, c in enumerate(swings))
        assert found.shapley_shubik[at] == shapley


def test_the_council_of_six():
    # EEC 1958 to 1972, quota 12: the Banzhaf indices that the documentation of the Python package powerindex prints.
    found = power([4, 4, 4, 2, 2, 1], 12)
    printed = [0.23809523809523808] * 3 + [0.14285714285714285] * 2 + [0.0]
    assert [float(v) for v in found.banzhaf] == pytest.approx(printed, abs=1e-15)


def plainly(votes, quota):
    """Both indices by their definitions: every order, every coalition."""
    n = len(votes)
    pivots, swings = [0] * n, [0] * n
    for order in permutations(range(n)):
        have = 0
        for member in order:
            have += votes[member]
            if have >= quota:
                pivots[member] += 1
                break
    for size in range(n + 1):
        for coalition in combinations(range(n), size):
            have = sum(votes[m] for m in coalition)
            for m in coalition:
                swings[m] += have >= quota > have - votes[m]
    return [Fraction(p, sum(pivots)) for p in pivots], [Fraction(s, sum(swings)) for s in swings]


def test_every_order_and_every_coalition():
    rng = np.random.default_rng(0)
    for _ in range(150):
        votes = [int(v) for v in rng.integers(0, 9, int(rng.integers(1, 7)))]
        if not sum(votes):
            continue
        quota = int(rng.integers(1, sum(votes) + 1))
        found = power(votes, quota)
        assert [list(found.shapley_shubik), list(found.banzhaf)] == list(plainly(votes, quota))


def test_hundreds_of_members_are_exact():
    found = power([3, 2, 1] * 100, 301)
    assert sum(found.shapley_shubik) == 1 and sum(found.banzhaf) == 1
    assert found.shapley_shubik[0] > found.shapley_shubik[1] > found.shapley_shubik[2]


def test_one_who_has_the_quota_decides_and_one_without_votes_does_not():
    found = power([5, 2, 0], 4)
    assert found.shapley_shubik == found.banzhaf == (1, 0, 0)
    assert capabilities({"a": 5, "b": 2, "c": 0}, 4, index="banzhaf") == {"a": 100.0, "b": 0.0, "c": 0.0}


@pytest.mark.parametrize(
    ("votes", "quota", "message"),
    [
        ([1, -1], 1, "votes: found -1"),
        ([1, 1.5], 1, "votes: found 1.5"),
        ([], 1, "found 0 members"),
        ([1, 2], 4, "quota: found 4; expected a whole number from 1 to all votes, 3"),
        ([1, 2], 0, "quota: found 0"),
        ([10**6], 5, "expected at most 100,000"),
        (
            [50] * 1000,
            20_000,
            "votes: found 1000 members and a quota of 20,000; expected members squared times the quota",
        ),
    ],
)
def test_a_mistake_is_one_clear_line(votes, quota, message):
    with pytest.raises(UsageError, match=message):
        power(votes, quota)


def test_an_unknown_index():
    with pytest.raises(UsageError, match="expected shapley-shubik or banzhaf"):
        capabilities({"a": 1}, 1, index="bahnzaf")
