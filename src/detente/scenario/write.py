"""A scenario's plain data as a file that a person can read: fields in the order of the format, a record a line.

For new files only. An edit of a file that somebody wrote must keep its comments, and goes another way.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detente.scenario.fields import RESERVED_IDS
from detente.scenario.nodes import Path, plain
from detente.scenario.schema import SCENARIO

WIDTH = 120  # a record that fits stands on one line
LONG = 200  # of a list, whose lines are compared with each other, longer ones may stay on one line too

# Text that needs no quotes wherever it stands: it cannot be taken for syntax, in brackets or out of them.
_BARE = re.compile(r"[^\W_](?:[\w ./()+'%–-]*[\w)%.])?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def scenario_text(
    data: Mapping[str, Any], *, head: Sequence[str] = (), comments: Mapping[Path, str] | None = None
) -> str:
    """A scenario file that reads back as `data`, with `head` as its first comment and a comment at some paths.

    The comment of a part with entries stands above it, that of anything else at the end of its line; one at a path
    that is written within a line is left out.

    >>> print(scenario_text({"detente": 1, "actors": {"a": {"name": "A, of B", "role": "bystander"}}}), end="")
    detente: 1
    <BLANKLINE>
    actors:
      a: {name: "A, of B", role: bystander}
    """
    notes = dict(comments or {})
    lines = [line for text in head for line in _comment(text)]
    for name in sorted(data, key=_order):
        value = data[name]
        note = notes.get((name,))
        if isinstance(value, (Mapping, list)) and value:
            lines += ["", *([f"# {note}"] if note else []), f"{scalar(name)}:"]
            lines += _entries(value, (name,), 2, notes)
        else:
            lines.append(_noted(f"{scalar(name)}: {flow(value)}", note))
    return "\n".join(lines) + "\n"


def _comment(text: str) -> list[str]:
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="#   ") or ["#"]


def _order(name: str) -> int:
    known = list(SCENARIO.fields)
    return known.index(name) if name in known else len(known)


def _noted(line: str, note: str | None) -> str:
    return f"{line}  # {note}" if note else line


def _entries(value: Any, path: Path, indent: int, notes: Mapping[Path, str]) -> Iterator[str]:
    """The entries of a mapping or list, one or more lines each."""
    space = " " * indent
    if isinstance(value, Mapping):
        for key, entry in value.items():
            line = f"{space}{scalar(key)}: {flow(entry)}"
            note = notes.get((*path, key))
            if not isinstance(entry, (Mapping, list)) or _fits(line, entry):
                yield _noted(line, note)
            else:
                yield _noted(f"{space}{scalar(key)}:", note)
                yield from _entries(entry, (*path, key), indent + 2, notes)
        return
    for index, entry in enumerate(value):
        line = f"{space}- {flow(entry)}"
        note = notes.get((*path, index))
        if len(line) <= LONG or not isinstance(entry, (Mapping, list)):
            yield _noted(line, note)
        else:
            first, *rest = _entries(entry, (*path, index), indent + 2, notes)
            yield f"{space}- {first[indent + 2 :]}"
            yield from rest


def _fits(line: str, entry: Any) -> bool:
    """Whether a record may stay on one line: it is short, or it is short but for one text."""
    texts = [len(v) for v in entry.values() if isinstance(v, str)] if isinstance(entry, Mapping) else []
    nested = any(isinstance(part, Mapping) for part in entry.values()) if isinstance(entry, Mapping) else False
    return len(line) - (0 if nested else max(texts, default=0)) <= WIDTH


def flow(value: Any) -> str:
    """A value on one line, in the notation with brackets.

    >>> flow({"low": 1, "because": "a: b"})
    '{low: 1, because: "a: b"}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def scalar(value: Any) -> str:
    """A key, text, number, truth value or nothing, in quotes where it needs them.

    >>> scalar("yes"), scalar("2015-03-15"), scalar(None)
    ('"yes"', '2015-03-15', 'null')
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
    text = str(value)
    return text if _bare(text) else _quoted(text)


def _bare(text: str) -> bool:
    """Whether a text may stand without quotes: here, and for readers that take `yes` and dates for something else."""
    if _DAY.fullmatch(text):
        return True
    if not _BARE.fullmatch(text) or text.lower() in RESERVED_IDS:
        return False
    try:
        return isinstance(plain(text), str) and not text[0].isdigit()
    except ValueError:
        return False


def _quoted(text: str) -> str:
    """In double quotes; what could be taken for a line's end, or not be printed, is escaped."""
    shown = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in shown)
