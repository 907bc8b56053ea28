"""Speed and memory of the outcome models: 100,000 draws of 10 actors on one issue, on two threads.

``python -m benchmarks.bench_outcome`` prints the table; ``run()`` returns it. Each model runs in a process
of its own, in blocks of 5000 draws as the ensemble does. The plain loops of ``tests/outcome/plain.py`` run
on fewer draws in the same process, extrapolated to 100,000; with one thread.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from detente.arrays import OutcomeInputs
from detente.machine import peak_mb
from detente.outcome import registry

DRAWS, BLOCK, ACTORS, ROUNDS, THREADS = 100_000, 5_000, 10, 10, 2
CASES = {  # model: (bar in seconds, draws for the plain loops)
    "mean": (1.0, 20_000),
    "median": (1.0, 200),
    "nash-bargaining": (10.0, 20),
    "expected-utility": (10.0, 10),
    "expected-utility-scholz": (10.0, 10),
}


def block(seed: int, draws: int = BLOCK) -> OutcomeInputs:
    rng = np.random.default_rng(seed)
    return OutcomeInputs(
        position=rng.uniform(0, 100, (draws, ACTORS, 1)),
        salience=rng.uniform(0.05, 1, (draws, ACTORS, 1)),
        capability=rng.uniform(1, 100, (draws, ACTORS)),
        status_quo=np.zeros((draws, 1)),
        low=np.zeros(1),
        high=np.full(1, 100.0),
    )


def plainly(name: str, x: list[float], s: list[float], c: list[float]) -> float:
    """One draw by the plain statement; the Nash product on a grid of 1001 outcomes."""
    import plain  # pyright: ignore[reportMissingImports]

    w = [a * b for a, b in zip(s, c, strict=True)]
    if name == "mean":
        return plain.mean(x, w)
    if name == "median":
        return plain.median(x, w)
    if name == "nash-bargaining":
        share = [v / sum(w) for v in w]
        return max((plain.nash_product(o / 10, x, share, 0.0, 100.0), o / 10) for o in range(1001))[1]
    variant = "scholz" if name.endswith("scholz") else "pairwise"
    return plain.median_of_floats(plain.expected_utility(x, s, c, ROUNDS, variant)[0][-1], w)


def _parts(given: OutcomeInputs) -> tuple[np.ndarray, ...]:
    return given.position, given.salience, given.capability


def measure(name: str) -> dict[str, float]:
    model = registry.get(name)
    options: dict[str, Any] = {"rounds": ROUNDS} if model.moves_positions else {}

    def settle(seed: int) -> np.ndarray:
        return model.run(block(seed), **options).settlement

    model.run(block(0, 100), **options)  # compiled before the clock starts
    before = peak_mb()
    start, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS) as pool:
        settled = np.concatenate(list(pool.map(settle, range(DRAWS // BLOCK))))
    seconds, busy = time.perf_counter() - start, (time.process_time() - busy) / THREADS
    memory = peak_mb() - before

    few = CASES[name][1]
    given = block(0, few)
    rows = zip(*(part.reshape(few, ACTORS).tolist() for part in _parts(given)), strict=True)
    start = time.perf_counter()
    found = [plainly(name, *row) for row in rows]
    plain_seconds = (time.perf_counter() - start) * DRAWS / few
    # the same answer, to the step of the grid where the plain statement searches one
    same = model.run(given, **options).settlement[:, 0]
    assert np.allclose(same, found, rtol=0, atol=0.1 if name == "nash-bargaining" else 1e-6), name
    assert settled.shape == (DRAWS, 1)
    return {"seconds": seconds, "busy": busy, "memory_mb": memory, "plain_seconds": plain_seconds}


def run() -> list[dict]:
    """One row a model: name, figure, unit, bar, memory_mb, versus."""
    rows = []
    for name, (bar, few) in CASES.items():
        command = [sys.executable, "-m", "benchmarks.bench_outcome", name]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        plain_seconds = found["plain_seconds"]
        rows.append(
            {
                "name": f"outcome {name}: {DRAWS} draws x {ACTORS} actors",
                "figure": round(found["seconds"], 3),
                "unit": "s",
                "bar": bar,
                "memory_mb": round(found["memory_mb"], 1),
                "versus": f"plain loops {plain_seconds:,.1f} s (one thread, extrapolated from {few} draws); "
                f"{found['busy']:.2f} s of processor time a thread",
            }
        )
    return rows


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "outcome"))  # for plain.py
        print(json.dumps(measure(sys.argv[1])))
    else:
        for row in run():
            print(row)
