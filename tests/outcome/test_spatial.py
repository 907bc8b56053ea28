"""The spatial model against KTAB's published data sets, the plain statement, and cases worked by hand."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from detente.arrays import OutcomeInputs
from detente.errors import UsageError
from detente.outcome import registry
from detente.outcome.spatial import _WORDS, UNHEARD, budgets

from . import plain_spatial as plain
from .conformance import inputs

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "smp.json").read_text(encoding="utf-8"))
DATASETS = GOLDEN["datasets"]
# KTAB's integer codes stand in this order of parameters; its words in the order of ours.
CODED = (
    "victory",
    "election",
    "transitions",
    "voting",
    "risk_adjust",
    "risk_range",
    "third_parties",
    "interpolation",
    "bargain",
)
VARIANTS = [case for case in GOLDEN["variants"] if "error" not in case]
NAMES = {"spatial": "house", "spatial-ktab": "ktab"}


def given(name, **more):
    """A data set's inputs; saliences there are of 100."""
    data = DATASETS[name]["input"]
    found = inputs([data["position"]], salience=np.array([data["salience"]]) / 100, capability=[data["capability"]])
    return dataclasses.replace(found, **more)


def ktab(case, **options):
    return registry.get("spatial-ktab").run(case, keep_trajectory=True, **options)


def near(found, expected, within=5.1e-9):
    np.testing.assert_allclose(found, expected, rtol=0, atol=within)


# -- KTAB's numbers --


@pytest.mark.parametrize("name", DATASETS)
def test_every_turn_of_ktab(name):
    found, data = ktab(given(name)), DATASETS[name]
    assert len(found.trajectory) == data["turns"] + 1
    near(found.trajectory[:, 0], data["pos"])
    near(found.internals["probability"][:, 0], data["prob"])
    if "risk" in data:
        near(found.internals["risk"][:, 0], data["risk"])
    for place, firsts in zip(found.internals["trace"].path[:, 0], data["unique"], strict=True):
        assert plain.unique(place.tolist())[0] == firsts
    assert np.flatnonzero(found.lottery.probability[0]).tolist() == [
        i for i in data["unique"][-1] if found.lottery.probability[0, i]
    ]


@pytest.mark.parametrize("case", VARIANTS, ids=lambda c: f"{c['dataset']}-{''.join(map(str, c['codes']))}")
def test_every_option_of_ktab(case):
    options = {name: _WORDS[name][0][code] for name, code in zip(CODED, case["codes"], strict=True)}
    found = ktab(given(case["dataset"]), **options)
    path, p = found.trajectory[:, 0], found.internals["probability"][:, 0]
    assert len(path) == case["turns"] + 1
    near(path[1], case["pos1"], 5.1e-8)
    if case.get("pos3") is not None and len(path) > 3:
        near(path[3], case["pos3"], 5.1e-8)
    near(path[-1], case["final"], 5.1e-8)
    near(p[0], case["prob0"], 5.1e-8)
    near(p[-1], case["prob_final"], 5.1e-8)


def test_ideals_that_follow_others():
    case = GOLDEN["accommodation"]
    heed = np.eye(len(DATASETS[case["dataset"]]["input"]["position"]))
    for pair in case["iaPairs"]:
        heed[pair["i"], pair["j"]] = pair["adjust"]
    found = ktab(given(case["dataset"], accommodation=heed[None]))
    near(found.trajectory[:, 0], case["pos"])
    near(found.internals["ideal"][:, 0], case["ideal"])
    near(found.internals["probability"][:, 0], case["prob"])


