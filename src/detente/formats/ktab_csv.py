"""KTAB's CSV: a line for the scenario, a line of headings, a line an actor. It has no parameters."""

from __future__ import annotations

from itertools import islice

from detente.formats import Foreign, Written
from detente.formats.draft import Draft
from detente.formats.ktab import MODEL, PARAMETERS, Actor, Model, Outgoing, fill
from detente.formats.leaving import Leaving
from detente.formats.text import beginning, decode, rows, safe, table, unsafe
from detente.scenario.situation import Situation


def recognises(file: Foreign) -> bool:
    """Whether the second line begins with the headings of an actor and a description."""
    lines = [line for line in islice(beginning(file.data).splitlines(), 20) if line.strip()]
    heads = [cell.strip().strip('"').lower() for cell in lines[1].split(",")] if len(lines) > 1 else []
    return len(heads) >= 5 and heads[0] == "actor" and heads[1].startswith("desc")


def read(file: Foreign) -> Draft:
    """A draft of a KTAB CSV. Raises `InputError` with every fault, each with its line."""
    text, encoding = decode(file.whole(), file.name)
    draft = Draft(file.name, "a KTAB scenario in CSV")
    if encoding == "windows-1252":
        draft.head.append("The text was not in UTF-8; it was read as Windows-1252.")
    lines = list(rows(text, file.name, ","))
    if len(lines) < 2:
        draft.fault(None, "", f"found {len(lines)} lines", "expected a line for the scenario, headings, and actors")
        draft.stop()
    (line, first), (heading_line, headings), *rest = lines
    name, description, *counts = [*_full(first), "", "", "", ""][:4]
    actors, dimensions = (
        _count(draft, line, what, text) for what, text in zip(("actors", "dimensions"), counts, strict=True)
    )
    draft.stop()
    headings = _full(headings)
    if len(headings) != 3 + 2 * dimensions:
        expected = f"expected {3 + 2 * dimensions}: three, and two for each of {dimensions} dimensions"
        draft.fault(heading_line, "headings", f"found {len(headings)}", expected)
    if len(rest) != actors:
        expected = f"expected {actors}, as line {line} says"
        draft.fault(rest[-1][0] if rest else heading_line, "actors", f"found {len(rest)} lines", expected)
    found = []
    for number, cells in rest:
        cells = _full(cells, 3 + 2 * dimensions)
        if len(cells) != 3 + 2 * dimensions:
            expected = f"expected {3 + 2 * dimensions}, as there are headings"
            draft.fault(number, unsafe(cells[0]), f"found {len(cells)} fields", expected)
            continue
        found.append(Actor(unsafe(cells[0]), unsafe(cells[1]), cells[2], cells[3::2], cells[4::2], number))
    draft.stop()
    names = [unsafe(heading) for heading in headings[3::2]]
    fill(draft, Model(unsafe(name), unsafe(description), names, found, line=heading_line))
    return draft


def _full(cells: list[str], least: int = 0) -> list[str]:
    """The cells without empty ones at the end, which a comma at the end of a line makes."""
    cells = list(cells)
    while len(cells) > least and not cells[-1]:
        cells.pop()
    return cells


def _count(draft: Draft, line: int, what: str, text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text[:9]) < 10_000:
        return int(text)
    draft.fault(line, what, f"found {text[:40] or 'nothing'}", "expected how many there are, a whole number")
    return 0


def write(situation: Situation) -> Written:
    """A situation as KTAB's CSV."""
    out = Outgoing(Leaving(situation))
    model = out.model()
    told = [*out.told, *_lost_settings(situation)]
    plain = [_words(text) for text in (model.name, model.description)]
    if any(mark in text for text in _texts(model) for mark in ',"'):
        told.append("commas and double quotes in texts: semicolons and single quotes stand for them")
    first = [*plain, str(len(model.actors)), str(len(model.dimensions))]
    headings = ["Actor", "Description", "Power"]
    for index, dimension in enumerate(model.dimensions, start=1):
        headings += [_words(dimension), f"Salience {index}"]
    lines = []
    for actor in model.actors:
        pairs = zip(actor.position, actor.salience, strict=True)
        lines.append([_words(actor.name), _words(actor.description), actor.capability, *(n for p in pairs for n in p)])
    return Written(table(first, [headings, *lines]), out.leaving.told(*told))


def _texts(model: Model) -> list[str]:
    described = [text for actor in model.actors for text in (actor.name, actor.description)]
    return [model.name, model.description, *model.dimensions, *described]


def _words(text: str) -> str:
    """A text that any reader of KTAB's CSV takes whole."""
    return safe(" ".join(text.replace(",", ";").replace('"', "'").split()))


def _lost_settings(situation: Situation) -> list[str]:
    """That the scenario sets parameters, which CSV does not have."""
    given = situation.models.get(MODEL, {})
    return [f"the parameters of {MODEL}, which only KTAB's XML has"] if given and PARAMETERS else []
