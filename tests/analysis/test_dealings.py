"""Who deals with whom: against the model's own records, a case worked by hand, and any number of workers."""

import re

import numpy as np
import pytest

from detente import api
from detente.analysis.dealings import dealings
from detente.analysis.study import Study

HEAD = """
detente: 1
id: trade
title: Trade
as_of: 2024-01-01
actors:
  one: {name: One, role: bystander, capability: 1}
  two: {name: Two, role: bystander, capability: 1}
  three: {name: Three, role: bystander, capability: 0.0001}
issues:
  p: {name: P, scale: {0: low, 100: high}, status_quo: 50}
  q: {name: Q, scale: {0: low, 100: high}, status_quo: 50}
stances:
"""


def stance(actor, issue, position, salience):
    return f"  - {{actor: {actor}, issue: {issue}, position: {position}, salience: {salience}, since: 2023-01-01}}\n"


# The worked example of docs/models/exchange.md.
BY_HAND = HEAD + "".join(
    stance(*row)
    for row in [
        ("one", "p", 0, 0.2),
        ("one", "q", 0, 0.8),
        ("two", "p", 100, 0.8),
        ("two", "q", 100, 0.2),
        ("three", "p", 0, 0.5),
        ("three", "q", 100, 0.5),
    ]
)
# The third actor wants what the first wants on one issue and is as strong: which of two equal trades comes first is chance.
TIED = BY_HAND.replace("0.0001", "1").replace(stance("three", "q", 100, 0.5), stance("three", "q", 0, 0.8))
TIED = TIED.replace(stance("three", "p", 0, 0.5), stance("three", "p", 0, 0.2))
RANGES = TIED.replace("position: 100", "position: {low: 60, high: 100}").replace(
    "salience: 0.2", "salience: {low: 0.1, high: 0.5}"
)


@pytest.fixture
def study(tmp_path):
    def made(text, **how):
        file = tmp_path / "trade.yaml"
        file.write_text(text, encoding="utf-8")
        return Study(api.situation(file), **how)

    return made


def test_the_case_worked_by_hand(study):
    found = dealings(study(BY_HAND, draws=1, central=True), "exchange")
    (trade,) = [t for t in found.trades if t.made]
    assert (trade.between, trade.gives_way_on) == (("one", "two"), ("p", "q"))
    assert (trade.possible, trade.made) == (1, 1)
    assert trade.gain == pytest.approx((12, 12), abs=0.01)
    assert trade.moves == pytest.approx((100, 100), abs=0.1)
    assert trade.others == {"three": pytest.approx(-20, abs=0.01)}
    own, third = found.balance["one"], found.balance["three"]
    assert own.own.mean == pytest.approx(12, abs=0.01) and own.net.mean == own.own.mean and own.pays == 0
    assert third.net.mean == pytest.approx(-20, abs=0.01) and third.pays == 1
    assert third.inner.mean + third.outer.mean == pytest.approx(third.net.mean)


def test_trades_are_those_of_the_models_own_record(study):
    here = study(RANGES, draws=200)
    found = dealings(here, "exchange")
    result = here.block(0).run_outcome("exchange", keep_trajectory=True)
    made = result.exchanges[0]
    assert sum(t.made for t in found.trades) * 200 == pytest.approx(
        len({(e.draw, frozenset([(e.i, e.supply_i), (e.j, e.supply_j)])) for e in made})
    )
    assert all(t.made <= t.possible for t in found.trades)
    worth = np.zeros((200, 3))
    for e in made:
        worth[e.draw] += e.external
        worth[e.draw, e.i] += e.gain_i
        worth[e.draw, e.j] += e.gain_j
    for i, actor in enumerate(("one", "two", "three")):
        balance = found.balance[actor]
        assert balance.net.mean == pytest.approx(worth[:, i].mean())
        assert balance.pays == pytest.approx((worth[:, i] < -1e-9).mean())


