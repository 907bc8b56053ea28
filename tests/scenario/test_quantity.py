"""Quantities as files write them: every form read, every mistake told."""

from __future__ import annotations

import datetime as dt
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.scenario.distributions import Discrete, Exact, Normal, Pert, Triangular, Uniform, Unknown
from detente.scenario.fields import NUMBERS
from detente.scenario.judged import JudgedBounded, JudgedPair, JudgedSemi, JudgedUnbounded
from detente.scenario.nodes import parse
from detente.scenario.quantity import (
    Dated,
    Parsed,
    QuantityFaults,
    Ref,
    hold_range,
    parse_provenance,
    parse_quantity,
)
from detente.scenario.situation import Provenance

SCALE: dict[str, Any] = {"low": 0, "high": 100}
ANY_FORM = "expected a number, unknown, or a mapping such as {low: 70, mode: 80, high: 90}"


def read(data, **limits):
    return parse_quantity(data, **(limits or SCALE)).quantity


def faults(data, **limits):
    with pytest.raises(QuantityFaults) as caught:
        parse_quantity(data, **(limits or SCALE))
    return caught.value.faults


@pytest.mark.parametrize(
    ("data", "quantity"),
    [
        (80, Exact(80)),
        ({"value": 80}, Exact(80)),
        ({"low": 70, "high": 90}, Uniform(70, 90)),
        ({"low": 70, "mode": 80, "high": 90}, Pert(70, 80, 90)),
        ({"low": 70, "mode": 70, "high": 90, "shape": "pert"}, Pert(70, 70, 90)),
        ({"low": 70, "mode": 80, "high": 90, "shape": "triangular"}, Triangular(70, 80, 90)),
        ({"low": 70, "mode": None, "high": 90}, Uniform(70, 90)),
        ({"low": 70, "high": 70}, Exact(70)),
        ({"p10": 60, "p50": 75, "p90": 95}, JudgedBounded(0.1, 60, 75, 95, 0, 100)),
        ({"p90": 95, "p50": 75, "p10": 60}, JudgedBounded(0.1, 60, 75, 95, 0, 100)),
        ({"p25": 60, "p50": 75, "p75": 95}, JudgedBounded(0.25, 60, 75, 95, 0, 100)),
        ({"p5": 40, "p95": 70}, JudgedPair(0.05, 40, 70, 0, 100)),
        ({"normal": [80, 5]}, Normal(80, 5, 0, 100)),
        ({"values": [70, 90], "weights": [1, 3]}, Discrete((70, 90), (1, 3))),
        ({"values": [70, 90, 90]}, Discrete((70, 90, 90), (1, 1, 1))),
        ({"values": [70, 90], "weights": [0, 1]}, Exact(90)),
        ({"ref": "actors.iran.capability"}, Ref("actors.iran.capability")),
        (
            {"ref": "actors.iran.capability", "times": 0.5, "plus": {"normal": [0, 5]}},
            Ref("actors.iran.capability", Exact(0.5), Normal(0, 5)),
        ),
        ("unknown", Unknown(0, 100)),
        ({"value": "unknown", "because": "nobody has looked"}, Unknown(0, 100)),
    ],
)
def test_forms(data, quantity):
    assert read(data) == quantity


def test_judged_follow_the_ends_of_the_field():
    three = {"p10": 60, "p50": 75, "p90": 95}
    assert read(three, low=0) == JudgedSemi(0.1, 60, 75, 95, low=0)
    assert read(three, high=100) == JudgedSemi(0.1, 60, 75, 95, high=100)
    assert read(three, low=-inf) == JudgedUnbounded(0.1, 60, 75, 95)


def test_open_ends_are_kept_out():
    assert hold_range(0, 1, low_open=True, high_open=True) == (1e-9, 1 - 1e-9)
    assert read("unknown", low=0, high=1, low_open=True) == Unknown(1e-9, 1)
    (fault,) = faults(0, low=0, high=1, low_open=True)
    assert str(fault) == "found 0; expected a number above 0 and at most 1"


