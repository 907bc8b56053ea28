"""Where a command is asked to write: held before any work is done, named once, and not taken for another file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from detente import api
from detente.cli import app
from detente.errors import InputError, UsageError
from detente.files import hold_writable

SYRIA = "syria-2015"


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DETENTE_SHELF", str(tmp_path / "shelf"))


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def worked(*_: Any, **__: Any) -> None:
        raise AssertionError("the question was asked before the place was looked at")

    for name in ("run", "situation", "conflict", "stability", "import_", "write_reading"):
        monkeypatch.setattr(api, name, worked)


def told(*argv: str) -> str:
    answer = CliRunner().invoke(app, list(argv), prog_name="detente")
    assert isinstance(answer.exception, InputError | UsageError), (answer.output, answer.exception)
    assert answer.stdout == ""
    return str(answer.exception)


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["run", SYRIA, "--html", "-"], "--html: found -; expected the name of a file"),
        (["run", SYRIA, "--charts", "-"], "--charts: found -; expected the name of a file or folder"),
        (["run", SYRIA, "--csv", "-"], "--csv: found -"),
        (["graph", "chicken", "--export", "-"], "--export: found -"),
        (["run", SYRIA, "--html", "x", "--json", "./x"], "--json: found x, which is that of --html as well"),
        (["run", SYRIA, "--csv", "x", "--html", "x"], "which is that of --csv as well; expected another"),
        (["run", SYRIA, "--html", "no/x.html"], "no/x.html: could not be written: no such file or directory"),
        (["run", SYRIA, "--json", "no/x.json"], "no/x.json: could not be written: no such file"),
        (["run", SYRIA, "--charts", "no/x"], "no/x: could not be written: no such file"),
        (["run", SYRIA, "--html", "file/x"], "file/x: could not be written: not a directory"),
        (["graph", "chicken", "--export", "no/ch.dot"], "no/ch.dot: could not be written"),
        (["graph", "chicken", "--export", "ch.pdf"], "expected a name that ends in .gmcr, .graphml or .dot"),
        (["graph", "chicken", "--export", "ch.dot"], "ch.dot is there already"),
        (["import", "file", "-o", "no/x.yaml"], "no/x.yaml: could not be written"),
        (["read", "sample", "--text", "no/x.txt"], "no/x.txt: could not be written"),
    ],
)
def test_a_place_is_held_before_any_work(argv: list[str], words: str) -> None:
    Path("file").touch()
    Path("ch.dot").touch()
    assert words.replace("/", os.sep) in told(*argv) or words in told(*argv)


def test_a_folder_that_nobody_may_write_to_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    hold_writable(tmp_path / "new")
    if os.access(closed, os.W_OK):
        pytest.skip("to this user every folder is open")
    with pytest.raises(InputError, match="permission denied"):
        hold_writable(closed / "x")


def test_one_draw_says_what_it_has_no_use_for() -> None:
    def said(*argv: str) -> str:
        return CliRunner().invoke(app, ["run", "ec-emissions-1994", *argv], catch_exceptions=False).stderr

    assert "--draws and --seed do nothing" in said("--central", "--draws", "50", "--seed", "1")
    assert "--random does nothing" in said("--central", "--random")
    assert "nothing" not in said("--central")
    assert "nothing" not in said("--draws", "50")
    assert "nothing" not in said("--central", "--draws", "50", "-q")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["sample", "--out", "x.txt"], "sample is a single document; --out expects a web archive or a folder"),
        (["folder", "--out", "x.txt"], "--out: found x.txt; expected a name that ends in .parquet"),
        (["sample", "--into", "conflct.yaml"], "found no such file; .* (did you mean conflict.yaml?)"),
        (["sample", "--into", "conflict"], "(did you mean conflict.yaml?)"),
        (["sample", "--into", "syria-2015"], "detente new my-conflict.yaml --from syria-2015"),
        (["sample", "--into", "syria-205.yaml"], "detente new my-conflict.yaml --from syria-2015"),
        (["sample", "--into", "quite-else"], "for a new one a name that ends in .yaml"),
    ],
)
def test_a_name_that_is_mistyped_makes_no_file(argv: list[str], words: str) -> None:
    Path("folder").mkdir()
    Path("conflict.yaml").touch()
    there = sorted(os.listdir())
    found = told("read", *argv, "--fast", *(["--accept-all"] if "--into" in argv else []))
    assert all(part in found for part in words.split(" .* "))
    assert sorted(os.listdir()) == there


def test_without_what_writes_tables_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("folder").mkdir()
    monkeypatch.setattr("detente.cli.read.find_spec", lambda name: None)
    assert "pip install 'detente[archive]'" in told("read", "folder", "--out", "x.parquet", "--fast")


def test_a_new_file_is_said_to_be_new_and_what_it_becomes_runs() -> None:
    argv = ["read", "sample", "--into", "harbour.yaml", "--accept-all", "--fast"]
    answer = CliRunner().invoke(app, argv, catch_exceptions=False)
    assert "harbour.yaml is NEW: no such file is there" in answer.stderr
    assert api.check("harbour.yaml").to_dict()["numbers"] > 0
    for _ in range(3):  # what is written first may make more to propose
        again = CliRunner().invoke(app, argv, catch_exceptions=False)
        assert "NEW" not in again.stderr
    assert "0 lines written; nothing is open; to decide anew: detente read --forget" in again.stderr


def test_an_unknown_lever_gets_the_three_nearest() -> None:
    found = told("tip", SYRIA, "--actor", "damascus", "--lever", "sanctions", "--draws", "10")
    assert found.startswith("--lever: found 'sanctions'; expected a lever, such as ")
    assert len(found) < 150 and "did you mean" not in found
    assert "(did you mean guarantee?)" in told("tip", SYRIA, "--lever", "garantee", "--draws", "10")


@pytest.mark.parametrize(
    "argv",
    [
        ["run", "my.yaml", "--html", "my.yaml"],
        ["run", "my.yaml@2014-02-15", "--json", "./my.yaml"],
        ["compare", "syria-2015", "my.yaml+less-backing", "--html", "my.yaml"],
        ["check", "my.yaml", "--json", "my.yaml"],
        ["export", "my.yaml", "-o", "my.yaml", "--force"],
        ["read", "my.yaml", "--html", "my.yaml"],
    ],
    ids=" ".join,
)
def test_a_command_writes_over_none_of_the_files_it_reads(argv: list[str]) -> None:
    text = api.situation(SYRIA).source_text
    Path("my.yaml").write_text(text, encoding="utf-8")
    assert "found my.yaml, which is what the command reads; expected another file" in told(*argv)
    assert Path("my.yaml").read_text(encoding="utf-8") == text
