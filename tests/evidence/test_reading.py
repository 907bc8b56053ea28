"""`detente read` and `detente evidence`: keys, files, and one clear line for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import detente
from detente.cli import app
from detente.console import run_safely
from detente.evidence.reading import Reading
from detente.evidence.scores import overlap
from detente.evidence.statements import Statement
from detente.evidence.windows import tokens, touched

TEXT = "Talks fail\r\n\r\n“We will go,” Mr Orlov said.\r\nParis hopes for [red]peace[/red].\u202e"
STATEMENT = {"source", "cue", "content", "kind", "negated", "earlier", "attitude", "confidence"}
DOCUMENT = {"title", "publisher", "date", "date_from", "url", "credits", "sha256"}


def invoke(arguments: list[str], *, given: bytes | None = None, status: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments, input=given, catch_exceptions=True)
    assert result.exit_code == status or status, result.output
    return result


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report-2015-03-15.txt"
    file.write_bytes(TEXT.encode())
    return file


def test_json_has_what_is_promised_and_spans_are_slices(report: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    done = invoke(["read", str(report), "--fast", "--json", "-", "--text", str(text)])
    found = json.loads(done.stdout)
    assert set(found["document"]) >= DOCUMENT
    assert (found["model"], found["document"]["date"], found["document"]["date_from"]) == (
        "rules",
        "2015-03-15",
        "file name",
    )
    kept = text.read_bytes().decode()
    assert kept == TEXT
    assert len(found["statements"]) == 2
    for statement in found["statements"]:
        assert set(statement) >= STATEMENT
        for span in (statement["source"], statement["cue"], *statement["content"]):
            assert kept[span["start"] : span["end"]] == span["text"]


def test_several_documents_are_a_list_and_standard_input_is_one(report: Path) -> None:
    found = json.loads(invoke(["read", str(report), str(report), "--fast", "--json", "-"]).stdout)
    assert [len(one["statements"]) for one in found] == [2, 2]
    one = json.loads(invoke(["read", "-", "--fast", "--json", "-"], given=TEXT.encode()).stdout)
    assert (one["document"]["name"], len(one["statements"])) == ("-", 2)


def test_what_a_person_sees_moves_no_cursor_and_obeys_no_markup(report: Path) -> None:
    shown = invoke(["read", str(report), "--fast"]).stdout
    assert "read by: rules" in shown and "[red]peace[/red" in shown and "\u202e" not in shown
    assert all(len(line) <= 80 for line in shown.splitlines())


@pytest.mark.parametrize(
    ("arguments", "expected", "status"),
    [
        (["read", "a.txt", "b.txt"], "a.txt: could not be read", 1),
        (["read", "a.txt", "--date", "soon"], "--date: 'soon'; expected a day as YYYY-MM-DD", 2),
        (["read", "a.txt", "b.txt", "--text", "t"], "--text takes one document", 2),
        (["read", "a.txt", "--model", "none.zip"], "is not an attribution model", 1),
        (["evidence", "eval", "--polnear", "nowhere", "--fast"], "no annotations found", 1),
        (["evidence", "train", "--polnear", "nowhere", "--out", "out"], "", 1),
    ],
)
def test_faults(
    arguments: list[str],
    expected: str,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_safely(lambda: app(arguments, standalone_mode=False)) == status
    said = capsys.readouterr().err
    assert expected in said and "Traceback" not in said
    assert len(said.splitlines()) == (2 if expected.startswith("a.txt") else 1)


def test_evaluation_of_a_corpus_of_one_article(tmp_path: Path) -> None:
    text, split = "Mr Orlov said that the talks would fail.", tmp_path / "polnear" / "dev"
    for folder, name, content in (
        ("text", "one.txt", text),
        (
            "attributions",
            "one_ab.ann",
            "T1\tSource 0 8\tMr Orlov\nT2\tCue 9 13\tsaid\nT3\tContent 14 39\tthat the talks would\nfail\n"
            "E1\tAttribution:T2 Source:T1 Cue:T2 Content:T3\n",
        ),
    ):
        (split / folder).mkdir(parents=True)
        (split / folder / name).write_text(content, encoding="utf-8")
    command = ["evidence", "eval", "--polnear", str(tmp_path / "polnear"), "--fast"]
    found = json.loads(invoke([*command, "--json", "-"]).stdout)
    assert (found["documents"], found["split"]) == (1, "dev")
    assert found["scores"]["attribution.exact"]["f1"] == found["statements"]["content.soft"]["f1"] == 1
    assert "Reported speech" in invoke(command).stdout


def core_hits(found: Reading, golden: dict[str, Any]) -> tuple[int, int]:
    """How many core statements of the report are found, by source and content (overlap at least half), and how many
    of those found are none of its statements, core or not."""
    places = tokens(found.document.text)

    def words(spans: list[tuple[int, int]]) -> frozenset[int]:
        return frozenset(touched(places, spans))

    def same(ours: Statement, gold: dict[str, Any]) -> bool:
        content = words([(c["start"], c["end"]) for c in gold["content"]])
        source = words([(gold["source"]["start"], gold["source"]["end"])]) if gold["source"] else frozenset()
        named = not source or (ours.source is not None and overlap(words([ours.source]), source) >= 0.5)
        return named and overlap(words(list(ours.content)), content) >= 0.5

    core = [gold for gold in golden["statements"] if gold["core"]]
    hits = sum(any(same(ours, gold) for ours in found.statements) for gold in core)
    false = sum(not any(same(ours, gold) for gold in golden["statements"]) for ours in found.statements)
    return hits, false


def test_the_report_of_march_2015_by_the_model(shared: Path) -> None:
    pytest.importorskip("onnxruntime")
    golden = json.loads((shared / "fixtures/kerry-golden.json").read_text(encoding="utf-8"))
    (found,) = detente.read(shared / "reports/kerry-assad-2015-03-15.txt")
    hits, false = core_hits(found, golden)
    assert found.model.startswith("MiniLM")
    assert hits == 8
    assert false <= 2


def test_the_report_of_march_2015_by_rules(shared: Path) -> None:
    golden = json.loads((shared / "fixtures/kerry-golden.json").read_text(encoding="utf-8"))
    (found,) = detente.read(shared / "reports/kerry-assad-2015-03-15.txt", fast=True)
    text = found.document.text
    assert (found.document.publisher, found.document.credits) == ("The Independent", ("Reuters",))
    assert core_hits(found, golden)[0] >= 7
    negated, earlier = (
        next(s for s in found.statements if s.cue and text[slice(*s.cue)] == cue)
        for cue in ("did not repeat", "insisted")
    )
    assert negated.negated and earlier.earlier


def test_the_model_that_ships_reads_without_a_network_or_a_flag() -> None:
    pytest.importorskip("onnxruntime")
    from detente.evidence.documents import document
    from detente.evidence.reading import reader

    text = (
        "The army appears to have left.\n\nPetra Lindqvist, the envoy, told reporters on Monday that no round would "
        "be held before June. The minister did not repeat the line that the border must stay shut."
    )
    reads = reader()
    found = reads(document(text.encode(), "2015-03-15.txt"))
    told = [
        (text[slice(*s.source)] if s.source else None, text[slice(*s.cue)] if s.cue else None) for s in found.statements
    ]
    assert any((s or "").startswith("Petra Lindqvist") for s, _ in told)
    assert any(s.negated for s in found.statements)
    assert all("appears" not in (cue or "") for _, cue in told)


def test_without_what_runs_the_model_the_rules_read_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from detente.evidence import model
    from detente.evidence.reading import reader

    monkeypatch.setattr(model, "can_run", lambda: False)
    assert reader().name == "rules (the model needs: pip install 'detente[read]')"
