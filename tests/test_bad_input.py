"""Whatever a person can get wrong ends in one clear line a fault, at the right place, with the right exit status."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detente.cli import app
from detente.console import run_safely
from detente.errors import InputError
from detente.scenario.nodes import parse
from detente.scenario.read import build

BLANK = (resources.files("detente.scenario") / "library" / "blank.yaml").read_text(encoding="utf-8")
GOVERNMENT = "capability: {low: 50, mode: 60, high: 70, cite: [some-report]}"
REBELS = "capability: {low: 30, mode: 40, high: 50}"
STANCE = "{actor: rebels, issue: autonomy, position: {low: 70, mode: 90, high: 100}, salience: 0.9, since: 2024-01-01}"
SHARE = "share: {low: 0.02, mode: 0.05, high: 0.1}}"
REQUIRED = "required: [government, rebels]"
LEVEL = "level: {low: 0, mode: 0.1, high: 0.2}"


def edit(old: str, new: str) -> str:
    """The blank scenario with a first piece of it replaced."""
    assert old in BLANK, old
    return BLANK.replace(old, new, 1)


def cap(value: str) -> str:
    """With the rebels' capability, on line 21 from column 17 on, written so."""
    return edit(REBELS, f"capability: {value}")


def more(text: str) -> str:
    """With more lines at the end, from line 54 on."""
    return BLANK + text


def plainly(line: str) -> str:
    """A line without words that say nothing about the fault."""
    return line.replace("found the path ", "found ")


def faults(text: str) -> list[str]:
    """The lines that a text's faults print."""
    with pytest.raises(InputError) as caught:
        build(parse(text, "f.yaml"))
    return [str(fault) for fault in caught.value.faults]


def detente(*argv: str, stdin: bytes = b"") -> tuple[int, str, list[str]]:
    """Status, standard output and the lines on standard error of a command, in process."""
    out, err = io.StringIO(), io.StringIO()
    patch = pytest.MonkeyPatch()
    patch.setattr(sys, "argv", ["detente", *argv])
    patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run_safely(lambda: app(list(argv), standalone_mode=False, prog_name="detente"))
    finally:
        patch.undo()
    return status, out.getvalue(), err.getvalue().splitlines()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with a good scenario, b.yaml."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.yaml").write_text(BLANK, encoding="utf-8")
    return tmp_path


# --- numbers: the rebels' capability, whose value begins at line 21, column 17 --------------------------------------

AT_LEAST_0 = "expected a number at least 0"
NUMBERS = {
    "-1": (17, "", f"found -1; {AT_LEAST_0}"),
    "'40'": (17, "", f'found "40"; {AT_LEAST_0} (did you mean 40?)'),
    "80%": (17, "", f'found "80%"; {AT_LEAST_0} (did you mean 80?)'),
    "[30, 50]": (17, "", f"found a list; {AT_LEAST_0} (did you mean {{low: 30, high: 50}}?)"),
    "[30, 40, 50]": (17, "", f"found a list; {AT_LEAST_0} (did you mean {{low: 30, mode: 40, high: 50}}?)"),
    "true": (17, "", f"found true; {AT_LEAST_0}"),
    "yes": (17, "", f'found "yes"; {AT_LEAST_0}'),
    "forty": (17, "", f'found "forty"; {AT_LEAST_0}'),
    "2015-01-01": (17, "", f'found "2015-01-01"; {AT_LEAST_0}'),
    "2015-01-01T00:00:00": (17, "", f'found "2015-01-01T00:00:00"; {AT_LEAST_0}'),
    "1_000": (17, "", f'found "1_000"; {AT_LEAST_0} (did you mean 1000?)'),
    ".nan": (17, "", "found .nan; expected a finite number"),
    "NaN": (17, "", "found NaN; expected a finite number"),
    ".inf": (17, "", "found .inf; expected a finite number"),
    "-.INF": (17, "", "found -.INF; expected a finite number"),
    "1e999": (17, "", "found 1e999; expected a number below 1e308"),
    "1" + "0" * 400: (17, "", "found 1000000000000000000000000000000000000...; expected a number below 1e308"),
    "0x1" + "0" * 260: (17, "", "found 0x10000000000000000000000000000000000...; expected a number below 1e308"),
    "unknown": (17, "", "found unknown for a number without upper end; expected a range"),
    "{}": (17, "", "found nothing in the mapping; expected a number"),
    "{low: 30}": (17, "", "found no high beside low; expected {low: ..., high: ...}"),
    "{low: 50, high: 30}": (23, ".low", "found low 50 above high 30; expected low at most high"),
    "{low: 30, mode: 60, high: 50}": (33, ".mode", "found mode 60 outside 30 to 50; expected low, mode and high"),
    "{low: -1, high: 50}": (23, ".low", f"found -1; {AT_LEAST_0}"),
    "{low: 1, high: 2, shape: round}": (42, ".shape", 'found "round"; expected pert or triangular'),
    "{normal: [5]}": (26, ".normal", "found a list; expected [mean, standard deviation]"),
    "{normal: [5, 0]}": (30, ".normal[1]", "found the standard deviation 0; expected a number above 0"),
    "{values: []}": (26, ".values", "found an empty list; expected a list of numbers"),
    "{values: [1, x]}": (30, ".values[1]", f'found "x"; {AT_LEAST_0}'),
    "{values: [1, 2], weights: [1]}": (43, ".weights", "found 1 weights for 2 values; expected one each"),
    "{values: [1, 2], weights: [0, 0]}": (43, ".weights", "found no weight above 0; expected at least one"),
    "{p10: 5, p90: 4}": (31, ".p90", "found p90 4, not above the quantile before it, 5; expected rising quantiles"),
    "{p10: 5, p80: 9}": (17, "", "found p10, p80; expected p10, p50 and p90"),
    "{low: 1, high: 2, normal: [1, 2]}": (35, ".normal", "found normal beside low; expected one way to write it"),
    "{value: {low: 1, high: 2}}": (25, ".value", "found a mapping; expected its keys one level up, beside cite"),
    "{value: 4, cite: [some-repotr]}": (
        35,
        ".cite[0]",
        "found the source some-repotr; expected an id under sources (did you mean some-report?)",
    ),
    "{value: 4, cite: some-report}": (34, ".cite", 'found "some-report"; expected a list of source ids'),
    "{value: 4, grade: b2}": (35, ".grade", 'found "b2"; expected an Admiralty code'),
    "{value: 4, date: 2015-02-30}": (34, ".date", 'found "2015-02-30"; expected a date, YYYY-MM-DD'),
    "{value: 4, because: they said so, and more}": (
        51,
        ".and more",
        'found "and more" where a key should stand; expected text in quotes where it holds a comma',
    ),
    "{ref: actors.rebls.capability}": (
        23,
        ".ref",
        "found actors.rebls.capability; expected the path of",
    ),
    "{ref: actors.rebels.capability}": (
        23,
        ".ref",
        "found actors.rebels.capability -> actors.rebels.capability; expected a number that does not move",
    ),
    "{ref: 5}": (23, ".ref", "found 5; expected a path such as actors.iran.capability"),
    "{times: 2}": (17, "", "found times without ref; expected {ref: path, times: ..., plus: ...}"),
    "{dated: {}}": (25, ".dated", "found a mapping; expected {2014-02-15: 10"),
    "{dated: {2015-02-30: 5}}": (None, ".dated.2015-02-30", 'found "2015-02-30"; expected a date, YYYY-MM-DD'),
    "!!python/object/apply:os.system ['exit 1']": (
        17,
        "",
        "found the tag !!python/object/apply:os.system; expected plain values: tags are refused",
    ),
    "!!float 3": (17, "", "found the tag !!float; expected plain values"),
    "&a 5": (17, "", "found the anchor &a; expected values written out"),
    "{<<: {low: 1}}": (18, "", "found the merge key <<; expected fields written out"),
}


