"""The picture and the sentence of a digit that was asked for by a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from torch import Tensor

from utils.nets.picture_words import CODES, PROMPTS, SIDE, TOKENS, Prior, TokenAutoencoder, prompt
from utils.nets.transformer import Step
from utils.sample_quality import judge_of_digits
from utils.widgets.picture import INK, QUIET, Sheet, number

Sampler = Callable[[Step, int, float, Tensor], Tensor]

LUCKS = 30  # the last one that the controls offer
COOLEST, HOTTEST = 0.1, 2.0

# Inches.
WIDTH, HEIGHT = 9.4, 5.3
BLOCK, TOP = 2.5, 0.75  # side of the tokens' square and of the picture, and their upper edge
GRID, PICTURE = 2.85, 6.45  # left edges
WORD = 1.05  # middle of the word
ROW, SMALL = 4.05, 0.74  # the ten small pictures: upper edge and side


class Written(NamedTuple):
    """What the net wrote for all ten words with the same luck.

    `tokens` (10, 16); `pictures` (10, 8, 8); `read` (10,), the digit that a CNN takes each one for;
    `asked`, the row of the word that was chosen; `unlikely` (16,), True where its token was not the
    likeliest one.
    """

    asked: int
    temperature: float
    luck: int
    tokens: np.ndarray
    unlikely: np.ndarray
    pictures: np.ndarray
    read: np.ndarray


def written_for(
    writer: Prior,
    pieces: TokenAutoencoder,
    sample_tokens: Sampler,
    word: str,
    temperature: float,
    luck: int,
) -> Written:
    """Let the net write all ten words' pictures; ValueError when a setting cannot be."""
    asked = int(prompt([word])[0])
    if not temperature > 0:
        raise ValueError(f"the temperature must be above 0; got {temperature}.")
    if luck != int(luck) or luck < 0:
        raise ValueError(f"luck must be a whole number from 0 on; got {luck}.")
    words = torch.arange(len(PROMPTS))
    lucky = torch.rand(1, TOKENS, generator=torch.Generator().manual_seed(int(luck)))
    training = writer.training
    try:
        tokens = sample_tokens(
            writer.step(words), TOKENS, float(temperature), lucky.repeat(len(words), 1)
        )
        _refuse_others(tokens)
        with torch.no_grad():
            likeliest = writer.eval()(words, tokens[:, :-1]).argmax(dim=-1)
    finally:
        writer.train(training)
    images = pieces.pictures(tokens)
    return Written(
        asked,
        temperature,
        int(luck),
        tokens.numpy(),
        (tokens != likeliest)[asked].numpy(),
        images[:, 0].double().numpy(),
        judge_of_digits(images).numpy(),
    )


def _refuse_others(tokens: Tensor) -> None:
    """ValueError unless these are ten rows of sixteen tokens."""
    wanted = (len(PROMPTS), TOKENS)
    right = isinstance(tokens, Tensor) and tuple(tokens.shape) == wanted
    if not right or tokens.dtype != torch.int64 or tokens.min() < 0 or tokens.max() >= CODES:
        got = f"{tokens.dtype} {tuple(tokens.shape)}" if isinstance(tokens, Tensor) else "no tensor"
        raise ValueError(
            f"sample_tokens must return int64 tokens of shape {wanted}, each from 0 to "
            f"{CODES - 1}; got {got}. Let its check pass first."
        )


def picture_from_word_text(
    writer: Prior,
    pieces: TokenAutoencoder,
    sample_tokens: Sampler,
    word: str = "three",
    temperature: float = 0.5,
    luck: int = 3,
) -> str:
    """Which tokens were written for a word, and what can be read in the picture made of them.

    A sentence such as: “three” at temperature 0.5 with luck 3 gives the tokens … .
    """
    return told(written_for(writer, pieces, sample_tokens, word, temperature, luck))


def picture_from_word_figure(
    writer: Prior,
    pieces: TokenAutoencoder,
    sample_tokens: Sampler,
    word: str = "three",
    temperature: float = 0.5,
    luck: int = 3,
) -> Figure:
    """A word, the sixteen tokens written for it, the picture made of them, and nine other words'.

    Parameters: `writer`, a trained `Prior`, and `pieces`, the `TokenAutoencoder` whose tokens it
    learned; `sample_tokens(step, length, temperature, uniform)`, the lesson's own;
    `word`, "zero" to "nine"; `temperature`, above 0; `luck`, the seed of the 16 numbers `uniform`,
    which are the same for all words.
    A token that was not the likeliest at its place lies on grey.
    Raises ValueError for other words and settings, and for tokens that are none.

    Source: A. Ramesh et al. (2021), "Zero-Shot Text-to-Image Generation".
    """
    return drawn(written_for(writer, pieces, sample_tokens, word, temperature, luck))


