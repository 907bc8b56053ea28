"""What-ifs that are wrong, alone or on some day only; numbers that name others; what a what-if takes away."""

from __future__ import annotations

from typing import Any

import pytest

from detente.errors import InputError
from detente.scenario.checking import day_of
from detente.scenario.library import new
from detente.scenario.nodes import parse
from detente.scenario.paths import in_force, named, numeric_paths, stance_index, tie_index
from detente.scenario.read import build, load
from detente.scenario.references import circles
from detente.scenario.resolve import situation

BLANK = new()
REBELS = "capability: {low: 30, mode: 40, high: 50}"
PATRON = "capability: {low: 100, high: 200}"


def told(text: str = BLANK, **how: Any) -> list[str]:
    """The lines of what is wrong with a text, or with what is asked of it; none where nothing is."""
    try:
        situation(build(parse(text, "f.yaml")), **how)
    except InputError as error:
        return [str(fault) for fault in error.faults]
    return []


def with_(old: str, new_: str) -> str:
    """The blank scenario with one thing changed."""
    assert old in BLANK
    return BLANK.replace(old, new_, 1)


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (
            "variants: {v: {actors.rebels.capability: -3}}",
            "variant v: actors.rebels.capability: found -3; expected a number at least 0",
        ),
        (
            "variants: {v: {actors.rebels.capability: {ref: actors.rebel.capability}}}",
            "variant v: actors.rebels.capability.ref: found actors.rebel.capability; expected the path of a number "
            "(did you mean actors.rebels.capability?)",
        ),
        (
            "variants: {v: {talks.required: [rebls]}}",
            "variant v: talks.required[0]: found rebls; expected one of government, rebels, patron (did you mean rebels?)",
        ),
        (
            "expect: [{measure: convene, value: 1, tolerance: 0.1, with: {talks.deadline: 2.5}}]",
            "with: talks.deadline: found 2.5; expected a whole number from 1 to 1200",
        ),
    ],
)
def test_what_a_file_offers_is_checked_with_it(more: str, line: str) -> None:
    lines = told(f"{BLANK}\n{more}\n")
    assert [text.split(": ", 1)[1] for text in lines] == [line]
    assert lines[0].startswith("f.yaml:55:")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            "actors.rebels.capabilty=3",
            "actors.rebels.capabilty: found the unknown field capabilty; expected one of name, ",
        ),
        (
            "actors.rebels.capability=null",
            "actors.rebels.capability: found nothing; expected capability: what the actor",
        ),
        (
            "stances.rebels.autonomy.position=200",
            "stances.rebels.autonomy.position: found 200; expected a number from 0 ",
        ),
        ("ties.patron.rebels.share=2", "ties.patron.rebels.share: found 2; expected a number from 0 to 1"),
        (
            "levers.sanctions.bite.rebls=1",
            "levers.sanctions.bite.rebls: found rebls; expected an id under actors (did ",
        ),
        ("talks.walkout={rate: -1}", "talks.walkout.rate: found -1; expected a number at least 0"),
        ("actors=3", "actors: found 3; expected a mapping"),
        ("as_of=soon", "as_of: found soon; expected a date such as 2015-03-15"),
        ("actors.rebels.capability=*x", "actors.rebels.capability: found alias *x; expected values written out"),
        ("actors.rebels.capability=[1", "actors.rebels.capability: found the end of the file; expected a closing"),
        (
            "actors.rebels.capability={ref: actors.rebels.capability}",
            "actors.rebels.capability.ref: found actors.rebels.",
        ),
    ],
)
def test_a_what_if_that_is_wrong_names_itself_alone(change: str, line: str) -> None:
    (found,) = told(sets=[change])
    assert found.startswith(f"--set {change}: {line}")


