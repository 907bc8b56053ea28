"""The page of documents read, in a real browser: silent, accessible, and all of it within reach of the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.evidence import samples
from detente.report.reading import write_reading
from tests.browser.test_report import SCREENS, opened
from tests.report.test_reading import hostile, readings

FOCUSED = "document.activeElement.id"


@pytest.fixture(scope="module", params=("sample", "hostile", "both"))
def any_page(request, tmp_path_factory):
    (sample,) = readings(samples.found("sample"))
    found = {"sample": [sample], "hostile": [hostile()], "both": [sample, hostile()]}[request.param]
    file = tmp_path_factory.mktemp("reading") / "page.html"
    write_reading(file, found, command="detente read sample")
    return file.as_uri()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    file = tmp_path_factory.mktemp("reading") / "sample.html"
    write_reading(file, readings(samples.found("sample")))
    return file.as_uri()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_silent_offline_accessible_and_within_the_screen(browser, axe, any_page, width, scheme):
    page, said, asked = opened(browser, any_page, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className").startswith("card")
    assert axe(page) == []
    assert said == []
    assert asked == [any_page]
    page.context.close()


@pytest.mark.parametrize("width", [1280, 400])
def test_the_keyboard_goes_through_the_marks_in_the_order_of_the_text(browser, address, width):
    page, _, _ = opened(browser, address, viewport={"width": width, "height": 900})
    tags = page.evaluate("[...document.querySelectorAll('.text .tag')].map((tag) => tag.id)")
    assert len(tags) > 15
    seen = []
    for _ in tags:
        page.keyboard.press("j")
        seen.append(page.evaluate(FOCUSED))
    assert seen == tags
    page.keyboard.press("k")
    assert page.evaluate(FOCUSED) == tags[-2]
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == tags[-1]
    page.keyboard.press("Enter")
    card = page.evaluate(FOCUSED)
    assert f"{card}-in" == tags[-1]
    assert page.locator(f"#{card}").is_visible()
    assert page.locator(".card:visible").count() == 1
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == tags[-1]
    page.context.close()


def test_a_chosen_mark_is_lit_wherever_it_stands(browser, address):
    page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    page.locator("#d1-s2-in").click()
    lit = page.evaluate("[...document.querySelectorAll('.m.on')].map((part) => part.textContent).join('')")
    for words in ("The minister", "did not repeat", "the usual demand", "before any meeting"):
        assert words in lit
    told = page.inner_text("#d1-s2")
    for words in ("Source", "Cue", "Content", "minister", "confidence", "negated", "characters"):
        assert words in told
    page.context.close()


def test_on_a_narrow_screen_the_details_never_cover_their_mark(browser, address):
    page, _, _ = opened(browser, address, viewport={"width": 400, "height": 700})
    for at in ("d1-to1", "d1-s5", "d1-ta1"):
        page.locator(f"#{at}-in").focus()
        page.keyboard.press("Enter")
        tag, card = page.locator(f"#{at}-in").bounding_box(), page.locator(f"#{at}").bounding_box()
        assert tag["y"] >= 0 and tag["y"] + tag["height"] <= card["y"]
    page.context.close()


def test_a_click_on_marked_words_tells_the_innermost(browser, address):
    page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    page.locator(".text .toll").first.click()
    assert page.evaluate(FOCUSED).startswith("d1-to")
    page.context.close()


def test_a_group_is_hidden_and_passed_over(browser, address):
    page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    page.locator(".legend input").first.uncheck()
    page.locator("#main").focus()
    page.keyboard.press("j")
    assert "-s" not in page.evaluate(FOCUSED).replace("-sh", "")
    assert page.locator("#d1-s1-in").is_hidden()
    page.context.close()


def test_statements_are_filtered_and_saved_as_shown(browser, address):
    page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    rows = page.locator("table[data-name=statements] tbody tr:visible")
    before = rows.count()
    page.locator(".sieve select").nth(1).select_option("direct")
    direct = rows.count()
    assert 0 < direct < before
    page.locator(".sieve input").fill("lift the blockade")
    assert rows.count() == 1
    assert page.inner_text(".sieve [role=status]") == f"1 of {before}"
    with page.expect_download() as download:
        page.locator(".sieve button").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 and lines[0].startswith('"Statement","Who"') and "Lift the blockade" in lines[1]
    page.context.close()


def test_a_row_leads_to_its_card(browser, address):
    page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    page.locator("table[data-name=statements] a", has_text="S3").first.click()
    page.wait_for_function(f"{FOCUSED} === 'd1-s3'")
    assert page.locator("#d1-s3").is_visible()
    page.context.close()


def test_marks_differ_without_colour(browser, address):
    page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    looks = page.evaluate(
        """[...document.querySelectorAll('.legend .k')].map((part) => {
            const s = getComputedStyle(part);
            return [s.fontWeight, s.fontStyle, s.outlineStyle, s.textDecorationLine, s.textDecorationStyle,
                s.textDecorationThickness, s.backgroundColor !== 'rgba(0, 0, 0, 0)'].join(' ');
        })"""
    )
    assert len(looks) >= 7
    assert len(set(looks)) == len(looks)
    page.context.close()


def test_without_javascript_every_detail_is_there(browser, address):
    page, _, _ = opened(browser, address, java_script_enabled=False)
    cards = page.locator(".card")
    assert cards.count() > 15
    assert all(cards.nth(n).is_visible() for n in range(cards.count()))
    page.context.close()


def test_paper_has_every_detail_and_no_controls(browser, address, tmp_path):
    page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    page.locator("#d1-s2-in").click()
    page.emulate_media(media="print")
    assert page.locator(".card:visible").count() == page.locator(".card").count()
    assert page.locator(".shut:visible, .sieve:visible, .keys:visible").count() == 0
    assert len(page.pdf(path=tmp_path / "page.pdf")) > 30_000
    page.context.close()
