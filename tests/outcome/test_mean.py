"""The weighted mean against its plain statement."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.outcome.mean import weighted_mean

from . import plain

numbers = st.floats(0, 100, allow_nan=False, allow_subnormal=False)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(numbers, st.floats(1e-3, 1e3)), min_size=1, max_size=12))
def test_it_is_the_weighted_average_within_the_positions(actors):
    x, w = map(np.array, zip(*actors, strict=True))
    found = weighted_mean(position=x[None, :, None], weight=w[None, :, None]).item()
    np.testing.assert_allclose(found, plain.mean(x, w), rtol=1e-12, atol=1e-12)
    assert x.min() <= found <= x.max()


def test_a_position_without_weight_may_be_missing():
    x, w = np.array([[[np.nan], [3.0], [5.0]]]), np.array([[[0.0], [1.0], [1.0]]])
    assert weighted_mean(position=x, weight=w).item() == 4.0
