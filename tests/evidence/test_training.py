"""The network and its training, where torch is installed (extra: detente[train])."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="no torch: pip install 'detente[train]'")
pytest.importorskip("safetensors")

from detente.errors import InputError  # noqa: E402
from detente.evidence.evaluate import evaluate  # noqa: E402
from detente.evidence.model import chain_from, load  # noqa: E402
from detente.evidence.polnear import Article, Gold  # noqa: E402
from detente.evidence.training import export as exporting  # noqa: E402
from detente.evidence.training import train as training  # noqa: E402
from detente.evidence.training.examples import batch, examples, stretches, trimmed  # noqa: E402
from detente.evidence.training.network import Attributor, Chain, Shape  # noqa: E402
from detente.evidence.windows import tokens  # noqa: E402
from tests.evidence.test_tags import enumerate_taggings  # noqa: E402
from tests.evidence.test_windows import tokenizer  # noqa: E402

TINY = Shape(vocabulary=120, positions=64, width=16, inner=32, heads=2, layers=2, argument_width=16, argument_inner=16)
TEXT = "He said the talks will go on.\n“So,” she said."
GOLD = (Gold(((0, 2),), ((3, 7),), ((8, 28),)), Gold(((36, 39),), ((40, 44),), ((30, 35),)))


def test_the_chains_loss_is_the_negative_log_likelihood() -> None:
    torch.manual_seed(0)
    chain = Chain(1)
    for part in chain.parameters():
        torch.nn.init.normal_(part)
    plain = chain_from(exporting.stored(chain))
    emissions = torch.randn(2, 4, 5)
    gold = torch.tensor([[0, 1, 3, 0], [4, 0, 0, 0]])
    lengths = torch.tensor([4, 2])
    expected = 0.0
    for row, tags, length in zip(emissions, gold, lengths, strict=True):
        scores = enumerate_taggings(plain, row[:length].double().numpy())
        total = np.logaddexp.reduce(np.array(list(scores.values())))
        expected += total - scores[tuple(tags[:length].tolist())]
    assert float(chain.loss(emissions, gold, lengths).detach()) == pytest.approx(expected, abs=1e-3)


def test_gold_is_trimmed_to_words_and_keeps_lone_marks() -> None:
    places = tokens(TEXT)
    assert [TEXT[slice(*places[i])] for i in trimmed(TEXT, places, [(30, 35)])] == ["So"]
    assert [TEXT[slice(*places[i])] for i in trimmed(TEXT, places, [(28, 29)])] == ["."]
    assert stretches([]) == []


def test_padding_changes_nothing() -> None:
    torch.manual_seed(1)
    network = Attributor(TINY).eval()
    short, long = (examples(Article("a", text, GOLD), tokenizer())[0] for text in (TEXT[:28], TEXT))
    with torch.inference_mode():
        alone, both = (training.losses(network, batch(chosen)) for chosen in ([short], [short, long]))
        other = training.losses(network, batch([long]))
    for one, two, sum_ in zip(alone, other, both, strict=True):
        assert float(one + two) == pytest.approx(float(sum_), rel=2e-2)  # bfloat16 within


def test_a_run_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    split, base = _corpus(tmp_path), tmp_path / "base"
    _tiny(monkeypatch)
    recipe = training.Recipe(epochs=1, batch=2)
    log: list[str] = []
    training.train(split, base, tmp_path / "out", recipe, threads=1, log=log.append)
    more = training.Recipe(epochs=2, batch=2)
    checkpoint = training.train(split, base, tmp_path / "out", more, threads=1, log=log.append)
    lines = (tmp_path / "out" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [f'"epoch": {n}' in line for n, line in enumerate(lines, start=1)] == [True, True]
    assert any("from epoch 2 of 2" in line for line in log)
    with pytest.raises(InputError, match="another recipe"):
        training.train(split, base, tmp_path / "out", training.Recipe(epochs=3, batch=3), threads=1, log=log.append)
    network, state = training.load_checkpoint(checkpoint)
    assert state["epoch"] == 2 and not network.training


def test_what_is_exported_scores_as_the_network_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    split, base = _corpus(tmp_path), tmp_path / "base"
    _tiny(monkeypatch)
    checkpoint = training.train(split, base, tmp_path / "out", training.Recipe(epochs=1, batch=2), threads=1, log=str)
    file = tmp_path / "model.zip"
    exporting.export(checkpoint, base, file, {"name": "tiny", "threshold": 0.7}, quantised=False)
    network, model = exporting.as_model(checkpoint, base), load(file)
    assert (model.name, model.threshold) == ("tiny", 0.7)
    window = examples(Article("a", TEXT, GOLD), tokenizer())[0].window
    ours, theirs = model.heads.encode([window]), network.heads.encode([window])
    assert all(np.allclose(a, b, atol=1e-4) for a, b in zip(ours, theirs, strict=True))
    exporting.export(checkpoint, base, file, {"name": "tiny"}, quantised=True)
    load.cache_clear()
    assert load(file).attribute(TEXT, threshold=0.01) is not None


def test_from_a_corpus_to_a_model_and_its_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    from detente.evidence.training import command

    split = _corpus(tmp_path)
    shutil.copytree(split, tmp_path / "dev")
    _tiny(monkeypatch)
    file = command.train_and_export(tmp_path, tmp_path / "out", tmp_path / "base", epochs=1, threads=1, log=str)
    scores = json.loads((tmp_path / "out" / "scores.json").read_text(encoding="utf-8"))
    assert scores["file_bytes"] == file.stat().st_size
    assert load(file).threshold in command.THRESHOLDS
    network = exporting.as_model(tmp_path / "out" / "checkpoint.pt", tmp_path / "base")
    tried = command._tried(network, tmp_path / "dev")
    for threshold, found in tried.items():
        again = evaluate(tmp_path / "dev", lambda text, t=threshold: network.attribute(text, threshold=t), "again")
        assert again.scores == found.scores


def _corpus(folder: Path) -> Path:
    split = folder / "train"
    lines = []
    for number, gold in enumerate(GOLD):
        for part, (role, spans) in enumerate((("Source", gold.source), ("Cue", gold.cue), ("Content", gold.content))):
            lines.append(f"T{3 * number + part}\t{role} {spans[0][0]} {spans[0][1]}\tx")
        lines.append(f"E{number}\tAttribution:T0 Source:T{3 * number} Cue:T{3 * number + 1} Content:T{3 * number + 2}")
    for kind, name, content in (("text", "a.txt", TEXT), ("attributions", "a_1.ann", "\n".join(lines))):
        (split / kind).mkdir(parents=True)
        (split / kind / name).write_text(content, encoding="utf-8")
    return split


def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network and a tokenizer small enough for a test, in place of those of the base model."""

    def base_weights(base: Path) -> dict[str, Any]:
        own = Attributor(TINY).encoder.state_dict()
        names = {
            "attended": "attention.output.dense",
            "after_attention": "attention.output.LayerNorm",
            "widen": "intermediate.dense",
            "narrow": "output.dense",
            "after": "output.LayerNorm",
        }
        found = {
            "embeddings.word_embeddings.weight": own["word.weight"],
            "embeddings.position_embeddings.weight": own["position.weight"],
            "embeddings.token_type_embeddings.weight": torch.zeros(2, TINY.width),
            "embeddings.LayerNorm.weight": own["norm.weight"],
            "embeddings.LayerNorm.bias": own["norm.bias"],
        }
        for number in range(TINY.layers):
            for kind in ("weight", "bias"):
                parts = own[f"blocks.{number}.query_key_value.{kind}"].chunk(3)
                for name, part in zip(("query", "key", "value"), parts, strict=True):
                    found[f"encoder.layer.{number}.attention.self.{name}.{kind}"] = part
                for ours, theirs in names.items():
                    found[f"encoder.layer.{number}.{theirs}.{kind}"] = own[f"blocks.{number}.{ours}.{kind}"]
        return found

    def tiny_tokenizer(base: Path) -> Any:
        base.mkdir(exist_ok=True)
        tokenizer().save(str(base / "tokenizer.json"))
        return tokenizer()

    monkeypatch.setattr(training, "_base_weights", base_weights)
    monkeypatch.setattr(training, "load_tokenizer", tiny_tokenizer)
    monkeypatch.setattr(exporting, "load_tokenizer", tiny_tokenizer)
    monkeypatch.setattr(training, "Shape", lambda **given: Shape(**given) if given else TINY)
