"""The built-in scenarios: they load on their days, rest on what they cite, and give what was published."""

import datetime as dt
from pathlib import Path

import pytest

import detente
from detente.scenario.library import built_in_ids, library, text_of
from detente.scenario.read import load

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT.parent / "shared" / "reports"
DAYS = ("2012-06-30", "2014-02-15", "2015-03-15")
SYRIA = load("syria-2015")
EXPECTED = [(id_, number, expected) for id_ in built_in_ids() for number, expected in enumerate(load(id_).expect)]


def everything(data, path=""):
    """Every mapping of plain data, with its path."""
    if isinstance(data, dict):
        yield path, data
        for key, value in data.items():
            yield from everything(value, f"{path}.{key}")
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from everything(value, f"{path}[{index}]")


def cited(data):
    """Ids of all sources cited anywhere in a file."""
    return {str(c).partition("@")[0] for _, mapping in everything(data) for c in mapping.get("cite") or ()}


def shares(name, **settings):
    found = detente.run(name, models=["readiness"], **settings).to_dict()["talks"]
    return {
        "convene": found["convene"]["p"],
        **{actor: party["comes"]["p"] for actor, party in found["parties"].items()},
    }


def test_the_library_lists_all():
    assert {entry.id: entry.citation for entry in library()} == {
        "syria-2015": None,
        "ec-emissions-1994": "bueno-de-mesquita-1994",
        "prisoners-dilemma": "fang-hipel-kilgour-1993",
        "chicken": "fang-hipel-kilgour-1993",
        "cuba-1962": "fraser-hipel-1984",
        "syria-iraq-1975": "hipel-kilgour-kinsara-2014",
        "elmira": "hipel-fang-kilgour-haight-1993",
        "sustainable-development": "hipel-2001",
    }


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("variant", ["", *SYRIA.variants])
def test_syria_resolves_on_every_day_with_every_variant(day, variant):
    situation = detente.situation(f"syria-2015@{day}" + (f"+{variant}" if variant else ""))
    assert situation.as_of == dt.date.fromisoformat(day)
    assert {"damascus", "opposition"} <= set(situation.required)
    assert "isis" not in situation.required
    for (actor, issue), stance in situation.stances.items():
        assert stance.since <= situation.as_of, (actor, issue)
    for actor in situation.actors:
        for issue in situation.issues:
            assert (actor, issue) in situation.stances or (actor, issue) == ("isis", "sequence")


def test_the_freeze_drops_the_answers_of_16_and_17_march():
    after = [stance for stance in SYRIA.stances if stance.since > SYRIA.as_of]
    assert {stance.actor for stance in after} == {"damascus", "opposition", "allies"}
    frozen = detente.situation("syria-2015")
    for stance in after:
        key = stance.actor, stance.issue
        assert frozen.stances[key].since <= SYRIA.as_of
        later = detente.situation("syria-2015", as_of=stance.since.isoformat())
        assert later.stances[key].since == stance.since


def test_no_number_of_syria_is_left_to_a_default_or_to_nothing():
    for day in DAYS:
        check = detente.check(f"syria-2015@{day}")
        assert check.defaults == 0
        assert check.unsourced == 0
        assert check.sourced >= 40


@pytest.mark.parametrize("id_", built_in_ids())
def test_every_source_is_cited_and_every_citation_resolves(id_):
    scenario = load(id_)
    assert cited(scenario.data) == set(scenario.sources)
    for source in scenario.sources.values():
        assert source.read is not None
        assert source.publisher


