"""Training of the attribution model: every epoch is saved, and a run that was stopped goes on where it was."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from detente.errors import Fault, InputError
from detente.evidence.polnear import articles
from detente.evidence.training.examples import Batch, Example, batch, examples
from detente.evidence.training.network import Attributor, Shape
from detente.files import replacing


@dataclass(frozen=True)
class Recipe:
    """How the network is trained. Rates are AdamW's (Loshchilov & Hutter 2019): a linear rise, then a linear fall to 0."""

    epochs: int = 5
    batch: int = 12
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    warm: float = 0.06  # share of the steps in which the rates rise
    dropout: float = 0.1
    clip: float = 1.0
    averaging: float = 0.998  # of the moving average of the weights, which is what is kept in the end
    seed: int = 0


SAVED_EVERY = 100  # steps
Log = Callable[[str], None]


def train(split: Path, base: Path, out: Path, recipe: Recipe, *, threads: int = 2, log: Log = print) -> Path:
    """Train on a split of PolNeAR from base weights; write ``checkpoint.pt`` and ``log.jsonl`` into `out`.

    `base` is a folder with ``model.safetensors`` and ``tokenizer.json`` of MiniLM-L6. Returns the checkpoint.
    """
    torch.set_num_threads(threads)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(base)
    data = [example for article in articles(split) for example in examples(article, tokenizer)]
    data = [example for example in data if len(example.window.tokens)]
    run = _Run.start(recipe, base, out / "checkpoint.pt", len(data))
    log(f"{len(data)} windows, {sum(len(e.cues) for e in data)} cues; from epoch {run.epoch + 1} of {recipe.epochs}")
    while run.epoch < recipe.epochs:
        line = run.pass_over(data, log)
        with (out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        log(json.dumps(line))
    return out / "checkpoint.pt"


def load_tokenizer(base: Path) -> Any:
    """The tokenizer of the base model, without its cutting and filling up."""
    from tokenizers import Tokenizer

    path = base / "tokenizer.json"
    if not path.is_file():
        raise InputError(
            Fault("not found", "expected the folder of the base model, with tokenizer.json", file=str(path))
        )
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def load_checkpoint(path: Path, *, averaged: bool = True) -> tuple[Attributor, dict[str, Any]]:
    """The network of a checkpoint, ready to be run, and what else the checkpoint holds."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    network = Attributor(Shape(**state["shape"]))
    network.load_state_dict(state["network"])
    if averaged:
        network.load_state_dict(state["average"], strict=False)
    return network.eval(), state


class _Run:
    """The state of a run of training, from one epoch to the next."""

    def __init__(self, recipe: Recipe, base: Path, windows: int):
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.network = Attributor(Shape(), recipe.dropout)
        self.network.load_base(_base_weights(base))
        self.steps_each = -(-windows // recipe.batch)
        self.epoch = self.step = 0
        encoder = [p for name, p in self.network.encoder.named_parameters() if p.requires_grad and "cue" not in name]
        known = {id(p) for p in encoder} | {id(self.network.encoder.word.weight)}
        heads = [p for p in self.network.parameters() if id(p) not in known]
        self.rates = (recipe.encoder_rate, recipe.head_rate)
        self.optimizer = torch.optim.AdamW([{"params": encoder}, {"params": heads}], weight_decay=recipe.decay)
        self.average = {n: p.detach().clone() for n, p in self.network.named_parameters() if p.requires_grad}

    @classmethod
    def start(cls, recipe: Recipe, base: Path, checkpoint: Path, windows: int) -> _Run:
        """A new run, or the one that `checkpoint` holds."""
        run = cls(recipe, base, windows)
        run.checkpoint = checkpoint
        if checkpoint.is_file():
            state = torch.load(checkpoint, map_location="cpu", weights_only=True)
            kept = {k: v for k, v in state["recipe"].items() if k != "epochs"}
            if kept != {k: v for k, v in asdict(recipe).items() if k != "epochs"}:
                raise InputError(
                    Fault(
                        "was trained by another recipe",
                        "expected the same settings, or another folder",
                        file=str(checkpoint),
                    )
                )
            run.network.load_state_dict(state["network"])
            run.optimizer.load_state_dict(state["optimizer"])
            run.average = state["average"]
            run.epoch, run.step = state["epoch"], state["step"]
        return run

    checkpoint: Path

    def pass_over(self, data: Sequence[Example], log: Log) -> dict[str, Any]:
        """One epoch; returns its line of the log."""
        started, used = time.monotonic(), time.process_time()
        self.network.train()
        torch.manual_seed(self.recipe.seed + 1000 * (self.epoch + 1))
        lost = np.zeros(2)
        cues = 0
        begun = self.step - self.epoch * self.steps_each  # steps of this epoch that were made before a stop
        for done, chosen in enumerate(self._batches(data), start=1):
            if done <= begun:
                continue
            losses, count = self._learn(batch(chosen))
            lost += losses
            cues += count
            if done % 50 == 0:
                rate = (time.monotonic() - started) / (done - begun)
                mean = lost / max(cues, 1)
                log(f"  step {done}/{self.steps_each}: loss {mean[0]:.3f} + {mean[1]:.3f}, {rate:.2f} s a step")
            if done % SAVED_EVERY == 0:
                self._save()
        self.epoch += 1
        self._save()
        return {
            "epoch": self.epoch,
            "steps": self.steps_each - begun,
            "cue_loss": round(lost[0] / cues, 4),
            "argument_loss": round(lost[1] / cues, 4),
            "minutes": round((time.monotonic() - started) / 60, 2),
            "cpu_minutes": round((time.process_time() - used) / 60, 2),
        }

    def _batches(self, data: Sequence[Example]) -> Iterator[list[Example]]:
        """The windows in an order of this epoch's own, those of like length together so that little is filled up."""
        size = self.recipe.batch
        order = np.random.default_rng([self.recipe.seed, self.epoch]).permutation(len(data))
        groups = []
        for at in range(0, len(order), 20 * size):
            pool = sorted(order[at : at + 20 * size], key=lambda i: len(data[i].window.pieces))
            groups += [pool[i : i + size] for i in range(0, len(pool), size)]
        for group in np.random.default_rng([self.recipe.seed, self.epoch, 1]).permutation(len(groups)):
            yield [data[i] for i in groups[group]]

    def _learn(self, given: Batch) -> tuple[tuple[float, float], int]:
        share = self.step / (self.steps_each * self.recipe.epochs)
        slope = min(share / self.recipe.warm, (1 - share) / (1 - self.recipe.warm))
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * max(slope, 0.01)
        cue_loss, argument_loss = losses(self.network, given)
        count = max(len(given.row), 1)
        self.optimizer.zero_grad(set_to_none=True)
        ((cue_loss + argument_loss) / count).backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
        self.optimizer.step()
        self.step += 1
        keep = min(self.recipe.averaging, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                if name in self.average:
                    self.average[name].lerp_(parameter, 1 - keep)
        return (float(cue_loss.detach()), float(argument_loss.detach())), len(given.row)

    def _save(self) -> None:
        state = {
            "shape": asdict(Shape()),
            "recipe": asdict(self.recipe),
            "network": self.network.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "epoch": self.epoch,
            "step": self.step,
        }
        with replacing(self.checkpoint) as temporary:
            torch.save(state, temporary)


def losses(network: Attributor, given: Batch) -> tuple[Tensor, Tensor]:
    """The summed losses of cues and of their arguments, the latter at the gold cues."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states, cue_scores = network.encoder(given.pieces, given.kinds, given.first)
        mine = states[given.row]
        cue = (given.pool.to(mine.dtype)[:, None, :] @ mine)[:, 0]
        longest = torch.arange(mine.shape[1])[None, :] < given.lengths[given.row][:, None]
        scores = network.arguments(mine, cue, given.distance, longest)
    cue_loss = network.cue_chain.loss(cue_scores, given.cue_tags, given.lengths)
    if not len(given.row):
        return cue_loss, cue_loss.new_zeros(())
    return cue_loss, network.argument_chain.loss(scores, given.argument_tags, given.lengths[given.row])


def _base_weights(base: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    path = base / "model.safetensors"
    if not path.is_file():
        raise InputError(
            Fault("not found", "expected the folder of the base model, with model.safetensors", file=str(path))
        )
    return load_file(str(path))
