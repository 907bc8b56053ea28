"""Kernels kept on disk: compiled once, and again when anything that went into them has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

KERNELS = {
    "inner": "from detente.compiling import njit\n\n\n@njit(cache=True)\ndef inner(x):\n    return x + 1\n",
    "middle": "from inner import inner\nfrom settings import FACTOR\nfrom detente.compiling import njit\n\n\n"
    "@njit(cache=True)\ndef middle(x):\n    return FACTOR * inner(x)\n",
    "outer": "from middle import middle\nfrom detente.compiling import njit\n\n\n"
    "@njit(cache=True)\ndef outer(x):\n    return middle(x)\n",
    "settings": "FACTOR = 10\n",
}
ASK = "from outer import outer; print(outer(1), sum(outer.stats.cache_hits.values()))"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in KERNELS.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def ask(folder: Path) -> str:
    """What a new process gets, and how often it took the machine code from disk."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("NUMBA_")},
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "src")]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def change(file: Path, old: str, new: str) -> None:
    """The text changed, of the same size and date: what numba itself looks at."""
    before = file.stat()
    text = file.read_text(encoding="utf-8")
    assert old in text and len(old) == len(new)
    file.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_is_kept_is_used_until_something_that_it_rests_on_changes(folder: Path) -> None:
    assert [ask(folder), ask(folder)] == ["20 0", "20 1"]
    change(folder / "inner.py", "x + 1", "x + 4")  # two modules away; numba alone would print 20 again
    assert [ask(folder), ask(folder)] == ["50 0", "50 1"]
    change(folder / "settings.py", "10", "20")
    assert [ask(folder), ask(folder)] == ["100 0", "100 1"]


def test_kernels_load_no_linear_algebra_and_a_function_that_needs_it_does() -> None:
    code = (
        "import sys, numpy as np, numba; from detente.graph.options_kernel import counting_order\n"
        "assert counting_order(np.array([1, 0], np.int32), 1).tolist() == [1, 0]\n"
        "assert 'scipy.linalg' not in sys.modules\n"
        "product = numba.njit(lambda a, b: (np.dot(a, a), np.convolve(b, b), np.linalg.det(a)))\n"
        "print([np.round(part, 9).tolist() for part in product(2 * np.eye(2), np.ones(2))])"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == (
        "[[[4.0, 0.0], [0.0, 4.0]], [1.0, 2.0, 1.0], 4.0]",
        "",
    )


def test_every_kernel_of_the_package_is_compiled_so() -> None:
    for file in (ROOT / "src" / "detente").rglob("*.py"):
        if file.name != "compiling.py" or file.parent.name == "outcome":
            text = file.read_text(encoding="utf-8")
            assert "import numba" not in text and "from numba" not in text, file
