"""The page of documents that were read: their texts with what was found marked in them, a timeline, every statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from detente.evidence.findings import words_of
from detente.evidence.reading import Reading
from detente.files import write_text
from detente.report.charts.reading import Entry, reading_timeline
from detente.report.html import page
from detente.report.parts import Article, Link, Numbering, Row, Section, Table, Text
from detente.report.reading.marks import (
    GROUPS,
    Mark,
    flags,
    marks_of,
    segments,
    shift_words,
    speaker_name,
    stance_words,
    talks_words,
)
from detente.report.words import listed, shown

TITLE = 90  # characters of a document's title in a list
COUNTED = {
    "statement": "statement",
    "shift": "shift",
    "tie": "tie",
    "talks": "talks event",
    "assessment": "assessment",
    "event": "event",
    "toll": "figure of what it cost",
    "interview": "interview",
}
ORIGINS = {
    "given": "as given by --date",
    "metadata": "from the document's own data",
    "url": "from its address",
    "file name": "from the file name",
}
LIMITS = (
    "A machine read this. A statement may be missed, cut short, given to the wrong speaker, or be none; a confidence says how "
    "sure the model or the rule is, not how often it is right. Look at the words before you use them.",
    "That a document says that somebody said something does not make it so, and what was said need not be meant.",
    "An actor is named only where the text is clear enough; elsewhere candidates are listed and nobody is named.",
    "Nothing in a document was carried out, fetched or sent. Characters that would act on the page, such as a change of writing "
    "direction, stand in brackets by their numbers.",
)


def write_reading(path: str | Path | None, found: Sequence[Reading], *, command: str = "") -> str:
    """What was read in documents as one HTML page, written to `path` where one is given.

    `command` is the command line that makes the page again.
    """
    from detente import __version__

    marked = [marks_of(one, f"d{number}") for number, one in enumerate(found, start=1)]
    names = _names(found)
    timeline = Numbering().figure(reading_timeline(list(_entries(found, names))))
    sections = [
        _summary(found, marked),
        Section("timeline", "By date", figures=[timeline]),
        *(_document(number, *one) for number, one in enumerate(zip(found, marked, names, strict=True), start=1)),
        _statements(found, marked, names),
        Section("limits", "What this cannot tell you", LIMITS),
        Section("again", "How to make this again", texts=[Text(f"Version {__version__}", (), command)]),
    ]
    title = names[0] if len(found) == 1 else f"{len(found)} documents read"
    html = page(title, sections, made=_made(found), version=__version__, skip="Skip to what was read")
    if path is not None:
        write_text(Path(path), html)
    return html


def _made(found: Sequence[Reading]) -> str:
    models = listed(list(dict.fromkeys(one.model for one in found)))
    return f"Read by: {models}. Nothing here is in a scenario: it is proposed, and an analyst decides."


def _names(found: Sequence[Reading]) -> list[str]:
    """A name for each document: its title, else its file's name; with a number where two share one."""
    names = [one.document.title or Path(one.document.name).name for one in found]
    names = [name if len(name) <= TITLE else f"{name[: TITLE - 1].rstrip()}…" for name in names]
    return [name if names.count(name) == 1 else f"{name} ({n})" for n, name in enumerate(names, start=1)]


def _counts(marks: Sequence[Mark]) -> dict[str, int]:
    groups = [mark.group for mark in marks]
    return {group: groups.count(group) for group in GROUPS if group in groups}


def _counted(count: int, name: str) -> str:
    if count == 1:
        return f"1 {name}"
    return f"{count:,} " + (name.replace("figure", "figures", 1) if name.startswith("figure") else f"{name}s")


def _summary(found: Sequence[Reading], marked: Sequence[Sequence[Mark]]) -> Section:
    counts = _counts([mark for marks in marked for mark in marks])
    told = listed([_counted(count, COUNTED[group]) for group, count in counts.items()]) or "Nothing"
    words = [f"{told} in {_counted(len(found), 'document')}."]
    shifts = [f"{shift_words(shift)}." for one in found for shift in one.findings.shifts]
    words += [f"{shown(shift[:1].upper() + shift[1:])}" for shift in shifts[:3]]
    unresolved = sum(not (s and s.name) for one in found for s in one.findings.speakers)
    negated = sum(told.negated for one in found for told in one.statements)
    if unresolved:
        words.append(f"The speaker of {_counted(unresolved, 'statement')} could not be named: see the candidates.")
    if negated:
        words.append(
            f"{_counted(negated, 'statement')} {'is' if negated == 1 else 'are'} negated: the text says that this was not "
            "said, or was not repeated."
        )
    words.append(
        "None of this is in a scenario. detente read DOC --into SCENARIO lists what it would change there, a line each, and "
        "--review asks for every one."
    )
    return Section("answer", "What was found", words)