def told(made: Written) -> str:
    """The read-out of what was written."""
    rows = made.tokens[made.asked].reshape(SIDE, SIDE).tolist()
    tokens = ", ".join(" ".join(map(str, row)) for row in rows)
    right = int((made.read == np.arange(len(PROMPTS))).sum())
    return (
        f"“{PROMPTS[made.asked]}” at temperature {number(made.temperature)} with luck {made.luck} "
        f"gives the tokens {tokens}, row by row; {int(made.unlikely.sum())} of the {TOKENS} are "
        f"not the likeliest at their place. A small CNN reads the picture as a "
        f"{made.read[made.asked]}. With the same luck it reads {right} of the ten words' pictures "
        "as what was asked for."
    )


def drawn(made: Written) -> Figure:
    """The picture of what was written."""
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    middle = TOP + BLOCK / 2
    sheet.write(WORD, TOP - 0.3, "asked for", 10.5, QUIET)
    sheet.write(WORD, middle - 0.35, f"“{PROMPTS[made.asked]}”", 17)
    sheet.write(WORD, middle + 0.1, f"temperature {number(made.temperature)}", 10.5)
    sheet.write(WORD, middle + 0.38, f"luck {made.luck}", 10.5)
    sheet.arrow((2.05, middle), (GRID - 0.2, middle), 0.05)
    sheet.write(GRID + BLOCK / 2, TOP - 0.3, f"{TOKENS} tokens out of {CODES}", 10.5, QUIET)
    _tokens(sheet, made.tokens[made.asked], made.unlikely)
    note = "grey: not the likeliest token at its place"
    sheet.write(GRID + BLOCK / 2, TOP + BLOCK + 0.22, note, 9.5, QUIET)
    sheet.arrow((GRID + BLOCK + 0.25, middle), (PICTURE - 0.2, middle), 0.05)
    sheet.write(PICTURE + BLOCK / 2, TOP - 0.3, "the picture made of them", 10.5, QUIET)
    sheet.photo(made.pictures[made.asked], (PICTURE, TOP), (BLOCK, BLOCK))
    verdict = f"a small CNN reads: {made.read[made.asked]}"
    sheet.write(PICTURE + BLOCK / 2, TOP + BLOCK + 0.22, verdict, 9.5, QUIET)
    _others(sheet, made)
    return sheet.finish()


def _tokens(sheet: Sheet, tokens: np.ndarray, unlikely: np.ndarray) -> None:
    """The sixteen tokens as a square of numbers."""
    side = BLOCK / SIDE
    corners = [(GRID + side * (n % SIDE), TOP + side * (n // SIDE)) for n in range(TOKENS)]
    boxes = [[(x, y), (x + side, y), (x + side, y + side), (x, y + side)] for x, y in corners]
    fills = ["0.8" if odd else "1" for odd in unlikely]
    cells = PolyCollection(boxes, facecolor=fills, edgecolor=INK, linewidth=0.8)
    sheet.axes.add_collection(cells, autolim=False)
    for (x, y), token in zip(corners, tokens, strict=True):
        sheet.write(x + side / 2, y + side / 2, str(token), 12.5)


def _others(sheet: Sheet, made: Written) -> None:
    """All ten words' pictures in a row, the chosen one framed."""
    pitch = (WIDTH - 0.5) / len(PROMPTS)
    sheet.write(0.36, ROW - 0.2, "the same luck for every word:", 9.5, QUIET, "left")
    for place, word in enumerate(PROMPTS):
        left = 0.25 + pitch * place + (pitch - SMALL) / 2
        sheet.photo(made.pictures[place], (left, ROW), (SMALL, SMALL))
        sheet.write(left + SMALL / 2, ROW + SMALL + 0.2, word, 10)
        if place == made.asked:
            sheet.frame(left - 0.03, ROW - 0.03, SMALL + 0.06, SMALL + 0.06)
