"""A small transformer that translates: English number words in, Korean ones out.

Source: Vaswani et al. (2017), "Attention Is All You Need"; this one is a tenth as wide, has two
layers on each side in place of six, and is trained in seconds.
"""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from utils.nets.transformer import (
    Block,
    CausalMask,
    MultiHeadFunction,
    Step,
    masks_like_torch,
    waves,
)
from utils.number_words import END, ENGLISH, KOREAN, START
from utils.one_cycle import one_cycle
from utils.training import train

LONGEST = 32  # tokens: more than any sentence of the course has


class Translator(nn.Module):
    """Encoder and decoder for number words: 64 numbers a word, 4 heads, 2 and 2 layers.

    `multi_head(x, memory, W_q, W_k, W_v, W_o, heads, mask)` and `causal_mask(length)` → (length,
    length) bool are the lesson's own; without them torch's are used.
    With `positions=False` the net is not told where in its sentence a word stands.

    forward: source (N, M) and prefix (N, L), int64 tokens of `utils.number_words` → logits
    (N, L, V): at each place of the prefix those of the token that follows there.
    The prefix begins with `START`. What stands behind the source's first `END` is not looked at.

    >>> Translator()(torch.zeros(3, 7).long(), torch.ones(3, 2).long()).shape
    torch.Size([3, 2, 39])
    """

    places: Tensor

    def __init__(
        self,
        multi_head: MultiHeadFunction | None = None,
        causal_mask: CausalMask | None = None,
        *,
        positions: bool = True,
        width: int = 64,
        heads: int = 4,
        layers: int = 2,
    ) -> None:
        super().__init__()
        self.causal_mask = masks_like_torch(multi_head, causal_mask)
        self.source_words = nn.Embedding(len(ENGLISH), width)
        self.target_words = nn.Embedding(len(KOREAN), width)
        self.register_buffer("places", waves(LONGEST, width) * positions, persistent=False)
        self.encoder = nn.ModuleList(
            Block(width, heads, 2 * width, multi_head) for _ in range(layers)
        )
        self.encoder_norm = nn.LayerNorm(width)
        self.decoder = nn.ModuleList(
            Block(width, heads, 2 * width, multi_head, crossed=True) for _ in range(layers)
        )
        self.decoder_norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, len(KOREAN))

    def encode(self, source: Tensor) -> Tensor:
        """What the encoder makes of a sentence: source (N, M) → memory (N, M, 64)."""
        x = self.source_words(source) + self.places[: source.shape[1]]
        for block in self.encoder:
            x = block(x, _words_of(source))
        return self.encoder_norm(x)

    def decode(self, memory: Tensor, source: Tensor, prefix: Tensor) -> Tensor:
        """Logits (N, L, V) from the memory of `source` (N, M) and the `prefix` (N, L)."""
        causal = self.causal_mask(prefix.shape[1]).to(prefix.device)
        x = self.target_words(prefix) + self.places[: prefix.shape[1]]
        for block in self.decoder:
            x = block(x, causal, memory, _words_of(source))
        return self.out(self.decoder_norm(x))

    def forward(self, source: Tensor, prefix: Tensor) -> Tensor:
        return self.decode(self.encode(source), source, prefix)

    def step(self, source: Tensor) -> Step:
        """A function that continues translations of `source` (N, M) by a word.

        It takes the prefixes (N, L), each beginning with `START`, and returns the logits (N, V) of
        the next token, without gradients. The net is put into `eval()` mode.

        >>> step = Translator().step(torch.zeros(3, 7).long())
        >>> step(torch.full((3, 1), START)).shape
        torch.Size([3, 39])
        """
        self.eval()
        with torch.no_grad():
            memory = self.encode(source)

        @torch.no_grad()
        def step(prefix: Tensor) -> Tensor:
            return self.decode(memory, source, prefix)[:, -1]

        return step

    @property
    def watched(self) -> Tensor:
        """Where the last forward pass looked in the source: (N, heads, L, M), rows sum to 1.

        The weights of the decoder's last attention to the encoder. Row l is what was looked at in
        order to say the token that follows the prefix's place l.
        Raises ValueError before the first forward pass.
        """
        return cast(Block, self.decoder[-1]).cross_attention.weights


def translator(seed: int = 0, *, positions: bool = True) -> Translator:
    """An untrained `Translator` with torch's attention; the same weights for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Translator(positions=positions)


def train_translator(
    model: nn.Module,
    source: Tensor,
    target: Tensor,
    *,
    epochs: int = 12,
    lr: float = 3e-3,
    seed: int = 0,
    progress: bool = True,
) -> list[float]:
    """Train a `Translator` on source (N, 7) and target (N, 5), and return each epoch's mean loss.

    The loss is `translation_loss`; batches of 64, the rate of `one_cycle`.
    """
    optimizer = one_cycle(model, lr, examples=len(source), epochs=epochs)
    history = train(
        model,
        (source, target),
        loss=translation_loss,
        epochs=epochs,
        optimizer=optimizer,
        seed=seed,
        progress=progress,
    )
    return history.loss


def translation_loss(model: nn.Module, source: Tensor, target: Tensor) -> Tensor:
    """Mean over the batch's tokens of −log p(right token), in nats.

    source (N, M), target (N, L), both filled with `END`; of these the first counts, others do not.
    The decoder is shown the right words before each place ("teacher forcing").
    """
    start = torch.full_like(target[:, :1], START)
    logits = model(source, torch.cat((start, target[:, :-1]), dim=1))
    counted = _up_to_end(target)
    return F.cross_entropy(logits[counted], target[counted])


def _up_to_end(tokens: Tensor) -> Tensor:
    """(N, L) bool: a sentence's words and its first END."""
    ends = tokens == END
    return ends.cumsum(dim=1) - ends.long() < 1


def _words_of(source: Tensor) -> Tensor:
    """The mask (N, 1, 1, M) that lets everyone look at a sentence and not at what fills it up."""
    return _up_to_end(source)[:, None, None]
