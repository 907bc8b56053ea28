"""The extended concepts stated in plain loops, straight from their definitions: slow, and easy to hold against a paper.

Everything is a list, a set or a function of Python's own. ``moves[i][s]`` is the set of states that i reaches from s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

Moves = list[list[set[int]]]
Relation = Callable[[int, int, int], bool]  # (decision maker, from, to)


def moves_of(game) -> Moves:
    return [[set(game.moves.reach(i, s).tolist()) for s in range(game.states)] for i in range(game.makers)]


def arcs(moves: Moves, allowed: Relation) -> Moves:
    return [[{t for t in reach if allowed(i, s, t)} for s, reach in enumerate(row)] for i, row in enumerate(moves)]


def legal_sequences(steps: Moves, movers: Iterable[int], start: int, longest: int) -> list[tuple[tuple[int, int], ...]]:
    """Every legal sequence of at most `longest` steps, as (mover, to) pairs: no mover twice in a row."""
    movers = list(movers)
    found: list[tuple[tuple[int, int], ...]] = []
    growing: list[tuple[tuple[int, int], ...]] = [()]
    for _ in range(longest):
        longer = []
        for sequence in growing:
            here = sequence[-1][1] if sequence else start
            last = sequence[-1][0] if sequence else None
            longer += [(*sequence, (j, t)) for j in movers if j != last for t in steps[j][here]]
        found += longer
        growing = longer
    return found


def joint(steps: Moves, movers: Iterable[int], start: int) -> set[int]:
    """Where legal sequences end, by growing the set of pairs (state, last mover) until it grows no more."""
    movers = list(movers)
    pairs = {(t, j) for j in movers for t in steps[j][start]}
    while True:
        more = {(t, j) for s, last in pairs for j in movers if j != last for t in steps[j][s]} - pairs
        if not more:
            return {s for s, _ in pairs}
        pairs |= more


def related(
    moves: Moves, i: int, s: int, concept: str, tempts: Relation, deters: Relation, rescues: Relation, along: Relation
) -> bool:
    """Stability where preference is any relations: what tempts, deters and rescues i, along what the others move."""
    others = [j for j in range(len(moves)) if j != i]
    steps = arcs(moves, along) if concept in ("seq", "sseq") else moves
    for s1 in moves[i][s]:
        if not tempts(i, s, s1):
            continue
        if concept == "nash":
            return False
        for s2 in joint(steps, others, s1):
            if deters(i, s, s2) and (concept in ("gmr", "seq") or not any(rescues(i, s, s3) for s3 in moves[i][s2])):
                break
        else:
            return False
    return True


def classical(payoff, moves: Moves, i: int, s: int, concept: str) -> bool:
    def better(j: int, a: int, b: int) -> bool:
        return payoff[j][b] > payoff[j][a]

    return related(moves, i, s, concept, better, lambda j, a, b: not better(j, a, b), better, better)


# --- coalitions ----------------------------------------------------------------------------------------------------


def coalition_stable(payoff, moves: Moves, group: tuple[int, ...], s: int, concept: str, pareto: bool) -> bool:
    everyone = range(len(moves))
    others = [j for j in everyone if j not in group]

    def better(of: Iterable[int], a: int, b: int) -> bool:
        pairs = [(payoff[i][a], payoff[i][b]) for i in of]
        if pareto:
            return all(y >= x for x, y in pairs) and any(y > x for x, y in pairs)
        return all(y > x for x, y in pairs)

    def improvements(of: tuple[int, ...], a: int) -> set[int]:
        return {t for t in joint(moves, of, a) if better(of, a, t)}

    for t in improvements(group, s):
        if concept == "nash":
            return False
        if concept == "seq":
            bands = [band for r in range(1, len(others) + 1) for band in combinations(others, r)]
            steps = [[improvements(band, a) for a in range(len(moves[0]))] for band in bands]
            answers = joint(steps, range(len(bands)), t)
        else:
            answers = joint(moves, others, t)
        for u in answers:
            if not better(group, s, u) and (
                concept != "smr" or all(not better(group, s, v) for v in joint(moves, group, u))
            ):
                break
        else:
            return False
    return True


# --- limited moves -------------------------------------------------------------------------------------------------


def ends(payoff, moves: Moves, i: int, s: int, h: int) -> int:
    """Where play ends if i has the move in s and h moves remain; of equally good moves the lowest state's is made."""
    if h == 0:
        return s
    best, value = s, payoff[i][s]
    for t in sorted(moves[i][s]):
        end = ends(payoff, moves, 1 - i, t, h - 1)
        if payoff[i][end] > value:
            best, value = end, payoff[i][end]
    return best
