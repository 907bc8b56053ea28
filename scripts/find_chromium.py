"""Find a Chromium for the browser tests, or install one: python scripts/find_chromium.py [--install].

Tests import `find_chromium`; `make test` calls this file with --install first.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)


def find_chromium() -> str | None:
    """The path of a Chromium: DETENTE_CHROMIUM, one on the PATH or in its usual place, or playwright's own."""
    named = os.environ.get("DETENTE_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    on_path = (shutil.which(name) for name in NAMES)
    usual = (place for place in PLACES if Path(place).is_file())
    return next((path for path in (*on_path, *usual) if path), None) or _playwrights()


def _playwrights() -> str | None:
    """The one that `playwright install chromium` keeps, where it did."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install_chromium() -> None:
    """Through apt-get as root on Debian, through playwright elsewhere; failing is no error, only no browser."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        commands = [
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ]
    else:
        environment = dict(os.environ)
        commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    for command in commands:
        print(f"browser tests: {' '.join(command)}", flush=True)
        try:
            done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, timeout=300)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"browser tests: {error}")
            return
        if done.returncode:
            print(f"browser tests: {command[0]} ended with status {done.returncode}")


def main() -> None:
    """Say which Chromium the browser tests will use."""
    found = find_chromium()
    if found is None and "--install" in sys.argv[1:]:
        install_chromium()
        found = find_chromium()
    print(f"browser tests: {found or 'no Chromium was found and none could be installed; they will be skipped'}")


if __name__ == "__main__":
    main()
