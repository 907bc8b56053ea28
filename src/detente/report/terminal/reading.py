"""What was read in documents on a terminal, and how well a reader agrees with people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console

from detente.evidence.evaluate import Evaluation
from detente.evidence.findings import Actor, Findings, Shift, Stance, TalksEvent, words_of
from detente.evidence.plover import Agreement
from detente.evidence.reading import Reading
from detente.evidence.statements import Statement
from detente.evidence.tolls import Toll
from detente.report.terminal.parts import grid, heading, printable, say

LONGEST = 140  # characters of a quotation in a table

SHORT = 40  # characters of a value that stands in a line with others


def print_reading(console: Console, found: Reading) -> None:
    """A document's title and date, and its statements in their order, each with what is to be noted of it."""
    document, findings = found.document, found.findings
    heading(console, document.title or document.name)
    date = (
        f"{document.date} (from {_where(document.date_from)})" if document.date else "no date found; --date gives one"
    )
    parts = [document.publisher, date, *(f"credits {name}" for name in document.credits)]
    parts += [f"interview with {one.outlet}" for one in findings.interviews]
    count = len(found.statements)
    number = f"{count} statement{'s' * (count != 1)}" if count else "No statement found"
    say(console, ["; ".join(part for part in parts if part), f"{number}, read by: {found.model}."])
    for statement, speaker, stance in zip(found.statements, findings.speakers, findings.stances, strict=True):
        console.print()
        say(console, [_line(document.text, statement), *_meant(speaker, stance)])
    for title, columns, rows in _tables(document.text, findings):
        grid(console, columns, rows, title=title)
    if found.tolls:
        counted = [
            (toll.what, *_bounds(toll), " ".join(document.text[slice(*toll.evidence)].split())) for toll in found.tolls
        ]
        columns = [("Toll", "left"), ("at least", "right"), ("at most", "right"), ("in the text", "left")]
        grid(console, columns, counted, title="Tolls")
    if found.began:
        console.print()
        evidence = document.text[slice(*found.began.evidence)]
        say(console, [f"The conflict began in {found.began.year}: “{' '.join(evidence.split())}”."])


def _meant(speaker: Actor | None, stance: Stance | None) -> list[str]:
    """Who is meant by the source and what the statement does, in a line; nothing where neither is known."""
    parts = []
    if speaker and speaker.name:
        acts = f", for {speaker.represents}" if speaker.represents else ""
        known = f" [{speaker.id}]" if speaker.id else ""
        parts.append(f"{speaker.name}{known}{acts} (by {speaker.method}, {speaker.confidence:.2f})")
    elif speaker and speaker.candidates:
        parts.append(f"unresolved: {' or '.join(speaker.candidates[:3])} ({speaker.confidence:.2f})")
    if stance:
        signals = ", ".join(dict.fromkeys(name for name, _ in stance.signals))
        code = f" {stance.code}" if stance.code else ""
        parts.append(
            f"{stance.cls}{code}{', not repeated' if stance.dropped else ''}{f': {signals}' if signals else ''}"
        )
    return [f"  = {'; '.join(parts)}"] if parts else []


Table = tuple[str, list[tuple[str, str]], list[list[str]]]  # title, columns, rows


def _tables(text: str, found: Findings) -> Iterator[Table]:
    """The tables of shifts, ties, talks and assessments that have rows, each row ending with the words it rests on."""
    words = ("in the text", "left")
    if found.shifts:
        rows = [[f"{_called(s.actor)} {_way(s)}", words_of(text, s.evidence)] for s in found.shifts]
        yield "Shifts", [("who, which way", "left"), words], rows
    if found.ties:
        rows = [
            [
                f"{_called(t.source)} {'not: ' if t.denied else ''}{t.kind} {_called(t.target)}",
                _shortened(words_of(text, t.evidence)),
            ]
            for t in found.ties
        ]
        yield "Ties", [("tie", "left"), words], rows
    if found.talks:
        rows = [[e.date or "", f"{e.event}{_held(e)}", _shortened(words_of(text, e.evidence))] for e in found.talks]
        yield "Talks", [("when", "left"), ("what", "left"), words], rows
    if found.assessments:
        rows = [
            [
                f"{_called(a.actor)}: {a.of} {a.direction}",
                a.by.name or "?" if a.by else "the report",
                words_of(text, a.evidence),
            ]
            for a in found.assessments
        ]
        yield "Assessments", [("who", "left"), ("by", "left"), words], rows


def _called(actor: Actor) -> str:
    return actor.id or actor.name or "?"


def _way(shift: Shift) -> str:
    """The direction with the reporter's reserve, and against what."""
    reserve = " slightly" if shift.slight else ""
    against = f" against its stance on {shift.issue}" if shift.issue else ""
    return f"{shift.direction}{reserve}{against}{' (as it appears)' if shift.hedged else ''}"


def _held(event: TalksEvent) -> str:
    """Where, after how many rounds and between whom."""
    parts = [event.forum or ""]
    parts += [f"after {event.rounds} rounds"] if event.rounds else []
    parts += [f"number {event.number}"] if event.number else []
    parts += [" and ".join(_called(actor) for actor in event.parties)] if event.parties else []
    said = ", ".join(part for part in parts if part)
    return f": {said}" if said else ""


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


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


def print_agreement(console: Console, found: Agreement) -> None:
    """How well the rules for events agree with records of PLOVER, in per cent with 95 % intervals."""
    say(console, [f"Rules for events on PLOVER's {found.split} half: {found.records} records; per cent."])
    rows = [
        (name, f"{100 * rate.value:.1f}", f"{100 * rate.low:.1f} to {100 * rate.high:.1f}", str(rate.of))
        for name, rate in found.rates.items()
    ]
    grid(console, [("agrees", "left"), ("share", "right"), ("95 %", "right"), ("of", "right")], rows)


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
