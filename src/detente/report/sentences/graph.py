"""The graph model in words: which states are equilibria, why one is stable for whom, and what would bring it down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.graph.concepts import BY_ID
from detente.report.sentences.graph_ways import maker_name, state_name, told
from detente.report.words import of_draws, simulation_error

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult
    from detente.analysis.graph_shares import Shares
    from detente.graph.hypergames import Hypergame
    from detente.graph.stability import Stable
    from detente.graph.why import Considered, Fall, Flip, Why

MOST_NAMED = 8  # states named in a sentence
MOST_SHARES = 4  # states named with the share of draws
MOST_WAYS = 6  # ways in which an equilibrium would fall


def graph_sentences(found: GraphResult) -> list[str]:
    """The equilibria of each concept, and what the status quo leads to."""
    lines = []
    for concept, which in found.equilibria.items():
        states = np.flatnonzero(which)
        name = BY_ID[concept].name
        lines.append(
            f"Equilibria under {name} ({concept}): {_listed(found, states)}."
            if len(states)
            else f"No state is an equilibrium under {name} ({concept})."
        )
    for group, stable in found.listed.items():
        who = " and ".join(maker_name(found, maker) for maker in group)
        lines += [
            f"{who} would together leave every state ({concepts})."
            if not states
            else f"{who} would not together leave, under {concepts}: {_listed(found, states)}."
            for concepts, states in _alike(stable)
        ]
    lines += [
        f"Equilibria against all coalitions ({concepts}): {_listed(found, states)}."
        if states
        else f"No state is an equilibrium against all coalitions ({concepts})."
        for concepts, states in _alike(found.coalition)
    ]
    if found.hypergame is not None:
        lines += _view_sentences(found, found.hypergame)
    if found.shares is not None:
        lines += _share_sentences(found, found.shares)
    if (ways := found.near_ways) is not None and len(ways.reached):
        lines.append(
            f"From the status quo {state_name(found, found.game.status_quo or 0)}, {len(ways.reached):,} of the other "
            f"{found.game.states - 1:,} states can be reached, {int(ways.improved.sum()):,} of them by improvements "
            "alone."
        )
    return lines


def _view_sentences(found: GraphResult, seen: Hypergame) -> list[str]:
    """What decision makers who see the conflict in their own way settle on, expect, and do not see coming."""
    lines = [
        f"Each seeing it in its own way, equilibria under {concepts}: {_listed(found, states) or 'none'}."
        for concepts, states in _alike(seen.equilibria)
    ]
    for maker in (view.maker for view in found.conflict.views):
        who, unseen = maker_name(found, maker), seen.unrecognised[maker].nonzero()[0].tolist()
        lines += [
            f"{who} expects, under {concepts}: {_listed(found, states) or 'no equilibrium'}."
            for concepts, states in _alike({concept: which[maker] for concept, which in seen.perceived.items()})
        ]
        if unseen:
            lines.append(f"{who} does not see {_listed(found, unseen)}.")
        if coming := seen.surprises[maker].nonzero()[0].tolist():
            lines.append(
                f"Others, for their own good, can bring about what {who} does not see: {_listed(found, coming)}."
            )
    return lines


def _share_sentences(found: GraphResult, shares: Shares) -> list[str]:
    """The states that are equilibria in the most draws, concepts with the same ones together."""
    alike: dict[tuple[int, ...], list[str]] = {}
    for concept, counts in shares.counts.items():
        alike.setdefault(tuple(counts.tolist()), []).append(concept)
    lines = []
    for concepts in alike.values():
        under, ever = ", ".join(concepts), shares.found(concepts[0])[:MOST_SHARES]
        if not ever:
            lines.append(f"In no draw of the uncertain preferences is any state an equilibrium under {under}.")
            continue
        states = ", ".join(f"{state_name(found, s)} {of_draws(shares.share(concepts[0], s).p)}" for s in ever)
        first = shares.share(concepts[0], ever[0])
        error = simulation_error(first.low, first.high)
        lines.append(f"With preferences drawn, the most frequent equilibria under {under}: {states} ({error}).")
    return lines


def _alike(stable: Stable) -> list[tuple[str, list[int]]]:
    """Concepts under which the same states are stable, with these."""
    alike: dict[tuple[int, ...], list[str]] = {}
    for concept, which in stable.items():
        alike.setdefault(tuple(which.nonzero()[0].tolist()), []).append(concept)
    return [(", ".join(concepts), list(states)) for states, concepts in alike.items()]


def why_sentences(found: GraphResult, why: Why) -> list[str]:
    """The verdict for a decision maker and a state, then each improvement with what deters it, or that nothing does."""
    who, here, name = maker_name(found, why.maker), state_name(found, why.state), BY_ID[why.concept].name
    if not why.moves:
        return [f"{here} is stable for {who} under every concept: it cannot move from here."]
    count = len(why.moves)
    moves = f"it can move to {count} other state{'' if count == 1 else 's'}"
    if not why.considered:
        return [f"{here} is stable for {who} under every concept: {moves}, none of them better for it."]
    verdict = "stable" if why.stable else "not stable"
    better = f"{len(why.considered)} of them better for it"
    opening = f"{here} is {verdict} for {who} under {name} ({why.concept}): {moves}, {better}."
    return [opening, *(_considered(found, why, one) for one in why.considered)]


def _considered(found: GraphResult, why: Why, one: Considered) -> str:
    to = state_name(found, one.to)
    if why.concept == "nash":
        return f"It would move to {to}: this concept knows no sanction."
    if one.answer is None:
        return f"It would move to {to}: nobody else can move on from there, so nothing deters it."
    how = told(found, one.answer.steps)
    end = state_name(found, one.answer.state)
    if one.answer.together:
        how, then = f"at the same time {how} (each from here)", f"all of which meet in {end}"
    else:
        then = f"which ends in {end}"
    if one.deterred:
        return f"A move to {to} is deterred: {how}, {then}, no better for it than where it began."
    if one.answer.escape is not None:
        out = state_name(found, one.answer.escape)
        return f"It would move to {to}: the worst answer is that {how}, {then}; but from there it moves on to {out}."
    return f"It would move to {to}: the worst answer is that {how}, {then}, still better for it than where it began."


def fall_sentences(found: GraphResult, fall: Fall) -> list[str]:
    """What would have to change for an equilibrium to fall, the single changes first."""
    here, name = state_name(found, fall.state), f"{BY_ID[fall.concept].name} ({fall.concept})"
    if not fall.flips and not fall.routes and fall.cut:
        return [
            f"No single change of mind brings {here} down under {name}; whoever would leave it alone would have to "
            "see over 200 things otherwise."
        ]
    if not fall.flips and not fall.routes:
        return [f"{here} is an equilibrium under {name} whatever anybody prefers."]
    if fall.flips:
        lines = [f"As an equilibrium under {name}, {here} would fall if one of these changed:"]
        lines += [_flip(found, flip) for flip in fall.flips[:MOST_WAYS]]
        if len(fall.flips) > MOST_WAYS:
            lines.append(f"And {len(fall.flips) - MOST_WAYS} more.")
        return lines
    lines = [f"No single change of mind brings {here} down under {name}. The shortest ways for one decision maker:"]
    for route in fall.routes[:MOST_WAYS]:
        needs = "; ".join(" or ".join(state_name(found, s) for s in group) for group in route.needs)
        lines.append(
            f"{maker_name(found, route.maker)} would move to {state_name(found, route.through)} if it came to prefer to "
            f"{here}, all at once: {needs}."
        )
    return lines


def _flip(found: GraphResult, flip: Flip) -> str:
    who, better, worse = (
        maker_name(found, flip.maker),
        state_name(found, flip.better),
        state_name(found, flip.worse),
    )
    change = "came to prefer" if flip.prefers else "no longer preferred"
    then = f"{maker_name(found, flip.unstable_for)} would move to {state_name(found, flip.through)}"
    return f"If {who} {change} {better} to {worse}, {then}."


def _listed(found: GraphResult, states: Sequence[int] | NDArray[np.int64]) -> str:
    shown = ", ".join(state_name(found, state) for state in states[:MOST_NAMED])
    return shown + (f" and {len(states) - MOST_NAMED:,} more" if len(states) > MOST_NAMED else "")
