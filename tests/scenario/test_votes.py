"""Votes under a quota as a source of capability: the published power of a council, what replaces it, and what is wrong with it."""

from __future__ import annotations

from itertools import permutations

import pytest

from detente.errors import InputError
from detente.scenario.check import check
from detente.scenario.nodes import parse
from detente.scenario.read import build
from detente.scenario.resolve import situation
from detente.scenario.situation import Number

SIX = """detente: 1
id: council
title: A council of six
as_of: 2025-01-01
sources:
  treaty: {title: The treaty}
actors:
  germany: {role: bystander}
  france: {role: bystander}
  netherlands: {role: bystander}
  luxembourg: {role: bystander}
votes:
  quota: 12
  of: {germany: 4, france: 4, netherlands: 2, luxembourg: 1}
  others: [4, 2]
  cite: [treaty]
issues:
  budget: {scale: {0: none, 100: all}, status_quo: 0}
stances:
  - {actor: germany, issue: budget, position: 20, salience: 0.5, since: 2024-01-01}
"""


def capabilities(text: str = SIX, **how: object) -> dict[str, Number]:
    numbers = situation(build(parse(text, "f.yaml")), **how).numbers
    return {path.split(".")[1]: n for path, n in numbers.items() if path.endswith(".capability")}


def test_the_council_of_1958_has_the_power_of_its_orders() -> None:
    """Each member's share of all 720 orders of joining in which it completes the quota, counted one by one."""
    votes = (4, 4, 2, 1, 4, 2)
    decided = [0] * 6
    for order in permutations(range(6)):
        have = 0
        for member in order:
            have += votes[member]
            if have >= 12:
                decided[member] += 1
                break
    found = capabilities()
    for member, name in enumerate(("germany", "france", "netherlands", "luxembourg")):
        assert found[name].quantity.central() == pytest.approx(100 * decided[member] / 720, abs=1e-12)
    assert found["luxembourg"].quantity.central() == 0
    germany = found["germany"]
    assert germany.provenance.because == "Shapley-Shubik index of 4 of 17 votes, quota 12"
    assert (germany.provenance.cite, germany.origin, germany.line) == (("treaty",), "file", 14)


def test_the_banzhaf_index() -> None:
    """Banzhaf's shares of the six, as other programs print them: 5/21 for four votes, 1/7 for two, none for one."""
    found = capabilities(SIX.replace("cite: [treaty]", "index: banzhaf\n  because: only a year"))
    assert found["france"].quantity.central() == pytest.approx(500 / 21)
    assert found["netherlands"].quantity.central() == pytest.approx(100 / 7)
    assert found["france"].provenance.because == "Banzhaf index of 4 of 17 votes, quota 12: only a year"


def test_a_capability_of_its_own_stands_and_a_what_if_says_that_it_is_one() -> None:
    text = SIX.replace("luxembourg: {role: bystander}", "luxembourg: {role: bystander, capability: {low: 1, high: 3}}")
    assert capabilities(text)["luxembourg"].quantity.support() == (1, 3)
    assert capabilities(sets=["actors.france.capability=7"])["france"].quantity.central() == 7
    # Where all must agree, all have the same power: 1/6.
    changed = capabilities(sets=["votes.quota=17"])
    assert [number.quantity.central() for number in changed.values()] == pytest.approx([100 / 6] * 4)
    assert {number.origin for number in changed.values()} == {"set"}


def test_it_counts_as_a_number_with_a_source() -> None:
    found = check(situation(build(parse(SIX, "f.yaml"))))
    assert found.sourced == 4


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("quota: 12", "quota: 18", "13:10: votes.quota: found 18; expected a whole number from 1 to all votes, 17"),
        ("quota: 12", "quota: 0", "13:10: votes.quota: found 0; expected a whole number of at least 1"),
        ("  quota: 12\n", "", "12:1: votes.quota: found nothing; expected quota: votes, of all, that carry a motion"),
        ("france: 4", "france: 4.5", "14:28: votes.of.france: found 4.5; expected a whole number of at least 0"),
        (
            "france: 4",
            "frnce: 4",
            "14:20: votes.of.frnce: found frnce; expected an id under actors (did you mean france?)",
        ),
        (", luxembourg: 1", "", "11:3: actors.luxembourg.capability: found nothing; expected capability: "),
        ("[4, 2]", "[4, x]", "15:15: votes.others[1]: found x; expected a whole number of at least 0"),
        (
            "[4, 2]",
            "[200000]",
            "14:3: votes.of: found 200,011 in all; expected at most 100,000",
        ),
        (
            "  cite:",
            "  index: banzaf\n  cite:",
            "16:10: votes.index: found banzaf; expected one of shapley-shubik, banzhaf",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, line: str) -> None:
    assert old in SIX
    with pytest.raises(InputError) as caught:
        build(parse(SIX.replace(old, new, 1), "f.yaml"))
    assert any(str(fault).startswith(f"f.yaml:{line}") for fault in caught.value.faults), str(caught.value)
