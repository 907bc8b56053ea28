"""The graph model on a terminal: states in option form with where they are stable, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console

from detente.graph.options import OptionForm
from detente.report.sentences.graph import fall_sentences, graph_sentences, why_sentences
from detente.report.sentences.graph_ways import arrival_sentences, inverse_sentences, to_sentences
from detente.report.terminal.parts import bullets, grid, heading, say
from detente.report.words import hundredths

if TYPE_CHECKING:
    from detente.analysis.graph import GraphResult
    from detente.analysis.graph_inverse import Inverse
    from detente.analysis.graph_shares import Shares
    from detente.analysis.graph_ways import To, Ways

MOST_SHOWN = 40  # states in the table; equilibria first where there are more
MOST_REACHED = 12


def print_graph(console: Console, title: str, found: GraphResult) -> None:
    """What the letters mean, the states with their stability, the equilibria in words, the ways from the status quo."""
    game, names, form = found.game, found.conflict.names, found.conflict.form
    say(console, [f"{title}: {game.makers} decision makers, {game.states:,} states"])
    if isinstance(form, OptionForm):
        heading(console, "Options, in the order of the letters Y (taken) and N (not)")
        rows = [
            (names.option_names[o], names.maker_names[owner], str(o + 1), form.directions[o])
            for o, owner in enumerate(form.owners)
        ]
        grid(console, [("Option", "left"), ("of", "left"), ("letter", "right"), ("direction", "left")], rows)
    print_states(console, found)
    if found.shares is not None:
        print_shares(console, found, found.shares)
    heading(console, "In words")
    bullets(console, graph_sentences(found))
    if found.near_ways is not None and len(found.near_ways.reached):
        print_reached(console, found, found.near_ways)
    elif found.near_ways is None and found.game.status_quo is not None:
        say(console, ["In games of over 131,072 states, --to STATE asks what the status quo leads to."])


def print_states(console: Console, found: GraphResult) -> None:
    """A row a state: who finds it stable under each concept (numbers of decision makers), * where all do."""
    names, everybody = found.conflict.names, found.equilibria
    support = np.sum(list(everybody.values()), axis=0, dtype=np.int8)
    shown: list[int] = []
    for concepts in range(len(everybody), -1, -1):  # no sorting of a million states for forty
        shown += np.flatnonzero(support == concepts)[: MOST_SHOWN - len(shown)].tolist()
    shown.sort()
    makers = ", ".join(f"{i + 1} {name}" for i, name in enumerate(names.maker_names))
    heading(console, f"Stable for: {makers}; * for all of them")
    columns = [("State", "left"), ("no.", "right"), ("payoffs", "right"), *((c, "left") for c in found.stable)]
    rows = []
    for state in shown:
        cells = [_stable_for(found, concept, state) for concept in found.stable]
        payoffs = " ".join(str(p) for p in found.game.payoff[:, state].tolist())
        rows.append((found.label(state), f"#{state + 1}", payoffs, *cells))
    grid(console, columns, rows)
    if len(shown) < found.game.states:
        say(console, [f"{len(shown)} of {found.game.states:,} states shown, equilibria first; all with --json."])


def _stable_for(found: GraphResult, concept: str, state: int) -> str:
    stable = found.stable[concept][:, state]
    return "*" if stable.all() else " ".join(str(i + 1) for i in stable.nonzero()[0].tolist())


def print_shares(console: Console, found: GraphResult, shares: Shares) -> None:
    """In how many of 100 draws of the uncertain preferences a state is an equilibrium, the most frequent first."""
    heading(console, f"An equilibrium in how many of 100 draws ({shares.draws:,} draws of the uncertain preferences)")
    ever = shares.found()
    columns = [("State", "left"), ("no.", "right"), *((c, "right") for c in shares.counts)]
    rows = [
        (found.label(state), f"#{state + 1}", *(hundredths(shares.share(c, state).p) for c in shares.counts))
        for state in ever[:MOST_SHOWN]
    ]
    grid(console, columns, rows)
    if len(ever) > MOST_SHOWN:
        say(console, [f"{MOST_SHOWN} of {len(ever):,} such states shown; all with --json."])


def print_reached(console: Console, found: GraphResult, ways: Ways) -> None:
    """The states that the status quo leads to, nearest first, and how it leads to equilibria."""
    order = np.lexsort((ways.by_moves.earliest[ways.reached], ~ways.improved[ways.reached]))
    nearest = ways.reached[order][:MOST_REACHED].tolist()
    rows = [
        (found.label(s), f"#{s + 1}", str(ways.by_moves.earliest[s]), str(ways.by_improvements.earliest[s]))
        if ways.improved[s]
        else (found.label(s), f"#{s + 1}", str(ways.by_moves.earliest[s]), "-")
        for s in nearest
    ]
    columns = [("Reached", "left"), ("no.", "right"), ("moves", "right"), ("improvements alone", "right")]
    grid(console, columns, rows, title="From the status quo")
    if len(nearest) < len(ways.reached):
        say(console, [f"{len(nearest)} of {len(ways.reached):,} shown; all with --json."])
    if ways.count:
        heading(console, "How the status quo leads to equilibria")
        bullets(console, arrival_sentences(found, ways))


def print_to(console: Console, found: GraphResult, to: To) -> None:
    """The shortest ways to one state."""
    assert found.game.status_quo is not None
    here, there = (f"#{state + 1} {found.label(state)}" for state in (found.game.status_quo, to.state))
    heading(console, f"From the status quo {here} to {there}")
    bullets(console, to_sentences(found, to))


def print_inverse(console: Console, found: GraphResult, inverse: Inverse) -> None:
    """What would have to hold for one state to be stable, a concept at a time."""
    for concept in inverse.alone:
        first, *rest = inverse_sentences(found, inverse, concept)
        heading(console, first)
        bullets(console, rest)


def print_explained(console: Console, found: GraphResult, state: int, maker: int | None) -> None:
    """Why a state is stable or not, for one decision maker or all, and what it hangs on."""
    makers = range(found.game.makers) if maker is None else [maker]
    for one in makers:
        heading(console, f"{found.conflict.names.maker_names[one]} in #{state + 1} {found.label(state)}")
        reasons = found.why(state, one)
        for why in reasons if reasons[0].considered else reasons[:1]:
            first, *rest = why_sentences(found, why)
            say(console, [first])
            bullets(console, rest)
    if falls := found.falls(state):
        heading(console, "What would bring it down")
        for fall in falls:
            first, *rest = fall_sentences(found, fall)
            say(console, [first])
            bullets(console, rest)
