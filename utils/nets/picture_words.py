"""Pictures as sentences: a net with sixteen "words" for a digit, and a net that writes them.

A pocket version of two ideas: pictures as tokens of a learned vocabulary (van den Oord et al.
2017, "Neural Discrete Representation Learning"), and a transformer that writes such tokens from a
prompt (Ramesh et al. 2021, "Zero-Shot Text-to-Image Generation"; Esser et al. 2021, "Taming
Transformers for High-Resolution Image Synthesis").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from utils.nets.transformer import Block, CausalMask, MultiHeadFunction, Step, masks_like_torch
from utils.number_words import SMALL
from utils.one_cycle import one_cycle
from utils.training import train

SIDE = 4  # a digit is 4×4 tokens
TOKENS = SIDE * SIDE
CODES = 32  # words of the vocabulary
CODE_WIDTH = 8  # numbers of a code
PROMPTS = SMALL[:10]  # "zero" to "nine"

Quantise = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


class TokenAutoencoder(nn.Module):
    """An autoencoder whose code is a sentence of 4×4 tokens out of 32: a VQ autoencoder.

    `quantise(z, codebook)` → (quantised, indices) is the lesson's own: z (N, 16, 8), codebook
    (32, 8), indices (N, 16). Only `pictures` works without it.

    forward: images (N, 1, 8, 8) → (images (N, 1, 8, 8), z (N, 16, 8), quantised (N, 16, 8)).
    In `train()` mode it also moves each code towards the mean of what it stood for, and starts a
    code anew where nothing has been near it.
    """

    codebook: Tensor
    counts: Tensor
    sums: Tensor

    def __init__(self, quantise: Quantise | None = None, *, channels: int = 32) -> None:
        super().__init__()
        self.quantise = quantise
        self.encoder = nn.Sequential(
            nn.Conv2d(1, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, CODE_WIDTH, 1),
        )
        self.decoder = nn.Sequential(
            nn.Conv2d(CODE_WIDTH, channels, 3, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(channels, channels, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, 1, 3, padding=1),
            nn.Sigmoid(),
        )
        self.register_buffer("codebook", torch.randn(CODES, CODE_WIDTH))
        self.register_buffer("counts", torch.zeros(CODES), persistent=False)
        self.register_buffer("sums", torch.zeros(CODES, CODE_WIDTH), persistent=False)

    def encode(self, images: Tensor) -> Tensor:
        """What stands in a picture's 16 places, before it is rounded to a code: (N, 16, 8)."""
        return self.encoder(images).flatten(2).transpose(1, 2)

    def decode(self, codes: Tensor) -> Tensor:
        """Pictures (N, 1, 8, 8) from a code in each place (N, 16, 8)."""
        return self.decoder(codes.transpose(1, 2).unflatten(2, (SIDE, SIDE)))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        z = self.encode(images)
        quantised, indices = self._quantised(z)
        drawn = self.decode(quantised)
        if self.training:
            self._follow(z.detach().flatten(0, 1), indices.flatten())
        return drawn, z, quantised

    @torch.no_grad()
    def tokens(self, images: Tensor) -> Tensor:
        """Pictures (N, 1, 8, 8) as sentences: (N, 16) int64, row by row, each 0 to 31."""
        return self._quantised(self.encode(images))[1]

    @torch.no_grad()
    def pictures(self, tokens: Tensor) -> Tensor:
        """Sentences (N, 16) as pictures: (N, 1, 8, 8), values 0 to 1."""
        return self.decode(self.codebook[tokens])

    def _quantised(self, z: Tensor) -> tuple[Tensor, Tensor]:
        if self.quantise is None:
            raise ValueError("this net needs a function: TokenAutoencoder(quantise).")
        return self.quantise(z, self.codebook)

    @torch.no_grad()
    def _follow(self, z: Tensor, indices: Tensor, keep: float = 0.95) -> None:
        """Running means of what each code stands for: z (M, 8), indices (M,)."""
        one_hot = F.one_hot(indices, CODES).to(z.dtype)
        self.counts.mul_(keep).add_(one_hot.sum(dim=0), alpha=1 - keep)
        self.sums.mul_(keep).add_(one_hot.T @ z, alpha=1 - keep)
        alive = self.counts > len(z) / CODES / 100  # a hundredth of its fair share
        means = self.sums / self.counts.clamp(min=1e-9)[:, None]
        drawn = z[torch.randint(len(z), (CODES,), device=z.device)]
        self.codebook.copy_(torch.where(alive[:, None], means, drawn))
        fair = len(z) / CODES
        self.counts.copy_(torch.where(alive, self.counts, torch.full_like(self.counts, fair)))
        self.sums.copy_(torch.where(alive[:, None], self.sums, drawn * fair))


