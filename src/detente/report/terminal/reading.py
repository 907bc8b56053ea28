"""What was read in documents on a terminal, and how well a reader agrees with people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console

from detente.evidence.evaluate import Evaluation
from detente.evidence.reading import Reading
from detente.evidence.statements import Statement
from detente.evidence.tolls import Toll
from detente.report.terminal.parts import grid, heading, printable, say

SHORT = 40  # characters of a value that stands in a line with others


def print_reading(console: Console, found: Reading) -> None:
    """A document's title and date, and its statements in their order, each with what is to be noted of it."""
    document = found.document
    heading(console, document.title or document.name)
    date = (
        f"{document.date} (from {_where(document.date_from)})" if document.date else "no date found; --date gives one"
    )
    parts = [document.publisher, date, *(f"credits {name}" for name in document.credits)]
    count = len(found.statements)
    number = f"{count} statement{'s' * (count != 1)}" if count else "No statement found"
    say(console, ["; ".join(part for part in parts if part), f"{number}, read by: {found.model}."])
    for statement in found.statements:
        console.print()
        say(console, [_line(document.text, statement)])
    if found.tolls:
        rows = [
            (toll.what, *_bounds(toll), " ".join(document.text[slice(*toll.evidence)].split())) for toll in found.tolls
        ]
        columns = [("Toll", "left"), ("at least", "right"), ("at most", "right"), ("in the text", "left")]
        grid(console, columns, [(*row[:3], printable(row[3])) for row in rows], title="Tolls")
    if found.began:
        console.print()
        evidence = document.text[slice(*found.began.evidence)]
        say(console, [f"The conflict began in {found.began.year}: “{' '.join(evidence.split())}”."])


def _bounds(toll: Toll) -> tuple[str, str]:
    return f"{toll.low:,}", "open" if toll.high is None else f"{toll.high:,}"


def _where(origin: str | None) -> str:
    return {"given": "--date", "metadata": "the document's own data", "url": "its address"}.get(
        origin or "", f"the {origin}"
    )


def _line(text: str, statement: Statement) -> str:
    """One statement in a line: speaker, cue, content, and its marks."""
    said = " ... ".join(" ".join(text[a:b].split()) for a, b in statement.content)
    source = text[slice(*statement.source)] if statement.source else "(nobody named)"
    cue = text[slice(*statement.cue)] if statement.cue else ""
    names = ("negated", "earlier", "attitude")
    marks = [statement.kind, *(name for name in names if getattr(statement, name)), f"{statement.confidence:.2f}"]
    return f"{' '.join(source.split())} [{' '.join(cue.split())}] {said}  ({', '.join(marks)})"


def print_rows(console: Console, rows: Sequence[Mapping[str, object]]) -> None:
    """The rows of an answer, a record each: its short values in a line, its texts beneath."""
    if not rows:
        say(console, ["No row answers that."])
    for row in rows:
        given = {name: printable(str(value)) for name, value in row.items() if value not in (None, "")}
        texts = {name: value for name, value in given.items() if len(value) > SHORT}
        console.print()
        say(console, ["  ".join(f"{name} {value}" for name, value in given.items() if name not in texts)])
        say(console, [f"  {name}: {value}" for name, value in texts.items()])


def print_evaluation(console: Console, found: Evaluation) -> None:
    """Precision, recall and F1 in per cent, of all attributions and of reported speech."""
    say(console, [f"{found.model} on {found.split}: {found.documents} documents; per cent."])
    for title, scores in (("All attributions", found.scores), ("Reported speech", found.statements)):
        rows = [
            (name, *(f"{100 * value:.1f}" for value in (rate.precision, rate.recall, rate.f1)))
            for name, rate in scores.items()
        ]
        columns = [("measure", "left"), ("precision", "right"), ("recall", "right"), ("F1", "right")]
        grid(console, columns, rows, title=title)