def test_whole_numbers():
    months: dict[str, Any] = {"low": 1, "high": 1200, "integer": True}
    assert read({"low": 12, "mode": 24.5, "high": 36}, **months) == Pert(12, 24.5, 36)
    (fault,) = faults(2.5, **months)
    assert str(fault) == "found 2.5; expected a whole number from 1 to 1200"


def test_dated():
    data = {
        "dated": {"2015-03-15": {"low": 15, "mode": 20, "high": 30, "cite": ["b"]}, dt.date(2014, 2, 15): 10},
        "cite": ["a"],
        "because": "as reported",
    }
    quantity = read(data)
    assert isinstance(quantity, Dated)
    assert quantity.at(dt.date(2014, 2, 14)) is None
    assert quantity.at(dt.date(2014, 2, 15)) == Parsed(Exact(10), Provenance(cite=("a",), because="as reported"))
    later = quantity.at(dt.date(2020, 1, 1))
    assert later == Parsed(Pert(15, 20, 30), Provenance(cite=("b",), because="as reported"))
    assert quantity.support() == (10, 30) and quantity.refs == ()
    assert str(quantity) == "{dated: {2014-02-15: 10, 2015-03-15: {low: 15, mode: 20, high: 30}}}"


def test_provenance():
    data = {
        "value": 80,
        "cite": ["geneva-2012@p4", "un-2015"],
        "by": "AB",
        "date": "2015-03-16",
        "grade": "B2",
        "because": "said twice",
    }
    expected = Provenance(("geneva-2012@p4", "un-2015"), "AB", dt.date(2015, 3, 16), "B2", "said twice")
    assert parse_quantity(data, **SCALE).provenance == expected
    assert parse_provenance(data) == expected
    assert parse_quantity(80, **SCALE).provenance == Provenance()
    assert parse_quantity({"low": 1, "high": 2, "cite": None, "by": None}).provenance == Provenance()


