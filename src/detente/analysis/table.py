"""A tidy table of draws: a row a draw, a column a number or measure; written block by block, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

import numpy as np

from detente.analysis import measures
from detente.analysis.blocks import Progress, map_blocks
from detente.analysis.study import Study
from detente.arrays import Floats
from detente.errors import UsageError
from detente.files import replacing

Columns = dict[str, Floats]


def _block(study: Study, names: list[str], number: int) -> Columns:
    evaluation = study.block(number)
    size = evaluation.size
    found: Columns = {"draw": np.arange(evaluation.values.start, evaluation.values.start + size).astype(np.float64)}
    for path in study.situation.numbers:
        found[path] = np.broadcast_to(evaluation.values.used[path], (size,))
    for name in names:
        found[name] = measures.measure(study.situation, name)(evaluation)
    return found


def blocks_of_draws(
    study: Study, *, workers: int = 1, executor: Executor | None = None, progress: Progress | None = None
) -> Iterator[Columns]:
    """Every draw's numbers (as used, after levers) and measures, a block at a time."""
    names = measures.names(study.situation)
    if study.central:
        names = [name for name in names if not measures.measure(study.situation, name).chance]
    task = partial(_block, study, names)
    return map_blocks(task, study.blocks, workers=workers, executor=executor, progress=progress, what="table of draws")


def write_table(
    study: Study, file: Path, *, workers: int = 1, executor: Executor | None = None, progress: Progress | None = None
) -> int:
    """Write the table as CSV or, where the name ends so, Parquet (extra ``frame``); returns the number of rows."""
    blocks = blocks_of_draws(study, workers=workers, executor=executor, progress=progress)
    if file.suffix == ".parquet":
        return _write_parquet(blocks, file)
    return _write_csv(blocks, file)


def _write_csv(blocks: Iterator[Columns], file: Path) -> int:
    rows = 0
    with replacing(file) as temporary, open(temporary, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for number, columns in enumerate(blocks):
            if number == 0:
                writer.writerow(columns)
            cells = [
                [str(int(v)) if float(v).is_integer() else "" if v != v else f"{v:.12g}" for v in column.tolist()]
                for column in columns.values()
            ]
            writer.writerows(zip(*cells, strict=True))
            rows += len(cells[0])
    return rows


def _write_parquet(blocks: Iterator[Columns], file: Path) -> int:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise UsageError("--csv: writing .parquet needs pyarrow: pip install 'detente[frame]'") from error
    rows = 0
    with replacing(file) as temporary:
        writer = None
        try:
            for columns in blocks:
                table = pa.table({name: np.ascontiguousarray(values) for name, values in columns.items()})
                writer = writer or pq.ParquetWriter(temporary, table.schema)
                writer.write_table(table)
                rows += table.num_rows
        finally:
            if writer:
                writer.close()
    return rows
