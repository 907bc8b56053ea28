"""Remove what was built: `make clean`. Python rather than `rm`, so that it works on Windows too."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILT = (".venv", "site", "dist", "build", "out", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis")


def main() -> None:
    """Built folders, and the caches of Python and numba beside the sources."""
    caches = [
        cache for part in ("src", "tests", "scripts", "benchmarks") for cache in (ROOT / part).rglob("__pycache__")
    ]
    for folder in [*(ROOT / name for name in BUILT), *caches]:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