def test_what_parts_of_a_ref_rest_on_it_rests_on():
    data = {"ref": "talks.kept", "plus": {"normal": [0, 1], "cite": ["a"]}, "because": "moves along"}
    assert parse_quantity(data, **SCALE).provenance == Provenance(cite=("a",), because="moves along")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "found nothing; expected a number from 0 to 100"),
        (True, "found true; expected a number from 0 to 100"),
        ("80%", 'found "80%"; expected a number from 0 to 100 (did you mean 80?)'),
        ("80", 'found "80"; expected a number from 0 to 100 (did you mean 80?)'),
        ("1,5", 'found "1,5"; expected a number from 0 to 100 (did you mean 1.5?)'),
        ("−5", 'found "−5"; expected a number from 0 to 100 (did you mean -5?)'),
        ("1,200", 'found "1,200"; expected a number from 0 to 100 (did you mean 1200?)'),
        ("unkown", 'found "unkown"; expected a number from 0 to 100 (did you mean unknown?)'),
        ("nan", 'found "nan"; expected a number from 0 to 100'),
        ([70, 90], "found a list; expected a number from 0 to 100 (did you mean {low: 70, high: 90}?)"),
        (
            [70, 80, 90],
            "found a list; expected a number from 0 to 100 (did you mean {low: 70, mode: 80, high: 90}?)",
        ),
        ([90, 70], "found a list; expected a number from 0 to 100"),
        (nan, "found nan; expected a finite number"),
        (inf, "found inf; expected a finite number"),
        (10**400, "found inf; expected a finite number"),
        (120, "found 120; expected a number from 0 to 100"),
        (
            {},
            f"found nothing in the mapping; {ANY_FORM}",
        ),
        (
            {"cite": ["a"]},
            "found no number; expected a number, unknown, or a mapping such as {low: 70, mode: 80, high: 90}",
        ),
        ({"value": {"low": 1, "high": 2}}, "value: found a mapping; expected its keys one level up, beside cite"),
        ({"value": "80%"}, 'value: found "80%"; expected a number from 0 to 100 (did you mean 80?)'),
        ({"low": 90, "high": 70}, "low: found low 90 above high 70; expected low at most high"),
        (
            {"low": 70, "mode": 95, "high": 90},
            "mode: found mode 95 outside 70 to 90; expected low, mode and high in this order",
        ),
        ({"low": 70}, "found no high beside low; expected {low: ..., high: ...}"),
        ({"low": 70, "high": 120}, "high: found 120; expected a number from 0 to 100"),
        (
            {"low": 70, "mode": 80, "high": 90, "shape": "triangle"},
            'shape: found "triangle"; expected pert or triangular (did you mean triangular?)',
        ),
        (
            {"low": 70, "high": 90, "shape": "triangular"},
            "shape: found shape triangular without mode; expected {low, mode, high, shape}",
        ),
        (
            {"p10": 60, "p50": 55, "p90": 95},
            "p50: found p50 55, not above the quantile before it, 60; expected rising quantiles",
        ),
        (
            {"p10": 60, "p95": 75},
            "found p10, p95; expected p10, p50 and p90 (or another such three), or two such as p5 and p95",
        ),
        ({"p50": 60}, "found p50; expected p10, p50 and p90 (or another such three), or two such as p5 and p95"),
        (
            {"p10": 0, "p50": 55, "p90": 95},
            "p10: found p10 0 at the end of the range; expected it inside, so that something lies beyond it "
            "(0 is the end)",
        ),
        ({"normal": [80, 0]}, "normal.1: found the standard deviation 0; expected a number above 0"),
        ({"normal": [-1, 5]}, "normal.0: found -1; expected a number from 0 to 100"),
        ({"normal": 80}, "normal: found 80; expected [mean, standard deviation]"),
        ({"values": []}, "values: found an empty list; expected a list of numbers"),
        ({"values": [70, "x"]}, 'values.1: found "x"; expected a number from 0 to 100'),
        ({"values": [70, 90], "weights": [1]}, "weights: found 1 weights for 2 values; expected one each"),
        ({"values": [70, 90], "weights": [2, -1]}, "weights.1: found the weight -1; expected a number of at least 0"),
        ({"values": [70, 90], "weights": [0, 0]}, "weights: found no weight above 0; expected at least one"),
        ({"weights": [1, 2]}, "found weights without values; expected {values: [...], weights: [...]}"),
        ({"ref": "capability"}, 'ref: found "capability"; expected a path such as actors.iran.capability'),
        ({"times": 2}, "found times without ref; expected {ref: path, times: ..., plus: ...}"),
        (
            {"ref": "a.b", "plus": {"ref": "c.d"}},
            "plus: found a ref within a ref; expected a number or a distribution",
        ),
        ({"low": 1, "high": 2, "p10": 1}, "p10: found p10 beside low; expected one way to write it"),
        (
            {"lo": 1, "high": 2},
            "lo: found the unknown key lo; expected a number, unknown, or a mapping such as "
            "{low: 70, mode: 80, high: 90} (did you mean low?)",
        ),
        (
            {"low": 1, "high": 2, "because": "said often", "and twice": None},
            'and twice: found "and twice" where a key should stand; expected text in quotes where it holds a comma: '
            "within {...} a comma begins a new key",
        ),
        ({"dated": {"soon": 10}}, 'dated.soon: found "soon"; expected a date, YYYY-MM-DD'),
        ({"dated": {"2015-02-30": 10}}, 'dated.2015-02-30: found "2015-02-30"; expected a date, YYYY-MM-DD'),
        ({"dated": {2015: 10}}, "dated.2015: found 2015; expected a date, YYYY-MM-DD"),
        ({"dated": {"2015-01-01": 120}}, "dated.2015-01-01: found 120; expected a number from 0 to 100"),
        ({"dated": {}}, "dated: found a mapping; expected {2014-02-15: 10, 2015-03-15: 20}"),
        (
            {"value": 1, "cite": "geneva"},
            'cite: found "geneva"; expected a list of source ids, [source-id@locator] (did you mean [geneva]?)',
        ),
        ({"value": 1, "cite": ["a", 3]}, "cite.1: found 3; expected a source id, or source-id@locator"),
        ({"value": 1, "cite": ["@p3"]}, 'cite.0: found "@p3"; expected a source id, or source-id@locator'),
        (
            {"value": 1, "grade": "b2"},
            'grade: found "b2"; expected an Admiralty code, A to F and 1 to 6, such as B2 (did you mean B2?)',
        ),
        ({"value": 1, "by": 3}, "by: found 3; expected text"),
        ({"value": 1, "date": "yesterday"}, 'date: found "yesterday"; expected a date, YYYY-MM-DD'),
    ],
)
def test_faults(data, told):
    assert [str(fault) for fault in faults(data)] == [told]


