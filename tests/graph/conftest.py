"""What the tests of the graph wing share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "graph.json"


@pytest.fixture(scope="session")
def graph_fixtures() -> dict[str, dict[str, Any]]:
    """The games of the golden file by name, each with what is published of it and what its definitions give."""
    return {fixture["name"]: fixture for fixture in json.loads(GOLDEN.read_text(encoding="utf-8"))["fixtures"]}
