"""The exchange model: exact and fast forms against each other, a plain statement, and the published program's numbers."""

from __future__ import annotations

import csv
import json
import random
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from detente.errors import UsageError
from detente.outcome import registry
from detente.outcome.exchange import potential
from detente.outcome.exchange_exact import iterate

from . import plain_exchange as plain
from .conformance import inputs

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "exchange.json").read_text(encoding="utf-8"))
MODEL = registry.get("exchange")
CLOSE = 5e-9  # the golden numbers are rounded at the eighth decimal


class Records:
    """A data set of the exchange program, as tables of decimals."""

    def __init__(self, path: Path):
        self.actors, self.issues, scale, rows = [], [], {}, {}
        with path.open(encoding="utf-8-sig", newline="") as file:
            for record in csv.reader(file, delimiter="\t", quotechar="'"):
                match record[0]:
                    case "#A":
                        self.actors.append(record[1])
                    case "#P":
                        self.issues.append(record[1])
                    case "#M":
                        scale.setdefault(record[1], []).append(Decimal(record[2]))
                    case "#D":
                        rows[record[1], record[2]] = [Decimal(v) for v in record[3:6]]
        ends = [(min(scale[p]), max(scale[p])) for p in self.issues]
        self.low, self.high = (np.array(end, dtype=float) for end in zip(*ends, strict=True))
        self.written = self._table(rows, 0)
        self.salience, self.power = self._table(rows, 1), self._table(rows, 2)
        self.position = [
            [None if v is None else (v - low) * (100 / (high - low)) for v, (low, high) in zip(row, ends, strict=True)]
            for row in self.written
        ]

    def _table(self, rows, column):
        return [[rows[a, p][column] if (a, p) in rows else None for p in self.issues] for a in self.actors]

    def inputs(self, draws=1):
        x, s, c = (
            np.array([[np.nan if v is None else float(v) for v in row] for row in table])
            for table in (self.written, self.salience, self.power)
        )
        given = inputs(np.tile(x, (draws, 1, 1)), salience=np.nan_to_num(s), capability=np.nanmax(c, axis=1))
        return type(given)(**{**given.__dict__, "low": self.low, "high": self.high})


@pytest.fixture
def records(shared):
    def read(name):
        path = shared / "data" / "climate-talks" / name
        if not path.is_file():
            pytest.skip(f"no {path.name} in ../shared/data/climate-talks: the data are their authors' and stay there")
        return Records(path)

    return read


@pytest.mark.parametrize("name", GOLDEN["datasets"])
def test_the_published_program_exactly(records, name):
    data, golden = records(name), GOLDEN["datasets"][name]
    found = iterate(data.position, data.salience, data.power)
    assert len(golden["iterations"]) == 10
    for here, there in zip(found, golden["iterations"], strict=True):
        assert [here.potential, len(here.exchanges)] == [there["n_potential"], there["n_exchanges"]]
        for outcome, wanted in ((here.preference_outcome, "nbs_pref"), (here.outcome, "nbs_vote")):
            np.testing.assert_allclose(np.array(outcome, float), [there[wanted][p] for p in data.issues], atol=CLOSE)
        if "exchanges" in there:
            same_exchanges(data, here, there["exchanges"])
            same_externalities(data, here, there["ext"])
    for table, wanted in (
        (found[0].voting, golden["iterations"][0]["pos_vote"]),
        (found[-1].preference, golden["final"]),
    ):
        for a, actor in enumerate(data.actors):
            for p, issue in enumerate(data.issues):
                assert (table[a][p] is None) == (actor not in wanted[issue])
                if table[a][p] is not None:
                    assert float(table[a][p]) == pytest.approx(wanted[issue][actor], abs=CLOSE)


def same_exchanges(data, here, wanted):
    names = [
        (data.actors[m.i], data.issues[m.supply_i], data.actors[m.j], data.issues[m.supply_j]) for m in here.exchanges
    ]
    assert names == [(e["i"], e["supply_i"], e["j"], e["supply_j"]) for e in wanted]
    for m, e in zip(here.exchanges, wanted, strict=True):
        numbers = (*m.x, *m.y, m.gain, *m.before, *m.after)
        keys = ("xi", "xj", "yi", "yj", "gain", "nbs0_i", "nbs0_j", "nbs1_i", "nbs1_j")
        np.testing.assert_allclose(np.array(numbers, float), [e[k] for k in keys], rtol=0, atol=CLOSE)
        assert all(theirs or not ours for ours, theirs in zip(m.shortened, e["adj"], strict=True))


