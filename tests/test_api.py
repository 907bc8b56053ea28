"""The Python interface: what `detente` offers by name."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import detente


@pytest.mark.parametrize("name", detente.__all__)
def test_a_public_name_is_never_hidden_by_a_room_of_the_house(name):
    # A package that is imported becomes an attribute of `detente`, and would hide a call of the same name.
    rooms = {room.name for room in pkgutil.iter_modules(detente.__path__)}
    assert name not in rooms
    assert callable(getattr(importlib.import_module("detente"), name))


def test_the_report_is_written_after_a_picture_was_drawn(tmp_path):
    detente.run("ec-emissions-1994", central=True).charts()
    html = detente.write_report("ec-emissions-1994", tmp_path / "report.html", draws=50)
    assert html.startswith("<!doctype html>") or html.startswith("<!DOCTYPE html>")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == html
