"""Proposals: what a reading would change in a scenario file, judged by an analyst, written byte by byte."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from detente.cli import app
from detente.errors import InputError
from detente.evidence.documents import document
from detente.evidence.findings import Actor, Assessment, Findings, Shift, TalksEvent, Tie
from detente.evidence.proposals import Proposal, proposals, scenario_document
from detente.evidence.reading import Reading
from detente.evidence.review import Review, edited, scenario
from detente.evidence.shelf import Shelf
from detente.evidence.tolls import tolls
from detente.scenario.nodes import Document
from detente.scenario.read import load

# Our own words, about a war that never was.
REPORT = """Ardania no longer insists that the marshal go first

Vostria backs the Kessel government. Talks between the government and the Free Valleys Front collapsed in Lumen
last year. Ardania, which had demanded that the marshal go before any talks, said on Monday that it "could live with
him for a while". The rise of the Black Banner worries them all. At least 4,000 people have been killed.
"""


def at(words: str) -> tuple[int, int]:
    start = REPORT.index(words)
    return start, start + len(words)


def who(words: str, name: str | None = None) -> Actor:
    return Actor(name or words, at(words), "name", 0.9)


@pytest.fixture
def found() -> Reading:
    read = document(REPORT.encode(), "ardania-2031-05-06.txt")
    common = {"rule": "test", "confidence": 0.8, "text": REPORT}
    government, front = who("Kessel government"), who("Free Valleys Front")
    return Reading(
        read,
        (),
        "rules",
        tuple(tolls(REPORT, ())),
        findings=Findings(
            shifts=(
                Shift(
                    evidence=(at("no longer insists that the marshal go first"),),
                    actor=who("Ardania"),
                    direction="softening",
                    before=(at("the marshal go before any talks"),),
                    after=(at('"could live with\nhim for a while"'),),
                    **common,  # type: ignore[arg-type]
                ),
            ),
            ties=(
                Tie(
                    evidence=(at("Vostria backs the Kessel government"),),
                    source=who("Vostria"),
                    target=government,
                    kind="backs",
                    **common,  # type: ignore[arg-type]
                ),
            ),
            talks=(
                TalksEvent(
                    evidence=(at("collapsed in Lumen\nlast year"),),
                    event="collapse",
                    date="2030",
                    precision="year",
                    rounds=2,
                    parties=(government, front),
                    **common,  # type: ignore[arg-type]
                ),
            ),
            assessments=(
                Assessment(
                    evidence=(at("The rise of the Black Banner"),),
                    actor=who("Black Banner"),
                    of="strength",
                    direction="rising",
                    **common,  # type: ignore[arg-type]
                ),
            ),
        ),
    )


def review(found: Reading, file: Path, shelf: Path) -> Review:
    there = scenario(file)
    return Review(file, found.document, proposals(found, there), Shelf(shelf), str(there.data.get("id") or file.stem))


def by(made: Review, words: str) -> Proposal:
    return next(one for one in made.proposals if words in one.line)


def test_accepting_all_on_an_empty_file_gives_a_scenario_that_runs(found: Reading, tmp_path: Path) -> None:
    import detente

    file = tmp_path / "ardania.yaml"
    made = review(found, file, tmp_path / "shelf")
    while pending := made.pending():
        made.accept(pending[0])
    loaded = load(file)
    assert loaded.document.data["talks"]["required"] == ["kessel-government", "free-valleys-front"]
    answer = detente.run(file, draws=200).to_dict()
    assert set(answer["talks"]["parties"]) >= {"kessel-government", "free-valleys-front", "vostria", "ardania"}
    text = file.read_text(encoding="utf-8")
    assert "date: 2030-01-01, event: collapse, precision: year" in text
    assert "{low: 4000" in text
    assert 'said: "\\"could live with him for a while\\""' in text


def test_every_number_is_a_range_that_waits_for_a_judgement(found: Reading) -> None:
    made = proposals(found, scenario_document("", "a.yaml"))
    stance = next(one for one in made if one.path == ("stances",) and one.value["actor"] == "ardania")
    assert stance.value["position"]["low"] < stance.value["position"]["high"]
    assert stance.value["position"]["by"] == "to be judged"
    assert stance.value["since"] == "2031-05-06"
    assert stance.quotation == "no longer insists that the marshal go first"


def test_what_a_line_needs_is_written_before_it_and_undo_takes_all_back(found: Reading, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    made = review(found, file, tmp_path / "shelf")
    written = made.accept(by(made, "kind: backs"))
    assert {one.path[0] if one.path else "" for one in written} == {"", "actors", "sources", "ties"}
    assert "{from: vostria, to: kessel-government, kind: backs" in file.read_text(encoding="utf-8")
    assert "taken back" in made.undo()
    assert file.read_text(encoding="utf-8") == ""
    assert len(made.pending()) == len(made.proposals)


OLD = """\
# ours, by hand\r
detente: 1\r
id: valleys\r
title: The valleys      # a title\r
as_of: 2031-01-01\r
actors:\r
  gov: {name: Kessel government, role: belligerent, capability: 40}   # counted\r
  banner: {name: The Banner, aliases: [Black Banner], role: belligerent, capability: {low: 2, high: 4}}\r
  ardania: {role: backer, capability: 90}\r
