"""YAML text as plain data with the place of every key and value. The only module that knows ruamel.yaml.

The tree is built from the parser's events, never by its constructors: no tag can run anything, and a hostile file is
refused before it can grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from math import isfinite
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from detente.errors import Fault, InputError

Path = tuple[Any, ...]  # keys and list indices from the top of the file

MAX_BYTES = 10_000_000
MAX_DEPTH = 64

# YAML 1.2 core schema
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[-+]?Infinity|NaN")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_CONSTANTS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_CONSTANTS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: lines and columns from 1, ``start`` and ``end`` in characters of the text."""

    line: int
    column: int
    start: int
    end: int
    key: tuple[int, int] | None = None  # line and column of its key, None in a list
    flow: bool = False  # a mapping or list in brackets, or within one


@dataclass(frozen=True)
class Document:
    """A file as plain data (dict, list, str, int, float, bool, None) and the place of every value in it."""

    text: str
    file: str
    data: Any
    places: dict[Path, Place] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()  # of reading, where it could go on
    unread: frozenset[Path] = frozenset()  # where a value could not be read and stands as None

    def place(self, path: Path) -> Place | None:
        """The place of the value at `path`, or of the nearest value above it that there is."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return None

    def value(self, path: Path) -> Any:
        """The value at `path`, None where there is none."""
        found = self.data
        for part in path:
            try:
                found = found[part]
            except (LookupError, TypeError):
                return None
        return found

    def fault(
        self, path: Path, found: str, expected: str = "", suggestion: str | None = None, *, key: bool = False
    ) -> Fault:
        """A fault at the value at `path` (at its key with ``key``, or where the file has no such value)."""
        place = self.place(path)
        line, column = (place.line, place.column) if place else (None, None)
        if place and place.key and (key or path not in self.places):
            line, column = place.key
        return Fault(found, expected, dotted(path), self.file, line, column, suggestion)


def dotted(path: Path) -> str:
    """A path as people write it.

    >>> dotted(("stances", 2, "position"))
    'stances[2].position'
    """
    text, above = "", None
    for part in path:
        index = isinstance(part, int) and (path[0] in _LISTS or above in _INNER_LISTS)
        text += f"[{part}]" if index else f".{part}"
        above = part
    return text.lstrip(".")


# The lists of the format: an integer below one of them is an index, elsewhere it is a key (a scale's anchor).
_LISTS = frozenset({"stances", "ties", "correlations", "toll", "votes", "expect", "talks", "game", "levers"})
_INNER_LISTS = frozenset({"aliases", "cite", "values", "weights", "normal"})


def decode(data: bytes, file: str) -> str:
    """The text of a file: UTF-8, with or without a byte order mark. `InputError` with the offset where it is not."""
    if len(data) > MAX_BYTES:
        raise InputError(Fault(f"found {len(data)} bytes", f"expected at most {MAX_BYTES}", file=file))
    mark = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    try:
        text = data[mark:].decode("utf-8")
    except UnicodeDecodeError as error:
        offset = mark + error.start
        found = f"found no text in UTF-8: byte 0x{data[offset]:02x} at offset {offset}"
        raise InputError(Fault(found, "expected a YAML file in UTF-8", file=file)) from None
    bad = _UNPRINTABLE.search(text)
    if bad:
        offset = mark + len(text[: bad.start()].encode())
        found = f"found no text: character U+{ord(bad[0]):04X} at byte offset {offset}"
        raise InputError(Fault(found, "expected a YAML file in UTF-8", file=file))
    return text


def parse(text: str, file: str) -> Document:
    """Read YAML 1.2 (or JSON) text as a mapping with places.

    Raises `InputError` with everything that is wrong: syntax, duplicate keys, tags, anchors and aliases, merge keys,
    nesting deeper than 64, numbers that are not finite, more than one document.

    >>> parse("a: {b: [1, x]}", "f.yaml").places["a", "b", 1].column
    12
    """
    document = parse_whole(text, file)
    if document.faults:
        raise InputError(document.faults)
    return document


def parse_whole(text: str, file: str) -> Document:
    """As `parse`, with what leaves the rest to be read (values, doubled keys, tags) noted as the document's `faults`.

    So a reader can go on and tell these faults together with its own. Raises `InputError` for the others.

    >>> [str(fault) for fault in parse_whole("a: .nan", "f.yaml").faults]
    ['f.yaml:1:4: a: found .nan; expected a finite number']
    """
    _refuse_long_or_binary(text, file)
    builder = _Builder(file)
    data = None
    try:
        data = builder.document(YAML(typ="safe", pure=True).parse(StringIO(text)))
    except MarkedYAMLError as error:
        builder.stop(_syntax(error, file))
    except (YAMLError, ValueError, IndexError, KeyError, AttributeError, AssertionError, TypeError):
        # The scanner has a few malformed inputs that it fails on without saying where.
        builder.stop(Fault("found no YAML", "expected a YAML or JSON mapping", file=file))
    faults = sorted(builder.faults, key=lambda f: (f.line or 0, f.column or 0))
    if builder.stopped:
        raise InputError(faults)
    return Document(text, file, data, builder.places, tuple(faults), frozenset(builder.unread))


def _refuse_long_or_binary(text: str, file: str) -> None:
    if len(text) > MAX_BYTES:
        raise InputError(Fault(f"found {len(text)} characters", f"expected at most {MAX_BYTES}", file=file))
    bad = _UNPRINTABLE.search(text)
    if bad:
        found = f"found no text: character U+{ord(bad[0]):04X} at character offset {bad.start()}"
        raise InputError(Fault(found, "expected YAML", file=file))


def plain(text: str) -> Any:
    """The value that a plain scalar stands for (YAML 1.2 core). Raises ValueError where a number is not finite.

    >>> [plain(t) for t in ("12", "1e3", "yes", "~", "2015-03-15")]
    [12, 1000.0, 'yes', None, '2015-03-15']
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("not finite")
    if _INT.fullmatch(text):
        whole = 0 if len(text) > 300 else int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if len(text) > 300 or abs(whole) > 10**300:  # Python's whole numbers have no end, floats do
            raise ValueError("too large")
        return whole
    if _FLOAT.fullmatch(text):
        value = float(text)
        if not isfinite(value):
            raise ValueError("too large")
        return value
    return text


