"""Edits change what they were asked to change and no other byte, and the inverse brings the old text back."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenario.edits import Edit, append, delete, set_value
from detente.scenario.library import built_in_ids, text_of
from detente.scenario.nodes import Document, parse
from detente.scenario.write import flow, scalar

WORDS = st.text("ab :#,{}[]'\"-é%&*!|>?@`\\\n", max_size=6)
KEYS = st.text("abcxyz", min_size=1, max_size=4)
LEAVES = st.none() | st.booleans() | st.integers(-99, 99) | st.sampled_from([0.5, 1e-9]) | WORDS | st.just("2015-03-15")
DATA = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
    ),
    min_size=2,
    max_size=4,
)
REMARKS = ("", "   # a remark: {with} syntax", "  #")
GAPS = ("", "\n", "# between\n", "\n  # further in\n\n")


@st.composite
def written(draw: st.DrawFn) -> str:
    """A mapping as a person may write it: blocks and brackets, remarks and blank lines, either kind of newline."""
    text = "".join(_lines(draw, draw(DATA), 0))
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


def _lines(draw: st.DrawFn, value: Any, indent: int) -> list[str]:
    lines = []
    entries = value.items() if isinstance(value, dict) else ((None, entry) for entry in value)
    for key, entry in entries:
        head = " " * indent + ("-" if key is None else f"{scalar(key)}:")
        lines.append(draw(st.sampled_from(GAPS)))
        remark = draw(st.sampled_from(REMARKS))
        if isinstance(entry, (dict, list)) and entry and draw(st.booleans()):
            deeper = indent + draw(st.integers(2, 4))
            inner = _lines(draw, entry, deeper)
            if key is None and draw(st.booleans()):  # `- key: value`: the first entry stands beside the dash
                first = next(i for i, line in enumerate(inner) if line.strip() and not line.strip().startswith("#"))
                lines += [head + inner[first][indent + 1 :], *inner[first + 1 :]]
            else:
                lines += [f"{head}{remark}\n", *inner]
        elif isinstance(entry, str) and entry.strip("ab") == "" and entry and draw(st.booleans()):
            lines.append(f"{head} |\n{' ' * (indent + 2)}{entry}\n{' ' * (indent + 2)}and more\n")
        elif entry is None and draw(st.booleans()):
            lines.append(f"{head}{remark}\n")
        elif isinstance(entry, (dict, list)) and entry and draw(st.booleans()):
            spread = flow(entry).replace(", ", ",\n" + " " * (indent + 4))
            lines.append(f"{head} {spread if parses(spread, entry) else flow(entry)}{remark}\n")
        else:
            lines.append(f"{head} {flow(entry)}{remark}\n")
    return lines


def parses(text: str, value: Any) -> bool:
    try:
        return bool(parse(f"a:\n  {text}", "f").data == {"a": value})
    except InputError:
        return False


def document(text: str) -> Document | None:
    try:
        return parse(text, "f.yaml")
    except InputError:
        return None


def changed(data: Any, path: Any, change: Any) -> Any:
    data = copy.deepcopy(data)
    holder = data
    for part in path[:-1]:
        holder = holder[part]
    change(holder, path[-1])
    return data


def held(doc: Document, edit: Edit, wanted: Any) -> None:
    """The edit gives the wanted data, touches one slice, and can be undone."""
    after = edit.apply(doc.text)
    assert parse(after, "f").data == wanted
    assert after[: edit.start] == doc.text[: edit.start]
    assert after.endswith(doc.text[edit.start + len(edit.old) :])
    assert edit.inverse().apply(after) == doc.text


@settings(max_examples=1500, deadline=None)
@given(written(), st.data())
def test_every_value_can_be_set_taken_out_and_added_to(text: str, data: st.DataObject) -> None:
    doc = document(text)
    assert doc is not None, text
    path = data.draw(st.sampled_from([p for p in doc.places if p]))
    value = data.draw(LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(KEYS, LEAVES, max_size=2))
    held(doc, set_value(doc, path, value), changed(doc.data, path, lambda h, k: h.__setitem__(k, value)))
    held(doc, delete(doc, path), changed(doc.data, path, lambda h, k: h.__delitem__(k)))
    here = doc.value(path)
    if isinstance(here, list):
        held(doc, append(doc, path, value), changed(doc.data, path, lambda h, k: h[k].append(value)))
    if isinstance(here, dict):
        held(
            doc,
            set_value(doc, (*path, "q"), value),
            changed(doc.data, path, lambda h, k: h[k].__setitem__("q", value)),
        )


@pytest.mark.parametrize("name", built_in_ids())
def test_values_of_the_library_can_be_set_and_taken_out(name: str) -> None:
    doc = parse(text_of(name), name)
    for path in [p for p in doc.places if p][:: max(len(doc.places) // 12, 1)]:
        value = {"low": 1, "high": 2, "because": "a, b: c # d"}
        held(doc, set_value(doc, path, value), changed(doc.data, path, lambda h, k: h.__setitem__(k, value)))  # noqa: B023
        held(doc, delete(doc, path), changed(doc.data, path, lambda h, k: h.__delitem__(k)))


def test_what_is_missing_on_the_way_is_made() -> None:
    doc = parse("detente: 1\n", "f")
    edit = set_value(doc, ("actors", "us", "resolve", "audience_cost"), 0.1)
    assert edit.apply(doc.text) == "detente: 1\n\nactors:\n  us: {resolve: {audience_cost: 0.1}}\n"
    assert append(doc, ("ties",), {"from": "a"}).apply(doc.text) == "detente: 1\n\nties:\n  - {from: a}\n"


def test_a_list_of_records_in_a_new_part_is_a_block() -> None:
    doc = parse("detente: 1\r\n", "f")
    edit = append(doc, ("talks", "history"), {"event": "round"})
    assert edit.apply(doc.text) == "detente: 1\r\n\r\ntalks:\r\n  history:\r\n    - {event: round}\r\n"


def test_a_path_through_a_text_is_refused_with_its_place() -> None:
    doc = parse("a: text\n", "f.yaml")
    with pytest.raises(InputError, match=r"f\.yaml:1:4: a: found no place for a\.b"):
        set_value(doc, ("a", "b"), 1)
    with pytest.raises(InputError, match="found no b"):
        delete(doc, ("b",))


def test_an_edit_of_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="has changed"):
        Edit(3, "1", "2").apply("b: 7")
