"""The stability concepts stated in plain loops, straight from their definitions: slow, and easy to hold against a paper.

Everything is a list or a set of Python's own. ``moves[i][s]`` is the set of states that i reaches from s in one move.
"""

from __future__ import annotations

from itertools import product

from detente.graph.game import Game
from detente.graph.options import OptionForm

Moves = list[list[set[int]]]


def moves_of(game: Game) -> Moves:
    return [[set(game.moves.reach(i, s).tolist()) for s in range(game.states)] for i in range(game.makers)]


def improvements(moves: Moves, payoff: list[list[int]]) -> Moves:
    return [[{t for t in moves[i][s] if p[t] > p[s]} for s in range(len(p))] for i, p in enumerate(payoff)]


def joint(movers: list[int], steps: Moves, start: int) -> set[int]:
    """Where a legal sequence of steps by `movers` can end: no one of them moves twice in a row."""
    reached, seen, waiting = set(), set(), [(start, None)]
    while waiting:
        state, last = waiting.pop()
        for mover in movers:
            if mover == last:
                continue
            for to in steps[mover][state]:
                if (to, mover) not in seen:
                    seen.add((to, mover))
                    reached.add(to)
                    waiting.append((to, mover))
    return reached


def stable(game: Game, concept: str) -> list[list[bool]]:
    """For each decision maker and state."""
    payoff = game.payoff.tolist()
    moves = moves_of(game)
    better = improvements(moves, payoff)
    return [
        [_stable(game, concept, i, s, moves, better, payoff) for s in range(game.states)] for i in range(game.makers)
    ]


def _stable(game: Game, concept: str, i: int, s: int, moves: Moves, better: Moves, payoff: list[list[int]]) -> bool:
    others = [j for j in range(game.makers) if j != i]
    worth = payoff[i]
    for s1 in better[i][s]:
        if concept == "nash":
            return False
        if concept == "sim":
            deterred = any(worth[s2] <= worth[s] for s2 in _at_once(game, others, s, s1, better))
        else:
            reached = joint(others, better if concept in ("seq", "sseq") else moves, s1)
            deterred = any(
                worth[s2] <= worth[s]
                and (concept in ("gmr", "seq") or all(worth[s3] <= worth[s] for s3 in moves[i][s2]))
                for s2 in reached
            )
        if not deterred:
            return False
    return True


def _at_once(game: Game, others: list[int], s: int, s1: int, better: Moves) -> list[int]:
    """The states in which improvements of some of the others from s, with i's move to s1, can meet."""
    assert isinstance(game.form, OptionForm)
    codes = game.form.codes.tolist()
    found = []
    for ends in product(*([s, *sorted(better[j][s])] for j in others)):
        if all(end == s for end in ends):
            continue
        code = codes[s1]
        for end in ends:
            code ^= codes[s] ^ codes[end]
        if code in codes:
            found.append(codes.index(code))
    return found
