"""Uncertain preferences of the strategic conflict: drawn, what-iffed, compared, and equal to each draw by itself."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from detente.analysis import measures
from detente.analysis.compare import compare
from detente.analysis.sensitivity import sensitivity
from detente.analysis.study import Study
from detente.analysis.tipping import tip
from detente.errors import InputError, UsageError
from detente.graph.game import Game
from detente.graph.stability import FAST
from detente.scenario.library import new
from detente.scenario.nodes import parse
from detente.scenario.read import build
from detente.scenario.resolve import situation
from tests.graph import plain

# Damascus escalates unless it fears the answer (0.7). The opposition moves out of talks unless trust comes first (0.4).
WORKED = """
game:
  decision_makers: {regime: {options: [escalate]}, rebels: {options: [talk]}}
  preferences:
    regime: {priorities: [{id: fear, statement: -escalate, probability: 0.7}, escalate]}
    rebels: {priorities: [{id: trust, statement: talk, probability: 0.4}, -talk]}
"""


def made(game: str, **what):
    return situation(build(parse(f"{new()}\n{game}", "f.yaml")), **what)


def share(now, name, draws=20_000, **changes):
    study = Study(now, draws=draws)
    measure = measures.measure(now, name)
    return float(np.concatenate([measure(study.block(b).with_overrides(changes)) for b in study.blocks]).mean())


@pytest.mark.parametrize(
    ("state", "expected"), [("NY", 0.7 * 0.4), ("NN", 0.7 * 0.6), ("YY", 0.3 * 0.4), ("YN", 0.3 * 0.6)]
)
def test_the_share_of_a_worked_example(state, expected):
    """Each wants one thing alone: the equilibrium is what both want, and the chances multiply."""
    now = made(WORKED)
    for concept in FAST:
        assert share(now, f"stable.{concept}.{state}") == pytest.approx(expected, abs=0.01)
    assert share(now, f"stable.nash.{state}.regime") == pytest.approx(0.7 if state[0] == "N" else 0.3, abs=0.001)


def test_tipping_finds_the_probability_at_which_a_state_is_stable_in_half_of_the_draws():
    """NY is an equilibrium with probability p x 0.4 and for the regime with p: 0.5 is reached at 0.5, never for both."""
    study = Study(made(WORKED), draws=10_000)
    lever = "game.preferences.regime.fear.probability"
    found = tip(study, lever, measure="stable.nash.NY.regime")
    assert found.now["level"] == pytest.approx(0.7)
    assert found.limits == (0, 1)
    assert found.level_at_p50 == pytest.approx(0.5, abs=0.01)
    assert found.level_at_p80 == pytest.approx(0.8, abs=0.01)
    assert found.already == pytest.approx(0.7, abs=0.001)
    assert found.out_of_reach == 0  # its own statement always decides
    assert [point.p for point in found.curve[::16]] == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=0.01)
    both = tip(study, lever, measure="stable.nash.NY")
    assert both.level_at_p50 is None
    assert both.curve[-1].p == pytest.approx(0.4, abs=0.001)
    assert both.out_of_reach == pytest.approx(0.6, abs=0.001)


def test_sensitivity_says_which_statement_matters_most():
    """f = A B with P(A) = 0.7, P(B) = 0.4. First order of A: 0.4^2 0.7 0.3 / (0.28 0.72); total: 0.4 0.7 0.3 / same."""
    found = sensitivity(Study(made(WORKED)), measure="stable.seq.NY", base=4096)
    assert {i.path for i in found.inputs} == {
        "game.preferences.regime.fear.probability.chance",
        "game.preferences.rebels.trust.probability.chance",
    }
    by_path = {i.path.split(".")[3]: i for i in found.inputs}
    variance = 0.28 * 0.72
    assert by_path["fear"].first.value == pytest.approx(0.4**2 * 0.7 * 0.3 / variance, abs=0.04)
    assert by_path["fear"].total.value == pytest.approx(0.4 * 0.7 * 0.3 / variance, abs=0.04)
    assert by_path["trust"].first.value == pytest.approx(0.7**2 * 0.4 * 0.6 / variance, abs=0.04)
    assert by_path["trust"].total.value == pytest.approx(0.7 * 0.4 * 0.6 / variance, abs=0.04)
    assert found.inputs[0].path.startswith("game.preferences.rebels.trust")
    assert by_path["trust"].swing == {"low": pytest.approx(0.7, abs=0.02), "high": 0}


def test_other_measures_do_not_look_at_the_game():
    """The numbers of the game change no index of a measure of the talks, and cost it nothing."""
    with_game = sensitivity(Study(made(WORKED)), measure="outcome.mean.autonomy", base=64)
    without = sensitivity(Study(made("")), measure="outcome.mean.autonomy", base=64)
    assert with_game.to_dict() == without.to_dict()


def test_comparing_takes_a_difference_apart():
    study = Study(made(WORKED), draws=4000)
    other = study.on(made(WORKED, sets={"game.preferences.regime.fear.probability": 0.9}))
    found = compare([study, other], measure=["stable.nash.NY"])
    assert found.answers["stable.nash.NY"].difference["mean"] == pytest.approx(0.08, abs=0.01)
    assert list(found.contributions["stable.nash.NY"]) == ["game.preferences.regime.fear.probability"]


def test_comparing_a_statement_that_was_certain():
    study = Study(made(WORKED.replace("{id: fear, statement: -escalate, probability: 0.7}", "-escalate")), draws=4000)
    other = study.on(made(WORKED))
    parts = compare([study, other], measure=["stable.nash.NY"])
    answer = parts.answers["stable.nash.NY"]
    assert answer.values == [pytest.approx(0.4, abs=0.001), pytest.approx(0.28, abs=0.01)]
    assert sum(part["value"] for part in parts.contributions["stable.nash.NY"].values()) == pytest.approx(
        answer.difference["mean"]
    )


def test_a_bare_statement_can_be_given_a_probability():
    now = made(WORKED, sets={"game.preferences.rebels.2.probability": 0})
    assert "game.preferences.rebels.2.probability" in now.numbers
    assert share(now, "stable.nash.NN") == pytest.approx(0.7 * 0.6, abs=0.01)  # indifferent: it stays
    assert share(now, "stable.nash.NY") == pytest.approx(0.7, abs=0.001)


def test_a_lever_raises_a_probability():
    lever = """
