"""Events of PLOVER's classes: sentences written for the purpose, and how agreement with gold records is counted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from detente.cli import app
from detente.errors import InputError
from detente.evidence.deeds import QUADS, deeds, forms
from detente.evidence.documents import document
from detente.evidence.events import sentence_event
from detente.evidence.plover import evaluate, load, part
from detente.evidence.reading import reader

# CAMEO's root codes of each class; a kidnapping (181) is COERCE, as the records have it.
CODES = {
    "AGREE": ("03",), "CONSULT": ("04",), "SUPPORT": ("05",), "COOPERATE": ("06",), "AID": ("07",), "RETREAT": ("08",),
    "CONCEDE": ("08",), "INVESTIGATE": ("09",), "DEMAND": ("10",), "DISAPPROVE": ("11",), "REJECT": ("12",),
    "THREATEN": ("13",), "PROTEST": ("14",), "MOBILIZE": ("15",), "SANCTION": ("16",), "COERCE": ("17", "18"),
    "ASSAULT": ("18", "19", "20"),
}  # fmt: skip

SENTENCES = {
    # class, words of the source, words of the target
    "Kenya threatened on Monday to close its border with Somalia.": ("THREATEN", "Kenya", "Somalia"),
    "The Ugandan army shelled Rwandan positions near the lake.": ("ASSAULT", "Ugandan", "Rwandan"),
    "Chile was accused by Peru of moving the border posts.": ("DISAPPROVE", "Peru", "Chile"),
    "Norwegian Foreign Minister Kari Dahl met Colombian President Luis Mora in Oslo.": ("CONSULT", "Norwegian", "Colombian"),
    "Canada gave Haiti ten million dollars of aid.": ("AID", "Canada", "Haiti"),
    "Thousands of Chilean students marched through the capital to demand that the government of Chile resign.": ("PROTEST", "Chilean", "government"),
    "Denmark has imposed sanctions on Belarus, its foreign ministry said.": ("SANCTION", "Denmark", "Belarus"),
    "Malian soldiers arrested twelve Tuareg leaders.": ("COERCE", "Malian", "Tuareg"),
    "Ghana agreed to host peace talks for Togo.": ("AGREE", "Ghana", "Togo"),
    "Sweden rejected a Turkish request for extradition.": ("REJECT", "Sweden", "Turkish"),
    "The Philippine government lifted the siege of the Moro camps.": ("RETREAT", "Philippine", "Moro"),
    # will, need and denial decide before the deed they speak of
    "Denmark said it would impose sanctions on Belarus.": ("THREATEN", "Denmark", "Belarus"),
    "Denmark said it would send food to Belarus.": ("AGREE", "Denmark", "Belarus"),
    "Denmark will not hold talks with Belarus, a minister said.": ("REJECT", "Denmark", "Belarus"),
    "Ethiopia says Eritrea must withdraw from the town.": ("DEMAND", "Ethiopia", "Eritrea"),
    "Mali vowed to avenge the deaths and attack Niger.": ("THREATEN", "Mali", "Niger"),
    "Mali vowed to cooperate with Niger.": ("AGREE", "Mali", "Niger"),
    # a light verb is what its noun says
    "Ireland gave its blessing to Malta.": ("SUPPORT", "Ireland", "Malta"),
    "Ireland gave an ultimatum to Malta.": ("THREATEN", "Ireland", "Malta"),
    "Ireland gave grain to Malta.": ("AID", "Ireland", "Malta"),
    # a noun that could be a verb, a participle that is an adjective
    "The Ivorian president bowed to opposition demands.": ("CONCEDE", "Ivorian", "opposition"),
    "Colombian rebels handed 28 captured soldiers over to the Red Cross.": ("RETREAT", "Colombian", "Red Cross"),
    "Sri Lanka dismissed Norwegian offers of mediation.": ("REJECT", "Sri Lanka", "Norwegian"),
    # sides: nobody's name, whose they are, where they are
    "A minefield blast near Basra killed two Kurdish boys.": ("ASSAULT", "minefield blast", "Kurdish"),
    "Philippine negotiators met representatives of Moro rebels in Tripoli.": ("CONSULT", "Philippine", "Moro"),
    "French truckers marched on the capital against the government.": ("PROTEST", "truckers", "government"),
    "Witnesses said Kenyan troops shelled a Somali town.": ("ASSAULT", "Kenyan", "Somali"),
    "Mali announced plans to attack Niger.": ("THREATEN", "Mali", "Niger"),
    "Mali is to open negotiations with Niger.": ("AGREE", "Mali", "Niger"),
    "Suspected militants threw a grenade at an Indian post.": ("ASSAULT", "militants", "Indian"),
    "Five Malian fighters died in a raid by Chadian jets.": ("ASSAULT", "Chadian", "Malian"),
    "India and Nepal held joint military exercises.": ("COOPERATE", "India", "Nepal"),
    # whom a protest is against, who is to do something, whose a group is; a threat's condition; what is only sent
    "Zambian nurses downed tools for a day over government plans to send patients to Malawi.": ("PROTEST", "nurses", "government"),
    "Peru asked on Friday that Chile return the ship to its owner in Bolivia.": ("DEMAND", "Peru", "Chile"),
    "Nepal's Maoists promised not to attack Bhutan.": ("AGREE", "Maoists", "Bhutan"),
    "Togo threatened to close the bridge if Benin expelled traders.": ("THREATEN", "Togo", "Benin"),
    "Amnesty International urged Peru to free a lawyer.": ("DEMAND", "Amnesty", "Peru"),
    "Kurdish gunmen machine-gunned a Turkish post.": ("ASSAULT", "Kurdish", "Turkish"),
    "Iran has smuggled rifles and mortars to Somali rebels.": ("AID", "Iran", "Somali"),
    # what stands between a subject and its verb; a plan that "unless" makes a threat
    "Zambia, crippled by a drought that destroyed its maize, appealed to Norway for grain.": ("DEMAND", "Zambia", "Norway"),
    "Leaders who have paralysed Madagascar's capital called on the president to resign.": ("DEMAND", "Leaders", "president"),
    "Turkey said it would stop pumping oil to Syria unless Damascus released two pilots.": ("THREATEN", "Turkey", "Syria"),
    "Dutch farmers parked tractors on the square to denounce the government.": ("PROTEST", "farmers", "government"),
    # on whom: by the preposition, what a march or a journey is for, and who is to do something
    "Bolivian miners marched on Sucre to press the government for higher wages.": ("PROTEST", "miners", "government"),
    "Kurds rioted in the city of Kirkuk demanding independence from Iraq.": ("PROTEST", "Kurds", "Iraq"),
    "Malawi's president flew to Kenya to meet the Ugandan leader.": ("CONSULT", "Malawi", "Ugandan"),
    "Egypt called for Israel to withdraw from the Gaza Strip.": ("DEMAND", "Egypt", "Israel"),
    "Libya gave tanks to Burkina Faso for its war with Mali.": ("AID", "Libya", "Burkina Faso"),
    "The arrests of 30 Islamists by Moroccan police followed a bombing.": ("COERCE", "Moroccan", "Islamists"),
    "Kenya's reservists were called up against Uganda.": ("MOBILIZE", "Kenya", "Uganda"),
    "Jordan received a loan of 50 million dollars from Kuwait.": ("AID", "Kuwait", "Jordan"),
    "Togo will hold free elections next year, the president told the Ghanaian opposition.": ("AGREE", "Togo", "Ghanaian"),
}  # fmt: skip


@pytest.mark.parametrize("text", SENTENCES)
def test_an_event(text: str) -> None:
    cls, source, target = SENTENCES[text]
    found = sentence_event(text)
    assert found is not None and found.deed and found.source and found.target
    assert (found.deed.cls, source in text[slice(*found.source)]) == (cls, True)
    assert target in text[slice(*found.target)]


def test_a_document_gives_events_between_those_it_names_and_none_that_is_only_supposed() -> None:
    text = "Kenya threatened Somalia. If Kenya attacked Somalia, all would be lost. “Kenya attacked Somalia,” he said."
    found = reader(fast=True)(document(text.encode(), "a.txt")).findings.events
    assert [(e.cls, e.source and e.source.name, e.target and e.target.name) for e in found] == [
        ("THREATEN", "Kenya", "Somalia")
    ]


@pytest.mark.parametrize(
    "text", ["Kenya did not complain about Somalia.", "The Debates Commission sat.", "Kenya is large."]
)
def test_a_denied_word_a_name_and_an_unknown_verb_tell_nothing(text: str) -> None:
    found = sentence_event(text)
    assert found is None or found.deed is None
    assert not reader(fast=True)(document(text.encode(), "a.txt")).findings.events


def test_who_acts_and_on_whom_is_seen_though_the_verb_is_none_of_the_table() -> None:
    text = "Swiss bankers frobnicated the accounts of a Haitian general on Monday."
    found = sentence_event(text)
    assert found and found.deed is None and found.source and found.target
    assert (text[slice(*found.source)], text[slice(*found.target)]) == ("Swiss bankers", "Haitian general")


def test_a_news_agency_that_is_told_is_no_target() -> None:
    text = "Togo will hold free elections next year, the president told Reuters in Ghana."
    found = sentence_event(text)
    assert found and found.target and found.second is None and "Reuters" not in text[slice(*found.target)]


def test_forms_of_verbs() -> None:
    assert forms("expel")["expelled"] == forms("seek")["sought"] == forms("put")["put"] == "past"
    assert forms("cancel")["canceled"] == forms("cancel")["cancelled"] == forms("confer")["conferred"] == "past"
    assert forms("deny")["denies"] == "s" and "visitted" not in forms("visit") and "aidded" not in forms("aid")


def test_every_line_of_the_table_is_whole() -> None:
    for deed, words in deeds():
        assert all(words) and 0.5 < deed.weight < 1.5 and deed.kind in "vnipa"
        assert deed.code and deed.code[:2] in CODES[deed.cls]


def test_every_rule_has_a_class_of_the_scheme() -> None:
    assert {deed.cls for deed, _ in deeds()} == set(QUADS)


@given(st.text(alphabet="Syria attack,. thretnd'\"“”said by the\n", max_size=200))
def test_any_text_is_coded_within_itself(text: str) -> None:
    found = sentence_event(text)
    for span in (found.words, found.source, found.target) if found else ():
        assert span is None or 0 <= span[0] < span[1] <= len(text)


SMALL = frozenset("the a of in at to and s on".split())
RECORDS = [
    {"id": "X-DOCUMENT-0001", "event": "DOCUMENT"},
    {"id": "X-AID-0001", "event": "AID", "text": "Canada gave Haiti food.", "source": [{"actorText": "Canada"}], "target": [{"actorText": "Haiti"}]},
    {"id": "X-AID-0002", "event": "AID", "text": "Nothing happened.", "source": [{"actorText": "Canada"}], "target": []},
    {"id": "X-FIGHT-0001", "event": "FIGHT", "text": "Kenya attacked Somalia.", "source": {"actorText": "Kenya"}, "target": [{"actorText": "Mogadishu"}]},
]  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Path:
    (tmp_path / "records.json").write_text(json.dumps(RECORDS), encoding="utf-8")
    return tmp_path


def test_agreement_by_hand(records: Path) -> None:
    """Dev holds AID-0001 and FIGHT-0001 (as ASSAULT): both classes right, one target wrong; test holds AID-0002, all wrong."""
    dev = evaluate(records, "dev")
    values = {name: rate.value for name, rate in dev.rates.items()}
    assert values == {"class": 1, "quad": 1, "source": 1, "target": 0.5, "triple": 0.5, "class.macro-f1": 1}
    assert [(dev.rates[name].low, dev.rates[name].high) for name in ("class", "target")] == [(1, 1), (0, 1)]
    test = evaluate(records, "test")
    assert (test.records, test.rates["class"].value, test.rates["target"].of) == (1, 0, 0)


def test_the_halves_share_no_record_and_miss_none(shared: Path) -> None:
    everything = load(shared / "data/plover")
    halves = [part(everything, split) for split in ("dev", "test")]
    ids = [record.id for half in halves for record in half]
    assert len(ids) == len(set(ids)) == len(everything) == 161


def test_the_half_on_which_the_rules_were_written(shared: Path) -> None:
    rates = evaluate(shared / "data/plover", "dev").rates
    assert rates["class"].value >= 0.9 and rates["triple"].value >= 0.85


def test_sentences_of_our_own() -> None:
    """1371 sentences in the manner of news agencies, on which the rules were mended: none of that is lost."""
    lines = (Path(__file__).parent / "events.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|", 3) for line in lines if not line.startswith("#")]
    right: dict[str, list[bool]] = {"class": [], "source": [], "target": []}
    for cls, source, target, text in rows:
        found = sentence_event(text)
        right["class"].append(found is not None and found.deed is not None and found.deed.cls == cls)
        for side, gold in (("source", source), ("target", target)):
            span = getattr(found, side) if found else None
            words = set(re.findall(r"\w+", text[slice(*span)].lower())) - SMALL if span else set()
            if gold:
                right[side].append(any(words & set(re.findall(r"\w+", one.lower())) for one in gold.split(";")))
    shares = {name: sum(values) / len(values) for name, values in right.items()}
    assert len(rows) == 1371
    assert shares["class"] > 0.91 and shares["source"] > 0.92 and shares["target"] > 0.89, shares


def test_the_command(records: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["evidence", "eval", "--plover", str(records), "--json", "-"])
    assert json.loads(done.stdout)["rates"]["class"]["of"] == 2
    shown = CliRunner().invoke(app, ["evidence", "eval", "--plover", str(records)]).stdout
    assert "PLOVER's dev half: 2 records" in shown
    with pytest.raises(InputError, match="no records found"):
        load(tmp_path / "none")
    with pytest.raises(InputError, match="expected one of dev, test"):
        part(load(records), "all")
