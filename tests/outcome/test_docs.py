"""The worked examples on the models' pages print what stands below them."""

import contextlib
import doctest
import io
import re
from importlib import import_module
from pathlib import Path

import pytest

PAGES = [
    "mean",
    "median",
    "pivot",
    "challenge",
    "nash-bargaining",
    "expected-utility",
    "exchange",
    "power-indices",
    "spatial",
]
MODULES = [
    "model",
    "registry",
    "mean",
    "median",
    "nash_bargaining",
    "expected_utility",
    "exchange",
    "exchange_exact",
    "pivot",
    "power",
    "spatial",
]
BLOCK = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.S)


@pytest.mark.parametrize("page", PAGES)
def test_the_example_prints_what_stands_below_it(page):
    text = (Path(__file__).parents[2] / "docs" / "models" / f"{page}.md").read_text(encoding="utf-8")
    examples = BLOCK.findall(text)
    assert examples
    for code, expected in examples:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, {})
        assert printed.getvalue() == expected


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_run(name):
    assert doctest.testmod(import_module(f"detente.outcome.{name}")).failed == 0
