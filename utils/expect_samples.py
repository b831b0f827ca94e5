"""What checks say of generated digits."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from utils.expect import Mismatch, expect
from utils.sample_quality import sample_quality

SAYS = {
    "accuracy": "Too few of the pictures show the digit that was asked for.",
    "nearest": "The pictures are too close to the training digits: copies, and not new ones.",
    "diversity": "The pictures of one digit are too much alike.",
}
COLUMN = {
    "accuracy": "{:.0%} right",
    "nearest": "{:.2f} of a test digit's distance to the nearest training digit",
    "diversity": "{:.2f} of the distance between test digits",
}


def expect_samples(
    value: Any,
    labels: Tensor | None = None,
    *,
    accuracy: float | None = None,
    nearest: float | None = None,
    diversity: float | None = None,
    says_accuracy: str = "",
    says_nearest: str = "",
    says_diversity: str = "",
) -> None:
    """Expect a student's generated digits to be right, new and different from each other.

    value: must be a float32 tensor (N, 1, 8, 8), finite, from 0 to 1; N is the number of `labels`
    where there are some. `accuracy`, `nearest` and `diversity` are the least that each number of
    `utils.sample_quality.sample_quality` may be; None leaves it out. The `says_…` replace the
    general sentences. They are asked in this order.

    Raises `Mismatch`, whatever the value is.
    Example: `expect_samples(student.draw_digits(…), labels, accuracy=0.8, nearest=0.9)`.
    """
    count = len(labels) if labels is not None else _count(value)
    expect(value, shape=(count, 1, 8, 8), dtype=torch.float32)
    _expect_brightness(value)
    found: dict[str, Any] = dict(sample_quality(value, labels))
    for name, least, says in (
        ("accuracy", accuracy, says_accuracy),
        ("nearest", nearest, says_nearest),
        ("diversity", diversity, says_diversity),
    ):
        if least is not None and not found[name] >= least:
            told = COLUMN[name]
            raise Mismatch(
                says or SAYS[name], f"at least {told.format(least)}", told.format(found[name])
            )


def _count(value: Any) -> int:
    """How many pictures there are; where it is no tensor of pictures, one is as good as any."""
    return len(value) if isinstance(value, Tensor) and value.dim() == 4 and len(value) > 1 else 2


def _expect_brightness(images: Tensor) -> None:
    if not bool(torch.isfinite(images).all()):
        raise Mismatch("Some pixels are no numbers (nan or infinite).", "finite pixels", "others")
    low, high = float(images.min()), float(images.max())
    if low < -1e-4 or high > 1 + 1e-4:
        raise Mismatch("Pixels must lie between 0 and 1.", "0 to 1", f"{low:.3g} to {high:.3g}")
