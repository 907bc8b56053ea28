"""A scenario on a day: what is in force, variants, what-ifs of every kind, defaults, where numbers come from."""

from __future__ import annotations

import datetime as dt
from importlib import resources
from typing import Any

import pytest

from detente.errors import InputError
from detente.scenario.nodes import parse
from detente.scenario.read import build, load
from detente.scenario.resolve import situation
from detente.scenario.situation import Situation

BLANK = (resources.files("detente.scenario") / "library" / "blank.yaml").read_text(encoding="utf-8")


def frozen(text: str = BLANK, **how: Any) -> Situation:
    return situation(build(parse(text, "f.yaml")), **how)


def central(frozen: Situation, path: str) -> float:
    return float(frozen.numbers[path].quantity.central())


TWO = BLANK.replace(
    "\n\nties:",
    "\n  - {actor: rebels, issue: autonomy, position: 40, salience: 0.2, since: 2024-07-01, because: they tired}\n\nties:",
)


@pytest.mark.parametrize(("day", "position"), [("2024-06-30", 90), ("2024-07-01", 40), ("2026-01-01", 40)])
def test_the_last_stance_that_began_by_then_is_in_force(day: str, position: float) -> None:
    for as_of in (day, dt.date.fromisoformat(day)):
        found = frozen(TWO, as_of=as_of)
        assert found.as_of.isoformat() == day
        assert found.numbers["stances.rebels.autonomy.position"].quantity.support()[1] >= position
        assert (found.numbers["stances.rebels.autonomy.position"].quantity.is_exact) == (position == 40)


def test_no_stance_in_force_is_a_fault() -> None:
    with pytest.raises(InputError, match="found no stance in force on 2000-01-01; expected a day from 2024-01-01 on"):
        frozen(as_of="2000-01-01")


SETS = {
    "actors.rebels.capability": ("7", "actors.rebels.capability"),
    "actors.rebels.curvature": ("1.2", "actors.rebels.curvature"),
    "actors.rebels.resolve.curvature": ("1.2", "actors.rebels.curvature"),
    "issues.autonomy.status_quo": ("30", "issues.autonomy.status_quo"),
    "stances.rebels.autonomy.position": ("60", "stances.rebels.autonomy.position"),
    "stances.rebels.autonomy.salience": ("0.5", "stances.rebels.autonomy.salience"),
    "ties.patron.rebels.share": ("0.3", "ties.patron.rebels.share"),
    "ties.patron.government.share": ("0.3", "ties.patron.government.share"),  # a tie that the file has not
    "ties.patron.rebels.influences.share": ("0.3", "ties.patron.rebels.influences.share"),
    "levers.sanctions.level": ("0.9", "levers.sanctions.level"),
    "levers.sanctions.bite.rebels": ("0.01", "levers.sanctions.bite.rebels"),
    "levers.sanctions.raises.talks.success": ("0.1", "levers.sanctions.raises.talks.success"),
    "talks.success": ("0.9", "talks.success"),
    "talks.walkout.rate": ("0.9", "talks.walkout.rate"),
    "models.expected-utility.rounds": ("3", "models.expected-utility.rounds"),
}


@pytest.mark.parametrize("path", SETS)
def test_every_kind_of_path_can_be_set(path: str) -> None:
    value, name = SETS[path]
    by_text = frozen(sets=[f"{path}={value}"])
    by_mapping = frozen(sets={path: float(value)} if "rounds" not in path else {path: int(value)})
    for found in (by_text, by_mapping):
        assert found.numbers[name].quantity.is_exact
        assert found.numbers[name].quantity.support()[0] == float(value)
        assert found.numbers[name].origin == "set"


def test_words_and_lists_can_be_set() -> None:
    found = frozen(
        sets=["talks.required=[rebels]", "talks.settlement=nash", "talks.mediator=patron", "talks.excluded=[]"]
    )
    assert (found.required, found.settlement, found.mediator) == (("rebels",), "nash", "patron")
    assert not frozen(sets=["talks=null"]).has_talks


def test_the_last_what_if_wins_and_the_scenario_stays() -> None:
    scenario = build(parse(BLANK, "f.yaml"))
    sets = ["talks.success=0.1", "talks.success=0.2"]
    assert situation(scenario, sets=sets).numbers["talks.success"].quantity.support()[0] == 0.2
    assert situation(scenario).numbers["talks.success"].origin == "default"


def test_defaults_say_that_they_are() -> None:
    found = frozen()
    defaults = {path for path, number in found.numbers.items() if number.origin == "default"}
    assert {"actors.rebels.curvature", "talks.success", "talks.walkout.rate"} <= defaults
    assert not found.numbers["talks.success"].quantity.is_exact
    assert found.numbers["talks.success"].quantity.support() == (0.2, 0.6)
    assert found.numbers["actors.rebels.capability"].origin == "file"
    assert (found.numbers["actors.rebels.capability"].line, found.numbers["actors.rebels.capability"].column) == (
        21,
        17,
    )


def test_provenance_comes_from_the_record_around_a_number() -> None:
    found = frozen(TWO)
    assert found.numbers["stances.rebels.autonomy.position"].provenance.because == "they tired"
    assert found.numbers["stances.government.autonomy.salience"].provenance.cite == ("some-report",)
    assert found.numbers["actors.government.capability"].provenance.cite == ("some-report",)
    tied = frozen(BLANK.replace("share: {low: 0.02, mode: 0.05, high: 0.1}}", "share: 0.1, cite: [some-report@p.3]}"))
    assert tied.numbers["ties.patron.rebels.share"].provenance.cite == ("some-report@p.3",)


def test_a_variant_is_laid_over_and_named() -> None:
    text = BLANK + "variants:\n  weak: {actors.rebels.capability: 3, talks.success: 0.5}\n"
    found = frozen(text, variants=["weak"])
    assert found.numbers["actors.rebels.capability"].origin == "variant"
    assert found.numbers["actors.rebels.capability"].quantity.support() == (3, 3)
    both = frozen(text, variants=["weak"], sets=["talks.success=0.6"])
    assert both.numbers["talks.success"].origin == "set"


@pytest.mark.parametrize("day", ["2013-09-01", "2014-02-15", "2015-03-15"])
def test_syria_on_three_days(day: str) -> None:
    found = situation(load(f"syria-2015@{day}"))
    assert found.as_of.isoformat() == day
    assert {"damascus", "opposition"} <= set(found.required)
    assert all(stance.since <= found.as_of for stance in found.stances.values())
    assert found.id == ("syria-2015" if day == "2015-03-15" else f"syria-2015@{day}")


@pytest.mark.parametrize("variant", load("syria-2015").variants)
def test_syria_in_every_variant(variant: str) -> None:
    found = situation(load(f"syria-2015+{variant}"))
    assert found.id == f"syria-2015+{variant}"
    assert set(found.changes) == set(load("syria-2015").data["variants"][variant])
