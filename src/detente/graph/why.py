"""Why a state is stable for a decision maker or is not, and what would bring an equilibrium down: as data.

For the decision maker i and the state s, every improvement of i is followed up: the sanction that deters it, with the
whole sequence of moves, or the sign that nobody punishes it. Only what is asked for is explored, by forward search, so
this is independent of the engines that decide stability everywhere at once; the tests hold one to the other.

The concepts are those of ``concepts.py``: Nash; Howard (1971), *Paradoxes of Rationality*; Fraser and Hipel (1984),
*Conflict Analysis*; Rego and Vieira (2017), Group Decision and Negotiation 26. What would have to change is our own
account, and follows from the definitions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from detente.errors import UsageError
from detente.graph.game import Game
from detente.graph.joint import Sequence, Step, search, steps
from detente.graph.options import OptionForm
from detente.graph.paths import NO_MOVE
from detente.graph.why_far import Answers, far_answers

CONCEPTS = ("nash", "gmr", "smr", "seq", "sseq", "sim")
MOST_NEEDS = 200  # sanctions up to which a route is told, in games of over 1,024 states
MOST_COMBINATIONS = 1 << 20  # of simultaneous moves, looked at for one improvement

_Without = Collection[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the others can bring about after the improvement: the sanction, or what comes nearest to one.

    `steps` are their moves, in order, from the improvement to `state`; where `together` is true (simultaneous
    stability) they are moves from the state asked about, all made at once with the improvement. `escape` is the state
    that the decision maker would move on to from there, better than where it began; none where it has no such move or
    the concept does not ask.
    """

    steps: Sequence
    state: int
    together: bool = False
    escape: int | None = None


