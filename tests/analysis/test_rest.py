"""Explain, parties, score, verdict, intervals, blocks and the table of draws."""

import csv
import dataclasses
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.analysis.blocks import in_order, map_blocks
from detente.analysis.explain import explain
from detente.analysis.intervals import summarise, wilson
from detente.analysis.measures import measure, names
from detente.analysis.parties import parties
from detente.analysis.score import brier, crps, log_score, score
from detente.analysis.study import Study
from detente.analysis.table import write_table
from detente.analysis.verdict import verdict
from detente.errors import InputError, UsageError
from tests.situations import golden, uncertain

STUDY = Study(uncertain(), draws=500)


def test_explanation_adds_up_and_names_what_it_rests_on():
    found = explain(STUDY, "damascus")
    assert sum(t.value.mean for t in found.terms) == pytest.approx(found.margin.mean, abs=1e-12)
    lever = next(t for t in found.terms if t.term == "cost:lever-0")
    assert "levers.lever-0.level" in lever.rests_on


def test_explaining_a_stranger():
    with pytest.raises(UsageError, match="did you mean damascus"):
        explain(STUDY, "damscus")


def test_parties_are_tried_one_by_one():
    tables = {t.change: t for t in parties(STUDY).tables}
    assert {"as it is", "add isis", "add iran", "drop damascus", "drop opposition"} <= set(tables)
    with_iran = dataclasses.replace(STUDY.situation, required=("damascus", "opposition", "iran"))
    again = Study(with_iran, draws=500).block(0).readiness.convene.mean()
    assert tables["add iran"].convene["p"] == pytest.approx(again)
    assert tables["add iran"].difference == pytest.approx(again - tables["as it is"].convene["p"])


def outcome(**what):
    return dataclasses.replace(uncertain(), scenario=SimpleNamespace(sources={}, outcome=SimpleNamespace(**{
        "known_on": dt.date(2016, 2, 3), "talks": None, "issues": {}, "baseline": None, **what})))  # fmt: skip


def test_scores_of_a_case():
    talks = SimpleNamespace(convened=True, ended="collapse")
    found = score([Study(outcome(talks=talks, issues={"transition": 60.0}, baseline={"convene": 0.2}), draws=500)])
    first = found.cases[0].forecasts[0]
    assert first.question == "convene"
    assert first.brier == pytest.approx((1 - first.p) ** 2)
    assert first.baseline_brier == pytest.approx(0.64)
    assert {f.question for f in found.cases[0].forecasts} == {"convene", "agreement", "collapse", "expiry"}
    assert {e.measure for e in found.cases[0].estimates} >= {"settlement.transition", "outcome.mean.transition"}


def test_scoring_without_an_outcome():
    with pytest.raises(UsageError, match="outcome"):
        score([STUDY])


def test_score_rules():
    assert brier(0.25, False) == 0.0625
    assert log_score(0.5, True) == pytest.approx(0.6931471805599453)
    assert log_score(0.0, True) == float("inf")


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.floats(-100, 100))
def test_crps_is_its_definition(values, happened):
    """Mean absolute error less half the mean absolute difference of two draws."""
    x = np.array(values)
    slow = np.abs(x - happened).mean() - np.abs(x[:, None] - x[None, :]).mean() / 2
    assert crps(x, happened) == pytest.approx(slow, abs=1e-9)


def test_verdict_names_what_could_turn_it():
    found = verdict(STUDY, "convene")
    assert found.low <= found.p <= found.high
    assert not found.can_say
    assert {a["rule"] for a in found.alternatives} >= {"nash", "mean", "median"}
    assert found.jointly["low_p"] <= found.p <= found.jointly["high_p"]
    sure = verdict(Study(golden(0), central=True), "convene")
    assert sure.unsourced == []


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_share(k, n):
    if k > n:
        k, n = n, k
    if n == 0:
        return
    share = wilson(k, n)
    assert 0 <= share.low <= share.p <= share.high <= 1


def test_wilson_published_value():
    """Newcombe (1998, Statistics in Medicine 17:857), table I: 81 of 263 gives 0.2553 to 0.3662."""
    share = wilson(81, 263)
    assert (share.low, share.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_summary_of_nothing_is_null():
    assert summarise(np.array([np.nan])).mean is None


@given(st.integers(1, 5), st.lists(st.integers(), max_size=20))
def test_blocks_come_back_in_order(workers, items):
    assert list(map_blocks(lambda x: x * 2, items, workers=workers)) == [2 * x for x in items]


@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 30))
def test_a_stream_is_drawn_as_results_are_taken(workers, ahead, taken):
    """Of an endless stream a few items a worker are drawn, and the caller's executor stays open."""
    drawn = []
    stream = (drawn.append(number) or number for number in count())
    with ThreadPoolExecutor(workers) as pool:
        with closing(in_order(str, stream, workers=workers, executor=pool, ahead=ahead)) as found:
            for number in range(taken):
                assert next(found) == str(number)
                assert len(drawn) <= number + ahead * workers
        assert pool.submit(str, 1).result() == "1"


def test_what_has_not_begun_is_not_done_once_nobody_asks():
    held, begun = Event(), []

    def task(item):
        begun.append(item)
        assert item == 0 or held.wait(10)
        return item

    with ThreadPoolExecutor(1) as pool:
        with closing(in_order(task, range(100), executor=pool, ahead=8)) as found:
            assert next(found) == 0
        held.set()
    assert begun in ([0], [0, 1])


def test_an_error_in_a_block_is_raised():
    def fail(x):
        raise ValueError(x)

    with pytest.raises(ValueError):
        list(map_blocks(fail, range(10), workers=2))


def test_every_measure_has_a_value():
    block = Study(uncertain(), draws=50).block(0)
    for name in names(STUDY.situation):
        assert measure(STUDY.situation, name)(block).shape == (50,)


def test_table_of_draws(tmp_path):
    file = tmp_path / "draws.csv"
    assert write_table(Study(uncertain(), draws=30), file) == 30
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert len(rows) == 30 and rows[7]["draw"] == "7"
    assert float(rows[3]["margin.damascus"]) == pytest.approx(
        Study(uncertain(), draws=30).block(0).readiness.margin[3, 0]
    )


def test_table_as_parquet(tmp_path):
    pd = pytest.importorskip("pandas")
    file = tmp_path / "draws.parquet"
    write_table(Study(uncertain(), draws=30), file)
    assert len(pd.read_parquet(file)) == 30


def test_a_place_that_cannot_be_written_leaves_nothing(tmp_path):
    with pytest.raises(InputError, match="could not be written"):
        write_table(Study(uncertain(), draws=3), tmp_path / "no" / "draws.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_glance_says_of_each_known_share_what_other_settlement_rules_make_of_it():
    from detente import api
    from detente.analysis.verdict import glance

    study = Study(api.situation("syria-2015"), draws=1000)
    comes = api.run(study, models=["readiness"], workers=1).talks.parties["damascus"].comes
    (found,) = glance(study, {"comes.damascus": comes.to_dict()})
    slow = {row["rule"]: row["p"] for row in api.verdict(study, "comes.damascus").alternatives}
    assert found.p == comes.p < 0.5
    # The terminal (a glance) and the report try them on the same draws, so that they cannot differ by a point.
    assert {row["rule"]: row["p"] for row in found.alternatives} == slow
    assert {row["draws"] for row in found.alternatives} == {400}
    assert not found.can_say
    assert found.why_not == ["settlement rule nash"]
