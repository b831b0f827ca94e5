"""The stand-in for a denoiser, whose answers can be worked out with a pencil."""

import pytest
import torch

from utils.nets.noise_witness import noise_witness

X = torch.tensor([1.0, -2.0, 0.0, 4.0]).reshape(2, 1, 1, 2)
STEPS, WORDS = torch.tensor([2, 4]), torch.tensor([3, 1])


def test_answers_its_rule():
    """The answer is the pixel, the step and the word, each times its number."""
    net = noise_witness(of_x=0.5, of_t=0.25, of_word=2.0)
    wanted = torch.tensor([0.5 + 6.5, -1.0 + 6.5, 0.0 + 3.0, 2.0 + 3.0]).reshape(2, 1, 1, 2)
    assert torch.equal(net(X, STEPS, WORDS), wanted)


def test_remembers_what_it_was_told():
    """Steps and words are listed call by call, and asking with gradients is noticed."""
    net = noise_witness()
    with torch.no_grad():
        net(X, STEPS, WORDS)
    assert not net.asked_with_gradients
    net(X, STEPS - 1, WORDS)
    assert (net.steps, net.words) == ([[2, 4], [1, 3]], [[3, 1], [3, 1]])
    assert net.asked_with_gradients


def test_can_be_trained():
    """Its one weight gets a gradient."""
    net = noise_witness(of_x=1.0)
    net(X, STEPS, WORDS).sum().backward()
    assert net.scale.grad.item() == 3.0


@pytest.mark.parametrize(("steps", "words"), [(2, WORDS), (STEPS[:1], WORDS), (STEPS, WORDS[0])])
def test_refuses_other_shapes(steps, words):
    """One number for all pictures is refused, as the real net refuses it."""
    with pytest.raises(ValueError, match=r"of shape \(2,\)"):
        noise_witness()(X, steps, words)
