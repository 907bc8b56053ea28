"""The network that attributes: an encoder of word pieces, a head that finds cues, and one that finds each cue's arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from detente.evidence import tags
from detente.evidence.distances import BUCKETS
from detente.evidence.windows import KINDS

CUE_TAGS, ARGUMENT_TAGS = 5, 9  # outside, and begin, inside, end, single of each role


@dataclass(frozen=True)
class Shape:
    """The sizes of the network; the encoder's are those of MiniLM-L6 (Wang et al. 2020)."""

    vocabulary: int = 30522
    positions: int = 512
    width: int = 384
    inner: int = 1536
    heads: int = 12
    layers: int = 6
    argument_width: int = 256
    argument_inner: int = 512
    argument_heads: int = 4


class Block(nn.Module):
    """One layer of a transformer, normalised after each half as in BERT (Devlin et al. 2019)."""

    def __init__(self, width: int, inner: int, heads: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.after_attention = nn.LayerNorm(width, eps=1e-12)
        self.widen = nn.Linear(width, inner)
        self.narrow = nn.Linear(inner, width)
        self.after = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """States (rows, length, width) to states; `bias` (rows, 1, 1, length) is added to the attention's scores."""
        rows, length, width = x.shape
        q, k, v = (
            part.view(rows, length, self.heads, width // self.heads).transpose(1, 2)
            for part in self.query_key_value(x).chunk(3, dim=-1)
        )
        # No dropout within the attention: on a processor it would cost as much as the rest of the layer.
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        mixed = self.attended(mixed.transpose(1, 2).reshape(rows, length, width))
        x = self.after_attention(x + self.dropout(mixed))
        return self.after(x + self.dropout(self.narrow(F.gelu(self.widen(x)))))


def bias_of(mask: Tensor) -> Tensor:
    """What is added to the scores of attention where `mask` (rows, length) says there is nothing."""
    return (1.0 - mask.float())[:, None, None, :] * tags.NEVER


class Encoder(nn.Module):
    """Word pieces to the states of tokens, and the scores of their cue tags."""

    def __init__(self, shape: Shape, dropout: float):
        super().__init__()
        self.word = nn.Embedding(shape.vocabulary, shape.width)
        self.position = nn.Embedding(shape.positions, shape.width)
        self.kind = nn.Embedding(KINDS, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.blocks = nn.ModuleList(Block(shape.width, shape.inner, shape.heads, dropout) for _ in range(shape.layers))
        self.cue = nn.Linear(shape.width, CUE_TAGS)
        self.dropout = nn.Dropout(dropout)
        nn.init.zeros_(self.kind.weight)

    def forward(self, pieces: Tensor, kinds: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
        """Pieces and kinds (rows, pieces), first pieces of tokens (rows, tokens); a piece of 0 is none.

        Returns states (rows, tokens, width) and scores (rows, tokens, cue tags).
        """
        bias = bias_of(pieces != 0)
        places = torch.arange(pieces.shape[1], device=pieces.device)[None, :]
        x = self.dropout(self.norm(self.word(pieces) + self.position(places) + self.kind(kinds)))
        for block in self.blocks:
            x = block(x, bias)
        states = x.gather(1, first[:, :, None].expand(-1, -1, x.shape[2]))
        return states, self.cue(self.dropout(states))


class Arguments(nn.Module):
    """The states of tokens and the place of a cue to the scores of its arguments' tags."""

    def __init__(self, shape: Shape, dropout: float):
        super().__init__()
        width = shape.argument_width
        self.token = nn.Linear(shape.width, width)
        self.cue = nn.Linear(shape.width, width)
        self.token_gate = nn.Linear(shape.width, width, bias=False)
        self.cue_gate = nn.Linear(shape.width, width, bias=False)
        self.distance = nn.Embedding(BUCKETS, width)
        self.block = Block(width, shape.argument_inner, shape.argument_heads, dropout)
        self.tags = nn.Linear(width, ARGUMENT_TAGS)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, cue: Tensor, distance: Tensor, mask: Tensor) -> Tensor:
        """States (cues, tokens, width), each cue's mean state (cues, width), buckets of distance to it (cues, tokens)
        and which tokens there are (cues, tokens), to scores (cues, tokens, argument tags).
        """
        gate = self.token_gate(states) * self.cue_gate(cue)[:, None, :]
        x = torch.tanh(self.token(states) + self.cue(cue)[:, None, :] + self.distance(distance) + gate)
        return self.tags(self.dropout(self.block(self.dropout(x), bias_of(mask))))


class Chain(nn.Module):
    """The scores of tags beside each other, learned; what the scheme forbids is fixed."""

    def __init__(self, roles: int):
        super().__init__()
        count = 1 + 4 * roles
        self.steps = nn.Parameter(torch.zeros(count, count))
        self.first = nn.Parameter(torch.zeros(count))
        self.last = nn.Parameter(torch.zeros(count))
        for name, may in zip(("may_step", "may_open", "may_close"), tags.allowed(roles), strict=True):
            self.register_buffer(name, torch.from_numpy(may), persistent=False)

    def scores(self) -> tuple[Tensor, Tensor, Tensor]:
        """Steps, first and last with what cannot be at `tags.NEVER`."""
        pairs = ((self.steps, self.may_step), (self.first, self.may_open), (self.last, self.may_close))
        steps, first, last = (score.masked_fill(~may, tags.NEVER) for score, may in pairs)  # type: ignore[operator]
        return steps, first, last

    def loss(self, emissions: Tensor, gold: Tensor, lengths: Tensor) -> Tensor:
        """The summed negative log-likelihood of gold taggings (rows, tokens) under emissions (rows, tokens, tags)."""
        steps, first, last = self.scores()
        emissions = emissions.float()
        rows = torch.arange(len(gold))
        ahead = first + emissions[:, 0]
        path = first[gold[:, 0]] + emissions[rows, 0, gold[:, 0]]
        for at in range(1, emissions.shape[1]):
            runs = at < lengths
            onward = torch.logsumexp(ahead[:, :, None] + steps, dim=1) + emissions[:, at]
            ahead = torch.where(runs[:, None], onward, ahead)
            step = steps[gold[:, at - 1], gold[:, at]] + emissions[rows, at, gold[:, at]]
            path = path + torch.where(runs, step, torch.zeros_like(step))
        path = path + last[gold[rows, lengths - 1]]
        return (torch.logsumexp(ahead + last, dim=1) - path).sum()


class Attributor(nn.Module):
    """The whole network."""

    def __init__(self, shape: Shape | None = None, dropout: float = 0.1):
        super().__init__()
        shape = shape or Shape()
        self.encoder = Encoder(shape, dropout)
        self.arguments = Arguments(shape, dropout)
        self.cue_chain = Chain(1)
        self.argument_chain = Chain(2)

    def load_base(self, weights: dict[str, Any]) -> None:
        """Take the encoder's weights from a BERT checkpoint by its names; word embeddings stay as they are there."""
        own = {
            "word.weight": weights["embeddings.word_embeddings.weight"],
            "position.weight": weights["embeddings.position_embeddings.weight"],
            "norm.weight": weights["embeddings.LayerNorm.weight"],
            "norm.bias": weights["embeddings.LayerNorm.bias"],
        }
        own["position.weight"] = own["position.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        names = {
            "attended": "attention.output.dense",
            "after_attention": "attention.output.LayerNorm",
            "widen": "intermediate.dense",
            "narrow": "output.dense",
            "after": "output.LayerNorm",
        }
        for number in range(len(self.encoder.blocks)):
            theirs, ours = f"encoder.layer.{number}", f"blocks.{number}"
            for kind in ("weight", "bias"):
                parts = [weights[f"{theirs}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                own[f"{ours}.query_key_value.{kind}"] = torch.cat(parts)
                for name, their_name in names.items():
                    own[f"{ours}.{name}.{kind}"] = weights[f"{theirs}.{their_name}.{kind}"]
        missing, unexpected = self.encoder.load_state_dict(own, strict=False)
        wrong = [name for name in missing if not name.startswith(("cue.", "kind."))] + list(unexpected)
        if wrong:
            raise ValueError(f"the base model does not fit: {', '.join(wrong)}")
        self.encoder.word.weight.requires_grad_(False)
