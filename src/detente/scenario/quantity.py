"""Quantities as a file writes them: plain data in, a `Quantity` with its provenance or every fault out.

Knows no YAML and no file: a fault carries the path of keys below the quantity, and the reader adds the place.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from detente.arrays import Floats
from detente.errors import nearest
from detente.scenario.distributions import (
    Discrete,
    Exact,
    Normal,
    Pert,
    Quantity,
    Ref,
    Triangular,
    Uniform,
    Unknown,
    number_text,
)
from detente.scenario.fields import in_words
from detente.scenario.judged import JudgedPair, judged
from detente.scenario.provenance import PROVENANCE, Notes, Path, QuantityFault, QuantityFaults, parse_provenance, shown
from detente.scenario.situation import Provenance

__all__ = [
    "Dated",
    "Parsed",
    "Quantity",
    "QuantityFault",
    "QuantityFaults",
    "Ref",
    "hold_range",
    "parse_provenance",
    "parse_quantity",
]

# How far inside an open end a derived value is held, and a distribution that fills its range stops.
INSIDE = 1e-9


def hold_range(low: float, high: float, *, low_open: bool, high_open: bool) -> tuple[float, float]:
    """The closed range within which a derived value is held: an open end is kept `INSIDE` away.

    >>> hold_range(0, 1, low_open=True, high_open=False)
    (1e-09, 1)
    """
    return (low + INSIDE if low_open else low), (high - INSIDE if high_open else high)


@dataclass(frozen=True)
class Parsed:
    """A quantity and where it comes from."""

    quantity: Quantity
    provenance: Provenance


@dataclass(frozen=True)
class Dated(Quantity):
    """Quantities by the first day on which each holds, in the order of the days."""

    entries: tuple[tuple[dt.date, Parsed], ...]

    @property
    def refs(self) -> tuple[str, ...]:
        """Every path that it moves with on some day."""
        return tuple(path for _, parsed in self.entries for path in parsed.quantity.refs)

    def at(self, day: dt.date) -> Parsed | None:
        """What is in force on a day, None where the first date is later."""
        found = [parsed for start, parsed in self.entries if start <= day]
        return found[-1] if found else None

    def ppf(self, u: ArrayLike) -> Floats:
        """Not until a day is chosen: TypeError."""
        raise TypeError("a dated quantity has values on a day only")

    def central(self) -> float:
        """Not until a day is chosen: TypeError."""
        raise TypeError("a dated quantity has values on a day only")

    def support(self) -> tuple[float, float]:
        """From the lowest to the highest on any day."""
        ends = [parsed.quantity.support() for _, parsed in self.entries]
        return min(low for low, _ in ends), max(high for _, high in ends)

    def __str__(self) -> str:
        return "{dated: {" + ", ".join(f"{day}: {parsed.quantity}" for day, parsed in self.entries) + "}}"


def parse_quantity(
    data: Any,
    *,
    low: float = -inf,
    high: float = inf,
    low_open: bool = False,
    high_open: bool = False,
    integer: bool = False,
) -> Parsed:
    """Read a quantity from plain data (number, text ``unknown`` or mapping) for a field of the range given.

    Raises `QuantityFaults` with every fault. Dates may be `datetime.date` or text ``YYYY-MM-DD``.

    >>> str(parse_quantity({"low": 70, "mode": 80, "high": 90}, low=0, high=100).quantity)
    '{low: 70, mode: 80, high: 90}'
    >>> try:
    ...     parse_quantity(120, low=0, high=100)
    ... except QuantityFaults as error:
    ...     print(error)
    found 120; expected a number from 0 to 100
    """
    reader = _Reader([], _Range(low, high, low_open, high_open, integer))
    parsed = reader.quantity(data, ())
    if reader.faults or parsed is None:
        raise QuantityFaults(reader.faults)
    return parsed


# --- reading -----------------------------------------------------------------------------------------------------

# Each way to write a quantity as a mapping: the keys that make it up, the first being those that it cannot do without.
_FORMS: Mapping[str, tuple[str, ...]] = {
    "value": ("value",),
    "range": ("low", "high", "mode", "shape"),
    "normal": ("normal",),
    "values": ("values", "weights"),
    "ref": ("ref", "times", "plus"),
    "dated": ("dated",),
}
_FORM_OF = {key: form for form, keys in _FORMS.items() for key in keys}
_QUANTILE = re.compile(r"p([1-9][0-9]?)")
_KEYS = (*_FORM_OF, "p5", "p10", "p25", "p50", "p75", "p90", "p95", *PROVENANCE)
_SHAPES = ("pert", "triangular")
_EXPECTED = "expected a number, unknown, or a mapping such as {low: 70, mode: 80, high: 90}"
_QUANTILES = "expected p10, p50 and p90 (or another such three), or two such as p5 and p95"


@dataclass(frozen=True)
class _Range:
    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False
    integer: bool = False

    @property
    def held(self) -> tuple[float, float]:
        return hold_range(self.low, self.high, low_open=self.low_open, high_open=self.high_open)

    def holds(self, value: float) -> bool:
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below

    def words(self, integer: bool) -> str:
        return "expected " + in_words(
            self.low, self.high, low_open=self.low_open, high_open=self.high_open, integer=integer
        )


@dataclass
class _Reader(Notes):
    """Reads one quantity, noting every fault on the way; a method gives None where it noted one."""

    range: _Range
    nested: bool = False  # within a ref
    strays: bool = False  # the mapping being read has keys that are not known: what it lacks may be under them

    def quantity(self, data: Any, path: Path) -> Parsed | None:
        if isinstance(data, Mapping):
            return self.mapping(data, path)
        quantity = self.scalar(data, path)
        return None if quantity is None else Parsed(quantity, Provenance())

    def scalar(self, data: Any, path: Path) -> Quantity | None:
        if isinstance(data, str) and data == "unknown":
            return self.unknown(path)
        value = self.number(data, path)
        return None if value is None else Exact(value)

    def unknown(self, path: Path) -> Quantity | None:
        low, high = self.range.held
        if not (isfinite(low) and isfinite(high)):
            end = "upper end" if isfinite(low) else "lower end" if isfinite(high) else "ends"
            self.fault(path, f"found unknown for a number without {end}", "expected a range, {low: ..., high: ...}")
            return None
        return Unknown(low, high)

    def number(self, data: Any, path: Path, *, draws: bool = False, free: bool = False) -> float | None:
        """A number within the range (any number with `free`); whole where the field is, unless it bounds `draws`."""
        whole = self.range.integer and not draws and not free
        limits = _Range() if free else self.range
        if isinstance(data, bool) or not isinstance(data, Real):
            self.fault(path, f"found {shown(data)}", limits.words(whole), self.meant(data))
            return None
        try:
            value = float(data)
        except OverflowError:
            value = inf
        if not isfinite(value):
            self.fault(path, f"found {value}", "expected a finite number")
        elif not limits.holds(value) or (whole and value != round(value)):
            self.fault(path, f"found {number_text(value)}", limits.words(whole))
        else:
            return value
        return None

    def meant(self, data: Any) -> str | None:
        """What a text or a list that stands for a number may have meant."""
        if isinstance(data, str):
            text = data.strip().replace("\N{MINUS SIGN}", "-")
            # 1,200 is a thousand and more; 1,5 is one and a half.
            text = text.replace(",", "" if re.search(r"\d,\d{3}(?!\d)", text) else ".")
            percent = text.endswith("%")
            try:
                value = float(text.rstrip("% "))
            except ValueError:
                return nearest(text.lower(), ["unknown"])
            if not isfinite(value):
                return None
            return number_text(value / 100 if percent and self.range.high <= 1 else value)
        rising = isinstance(data, Sequence) and all(map(_is_number, data)) and list(data) == sorted(data)
        if rising and len(data) in (2, 3):
            keys = ("low", "high") if len(data) == 2 else ("low", "mode", "high")
            return "{" + ", ".join(f"{k}: {number_text(v)}" for k, v in zip(keys, data, strict=True)) + "}"
        return None

    def mapping(self, data: Mapping[Any, Any], path: Path) -> Parsed | None:
        before = len(self.faults)
        provenance = self.provenance(data, path)
        forms: dict[str, list[str]] = {}
        for key, value in data.items():
            if key in PROVENANCE:
                continue
            form = "quantiles" if isinstance(key, str) and _QUANTILE.fullmatch(key) else _FORM_OF.get(key)
            if form is None:
                self.unknown_key(key, value, (*path, key))
            elif value is not None:  # `null` means absent
                forms.setdefault(form, []).append(key)
        if len(forms) > 1:
            first, second, *_ = (keys[0] for keys in forms.values())
            self.fault((*path, second), f"found {second} beside {first}", "expected one way to write it", key=True)
        elif not forms and len(self.faults) == before:
            self.fault(path, "found nothing in the mapping" if not data else "found no number", _EXPECTED)
        if len(forms) != 1:
            return None
        ((form, keys),) = forms.items()
        read: Mapping[str, Callable[..., Quantity | Parsed | None]] = {
            "value": self.value,
            "range": self.spread,
            "quantiles": self.quantiles,
            "normal": self.normal,
            "values": self.values,
            "ref": self.ref,
            "dated": self.dated,
        }
        self.strays = len(self.faults) > before
        found = read[form]({key: data[key] for key in keys}, path)
        if found is None or len(self.faults) > before:
            return None
        if isinstance(found, Parsed):
            return _filled(found, provenance)
        return Parsed(found, provenance)

    def unknown_key(self, key: Any, value: Any, path: Path) -> None:
        if isinstance(key, str) and (value is None or " " in key):
            expected = "expected text in quotes where it holds a comma: within {...} a comma begins a new key"
            self.fault(path, f"found {shown(key)} where a key should stand", expected, key=True)
            return
        self.fault(path, f"found the unknown key {key}", _EXPECTED, nearest(str(key), _KEYS), key=True)

    # --- the forms

    def value(self, data: Mapping[str, Any], path: Path) -> Quantity | None:
        value = data["value"]
        if isinstance(value, Mapping):
            self.fault((*path, "value"), "found a mapping", "expected its keys one level up, beside cite")
            return None
        return self.scalar(value, (*path, "value"))

    def spread(self, data: Mapping[str, Any], path: Path) -> Quantity | None:
        ends = {k: self.number(data[k], (*path, k), draws=True) for k in ("low", "mode", "high") if k in data}
        for key in ("low", "high"):
            if key not in data and not self.strays:
                self.fault(path, f"found no {key} beside {next(iter(data))}", "expected {low: ..., high: ...}")
        shape = data.get("shape", "pert")
        if shape not in _SHAPES:
            self.fault(
                (*path, "shape"), f"found {shown(shape)}", "expected pert or triangular", nearest(shape, _SHAPES)
            )
        elif "shape" in data and "mode" not in data:
            self.fault((*path, "shape"), f"found shape {shape} without mode", "expected {low, mode, high, shape}")
        low, mode, high = ends.get("low"), ends.get("mode"), ends.get("high")
        if low is None or high is None or ("mode" in data and mode is None):
            return None
        if low > high:
            found = f"found low {number_text(low)} above high {number_text(high)}"
            self.fault((*path, "low"), found, "expected low at most high")
            return None
        if mode is not None and not low <= mode <= high:
            found = f"found mode {number_text(mode)} outside {number_text(low)} to {number_text(high)}"
            self.fault((*path, "mode"), found, "expected low, mode and high in this order")
            return None
        if low == high:
            return Exact(low)
        if mode is None:
            return Uniform(low, high)
        return Triangular(low, mode, high) if shape == "triangular" else Pert(low, mode, high)

    def quantiles(self, data: Mapping[str, Any], path: Path) -> Quantity | None:
        before = len(self.faults)
        keys = sorted(data, key=lambda k: int(k[1:]))
        places = [int(k[1:]) for k in keys]
        tail = places[0]
        if places not in ([tail, 100 - tail], [tail, 50, 100 - tail]) or tail >= 50:
            self.fault(path, f"found {', '.join(keys)}", _QUANTILES)
        values = [self.number(data[k], (*path, k), draws=True) for k in keys]
        if len(self.faults) > before:
            return None
        judgements = [v for v in values if v is not None]
        for key, lower, upper in zip(keys[1:], judgements, judgements[1:], strict=False):
            if upper <= lower:
                found = f"found {key} {number_text(upper)}, not above the quantile before it, {number_text(lower)}"
                self.fault((*path, key), found, "expected rising quantiles")
                return None
        low, high = self.range.held
        if len(judgements) == 2:
            return JudgedPair(tail / 100, judgements[0], judgements[1], low, high)
        for key, value, end in ((keys[0], judgements[0], low), (keys[-1], judgements[-1], high)):
            if not low < value < high:
                found = f"found {key} {number_text(value)} at the end of the range"
                expected = f"expected it inside, so that something lies beyond it ({number_text(end)} is the end)"
                self.fault((*path, key), found, expected)
                return None
        return judged(tail / 100, *judgements, low=low, high=high)

    def normal(self, data: Mapping[str, Any], path: Path) -> Quantity | None:
        pair, path = data["normal"], (*path, "normal")
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            self.fault(path, f"found {shown(pair)}", "expected [mean, standard deviation]")
            return None
        mean, sd = self.number(pair[0], (*path, 0), draws=True), self.number(pair[1], (*path, 1), free=True)
        if sd is not None and sd <= 0:
            found = f"found the standard deviation {number_text(sd)}"
            self.fault((*path, 1), found, "expected a number above 0")
            return None
        return None if mean is None or sd is None else Normal(mean, sd, *self.range.held)

    def values(self, data: Mapping[str, Any], path: Path) -> Quantity | None:
        values = self.numbers(data.get("values"), (*path, "values"), "weights" in data)
        if "weights" not in data:
            weights = None if values is None else [1.0] * len(values)
        else:
            weights = self.numbers(data["weights"], (*path, "weights"), True, free=True)
        if values is None or weights is None:
            return None
        if len(values) != len(weights):
            found = f"found {len(weights)} weights for {len(values)} values"
            self.fault((*path, "weights"), found, "expected one each")
            return None
        for index, weight in enumerate(weights):
            if weight < 0:
                found = f"found the weight {number_text(weight)}"
                self.fault((*path, "weights", index), found, "expected a number of at least 0")
        if not any(weight > 0 for weight in weights):
            self.fault((*path, "weights"), "found no weight above 0", "expected at least one")
        elif all(weight >= 0 for weight in weights):
            kept = {value for value, weight in zip(values, weights, strict=True) if weight > 0}
            return Exact(kept.pop()) if len(kept) == 1 else Discrete(tuple(values), tuple(weights))
        return None

    def numbers(self, data: Any, path: Path, weighted: bool, *, free: bool = False) -> list[float] | None:
        if data is None:
            self.fault(path[:-1], "found weights without values", "expected {values: [...], weights: [...]}")
            return None
        if not isinstance(data, Sequence) or isinstance(data, str) or not len(data):
            self.fault(path, f"found {shown(data)}", "expected a list of numbers")
            return None
        found = [self.number(x, (*path, i), free=free) for i, x in enumerate(data)]
        kept = [x for x in found if x is not None]
        return kept if len(kept) == len(found) else None

    def ref(self, data: Mapping[str, Any], path: Path) -> Parsed | None:
        if self.nested:
            self.fault(path, "found a ref within a ref", "expected a number or a distribution")
            return None
        target = data.get("ref")
        if target is None:
            self.fault(path, f"found {next(iter(data))} without ref", "expected {ref: path, times: ..., plus: ...}")
        elif not isinstance(target, str) or "." not in target:
            self.fault((*path, "ref"), f"found {shown(target)}", "expected a path such as actors.iran.capability")
            target = None
        inner = _Reader(self.faults, _Range(), nested=True)
        times = inner.quantity(data.get("times", 1), (*path, "times"))
        plus = inner.quantity(data.get("plus", 0), (*path, "plus"))
        if target is None or times is None or plus is None:
            return None
        # What its parts rest on, it rests on.
        sources = _filled(plus, times.provenance).provenance
        return Parsed(Ref(target, times.quantity, plus.quantity), sources)

    def dated(self, data: Mapping[str, Any], path: Path) -> Parsed | None:
        days, path = data["dated"], (*path, "dated")
        if self.nested:
            self.fault(path, "found dated within a quantity", "expected a number or a distribution")
            return None
        if not isinstance(days, Mapping) or not days:
            self.fault(path, f"found {shown(days)}", "expected {2014-02-15: 10, 2015-03-15: 20}")
            return None
        entries: dict[dt.date, Parsed] = {}
        for key, value in days.items():
            if isinstance(value, Mapping) and "dated" in value:
                self.fault((*path, key), "found dated within dated", "expected one mapping of dates")
                continue
            day = self.day(key, (*path, key), key=True)
            parsed = self.quantity(value, (*path, key))
            if day in entries:
                self.fault((*path, key), f"found {day} a second time", "expected every date once", key=True)
            elif day is not None and parsed is not None:
                entries[day] = parsed
        return Parsed(Dated(tuple(sorted(entries.items(), key=lambda entry: entry[0]))), Provenance())


def _filled(parsed: Parsed, outer: Provenance) -> Parsed:
    """A quantity whose provenance, and that of its entries if it is dated, has its gaps filled from the outer one."""
    quantity, inner = parsed.quantity, parsed.provenance
    if isinstance(quantity, Dated):
        quantity = Dated(tuple((day, _filled(entry, outer)) for day, entry in quantity.entries))
    filled = Provenance(
        cite=inner.cite or outer.cite,
        by=inner.by or outer.by,
        date=inner.date or outer.date,
        grade=inner.grade or outer.grade,
        because=inner.because or outer.because,
    )
    return Parsed(quantity, filled)


def _is_number(data: Any) -> bool:
    return isinstance(data, Real) and not isinstance(data, bool) and bool(np.isfinite(float(data)))
