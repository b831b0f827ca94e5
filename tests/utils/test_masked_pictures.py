"""The net that draws hidden patches."""

import pytest
import torch
import torch.nn.functional as F

from utils.data import digits
from utils.nets.masked_pictures import hide, masked_pictures, train_masked


def hidden_error(predicted, patches, hidden):
    """Mean squared difference over the hidden patches' numbers."""
    return F.mse_loss(predicted[hidden], patches[hidden])


def test_hide_hides_equally_many_at_random_places():
    """Half of sixteen in each row; equal for equal seeds; every place has its turn."""
    hidden = hide(400, seed=1)
    assert hidden.dtype == torch.bool
    assert hidden.sum(dim=1).tolist() == [8] * 400
    assert torch.equal(hidden, hide(400, seed=1))
    assert not torch.equal(hidden, hide(400, seed=2))
    assert (hidden.float().mean(dim=0) - 0.5).abs().max() < 0.15
    assert hide(3, patches=9, share=1 / 3, seed=0).sum(dim=1).tolist() == [3, 3, 3]


def test_without_a_seed_hide_draws_from_torchs_numbers():
    """Each call hides others; a seed set before makes it repeat itself."""
    torch.manual_seed(0)
    first, second = hide(4), hide(4)
    torch.manual_seed(0)
    assert torch.equal(hide(4), first)
    assert not torch.equal(first, second)


def test_what_is_hidden_is_not_seen():
    """Other numbers in hidden patches change nothing; a visible one changes the drawing."""
    net, patches, hidden = masked_pictures().eval(), torch.rand(3, 16, 4), hide(3, seed=0)
    drawn = net(patches, hidden)
    other = torch.where(hidden[:, :, None], torch.rand(3, 16, 4), patches)
    assert torch.equal(net(other, hidden), drawn)
    other[~hidden] += 0.5
    assert not torch.allclose(net(other, hidden), drawn)


def test_each_picture_is_drawn_from_its_own_patches():
    """A batch gives what each picture gives alone, though different places are hidden."""
    net, patches, hidden = masked_pictures().eval(), torch.rand(3, 16, 4), hide(3, seed=4)
    alone = torch.cat([net(patches[i : i + 1], hidden[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(net(patches, hidden), alone)


@pytest.mark.parametrize("rows", [[[True] * 16], [[True] * 8 + [False] * 8, [False] * 16]])
def test_unequal_hiding_and_hiding_everything_are_refused(rows):
    """The message tells how many visible patches the pictures have."""
    with pytest.raises(ValueError, match="equally many visible patches"):
        masked_pictures()(torch.zeros(len(rows), 16, 4), torch.tensor(rows))


def test_training_repeats_itself_and_the_loss_is_the_lessons():
    """Equal seeds, equal losses; the given loss sees predictions, patches and what is hidden."""
    patches = F.unfold(digits("train")[0][:128], 2, stride=2).transpose(1, 2)
    shapes = set()

    def loss(predicted, patches, hidden):
        shapes.add((tuple(predicted.shape), tuple(patches.shape), tuple(hidden.shape)))
        assert hidden.sum(dim=1).unique().tolist() == [8]
        return hidden_error(predicted, patches, hidden)

    nets = [masked_pictures(seed=3) for _ in range(2)]
    losses = [train_masked(net, patches, loss, epochs=8, seed=2, progress=False) for net in nets]
    assert losses[0] == losses[1]
    assert losses[0][-1] < 0.6 * losses[0][0]
    assert shapes == {((64, 16, 4), (64, 16, 4), (64, 16))}
