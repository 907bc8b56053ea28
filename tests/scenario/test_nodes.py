"""YAML as plain data with places: what each scalar means, and where each key and value stands."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import InputError
from detente.scenario.nodes import MAX_DEPTH, decode, parse


def told(text: str) -> list[str]:
    """The lines that a text's faults print."""
    with pytest.raises(InputError) as caught:
        parse(text, "f")
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("yes", "yes"),
        ("no", "no"),
        ("True", True),
        ("~", None),
        ("", None),
        ("Null", None),
        ('"null"', "null"),
        ("'12'", "12"),
        ("2015-03-15", "2015-03-15"),
        ("|\n  two\n  lines", "two\nlines"),
        ('"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(text: str, value: Any) -> None:
    found = parse(f"a: {text}\n", "f").data["a"]
    assert (type(found), found) == (type(value), value) or found == f"{value}\n"


def test_every_key_and_value_has_its_place() -> None:
    text = "a:\n  b: [1, {c: 'x y'}]\n  # a remark\n  30: |\n    long\nd: 5\n"
    document = parse(text, "f")
    slices = {path: text[place.start : place.end] for path, place in document.places.items() if path}
    assert slices["a", "b"] == "[1, {c: 'x y'}]"
    assert slices["a", "b", 1, "c"] == "'x y'"
    assert slices["d",] == "5"
    place = document.places["a", "b", 1, "c"]
    assert (place.line, place.column, place.key, place.flow) == (2, 14, (2, 11), True)
    assert document.places["a", 30].key == (4, 3)
    assert not document.places["d",].flow


def test_lines_and_columns_do_not_mind_line_ends_or_a_byte_order_mark() -> None:
    place = parse(decode(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "f"), "f").places["b",]
    assert (place.line, place.column) == (2, 4)


def test_a_fault_where_there_is_no_value_stands_at_the_key_above() -> None:
    assert str(parse("a:\n  b: 1\n", "f").fault(("a", "c"), "found nothing")) == "f:1:1: a.c: found nothing"


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    assert told("a: &x 1\nb: *x\nc: !!python/object/apply:os.system ['exit']\na: 2\n<<: 3\nd: .inf\n") == [
        "f:1:4: a: found the anchor &x; expected values written out: anchors are refused",
        "f:2:4: found alias *x; expected values written out: aliases are refused",
        "f:3:4: c: found the tag !!python/object/apply:os.system; expected plain values: tags are refused",
        "f:4:1: a: found a a second time; expected every key once: the first is on line 1",
        "f:5:1: found the merge key <<; expected fields written out: merging is refused",
        "f:6:4: d: found .inf; expected a finite number",
    ]


def test_a_bomb_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True))
    assert len(told(bomb)) == 9 + 16


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_has_a_limit(opening: str) -> None:
    assert told(opening * 100_000) == [
        f"f:1:{len(opening) * MAX_DEPTH + 1}: found nesting deeper than 64; expected at most 64 levels"
    ]


def test_as_deep_as_the_limit_is_read() -> None:
    assert parse("{a: " * MAX_DEPTH + "1" + "}" * MAX_DEPTH, "f").data


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a: \xff", "f: found no text in UTF-8: byte 0xff at offset 3; expected a YAML file in UTF-8"),
        (b"\xff\xfea\x00", "f: found no text in UTF-8: byte 0xff at offset 0; expected a YAML file in UTF-8"),
        (
            "\N{EURO SIGN}\0".encode(),
            "f: found no text: character U+0000 at byte offset 3; expected a YAML file in UTF-8",
        ),
        (b"x" * 10_000_001, "f: found 10000001 bytes; expected at most 10000000"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, line: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(data, "f")
    assert str(caught.value) == line


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('abc" :#', max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), JSON, min_size=1, max_size=4),
    st.sampled_from([None, 1, "\t"]),
)
def test_json_reads_as_it_was_written(data: dict[str, Any], indent: int | str | None) -> None:
    text = json.dumps(data, indent=indent)
    try:
        assert parse(text, "f").data == data
    except InputError as error:  # the merge key is the one thing that JSON may hold and a scenario may not
        assert "<<" in text, error