@pytest.mark.parametrize("value", NUMBERS, ids=lambda v: v[:40])
def test_a_number_that_is_none(value: str) -> None:
    column, below, said = NUMBERS[value]
    lines = faults(cap(value))
    assert len(lines) == 1
    place = "f.yaml:21:" + (f"{column}: " if column else "")
    assert lines[0].startswith(place)
    assert f" actors.rebels.capability{below}: {said}" in plainly(lines[0])


# --- files: each kind with the start of its only line --------------------------------------------------------------

TALKS_END = BLANK.rstrip("\n") + "\n"
FILES: dict[str, tuple[str, str]] = {
    "unknown field": (
        more("colour: red\n"),
        "54:1: colour: found the unknown field colour; expected one of detente, id",
    ),
    "misspelt": (edit("question:", "quetsion:"), "7:1: quetsion: found the unknown field quetsion; expected one of"),
    "misspelt below": (
        edit(REBELS, REBELS + "\n    resolve: {curvture: 1}"),
        "22:15: actors.rebels.resolve.curvture: found the unknown field curvture; expected one of",
    ),
    "number missing": (
        cap(""),
        "21:5: actors.rebels.capability: found nothing; expected capability: what the actor can",
    ),
    "number null": (cap("null"), "21:5: actors.rebels.capability: found nothing; expected capability"),
    "dangling actor": (
        edit("{actor: rebels", "{actor: rebls"),
        "38:13: stances[1].actor: found rebls; expected one of government, rebels, patron (did you mean rebels?)",
    ),
    "dangling issue": (
        edit("{actor: rebels, issue: autonomy", "{actor: rebels, issue: autonmy"),
        "38:28: stances[1].issue: found autonmy; expected one of autonomy (did you mean autonomy?)",
    ),
    "duplicate key": (
        more("title: x\n"),
        "54:1: title: found title a second time; expected every key once: the first is on line 6",
    ),
    "duplicate actor": (
        edit("issues:", "  rebels: {role: belligerent, capability: 3}\nissues:"),
        "27:3: actors.rebels: found rebels a second time; expected every key once: the first is on line 18",
    ),
    "duplicate stance": (
        edit("  - " + STANCE, f"  - {STANCE}\n  - {STANCE}"),
        "39:5: stances[2]: found a second stance of rebels on autonomy since 2024-01-01; expected one: the first is",
    ),
    "duplicate tie": (
        edit("levers:  ", "  - {from: patron, to: rebels, kind: backs, share: 0.1}\nlevers:  "),
        "44:5: ties[1]: found a second tie from patron to rebels of the kind backs",
    ),
    "tie from": (edit("from: patron", "from: patorn"), "42:12: ties[0].from: found patorn; expected one of"),
    "tie to itself": (
        edit("from: patron, to: rebels", "from: rebels, to: rebels"),
        "42:24: ties[0].to: found rebels; expected another actor than from",
    ),
    "tie with a share that has none": (
        edit("kind: backs", "kind: fights"),
        "42:53: ties[0].share: found a share of the kind fights; expected none",
    ),
    "tie that ends first": (
        edit(SHARE, "share: 0.7, since: 2020-01-01, until: 2019-01-01}"),
        "42:83: ties[0].until: found 2019-01-01; expected a day on or after since (2020-01-01)",
    ),
    "share over 1": (edit(SHARE, "share: 1.2}"), "42:52: ties[0].share: found 1.2; expected a number from 0 to 1"),
    "shares over 1": (
        edit(SHARE, "share: 0.7}\n  - {from: patron, to: government, kind: backs, share: 0.6}"),
        "4",  # either tie
    ),
    "salience over 1": (
        edit("salience: 0.9", "salience: 1.9"),
        "38:90: stances[1].salience: found 1.9; expected a number from 0 to 1",
    ),
    "salience in percent": (
        edit("salience: 0.9", "salience: 90%"),
        '38:90: stances[1].salience: found "90%"; expected a number from 0 to 1 (did you mean 0.9?)',
    ),
    "position off the scale": (
        edit("{low: 70, mode: 90, high: 100}", "{low: 70, mode: 90, high: 101}"),
        "38:74: stances[1].position.high: found 101; expected a number from 0 to 100",
    ),
    "status quo off the scale": (
        edit("status_quo: 10", "status_quo: -10"),
        "34:17: issues.autonomy.status_quo: found -10; expected a number from 0 to 100",
    ),
    "one anchor": (
        edit("      50: own schools and police\n      100: independence\n", ""),
        "3",
    ),
    "an anchor in words": (
        edit("      50: own", "      fifty: own"),
        "32:7: issues.autonomy.scale.fifty: found the anchor fifty; expected a",
    ),
    "30 February": (
        edit("as_of: 2025-01-01", "as_of: 2015-02-30"),
        "8:8: as_of: found 2015-02-30; expected a date such as 2015-03-15",
    ),
    "timestamp": (
        edit("as_of: 2025-01-01", "as_of: 2025-01-01T00:00:00Z"),
        "8:8: as_of: found 2025-01-01T00:00:00Z; expected a date such as 2015-03-15",
    ),
    "a year": (edit("as_of: 2025-01-01", "as_of: 2025"), "8:8: as_of: found 2025; expected a date"),
    "no date": (
        edit("salience: 0.9, since: 2024-01-01", "salience: 0.9"),
        "38:5: stances[1].since: found nothing; expected since",
    ),
    "role": (
        edit("role: backer", "role: baker"),
        "24:11: actors.patron.role: found baker; expected one of belligerent",
    ),
    "no role": (edit("    role: backer\n", ""), "22:3: actors.patron.role: found nothing; expected role: belligerent"),
    "version": (edit("detente: 1", "detente: 2"), "4:10: detente: found 2; expected 1"),
    "id on": (edit("id: my-conflict", "id: on"), "5:5: id: found the id on; expected another id: other YAML readers"),
    "id yes": (edit("  sanctions:", "  yes:"), "45:3: levers.yes: found the id yes; expected another id"),
    "id with a space": (
        edit("id: my-conflict", "id: my conflict"),
        "5:5: id: found the id my conflict; expected lower-case letters",
    ),
    "a title that is true": (edit("title: My conflict", "title: true"), "6:8: title: found true; expected text"),
    "a flag that is yes": (
        edit("read: true", "read: yes"),
        "11:82: sources.some-report.read: found yes; expected true or false",
    ),
    "text cut at its comma": (
        edit("title: A report,", "title: A report, with a comma,"),
        "11:34: sources.some-report.with a comma: found 'with a comma' where a field should stand; expected text",
    ),
    "a quotation of 41 words": (
        edit("salience: 0.9", f"said: {'w ' * 41}, salience: 0.9"),
        "38:86: stances[1].said: found 41 words; expected at most 40",
    ),
    "required whom nobody knows": (
        edit(REQUIRED, "required: [government, rebel]"),
        "53:26: talks.required[1]: found rebel; expected one of government, rebels, patron (did you mean rebels?)",
    ),
    "required nobody": (edit(REQUIRED, "required: []"), "53:13: talks.required: found"),
    "required and excluded": (
        more("  excluded: [rebels]\n"),
        "53:26: talks.required[1]: found rebels, which is excluded; expected a party",
    ),
    "required twice": (edit(REQUIRED, "required: [rebels, rebels]"), "53:22: talks.required[1]: found rebels"),
    "settlement": (more("  settlement: meen\n"), "54:15: talks.settlement: found meen; expected one of mean, median"),
    "success over 1": (more("  success: 1.2\n"), "54:12: talks.success: found 1.2; expected a number above 0"),
    "discount 1": (more("  discount: 1\n"), "54:13: talks.discount: found 1; expected a number above 0 and below 1"),
    "deadline 0": (more("  deadline: 0\n"), "54:13: talks.deadline: found 0; expected a whole number from 1"),
    "deadline a fraction": (more("  deadline: 2.5\n"), "54:13: talks.deadline: found 2.5; expected a whole number"),
    "walkout": (more("  walkout: 3\n"), "54:12: talks.walkout: found 3; expected a mapping"),
    "an event": (
        more("  history: [{date: 2024-01-01, event: rund}]\n"),
        "54:39: talks.history[0].event: found rund; expected one of framework",
    ),
    "an event that ends first": (
        more("  history: [{date: 2024-01-05, event: round, until: 2024-01-01}]\n"),
        "54:53: talks.history[0].until: found 2024-01-01; expected a day on or after date (2024-01-05)",
    ),
    "a lever held by nobody": (
        edit("held_by: [patron]", "held_by: [patrn]"),
        "47:15: levers.sanctions.held_by[0]: found",
    ),
    "a lever that bites nobody": (
        edit("bite: {government", "bite: {govermnent"),
        "50:12: levers.sanctions.bite.govermnent: found govermnent; expected an id under actors (did you mean government?)",
    ),
    "a lever that does nothing": (
        edit("    bite: {government: {low: 0.002, mode: 0.006, high: 0.01}}\n", ""),
        "46:",
    ),
    "a lever that raises no path": (
        edit("    bite: {g", "    raises: {talks.sucess: 0.1}\n    bite: {g"),
        "50:14: levers.sanctions.raises.talks.sucess: found talks.sucess; expected the path of a number "
        "(did you mean talks.success?)",
    ),
    "a lever that raises a lever": (
        edit("    bite: {g", "    raises: {levers.sanctions.level: 0.1}\n    bite: {g"),
        "50:14: levers.sanctions.raises.levers.sanctions.level: found levers.sanctions.level; expected a number",
    ),
    "a level outside its limits": (
        edit(LEVEL, "level: 2"),
        "48:12: levers.sanctions.level: found 2; expected a number from",
    ),
    "one limit": (
        edit("limits: [0, 1]", "limits: [1]"),
        "49:13: levers.sanctions.limits: found 1; expected two numbers",
    ),
    "limits reversed": (
        edit("limits: [0, 1]", "limits: [1, 0]"),
        "49:13: levers.sanctions.limits: found 1, 0; expected two numbers, the",
    ),
    "a correlation of no path": (
        more("correlations: [{of: [actors.rebels.capability, actors.governmnt.capability], rho: 0.5}]\n"),
        "54:48: correlations[0].of[1]: found actors.governmnt.capability; expected the path of a number "
        "(did you mean actors.government.capability?)",
    ),
    "correlations that cannot hold together": (
        more("correlations:\n")
        + "".join(
            f"  - {{of: [actors.{a}.capability, actors.{b}.capability], rho: {rho}}}\n"
            for a, b, rho in (("rebels", "government", 0.9), ("rebels", "patron", 0.9), ("government", "patron", -0.9))
        ),
        "5",
    ),
    "a model that is none": (
        more("models: {expected-utilty: {rounds: 3}}\n"),
        "54:10: models.expected-utilty: found expected-utilty; expected an id under models "
        "(did you mean expected-utility?)",
    ),
    "an option out of range": (
        more("models: {expected-utility: {rounds: -3}}\n"),
        "54:37: models.expected-utility.rounds: found -3; expected a whole number from 0",
    ),
    "a circle of two": (
        cap("{ref: actors.government.capability}").replace(GOVERNMENT, "capability: {ref: actors.rebels.capability}"),
        "17:23: actors.government.capability.ref: found actors.government.capability -> actors.rebels.capability -> ",
    ),
    "a variant's path": (
        more("variants: {strong: {actrs.rebels.capability: 3}}\n"),
        "54:21: variants.strong.actrs.rebels.capability: found actrs.rebels.capability; expected a path",
    ),
    "an outcome's issue": (
        more("outcome: {issues: {autonmy: 3}}\n"),
        "54:20: outcome.issues.autonmy: found autonmy; expected an id under issues (did you mean autonomy?)",
    ),
    "an ending": (
        more("outcome: {talks: {convened: true, ended: colapse}}\n"),
        "54:42: outcome.talks.ended: found colapse; expected one of agreement",
    ),
    "a toll below 0": (
        more("toll: [{date: 2024-01-01, what: killed, value: -3}]\n"),
        "54:48: toll[0].value: found -3; expected a number",
    ),
    # what is no scenario at all
    "empty": ("", " found nothing; expected a mapping that begins with `detente: 1`"),
    "comments alone": ("# nothing\n", " found nothing; expected a mapping that begins"),
    "a list": ("- a\n", "1:1: found a list; expected a mapping that begins"),
    "a word": ("abc\n", "1:1: found one value; expected a mapping that begins"),
    "two documents": (more("---\na: 1\n"), "54:1: found a second document; expected one document in a file"),
    "a tab": ("detente: 1\nactors:\n\ta: 1\n", "3:1: found a tab; expected spaces"),
    "an open bracket": ("detente: 1\nactors: {a: 1\n", "3:1: found the end of the file; expected a closing quote or"),
    "an open quote": ('detente: 1\ntitle: "abc\n', "3:1: found the end of the file; expected a closing quote or"),
    "a colon": ("detente: 1\ntitle: a: b\n", "2:9: found a colon where none can stand; expected text that holds a"),
    "indentation": ("actors:\n    a: 1\n  b: 2\n", "3:3: found a line that does not fit the lines above; expected the"),
    "an at sign": ("detente: 1\ntitle: @x\n", "2:8: found character '@' that cannot start any token; expected text"),
    "a directive": ("%YAML 9.9\n---\na: 1\n", "1:1: found incompatible YAML document"),
    "nesting": ("a: " + "[" * 100 + "]" * 100, "1:67: found nesting deeper than 64; expected at most 64 levels"),
    "nesting without end": ("a: " + "[" * 100_000, "1:67: found nesting deeper than 64; expected at most 64 levels"),
    "a list as a key": ("? [a, b]\n: 1\n", "1:3: found a mapping or list as a key; expected a name"),
    "NUL": ("a: \0\n", " found no text: character U+0000 at character offset 3"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_wrong(kind: str) -> None:
    text, said = FILES[kind]
    lines = faults(text)
    assert len(lines) == 1, lines
    assert plainly(lines[0]).startswith(f"f.yaml:{said}")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("shares over 1", r"ties\[[01]\]\.share: found shares of patron that sum to at least 1\.3; expected at most 1"),
        ("one anchor", r"issues\.autonomy\.scale: found .*; expected .*(2|two)"),
        (
            "a lever that does nothing",
            r"levers\.sanctions: found neither bite nor raises; expected what the lever does",
        ),
        (
            "correlations that cannot hold together",
            r"correlations: found correlations that cannot hold together.*; expected a positive",
        ),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(kind: str, said: str) -> None:
    assert re.search(said, faults(FILES[kind][0])[0])


@pytest.mark.parametrize("word", ["no", "on", "yes", "off", "true", "null", "y", "n"])
def test_ids_that_other_readers_take_for_something_else(word: str) -> None:
    lines = faults(BLANK.replace("  sanctions:", f"  {word}:"))
    assert lines == [
        f"f.yaml:45:3: levers.{word}: found the id {word}; "
        "expected another id: other YAML readers take it for true, false or nothing"
    ]


def test_all_faults_of_a_file_in_its_order() -> None:
    text = cap("-1").replace("salience: 0.3", "salience: 3").replace("role: backer", "role: baker")
    assert [line.split(": ")[:2] for line in faults(text)] == [
        ["f.yaml:21:17", "actors.rebels.capability"],
        ["f.yaml:24:11", "actors.patron.role"],
        ["f.yaml:39:79", "stances[2].salience"],
    ]


def test_everything_that_is_missing() -> None:
    lines = faults("detente: 1\n")
    assert [line.split(": ")[1] for line in lines] == ["id", "title", "as_of", "actors", "issues", "stances"]
    assert {line.split(": ")[0] for line in lines} == {"f.yaml:1:1"}


def test_parts_of_the_wrong_kind() -> None:
    lines = faults(
        "detente: 1\nid: a\ntitle: t\nas_of: 2020-01-01\nactors: [a]\nissues: 3\nstances: {}\nties: 3\nlevers: x\n"
    )
    assert [line.split(": ", 1)[1] for line in lines] == [
        "actors: found a list; expected a mapping",
        "issues: found 3; expected a mapping",
        "stances: found a mapping; expected a list",
        "ties: found 3; expected a list",
        "levers: found x; expected a mapping",
    ]


def test_a_scale_of_one_place_is_the_only_fault() -> None:
    # Nothing is said of positions on a scale that is none.
    lines = faults(edit("      50: own schools and police\n      100: independence\n", "      '0.0': own\n"))
    assert len(lines) == 1
    assert "scale" in lines[0]


def test_a_correlation_over_1() -> None:
    of = "[actors.rebels.capability, actors.patron.capability]"
    lines = faults(more(f"correlations: [{{of: {of}, rho: 1.5}}]\n"))
    assert "f.yaml:54:80: correlations[0].rho: found 1.5; expected a number from -1 to 1" in lines


def test_an_alias_bomb_is_refused_as_it_stands() -> None:
    lines = faults("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
    assert [line.split(": ")[0] for line in lines][:2] == ["f.yaml:1:4", "f.yaml:2:4"]
    assert "found alias *b; expected values written out: aliases are refused" in lines[-1]


def test_no_tag_runs_anything(tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    for tag in ("!!python/object/apply:os.system", "!!python/object/new:os.system", "!!python/name:os.system"):
        for text in (
            f"{tag} ['touch {proof}']\n",
            cap(f"{tag} ['touch {proof}']"),
            f"? {tag} ['touch {proof}']\n: 1\n",
        ):
            assert any("tags are refused" in line for line in faults(text))
    assert not proof.exists()


def test_a_chain_of_refs_is_no_circle() -> None:
    text = cap("{ref: actors.patron.capability}").replace(GOVERNMENT, "capability: {ref: actors.rebels.capability}")
    assert build(parse(text, "f.yaml")).id == "my-conflict"


def test_a_fault_is_one_line_whatever_the_input_held() -> None:
    assert all("\n" not in line and "\x1b" not in line for line in faults('"a\\nb\\e[31m": 1\n'))


# --- the same through the command, from files and standard input ---------------------------------------------------


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bytes(range(1, 256)), "text"),
        (
            BLANK.encode("utf-16"),
            "f.yaml: found no text in UTF-8: byte 0xff at offset 0; expected a YAML file in UTF-8",
        ),
        (b"a: b\0c\n", "f.yaml: found no text: character U+0000 at byte offset 4; expected a YAML file in UTF-8"),
        (b"", "f.yaml: found nothing; expected a mapping that begins with `detente: 1`"),
        (
            b"\xef\xbb\xbfa: \xff",
            "f.yaml: found no text in UTF-8: byte 0xff at offset 6; expected a YAML file in UTF-8",
        ),
        (b"x" * 10_000_001, "; expected at most 10000000"),
    ],
    ids=["binary", "utf-16", "nul", "empty", "not utf-8 after a mark", "too large"],
)
def test_files_that_are_no_text(here: Path, data: bytes, said: str) -> None:
    Path("f.yaml").write_bytes(data)
    status, out, err = detente("check", "f.yaml")
    assert (status, out, len(err)) == (1, "", 1)
    assert said in err[0]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + BLANK.encode(),
        BLANK.replace("\n", "\r\n").encode(),
        json.dumps(parse(BLANK, "b.yaml").data, indent=1).encode(),
        json.dumps(parse(BLANK, "b.yaml").data).encode(),
    ],
    ids=["byte order mark", "CRLF", "JSON", "JSON in a line"],
)
def test_files_that_are_fine(here: Path, data: bytes) -> None:
    Path("f.yaml").write_bytes(data)
    assert detente("check", "f.yaml", "--quiet") == (0, "", [])


