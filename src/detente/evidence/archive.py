"""The documents in a web archive or a folder, one after another, each with the place from which reading can go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from detente.errors import Fault, InputError
from detente.evidence.warc import LIMIT_PAGE, body_of, records

TEXT_TYPES = ("text/html", "application/xhtml", "text/plain", "text/markdown", "application/pdf")
SUFFIXES = {".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf"}
ARCHIVE_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")
EXPECTED = "expected a web archive (.warc, .warc.gz) or a folder of documents"


@dataclass(frozen=True)
class Page:
    """The bytes of one document; ``place`` orders the pages of a source (a byte offset, or a number in a folder).

    ``fault`` says what is wrong with a page that could not be taken whole, and has no bytes then.
    """

    data: bytes
    name: str
    place: int
    url: str | None = None
    crawled: dt.date | None = None
    fault: str | None = None


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
    """The pages of `source` whose place is beyond `after`. An archive that is cut short, or damaged in places, gives what
    it holds whole, and a page with a fault for what it does not.

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
                    data, fault = opened.read(LIMIT_PAGE), None
            except OSError as error:
                data, fault = b"", f"could not be read: {_reason(error)}"
            yield Page(data, _writable(file.relative_to(folder).as_posix()), place, fault=fault)


def _of_warc(file: Path, after: int) -> Iterator[Page]:
    try:
        with file.open("rb") as stream:
            yield from _of_stream(stream, str(file), after)
    except InputError:
        raise
    except ImportError as error:
        found = "is a web archive, and what reads those is not installed"
        raise InputError(Fault(found, "expected: pip install 'detente[archive]'", file=str(file))) from error
    except Exception as error:  # whatever the library raises at a broken archive is a fault of the archive
        raise InputError(Fault(f"could not be read: {_reason(error)}", EXPECTED, file=str(file))) from error


def _of_stream(stream: IO[bytes], name: str, after: int) -> Iterator[Page]:
    whole = 0
    first: Exception | None = None
    for found, place in records(stream, max(after, 0)):
        if isinstance(found, Exception):
            first = first or found
            page: Page | None = Page(b"", f"bytes up to {place}", place, fault=f"is damaged: {_reason(found)}")
        else:
            whole += 1
            page = _page(found, place)
        if page is not None and place > after:
            yield page
    if not whole and after < 0:
        wrong = f"could not be read: {_reason(first)}" if first else "holds no page"
        raise InputError(Fault(wrong, EXPECTED, file=name))


def _page(record: Any, place: int) -> Page | None:
    """A record as a page, with a fault where it is broken; None where it is no document or no answer of success."""
    name, url = f"record at {place}", None
    try:
        url = _writable(record.headers.get("WARC-Target-URI") or "") or None
        if record.is_http:
            record.parse_http(auto_decode="none")
        kind = (record.http_content_type or record.headers.get("Content-Type") or "").lower()
        status = record.http_headers.status_code if record.http_headers is not None else 200
        if status != 200 or not any(known in kind for known in TEXT_TYPES):
            return None
        return Page(body_of(record), url or name, place, url, _day(record))
    except Exception as error:  # whatever the library raises at a broken record is a fault of the record
        return Page(b"", url or name, place, url, fault=f"is a broken record: {_reason(error)}")


def _writable(name: str) -> str:
    """A name that UTF-8 can write: a file system and an archive may hold bytes that it cannot."""
    return name.encode("utf-8", "replace").decode()


def _day(record: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(record.headers.get("WARC-Date"))[:10])
    except ValueError:
        return None


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).lower()
