"""Every format has what its line in the registry says, and a page."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import detente
from detente.formats import FORMATS, get, names

PAGES = Path(__file__).parents[2] / "docs" / "formats"


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_can_do_what_it_says_and_has_a_page(name: str) -> None:
    entry = FORMATS[name]
    module = import_module(f"detente.formats.{entry.module}")
    assert not entry.reads or (callable(module.read) and callable(module.recognises))
    assert not entry.writes or callable(module.write)
    page = PAGES / f"{name}.md"
    assert page.is_file(), f"expected {page}"
    assert "lost" in page.read_text(encoding="utf-8")


def test_names_that_are_no_format_are_told_with_the_nearest() -> None:
    with pytest.raises(detente.UsageError, match=r"found exel; expected one of .* \(did you mean excel\?\)"):
        get("exel")


def test_a_format_is_imported_when_it_is_used() -> None:
    code = (
        "import sys, detente.formats; print([m for m in sys.modules if m.startswith(('detente.formats.', 'openpyxl'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_names_are_of_those_that_can() -> None:
    assert set(names(reads=True)) <= set(FORMATS)
    assert set(names(writes=True)) <= set(FORMATS)


def test_a_second_file_is_refused_where_it_would_be_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("issue,actor,position\ntax,a,1\n", encoding="utf-8")
    with pytest.raises(detente.UsageError, match="found 2 files; expected one: csv takes no more"):
        detente.import_(file, file)
