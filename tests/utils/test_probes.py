"""Known weights for a whole net, and whether it drops anything."""

import torch
from torch import nn

from utils.nets.known import drops_out, fill_weights, known_numbers


def test_equal_nets_get_equal_weights_whatever_the_layers_are_called():
    """A dense layer and the convolution that does the same give the same answer."""
    x = torch.randn(2, 3, 4, 4)
    dense = fill_weights(nn.Sequential(nn.Flatten(), nn.Linear(48, 5)))
    window = fill_weights(nn.Sequential(nn.Conv2d(3, 5, 4), nn.Flatten()))
    assert torch.allclose(dense(x), window(x), atol=1e-5)


def test_known_numbers_keep_signals_alive():
    """Weights have the variance 2 / inputs and the mean 0; no two rows are equal."""
    numbers = known_numbers((64, 500))
    assert abs(float(numbers.var()) * 250 - 1) < 0.1
    assert abs(float(numbers.mean())) < 0.01
    assert len({tuple(row) for row in numbers.tolist()}) == 64


def test_one_number_for_every_weight():
    """With a value all weights are equal and biases are 0; the net is in eval() mode."""
    net = fill_weights(nn.Linear(3, 2), 2.0, double=True)
    assert net(torch.ones(1, 3, dtype=torch.float64)).tolist() == [[6.0, 6.0]]
    assert not net.training


def test_normalisations_keep_their_numbers():
    """Scale 1 and shift 0 stay as they are."""
    net = fill_weights(nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2)))
    assert net[1].weight.tolist() == [1, 1]
    assert net[1].bias.tolist() == [0, 0]


def test_dropout_is_found_in_training_only():
    """A net with dropout answers at random in train() mode; one without never does."""
    x = torch.ones(1, 64)
    assert drops_out(nn.Sequential(nn.Linear(64, 64), nn.Dropout(0.5)), x) == (True, False)
    assert drops_out(nn.Linear(64, 4), x) == (False, False)
