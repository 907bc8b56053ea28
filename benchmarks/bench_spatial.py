"""Speed and memory of the spatial model: single runs of 40, 80 and 160 actors, and 10,000 draws of a small one.

``python -m benchmarks.bench_spatial`` prints the table; ``run()`` returns it. Each case runs in a process of its own,
compiled before the clock starts. The plain loops of ``tests/outcome/plain_spatial.py`` run in the same process on as
much as they get through in a few seconds, extrapolated; with one thread.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from detente.arrays import OutcomeInputs
from detente.machine import peak_mb
from detente.outcome import registry

BLOCK, THREADS = 250, 2
CASES = {  # name: (actors, issues, turns, draws, bar in seconds, turns and draws for the plain loops)
    "40 actors x 20 turns": (40, 1, 20, 1, 0.15, (1, 1)),
    "80 actors x 17 turns": (80, 1, 17, 1, 0.5, (1, 1)),
    "160 actors x 17 turns": (160, 1, 17, 1, 6.0, None),
    "10,000 draws x 13 actors x 2 issues x 27 turns": (13, 2, 27, 10_000, 20.0, (2, 3)),
}
KTAB = {"40 actors x 20 turns": 4.3, "80 actors x 17 turns": 74.0, "160 actors x 17 turns": 300.0}


def block(seed: int, draws: int, actors: int, issues: int) -> OutcomeInputs:
    """Random draws in which actors keep bargaining for many turns."""
    rng = np.random.default_rng(seed)
    return OutcomeInputs(
        position=rng.uniform(0, 100, (draws, actors, issues)),
        salience=rng.uniform(0.2, 1, (draws, actors, issues)) / issues,
        capability=rng.uniform(10, 100, (draws, actors)),
        status_quo=np.zeros((draws, issues)),
        low=np.zeros(issues),
        high=np.full(issues, 100.0),
    )


def measure(name: str) -> dict[str, float]:
    """Seconds, memory and turns of a case, and the plain loops' seconds for as many turns."""
    actors, issues, turns, draws, _, few = CASES[name]
    model = registry.get("spatial")
    # A run ends when moves are small, mostly sooner than the turns of the case: as many runs are made as fill them.
    one = min(draws, BLOCK)
    model.run(block(0, 1, 5, issues))
    before = peak_mb()
    made = [0] * (draws // one)

    def settle(number: int) -> None:
        left, seed = turns * one, number
        while left > 0:
            given = block(seed, one, actors, issues)
            left -= int(spent(model, given, turns))
            seed += len(made)
        made[number] = turns * one - left

    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(settle, range(len(made))))
    seconds = time.perf_counter() - start
    memory = peak_mb() - before
    found = {"seconds": seconds * turns * draws / sum(made), "memory_mb": memory, "turns": sum(made)}
    if few:
        found["plain_seconds"] = plainly(few, actors, issues) * turns * draws / (few[0] * few[1])
    return found


def spent(model: registry.Model, given: OutcomeInputs, turns: int) -> int:
    """Turns that a block took, all draws together."""
    result = model.run(given, turns=turns)
    return int(result.internals["turns"].sum())


def plainly(few: tuple[int, int], actors: int, issues: int) -> float:
    """Seconds of the plain loops for so many turns of so many draws; their answer is the kernel's."""
    import plain_spatial as plain  # pyright: ignore[reportMissingImports]

    turns, draws = few
    given = block(1, draws, actors, issues)
    order = np.argsort(-given.capability, axis=1)
    start = time.perf_counter()
    found = []
    for d in range(draws):
        x, s = given.position[d, order[d]] / 100, given.salience[d, order[d]]
        c = np.round(given.capability[d, order[d]] / given.capability[d].max(), 12)
        found.append(plain.run(x.tolist(), s.tolist(), c.tolist(), turns=turns)["place"][-1])
    seconds = time.perf_counter() - start
    same = registry.get("spatial").run(given, turns=turns).lottery
    assert same is not None
    for d in range(draws):
        assert np.allclose(same.position[d, order[d]] / 100, found[d], rtol=0, atol=1e-9)
    return seconds


def run() -> list[dict]:
    """One row a case: name, figure, unit, bar, memory_mb, versus."""
    rows = []
    for name, (*_, bar, few) in CASES.items():
        command = [sys.executable, "-m", "benchmarks.bench_spatial", name]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        versus = [f"{found['turns']:,} turns made, seconds for as many as the name says"]
        if few:
            versus.append(f"plain loops {found['plain_seconds']:,.1f} s (one thread, extrapolated from {few[0]} turns)")
        if name in KTAB:
            more = "over " if name.startswith("160") else ""
            versus.append(f"KTAB {more}{KTAB[name]:g} s (elsewhere, on inputs of this size)")
        rows.append(
            {
                "name": f"spatial: {name}",
                "figure": round(found["seconds"], 3),
                "unit": "s",
                "bar": bar,
                "memory_mb": round(found["memory_mb"], 1),
                "versus": "; ".join(versus),
            }
        )
    return rows


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "outcome"))  # for plain_spatial.py
        print(json.dumps(measure(sys.argv[1])))
    else:
        for row in run():
            print(row)
