"""What would have to hold of preferences for a state to be stable, or not: as a formula over comparisons.

Stability of s for i asks, of every move s1 of i from s, that s1 be no better than s or that some sanction hold: a state
s2 that the others can bring about from s1 and that is no better than s (for SMR and SSEQ, nor anything i can move on to
from there). Under SEQ and SSEQ the others' way to s2 must consist of improvements, which are comparisons of theirs. All
this is a formula in "i finds s at least as good as t" and "j prefers b to a". Those whose preferences are given, and not
free, have their comparisons filled in.

Kinsara, Kilgour and Hipel (2015), IEEE Transactions on Systems, Man and Cybernetics: Systems 45: 734; Kinsara, Petersons,
Hipel and Kilgour (2015), Journal of Decision Systems 24: 117. Not read against the originals; the formulas follow from
the definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from detente.errors import UsageError
from detente.graph.game import Game
from detente.graph.joint import search, steps
from detente.graph.relations import CONCEPTS, chosen

MOST_TERMS = 20_000  # of a condition in minimal form


@dataclass(frozen=True, slots=True, order=True)
class Prefers:
    """`maker` prefers `better` to `worse`, or, where not `strictly`, finds it at least as good."""

    maker: int
    better: int
    worse: int
    strictly: bool


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts hold; with none, it always does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the parts holds; with none, it never does."""

    parts: tuple[Condition, ...]


Condition = Prefers | Every | Some
Term = frozenset[Prefers]
ALWAYS, NEVER = Every(()), Some(())


@dataclass(frozen=True, slots=True)
class Goal:
    """That `state` be stable (or not, where `stable` is false) under `concept`, for `maker` or for all (None)."""

    state: int
    concept: str = "nash"
    stable: bool = True
    maker: int | None = None


def condition(game: Game, goals: Iterable[Goal], free: Collection[int]) -> Condition:
    """What must hold of the preferences of the decision makers in `free` for all goals to be met, the others' given.

    Concepts are nash, gmr, smr, seq and sseq. Raises `UsageError` for others, and where ways of improvements are too
    many to write down.

    >>> from detente.graph.options import OptionForm
    >>> game = Game(OptionForm((1, 1)), [[2, 1, 4, 3], [2, 4, 1, 3]])
    >>> [sorted(term) for term in terms(condition(game, [Goal(3, "nash", maker=0)], [0]))]
    [[Prefers(maker=0, better=3, worse=2, strictly=False)]]
    """
    found = []
    for goal in goals:
        chosen([goal.concept], CONCEPTS)
        if not 0 <= goal.state < game.states:
            raise UsageError(f"found the state {goal.state}; expected 0 to {game.states - 1}")
        makers = range(game.makers) if goal.maker is None else [goal.maker]
        asked = every(_stable(game, maker, goal.state, goal.concept, frozenset(free)) for maker in makers)
        found.append(asked if goal.stable else negation(asked))
    return every(found)


def _stable(game: Game, maker: int, state: int, concept: str, free: frozenset[int]) -> Condition:
    def known(one: Prefers) -> Condition:
        return _filled_in(game, one, free)

    def no_better(other: int) -> Condition:
        return ALWAYS if other == state else known(Prefers(maker, state, other, False))

    clauses = []
    for to in steps(game, maker, state):
        ways: list[Condition] = [no_better(to)]
        if concept != "nash" and ways[0] != ALWAYS:
            for answer, way in _answers(game, maker, to, concept, free):
                harmful = [no_better(answer)]
                if concept in ("smr", "sseq"):
                    harmful += [no_better(reply) for reply in steps(game, maker, answer)]
                ways.append(every([*sorted(way), *harmful]))
        clauses.append(some(ways))
    return every(clauses)


def _answers(game: Game, maker: int, to: int, concept: str, free: frozenset[int]) -> list[tuple[int, Term]]:
    """What the others can bring about from `to`, with the comparisons that the way there rests on, none needlessly."""
    others = [j for j in range(game.makers) if j != maker]
    willing = concept in ("seq", "sseq")
    if not willing or not free & set(others):
        return [(end, frozenset()) for end, _ in search(game, others, to, improving=willing)]
    found: dict[tuple[int, int], list[Term]] = {}
    waiting: list[tuple[int, int, Term]] = [(to, -1, frozenset())]
    count = 0
    while waiting:
        here, last, way = waiting.pop()
        if last >= 0 and way not in found[here, last]:
            continue  # a lesser way to the same place came after it
        for j in others:
            if j == last:
                continue
            for there in steps(game, j, here):
                step = _filled_in(game, Prefers(j, there, here, True), free)
                if step == NEVER:
                    continue
                longer = way if step == ALWAYS else way | {Prefers(j, there, here, True)}
                so_far = found.setdefault((there, j), [])
                if any(known <= longer for known in so_far) or _contradictory(longer):
                    continue
                found[there, j] = [known for known in so_far if not longer <= known] + [longer]
                waiting.append((there, j, longer))
                count += 1
                if count > MOST_TERMS * 5:
                    raise UsageError("found too many ways of improvements to write down; expected a smaller game")
    ends: dict[int, list[Term]] = {}
    for (end, _), known in found.items():
        ends.setdefault(end, []).extend(known)
    return [(end, way) for end, ways in sorted(ends.items()) for way in _absorbed(ways)]