@dataclass(frozen=True, slots=True)
class Considered:
    """One improvement: the state it leads to, whether it is punished, and the answer (none: the others cannot move)."""

    to: int
    deterred: bool
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why `state` is stable for `maker` under `concept`, or is not.

    `moves` are all states that it reaches in one move, ascending; `considered` those of them that it prefers, the most
    preferred first. It is stable where each of these is deterred.
    """

    maker: int
    state: int
    concept: str
    stable: bool
    moves: tuple[int, ...]
    considered: tuple[Considered, ...]


def why(game: Game, maker: int, state: int, concept: str) -> Why:
    """Why a state is stable for a decision maker, or is not; concepts nash, gmr, smr, seq, sseq, sim.

    Of the sanctions, one with the fewest moves is given. Raises `UsageError` for another concept, for ``sim`` outside
    option form, and where it would look at more than a million combinations.

    >>> from detente.graph.preferences import by_ranking
    >>> best_first = [[[2], [3], [0], [1]], [[1], [3], [0], [2]]]
    >>> dilemma = Game(OptionForm((1, 1)), [by_ranking(levels, 4) for levels in best_first])
    >>> found = why(dilemma, 0, 3, "seq")
    >>> found.stable, found.considered[0].to, found.considered[0].answer.steps
    (True, 2, (Step(maker=1, to=0),))
    """
    _check(game, maker, state, concept)
    worth = game.payoff[maker]
    moves = steps(game, maker, state)
    better = sorted((t for t in moves if worth[t] > worth[state]), key=lambda t: (-int(worth[t]), t))
    far = far_answers(game, maker, state, concept)
    considered = tuple(_considered(game, maker, state, to, concept, far=far) for to in better)
    stable = all(one.deterred for one in considered)
    return Why(maker, state, concept, stable, tuple(moves), considered)


def _check(game: Game, maker: int, state: int, concept: str) -> None:
    if concept not in CONCEPTS:
        raise UsageError(f"found the concept {concept}; expected any of {', '.join(CONCEPTS)}")
    if not 0 <= maker < game.makers:
        raise UsageError(f"found the decision maker {maker}; expected 0 to {game.makers - 1}")
    if not 0 <= state < game.states:
        raise UsageError(f"found the state {state}; expected 0 to {game.states - 1}")
    if concept == "sim" and (not isinstance(game.form, OptionForm) or game.form.merges):
        raise UsageError("found the concept sim for a game that is not in plain option form; expected another concept")


def _considered(
    game: Game, maker: int, state: int, to: int, concept: str, without: _Without = (), far: Answers | None = None
) -> Considered:
    """Follow one improvement up: the first sanction found, or of all answers the worst for the decision maker."""
    if concept == "nash":
        return Considered(to, False, None)
    if far is not None:
        return _considered_far(far, to, next(iter(without), NO_MOVE))
    worth = game.payoff[maker]
    nearest: tuple[tuple[int, int], Answer] | None = None
    for answer in _answers(game, maker, state, to, concept, without):
        level = int(worth[answer.state])
        if level <= worth[state] and answer.escape is None:
            return Considered(to, True, answer)
        # A state as bad as a sanction's, from which there is an escape, comes nearer than one that is no threat.
        distance = (int(level > worth[state]), level)
        if nearest is None or distance < nearest[0]:
            nearest = distance, answer
    return Considered(to, False, nearest[1] if nearest else None)


def _considered_far(answers: Answers, to: int, left_out: tuple[int, int, int]) -> Considered:
    found = answers.worst(to, left_out)
    if found is None:
        return Considered(to, False, None)
    steps_there, end, deterred = found
    escape = None if deterred else _escape(answers.game, answers.maker, answers.state, answers.concept, end)
    return Considered(to, deterred, Answer(steps_there, end, escape=escape))


def _escape(game: Game, maker: int, state: int, concept: str, reached: int) -> int | None:
    """Where `maker` would move on to from a state as bad as a sanction, if the concept asks and it can do better."""
    worth = game.payoff[maker]
    if concept not in ("smr", "sseq") or worth[reached] > worth[state]:
        return None
    replies = game.form.reach(maker, reached)
    return int(replies[np.argmax(worth[replies])]) if len(replies) and worth[replies].max() > worth[state] else None


def _answers(game: Game, maker: int, state: int, to: int, concept: str, without: _Without) -> Iterator[Answer]:
    """Everything that the others can bring about in answer to the move of `maker` from `state` to `to`."""
    if concept == "sim":
        yield from _at_once(game, maker, state, to, without)
        return
    others = [j for j in range(game.makers) if j != maker]
    for reached, sequence in search(game, others, to, improving=concept in ("seq", "sseq"), without=without):
        yield Answer(sequence, reached, escape=_escape(game, maker, state, concept, reached))


def _at_once(game: Game, maker: int, state: int, to: int, without: _Without) -> Iterator[Answer]:
    """The states in which improvements of some of the others from `state` meet the move to `to`, feasible ones."""
    form = game.form
    assert isinstance(form, OptionForm)
    codes = form.codes
    others = [j for j in range(game.makers) if j != maker]
    choices: list[list[int]] = []
    combinations = 1
    for j in others:
        better = [t for t in steps(game, j, state, improving=True) if (j, state, t) not in without]
        choices.append([state, *better])
        combinations *= len(choices[-1])
    if combinations > MOST_COMBINATIONS:
        raise UsageError(f"found {combinations:,} combinations of moves; expected at most {MOST_COMBINATIONS:,}")
    # Few movers first: the sanction with the fewest is the one to tell.
    ends = sorted(product(*choices), key=lambda end: sum(t != state for t in end))
    for end in ends[1:]:
        code = int(codes[to])
        for t in end:
            code ^= int(codes[state]) ^ int(codes[t])
        place = int(np.searchsorted(codes, code))
        if place < len(codes) and codes[place] == code:
            moved = tuple(Step(j, t) for j, t in zip(others, end, strict=True) if t != state)
            yield Answer(moved, place, together=True)


# --- what would bring an equilibrium down --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Flip:
    """One comparison that, changed alone, ends the equilibrium.

    `maker` would come to prefer `better` to `worse` where `prefers` is true, and would no longer do so where it is
    false. `unstable_for` is the decision maker that would then leave, by moving to `through`.
    """

    maker: int
    better: int
    worse: int
    prefers: bool
    unstable_for: int
    through: int


@dataclass(frozen=True, slots=True)
class Route:
    """How the equilibrium would fall to a change of mind of `maker` alone, who leaves by moving to `through`.

    From every group of `needs`, `maker` would have to come to prefer one state at least to the equilibrium: the state
    it moves to, and for every sanction, what takes the sting out of it (where the concept lets the decision maker
    escape from a sanction, to prefer a state that it can escape to is enough). Groups of one come first.
    """

    maker: int
    through: int
    needs: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Fall:
    """What an equilibrium hangs on: single comparisons, and for each decision maker the routes with the fewest needs.

    `routes` may lack a decision maker, who cannot end it by any change of its own mind; in games of over 1,024 states,
    also one of whom every route has over 200 needs, and then `cut` is true.
    """

    state: int
    concept: str
    flips: tuple[Flip, ...]
    routes: tuple[Route, ...]
    cut: bool = False


def fall(game: Game, state: int, concept: str) -> Fall:
    """Who would have to change which comparison for the equilibrium `state` to fall, under a concept as in `why`.

    Comparisons are changed one at a time, all others as they are. For the flips of others, all those are tried that
    some sanction rests on. Raises `UsageError` where the state is no equilibrium, and as `why` does.

    >>> from detente.graph.preferences import by_ranking
    >>> best_first = [[[2], [3], [0], [1]], [[1], [3], [0], [2]]]
    >>> dilemma = Game(OptionForm((1, 1)), [by_ranking(levels, 4) for levels in best_first])
    >>> for flip in fall(dilemma, 3, "seq").flips[:2]:
    ...     print(flip)
    Flip(maker=0, better=0, worse=3, prefers=True, unstable_for=0, through=2)
    Flip(maker=1, better=0, worse=2, prefers=False, unstable_for=0, through=2)
    """
    flips: list[Flip] = []
    routes: list[Route] = []
    cut = False
    for maker in range(game.makers):
        found = why(game, maker, state, concept)
        if not found.stable:
            raise UsageError(
                f"found the state {state}, which is not stable for decision maker {maker}; expected an equilibrium"
            )
        own: list[Route] = []
        far = far_answers(game, maker, state, concept)
        for to in found.moves:
            route, enough = _route(game, maker, state, to, concept, far)
            flips += [Flip(maker, t, state, True, maker, to) for t in sorted(enough)]
            if route == "many":
                cut = True
            elif route is not None:
                own.append(route)
        if own:
            fewest = min(len(route.needs) for route in own)
            routes += [route for route in own if len(route.needs) == fewest]
        if concept in ("seq", "sseq", "sim"):
            for one in found.considered:
                flips += _let_down(game, maker, state, one, concept, far)
    return Fall(state, concept, tuple(dict.fromkeys(flips)), tuple(routes), cut)


def _route(
    game: Game, maker: int, state: int, to: int, concept: str, far: Answers | None
) -> tuple[Route | Literal["many"] | None, set[int]]:
    """What `maker` alone would have to see otherwise for it to leave by moving to `to`; None where nothing helps, or "many".

    And the states of which it is enough that it came to prefer one to `state`.
    """
    worth = game.payoff[maker]
    needs: set[tuple[int, ...]] = set()
    enough: set[int] | None = None
    if worth[to] <= worth[state]:
        needs.add((to,))
        enough = {to}
    many = False
    if concept == "nash":
        ends: Iterable[int] = ()
    elif far is not None:
        ends, many = far.sanctions(to, MOST_NEEDS)
    else:
        answers = _answers(game, maker, state, to, concept, ())
        ends = (a.state for a in answers if worth[a.state] <= worth[state] and a.escape is None)
    for end in ends:
        group = {end}
        if concept in ("smr", "sseq"):
            group.update(steps(game, maker, end))
        group.discard(state)  # it cannot be better than itself
        if not group:
            return None, set()
        needs.add(tuple(sorted(group)))
        enough = group if enough is None else enough & group
        if many and not enough:
            return "many", set()
    if many:
        return "many", enough or set()
    least = [group for group in needs if not any(set(other) < set(group) for other in needs)]
    return Route(maker, to, tuple(sorted(least, key=lambda group: (len(group), group)))), enough or set()


def _let_down(game: Game, maker: int, state: int, one: Considered, concept: str, far: Answers | None) -> list[Flip]:
    """The single improvements of others without which nothing deters `one`.

    Whatever all sanctions rest on, the sanction already found rests on.
    """
    flips = []
    assert one.answer is not None
    here = state if one.answer.together else one.to
    for step in one.answer.steps:
        left_out = {(step.maker, here, step.to)}
        if not _considered(game, maker, state, one.to, concept, left_out, far).deterred:
            flips.append(Flip(step.maker, step.to, here, False, maker, one.to))
        here = state if one.answer.together else step.to
    return flips
