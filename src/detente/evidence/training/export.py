"""A trained network as one file that onnxruntime runs: weights in eight bits a channel, with the tokenizer and the chains."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from detente.evidence.model import Model, Numbers, chain_from
from detente.evidence.training.network import Attributor, Chain
from detente.evidence.training.train import load_checkpoint, load_tokenizer
from detente.evidence.windows import Window, padded
from detente.files import replacing

OPSET = 17
WHEN = (2020, 1, 1, 0, 0, 0)  # every file carries the same date, so that the same weights give the same bytes


class TorchHeads:
    """The network's two heads as torch runs them, to score a checkpoint without exporting it."""

    def __init__(self, network: Attributor):
        self.network = network

    def encode(self, windows: Sequence[Window]) -> tuple[Numbers, Numbers]:
        """See `detente.evidence.model.Heads`."""
        given = [torch.from_numpy(padded([getattr(w, name) for w in windows])) for name in ("pieces", "kinds", "first")]
        with torch.inference_mode():
            states, scores = self.network.encoder(*given)
        return states.numpy(), scores.numpy()

    def argue(self, states: Numbers, cue: Numbers, distance: NDArray[np.int64]) -> Numbers:
        """See `detente.evidence.model.Heads`."""
        with torch.inference_mode():
            given = [torch.from_numpy(part) for part in (states, cue, distance)]
            return self.network.arguments(*given, torch.ones(distance.shape, dtype=torch.bool)).numpy()


def as_model(checkpoint: Path, base: Path, *, averaged: bool = True) -> Model:
    """A checkpoint as a model that torch runs."""
    network, state = load_checkpoint(checkpoint, averaged=averaged)
    cue_chain, argument_chain = (chain_from(stored(c)) for c in (network.cue_chain, network.argument_chain))
    about = {"name": f"checkpoint of epoch {state['epoch']}"}
    return Model(TorchHeads(network), cue_chain, argument_chain, load_tokenizer(base), about)


def stored(chain: Chain) -> dict[str, Any]:
    """A chain's three tables as lists."""
    names = ("steps", "first", "last")
    return {name: part.detach().double().numpy().tolist() for name, part in zip(names, chain.scores(), strict=True)}


class _Whole(nn.Module):
    """The argument head without its mask: at work all rows of a step are of one length."""

    def __init__(self, network: Attributor):
        super().__init__()
        self.arguments = network.arguments

    def forward(self, states: Tensor, cue: Tensor, distance: Tensor) -> Tensor:
        return self.arguments(states, cue, distance, torch.ones_like(distance))


def export(checkpoint: Path, base: Path, file: Path, about: dict[str, Any], *, quantised: bool = True) -> None:
    """Write the model of a checkpoint to `file`, with `about` (name, threshold, data, scores) beside its weights."""
    network, _ = load_checkpoint(checkpoint)
    chains = {"cue_chain": stored(network.cue_chain), "argument_chain": stored(network.argument_chain)}
    with tempfile.TemporaryDirectory() as folder:
        encoder, arguments = Path(folder, "encoder.onnx"), Path(folder, "arguments.onnx")
        _export_encoder(network, encoder)
        _export_arguments(network, arguments)
        if quantised:
            encoder, arguments = _quantise(encoder), _quantise(arguments)
        parts = {
            "model.json": json.dumps({**about, **chains}, sort_keys=True, indent=1).encode(),
            "tokenizer.json": (base / "tokenizer.json").read_bytes(),
            "encoder.onnx": encoder.read_bytes(),
            "arguments.onnx": arguments.read_bytes(),
        }
    with (
        replacing(file) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
    ):
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), content, zipfile.ZIP_DEFLATED)


def _export_encoder(network: Attributor, file: Path) -> None:
    pieces = torch.tensor([[1, 2, 3, 4], [1, 2, 4, 0]])  # any will do: the graph is traced, not the values
    first = torch.tensor([[1, 2], [1, 0]])
    length, tokens = {0: "windows", 1: "pieces"}, {0: "windows", 1: "tokens"}
    torch.onnx.export(
        network.encoder,
        (pieces, torch.zeros_like(pieces), first),
        str(file),
        input_names=["pieces", "kinds", "first"],
        output_names=["states", "scores"],
        dynamic_axes={"pieces": length, "kinds": length, "first": tokens, "states": tokens, "scores": tokens},
        opset_version=OPSET,
        dynamo=False,
    )


def _export_arguments(network: Attributor, file: Path) -> None:
    width = network.arguments.token.in_features
    both = {0: "cues", 1: "tokens"}
    torch.onnx.export(
        _Whole(network).eval(),
        (torch.zeros(2, 3, width), torch.zeros(2, width), torch.zeros(2, 3, dtype=torch.long)),
        str(file),
        input_names=["states", "cue", "distance"],
        output_names=["scores"],
        dynamic_axes={"states": both, "cue": {0: "cues"}, "distance": both, "scores": both},
        opset_version=OPSET,
        dynamo=False,
    )


def _quantise(file: Path) -> Path:
    """The weights of matrix products and embeddings in eight bits, with a scale a channel."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    small = file.with_suffix(".int8.onnx")
    quantize_dynamic(
        str(file),
        str(small),
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gather", "Gemm"],
    )
    return small
