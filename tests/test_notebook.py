"""The tutorial notebook is valid, carries no outputs, and runs to its end, showing tables and pictures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import detente

nbformat = pytest.importorskip("nbformat", reason="the notebook needs nbformat and nbclient to run: install nbclient")
nbclient = pytest.importorskip("nbclient", reason="the notebook needs nbclient to run: install nbclient")

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "notebooks" / "tutorial.ipynb"


def read():
    return nbformat.read(NOTEBOOK, as_version=4)


def test_the_notebook_is_valid_and_without_outputs():
    notebook = read()
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert not any(cell.outputs or cell.execution_count for cell in code)


def test_the_notebook_runs_and_shows_its_results(tmp_path):
    notebook = read()
    # The kernel is a process of its own, in another folder: it must find this detente and no other.
    package = Path(detente.__file__).resolve().parents[1]
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env={**os.environ, "PYTHONPATH": str(package)})
    shown = [
        (cell.source, {kind for output in cell.outputs for kind in output.get("data", {})})
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    frames = [kinds for source, kinds in shown if ".to_frame()" in source.splitlines()[-1]]
    plots = [kinds for source, kinds in shown if source.endswith(".plot()")]
    assert len(frames) >= 4
    assert all("text/html" in kinds for kinds in frames)
    assert len(plots) >= 4
    assert all(kinds - {"text/plain"} for kinds in plots), "a chart does not show itself"
