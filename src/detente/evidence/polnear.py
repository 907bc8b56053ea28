"""The PolNeAR corpus of attributions in political news (Newell, Margolin & Ruths 2018), read where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.errors import Fault, InputError
from detente.evidence.windows import Span

SPAN_LINE = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t")
EVENT_LINE = re.compile(r"E\d+\t(.*)")


@dataclass(frozen=True, slots=True)
class Gold:
    """Who (source) is marked (cue) as having said or thought what (content); each a tuple of pieces, maybe empty."""

    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A text of the corpus with the attributions of its first annotator."""

    name: str
    text: str
    gold: tuple[Gold, ...]


def articles(folder: Path) -> Iterator[Article]:
    """The articles of a split (a folder with ``text`` and ``attributions``), by name.

    Raises `InputError` where the folder is not such a split.
    """
    folder = Path(folder)
    annotations = sorted((folder / "attributions").glob("*.ann"))
    if not annotations:
        raise InputError(
            Fault(
                "no annotations found",
                "expected a split of PolNeAR: text/*.txt and attributions/*.ann",
                file=str(folder),
            )
        )
    first: dict[str, Path] = {}
    for path in annotations:
        first.setdefault(path.stem.rsplit("_", 1)[0], path)
    for name, path in first.items():
        text = (folder / "text" / f"{name}.txt").read_bytes().decode("utf-8")
        yield Article(name, text, tuple(parse(path.read_bytes().decode("utf-8"))))


def parse(annotation: str) -> Iterator[Gold]:
    """The attributions of one annotation file. The text of a span may hold a line break, so only marked lines count.

    >>> lines = "T1\\tSource 0 2\\tHe\\nT2\\tCue 3 7\\tsaid\\nE1\\tAttribution:T2 Cue:T2 Source:T1\\n"
    >>> list(parse(lines))
    [Gold(source=((0, 2),), cue=((3, 7),), content=())]
    """
    spans: dict[str, tuple[Span, ...]] = {}
    events: list[str] = []
    for line in annotation.split("\n"):
        if found := SPAN_LINE.match(line):
            pieces = (piece.split() for piece in found[3].split(";"))
            spans[found[1]] = tuple(sorted((int(a), int(b)) for a, b in pieces))
        elif found := EVENT_LINE.match(line):
            events.append(found[1])
    for event in events:
        roles: dict[str, list[Span]] = {"Source": [], "Cue": [], "Content": []}
        for part in event.split():
            role, _, name = part.partition(":")
            role = role.rstrip("0123456789")
            if role in roles:
                roles[role] += spans.get(name, ())
        yield Gold(*(tuple(sorted(roles[role])) for role in ("Source", "Cue", "Content")))
