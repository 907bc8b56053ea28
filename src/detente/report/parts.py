"""What a report is made of: sections with sentences, numbered figures, tables and texts; links to what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.report.charts.chart import Chart
from detente.report.redact import Redaction
from detente.scenario.situation import Situation

if TYPE_CHECKING:
    from detente.report.reading.marks import Mark, Segment

NAMED = 6  # sources named under a figure; more are counted


@dataclass(frozen=True)
class Link:
    """Words that lead to another place in the report; with `only`, to those rows alone of the table there ("0-3 7")."""

    anchor: str
    words: str
    only: str = ""


Cell = str | Link | tuple[Link, ...]


@dataclass(frozen=True)
class Row:
    """A line of a table, with an anchor where something links to it."""

    cells: Mapping[str, Cell]
    anchor: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption; one with a `name` can be filtered, by the columns `choices` too, and saved under it as CSV.

    What a row has in the columns `under` stands below it in full width; such a table never scrolls sideways.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    name: str = ""
    choices: Sequence[str] = ()
    under: Sequence[str] = ()


@dataclass(frozen=True)
class Figure:
    """A chart in its place: numbered, with the sources and numbers it rests on."""

    number: int
    chart: Chart
    rows: Sequence[Row]
    rests: Sequence[Link]
    open: bool = False
    sentences: Sequence[str] = ()


@dataclass(frozen=True)
class Text:
    """Notes under a heading, with what a machine would read."""

    title: str
    notes: Sequence[str] = ()
    code: str = ""


@dataclass(frozen=True)
class Article:
    """A document's text with its marks: paragraphs of segments, what the marks say, and how many there are of each group."""

    name: str
    paragraphs: Sequence[Sequence[Segment]]
    marks: Sequence[Mark]
    groups: Mapping[str, int]


@dataclass(frozen=True)
class Section:
    """A part of the report."""

    id: str
    title: str
    sentences: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    more_title: str = ""
    more: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    texts: Sequence[Text] = ()
    article: Article | None = None


def runs(rows: Sequence[int]) -> str:
    """Ascending integers in short.

    >>> runs([0, 1, 2, 3, 7, 9, 10])
    '0-3 7 9-10'
    """
    found: list[list[int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return " ".join(f"{first}-{last}" if last > first else str(first) for first, last in found)


class Numbering:
    """Makes charts into figures with consecutive numbers."""

    def __init__(self) -> None:
        """Start with figure 1."""
        self.count = 0

    def figure(
        self, chart: Chart, paths: Iterable[str] | None = None, words: Sequence[str] = (), *, show: bool = False
    ) -> Figure:
        """A chart as the next figure, under the `words` that it carries, resting on the numbers at `paths` (or all)."""
        self.count += 1
        rows = [Row({column: self.cell(column, row.get(column)) for column in chart.columns}) for row in chart.table]
        return Figure(self.count, chart, rows, self.rests(paths), show, words)

    def rests(self, paths: Iterable[str] | None) -> list[Link]:
        """Links to the sources behind some numbers, and to the numbers; here there are none."""
        return []

    def cell(self, column: str, value: Any) -> Cell:
        """A cell of a chart's table."""
        return "" if value is None else str(value)


class Builder(Numbering):
    """Numbers the figures of a scenario and links them to what they rest on."""

    def __init__(self, situation: Situation, redaction: Redaction, start: str = ""):
        """Start with figure 1, with the numbers whose paths begin with `start`."""
        super().__init__()
        self.situation = situation
        self.redaction = redaction
        self.shown: set[tuple[str, str, str]] = set()  # name, title and unit of the charts that are the answer
        self.numbers = {path: number for path, number in situation.numbers.items() if path.startswith(start)}

    def rests(self, paths: Iterable[str] | None) -> list[Link]:
        """Links to the sources behind some numbers, and to the numbers."""
        numbers = self.numbers
        known = [path for path in (numbers if paths is None else paths) if path in numbers]
        cites = dict.fromkeys(c.split("@", 1)[0] for path in known for c in numbers[path].provenance.cite)
        links = [Link(f"s-{source}", source) for source in list(cites)[:NAMED]]
        if (rest := len(cites) - NAMED) > 0:
            links.append(Link("sources", f"{rest} more {'source' if rest == 1 else 'sources'}"))
        if known:
            links.insert(0, self._all(known, [path for path in known if not numbers[path].provenance.cite]))
        return links

    def _all(self, known: Sequence[str], bare: Sequence[str]) -> Link:
        """A link to the rows of some numbers, with how many of them are without a source."""
        words = "1 number" if len(known) == 1 else f"{len(known)} numbers"
        if bare and len(known) > 1:
            words += f", {len(bare) if len(bare) < len(known) else 'all'} without a source"
        elif bare:
            words += " without a source"
        if len(known) == len(self.numbers):
            return Link("numbers", words)
        at = {path: i for i, path in enumerate(self.numbers)}
        return Link("numbers", words, runs(sorted({at[path] for path in known})))

    def cell(self, column: str, value: Any) -> Cell:
        """A cell of a chart's table: paths and source ids become links."""
        text = str(super().cell(column, value))
        if column == "Path":
            return self.paths(text.split(" + ")) or text
        if column == "Sources":
            known = self.known_sources()
            links = tuple(Link(f"s-{one}", one) for one in text.split(", ") if one in known)
            return links or text
        return text

    def paths(self, paths: Iterable[str]) -> tuple[Link, ...]:
        """Links to numbers."""
        return tuple(Link(f"n-{path}", path) for path in paths if path in self.numbers)

    def known_sources(self) -> Mapping[str, Any]:
        """The scenario's sources by id."""
        return getattr(self.situation.scenario, "sources", None) or {}

    def of(self, *starts: str) -> list[str]:
        """Paths that begin with one of `starts`."""
        return [path for path in self.numbers if path.startswith(starts)]

    def of_issue(self, issue: str) -> list[str]:
        """Paths of what an outcome on an issue rests on."""
        numbers = self.situation.numbers
        stances = [path for path in numbers if path.startswith("stances.") and path.split(".")[2] == issue]
        return [*stances, f"issues.{issue}.status_quo", *(p for p in numbers if p.endswith(".capability"))]
