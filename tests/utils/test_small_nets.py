"""The small nets that checks ask, and what checks expect of them."""

import math

import pytest
import torch
from torch import nn

from utils.expect import Mismatch
from utils.expect_nets import expect_accuracy, expect_batches
from utils.nets.small import batch_witness, crowd_witness, refill, small_cnn


def test_small_cnn_is_the_same_for_a_seed_and_leaves_other_random_numbers_alone():
    """1,946 parameters, equal for equal seeds; the next random number is what it was."""
    torch.manual_seed(3)
    wanted = torch.rand(1)
    torch.manual_seed(3)
    nets = [small_cnn(seed) for seed in (5, 5, 6)]
    assert torch.equal(torch.rand(1), wanted)
    assert sum(parameter.numel() for parameter in nets[0].parameters()) == 1946
    assert torch.equal(nets[0].conv1.weight, nets[1].conv1.weight)
    assert not torch.equal(nets[0].conv1.weight, nets[2].conv1.weight)


def test_refill_goes_by_name_and_not_by_order():
    """Two nets whose layers were made in another order get the same weights."""
    one, other = nn.Module(), nn.Module()
    one.first, one.second = nn.Linear(2, 3), nn.Linear(3, 2)
    other.second, other.first = nn.Linear(3, 2), nn.Linear(2, 3)
    refill(one, 1)
    refill(other, 1)
    assert torch.equal(one.first.weight, other.first.weight)
    assert torch.equal(one.second.bias, other.second.bias)
    refill(other, 2)
    assert not torch.equal(one.first.weight, other.first.weight)


def test_a_witness_writes_down_what_it_was_trained_on():
    """Batches asked for gradients are noted, others are not; eval() mode is noted as well."""
    net = batch_witness()
    numbered = torch.arange(3.0).reshape(3, 1, 1, 1)
    net(numbered)
    with torch.no_grad():
        net(numbered)
    assert net.batches == [[0, 1, 2]]
    assert not net.trained_in_eval
    net.eval()(numbered[:1])
    assert net.trained_in_eval


def test_a_crowd_witness_tells_how_many_images_came_whichever_they_are():
    """Its loss is that of N equal guesses, and nothing where pixels and labels belong together."""
    net = crowd_witness()
    same = torch.full((4, 1, 2, 2), 0.25)
    loss = nn.functional.cross_entropy(net(same), torch.zeros(4).long())
    assert loss.item() == pytest.approx(math.log(1 + math.exp(4 * 0.25)))
    pixels, labels = torch.tensor([[1.0], [-1.0]] * 16), torch.tensor([1, 0] * 16)
    assert nn.functional.cross_entropy(net(pixels), labels).item() < 1e-6
    assert nn.functional.cross_entropy(net(pixels), 1 - labels).item() > 30


SHUFFLED = [[3, 0, 4], [1, 2], [0, 2, 1], [4, 3]]


def test_two_shuffled_epochs_are_as_expected():
    """Five images in batches of three and two, in another order each time."""
    expect_batches(SHUFFLED, count=5, epochs=2, size=3)


@pytest.mark.parametrize(
    ("batches", "said"),
    [
        (None, "wrong sizes"),
        ([], "wrong sizes"),
        ([1, 2], "wrong sizes"),
        ([[3, 0, 4], [0, 2, 1]], "wrong sizes"),
        ([[3, 0, 3], [1, 2], [0, 2, 1], [4, 3]], "only once"),
        ([[0, 1, 2], [3, 4], [0, 2, 1], [4, 3]], "shuffle them"),
        ([[3, 0, 4], [1, 2]] * 2, "shuffle anew"),
    ],
)
def test_other_batches_are_refused_in_words(batches, said):
    """Whatever the list is, the message says what is wrong with it."""
    with pytest.raises(Mismatch, match=said):
        expect_batches(batches, count=5, epochs=2, size=3)


def test_accuracy_is_expected_of_logits():
    """Two of three right are enough for a half, and too few for more."""
    logits = torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 4.0]])
    labels = torch.tensor([0, 1, 1])
    expect_accuracy(logits, labels, at_least=0.5)
    with pytest.raises(Mismatch, match="too rarely"):
        expect_accuracy(logits, labels, at_least=0.7)


@pytest.mark.parametrize(
    "value", [None, "text", [], math.nan, torch.zeros(3), torch.zeros(3, 2).long()]
)
def test_anything_else_than_logits_is_a_mismatch(value):
    """No value makes the expectation raise anything else."""
    with pytest.raises(Mismatch):
        expect_accuracy(value, torch.tensor([0, 1, 1]), at_least=0.0)


@pytest.mark.parametrize("sent", [[["a", 1]], [[None, 0]], [[[0], [1]]], [[0.0, 1.0]], [(0, 1)], 3])
def test_batches_may_be_anything(sent):
    """What a hostile process sends in place of batches is a mismatch, and nothing breaks."""
    with pytest.raises(Mismatch):
        expect_batches(sent, count=2, epochs=1)
