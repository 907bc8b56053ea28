"""Archives read into one Parquet table of statements: streamed, on all processors, and resumed after an interruption.

Pages are read in chunks; the rows of a chunk follow those of the chunk before it, so that the table is the same for any
number of workers. What is done is kept in parts beside the table, each of which says from where to go on.
"""

from __future__ import annotations

import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from detente.analysis.blocks import in_order
from detente.errors import Fault, InputError
from detente.evidence.archive import Page, pages, size_of
from detente.evidence.documents import document
from detente.evidence.findings import words_of
from detente.evidence.reading import Reader, Reading, reader
from detente.files import replacing
from detente.machine import time_limit

CHUNK = 8  # pages that a worker takes at once
AHEAD = 4  # chunks a worker that are under way
PART = 64  # chunks in a part: what an interruption can lose
LONGEST = 200_000  # characters of a page's text that are read
SECONDS = 60  # by the clock, which a page of the longest text takes a quarter of
RENEWED = 50  # chunks after which a process gives way to a new one, so that no memory is kept
Told = Callable[..., None]


@dataclass(frozen=True)
class How:
    """Which reader reads, in what can be sent to another process: see `reader`."""

    fast: bool = False
    model: str | None = None
    recall: float | None = None


@dataclass(frozen=True)
class Done:
    """What became of an archive: pages read, statements found, pages refused, as broken or without text."""

    pages: int
    statements: int
    refused: int
    seconds: float
    resumed: int  # pages of these that an earlier run had read


def read_archive(
    source: Path,
    out: Path,
    how: How,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Told | None = None,
) -> Done:
    """Read every page of `source` (a web archive or a folder) into the Parquet file `out`; go on where a run was stopped.

    A few chunks a worker are under way at once, so memory stays flat however long the archive is. Raises `InputError` where
    the source cannot be read, or the parts beside `out` are of another archive or another reader.
    """
    started = time.monotonic()
    reader_of(how)  # a model that cannot be loaded is told here, once
    parts = _Parts(out, {"source": source.name, "size": size_of(source), **asdict(how), "reader": reader_of(how).name})
    state = parts.resume()
    resumed = state["pages"]
    chunks = _chunks(pages(source, state["place"]))
    read = in_order(partial(_read, how), chunks, workers=workers, executor=executor, own=_processes, ahead=AHEAD)
    with closing(read) as results:
        rows: list[dict[str, Any]] = []
        for number, (found, refused, count, place) in enumerate(results, 1):
            rows += found
            state = {
                "pages": state["pages"] + count,
                "statements": state["statements"] + sum(row["finding"] == "statement" for row in found),
                "refused": state["refused"] + refused,
                "place": place,
            }
            if number % PART == 0:
                parts.add(rows, state)
                rows = []
            if progress:
                rate = (state["pages"] - resumed) / max(time.monotonic() - started, 1e-9)
                progress(place, parts.key["size"], "reading pages", f": {state['pages']:,}, {rate:.1f} a second")
        parts.add(rows, state)
    parts.join()
    return Done(state["pages"], state["statements"], state["refused"], time.monotonic() - started, resumed)


def _chunks(found: Iterator[Page]) -> Iterator[tuple[Page, ...]]:
    while chunk := tuple(islice(found, CHUNK)):
        yield chunk


@lru_cache(maxsize=2)
def reader_of(how: How) -> Reader:
    """The reader, loaded once a process."""
    return reader(fast=how.fast, model=Path(how.model) if how.model else None, recall=how.recall)


def _read(how: How, chunk: tuple[Page, ...]) -> tuple[list[dict[str, Any]], int, int, int]:
    """The rows of a chunk, how many of its pages are refused, how many there are, and the place of the last."""
    rows: list[dict[str, Any]] = []
    refused = 0
    for page in chunk:
        try:
            with time_limit(SECONDS):
                rows += list(rows_of(_reading(how, page), page.place))
        except TimeoutError:
            refused += 1
            rows.append(_refusal(page, f"takes longer than {SECONDS} seconds to read"))
        except InputError as error:
            refused += 1
            rows.append(_refusal(page, error.faults[0].found))
        except Exception as error:  # one page in a million that breaks the reader is told, and stops nothing
            refused += 1
            rows.append(_refusal(page, f"breaks the reader: {type(error).__name__}: {error}"[:200]))
    return rows, refused, len(chunk), chunk[-1].place


def _reading(how: How, page: Page) -> Reading:
    if page.fault is not None:
        raise InputError(Fault(page.fault, "expected a whole page", file=page.name))
    found = document(page.data, page.name)
    if page.url and not found.url:
        found = replace(found, url=page.url)
    if found.date is None and page.crawled is not None:
        found = replace(found, date=page.crawled, date_from="crawled by")
    return reader_of(how)(replace(found, text=found.text[:LONGEST], plain=found.plain[:LONGEST]))


