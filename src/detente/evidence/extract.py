"""The text of HTML, PDF and Markdown, with what the file says about itself. Libraries are loaded when they are needed."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from typing import Any

from detente.errors import Fault, InputError

LIMIT_TAGS = 200_000
LIMIT_DEPTH = 400
LIMIT_PAGES = 1_000
TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)[^<>]*?(/?)>")
VOID = frozenset("area base br col embed hr img input link meta source track wbr p li td tr th option dt dd".split())
FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
# What a reader of Markdown does not see, with the prose within it as the group that is kept.
MARKUP = (
    re.compile(r"^(?:```|~~~)[^\n]*\n.*?^(?:```|~~~)[^\n]*$", re.MULTILINE | re.DOTALL),
    re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)"),
    re.compile(r"(?<=\])\([^)\n]{0,2000}\)"),
    re.compile(r"<https?://[^>\s]{1,2000}>"),
    re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,3}[.)][ \t]+)+", re.MULTILINE),
    re.compile(r"[*`\[\]]+|(?<!\w)_{1,3}|_{1,3}(?!\w)"),
)


def from_html(page: str) -> dict[str, Any]:
    """The article in a page of HTML: text, title, publisher, author, date and address.

    Menus, scripts and readers' comments are left out. Raises `InputError` at a page with more tags, or deeper ones, than a
    page of news has.
    """
    import trafilatura

    _check_markup(page)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found: Any = trafilatura.bare_extraction(page, include_comments=False, include_tables=False, with_metadata=True)
    if found is None:
        raise InputError(Fault("holds no article", "expected a page with running text"))
    return {
        "text": found.text or "",
        "title": found.title or None,
        "publisher": found.sitename or None,
        "author": found.author or None,
        "url": found.url or None,
        "date": _iso(found.date),
    }


def _check_markup(page: str) -> None:
    """Refuse what would make a parser recurse or crawl."""
    depth = deepest = 0
    for count, match in enumerate(TAG.finditer(page)):
        if count >= LIMIT_TAGS:
            raise InputError(Fault(f"has more than {LIMIT_TAGS:,} tags", "expected a page of news"))
        if match[2].lower() in VOID or match[3]:
            continue
        depth = max(depth - 1, 0) if match[1] else depth + 1
        deepest = max(deepest, depth)
    if deepest > LIMIT_DEPTH:
        raise InputError(Fault(f"has tags {deepest:,} deep in each other", f"expected at most {LIMIT_DEPTH}"))


def _iso(date: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(date)[:10]) if date else None
    except ValueError:
        return None


def from_pdf(data: bytes, limit: int) -> dict[str, Any]:
    """The text layer of a PDF, its pages parted by an empty line, of up to `limit` characters and a thousand pages.

    Raises `InputError` where it is locked or has no text layer, as a scanned page.
    """
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError(Fault("is locked by a password", "expected a PDF that opens without one"))
    if len(reader.pages) > LIMIT_PAGES:
        raise InputError(Fault(f"has {len(reader.pages):,} pages", f"expected at most {LIMIT_PAGES:,}"))
    pages: list[str] = []
    size = 0
    for page in reader.pages:
        pages.append(unwrapped(page.extract_text() or ""))
        size += len(pages[-1])
        if size > limit:
            break
    if not any(page.strip() for page in pages):
        raise InputError(
            Fault("has no text layer", "expected a PDF whose text can be selected; a scan has to be recognised first")
        )
    about = reader.metadata
    made = about.creation_date if about else None
    return {
        "text": "\n\n".join(pages),
        "title": (about.title if about else None) or None,
        "author": (about.author if about else None) or None,
        "date": made.date() if made else None,
    }


def unwrapped(page: str) -> str:
    r"""The lines of a page of PDF joined into paragraphs: one ends where a line ends a sentence well before the margin.

    >>> unwrapped("The talks, which the two parties had\nagreed upon, failed.\nNo new talks were set for them.")
    'The talks, which the two parties had agreed upon, failed.\nNo new talks were set for them.'
    """
    lines = [line.strip() for line in page.replace("\0", "").splitlines()]
    margin = max((len(line) for line in lines), default=0)
    parts: list[str] = []
    for number, line in enumerate(lines):
        parts.append(line)
        short = len(line) < 0.8 * margin
        following = lines[number + 1] if number + 1 < len(lines) else ""
        ends = not line or not following or (short and line[-1] in '.!?:”"’')
        parts.append("\n" if ends else " ")
    return "".join(parts).strip()


def from_markdown(text: str) -> dict[str, Any]:
    """Markdown as it is, with its title and date where it names them, and ``plain`` with the markup blanked out.

    >>> from_markdown("# Talks\\n\\nHe *said* no.")["plain"]
    '  Talks\\n\\nHe  said  no.'
    """
    found: dict[str, Any] = {"text": text}
    plain = text
    if front := FRONT_MATTER.match(text):
        for key, value in re.findall(
            r"^(title|date|author|publisher|url):[ \t]*[\"']?(.*?)[\"']?[ \t]*\r?$", front[1], re.MULTILINE
        ):
            found[key] = _iso(value) if key == "date" else value or None
        plain = _blank(plain, front.start(), front.end())
    heading = HEADING.search(plain)
    found.setdefault("title", heading[1] if heading else None)
    for pattern in MARKUP:
        plain = pattern.sub(lambda match: _blank(match.group(), 0, len(match.group())), plain)
    return {**found, "plain": plain}


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]