@dataclass
class _Open:
    """A mapping or list that has begun and not ended."""

    value: dict[Any, Any] | list[Any]
    path: Path
    start: Any
    place: tuple[int, int] | None
    flow: bool
    key: Any = None
    key_event: Any = None  # set between a key and its value


_NOTHING = object()


class _Builder:
    """Builds the tree from events, noting places and faults as it goes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.places: dict[Path, Place] = {}
        self.stack: list[_Open] = []
        self.top: Any = _NOTHING
        self.unread: set[Path] = set()
        self.stopped = False  # whether something is wrong that leaves nothing to go on with

    def document(self, events: Iterator[Any]) -> Any:
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self.fault(event, "a second document", "expected one document in a file")
                    self.stopped = True
                    break
            elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
                self.refuse(event)
                self.begin(event)
            elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
                self.end(event)
            elif isinstance(event, ScalarEvent):
                self.refuse(event)
                self.scalar(event)
            elif isinstance(event, AliasEvent):
                self.fault(event, f"alias *{event.anchor}", "expected values written out: aliases are refused")
                self.unread.add(self.path())
                self.put(None, event)
        if self.top is _NOTHING or self.top is None:
            if not self.faults:
                self.faults.append(Fault("found nothing", _TOP, file=self.file))
            self.stopped = True
        elif not isinstance(self.top, dict):
            found = "found a list" if isinstance(self.top, list) else "found one value"
            self.stop(Fault(found, _TOP, file=self.file, line=1, column=1))
        return self.top

    def stop(self, fault: Fault) -> None:
        self.faults.append(fault)
        self.stopped = True

    def fault(self, event: Any, found: str, expected: str, path: Path = ()) -> None:
        mark = event.start_mark
        self.faults.append(Fault(f"found {found}", expected, dotted(path), self.file, mark.line + 1, mark.column + 1))

    def refuse(self, event: Any) -> None:
        if event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self.fault(event, f"the tag {tag}", "expected plain values: tags are refused", self.path())
        if event.anchor is not None:
            self.fault(
                event,
                f"the anchor &{event.anchor}",
                "expected values written out: anchors are refused",
                self.path(),
            )

    def path(self) -> Path:
        if not self.stack:
            return ()
        top = self.stack[-1]
        return (*top.path, len(top.value) if isinstance(top.value, list) else top.key)

    def begin(self, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            mark = event.start_mark
            raise InputError(
                Fault(
                    f"found nesting deeper than {MAX_DEPTH}",
                    f"expected at most {MAX_DEPTH} levels",
                    file=self.file,
                    line=mark.line + 1,
                    column=mark.column + 1,
                )
            )
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key_event is None:
            self.fault(event, "a mapping or list as a key", "expected a name", self.stack[-1].path)
            self.stopped = True
        flow = bool(event.flow_style) or bool(self.stack and self.stack[-1].flow)
        value: Any = {} if isinstance(event, MappingStartEvent) else []
        self.stack.append(_Open(value, self.path(), event.start_mark, None, flow))

    def end(self, event: Any) -> None:
        done = self.stack.pop()
        self.put(done.value, event, start=done.start, flow=done.flow)

    def scalar(self, event: Any) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key_event is None:
            self.key(top, event)
            return
        self.put(self.value(event), event)

    def value(self, event: Any) -> Any:
        if not event.implicit[0]:  # quoted, or a block of text
            return self.text(event)
        try:
            return plain(event.value)
        except ValueError as error:
            shown = event.value if len(event.value) <= 40 else event.value[:37] + "..."
            reason = "a finite number" if str(error) == "not finite" else "a number below 1e308"
            self.fault(event, shown, f"expected {reason}", self.path())
            self.unread.add(self.path())
            return None

    def text(self, event: Any) -> str:
        """A quoted text; JSON writes characters beyond U+FFFF as pairs of surrogates."""
        try:
            return event.value.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.fault(event, "half of a surrogate pair", "expected text in Unicode", self.path())
            self.unread.add(self.path())
            return ""

    def key(self, top: _Open, event: Any) -> None:
        """A key is a text, or a number (a scale's anchor); `true` and `null` stay words, for the schema to refuse."""
        key: Any = event.value if event.implicit[0] else self.text(event)
        if event.implicit[0]:
            try:
                number = plain(key)
                key = number if isinstance(number, (int, float)) and not isinstance(number, bool) else key
            except ValueError:
                self.fault(event, f"the key {key[:40]}", "expected a name or a finite number", top.path)
            if key == "<<":
                self.fault(event, "the merge key <<", "expected fields written out: merging is refused", top.path)
                self.unread.add((*top.path, key))
        assert isinstance(top.value, dict)
        if key in top.value:
            first = self.places[(*top.path, key)].key or (0, 0)
            self.fault(
                event,
                f"{key} a second time",
                f"expected every key once: the first is on line {first[0]}",
                (*top.path, key),
            )
            self.unread.add((*top.path, key))
        top.key, top.key_event = key, event

    def put(self, value: Any, event: Any, *, start: Any = None, flow: bool = False) -> None:
        if not self.stack:
            self.top = value
            self.note((), start or event.start_mark, event.end_mark, None, flow)
            return
        top = self.stack[-1]
        if isinstance(top.value, list):
            self.note((*top.path, len(top.value)), start or event.start_mark, event.end_mark, None, flow or top.flow)
            top.value.append(value)
        elif top.key_event is None:  # an alias, mapping or list as a key: already a fault
            top.key, top.key_event = f"key {len(top.value)}", event
        else:
            self.note((*top.path, top.key), start or event.start_mark, event.end_mark, top.key_event, flow or top.flow)
            top.value[top.key] = value
            top.key_event = None

    def note(self, path: Path, start: Any, end: Any, key_event: Any, flow: bool) -> None:
        key = None if key_event is None else (key_event.start_mark.line + 1, key_event.start_mark.column + 1)
        self.places[path] = Place(start.line + 1, start.column + 1, start.index, end.index, key, flow)


_TOP = "expected a mapping that begins with `detente: 1`"


def _syntax(error: MarkedYAMLError, file: str) -> Fault:
    """The parser's complaint in one line, with what to do about the common ones."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
    problem = " ".join(str(error.problem or error.context or "a mistake").split())
    expected = "expected YAML"
    if "'\\t'" in problem:
        problem, expected = "a tab", "expected spaces: YAML refuses tabs in indentation"
    elif problem.startswith("mapping values are not allowed"):
        problem = "a colon where none can stand"
        expected = "expected text that holds a colon in quotes, or the indentation of the line above"
    elif "end of stream" in problem or "<stream end>" in problem:
        problem, expected = "the end of the file", "expected a closing quote or bracket"
    elif problem.startswith("found character"):
        problem, expected = problem.removeprefix("found "), "expected text that begins with it in quotes"
    elif problem.startswith("expected <block end>"):
        problem, expected = "a line that does not fit the lines above", "expected the same indentation, or a key"
    elif problem.startswith(("expected ", "could not find", "did not find")):
        problem, expected = problem.replace("expected ", "syntax: expected ", 1), ""
    return Fault(f"found {problem.removeprefix('found ')}", expected, file=file, line=line, column=column)
