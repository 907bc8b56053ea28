"""Reading: names with days and variants, what a file's parts become, and the JSON Schema that agrees with the code."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.scenario.library import built_in_ids, text_of
from detente.scenario.nodes import parse
from detente.scenario.read import build, load
from detente.scenario.schema import json_schema

BLANK = (resources.files("detente.scenario") / "library" / "blank.yaml").read_text(encoding="utf-8")
TEXTS = {"blank": BLANK, **{id_: text_of(id_) for id_ in built_in_ids()}}


@pytest.mark.parametrize("id_", TEXTS)
def test_the_library_has_no_faults(id_: str) -> None:
    assert build(parse(TEXTS[id_], f"{id_}.yaml")).title


@pytest.mark.parametrize("id_", TEXTS)
def test_the_schema_accepts_the_library(id_: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(json.dumps(parse(TEXTS[id_], "f.yaml").data))
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(data)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("question:", "quetsion:"),
        ("role: backer", "role: baker"),
        ("title: My conflict", "title: [a]"),
        ("detente: 1", "detente: 2"),
        ("capability: {low: 30, mode: 40, high: 50}", "capability: [30, 50]"),
        ("    role: backer\n", ""),
    ],
)
def test_the_schema_refuses_what_the_code_refuses(old: str, new: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    text = BLANK.replace(old, new, 1)
    data = json.loads(json.dumps(parse(text, "f.yaml").data))
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(data)
    with pytest.raises(InputError):
        build(parse(text, "f.yaml"))


def test_a_day_and_variants_may_follow_in_either_order() -> None:
    for name in ("syria-2015@2014-02-15+less-backing", "syria-2015+less-backing@2014-02-15"):
        found = load(name)
        assert (found.on, found.asked) == (dt.date(2014, 2, 15), ("less-backing",))
    assert load("syria-2015+less-backing+guaranteed").asked == ("less-backing", "guaranteed")


def test_a_file_of_exactly_that_name_wins(tmp_path: Path) -> None:
    file = tmp_path / "a+b@2014.yaml"
    file.write_text(BLANK, encoding="utf-8")
    assert load(file).asked == ()
    assert load(f"{file}@2025-02-01").on == dt.date(2025, 2, 1)


def test_parts_become_what_they_are() -> None:
    scenario = build(parse(BLANK, "f.yaml"))
    assert scenario.as_of == dt.date(2025, 1, 1)
    assert scenario.sources["some-report"].date == dt.date(2024, 12, 20)
    assert [(s.actor, s.since) for s in scenario.stances][:2] == [
        ("government", dt.date(2024, 1, 1)),
        ("rebels", dt.date(2024, 1, 1)),
    ]
    assert scenario.stances[0].provenance.cite == ("some-report",)


def test_places_are_those_of_the_text() -> None:
    document = parse(BLANK, "f.yaml")
    for path, place in document.places.items():
        if path and place.line == document.text[: place.start].count("\n") + 1:
            line = document.text.split("\n")[place.line - 1]
            assert len(document.text[: place.start].rpartition("\n")[2]) + 1 == place.column
            assert place.column <= len(line) + 1
    place = document.places["actors", "rebels", "capability", "mode"]
    assert BLANK[place.start : place.end] == "40"


def test_what_cannot_be_read_and_what_does_not_fit_are_told_together(tmp_path: Path) -> None:
    """A value that is no number, a key twice, a tag, an alias, a merge: the rest is still checked, and they once."""
    file = tmp_path / "f.yaml"
    file.write_text(
        "detente: 1\nid: x\ntitle: !!str x\nas_of: 2025-01-30\n"
        "actors:\n  a: &a {role: belligerent, capability: .inf}\n  b: *a\n"
        "  c: {role: belligrent, capability: 5, capability: 1e999}\n  <<: {d: 3}\n"
        "issues:\n  i: {scale: {0: a, 100: b}, status_quo: 110}\n"
        "stances:\n  - {actor: aa, issue: i, position: .nan, salience: 2, since: 2024-01-01}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load(file)
    assert [(fault.line, fault.found.removeprefix("found ")) for fault in caught.value.faults] == [
        (3, "the tag !!str"),
        (6, "the anchor &a"),
        (6, ".inf"),
        (7, "alias *a"),
        (8, "belligrent"),
        (8, "capability a second time"),
        (8, "1e999"),
        (9, "the merge key <<"),
        (11, "110"),
        (13, "aa"),
        (13, ".nan"),
        (13, "2"),
    ]