def test_the_inside_of_the_first_turn():
    """Chances and utilities of challenges, utilities and chances of positions, and the bargains, from KTAB's tables."""
    tables, case = GOLDEN["turn0_dummyData_3Dim"], given("dummyData_3Dim")
    place, salience = (case.position[0] / 100).tolist(), case.salience[0].tolist()
    capability, options = case.capability[0].tolist(), plain.DEFAULTS
    total = [sum(s) for s in salience]
    weight = [c * t for c, t in zip(capability, total, strict=True)]
    state = plain.State(options, "ktab", capability, salience, place, place)
    for i, j, p in tables["ProbVict_h=i"]:
        near(plain.challenge(options, state, weight, total, i, i, i, j)[0], p)
    for i, j, quo, _, _, challenge in tables["UtilChlg_h=k=i"]:
        near(plain.challenge(options, state, weight, total, i, i, i, j)[1], challenge - quo, 1.1e-9)
    for i, j, worth in tables["PosUtil_h=0"]:
        near(state.seen(0, i, j), worth)
    seen = [[state.seen(0, n, j) for j in range(7)] for n in range(7)]
    near(plain.elect(options, capability, seen), [p for _, p in tables["PosProb_h=0"]])

    found = ktab(case)
    listed = {(i, j): row for row in tables["Bargn"] for i, j in [row[1:3]] if i != j}
    coordinates = {}
    for number, dim, to_i, to_j in tables["BargnCoords"]:
        coordinates.setdefault(number, {})[dim] = (to_i, to_j)
    assert {(b.initiator, b.receiver) for b in found.bargains[0]} == set(listed)
    for b in found.bargains[0]:
        number, _, _, gain, p_i, took_i, p_j, took_j = listed[b.initiator, b.receiver]
        near([b.gain, b.initiator_odds, b.receiver_odds], [gain, p_i, p_j])
        assert (b.initiator_took, b.receiver_took) == (took_i == 1, took_j == 1)
        near(list(zip(b.initiator_to, b.receiver_to, strict=True)), [coordinates[number][k] for k in range(3)])
    quo = found.internals["trace"].quo[0, 0]
    near([quo[row[1]] for row in tables["Bargn"] if row[1] == row[2]], [r[4] for r in tables["Bargn"] if r[1] == r[2]])


def test_the_stream_is_that_of_the_mersenne_twister():
    from detente.outcome.spatial_chance import SIZE, ktab_uniform, seed_twister, twister

    state = np.zeros(SIZE + 1, np.uint64)
    seed_twister(np.uint64(5489), state)
    words = [int(twister(state)) for _ in range(10_000)]
    assert words[-1] == 9981545732273789042  # what the C++ standard says of the 10000th word
    seed_twister(np.uint64(5489), state)
    n = words[0]
    scrambled = (n + 0xE08C1D668B756F83) * (2 * n + 3) % 2**64
    assert float(ktab_uniform(state)) == scrambled / (2**64 - 1)


# -- the plain statement --


def ranked(case, name):
    """The orders in which a variant takes the actors and the issues of a single draw."""
    n, k = case.position.shape[1:]
    if name == "spatial-ktab":
        return list(range(n)), list(range(k))
    c, s, x = case.capability[0], case.salience[0], case.position[0]
    issues = sorted(range(k), key=lambda p: sorted((c[i], s[i, p], x[i, p]) for i in range(n)))
    return sorted(range(n), key=lambda i: (-c[i], *(v for p in issues for v in (-s[i, p], x[i, p])))), issues


def told(case, name, nudge=0.0, **options):
    """The plain statement's answer; `nudge` changes capabilities by so much in relation."""
    variant, (order, issues) = NAMES[name], ranked(case, name)
    c = case.capability[0]
    c = c if variant == "ktab" else np.round(c / c.max(), 12)
    heed = None if case.accommodation is None else case.accommodation[0][np.ix_(order, order)].tolist()
    found = plain.run(
        case.position[0][np.ix_(order, issues)].tolist(),
        case.salience[0][np.ix_(order, issues)].tolist(),
        (c * (1 + nudge * np.cos(np.arange(len(c)))))[order].tolist(),
        variant=variant,
        heed=heed,
        **options,
    )
    for part in ("place", "ideal"):  # back in the order of the case
        found[part] = np.array(found[part])[:, :, np.argsort(issues)]
    return order, found


def hangs_on_the_last_bit(case, name, first, **options):
    """Whether the plain statement itself answers otherwise where capabilities differ by what rounding does."""
    for nudge in (3e-14, -5e-14):
        _, again = told(case, name, nudge, **options)
        if len(again["place"]) != len(first["place"]):
            return True
        if any(abs(np.array(first[part]) - np.array(again[part])).max() > 1e-9 for part in ("place", "p", "risk")):
            return True
    return False


def agree(case, name, **options):
    """Hold the kernel to the plain statement; whether the case could be held to it."""
    order, first = told(case, name, **options)
    if hangs_on_the_last_bit(case, name, first, **options):
        return False
    back, found = np.argsort(order), registry.get(name).run(case, keep_trajectory=True, **options)
    assert len(found.trajectory) == len(first["place"])
    near(found.trajectory[:, 0], np.array(first["place"])[:, back], 1e-8)
    near(found.internals["ideal"][:, 0], np.array(first["ideal"])[:, back], 1e-8)
    near(found.internals["probability"][:, 0], np.array(first["p"])[:, back], 1e-8)
    near(found.internals["risk"][:, 0], np.array(first["risk"])[:, back], 1e-8)
    for made, listed in zip(found.bargains, first["bargains"], strict=True):
        pairs = sorted((order[i], order[j]) for i, j, *_ in listed)
        assert sorted((b.initiator, b.receiver) for b in made) == pairs
    return True


