"""An analyst's review of proposals: accept, edit, reject, undo, filter. It knows files and no keyboard.

Every accepted proposal is written at once, by an edit of the file as it then stands; nothing else of the file changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.errors import Fault, InputError
from detente.evidence.documents import Document
from detente.evidence.proposals import Proposal, plan, scenario_document
from detente.evidence.shelf import Shelf
from detente.files import write_text
from detente.scenario.edits import Edit
from detente.scenario.nodes import Document as Scenario
from detente.scenario.nodes import decode, parse

MARK = "\ufeff"  # a byte order mark, which is kept where a file begins with one


@dataclass
class Review:
    """Proposals of one document for one scenario file, and what was decided of them.

    ``name`` is the scenario's id, under which the shelf remembers decisions.
    """

    file: Path
    document: Document
    proposals: Sequence[Proposal]
    shelf: Shelf
    name: str
    filter: str = ""
    done: dict[str, str] = field(default_factory=dict)
    history: list[tuple[str, tuple[str, ...], tuple[Edit, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with what was decided before."""
        self.done.update(self.shelf.decided(self.document.sha256, self.name))

    def pending(self) -> list[Proposal]:
        """The proposals not decided yet, of those that hold the filter's words."""
        words = self.filter.casefold().split()
        return [
            one
            for one in self.proposals
            if one.key not in self.done
            and all(word in f"{one.line} {one.quotation} {one.rule}".casefold() for word in words)
        ]

    def accept(self, proposal: Proposal, value: Any = None) -> list[Proposal]:
        """Write a proposal (or `value` in its place) into the file, after those that it needs; what was written.

        Raises `InputError`, with the file as it was, where the file has something in its way.
        """
        wanted = [*self._needed(proposal), proposal]
        mark, text = _text(self.file)
        edits = []
        for one in wanted:
            edit = plan(scenario_document(text, str(self.file)), one, value if one is proposal else None)
            text = edit.apply(text)
            edits.append(edit)
        write_text(self.file, mark + text)
        self._note("accepted", [one.key for one in wanted], edits)
        return wanted

    def reject(self, proposal: Proposal) -> None:
        """Remember that a proposal is not wanted."""
        self._note("rejected", [proposal.key], ())

    def undo(self) -> str:
        """Take back the last decision, and what it wrote; what was done, in words.

        Raises `InputError` where nothing was decided, or the file was changed by somebody since.
        """
        if not self.history:
            raise InputError(Fault("found nothing to undo", "expected a decision in this review"))
        decision, keys, edits = self.history[-1]
        if edits:
            mark, text = _text(self.file)
            try:
                for edit in reversed(edits):
                    text = edit.inverse().apply(text)
            except ValueError:
                found = "was changed since by somebody else"
                raise InputError(
                    Fault(found, "expected the file as it was: undo by hand", file=str(self.file))
                ) from None
            write_text(self.file, mark + text)
        self.history.pop()
        for key in keys:
            self.done.pop(key, None)
            self.shelf.decide(self.document, self.name, key, None)
        return f"{decision} taken back" + (f" ({len(keys)} lines)" if len(keys) > 1 else "")

    def _needed(self, proposal: Proposal) -> list[Proposal]:
        """What must be in the file first, in the order in which it was proposed."""
        by_key = {one.key: one for one in self.proposals}
        found: dict[str, None] = {}

        def visit(one: Proposal) -> None:
            for key in one.needs:
                if key in by_key and key not in found and self.done.get(key) != "accepted":
                    visit(by_key[key])
                    found[key] = None

        visit(proposal)
        return [by_key[key] for key in found]

    def _note(self, decision: str, keys: Sequence[str], edits: Sequence[Edit]) -> None:
        self.history.append((decision, tuple(keys), tuple(edits)))
        for key in keys:
            self.done[key] = decision
            self.shelf.decide(self.document, self.name, key, decision)


def edited(text: str) -> Any:
    """The value that an analyst typed in place of a proposal's: YAML on one line.

    Raises `InputError` where it is none.

    >>> edited("{low: 10, high: 20}")
    {'low': 10, 'high': 20}
    """
    return parse(f"value: {text}", "your edit").data["value"]


def scenario(file: Path) -> Scenario:
    """A scenario file as it stands; one that is not there is an empty one."""
    return scenario_document(_text(file)[1], str(file))


def _text(file: Path) -> tuple[str, str]:
    """The file's byte order mark, if any, and its text with the newlines that it has."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return "", ""
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(Fault(f"could not be read: {reason}", "expected a scenario file", file=str(file))) from error
    return (MARK if data.startswith(MARK.encode()) else ""), decode(data, str(file))
