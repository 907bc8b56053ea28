"""GENIUS domains and profiles: stances from utilities, and back."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import detente
from detente.scenario.read import Scenario
from tests.formats.files import edit
from tests.formats.scenarios import scenarios

DOMAIN = """<negotiation_template number_of_sessions="1">
 <utility_space number_of_issues="2">
  <objective index="0" etype="objective" type="objective" description="" name="Laptops">
   <issue index="1" etype="discrete" type="discrete" vtype="discrete" name="Maker">
    <item index="1" value="Dell" description="cheap"/><item index="2" value="Macintosh"/><item index="3" value="HP"/>
   </issue>
   <issue index="2" etype="real" type="real" name="Price"><range lowerbound="10" upperbound="40"/></issue>
  </objective>
 </utility_space>
</negotiation_template>
"""
BUYER = """<utility_space>
 <objective index="0" etype="objective" type="objective" description="" name="Laptops">
  <issue index="1" etype="discrete" type="discrete" vtype="discrete" name="Maker">
   <item index="1" value="Dell" evaluation="12"/>
   <item index="2" value="Macintosh" evaluation="20"/>
   <item index="3" value="HP" evaluation="30"/>
  </issue>
  <issue index="2" etype="real" type="real" name="Price"><range lowerbound="10" upperbound="40"/>
   <evaluator ftype="linear" parameter0="40" parameter1="-1"/>
  </issue>
  <weight index="1" value="0.6"></weight>
  <weight index="2" value="0.2"></weight>
 </objective>
 <discount_factor value="0.9" />
 <reservation value="0.25" />
