"""Run every benchmark: python -m benchmarks [NAME...] [--save].

Each ``bench_NAME.py`` has ``run()``: rows of name, figure, unit, bar, memory_mb, versus. A figure is
to stay at or below its bar, or, where the unit is of `MORE` (so many times as fast, words a second), at or above it. ``--save`` keeps the rows
in benchmarks/results.json, with what they were measured on.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import textwrap
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
Row = dict[str, Any]
MORE = ("x", "w/s")  # units of which more is better


def holds(row: Row) -> bool | None:
    """Whether a figure keeps to its bar; None where it has none."""
    if row.get("bar") is None:
        return None
    return row["figure"] >= row["bar"] if row["unit"] in MORE else row["figure"] <= row["bar"]


def show(row: Row) -> str:
    """A row in 80 columns, what it is measured against below it."""
    unit = row["unit"]
    bar = "" if row.get("bar") is None else f"{'>=' if unit in MORE else '<='} {row['bar']:g} {unit}"
    verdict = {True: "ok", False: "MISSED", None: ""}[holds(row)]
    memory = "" if row.get("memory_mb") is None else f"{row['memory_mb']:,.0f} MB"
    name = textwrap.wrap(row["name"], 38) or [""]
    first = f"{name[0]:<38}{row['figure']:>10,.3g} {unit:<3}{bar:>11}{memory:>9} {verdict:<6}"
    more = [f"  {line}" for line in name[1:]]
    versus = textwrap.wrap(row.get("versus") or "", 76, initial_indent="    ", subsequent_indent="    ")
    return "\n".join([first.rstrip(), *more, *versus])


def machine() -> Row:
    """What the figures were measured on."""
    import numpy

    return {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
    }


def main() -> None:
    """Run the benchmarks named, or all; end with status 1 where a bar was missed."""
    names = [word for word in sys.argv[1:] if not word.startswith("-")]
    files = sorted(HERE.glob("bench_*.py"))
    known = [file.stem.removeprefix("bench_") for file in files]
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"benchmarks: no {', '.join(unknown)}; expected any of {', '.join(known)}")
    on = machine()
    print(f"Python {on['python']}, numpy {on['numpy']}, {on['system']}, {on['processors']} processors")
    print(f"{'':<38}{'measured':>10}     {'bar':>11}{'memory':>9}")
    rows: list[Row] = []
    for name in names or known:
        for row in importlib.import_module(f"benchmarks.bench_{name}").run():
            rows.append(row)
            print(show(row), flush=True)
    if "--save" in sys.argv[1:]:
        text = json.dumps({"machine": on, "rows": rows}, indent=1, ensure_ascii=False) + "\n"
        (HERE / "results.json").write_text(text, encoding="utf-8")
        print("wrote benchmarks/results.json")
    missed = [row["name"] for row in rows if holds(row) is False]
    sys.exit(f"{len(missed)} of {len(rows)} missed: {'; '.join(missed)}" if missed else 0)


if __name__ == "__main__":
    main()
