"""Speed and memory of the talks models, on two threads, beside the plain loops of ``tests/talks/plain.py``.

``python -m benchmarks.bench_talks`` prints the table; ``run()`` returns it. Each case runs in a process of its own, in
blocks of 5000 draws as the ensemble does. The plain loops run on few draws in the same process, with one thread, and
are extrapolated; there the answers are compared too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from detente.arrays import TalksInputs
from detente.machine import peak_mb
from detente.talks import draw_noise, readiness, rounds

BLOCK, ACTORS, ISSUES, MONTHS, THREADS = 5_000, 8, 3, 24, 2
FEW = 40  # draws for the plain loops
NAMES = [f"actor-{i}" for i in range(ACTORS)]
CASES = {  # name: (draws, bar in seconds)
    "readiness, 3 belligerents": (1_000_000, 2.0),
    "readiness, 3 belligerents, straight utilities": (1_000_000, 2.0),
    "rounds, 3 required parties": (100_000, 5.0),
    "rounds, 8 required parties to the deadline": (100_000, 5.0),
}


def block(case: str, seed: int, draws: int = BLOCK) -> TalksInputs:
    """Random conflicts of 8 actors on 3 issues: 3 fight, the others back one of them."""
    rng = np.random.default_rng(seed)
    n, fighting = ACTORS, np.arange(ACTORS) < 3

    def each(low: float, high: float, *shape: int) -> np.ndarray:
        return rng.uniform(low, high, (draws, *shape))

    backing = np.zeros((draws, n, n))
    for backer in range(3, n):
        backing[:, backer, backer % 3] = each(0.02, 0.1)
    to_the_deadline = "deadline" in case
    return TalksInputs(
        position=each(0, 100, n, ISSUES),
        salience=each(0.05, 1, n, ISSUES),
        status_quo=each(0, 100, ISSUES),
        low=np.zeros(ISSUES),
        high=np.full(ISSUES, 100.0),
        capability=each(1, 100, n),
        backing=backing,
        base_cost=each(0.001, 0.008, n),
        lever_level=each(0, 1, 2),
        bite=each(0, 0.01, 2, n),
        side_payment=np.zeros((draws, n)),
        audience_cost=each(0, 0.06, n),
        betrayal_loss=each(0, 0.25, n),
        curvature=np.ones((draws, n)) if "straight" in case else each(0.7, 1.5, n),
        # holding out to the last month, nobody walking
        concession=each(0.1, 0.15, n) if to_the_deadline else each(0.5, 2, n),
        decided_per_month=each(0.005, 0.03),
        discount=each(0.98, 0.995),
        decisiveness=each(0.7, 1.5),
        success=each(0.2, 0.6),
        kept=each(0.4, 0.8),
        consent_softness=each(0.02, 0.1),
        strength_drift=each(0.01, 0.06),
        walkout_rate=np.zeros(draws) if to_the_deadline else each(0.2, 0.8),
        walkout_threshold=np.full(draws, 9.0 if to_the_deadline else 0.02),
        deadline=np.full(draws, MONTHS, dtype=np.int64),
        belligerent=fighting,
        required=np.ones(n, dtype=bool) if to_the_deadline else fighting,
        mediator=ACTORS - 1,
    )


def measure(case: str) -> dict[str, float]:
    """Seconds, memory above the start, and the plain loops' seconds for as many draws."""
    import plain

    draws, _ = CASES[case]
    made = [block(case, seed) for seed in range(4)]  # making the inputs is not what is measured

    def weigh(number: int) -> float:
        return readiness(made[number % 4]).convene.mean()

    def play(number: int) -> float:
        noise = draw_noise(seed=0, block=number, actors=NAMES, draws=BLOCK, months=MONTHS)
        return rounds(made[number % 4], noise=noise).month.mean()

    work: Callable[[int], float] = weigh if case.startswith("readiness") else play
    work(0)
    before = peak_mb()
    start, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(work, range(draws // BLOCK)))
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    memory = peak_mb() - before

    given = made[0]
    noise = draw_noise(seed=0, block=0, actors=NAMES, draws=BLOCK, months=MONTHS)
    fast_margin, fast_rounds = readiness(given).margin, rounds(given, noise=noise)
    start = time.perf_counter()
    for d in range(FEW):
        one = plain.one_draw(given, d)
        if case.startswith("readiness"):
            assert np.allclose(plain.readiness(one).mu, fast_margin[d], rtol=0, atol=1e-9), case
        else:
            ended = plain.rounds(one, noise.strength[d], noise.walk[d])
            assert ended.month == fast_rounds.month[d] and getattr(fast_rounds, ended.end)[d], case
    plain_seconds = (time.perf_counter() - start) * draws / FEW
    return {
        "seconds": seconds,
        "busy": busy / THREADS,
        "memory_mb": memory,
        "plain_seconds": plain_seconds,
        "mean": float(np.mean(found)),
    }


def run() -> list[dict]:
    """One row a case: name, figure, unit, bar, memory_mb, versus."""
    rows = []
    for case, (draws, bar) in CASES.items():
        command = [sys.executable, "-m", "benchmarks.bench_talks", case]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        # what the threads themselves took: on a machine with other work, the clock on the wall says more than that
        plain = f"{found['plain_seconds']:,.0f}"
        note = f"{found['busy']:.2f} s of processor time a thread, {os.cpu_count()} cores"
        if case.startswith("rounds"):
            note += f", {found['mean']:.1f} months a talk"
        rows.append(
            {
                "name": f"{case}: {draws:,} draws x {ACTORS} actors x {ISSUES} issues",
                "figure": round(found["seconds"], 2),
                "unit": "s",
                "bar": bar,
                "memory_mb": round(found["memory_mb"], 1),
                "versus": f"plain loops {plain} s (one thread, extrapolated from {FEW} draws); {note}",
            }
        )
    return rows


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "talks"))  # for plain.py
        print(json.dumps(measure(sys.argv[1])))
    else:
        for row in run():
            print(row)
