"""Hostile documents and archives: each ends, in one clear line or in a clean result, and costs nothing but itself."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import InputError
from detente.evidence import apart, bulk, documents, reading
from detente.evidence.archive import pages
from detente.evidence.attribution import Attribution
from detente.evidence.bulk import How, read_archive
from detente.evidence.documents import document
from detente.evidence.quantities import quantities
from detente.evidence.reading import Reader, read_all, reader
from detente.machine import time_limit

SENTENCE = "The talks went on for a third week, and the minister said that nothing had been agreed upon. "
GENEROUS = 120  # seconds by the clock for what takes one or two; work of the square would take hours
EXIT = "import os, sys; os._exit(3)"


def html(body: str) -> bytes:
    return f"<html><head><title>T</title></head><body><article><p>{SENTENCE * 6}</p>{body}</article></body></html>".encode()


def pdf(
    *more: bytes, content: bytes = b"BT /F1 12 Tf 72 720 Td (The minister said no.) Tj ET", filters: bytes = b""
) -> bytes:
    """A PDF of one page, whose further objects begin with number 6; the first of them is the form /X."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters, content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *more,
    ]
    return made_of(parts)


def made_of(parts: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(parts) + 1, table, tail)


def form(content: bytes, following: int) -> bytes:
    resources = b"/Resources << /Font << /F1 5 0 R >> /XObject << /X %d 0 R >> >>" % following
    head = b"<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] %s /Length %d >>" % (resources, len(content))
    return head + b"\nstream\n%s\nendstream" % content


def record(number: int, body: bytes, fields: bytes = b"", *, length: int | None = None) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + fields + b"\r\n" + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://news.example/{number}\r\n"
        f"WARC-Date: 2015-03-15T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http) if length is None else length}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n")


PAGES = {
    "an attribute of a megabyte": html(f"<p a='{'b' * 1_000_000}'>x</p>"),
    "a hundred thousand attributes": html(f"<p {'a=b ' * 100_000}>x</p>"),
    "brackets": html("<" * 200_000),
    "comments that never end": html("<!--" * 50_000),
    "script that says": html("<script>document.write('he said no')</script>" * 2_000),
    "entities of entities": b"<!DOCTYPE html [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]>" + html("&b;" * 50_000),
    "data that opens and never shuts": html("<script type='application/ld+json'>" + '{"a":[' * 20_000 + "</script>"),
    "another encoding than it declares": html("“No”, he said.").replace(b"<head>", b"<head><meta charset='utf-16'>"),
    "a line of two megabytes": html(f"<p>{'he went on and ' * 60_000}</p>"),
}
PDFS = {
    "forms in forms": (
        pdf(*[form(b"/X Do " * 10, n) for n in range(7, 10)], form(b"", 6), content=b"/X Do "),
        "no text layer",
    ),
    "a form in itself": (pdf(form(b"/X Do ", 6), content=b"/X Do "), "no text layer"),
    "a stream that swells": (
        pdf(content=zlib.compress(b" " * 200_000_000), filters=b"/Filter /FlateDecode"),
        "broken PDF",
    ),
    "pages that hold themselves": (
        made_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 5 >>"]),
        "broken PDF",
    ),
    "arrays in arrays": (made_of([b"<< /Pages 2 0 R /X " + b"[" * 200_000 + b" >>"]), "broken PDF"),
    "half of it": (pdf()[:200], "broken PDF"),
}


@pytest.mark.parametrize("case", PAGES)
def test_pages(case: str) -> None:
    pytest.importorskip("trafilatura")
    assert "nothing had been agreed" in ended(lambda: document(PAGES[case], "a.html").text)


@pytest.mark.parametrize("case", PDFS)
def test_pdfs(case: str) -> None:
    pytest.importorskip("pypdf")
    data, found = PDFS[case]
    with pytest.raises(InputError) as caught:
        ended(lambda: document(data, "a.pdf"))
    assert found in str(caught.value) and len(str(caught.value).splitlines()) == 1


def ended(call: Callable[[], str]) -> str:
    started = time.monotonic()
    try:
        return call()
    finally:
        assert time.monotonic() - started < GENEROUS


def test_a_parser_that_goes_on_and_on_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_CALL", "import time; time.sleep(600)")
    monkeypatch.setattr(apart, "SECONDS", 1)
    with pytest.raises(InputError, match=r"a\.pdf: takes a parser longer than 1 seconds; expected"):
        document(pdf(), "a.pdf")


def forever(_: str) -> list[Attribution]:
    while True:
        pass


