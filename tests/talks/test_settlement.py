"""The compromise in hand-worked cases, and the Nash point against a brute search of a grid."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from detente.talks import readiness
from detente.talks.examples import two_parties
from detente.talks.settlement import nash

from .cases import golden, golden_inputs


def test_a_backer_brings_a_say():
    """Capability 50 at 0 against 50 at 100, and a third at 100 that commits 0.5 of its 100 to the first."""
    third = dict(
        position=np.array([[[0.0], [100.0], [100.0]]]),
        salience=np.ones((1, 3, 1)),
        capability=np.array([[50.0, 50.0, 100.0]]),
        backing=np.array([[[0.0, 0, 0], [0, 0, 0], [0.5, 0, 0]]]),
        bite=np.zeros((1, 0, 3)),
        belligerent=np.array([True, True, False]),
        required=np.array([True, True, False]),
    )
    per_actor = ["base_cost", "side_payment", "audience_cost", "betrayal_loss", "curvature", "concession"]
    inputs = two_parties(**third, **{name: np.ones((1, 3)) for name in per_actor})
    assert readiness(inputs).settlement[0, 0] == pytest.approx(100 * 100 / 150)


def test_nobody_with_salience_leaves_the_status_quo():
    inputs = two_parties(salience=np.zeros((1, 2, 1)), status_quo=np.array([[37.0]]))
    found = readiness(inputs)
    np.testing.assert_allclose(found.settlement, 37.0)
    np.testing.assert_allclose(found.utility_settlement, 1.0)


def brute(ideal, share, curvature, disagreement, weight, steps):
    """The greatest objective, and the greatest least surplus, over a grid and all mixtures of ideal points."""
    issues = len(ideal)
    grids = [np.unique(np.concatenate([np.linspace(0, 1, steps), ideal[k]])) for k in range(issues)]
    points = np.array(list(itertools.product(*grids))).T
    return points, *objective(points, ideal, share, curvature, disagreement, weight)


def objective(points, ideal, share, curvature, disagreement, weight):
    away = np.abs(points[:, None] - ideal[:, :, None]) ** curvature[:, None]
    surplus = 1 - disagreement[:, None] - (share[:, :, None] * away).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where((surplus > 0).all(axis=0), weight @ np.log(surplus), -np.inf)
    return value, surplus.min(axis=0)


@pytest.mark.parametrize("issues", [1, 2, 3])
@pytest.mark.parametrize("parties", [1, 2, 3, 5])
@pytest.mark.parametrize("curvatures", [(1.0, 1.0), (1.0, 1.5), (0.7, 1.5)])
def test_no_grid_beats_the_nash_point(issues, parties, curvatures):
    rng = np.random.default_rng([issues, parties, int(10 * sum(curvatures))])
    draws = 60
    ideal, share = rng.random((issues, parties, draws)), rng.random((issues, parties, draws))
    share /= share.sum(axis=0)
    curvature = rng.uniform(*curvatures, (parties, draws))
    disagreement, weight = rng.uniform(-0.2, 0.95, (parties, draws)), rng.random((parties, draws))
    point, no_zone = nash(
        ideal=ideal,
        share=share,
        curvature=curvature,
        disagreement=disagreement,
        weight=weight,
        start=ideal.mean(axis=1),
    )
    assert ((point >= 0) & (point <= 1)).all()
    beaten = 0
    for d in range(draws):
        problem = ideal[..., d], share[..., d], curvature[:, d], disagreement[:, d], weight[:, d]
        _, value, least = brute(*problem, steps={1: 2001, 2: 101, 3: 21}[issues])
        mine, mine_least = objective(point[:, d : d + 1], *problem)
        if no_zone[d]:
            assert least.max() < 1e-6
        else:
            assert mine_least[0] >= -1e-6
            beaten += value.max() > mine[0] + 1e-7
    # certain where utilities are concave; where they are not, a local maximum now and then
    assert beaten <= (0 if curvatures[0] >= 1 else 1)


def test_equal_parties_split_the_difference_and_the_stronger_gets_more():
    inputs = two_parties(base_cost=np.full((1, 2), 0.01))
    even = readiness(inputs, settlement="nash")
    assert even.settlement[0, 0] == pytest.approx(50.0, abs=1e-5) and not even.no_zone[0]
    # u_i - W_i shared in the proportion of strengths: u = 1 - o and o, W as they stand
    uneven = readiness(
        two_parties(base_cost=np.full((1, 2), 0.01), capability=np.array([[60.0, 40.0]])), settlement="nash"
    )
    first, second = uneven.fighting_on[0]
    spare = 1 - first - second
    assert uneven.settlement[0, 0] == pytest.approx(100 * (1 - (first + 0.6 * spare)), abs=1e-5)


def test_without_a_zone_the_compromise_stands():
    rich = two_parties(base_cost=np.full((1, 2), -0.02))  # war pays both
    found = readiness(rich, settlement="nash")
    assert found.no_zone.all()
    np.testing.assert_allclose(found.settlement, readiness(rich).settlement)


def test_nash_on_the_golden_case_meets_its_own_conditions():
    """With two straight-line parties on two issues, the point is on the better side for both."""
    inputs = golden_inputs(golden()[0])
    found = readiness(inputs, settlement="nash")
    required = inputs.required
    assert not found.no_zone[0]
    assert (found.utility_settlement[0, required] > found.fighting_on[0, required]).all()
