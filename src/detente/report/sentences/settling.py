"""Who would settle where in a strategic conflict, and why, in plain words: options by their names, moves by their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.graph.concepts import BY_ID
from detente.graph.joint import steps
from detente.graph.options import OptionForm
from detente.graph.why import why
from detente.report.words import hundredths, listed, of_draws, plain_number, sentence_case

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult
    from detente.graph.joint import Step
    from detente.graph.paths import Arrival
    from detente.graph.why import Considered
    from detente.report.charts.ways import Ends

MOST_OPTIONS = 4  # options of a state that a sentence names
MOST_NAMED = 8  # states of a list
MOST_ENDS = 3  # equilibria told of, of those reached by improvements
MOST_SEARCHED = 5_000  # states up to which it is looked up which improvement nothing deters


def settling_sentences(found: GraphResult, ends: Ends) -> list[str]:
    """Whether the status quo would last, where improvements lead from it, and why each of these states holds.

    `ends` are the equilibria that the status quo may lead to. Told are, of those reached by improvements, the ones that
    are equilibria under most concepts. Reasons are those of sequential stability where that was asked for, else those
    of the first concept.
    """
    start = found.game.status_quo
    if start is None:
        best = _best(found)
        if not best:
            return _drawn_first(found, ["No state would last: none is an equilibrium under any of the concepts."])
        opening = "The game names no status quo. States that would last, whatever came before, are first of all:"
        return _drawn_first(found, [opening, *(_lasting(found, state) for state in best[:MOST_ENDS])])
    lines = [_start(found, start)]
    improving = sorted(
        (one for one in ends.nearest if one.arrival.by_improvements >= 0),
        key=lambda one: (-len(one.concepts), one.arrival.by_improvements),
    )
    for one in improving[:MOST_ENDS]:
        state = one.arrival.state
        lines.append(f"{_way(found, one.arrival)} There it would last{_under(found, state)}: {_reasons(found, state)}.")
    if (rest := ends.by_improvements - MOST_ENDS) > 0:
        lines.append(f"{_count(rest, more=True)} can be reached by improvements alone.")
    others = [one.arrival for one in ends.nearest if one.arrival.by_improvements < 0 <= one.arrival.by_moves]
    if others:
        lines.append(_against_interest(found, others[0], ends.by_moves - ends.by_improvements, bool(improving)))
    if never := ends.all - ends.by_moves:
        lines.append(f"{_count(never)} cannot be reached from the status quo at all.")
    if not ends.all and not _concepts(found, start):
        lines.append("No state is an equilibrium under any of the concepts: nothing that is reached would last.")
    return _drawn_first(found, lines)


def _drawn_first(found: GraphResult, central: list[str]) -> list[str]:
    """What holds over draws before what holds at the central values, where preferences are uncertain."""
    drawn = _draws(found)
    return [*drawn, "The rest is at the central values alone.", *central] if drawn else central


def _draws(found: GraphResult) -> list[str]:
    """What becomes of it where what is uncertain about preferences is drawn: the most frequent equilibria, and others told of."""
    shares = found.shares
    if shares is None:
        return []
    concept = _concept(found)
    often, all_draws = shares.found(concept), plain_number(shares.draws)
    if not often:
        name = BY_ID[concept].name
        return [f"In none of {all_draws} draws of uncertain preferences is any state an equilibrium under {name}."]
    told, start = often[:MOST_ENDS], found.game.status_quo
    others = [s for s in dict.fromkeys([*([] if start is None else [start]), *_best(found)]) if s not in told]
    opening = (
        f"With what is uncertain about preferences drawn ({all_draws} draws), the most "
        f"frequent equilibria under {BY_ID[concept].name} are:"
    )
    lines = [
        f"{state_words(found, s)}{', the status quo' if s == start else ''}, {_how_often(found, s, concept)}."
        for s in told
    ]
    rest = [
        f"{'the status quo' if s == start else _state(found, s)} is one {_how_often(found, s, concept)}" for s in others
    ]
    more = [f"{sentence_case(listed(rest))}."] if rest else []
    lacking = [BY_ID[c].name for c in found.stable if c not in shares.counts]
    if lacking:
        more.append(f"No shares are counted of {listed(lacking)}: over draws it would take too long.")
    return [opening, *lines, *more]


def _how_often(found: GraphResult, state: int, concept: str) -> str:
    """In what share of draws a state is an equilibrium under a concept, and between which shares under the others."""
    assert found.shares is not None
    share = {c: found.shares.share(c, state).p for c in found.shares.counts}
    low, high = hundredths(min(share.values())), hundredths(max(share.values()))
    others = "" if low == high else f" ({low} to {high} by concept)"
    return f"{of_draws(share[concept])}{others}"


def state_words(found: GraphResult, state: int) -> str:
    """A state by its number, its letters or name, and the names of the options taken in it."""
    form, names = found.conflict.form, found.conflict.names.option_names
    label = found.label(state)
    if not isinstance(form, OptionForm):
        return f"#{state + 1} {label}"
    taken = [names[option] for option, letter in enumerate(label) if letter == "Y"]
    if not taken:
        return f"#{state + 1} {label} (no option taken)"
    more = [f"{len(taken) - MOST_OPTIONS} more"] if len(taken) > MOST_OPTIONS + 1 else []
    return f"#{state + 1} {label} ({'; '.join([*(taken[:MOST_OPTIONS] if more else taken), *more])})"


def _start(found: GraphResult, start: int) -> str:
    concepts = _concepts(found, start)
    here = state_words(found, start)
    if len(concepts) == len(found.stable):
        return f"The status quo, {here}, would last under every concept looked at: {_reasons(found, start)}."
    leaving = listed(_leaving(found, start))
    if not concepts:
        return f"The status quo, {here}, would not last: {leaving}."
    return (
        f"Whether the status quo, {here}, would last depends on how far the parties look ahead: it is an equilibrium "
        f"under {_named(concepts)}, and not under {_named([c for c in found.stable if c not in concepts])}, since {leaving}."
    )


def _leaving(found: GraphResult, state: int) -> list[str]:
    """Who would leave a state that is no equilibrium, and for which other."""
    lines = []
    for concept in sorted(found.stable, key=lambda c: c != _concept(found)):
        for maker in np.flatnonzero(~found.stable[concept][:, state]).tolist():
            to, free = _temptation(found, maker, state, concept)
            end = ", and nothing deters it" if free else ""
            lines.append(f"{_maker(found, maker)} gains by moving to {_state(found, to)}{end}")
        if lines:
            return lines
    return lines


def _temptation(found: GraphResult, maker: int, state: int, concept: str) -> tuple[int, bool]:
    """An improvement that nothing deters under a concept; in a large game only the best improvement."""
    if found.game.states <= MOST_SEARCHED:
        open_ = [one.to for one in why(found.game, maker, state, concept).considered if not one.deterred]
        return open_[0], concept != "nash"
    worth = found.game.payoff[maker]
    return max(steps(found.game, maker, state), key=lambda t: int(worth[t])), False


def _way(found: GraphResult, one: Arrival) -> str:
    last = one.way[-1]
    moves = [f"{_maker(found, step.maker)} moves to {_state(found, step.to)}" for step in one.way[:-1]]
    moves.append(f"{_maker(found, last.maker)} moves {'there' if not moves else 'on to it'}")
    each = "gaining by it" if len(moves) == 1 else "each gaining by it"
    return f"By improvements it can come to {state_words(found, one.state)}: {', then '.join(moves)}, {each}."


def equilibrium_sentences(found: GraphResult) -> list[str]:
    """The equilibria, first those under every concept, then those under the same ones together."""
    kinds = np.zeros(found.game.states, dtype=np.int64)  # a bit a concept
    for bit, which in enumerate(found.equilibria.values()):
        kinds |= which.astype(np.int64) << bit
    lines = []
    for kind in sorted(set(np.unique(kinds).tolist()) - {0}, key=lambda kind: (-int(kind).bit_count(), kind)):
        states = np.flatnonzero(kinds == kind).tolist()
        shown = [_state(found, state) for state in states[:MOST_NAMED]]
        rest = len(states) - MOST_NAMED
        more = [f"{plain_number(rest)} more"] if rest > 0 else []
        under = _under(found, states[0]).removeprefix(" under ")
        what = "equilibrium" if len(states) == 1 else "equilibria"
        lines.append(f"{sentence_case(what)} under {under}: {listed([*shown, *more])}.")
    return lines or ["No state is an equilibrium under any of the concepts."]


def _lasting(found: GraphResult, state: int) -> str:
    return f"{state_words(found, state)} would last{_under(found, state)}: {_reasons(found, state)}."


def _under(found: GraphResult, state: int) -> str:
    concepts = _concepts(found, state)
    return " under every concept looked at" if len(concepts) == len(found.stable) else f" under {_named(concepts)}"


def _reasons(found: GraphResult, state: int) -> str:
    """Why nobody leaves an equilibrium."""
    concept = _concept(found)
    if not found.equilibria[concept][state]:
        concept = _concepts(found, state)[0]
    content, told = [], []
    for maker in range(found.game.makers):
        reason = why(found.game, maker, state, concept)
        who = _maker(found, maker)
        if not reason.moves:
            content.append(f"{who} cannot move")
        elif not reason.considered:
            content.append(f"{who} has nothing better to move to")
        else:
            told.append(_deterred(found, who, reason.considered))
    return "; ".join([*_merged(content), *told])


def _merged(content: list[str]) -> list[str]:
    """Clauses with the same ending said once."""
    ending = " has nothing better to move to"
    same = [clause.removesuffix(ending) for clause in content if clause.endswith(ending)]
    rest = [clause for clause in content if not clause.endswith(ending)]
    if len(same) < 2:
        return content
    return [f"{listed(same)} have nothing better to move to", *rest]


def _deterred(found: GraphResult, who: str, considered: Sequence[Considered]) -> str:
    one = considered[0]
    assert one.answer is not None
    if one.answer.together:
        answer = f"{_others(found, one.answer.steps)} would move at the same time, and all would meet in "
    else:
        answer = f"{_others(found, one.answer.steps)} could answer, which ends in "
    rest = len(considered) - 1
    more = (
        "" if not rest else " (and so with its other gain)" if rest == 1 else f" (and so with its {rest} other gains)"
    )
    return (
        f"{who} would gain by moving to {_state(found, one.to)}, but {answer}{_state(found, one.answer.state)}, "
        f"no better for it than staying{more}"
    )


def _others(found: GraphResult, way: Sequence[Step]) -> str:
    return listed(dict.fromkeys(_maker(found, step.maker) for step in way))


def _against_interest(found: GraphResult, first: Arrival, number: int, more: bool) -> str:
    unwilling, here = [], found.game.status_quo or 0
    for step in first.way:
        worth = found.game.payoff[step.maker]
        if worth[step.to] <= worth[here]:
            to = "there" if step.to == first.state else f"to {_state(found, step.to)}"
            unwilling.append(f"{_maker(found, step.maker)} would have to move {to} without gaining by it")
        here = step.to
    count = f"{_count(number, more=more)} can be reached only if somebody first moves against its own interest"
    return f"{count}. The nearest is {state_words(found, first.state)}: {listed(unwilling)}."


def _count(number: int, more: bool = False) -> str:
    what = "equilibrium" if number == 1 else "equilibria"
    return f"{'One' if number == 1 else plain_number(number)} {'more ' if more else ''}{what}"


def _best(found: GraphResult) -> list[int]:
    support = np.sum(list(found.equilibria.values()), axis=0)
    return [s for s in np.argsort(-support, kind="stable")[:MOST_ENDS].tolist() if support[s]]


def _concept(found: GraphResult) -> str:
    return "seq" if "seq" in found.stable else next(iter(found.stable))


def _concepts(found: GraphResult, state: int) -> list[str]:
    return [concept for concept, which in found.equilibria.items() if which[state]]


def _named(concepts: Sequence[str]) -> str:
    return listed(BY_ID[concept].name for concept in concepts)


def _state(found: GraphResult, state: int) -> str:
    return f"#{state + 1} {found.label(state)}"


def _maker(found: GraphResult, maker: int) -> str:
    return found.conflict.names.maker_names[maker]
