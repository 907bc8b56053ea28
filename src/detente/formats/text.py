"""Text of other programs: encodings, tables with the line of every row, numbers as people type them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from detente.errors import Fault, InputError

DELIMITERS = (",", ";", "\t", "|")

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A spreadsheet takes a cell that begins so for a formula; with an apostrophe before it, for text.
_FORMULA = tuple("=+-@\t\r")


def decode(data: bytes, file: str) -> tuple[str, str]:
    """The text of a file and its encoding: by its byte order mark, else UTF-8, else Windows-1252.

    Raises `InputError` where it is no text.

    >>> decode("Türkiye".encode("cp1252"), "f.csv")
    ('Türkiye', 'windows-1252')
    """
    mark, encoding = next((pair for pair in _MARKS if data.startswith(pair[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if mark:
            found = f"found a byte order mark of {encoding.upper()}, and bytes that are not at offset {error.start}"
            raise InputError(Fault(found, "expected text in one encoding", file=file)) from None
        encoding = "windows-1252"
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as other:
            found = f"found no text: byte 0x{data[other.start]:02x} at offset {other.start}"
            raise InputError(Fault(found, "expected text in UTF-8, UTF-16 or Windows-1252", file=file)) from None
    bad = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        found = f"found no text: character U+{ord(bad[0]):04X}"
        raise InputError(Fault(found, "expected a text file", file=file, line=line))
    return text, encoding


def beginning(data: bytes) -> str:
    """The first of a file's text, whatever it is, to tell its kind by; never raises.

    >>> beginning("a,b".encode("utf-16"))
    'a,b'
    """
    mark, encoding = next((pair for pair in _MARKS if data.startswith(pair[0])), (b"", "utf-8"))
    return data[len(mark) :][:100_000].decode(encoding, errors="replace")


def rows(text: str, file: str, delimiter: str, quote: str = '"') -> Iterator[tuple[int, list[str]]]:
    """The rows of a table, each with the line that it begins on; blank lines are left out, cells are trimmed.

    Raises `InputError` where quotes do not match.

    >>> list(rows("a;b\\n\\n1; 2", "f.csv", ";"))
    [(1, ['a', 'b']), (3, ['1', '2'])]
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote, strict=True)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "a quoted cell that is not closed well" if "expected" in str(error) else str(error)
            reason = "a quote that is never closed" if "unexpected end" in str(error) else reason
            raise InputError(Fault(f"found {reason}", "expected a table of cells", file=file, line=line)) from None
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield line, cells
        line = reader.line_num + 1


def number(text: str, *, comma: bool = False) -> Decimal | None:
    """The number that a cell holds, exactly, or None where it holds none; with `comma` it may be a decimal comma.

    >>> number("0,75", comma=True), number("1e3"), number("nan"), number("about 3")
    (Decimal('0.75'), Decimal('1E+3'), None, None)
    """
    if comma and re.fullmatch(r"[-+]?\d*,\d+", text):
        text = text.replace(",", ".")
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", text):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if abs(value) < Decimal("1e300") else None


def thousands(text: str) -> bool:
    """Whether a comma in a number may as well divide thousands as decimals.

    >>> [thousands(cell) for cell in ("1,234", "-20,000", "7,5", "0,125", "1,2345")]
    [True, True, False, False, False]
    """
    return re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", text) is not None


def safe(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula; `unsafe` takes it back.

    >>> safe("=1+1"), unsafe(safe("=1+1")), safe("plain")
    ("'=1+1", '=1+1', 'plain')
    """
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def unsafe(cell: str) -> str:
    """The text of a cell that `safe` wrote."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")) else cell


def table(header: Sequence[str], lines: Sequence[Sequence[str]], delimiter: str = ",", quote: str = '"') -> bytes:
    """A table as CSV in UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quotechar=quote, lineterminator="\n")
    writer.writerows([header, *lines])
    return out.getvalue().encode()
