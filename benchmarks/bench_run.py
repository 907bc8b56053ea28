"""The whole program: start-up, `detente run`, Sobol indices, a million draws, two workers against one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

# A child says how much memory it took at most, in MB.
_PEAK = "import sys; from detente.machine import peak_mb; sys.stderr.write(f'PEAK {peak_mb()}\\n')"


def _child(code: str) -> tuple[float, float, str]:
    """Seconds of the whole process, its peak memory in MB, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{_PEAK}"], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    seconds = time.perf_counter() - start
    peak = next(line for line in done.stderr.splitlines() if line.startswith("PEAK"))
    return seconds, float(peak.split()[1]), done.stdout


def _command(*words: str) -> str:
    """Code that runs a command of detente and goes on afterwards."""
    return (
        f"import sys; sys.argv = {['detente', *words]!r}\n"
        "from detente import cli\n"
        "try:\n    cli.main()\nexcept SystemExit as end:\n    assert not end.code, end.code"
    )


def _best(code: str, times: int) -> tuple[float, float]:
    runs = [_child(code)[:2] for _ in range(times)]
    return min(seconds for seconds, _ in runs), max(memory for _, memory in runs)


def help_starts() -> dict[str, Any]:
    """`detente --help`, a whole process."""
    seconds, memory = _best(_command("--help"), 5)
    bare, _ = _best("pass", 5)
    return {
        "name": "detente --help",
        "figure": seconds,
        "unit": "s",
        "bar": 0.3,
        "memory_mb": memory,
        "versus": f"Python alone, doing nothing: {bare:.2f} s",
    }


def run_syria() -> dict[str, Any]:
    """`detente run syria-2015`, a whole process, compiled code on disk already."""
    code = _command("run", "syria-2015", "--quiet")
    _child(code)
    seconds, memory = _best(code, 3)
    return {
        "name": "detente run syria-2015: 10,000 draws, all models, rounds (warm)",
        "figure": seconds,
        "unit": "s",
        "bar": 3.0,
        "memory_mb": memory,
        "versus": f"readiness alone in plain loops: {_plain_readiness():.0f} s for as many draws (from 200)",
    }


def _plain_readiness() -> float:
    """Seconds that the tests' plain statement of readiness takes for 10,000 draws of syria-2015."""
    from tests.talks.plain import one_draw, readiness

    from detente.analysis.study import Study
    from detente.api import situation

    inputs = Study(situation("syria-2015"), draws=200).block(0).talks_inputs
    start = time.perf_counter()
    for draw in range(200):
        readiness(one_draw(inputs, draw))
    return (time.perf_counter() - start) * 50


def sobol_forty() -> dict[str, Any]:
    """Sobol indices of 40 inputs of syria-2015 with 1,024 base samples."""
    code = (
        "import dataclasses, json, time\n"
        "from detente.api import situation\n"
        "from detente.analysis.study import Study\n"
        "from detente.analysis.sensitivity import sensitivity\n"
        "from detente.scenario.distributions import Exact\n"
        "whole = situation('syria-2015')\n"
        "ref = lambda n: getattr(n.quantity, 'refs', ())\n"
        "free = [p for p, n in whole.numbers.items() if not n.quantity.is_exact and not ref(n)][:39]\n"
        "fix = lambda p, n: n if p in free or ref(n) else "
        "dataclasses.replace(n, quantity=Exact(float(n.quantity.central())))\n"
        "study = Study(dataclasses.replace(whole, numbers={p: fix(p, n) for p, n in whole.numbers.items()}))\n"
        "start = time.perf_counter()\n"
        "found = sensitivity(study, measure='convene', base=1024, workers=2)\n"
        "print(json.dumps([len(found.inputs), time.perf_counter() - start]))"
    )
    _, memory, out = _child(code)
    inputs, seconds = json.loads(out)
    evaluations = (inputs + 2) * 1024
    return {
        "name": f"Sobol, {inputs} inputs, 1,024 base samples (convene)",
        "figure": seconds,
        "unit": "s",
        "bar": 10.0,
        "memory_mb": memory,
        "versus": f"{evaluations:,} evaluations; plain loops: {_plain_readiness() * evaluations / 10_000:.0f} s",
    }


def million_draws() -> dict[str, Any]:
    """Peak memory of `detente run` with a million draws."""
    seconds, memory, _ = _child(_command("run", "syria-2015", "--draws", "1000000", "--quiet"))
    return {
        "name": "memory of detente run with 1,000,000 draws",
        "figure": memory,
        "unit": "MB",
        "bar": 1500.0,
        "memory_mb": memory,
        "versus": f"{seconds:.0f} s in all, two workers",
    }


def two_workers() -> dict[str, Any]:
    """How many times as fast two workers are as one, on work of 20 s or more."""
    code = (
        "import json, time\n"
        "from detente.analysis.study import Study\n"
        "from detente.api import run, situation\n"
        "study = Study(situation('syria-2015'), draws=150_000)\n"
        "run(Study(study.situation, draws=100))\n"
        "found = {}\n"
        "for workers in (1, 2):\n"
        "    start = time.perf_counter()\n"
        "    found[workers] = run(study, workers=workers).to_json(), time.perf_counter() - start\n"
        "assert found[1][0] == found[2][0]\n"
        "print(json.dumps([found[1][1], found[2][1]]))"
    )
    _, memory, out = _child(code)
    one, two = json.loads(out)
    return {
        "name": "two workers against one: run, 150,000 draws",
        "figure": one / two,
        "unit": "x",
        "bar": 1.6,
        "memory_mb": memory,
        "versus": f"one worker {one:.1f} s, two {two:.1f} s, the same bytes",
    }


def run() -> list[dict[str, Any]]:
    """Every figure of this file."""
    return [help_starts(), run_syria(), sobol_forty(), million_draws(), two_workers()]
