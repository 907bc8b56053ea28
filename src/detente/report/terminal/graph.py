"""The graph model on a terminal: states in option form with where they are stable, and why."""

from __future__ import annotations

from rich.console import Console

from detente.analysis.graph import GraphResult
from detente.graph.options import OptionForm
from detente.report.sentences.graph import fall_sentences, graph_sentences, why_sentences
from detente.report.terminal.parts import bullets, grid, heading, say

MOST_SHOWN = 40  # states in the table; equilibria first where there are more
MOST_REACHED = 12


def print_graph(console: Console, title: str, found: GraphResult) -> None:
    """What the letters mean, the states with their stability, the equilibria in words, the ways from the status quo."""
    game, names, form = found.game, found.conflict.names, found.conflict.form
    say(console, [f"{title}: {game.makers} decision makers, {game.states} states"])
    if isinstance(form, OptionForm):
        heading(console, "Options, in the order of the letters Y (taken) and N (not)")
        rows = [
            (names.option_names[o], names.maker_names[owner], str(o + 1), form.directions[o])
            for o, owner in enumerate(form.owners)
        ]
        grid(console, [("Option", "left"), ("of", "left"), ("letter", "right"), ("direction", "left")], rows)
    print_states(console, found)
    heading(console, "In words")
    bullets(console, graph_sentences(found))
    if found.reached:
        print_reached(console, found)
    elif found.reached is None:
        say(console, ["What the status quo reaches is looked at in games of up to 1,024 states."])


def print_states(console: Console, found: GraphResult) -> None:
    """A row a state: who finds it stable under each concept (numbers of decision makers), * where all do."""
    names, everybody = found.conflict.names, found.equilibria
    some = sorted(range(found.game.states), key=lambda s: -sum(bool(which[s]) for which in everybody.values()))
    shown = sorted(some[:MOST_SHOWN])
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


def print_reached(console: Console, found: GraphResult) -> None:
    """The states that the status quo leads to, nearest first."""
    assert found.reached is not None
    nearest = sorted(found.reached, key=lambda one: (not one.by_improvements, one.moves))[:MOST_REACHED]
    rows = [
        (found.label(one.state), f"#{one.state + 1}", str(one.moves), "yes" if one.by_improvements else "no")
        for one in nearest
    ]
    columns = [("Reached", "left"), ("no.", "right"), ("moves", "right"), ("by improvements", "left")]
    grid(console, columns, rows, title="From the status quo")
    if len(nearest) < len(found.reached):
        say(console, [f"{len(nearest)} of {len(found.reached)} shown; all with --json."])


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