def _refusal(page: Page, why: str) -> dict[str, Any]:
    """The row of a page that was not read, with the reason as its content."""
    return {"place": page.place, "name": page.name, "url": page.url, "finding": "refused", "number": 0, "content": why}


def rows_of(found: Reading, place: int = 0) -> Iterator[dict[str, Any]]:
    """A row for each statement and each shift of a document; columns as in `COLUMNS`."""
    document, text = found.document, found.document.text
    common = {
        "place": place,
        "document": document.sha256,
        "name": document.name,
        "url": document.url,
        "title": document.title,
        "publisher": document.publisher,
        "date": document.date,
        "date_from": document.date_from,
        "reader": found.model,
    }
    speakers, stances = found.findings.speakers, found.findings.stances
    for number, said in enumerate(found.statements):
        who = speakers[number] if number < len(speakers) else None
        stance = stances[number] if number < len(stances) else None
        source = text[slice(*said.source)] if said.source else None
        yield {
            **common,
            "finding": "statement",
            "number": number,
            "source": source,
            "speaker": (who.name if who else None) or source,
            "represents": who.represents if who else None,
            "cue": text[slice(*said.cue)] if said.cue else None,
            "content": words_of(text, said.content),
            "start": said.content[0][0] if said.content else None,
            "end": said.content[-1][1] if said.content else None,
            "kind": said.kind,
            "negated": said.negated,
            "earlier": said.earlier,
            "attitude": said.attitude,
            "stance": stance.cls if stance else None,
            "code": stance.code if stance else None,
            "confidence": said.confidence,
        }
    for number, shift in enumerate(found.findings.shifts):
        yield {
            **common,
            "finding": "shift",
            "number": number,
            "speaker": shift.actor.name,
            "represents": shift.actor.represents,
            "content": words_of(text, shift.evidence),
            "start": shift.evidence[0][0],
            "end": shift.evidence[-1][1],
            "kind": shift.direction,
            "confidence": shift.confidence,
        }


COLUMNS: dict[str, str] = {
    "place": "int64",
    **dict.fromkeys(("document", "name", "url", "title", "publisher"), "string"),
    "date": "date32",
    **dict.fromkeys(("date_from", "reader", "finding"), "string"),
    "number": "int32",
    **dict.fromkeys(("source", "speaker", "represents", "cue", "content"), "string"),
    **dict.fromkeys(("start", "end"), "int32"),
    "kind": "string",
    **dict.fromkeys(("negated", "earlier", "attitude"), "bool_"),
    **dict.fromkeys(("stance", "code"), "string"),
    "confidence": "float32",
}


class _Parts:
    """Parts of a table on the way, in a folder beside it, each with how far the work was when it was written."""

    def __init__(self, out: Path, key: dict[str, Any]) -> None:
        self.out, self.key = out, key
        self.folder = out.with_name(f"{out.name}.parts")

    def resume(self) -> dict[str, int]:
        """How far an earlier run came; a new folder where there was none."""
        start = {"pages": 0, "statements": 0, "refused": 0, "place": -1}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            about = self.folder / "about.json"
            if not about.exists():
                with replacing(about) as temporary:
                    temporary.write_text(json.dumps(self.key), encoding="utf-8")
            if json.loads(about.read_text(encoding="utf-8")) != self.key:
                expected = f"expected the same archive, reader and options: remove {self.folder} to begin anew"
                raise InputError(Fault("was begun for something else", expected, file=str(self.folder)))
            done = self._files()
            return start if not done else dict(json.loads(self._about(done[-1])))
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            raise InputError(
                Fault(f"could not be written: {reason}", "expected a place that can be written", file=str(self.folder))
            ) from error

    def add(self, rows: list[dict[str, Any]], state: dict[str, int]) -> None:
        """Write a part, whole or not at all."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema = _schema().with_metadata({"detente": json.dumps(state)})
        table = pa.Table.from_pylist(rows, schema=schema)
        with replacing(self.folder / f"{len(self._files()):06d}.parquet") as temporary:
            pq.write_table(table, temporary, compression="zstd")

    def join(self) -> None:
        """The table of all parts, which are removed once it is there."""
        import pyarrow.parquet as pq

        with replacing(self.out) as temporary, pq.ParquetWriter(temporary, _schema(), compression="zstd") as writer:
            for file in self._files():
                writer.write_table(pq.read_table(file).replace_schema_metadata(None))
        shutil.rmtree(self.folder)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.parquet"))

    def _about(self, file: Path) -> str:
        import pyarrow.parquet as pq

        return str((pq.read_schema(file).metadata or {})[b"detente"].decode())


def _schema() -> Any:
    import pyarrow as pa

    return pa.schema([(name, getattr(pa, kind)()) for name, kind in COLUMNS.items()])


def _processes(workers: int) -> Executor:
    """Processes, since reading is Python's own work; each gives way to a new one after a while."""
    return ProcessPoolExecutor(workers, get_context("spawn"), _deaf, max_tasks_per_child=RENEWED)


def _deaf() -> None:
    """An interruption is for the process that the user sees; it ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
