"""Formulas over options: what makes states infeasible, what a decision maker wants, which states are one.

A formula is parsed once. It is then evaluated over arrays of states, or turned into patterns.

| written | means |
| --- | --- |
| `blockade`, `2` | the option is taken: by its id, or by its number from 1 |
| `-blockade`, `-2`, `NOT blockade` | it is not; also before a parenthesis |
| `p & q`, `p AND q` | both |
| `p | q`, `p OR q` | at least one |
| `q if p`, `q IF p` | q, or not p |
| `q iff p`, `q IFF p` | both or neither |

NOT binds closest, then &, then |, then `if` and `iff`, of which one stands outside parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.errors import Fault, InputError, UsageError, nearest
from detente.graph.patterns import Codes, Pattern, absorb

MOST_PATTERNS = 20_000  # that one formula may turn into
DEEPEST = 64  # parentheses within parentheses

EXPECTED = "expected a formula over option ids: & | - ( ) if iff"
UNBALANCED = "expected as many closing parentheses as opening ones"
WORDS = frozenset({"if", "iff", "not", "and", "or"})  # no option can be called so
_SAME = {"not": "-", "and": "&", "or": "|"}
_TOKEN = re.compile(r"\s*(?:(?P<id>[a-z][a-z0-9_-]*)|(?P<number>\d+)|(?P<mark>[&|()-])|(?P<word>[A-Z]+)|(?P<other>\S))")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula over options, numbered from 0; built by `option`, ``~``, ``&``, ``|``, or by `parse`.

    >>> (option(0) & ~option(2)).holds(np.arange(8)).nonzero()[0].tolist()
    [1, 3]
    """

    kind: Literal["option", "not", "and", "or"]
    option: int = -1  # of kind "option"
    parts: tuple[Formula, ...] = ()

    def __invert__(self) -> Formula:
        return self.parts[0] if self.kind == "not" else Formula("not", parts=(self,))

    def __and__(self, other: Formula) -> Formula:
        return Formula("and", parts=(*self._flat("and"), *other._flat("and")))

    def __or__(self, other: Formula) -> Formula:
        return Formula("or", parts=(*self._flat("or"), *other._flat("or")))

    def _flat(self, kind: str) -> tuple[Formula, ...]:
        return self.parts if self.kind == kind else (self,)

    def options(self) -> frozenset[int]:
        """The options that it names."""
        if self.kind == "option":
            return frozenset({self.option})
        return frozenset().union(*(part.options() for part in self.parts))

    def evaluate(self, truth: Callable[[int], NDArray[Any]]) -> NDArray[Any]:
        """Its truth from that of options: `truth(o)` gives booleans, or words of packed bits, of any one shape."""
        if self.kind == "option":
            return truth(self.option)
        first, *others = (part.evaluate(truth) for part in self.parts)
        if self.kind == "not":
            return ~first
        for other in others:
            first = first & other if self.kind == "and" else first | other
        return first

    def holds(self, codes: Codes) -> NDArray[np.bool_]:
        """Whether it is true in each state of `codes` (N,), (N,)."""
        return self.evaluate(lambda option: (codes >> option & 1).astype(np.bool_))

    def patterns(self) -> tuple[Pattern, ...]:
        """The states in which it is true, as a union of patterns, none within another (disjunctive normal form).

        For a formula that must hold, ``(~formula).patterns()`` are the infeasible patterns. Raises `UsageError` where
        there would be more than 20,000.

        >>> (option(0) | option(1) & ~option(2)).patterns()
        (Pattern(mask=1, value=1), Pattern(mask=6, value=2))
        """
        return tuple(self._patterns(True))

    def _patterns(self, wanted: bool) -> list[Pattern]:
        """The patterns in which it is true, or false."""
        if self.kind == "option":
            bit = 1 << self.option
            return [Pattern(bit, bit if wanted else 0)]
        if self.kind == "not":
            return self.parts[0]._patterns(not wanted)
        parts = [part._patterns(wanted) for part in self.parts]
        if (self.kind == "or") == wanted:
            return absorb(pattern for part in parts for pattern in part)
        found = [Pattern(0, 0)]
        for part in parts:
            if len(found) * len(part) > MOST_PATTERNS:
                raise UsageError(f"found a formula of more than {MOST_PATTERNS} patterns; expected a shorter one")
            found = absorb(Pattern(a.mask | b.mask, a.value | b.value) for a in found for b in part if a.meets(b))
        return found

    def words(self, names: Sequence[str]) -> str:
        """The formula in writing, options by their names.

        >>> (~(option(0) & option(1)) | option(2)).words(["a", "b", "c"])
        '-(a & b) | c'
        """
        if self.kind == "option":
            return names[self.option]
        inner = [f"({p.words(names)})" if p.kind in ("and", "or") else p.words(names) for p in self.parts]
        if self.kind == "not":
            return f"-{inner[0]}"
        if self.kind == "or":  # & binds closer than | and needs no parentheses within it
            inner = [p.words(names) if p.kind == "and" else text for p, text in zip(self.parts, inner, strict=True)]
        return (" & " if self.kind == "and" else " | ").join(inner)


def option(number: int) -> Formula:
    """That option `number`, from 0, is taken."""
    return Formula("option", number)


# --- rules that states must keep to, as the patterns of those that do not ------------------------------------------


def exclusive(*members: Formula) -> tuple[Pattern, ...]:
    """At most one of the formulas may hold: a pattern a pair, where they are literals.

    >>> exclusive(option(0), option(1))
    (Pattern(mask=3, value=3),)
    """
    return at_most(1, *members)


