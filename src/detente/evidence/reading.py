"""Documents read: each with its statements, and with the name of the model or of the rules that found them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from detente.errors import Fault, InputError
from detente.evidence import rules
from detente.evidence.attribution import Attribution
from detente.evidence.documents import Document, read
from detente.evidence.findings import Findings
from detente.evidence.layers import Known, find
from detente.evidence.sift import sifted
from detente.evidence.statements import Statement, statements
from detente.evidence.tolls import Began, Toll, began, tolls
from detente.machine import time_limit

Step = Callable[[int, int, str], None]
Attribute = Callable[[str], list[Attribution]]
SECONDS = 600  # by the clock, for one document: a million characters take the model some two minutes


@dataclass(frozen=True)
class Reading:
    """What was read in a document."""

    document: Document
    statements: tuple[Statement, ...]
    model: str
    tolls: tuple[Toll, ...] = ()
    began: Began | None = None
    findings: Findings = field(default_factory=Findings)

    def to_dict(self) -> dict[str, object]:
        """For JSON: see the reference page of the JSON answers."""
        return {
            "document": self.document.to_dict(),
            "model": self.model,
            "statements": self._statements(),
            "tolls": [toll.to_dict() for toll in self.tolls],
            "began": self.began.to_dict() if self.began else None,
            **self.findings.to_dict(),
        }

    def _statements(self) -> list[dict[str, object]]:
        """The statements for JSON, each with its speaker and its stance."""
        found = []
        text = self.document.text
        for told, speaker, stance in zip(self.statements, self.findings.speakers, self.findings.stances, strict=True):
            found.append(
                {
                    **told.to_dict(),
                    "speaker": speaker.name if speaker else None,
                    "represents": speaker.represents if speaker else None,
                    "actor": speaker.id if speaker else None,
                    "resolution": speaker.to_dict(text) if speaker else None,
                    "stance": stance.to_dict() if stance else None,
                }
            )
        return found


@dataclass(frozen=True)
class Reader:
    """What reads: a name to be told to whoever sees the answer, and a function from a text to its attributions."""

    name: str
    attribute: Attribute

    def __call__(self, document: Document, known: Known | None = None) -> Reading:
        """What a document says; `known` are names, and a scenario's stances in force."""
        told, findings = find(document, statements(document.text, self.attribute(document.plain)), known)
        # Looked for in the text without markup, and shown as slices of the text with it: places are the same.
        counted = (replace(toll, text=document.text) for toll in tolls(document.plain, told))
        return Reading(document, told, self.name, tuple(counted), began(document.plain, document.date), findings)


def reader(*, fast: bool = False, model: Path | None = None, recall: float | None = None) -> Reader:
    """The most accurate reader there is: the model in `model`, else the one that ships, else the rules, which need nothing.

    `fast` asks for the rules. `recall` (0 to 1) is the share of doubt a cue may carry: 0.3 keeps cues of probability 0.7
    and more; it moves nothing where the rules read. Raises `InputError` where a `model` asked for cannot be used.
    """
    from detente.evidence import model as models

    if fast and model is not None:
        raise InputError(Fault("--fast and a model", "expected one or the other", file="--fast"))
    file = model or (None if fast else models.shipped())
    if file is None:
        return Reader(rules.NAME, rules.attribute)
    if model is None and not models.can_run():
        return Reader(f"{rules.NAME} (the model needs: pip install 'detente[read]')", rules.attribute)
    loaded = models.load(Path(file))
    threshold = None if recall is None else 1 - recall
    return Reader(loaded.name, lambda text: sifted(text, loaded.attribute(text, threshold=threshold)))


def read_all(
    sources: Sequence[str | Path],
    how: Reader,
    *,
    date: dt.date | None = None,
    known: Known | None = None,
    step: Step | None = None,
) -> list[Reading]:
    """Every document, in order. What is wrong with several of them is said of all in one go.

    Raises `InputError` with a fault for every document that cannot be read.
    """
    documents: list[Document] = []
    faults: list[Fault] = []
    for source in sources:
        try:
            documents.append(read(source, date=date))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    found = []
    for number, document in enumerate(documents, start=1):
        try:
            with time_limit(SECONDS):
                found.append(how(document, known))
        except TimeoutError:
            wrong = f"takes longer than {SECONDS} seconds to read"
            faults.append(Fault(wrong, "expected a report; --fast reads by rules alone", file=document.name))
        if step:
            step(number, len(documents), "reading")
    if faults:
        raise InputError(faults)
    return found
