"""The model's decoding, with heads whose scores are known; and a file that is no model."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from detente.errors import InputError
from detente.evidence.attribution import Attribution, Cue, find_cues, joined, nearest, without_repeats
from detente.evidence.distances import BUCKETS, distances
from detente.evidence.model import Model, load
from detente.evidence.reading import reader
from detente.evidence.tags import NEVER, Chain, allowed, tag
from detente.evidence.windows import Window
from tests.evidence.test_windows import tokenizer

TEXT = "“We will go,” he said. He hopes so.\nShe said no."


def chain(roles: int) -> Chain:
    return Chain(*(np.where(may, 0.0, NEVER) for may in allowed(roles)))


class Known:
    """Heads that know where cues are: "said" surely, "hopes" by `doubt`; the source is the word before, the content the
    two words after.
    """

    def __init__(self, text: str, doubt: float):
        self.text, self.doubt = text, doubt

    def encode(self, windows: Sequence[Window]) -> tuple[np.ndarray, np.ndarray]:
        longest = max(len(w.tokens) for w in windows)
        scores = np.zeros((len(windows), longest, 5), np.float32)
        for row, window in zip(scores, windows, strict=True):
            for at, (a, b) in enumerate(window.tokens):
                single = {"said": 9.0, "hopes": self.doubt}.get(self.text[a:b], -9.0)
                row[at] = [0, -20, -20, -20, single]
        return np.zeros((len(windows), longest, 3), np.float32), scores

    def argue(self, states: np.ndarray, cue: np.ndarray, distance: np.ndarray) -> np.ndarray:
        scores = np.full((*distance.shape, 9), -9.0, np.float32)
        for row, away in zip(scores, distance, strict=True):
            at = int(np.flatnonzero(away == 0)[0])
            tags = tag(len(away), [(0, max(at - 1, 0), at), (1, at + 1, min(at + 3, len(away)))])
            row[np.arange(len(away)), tags] = 9
        return scores


def model(doubt: float) -> Model:
    return Model(Known(TEXT, doubt), chain(1), chain(2), tokenizer(), {"name": "known", "threshold": 0.7})


def cues(found: list[Attribution]) -> list[str]:
    return [TEXT[slice(*one.cue[0])] for one in found]


def test_cues_sources_and_content_are_cut_from_the_text() -> None:
    found = model(-3.0).attribute(TEXT)
    assert cues(found) == ["said", "said"]
    assert [TEXT[slice(*one.source[0])] for one in found] == ["he", "She"]
    assert [TEXT[slice(*one.content[0])] for one in found] == ["He", "no"]  # punctuation at either end is cut off


def test_a_lower_threshold_finds_more_and_says_how_sure_it_is() -> None:
    doubtful = model(-1.0)
    assert cues(doubtful.attribute(TEXT)) == ["said", "said"]
    found = doubtful.attribute(TEXT, threshold=0.2)
    assert cues(found) == ["said", "hopes", "said"]
    assert found[1].confidence == pytest.approx(1 / (1 + np.e), abs=1e-6)


def test_the_surest_of_two_attributions_of_one_cue_is_kept() -> None:
    one, two = (Attribution((), ((3, 7),), ((8, 9 + i),), c) for i, c in enumerate((0.4, 0.9)))
    assert without_repeats([one, two, one]) == [two]


def test_small_rules_of_decoding() -> None:
    assert nearest([(0, 2), (6, 7)], Cue(4, 5, 1.0)) == [(6, 7)]
    assert nearest([], Cue(4, 5, 1.0)) == []
    assert joined([(4, 6), (0, 3)], [(3, 4)]) == [(0, 3), (4, 6)]
    assert find_cues(np.zeros((0, 5)), chain(1)) == []


def test_distances_are_all_used_and_symmetric() -> None:
    away = distances(400, 200, 202)
    assert set(away) == set(range(BUCKETS))
    side = (BUCKETS - 1) // 2
    assert (away[199:1:-1] + side == away[202:]).all()
    assert away[200] == away[201] == 0 and away[199] == 1


def test_what_is_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    empty, other = tmp_path / "a.zip", tmp_path / "b.zip"
    empty.write_bytes(b"no")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("encoder.onnx", b"")
    for file in (empty, other, tmp_path / "absent.zip"):
        with pytest.raises(InputError, match="is not an attribution model"):
            load(file)
    with pytest.raises(InputError, match="one or the other"):
        reader(fast=True, model=empty)