def test_a_share_in_percent():
    (fault,) = faults("80%", low=0, high=1)
    assert fault.suggestion == "0.8"


def test_unknown_needs_both_ends():
    (fault,) = faults("unknown", low=0)
    assert str(fault) == "found unknown for a number without upper end; expected a range, {low: ..., high: ...}"


def test_every_fault_in_one_go():
    data = {
        "dated": {"soon": 10, "2014-01-01": {"low": "x", "mode": 500, "high": 90}, "2015-01-01": {"normal": [1, -1]}},
        "grade": "Z9",
        "sorce": "a",
    }
    places = [fault.subpath for fault in faults(data)]
    assert places == [
        ("grade",),
        ("sorce",),
        ("dated", "soon"),
        ("dated", "2014-01-01", "low"),
        ("dated", "2014-01-01", "mode"),
        ("dated", "2015-01-01", "normal", 1),
    ]


def test_every_default_is_a_quantity_of_its_own_field():
    for field in NUMBERS.values():
        if field.default is not None:
            limits: dict[str, Any] = {k: getattr(field, k) for k in ("low", "high", "low_open", "high_open", "integer")}
            assert parse_quantity(field.default, **limits).provenance == Provenance()


def test_moving_quantities_have_no_values_of_their_own():
    for quantity in (Ref("a.b"), read({"dated": {"2015-01-01": 10}})):
        with pytest.raises(TypeError):
            quantity.ppf(0.5)
        with pytest.raises(TypeError):
            quantity.central()
        assert not quantity.is_exact
    assert Ref("a.b").refs == ("a.b",) and Ref("a.b").support() == (-inf, inf)


numbers = st.one_of(st.integers(-200, 200), st.floats(-200, 200).map(lambda x: round(x, 6)))
junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=8), numbers),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(
                st.sampled_from(
                    [
                        "value",
                        "low",
                        "mode",
                        "high",
                        "shape",
                        "p5",
                        "p10",
                        "p50",
                        "p90",
                        "p95",
                        "normal",
                        "values",
                        "weights",
                        "ref",
                        "times",
                        "plus",
                        "dated",
                        "cite",
                        "by",
                        "date",
                        "grade",
                        "because",
                    ]
                ),
                st.sampled_from(["2015-01-01", "2016-01-01", "x y"]),
                st.integers(),
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(junk)
@settings(max_examples=500, deadline=None)
def test_anything_is_read_or_refused(data):
    every: tuple[dict[str, Any], ...] = (
        SCALE,
        {},
        {"low": 0, "low_open": True},
        {"low": 1, "high": 9, "integer": True},
    )
    for limits in every:
        try:
            parsed = parse_quantity(data, **limits)
        except QuantityFaults as error:
            assert error.faults
        else:
            assert isinstance(parsed, Parsed)
            str(parsed.quantity)


@given(numbers, numbers, numbers, st.sampled_from(["pert", "triangular"]))
@settings(max_examples=25, deadline=None)
def test_text_reads_back(a, b, c, shape):
    low, mode, high = sorted((a, b, c))
    for data in (
        low,
        {"low": low, "high": high},
        {"low": low, "mode": mode, "high": high, "shape": shape},
        {"values": [a, b, c], "weights": [1, 2, 1]},
        {"normal": [a, abs(round(b)) + 1]},
    ):
        quantity = parse_quantity(data).quantity
        assert parse_quantity(parse(f"x: {quantity}", "f").data["x"]).quantity == quantity
