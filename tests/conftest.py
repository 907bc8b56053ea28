"""What all tests share: hypothesis profiles, the shared folder, a browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from find_chromium import find_chromium

ROOT = Path(__file__).resolve().parents[1]
NO_BROWSER = "no Chromium: `make test` installs one, DETENTE_CHROMIUM names one"

# Nothing is timed by hypothesis: a first call that compiles a kernel is slow for a good reason.
_COMMON: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
# The same examples at every run, so that a failure is the change's own; `explore` looks for new ones.
settings.register_profile("ci", derandomize=True, database=None, **_COMMON)
settings.register_profile("explore", max_examples=1000, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that stands beside a checkout, where the maintainers have one."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no shared data beside the checkout: ../shared")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; tests that need one are skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip(NO_BROWSER)
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """A headless browser of playwright's; open pages with ``browser.new_page()``."""
    from playwright.sync_api import sync_playwright

    # Chromium refuses to run as root in its sandbox; containers and CI run as root.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=[*quiet, *(["--no-sandbox"] if root else [])]
        )
        yield running
        running.close()


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """``axe(page)``: what is serious or worse for someone using a screen reader or a keyboard, a line each."""
    from axe_playwright_python.sync_playwright import Axe

    def faults(page: Any) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [
            f"{fault['id']}: {fault['help']}: {node['html']}"
            for fault in found
            if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"]
        ]

    return faults


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Note whether tests went without a browser."""
    skipped = terminalreporter.stats.get("skipped", [])
    config._without_browser = sum(NO_BROWSER in str(report.longrepr) for report in skipped)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The very last line says so: a run without a browser has not tested the report."""
    if missing := getattr(config, "_without_browser", 0):
        print(f"browser tests skipped: {missing}; {NO_BROWSER}")
