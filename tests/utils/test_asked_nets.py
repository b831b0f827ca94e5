"""What checks ask of nets that restore pictures: short answers that do not depend on a machine."""

import torch
from torch import nn

from utils.nets.asked import beats_grey, narrowest, same_answers, what_it_draws


def test_same_answers_forgives_rounding_only():
    """Equal but for rounding is the same; another number or another shape is not."""
    images = torch.rand(3, 4, generator=torch.Generator().manual_seed(0))
    assert same_answers(nn.Identity(), nn.ReLU(), images)
    assert not same_answers(nn.Identity(), nn.Sigmoid(), images)
    assert not same_answers(nn.Flatten(), nn.Identity(), images.reshape(3, 2, 2))


def test_narrowest_finds_the_code():
    """The width of the narrowest layer is found, however deep it lies, and no hook is left."""
    net = nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(6, 2), nn.ReLU()), nn.Linear(2, 6))
    assert narrowest(net, torch.ones(5, 1, 2, 3)) == 2
    assert not any(module._forward_hooks for module in net.modules())
    assert narrowest(nn.Identity(), torch.ones(5, 1, 2, 3)) == 6


def test_beats_grey():
    """Whoever gives the picture back beats a grey; the grey itself and a half do not."""
    wanted = torch.tensor([[0.0, 1.0], [0.0, 1.0]])
    assert beats_grey(nn.Identity(), wanted, wanted)
    assert not beats_grey(nn.Threshold(2.0, 0.5), wanted, wanted)
    assert not beats_grey(nn.Identity(), 1 - wanted, wanted)


def test_what_it_draws():
    """Masks, the numbers 0 and 1, the pictures themselves, and a net that gives the same to all."""
    masks = (torch.arange(32).reshape(2, 1, 4, 4) % 3 == 0).float()
    images = 0.65 - 0.3 * masks
    assert what_it_draws(nn.Identity(), 6 * masks - 3, masks) == "masks"
    assert what_it_draws(nn.Identity(), masks, masks) == "zeros and ones"

    class Logit(nn.Module):
        def forward(self, x):
            return torch.logit(x)

    assert what_it_draws(Logit(), images, masks) == "pictures"
    assert what_it_draws(nn.Threshold(9.0, 0.0), images, masks) == "nothing"
