"""The span of every kind of quantity, of those that move with another too."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from detente.report.spans import span_at, span_of, span_on
from detente.scenario.distributions import Exact, Normal, Pert, Ref, Uniform
from tests.report import sample

S = sample.situation()


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (Exact(80), (80, 80, 80)),
        (Uniform(0, 10), (0, 5, 10)),
        (Pert(0, 2, 10), (0, 2, 10)),
        (Ref("actors.isis.capability", Exact(0.5), Pert(4, 10, 30)), (16 * 0.5 + 4, 20 * 0.5 + 10, 26 * 0.5 + 30)),
        (Ref("actors.isis.capability", Exact(-1)), (-26, -20, -16)),
    ],
)
def test_span(quantity, expected):
    assert span_of(quantity, S.numbers) == pytest.approx(expected)


def test_span_without_ends_is_its_quantiles():
    low, middle, high = span_of(Normal(0, 1, float("-inf"), float("inf")), S.numbers)
    assert (low, middle, high) == pytest.approx((-1.645, 0, 1.645), abs=0.001)


def test_span_is_held_within_the_scale():
    ref = Ref("actors.us.capability", Exact(2))
    assert span_on(S, ref, S.as_of, (0, 100)) == (100, 100, 100)
    assert span_at(S, "no.such.path") is None


def test_dated():
    later = SimpleNamespace(at=lambda day: SimpleNamespace(quantity=Exact(5)) if day >= dt.date(2014, 1, 1) else None)
    assert span_on(S, later, dt.date(2013, 1, 1), (0, 10)) is None
    assert span_on(S, later, dt.date(2015, 1, 1), (0, 10)) == (5, 5, 5)