</utility_space>
"""
SELLER = (
    BUYER.replace('parameter1="-1"', 'parameter1="1"').replace('evaluation="30"', 'evaluation="3"').replace("0.25", "0")
)


def bring(folder: Path, domain: str | None = DOMAIN, **profiles: str) -> Any:
    files = []
    for name, text in {**({} if domain is None else {"domain": domain}), **profiles}.items():
        files.append(folder / f"{name}.xml")
        files[-1].write_text(text, encoding="utf-8")
    return detente.import_(*files, format="genius")


def faults(folder: Path, domain: str | None = DOMAIN, **profiles: str) -> list[str]:
    with pytest.raises(detente.InputError) as caught:
        bring(folder, domain, **profiles)
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


def test_a_position_is_the_best_value_and_a_salience_the_weight(tmp_path: Path) -> None:
    found = bring(tmp_path, buyer=BUYER, seller=SELLER)
    data = found.scenario.data
    assert data["title"] == "Laptops"
    assert data["issues"]["maker"]["scale"] == {0: "Dell", 1: "Macintosh", 2: "HP"}
    assert data["issues"]["price"]["scale"] == {10: "lower end", 40: "upper end"}
    stances = [(s["actor"], s["issue"], s["position"], s["salience"]) for s in data["stances"]]
    assert stances == [
        ("buyer", "maker", 2, pytest.approx(0.75)),
        ("buyer", "price", 10, pytest.approx(0.25)),
        ("seller", "maker", 1, pytest.approx(0.75)),
        ("seller", "price", 40, pytest.approx(0.25)),
    ]
    assert data["stances"][0]["because"] == "evaluations Dell 12, Macintosh 20, HP 30"
    assert "the reservation of buyer, 0.25" in found.lost
    assert "the discount factor of buyer, 0.9" in found.lost
    assert not any("reservation of seller" in text for text in found.lost)


def test_a_slope_counts_by_its_name_as_by_its_number(tmp_path: Path) -> None:
    """NegMAS writes issues of whole numbers so, with their range on the issue itself."""
    whole = 'index="2" etype="integer" type="integer" name="Price" lowerbound="10" upperbound="40">'
    domain = DOMAIN.replace('<issue index="2" etype="real" type="real" name="Price"><range', f"<issue {whole}<range")
    domain = domain.replace('<range lowerbound="10" upperbound="40"/>', "")
    given = 'ftype="linear" offset="0.4" slope="0.0375"'
    buyer = BUYER.replace('ftype="linear" parameter0="40" parameter1="-1"', given)
    stances = bring(tmp_path, domain, buyer=buyer).scenario.data["stances"]
    assert [(s["position"], s["because"]) for s in stances if s["issue"] == "price"] == [
        (40, "evaluation linear, slope 0.0375")
    ]
    down = bring(tmp_path, domain, buyer=buyer.replace("0.0375", "-0.0375")).scenario.data["stances"]
    assert [s["position"] for s in down if s["issue"] == "price"] == [10]


def test_profiles_alone_are_enough_and_the_kind_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "p.xml").write_text(BUYER, encoding="utf-8")
    assert detente.import_(tmp_path / "p.xml").format == "genius"


def held(scenario: Scenario) -> Any:
    """What the format can hold: names, labelled scales, positions, and how an actor divides its attention."""
    data = scenario.data
    totals = {a: sum(s["salience"] for s in data["stances"] if s["actor"] == a) for a in data["actors"]}
    names = {kind: {id_: entry.get("name", id_) for id_, entry in data[kind].items()} for kind in ("actors", "issues")}
    stances = [
        (
            names["actors"][s["actor"]],
            names["issues"][s["issue"]],
            pytest.approx(s["position"], abs=1e-6),
            pytest.approx(s["salience"] / totals[s["actor"]], abs=1e-9),
        )
        for s in data["stances"]
        if s["salience"]
    ]
    return [
        list(names["actors"].values()),
        [(i.get("name", k), list(i["scale"].items())) for k, i in data["issues"].items()],
        stances,
    ]


@settings(max_examples=40)
@given(scenarios(scales=True, least=2), st.integers(0, 2**32))
def test_a_round_trip_keeps_what_the_format_can_hold(
    tmp_path_factory: pytest.TempPathFactory, scenario: Scenario, seed: int
) -> None:
    data = scenario.data
    assume(all(any(s["salience"] > 0.001 for s in data["stances"] if s["actor"] == a) for a in data["actors"]))
    assume(all(len(set(i["scale"].values())) == 2 for i in data["issues"].values()))
    folder = tmp_path_factory.mktemp("genius")
    detente.export(scenario, folder / "made.xml", format="genius")
    profiles = sorted(folder.glob("made-*.xml"))
    again = detente.import_(folder / "made.xml", *_in_order(profiles, scenario), format="genius")
    first, second = held(scenario), held(again.scenario)
    # A stance whose weight is 0 says nothing in this format.
    assert second == first


def _in_order(profiles: list[Path], scenario: Scenario) -> list[Path]:
    by = {profile.stem.removeprefix("made-"): profile for profile in profiles}
    return [by[actor] for actor in scenario.data["actors"]]


ITEMS = '<item index="2" value="Macintosh"/><item index="3" value="HP"/>'
HP = '<item index="3" value="HP" evaluation="30"/>'
LINE = '<evaluator ftype="linear" parameter0="40" parameter1="-1"/>'
WEIGHT = '<weight index="2" value="0.2"></weight>'


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("negotiation_template", "template", "1: template: found this root"),
        ("objective", "goal", "1: objective: found none"),
        ('index="2" etype="real"', 'index="1" etype="real"', "7: issue: found Price, 1 a second time"),
        ('name="Price"', "", "7: issue: found no name; expected an index and a name"),
        ('type="real"', 'type="odd"', "7: Price: found the type odd; expected discrete, integer or real"),
        ('upperbound="40"', 'upperbound="4"', "7: Price: found the range 10 to 4; expected a lowerbound below"),
        (ITEMS, "", "4: Maker: found 1 values; expected two or more"),
    ],
)
def test_what_is_wrong_in_a_domain_is_told_in_one_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert f"domain.xml:{line}" in faults(tmp_path, edit(DOMAIN, old, new, -1), buyer=BUYER)[0]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('value="HP"', 'value="HPP"', "6: Maker.item: found HPP; expected one of Dell, Macintosh, HP"),
        ('evaluation="30"', 'evaluation="good"', "6: Maker.HP: found good; expected a number"),
        (HP, "", "3: Maker.HP: found no item; expected every value"),
        ('name="Price"', 'name="Cost"', "8: Price: found no such issue; expected it with the index 2"),
        ('weight index="2"', 'weight index="7"', "12: weight: found the index 7; expected one of 1, 2"),
        ('value="0.2"', 'value="-1"', "12: Price.weight: found -1; expected a number of at least 0"),
        (WEIGHT, "", "2: Price.weight: found none; expected a weight for each issue"),
        ('value="0.', 'value="0" was="', "2: weight: found no weight above 0"),
        ("linear", "cubic", "9: Price: found the evaluator cubic; expected linear or triangular"),
        (LINE, "", "8: Price: found no evaluator"),
        ("</objective>", "<objective/></objective>", "13: objective: found one within another"),
        (BUYER, f'<!DOCTYPE a [<!ENTITY b "x">]>{BUYER}', "1: found a document type; expected none: entities are"),
        (BUYER, DOMAIN, "1: files: found 2 domains; expected one, then its profiles"),
    ],
)
def test_what_is_wrong_in_a_profile_is_told_in_one_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert f"buyer.xml:{line}" in faults(tmp_path, buyer=edit(BUYER, old, new, -1))[0]


def test_a_profile_cut_short_is_no_xml(tmp_path: Path) -> None:
    assert "found no XML: " in faults(tmp_path, buyer=BUYER[:-40])[0]


def test_a_domain_alone_is_not_enough(tmp_path: Path) -> None:
    assert faults(tmp_path)[0].startswith("domain.xml: files: found a domain alone; expected profiles too")


def test_a_deep_or_long_document_is_refused(tmp_path: Path) -> None:
    assert "found nesting deeper than 64" in faults(tmp_path, "<utility_space>" * 70)[0]


@given(st.randoms(use_true_random=False))
def test_a_broken_profile_ends_in_faults_or_a_scenario(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random
) -> None:
    text = list(BUYER)
    for _ in range(3):
        text[chance.randrange(len(text))] = chance.choice('<>"=/a0é \n')
    try:
        bring(tmp_path_factory.mktemp("broken"), None, p="".join(text))
    except detente.InputError as wrong:
        assert all("\n" not in str(fault) for fault in wrong.faults)