def test_places_are_the_same_after_a_mark_and_with_crlf(here: Path) -> None:
    Path("f.yaml").write_bytes(b"\xef\xbb\xbf" + cap("-1").replace("\n", "\r\n").encode())
    assert detente("check", "f.yaml")[2][0].startswith("f.yaml:21:17: actors.rebels.capability: found -1")


def test_standard_input_with_faults() -> None:
    status, out, err = detente("check", "-", stdin=BLANK.replace("rebels:", "rebls:").encode())
    assert (status, out) == (1, "")
    assert [line.split(": ")[0] for line in err] == ["<stdin>:38:13", "<stdin>:42:24", "<stdin>:53:26"]
    assert all("found rebels" in line and "(did you mean rebls?)" in line for line in err)


def test_a_file_that_may_not_be_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))  # what chmod 000 means to all but root

    for way in ("read_bytes", "open"):
        monkeypatch.setattr(Path, way, refuse)
    status, _, err = detente("run", "b.yaml")
    assert status == 1
    assert err == [
        "b.yaml: could not be read: permission denied; expected a scenario file or a built-in id (detente list)"
    ]


# --- the command line ----------------------------------------------------------------------------------------------

CAPABILITY = "actors.rebels.capability"
VARIANTS = "variants:\n  fine: {actors.rebels.capability: 3}\n"
LINES: dict[str, tuple[int, str]] = {
    # which scenario
    "run": (2, "detente run: Missing argument 'SCENARIO'; see detente run --help"),
    "run syria-2014": (
        1,
        "syria-2014: could not be read: no such file or directory; expected a scenario file or a built-in id (detente list) (did you mean syria-2015?)",
    ),
    "run nowhere.yaml": (1, "nowhere.yaml: could not be read: no such file or directory; expected"),
    "run folder": (1, "folder: could not be read: is a directory; expected a scenario file"),
    "run ''": (1, "found an empty name; expected a scenario file"),
    "run syria-2015@2015-02-30": (1, "syria-2015@2015-02-30: found @2015-02-30; expected a date such as @2015-03-15"),
    "run syria-2015@tomorrow": (1, "syria-2015@tomorrow: found @tomorrow; expected a date such as @2015-03-15"),
    "run syria-2015+less-baking": (1, "found the variant less-baking; expected one of"),
    "run b.yaml+x": (1, "found the variant x; expected none: the file has no variants"),
    "run value.yaml+odd": (1, f"value.yaml:56:35: variant odd: {CAPABILITY}: found -3; expected a number"),
    "run path.yaml+odd": (
        1,
        f"path.yaml:56:9: variants.odd.actors.rebl.capability: found actors.rebl.capability; expected a path such as actors.ID.capability "
        f"(did you mean {CAPABILITY}?)",
    ),
    "run field.yaml+odd": (1, "field.yaml:56:31: variant odd: actors.rebels.colour: found the unknown field"),
    # what-ifs
    f"run b.yaml --set {CAPABILITY}": (2, f"--set {CAPABILITY}: found no PATH=VALUE; expected such as actors.damascus"),
    "run b.yaml --set =3": (2, "--set =3: found no PATH=VALUE"),
    "run b.yaml --set actors.rebls.capability=3": (
        2,
        "--set actors.rebls.capability=3: found actors.rebls.capability; expected a path such as actors.ID.capability "
        f"(did you mean {CAPABILITY}?)",
    ),
    f"run b.yaml --set {CAPABILITY}=-3": (
        2,
        f"--set {CAPABILITY}=-3: {CAPABILITY}: found -3; expected a number at least 0",
    ),
    f"run b.yaml --set {CAPABILITY}=abc": (2, f'--set {CAPABILITY}=abc: {CAPABILITY}: found "abc"; expected a number'),
    f"run b.yaml --set {CAPABILITY}=": (2, f"--set {CAPABILITY}=: {CAPABILITY}: found nothing; expected capability"),
    f"run b.yaml --set {CAPABILITY}=.nan": (2, f"--set {CAPABILITY}=.nan: {CAPABILITY}: found .nan; expected a finite"),
    f"run b.yaml --set '{CAPABILITY}={{low: 3'": (
        2,
        f"--set {CAPABILITY}={{low: 3: {CAPABILITY}: found the end of the file; expected a closing quote or bracket",
    ),
    "run b.yaml --set ties.patron.rebels.share=2": (
        2,
        "--set ties.patron.rebels.share=2: ties.patron.rebels.share: found 2; expected a number from 0 to 1",
    ),
    "run b.yaml --set ties.patron.rebels.fights.share=1": (
        2,
        "--set ties.patron.rebels.fights.share=1: found ties.patron.rebels.fights.share; expected a path",
    ),
    "run b.yaml --set stances=3": (2, "--set stances=3: stances: found 3; expected a list"),
    "run b.yaml --set actors.rebels=3": (2, "--set actors.rebels=3: actors.rebels: found 3; expected a mapping"),
    "run b.yaml --set issues.autonomy.scale.x=3": (
        2,
        "--set issues.autonomy.scale.x=3: found issues.autonomy",
    ),
    "run b.yaml --set id=no": (2, "--set id=no: id: found the id no; expected another id"),
    "run b.yaml --set as_of=2024-13-01": (2, "--set as_of=2024-13-01: as_of: found 2024-13-01; expected a date"),
    "run b.yaml --set levers.sanctions.raises.talks.sucess=1": (
        2,
        "--set levers.sanctions.raises.talks.sucess=1: levers.sanctions.raises.talks.sucess: found talks.sucess",
    ),
    # days
    "run b.yaml --as-of yesterday": (2, "--as-of: found yesterday; expected a date such as 2015-03-15"),
    "run b.yaml --as-of 2015-02-30": (2, "--as-of: found 2015-02-30; expected a date such as 2015-03-15"),
    "run b.yaml --as-of 2000-01-01": (
        1,
        "b.yaml:36:1: stances: found no stance in force on 2000-01-01; expected a day from 2024-01-01 on",
    ),
    "run dated.yaml": (
        1,
        f"dated.yaml:21:17: {CAPABILITY}: found no value in force on 2025-01-01; expected a first date on or before it",
    ),
    # rules that depend on the day
    "run weak.yaml": (
        1,
        "weak.yaml:17:17: actors.government.capability: found that all belligerents may have no strength",
    ),
    "run exact.yaml": (1, "exact.yaml:54:48: correlations[0].of[1]: found talks.deadline, which is exact; expected a"),
    # numbers and names of options
    "run b.yaml --models meen": (2, "detente: --models: found 'meen'; expected some of mean"),
    "run b.yaml --models ,": (2, "detente: --models: found ','; expected one or more names"),
    "run b.yaml --draws 0": (2, "detente run: Invalid value for '--draws': 0 is not in the range 1<=x<=100000000"),
    "run b.yaml --draws abc": (2, "detente run: Invalid value for '--draws': 'abc' is not a whole number"),
    "run b.yaml --seed -1": (2, "detente run: Invalid value for '--seed': -1 is not in the range x>=0"),
    "run b.yaml --drws 3": (2, "detente run: --drws: no such option (did you mean --draws?); see detente run --help"),
    "run b.yaml other": (2, "detente run: Got unexpected extra argument (other); see detente run --help"),
    "chekc b.yaml": (2, "detente: No such command 'chekc' (did you mean check?); see detente --help"),
    "explain b.yaml": (2, "detente explain: Missing option '--actor'; see detente explain --help"),
    "explain b.yaml --actor rebls": (
        2,
        "detente: --actor: found 'rebls'; expected one of government, rebels, patron (did you mean rebels?)",
    ),
    "explain untalked.yaml --actor rebels": (2, "detente: explain: the scenario has no `talks`; expected"),
    "tip b.yaml --actor rebls": (2, "detente: --actor: found 'rebls'; expected one of"),
    "tip b.yaml --lever sanctons": (2, "detente: --lever: found 'sanctons'; expected a lever, such as sanctions"),
    "tip b.yaml --lever2 sanctions": (2, "detente: tip: --lever2 needs --lever; expected both"),
    "tip b.yaml --lever sanctions --lever2 sanctions": (
        2,
        "detente: --lever2: found 'sanctions' again; expected another",
    ),
    "tip b.yaml --lever sanctions --limits 1": (2, "detente: --limits: found '1'; expected two numbers, such as 0,0.5"),
    "tip b.yaml --lever sanctions --limits a,b": (2, "detente: --limits: found 'a,b'; expected two numbers"),
    "tip b.yaml --lever sanctions --limits nan,1": (2, "detente: --limits: found 'nan,1'; expected two numbers"),
    "tip b.yaml --lever sanctions --limits 0,inf": (2, "detente: --limits: found '0,inf'; expected two numbers"),
    "tip b.yaml --lever sanctions --limits 1,0": (2, "detente: --limits: found 1,0; expected the lower limit first"),
    "tip b.yaml --lever talks.success --limits 0,3": (
        2,
        "detente: --limits: found 0,3; expected limits within 0 and 1",
    ),
    "tip b.yaml --limits 0,1": (2, "detente: tip: --limits needs --lever; expected both"),
    "tip b.yaml --lever sanctions --target 2": (
        2,
        "detente: --target: found 2; expected a probability between 0 and 1",
    ),
    "tip b.yaml --parties --lever sanctions": (2, "detente: tip: --parties takes no --actor, --lever or --measure"),
    "tip unlevered.yaml": (2, "detente: tip: the scenario has no `levers`; expected --lever PATH"),
    "tip untalked.yaml": (2, "detente: tip: the scenario has no `talks`; expected"),
    "tip b.yaml --measure comes.rebls": (2, "detente: measure: found 'comes.rebls'; expected one such as comes."),
    "sensitivity b.yaml --measure cmes.rebels": (2, "detente: measure: found 'cmes.rebels'; expected one such as"),
    "sensitivity b.yaml --base 3": (2, "detente: --base: found 3; expected a power of two of at least 2"),
    "compare b.yaml": (2, "detente: compare: found one scenario; expected two or more"),
    "compare": (2, "detente: compare: found no scenario; expected two or more"),
    "score": (2, "detente: score: found no scenario; expected one or more"),
    "score b.yaml": (2, "detente: score: my-conflict has no `outcome`; expected"),
    # places
    "list --json nowhere/x.json": (1, "nowhere/x.json: could not be written: no such file or directory; expected"),
    "run b.yaml --draws 10 -q --json nowhere/x.json": (1, "nowhere/x.json: could not be written: no such file"),
    "run b.yaml --draws 10 -q --json folder": (
        2,
        "detente run: Invalid value for '--json': File 'folder' is a directory",
    ),
    "run b.yaml --draws 10 -q --csv nowhere/x.csv": (1, "nowhere/x.csv: could not be written: no such file or"),
    "new b.yaml": (2, "detente: new: b.yaml is there already; expected another name, or --force"),
    "new nowhere/x.yaml": (1, "nowhere/x.yaml: could not be written: no such file or directory"),
    "new x.yaml --from syria-2014": (2, "detente: found 'syria-2014'; expected one of"),
}


