"""Edits of a scenario file that change the bytes they were asked to change and no others, and can be undone.

An edit replaces one slice of the text. It is planned from the places of the parsed file, and whatever was planned is
held against what was wanted: the new text is read back, and must be the old data with that one change.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detente.errors import InputError
from detente.scenario.nodes import Document, Path, Place, dotted, parse
from detente.scenario.write import flow, scalar


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters ``start`` to ``start + len(old)`` of a text, ``old``, give way to ``new``."""

    start: int
    old: str
    new: str

    def apply(self, text: str) -> str:
        """The text after the edit. ValueError where the text is not the one that the edit was planned for.

        >>> Edit(3, "1", "20").apply("a: 1 # one")
        'a: 20 # one'
        """
        end = self.start + len(self.old)
        if text[self.start : end] != self.old:
            raise ValueError("the text has changed since the edit was planned")
        return text[: self.start] + self.new + text[end:]

    def inverse(self) -> Edit:
        """The edit that undoes this one.

        >>> edit = Edit(3, "1", "20")
        >>> edit.inverse().apply(edit.apply("a: 1 # one"))
        'a: 1 # one'
        """
        return Edit(self.start, self.new, self.old)


def set_value(document: Document, path: Path, value: Any) -> Edit:
    """The edit that puts `value` (plain data) at `path`: another value where there is one, else a new entry.

    A new entry comes last in its mapping; in a list the index must be the next one. Mappings that are missing on the
    way are made. Raises `InputError` where the file has something at the path that cannot hold the entry.

    >>> text = "issues:\\n  status: {low: 1, high: 2} # ours\\n"
    >>> print(set_value(parse(text, "f"), ("issues", "status", "high"), 3).apply(text), end="")
    issues:
      status: {low: 1, high: 3} # ours
    >>> print(set_value(parse(text, "f"), ("actors", "us"), {"role": "backer"}).apply(text), end="")
    issues:
      status: {low: 1, high: 2} # ours
    <BLANKLINE>
    actors:
      us: {role: backer}
    """
    while path not in document.places:  # what is missing is made on the way
        above = path[:-1]
        if above in document.places and document.value(above) is not None:
            return _checked(document, _insertion(document, path, value), path, value)
        path, value = above, [value] if path[-1] == 0 else {path[-1]: value}
    return _checked(document, _replacement(document, path, value), path, value)


def append(document: Document, path: Path, value: Any) -> Edit:
    """The edit that adds `value` at the end of the list at `path`, which is made where the file has none.

    >>> text = "ties:\\n  - {from: a, to: b}   # old\\n\\nlevers: {}\\n"
    >>> print(append(parse(text, "f"), ("ties",), {"from": "c", "to": "b"}).apply(text), end="")
    ties:
      - {from: a, to: b}   # old
      - {from: c, to: b}
    <BLANKLINE>
    levers: {}
    """
    here = document.value(path)
    return set_value(document, (*path, len(here) if isinstance(here, list) else 0), value)


def delete(document: Document, path: Path) -> Edit:
    """The edit that takes the entry at `path` out of its mapping or list; `InputError` where there is none.

    >>> text = "ties:\\n  - {from: a, to: b}   # old\\n  - {from: c, to: b}\\n"
    >>> print(delete(parse(text, "f"), ("ties", 0)).apply(text), end="")
    ties:
      - {from: c, to: b}
    """
    if not path or path not in document.places:
        raise InputError(document.fault(path, f"found no {dotted(path)}", "expected a value that the file has"))
    siblings = _children(document, path[:-1])
    if len(siblings) == 1 and path[:-1]:
        empty: Any = [] if isinstance(document.value(path[:-1]), list) else {}
        return _checked(document, _replacement(document, path[:-1], empty), path, _GONE)
    return _checked(document, _removal(document, path, siblings), path, _GONE)


_GONE = object()


def _replacement(document: Document, path: Path, value: Any) -> Edit:
    start, end = _start(document, path), _end(document, path)
    new = flow(value) if start < end else f" {flow(value)}"  # `key:` with nothing after it
    return Edit(start, document.text[start:end].rstrip(), new)  # a block of text ends at the start of the next line


def _insertion(document: Document, path: Path, value: Any) -> Edit:
    """A new last entry of the mapping or list above."""
    above, key = path[:-1], path[-1]
    holder = document.value(above)
    if not isinstance(holder, (dict, list)) or (isinstance(holder, list) and key != len(holder)):
        found = f"found no place for {dotted(path)}"
        raise InputError(document.fault(above, found, "expected a mapping, or a list's next index"))
    entry = flow(value) if isinstance(holder, list) else f"{scalar(key)}: {flow(value)}"
    text, place = document.text, document.places[above]
    children = _children(document, above)
    if place.flow and place.end:
        return _flow_insertion(document, place, children, entry)
    last = children[-1]
    column = _entry_column(document, last)
    at = _line_end(text, _end(document, last))
    dash = "- " if isinstance(holder, list) else ""
    lines = [f"{' ' * column}{dash}{entry}"]
    if not above and isinstance(value, (dict, list)) and value:  # a new part of the file
        lines = ["", f"{scalar(key)}:", *_block(value, column + 2)]
    return Edit(at, "", "".join(_newline(text) + line for line in lines))


