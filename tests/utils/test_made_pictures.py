"""Shapes with their masks, and bars over pictures."""

import pytest
import torch

from utils.made_pictures import shapes, with_bars


def test_shapes_and_masks_belong_together():
    """Without noise each mask's border is where the brightness changes, by 0.25 at least."""
    images, masks = shapes(200, seed=1, noise=0)
    assert images.shape == masks.shape == (200, 1, 32, 32)
    assert images.dtype == masks.dtype == torch.float32
    assert masks.unique().tolist() == [0, 1]
    for image, mask in zip(images, masks, strict=True):
        background = image[mask == 0].unique()
        assert len(background) == 1
        inside = image[mask == 1].unique()
        assert 1 <= len(inside) <= 2
        assert float((inside - background).abs().min()) >= 0.25 - 1e-6


def test_every_kind_of_picture_occurs():
    """Brighter and darker shapes, one and two of them, small and large masks; none is empty."""
    images, masks = shapes(400, seed=2, noise=0)
    covered = masks.mean(dim=(1, 2, 3))
    assert 0.01 < float(covered.min()) < 0.05
    assert 0.25 < float(covered.max()) < 0.6
    inside = (images * masks).sum(dim=(1, 2, 3)) / masks.sum(dim=(1, 2, 3))
    outside = (images * (1 - masks)).sum(dim=(1, 2, 3)) / (1 - masks).sum(dim=(1, 2, 3))
    assert 0.3 < float((inside > outside).float().mean()) < 0.7
    two = [len(image[mask == 1].unique()) == 2 for image, mask in zip(images, masks, strict=True)]
    assert 0.3 < sum(two) / len(two) < 0.6


def test_shapes_hang_on_the_seed_alone():
    """The same pictures for one seed, whatever was drawn before; others for another."""
    torch.manual_seed(0)
    one = shapes(3, seed=4, side=16)
    wanted = torch.rand(1)
    torch.manual_seed(0)
    assert torch.equal(one[0], shapes(3, seed=4, side=16)[0])
    assert not torch.equal(one[0], shapes(3, seed=5, side=16)[0])
    torch.manual_seed(0)
    assert torch.equal(torch.rand(1), wanted)


def test_noise_is_as_strong_as_asked_for():
    """In the middle of the range the noise has its spread; everything stays from 0 to 1."""
    images, masks = shapes(200, seed=3, noise=0.1)
    assert float(images.min()) >= 0
    assert float(images.max()) <= 1
    clean, same = shapes(200, seed=3, noise=0)
    assert torch.equal(masks, same)
    middle = (clean > 0.4) & (clean < 0.6)
    assert float((images - clean)[middle].std()) == pytest.approx(0.1, abs=0.005)


@pytest.mark.parametrize(("count", "side", "noise"), [(0, 32, 0.1), (1, 7, 0.1), (1, 32, -0.1)])
def test_shapes_that_cannot_be_drawn_are_refused(count, side, noise):
    """No pictures, too small ones and negative noise are told apart by no net."""
    with pytest.raises(ValueError, match="expected at least 1 picture"):
        shapes(count, 0, side, noise)


def test_a_bar_is_one_row_or_column_and_has_its_number():
    """All 5 + 7 places of a 5×7 picture occur, and each number says which place it is."""
    images = torch.zeros(300, 1, 5, 7)
    barred, numbers = with_bars(images, seed=0, strength=0.5)
    assert numbers.dtype == torch.int64
    assert sorted(set(numbers.tolist())) == list(range(12))
    for picture, number in zip(barred[:, 0], numbers.tolist(), strict=True):
        wanted = torch.zeros(5, 7)
        if number < 5:
            wanted[number] = 0.5
        else:
            wanted[:, number - 5] = 0.5
        assert torch.equal(picture, wanted)
    assert not images.any()


def test_a_bar_brightens_and_never_above_one():
    """Half brightness is added to what is there, and cut at 1; one seed, one result."""
    images = torch.full((20, 1, 8, 8), 0.75)
    barred, _ = with_bars(images, seed=1)
    assert set(barred.unique().tolist()) == {0.75, 1.0}
    assert torch.equal(barred, with_bars(images, seed=1)[0])
    with pytest.raises(ValueError, match="shape"):
        with_bars(images[0], seed=1)
