"""Sentences say what the figures say, and no more."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente import api
from detente.report import sentences
from detente.report.sentences.deals import bargain_sentences
from detente.report.words import (
    figure,
    hundredths,
    measure_clause,
    measure_question,
    of_draws,
    path_words,
    simulation_error,
)
from detente.scenario.reads import numbers_read
from tests.report import sample

S = sample.situation()


def joined(lines):
    return " ".join(lines)


def test_run_says_who_comes_and_what_keeps_them_away():
    text = joined(sentences.run_sentences(S, sample.run()))
    assert "Talks convene in 31 of 100 draws (simulation error under 1)" in text
    assert "Syrian government comes in 38 and Syrian opposition comes in 72" in text
    assert "What keeps Syrian government away is above all the terms it would have to accept" in text
    assert "What keeps Syrian opposition away" not in text  # it comes in more than half
    assert "in agreement in 43 and in collapse in 57 of 100 plays" in text
    # All of the draws in which talks convene, as the shares before them, and not of all draws.
    assert "Half of these collapses come by month 2; Syrian government walks out most often, in 31 of the 100." in text
    assert "Talks convene without its being ripe in 24 of 100 draws" in text


def test_range_names_the_gap():
    text = joined(sentences.run_sentences(S, sample.run()))
    assert "nothing that every required party could sign in 62 of 100 draws" in text
    assert "the demands of Syrian government and Syrian opposition do not meet (in 53 of 100 draws, 14 points" in text


def test_central_run_speaks_of_one_draw():
    text = joined(sentences.run_sentences(S, sample.central_run()))
    assert "At the central values talks do not convene: Syrian opposition comes; Syrian government stays away." in text
    assert "simulation error under" not in text.split("plays")[0]
    assert "90 of 100 draws" not in text


@pytest.mark.parametrize(("missing", "says"), [("talks", "has no talks"), ("talks.required", "Nobody is required")])
def test_no_talks(missing, says):
    run = sample.run(talks=None, rounds=None, verdict=None, missing={"readiness": missing})
    text = joined(sentences.run_sentences(S, run))
    assert says in text
    assert "the models settle between 58 (mean) and 70 (expected-utility)" in text


# --- the verdict ---------------------------------------------------------------------------------------------------


def verdict(**changes):
    return {"measure": "convene", "p": 0.31, "low": 0.30, "high": 0.32, "alternatives": [], "unsourced": []} | changes


def test_a_side_that_holds_is_said():
    text = sentences.verdict_sentence(S, verdict(alternatives=[{"rule": "nash", "p": 0.2, "draws": 400}]))
    assert text.startswith("The model says it is less likely than not that talks convene (31 of 100)")
    assert "under every other settlement rule (tried in 400 draws)" in text
    assert "cannot say" not in text


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"p": 0.497, "low": 0.487, "high": 0.507}, "within simulation error of one half"),
        ({"alternatives": [{"rule": "nash", "p": 0.56, "draws": 400}]}, "56 under the settlement rule nash"),
        (
            {"unsourced": [{"path": "talks.success", "low_p": 0.2, "high_p": 0.7}]},
            "no source and no reason: best-case chance that talks deliver (20 to 70)",
        ),
    ],
)
def test_the_model_cannot_say(changes, because):
    text = sentences.verdict_sentence(S, verdict(**changes))
    assert text.startswith("The model cannot say whether talks would convene")
    assert because in text
    assert "find out first" in text or "--draws" in text


def test_what_to_find_out_is_the_unsourced_number():
    rows = [{"path": "levers.guarantee.level", "low_p": 0.2, "high_p": 0.7}]
    text = sentences.verdict_sentence(S, verdict(unsourced=rows))
    assert "What to find out first: the level of “Outside guarantee of a deal” (levers.guarantee.level)." in text


def test_joint_range_of_unsourced_numbers():
    joint = {"paths": ["a", "b", "c"], "low_p": 0.38, "high_p": 0.79}
    text = sentences.verdict_sentence(S, verdict(measure="comes.damascus", p=0.61, low=0.6, high=0.62, jointly=joint))
    assert "Over the ranges of the three most influential unsourced numbers: 38 to 79." in text
    assert "Several of those numbers together could change it." in text


shares = st.floats(0, 1)


@given(p=shares, half=st.floats(0.001, 0.05), other=shares, ends=st.tuples(shares, shares))
def test_verdict_never_claims_more_than_it_may(p, half, other, ends):
    low, high = max(0.0, p - half), min(1.0, p + half)
    found = verdict(
        p=p,
        low=low,
        high=high,
        alternatives=[{"rule": "nash", "p": other, "draws": 400}],
        unsourced=[{"path": "talks.success", "low_p": ends[0], "high_p": ends[1]}],
    )
    side = p >= 0.5
    certain = not low < 0.5 <= high and all((q >= 0.5) == side for q in (other, *ends))
    assert sentences.verdict_sentence(S, found).startswith("The model says") == certain


# --- tips, explanation, sensitivity, comparison -----------------------------------------------------------------------


def test_lever():
    text = joined(sentences.tip_sentences(S, sample.tip()))
    assert "it passes 50 of 100 at 0.42 and 80 of 100 at 0.65 (0.32 now, on average)" in text
    assert "38 are there already, 55 can be brought there and 7 stay out of reach" in text


def test_lever_that_changes_nothing():
    tip = sample.tip(level_at_p50=None, level_at_p80=None, crossings_max=3)
    text = joined(sentences.tip_sentences(S, tip))
    assert "it stays between 7 and 97 of 100" in text
    assert "changes sides 3 times" in text


def test_central_lever():
    assert "moving “Sanctions and aid to the opposition” from 0.32 to 0.48 changes that" in joined(
        sentences.tip_sentences(S, sample.tip(central=True))
    )
    none = sample.tip(central=True, level={"q05": None, "q50": None, "q95": None})
    assert "no level of" in joined(sentences.tip_sentences(S, none))


def test_ranking():
    text = joined(sentences.tip_sentences(S, sample.ranking()))
    assert (
        "opposition” up from 0.32 to 0.40 with “Outside guarantee of a deal” up from 0.30 to 0.38 (each by 8 %" in text
    )
    assert (
        "Out of reach of 50 of 100: “Outside guarantee of a deal” up to its limit gives 49.7, within simulation error of 50."
        in text
    )
    assert "Alone: “Sanctions and aid to the opposition” up from 0.32 to 0.43 (11 %" in text
    out = [row | {"fraction_of_range": None, "level": None} for row in sample.ranking()["ranking"]]
    assert "No lever or pair within its limits" in joined(sentences.tip_sentences(S, sample.ranking(ranking=out)))
    assert "no lever to try" in joined(sentences.tip_sentences(S, sample.ranking(ranking=[])))


def test_frontier_and_parties():
    assert "on some settings of the two it passes 50" in joined(sentences.tip_sentences(S, sample.frontier()))
    text = joined(sentences.parties_sentences(S, sample.parties()))
    assert "What lowers it most is requiring Iran (0 of 100)" in text


def test_explanation_signs_its_terms():
    text = joined(sentences.explain_sentences(S, sample.explain()))
    assert "For coming: its fear of losing the war (+0.049)" in text
    assert "Against: the terms it would have to accept (−0.071)" in text
    assert "not required" in joined(sentences.explain_sentences(S, sample.explain("iran")))


def test_sensitivity_names_the_unsourced():
    text = joined(sentences.sensitivity_sentences(S, sample.sensitivity()))
    assert "level of “Sanctions and aid to the opposition” (18 to 60)" in text
    assert "no source behind them" in text
    assert "same in every draw" in joined(sentences.sensitivity_sentences(S, sample.sensitivity(inputs=[])))


def test_compare():
    text = joined(sentences.compare_sentences(S, sample.compare()))
    assert "in 14 of 100 draws in the first and 31 in the last (difference +17, 95 % interval +16 to +18)" in text
    assert "above all through position of United States on Assad's place in a transition (+11)" in text
    assert "1 of 4 answers differs by no more than chance" in text
    assert "same numbers" in joined(sentences.compare_sentences(S, sample.compare(inputs=[])))


# --- words -----------------------------------------------------------------------------------------------------------


@given(st.floats(0, 1))
def test_a_possible_thing_is_never_rounded_to_never_or_always(p):
    assert (hundredths(p) == "0") == (p == 0)
    assert (hundredths(p) == "100") == (p == 1)
    assert of_draws(p)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_a_figure_has_no_more_than_two_digits_of_its_resolution(value, resolution):
    shown = float(figure(value, resolution).replace("−", "-"))
    assert abs(shown - value) <= max(0.5, resolution / 2) * 1.001


def test_names_of_things():
    assert simulation_error(0.3, 0.4) == "simulation error about 5"
    assert path_words(S, "levers.guarantee.raises.actors.damascus.audience_cost") == (
        "pull of “Outside guarantee of a deal” on the audience cost of Syrian government"
    )
    assert path_words(S, "models.spatial.rounds") == "models.spatial.rounds"
    assert measure_clause(S, "stable.nash.3") == "state 3 is an equilibrium (nash)"
    assert figure(0.0001, 1, sign=True) == "0.0"


ARTICLE = """
detente: 1
id: article
title: Names that begin with an article
as_of: 2025-03-01
actors:
  crown: {name: The crown, role: belligerent, capability: 60}
  rebels: {name: The rebels, role: belligerent, capability: 40}