def token_autoencoder(seed: int = 0, quantise: Quantise | None = None) -> TokenAutoencoder:
    """An untrained `TokenAutoencoder`; the same weights for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return TokenAutoencoder(quantise)


def train_tokens(
    model: nn.Module,
    images: Tensor,
    *,
    epochs: int = 20,
    lr: float = 3e-3,
    seed: int = 0,
    progress: bool = True,
) -> list[float]:
    """Train a `TokenAutoencoder` on images (N, 1, 8, 8), and return each epoch's mean loss.

    The loss is `token_loss`; batches of 64, Adam.
    """
    return train(
        model, (images,), loss=token_loss, epochs=epochs, lr=lr, seed=seed, progress=progress
    ).loss


def token_loss(model: nn.Module, images: Tensor, commitment: float = 0.25) -> Tensor:
    """Squared difference of the pictures, and of z and its code: both mean over all numbers.

    The second part is weighted with `commitment`; it moves z only, as the codes follow by
    themselves.
    """
    drawn, z, quantised = model(images)
    return F.mse_loss(drawn, images) + commitment * F.mse_loss(z, quantised.detach())


class Prior(nn.Module):
    """A transformer that writes a picture's tokens one by one, from a word: 64 numbers, 2 layers.

    The word is added at every place. forward: words (N,) int64, 0 to 9, and prefix (N, L) with the
    first L tokens, L from 0 to 15 → logits (N, L + 1, 32): at place l those of token l, made from
    the word and the tokens before.

    >>> Prior()(torch.tensor([3, 7]), torch.zeros(2, 5).long()).shape
    torch.Size([2, 6, 32])
    """

    def __init__(
        self,
        multi_head: MultiHeadFunction | None = None,
        causal_mask: CausalMask | None = None,
        *,
        width: int = 64,
        heads: int = 4,
        layers: int = 2,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.causal_mask = masks_like_torch(multi_head, causal_mask)
        self.words = nn.Embedding(len(PROMPTS), width)
        self.codes = nn.Embedding(CODES, width)
        self.begin = nn.Parameter(torch.randn(width))
        self.places = nn.Parameter(0.02 * torch.randn(TOKENS, width))
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(
            Block(width, heads, 2 * width, multi_head, dropout=dropout) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, CODES)

    def forward(self, words: Tensor, prefix: Tensor) -> Tensor:
        before = torch.cat((self.begin.expand(len(prefix), 1, -1), self.codes(prefix)), dim=1)
        length = before.shape[1]
        x = self.dropout(before + self.places[:length] + self.words(words)[:, None])
        mask = self.causal_mask(length).to(x.device)
        for block in self.blocks:
            x = block(x, mask)
        return self.out(self.norm(x))

    def step(self, words: Tensor | Sequence[str]) -> Step:
        """A function that continues pictures of what `words` say by a token.

        words: (N,) int64, 0 to 9, or a list of N words such as "three".
        It takes the prefixes (N, L), L ≥ 0, and returns the logits (N, 32) of the next token,
        without gradients. The net is put into `eval()` mode.

        >>> Prior().step(["three", "nine"])(torch.empty(2, 0).long()).shape
        torch.Size([2, 32])
        """
        asked = words if isinstance(words, Tensor) else prompt(words)
        self.eval()

        @torch.no_grad()
        def step(prefix: Tensor) -> Tensor:
            return self(asked, prefix)[:, -1]

        return step


def prior(seed: int = 0) -> Prior:
    """An untrained `Prior` with torch's attention; the same weights for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Prior()


def train_prior(
    model: nn.Module,
    words: Tensor,
    tokens: Tensor,
    *,
    epochs: int = 40,
    lr: float = 3e-3,
    seed: int = 0,
    progress: bool = True,
) -> list[float]:
    """Train a `Prior` on words (N,) and the pictures' tokens (N, 16); returns each epoch's loss.

    The loss is `prior_loss`; batches of 64, the rate of `one_cycle`.
    """
    return train(
        model,
        (words, tokens),
        loss=prior_loss,
        epochs=epochs,
        optimizer=one_cycle(model, lr, examples=len(tokens), epochs=epochs),
        seed=seed,
        progress=progress,
    ).loss


def prior_loss(model: nn.Module, words: Tensor, tokens: Tensor) -> Tensor:
    """Mean over all tokens of −log p(right token), in nats: words (N,), tokens (N, 16)."""
    logits = model(words, tokens[:, :-1])
    return F.cross_entropy(logits.flatten(0, 1), tokens.flatten())


def prompt(words: Sequence[str]) -> Tensor:
    """Words as the numbers that `Prior` takes: N words → (N,) int64.

    >>> prompt(["three", "nine"]).tolist()
    [3, 9]

    Raises ValueError for a word that is not one of "zero" to "nine".
    """
    for word in words:
        if word not in PROMPTS:
            raise ValueError(f'the net knows the words {", ".join(PROMPTS)}; got "{word}".')
    return torch.tensor([PROMPTS.index(word) for word in words])
