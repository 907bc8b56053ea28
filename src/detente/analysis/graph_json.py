"""The graph model's answer as JSON, piece by piece: a list of a million states is never held as a whole.

Decision makers go by their ids and states by their codes (in graph form, by their numbers from 1).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.graph.joint import Sequence as Steps
from detente.graph.options import OptionForm

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult
    from detente.analysis.graph_inverse import Inverse, Wanted
    from detente.analysis.graph_shares import Shares
    from detente.analysis.graph_ways import To, Ways
    from detente.graph.why import Answer, Considered, Fall, Why

MOST_LISTED = 100_000  # entries of a list, unless all are asked for
PIECE = 1 << 14  # entries made at a time
LEFT_OUT = f"over {MOST_LISTED:,} entries; --full gives them"
FAR = "looked at in games of up to 131,072 states; --full does so in any"


@dataclass(frozen=True)
class Long:
    """A list of `count` entries; `piece` makes those from one place up to another."""

    count: int
    piece: Callable[[int, int], list[Any]]

    @classmethod
    def of(cls, numbers: NDArray[Any]) -> Long:
        """The numbers of an array."""
        return cls(len(numbers), lambda low, high: numbers[low:high].tolist())

    def pieces(self) -> Iterator[list[Any]]:
        """The entries, some at a time."""
        for low in range(0, self.count, PIECE):
            yield self.piece(low, min(low + PIECE, self.count))


@dataclass(frozen=True)
class Document:
    """A JSON object with long lists in it."""

    data: Mapping[str, Any]

    def unfolded(self) -> Any:
        """It as plain dictionaries and lists."""
        return _unfolded(self.data)

    def text(self) -> Iterator[str]:
        """It as text, in pieces: objects a line an entry, lists and what stands in them on one line."""
        yield from _text(self.data, 1)
        yield "\n"


def _unfolded(value: Any) -> Any:
    if isinstance(value, Long):
        return [entry for piece in value.pieces() for entry in piece]
    return {key: _unfolded(entry) for key, entry in value.items()} if isinstance(value, Mapping) else value


def _text(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Long):
        yield "["
        for number, piece in enumerate(value.pieces()):
            yield (", " if number else "") + json.dumps(piece, ensure_ascii=False)[1:-1]
        yield "]"
    elif isinstance(value, Mapping) and value:
        for number, (key, entry) in enumerate(value.items()):
            yield f"{',' if number else '{'}\n{' ' * depth}{json.dumps(str(key), ensure_ascii=False)}: "
            yield from _text(entry, depth + 1)
        yield f"\n{' ' * (depth - 1)}}}"
    else:
        yield json.dumps(value, ensure_ascii=False)


# --- what is in it -------------------------------------------------------------------------------------------------


def document(
    found: GraphResult,
    *,
    full: bool = True,
    explain: int | None = None,
    maker: int | None = None,
    inverse: Inverse | None = None,
    to: int | None = None,
) -> Document:
    """All answers; `explain` (for one `maker`, or all), `inverse` and `to` add what was asked about one state."""
    return Document(_Writer(found, full).all(explain, maker, inverse, to))


class _Writer:
    """One result being worded."""

    def __init__(self, found: GraphResult, full: bool) -> None:
        self.found, self.full = found, full
        self.codes = found.codes
        self.makers = found.conflict.names.makers

    def all(self, explain: int | None, maker: int | None, inverse: Inverse | None, to: int | None) -> dict[str, Any]:
        found, game = self.found, self.found.game
        equilibria: dict[str, Any] = self.by_concept(found.equilibria)
        if found.coalition:
            equilibria["coalition"] = self.by_concept(found.coalition)
        start, ways = game.status_quo, found.ways if self.full else found.near_ways
        data: dict[str, Any] = {
            "states": self.long(Long(game.states, self.states)),
            "decision_makers": {
                id_: {
                    "payoff": self.long(Long.of(game.payoff[number])),
                    "stable": self.by_concept({concept: which[number] for concept, which in found.stable.items()}),
                }
                for number, id_ in enumerate(self.makers)
            },
            "equilibria": equilibria,
            "status_quo": None if start is None else self.code(start),
            "reachable": self.reachable(ways),
        }
        if ways is not None:
            data["arrivals"] = {"count": ways.count, "nearest": self.arrivals()}
        if (shares := found.shares) is not None:
            data["shares"] = {"draws": shares.draws, "equilibria": self.shares(shares)}
        if (seen := found.hypergame) is not None:
            data["hypergame"] = {
                "equilibria": self.by_concept(seen.equilibria),
                "perceived": {
                    id_: self.by_concept({concept: which[number] for concept, which in seen.perceived.items()})
                    for number, id_ in enumerate(self.makers)
                },
                "unrecognised": self.by_concept(dict(zip(self.makers, seen.unrecognised, strict=True))),
                "surprises": self.by_concept(dict(zip(self.makers, seen.surprises, strict=True))),
            }
        if found.listed:
            data["coalitions"] = {
                ",".join(self.ids(group)): {"stable": self.by_concept(stable)} for group, stable in found.listed.items()
            }
        if explain is not None:
            data["explained"] = self.explained(explain, maker)
        if inverse is not None:
            data["inverse"] = self.inverse(inverse)
        if to is not None and found.ways is not None:
            data["ways"] = self.to(found.ways.to(to))
        return data

    def long(self, entries: Long) -> Any:
        """The list, or how long it is."""
        if self.full or entries.count <= MOST_LISTED:
            return entries
        return {"count": entries.count, "left_out": LEFT_OUT}

    def by_concept(self, stable: Mapping[str, NDArray[np.bool_]]) -> dict[str, Any]:
        return {concept: self.long(Long.of(self.codes[which])) for concept, which in stable.items()}

    def shares(self, shares: Shares) -> dict[str, Any]:
        """The states that are an equilibrium in some draw, the most frequent first."""

        def of(concept: str) -> Long:
            ever = shares.found(concept)

            def piece(low: int, high: int) -> list[Any]:
                return [{"code": self.code(s), **shares.share(concept, s).to_dict()} for s in ever[low:high]]

            return Long(len(ever), piece)

        return {concept: self.long(of(concept)) for concept in shares.counts}

    def code(self, state: int) -> int:
        return int(self.codes[state])

    # --- pieces of long lists --------------------------------------------------------------------------------------

    def states(self, low: int, high: int) -> list[dict[str, Any]]:
        form = self.found.conflict.form
        if not isinstance(form, OptionForm):
            names = self.found.conflict.names.state_names[low:high]
            rows = enumerate(names, low + 1)
            return [{"id": n, "code": self.code(n - 1), "options": "", "name": str(name)} for n, name in rows]
        rows_of = zip(range(low + 1, high + 1), self.codes[low:high].tolist(), self._letters(low, high), strict=True)
        return [{"id": n, "code": code, "options": letters, "name": None} for n, code, letters in rows_of]

    def _letters(self, low: int, high: int) -> list[str]:
        form = self.found.conflict.form
        assert isinstance(form, OptionForm)
        if form.merges:
            return [form.text(state) for state in range(low, high)]
        taken = self.codes[low:high, None] >> np.arange(form.options) & 1
        letters = np.where(taken, np.uint8(ord("Y")), np.uint8(ord("N"))).tobytes().decode()
        return [letters[at : at + form.options] for at in range(0, len(letters), form.options)]

    def reachable(self, ways: Ways | None) -> Any:
        if ways is not None:
            return self.long(Long(len(ways.reached), self.reached))
        return [] if self.found.game.status_quo is None else {"left_out": FAR}

    def reached(self, low: int, high: int) -> list[dict[str, Any]]:
        ways = self.found.ways
        assert ways is not None
        states = ways.reached[low:high]
        moves = ways.by_moves.earliest[states].tolist()
        rows = zip(self.codes[states].tolist(), moves, ways.improved[states].tolist(), strict=True)
        return [{"code": code, "moves": steps, "by_improvements": improved} for code, steps, improved in rows]

    # --- ways ------------------------------------------------------------------------------------------------------

    def arrivals(self) -> list[dict[str, Any]]:
        assert self.found.ways is not None
        return [
            {
                "code": self.code(one.arrival.state),
                "concepts": list(one.concepts),
                "moves": _or_none(one.arrival.by_moves),
                "improvements": _or_none(one.arrival.by_improvements),
                "way": self.steps(one.arrival.way),
                "movers": self.ids(one.arrival.movers),
                "must_move": self.ids(one.must_move),
            }
            for one in self.found.ways.arriving
        ]

    def to(self, to: To) -> dict[str, Any]:
        def kind(sequences: Sequence[Steps], must: Sequence[int]) -> dict[str, Any]:
            return {"shortest": [self.steps(way) for way in sequences], "must_move": self.ids(must)}

        return {
            "to": self.code(to.state),
            "by_moves": kind(to.by_moves, to.must_by_moves),
            "by_improvements": kind(to.by_improvements, to.must_by_improvements),
        }

    def steps(self, steps: Steps) -> list[dict[str, Any]]:
        return [{"decision_maker": self.makers[step.maker], "to": self.code(step.to)} for step in steps]

    def ids(self, makers: Sequence[int]) -> list[str]:
        return [self.makers[maker] for maker in makers]

    # --- why -------------------------------------------------------------------------------------------------------

    def explained(self, state: int, maker: int | None) -> dict[str, Any]:
        makers = range(len(self.makers)) if maker is None else [maker]
        return {
            "state": self.code(state),
            "decision_makers": {self.makers[i]: [self.why(one) for one in self.found.why(state, i)] for i in makers},
            "falls": [self.fall(one) for one in self.found.falls(state)],
        }

    def why(self, why: Why) -> dict[str, Any]:
        return {
            "concept": why.concept,
            "stable": why.stable,
            "moves": [self.code(to) for to in why.moves],
            "considered": [self.considered(one) for one in why.considered],
        }

    def considered(self, one: Considered) -> dict[str, Any]:
        return {
            "to": self.code(one.to),
            "deterred": one.deterred,
            "answer": None if one.answer is None else self.answer(one.answer),
        }

    def answer(self, answer: Answer) -> dict[str, Any]:
        return {
            "steps": self.steps(answer.steps),
            "state": self.code(answer.state),
            "together": answer.together,
            "escape": None if answer.escape is None else self.code(answer.escape),
        }

    def fall(self, fall: Fall) -> dict[str, Any]:
        return {
            "concept": fall.concept,
            "flips": [
                {
                    "decision_maker": self.makers[flip.maker],
                    "better": self.code(flip.better),
                    "worse": self.code(flip.worse),
                    "prefers": flip.prefers,
                    "unstable_for": self.makers[flip.unstable_for],
                    "through": self.code(flip.through),
                }
                for flip in fall.flips
            ],
            "routes": [
                {
                    "decision_maker": self.makers[route.maker],
                    "through": self.code(route.through),
                    "needs": [[self.code(state) for state in group] for group in route.needs],
                }
                for route in fall.routes
            ],
            "cut": fall.cut,
        }

    # --- inverse ---------------------------------------------------------------------------------------------------

    def inverse(self, inverse: Inverse) -> dict[str, Any]:
        return {
            "state": self.code(inverse.state),
            "concepts": {
                concept: {
                    "decision_makers": dict(zip(self.makers, map(self.wanted, alone), strict=True)),
                    "together": self.wanted(inverse.together[concept]),
                }
                for concept, alone in inverse.alone.items()
            },
        }

    def wanted(self, wanted: Wanted) -> dict[str, Any]:
        count, nearest = wanted.count, wanted.nearest
        return {
            "stable": wanted.now,
            "conditions": None
            if wanted.terms is None
            else [
                [
                    {
                        "decision_maker": self.makers[one.maker],
                        "better": self.code(one.better),
                        "worse": self.code(one.worse),
                        "strictly": one.strictly,
                    }
                    for one in sorted(term)
                ]
                for term in wanted.terms
            ],
            "share": None if wanted.share is None else float(wanted.share),
            "count": None if count is None else {"meeting": count.meeting, "permitted": count.permitted},
            "nearest": None
            if nearest is None
            else {
                "distance": nearest.distance,
                "rankings": {self.makers[maker]: self.levels(nearest.payoff[maker]) for maker in wanted.free},
            },
            "unknown": list(wanted.unknown),
        }

    def levels(self, ranks: NDArray[np.int32]) -> list[list[int]]:
        """A ranking as levels of states, the best first."""
        return [self.codes[ranks == rank].tolist() for rank in range(int(ranks.max()), 0, -1)]


def _or_none(steps: int) -> int | None:
    return None if steps < 0 else steps
