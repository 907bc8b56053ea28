"""The registry and the options of models."""

import subprocess
import sys

import numpy as np
import pytest

from detente.errors import UsageError
from detente.outcome import registry

from .conformance import inputs

TWO = inputs([[[0.0], [10.0]], [[0.0], [20.0]]])


def test_names_and_models_agree():
    assert registry.names() == tuple(registry.MODELS)
    for name, model in registry.MODELS.items():
        assert model.name == name and model.title and model.source
        assert all(option.meaning for option in model.options)


def test_a_wrong_name_gets_the_nearest():
    with pytest.raises(UsageError, match=r"unknown model expected-utilty; .*did you mean expected-utility\?"):
        registry.get("expected-utilty")


def test_neither_the_registry_nor_checking_options_reads_numba():
    code = (
        "import sys; from detente.outcome import registry as r;"
        "[r.check_options(r.get(n), {'rounds': 5}) for n in r.names()]; assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"round": 5}, r"models.expected-utility.round: unknown option; .*did you mean rounds\?"),
        ({"rounds": 2.5}, "rounds: found 2.5; expected a whole number from 0 to 1000"),
        ({"rounds": -1}, "rounds: found -1"),
        ({"rounds": True}, "rounds: found True"),
        ({"rounds": "many"}, "rounds: found many"),
        ({"rounds": [1, [2]]}, "rounds: found"),
        ({"rounds": np.array([1, 2, 3])}, "rounds: found 3 values; expected one, or one for each of 2 draws"),
        ({"tolerance": float("nan")}, "tolerance: found nan"),
        ({"outcome": "medain"}, r"outcome: found medain; expected median or mean \(did you mean median\?\)"),
        ({"outcome": None}, "outcome: found None; expected median or mean"),
        ({"Q": 1.5}, "Q: found 1.5; expected a number from 0 to 1"),
    ],
)
def test_a_bad_option_is_one_clear_line(options, message):
    with pytest.raises(UsageError, match=message) as caught:
        registry.get("expected-utility").run(TWO, **options)
    assert len(str(caught.value).splitlines()) == 1


def test_every_fault_is_told_at_once():
    faults = registry.check_options(registry.get("expected-utility"), {"Q": 2, "x": 1, "rounds": 3})
    assert [fault.option for fault in faults] == ["Q", "x"]
    assert registry.check_options(registry.get("mean"), {"x": 1})[0].expected == "mean has no options"


def test_numbers_may_differ_by_draw():
    ec = inputs(np.tile([[[4.0], [7.0], [10.0]]], (3, 1, 1)), capability=[3.0, 2.0, 4.0])
    model = registry.get("expected-utility")
    together = model.run(ec, rounds=np.array([0.0, 1.0, 5.0]), outcome="mean").settlement
    apart = [model.run(ec, rounds=r, outcome="mean").settlement[0] for r in (0, 1, 5)]
    np.testing.assert_array_equal(together, apart)
    assert together[0] != together[1]


def test_all_models_run_but_those_that_say_nothing_new():
    left_out = set(registry.names()) - set(registry.usual())
    assert left_out == {"pivot", "spatial-ktab"}
    given = inputs(
        np.array([[[0.0], [30.0], [100.0]]]), capability=[1.0, 2.0, 1.0]
    )  # a pivot without a quota: the median
    assert registry.get("pivot").run(given).settlement == registry.get("median").run(given).settlement
    assert registry.usual({"pivot"}) == tuple(name for name in registry.names() if name != "spatial-ktab")
