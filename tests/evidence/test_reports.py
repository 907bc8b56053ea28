"""Reports of other conflicts than the one the rules were first tried on, in our own words: what an analyst would want of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import detente
from detente.evidence.reading import Reading

REPORTS = Path(__file__).parent / "reports"


@cache
def read(name: str) -> Reading:
    (found,) = detente.read(next(REPORTS.glob(f"{name}-*.txt")), fast=True)
    return found


def heard(name: str) -> set[tuple[str | None, str | None, str | None]]:
    """Speaker, whom they speak for, and the class of what they do."""
    found = read(name).findings
    return {
        (who.name, who.represents, stance.cls if stance else None)
        for who, stance in zip(found.speakers, found.stances, strict=True)
        if who and who.name
    }


SPEAKERS = {
    "aden": {
        ("António Guterres", "United Nations", None),
        ("Mohammed Abdel-Salam", "Houthis", "AGREE"),
        ("Khaled al-Yamani", "Yemen", "DEMAND"),
        ("Saudi Arabia", None, "DISAPPROVE"),
        ("Yemeni government", "Yemen", "AGREE"),
    },
    "minsk": {
        ("Petro Poroshenko", "Ukraine", "AGREE"),
        ("Petro Poroshenko", "Ukraine", "THREATEN"),
        ("Petro Poroshenko", "Ukraine", None),
        ("Angela Merkel", "Germany", None),
        ("United States", None, None),
    },
    "juba": {
        ("Salva Kiir", "South Sudan", "REJECT"),
        ("Salva Kiir", "South Sudan", "AGREE"),
        ("John Kirby", "United States", "DISAPPROVE"),
        ("Seyoum Mesfin", "Intergovernmental Authority on Development", "DEMAND"),
    },
    "belfast": {
        ("David Trimble", "Ulster Unionist Party", "REJECT"),
        ("Gerry Adams", None, None),
        ("Mo Mowlam", None, "AGREE"),
        ("Ireland", None, None),
    },
}
TIES = {
    "aden": {("Saudi Arabia", "backs", "Yemeni government", False), ("Iran", "arms", "Houthis", False)},
    "minsk": {("Russia", "arms", "Ukrainian rebels", True), ("European Union", "sanctions", "Russia", False)},
    "juba": {("Uganda", "backs", "Salva Kiir", False), ("Sudan", "backs", "rebels", True)},
    "belfast": set(),
}
TALKS = {
    "aden": [
        ("ceasefire", "2018-12-13", ["Houthis", "Yemeni government"]),
        ("collapse", "2018-09", []),
        ("announced", "2019-01", []),
    ],
    "minsk": [("ceasefire", "2015-02-12", ["Russia", "Ukraine"]), ("ceasefire-violated", "2014-09", [])],
    "juba": [("suspended", "2015-03", [])],
    "belfast": [("opened", "1997-09-15", []), ("ceasefire", "1997-07-20", ["Irish Republican Army"])],
}
SHIFTS = {
    "aden": [],
    "minsk": [("Ukraine", "softening")],
    "juba": [("South Sudan", "hardening")],
    "belfast": [("Sinn Féin", "softening")],
}
ASSESSMENTS = {
    "aden": {("Houthis", "security", "steady"), ("Houthis", "territory", "falling")},
    "minsk": {("Ukrainian army", "territory", "falling")},
    "juba": set(),
    "belfast": set(),
}


@pytest.mark.parametrize("name", SPEAKERS)
def test_who_says_what(name: str) -> None:
    assert heard(name) >= SPEAKERS[name]


@pytest.mark.parametrize("name", TIES)
def test_ties(name: str) -> None:
    assert {(t.source.name, t.kind, t.target.name, t.denied) for t in read(name).findings.ties} == TIES[name]


@pytest.mark.parametrize("name", TALKS)
def test_talks(name: str) -> None:
    assert [(e.event, e.date, [p.name for p in e.parties]) for e in read(name).findings.talks] == TALKS[name]


@pytest.mark.parametrize("name", SHIFTS)
def test_shifts(name: str) -> None:
    assert [(s.actor.name, s.direction) for s in read(name).findings.shifts] == SHIFTS[name]


@pytest.mark.parametrize("name", ASSESSMENTS)
def test_assessments(name: str) -> None:
    assert {(a.actor.name, a.of, a.direction) for a in read(name).findings.assessments} == ASSESSMENTS[name]


def test_a_denial_is_told_by_its_side_and_a_claim_by_its_statement() -> None:
    (accusation,) = (t for t in read("aden").findings.ties if t.kind == "arms")
    teller = read("aden").findings.speakers[accusation.statement or 0]
    assert teller is not None and teller.name == "Saudi Arabia"


def test_when_it_began_and_what_it_cost() -> None:
    assert [(one.began.year if one.began else None) for one in map(read, ("aden", "juba"))] == [2014, 2014]
    assert [(t.what, t.low) for t in read("minsk").tolls] == [("killed", 5300)]