@pytest.mark.parametrize(
    "path",
    [
        "actor.rebels.capability",
        "actors.rebls.capability",
        "stances.rebels.autonomy",
        "ties.patron.rebels",
        "talks.",
        ".x",
    ],
)
def test_a_path_that_leads_nowhere(path: str) -> None:
    (found,) = told(sets=[f"{path}=3"])
    assert found.startswith(f"--set {path}=3: found the path {path}; expected a path such as actors.ID.capability")


def test_a_stance_or_tie_that_a_what_if_makes_must_be_whole() -> None:
    days = BLANK.replace("issue: autonomy, position: {low: 50, high: 80}, salience: 0.3, since: 2024-01-01", "X")
    text = days.replace("\n  - {actor: patron, X}", "")
    (found,) = told(text, sets=["stances.patron.autonomy.position=50"])
    assert "stances.patron.autonomy.salience: found nothing; expected salience" in found
    both = ["stances.patron.autonomy.position=50", "stances.patron.autonomy.salience=0.5"]
    assert told(text, sets=both) == []
    numbers = situation(build(parse(text, "f.yaml")), sets=both).numbers
    assert numbers["stances.patron.autonomy.salience"].origin == "set"


def test_null_takes_away() -> None:
    assert "sanctions" not in {
        lever.id for lever in situation(build(parse(BLANK, "f")), sets=["levers.sanctions=null"]).levers
    }
    numbers = situation(build(parse(BLANK, "f")), sets={"ties.patron.rebels.share": None}).numbers
    assert numbers["ties.patron.rebels.share"].origin == "default"


def test_a_later_what_if_replaces_what_an_earlier_one_set_within() -> None:
    text = f"{BLANK}\nvariants: {{v: {{talks.walkout.rate: 0.3}}}}\n"
    numbers = situation(build(parse(text, "f")), variants=["v"], sets=["talks.walkout={threshold: 0.1}"]).numbers
    assert numbers["talks.walkout.rate"].origin == "default"
    assert numbers["talks.walkout.threshold"].origin == "set"


def test_an_unknown_variant_is_told() -> None:
    (found,) = told(f"{BLANK}\nvariants: {{weaker: {{talks.success: 0.3}}}}\n", variants=["waeker"])
    assert found == "f.yaml: found the variant waeker; expected one of weaker (did you mean weaker?)"


# --- numbers that name other numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            with_(PATRON, "capability: {dated: {2020-01-01: {ref: actors.rebel.capability}}}"),
            "f.yaml:25:44: actors.patron.capability.dated.2020-01-01.ref: found actors.rebel.capability; expected the path "
            "of a number (did you mean actors.rebels.capability?)",
        ),
        (
            with_(PATRON, "capability: {ref: actors.rebels.capability, plus: {low: 0, high: 1, cite: [report]}}"),
            "f.yaml:25:80: actors.patron.capability.plus.cite[0]: found the source report; expected an id under sources "
            "(did you mean some-report?)",
        ),
        (
            with_("    bite: {g", "    raises: {levers.sanctions.level: 0.1}\n    bite: {g"),
            "f.yaml:50:14: levers.sanctions.raises.levers.sanctions.level: found levers.sanctions.level; expected a number "
            "that does not raise the lever in turn",
        ),
    ],
)
def test_a_name_that_cannot_stand(text: str, line: str) -> None:
    assert told(text) == [line]


def test_what_is_not_in_force_cannot_be_moved_with() -> None:
    text = with_(REBELS, "capability: {ref: ties.patron.rebels.share, times: 100}")
    text = text.replace("high: 0.1}}", "high: 0.1}, until: 2025-06-01}")
    assert told(text) == []
    assert told(text, as_of="2025-06-01") == []
    (found,) = told(text, as_of="2025-06-02")
    assert found.startswith(
        "f.yaml:21:23: actors.rebels.capability.ref: found ties.patron.rebels.share, which is not in force on 2025-06-02"
    )


