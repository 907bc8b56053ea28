"""The attribution model at work: onnxruntime runs it, and what it scores is decoded here."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detente.errors import Fault, InputError
from detente.evidence.attribution import Attribution, Cue, attribution, find_cues, without_repeats
from detente.evidence.distances import distances
from detente.evidence.tags import Chain
from detente.evidence.windows import Window, padded, windows

BATCH = 8  # windows, and four times as many cues, in a step
LIMIT_MODEL = 200_000_000  # bytes of one part of a model file
SHIPPED = "attribution.zip"
NEEDS = "expected: pip install 'detente[read]'"
Numbers = NDArray[np.float32]


class Heads(Protocol):
    """What runs the two heads: onnxruntime here, torch in training."""

    def encode(self, windows: Sequence[Window]) -> tuple[Numbers, Numbers]:
        """States (windows, tokens, width) and scores of cue tags (windows, tokens, tags)."""
        ...

    def argue(self, states: Numbers, cue: Numbers, distance: NDArray[np.int64]) -> Numbers:
        """Scores of argument tags (cues, tokens, tags) from states (cues, tokens, width)."""
        ...


@dataclass(frozen=True)
class Model:
    """A trained model: its heads, the chains over their tags, its tokenizer, and what its file says about it."""

    heads: Heads
    cue_chain: Chain
    argument_chain: Chain
    tokenizer: Any
    about: dict[str, Any]

    @property
    def name(self) -> str:
        """How answers name it."""
        return str(self.about.get("name", "model"))

    @property
    def threshold(self) -> float:
        """The probability from which it keeps a cue, chosen on the development split."""
        return float(self.about.get("threshold", 0.7))

    def attribute(
        self, text: str, *, threshold: float | None = None, step: Callable[[int, int], None] | None = None
    ) -> list[Attribution]:
        """The attributions of a text, in its order. A lower `threshold` finds more, and more that are none."""
        kept = self.threshold if threshold is None else threshold
        cut = [window for window in windows(text, self.tokenizer) if window.tokens]
        found: list[Attribution] = []
        for at in range(0, len(cut), BATCH):
            found += self._attribute(text, cut[at : at + BATCH], kept)
            if step:
                step(min(at + BATCH, len(cut)), len(cut))
        return without_repeats(found)

    def _attribute(self, text: str, group: Sequence[Window], threshold: float) -> Iterator[Attribution]:
        states, scores = self.heads.encode(group)
        for window, state, score in zip(group, states, scores, strict=True):
            length = len(window.tokens)
            cues = find_cues(score[:length].astype(np.float64), self.cue_chain, threshold)
            for at in range(0, len(cues), 4 * BATCH):
                yield from self._arguments(text, window, state[:length], cues[at : at + 4 * BATCH])

    def _arguments(self, text: str, window: Window, state: Numbers, cues: Sequence[Cue]) -> Iterator[Attribution]:
        centre = np.stack([state[cue.start : cue.end].mean(0) for cue in cues])
        away = np.stack([distances(len(state), cue.start, cue.end) for cue in cues])
        scores = self.heads.argue(np.repeat(state[None], len(cues), 0), centre, away)
        taggings = self.argument_chain.best(scores.astype(np.float64))
        for cue, tagging in zip(cues, taggings, strict=True):
            if one := attribution(text, window, cue, tagging):
                yield one


class OnnxHeads:
    """The two heads as onnxruntime runs them, on `threads` processors."""

    def __init__(self, encoder: bytes, arguments: bytes, threads: int):
        import onnxruntime

        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        settings.inter_op_num_threads = 1
        settings.log_severity_level = 3
        providers = ["CPUExecutionProvider"]
        self.encoder = onnxruntime.InferenceSession(encoder, settings, providers=providers)
        self.arguments = onnxruntime.InferenceSession(arguments, settings, providers=providers)

    def encode(self, windows: Sequence[Window]) -> tuple[Numbers, Numbers]:
        """See `Heads.encode`."""
        given = {name: padded([getattr(w, name) for w in windows]) for name in ("pieces", "kinds", "first")}
        states, scores = self.encoder.run(["states", "scores"], given)
        return states, scores

    def argue(self, states: Numbers, cue: Numbers, distance: NDArray[np.int64]) -> Numbers:
        """See `Heads.argue`."""
        return self.arguments.run(["scores"], {"states": states, "cue": cue, "distance": distance})[0]


def shipped() -> Path | None:
    """The model file that comes with the package, or None where it has none."""
    file = resources.files("detente.evidence").joinpath("weights", SHIPPED)
    return Path(str(file)) if file.is_file() else None


def can_run() -> bool:
    """Whether what runs the model is installed."""
    return all(find_spec(name) is not None for name in ("onnxruntime", "tokenizers"))


@cache
def load(file: Path, threads: int = 1) -> Model:
    """The model in a file that `detente evidence train` wrote.

    Raises `InputError` where it is no such file, or where what runs it is not installed.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            encoder, arguments, words = (
                _part(archive, name) for name in ("encoder.onnx", "arguments.onnx", "tokenizer.json")
            )
            about = json.loads(_part(archive, "model.json"))
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InputError(
            Fault("is not an attribution model", "expected a file that `detente evidence train` wrote", file=str(file))
        ) from error
    try:
        from tokenizers import Tokenizer

        heads = OnnxHeads(encoder, arguments, threads)
    except ImportError as error:
        raise InputError(Fault("what runs the attribution model is not installed", NEEDS)) from error
    tokenizer = Tokenizer.from_str(words.decode("utf-8"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Model(heads, chain_from(about["cue_chain"]), chain_from(about["argument_chain"]), tokenizer, about)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LIMIT_MODEL:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


def chain_from(stored: dict[str, Any]) -> Chain:
    """A chain from its three tables as lists."""
    steps, first, last = (np.array(stored[name], np.float64) for name in ("steps", "first", "last"))
    return Chain(steps, first, last)
