"""Three numbers for generated digits, and what a check says of them."""

import pytest
import torch

from utils.data import digits
from utils.expect import Mismatch
from utils.expect_samples import expect_samples
from utils.sample_quality import judge_of_digits, sample_quality

TEST, LABELS = digits("test")
TRAIN, TRAIN_LABELS = digits("train")


def test_test_digits_are_as_good_as_test_digits():
    """Accurate, as far from the training digits as themselves, and as different."""
    found = sample_quality(TEST, LABELS)
    assert found["accuracy"] > 0.97
    assert found["nearest"] == pytest.approx(1)
    assert found["diversity"] == pytest.approx(1)
    unlabelled = sample_quality(TEST)
    assert unlabelled["accuracy"] is None
    assert unlabelled["nearest"] == pytest.approx(1)
    assert unlabelled["diversity"] == pytest.approx(1)


def test_a_lookup_table_is_found_by_its_distance():
    """Training digits are accurate and diverse, and no distance from themselves."""
    found = sample_quality(TRAIN[:300], TRAIN_LABELS[:300])
    assert found["accuracy"] == pytest.approx(1, abs=0.01)
    assert found["nearest"] == pytest.approx(0, abs=1e-3)
    assert found["diversity"] == pytest.approx(1, abs=0.1)


def test_one_picture_again_and_again_is_found_by_its_diversity():
    """The same new 3 a hundred times, among other digits, has no diversity."""
    three = TEST[LABELS == 3][:1].expand(100, 1, 8, 8)
    found = sample_quality(three, torch.full((100,), 3))
    assert found["accuracy"] in (0, 1)
    assert found["nearest"] > 0.5
    assert found["diversity"] == 0


def test_noise_is_found_by_its_accuracy():
    """Random pixels are far from everything and show no digit."""
    noise = torch.rand(200, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    found = sample_quality(noise, torch.arange(200) % 10)
    assert found["accuracy"] < 0.3
    assert found["nearest"] > 1.5


def test_each_label_is_compared_with_itself():
    """Real ones alone have the ratio 1, although they differ less than other digits do."""
    ones = TEST[LABELS == 1]
    found = sample_quality(ones, torch.ones(len(ones), dtype=torch.long))
    assert found["nearest"] == pytest.approx(1)
    assert found["diversity"] == pytest.approx(1)


def test_labels_with_one_sample_play_no_part_in_the_diversity():
    """A pair of a label counts, a single picture of another does not."""
    chosen = torch.cat([TEST[LABELS == 4][:2], TEST[LABELS == 5][:1]])
    with_one_more = sample_quality(chosen, torch.tensor([4, 4, 5]))
    alone = sample_quality(chosen[:2], torch.tensor([4, 4]))
    assert with_one_more["diversity"] == pytest.approx(alone["diversity"])


def test_the_judge_needs_no_gradients_and_keeps_random_numbers():
    """It trains inside `no_grad` too, and the next random number is what it was."""
    torch.manual_seed(5)
    wanted = torch.rand(1)
    torch.manual_seed(5)
    with torch.no_grad():
        right = judge_of_digits(TEST) == LABELS
    assert torch.equal(torch.rand(1), wanted)
    assert float(right.float().mean()) > 0.97


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (TEST[:3, 0], None),
        (TEST[:1], None),
        (torch.zeros(3, 1, 9, 8), None),
        (TEST[:3], LABELS[:2]),
        (TEST[:2], torch.tensor([1, 10])),
        (TEST[:2], torch.tensor([-1, 1])),
        (TEST[:2], torch.tensor([1.0, 1.0])),
        (TEST[:2], torch.tensor([1, 2])),
    ],
)
def test_what_cannot_be_measured_is_refused(images, labels):
    """Other shapes, other labels, and no two samples of one label."""
    with pytest.raises(ValueError, match="expected"):
        sample_quality(images, labels)


def test_good_samples_are_expected():
    """Test digits pass, with labels and without."""
    expect_samples(TEST, LABELS, accuracy=0.97, nearest=0.95, diversity=0.9)
    expect_samples(TEST, nearest=0.95, diversity=0.9)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "must return a tensor"),
        (TEST[:99], "shape"),
        (torch.zeros(100), "shape"),
        (TEST[:100].double(), "dtype"),
        (TEST[:100] * torch.nan, "no numbers"),
        (2 * TEST[:100] - 1, "between 0 and 1"),
        (TEST[100:200], "digit that was asked for"),
        (TRAIN[TRAIN_LABELS == 0][:1].expand(100, 1, 8, 8), "digit that was asked for"),
    ],
)
def test_other_samples_are_refused_in_words(value, said):
    """Whatever the value is, the message says what is wrong with it."""
    with pytest.raises(Mismatch, match=said):
        expect_samples(value, LABELS[:100], accuracy=0.9, nearest=0.9, diversity=0.8)


def test_copies_and_repetitions_are_refused_in_words():
    """Each number has a sentence, which a check may replace."""
    copies, labels = TRAIN[:100], TRAIN_LABELS[:100]
    with pytest.raises(Mismatch, match="copies"):
        expect_samples(copies, labels, accuracy=0.9, nearest=0.9)
    with pytest.raises(Mismatch, match="Learned by heart"):
        expect_samples(copies, labels, nearest=0.9, says_nearest="Learned by heart.")
    seven = TEST[LABELS == 7][:1].expand(9, 1, 8, 8)
    with pytest.raises(Mismatch, match="too much alike"):
        expect_samples(seven, diversity=0.8)
    for odd in (None, TEST[:1], torch.zeros(0, 1, 8, 8)):
        with pytest.raises(Mismatch):
            expect_samples(odd, nearest=0.9)
