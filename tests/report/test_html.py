"""The report: one file, nothing from the network, nothing of the scenario's that could run, nothing restricted."""

from __future__ import annotations

import datetime as dt
import hashlib
import html as entities
import re
from html.parser import HTMLParser
from importlib.resources import files
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.report.html import LIBRARIES, json_for_html, write_report
from detente.report.redact import Redaction
from tests.report import sample

SECRETS = ("A confidential cable", "A ministry", "a secret remark", "Told in confidence.", "cables@12", "cables (12)")


def report(situation=None, redact=None, **changes):
    parts = {
        "situation": situation or sample.situation(),
        "run": sample.run(),
        "explains": {actor: sample.explain(actor) for actor in sample.ROLES},
        "tips": [sample.tip()],
        "ranking": sample.ranking(),
        "frontier": sample.frontier(),
        "parties": sample.parties(),
        "verdicts": {"convene": sample.VERDICT},
        "sensitivity": sample.sensitivity(),
        "compare": sample.compare(),
        "trajectories": sample.central_run()["trajectories"],
        "command": "detente run syria-2015 --html report.html",
        "redact": redact,
    }
    return write_report(None, **parts | changes)


@pytest.fixture(scope="module")
def html():
    return report()


class Page(HTMLParser):
    """What the tests ask of a page: its tags, ids, links and text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.text, self.open = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found.get("href"))

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)


def test_one_file_under_two_megabytes(html):
    assert len(html.encode()) < 2_000_000
    page = Page(html)
    assert not [attrs for _, attrs in page.tags if "src" in attrs or any(key.startswith("on") for key in attrs)]
    assert not [tag for tag, _ in page.tags if tag in ("link", "iframe", "object", "img", "base")]


def test_policy_lets_nothing_else_run(html):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html).group(1)
    assert "default-src &#39;none&#39;" in policy
    assert "unsafe" not in policy
    assert policy.count("sha256-") == 5  # three libraries, the report's own script, its style


def test_every_link_leads_somewhere_and_no_id_stands_twice(html):
    page = Page(html)
    assert len(set(page.ids)) == len(page.ids)
    local = [link[1:] for link in page.links if link.startswith("#")]
    assert set(local) <= set(page.ids)
    assert len(local) > 100


def test_every_number_and_source_has_its_place(html):
    ids = set(Page(html).ids)
    assert {f"n-{path}" for path in sample.situation().numbers} <= ids
    assert {f"s-{source}" for source in sample.situation().scenario.sources} <= ids


def test_made_again_at_the_end(html):
    text = " ".join(Page(html).text)
    assert "detente run syria-2015 --html report.html" in text
    assert "Version 0.1.0, seed 0, 10000 draws" in text


def test_hostile_text_is_only_text(html):
    assert 'alert("x")</script>' not in html
    assert "alert(&#34;x&#34;)" in html


def test_restricted_sources_are_left_out_and_counted(html):
    for secret in SECRETS:
        assert secret not in html, secret
    # the source itself, one quotation, and the reasons of four numbers
    assert "6 things left out" in html


def test_full_keeps_everything():
    html = report(redact=False)
    assert "A confidential cable" in html
    assert "a secret remark" in html
    assert "left out" not in html
    assert "detente: 1\nid: syria-2015" in html  # the file as written


def test_no_restricted_source_no_redaction():
    situation = sample.situation()
    situation.scenario.sources["cables"].access = "open"
    assert "left out" not in report(situation)


def test_redacted_file_keeps_what_is_open():
    redaction = Redaction.of(sample.situation(), None)
    file = redaction.file()
    assert "95" in file
    assert '"cables@12"' in file or "cables" in file
    assert "secret" not in file
    assert "confiden" not in file


def test_name_of_an_event_from_a_restricted_source_is_left_out():
    situation = sample.situation()
    secret = SimpleNamespace(
        date=dt.date(2014, 6, 1), event="round", number=3, name="a meeting in secret", cite=("cables@7",), until=None
    )
    situation.scenario.history = (*situation.scenario.history, secret)
    situation.scenario.data = sample.DATA | {
        "talks": {
            "history": [
                {"date": "2014-06-01", "event": "round", "name": "a meeting in secret", "cite": ["cables@7"]},
                {"date": "2014-06-02", "event": "round", "name": "an open meeting", "cite": ["geneva-2012"]},
            ]
        }
    }
    html = report(situation)
    assert "a meeting in secret" not in html
    assert "an open meeting" in html
    assert "Round 3 [left out: restricted source]" in html
    assert "7 things left out" in html
    assert "a meeting in secret" in report(situation, redact=False)


def test_scenario_without_talks():
    run = sample.run(talks=None, rounds=None, verdict=None, missing={"readiness": "talks"})
    nothing = {"explains": None, "tips": (), "ranking": None, "frontier": None, "parties": None, "verdicts": None}
    html = report(run=run, **nothing, sensitivity=None, compare=None, trajectories=None)
    assert "The scenario has no talks" in html
    assert 'id="talks"' not in html


def test_central_run():
    html = report(run=sample.central_run())
    assert "One draw does not say how sure that is." in html


def test_vendored_files_are_those_of_the_list():
    vendor = files("detente.report").joinpath("vendor")
    listed = re.findall(r"^\| (\S+\.js) \|.*\| (\w{64}) \|$", vendor.joinpath("README.md").read_text(), re.MULTILINE)
    assert {name: hashlib.sha256(vendor.joinpath(name).read_bytes()).hexdigest() for name, _ in listed} == dict(listed)
    assert [name for name, _ in listed] == list(LIBRARIES)


def test_licences_of_what_the_file_holds(html):
    assert html.count("University of Washington Interactive Data Lab") >= 4
    assert "Mike Bostock" in html


def test_written_to_a_file(tmp_path):
    file = tmp_path / "r.html"
    html = write_report(file, situation=sample.situation(), run=sample.run())
    assert file.read_text(encoding="utf-8") == html


@given(st.text())
def test_json_cannot_end_its_element(text):
    found = json_for_html({"key": text, text: [text]})
    assert not set("<>&\u2028\u2029") & set(found)


HOSTILE = st.text(alphabet="<>&\"'`/={}%()!-; abscript\u2028\u202e\U0001f600", min_size=1, max_size=40)


@given(HOSTILE)
@settings(max_examples=25, deadline=None)
def test_any_name_is_only_text(text):
    """The page keeps its shape whatever the actors, the issues and the sources are called."""
    nasty = f"{text}<img src=x onerror=alert(1)>\"'</script></style><script>{text}"
    situation = sample.situation(title=nasty, names=sample.names(**dict.fromkeys(sample.NAMES, nasty)))
    for source in situation.scenario.sources.values():
        source.title = source.publisher = nasty
        source.url = "javascript:alert(1)"
    situation.scenario.question = nasty
    html = write_report(
        None, situation=situation, run=sample.run(), explains={"us": sample.explain("us")}, redact=False
    )
    page = Page(html)
    scripts = [attrs for tag, attrs in page.tags if tag == "script"]
    assert all(not attrs or attrs.get("type") == "application/json" for attrs in scripts)
    assert sum(not attrs for attrs in scripts) == 4
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert not [link for link in page.links if link and link.startswith("javascript")]


SYRIA = detente.situation("syria-2015")
ASKED = {
    "tip": (lambda: detente.tip(SYRIA, "western-pressure", actor="damascus", draws=50), "Western pressure on Damascus: how"),
    "rank": (lambda: detente.rank(SYRIA, actor="damascus", draws=50), "What would change how often Syrian government"),
    "frontier": (lambda: detente.frontier(SYRIA, "western-pressure", "guarantee", draws=50), "Western pressure on Damascus and"),
    "parties": (lambda: detente.parties(SYRIA, draws=50), "Whom to invite"),
    "explain": (lambda: detente.explain(SYRIA, "damascus", draws=50), "What coming to the table is worth: Syrian government"),
    "sensitivity": (lambda: detente.sensitivity(SYRIA, draws=50), "Which numbers drive how often talks convene"),
    "compare": (lambda: detente.compare("syria-2015@2014-02-15", SYRIA, draws=50), "What differs between syria-2015@2014-02-15 and"),
}  # fmt: skip


@pytest.mark.parametrize("question", ASKED)
def test_what_was_asked_is_the_title_the_answer_and_the_first_figure(question):
    ask, title = ASKED[question]
    found = ask()
    parts = {"run": detente.run(SYRIA, draws=50).to_dict(), "tips": [], "sensitivity": None, "compare": None}
    if question == "tip":  # of the lever for the talks: another question, so it stays
        parts["tips"] = [detente.tip(SYRIA, "western-pressure", draws=50).to_dict()]
    text = write_report(None, situation=SYRIA, asked=found, **parts)
    assert re.search(r"<h1>(.*?)</h1>", text)[1].startswith(title)
    answer = text[text.index('<section id="answer"') : text.index('<section id="whole"')]
    assert all(sentence in html_words(answer) for sentence in found.sentences())
    assert found.charts()[0].title in html_words(answer)
    assert text.index("Figure 1.</span>") < text.index('<section id="whole"')
    assert ('id="fig-tipping-western-pressure"' in text) == (question == "tip")
    ids = Page(text).ids
    assert len(ids) == len(set(ids))


def test_what_was_asked_is_not_shown_twice():
    found = detente.tip(SYRIA, "western-pressure", draws=50)
    text = write_report(
        None, situation=SYRIA, run=detente.run(SYRIA, draws=50).to_dict(), tips=[found.to_dict()], asked=found
    )
    assert 'id="fig-asked-tipping-western-pressure"' in text
    assert 'id="fig-tipping-western-pressure"' not in text


def html_words(text):
    """What a part of the page says, without its tags."""
    return entities.unescape(re.sub(r"<[^>]*>", "", text))


def test_where_nothing_is_uncertain_the_report_says_so_and_leads_with_the_outcome():
    text = detente.write_report("ec-emissions-1994", draws=50)
    said = html_words(text)
    answer = html_words(text[text.index('<section id="answer"') : text.index('<section id="terms"')])
    assert answer.index("the models settle between") < answer.index("The scenario has no talks")
    assert "every draw comes to the same" in answer
    assert "nothing uncertain in it, so one calculation" in said
    assert "50 draws, seed" not in said[: said.index("The answer")]
    assert "up to 0 apart" not in said
    assert 'id="drivers"' not in text
    assert "7.39 to 7.39" not in said


def test_a_figure_of_fewer_draws_says_how_many():
    tip, run = sample.tip() | {"draws": 5000}, sample.run()
    assert run["draws"] != 5000
    drawn = html_words(report(tips=[tip]))
    assert "diamond. 5 000 draws." in drawn
    assert "diamond. 5 000 draws." not in html_words(report(tips=[tip | {"draws": run["draws"]}]))


def test_who_is_excluded_and_yet_counted_is_named():
    assert "Islamic State (Isis) is excluded from the talks; these models count everybody with a stance" in html_words(
        write_report(None, situation=SYRIA, run=detente.run(SYRIA, draws=20, models=["readiness", "mean"]).to_dict())
    )