@pytest.fixture
def several(here: Path) -> Path:
    """The scenarios that the command lines name."""
    Path("folder").mkdir()
    talks, levers = BLANK.index("talks:"), BLANK.index("levers:  ")
    for name, text in {
        "value": BLANK + VARIANTS + "  odd: {actors.rebels.capability: -3}\n",
        "path": BLANK + VARIANTS + "  odd: {actors.rebl.capability: 3}\n",
        "field": BLANK + VARIANTS + "  odd: {actors.rebels.colour: 3}\n",
        "dated": cap("{dated: {2026-01-01: 3}}"),
        "weak": cap("{low: 0, high: 2}").replace(GOVERNMENT, "capability: 0"),
        "exact": more("correlations: [{of: [actors.rebels.capability, talks.deadline], rho: 0.4}]\n"),
        "untalked": BLANK[:talks],
        "unlevered": BLANK[:levers] + BLANK[talks:],
    }.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    return here


@pytest.mark.parametrize("line", LINES)
def test_a_command_line_that_is_wrong(several: Path, line: str) -> None:
    import shlex

    before = sorted(path.name for path in several.rglob("*"))
    expected, said = LINES[line]
    status, out, err = detente(*shlex.split(line))
    assert (status, out, len(err)) == (expected, "", 1), err
    assert said in plainly(err[0])
    assert sorted(path.name for path in several.rglob("*")) == before


