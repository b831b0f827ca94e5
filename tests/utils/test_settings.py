"""A traced call tells what a ready-made convolution was asked to do besides convolving."""

import pytest
import torch
import torch.nn.functional as F

from utils.invoke import How, perform

IMAGE, KERNEL = torch.ones(1, 1, 5, 5), torch.ones(1, 1, 2, 2)


@pytest.mark.parametrize(
    ("settings", "noted"),
    [
        ({}, set()),
        ({"stride": 2}, {"strided_convolution"}),
        ({"padding": (0, 1)}, {"padded_convolution"}),
        ({"stride": (1, 3), "padding": 1}, {"strided_convolution", "padded_convolution"}),
    ],
)
def test_stride_and_padding_are_noted(settings, noted):
    """Steps wider than a pixel and zeros around the input have names of their own in the log."""
    operators = perform(lambda: F.conv2d(IMAGE, KERNEL, **settings), How.TRACE).operators
    assert "convolution" in operators
    assert {name for name in operators if name.endswith("ed_convolution")} == noted
