"""The report in a real browser: opened from a disk, it is silent, accessible and fits the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

import detente
from tests.report import games
from tests.report.test_html import report

GAMES = {"dilemma": games.DILEMMA, "peace": games.PEACE, "large": games.scattered(12, 4)}
SCREENS = [(width, scheme) for width in (1280, 400) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report(), encoding="utf-8")
    return file.as_uri()


def opened(browser, address, **how):
    """The page once drawn, what its console said and what it asked for."""
    context = browser.new_context(**how)
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    if how.get("java_script_enabled", True):
        page.wait_for_selector("html[data-charts=drawn]")
    return page, said, asked


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_silent_offline_accessible_and_within_the_screen(browser, axe, address, width, scheme, tmp_path):
    page, said, asked = opened(browser, address, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert said == []
    assert asked == [address]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []
    page.screenshot(path=tmp_path / "report.png")
    page.context.close()


@pytest.fixture(scope="module", params=GAMES)
def game(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    detente.write_graph_report(games.written(folder, GAMES[request.param]), folder / "graph.html")
    return (folder / "graph.html").as_uri()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_strategic_conflict_alone_is_so_too(browser, axe, game, width, scheme):
    page, said, asked = opened(browser, game, viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    drawn = "[...document.querySelectorAll('[data-spec]')].filter((place) => place.querySelector('svg path')).length"
    assert page.evaluate(drawn) >= 3
    assert axe(page) == []
    assert said == []
    assert asked == [game]
    page.context.close()


def test_every_chart_is_drawn_with_a_name(browser, address):
    page, said, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.wait_for_function("[...document.querySelectorAll('[data-spec]')].every((place) => place.querySelector('svg'))")
    named = "(place) => place.closest('[aria-label]') ?? place.querySelector('[role=graphics-document][aria-label]')"
    nameless = f"[...document.querySelectorAll('.chart')].filter((place) => !({named})(place)).length"
    assert page.evaluate(nameless) == 0
    empty = "[...document.querySelectorAll('[data-spec] svg')].filter((svg) => svg.querySelectorAll('path').length < 4).length"
    assert page.evaluate(empty) == 0
    assert said == []
    page.context.close()


@pytest.mark.parametrize("width", [1280, 400])
def test_numbers_and_sources_fit_and_no_row_stands_taller_than_its_words(browser, address, width):
    page, _, _ = opened(browser, address, viewport={"width": width, "height": 900})
    for name in ("numbers", "sources"):
        fits = "(table) => [table.scrollWidth <= table.parentElement.clientWidth, table.getBoundingClientRect().right <= innerWidth]"
        assert page.eval_on_selector(f"#table-{name}", fits) == [True, True]
        heights = "(rows) => rows.map((row) => [row.clientHeight, row.textContent.trim().length])"
        for height, letters in page.eval_on_selector_all(f"#table-{name} tbody", heights):
            assert height <= 70 + letters * (1.2 if width == 400 else 0.5)
    page.context.close()


def test_a_figure_leads_to_the_numbers_it_rests_on_alone(browser, address):
    page, said, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    link = page.locator("#terms figure .rests a").first
    count = int(link.inner_text().split()[0])
    link.click()
    shown = "[...document.querySelectorAll('#table-numbers tbody')].filter((row) => row.checkVisibility()).length"
    assert page.evaluate(shown) == count
    assert f"{count} of " in page.inner_text(".only") and "figure" in page.inner_text(".only")
    everything = page.locator("#table-numbers tbody").count()
    assert count < everything
    page.click(".only button")
    assert page.evaluate(shown) == everything
    assert said == []
    page.context.close()


def test_text_follows_the_colours_of_the_page(browser, address):
    inks = []
    for scheme in ("light", "dark"):
        page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900}, color_scheme=scheme)
        inks.append(page.evaluate("getComputedStyle(document.querySelector('[data-spec] svg text')).fill"))
        page.context.close()
    assert inks[0] != inks[1]


def test_the_first_tab_skips_to_the_answer(browser, address):
    page, _, _ = opened(browser, address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_hovering_shows_words_and_never_runs_them(browser, address):
    page, said, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    page.locator("#fig-seats svg .mark-rect path").first.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert "Syrian government" in page.inner_text("#vg-tooltip-element")
    assert said == []
    page.context.close()


def test_a_chart_and_its_figures_are_saved(browser, address):
    page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    for words, start in (("SVG", "<svg"), ("CSV", '"Party"')):
        with page.expect_download() as download:
            page.locator("figure#fig-seats .save button", has_text=words).click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert text.startswith(start)
        assert "currentColor" not in text
    page.context.close()


def test_a_chart_is_saved_as_a_picture_with_ink_on_paper(browser, address):
    page, said, _ = opened(browser, address, color_scheme="dark", accept_downloads=True)
    with page.expect_download() as download:
        page.locator("figure#fig-seats .save button", has_text="PNG").click()
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"\x89PNG\r\n")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    assert width > 600 and height > 200
    assert len(data) > 5_000  # not a blank sheet
    assert said == []
    page.context.close()


def test_the_figures_are_there_without_javascript(browser, address):
    page, _, _ = opened(browser, address, java_script_enabled=False)
    page.locator("#fig-seats summary").click()
    assert page.locator("#fig-seats table").is_visible()
    page.context.close()


def test_paper_has_what_is_open(browser, address, tmp_path):
    page, _, _ = opened(browser, address, viewport={"width": 1280, "height": 900})
    short = page.pdf(path=tmp_path / "report.pdf")
    page.emulate_media(media="print")
    assert page.locator("main details:not([open]):visible").count() == 0
    page.emulate_media(media="screen")
    page.get_by_role("button", name="Open every part").click()
    assert page.locator("main details:not([open])").count() == 0
    whole = page.pdf(path=tmp_path / "whole.pdf")
    assert 50_000 < len(short) < len(whole)
    page.context.close()
