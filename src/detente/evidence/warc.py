"""The records of a web archive and their bodies. What is damaged costs itself: reading goes on at the next whole record."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import IO, Any

LIMIT_PAGE = 2_000_000  # bytes of one page; what comes after them is left
BLOCK = 1 << 20  # bytes looked through at once for the next record
MOST_FAILURES = 1_000  # beginnings in a row at which no record was, before the rest is given up
# How a record begins: as itself, or as a member of gzip, zstd or lz4.
BEGINNING = re.compile(rb"\x1f\x8b\x08|WARC/1\.\d\r?\n|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18")
OVERLAP = 16


def records(stream: IO[bytes], start: int) -> Iterator[tuple[Any, int]]:
    """The answers in an archive from byte `start` on, each with its place; for a damaged stretch, what was wrong and its end.

    A stretch's place is the byte before the next record, so that reading can go on from there. Raises `ImportError` where
    what reads archives is not installed, and what that raised where nothing whole follows for long.
    """
    failures = 0
    wrong: Exception | None = None
    while True:
        at = start
        try:
            for record in _from(stream, start):
                at = int(record.stream_pos)
                if wrong is not None:
                    yield wrong, at - 1
                failures, wrong = 0, None
                yield record, at
        except ImportError:
            raise
        except Exception as error:  # whatever the library raises at a broken archive is a fault of the archive
            failures += 1
            wrong = wrong or error
            if failures > MOST_FAILURES:
                raise wrong from None
        else:
            at = -1
        beginning = None if at < 0 else _next_beginning(stream, at + 1)
        if beginning is None:
            if wrong is not None:
                yield wrong, stream.seek(0, 2)
            return
        start = beginning


def _from(stream: IO[bytes], start: int) -> Iterator[Any]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    stream.seek(start)
    yield from ArchiveIterator(stream, record_types=wanted, parse_http=False)


def _next_beginning(stream: IO[bytes], at: int) -> int | None:
    """The first byte from `at` on where a record may begin."""
    while True:
        stream.seek(at)
        block = stream.read(BLOCK + OVERLAP)
        if found := BEGINNING.search(block):
            return at + found.start()
        if len(block) <= OVERLAP:
            return None
        at += BLOCK


def body_of(record: Any) -> bytes:
    """What a record's answer holds, decoded, up to `LIMIT_PAGE` bytes however far it swells.

    Raises `ValueError` where it is in a coding that is not known, or not in the one it names.
    """
    data = bytes(record.reader.read(LIMIT_PAGE))
    answer = record.http_headers
    if answer is None:
        return data
    codings = [str(answer.get(name) or "") for name in ("Content-Encoding", "Transfer-Encoding")]
    for coding in reversed([one.strip().lower() for one in ",".join(codings).split(",") if one.strip()]):
        data = _decoded(data, coding)
    return data


def _decoded(data: bytes, coding: str) -> bytes:
    if coding == "identity":
        return data
    if coding == "chunked":
        return _joined(data)
    if coding in ("gzip", "x-gzip", "deflate"):
        return _inflated(data)
    if coding == "br":
        return _from_brotli(data)
    raise ValueError(f"is in a coding that is not known ({coding[:40]})")


def _joined(data: bytes) -> bytes:
    """Chunks joined; what is in none, as where a crawler has joined them, is taken as it stands."""
    parts = []
    at = 0
    while head := re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n").match(data, at):
        size = int(head[1], 16)
        parts.append(data[head.end() : head.end() + size])
        at = head.end() + size
        at += 2 if data[at : at + 2] == b"\r\n" else data[at : at + 1] == b"\n"
        if not size:
            break
    return b"".join(parts) if parts else data


def _inflated(data: bytes) -> bytes:
    """Gzip or deflate, with its header or without; what is neither, as where a crawler has inflated it, as it stands."""
    if data[:2] != b"\x1f\x8b" and data.lstrip()[:1] == b"<":
        return data
    for bits in (47, -15):
        try:
            if found := zlib.decompressobj(bits).decompress(data, LIMIT_PAGE):
                return found
        except zlib.error:
            continue
    raise ValueError("is not in the coding it names (gzip)")


def _from_brotli(data: bytes) -> bytes:
    import brotli  # comes with fastwarc

    try:
        found: bytes = brotli.Decompressor().process(data, output_buffer_limit=LIMIT_PAGE)
    except brotli.error:
        found = b""
    if not found and data.lstrip()[:1] == b"<":
        return data
    if not found:
        raise ValueError("is not in the coding it names (br)")
    return found[:LIMIT_PAGE]
