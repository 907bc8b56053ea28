"""Every collective-decision model by name; a model's module is read when it is first asked for.

To add a model: one module that defines ``MODEL`` (or one ``Model`` per variant), and one line in ``_PLACES``.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from importlib import import_module

from detente.errors import UsageError, nearest
from detente.outcome.model import (
    Bargain,
    Exchange,
    Lottery,
    Model,
    Move,
    Option,
    OptionFault,
    OutcomeResult,
    check_options,
)

__all__ = [
    "MODELS",
    "Bargain",
    "Exchange",
    "Lottery",
    "Model",
    "Move",
    "Option",
    "OptionFault",
    "OutcomeResult",
    "check_options",
    "get",
    "names",
    "usual",
]

_PLACES = {
    "mean": "mean:MODEL",
    "median": "median:MODEL",
    "pivot": "pivot:MODEL",
    "nash-bargaining": "nash_bargaining:MODEL",
    "expected-utility": "expected_utility:PAIRWISE",
    "expected-utility-scholz": "expected_utility:SCHOLZ",
    "challenge": "challenge:MODEL",
    "exchange": "exchange:MODEL",
    "spatial": "spatial:MODEL",
    "spatial-ktab": "spatial:KTAB",
}

# KTAB's variant repeats that program's slips, for comparison with its own figures. The pivot is a median until a
# scenario states the quota that a decision needs.
_ON_REQUEST = frozenset({"pivot", "spatial-ktab"})


class _Lazy(Mapping[str, Model]):
    """Models by name, in the order of ``_PLACES``; looking one up imports its module."""

    def __getitem__(self, name: str) -> Model:
        module, variable = _PLACES[name].split(":")
        model: Model = getattr(import_module(f"detente.outcome.{module}"), variable)
        return model

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)

    def __contains__(self, name: object) -> bool:
        return name in _PLACES


MODELS: Mapping[str, Model] = _Lazy()


def names() -> tuple[str, ...]:
    """The names of all models, in the order in which they are shown.

    >>> names()[:2]
    ('mean', 'median')
    """
    return tuple(_PLACES)


def usual(also: Container[str] = ()) -> tuple[str, ...]:
    """The models that are run where none are named: all but those on request, unless in `also`.

    >>> "pivot" in usual(), "pivot" in usual({"pivot"})
    (False, True)
    """
    return tuple(name for name in _PLACES if name not in _ON_REQUEST or name in also)


def get(name: str) -> Model:
    """The model called `name`; `UsageError` with the nearest name where there is none.

    >>> get("median").title
    'Weighted median'
    """
    if name in MODELS:
        return MODELS[name]
    guess = nearest(name, names())
    hint = f" (did you mean {guess}?)" if guess else ""
    raise UsageError(f"unknown model {name}; expected one of {', '.join(names())}{hint}")