issues:
  land: {name: Land, scale: {0: none, 100: all}, status_quo: 50}
stances:
  - {actor: crown, issue: land, position: 0, salience: 0.8, since: 2024-01-01}
  - {actor: rebels, issue: land, position: 100, salience: 0.8, since: 2024-01-01}
talks: {required: [crown, rebels]}
"""


def test_an_article_has_a_capital_only_where_a_sentence_begins(tmp_path):
    file = tmp_path / "article.yaml"
    file.write_text(ARTICLE, encoding="utf-8")
    article = api.situation(file)
    assert measure_question(article, "comes.rebels") == "the rebels would come to the table"
    assert measure_clause(article, "margin.crown") == "the margin of the crown"
    assert measure_question(article, "ripe") == "the conflict is ripe"
    assert path_words(article, "actors.crown.capability") == "capability of the crown"
    told = joined(api.explain(article, "rebels", draws=20).sentences())
    assert told.startswith("The rebels comes to the table")
    every = joined(api.run(article, draws=20).sentences())
    assert not re.search(r"[a-z,:] The (crown|rebels)", every)


def test_defaults_are_counted_among_the_numbers_that_the_answer_reads(tmp_path):
    file = tmp_path / "article.yaml"
    file.write_text(ARTICLE, encoding="utf-8")
    article = api.situation(file)
    mean = api.run(article, models=["mean"], draws=20).to_dict()
    assert sentences.grounds_sentences(article, mean) == []  # the talks' numbers are defaults; the mean reads none
    talks = {number.path for number in numbers_read(article, ["readiness"])}
    played = {number.path for number in numbers_read(article, ["readiness", "rounds"])}
    assert {path for path in played - talks if path.startswith("talks.")} == {
        *("talks.deadline", "talks.strength_drift", "talks.walkout.rate", "talks.walkout.threshold")
    }
    run = api.run(article, models=["readiness", "rounds"], draws=20).to_dict()
    default = sum(article.numbers[path].origin == "default" for path in played)
    (told,) = sentences.grounds_sentences(article, run)
    assert told.startswith(f"{default} of the {len(played)} numbers that this answer reads are defaults")


def test_bargains_tell_who_alone_takes_a_proposal():
    proposal = {"initiator": "damascus", "receiver": "opposition", "rounds": 4.0}
    told = {
        "proposals": [proposal | {"both": 0.5, "initiator_only": 0.25, "receiver_only": 0.15, "neither": 0.1}],
        "rounds": {"q05": None, "q50": 4.0, "q95": None},
    }
    (text,) = bargain_sentences(S, "challenge", told)
    assert "both sides take 50, the initiator alone 25, the receiver alone 15 and neither 10" in text


SHARED = """
detente: 1
id: shared
title: One id for three things
as_of: 2025-03-01
actors:
  north: {name: Northern League, role: belligerent, capability: 60}
  south: {name: Southern League, role: belligerent, capability: 40}
