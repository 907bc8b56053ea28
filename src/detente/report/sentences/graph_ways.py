"""Ways from the status quo, and which preferences a state would need, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.graph.concepts import BY_ID
from detente.graph.joint import Sequence as Steps

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult
    from detente.analysis.graph_inverse import Inverse, Wanted
    from detente.analysis.graph_ways import Arriving, To, Ways
    from detente.graph.conditions import Prefers, Term

MOST_ARRIVING = 8  # equilibria told of
MOST_SHOWN_WAYS = 6
MOST_ALTERNATIVES = 8
MOST_LEVELS = 12  # states of a ranking that is written out


def arrival_sentences(found: GraphResult, ways: Ways) -> list[str]:
    """The equilibria that the status quo leads to, the nearest by improvements first; then how many it never reaches."""
    reached = [one for one in ways.arriving if one.arrival.by_moves >= 0]
    lines = [_arriving(found, one) for one in reached[:MOST_ARRIVING]]
    if len(reached) > MOST_ARRIVING:
        lines.append(f"And more: {ways.count:,} equilibria in all.")
    never = len(ways.arriving) - len(reached)
    if never and ways.count == len(ways.arriving):
        names = ", ".join(state_name(found, one.arrival.state) for one in ways.arriving if one not in reached)
        lines.append(
            f"No moves of anybody lead to {'this equilibrium' if never == 1 else 'these equilibria'}: {names}."
        )
    return lines


def _arriving(found: GraphResult, one: Arriving) -> str:
    arrival, concepts = one.arrival, ", ".join(one.concepts)
    here = f"{state_name(found, arrival.state)} ({concepts})"
    if not arrival.way:
        return f"{here} is the status quo."
    alone = arrival.by_improvements >= 0
    count = arrival.by_improvements if alone else arrival.by_moves
    kind = "improvement" if alone else "move"
    opening = f"{here} is reached by {count} {kind}{'' if count == 1 else 's'}"
    if not alone:
        opening += ", not by improvements alone"
    return f"{opening}: {told(found, arrival.way)}. {_must(found, one.must_move)}"


def _must(found: GraphResult, makers: Sequence[int]) -> str:
    if not makers:
        return "There are ways without any one of them."
    names = " and ".join(maker_name(found, maker) for maker in makers)
    return f"{names} must move for it."


def to_sentences(found: GraphResult, to: To) -> list[str]:
    """The shortest ways to a state, by any moves and by improvements alone."""
    lines = []
    for kind, ways, must in (
        ("moves", to.by_moves, to.must_by_moves),
        ("improvements alone", to.by_improvements, to.must_by_improvements),
    ):
        if not ways:
            lines.append(f"No {kind} lead there.")
        elif not ways[0]:
            return ["It is the status quo."]
        else:
            lines += [f"By {kind}: {told(found, way)}." for way in ways[:MOST_SHOWN_WAYS]]
            if len(ways) > MOST_SHOWN_WAYS:
                lines.append(f"And {len(ways) - MOST_SHOWN_WAYS} more of the same length, or beyond.")
            lines.append(f"For any way by {kind}: {_must(found, must)}")
    return lines


def inverse_sentences(found: GraphResult, inverse: Inverse, concept: str) -> list[str]:
    """What would make a state stable under one concept: a heading, a decision maker each, then all together."""
    lines = [f"What would make {state_name(found, inverse.state)} stable under {BY_ID[concept].name} ({concept})"]
    for wanted in inverse.alone[concept]:
        who = maker_name(found, wanted.free[0])
        now = "stable for it now" if wanted.now else "not stable for it now"
        lines.append(f"{who} ({now}): {_conditions(found, wanted)}")
    together = inverse.together[concept]
    now = "an equilibrium now" if together.now else "no equilibrium now"
    if together.never:
        parts = [f"All of them together ({now}): no preferences at all make it one."]
    else:
        parts = [f"All of them together ({now}): {_how_many(together, 'it is one')}"]
    if together.nearest is not None and not together.now:
        parts.append(_nearest(found, together))
    parts += [f"Not found: {text}." for text in together.unknown]
    lines.append(" ".join(" ".join(parts).split()))
    return lines


def _conditions(found: GraphResult, wanted: Wanted) -> str:
    if wanted.terms == ():
        return "never, whatever it prefers."
    if wanted.terms is not None and wanted.terms[0] == frozenset():
        return "always, whatever it prefers."
    parts = []
    if wanted.terms is not None:
        shown = "; or ".join(_term(found, term) for term in wanted.terms[:MOST_ALTERNATIVES])
        more = len(wanted.terms) - MOST_ALTERNATIVES
        parts.append(f"if it {shown}{f'; or {more:,} more' if more > 0 else ''}.")
    parts.append(_how_many(wanted))
    if wanted.nearest is not None and not wanted.now:
        parts.append(_nearest(found, wanted))
    parts += [f"Not found: {text}." for text in wanted.unknown]
    return " ".join(part for part in parts if part)


def _term(found: GraphResult, term: Term) -> str:
    """Comparisons with one and the same state in one clause."""
    first = sorted(term)[0]
    if all((one.better, one.strictly) == (first.better, first.strictly) for one in term):
        others = " and ".join(state_name(found, one.worse) for one in sorted(term))
        return f"{_relation(first)} {others}"
    return " and ".join(
        f"prefers {state_name(found, one.better)} to {state_name(found, one.worse)}" for one in sorted(term)
    )


def _relation(one: Prefers) -> str:
    return "likes it better than" if one.strictly else "likes it no less than"


def _how_many(wanted: Wanted, what: str = "That holds") -> str:
    if wanted.share is None:
        return ""
    percent = f"{100 * float(wanted.share):.3g}%"
    count = wanted.count
    if count is None or count.permitted >= 10**12:
        return f"{what} in {percent} of all rankings without ties."
    return f"{what} in {count.meeting:,} of {count.permitted:,} rankings without ties ({percent})."


def _nearest(found: GraphResult, wanted: Wanted) -> str:
    assert wanted.nearest is not None
    distance = wanted.nearest.distance
    turned = f"{distance:g} pair{'' if distance == 1 else 's'} of states turned round"
    changed = [i for i in wanted.free if (wanted.nearest.payoff[i] != found.game.payoff[i]).any()]
    if found.game.states > MOST_LEVELS:
        who = " and ".join(maker_name(found, maker) for maker in changed)
        return f"The nearest preferences are {turned} away, a change of mind of {who}; they are in --json."
    ranked = "; ".join(f"{maker_name(found, i)} {_ranking(found, wanted.nearest.payoff[i].tolist())}" for i in changed)
    return f"The nearest preferences are {turned} away: {ranked}."


def _ranking(found: GraphResult, ranks: list[int]) -> str:
    levels = sorted(set(ranks), reverse=True)
    return " > ".join(" ~ ".join(f"#{s + 1}" for s, r in enumerate(ranks) if r == level) for level in levels)


def told(found: GraphResult, steps: Steps) -> str:
    """A sequence of moves: who moves where, then who."""
    return ", then ".join(f"{maker_name(found, step.maker)} moves to {state_name(found, step.to)}" for step in steps)


def state_name(found: GraphResult, state: int) -> str:
    """A state by its number and its letters or name."""
    return f"#{state + 1} {found.label(state)}"


def maker_name(found: GraphResult, maker: int) -> str:
    """A decision maker by the name that people read."""
    return found.conflict.names.maker_names[maker]
