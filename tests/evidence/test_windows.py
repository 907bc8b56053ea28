"""Windows: every token once, in order, none longer than the model takes, whatever the text."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.evidence.windows import LONGEST, sentences, tokens, touched, windows

WORDS = 'he said the talks will not go on “ ” " . , ! ’ Geneva KERRY é 2015 _ \0 \u202e'.split(" ")


@cache
def tokenizer() -> Any:
    """A small tokenizer of the same kind as the model's: lower-cased word pieces."""
    library = pytest.importorskip("tokenizers")
    letters = [chr(c) for c in range(97, 123)]
    pieces = ["[PAD]", "[UNK]", *letters, *("##" + c for c in letters), *'.,!"“”’_', "he", "said", "talks", "##ks"]
    made = library.Tokenizer(library.models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    made.normalizer = library.normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = library.pre_tokenizers.BertPreTokenizer()
    return made


@given(st.lists(st.sampled_from([*WORDS, "\n", "\n\n", "x" * 30]), max_size=120), st.integers(8, 60))
def test_every_token_stands_in_one_window(parts: list[str], limit: int) -> None:
    text = " ".join(parts)
    cut = windows(text, tokenizer(), limit)
    assert [token for window in cut for token in window.tokens] == tokens(text)
    for window in cut:
        assert len(window.first) == len(window.tokens)
        assert len(window.pieces) == len(window.kinds) <= limit + 2
        assert (window.first >= 1).all() and (window.first < len(window.pieces)).all()
        assert (window.first[1:] >= window.first[:-1]).all()
    assert [w.offset for w in cut] == [sum(len(w.tokens) for w in cut[:i]) for i in range(len(cut))]


def test_marks_and_shapes_are_told() -> None:
    text = "He said “NO”"
    (window,) = windows(text, tokenizer())
    kinds = {text[a:b]: int(window.kinds[first]) for (a, b), first in zip(window.tokens, window.first, strict=True)}
    assert kinds == {"He": 1, "said": 0, "“": 3, "NO": 5, "”": 3}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda s: (s[0], s[0] + s[1])), max_size=4))
def test_touched_is_its_definition(spans: list[tuple[int, int]]) -> None:
    text = "one, two three. four’s five"
    places = tokens(text)
    expected = [i for i, (a, b) in enumerate(places) if any(a < e and b > s for s, e in spans)]
    assert touched(places, spans) == expected


@given(st.lists(st.sampled_from(["Mr. ", "talks ", "and ", "x" * 700, "Yes. No! ", "“Why?” "]), max_size=60))
def test_sentences_cover_a_text_once_and_none_is_longer_than_the_layers_bear(parts: list[str]) -> None:
    text = "".join(parts)
    found = list(sentences(text, 0, len(text)))
    assert "".join(text[a:b] for a, b in found) == text
    assert all(0 < b - a <= LONGEST for a, b in found)


def test_a_sentence_longer_than_any_that_is_written_is_cut_between_words() -> None:
    text = "Russia and " * 400
    assert {text[a:b].split()[0] for a, b in sentences(text, 0, len(text))} <= {"Russia", "and"}


@pytest.mark.parametrize(
    ("text", "count"),
    [("He said no. The talks ended.", 2), ("Resolution No. 242 stands.", 1), ("Mr. Tan left. He won.", 2)],
)
def test_a_full_stop_that_shortens_ends_no_sentence(text: str, count: int) -> None:
    assert len(list(sentences(text, 0, len(text)))) == count
