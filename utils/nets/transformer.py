"""The parts that transformers are made of: attention with several heads, and blocks of it.

A lesson hands its own `multi_head` and `causal_mask` to a net; a net that is given none uses
torch's.

The blocks normalise before each part and not after it, as Vaswani et al. did: such a net needs no
slow start (Xiong et al. 2020, "On Layer Normalization in the Transformer Architecture").
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# multi_head(x, memory, W_q, W_k, W_v, W_o, heads, mask) → (N, L, width), mask True = may look
MultiHeadFunction = Callable[..., Tensor]
CausalMask = Callable[[int], Tensor]
Step = Callable[[Tensor], Tensor]  # prefix (N, L) → logits (N, V) of the next token


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

    Each of its four linear layers is one matrix without a bias, applied as x @ W.T.
    `multi_head` is the lesson's function; without it torch's is used.
    mask: bool, broadcastable to (N, heads, L, M), True where a query may look; or torch's own
    causal mask, for torch's function.
    """

    def __init__(self, width: int, heads: int, multi_head: MultiHeadFunction | None = None) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"{width} numbers cannot be cut into {heads} equal heads.")
        self.heads = heads
        self.multi_head = multi_head
        self.query, self.key, self.value, self.out = (
            nn.Linear(width, width, bias=False) for _ in range(4)
        )
        self._asked: tuple[Tensor, Tensor, Tensor | None] | None = None

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None = None) -> Tensor:
        self._asked = x.detach(), memory.detach(), mask
        if self.multi_head is None:
            return self._torchs(x, memory, mask)[0]
        layers = (self.query, self.key, self.value, self.out)
        matrices = (layer.weight for layer in layers)
        return self.multi_head(x, memory, *matrices, self.heads, mask)

    @property
    def weights(self) -> Tensor:
        """Where the heads looked in the last call, by torch's function: (N, heads, L, M).

        Raises ValueError before the first call.
        """
        if self._asked is None:
            raise ValueError("nobody has looked so far: call the net first.")
        with torch.no_grad():
            return self._torchs(*self._asked)[1]

    def _torchs(self, x: Tensor, memory: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """torch's own attention of several heads, and the weights of each."""
        N, L, width = x.shape
        if mask is not None and mask.dtype == torch.bool:
            mask = ~mask.expand(N, self.heads, L, memory.shape[1]).flatten(0, 1)
        x, memory = x.transpose(0, 1), memory.transpose(0, 1)
        result, weights = F.multi_head_attention_forward(
            *(x, memory, memory, width, self.heads),
            in_proj_weight=None,
            in_proj_bias=None,
            bias_k=None,
            bias_v=None,
            add_zero_attn=False,
            dropout_p=0.0,
            out_proj_weight=self.out.weight,
            out_proj_bias=None,  # type: ignore[arg-type]  # it may be None, as in torch's layer
            attn_mask=mask,
            use_separate_proj_weight=True,
            q_proj_weight=self.query.weight,
            k_proj_weight=self.key.weight,
            v_proj_weight=self.value.weight,
            average_attn_weights=False,
        )
        assert weights is not None
        return result.transpose(0, 1), weights


class Block(nn.Module):
    """Self-attention, then (with `crossed`) attention to a memory, then two linear layers.

    x (N, L, width) → (N, L, width); each part is added to what went into it.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        hidden: int,
        multi_head: MultiHeadFunction | None = None,
        crossed: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.norm_self = nn.LayerNorm(width)
        self.self_attention = MultiHead(width, heads, multi_head)
        if crossed:
            self.norm_cross = nn.LayerNorm(width)
            self.cross_attention = MultiHead(width, heads, multi_head)
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


def masks_like_torch(
    multi_head: MultiHeadFunction | None, causal_mask: CausalMask | None
) -> CausalMask:
    """The causal mask of a net: the lesson's with the lesson's heads, torch's with torch's.

    Raises ValueError when only one of the two is given.
    """
    if (multi_head is None) != (causal_mask is None):
        raise ValueError("expected both multi_head and causal_mask, or none of them; got one.")
    return causal_mask or nn.Transformer.generate_square_subsequent_mask