def _block(value: Any, column: int) -> Iterator[str]:
    """The entries of a new part, a line each; what may get more entries later is a block itself."""
    if isinstance(value, list):
        yield from (f"{' ' * column}- {flow(entry)}" for entry in value)
        return
    for key, entry in value.items():
        if isinstance(entry, list) and entry and all(isinstance(one, dict) for one in entry):
            yield f"{' ' * column}{scalar(key)}:"
            yield from _block(entry, column + 2)
        else:
            yield f"{' ' * column}{scalar(key)}: {flow(entry)}"


def _flow_insertion(document: Document, place: Place, children: list[Path], entry: str) -> Edit:
    if not children:
        return Edit(place.end - 1, "", entry)
    at = _end(document, children[-1])
    return Edit(at, "", f", {entry}")


def _removal(document: Document, path: Path, siblings: list[Path]) -> Edit:
    """One of several entries goes, with the rest of its lines where it has lines of its own."""
    text = document.text
    index = siblings.index(path)
    start, end = _entry_start(document, path), _end(document, path)
    if document.places[path[:-1]].flow:
        if index + 1 < len(siblings):
            return _slice(text, start, _entry_start(document, siblings[index + 1]))
        return _slice(text, _end(document, siblings[index - 1]), end)
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip() and index + 1 < len(siblings):  # the first key of `- key: value`
        return _slice(text, start, _entry_start(document, siblings[index + 1]))
    stop = _line_end(text, end)
    if stop < len(text):
        return _slice(text, line, text.index("\n", stop) + 1)
    return _slice(text, max(line - len(_newline(text)), 0), stop)  # the last line of a file that ends without one


def _slice(text: str, start: int, end: int) -> Edit:
    return Edit(start, text[start:end], "")


def _children(document: Document, path: Path) -> list[Path]:
    """The entries of the mapping or list at `path`, in the order of the file."""
    value = document.value(path)
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(*path, key) for key in keys]


def _start(document: Document, path: Path) -> int:
    """Where the value at `path` begins; where nothing is written, behind its colon or dash."""
    place = document.places[path]
    if place.start < place.end:
        return place.start
    entry = _entry_start(document, path)
    found = (_DASH if place.key is None else _KEY).match(document.text, entry)
    return found.end() if found else place.start


def _end(document: Document, path: Path) -> int:
    """Where the value at `path` ends: that of its last entry, for the parser ends a block where the next begins."""
    place = document.places[path]
    children = _children(document, path)
    if children and not place.flow:
        return _end(document, children[-1])
    return place.end if place.start < place.end else _start(document, path)


_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\n]*?)\s*:""", re.DOTALL)
_DASH = re.compile(r"(?:\s|#[^\n]*)*-")  # the next dash, remarks left out


def _entry_start(document: Document, path: Path) -> int:
    """Where an entry begins: at its key, or at the dash of a block list, or at the value in brackets."""
    place, above = document.places[path], document.places[path[:-1]]
    if place.key is not None:
        line, column = place.key
        return _offset(document.text, line) + column - 1
    if above.flow:
        return place.start
    if path[-1] == 0:
        return above.start
    found = _DASH.match(document.text, _end(document, (*path[:-1], path[-1] - 1)))
    return found.end() - 1 if found else place.start


def _entry_column(document: Document, path: Path) -> int:
    start = _entry_start(document, path)
    return start - document.text.rfind("\n", 0, start) - 1


def _offset(text: str, line: int) -> int:
    """The offset of a line's first character; lines count from 1, as the parser counts them."""
    offset = 0
    for _ in range(line - 1):
        offset = text.index("\n", offset) + 1
    return offset


def _line_end(text: str, offset: int) -> int:
    """The end of the line at `offset`, its newline left out; `offset` itself where it begins a line."""
    if offset and text[offset - 1] == "\n":  # after a block of text
        offset -= 1
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    return end - 1 if text[end - 1 : end] == "\r" else end


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _checked(document: Document, edit: Edit, path: Path, value: Any) -> Edit:
    """The edit, once its text reads back as the old data with this one change."""
    wanted = _changed(document.data, path, value)
    try:
        read = parse(edit.apply(document.text), document.file).data
    except InputError:
        read = None
    if read != wanted:
        found = f"found no way to write {dotted(path)} that leaves the rest of the file as it is"
        raise InputError(document.fault(path, found, "expected plain YAML: edit the file by hand here"))
    return edit


def _changed(data: Any, path: Path, value: Any) -> Any:
    changed = copy.deepcopy(data)
    if not path:
        return value
    holder = changed
    for part in path[:-1]:
        holder = holder[part]
    if value is _GONE:
        del holder[path[-1]]
    elif isinstance(holder, list) and path[-1] == len(holder):
        holder.append(value)
    else:
        holder[path[-1]] = value
    return changed