issues:\r
  marshal: {scale: {0: goes, 100: stays}, status_quo: 90}\r
stances:\r
  - {actor: ardania, issue: marshal, position: 5, salience: 0.4, since: 2030-01-01}\r
  - {actor: gov, issue: marshal, position: 95, salience: 0.9, since: 2030-01-01}\r
# the end\r
"""


def test_a_file_that_somebody_wrote_keeps_every_other_byte(found: Reading, tmp_path: Path) -> None:
    file = tmp_path / "valleys.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + OLD.encode())
    made = review(found, file, tmp_path / "shelf")
    stance = by(made, "actor: ardania")
    assert (stance.value["position"]["low"], stance.value["position"]["high"]) == (5, 50)
    assert stance.value["salience"] == 0.4
    made.accept(stance)
    made.accept(by(made, "actors.banner.capability"))
    now = file.read_bytes()
    assert now.startswith(b"\xef\xbb\xbf# ours, by hand\r\n")
    kept = [line for line in OLD.split("\r\n") if line and "banner" not in line]
    lines = now.decode("utf-8-sig").split("\r\n")
    assert [line for line in lines if line in kept] == kept
    assert "dated: {2031-01-01: {low: 2, high: 4}, 2031-05-06: {low: 2, high: 8, by: to be judged" in now.decode()
    made.undo()
    made.undo()
    assert file.read_bytes() == b"\xef\xbb\xbf" + OLD.encode()


def test_the_same_document_proposes_nothing_twice_until_it_is_forgotten(found: Reading, tmp_path: Path) -> None:
    file, shelf = tmp_path / "valleys.yaml", tmp_path / "shelf"
    file.write_bytes(OLD.encode())
    made = review(found, file, shelf)
    rejected = by(made, "actor: ardania")
    made.reject(rejected)
    made.accept(by(made, "toll"))
    again = review(found, file, shelf)
    lines = [one.line for one in again.pending()]
    assert rejected.line not in lines
    assert not any("toll" in line for line in lines)
    assert Shelf(shelf).forget(found.document.sha256[:10]) == [found.document.name]
    assert rejected.line in [one.line for one in review(found, file, shelf).pending()]
    assert not any(REPORT[:20] in entry.read_text(encoding="utf-8") for entry in shelf.iterdir())


def test_an_edit_by_somebody_else_is_kept_and_stops_undo(found: Reading, tmp_path: Path) -> None:
    file = tmp_path / "valleys.yaml"
    file.write_bytes(OLD.encode())
    made = review(found, file, tmp_path / "shelf")
    made.accept(by(made, "toll"))
    file.write_bytes(file.read_bytes().replace(b"# ours, by hand", b"# theirs"))
    made.accept(by(made, "actor: ardania"))
    assert b"# theirs" in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(b"position: 5,", b"position: 6,").replace(b"# theirs", b"# x"))
    before = file.read_bytes()
    with pytest.raises(InputError, match="changed since by somebody else"):
        made.undo()
    assert file.read_bytes() == before


def test_a_filter_narrows_and_an_edit_replaces_the_value(found: Reading, tmp_path: Path) -> None:
    made = review(found, tmp_path / "a.yaml", tmp_path / "shelf")
    made.filter = "vostria backs"
    assert [one.path for one in made.pending()] == [("ties",)]
    source = by(made, "sources.")
    made.filter = ""
    made.accept(source, {**source.value, "title": "Ours"})
    assert "title: Ours" in (tmp_path / "a.yaml").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="your edit"):
        edited("{low: 1")


def test_without_a_day_nothing_is_proposed(found: Reading) -> None:
    from dataclasses import replace

    undated = replace(found, document=replace(found.document, date=None))
    assert proposals(undated, scenario_document("", "a.yaml")) == []
    assert found.document.date == dt.date(2031, 5, 6)


def test_forget_says_what_is_kept(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found no document kept under 'abcdef0123'"):
        Shelf(tmp_path).forget("abcdef0123")
    with pytest.raises(InputError, match="its first 8 signs and more"):
        Shelf(tmp_path).forget("../../etc")


def test_the_command_shows_writes_and_forgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_SHELF", str(tmp_path / "shelf"))
    read, file = tmp_path / "ardania-2031-05-06.txt", tmp_path / "a.yaml"
    read.write_text(REPORT, encoding="utf-8")

    def told(*argv: str, keys: str = "") -> str:
        given = [str(read), "--fast", "--into", str(file), *argv]
        answer = CliRunner().invoke(app, ["read", *given], input=keys, catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return " ".join(answer.output.split())

    assert "toll[+]: {date: 2031-05-06, what: killed, value: {low: 4000" in told()
    assert not file.exists()
    proposed = json.loads(told("--json", "-"))["proposals"]
    toll = next(one for one in proposed if one["path"] == "toll")
    assert REPORT[toll["quotation"]["start"] : toll["quotation"]["end"]] == toll["quotation"]["text"]
    assert "1 rejected" in told("--review", keys="xq")
    assert "written to the file" in told("--review", keys="?q")
    assert "0 accepted, 0 rejected" not in told("--review", keys="u" + "a" * 40)
    assert "what: killed" in file.read_text(encoding="utf-8")
    assert "0 lines written; nothing is open" in told("--accept-all")
    sha = json.loads(told("--json", "-"))["document"]["sha256"]
    forgotten = CliRunner().invoke(app, ["read", "--forget", sha[:12]], catch_exceptions=False)
    assert "erased: the text of" in forgotten.output


def test_each_document_is_planned_once_and_again_only_for_a_changed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETENTE_SHELF", str(tmp_path / "shelf"))
    planned: list[str] = []

    def counted(found: Reading, document: Document) -> list[Proposal]:
        planned.append(found.document.name)
        return proposals(found, document)

    monkeypatch.setattr("detente.cli.review.proposals", counted)
    names = []
    for day in ("06", "07"):
        names.append(str(tmp_path / f"ardania-2031-05-{day}.txt"))
        Path(names[-1]).write_text(f"{REPORT}\nIt was the {day}.\n", encoding="utf-8")
    file, answers = tmp_path / "a.yaml", tmp_path / "a.json"
    given = ["read", *names, "--fast", "--into", str(file), "--json", str(answers)]
    assert CliRunner().invoke(app, given, catch_exceptions=False).exit_code == 0
    assert planned == names
    first, second = json.loads(answers.read_text(encoding="utf-8"))
    assert len(first["proposals"]) == len(second["proposals"]) > 5
    planned.clear()
    assert CliRunner().invoke(app, [*given, "--accept-all"], catch_exceptions=False).exit_code == 0
    assert planned == [*names, names[1]]  # the first document's lines are in the file by then
    assert file.read_text(encoding="utf-8").count("what: killed") == 2


def test_nothing_is_written_or_shown_where_one_document_is_refused(tmp_path: Path) -> None:
    dated, undated = tmp_path / "ardania-2031-05-06.txt", tmp_path / "report.txt"
    for name in (dated, undated):
        name.write_text(REPORT, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    for documents in ([dated, undated], [undated]):
        given = [*map(str, documents), "--fast", "--into", str(out / "a.yaml"), "--accept-all"]
        given += ["--json", str(out / "a.json"), "--html", str(out / "a.html")]
        given += ["--text", str(out / "a.txt")] if len(documents) == 1 else []
        answer = CliRunner().invoke(app, ["read", *given])
        assert "--date YYYY-MM-DD gives it" in str(answer.exception)
        assert answer.stdout == ""
        assert not list(out.iterdir())


def test_what_is_asked_for_wrongly_is_said_in_one_line(tmp_path: Path) -> None:
    undated = tmp_path / "report.txt"
    undated.write_text("He said no.", encoding="utf-8")
    for argv, words in (
        (["read"], "found no document"),
        (["read", str(undated), "--review"], "need --into SCENARIO"),
        (["read", str(undated), "--into", str(tmp_path / "a.yaml")], "--date YYYY-MM-DD gives it"),
        (["read", str(undated), "--date", "2031-01-01", "--into", str(tmp_path)], "is a directory"),
    ):
        answer = CliRunner().invoke(app, argv)
        assert answer.exit_code != 0
        assert words in " ".join(f"{answer.output} {answer.exception}".split())


def test_the_report_of_march_2015_becomes_a_scenario_that_runs(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import detente

    monkeypatch.setenv("DETENTE_SHELF", str(tmp_path / "shelf"))
    file = tmp_path / "march.yaml"
    given = [
        str(shared / "reports/kerry-assad-2015-03-15.txt"),
        "--fast",
        "--quiet",
        "--into",
        str(file),
        "--accept-all",
    ]
    assert CliRunner().invoke(app, ["read", *given], catch_exceptions=False).exit_code == 0
    data = load(file).document.data
    ties = {(tie["from"], tie["kind"], tie["to"]) for tie in data["ties"]}
    assert {("russia", "backs", "syria"), ("iran", "backs", "syria")} <= ties
    events = {(event["event"], str(event["date"])[:4]) for event in data["talks"]["history"]}
    assert {("framework", "2012"), ("collapse", "2014"), ("none-scheduled", "2015")} <= events
    assert [(toll["what"], toll["value"]["low"]) for toll in data["toll"]] == [
        ("killed", 200000),
        ("displaced", 2000000),
    ]
    (shift,) = [stance for stance in data["stances"] if stance["actor"] == "united-states"]
    assert shift["position"]["low"] < shift["position"]["high"]
    assert 0 <= detente.run(file, draws=200).to_dict()["talks"]["convene"]["p"] <= 1


def test_what_was_all_accepted_proposes_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETENTE_SHELF", str(tmp_path / "shelf"))
    given = ["read", "sample", "--fast", "--into", str(tmp_path / "a.yaml")]
    told = CliRunner().invoke(app, [*given, "--accept-all"], catch_exceptions=False).output
    assert "lines written; next: detente check" in told
    assert "0 proposals for" in CliRunner().invoke(app, given, catch_exceptions=False).output
