"""The parts that transformers are made of: attention with several heads, and blocks of it.

A lesson hands its own `attention(q, k, v, mask)` → (values, weights) to a net, and its own
`causal_mask(length)`; a net that is given none uses torch's.

The blocks normalise before each part and not after it, as Vaswani et al. did: such a net needs no
slow start (Xiong et al. 2020, "On Layer Normalization in the Transformer Architecture").
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Attention = Callable[[Tensor, Tensor, Tensor, Tensor | None], tuple[Tensor, Tensor]]
CausalMask = Callable[[int], Tensor]
Step = Callable[[Tensor], Tensor]  # prefix (N, L) → logits (N, V) of the next token


def torch_attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """torch's own attention: q (…, L, d), k (…, M, d), v (…, M, d_v) → (values, weights).

    mask: bool, broadcastable to (…, L, M), True where a query may look.
    The weights are what attention makes of M values that are the rows of an identity.
    """
    ones = torch.eye(k.shape[-2], dtype=q.dtype, device=q.device)
    weights = F.scaled_dot_product_attention(q, k, ones.expand(*k.shape[:-2], *ones.shape), mask)
    return weights @ v, weights


def torch_causal_mask(length: int) -> Tensor:
    """torch's own causal mask: (length, length) bool, True where a position may look."""
    return nn.Transformer.generate_square_subsequent_mask(length) == 0


def waves(length: int, width: int) -> Tensor:
    """Positions as sines and cosines of ever longer waves: (length, width) float32, −1 to 1.

    >>> waves(2, 4)[0].tolist()
    [0.0, 1.0, 0.0, 1.0]

    Source: Vaswani et al. (2017), "Attention Is All You Need", section 3.5.
    """
    place = torch.arange(length, dtype=torch.float32)[:, None]
    angle = place / 10_000 ** (torch.arange(0, width, 2) / width)
    return torch.stack((angle.sin(), angle.cos()), dim=2).flatten(1)[:, :width]


class MultiHead(nn.Module):
    """Attention with several heads: x (N, L, width), memory (N, M, width) → (N, L, width).

    Each of its four linear layers is one matrix without a bias, applied as x @ W.T;
    a head is one of `heads` equal slices of the last axis.
    After a call `weights` has shape (N, heads, L, M).
    """

    def __init__(self, width: int, heads: int, attention: Attention | None = None) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"{width} numbers cannot be cut into {heads} equal heads.")
        self.heads = heads
        self.attention = attention or torch_attention
        self.query, self.key, self.value, self.out = (
            nn.Linear(width, width, bias=False) for _ in range(4)
        )
        self.weights: Tensor | None = None

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None = None) -> Tensor:
        q, k, v = (
            self._cut(self.query(x)),
            self._cut(self.key(memory)),
            self._cut(self.value(memory)),
        )
        values, weights = self.attention(q, k, v, mask)
        self.weights = weights.detach()
        return self.out(values.transpose(1, 2).flatten(2))

    def _cut(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)


class Block(nn.Module):
    """Self-attention, then (with `crossed`) attention to a memory, then two linear layers.

    x (N, L, width) → (N, L, width); each part is added to what went into it.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        hidden: int,
        attention: Attention | None = None,
        crossed: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.norm_self = nn.LayerNorm(width)
        self.self_attention = MultiHead(width, heads, attention)
        if crossed:
            self.norm_cross = nn.LayerNorm(width)
            self.cross_attention = MultiHead(width, heads, attention)
        self.crossed = crossed
        self.norm_dense = nn.LayerNorm(width)
        self.dense = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, width))
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        x: Tensor,
        mask: Tensor | None = None,
        memory: Tensor | None = None,
        memory_mask: Tensor | None = None,
    ) -> Tensor:
        calm = self.norm_self(x)
        x = x + self.dropout(self.self_attention(calm, calm, mask))
        if self.crossed:
            x = x + self.dropout(self.cross_attention(self.norm_cross(x), memory, memory_mask))
        return x + self.dropout(self.dense(self.norm_dense(x)))