def test_tied_trades_are_a_distribution_and_no_ties_are_none(study):
    tied = dealings(study(TIED, draws=400, central=True), "exchange").chance
    assert tied["p"].sd > 0 or tied["q"].sd > 0
    alone = dealings(study(BY_HAND, draws=400, central=True), "exchange").chance
    assert all(spread.q05 == spread.q95 for spread in alone.values())
    listed = TIED + "models:\n  exchange: {ties: listed}\n"
    assert dealings(study(listed, draws=400), "exchange").chance is None


def test_bargains_are_shares_and_the_lottery_a_distribution(study):
    found = dealings(study(RANGES, draws=100), "spatial")
    assert found.proposals and found.trades is None and found.chance is None
    for p in found.proposals:
        assert p.both + p.initiator_only + p.receiver_only + p.neither == pytest.approx(1)
        assert 0 < p.draws <= 1 and p.rounds >= p.draws and 0 <= p.chance <= 1
    for spread in found.lottery["issues"].values():
        assert sum(spread["tenths"]) == pytest.approx(1)
        assert 0 <= spread["q05"] <= spread["q25"] <= spread["q50"] <= spread["q75"] <= spread["q95"] <= 100
    assert all(0 <= p <= 1 for p in found.lottery["held_by"].values())
    assert found.opening["one"]["p"].q50 == 0 and found.rounds.q50 >= 1


def test_the_mean_of_the_lottery_is_the_settlement(study):
    here = study(RANGES, draws=50)
    result = here.block(0).run_outcome("spatial")
    mean = (np.nan_to_num(result.lottery.position) * result.lottery.probability[:, :, None]).sum(axis=1)
    np.testing.assert_allclose(mean, result.settlement, atol=1e-9)


def test_the_same_bytes_for_any_number_of_workers(study):
    # More than one block, drawn ties and stochastic turns: each draw's chance is its own.
    text = RANGES + "models:\n  spatial: {transitions: stochastic, turns: 3}\n  exchange: {iterations: 2}\n"
    here = study(text, draws=5200)
    one, three = (api.run(here, models=["exchange", "spatial"], workers=n).to_json() for n in (1, 3))
    assert one == three
    assert api.run(study(text, draws=5200, seed=1), models=["exchange"]).to_json() != one


def test_deals_are_told_of_models_that_somebody_asked_for(study):
    plain = api.run(study(RANGES, draws=20), models=["mean", "median"])
    assert plain.dealings is None and plain.to_dict()["dealings"] is None
    named = api.run(study(RANGES, draws=20), models=["mean", "exchange"])
    assert list(named.dealings) == ["exchange"]
    configured = study(RANGES + "models:\n  spatial: {turns: 2}\n", draws=20)
    assert list(api.run(configured).dealings) == ["spatial"]


def test_words_and_pictures_say_who_gains_and_who_pays(study):
    here = study(BY_HAND.replace("0.0001", "0.1"), draws=20)
    result = api.run(here, models=["exchange", "spatial"])
    words = " ".join(result.sentences())
    assert "One gives way on “P” and Two on “Q”" in words
    assert re.search(r"Three \(−\d+\) pays for them, being worse off in every draw", words)
    assert "decides nothing here" in words and "proposals" in words
    charts = {chart.name: chart for chart in result.charts()}
    assert [row["Actor"] for row in charts["balance-exchange"].table] == ["One", "Two", "Three"]
    row = charts["trades-exchange"].table[0]
    assert (row["First"], row["gives way on"], row["Made"]) == ("One", "P", "100 %")
    assert charts["proposals-spatial"].spec is not None and "lottery-spatial-q" in charts
    html = api.write_report(here, models=["exchange"])
    assert "Who gains and who pays: exchange" in html and "gives way on “P”" in html


def test_one_issue_leaves_nothing_to_trade(study):
    text = "\n".join(line for line in BY_HAND.splitlines() if "issue: q" not in line and "  q:" not in line) + "\n"
    result = api.run(study(text, draws=20), models=["exchange"])
    assert "nobody trades: one issue leaves nothing to trade" in " ".join(result.sentences())
    assert not any(chart.name.startswith("trades") for chart in result.charts())
