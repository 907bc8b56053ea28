"""Speed and memory of the graph model: states, preferences and five stability concepts, from formulas to equilibria.

``python -m benchmarks graph`` prints the table; ``run()`` returns it. Four decision makers with reversible options and
60 random statements each. Each size runs in a process of its own, best of a few runs, with compiled loops warm;
decision makers are worked on side by side where there are processors. The naive way (every reachable set listed, state by state) runs on a small game in the same process; there
the answers are compared too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np

from detente.graph.formulas import Formula, option
from detente.graph.game import Game
from detente.graph.options import OptionForm
from detente.graph.preferences import by_priorities
from detente.graph.side import each_maker
from detente.graph.stability import equilibria, stable
from detente.machine import peak_mb

MAKERS, STATEMENTS = 4, 60
BARS = {14: 0.1, 16: 0.3, 18: 1.2, 20: 5.0, 22: None}  # options: seconds
MOST_MB = 500.0  # at 2^20 states
NAIVE = 8  # options for the naive way
CHAIN = 18


def form_of(options: int) -> OptionForm:
    return OptionForm(tuple(len(part) for part in np.array_split(np.arange(options), MAKERS)))


def statements(rng: np.random.Generator, options: int) -> list[Formula]:
    """Random statements of one to three literals."""

    def literal() -> Formula:
        found = option(int(rng.integers(options)))
        return found if rng.random() < 0.5 else ~found

    made = []
    for _ in range(STATEMENTS):
        formula = literal()
        for _ in range(rng.integers(3)):
            formula = formula & literal() if rng.random() < 0.5 else formula | literal()
        made.append(formula)
    return made


def solve(options: int, wanted: list[list[Formula]]) -> Game:
    """All of it: states, preferences, stability, equilibria."""
    form = form_of(options)
    codes = form.codes
    game = Game(form, np.array(each_maker(MAKERS, len(codes), lambda maker: by_priorities(wanted[maker], codes))))
    equilibria(stable(game, engine="options"))
    return game


def chain(options: int) -> Game:
    """One path through all states, a step for one decision maker at a time: all but the first rank states along it,
    the first one the other way round, so that what deters it lies at the far end."""
    form = form_of(options)
    place = form.codes.copy()  # of each state along the path: its code, read as a reflected Gray code
    for shift in (1, 2, 4, 8, 16):
        place ^= place >> shift
    rank = place.astype(np.int32) + 1
    return Game(form, np.array([form.states + 1 - rank, rank, rank, rank]))


def staircase(options: int) -> Game:
    """Blocks in which each state can be improved on by one step only: the longest ways for a search to go."""
    form = form_of(options)
    width = options // MAKERS
    total = sum(form.codes >> (width * maker) & ((1 << width) - 1) for maker in range(MAKERS))
    rank = np.unique(total, return_inverse=True)[1].astype(np.int32) + 1
    return Game(form, np.array([rank.max() + 1 - rank, rank, rank, rank]))


def best_of(times: int, work, *args) -> tuple[float, float]:
    """Least seconds on the clock, and least seconds of processor time."""
    clock, busy = [], []
    for _ in range(times):
        start, used = time.perf_counter(), time.process_time()
        work(*args)
        clock.append(time.perf_counter() - start)
        busy.append(time.process_time() - used)
    return min(clock), min(busy)


def measure(options: int) -> dict[str, float]:
    rng = np.random.default_rng(options)
    solve(6, [statements(rng, 6) for _ in range(MAKERS)])
    before = peak_mb()
    wanted = [statements(rng, options) for _ in range(MAKERS)]
    seconds, busy = best_of(2 if options >= 20 else 5, solve, options, wanted)
    memory = peak_mb() - before
    return {"seconds": seconds, "busy": busy, "memory_mb": memory}


def command(options: int = 20) -> dict[str, float]:
    """``detente graph`` on a scenario of that many options, all of it, and the engine on the same game in its process."""
    from detente.scenario.library import new

    rng = np.random.default_rng(options)
    names = [f"o{number}" for number in range(options)]
    form, wanted = form_of(options), [statements(rng, options) for _ in range(MAKERS)]
    parts = np.split(np.array(names), np.cumsum(form.owned)[:-1])
    game = {
        "decision_makers": {f"m{i}": {"options": part.tolist()} for i, part in enumerate(parts)},
        "status_quo": [],
        "preferences": {f"m{i}": {"priorities": [f.words(names) for f in each]} for i, each in enumerate(wanted)},
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.yaml"
        file.write_text(f"{new()}\ngame: {json.dumps(game)}\n", encoding="utf-8")
        asked = [sys.executable, "-m", "detente", "graph", str(file)]
        # As installed: with its bytecode, which a checkout has after the first run unless the environment forbids it.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        whole = partial(subprocess.run, asked, check=True, stdout=subprocess.DEVNULL, env=env)
        whole()
        solve(6, [statements(rng, 6) for _ in range(MAKERS)])
        # By turns, so that what else the machine does falls on both.
        seconds, engine = zip(
            *((best_of(1, whole)[0], best_of(1, solve, options, wanted)[0]) for _ in range(5)), strict=True
        )
    return {"seconds": min(seconds), "engine": min(engine)}


def draws(size: int = 10_000) -> dict[str, float]:
    """The share of draws in which each state of syria-2015's game is an equilibrium, under all six concepts."""
    from detente.analysis.graph_shares import Shares
    from detente.analysis.study import Study
    from detente.api import situation
    from detente.graph.concepts import BY_ID

    def shares(seed: int) -> None:
        now = situation("syria-2015")  # afresh, so that nothing is remembered
        Shares.of(Study(now, draws=size, seed=seed), now.game.conflict.form.states, list(BY_ID))

    shares(1)
    before = peak_mb()
    seconds, busy = best_of(3, shares, 0)
    return {"seconds": seconds, "busy": busy, "memory_mb": peak_mb() - before}


