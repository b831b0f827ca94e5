"""The two filters that a denoiser must beat, and the measure of both."""

import math

import numpy as np
import pytest
import torch
from scipy import ndimage

from utils.filters_for_noise import gaussian3, median3, psnr


def test_the_median_is_that_of_nine_pixels():
    """Equal to SciPy's on pictures that are not square; the border is repeated outwards."""
    images = torch.rand(2, 3, 5, 7, generator=torch.Generator().manual_seed(0))
    filtered = median3(images)
    for image, got in zip(images.flatten(0, 1), filtered.flatten(0, 1), strict=True):
        wanted = ndimage.median_filter(image.numpy(), size=3, mode="nearest")
        np.testing.assert_array_equal(got.numpy(), wanted)


@pytest.mark.parametrize("sigma", [0.4, 0.8, 3.0])
def test_the_gaussian_weighs_as_its_formula_says(sigma):
    """Equal to SciPy's of radius 1, in float64."""
    images = torch.rand(2, 1, 6, 4, generator=torch.Generator().manual_seed(1)).double()
    filtered = gaussian3(images, sigma)
    for image, got in zip(images[:, 0], filtered[:, 0], strict=True):
        wanted = ndimage.gaussian_filter(image.numpy(), sigma, radius=1, mode="nearest")
        np.testing.assert_allclose(got.numpy(), wanted, rtol=1e-12)


def test_a_spike_of_known_size_has_a_known_psnr():
    """An error of 0.1 everywhere is 20 dB, of 0.01 it is 40 dB; no error is infinitely good."""
    x = torch.zeros(2, 1, 3, 4)
    assert psnr(x, x + 0.1) == pytest.approx(20, abs=1e-5)
    assert psnr(x + 0.01, x) == pytest.approx(40, abs=1e-5)
    assert psnr(x, x) == math.inf


def test_other_shapes_are_refused():
    """A flat picture, two sizes, and a width of nothing."""
    with pytest.raises(ValueError, match="shape"):
        median3(torch.zeros(8, 8))
    with pytest.raises(ValueError, match="shape"):
        gaussian3(torch.zeros(8, 8), 1.0)
    with pytest.raises(ValueError, match="sigma"):
        gaussian3(torch.zeros(1, 1, 8, 8), 0)
    with pytest.raises(ValueError, match="one shape"):
        psnr(torch.zeros(1, 8), torch.zeros(8))