issues:
  north: {name: Who governs the north, scale: {0: the south, 100: itself}, status_quo: 50}
stances:
  - {actor: north, issue: north, position: 100, salience: 0.8, since: 2024-01-01}
  - {actor: south, issue: north, position: 0, salience: 0.8, since: 2024-01-01}
levers:
  north: {name: Aid to the north, held_by: [south], level: 0.2, bite: {north: 0.01}}
talks: {required: [north, south]}
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    file = tmp_path_factory.mktemp("shared") / "shared.yaml"
    file.write_text(SHARED, encoding="utf-8")
    return api.situation(file)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("actors.north.capability", "capability of Northern League"),
        ("issues.north.status_quo", "status quo on Who governs the north"),
        ("stances.north.north.position", "position of Northern League on Who governs the north"),
        ("levers.north.level", "level of “Aid to the north”"),
        ("levers.north.bite.north", "bite of “Aid to the north” on Northern League"),
    ],
)
def test_an_id_is_called_by_what_it_is_the_id_of(shared, path, words):
    assert path_words(shared, path) == words


def test_an_actor_an_issue_and_a_lever_of_one_id_keep_their_names_in_every_sentence(shared):
    assert measure_clause(shared, "comes.north") == "Northern League comes to the table"
    assert measure_clause(shared, "settlement.north") == "the expected settlement on Who governs the north"
    assert measure_clause(shared, "outcome.mean.north") == "the mean outcome on Who governs the north"
    run = joined(api.run(shared, draws=50).sentences())
    assert "Northern League" in run
    assert "On “Who governs the north” the deal" in run
    assert "Aid to the north" in joined(api.rank(shared, actor="north", draws=50).sentences())