def at_least_one(*members: Formula) -> tuple[Pattern, ...]:
    """One of the formulas must hold.

    >>> at_least_one(option(0), option(1))
    (Pattern(mask=3, value=0),)
    """
    return (~Formula("or", parts=members)).patterns()


def exactly_one(*members: Formula) -> tuple[Pattern, ...]:
    """One of the formulas must hold, and no two may.

    >>> exactly_one(option(0), option(1))
    (Pattern(mask=3, value=3), Pattern(mask=3, value=0))
    """
    return exclusive(*members) + at_least_one(*members)


def at_most(most: int, *members: Formula) -> tuple[Pattern, ...]:
    """No more than `most` of the formulas may hold: the patterns of every ``most + 1`` of them.

    >>> len(at_most(2, *(option(o) for o in range(5))))
    10
    """
    return tuple(
        pattern for group in combinations(members, most + 1) for pattern in Formula("and", parts=group).patterns()
    )


def requires(first: Formula, then: Formula) -> tuple[Pattern, ...]:
    """Where `first` holds, `then` must.

    >>> requires(option(0), option(1) | option(2))
    (Pattern(mask=7, value=1),)
    """
    return (first & ~then).patterns()


# --- reading -------------------------------------------------------------------------------------------------------


def parse(text: str, options: Sequence[str]) -> Formula:
    """The formula that `text` writes, over `options` by id or by number from 1.

    Raises `InputError` with what is wrong: every unknown option, or the first place that reads as no formula.

    >>> parse("attack if -(talk | 3)", ["attack", "talk", "wait"]).words("atw")
    'a | t | w'
    """
    return _Parser(text, options).formula()


class _Parser:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, options: Sequence[str]) -> None:
        self.text = text
        self.names = options
        self.unknown: list[Fault] = []
        self.tokens = list(self.read())
        self.at = 0
        self.depth = 0

    def read(self) -> Iterator[str]:
        """Marks, `if` and `iff`, and literals, ids and numbers, as they stand."""
        for token in _TOKEN.finditer(self.text):
            word = (token["id"] or token["word"] or "").lower()
            if token["other"] or (token["word"] and word not in WORDS):
                raise self.fault(f"found {token['other'] or token['word']} in {self.text}", EXPECTED)
            yield _SAME.get(word, word) if word in WORDS else token[0].strip()

    def formula(self) -> Formula:
        if not self.tokens:
            raise self.fault("found nothing", EXPECTED)
        found = self.condition()
        if self.at < len(self.tokens):
            raise self.misplaced()
        if self.unknown:
            raise InputError(self.unknown)
        return found

    def condition(self) -> Formula:
        """One `q if p` or `q iff p`, or neither."""
        left = self.any_of()
        word = self.peek()
        if word not in ("if", "iff"):
            return left
        self.at += 1
        right = self.any_of()
        if self.peek() in ("if", "iff"):
            raise self.fault(f"found {word} and then {self.peek()} in {self.text}", "expected parentheses around one")
        return left | ~right if word == "if" else (left & right) | (~left & ~right)

    def any_of(self) -> Formula:
        return self.chain("|", self.all_of)

    def all_of(self) -> Formula:
        return self.chain("&", self.literal)

    def chain(self, mark: str, part: Callable[[], Formula]) -> Formula:
        parts = [part()]
        while self.peek() == mark:
            self.at += 1
            parts.append(part())
        return parts[0] if len(parts) == 1 else Formula("and" if mark == "&" else "or", parts=tuple(parts))

    def literal(self) -> Formula:
        negated = False
        while self.peek() == "-":
            self.at += 1
            negated = not negated
        token = self.peek()
        if token == "(":
            found = self.inside()
        elif token is not None and token[0].isalnum() and token not in WORDS:
            self.at += 1
            found = option(self.number(token))
        else:
            raise self.misplaced()
        return ~found if negated else found

    def inside(self) -> Formula:
        """What stands in parentheses."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fault(f"found {self.depth} parentheses within one another", f"expected at most {DEEPEST}")
        self.at += 1
        found = self.condition()
        if self.peek() != ")":
            raise self.misplaced()
        self.at += 1
        self.depth -= 1
        return found

    def number(self, token: str) -> int:
        """The option's number, from 0; an unknown one is noted, and reading goes on."""
        if token.isdigit():
            if len(token) < 4 and 1 <= int(token) <= len(self.names):
                return int(token) - 1
            expected = f"expected the number of an option, 1 to {len(self.names)}"
            self.unknown.append(Fault(f"found {token}", expected))
        elif token in self.names:
            return self.names.index(token)
        else:
            valid = ", ".join(self.names[:8])
            expected = f"expected an option: {valid}" if valid else "expected an option; there is none"
            self.unknown.append(Fault(f"found {token}", expected, suggestion=nearest(token, self.names)))
        return 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def misplaced(self) -> InputError:
        """What is wrong here, in the words that help most."""
        opened = self.tokens.count("(") - self.tokens.count(")")
        if opened or (self.peek() == ")" and self.depth == 0):
            return self.fault(f"found {self.text}", UNBALANCED)
        token = self.peek()
        where = "nothing more" if token is None else token
        before = f" after {self.tokens[self.at - 1]}" if self.at else ""
        return self.fault(f"found {where}{before} in {self.text}", EXPECTED)

    def fault(self, found: str, expected: str) -> InputError:
        return InputError(Fault(found, expected))
