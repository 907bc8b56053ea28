"""`syria-2015` against the facts that it codes: each source, date and count, and what may not be known on its day.

The facts lie beside a checkout (`../shared/data/syria-2015/facts.json`), not in it; where they are absent these tests
are skipped and say so.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from detente.scenario.library import text_of
from detente.scenario.read import load
from tests.scenario.test_library import cited, everything

SYRIA = load("syria-2015")
DATA = SYRIA.data

# Which sources carry a fact. The two that nobody checked have none, and the file may not cite one for them.
SOURCES: dict[str, tuple[str, ...]] = {
    "independent": ("independent-2015",),
    "geneva1": ("geneva-2012",),
    "geneva1_gap": ("geneva-readings-2012",),
    "geneva2_rounds": ("crs-2014",),
    "geneva2_collapse": ("post-2014",),
    "iran_disinvited": ("iran-invitation-2014",),
    "brahimi_resigns": ("envoys-2018",),
    "freeze_plan": ("freeze-plan-2014",),
    "freeze_sixweeks": ("aleppo-halt-2015",),
    "freeze_rejected": ("freeze-refused-2015",),
    "moscow1": ("moscow-2015",),
    "damascus_pos": ("assad-interview-2015",),
    "damascus_after_kerry": ("damascus-answer-2015",),
    "coalition_pos": ("coalition-2015",),
    "us_pos": ("cnn-2015",),
    "us_fear": ("brennan-2015",),
    "saudi_pos": ("riyadh-2015",),
    "turkey_pos": ("ankara-2015",),
    "qatar_pos": ("qatar-2014",),
    "france_pos": ("fabius-2015",),
    "uk_pos": ("london-2015",),
    "russia_pos": ("veto-2014", "freeze-plan-2014"),
    "iran_pos": ("iran-invitation-2014", "iran-credit-2015"),
    "isis_excluded": ("un-listing-2015",),
    "toll_un": ("ocha-2015",),
    "toll_sohr": ("sohr-2015",),
    "toll_ucdp": ("ucdp-brd",),
    "displaced_unhcr": ("unhcr-2014",),
    "iran_credit": ("iran-credit-2015", "iran-oil-2014"),
    "train_equip": ("train-equip-2015",),
    "strikes": ("strikes-2014",),
    "eu_sanctions": ("eu-sanctions-2014",),
    "chlorine_res": ("unscr-2209",),
    "isil_strength": ("clapper-2015",),
    "army_strength": ("janes-2015",),
    "russian_arms": (),
    "hezbollah": (),
}
# Stances of these days answer the interview; nothing else may rest on what was said after it.
ANSWERS = {dt.date(2015, 3, 16), dt.date(2015, 3, 17)}
# Printed later, and about earlier days.
LOOKING_BACK = {"envoys-2018", "iran-credit-2015", "un-listing-2015", "ocha-2015", "clapper-2015", "janes-2015"}


@pytest.fixture(scope="module")
def known(shared: Path) -> dict[str, Any]:
    file = shared / "data" / "syria-2015" / "facts.json"
    if not file.is_file():
        pytest.skip(f"no facts to compare with: {file}")
    return dict(json.loads(file.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def facts(known: dict[str, Any]) -> dict[str, Any]:
    return {fact["id"]: fact for fact in known["facts"]}


@pytest.fixture(scope="module")
def report(shared: Path) -> str:
    return " ".join((shared / "reports" / "kerry-assad-2015-03-15.txt").read_text(encoding="utf-8").split())


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def numbers(text: str) -> list[float]:
    """Those that stand in a text, thousands with commas."""
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?(?!\w)", text)]


def test_every_fact_has_its_place_and_every_source_its_fact(facts: dict[str, Any]) -> None:
    assert set(SOURCES) == set(facts)
    used = {source for sources in SOURCES.values() for source in sources}
    assert used | {"geneva-pause-2016"} == set(DATA["sources"])
    assert {id_ for id_, sources in SOURCES.items() if not sources} == {
        id_ for id_, fact in facts.items() if fact["known"] == "not checked"
    }


@pytest.mark.parametrize("fact", [fact for fact, sources in SOURCES.items() if sources])
def test_a_source_is_the_one_of_its_fact(facts: dict[str, Any], fact: str) -> None:
    given = facts[fact]["source"]
    ours = [DATA["sources"][source] for source in SOURCES[fact]]
    if given.get("url"):
        assert given["url"] in [source.get("url") for source in ours]
    titles = [set(words(title)) for title in re.split(r"; ", given["title"])]
    for id_, source in zip(SOURCES[fact], ours, strict=True):
        assert source["read"] is True and facts[fact]["known"].startswith("read")
        told = set(words(f"{source['title']} {source.get('note', '')}")) | {"fn", "as"}
        if "title is ours" not in source.get("note", ""):
            elsewhere = fact in ("russia_pos", "iran_pos") and source.get("url") != given["url"]
            assert elsewhere or any(title <= told for title in titles), id_
        days = re.findall(r"\d{4}-\d{2}-\d{2}", given["date"])
        if days and "date" in source and source.get("url") == given.get("url"):
            assert source["date"] in days, id_
        if "stored copy" in facts[fact]["known"]:
            assert re.search(r"\bcopy\b", source["note"]), id_


def test_no_citation_stands_for_what_nobody_read(facts: dict[str, Any]) -> None:
    """The base at Tartus and Hezbollah are named as common knowledge; unread facts behind a source say so too."""
    for actor, word in (("russia", "base"), ("iran", "Hezbollah")):
        capability = DATA["actors"][actor]["capability"]
        assert "cite" not in capability and capability["by"] == "coder's judgement"
        assert word in capability["because"] and "no source read" in capability["because"]
    assert "arms deliveries were not checked" in _tie("russia", "damascus", "backs")["share"]["because"]
    assert "the four-point plan not checked" in facts["iran_pos"]["known"]
    plan = [s for s in DATA["stances"] if s["actor"] == "iran" and "four-point" in str(s)]
    assert [("cite" in s["position"], "not read" in s["position"]["because"]) for s in plan] == [(False, True)]


def _tie(source: str, target: str, kind: str) -> dict[str, Any]:
    return next(t for t in DATA["ties"] if (t["from"], t["to"], t["kind"]) == (source, target, kind))


def test_the_day_is_the_sunday_of_the_interview(known: dict[str, Any], report: str) -> None:
    assert known["as_of"] == DATA["as_of"] == "2015-03-15"
    assert "on Sunday" in report and SYRIA.as_of.strftime("%A") == "Sunday"
    assert DATA["began"] == "2011-03-15" and "fifth year" in report  # the fifth year begins on that day
    assert "rise of Isis" in report and "backing of both Russia and Iran" in report


def test_the_quotation_is_the_secretary_s_and_nothing_else_is_copied(report: str) -> None:
    quoted = [stance for stance in SYRIA.stances if stance.said]
    assert [(s.actor, s.issue, s.since.isoformat()) for s in quoted] == [("us", "transition", "2015-03-15")]
    said = quoted[0].said
    assert said is not None and len(said.split()) <= 40
    stretch = report[report.index(said) - 1 :]
    assert stretch[0] == '"' and stretch[len(said) + 1 :].startswith((".", ","))
    assert "top diplomat said" in stretch[len(said) : len(said) + 40]
    theirs, ours = words(report), words(json.dumps({**DATA, "sources": {}}, ensure_ascii=False).replace(said, ""))
    runs = {tuple(theirs[i : i + 9]) for i in range(len(theirs) - 8)}
    assert not [run for i in range(len(ours) - 8) if (run := tuple(ours[i : i + 9])) in runs]


def test_history_has_the_days_of_the_facts(facts: dict[str, Any]) -> None:
    history = [
        (e["date"], e["event"], e.get("until"), e.get("precision"), *e["cite"]) for e in DATA["talks"]["history"]
    ]
    assert history == [
        ("2012-06-30", "framework", None, None, "geneva-2012"),
        ("2014-01-22", "opened", None, None, "crs-2014"),
        ("2014-01-22", "round", "2014-01-31", None, "crs-2014"),
        ("2014-02-10", "round", "2014-02-15", None, "crs-2014"),
        ("2014-02-15", "collapse", None, None, "post-2014"),
        ("2014-05-31", "suspended", None, "month", "envoys-2018"),
        ("2014-10-31", "announced", None, "month", "freeze-plan-2014"),
        ("2015-01-26", "round", "2015-01-29", None, "moscow-2015"),
        ("2015-02-17", "announced", None, None, "aleppo-halt-2015"),
        ("2015-03-15", "none-scheduled", None, None, "independent-2015"),
    ]
    said = {
        "geneva1": "30 Jun 2012",
        "geneva2_rounds": "opened 22 Jan 2014 (Montreux); round one ended 31 Jan; round two 10-15 Feb 2014",
        "geneva2_collapse": "ended round two on 15 Feb 2014",
        "brahimi_resigns": "resigned in May 2014; Staffan de Mistura succeeded him in July 2014",
        "freeze_plan": "proposed in Oct 2014",
        "moscow1": "26-29 Jan 2015",
        "freeze_sixweeks": "On 17 Feb 2015",
    }
    for fact, day in said.items():
        assert day in facts[fact]["fact"], fact
    parties = {e["date"]: e.get("parties") for e in DATA["talks"]["history"] if e["event"] == "round"}
    assert parties["2015-01-26"] == ["damascus"]  # the Coalition was not there
    assert parties["2014-02-10"] == ["damascus", "opposition"]


def test_the_toll_is_what_the_sources_give(facts: dict[str, Any]) -> None:
    toll = {row["what"]: row["value"] for row in DATA["toll"]}
    un, sohr = numbers(facts["toll_un"]["fact"]), numbers(facts["toll_sohr"]["fact"])
    unhcr = numbers(facts["displaced_unhcr"]["fact"])
    assert toll["killed"]["low"] in sohr and toll["killed"]["high"] in un
    assert toll["displaced"]["low"] == 1e6 * next(x for x in un if x == 7.6)
    assert toll["displaced"]["high"] in unhcr and toll["refugees"]["value"] in unhcr
    assert "over 1 million injured" in facts["toll_un"]["fact"] and toll["wounded"]["low"] == 1e6
    assert "coder's" in toll["wounded"]["because"]
    for fact in ("toll_un", "toll_sohr", "displaced_unhcr"):
        assert set(SOURCES[fact]) <= cited(DATA["toll"])


def test_counts_in_the_words_are_those_of_the_facts(facts: dict[str, Any]) -> None:
    isis = DATA["actors"]["isis"]["capability"]["because"]
    assert {20_000, 32_000} <= set(numbers(isis)) and "20,000-32,000" in facts["isil_strength"]["fact"]
    assert "4 to 6 in this file's unit" in isis and 20_000 / 5_000 == 4 and round(32_000 / 5_000) == 6
    deaths = facts["toll_ucdp"]["fact"]
    assert all(part in deaths for part in ("2013 70,516", "2014 57,957", "2013 1,422", "2014 7,336"))
    assert "2 % as deadly as the opposition's in 2013 and 13 % in 2014" in isis
    assert [round(100 * 1_422 / 70_516), round(100 * 7_336 / 57_957)] == [2, 13]

    army = facts["army_strength"]
    assert "half from 300,000" in army["fact"] and "36,300 km2" in army["known"] and "a sixth" in army["fact"]
    assert DATA["actors"]["damascus"]["capability"]["dated"]["2013-06-01"]["mode"] == 300_000 / 2 / 5_000
    assert "a fifth of the land" in DATA["actors"]["damascus"]["capability"]["because"]
    assert pytest.approx(1 / 5, abs=0.02) == 36_300 / (6 * 29_797)  # a sixth of the country was 29,797 km2

    pressure = DATA["levers"]["western-pressure"]["level"]["because"]
    assert "179 people and 53 firms" in pressure and "179 people, 53 entities" in facts["eu_sanctions"]["fact"]
    arms = DATA["levers"]["arms-to-opposition"]
    assert "about 5,000 fighters a year over three years" in arms["level"]["because"]
    assert "about 5,000 fighters a year for three years" in facts["train_equip"]["fact"]
    assert (
        "15,000 trained fighters, about 3 in this file's unit" in arms["raises"]["ties.us.opposition.share"]["because"]
    )
    assert list(arms["level"]["dated"])[-1] == "2015-02-19" and "19 Feb 2015" in facts["train_equip"]["fact"]
    credit = _tie("iran", "damascus", "backs")["share"]
    assert "3.6 billion dollars for oil from July 2013 and a billion for goods" in credit["because"]
    assert "$3.6bn oil credit line in Jul 2013 (plus about $1bn for goods)" in facts["iran_credit"]["fact"]
    assert list(credit["dated"]) == ["2012-06-30", "2013-07-31", "2014-12-19"]
    assert "19 Dec 2014" in facts["iran_credit"]["source"]["publisher"]
    assert "four vetoes" in _tie("russia", "damascus", "backs")["share"]["because"]
    assert "4 vetoes" in facts["russia_pos"]["fact"]
    assert _tie("us", "isis", "fights")["since"] == "2014-09-23" and "23 Sep 2014" in facts["strikes"]["fact"]
    assert "eight million dollars a day" in DATA["actors"]["us"]["resolve"]["cost_of_fighting"]["because"]
    assert "$8.1m a day" in facts["strikes"]["fact"]
    hosts = _tie("russia", "damascus", "hosts")
    assert (hosts["since"], hosts["until"]) == ("2015-01-26", "2015-01-29")


def test_the_listed_have_no_seat_and_iran_and_saudi_arabia_were_not_at_geneva(facts: dict[str, Any]) -> None:
    assert DATA["talks"]["excluded"] == ["isis"] and "no seat in any track" in facts["isis_excluded"]["fact"]
    assert not any("nusra" in alias.casefold() for a in DATA["actors"].values() for alias in a["aliases"])
    assert "Riyadh" in DATA["actors"]["allies"]["aliases"] and "iran" in DATA["actors"]
    assert not any("iran" in (event.get("parties") or ()) for event in DATA["talks"]["history"])


def test_nothing_in_force_on_the_day_rests_on_what_was_said_after_it() -> None:
    late = {id_ for id_, source in SYRIA.sources.items() if source.date and source.date > SYRIA.as_of} - LOOKING_BACK
    assert late == {"damascus-answer-2015", "fabius-2015", "london-2015", "ankara-2015", "geneva-pause-2016"}
    for part in set(DATA) - {"sources", "stances", "outcome"}:
        assert not cited(DATA[part]) & late, part
    for stance in DATA["stances"]:
        days = [SYRIA.sources[source].date for source in cited(stance) & late]
        since = dt.date.fromisoformat(stance["since"])
        assert all(day is not None and day <= since for day in days), stance
        assert bool(days) == (since in ANSWERS), stance


def test_the_three_american_lines(facts: dict[str, Any]) -> None:
    lines = {s["since"]: s for s in DATA["stances"] if (s["actor"], s["issue"]) == ("us", "transition")}
    assert list(lines) == ["2011-08-18", "2012-06-30", "2014-01-22", "2015-03-15"]
    assert lines["2012-06-30"]["position"]["cite"] == ["geneva-2012", "geneva-readings-2012"]
    assert "Clinton said he would still have to go" in facts["geneva1_gap"]["fact"]
    # Both readings of the 15th: not repeated (the report), and policy unchanged (the State Department).
    assert lines["2015-03-15"]["position"]["cite"] == ["independent-2015", "cnn-2015"]
    assert lines["2015-03-15"]["position"]["ref"] == "actors.isis.capability"
    assert "policy unchanged" in facts["us_pos"]["fact"]
    demand = DATA["levers"]["us-precondition"]["level"]["dated"]
    assert demand["2015-03-15"]["low"] < 0.5 and demand["2015-03-15"]["high"] == demand["2012-06-30"]["mode"] == 1


def test_the_outcome_is_geneva_iii(known: dict[str, Any]) -> None:
    outcome = DATA["outcome"]
    (geneva,) = [row for row in known["outcomes"] if row["event"].startswith("Geneva III")]
    first, last = geneva["date"].split("/")
    assert (outcome["talks"]["date"], outcome["known_on"]) == (first, last)
    assert outcome["talks"]["ended"] == "suspended" and "suspended 3 Feb" in geneva["event"]
    source = DATA["sources"][outcome["talks"]["cite"][0]]
    assert (source["title"], source["url"]) == (geneva["source"]["title"], geneva["source"]["url"])
    answers = {row["q"]: row for row in known["scorable_questions"]}
    (sent,) = [row for q, row in answers.items() if q.startswith("Damascus and the main opposition body both send")]
    assert (sent["answer"], sent["date"]) == (1, outcome["talks"]["date"]) and outcome["talks"]["convened"] is True
    assert outcome["resolve_by"] == "2016-03-15" and "by 15 Mar 2016" in sent["q"]
    agreed = [row["answer"] for q, row in answers.items() if "sign a political agreement" in q or "leaves office" in q]
    assert agreed == [0, 0] and set(outcome["issues"].values()) == {None}
    apart = [row["answer"] for q, row in answers.items() if "face to face" in q]
    assert apart == [0] and "separate rooms" in outcome["talks"]["because"]


def test_the_baseline_is_counted(shared: Path) -> None:
    file = shared / "data" / "civil-wars" / "panel.csv"
    if not file.is_file():
        pytest.skip(f"no data to count in: {file}")
    with file.open(encoding="utf-8", newline="") as stream:
        labels = [int(row["talks_next"]) for row in csv.DictReader(stream) if int(row["year"]) <= 2008]
    assert "Of 1,206 years" in text_of("syria-2015") and len(labels) == 1206
    assert DATA["outcome"]["baseline"]["convene"] == round(sum(labels) / len(labels), 2)


def test_a_judgement_is_called_one_and_a_judged_number_is_a_range_or_says_why_not() -> None:
    for path, number in everything({k: v for k, v in DATA.items() if k not in ("variants", "toll", "outcome")}):
        if number.get("by"):
            assert number["by"] == "coder's judgement" and number.get("because"), path
            exact = number.get("value")
            assert exact in (None, 0, 1, 24), path  # nothing, the straight line, and the two years of the question
