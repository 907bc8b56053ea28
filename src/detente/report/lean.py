"""Specifications of pictures without what they say twice: a report holds dozens of them, and is to stay under 2 MB."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

DIGITS = 6  # significant digits of a number in a picture


def lean(spec: dict[str, Any]) -> dict[str, Any]:
    """The same picture in fewer words: a channel or table that all layers share stands once, so does a table of several.

    What all pictures have in common (``$schema``, ``config``) is left out.

    >>> layer = {"mark": "bar", "encoding": {"x": {"field": "a"}}}
    >>> lean({"layer": [layer, {**layer, "mark": "rule"}]})["encoding"]
    {'x': {'field': 'a'}}
    """
    return _named_tables(_hoisted(_plain({k: v for k, v in spec.items() if k not in ("$schema", "config")})))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, float):
        rounded = float(f"{value:.{DIGITS}g}")
        return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
    return value


def _hoisted(value: Any) -> Any:
    """What all layers of a picture encode alike, or read from one table, is said by the picture itself."""
    if isinstance(value, list):
        return [_hoisted(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    value = {key: _hoisted(entry) for key, entry in value.items()}
    layers = value.get("layer")
    if not isinstance(layers, list) or not layers:
        return value
    shared = {
        channel: how
        for channel, how in layers[0].get("encoding", {}).items()
        if channel not in value.get("encoding", {}) and all(_channel(layer, channel) == how for layer in layers)
    }
    if shared:
        value["encoding"] = {**value.get("encoding", {}), **shared}
        value["layer"] = layers = [_without(layer, shared) for layer in layers]
    table = layers[0].get("data")
    if table is not None and "data" not in value and all(layer.get("data") == table for layer in layers):
        value["data"] = table
        value["layer"] = [{key: entry for key, entry in layer.items() if key != "data"} for layer in layers]
    return value


def _channel(layer: dict[str, Any], channel: str) -> Any:
    return layer.get("encoding", {}).get(channel)


def _without(layer: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    encoding = {channel: how for channel, how in layer["encoding"].items() if channel not in shared}
    return {**layer, "encoding": encoding}


def _named_tables(spec: dict[str, Any]) -> dict[str, Any]:
    """Tables that several layers read get a name and stand once."""
    often = [text for text, count in Counter(_tables(spec)).items() if count > 1]
    if not often or "datasets" in spec:
        return spec
    names = {text: f"t{number}" for number, text in enumerate(often)}
    return {**_naming(spec, names), "datasets": {name: json.loads(text) for text, name in names.items()}}


def _tables(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if (text := _table(value.get("data"))) is not None:
            yield text
        for entry in value.values():
            yield from _tables(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _tables(entry)


def _table(data: Any) -> str | None:
    if isinstance(data, dict) and set(data) == {"values"}:
        return json.dumps(data["values"], ensure_ascii=False, default=str)
    return None


def _naming(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_naming(entry, names) for entry in value]
    if not isinstance(value, dict):
        return value
    found = {key: _naming(entry, names) for key, entry in value.items()}
    text = _table(value.get("data"))
    if text in names:
        found["data"] = {"name": names[text]}
    return found
