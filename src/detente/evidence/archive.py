"""The documents in a web archive or a folder, one after another, each with the place from which reading can go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError

LIMIT_PAGE = 2_000_000  # bytes of one page; what comes after them is left
TEXT_TYPES = ("text/html", "application/xhtml", "text/plain", "text/markdown", "application/pdf")
SUFFIXES = {".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf"}
ARCHIVE_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
EXPECTED = "expected a web archive (.warc, .warc.gz) or a folder of documents"


@dataclass(frozen=True)
class Page:
    """The bytes of one document; ``place`` orders the pages of a source (a byte offset, or a number in a folder)."""

    data: bytes
    name: str
    place: int
    url: str | None = None
    crawled: dt.date | None = None


def is_archive(source: str | Path) -> bool:
    """Whether a source holds many documents: a folder, or a file named as a web archive is.

    >>> is_archive("news.warc.gz"), is_archive("report.txt")
    (True, False)
    """
    return str(source).lower().endswith(ARCHIVE_SUFFIXES) or Path(source).is_dir()


def size_of(source: Path) -> int:
    """What `Page.place` counts up to: the bytes of an archive, the files of a folder. `InputError` if it cannot be read."""
    if source.is_dir():
        return len(_files(source))
    try:
        return source.stat().st_size
    except OSError as error:
        raise InputError(Fault(f"could not be read: {_reason(error)}", EXPECTED, file=str(source))) from error


def pages(source: Path, after: int = -1) -> Iterator[Page]:
    """The pages of `source` whose place is beyond `after`. An archive that is cut short gives what it holds whole.

    Raises `InputError` where the source cannot be read at all.
    """
    if source.is_dir():
        yield from _of_folder(source, after)
    else:
        yield from _of_warc(source, after)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())


def _of_folder(folder: Path, after: int) -> Iterator[Page]:
    for place, file in enumerate(_files(folder)):
        if place > after:
            try:
                with file.open("rb") as opened:
                    data = opened.read(LIMIT_PAGE)
            except OSError:
                data = b""  # told as a page that holds no text
            yield Page(data, file.relative_to(folder).as_posix(), place)


def _of_warc(file: Path, after: int) -> Iterator[Page]:
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError as error:
        found = "is a web archive, and what reads those is not installed"
        raise InputError(Fault(found, "expected: pip install 'detente[archive]'", file=str(file))) from error
    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    try:
        with file.open("rb") as stream:
            stream.seek(max(after, 0))
            count = 0
            for record in ArchiveIterator(stream, record_types=wanted, auto_decode="all"):
                place = int(record.stream_pos)
                count += 1
                if place > after and (page := _page(record, place)) is not None:
                    yield page
            if not count and after < 0:
                raise InputError(Fault("holds no page", EXPECTED, file=str(file)))
    except InputError:
        raise
    except Exception as error:  # whatever the library raises at a broken archive is a fault of the archive
        found = f"could not be read: {_reason(error)}"
        raise InputError(Fault(found, EXPECTED, file=str(file))) from error


def _page(record: Any, place: int) -> Page | None:
    """A record as a page, None where it is no document or no answer of success."""
    kind = (record.http_content_type or record.headers.get("Content-Type") or "").lower()
    status = record.http_headers.status_code if record.http_headers is not None else 200
    if status != 200 or not any(known in kind for known in TEXT_TYPES):
        return None
    url = record.headers.get("WARC-Target-URI")
    return Page(record.reader.read(LIMIT_PAGE), url or f"record at {place}", place, url, _day(record))


def _day(record: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(record.headers.get("WARC-Date"))[:10])
    except ValueError:
        return None


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).lower()
