"""The Nash bargaining outcome against a fine grid and its first-order condition."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.outcome import registry
from detente.outcome.nash_bargaining import NO_GAIN, nash_bargaining

from . import plain
from .conformance import inputs

GRID = 4001
actors = st.lists(
    st.tuples(
        st.one_of(st.sampled_from([0.0, 50.0, 100.0]), st.floats(0, 100, allow_subnormal=False)),
        st.one_of(st.just(0.0), st.floats(0.01, 20)),
    ),
    min_size=1,
    max_size=6,
).filter(lambda a: any(w for _, w in a))


def solve(x, w, status_quo=None):
    options = {} if status_quo is None else {"disagreement": "status-quo"}
    given = inputs(np.array(x)[None, :, None], capability=w, status_quo=status_quo or 0.0)
    return registry.get("nash-bargaining").run(given, **options)


def log_product(o, x, w, status_quo=None):
    """The logarithm of plain.nash_product at many outcomes at once."""
    x, w = np.array(x)[:, None], np.array(w)[:, None]
    least = 0.0 if status_quo is None else 1 - abs(status_quo - x) / 100
    gain = np.maximum(1 - abs(np.asarray(o) - x) / 100 - least, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(w > 0, w * np.log(gain), 0.0).sum(axis=0)


def test_the_logarithm_is_that_of_the_plain_product():
    x, w = [10.0, 60.0, 90.0], [1.0, 2.0, 0.5]
    for o in (20.0, 50.0, 88.0):
        for quo in (None, 5.0):
            product = plain.nash_product(o, x, w, 0.0, 100.0, quo)
            np.testing.assert_allclose(np.exp(log_product([o], x, w, quo)), product, rtol=1e-12)


@settings(max_examples=1500, deadline=None)
@given(actors)
def test_nothing_on_a_fine_grid_is_better(actors):
    x, w = zip(*actors, strict=True)
    found = solve(x, w).settlement.item()
    best = log_product(np.linspace(0, 100, GRID), x, w).max()
    assert log_product([found], x, w).item() >= best - 1e-9 * max(1.0, abs(best))


@settings(max_examples=1500, deadline=None)
@given(actors, st.one_of(st.sampled_from([0.0, 50.0, 100.0]), st.floats(0, 100, allow_subnormal=False)))
def test_with_the_status_quo_as_disagreement(actors, quo):
    x, w = zip(*actors, strict=True)
    weighing = [xi for xi, wi in actors if wi > 0]
    # a stance a hair from the status quo has a gain that rounding swallows in the check, not in the model
    assume(all(xi == quo or abs(xi - quo) > 1e-6 for xi in weighing))
    result = solve(x, w, quo)
    if min(weighing) <= quo <= max(weighing):  # on both sides of it, or on it
        assert np.isnan(result.settlement.item()) and result.reason == {0: NO_GAIN}
        return
    found = result.settlement.item()
    assert min(weighing) <= found <= max(weighing)
    best = log_product(np.linspace(0, 100, GRID), x, w, quo).max()
    assert log_product([found], x, w, quo).item() >= best - 1e-6 * max(1.0, abs(best))


@pytest.mark.parametrize("quo", [None, 2.0])
def test_the_first_order_condition_holds(quo):
    rng = np.random.default_rng(3)
    between = 0
    for _ in range(500):
        x, w = rng.uniform(60, 100, 5), rng.uniform(0.1, 1, 5)
        found = solve(x, w, quo).settlement.item()
        reach = np.full(5, 100.0) if quo is None else abs(x - quo)
        pull = w / (reach - abs(found - x))
        above, below, at = pull[x > found].sum(), pull[x < found].sum(), pull[x == found].sum()
        # the pulls balance, or those at the outcome itself are enough to hold it
        assert abs(above - below) <= at + 1e-9 * (above + below)
        between += at == 0
    assert between > 20


def test_two_actors_at_the_ends_divide_by_weight():
    # maximise (1 - o)**3 * o on 0..1: o = 1/4
    assert solve([0.0, 100.0], [3.0, 1.0]).settlement.item() == pytest.approx(25.0, abs=1e-9)


def test_both_sides_of_the_status_quo_is_no_gain_to_all():
    result = solve([20.0, 80.0], [1.0, 1.0], 50.0)
    assert np.isnan(result.settlement).all() and result.reason == {0: NO_GAIN}
    # one without weight has no say in it
    assert solve([20.0, 80.0], [1.0, 0.0], 50.0).settlement.item() == 20.0


def given_product(o, x, w, d, squared):
    """The logarithm of the product of gains over `d` at outcomes `o`, from the definition; -inf outside."""
    x, w, d = (np.array(v)[:, None] for v in (x, w, d))
    z = abs(np.asarray(o) - x) / 100
    gain = np.maximum(1 - (z**2 if squared else z) - d, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(w > 0, w * np.log(gain), 0.0).sum(axis=0)


def given_solution(x, w, d, squared):
    shape = (1, len(x), 1)
    return nash_bargaining(
        position=np.reshape(x, shape),
        weight=np.reshape(w, shape),
        low=np.zeros(1),
        high=np.full(1, 100.0),
        disagreement=np.reshape(d, shape),
        squared=squared,
    ).item()


@settings(max_examples=1500, deadline=None)
@given(actors, st.data(), st.booleans())
def test_any_given_disagreement_against_a_grid(actors, data, squared):
    x, w = zip(*actors, strict=True)
    d = data.draw(st.lists(st.floats(-5, 0.95), min_size=len(x), max_size=len(x)))
    found = given_solution(x, w, d, squared)
    grid = given_product(np.linspace(0, 100, GRID), x, w, d, squared)
    if np.isnan(found):  # no outcome leaves everybody better off
        assert grid.max() == -np.inf or grid.max() < -15
        return
    at = given_product([found], x, w, d, squared).item()
    assert at >= grid.max() - 1e-6 * max(1.0, abs(grid.max()))


@settings(max_examples=1500, deadline=None)
@given(actors, st.data())
def test_the_first_order_condition_with_squared_losses(actors, data):
    x, w = map(np.array, zip(*actors, strict=True))
    d = np.array(data.draw(st.lists(st.floats(-5, 0.5), min_size=len(x), max_size=len(x))))
    found = given_solution(x, w, d, True)
    low, high = (x - 100 * np.sqrt(1 - d))[w > 0].max(), (x + 100 * np.sqrt(1 - d))[w > 0].min()
    if np.isnan(found) or not low + 1e-6 < found < high - 1e-6:
        return
    x, w, d = x[w > 0], w[w > 0], d[w > 0]
    pull = w * (x - found) / (1 - ((x - found) / 100) ** 2 - d)
    # The slope is nil at the solution, to what a last digit of it changes.
    assert abs(pull.sum()) <= 1e-9 * (abs(pull).sum() + w.sum() * 100)


@settings(max_examples=500, deadline=None)
@given(actors)
def test_squared_losses_and_a_disagreement_far_away_give_the_weighted_mean(actors):
    x, w = map(np.array, zip(*actors, strict=True))
    # Achen (2006): the compromise model is the limit.
    assert given_solution(x, w, np.full(len(x), -1e6), True) == pytest.approx((w * x).sum() / w.sum(), abs=1e-3)


def test_squared_losses_by_hand():
    # (1 - o**2) (1 - (1 - o)**2) on 0..1 peaks in the middle; with d = 0.75 each reaches half a scale: only the middle is left
    assert given_solution([0.0, 100.0], [1.0, 1.0], [0.0, 0.0], True) == pytest.approx(50, abs=1e-9)
    assert np.isnan(given_solution([0.0, 100.0], [1.0, 1.0], [0.76, 0.76], True))
    # linear with d = (0.5, 0.2) and weights 3 to 1: (50 - o)**3 (o - 20), o = 27.5
    assert given_solution([0.0, 100.0], [3.0, 1.0], [0.5, 0.2], False) == pytest.approx(27.5, abs=1e-9)


def test_the_options_of_a_scenario():
    data = inputs(np.array([0.0, 100.0])[None, :, None], capability=[3.0, 1.0])
    model = registry.get("nash-bargaining")
    far = model.run(data, loss="squared", disagreement="given", level=-1e6).settlement.item()
    assert far == pytest.approx(25.0, abs=1e-3)
    assert np.isnan(model.run(data, disagreement="given", level=0.6).settlement.item())