def same_externalities(data, here, wanted):
    for a, actor in enumerate(data.actors):
        total = dict.fromkeys(("own", "ip", "in", "op", "on"), 0.0)
        for m in here.exchanges:
            kind = "own" if a in (m.i, m.j) else ("i" if m.inner[a] else "o") + ("p" if m.external[a] > 0 else "n")
            total[kind] += float(m.external[a])
        for kind, value in total.items():
            assert value == pytest.approx(wanted[actor].get(kind, 0.0), abs=CLOSE)


@pytest.mark.parametrize("run", GOLDEN["rex"]["runs"])
def test_randomised_gains_with_the_programs_own_stream(records, run):
    name, spread = run.split("|")
    data = records(name)
    found = iterate(
        data.position,
        data.salience,
        data.power,
        iterations=5,
        spread=Decimal(spread),
        uniform=random.Random(7).random,
    )
    for here, there in zip(found, GOLDEN["rex"]["runs"][run], strict=True):
        assert len(here.exchanges) == there["n"]
        np.testing.assert_allclose(
            np.array(here.outcome, float), [there["nbs_vote"][p] for p in data.issues], rtol=0, atol=CLOSE
        )
        for m, e in zip(here.exchanges, there["first5"], strict=False):
            assert (data.actors[m.i], data.issues[m.supply_j]) == (e["i"], e["supply_j"])
            np.testing.assert_allclose(
                np.array([*m.y, *m.utility], float), [e[k] for k in ("yi", "yj", "eui", "euj")], rtol=0, atol=CLOSE
            )


@pytest.mark.parametrize("name", GOLDEN["datasets"])
def test_the_model_in_decimals_is_the_published_program(records, name):
    data, golden = records(name), GOLDEN["datasets"][name]["iterations"]
    settled = MODEL.run(data.inputs(), arithmetic="decimal", ties="listed").settlement[0]
    unit = (settled - data.low) / (data.high - data.low) * 100
    np.testing.assert_allclose(unit, [golden[-1]["nbs_vote"][p] for p in data.issues], atol=1e-8)


@pytest.mark.parametrize("name", GOLDEN["datasets"])
@pytest.mark.parametrize("turn", [1, 5])
def test_ties_drawn_at_random_spread_as_in_the_published_program(records, name, turn):
    # The program flips a coin between two candidates and may list one twice; any of those tied is drawn here.
    data, golden = records(name), GOLDEN["random_ties"][name]
    given = data.inputs(draws=400)
    given = type(given)(**{**given.__dict__, "keys": np.arange(400, dtype=np.uint64)})
    settled = (MODEL.run(given, iterations=turn).settlement - data.low) / (data.high - data.low) * 100
    for p, issue in enumerate(data.issues):
        mean, sd = golden[f"iteration_{turn}"][issue]
        error = sd / golden["runs"] ** 0.5 + settled[:, p].std() / 20
        assert abs(settled[:, p].mean() - mean) < 1.5 + 3 * error
        assert settled[:, p].std() < 2 * sd + 1.5


