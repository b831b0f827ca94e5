"""Numbers in English and in Korean words: sentences short enough to learn in seconds.

The two languages cut a number differently: 21,300 is "twenty one thousand three hundred" but
이만 천 삼백, "two ten-thousands, thousand, three hundreds". English writes "one hundred", Korean
plain 백; English has a word of its own for "fifteen", Korean says 십 오, "ten, five".

Korean orthography puts a space at every 만 (ten thousand) only, 이만 천삼백 (한글 맞춤법, § 44).
Here every power of ten is a word of its own, so that a sentence has words to translate.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

END, START = 0, 1  # the tokens that stand for no word
LARGEST = 99_999
NUMBERS = 10_000  # `number_pairs` and the vocabularies know those below

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
DIGITS_KO = ("영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
POWERS_KO = ("", "십", "백", "천", "만")

# A word's number is its place in the list.
ENGLISH = ("<end>", "<start>", *SMALL, *TENS, "hundred", "thousand")
KOREAN = (
    "<end>",
    "<start>",
    *DIGITS_KO,
    *(digit + power for power in POWERS_KO[1:4] for digit in ("", *DIGITS_KO[2:])),
)
ENGLISH_LENGTH = 7  # tokens of the longest sentence: six words and the end
KOREAN_LENGTH = 5  # four words and the end

Words = list[str]


def english(n: int) -> Words:
    """The English words of a whole number from 0 to 99,999, without "and" and without hyphens.

    >>> english(21_300)
    ['twenty', 'one', 'thousand', 'three', 'hundred']

    Raises ValueError for any other number.
    """
    n = _checked(n)
    thousands, rest = divmod(n, 1000)
    words = [*_below_thousand(thousands), "thousand"] if thousands else []
    return words + _below_thousand(rest) if rest or not words else words


def _below_thousand(n: int) -> Words:
    hundreds, rest = divmod(n, 100)
    words = [SMALL[hundreds], "hundred"] if hundreds else []
    if rest >= 20:
        words.append(TENS[rest // 10 - 2])
        rest %= 10
        return [*words, SMALL[rest]] if rest else words
    return [*words, SMALL[rest]] if rest or not words else words


def korean(n: int) -> Words:
    """The Korean (Sino-Korean) words of a whole number from 0 to 99,999: one for each power of ten.

    A one is said only at the end: 110 is 백 십, and 101 is 백 일.

    >>> korean(21_300)
    ['이만', '천', '삼백']

    Raises ValueError for any other number.
    """
    n = _checked(n)
    if n == 0:
        return [DIGITS_KO[0]]
    words = []
    for power in range(len(POWERS_KO) - 1, -1, -1):
        digit = n // 10**power % 10
        if digit:
            unsaid = digit == 1 and power > 0
            words.append(("" if unsaid else DIGITS_KO[digit]) + POWERS_KO[power])
    return words


def number_pairs(count: int, seed: int = 0, start: int = 0) -> tuple[list[int], Tensor, Tensor]:
    """`count` different numbers below 10,000, in English and in Korean.

    Returns `(numbers, source, target)`: a list of whole numbers; their English words (count, 7) and
    their Korean words (count, 5), int64, each sentence filled up with `END`.

    `seed` shuffles all 10,000 numbers; the pairs are those at `start`, `start + 1`, … of that
    order. So what one call trains on, another can avoid:

    >>> training, test = number_pairs(2000)[0], number_pairs(500, start=2000)[0]
    >>> len(training), set(training) & set(test)
    (2000, set())

    Raises ValueError when there are not that many numbers left.
    """
    if count < 1 or start < 0 or start + count > NUMBERS:
        raise ValueError(
            f"there are {NUMBERS:,} numbers: {count} of them from place {start} on is not possible."
        )
    order = torch.randperm(NUMBERS, generator=torch.Generator().manual_seed(seed))
    numbers = order[start : start + count].tolist()
    source = encode([english(n) for n in numbers], ENGLISH, ENGLISH_LENGTH)
    return numbers, source, encode([korean(n) for n in numbers], KOREAN, KOREAN_LENGTH)


def encode(
    sentences: Sequence[str | Sequence[str]], vocabulary: Sequence[str], length: int
) -> Tensor:
    """Sentences as numbers: (N, length) int64, each filled up with `END`, of which it gets ≥ 1.

    A sentence is a list of words, or one string with blanks between the words.

    >>> encode(["hundred", "two hundred"], ENGLISH, 4).tolist()
    [[30, 0, 0, 0], [4, 30, 0, 0]]

    Raises ValueError for a word that the vocabulary lacks, and for a sentence of `length` words or
    more.
    """
    number = {word: place for place, word in enumerate(vocabulary)}
    tokens = torch.full((len(sentences), length), END)
    for row, sentence in enumerate(sentences):
        words = sentence.split() if isinstance(sentence, str) else sentence
        unknown = [word for word in words if word not in number]
        if unknown:
            raise ValueError(f'the vocabulary has no word "{unknown[0]}".')
        if len(words) >= length:
            raise ValueError(
                f'"{" ".join(words)}" has {len(words)} words; '
                f"length {length} holds at most {length - 1} and the end."
            )
        for place, word in enumerate(words):
            tokens[row, place] = number[word]
    return tokens


def decode(tokens: Tensor, vocabulary: Sequence[str]) -> list[str]:
    """The sentences that `encode` made into numbers: of each row the words before its first `END`.

    tokens: (N, L) int64. A `START` is left out; the words of a sentence have blanks between them.

    >>> decode(torch.tensor([[1, 4, 30, 0, 0]]), ENGLISH)
    ['two hundred']
    """
    sentences = []
    for row in tokens.tolist():
        said = row[: row.index(END)] if END in row else row
        sentences.append(" ".join(vocabulary[token] for token in said if token != START))
    return sentences


def _checked(n: int) -> int:
    if not 0 <= n <= LARGEST or n != int(n):
        raise ValueError(f"expected a whole number from 0 to {LARGEST:,}, got {n}.")
    return int(n)
