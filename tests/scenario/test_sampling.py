"""Draws: stratified, keyed by path, correlated as declared; refs, levers and shares follow what is written."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from detente.errors import InputError, UsageError
from detente.scenario.sampling import BLOCK, InputGroup, Sampler
from tests.scenario.small import situation

A, B, C, D = (f"actors.{name}.capability" for name in "abcd")
TENTHS = np.linspace(0.1, 0.9, 9)
WIDE = {A: {"low": 0, "mode": 30, "high": 100}, B: {"low": 10, "high": 20}, C: {"normal": [50, 5]}, D: 7}


def block(numbers, number=0, *, draws=1000, seed=0, **more):
    return Sampler(situation(numbers, **more), draws=draws, seed=seed).block(number)


def same(first, second, paths=None):
    return all(np.array_equal(first.used[path], second.used[path]) for path in paths or first.used)


# --- streams


@given(st.integers(1, 3 * BLOCK), st.integers(0, 10))
@settings(max_examples=15, deadline=None)
def test_blocks_cover_the_draws(draws, seed):
    sampler = Sampler(situation(WIDE), draws=draws, seed=seed)
    rows = [row for b in sampler.blocks for row in sampler.rows(b)]
    assert rows == list(range(draws))
    for b in sampler.blocks:
        values = sampler.block(b)
        assert (values.size, values.start) == (len(sampler.rows(b)), sampler.rows(b).start)
        assert all(v.shape in ((values.size,), (1,)) for v in values.used.values())
        assert values.used[D].tolist() == [7]


@given(st.integers(1, BLOCK), st.integers(0, 2**40))
@settings(max_examples=30, deadline=None)
def test_each_stratum_is_hit_once(draws, seed):
    uniforms = Sampler(situation(WIDE), draws=draws, seed=seed).uniforms(0)
    assert list(uniforms) == [A, B, C]
    for u in uniforms.values():
        assert np.array_equal(np.sort(np.floor(u * draws).astype(int)), np.arange(draws))
        assert (u > 0).all() and (u < 1).all()


def test_plain_random_is_not_stratified():
    uniforms = Sampler(situation(WIDE), draws=1000, method="random").uniforms(0)
    assert len(set(np.floor(uniforms[A] * 1000).astype(int))) < 800


def test_same_bytes_whatever_the_order_of_blocks():
    first = Sampler(situation(WIDE), draws=12_345, seed=3)
    second = pickle.loads(pickle.dumps(Sampler(situation(WIDE), draws=12_345, seed=3)))
    forth = [first.block(b) for b in first.blocks]
    back = [second.block(b) for b in reversed(second.blocks)][::-1]
    assert all(same(x, y) for x, y in zip(forth, back, strict=True))


def test_more_draws_begin_with_the_same():
    few, many = (Sampler(situation(WIDE), draws=draws) for draws in (BLOCK, 3 * BLOCK))
    assert same(few.block(0), many.block(0))


def test_seeds_blocks_and_paths_differ():
    sampler = Sampler(situation(WIDE | {D: {"low": 10, "high": 20}}), draws=3 * BLOCK)
    u = sampler.uniforms(0)
    others = [u[B], u[D], sampler.uniforms(1)[B], Sampler(situation(WIDE), draws=BLOCK, seed=1).uniforms(0)[B]]
    for i, x in enumerate(others):
        for y in others[:i]:
            assert abs(np.corrcoef(x, y)[0, 1]) < 0.06


def test_another_actor_leaves_the_others_alone():
    more = {"actors.aa.capability": {"low": 0, "high": 1}, **dict(reversed(WIDE.items())), "actors.z.curvature": 1}
    assert same(block(WIDE), block(more), WIDE)


def test_two_scenarios_share_their_draws():
    shifted = WIDE | {B: {"low": 20, "high": 40}}
    assert block(shifted).used[B] == pytest.approx(2 * block(WIDE).used[B])


def test_stratification_takes_main_effects_out():
    """The mean of a sum of many numbers is known to far better than by plain draws."""

    def spread(method):
        samplers = (Sampler(situation(WIDE), draws=500, seed=seed, method=method) for seed in range(40))
        return np.std([sum(sampler.block(0).used[p].mean() for p in (A, B, C)) for sampler in samplers])

    assert spread("latin") < 0.05 * spread("random")


def test_method_by_name():
    with pytest.raises(UsageError, match="latin or random"):
        Sampler(situation(WIDE), draws=1, method="sobol")


# --- central


def test_central():
    numbers = WIDE | {
        "actors.a.audience_cost": {"p10": 0.1, "p50": 0.2, "p90": 0.5},
        "actors.b.audience_cost": {"values": [0.3, 0.1]},
        "actors.c.audience_cost": {"ref": "actors.a.audience_cost", "times": 2, "plus": {"low": 0, "high": 0.2}},
        "talks.deadline": {"low": 12, "high": 25},
    }
    sampler = Sampler(situation(numbers), draws=10_000, central=True)
    assert (sampler.draws, list(sampler.blocks)) == (1, [0])
    values = sampler.block(0)
    assert {path: float(v[0]) for path, v in values.used.items()} == pytest.approx(
        {
            A: 30,
            B: 15,
            C: 50,
            D: 7,
            "actors.a.audience_cost": 0.2,
            "actors.b.audience_cost": 0.1,
            "actors.c.audience_cost": 0.5,
            "talks.deadline": 18,
        }
    )
    assert len(sampler.inputs) == 7
    assert all((u == 0.5).all() for u in sampler.uniforms(0).values())


def test_nothing_uncertain():
    sampler = Sampler(situation({D: 7}), draws=12)
    assert sampler.inputs == () and sampler.block(0).size == 12
    assert sampler.values_from_uniforms({}).used[D].tolist() == [7]


# --- correlation


@pytest.mark.parametrize("rho", [-0.9, -0.3, 0.5, 0.95])
def test_rank_correlation_is_as_declared(rho):
    found = block(WIDE, draws=BLOCK, correlations=(((A, C), rho),))
    assert spearmanr(found.used[A], found.used[C])[0] == pytest.approx(rho, abs=0.03)
    free = block(WIDE, draws=BLOCK)
    assert same(found, free, [A, B, D]), "only the later of the two is moved"
    assert np.quantile(found.used[C], TENTHS) == pytest.approx(np.quantile(free.used[C], TENTHS), abs=0.3), (
        "each keeps its distribution"
    )


def test_correlated_numbers_are_one_input():
    numbers = WIDE | {D: {"low": 1, "high": 2}}
    found = Sampler(situation(numbers, correlations=(((D, B), 0.5), ((A, B), -0.2))), draws=10)
    assert found.inputs == (InputGroup((A, B, D)), InputGroup((C,)))
    assert set(found.uniforms(0)) == {A, B, C, D}


def test_correlation_of_what_was_set_exact_drops_out():
    found = Sampler(situation(WIDE, correlations=(((A, D), 0.5),)), draws=10)
    assert found.inputs == (InputGroup((A,)), InputGroup((B,)), InputGroup((C,)))


@pytest.mark.parametrize(
    ("correlations", "told"),
    [
        ((((A, B), 0.9), ((B, C), 0.9), ((A, C), -0.9)), "cannot hold together"),
        ((((A, B), 1.0),), "cannot hold together"),
        ((((A, B), 1.5),), "rho 1.5"),
        ((((A, A), 0.5),), "different paths"),
        ((((A, B), 0.5), ((B, A), 0.6)), "two correlations"),
        ((((A, "actors.b.capabilty"), 0.5),), "did you mean actors.b.capability"),
        ((((A, "actors.r.capability"), 0.5),), "by ref"),
    ],
)
def test_correlations_that_cannot_be(correlations, told):
    numbers = WIDE | {"actors.r.capability": {"ref": A}}
    with pytest.raises(InputError, match=told):
        Sampler(situation(numbers, correlations=correlations), draws=10)


# --- refs


R, S = "actors.r.capability", "actors.s.capability"


def test_refs_follow_in_any_order():
    numbers = {S: {"ref": R, "times": 2}, R: {"ref": A, "times": 0.5, "plus": {"normal": [0, 5]}}, **WIDE}
    sampler = Sampler(situation(numbers), draws=1000)
    assert list(sampler.uniforms(0)) == [f"{R}.plus", A, B, C]
    values = sampler.block(0)
    assert list(values.written) == list(values.used) == list(numbers)
    plus = values.written[R] - 0.5 * values.written[A]
    free = values.written[R] > 0
    assert abs(plus[free].mean()) < 2 and np.array_equal(values.written[S], 2 * values.written[R])
    assert values.held == {R: int((~free).sum())}, "held at 0, and so is what follows, within its range"


def test_random_times():
    values = block({R: {"ref": D, "times": {"low": 1, "high": 2}}, D: 7})
    assert values.used[R].min() == pytest.approx(7, abs=0.1) and values.used[R].max() == pytest.approx(14, abs=0.1)


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ({R: {"ref": S}, S: {"ref": R}}, "circle: actors.[rs].capability -> actors.[rs].capability"),
        ({R: {"ref": R}}, "circle"),
        ({R: {"ref": "actors.a.capabilty"}, A: 1}, "did you mean actors.a.capability"),
    ],
)
def test_refs_that_lead_nowhere(numbers, told):
    with pytest.raises(InputError, match=told):
        Sampler(situation(numbers), draws=1)


# --- levers


def lever(level, raised, by, **numbers):
    return {"levers.l.level": level, f"levers.l.raises.{raised}": by, **numbers}


def test_levers_raise_what_is_used_and_not_what_is_written():
    numbers = lever({"low": 0.2, "high": 0.4}, "talks.kept", 0.5, **{"talks.kept": 0.6})
    values = block(numbers, levers={"l": ("talks.kept",)})
    assert values.written["talks.kept"].tolist() == [0.6]
    assert values.used["talks.kept"] == pytest.approx(0.6 + 0.5 * values.used["levers.l.level"])
    assert values.held == {}


def test_levers_are_held_at_the_ends():
    numbers = lever({"low": 0, "high": 1}, "talks.kept", 0.8, **{"talks.kept": 0.6})
    values = block(numbers, levers={"l": ("talks.kept",)})
    assert values.used["talks.kept"].max() == 1 and values.held == {"talks.kept": 500}
    down = block(lever(1, "talks.kept", -5, **{"talks.kept": 0.6}), levers={"l": ("talks.kept",)})
    assert down.used["talks.kept"].tolist() == [1e-9], "an open end is never reached"
    assert down.held == {"talks.kept": 1000}, "in every draw alike"


def test_levers_add_up_and_chain():
    numbers = {
        "levers.second.raises.talks.kept": 0.5,
        "talks.kept": 0.1,
        "levers.second.level": 0.2,
        "levers.first.level": 0.4,
        "levers.first.raises.levers.second.level": 0.5,
        "levers.first.raises.talks.kept": 0.25,
    }
    raised = {"second": ("talks.kept",), "first": ("levers.second.level", "talks.kept")}
    values = block(numbers, levers=raised)
    assert values.used["levers.second.level"] == pytest.approx([0.4])
    assert values.used["talks.kept"] == pytest.approx([0.1 + 0.4 * 0.5 + 0.4 * 0.25])
    with pytest.raises(InputError, match="circle"):
        Sampler(situation(lever(0.5, "levers.l.level", 1), levers={"l": ("levers.l.level",)}), draws=1)


def test_refs_follow_the_written_value():
    numbers = lever(1, A, 10, **{A: 5, R: {"ref": A}})
    values = block(numbers, levers={"l": (A,)})
    assert (values.used[A].tolist(), values.used[R].tolist()) == ([15], [5])


def test_whole_numbers_stay_whole():
    numbers = lever(0.3, "talks.deadline", 5, **{"talks.deadline": {"low": 12, "high": 36}})
    values = block(numbers, levers={"l": ("talks.deadline",)})
    for array in (values.written["talks.deadline"], values.used["talks.deadline"]):
        assert np.array_equal(array, np.rint(array))
    assert values.with_overrides({"talks.deadline": 20.2}).used["talks.deadline"].tolist() == [22]


# --- shares


TIES = (("k", "a"), ("k", "b"))
KA, KB = "ties.k.a.share", "ties.k.b.share"


def test_a_backer_commits_no_more_than_it_has():
    values = block({KA: {"low": 0.2, "high": 0.6}, KB: {"low": 0.4, "high": 1}}, ties=TIES)
    total = values.written[KA] + values.written[KB]
    over = total > 1
    assert 0 < over.sum() < 1000
    assert values.used[KA] + values.used[KB] == pytest.approx(np.minimum(total, 1))
    assert np.array_equal(values.used[KA][~over], values.written[KA][~over])
    assert values.held == {KA: over.sum(), KB: over.sum()}
    less = values.with_overrides({KB: 0.1})
    assert np.array_equal(less.used[KA], values.written[KA]) and less.held == {}


# --- what-ifs


FULL = {
    A: {"low": 0, "mode": 30, "high": 100},
    R: {"ref": A, "times": 0.5, "plus": {"normal": [0, 20]}},
    S: {"ref": R, "times": {"low": 0.5, "high": 1}},
    "talks.kept": {"low": 0.3, "high": 0.9},
    "talks.deadline": {"low": 6, "high": 30},
    "levers.l.level": {"low": 0, "high": 1},
    "levers.l.raises.talks.kept": 0.6,
    f"levers.l.raises.{A}": -40,
    f"levers.l.raises.{KA}": {"low": -0.2, "high": 0.8},
    KA: {"low": 0.1, "high": 0.7},
    KB: {"low": 0.1, "high": 0.7},
}


def full():
    return situation(FULL, levers={"l": ("talks.kept", A, KA)}, ties=TIES)


@given(st.dictionaries(st.sampled_from([*FULL]), st.floats(0.05, 0.95), max_size=4), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_what_if_is_the_situation_written_so(changes, by_draw):
    """Overriding numbers gives what the same situation with those numbers exact gives, draw for draw."""
    changes = {path: 12.0 if path == "talks.deadline" else value for path, value in changes.items()}
    values = Sampler(full(), draws=200).block(0)
    given_ = {path: np.full(200, value) if by_draw else value for path, value in changes.items()}
    found = values.with_overrides(given_)
    exact = situation(FULL | changes, levers={"l": ("talks.kept", A, KA)}, ties=TIES)
    expected = Sampler(exact, draws=200).block(0)
    for path in FULL:
        for name in ("written", "used"):
            x, y = (np.broadcast_to(getattr(v, name)[path], 200) for v in (found, expected))
            assert np.array_equal(x, y), (path, name)
    assert found.held == expected.held
    assert found.with_overrides({}).held == found.held


def test_a_what_if_after_another():
    values = Sampler(full(), draws=200).block(0)
    both = values.with_overrides({A: 3.0, KA: 0.2})
    steps = values.with_overrides({A: 50.0}).with_overrides({KA: 0.2}).with_overrides({A: 3.0})
    assert same(both, steps) and both.held == steps.held


def test_a_what_if_shares_what_it_does_not_touch():
    values = Sampler(full(), draws=200).block(0)
    found = values.with_overrides({"talks.deadline": 9})
    assert all(
        found.used[path] is values.used[path] for path in FULL if path != "talks.deadline" and path not in (KA, KB)
    )


def test_a_what_if_of_nothing_there():
    with pytest.raises(KeyError):
        Sampler(full(), draws=2).block(0).with_overrides({"talks.kept.not": 1})


def test_no_stance_is_nan():
    values = Sampler(full(), draws=10).block(0).with_overrides({A: np.nan})
    assert np.isnan(values.used[A]).all() and np.isnan(values.used[S]).all()


def test_take():
    values = Sampler(full(), draws=50).block(0)
    rows = np.array([3, 3, 49])
    found = values.take(rows)
    assert found.size == 3
    for path in FULL:
        assert np.array_equal(np.broadcast_to(found.used[path], 3), np.broadcast_to(values.used[path], 50)[rows])
    changed = values.with_overrides({A: 2.0}).take(rows)
    assert same(found.with_overrides({A: 2.0}), changed)
    assert Sampler(full(), draws=9, central=True).block(0).take(np.zeros(4, dtype=int)).size == 4
    assert same(pickle.loads(pickle.dumps(values)), values)


# --- uniforms given


def test_values_from_uniforms():
    sampler = Sampler(full(), draws=3000)
    assert same(sampler.values_from_uniforms(sampler.uniforms(0)), sampler.block(0))
    ends = {path: np.array([0.05, 0.95]) for group in sampler.inputs for path in group.paths}
    values = sampler.values_from_uniforms(ends, start=7)
    assert (values.size, values.start) == (2, 7)
    assert values.written["talks.kept"] == pytest.approx([0.33, 0.87])
