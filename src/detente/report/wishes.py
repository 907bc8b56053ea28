"""Who wants what in a strategic conflict: the statements behind each order of states, with what each rests on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from detente.report.parts import Builder, Link, Numbering, Row, Table
from detente.report.words import quantity_words, sentence_case
from detente.scenario.situation import Provenance

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult
    from detente.scenario.conflict import Statement

WORDS = (("&", "and"), ("|", "or"), ("NOT", "not"), ("AND", "and"), ("OR", "or"), ("IF", "if"), ("IFF", "iff"))


def wishes(build: Numbering, found: GraphResult) -> list[Table]:
    """A table of the statements of those who have any, the most important first."""
    scenario = build if isinstance(build, Builder) else None
    names = found.conflict.names
    rows = []
    for maker, preference in enumerate(found.conflict.preferences):
        for rank, statement in enumerate(preference.statements or (), 1):
            cells: dict[str, Any] = {
                "Decision maker": names.maker_names[maker],
                "Rank": str(rank),
                "Wants": statement_words(statement.text, dict(zip(names.options, names.option_names, strict=True))),
            }
            if scenario is not None:
                cells |= _grounds(scenario, names.makers[maker], rank - 1, statement)
            rows.append(Row(cells))
    return [Table("Who wants what, the most important first", list(rows[0].cells), rows)] if rows else []


def statement_words(text: str, names: Mapping[str, str]) -> str:
    """A formula with options by their names.

    >>> statement_words("come if -waive & lean", {"come": "comes", "waive": "waives", "lean": "leans"})
    '“comes” if not “waives” and “leans”'
    """
    known = "|".join(re.escape(option) for option in sorted(names, key=len, reverse=True))
    signs = dict(WORDS)
    found = re.sub(
        rf"(?:(?P<no>(?<!\w)-\s*)|(?<![\w-]))(?P<option>{known})(?![\w-])|(?P<sign>[&|]|\b(?:NOT|AND|OR|IFF|IF)\b)|(?P<minus>-)",
        lambda m: (
            signs[m["sign"]]
            if m["sign"]
            else "not "
            if m["minus"]
            else f"{'not ' if m['no'] else ''}“{names[m['option']]}”"
        ),
        text,
    )
    return " ".join(found.split())


def _grounds(build: Builder, maker: str, index: int, statement: Statement) -> dict[str, Any]:
    """How likely a statement is to count, its sources and its reason, as far as they may be told."""
    number = build.numbers.get(statement.path or "")
    written = build.situation.scenario.document.data["game"]["preferences"][maker]["priorities"][index]
    said = written if isinstance(written, Mapping) else {}
    cite = said.get("cite") or ()
    cites = (cite,) if isinstance(cite, str) else tuple(map(str, cite))
    provenance = Provenance(cite=cites, because=said.get("because"), by=said.get("by"))
    path = statement.path or f"game.preferences.{maker}.{index + 1}"
    sources = dict.fromkeys(one.split("@", 1)[0] for one in cites)
    return {
        "Counts": "always" if number is None else f"with probability {quantity_words(number.quantity)}",
        "Sources": tuple(Link(f"s-{one}", one) for one in sources),
        "Because": build.redaction.because(path, provenance)
        or sentence_case(build.redaction.by(path, provenance) or ""),
    }