def test_a_term_without_source_is_called_a_judgement():
    text = joined(sentences.explain_sentences(S, sample.explain()))
    assert "rest on no source: they are judgements." in text
    terms = sample.explain()["terms"]
    for row in terms:
        row["sources"] = ["ledger"]
    assert "judgement" not in joined(sentences.explain_sentences(S, sample.explain(terms=terms)))


def test_what_stands_behind_a_judgement_is_counted():
    found = api.explain("syria-2015", "damascus", draws=100)
    bare = next(term for term in found.terms if term.term == "betrayal")
    assert bare.sources == ()
    assert bare.uncited == bare.rests_on == ("actors.damascus.betrayal_loss", "talks.kept")
    text = joined(found.sentences())
    assert (
        "In the calculation of Syrian government, the risk that a signed deal breaks rests on no source: it is a judgement."
        in text
    )
    assert "The 2 numbers behind it are reasoned for in the file." in text


def test_dropping_a_belligerent_is_never_the_advice():
    found = api.parties("syria-2015", draws=200)
    base = next(table for table in found.tables if table.actor is None)
    assert base.leaves_out == ("isis",)
    changes = [table.change for table in found.tables]
    assert changes[0] == "as it is"
    assert set(changes[-2:]) == {"drop damascus", "drop opposition"}
    *_, apart, absent = found.sentences()
    assert apart.startswith("Set apart, for it is no advice: without Syrian government")
    assert "cannot end that party's war" in apart
    assert absent == (
        "As it is, the table does not require Islamic State (Isis), a party to the fighting: no deal there ends its war."
    )
    assert "not requiring" not in joined(found.sentences())


def test_expected_settlement_and_models_are_told_apart():
    text = sentences.expected_against_models(sample.run())
    assert "by it each decides whether to come" in text
    assert "The two need not agree." in text
    assert sentences.expected_against_models(sample.run(outcomes={})) is None
    assert sentences.expected_against_models(sample.run(talks=None)) is None


def test_a_target_of_its_own_is_told():
    text = joined(sentences.tip_sentences(S, sample.tip(target=0.6, level_at_target=0.5)))
    assert "50 of 100 at 0.42, 60 of 100 at 0.50 and 80 of 100 at 0.65" in text


def test_the_ranking_gives_present_levels_and_limits():
    found = api.rank("syria-2015", actor="damascus", draws=200)
    for row in found.ranking:
        for one in sentences.each_lever(row):
            low, high = one["limits"]
            assert low <= one["now"] <= high
            if one["level"] is not None:
                moved = abs(one["level"] - one["now"]) / (high - low)
                assert moved <= row["fraction_of_range"] + 1e-9


def test_what_the_verdicts_leave_untried_is_said_once():
    one = verdict(measure="comes.damascus", unsourced=[], jointly=None, untried=3)
    found = sentences.verdict_sentences(S, [one, {**one, "measure": "convene"}])
    assert [s for s in found if "3 numbers that rest on no source and no reason have not been tried" in s] == found[2:]
    assert len(sentences.verdict_sentences(S, [{**one, "untried": 0}])) == 1


def test_one_model_is_not_called_every_model():
    outcomes = {"exchange": sample.run()["outcomes"]["median"]}
    text = joined(sentences.outcome_sentences(S, sample.run(outcomes=outcomes)))
    assert "exchange settles near" in text
    assert "every model" not in text