def _document(number: int, found: Reading, marks: Sequence[Mark], name: str) -> Section:
    document = found.document
    day = (
        f"Dated {document.date}, {ORIGINS.get(document.date_from or '', document.date_from)}" if document.date else None
    )
    credits = f"credits {listed(document.credits)}" if document.credits else ""
    outlets = list(dict.fromkeys(one.outlet for one in found.findings.interviews))
    interviews = f"reports an interview with {listed(outlets)}" if outlets else ""
    where = [document.publisher and f"From {document.publisher}", document.author and f"by {document.author}"]
    parts = [*where, credits, interviews, document.url, f"file {Path(document.name).name}"]
    told = "; ".join(part for part in parts if part)
    words = [
        f"{told[:1].upper()}{told[1:]}.",
        f"{day or 'No date was found: --date gives one'}. Read by: {found.model}.",
        f"{len(document.text):,} characters, SHA-256 {document.sha256}.",
    ]
    counts = _counts(marks)
    article = Article(f"d{number}", segments(document.text, marks), marks, counts)
    return Section(f"d{number}", name, words, article=article)


def _statements(found: Sequence[Reading], marked: Sequence[Sequence[Mark]], names: Sequence[str]) -> Section:
    rows = []
    for one, marks, name in zip(found, marked, names, strict=True):
        text, findings = one.document.text, one.findings
        anchors = {mark.tag: mark.id for mark in marks}
        those = zip(one.statements, findings.speakers, findings.stances, strict=True)
        for number, (told, speaker, stance) in enumerate(those, start=1):
            tag = f"S{number}"
            spans = [*told.content, *(span for span in (told.source, told.cue) if span)]
            rows.append(
                Row(
                    {
                        "Statement": Link(anchors[tag], tag) if tag in anchors else tag,
                        "Who": speaker_name(text, told, speaker),
                        "Cue": words_of(text, [told.cue]) if told.cue else "",
                        "Content": words_of(text, told.content),
                        "Kind": told.kind,
                        "Flags": ", ".join(flags(told)),
                        "Stance": stance_words(stance) if stance else "",
                        "Signals": ", ".join(dict.fromkeys(n for n, _ in stance.signals)) if stance else "",
                        "Confidence": f"{told.confidence:.2f}",
                        "Place": f"{min(spans)[0]}–{max(end for _, end in spans)}" if spans else "",
                        **({"Document": name} if len(found) > 1 else {}),
                        "Date": one.document.date.isoformat() if one.document.date else "",
                    }
                )
            )
    if not rows:
        return Section("statements", "Statements", ["No statement was found."])
    columns = list(rows[0].cells)
    choices = [column for column in ("Who", "Kind", "Flags", "Document") if column in columns]
    table = Table("Who said what", columns, rows, "statements", choices)
    return Section(
        "statements",
        "Statements",
        ["Places are characters of the text, counted from 0, from the first word of a statement to the last."],
        tables=[table],
    )


def _entries(found: Sequence[Reading], names: Sequence[str]) -> Iterator[Entry]:
    """What has a place in time: the beginning of the conflict, talks events, shifts and statements."""
    for one, name in zip(found, names, strict=True):
        document, findings = one.document, one.findings
        text, day = document.text, document.date.isoformat() if document.date else None
        if one.began:
            year = str(one.began.year)
            words = words_of(text, [one.began.evidence])
            yield Entry("The conflict", "Beginning of the conflict", year, "It began", words, name)
        for event in findings.talks:
            yield Entry("Talks", "Talks event", event.date, talks_words(event), words_of(text, event.evidence), name)
        for shift in findings.shifts:
            yield Entry("Shifts", "Shift", day, shift_words(shift), words_of(text, shift.evidence), name)
        for told, speaker in zip(one.statements, findings.speakers, strict=True):
            what = ", ".join([told.kind, *flags(told)])
            kind = "Earlier line" if told.earlier else "Statement"
            yield Entry(speaker_name(text, told, speaker), kind, day, what, words_of(text, told.content), name)
