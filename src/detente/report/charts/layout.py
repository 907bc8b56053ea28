"""Where the states of a game are drawn: a grid over who chose what, or a spread by distance; the same at every run.

In option form a state stands in the column of what some decision makers chose and in the row of what the others
did, so that everybody's moves run along rows or along columns. Where too much of such a grid would be empty, and in
graph form, states are spread so that their distances on paper are those in moves (stress majorisation: Gansner, Koren
and North, 2005, Graph Drawing by Stress Majorization; not read for this), from the circle as the start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from detente.graph.game import Game
from detente.graph.options import OptionForm

PAPER = 640  # pixels that a grid may be wide before its columns move together
STEPS = (34, 66)  # least and most pixels from column to column
GAP = 0.4  # of a step, between blocks of different choices of an outer decision maker
FULL = 1 / 3  # of a grid's places, at least so many must hold a state
MOST_SPLITS = 10  # decision makers up to which all ways to share them between rows and columns are tried
ROUNDS = 300  # of stress majorisation


@dataclass(frozen=True)
class Layout:
    """Places of states in pixels, (N, 2); for a grid, which decision makers run across and down, and their headings."""

    places: NDArray[np.float64]
    step: float  # pixels from a state to the next
    across: tuple[int, ...] = ()  # decision makers whose choice is the column, the outermost first
    down: tuple[int, ...] = ()
    columns: tuple[tuple[float, tuple[int, ...]], ...] = field(default=())  # place, and the code of each one's choice
    rows: tuple[tuple[float, tuple[int, ...]], ...] = field(default=())

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of what the places take up."""
        width, height = self.places.max(axis=0).tolist()
        return width, height


def layout(game: Game) -> Layout:
    """A grid where the game has one that is not mostly empty, else a spread.

    >>> from detente.graph.options import OptionForm
    >>> found = layout(Game(OptionForm((1, 1)), [[1, 2, 3, 4], [1, 1, 1, 1]]))
    >>> found.across, found.down, [x for x, _ in found.columns]
    ((0,), (1,), [0.0, 66.0])
    """
    grid = _grid(game.form, game.makers) if isinstance(game.form, OptionForm) else None
    return grid or _spread(game)


def _grid(form: OptionForm, makers: int) -> Layout | None:
    """The grid whose rows and columns make the best use of the paper."""
    codes = form.codes
    active = [i for i in range(makers) if form.masks[i]]
    if len(active) > MOST_SPLITS:
        return None
    best: tuple[tuple[float, ...], tuple[int, ...], tuple[int, ...]] | None = None
    for sides in product((0, 1), repeat=len(active)):
        across = tuple(i for i, side in zip(active, sides, strict=True) if side == 0)
        down = tuple(i for i, side in zip(active, sides, strict=True) if side == 1)
        wide, high = (len(np.unique(codes & _mask(form, who))) for who in (across, down))
        over = max(0, wide * STEPS[0] - PAPER)
        if wide * high * FULL > len(codes):
            continue
        rank = (over, (wide * high) ** 0.5 * max(wide / (1.3 * high), 1.3 * high / wide))
        if best is None or rank < best[0]:
            best = rank, across, down
    if best is None:
        return None
    _, across, down = best
    x, columns, step = _line(form, across)
    y, rows, _ = _line(form, down)
    return Layout(np.column_stack([x, y]), step, across, down, columns, rows)


def _mask(form: OptionForm, makers: tuple[int, ...]) -> int:
    return sum(form.masks[i] for i in makers)


def _line(
    form: OptionForm, makers: tuple[int, ...]
) -> tuple[NDArray[np.float64], tuple[tuple[float, tuple[int, ...]], ...], float]:
    """Places along one side of the grid: of every state (N,), and of every heading; and the step."""
    choices = [tuple(int(code) & form.masks[i] for i in makers) for code in form.codes]
    order = sorted(set(choices))
    # Before a heading whose outer choice differs from the one before, there is a gap.
    gaps = [0, *(int(a[:-1] != b[:-1]) for a, b in pairwise(order))]
    units = [i + GAP * g for i, g in enumerate(np.cumsum(gaps).tolist())]
    step = min(STEPS[1], max(STEPS[0], PAPER / max(1.0, units[-1] + 1)))
    place = {choice: step * unit for choice, unit in zip(order, units, strict=True)}
    return np.array([place[choice] for choice in choices]), tuple((place[c], c) for c in order), step


def _spread(game: Game) -> Layout:
    """States at distances that follow those in moves, in either direction."""
    n = game.states
    step = min(STEPS[1] * 1.3, max(STEPS[0], PAPER / max(1.0, n**0.5)))
    wanted = _distances(game)
    turn = 2 * np.pi * np.arange(n) / max(1, n)
    places = np.column_stack([np.sin(turn), -np.cos(turn)]) * max(1.0, n / 6)
    weight = np.where(wanted > 0, 1 / np.maximum(wanted, 1e-9) ** 2, 0)
    total = np.diag(weight.sum(axis=1)) - weight
    inverse = np.linalg.pinv(total) if n > 1 else np.zeros((1, 1))
    for _ in range(ROUNDS if n > 1 else 0):
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        pull = np.where(apart > 1e-9, weight * wanted / np.maximum(apart, 1e-9), 0)
        moved = inverse @ ((np.diag(pull.sum(axis=1)) - pull) @ places)
        if np.abs(moved - places).max() < 1e-4:
            break
        places = moved
    places = places - places.min(axis=0)
    return Layout(np.round(places * step, 1), step)


def _distances(game: Game) -> NDArray[np.float64]:
    """Numbers of moves between states, whoever makes them and in whichever direction; far apart where never."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import shortest_path

    n, moves = game.states, game.moves
    joined = sum(
        (csr_matrix((np.ones(len(i)), i, p), shape=(n, n)) for p, i in zip(moves.indptr, moves.indices, strict=True)),
        csr_matrix((n, n)),
    )
    found: NDArray[np.float64] = shortest_path(joined, directed=False, unweighted=True)
    reached = np.isfinite(found)
    found[~reached] = 1 + (found[reached].max() if reached.any() else 1)
    return found
