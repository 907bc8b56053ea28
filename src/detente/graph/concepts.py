"""The stability concepts of one decision maker: what each asks, the law between them, and where they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detente.errors import UsageError, nearest


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept: a state is stable for i where every improvement of i from it is deterred in this way."""

    id: str
    name: str
    law: str  # what deters an improvement from s to s1
    within: tuple[str, ...]  # concepts that every state stable under this one is stable under too
    source: str
    by_improvements: bool = False  # whether the others only make moves that improve their own lot
    with_reply: bool = False  # whether i must not be able to escape the sanction
    option_form: bool = False  # whether it has a meaning in option form only


CONCEPTS: tuple[Concept, ...] = (
    Concept(
        "nash",
        "Nash stability",
        "nothing: there must be no improvement",
        ("sseq", "seq", "smr", "gmr", "sim"),
        "Nash (1950, 1951)",
    ),
    Concept(
        "gmr",
        "general metarationality",
        "the others can move on to a state that is no better for i than s",
        (),
        "Howard (1971)",
    ),
    Concept(
        "smr",
        "symmetric metarationality",
        "the others can move on to a state that is no better for i than s, and i cannot move on from there to a better",
        ("gmr",),
        "Howard (1971)",
        with_reply=True,
    ),
    Concept(
        "seq",
        "sequential stability",
        "the others can move on, each step improving the lot of who makes it, to a state no better for i than s",
        ("gmr",),
        "Fraser and Hipel (1979, 1984)",
        by_improvements=True,
    ),
    Concept(
        "sseq",
        "symmetric sequential stability",
        "as sequential, and i cannot move on from there to a state that is better than s",
        ("seq", "smr", "gmr"),
        "Rego and Vieira (2017)",
        by_improvements=True,
        with_reply=True,
    ),
    Concept(
        "sim",
        "simultaneous stability",
        "some of the others, each improving its own lot from s, move at the same time as i, and the state in which all "
        "these changes meet is no better for i than s",
        (),
        "Fraser and Hipel (1979, 1984)",
        option_form=True,
    ),
)
BY_ID = {concept.id: concept for concept in CONCEPTS}


def chosen(ids: Iterable[str]) -> list[Concept]:
    """The concepts of these ids; `UsageError` for one that there is not.

    >>> [concept.name for concept in chosen(["seq"])]
    ['sequential stability']
    """
    found = []
    for id_ in ids:
        if id_ not in BY_ID:
            near = nearest(id_, BY_ID)
            hint = f" (did you mean {near}?)" if near else ""
            raise UsageError(f"found the concept {id_}; expected any of {', '.join(BY_ID)}{hint}")
        found.append(BY_ID[id_])
    return found
