"""The docs keep up with the code: every block runs, every name has its place, every link leads somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import make_reference
from detente.outcome import registry
from detente.scenario.fields import MEANINGS, NUMBERS
from detente.scenario.library import library
from detente.scenario.read import load
from docs_session import blocks, run_page

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
TOP = [page for page in sorted(ROOT.glob("*.md")) if page.name not in ("CHANGELOG.md", "THIRD_PARTY.md")]
NOTEBOOKS = sorted(DOCS.rglob("*.ipynb"))
RUNNABLE = re.compile(r'```(python|console)|```.*title="')


def short(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


# --- what pages say is what happens --------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [page for page in PAGES + TOP if RUNNABLE.search(text_of(page))], ids=short)
def test_every_block_of_the_page_runs_and_prints_what_stands_there(page, tmp_path):
    problems = run_page(page, tmp_path)
    assert not problems, "\n" + "\n".join(f"{short(page)}:{p.block.line}: {p.message}" for p in problems)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=short)
def test_the_notebook_runs(notebook, tmp_path):
    import nbformat
    from nbclient import NotebookClient

    cells = nbformat.read(notebook, as_version=4)
    NotebookClient(cells, timeout=300, resources={"metadata": {"path": tmp_path}}).execute()


# --- what the code has is on a page --------------------------------------------------------------------------------


def test_the_generated_pages_are_up_to_date():
    stale = "".join(make_reference.stale())
    assert not stale, f"run `make reference`\n{stale}"


@pytest.mark.parametrize(("name", "command"), list(make_reference.commands()), ids=lambda value: str(value))
def test_every_command_and_option_is_named(name, command):
    _, _, rest = text_of(DOCS / "reference" / "cli.md").partition(f"\n## {name}\n")
    assert rest, f"docs/reference/cli.md has no section {name}"
    section = rest.partition("\n## ")[0]
    for option in make_reference.options(command):
        for spelling in (*option.opts, *option.secondary_opts):
            assert re.search(rf"[` ]{spelling}[`, ]", section), f"{name} {spelling} is not in docs/reference/cli.md"


@pytest.mark.parametrize("name", registry.names())
def test_every_model_has_a_page(name):
    """Its own, or, for a variant, that of the model it varies, which gives its name."""
    pages = {page.stem: text_of(page) for page in (DOCS / "models").glob("*.md")}
    assert name in pages or any(f"`{name}`" in text for text in pages.values()), f"docs/models/{name}.md is missing"


@pytest.mark.parametrize("scenario", [entry.id for entry in library()])
def test_every_built_in_scenario_has_a_page(scenario):
    page = DOCS / "scenarios" / f"{scenario}.md"
    if load(scenario).equilibria:  # published games stand on one page
        page = DOCS / "scenarios" / "published-games.md"
    assert page.exists(), f"{short(page)} is missing"
    assert scenario in text_of(page)


def test_every_field_is_named():
    text = text_of(DOCS / "reference" / "fields.md")
    missing = [f.where for f in NUMBERS.values() if f"`{f.where}`" not in text]
    missing += [name for name in MEANINGS if f"`{name}`" not in text]
    assert not missing


def test_every_default_has_a_reason():
    text = text_of(DOCS / "reference" / "defaults.md")
    for field in NUMBERS.values():
        if field.default is not None:
            assert field.reason, f"the default of {field.where} has no reason"
            assert field.reason in text


# --- links ---------------------------------------------------------------------------------------------------------

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<to>[^)\s]+)(?:\s[^)]*)?\)|!\[[^\]]*\]\((?P<image>[^)\s]+)[^)]*\)")
HEADING = re.compile(r"^#{1,6} +(?P<words>.+?) *(?:\{[^}]*#(?P<id>[\w-]+)[^}]*\})?$", re.MULTILINE)


def prose(page: Path) -> str:
    """The page without its code blocks and code spans, which hold brackets that are no links."""
    text = text_of(page)
    for block in reversed(list(blocks(text))):
        text = text[: block.start] + text[block.end :]
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(page: Path) -> set[str]:
    """The ids of a page's headings, as they are made when the docs are built."""
    words = [(found["id"], found["words"]) for found in HEADING.finditer(text_of(page))]
    plain = [(given, re.sub(r"[^\w\s-]", "", text).strip().lower()) for given, text in words]
    return {given or re.sub(r"[\s-]+", "-", text) for given, text in plain}


@pytest.mark.parametrize("page", PAGES + sorted(ROOT.glob("*.md")), ids=short)
def test_every_internal_link_leads_somewhere(page):
    for found in LINK.finditer(prose(page)):
        target, _, anchor = (found["to"] or found["image"]).partition("#")
        if re.match(r"[a-z]+:", target):
            continue  # to somewhere else on the web
        goal = (page.parent / target).resolve() if target else page
        assert goal.exists(), f"{short(page)} links to {target}, which is not there"
        if anchor and goal.suffix == ".md":
            assert anchor in anchors(goal), f"{short(page)} links to #{anchor}, which {goal.name} does not have"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site; a warning (a dead link, a formula that cannot be shown) fails it."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_site_asks_nothing_of_the_network(site):
    for page in site.rglob("*.html"):
        fetched = re.findall(
            r'<(?:script|img|iframe)[^>]*\bsrc="?https?:|<link[^>]*https?:[^>]*stylesheet', text_of(page)
        )
        assert not fetched, f"{page.name}: {fetched}"


def test_the_site_can_be_read_and_searched_from_disk(site, browser):
    asked, faults = [], []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((site / "models" / "nash-bargaining.html").as_uri())
    assert page.locator("math").count() > 5
    page.locator(".md-search__input").fill("readiness")
    page.locator(".md-search-result__item").first.wait_for()
    assert not faults
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)


@pytest.mark.parametrize("name", ["index", "models/nash-bargaining", "explanation/provenance"])
def test_the_site_is_accessible(name, site, browser, axe):
    page = browser.new_page()
    page.goto((site / f"{name}.html").as_uri())
    assert not axe(page)