levers:
  guarantee: {level: 0.5, raises: {game.preferences.rebels.trust.probability: 0.4}}
"""
    now = situation(build(parse(new().split("\nlevers:")[0] + lever + WORKED, "f.yaml")))
    assert share(now, "stable.nash.NY.rebels") == pytest.approx(0.6, abs=0.001)
    assert now.conflict is not None
    assert [s.likely for s in now.conflict.preferences[1].statements] == [True, True]  # 0.4 + 0.5 x 0.4, at least 0.5
    behind = {path for group in Study(now).sampler.behind(lambda p: p.startswith("game.")) for path in group.paths}
    assert not any(path.startswith(("actors.", "talks.")) for path in behind)


ORDERS = """
game:
  decision_makers: {a: {options: [w]}, b: {options: [z]}}
  preferences:
    a:
      priorities: [-z, {id: wants, statement: w}, -w]
      orders: [[1, wants], [3, 2]]
      order: {values: [1, 2], weights: [3, 1]}
    b: {priorities: [z]}
"""


def test_rival_orders_of_priority():
    """a takes w in the first order; in the second it does not, which comes first there."""
    now = made(ORDERS)
    assert share(now, "stable.nash.YY") == pytest.approx(0.75, abs=0.001)
    assert share(now, "stable.nash.NY") == pytest.approx(0.25, abs=0.001)
    assert share(made(ORDERS, sets={"game.preferences.a.order": 2}), "stable.nash.NY") == 1
    assert now.conflict is not None
    assert now.conflict.preferences[0].order == 0
    found = sensitivity(Study(now), measure="stable.nash.YY", base=64)
    assert [i.path for i in found.inputs] == ["game.preferences.a.order"]


def test_rival_orders_weigh_the_same_unless_the_file_says_otherwise():
    now = made(ORDERS.replace("      order: {values: [1, 2], weights: [3, 1]}\n", ""))
    assert now.numbers["game.preferences.a.order"].origin == "default"
    assert share(now, "stable.nash.YY") == pytest.approx(0.5, abs=0.001)


def _formula(rng, options):
    some = rng.choice(options, size=int(rng.integers(1, 4)), replace=False)
    return rng.choice([" & ", " | "]).join(("-" if rng.random() < 0.5 else "") + o for o in some)


@pytest.mark.parametrize("seed", range(12))
def test_shared_solutions_equal_each_draw_solved_by_itself(seed):
    """The same draws, each made a game of its own and solved by the plain definitions."""
    rng = np.random.default_rng(seed)
    options = ["a", "b", "c", "d"]
    lines = ["game:", "  decision_makers: {p: {options: [a, b]}, q: {options: [c]}, r: {options: [d]}}"]
    lines += [f"  infeasible: [{_formula(rng, options)} & b & -b, a & b & d]", "  preferences:"]
    for maker in "pqr":
        statements = [
            f"{{statement: '{_formula(rng, options)}', probability: {{low: 0.2, high: {rng.uniform(0.3, 0.9):.2f}}}}}"
            if rng.random() < 0.6
            else f"'{_formula(rng, options)}'"
            for _ in range(3)
        ]
        orders = ", orders: [[1, 2, 3], [3, 1], [2, 3, 1]]" if rng.random() < 0.5 else ""
        lines.append(f"    {maker}: {{priorities: [{', '.join(statements)}]{orders}}}")
    now = made("\n".join(lines) + "\n")
    block = Study(now, draws=40, seed=seed).block(0)
    conflict = now.game.conflict
    for concept in (*FAST, "sim"):
        found, which = block.stable(concept)
        for draw in range(40):
            counts, orders = [], []
            for preference in conflict.preferences:
                counts.append(
                    [
                        s.path is None
                        or block.values._parts[f"{s.path}.chance"][draw] <= block.values.used[s.path][draw]
                        for s in preference.statements
                    ]
                )
                orders.append(int(block.values.used[preference.path][draw]) - 1 if preference.path else None)
            ranks = []
            for maker, preference in enumerate(conflict.preferences):
                wanted = preference.orders[orders[maker]] if preference.orders else range(3)
                truth = [
                    [
                        preference.statements[i].formula.evaluate(lambda o, c=c: c >> o & 1) & 1
                        for i in wanted
                        if counts[maker][i]
                    ]
                    for c in conflict.form.codes.tolist()
                ]
                levels = sorted(map(tuple, truth))
                ranks.append([sorted(set(levels)).index(tuple(row)) + 1 for row in truth])
            game = Game(conflict.form, np.array(ranks))
            assert found[which[draw]].tolist() == plain.stable(game, concept), (concept, draw)


def test_names_of_measures():
    now = made(WORKED)
    known = measures.names(now)
    assert "stable.sseq.NY" in known
    for written in ("stable.nash.NY", "stable.nash.2", "stable.nash.#3", "stable.nash.NY.rebels", "stable.sim.NY"):
        assert measures.measure(now, written).kind == "share"
    for written, told in [
        ("stable.nsah.NY", "did you mean nash"),
        ("stable.nash.NYY", "expected"),
        ("stable.nash.NY.rebel", "did you mean rebels"),
        ("stable.nash", "expected stable.CONCEPT.STATE"),
    ]:
        with pytest.raises(UsageError, match=told):
            measures.measure(now, written)
    with pytest.raises(UsageError, match="expected one such as"):
        measures.measure(made(""), "stable.nash.NY")


def test_a_path_that_leads_to_no_statement():
    with pytest.raises(InputError, match="fear"):
        made(WORKED, sets={"game.preferences.regime.feer.probability": 0.5})


def test_central_values_take_what_is_likely():
    now = made(WORKED)
    assert now.conflict is not None
    likely = [[s.likely for s in p.statements or ()] for p in now.conflict.preferences]
    assert likely == [[True, True], [False, True]]
    study = Study(now, central=True)
    found = {
        s: measures.measure(now, f"stable.nash.{s}")(study.block(0)).item() for s in map("".join, product("NY", "NY"))
    }
    assert found == {"NN": 1, "NY": 0, "YN": 0, "YY": 0}