@pytest.mark.parametrize("id_", built_in_ids())
def test_a_number_without_a_citation_says_who_judged_it(id_):
    mappings = dict(everything(load(id_).data))
    numbers = [
        (path, m)
        for path, m in mappings.items()
        if m.keys() & {"low", "value", "normal", "p10"} and "what" not in m  # a toll's number stands one level down
    ]
    for path, number in numbers:
        if path.startswith((".variants", ".expect")) or ".dated." in path or path.endswith(".plus"):
            continue
        # The chance of a statement rests on what the statement rests on.
        says = mappings[path.removesuffix(".probability")] if path.endswith(".probability") else number
        assert says.get("cite") or says.get("because"), path
        assert not (number.get("by") and number.get("cite")), f"{path}: cited and judged at once"


def test_quotations_are_short_and_stand_in_the_report():
    said = [stance.said for stance in SYRIA.stances if stance.said]
    assert said
    assert all(len(words.split()) <= 40 for words in said)
    report = REPORTS / "kerry-assad-2015-03-15.txt"
    if not report.is_file():
        pytest.skip(f"the report is not at {report.parent}: the quotations were not compared with it")
    text = " ".join(report.read_text(encoding="utf-8").split())
    for words in said:
        assert words in text


def test_the_files_name_no_machine():
    for id_ in built_in_ids():
        for word in ("/work", "/home", "/tmp", "localhost"):
            assert word not in text_of(id_)


@pytest.mark.parametrize("day", DAYS)
def test_syria_leaves_room_for_both_answers(day):
    found = shares(f"syria-2015@{day}", draws=4000)
    for actor in ("convene", "damascus", "opposition", "iran", "russia", "us"):
        assert 0.01 < found[actor] < 0.99, actor
    assert found["isis"] < 0.05


def test_each_change_between_2014_and_2015_is_an_input_of_its_own():
    days = ("syria-2015@2014-02-15", "syria-2015@2015-03-15")
    found = detente.compare(*days, measure=["comes.damascus"], draws=2000).to_dict()
    differing = {row["path"] for row in found["inputs"]}
    assert differing >= {
        "stances.us.transition.position",
        "levers.us-precondition.level",
        "actors.isis.capability",
        "ties.russia.damascus.share",
        "ties.iran.damascus.share",
    }
    assert len(differing) <= 8  # so that the contributions are exact
    share = found["contributions"]["comes.damascus"]
    assert share["levers.us-precondition.level"]["value"] > 0.02  # the softer line, by way of the cost of sitting down
    assert share["actors.isis.capability"]["value"] > 0.01


def test_isis_not_risen_tells_the_direct_from_the_stance_borne_effect():
    found = detente.compare(
        "syria-2015", "syria-2015+isis-not-risen", measure=["settlement.transition"], draws=2000
    ).to_dict()
    assert {row["path"] for row in found["inputs"]} == {
        "actors.isis.capability",
        "stances.us.transition.position",
    }
    terms = found["contributions"]["settlement.transition"]
    assert terms["stances.us.transition.position"]["value"] < 0
    held = shares("syria-2015+isis-not-risen-line-held", draws=4000)
    moved = shares("syria-2015+isis-not-risen", draws=4000)
    assert abs(held["damascus"] - moved["damascus"]) < 0.02


def test_the_variants_point_where_their_names_say():
    damascus = {
        v: shares(f"syria-2015+{v}" if v else "syria-2015", draws=4000)["damascus"] for v in ("", *SYRIA.variants)
    }
    for more in ("soft-us-line", "less-backing", "more-pressure", "guaranteed"):
        assert damascus[more] > damascus[""], more
    for less in ("hard-us-line", "all-out-backing", "isis-not-risen"):
        assert damascus[less] < damascus[""], less


@pytest.mark.parametrize(("id_", "number", "expected"), EXPECTED, ids=[f"{i}-{n}-{e.measure}" for i, n, e in EXPECTED])
def test_published_results(id_, number, expected):
    _, model, issue = expected.measure.split(".")
    run = detente.run(id_, models=[model], set=expected.with_, central=expected.central, draws=expected.draws or 1)
    assert run.to_dict()["outcomes"][model][issue]["mean"] == pytest.approx(expected.value, abs=expected.tolerance)