def test_a_document_that_takes_too_long_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", 1)
    (tmp_path / "a.txt").write_text("He said no.", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.txt: takes longer than 1 seconds to read; expected a report") as refused:
        read_all([tmp_path / "a.txt", tmp_path / "a.txt"], Reader("slow", forever))
    assert len(refused.value.faults) == 2


def test_a_thread_is_stopped_at_its_limit_too_and_goes_on_unharmed() -> None:
    """As the threads of a cluster's workers, which no timer of the system reaches."""

    def work() -> tuple[str, int]:
        try:
            with time_limit(0.2):
                forever("")
        except TimeoutError:
            with time_limit(60):
                return "stopped", sum(range(1_000_000))
        return "not stopped", 0

    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(work).result() == ("stopped", 499_999_500_000)


def test_a_limit_that_runs_out_in_a_parser_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def crawl(_: str) -> dict[str, object]:
        raise TimeoutError

    monkeypatch.setattr(documents, "from_html", crawl)
    with pytest.raises(TimeoutError):
        document(html(""), "a.html")


def test_a_parser_that_dies_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_CALL", EXIT)
    with pytest.raises(InputError, match=r"a\.pdf: is broken PDF \(its parser broke down\)"):
        document(pdf(), "a.pdf")


def test_a_large_page_is_the_same_page_apart() -> None:
    """What is parsed in a process of its own comes back character by character, surrogates and dates included."""
    pytest.importorskip("trafilatura")
    meta = b'<head><meta property="article:published_time" content="2015-03-14T10:00:00Z">'
    small = html("<p>“Né\u2009\U0001f600” he said. &#0; &#xD800; \u202e</p>").replace(b"<head>", meta)
    large = small + b"<!--" + b"x" * 600_000 + b"-->"
    here, there = document(small, "a.html"), document(large, "a.html")
    assert here == there and here.date_from == "metadata"


TEXTS = {
    "quotation marks": "“",
    "quotes": '"a" ‘b’ ',
    "cues": "he said ",
    "speakers": "“No,” he said. ",
    "pronouns": "They and he ",
    "names": "John Smith ",
    "lines": "a\n",
    "one word": "a",
    "digits": "9",
    "thousands": "9,999,",
    "tolls": "more than 40 people killed ",
    "roles": "the Russian foreign minister ",
    "ties": "Russia backs Syria, ",
    "talks": "the talks in Geneva collapsed after two rounds ",
    "dates": "on 15 March 2015 ",
    "right to left": "\u202ehe said\u202c ",
    "marks": "—(*_`",
    "not": "did not say that ",
    "combining": "e\u0301",
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_text_of_one_thing_is_read_in_bounded_time(case: str) -> None:
    """Twenty thousand characters: each layer's work grows with the length and not with its square."""
    unit = TEXTS[case]
    text = (unit * (20_000 // len(unit) + 1)).encode()
    started = time.monotonic()
    reader(fast=True)(document(text, "a.txt")).to_dict()
    assert time.monotonic() - started < GENEROUS


@pytest.mark.parametrize("unit", ["…", "said. ", "\u200b", "e\u0301", "\ue000", "会谈", "\x01 ", "“"])
def test_the_model_reads_what_is_no_news(unit: str) -> None:
    """Marks that it takes for somebody's words are none; characters that its tokenizer drops move nothing."""
    pytest.importorskip("onnxruntime")
    read = reader()
    text = unit * (5_000 // len(unit))
    found = read(document(text.encode(), "a.txt"))
    assert not read.name.startswith("rules") and found.document.text == text
    assert all(said["content"] for said in found.to_dict()["statements"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("unit", ["![", "[](", "`", "```\n", "<http://", "# # ", "> ", "__", "- 1. "])
def test_markdown_of_one_mark_is_blanked_in_bounded_time(unit: str) -> None:
    started = time.monotonic()
    found = document(("He said no.\n" + unit * (20_000 // len(unit))).encode(), "a.md")
    assert len(found.plain) == len(found.text) and time.monotonic() - started < GENEROUS


def test_a_number_of_a_thousand_digits_is_no_count() -> None:
    assert [q.low for q in quantities("9" * 1_000 + " people, 40 people")] == [40]


REAL = {
    "a.html": html("<p>“No deal,” said Mr Tan, who backs the rebels. At least 40 people were killed.</p>"),
    "a.md": b"---\ntitle: T\ndate: 2015-03-15\n---\n# Head\n> He **said** [so](http://a.b/c_d).\n\n`code` 40 dead\n",
    "a.txt": "Talks\r\n\r\n“We refuse,” he said; “never.” The US no longer wants Assad to go, Kerry said.\r\n".encode(),
}


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """`data` with a few bytes flipped, stretches cut out, doubled, or put elsewhere."""
    for _ in range(draw(st.integers(1, 4))):
        at, size = draw(st.integers(0, len(data))), draw(st.integers(1, 60))
        piece = data[at : at + size]
        how = draw(st.sampled_from(["flip", "cut", "double", "end"]))
        if how == "flip":
            data = data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]
        elif how == "cut":
            data = data[:at] + data[at + size :]
        elif how == "double":
            data = data[:at] + piece * draw(st.integers(2, 9)) + data[at + size :]
        else:
            data = data[:at]
    return data


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_mutated_documents_are_read_or_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(REAL)))
    if name == "a.html":
        pytest.importorskip("trafilatura")
    try:
        found = reader(fast=True)(document(data.draw(mutated(REAL[name])), name))
    except InputError as error:
        assert len(str(error).splitlines()) == 1
        return
    text = found.document.text
    for said in found.to_dict()["statements"]:  # type: ignore[attr-defined]
        for span in (said["source"], said["cue"], *said["content"]):
            assert span is None or text[span["start"] : span["end"]] == span["text"]


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_mutated_pdfs_are_read_or_refused(data: st.DataObject) -> None:
    """In this process, for speed: what the other one would be told."""
    pytest.importorskip("pypdf")
    answer = apart._answer("pdf", data.draw(mutated(pdf())), 1_000)
    assert set(answer) < {"found", "fault", "broken"} and len(answer) == 1


WHOLE = record(1, html(""))


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_mutated_archive_gives_its_whole_pages(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    pytest.importorskip("fastwarc")
    file = tmp_path_factory.getbasetemp() / "mutated.warc.gz"
    file.write_bytes(WHOLE + data.draw(mutated(record(2, html("")))) + record(3, html("")))
    found = list(pages(file))
    assert found[0].url == "http://news.example/1" and found[0].data == html("")
    assert [page.place for page in found] == sorted({page.place for page in found})


BROKEN = {
    "another coding": (record(2, b"xx", b"Content-Encoding: foo\r\n"), "not known (foo)"),
    "no gzip": (record(2, b"xx", b"Content-Encoding: gzip\r\n"), "not in the coding it names (gzip)"),
    "no brotli": (record(2, b"xx", b"Content-Encoding: br\r\n"), "not in the coding it names (br)"),
    "fields without end": (record(2, b"x", b"X: " + b"a" * 20_000_000 + b"\r\n"), "header"),
    "a damaged member": (WHOLE[:40] + b"\0\0\0" + WHOLE[43:], "is damaged"),
    "rubbish": (b"rubbish" * 100, "is damaged"),
    "a negative length": (record(2, b"x", length=-5), "is damaged"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_record_is_told_and_the_archive_goes_on(case: str, tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    data, reason = BROKEN[case]
    file = tmp_path / "a.warc.gz"
    file.write_bytes(WHOLE + data + record(3, html("")))
    first, bad, last = pages(file)
    assert (first.url, last.url) == ("http://news.example/1", "http://news.example/3")
    assert bad.fault and reason in bad.fault and bad.data == b""
    assert [page.url for page in pages(file, after=bad.place)] == [last.url]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, gzip"])
def test_a_body_that_swells_is_cut(coding: str, tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    brotli = pytest.importorskip("brotli")
    data = b"<p>no " + b"x" * 50_000_000
    for one in coding.split(", "):
        data = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda d: brotli.compress(d, quality=1)}[one](
            data
        )
    file = tmp_path / "a.warc.gz"
    file.write_bytes(record(1, data, f"Content-Encoding: {coding}\r\n".encode()) + record(3, b"ok"))
    swollen, last = pages(file)
    assert len(swollen.data) == 2_000_000 and swollen.data.startswith(b"<p>no x") and last.data == b"ok"


def test_codings_are_undone(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    chunks = b"5\r\nHe sa\r\n4;x=y\r\nid n\r\n2\r\no.\r\n0\r\n\r\n"
    file = tmp_path / "a.warc.gz"
    file.write_bytes(
        record(1, chunks, b"Transfer-Encoding: chunked\r\n")
        + record(2, gzip.compress(b"He said no."), b"Content-Encoding: gzip\r\n")
        + record(3, b"<p>He said no.", b"Content-Encoding: gzip\r\n")  # a crawler had undone it
    )
    assert [page.data for page in pages(file)] == [b"He said no.", b"He said no.", b"<p>He said no."]


def test_what_is_refused_stands_in_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fastwarc")
    pytest.importorskip("duckdb")
    from detente.evidence.query import query

    read = bulk.reader_of(How(fast=True))

    class Reader:
        name = read.name

        def __call__(self, found: object) -> object:
            if "url='http://news.example/3'" in repr(found):
                raise RuntimeError("of ours")
            return read(found)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "reader_of", lambda how: Reader())
    file = tmp_path / "a.warc.gz"
    file.write_bytes(WHOLE + record(2, b"") + record(3, html("")) + b"rubbish" + record(4, html("")))
    done = read_archive(file, tmp_path / "out.parquet", How(fast=True))
    assert (done.pages, done.refused) == (5, 3)
    reasons = [row["reason"] for row in query([tmp_path / "out.parquet"], "refused")]
    assert reasons[:2] == ["holds no text", "breaks the reader: RuntimeError: of ours"] and "damaged" in reasons[2]
    assert query([tmp_path / "out.parquet"], "speakers")[0]["documents"] == 1