def cases(count, seed):
    """Random data of a few actors and issues, some of it missing or without weight."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        n, k = int(rng.integers(2, 8)), int(rng.integers(2, 5))
        x, s, c = rng.uniform(0, 100, (n, k)), rng.uniform(0.05, 1, (n, k)), rng.uniform(0.1, 1, n)
        x[rng.random((n, k)) < 0.1] = np.nan
        c[rng.random(n) < 0.05] = 0.0
        yield int(rng.integers(2**32)), x, np.where(np.isnan(x), 0.0, s), c


def run(key, x, s, c, **options):
    given = inputs(x[None], salience=s[None], capability=c)
    given = type(given)(**{**given.__dict__, "keys": np.array([key], np.uint64)})
    return MODEL.run(given, ties="listed", keep_trajectory=True, **options)


@pytest.mark.parametrize("gains", ["equal-gain", "randomised", "random-rate"])
def test_the_kernel_is_the_plain_statement(gains):
    traded = 0
    for key, x, s, c in cases(700, seed=5):
        lists = [
            [None if np.isnan(v) or s[a, p] * c[a] == 0 else v for p, v in enumerate(row)] for a, row in enumerate(x)
        ]
        settled, made = plain.exchange(lists, s.tolist(), c.tolist(), 3, gains, 0.7, key)
        found = run(key, x, s, c, iterations=3, gains=gains, spread=0.7)
        seen = [[(e.i, e.supply_i, e.j, e.supply_j) for e in turn] for turn in found.exchanges]
        assert seen == [[e[:4] for e in turn] for turn in made]
        for turn, wanted in zip(found.exchanges, made, strict=True):
            numbers = [(e.after_i, e.after_j, e.gain_i, e.gain_j) for e in turn]
            np.testing.assert_allclose(numbers, [e[4:] for e in wanted], rtol=0, atol=1e-7)
        there = ~np.isnan(found.settlement[0])
        np.testing.assert_allclose(found.settlement[0][there], np.array(settled)[there], rtol=0, atol=1e-8)
        traded += sum(map(len, made))
    assert traded > 5000


def test_the_kernel_is_the_exact_form():
    # An outcome that has landed on a position to the last digit is a matter of rounding, so shortened trades are left out.
    compared = 0
    for key, x, s, c in cases(300, seed=6):
        fast, exact = (run(key, x, s, c, iterations=1, arithmetic=kind) for kind in ("float", "decimal"))
        for a, b in zip(*([e for turn in r.exchanges for e in turn] for r in (fast, exact)), strict=False):
            landed = any(abs(o[1] - v) < 1e-6 for o in (b.outcome_i, b.outcome_j) for v in x[~np.isnan(x)])
            if landed:
                break
            assert a[:5] == b[:5] and a.inner == b.inner
            np.testing.assert_allclose(a[5:11], b[5:11], rtol=0, atol=1e-8)
            np.testing.assert_allclose(a.external, b.external, rtol=0, atol=1e-8)
            compared += 1
    assert compared > 500


def test_two_actors_by_hand():
    # docs/models/exchange.md works this out
    two = inputs([[[0.0, 0.0], [100.0, 100.0]]], salience=np.array([[[0.2, 0.8], [0.8, 0.2]]]))
    found = MODEL.run(two, iterations=1, keep_trajectory=True)
    (made,) = found.exchanges[0]
    assert (made.i, made.supply_i, made.j, made.supply_j) == (1, 1, 0, 0)
    assert (made.gain_i, made.gain_j) == pytest.approx((12.0, 12.0))
    np.testing.assert_allclose(found.settlement, [[100.0, 0.0]])


def test_the_most_that_either_could_gain():
    """The published program's own check: outcomes of 85 5/7 and 35 5/7, most gains of 1400 and 777.78."""
    from detente.outcome.exchange_exact import _deals
    from detente.outcome.exchange_exact_deal import Randomised, State, evaluate

    d = Decimal
    x, s, c = (
        [[d(v) for v in row] for row in table]
        for table in ([[0, 0], [100, 100]], [[10, 90], [60, 50]], [[1, 1], [1, 1]])
    )
    state = State(x, s, c)
    assert [float(o) for o in state.outcome] == pytest.approx([600 / 7, 250 / 7])
    (deal,) = _deals(state)
    evaluate(deal, state, None)
    most = dict(zip((deal.i.actor, deal.j.actor), Randomised(d(1), random.random)._most(deal, state), strict=True))
    assert float(most[0]) == pytest.approx(1400.0) and float(most[1]) == pytest.approx(777.7778, abs=1e-4)


def test_who_could_trade_is_what_the_market_starts_from():
    for _, x, s, c in cases(200, seed=7):
        lists = [
            [None if np.isnan(v) or s[a, p] * c[a] == 0 else v for p, v in enumerate(row)] for a, row in enumerate(x)
        ]
        expected = {(*d.who, *d.gives) for d in plain.potential(lists, s.tolist(), c.tolist())}
        assert {(i, j, q, p) for i, q, j, p in potential(position=x, salience=s, capability=c)} == expected


def test_one_issue_has_no_trades():
    alone = inputs([[[0.0], [40.0], [100.0]]], capability=[1.0, 2.0, 1.0])
    found = MODEL.run(alone, keep_trajectory=True)
    assert found.exchanges == () and found.settlement.item() == 45.0


@pytest.mark.parametrize("shape", [(0, 3, 2), (2, 3, 0), (2, 0, 2)])
def test_exact_arithmetic_of_nothing(shape):
    found = MODEL.run(inputs(np.empty(shape)), arithmetic="decimal", keep_trajectory=True)
    assert found.settlement.shape == (shape[0], shape[2]) and np.isnan(found.settlement).all()
    assert found.trajectory.shape[1:] == shape


def test_exact_arithmetic_has_no_random_rate():
    with pytest.raises(UsageError, match="expected arithmetic: float"):
        MODEL.run(inputs([[[1.0], [2.0]]]), arithmetic="decimal", gains="random-rate")
