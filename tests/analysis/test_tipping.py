"""Tipping points held against the closed form and against a plain search."""

import numpy as np
import pytest

from detente.analysis.ranking import rank
from detente.analysis.study import Study
from detente.analysis.tip_subject import resolve
from detente.analysis.tipping import frontier, tip
from detente.errors import UsageError
from tests.situations import uncertain

STUDY = Study(uncertain(), draws=400)


def margins(path, level, actor="damascus"):
    block = STUDY.block(0).with_overrides({path: level})
    return block.readiness.margin[:, block.situation.actors.index(actor)]


def test_linear_lever_matches_closed_form():
    path = "levers.lever-0.level"
    result = tip(STUDY, "lever-0", actor="damascus")
    at0, at1 = margins(path, 0.0), margins(path, 1.0)
    root = -at0 / (at1 - at0)
    now = STUDY.block(0).readiness.margin[:, 0] >= 0
    reached = ~now & (root >= 0) & (root <= 1)
    assert result.already == pytest.approx(now.mean())
    assert result.reached == pytest.approx(reached.mean())
    assert result.level.q50 == pytest.approx(np.median(root[reached]), abs=1e-9)
    assert result.already + result.reached + result.out_of_reach == pytest.approx(1)


@pytest.mark.parametrize(
    "path", ["ties.russia.damascus.share", "talks.kept", "actors.isis.capability", "talks.discount"]
)
def test_curved_paths_match_a_plain_search(path):
    limits = (5.0, 60.0) if path.endswith("capability") else None
    result = tip(STUDY, path, actor="damascus", limits=limits)
    chosen = resolve(STUDY, path, limits)
    block = STUDY.block(0)
    present, now = block.written(path), block.readiness.margin[:, 0] >= 0
    grid = np.linspace(chosen.low, chosen.high, 2001)
    holds = np.stack([margins(path, x) >= 0 for x in grid])
    flips = holds != now
    reachable = flips.any(axis=0) & ~now
    # A flip narrower than the scan of 65 points may be seen by the plain search alone.
    assert abs(result.reached - reachable.mean()) <= 0.01
    distance = np.where(flips, np.abs(grid[:, None] - present), np.inf).min(axis=0)
    if reachable.any():
        step = grid[1] - grid[0]
        plain = np.median(grid[np.where(flips, np.abs(grid[:, None] - present), np.inf).argmin(axis=0)][reachable])
        assert result.level.q50 == pytest.approx(plain, abs=max(5 * step, 0.02 * chosen.width))
    assert np.isfinite(distance[reachable]).all()


def test_curve_is_the_share_with_the_level_set_alike():
    result = tip(STUDY, "lever-0", actor="damascus")
    for point in result.curve[::16]:
        assert point.p == pytest.approx((margins("levers.lever-0.level", point.level) >= 0).mean())


def test_levels_at_targets_lie_on_the_curve():
    result = tip(STUDY, "lever-0", actor="damascus", target=0.7)
    for level, target in ((result.level_at_p50, 0.5), (result.level_at_p80, 0.8), (result.level_at_target, 0.7)):
        assert (margins("levers.lever-0.level", level) >= 0).mean() == pytest.approx(target, abs=0.03)


def test_frontier_agrees_with_single_points():
    result = frontier(STUDY, "lever-0", "talks.kept", actor="damascus", points=5)
    f = result.frontier
    block = STUDY.block(0).with_overrides({"levers.lever-0.level": f["x"][3], "talks.kept": f["y"][1]})
    assert f["p"][1][3] == pytest.approx((block.readiness.margin[:, 0] >= 0).mean())


def test_ranking_reaches_the_target_at_the_fraction_it_names():
    result = rank(STUDY, levers=["lever-0", "talks.kept"], actor="damascus", target=0.8)
    singles = [row for row in result.ranking if isinstance(row["lever"], str) and row["fraction_of_range"]]
    assert singles
    for row in singles:
        chosen = resolve(STUDY, row["lever"])
        moved = np.clip(
            STUDY.block(0).written(chosen.path) + row["fraction_of_range"] * chosen.width, chosen.low, chosen.high
        )
        p = (margins(chosen.path, moved) >= 0).mean()
        assert 0.8 <= p <= 0.85
    fractions = [row["fraction_of_range"] for row in result.ranking if row["fraction_of_range"] is not None]
    assert fractions == sorted(fractions)


def test_central_run_has_one_draw():
    study = Study(uncertain(), central=True)
    result = tip(study, "lever-0", actor="damascus").to_dict()
    assert result["now"]["p"] in (0.0, 1.0)
    assert result["already"] in (0.0, 1.0)


def test_any_measure_can_be_tipped():
    result = tip(STUDY, "talks.kept", measure="outcome.mean.transition", above=20)
    assert result.already is not None
    rounds = tip(Study(uncertain(), draws=60), "lever-0", measure="agreement")
    assert 0 <= rounds.now["p"] <= 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: tip(STUDY, "lever-9"), "--lever: found 'lever-9'"),
        (lambda: tip(STUDY, "lever-0", actor="damasc"), "did you mean damascus"),
        (lambda: tip(STUDY, "lever-0", target=1.5), "--target"),
        (lambda: tip(STUDY, "lever-0", limits=(0.8, 0.2)), "--limits"),
        (lambda: tip(STUDY, "actors.damascus.capability"), "no upper end"),
        (lambda: tip(STUDY, "lever-0", measure="margin.damascus"), "--above"),
        (lambda: tip(STUDY, "lever-0", measure="margn.damascus"), "did you mean margin.damascus"),
        (lambda: frontier(STUDY, "lever-0", "lever-0"), "--lever2"),
        (lambda: rank(STUDY, levers=[]), "levers"),
    ],
)
def test_mistakes_say_what_to_do(call, words):
    with pytest.raises(UsageError, match=words):
        call()
