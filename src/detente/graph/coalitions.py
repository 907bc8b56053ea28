"""Coalition stability: whether a group of decision makers would leave a state together, and what keeps it there.

A coalition H reaches R_H(s) by legal sequences of its members' moves (``joint.py``); its improvements are the states
there that every member prefers to s, or, in the Pareto variant, that no member finds worse and one prefers. For every
improvement t of H from s:

- CNash: there is none;
- CGMR: the others can bring about from t, by any legal sequence, a state that is no improvement on s for H;
- CSMR: and nothing that H reaches from there is one;
- CSEQ: as CGMR, along a legal sequence of improvements by coalitions among the others: each step is an improvement, in
  the sense above, of some of them together, and no coalition makes two steps in a row.

They go by the ids nash, gmr, smr and seq. For one decision maker whose moves are transitive they are the concepts of
``stability.py``, but that in CSEQ the others may act together. A state is coalitionally stable for i where it is for every
coalition with i in it, and an equilibrium where it is for all coalitions asked about. CSEQ lies within CGMR in option
form; on non-transitive graphs it may not, because a coalition and a larger one may follow each other, and with them one
member's two moves.

A partition of the decision makers makes each of its groups a player: it moves as R_H, or, where `together` is true, by
one jump in which all its members change their options at once (option form), and improves where all members do.

Kilgour, Hipel, Fang and Peng (2001), Group Decision and Negotiation 10: 159; Inohara and Hipel (2008), Systems
Engineering 11: 343, and Journal of Systems Science and Systems Engineering 17: 1. Not read against the originals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.errors import UsageError
from detente.graph import relations
from detente.graph.game import Game
from detente.graph.moves import Moves
from detente.graph.options import OptionForm
from detente.graph.relations import Attitude, Bits, Matrix, Stable

CONCEPTS = ("nash", "gmr", "smr", "seq")
MOST_MAKERS = 10  # all subsets of more would be over a thousand coalitions
Group = tuple[int, ...]


def all_coalitions(makers: int) -> list[Group]:
    """Every non-empty subset of the decision makers, the smaller ones first.

    >>> all_coalitions(2)
    [(0,), (1,), (0, 1)]
    """
    if makers > MOST_MAKERS:
        raise UsageError(f"found {makers} decision makers; expected at most {MOST_MAKERS} for all coalitions of them")
    return [group for size in range(1, makers + 1) for group in combinations(range(makers), size)]


def stable(
    game: Game,
    concepts: Iterable[str] = CONCEPTS,
    coalitions: Sequence[Sequence[int]] | None = None,
    *,
    pareto: bool = False,
) -> dict[Group, Stable]:
    """Whether each state is stable for each coalition, (N,) booleans a coalition and concept.

    `coalitions` are groups of decision makers, all non-empty subsets where none are given. Raises `UsageError` for
    groups and concepts that there are not, and for more than 16,384 states.

    >>> from detente.graph.preferences import by_ranking
    >>> best_first = [[[2], [3], [0], [1]], [[1], [3], [0], [2]]]
    >>> dilemma = Game(OptionForm((1, 1)), [by_ranking(levels, 4) for levels in best_first])
    >>> stable(dilemma, ["nash"])[0, 1]["nash"].tolist()
    [False, True, True, True]
    """
    asked = relations.chosen(concepts, CONCEPTS)
    relations.check_size(game.states)
    groups = all_coalitions(game.makers) if coalitions is None else [_group(game, given) for given in coalitions]
    view = _View(game, pareto)
    return {group: view.stable(group, asked) for group in groups}


def equilibria(
    game: Game,
    concepts: Iterable[str] = CONCEPTS,
    coalitions: Sequence[Sequence[int]] | None = None,
    *,
    pareto: bool = False,
) -> Stable:
    """The states (N,) that are stable for every coalition asked about, by concept; arguments as of `stable`.

    >>> from detente.graph.preferences import by_ranking
    >>> best_first = [[[2], [3], [0], [1]], [[1], [3], [0], [2]]]
    >>> dilemma = Game(OptionForm((1, 1)), [by_ranking(levels, 4) for levels in best_first])
    >>> {concept: found.nonzero()[0].tolist() for concept, found in equilibria(dilemma).items()}
    {'nash': [], 'gmr': [3], 'smr': [3], 'seq': [3]}
    """
    asked = relations.chosen(concepts, CONCEPTS)
    by_group = stable(game, asked, coalitions, pareto=pareto)
    return {
        concept: np.logical_and.reduce([found[concept] for found in by_group.values()])
        if by_group
        else np.ones(game.states, dtype=np.bool_)
        for concept in asked
    }


def partitioned(
    game: Game,
    groups: Sequence[Sequence[int]],
    concepts: Iterable[str] = relations.CONCEPTS,
    *,
    together: bool = False,
    pareto: bool = False,
) -> Stable:
    """Stability where each group of a partition acts as one player, (groups, N) booleans a concept.

    Concepts are nash, gmr, smr, seq, sseq. Decision makers in no group stand alone, after the groups. Raises
    `UsageError` where one is in two groups, and for `together` outside plain option form.

    >>> game = Game(OptionForm((1, 1)), [[1, 2, 4, 3], [1, 4, 2, 3]])
    >>> partitioned(game, [(0, 1)], ["nash"])["nash"].astype(int).tolist()
    [[0, 1, 1, 1]]
    """
    relations.check_size(game.states)
    merged = [_group(game, given) for given in groups]
    inside = [maker for group in merged for maker in group]
    if len(set(inside)) < len(inside):
        twice = next(maker for maker in inside if inside.count(maker) > 1)
        raise UsageError(f"found the decision maker {twice} in two groups; expected each in one")
    merged += [(maker,) for maker in range(game.makers) if maker not in inside]
    view = _View(game, pareto)
    moves = _jumps(game, merged) if together else relations.from_matrices([view.reach_matrix(g) for g in merged])

    def attitude(player: int) -> Attitude:
        better = view.better(merged[player])
        return Attitude(better, ~better, better, better)

    return relations.stable(moves, attitude, concepts)


class _View:
    """What coalitions of one game reach and prefer, each worked out once."""

    def __init__(self, game: Game, pareto: bool) -> None:
        self.moves = game.moves
        self.payoff = game.payoff
        self.pareto = pareto
        self._reached: dict[Group, Bits] = {}

    def reached(self, group: Group) -> Bits:
        """R_H from every state."""
        if group not in self._reached:
            self._reached[group] = relations.reached(self.moves, group)
        return self._reached[group]

    def reach_matrix(self, group: Group) -> Matrix:
        return relations.unpack(self.reached(group), self.moves.states)

    def better(self, group: Group) -> Matrix:
        """(s, t): whether t is better than s for the group."""
        states = self.moves.states
        for_all = np.ones((states, states), dtype=np.bool_)
        for_some = np.zeros((states, states), dtype=np.bool_)
        for maker in group:
            ranks = self.payoff[maker]
            gains = ranks[None, :] > ranks[:, None]
            for_all &= (ranks[None, :] >= ranks[:, None]) if self.pareto else gains
            for_some |= gains
        return for_all & for_some

    def stable(self, group: Group, concepts: Sequence[str]) -> Stable:
        others = tuple(maker for maker in range(len(self.payoff)) if maker not in group)
        better = self.better(group)
        attitude = Attitude(better, ~better, better, better)
        plain = self.reached(others) if {"gmr", "smr"} & set(concepts) else None
        willed = self._answers(others) if "seq" in concepts else None
        return relations.answered(self.reach_matrix(group), attitude, plain, willed, concepts)

    def _answers(self, others: Group) -> Bits:
        """What legal sequences of improvements by coalitions among `others` lead to."""
        bands = list(_subsets(others))
        steps = [self.reach_matrix(band) & self.better(band) for band in bands]
        if not bands:
            return self.reached(())
        return relations.reached(relations.from_matrices(steps), range(len(bands)))


def _subsets(makers: Group) -> Iterator[Group]:
    for size in range(1, len(makers) + 1):
        yield from combinations(makers, size)


def _group(game: Game, given: Sequence[int]) -> Group:
    group = tuple(sorted(set(given)))
    if not group or len(group) < len(given) or group[0] < 0 or group[-1] >= game.makers:
        raise UsageError(
            f"found the coalition {list(given)}; expected different decision makers, 0 to {game.makers - 1}"
        )
    return group


def _jumps(game: Game, groups: Sequence[Group]) -> Moves:
    """Moves in which the members of a group change all their options at once, each as it may."""
    form = game.form
    if not isinstance(form, OptionForm) or not form.transitive:
        raise UsageError("found joint jumps for a game with bans or merged states; expected plain option form")
    here, there = form.codes[:, None], form.codes[None, :]
    forward, back = form.one_way("forward"), form.one_way("back")
    open_: NDArray[np.bool_] = (here & ~there & forward == 0) & (there & ~here & back == 0)
    masks = [sum(form.masks[maker] for maker in group) for group in groups]
    return relations.from_matrices([open_ & ((here ^ there) & ~mask == 0) for mask in masks])
