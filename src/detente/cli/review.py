"""What `detente read --into SCENARIO` shows and asks: proposals as one-line edits, judged one by one in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from detente.cli.deliver import shell
from detente.console import console, note
from detente.errors import Fault, InputError
from detente.evidence.proposals import Proposal, proposals
from detente.evidence.reading import Reading
from detente.evidence.review import Review, edited, scenario
from detente.evidence.shelf import Shelf, folder
from detente.report.terminal.parts import printable
from detente.scenario.write import flow

KEYS = "a accept  e edit  x reject  s skip  u undo  / filter  q quit  ? help"
HELP = """  a  accept: the line is written to the file, with its source, after the lines that it needs
  e  edit: type the value in the file's own notation, then it is accepted
  x  reject: the same document does not propose it again
  s  skip: it stays open
  u  undo the last decision, and what it wrote
  /  show only proposals that hold some words; an empty filter shows all
  q  quit: what was accepted is in the file already"""


class Reviews:
    """The reviews of documents' proposals for one scenario file, each planned once, when it is first asked for.

    One is planned anew where the file has changed since: the document before it may have been accepted. Raises
    `InputError` at once where the file cannot be read, or no day is known to date a document's proposals by.
    """

    def __init__(self, found: Sequence[Reading], file: Path) -> None:
        scenario(file)
        for one in found:
            if one.document.date is None:
                expected = "expected one, for what is proposed is dated: --date YYYY-MM-DD gives it"
                raise InputError(Fault("found no date in the document", expected, file=one.document.name))
        self.found, self.file = found, file
        self.planned: dict[int, tuple[str, list[Proposal]]] = {}  # each with the text of the file that it is for

    def __iter__(self) -> Iterator[Review]:
        for number, one in enumerate(self.found):
            document = scenario(self.file)
            if number not in self.planned or self.planned[number][0] != document.text:
                self.planned[number] = document.text, proposals(one, document)
            name = str(document.data.get("id") or self.file.stem)
            yield Review(self.file, one.document, self.planned[number][1], Shelf(folder()), name)


def print_proposals(out: Console, review: Review) -> None:
    """Every open proposal: the line of the file, then the words that it rests on."""
    pending = review.pending()
    decided = len(review.proposals) - len(pending)
    count = f"{len(pending)} proposal{'s' * (len(pending) != 1)} for {review.file}"
    out.print(f"\n{count}" + (f", {decided} decided before" if decided else ""), style="bold", markup=False)
    for proposal in pending:
        _show(out, proposal)
    if pending:
        out.print("\nNothing is written yet: --review asks for each, --accept-all takes them all.", markup=False)


def _show(out: Console, proposal: Proposal) -> None:
    out.print()
    out.print(Text(f"+ {printable(proposal.line)}", style="green"), overflow="fold")
    words = f"“{printable(proposal.quotation)}”  " if proposal.quotation else ""
    out.print(f"  {words}({proposal.rule}, {proposal.confidence:.2f})", markup=False, highlight=False)


def accept_all(review: Review) -> int:
    """Accept every open proposal; how many lines were written."""
    written = 0
    while pending := review.pending():
        written += len(review.accept(pending[0]))
    return written


def ask(review: Review) -> None:
    """Ask for each open proposal until none is open or the analyst quits."""
    out = console()
    skipped: set[str] = set()
    while True:
        # What only makes others possible is asked for last: accepting one of those writes what it needs.
        pending = sorted((one for one in review.pending() if one.key not in skipped), key=lambda one: one.span is None)
        if not pending:
            out.print(_summary(review), markup=False)
            return
        proposal = pending[0]
        _show(out, proposal)
        out.print(f"  {len(pending)} open:  {KEYS}"[: out.width], style="dim", markup=False, highlight=False)
        key = click.getchar()
        if key in ("q", "\x04", "\x1b"):
            out.print(_summary(review), markup=False)
            return
        if key == "s":
            skipped.add(proposal.key)
        else:
            _do(out, review, proposal, key)


def _do(out: Console, review: Review, proposal: Proposal, key: str) -> None:
    """What a key does; what is wrong is told, and the same proposal is asked for again."""
    try:
        if key == "a":
            _told(out, review.accept(proposal))
        elif key == "e":
            value: Any = edited(click.prompt("  value", default=flow(proposal.value)))
            _told(out, review.accept(proposal, value))
        elif key == "x":
            review.reject(proposal)
            out.print("  rejected")
        elif key == "u":
            out.print(f"  {review.undo()}")
        elif key == "/":
            review.filter = click.prompt("  words", default="", show_default=False)
            if not review.pending():
                out.print("  no open proposal holds them: the filter is off again")
                review.filter = ""
        else:
            out.print(HELP, markup=False)
    except InputError as error:
        out.print("\n".join(f"  {fault}" for fault in error.faults), style="red", markup=False)


def _told(out: Console, written: list[Proposal]) -> None:
    out.print(f"  written: {len(written)} line{'s' * (len(written) != 1)}")


def _summary(review: Review) -> str:
    words = [f"{list(review.done.values()).count(word)} {word}" for word in ("accepted", "rejected")]
    return f"\n{', '.join(words)}, {len(review.pending())} open. Next: {shell('check', review.file)}"


def forget(sha256: str) -> None:
    """Erase what is kept of a document, and say so."""
    for name in Shelf(folder()).forget(sha256):
        note(
            f"erased: the text of {name} and what was decided of it. Scenario files keep the lines that were accepted."
        )
