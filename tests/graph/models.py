"""Small games at random, for hypothesis and for plain seeded loops."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from detente.errors import UsageError
from detente.graph.game import Game
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.patterns import Pattern
from detente.graph.preferences import dense_ranks


@st.composite
def option_forms(draw, merges: bool = True, bans: bool = True) -> OptionForm:
    """Option forms of up to 6 options and 4 decision makers, with whatever a form can have."""
    return random_form(np.random.default_rng(draw(st.integers(0, 2**32))), merges=merges, bans=bans)


@st.composite
def games(draw, **what: bool) -> Game:
    """Games in option form or graph form."""
    return random_game(np.random.default_rng(draw(st.integers(0, 2**32))), **what)


def random_form(
    rng: np.random.Generator, *, merges: bool = True, bans: bool = True, most_options: int = 6
) -> OptionForm:
    """An option form with at least one feasible state; merges, bans and one-way options in about half of them each."""
    while True:
        makers = int(rng.integers(1, 5))
        k = int(rng.integers(max(1, makers - 1), most_options + 1))
        owned = tuple(np.bincount(rng.integers(makers, size=k), minlength=makers).tolist())
        ways = ["both"] * k if rng.random() < 0.4 else rng.choice(["both", "forward", "back"], k, p=[0.4, 0.3, 0.3])
        form = OptionForm(
            owned,
            tuple(str(way) for way in ways),
            tuple(_pattern(rng, k) for _ in range(rng.integers(4))),
            tuple((_pattern(rng, k), _pattern(rng, k)) for _ in range(rng.integers(3)))
            if bans and rng.random() < 0.5
            else (),
            tuple(tuple(_pattern(rng, k) for _ in range(rng.integers(1, 3))) for _ in range(rng.integers(1, 3)))
            if merges and rng.random() < 0.5
            else (),
        )
        try:
            form.codes
        except UsageError:
            continue
        return form


def random_moves(rng: np.random.Generator) -> Moves:
    """Any digraphs: one-way and common moves, moves that do not add up to moves."""
    states, makers = int(rng.integers(1, 9)), int(rng.integers(1, 5))
    density = rng.uniform(0.05, 0.5)
    arcs = [np.argwhere((rng.random((states, states)) < density) & ~np.eye(states, dtype=bool)) for _ in range(makers)]
    return Moves.of(states, [[(int(a), int(b)) for a, b in pairs] for pairs in arcs])


def random_payoff(rng: np.random.Generator, makers: int, states: int) -> np.ndarray:
    """Dense ranks, with few ties or with many."""
    levels = int(rng.integers(2, 5)) if rng.random() < 0.5 else 1 << 20
    return np.array([dense_ranks(rng.integers(levels, size=states)) for _ in range(makers)])


def random_game(rng: np.random.Generator, *, graph: bool | None = None, **what: bool) -> Game:
    """A game in graph form or option form (either, by chance, where `graph` is None)."""
    if graph is None:
        graph = rng.random() < 0.3
    form = random_moves(rng) if graph else random_form(rng, **what)
    return Game(form, random_payoff(rng, form.makers, form.states))


def _pattern(rng: np.random.Generator, k: int) -> Pattern:
    options = rng.choice(k, size=min(k, int(rng.integers(1, 4))), replace=False)
    mask = sum(1 << int(o) for o in options)
    return Pattern(mask, int(rng.integers(1 << k)) & mask)