def test_every_wrong_what_if_is_named(here: Path) -> None:
    status, _, err = detente("run", "b.yaml", "--set", "talks.success=3", "--set", "talks.kept=-2")
    assert status == 2
    assert [line.split(": ")[0] for line in err] == ["--set talks.success=3", "--set talks.kept=-2"]


def test_a_new_stance_says_what_else_it_needs(here: Path) -> None:
    status, _, err = detente("run", "b.yaml", "--as-of", "2000-01-01", "--set", "stances.rebels.autonomy.position=3")
    assert status == 2
    assert len(err) == 1
    assert err[0].startswith("--set stances.rebels.autonomy.position=3: ")
    assert "found nothing; expected salience" in err[0]


def test_new_keeps_what_was_there(here: Path) -> None:
    Path("mine.yaml").write_text("mine", encoding="utf-8")
    assert detente("new", "mine.yaml")[0] == 2
    assert Path("mine.yaml").read_text(encoding="utf-8") == "mine"
    assert detente("new", "mine.yaml", "--force")[0] == 0
    assert Path("mine.yaml").read_text(encoding="utf-8") == BLANK


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_old_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("old.json").write_text("old", encoding="utf-8")

    def full(path: Path, *_: Any, **__: Any) -> None:
        path.write_bytes(b"hal")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    status, _, err = detente("list", "--json", "old.json")
    assert (status, err) == (
        1,
        ["old.json: could not be written: no space left on device; expected a place that can be written"],
    )
    assert Path("old.json").read_bytes() == b"old"
    assert sorted(path.name for path in here.iterdir()) == ["b.yaml", "old.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_or_device_is_written_to_and_never_replaced(here: Path) -> None:
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert detente("list", "--json", "pipe")[0] == 0
        assert b"syria-2015" in os.read(reader, 65536)
    finally:
        os.close(reader)
    assert Path("pipe").is_fifo()
    assert sorted(path.name for path in here.iterdir()) == ["b.yaml", "pipe"]


def test_a_link_goes_on_pointing_where_it_did(here: Path) -> None:
    Path("folder").mkdir()
    Path("link.json").symlink_to("folder/real.json")
    assert detente("list", "--json", "link.json")[0] == 0
    assert Path("link.json").is_symlink()
    assert "syria-2015" in Path("folder/real.json").read_text(encoding="utf-8")


# --- as a process of its own ---------------------------------------------------------------------------------------

COMMAND = [sys.executable, "-m", "detente"]
SOURCE = Path(__file__).resolve().parents[1] / "src"


def process(*argv: str, **how: Any) -> subprocess.Popen[bytes]:
    """The command started, with both streams caught unless said otherwise."""
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.Popen([*COMMAND, *argv], env=env, **how)


def test_the_process_ends_with_the_status(here: Path) -> None:
    Path("f.yaml").write_text(cap("-1"), encoding="utf-8")
    running = process("check", "f.yaml")
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (1, b"")
    assert err.decode() == f"f.yaml:21:17: actors.rebels.capability: found -1; {AT_LEAST_0}\n"


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full here")
def test_a_full_disk_behind_standard_output(here: Path) -> None:
    with open("/dev/full", "wb") as full:
        running = process("list", "--json", "-", stdout=full)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert err.decode() == "detente: no space left on device\n"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise")
def test_a_reader_that_has_seen_enough(here: Path) -> None:
    running = process("show", "syria-2015", "--resolved", "--json", "-")
    assert running.stdout is not None and running.stderr is not None
    running.stdout.close()
    assert running.wait(timeout=60) == 141
    assert running.stderr.read() == b""
    running.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_interrupted_with_nothing_half_written(here: Path) -> None:
    argv = ["run", "syria-2015", "--draws", "3000000", "--workers", "1", "--json", "x.json", "--csv", "x.csv"]
    # What a shell starts in the background ignores an interruption, and so would all that it starts.
    running = process(*argv, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    time.sleep(10)  # well into the run, on a slow machine too
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, b""), err
    assert err.decode().strip() == "detente: interrupted; nothing was written"
    assert [path.name for path in here.iterdir()] == ["b.yaml"]


# --- anything at all -----------------------------------------------------------------------------------------------


def only_faults(text: str) -> None:
    """A text is a scenario or has faults; each is one line, and its place lies in the text."""
    try:
        build(parse(text, "f.yaml"))
    except InputError as error:
        assert error.faults
        lines = len(re.split("\r\n|[\n\r\x85\u2028\u2029]", text))
        for fault in error.faults:
            assert "\n" not in str(fault)
            assert fault.line is None or 1 <= fault.line <= lines + 1
            assert fault.column is None or fault.column >= 1


@given(st.text(max_size=200))
@example("a: 'x")
@example("{? : !<!> }")
def test_any_text(text: str) -> None:
    only_faults(text)


@given(st.text(alphabet=" \n\t-:,[]{}?!&*#|>@%'\"\\abno019.~<", max_size=60))
def test_any_marks(text: str) -> None:
    only_faults(text)


BITS = [
    "",
    " ",
    "\n",
    "\t",
    ":",
    "- ",
    ",",
    "{",
    "}",
    "[",
    "]",
    "#",
    "'",
    '"',
    "|",
    "&a",
    "*a",
    "!!int",
    "<<",
    "null",
    "true",
    "-1",
    "1e400",
    ".nan",
    "{}",
    "[]",
    "{a: 1}",
    "[[1]]",
    "no",
    "2015-02-30",
    "x",
    "low",
    "actors",
    "0",
    "ref: talks.success",
]


@given(
    st.lists(st.tuples(st.integers(0, len(BLANK)), st.integers(0, 12), st.sampled_from(BITS)), min_size=1, max_size=4)
)
def test_any_change_of_a_scenario(changes: list[tuple[int, int, str]]) -> None:
    text = BLANK
    for start, length, bit in changes:
        text = text[:start] + bit + text[start + length :]
    only_faults(text)


ODD = [
    None,
    True,
    0,
    -1,
    1.5,
    1e300,
    "",
    "x",
    "80%",
    [],
    {},
    [1],
    ["x"],
    [[]],
    {"a": 1},
    {1: {}},
    [None],
    [{}],
    {"low": 1},
]
WHOLE: dict[str, Any] = {
    **parse(BLANK, "b.yaml").data,
    "correlations": [{"of": ["actors.rebels.capability", "actors.patron.capability"], "rho": 0.5}],
    "variants": {"weaker": {"actors.rebels.capability": 20}},
    "models": {"expected-utility": {"rounds": 3}},
    "votes": {"quota": 3, "of": {"rebels": 2, "patron": 2}, "others": [1], "index": "banzhaf"},
    "toll": [{"date": "2024-01-01", "what": "killed", "value": 3}],
    "expect": [{"measure": "convene", "value": 0.5, "tolerance": 0.1}],
    "outcome": {"talks": {"convened": True}, "issues": {"autonomy": 40}},
    "game": {
        "decision_makers": {"a": {"options": ["x"]}},
        "options": {"x": {"name": "X"}},
        "preferences": {"a": {"weights": {"x": 1}}},
    },
}


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(below for key, member in members for below in _paths(member, (*path, key)))]


def _put(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(data, dict):
        return {key: _put(member, path[1:], value) if key == path[0] else member for key, member in data.items()}
    return [_put(member, path[1:], value) if i == path[0] else member for i, member in enumerate(data)]


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_anything_anywhere(value: Any) -> None:
    # Exhaustive where hypothesis would sample: every value of the file replaced by one of another kind.
    for path in _paths(WHOLE)[1:]:
        only_faults(json.dumps(_put(WHOLE, path, value)))
