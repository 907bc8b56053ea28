"""Option form: which states there are, what they are called, and who can move where, against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import UsageError
from detente.graph.formulas import exactly_one, exclusive, option
from detente.graph.options import OptionForm
from detente.graph.patterns import Pattern
from tests.graph.models import option_forms


@given(option_forms())
def test_states_and_moves_are_those_of_plain_loops(form):
    k = form.options
    codes = [c for c in range(1 << k) if not any(c & p.mask == p.value for p in form.infeasible)]
    state_of = {}
    for code in codes:
        union = next((u for u in form.merges if any(code & p.mask == p.value for p in u)), None)
        inside = [code] if union is None else [c for c in codes if any(c & p.mask == p.value for p in union)]
        state_of[code] = min(inside)
    assert form.feasible.tolist() == codes
    assert form.codes.tolist() == sorted(set(state_of.values()))
    number = {code: s for s, code in enumerate(form.codes.tolist())}
    assert form.state_of.tolist() == [number[state_of[code]] for code in codes]
    for maker in range(form.makers):
        arcs = set()
        for here in codes:
            for there in codes:
                changed = [o for o in range(k) if (here ^ there) >> o & 1]
                if any(form.owners[o] != maker for o in changed):
                    continue
                if any(form.directions[o] == ("back" if there >> o & 1 else "forward") for o in changed):
                    continue
                if any(here & f.mask == f.value and there & t.mask == t.value for f, t in form.bans):
                    continue
                arcs.add((number[state_of[here]], number[state_of[there]]))
        expected = [sorted(t for f, t in arcs if f == s and t != s) for s in range(form.states)]
        assert [form.moves.reach(maker, s).tolist() for s in range(form.states)] == expected


@given(option_forms())
def test_every_state_is_found_by_its_names(form):
    for s in range(form.states):
        assert form.state(f"#{s + 1}") == s
        for code in form.members(s).tolist():
            assert form.state(code) == form.state(str(code)) == form.find(code) == s
            assert form.state("".join("NY"[code >> o & 1] for o in range(form.options))) == s
        letters = form.text(s)
        for o, letter in enumerate(letters):
            among = {code >> o & 1 for code in form.members(s).tolist()}
            assert {"Y": {1}, "N": {0}, "-": {0, 1}}[letter] == among
    assert form.table().tolist() == [[bool(c >> o & 1) for o in range(form.options)] for c in form.codes.tolist()]


@given(option_forms())
def test_removed_counts(form):
    left, in_order = set(range(1 << form.options)), []
    for pattern in form.infeasible:
        gone = {c for c in left if c & pattern.mask == pattern.value}
        in_order.append(len(gone))
        left -= gone
    assert form.removed().in_order == tuple(in_order)
    alone = [sum(c & p.mask == p.value for c in range(1 << form.options)) for p in form.infeasible]
    assert form.removed().alone == tuple(alone)


def test_many_options_are_enumerated_by_what_they_rule_out():
    """2^40 combinations, of which one option in each of eight groups of five: 5^8 states."""
    groups = [[option(8 * place + group) for place in range(5)] for group in range(8)]
    form = OptionForm((20, 20), infeasible=tuple(p for group in groups for p in exactly_one(*group)))
    assert form.states == 5**8
    assert (np.diff(form.codes) > 0).all()
    for code in form.codes[:: form.states // 7].tolist():
        assert all(sum(code >> (8 * place + group) & 1 for place in range(5)) == 1 for group in range(8))
    assert (1 << 40) - sum(form.removed().in_order) == form.states


@given(st.data())
def test_enumeration_of_many_options_agrees_with_that_of_few(data):
    """The same patterns with 24 more options, all of them ruled out."""
    form = data.draw(option_forms(merges=False))
    k = form.options
    alone = tuple(Pattern(1 << o, 1 << o) for o in range(k, k + 24))
    wide = OptionForm((*form.owned, 24), infeasible=alone + form.infeasible)
    assert wide.codes.tolist() == form.codes.tolist()
    in_order = wide.removed().in_order
    assert sum(in_order) == (1 << (k + 24)) - form.states
    assert in_order[24:] == form.removed().in_order


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: OptionForm(()), "found 0 options; expected 1 to 62"),
        (lambda: OptionForm((63,)), "found 63 options"),
        (lambda: OptionForm((2,), directions=("both",)), "found 1 directions; expected one an option, 2"),
        (lambda: OptionForm((1,), directions=("up",)), "found the direction up; expected both, forward or back"),
        (lambda: OptionForm((1,), infeasible=(Pattern(2, 2),)), "expected a mask of 1 bits"),
        (lambda: OptionForm((1,), infeasible=(Pattern(0, 0),)).codes, "found no feasible state"),
        (lambda: OptionForm((1,), infeasible=(Pattern(1, 0), Pattern(1, 1))).codes, "found no feasible state"),
        (lambda: OptionForm((30,)).codes, "found more than 16,777,216 states after 25 of 30 options"),
        (lambda: OptionForm((2,), merges=((Pattern(1, 1),), (Pattern(2, 2),))).codes, "the state YY in two merges"),
        (lambda: OptionForm((2,)).state("4"), "found the state 4; expected a code from 0 to 3"),
        (lambda: OptionForm((2,)).state("#5"), "found the state #5; expected #1 to #4"),
        (lambda: OptionForm((2,)).state("#0"), "found the state #0; expected #1 to #4"),
        (lambda: OptionForm((2,)).state("YNX"), "expected a code .0., a letter an option .NN. or a number .#1."),
        (lambda: OptionForm((2,)).state("Y-"), "found 2 states in Y-; expected one"),
        (lambda: OptionForm((2,), infeasible=exclusive(option(0), option(1))).state("YY"), "YY, which is infeasible"),
    ],
)
def test_what_cannot_be_is_said(make, message):
    with pytest.raises(UsageError, match=message):
        make()
