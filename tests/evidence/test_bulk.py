"""Archives read into one table: the same for any number of workers, resumed where it stopped, and asked questions."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import signal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from detente.cli import app
from detente.errors import InputError
from detente.evidence import bulk
from detente.evidence.archive import pages
from detente.evidence.bulk import How, read_archive
from detente.evidence.findings import Actor, Findings, Shift, Stance
from detente.evidence.query import query

SAID = ("The minister said the talks would go on.", "“We refuse every talk on the border,” the minister said.")
FAST = How(fast=True)


def record(number: int, body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://news.example/{number}\r\nWARC-Date: 2015-03-15T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n")


def page(number: int) -> bytes:
    said = SAID[number % 2]
    filler = "<p>" + "Nothing else of note was heard in the valley that day, and the rain went on. " * 4 + "</p>"
    return f"<html><head><title>Report {number}</title></head><body><article><p>{said}</p>{filler}</article></body></html>".encode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    file = tmp_path / "news.warc.gz"
    file.write_bytes(
        b"".join(record(n, page(n)) for n in range(60))
        + record(98, b"not found", status="404 Not Found")
        + record(99, b"\x89PNG", kind="image/png")
    )
    return file


def table(file: Path) -> list[dict[str, Any]]:
    return list(pq.read_table(file).to_pylist())


def test_an_archive_becomes_one_table_of_statements(archive: Path, tmp_path: Path) -> None:
    done = read_archive(archive, tmp_path / "out.parquet", FAST)
    rows = table(tmp_path / "out.parquet")
    assert (done.pages, done.refused) == (60, 0)
    assert len(rows) == done.statements >= 60
    assert {row["url"] for row in rows} == {f"http://news.example/{n}" for n in range(60)}
    assert {row["date"] for row in rows} == {dt.date(2015, 3, 15)}
    assert {row["date_from"] for row in rows} == {"crawled by"}
    assert [row["place"] for row in rows] == sorted(row["place"] for row in rows)
    assert (
        list(tmp_path.iterdir()) == [archive, tmp_path / "out.parquet"] or not (tmp_path / "out.parquet.parts").exists()
    )


def test_the_table_is_the_same_bytes_for_any_number_of_workers(archive: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        read_archive(archive, tmp_path / f"{workers}.parquet", FAST, workers=workers)
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()


def test_an_interrupted_run_goes_on_where_it_stopped(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, out = tmp_path / "whole.parquet", tmp_path / "out.parquet"
    monkeypatch.setattr(bulk, "PART", 2)
    read_archive(archive, whole, FAST)

    def stop(done: int, total: int, what: str, note: str) -> None:
        if ": 40" in note:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_archive(archive, out, FAST, progress=stop)
    assert not out.exists()
    done = read_archive(archive, out, FAST)
    assert done.resumed == 32  # two parts of two chunks of eight pages
    assert done.pages == 60
    assert table(out) == table(whole)


def test_parts_of_another_archive_are_not_taken_for_ours(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PART", 1)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_archive(archive, tmp_path / "out.parquet", FAST, progress=stop)
    archive.write_bytes(archive.read_bytes() + record(100, page(100)))
    with pytest.raises(InputError, match="was begun for something else; expected the same archive"):
        read_archive(archive, tmp_path / "out.parquet", FAST)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "2015-03-01.txt").write_text(SAID[0], encoding="utf-8")
    (folder / "a.html").write_bytes(page(1))
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "empty.txt").write_bytes(b"")
    done = read_archive(folder, tmp_path / "out.parquet", FAST)
    assert (done.pages, done.refused) == (3, 1)
    assert [row["name"] for row in table(tmp_path / "out.parquet")] == ["a.html", "b/2015-03-01.txt", "empty.txt"]
    assert table(tmp_path / "out.parquet")[-1]["content"] == "holds no text"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
def test_a_page_that_takes_too_long_is_refused_and_the_rest_is_read(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = bulk._reading

    def slow(how: How, page: Any) -> Any:
        while page.url.endswith("/7"):
            pass
        return read(how, page)

    monkeypatch.setattr(bulk, "_reading", slow)
    monkeypatch.setattr(bulk, "SECONDS", 1)
    done = read_archive(archive, tmp_path / "out.parquet", FAST)
    assert (done.pages, done.refused) == (60, 1)
    refused = [row for row in table(tmp_path / "out.parquet") if row["finding"] == "refused"]
    assert [(row["url"], row["content"]) for row in refused] == [
        ("http://news.example/7", "takes longer than 1 seconds to read")
    ]


@pytest.mark.parametrize("data", [b"", b"no archive", b"\x1f\x8bbroken", b"WARC/1.0\r\n\r\n"])
def test_what_is_no_archive_is_one_clear_line(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.warc"
    file.write_bytes(data)
    with pytest.raises(InputError, match=r"x\.warc: .*expected a web archive"):
        list(pages(file))


def test_an_archive_cut_short_gives_what_it_holds_whole(archive: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    done = read_archive(cut, tmp_path / "out.parquet", FAST)
    assert 20 <= done.pages < 60


def test_a_page_that_swells_is_cut(tmp_path: Path) -> None:
    file = tmp_path / "bomb.warc.gz"
    file.write_bytes(record(0, b"<p>" + b"He said no. " * 3_000_000))
    (found,) = pages(file)
    assert len(found.data) == 2_000_000


def rows_with(**findings: Any) -> list[dict[str, Any]]:
    from dataclasses import replace

    from detente.evidence.documents import document
    from detente.evidence.reading import reader

    found = reader(fast=True)(document("\n\n".join(SAID).encode(), "2015-03-15.txt"))
    return list(bulk.rows_of(replace(found, findings=Findings(**findings))))


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    import pyarrow as pa

    text = "\n\n".join(SAID)
    minister = Actor("The minister", (0, 12), "role", 0.9, represents="Ardania")
    common = {"evidence": ((0, 12),), "rule": "r", "confidence": 0.8, "text": text}
    rows = rows_with(
        speakers=(minister, minister),
        stances=(Stance(cls="AGREE", code=None, **common), Stance(cls="REJECT", code=None, **common)),  # type: ignore[arg-type]
        shifts=(Shift(actor=minister, direction="hardening", before=(), after=(), **common),),  # type: ignore[arg-type]
    )
    assert [row["finding"] for row in rows] == ["statement", "statement", "shift"]
    rows[1]["content"] = rows[0]["content"] + " no more"
    file = tmp_path / "asked.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=bulk._schema()), file)
    return file


def test_questions(asked: Path) -> None:
    assert [row["stance"] for row in query([asked], "who", about="TALKS go")] == ["AGREE", "REJECT"]
    assert query([asked], "who", about="weather") == []
    assert query([asked], "speakers") == [
        {
            "speaker": "Ardania",
            "statements": 2,
            "documents": 1,
            "first": dt.date(2015, 3, 15),
            "last": dt.date(2015, 3, 15),
        }
    ]
    (shift,) = query([asked], "shifts")
    assert (shift["actor"], shift["direction"]) == ("Ardania", "hardening")
    (pair,) = query([asked], "contradictions")
    assert pair["actor"] == "Ardania"
    assert pair["shared"] == 0.67  # "talks" and "would" of three words at least
    assert len(query([asked, asked], "who", limit=3)) == 3


def test_the_commands(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"

    def told(*argv: str) -> str:
        answer = CliRunner().invoke(app, ["read", *argv], catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return answer.output

    assert "statements in 60 pages; 0 refused" in told(str(archive), "--fast", "--out", str(out), "--workers", "1")
    answer = json.loads(told(str(out), "--query", "who", "--about", "border", "--json", "-"))
    assert {row["date"] for row in answer} == {"2015-03-15"}
    assert "http://news.example/1" in told(str(out), "--query", "who", "--about", "border")
    for argv, words in (
        ([str(archive), "--json", "-"], "is an archive, whose documents are read into one table; expected --out FILE"),
        ([str(tmp_path)], "is a folder, whose documents are read into one table; expected --out FILE"),
        ([str(archive), "a.txt", "--out", str(out)], "found 2 sources with --out; expected one"),
        ([str(archive), "--json", "-", "--out", str(out)], "--json is for single documents; expected none with --out"),
        ([str(out), "--query", "shift"], "did you mean shifts?"),
        ([str(archive), "--query", "who"], "is no parquet file"),
    ):
        answer = CliRunner().invoke(app, ["read", *argv])
        assert words in str(answer.exception)


def test_a_cluster_gives_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    """Archives and analyses alike, on a Dask cluster of two processes on this machine."""
    distributed = pytest.importorskip("distributed")
    import detente
    from detente.analysis.cluster import cluster

    here = detente.run("syria-2015", draws=9000).to_json()
    ranked = detente.rank("syria-2015", draws=400, pairs=False).to_json()
    read_archive(archive, tmp_path / "here.parquet", FAST)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local,
        cluster(local.scheduler_address) as elsewhere,
    ):
        assert elsewhere.workers == 2
        assert detente.run("syria-2015", draws=9000).to_json() == here
        assert detente.rank("syria-2015", draws=400, pairs=False).to_json() == ranked
        read_archive(archive, tmp_path / "there.parquet", FAST)
    assert (tmp_path / "here.parquet").read_bytes() == (tmp_path / "there.parquet").read_bytes()


def test_a_cluster_that_is_not_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    from detente.analysis import cluster

    monkeypatch.setattr(cluster, "PATIENCE", "1s")
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        with pytest.raises(InputError, match="nothing answers there; expected the address"), cluster.cluster(address):
            pass