def _filled_in(game: Game, one: Prefers, free: frozenset[int]) -> Condition:
    if one.maker in free:
        return one
    worth = game.payoff[one.maker]
    gain = int(worth[one.better]) - int(worth[one.worse])
    return ALWAYS if gain > 0 or (gain == 0 and not one.strictly) else NEVER


# --- formulas ------------------------------------------------------------------------------------------------------


def every(parts: Iterable[Condition]) -> Condition:
    """All of the parts, what is always or never true worked in."""
    return _joined(Every, NEVER, parts)


def some(parts: Iterable[Condition]) -> Condition:
    """One of the parts at least, what is always or never true worked in."""
    return _joined(Some, ALWAYS, parts)


def _joined(kind: type[Every | Some], decided: Condition, parts: Iterable[Condition]) -> Condition:
    """The parts under one `kind`, each once; `decided` where one of them settles the whole."""
    kept: dict[Condition, None] = {}
    for part in parts:
        if part == decided:
            return decided
        kept |= dict.fromkeys(part.parts if isinstance(part, kind) else [part])
    return next(iter(kept)) if len(kept) == 1 else kind(tuple(kept))


def negation(of: Condition) -> Condition:
    """What holds where the condition does not.

    >>> negation(Prefers(0, 1, 2, True))
    Prefers(maker=0, better=2, worse=1, strictly=False)
    """
    if isinstance(of, Prefers):
        return Prefers(of.maker, of.worse, of.better, not of.strictly)
    parts = [negation(part) for part in of.parts]
    return some(parts) if isinstance(of, Every) else every(parts)


def comparisons(of: Condition) -> set[Prefers]:
    """All comparisons that a condition speaks of."""
    if isinstance(of, Prefers):
        return {of}
    return set().union(*(comparisons(part) for part in of.parts))


def evaluate(of: Condition, holds: Callable[[Prefers], Any], always: Any) -> Any:
    """Whether it holds, from whether each comparison does: booleans or arrays of them; `always` is what is true."""
    if isinstance(of, Prefers):
        return holds(of)
    found = always if isinstance(of, Every) else ~always
    for part in of.parts:
        one = evaluate(part, holds, always)
        found = found & one if isinstance(of, Every) else found | one
    return found


def terms(of: Condition, most: int = MOST_TERMS) -> list[Term]:
    """The condition as alternatives, each a set of comparisons that together suffice; none needless, none impossible.

    No alternative holds another one, no comparison of one follows from its others (by transitivity), and none asks for
    a cycle. An empty list means never, a list of the empty set always. Raises `UsageError` where there are more than `most`.
    """
    return sorted((_pruned(term) for term in _terms(of, most)), key=lambda term: (len(term), sorted(term)))


def _terms(of: Condition, most: int) -> list[Term]:
    if isinstance(of, Prefers):
        return [frozenset({of})]
    if isinstance(of, Some):
        return _absorbed((term for part in of.parts for term in _terms(part, most)), most)
    found: list[Term] = [frozenset()]
    for part in sorted((_terms(part, most) for part in of.parts), key=len):
        if len(found) * len(part) > most * 50:
            raise UsageError("found too many alternatives to write down; expected a smaller game, or a simpler goal")
        found = _absorbed((joined for a in found for b in part if not _contradictory(joined := a | b)), most)
    return found


def _absorbed(given: Iterable[Term], most: int = MOST_TERMS) -> list[Term]:
    """Those that contain no other one."""
    kept: list[Term] = []
    for term in sorted(set(given), key=lambda term: (len(term), sorted(term))):
        if not any(other <= term for other in kept):
            kept.append(term)
            if len(kept) > most:
                raise UsageError(f"found over {most:,} alternatives; expected a smaller game, or a simpler goal")
    return kept


def _contradictory(term: Iterable[Prefers]) -> bool:
    """Whether the comparisons go round in a circle in which something is strictly better than itself."""
    term = list(term)
    return any(one.strictly and _follows(Prefers(one.maker, one.worse, one.better, False), term) for one in term)


def _follows(one: Prefers, term: Sequence[Prefers]) -> bool:
    """Whether a comparison follows from others by transitivity."""
    best = {one.better: False}  # what is known to be no better than one.better, and whether it is strictly worse
    waiting = [one.better]
    while waiting:
        here = waiting.pop()
        for known in term:
            if known.maker == one.maker and known.better == here:
                strictly = best[here] or known.strictly
                if known.worse not in best or (strictly and not best[known.worse]):
                    best[known.worse] = strictly
                    waiting.append(known.worse)
    return one.worse in best and (best[one.worse] or not one.strictly)


def _pruned(term: Term) -> Term:
    """Without comparisons that follow from the others."""
    kept = sorted(term)
    for one in sorted(term):
        rest = [other for other in kept if other != one]
        if _follows(one, rest):
            kept = rest
    return frozenset(kept)