def explanation(options: int = 20) -> dict[str, float]:
    """Why some states are stable or not for everybody under the four concepts with sanctions: processor time a concept."""
    from detente.graph.why import why

    rng = np.random.default_rng(options)
    form = form_of(options)
    game = Game(form, np.array([by_priorities(statements(rng, options), form.codes) for _ in range(MAKERS)]))
    why(game, 0, 0, "smr")
    times = []
    for state in rng.integers(game.states, size=5).tolist():
        for concept in ("gmr", "smr", "seq", "sseq"):
            start = time.process_time()
            for maker in range(MAKERS):
                why(game, maker, state, concept)
            times.append(time.process_time() - start)
    return {"mean": float(np.mean(times)), "most": max(times)}


def naive() -> dict[str, float]:
    """The definitions in plain loops, and the engine, on one small game; the answers must be the same."""
    from tests.graph import plain

    rng = np.random.default_rng(1)
    wanted = [statements(rng, NAIVE) for _ in range(MAKERS)]
    game = solve(NAIVE, wanted)
    start = time.process_time()
    expected = {concept: plain.stable(game, concept) for concept in ("nash", "gmr", "smr", "seq", "sseq")}
    slow = time.process_time() - start
    found = stable(game, engine="options")
    assert all(found[concept].tolist() == rows for concept, rows in expected.items())
    _, fast = best_of(5, lambda: stable(game, engine="options"))
    return {"slow": slow, "fast": fast}


def adversarial() -> dict[str, float]:
    """Seconds of processor time for stability alone: random ranks, and the two games made to be slow."""
    rng = np.random.default_rng(2)
    form = form_of(CHAIN)
    random = Game(form, np.array([by_priorities(statements(rng, CHAIN), form.codes) for _ in range(MAKERS)]))
    times = {}
    for name, game in (("random", random), ("chain", chain(CHAIN)), ("staircase", staircase(CHAIN))):
        stable(game, engine="options")
        times[name] = best_of(3, lambda game=game: stable(game, engine="options"))[1]
    return times


def run() -> list[dict]:
    """One row a case: name, figure, unit, bar, memory_mb, versus."""
    rows, busy = [], {}
    for options, bar in BARS.items():
        found = _apart(str(options))
        busy[options] = found["busy"]
        rows.append(
            {
                "name": f"graph: states, preferences, five concepts, 2^{options} states, 4 decision makers",
                "figure": round(found["seconds"], 3),
                "unit": "s",
                "bar": bar,
                "memory_mb": round(found["memory_mb"], 1),
                "versus": f"{found['busy']:.3f} s of processor time",
            }
        )
        if options == 20:
            rows.append(
                {
                    "name": "graph: memory at 2^20 states",
                    "figure": round(found["memory_mb"], 1),
                    "unit": "MB",
                    "bar": MOST_MB,
                    "memory_mb": None,
                    "versus": None,
                }
            )
    rows.append(
        {
            "name": "graph: processor time a state, 2^20 states against 2^16",
            "figure": round(busy[20] / busy[16] / 16, 2),
            "unit": "",
            "bar": 2,
            "memory_mb": None,
            "versus": "1 is linear growth; what is above it is memory that no longer fits the cache",
        }
    )
    whole = _apart("command")
    rows.append(
        {
            "name": "graph: the whole command without --json, above the engine, 2^20 states",
            "figure": round(whole["seconds"] - whole["engine"], 2),
            "unit": "s",
            "bar": 0.8,
            "memory_mb": None,
            "versus": f"command {whole['seconds']:.2f} s, engine {whole['engine']:.2f} s; Python's start is in it",
        }
    )
    drawn = _apart("draws")
    rows.append(
        {
            "name": "graph: shares of 10,000 draws of syria-2015's uncertain game, six concepts",
            "figure": round(drawn["seconds"], 2),
            "unit": "s",
            "bar": None,
            "memory_mb": round(drawn["memory_mb"], 1),
            "versus": f"40 states, the file read too; {drawn['busy']:.2f} s of processor time",
        }
    )
    reasons = _apart("explanation")
    rows.append(
        {
            "name": "graph: why, for 4 decision makers under one concept, 2^20 states",
            "figure": round(reasons["mean"], 2),
            "unit": "s",
            "bar": None,
            "memory_mb": None,
            "versus": f"processor time, mean of 5 states and 4 concepts; {reasons['most']:.2f} s at most",
        }
    )
    slow = _apart("naive")
    rows.append(
        {
            "name": f"graph: against plain loops, 2^{NAIVE} states",
            "figure": round(slow["slow"] / slow["fast"], 1),
            "unit": "x",
            "bar": 100,
            "memory_mb": None,
            "versus": f"plain loops {slow['slow']:.2f} s, engine {1000 * slow['fast']:.2f} ms, same answers",
        }
    )
    times = _apart("adversarial")
    for name in ("chain", "staircase"):
        rows.append(
            {
                "name": f"graph: {name} made to be slow against a random game, 2^{CHAIN} states: times as long",
                "figure": round(times[name] / times["random"], 2),
                "unit": "",
                "bar": 3,
                "memory_mb": None,
                "versus": f"random {times['random']:.2f} s, {name} {times[name]:.2f} s",
            }
        )
    return rows


def _apart(case: str) -> dict[str, float]:
    """A case in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bench_graph", case]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    CASES = {"draws": draws, "naive": naive, "adversarial": adversarial, "command": command, "explanation": explanation}
    if len(sys.argv) > 1:
        case = sys.argv[1]
        print(json.dumps(CASES.get(case, lambda: measure(int(case)))()))
    else:
        for row in run():
            print(row)
