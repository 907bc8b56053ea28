"""The page of documents read: every character of a text once, marks where they belong, nothing of a text that acts."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from detente.cli import app
from detente.evidence import samples
from detente.evidence.documents import Document, document
from detente.evidence.quotes import paragraphs
from detente.evidence.reading import read_all, reader
from detente.report.charts.reading import Entry, days, reading_timeline
from detente.report.reading import write_reading
from detente.report.reading.marks import KINDS, Mark, marks_of, segments
from detente.report.words import shown
from tests.report.test_html import Page

HOSTILE = """</p></script><script>alert("ran")</script> talks
The <img src=x onerror=alert(1)> news. “We will \u202ecome to the table\u202c & pay,” the envoy said.
<style>body{display:none}</style> Paris \u2066insisted\u2069 that the \x07bor\ud800der <!-- must be closed.
Talks in Geneva <a href="javascript:alert(2)">collapsed</a> last year after two rounds. {{ 7 * 7 }} {% raw %}
"""


def readings(*sources, fast=True):
    return read_all(sources, reader(fast=fast))


def hostile():
    made = Document(
        HOSTILE, "</title><script>alert(0)</script>.txt", title="<b>\u202eTitle</b>", date=dt.date(2015, 3, 15)
    )
    made = Document(**{**made.__dict__, "plain": HOSTILE, "url": "javascript:alert(3)", "date_from": "given"})
    return reader(fast=True)(made)


class Texts(HTMLParser):
    """The paragraphs of the marked texts: their characters without the tags, and the marks over each character."""

    def __init__(self, page):
        super().__init__()
        self.paragraphs, self.over, self.kinds = [], [], []
        self.inside = self.tag = False
        self.stack = []
        self.depth = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "div" and found.get("class") == "text" and "aria-label" in found:
            self.depth = 1
        elif self.depth and tag == "p":
            self.inside = True
            self.paragraphs.append("")
            self.over.append([])
        elif self.inside and tag == "a":
            self.tag = True
        elif self.inside and tag == "span":
            self.stack.append(found.get("data-m", "").split())

    def handle_endtag(self, tag):
        if tag == "div":
            self.depth = 0
        elif tag == "p":
            self.inside = False
        elif tag == "a":
            self.tag = False
        elif tag == "span" and self.inside:
            self.stack.pop()

    def handle_data(self, data):
        if self.inside and not self.tag:
            self.paragraphs[-1] += data
            self.over[-1] += [{one for held in self.stack for one in held}] * len(data)


@st.composite
def marked(draw):
    text = draw(st.text(alphabet="ab \n<&\u202e", min_size=1, max_size=60).filter(str.strip))
    place = st.integers(0, len(text) - 1)
    marks = []
    for number in range(draw(st.integers(0, 6))):
        spans = []
        for _ in range(draw(st.integers(1, 3))):
            start = draw(place)
            spans.append(((start, draw(st.integers(start + 1, len(text)))), draw(st.sampled_from(KINDS))))
        marks.append(Mark(f"m{number}", f"S{number}", "statement", "", tuple(spans), ()))
    return text, marks


@given(marked())
def test_every_character_stands_once_under_its_own_marks(case):
    """Held against a plain loop over characters."""
    text, marks = case
    found = segments(text, marks)
    assert ["".join(part.text for part in line) for line in found] == [text[a:b] for a, b in paragraphs(text)]
    for (start, _), line in zip(paragraphs(text), found, strict=True):
        at = start
        for part in line:
            for place in range(at, at + len(part.text)):
                over = [(m.id, kind) for m in marks for (a, b), kind in m.pieces if a <= place < b]
                assert set(part.marks) == {one for one, _ in over}
                assert set(part.kinds) == {kind for _, kind in over}
            at += len(part.text)
    opened = [mark.id for line in found for part in line for mark in part.opens]
    assert sorted(opened) == sorted(mark.id for mark in marks)
    assert [mark.start for line in found for part in line for mark in part.opens] == sorted(m.start for m in marks)


def test_nested_and_crossing_spans_are_cut_at_every_boundary():
    outer = Mark("o", "S1", "statement", "", (((0, 8), "content"),), ())
    inner = Mark("i", "Ti1", "tie", "", (((2, 5), "tie"),), ())
    across = Mark("x", "Ta1", "talks", "", (((4, 11), "talks"),), ())
    (line,) = segments("abcdefghijkl", [outer, inner, across])
    assert [(p.text, p.kinds) for p in line] == [
        ("ab", ("content",)),
        ("cd", ("content", "tie")),
        ("e", ("content", "tie", "talks")),
        ("fgh", ("content", "talks")),
        ("ijk", ("talks",)),
        ("l", ()),
    ]
    assert line[2].marks[0] == "i"  # the innermost first: a click means it


def test_the_page_holds_the_text_and_every_mark_has_its_card_and_its_tag():
    (found,) = readings(samples.found("sample"))
    page = write_reading(None, [found])
    text = found.document.text
    told = Texts(page)
    assert told.paragraphs == [text[a:b] for a, b in paragraphs(text)]
    marks = marks_of(found, "d1")
    ids = Page(page).ids
    assert len(ids) == len(set(ids))
    assert {mark.id for mark in marks} | {f"{mark.id}-in" for mark in marks} <= set(ids)
    over = [one for line in told.over for one in line]
    places = [at for a, b in paragraphs(text) for at in range(a, b)]
    for at, ids_there in zip(places, over, strict=True):
        assert ids_there == {m.id for m in marks for (a, b), _ in m.pieces if a <= at < b}


def test_it_says_who_read_from_where_and_that_nothing_is_in_a_scenario():
    (found,) = readings(samples.found("sample"))
    page = write_reading(None, [found], command="detente read sample --fast")
    for words in (found.model, found.document.sha256, "2031-05-14, from the file name", "The Meridian Courier"):
        assert words in page
    assert "None of this is in a scenario" in page
    assert "detente read sample --fast" in page


def test_several_documents_have_a_section_each_and_one_timeline_and_one_table():
    (found,) = readings(samples.found("sample"))
    page = write_reading(None, [found, found])
    assert re.findall(r'<section id="([^"]+)"', page) == [
        "answer",
        "timeline",
        "d1",
        "d2",
        "statements",
        "limits",
        "again",
    ]
    assert page.count("data-spec=") == 1
    assert page.count('data-name="statements"') == 1
    assert page.count('d1-s1"') and page.count('d2-s1"')


def test_hostile_text_stays_text():
    assert {mark.group for mark in marks_of(hostile(), "d1")} >= {"statement"}
    page = write_reading(None, [hostile()], command="detente read '</code><script>'")
    found = Page(page)
    tags = [tag for tag, _ in found.tags]
    assert "img" not in tags and tags.count("style") == 1
    scripts = [attrs for tag, attrs in found.tags if tag == "script"]
    assert all(attrs.get("type") == "application/json" or not attrs for attrs in scripts)
    assert page.count("<script") == len(scripts)
    assert not any(name.startswith("on") for _, attrs in found.tags for name in attrs)
    assert not any(str(attrs.get("href", "")).startswith("javascript") for _, attrs in found.tags)
    for acts in ("\u202e", "\u202c", "\u2066", "\u2069", "\x07", "\ud800"):
        assert acts not in page
    page.encode("utf-8")
    told = Texts(page)
    assert told.paragraphs == [shown(HOSTILE[a:b]) for a, b in paragraphs(HOSTILE)]
    assert "{{ 7 * 7 }} {% raw %}" in told.paragraphs[-1]


@given(st.text(min_size=1, max_size=80).filter(str.strip), st.text(max_size=20))
def test_no_text_and_no_name_breaks_out(text, name):
    made = Document(text, name, title=name or None, plain=text)
    page = write_reading(None, [reader(fast=True)(made)])
    page.encode("utf-8")
    clean = write_reading(None, [reader(fast=True)(Document("x", "x", title=None, plain="x"))])
    assert page.count("<script") - page.count("<script type") == clean.count("<script") - clean.count("<script type")


def test_a_document_in_which_nothing_was_found_is_a_page_all_the_same():
    made = document(b"Rain is expected.", "weather.txt")
    page = write_reading(None, [reader(fast=True)(made)])
    assert "Nothing in 1 document" in page and "No statement was found" in page
    assert "No date was found" in page


def test_the_timeline_has_what_has_a_date_and_tells_of_the_rest():
    entries = [
        Entry("Talks", "Talks event", "2014", "Talks collapsed", "failed last year", "a"),
        Entry("Talks", "Talks event", None, "Ceasefire", "a truce", "a"),
        Entry("Ana", "Statement", "2015-03-15", "direct", "We will come", "a"),
        Entry("Ana", "Statement", "2015-03-15", "direct", "Soon", "a"),
    ]
    chart = reading_timeline(entries)
    assert [row["Date"] for row in chart.table] == ["2014", "2015-03-15", "2015-03-15", "none found"]
    assert "1 without a date" in chart.note and "A: Talks collapsed, 2014" in chart.note
    counts = [
        v.get("count") for layer in chart.spec["layer"] for v in layer["data"]["values"] if v.get("Kind") == "Statement"
    ]
    assert "2" in counts


def test_more_speakers_than_lanes_share_one():
    entries = [Entry(f"Speaker {n}", "Statement", "2015-03-15", "direct", "x", "a") for n in range(30)]
    chart = reading_timeline(entries)
    lanes = {v["lane"] for layer in chart.spec["layer"] for v in layer["data"]["values"] if "lane" in v}
    assert len(lanes) == 10 and "Others" in lanes
    assert len(chart.table) == 30


@pytest.mark.parametrize("text", ["", "soon", "2015-13", "2015-02-30", "0000"])
def test_what_is_no_date_is_none(text):
    assert days(text) is None


def test_the_command_writes_the_page_and_the_sample_is_a_name(tmp_path):
    file = tmp_path / "page.html"
    done = CliRunner().invoke(app, ["read", "sample", "--fast", "--html", str(file)])
    assert done.exit_code == 0, done.output
    assert "Orvania" in file.read_text(encoding="utf-8")
    asked = CliRunner().invoke(app, ["read", "x.parquet", "--query", "speakers", "--html", str(file)])
    assert asked.exit_code != 0
