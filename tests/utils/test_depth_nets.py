"""The nets, the data and the drawings of lesson 05's second notebook."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
import torch
from torch import nn

from utils.drawings import depth
from utils.expect import Mismatch
from utils.expect_nets import expect_filled
from utils.nets.small import tower
from utils.nets.small_historic import (
    small_alexnet,
    small_googlenet,
    small_lenet,
    small_residual,
    small_vgg,
    straight_line,
)
from utils.nets.transfer import digit_net, few_new_digits, new_digits, old_digits, trained_net
from utils.student import InProcess, Student, StudentCrash

WEIGHTS = {"weight": torch.tensor([[2.0, 3.0]]), "bias": torch.tensor([1.0])}


def student_with(module: object) -> Student:
    return Student(InProcess({"make": lambda: module}))


def test_towers_of_one_seed_start_alike():
    """The plain net and its residual twin have the same weights, and other answers."""
    plain, twin = tower(6, 4, seed=3), tower(6, 4, skips=True, seed=3)
    for ours, theirs in zip(plain.parameters(), twin.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    picture = torch.ones(1, 1, 8, 8)
    assert not torch.equal(plain(picture), twin(picture))


def test_a_tower_has_as_many_layers_as_asked_for():
    """32 layers are 31 convolutions and a linear one; an odd number is refused."""
    assert sum(p.dim() > 1 for p in tower(32, norm=True).parameters()) == 32
    with pytest.raises(ValueError, match="even number"):
        tower(7)


def test_a_tower_counts_the_gradients_left_in_it():
    """None at first; all of them once they are remembered; none again after wiping."""
    net = tower(4, 2)
    assert net.gradients_left == 0
    net.remember_gradients()
    assert net.gradients_left == len(list(net.parameters()))
    net.zero_grad()
    assert net.gradients_left == 0


def test_the_trained_net_knows_the_old_digits():
    """At least 97 % of the test digits 0 to 4, and a fresh copy at every call."""
    net = trained_net()
    images, labels = old_digits("test")
    assert (net(images).argmax(dim=1) == labels).float().mean() >= 0.97
    net.requires_grad_(False)
    assert net.trainable == 0
    assert trained_net().trainable == digit_net().trainable > 0


def test_old_and_new_digits_share_nothing():
    """Labels run from 0 to 4 on both sides, and together they are all digits."""
    (old, old_labels), (new, new_labels) = old_digits("test"), new_digits("test")
    assert len(old) + len(new) == 450
    assert set(old_labels.tolist()) == set(new_labels.tolist()) == {0, 1, 2, 3, 4}


def test_a_few_new_digits_are_as_many_of_each():
    """The draw is the same for the same seed, and refused beyond what there is."""
    images, labels = few_new_digits(3, seed=1)
    assert images.shape == (15, 1, 8, 8)
    assert labels.bincount().tolist() == [3] * 5
    assert torch.equal(images, few_new_digits(3, seed=1)[0])
    assert not torch.equal(images, few_new_digits(3, seed=2)[0])
    for each in (0, 1000):
        with pytest.raises(ValueError, match="images of each digit"):
            few_new_digits(each)


def test_every_small_version_scores_ten_classes():
    """(N, 1, 16, 16) → (N, 10), also for the one made of a student's block."""

    class Block(nn.Conv2d):
        def __init__(self, before, after, step):
            super().__init__(before, after, 3, step, 1)

    makers = [straight_line, small_lenet, small_alexnet, small_vgg, small_googlenet]
    for net in (*(make() for make in makers), small_residual(Block)):
        assert net.eval()(torch.zeros(2, 1, 16, 16)).shape == (2, 10)


def test_weights_are_filled_in():
    """A module with just these names answers with the numbers of the check."""
    net = expect_filled(student_with(nn.Linear(2, 1)).make(), WEIGHTS)
    assert net(torch.tensor([[1.0, 10.0]])).tolist() == [[33.0]]


@pytest.mark.parametrize(
    ("module", "says"),
    [
        (nn.Linear(2, 1, bias=False), "has no `bias`"),
        (nn.Sequential(nn.Linear(2, 1)), "has no"),
        (nn.PReLU(), r"`weight` has the wrong shape.*1×2.*shape 1"),
        (nn.Linear(3, 1), r"`weight` has the wrong shape.*1×2.*1×3"),
        (nn.Bilinear(1, 1, 1), "`weight` has the wrong shape"),
        ("a text", "must return a layer"),
    ],
)
def test_another_module_is_told(module, says):
    """A name that is lacking, another shape, and what is no module."""
    with pytest.raises(Mismatch, match=says):
        expect_filled(student_with(module).make(), WEIGHTS)


def test_a_weight_too_many_is_told():
    """A bias that does not belong there is named."""
    with pytest.raises(Mismatch, match="holds a `bias`"):
        expect_filled(student_with(nn.Linear(2, 1)).make(), {"weight": WEIGHTS["weight"]})


def test_counts_of_batches_may_be_left_out():
    """A normalisation's `num_batches_tracked` is nobody's business."""
    rows = ("weight", "bias", "running_mean", "running_var")
    expect_filled(student_with(nn.BatchNorm2d(2)).make(), {row: torch.ones(2) for row in rows})


def test_a_module_that_lies_about_its_weights_is_told():
    """Whatever loading returns, the check ends in words; what it raises stays the student's."""

    class Liar(nn.Linear):
        def load_state_dict(self, weights, strict=True):
            return ([1], None)

    class Thrower(nn.Linear):
        def load_state_dict(self, weights, strict=True):
            raise RuntimeError("no")

    with pytest.raises(Mismatch, match="must tell which names"):
        expect_filled(student_with(Liar(2, 1)).make(), WEIGHTS)
    with pytest.raises(StudentCrash):
        expect_filled(student_with(Thrower(2, 1)).make(), WEIGHTS)


def test_glyphs_are_in_the_font(recwarn):
    """Every diagram can be drawn without a missing glyph."""
    for figure in (
        depth.two_blocks(),
        depth.frozen_and_new(),
        depth.norms_by_layer({"plain": [1e-9, 1.0], "twin": [0.5, 0.4]}),
        depth.accuracy_against_cost({"a": (10, 100, 0.9), "b": (20, 50, 0.95)}, count=450),
        depth.by_labels({"transfer": [[0.5, 0.6], [0.8]]}, [1, 10]),
    ):
        figure.canvas.draw()
        plt.close(figure)
    assert not [str(w.message) for w in recwarn if "Glyph" in str(w.message)]
