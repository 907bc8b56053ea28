"""The one question that a command put: its words as a title, and the numbers that its answer rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from detente.report.parts import Builder
from detente.report.words import actor_name, is_share, lever_words, listed, measure_clause, sentence_case
from detente.scenario.situation import Situation

Found = Mapping[str, Any]


def question(situation: Situation, found: Found) -> str:
    """What was asked, as a title; `found` is the answer as the JSON interface words it."""
    if "scenarios" in found:
        return f"What differs between {listed(found['scenarios'])}"
    if "tables" in found:
        return "Whom to invite: the talks with each party added or left out"
    if "terms" in found:
        return f"What coming to the table is worth: {actor_name(situation, found['actor'])}"
    clause = measure_clause(situation, found["measure"])
    what = f"how often {clause}" if is_share(found["measure"]) or " >= " in found["measure"] else clause
    if "inputs" in found:
        return f"Which numbers drive {what}"
    if found.get("ranking") is not None:
        return f"What would change {what}"
    return sentence_case(f"{listed(lever_words(situation, lever) for lever in levers(found))}: {what}")


def levers(found: Found) -> list[str]:
    """The lever that was asked about, or the two of a frontier; none where all were ranked."""
    frontier = found.get("frontier")
    return list(frontier["levers"]) if frontier else [found["lever"]] if found.get("lever") else []


def rests_on(build: Builder, found: Found) -> Iterable[str] | None:
    """The numbers that the answer's pictures rest on; None is all of them."""
    if "terms" in found:
        return dict.fromkeys(path for term in found["terms"] for path in term.get("rests_on") or ())
    if "inputs" in found:
        return [path for row in found["inputs"] for path in row.get("paths") or [row["path"]]]
    if "tables" in found:
        return None
    if found.get("ranking") is not None:
        return build.of("levers.")
    if found.get("path"):
        return [found["path"]]
    return [path for lever in levers(found) for path in (f"levers.{lever}.level", lever)]