def random_case(rng, round_numbers):
    n, k = int(rng.integers(1, 7)), int(rng.integers(1, 4))
    if round_numbers:  # so that positions, capabilities and gains tie exactly
        x, c = rng.integers(0, 5, (n, k)) / 4, rng.integers(1, 4, n).astype(float)
        s = rng.integers(1, 3, (n, k)) / (2 * k)
    else:
        x, c, s = rng.uniform(0, 1, (n, k)), rng.uniform(0.1, 5, n), rng.uniform(0.05, 1 / k, (n, k))
    heed = None
    if rng.random() < 0.3:
        heed = rng.uniform(0, 1, (n, n)) * (rng.random((n, n)) < 0.4)
        heed = (heed / np.maximum(1, heed.sum(axis=1, keepdims=True)))[None]
    return OutcomeInputs(x[None], s[None], c[None], np.zeros((1, k)), np.zeros(k), np.ones(k), accommodation=heed)


def random_options(rng):
    """Each option is the default in half of the cases."""
    found = {name: str(rng.choice(words)) for name, (words, _, _) in _WORDS.items() if rng.random() < 0.5}
    found.pop("transitions", None)
    return found | ({"rounding": "none"} if rng.random() < 0.3 else {})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(4))
def test_the_kernel_is_the_plain_statement(name, seed):
    rng, held = np.random.default_rng(seed), 0
    for case in range(250):
        options = random_options(rng)
        held += agree(random_case(rng, round_numbers=case % 4 == 0), name, turns=int(rng.integers(0, 5)), **options)
    assert held > 200


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("option", [(o, w) for o, (words, _, _) in _WORDS.items() for w in words if w != "stochastic"])
def test_every_value_of_every_option_is_the_plain_statement(name, option):
    rng, held = np.random.default_rng(7), 0
    for _ in range(10):
        held += agree(random_case(rng, round_numbers=False), name, turns=4, **dict([option]))
    assert held > 5


def test_chance_is_the_plain_statement_with_ktabs_stream():
    from detente.outcome.spatial_chance import SIZE, ktab_uniform, seed_twister

    case, state = given("dummyData_3Dim"), np.zeros(SIZE + 1, np.uint64)
    unit = dataclasses.replace(case, position=case.position / 100, high=np.ones(3))
    for seed in (0xD67CC16FE69C185C, 1, 2**64 - 1):
        seed_twister(np.uint64(seed), state)
        expected = plain.run(
            unit.position[0].tolist(),
            unit.salience[0].tolist(),
            unit.capability[0].tolist(),
            variant="ktab",
            draw=lambda: float(ktab_uniform(state)),
        )
        found = ktab(unit, transitions="stochastic", seed=str(seed))
        assert len(found.trajectory) == len(expected["place"])
        near(found.trajectory[:, 0], expected["place"])


# -- chance --


def test_keys_make_chance():
    case = given("SOE-Pol-Comp")
    many = dataclasses.replace(
        case,
        position=np.repeat(case.position, 200, axis=0),
        salience=np.repeat(case.salience, 200, axis=0),
        capability=np.repeat(case.capability, 200, axis=0),
        status_quo=np.zeros((200, 2)),
        keys=np.arange(200, dtype=np.uint64),
    )
    for name in NAMES:
        first = registry.get(name).run(many, transitions="stochastic").settlement
        np.testing.assert_array_equal(first, registry.get(name).run(many, transitions="stochastic").settlement)
        assert len(np.unique(first[:, 0])) > 150
        still = registry.get(name).run(many).settlement
        assert (still == still[0]).all()
        # chance goes both ways around what is likeliest
        assert first[:, 0].min() < still[0, 0] < first[:, 0].max()


# -- what it says --


def test_settlement_is_the_mean_or_the_mode_of_the_lottery():
    for name in DATASETS:
        case = given(name)
        found = registry.get("spatial").run(case)
        p, x = found.lottery.probability[0], found.lottery.position[0]
        assert p.sum() == pytest.approx(1)
        near(found.settlement[0], p @ x, 1e-9)
        mode = registry.get("spatial").run(case, outcome="mode").settlement[0]
        near(mode, x[p.argmax()], 0)


