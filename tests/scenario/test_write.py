"""A scenario file written from plain data reads back as that data, for YAML readers of either version."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from detente.scenario.library import built_in_ids, text_of
from detente.scenario.nodes import parse
from detente.scenario.write import WIDTH, scenario_text

PRINTED = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"))
TEXTS = st.text(PRINTED, max_size=30) | st.sampled_from(
    ["yes", "No", "null", "~", "", " x", "a: b", "a #b", "- a", "1e3", "0x1f", "2015-03-15", "a, b", "{a}", "'", '"']
)
NUMBERS = st.integers(-(10**14), 10**14) | st.floats(-1e200, 1e200, allow_nan=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex("[a-z][a-z0-9_-]{0,9}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=20,
)
KEYS = st.sampled_from(["id", "title", "actors", "issues", "stances", "models", "outcome", "other"])


@given(st.dictionaries(KEYS, VALUES, min_size=1), st.lists(TEXTS, max_size=3))
def test_what_is_written_reads_back(data: dict[str, Any], head: list[str]) -> None:
    text = scenario_text(data, head=head)
    assert parse(text, "f.yaml").data == data


def test_control_characters_are_escaped() -> None:
    data = {"title": "a\nb\tc\u2028d\x85e\u200bf"}
    assert parse(scenario_text(data), "f.yaml").data == data


def test_words_that_yaml_1_1_takes_for_something_else_are_quoted() -> None:
    data = {"title": "Yes", "question": "off", "other": {"country": "no"}}
    assert dict(YAML(typ="safe", pure=True).load("%YAML 1.1\n---\n" + scenario_text(data))) == data


def test_the_built_in_scenarios_read_back() -> None:
    for id_ in built_in_ids():
        data = parse(text_of(id_), id_).data
        assert parse(scenario_text(data), id_).data == data


def test_a_record_breaks_when_it_grows_but_for_one_long_text() -> None:
    short, long = {"role": "bystander", "capability": 1}, "because " * 30
    lines = scenario_text(
        {
            "actors": {
                "a": short,
                "b": {**short, "note": long},
                "c": {**short, "note": "n" * 90, "aliases": ["x" * 50] * 2},
            }
        }
    ).splitlines()
    assert lines[2].startswith("  a: {")
    assert lines[3].startswith("  b: {") and len(lines[3]) > WIDTH
    assert lines[4] == "  c:" and all(len(line) <= WIDTH for line in lines[5:])


def test_comments_stand_where_they_belong() -> None:
    text = scenario_text(
        {"as_of": "2000-01-01", "actors": {"a": {"role": "bystander"}}},
        head=["Imported\x00 from f.csv"],
        comments={("as_of",): "to fill in", ("actors",): "who takes part", ("actors", "a"): "one"},
    )
    assert text == (
        "# Imported from f.csv\nas_of: 2000-01-01  # to fill in\n\n"
        "# who takes part\nactors:\n  a: {role: bystander}  # one\n"
    )