def test_a_circle_on_another_day_is_told_on_that_day() -> None:
    text = with_(REBELS, "capability: {dated: {2020-01-01: 3, 2026-01-01: {ref: actors.patron.capability}}}")
    text = text.replace(PATRON, "capability: {ref: actors.rebels.capability}")
    assert told(text) == []
    (found,) = told(text, as_of="2026-01-01")
    assert "actors.rebels.capability -> actors.patron.capability -> actors.rebels.capability" in found


def test_circles_are_found_once() -> None:
    assert circles({"a": ["b"], "b": ["c", "b"], "c": ["a"], "d": ["a"]}) == [["a", "b", "c", "a"]]
    assert circles({"a": ["b"], "b": []}) == []


CORRELATED = f"{BLANK}\ncorrelations: [{{of: [actors.rebels.capability, actors.patron.capability], rho: 0.5}}]\n"


def test_a_correlation_needs_two_numbers_with_a_range() -> None:
    pair = ("actors.rebels.capability", "actors.patron.capability")
    assert situation(build(parse(CORRELATED, "f"))).correlations == ((pair, 0.5),)
    # A what-if may fix one of them: then there is nothing left to correlate.
    assert situation(build(parse(CORRELATED, "f")), sets={pair[0]: 40}).correlations == ()
    assert "which is exact" in told(CORRELATED.replace(REBELS, "capability: 3"))[0]
    assert "which moves with" in told(CORRELATED.replace(REBELS, f"capability: {{ref: {pair[1]}}}"))[0]


def test_correlations_must_hold_together() -> None:
    a, b, c = (f"actors.{actor}.capability" for actor in ("government", "rebels", "patron"))
    pairs = ((a, b, 0.9), (b, c, 0.9), (a, c, -0.9))
    entries = ", ".join(f"{{of: [{x}, {y}], rho: {rho}}}" for x, y, rho in pairs)
    (found,) = told(f"{BLANK}\ncorrelations: [{entries}]\n")
    assert found.startswith("f.yaml:55:15: correlations: found correlations that cannot hold together")


# --- paths --------------------------------------------------------------------------------------------------------


def test_paths_name_what_stands_at_a_place() -> None:
    data = load("syria-2015").data
    paths = numeric_paths(data)
    assert len(paths) == len(set(paths))
    assert {"actors.us.curvature", "stances.us.transition.position", "levers.guarantee.raises.talks.kept"} <= set(paths)
    assert named(data, ("ties", 0, "share")) == "ties.russia.damascus.share"
    assert named(data, ("stances", 0)) == "stances.damascus.transition"
    assert named(data, ("stances", 999, "position")) == "stances[999].position"
    assert (
        named({"ties": [{"from": "a", "to": "b", "kind": "influences"}]}, ("ties", 0, "share"))
        == "ties.a.b.influences.share"
    )


@pytest.mark.parametrize(
    ("day", "index"), [("2019-12-31", None), ("2020-01-01", 1), ("2021-06-30", 1), ("2021-07-01", 0), ("2030-01-01", 0)]
)
def test_stances_hold_from_their_day_whatever_their_order(day: str, index: int | None) -> None:
    since = ("2021-07-01", "2020-01-01")
    data = {"stances": [{"actor": "a", "issue": "i", "since": each} for each in since]}
    when = day_of(day)
    assert when is not None
    assert stance_index(data, "a", "i", when) == index


def test_ties_hold_on_their_first_and_last_day() -> None:
    tie = {"from": "a", "to": "b", "kind": "backs", "since": "2020-01-01", "until": "2020-12-31"}
    days = {d: day_of(d) for d in ("2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01")}
    assert [d for d, day in days.items() if day and in_force(tie, day)] == ["2020-01-01", "2020-12-31"]
    assert tie_index({"ties": [tie]}, "a", "b", "backs", days["2020-01-01"] or pytest.fail()) == 0
    assert tie_index({"ties": [tie]}, "a", "b", "fights", days["2020-01-01"] or pytest.fail()) is None
