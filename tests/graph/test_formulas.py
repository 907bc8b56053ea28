"""Formulas: what they mean state by state, as patterns, and read again from their own writing."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError, UsageError
from detente.graph.formulas import Formula, at_least_one, at_most, exactly_one, exclusive, option, parse, requires
from detente.graph.patterns import Pattern, absorb, count_outside

NAMES = ["war", "talk", "wait-long", "c_4", "e"]
CODES = np.arange(1 << len(NAMES))


def truth(formula: Formula, code: int) -> bool:
    """The formula, one state and one word at a time."""
    if formula.kind == "option":
        return code // 2**formula.option % 2 == 1
    values = [truth(part, code) for part in formula.parts]
    return not values[0] if formula.kind == "not" else all(values) if formula.kind == "and" else any(values)


formulas = st.recursive(
    st.builds(option, st.integers(0, len(NAMES) - 1)),
    lambda inner: (
        st.builds(lambda f: ~f, inner)
        | st.builds(lambda a, b: a & b, inner, inner)
        | st.builds(lambda a, b: a | b, inner, inner)
    ),
    max_leaves=8,
)


def held(patterns: tuple[Pattern, ...]) -> list[bool]:
    return np.any([p.holds(CODES) for p in patterns] or [np.zeros(len(CODES), bool)], axis=0).tolist()


@given(formulas)
def test_a_formula_its_patterns_and_its_writing_say_the_same(formula):
    expected = [truth(formula, int(code)) for code in CODES]
    assert formula.holds(CODES).tolist() == expected
    assert held(formula.patterns()) == expected
    assert held((~formula).patterns()) == [not value for value in expected]
    assert parse(formula.words(NAMES), NAMES).holds(CODES).tolist() == expected
    patterns = formula.patterns()
    assert not any(a.covers(b) for a in patterns for b in patterns if a != b)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("war", lambda w, t, *_: w),
        ("-war", lambda w, t, *_: not w),
        ("NOT war", lambda w, t, *_: not w),
        ("2 & -1", lambda w, t, *_: t and not w),
        ("war | talk & e", lambda w, t, _l, _c, e: w or (t and e)),
        ("(war | talk) & e", lambda w, t, _l, _c, e: (w or t) and e),
        ("-war & talk", lambda w, t, *_: not w and t),
        ("-(war & talk)", lambda w, t, *_: not (w and t)),
        ("war if talk", lambda w, t, *_: w or not t),
        ("war IF talk | e", lambda w, t, _l, _c, e: w or not (t or e)),
        ("-war iff talk", lambda w, t, *_: (not w) == t),
        ("(war if talk) AND wait-long", lambda w, t, long, *_: (w or not t) and long),
        ("--war", lambda w, *_: w),
    ],
)
def test_the_grammar(text, meaning):
    found = parse(text, NAMES).holds(CODES)
    for code in CODES:
        assert found[code] == bool(meaning(*((code >> o & 1) == 1 for o in range(len(NAMES))))), (text, code)


def test_every_unknown_option_is_named():
    with pytest.raises(InputError) as error:
        parse("warr & 9 | wait", ["war", "wait"])
    assert str(error.value).splitlines() == [
        "found warr; expected an option: war, wait (did you mean war?)",
        "found 9; expected the number of an option, 1 to 2",
    ]


def test_deep_parentheses_are_refused():
    with pytest.raises(InputError, match="found 65 parentheses within one another; expected at most 64"):
        parse("(" * 500 + "war" + ")" * 500, NAMES)
    assert parse("(" * 60 + "war" + ")" * 60, NAMES) == option(0)


def test_a_formula_of_too_many_patterns_is_refused():
    pairs = [option(2 * i) | option(2 * i + 1) for i in range(25)]
    with pytest.raises(UsageError, match="more than 20000 patterns"):
        Formula("and", parts=tuple(pairs)).patterns()


@given(st.lists(formulas, min_size=1, max_size=4), st.integers(0, 4))
def test_rules_leave_the_states_that_keep_to_them(members, most):
    counts = [sum(truth(member, int(code)) for member in members) for code in CODES]
    assert held(exclusive(*members)) == [count > 1 for count in counts]
    assert held(at_least_one(*members)) == [count == 0 for count in counts]
    assert held(exactly_one(*members)) == [count != 1 for count in counts]
    assert held(at_most(most, *members)) == [count > most for count in counts]
    first, then = members[0], members[-1]
    broken = [truth(first, int(code)) and not truth(then, int(code)) for code in CODES]
    assert held(requires(first, then)) == broken


patterns = st.builds(lambda mask, value: Pattern(mask, value & mask), st.integers(0, 31), st.integers(0, 31))


@given(patterns, patterns)
def test_patterns_as_sets(a, b):
    ours, theirs = set(np.flatnonzero(a.holds(CODES))), set(np.flatnonzero(b.holds(CODES)))
    assert a.size(5) == len(ours)
    assert a.meets(b) == bool(ours & theirs)
    assert a.covers(b) == (theirs <= ours)
    assert held(tuple(absorb([a, b]))) == (a.holds(CODES) | b.holds(CODES)).tolist()


@given(st.lists(patterns, max_size=6))
def test_states_outside_patterns_are_counted(several):
    assert count_outside(several, 5) == 32 - sum(held(tuple(several)))


def test_every_small_formula_of_two_options():
    for p, q in product([option(0), ~option(0)], [option(1), ~option(1)]):
        assert held((p & q).patterns()) == [truth(p, int(c)) and truth(q, int(c)) for c in CODES]
