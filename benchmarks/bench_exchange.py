"""Speed of the exchange model: ten iterations of a case of 15 actors and 13 issues, exactly and in floating point.

``python -m benchmarks exchange`` prints the table. Processor time, the best of three; compiling is not counted. The
talks of Paris 2015 are read from ../shared/data where they are; a made-up case of that size is always measured.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from detente.arrays import OutcomeInputs
from detente.outcome import registry

ACTORS, ISSUES, ITERATIONS = 15, 13, 10
BARS = {"decimal": 1.5, "float": 0.3}
PARIS = Path(__file__).resolve().parents[2] / "shared" / "data" / "climate-talks" / "cop21_tidy.csv"


def case(position: np.ndarray, salience: np.ndarray, capability: np.ndarray) -> OutcomeInputs:
    """One draw of a case on scales of 0 to 100."""
    issues = position.shape[1]
    return OutcomeInputs(
        position=position[None],
        salience=salience[None],
        capability=capability[None],
        status_quo=np.zeros((1, issues)),
        low=np.zeros(issues),
        high=np.full(issues, 100.0),
    )


def made_up() -> OutcomeInputs:
    """Coded numbers, so that gains tie as they do in data."""
    rng = np.random.default_rng(0)
    shape = (ACTORS, ISSUES)
    return case(rng.integers(0, 11, shape) * 10.0, rng.integers(4, 21, shape) / 20, rng.integers(1, 5, ACTORS) / 4)


def paris() -> OutcomeInputs:
    """The case of the file."""
    with PARIS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    actors, issues = ([*dict.fromkeys(row[key] for row in rows)] for key in ("actor", "issue"))
    position = np.full((len(actors), len(issues)), np.nan)
    salience, capability = np.zeros(position.shape), np.zeros(len(actors))
    for row in rows:
        a, p = actors.index(row["actor"]), issues.index(row["issue"])
        position[a, p], salience[a, p] = float(row["position"]), float(row["salience"])
        capability[a] = float(row["power"])
    return case(position, salience, capability)


def best(task: Callable[[], Any], repeats: int = 3) -> float:
    """The least processor time of a few runs."""
    task()  # compiles
    times = []
    for _ in range(repeats):
        start = time.process_time()
        task()
        times.append(time.process_time() - start)
    return min(times)


def run() -> list[dict[str, Any]]:
    """A row a case and arithmetic."""
    model = registry.get("exchange")
    cases = {f"made-up, {ACTORS} x {ISSUES}": made_up()}
    if PARIS.is_file():
        cases["Paris 2015"] = paris()
    else:
        print("Paris 2015 is left out: no ../shared/data/climate-talks/cop21_tidy.csv")
    return [
        {
            "name": f"exchange, {name}, {ITERATIONS} iterations, {kind}",
            "figure": best(lambda g=given, k=kind: model.run(g, iterations=ITERATIONS, ties="listed", arithmetic=k)),
            "unit": "s",
            "bar": bar if name == "Paris 2015" or kind == "float" else None,
            "memory_mb": None,
            "versus": "the published program: 14.9 s for Paris (measured elsewhere)"
            if name.startswith("Paris")
            else None,
        }
        for name, given in cases.items()
        for kind, bar in BARS.items()
    ]


if __name__ == "__main__":
    from benchmarks.__main__ import show

    for row in run():
        print(show(row))
