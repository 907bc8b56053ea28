"""Documents as text: where it comes from, its date and who says so, and the exact characters that are analysed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from detente.errors import Fault, InputError
from detente.evidence import apart
from detente.evidence.extract import from_html, from_markdown

LIMIT_BYTES = 20_000_000
LIMIT_CHARACTERS = 1_000_000
LIMIT_HERE = 500_000  # characters of HTML that are parsed in this process; no page so small takes long
DATE_IN_NAME = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)([-_./]?)(?P<month>\d\d)\2(?P<day>\d\d)(?!\d)")
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,40})", re.IGNORECASE)
LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype html|html|head|body|article)\b", re.I | re.S
)
ARCHIVES = {
    b"PK\x03\x04": "a zip archive or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"WARC/": "a web archive",
}
EXPECTED = "expected plain text, Markdown, HTML, or a PDF with a text layer"


@dataclass(frozen=True)
class Document:
    """A document's text as it is analysed, and what is known of it.

    Every span in an answer is a slice of ``text``. ``plain`` has the same length, with markup that is not prose blanked
    out. ``date_from`` says where the date was found: "given", "metadata", "url" or "file name".
    """

    text: str
    name: str
    kind: str = "text"
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    date: dt.date | None = None
    date_from: str | None = None
    url: str | None = None
    credits: tuple[str, ...] = ()
    plain: str = field(default="", repr=False)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8, by which the document is known."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def to_dict(self) -> dict[str, object]:
        """For JSON, without the text."""
        return {
            "name": self.name,
            "kind": self.kind,
            "title": self.title,
            "publisher": self.publisher,
            "author": self.author,
            "date": self.date.isoformat() if self.date else None,
            "date_from": self.date_from,
            "url": self.url,
            "credits": list(self.credits),
            "characters": len(self.text),
            "sha256": self.sha256,
        }


def read(source: str | Path, *, date: dt.date | None = None) -> Document:
    """The document in a file, or on standard input where `source` is ``-``.

    Raises `InputError` where it cannot be read, is no text, or is larger than 20 MB or a million characters.
    """
    name = str(source)
    data = _bytes(name)
    return document(data, name, date=date)


def document(data: bytes, name: str, *, date: dt.date | None = None) -> Document:
    """The document in `data`; `name` is that of its file, or ``-``.

    >>> document(b"He said no.", "report-2015-03-15.txt").date_from
    'file name'
    """
    if len(data) > LIMIT_BYTES:
        raise _refuse(name, f"is larger than {LIMIT_BYTES // 1_000_000} MB", "expected a document of a usual size")
    for magic, what in ARCHIVES.items():
        if data.startswith(magic):
            raise _refuse(name, f"is {what}", EXPECTED)
    made = _extract(data, name)
    if len(made.text) > LIMIT_CHARACTERS:
        raise _refuse(name, f"holds more than {LIMIT_CHARACTERS:,} characters", "expected a document of a usual size")
    if not made.text.strip():
        raise _refuse(name, "holds no text", EXPECTED)
    made = replace(made, plain=made.plain or made.text)
    return _dated(_credited(made), date)


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(LIMIT_BYTES + 1)
    path = Path(name)
    try:
        if path.is_dir():
            raise _refuse(name, "is a folder", "expected a file")
        with path.open("rb") as file:
            return file.read(LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refuse(name, f"could not be read: {reason.lower()}", EXPECTED) from error


def _refuse(name: str, found: str, expected: str) -> InputError:
    return InputError(Fault(found, expected, file="standard input" if name == "-" else name))


def _extract(data: bytes, name: str) -> Document:
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return _parsed(name, "pdf", lambda: apart.parse("pdf", data, LIMIT_CHARACTERS + 1))
    text = decoded(data, name)
    suffix = Path(name).suffix.lower()
    if suffix in (".html", ".htm", ".xhtml") or LOOKS_LIKE_HTML.match(text):
        return _parsed(name, "html", lambda: _page(text))
    if suffix in (".md", ".markdown"):
        return Document(name=name, kind="markdown", **from_markdown(text))
    title = next((line.strip() for line in text.splitlines() if line.strip()), None)
    return Document(text, name, title=title if title and len(title) <= 200 else None)


def _page(text: str) -> dict[str, object]:
    if len(text) <= LIMIT_HERE:
        return from_html(text)
    return apart.parse("html", text.encode("utf-8", "surrogatepass"), LIMIT_CHARACTERS + 1)


def _parsed(name: str, kind: str, parse: Callable[[], dict[str, object]]) -> Document:
    """What a library makes of a file that may be broken or hostile: any fault of its own is one clear line."""
    try:
        found = parse()
    except InputError as error:
        raise _refuse(name, error.faults[0].found, error.faults[0].expected) from error
    except ImportError as error:
        raise _refuse(
            name, f"is {kind.upper()}, and what reads that is not installed", "expected: pip install 'detente[read]'"
        ) from error
    except TimeoutError:
        raise  # the limit of whoever called, and no fault of the file's markup
    except Exception as error:  # whatever a parser raises at a broken file is a fault of the file
        raise _refuse(name, f"is broken {kind.upper()} ({_kind(error)})", EXPECTED) from error
    return Document(name=name, kind=kind, **found)  # type: ignore[arg-type]


def _kind(error: Exception) -> str:
    return str(error) if isinstance(error, apart.Broken) else type(error).__name__


def decoded(data: bytes, name: str = "-") -> str:
    """Bytes as text: by the mark at their start, as UTF-8, by what a page declares, or as Windows-1252.

    >>> decoded("“No”".encode("cp1252"))
    '“No”'
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data:
        raise _refuse(name, "holds null bytes", EXPECTED)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = META_CHARSET.search(data[:4096])
    for encoding in (*([declared[1].decode("ascii")] if declared else []), "cp1252"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def _dated(document: Document, given: dt.date | None) -> Document:
    """The date and where it was found: as given, from the document itself, its address, or its file's name."""
    if given is not None:
        return replace(document, date=given, date_from="given")
    if document.date is not None:
        return replace(document, date_from="metadata")
    for place, where in ((document.url, "url"), (Path(document.name).name, "file name")):
        if place and (found := date_in(place)):
            return replace(document, date=found, date_from=where)
    return document


def date_in(name: str) -> dt.date | None:
    """The first date written year, month, day in an address or a file's name.

    >>> date_in("news/2015/03/15/kerry.html"), date_in("report-20151301.txt")
    (datetime.date(2015, 3, 15), None)
    """
    for found in DATE_IN_NAME.finditer(name):
        try:
            return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            continue
    return None


AGENCIES = {
    "Reuters": "Reuters",
    "Associated Press": "Associated Press",
    "AP": "Associated Press",
    "Agence France-Presse": "Agence France-Presse",
    "AFP": "Agence France-Presse",
    "Press Association": "Press Association",
    "PA": "Press Association",
    "Bloomberg": "Bloomberg",
    "Xinhua": "Xinhua",
    "TASS": "TASS",
    "Interfax": "Interfax",
    "dpa": "dpa",
}
_NAMES = "|".join(sorted(AGENCIES, key=len, reverse=True))
CREDIT = re.compile(
    rf"(?:(?:additional|further) reporting by|with reporting by|source:|reporting by) *(?:the )?({_NAMES})\b|\((?:the )?({_NAMES})\) *[-–—]",
    re.IGNORECASE,
)
# A line of its own that names where the page stood: "The Independent Online".
ONLINE = re.compile(r"^[ \t]*((?:The )?[A-Z][\w’'&.-]*(?: [A-Z][\w’'&.-]*){0,4}) Online[ \t]*$", re.MULTILINE)


def _credited(document: Document) -> Document:
    known = {name.lower(): agency for name, agency in AGENCIES.items()}
    found = [known[(m[1] or m[2]).lower()] for m in CREDIT.finditer(document.plain)]
    line = ONLINE.search(document.plain)
    publisher = document.publisher or (line[1] if line else None)
    return replace(document, credits=tuple(dict.fromkeys(found)), publisher=publisher)
