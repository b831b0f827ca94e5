"""Number words of two languages, and the tokens that they become."""

import pytest
import torch

from utils.number_words import (
    END,
    ENGLISH,
    ENGLISH_LENGTH,
    KOREAN,
    KOREAN_LENGTH,
    NUMBERS,
    START,
    decode,
    encode,
    english,
    korean,
    number_pairs,
)


@pytest.mark.parametrize(
    ("number", "words", "korean_words"),
    [
        (0, "zero", "영"),
        (6, "six", "육"),
        (10, "ten", "십"),
        (15, "fifteen", "십 오"),
        (40, "forty", "사십"),
        (100, "one hundred", "백"),
        (101, "one hundred one", "백 일"),
        (110, "one hundred ten", "백 십"),
        (1111, "one thousand one hundred eleven", "천 백 십 일"),
        (7060, "seven thousand sixty", "칠천 육십"),
        (9999, "nine thousand nine hundred ninety nine", "구천 구백 구십 구"),
        (10_000, "ten thousand", "만"),
        (21_300, "twenty one thousand three hundred", "이만 천 삼백"),
        (99_999, "ninety nine thousand nine hundred ninety nine", "구만 구천 구백 구십 구"),
    ],
)
def test_numbers_in_words(number, words, korean_words):
    """As they are spoken: English says each one, Korean only one that stands at the end."""
    assert " ".join(english(number)) == words
    assert " ".join(korean(number)) == korean_words


@pytest.mark.parametrize("number", [-1, 100_000, 1.5])
def test_other_numbers_are_refused(number):
    """Negative, too large and broken numbers have no words here."""
    for language in (english, korean):
        with pytest.raises(ValueError, match="whole number from 0 to 99,999"):
            language(number)


def test_no_two_numbers_below_ten_thousand_have_the_same_words():
    """All 10,000 sentences differ, fit their length with an end, and use every word there is."""
    for language, vocabulary, length in (
        (english, ENGLISH, ENGLISH_LENGTH),
        (korean, KOREAN, KOREAN_LENGTH),
    ):
        sentences = [tuple(language(n)) for n in range(NUMBERS)]
        assert len(set(sentences)) == NUMBERS
        assert max(map(len, sentences)) == length - 1
        assert {word for words in sentences for word in words} == set(vocabulary[2:])
        assert len(set(vocabulary)) == len(vocabulary)


def test_pairs_are_different_numbers_in_a_shuffled_order():
    """The same seed gives the same order, `start` goes on in it, another seed shuffles anew."""
    numbers, source, target = number_pairs(50, seed=3)
    assert source.shape == (50, ENGLISH_LENGTH)
    assert target.shape == (50, KOREAN_LENGTH)
    assert decode(source, ENGLISH) == [" ".join(english(n)) for n in numbers]
    assert decode(target, KOREAN) == [" ".join(korean(n)) for n in numbers]
    assert number_pairs(20, seed=3, start=30)[0] == numbers[30:]
    assert number_pairs(50, seed=4)[0] != numbers
    assert sorted(number_pairs(NUMBERS)[0]) == list(range(NUMBERS))


@pytest.mark.parametrize(("count", "start"), [(0, 0), (10_001, 0), (1, 10_000), (5, -1)])
def test_more_numbers_than_there_are_cannot_be_had(count, start):
    """Nothing is given twice, and not nothing."""
    with pytest.raises(ValueError, match="there are 10,000 numbers"):
        number_pairs(count, start=start)


def test_sentences_become_tokens_and_come_back():
    """A list of words or a string; filled up with END; START and what follows END are left out."""
    tokens = encode(["two hundred", ["nine"], ""], ENGLISH, 3)
    assert tokens.dtype == torch.int64
    two, nine, hundred = (ENGLISH.index(word) for word in ("two", "nine", "hundred"))
    assert tokens.tolist() == [[two, hundred, END], [nine, END, END], [END, END, END]]
    assert decode(tokens, ENGLISH) == ["two hundred", "nine", ""]
    assert decode(torch.tensor([[START, nine, END, two], [nine] * 4]), ENGLISH) == [
        "nine",
        "nine nine nine nine",
    ]


def test_words_that_the_vocabulary_lacks_and_long_sentences_are_refused():
    """The message names the word, or how many words there are."""
    with pytest.raises(ValueError, match='no word "만"'):
        encode(["만"], KOREAN, 5)
    with pytest.raises(ValueError, match=r"2 words; .* at most 1"):
        encode(["two hundred"], ENGLISH, 2)