def test_a_stance_that_is_missing_stays_missing_and_settles_nothing():
    position = [[[10.0, 20.0], [50.0, np.nan], [90.0, 60.0]]]
    case = inputs(position, salience=np.array([[[0.4, 0.4], [0.9, 0.0], [0.5, 0.3]]]), status_quo=100.0)
    found = registry.get("spatial").run(case, keep_trajectory=True)
    assert np.isnan(found.trajectory[:, 0, 1, 1]).all() and not np.isnan(found.trajectory[:, 0, [0, 2], 1]).any()
    assert 20 <= found.settlement[0, 1] <= 60
    for turn in found.bargains:
        for b in turn:
            assert np.isnan(b.initiator_to[1]) == (b.initiator == 1)
    # it is judged by the status quo there, so moving that changes the answer
    other = registry.get("spatial").run(dataclasses.replace(case, status_quo=np.zeros((1, 2))))
    assert other.settlement[0, 0] != found.settlement[0, 0]


def test_an_issue_of_which_only_the_hopeless_speak_says_why():
    # with octic odds the one who alone cares for the second issue has no chance that a float can hold
    position = np.array([[[0.0, 50.0]] + [[100.0, np.nan]] * 60])
    salience = np.where(np.isnan(position), 0.0, 0.5)
    case = inputs(position, salience=salience, capability=[1e-9] + [1.0] * 60)
    found = registry.get("spatial").run(case, victory="octic", turns=0)
    assert found.lottery.probability[0, 0] < 1e-60 or found.reason == {1: UNHEARD}
    assert not np.isnan(found.settlement[0, 0])


def test_two_alike_at_both_ends_have_even_chances_and_no_nan():
    for name in NAMES:
        found = registry.get(name).run(inputs([[[0.0], [100.0]]]), keep_trajectory=True)
        assert (found.internals["risk"] == 0).all()  # nobody's position is likelier: no attitudes to infer
        near(found.lottery.probability, [[0.5, 0.5]], 1e-12)
        assert found.settlement.item() == 50


def test_moves_say_whose_bargain_it_was():
    found = ktab(given("dummyData_3Dim"))
    for moves, made in zip(found.moves, found.bargains, strict=True):
        taken = {b.initiator for b in made if b.initiator_took} | {b.receiver for b in made if b.receiver_took}
        assert {m.actor for m in moves} <= taken
        makers = {b.initiator for b in made}
        assert all(m.maker in makers and m.kind == "bargain" for m in moves)


def test_saliences_become_one_budget_only_where_they_pass_it():
    salience = np.array([[[0.3, 0.3], [0.5, 0.5]], [[0.9, 0.3], [1.0, 1.0]]])
    found = budgets(salience=salience, capability=np.ones((2, 2)))
    np.testing.assert_array_equal(found[0], salience[0])
    np.testing.assert_array_equal(found[1], salience[1] / 2)
    without = budgets(salience=salience, capability=np.array([[1.0, 1.0], [1.0, 0.0]]))
    near(without[1], salience[1] / 1.2, 1e-15)


def test_the_seed_is_exact():
    assert registry.check_options(registry.get("spatial-ktab"), {"seed": 15455440707583219804}) == []
    assert registry.check_options(registry.get("spatial-ktab"), {"seed": "15455440707583219804"}) == []
    for wrong in (-1, 2**64, 1.5, "1e9", True, "٣"):
        with pytest.raises(UsageError, match=r"seed: found .*; expected a whole number from 0 to 18446744073709551615"):
            registry.get("spatial-ktab").run(inputs([[[1.0]]]), seed=wrong)


def test_losses_weigh_more_only_against_what_one_has():
    """Among positions neither is the reference, so an asymmetric vote is that of prop; KTAB's depends on the order."""
    case = given("dummyData_3Dim")
    asym = registry.get("spatial").run(case, voting="asym-prosp", turns=0)
    even = registry.get("spatial").run(case, turns=0)
    near(asym.lottery.probability, even.lottery.probability, 1e-7)  # but for the floor under votes
    order = [3, 1, 6, 0, 5, 2, 4]
    turned = OutcomeInputs(
        case.position[:, order],
        case.salience[:, order],
        case.capability[:, order],
        case.status_quo,
        case.low,
        case.high,
    )
    theirs = ktab(case, voting="asym-prosp", turns=0).lottery.probability[0][order]
    assert abs(ktab(turned, voting="asym-prosp", turns=0).lottery.probability[0] - theirs).max() > 1e-3
