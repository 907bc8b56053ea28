"""What-ifs under `variants` and `expect` are judged together with the rest of their file, and never by what is faulty in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from detente.errors import Fault, InputError
from detente.scenario.faults import checked
from detente.scenario.nodes import parse_whole
from detente.scenario.read import build
from tests.test_bad_input import BLANK, ODD, WHOLE, _paths, _put, faults

WHAT_IFS = (
    "variants:\n"
    "  low: {actors.rebels.capability: -3, actors.rebels.colour: red}\n"
    "  astray: {actors.rebl.capability: 5, talks.deadline: 2.5}\n"
    "  fine: {actors.rebels.capability: 3}\n"
    "  half: {stances.government.autonomy.position: 120, stances.government.autonmy.salience: 0.5}\n"
    "expect:\n"
    "  - {measure: convene, value: 0.5, tolerance: 0.1, with: {talks.required: [rebls]}}\n"
    "  - {measure: convene, value: 0.5, tolerance: 0.1, with: {levers.sanctions.level: 3}}\n"
)
LOW = "f.yaml:55:35: variant low: actors.rebels.capability: found -3; expected a number at least 0"
COLOUR = "f.yaml:55:61: variant low: actors.rebels.colour: found the unknown field colour"
ASTRAY = "f.yaml:56:12: variants.astray.actors.rebl.capability: found the path actors.rebl.capability; expected a path"
DEADLINE = "f.yaml:56:55: variant astray: talks.deadline: found 2.5; expected a whole number"
POSITION = (
    "f.yaml:58:48: variant half: stances.government.autonomy.position: found 120; expected a number from 0 to 100"
)
AUTONMY = "f.yaml:58:53: variants.half.stances.government.autonmy.salience: found the path stances.government.autonmy"
REQUIRED = "f.yaml:60:75: with: talks.required[0]: found rebls; expected one of government, rebels, patron"
LEVEL = "f.yaml:61:83: with: levers.sanctions.level: found 3; expected a number from 0 to 1"
ALL = [LOW, COLOUR, ASTRAY, DEADLINE, POSITION, AUTONMY, REQUIRED, LEVEL]


def of_what_ifs(lines: list[str]) -> list[str]:
    """Those below what the blank file holds."""
    return [line for line in lines if int(line.split(":")[1]) > 53]


def same(lines: list[str], heads: list[str]) -> None:
    """The lines are those, in order, each as it begins."""
    assert [line[: len(head)] for line, head in zip(lines, heads, strict=False)] == heads
    assert len(lines) == len(heads)


def test_all_faults_of_the_what_ifs_at_once() -> None:
    same(faults(BLANK + WHAT_IFS), ALL)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("low: 30, mode: 40", "low: 30, mode: x", 'f.yaml:21:33: actors.rebels.capability.mode: found "x"'),
        ("salience: 0.9", "salience: 9", "f.yaml:38:90: stances[1].salience: found 9; expected a number from 0 to 1"),
        ("name: The rebels\n", "name: [The rebels]\n", "f.yaml:19:11: actors.rebels.name: found a list"),
        ("read: true", "read: perhaps", "f.yaml:11:82: sources.some-report.read: found perhaps"),
        ("as_of: 2025-01-01", "as_of: 2025-01-1?", "f.yaml:8:8: as_of: found 2025-01-1?; expected a date"),
        (
            "70, cite: [some-report]}    #",
            "70, cite: [som-report]}    #",
            "f.yaml:17:54: actors.government.capability.cite[0]",
        ),
        ("title: My", "titel: My", "f.yaml:4:1: title: found nothing"),
    ],
)
def test_together_with_a_fault_that_leaves_names_alone(old: str, new: str, said: str) -> None:
    assert old in BLANK
    lines = faults(BLANK.replace(old, new, 1) + WHAT_IFS)
    assert lines[0].startswith(said)
    # Without a day nobody knows which stance is in force.
    same(of_what_ifs(lines), [head for head in ALL if head != AUTONMY or "as_of" not in said])


def test_names_in_doubt_are_not_judged_by() -> None:
    """An actor whose id is wrong: what names actors waits, what a number breaks does not."""
    lines = faults(BLANK.replace("  rebels:\n", "  Rebels:\n", 1) + WHAT_IFS)
    same(of_what_ifs(lines), [DEADLINE, POSITION, LEVEL])
    assert "actors.Rebels: found the id Rebels" in lines[0]


def test_a_part_whose_name_is_misspelt() -> None:
    lines = faults(BLANK.replace("levers: ", "levrs: ", 1) + WHAT_IFS)
    same(of_what_ifs(lines), ALL[:-1])


def test_a_what_if_that_cannot_be_read_is_told_once() -> None:
    text = f"{BLANK}variants: {{v: {{actors.rebels.capability: .inf}}, w: 3, x: {{talks.deadline: 0}}}}\n"
    with pytest.raises(InputError) as caught:
        build(parse_whole(text, "f.yaml"))
    same(
        [str(fault) for fault in caught.value.faults],
        [
            "f.yaml:54:42: variants.v.actors.rebels.capability: found .inf",
            "f.yaml:54:52: variants.w: found 3; expected a mapping",
            "f.yaml:54:75: variant x: talks.deadline: found 0",
        ],
    )


WRONG = {
    "variants": {
        "low": {"actors.rebels.capability": -3, "talks.walkout.rate": 7, "models.expected-utility.rounds": 0},
        "astray": {"actors.rebl.capability": 5, "issues.autonmy.status_quo": 1, "actors.rebels.resolve": 5},
        "new": {"stances.patron.autonomy.position": 120, "stances.rebl.autonomy.salience": 0.5},
        "tie": {"ties.government.rebels.influences.share": 3, "ties.patron.rebls.share": 0.1},
        "ref": {"actors.rebels.capability": {"ref": "actors.rebl.capability"}},
        "cite": {"actors.rebels.capability": {"value": 3, "cite": ["sme-report"]}},
        "talks": {"talks": {"required": ["rebls"], "mediator": "patrn"}},
        "later": {"as_of": "2023-01-01", "stances.patron.autonomy.position": 5},
        "game": {"game.status_quo": ["z"], "game.preferences.b.weights": {"x": 1}},
        "scale": {"issues.autonomy.scale": {0: "none", 50: "half"}},
    },
    "expect": [
        {"measure": "convene", "value": 0.5, "tolerance": 0.1, "with": {"talks.required": ["rebls"]}},
        {"equilibria": {"nash": ["1"]}, "with": {"levers.sanctions.level": 3, "levers.sanctons.level": 1}},
    ],
}


def told(data: Any) -> tuple[list[Fault], set[tuple[str, str]]]:
    """Faults of the file itself, and what is told of its what-ifs."""
    try:
        checked(parse_whole(json.dumps(data), "f.json"))
    except InputError as error:
        ifs = [f for f in error.faults if f.path.startswith(("variant", "with: ", "expect"))]
        return [f for f in error.faults if f not in ifs], {(f.path, f.found) for f in ifs}
    return [], set()


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_no_fault_of_a_what_if_follows_from_one_elsewhere(value: Any) -> None:
    """Whatever value of the file is replaced by a faulty one: what is told of its what-ifs would be told without that."""
    whole = {**WHOLE, **WRONG}
    own, all_ = told(whole)
    assert not own
    assert len(all_) > 15
    for path in _paths(WHOLE)[1:]:
        if path[0] not in ("variants", "expect"):
            own, found = told(_put(whole, path, value))
            if own:
                assert found <= all_, path
