"""The course's data: real digits and real photographs that come inside installed packages.

Nothing here opens a network connection.
The digits and two photographs lie in scikit-learn, the other photographs in scikit-image.
Every loader returns float32 tensors with values from 0 (black) to 1 (white).
"""

from __future__ import annotations

import functools
import math
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

SPLITS = ("train", "test", "all")
DIGITS_FILE = "datasets/data/digits.csv.gz"


class Photo(NamedTuple):
    """Where a photograph lies and whom to thank for it."""

    package: str
    file: str
    credit: str


PHOTOS = {
    "astronaut": Photo("skimage", "data/astronaut.png", "NASA, public domain"),
    "brick": Photo("skimage", "data/brick.png", "CC0Textures, CC0"),
    "camera": Photo("skimage", "data/camera.png", "Lav Varshney, CC0"),
    "chelsea": Photo("skimage", "data/chelsea.png", "Stefan van der Walt, CC0"),
    "china": Photo("sklearn", "datasets/images/china.jpg", "danielbuechele, CC BY 2.0"),
    "coffee": Photo("skimage", "data/coffee.png", "Rachel Michetti, CC0"),
    "flower": Photo("sklearn", "datasets/images/flower.jpg", "vultilion, CC BY 2.0"),
    "grass": Photo("skimage", "data/grass.png", "linolafett, CC0"),
    "gravel": Photo("skimage", "data/gravel.png", "CC0Textures, CC0"),
}


def digits(split: str = "train") -> tuple[torch.Tensor, torch.Tensor]:
    """The 1,797 handwritten digits of scikit-learn, 8×8 pixels each.

    `split` is "train" (1,347 digits), "test" (450) or "all" (1,797).
    The split is the same on every machine, and each digit is equally frequent in both parts.

    Returns `(images, labels)`:
    images of shape (N, 1, 8, 8), float32, 0 (paper) to 1 (ink);
    labels of shape (N,), int64, 0 to 9.

    >>> images, labels = digits("test")
    >>> images.shape, labels.shape
    (torch.Size([450, 1, 8, 8]), torch.Size([450]))

    Source: E. Alpaydin and C. Kaynak (1998), "Optical Recognition of Handwritten Digits",
    https://archive.ics.uci.edu/dataset/80, listed there under CC BY 4.0;
    scikit-learn bundles the part written by thirteen of the people as `load_digits`.
    """
    if split not in SPLITS:
        expected = ", ".join(f'"{name}"' for name in SPLITS)
        raise ValueError(f'split is one of {expected}; got "{split}".')
    images, labels = _all_digits()
    if split == "all":
        return images.clone(), labels.clone()
    chosen = _split_of_digits()[split]
    return images[chosen], labels[chosen]


@functools.cache
def _all_digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Read scikit-learn's file itself: importing scikit-learn would cost seconds."""
    rows = np.loadtxt(_file_in("sklearn", DIGITS_FILE, "the digits"), delimiter=",")
    images = torch.from_numpy(rows[:, :-1] / 16).float().reshape(-1, 1, 8, 8)
    return images, torch.from_numpy(rows[:, -1]).long()


@functools.cache
def _split_of_digits() -> dict[str, torch.Tensor]:
    """Row numbers of each split, in random order: a quarter of every class is the test part."""
    _, labels = _all_digits()
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    test = torch.zeros(len(labels), dtype=torch.bool)
    for digit in range(10):
        of_this_digit = order[labels[order] == digit]
        test[of_this_digit[: round(len(of_this_digit) / 4)]] = True
    return {"train": order[~test[order]], "test": order[test[order]]}


def rotated(images: torch.Tensor, degrees: float) -> torch.Tensor:
    """Images turned about their middle, counter-clockwise for positive `degrees`.

    images: shape (N, C, H, W); returns the same shape. Zeros flow in at the corners,
    and pixels are mixed bilinearly, so a turn blurs a little.
    """
    if images.dim() != 4:
        raise ValueError(f"expected images of shape (N, C, H, W), got {tuple(images.shape)}.")
    angle = math.radians(degrees)
    height, width = images.shape[2:]
    # affine_grid's axes run from −1 to 1 on both sides: undo that for pictures that are not square.
    turn = torch.tensor(
        [
            [math.cos(angle), -math.sin(angle) * height / width, 0.0],
            [math.sin(angle) * width / height, math.cos(angle), 0.0],
        ],
        dtype=images.dtype,
        device=images.device,
    )
    grid = F.affine_grid(turn.expand(len(images), 2, 3), list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


def photo(name: str, *, size: int | None = None, colour: bool = False) -> torch.Tensor:
    """A photograph, as brightness (H, W) or, with `colour=True`, as (3, H, W) red, green, blue.

    `name` is one of `PHOTOS`.
    `size` makes the *shorter* side that many pixels long; the proportions are kept.
    A grey photograph asked for in colour has three equal channels.

    >>> photo("camera", size=128).shape
    torch.Size([128, 128])
    >>> photo("china", colour=True).shape
    torch.Size([3, 427, 640])

    `credit(name)` is the line to print beside the picture: `china` and `flower` are CC BY 2.0,
    which asks for the photographer's name; the others are in the public domain or CC0.
    """
    if size is not None and size < 1:
        raise ValueError(f"size is the number of pixels of the shorter side; got {size}.")
    with Image.open(_path_of(name)) as opened:
        picture = opened.convert("RGB" if colour else "L")
    if size is not None:
        shrink = size / min(picture.size)
        wide, high = (max(1, round(side * shrink)) for side in picture.size)
        picture = picture.resize((wide, high), Image.Resampling.LANCZOS)
    pixels = torch.from_numpy(np.array(picture)).float() / 255
    return pixels.permute(2, 0, 1).contiguous() if colour else pixels


def credit(name: str) -> str:
    """Who made a photograph, and its licence.

    >>> credit("china")
    'Photo: danielbuechele, CC BY 2.0'
    """
    return f"Photo: {_photo(name).credit}"


def _photo(name: str) -> Photo:
    if name not in PHOTOS:
        raise ValueError(f'there is no photograph "{name}"; choose one of {", ".join(PHOTOS)}.')
    return PHOTOS[name]


def _path_of(name: str) -> Path:
    wanted = _photo(name)
    return _file_in(wanted.package, wanted.file, f'the photograph "{name}"')


def _file_in(package: str, file: str, what: str) -> Path:
    """A file inside an installed package: read directly, so that nothing is ever downloaded."""
    distribution = {"skimage": "scikit-image", "sklearn": "scikit-learn"}[package]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            f"{what} should come with {distribution}, which is not installed; "
            f"install it with: pip install {distribution}"
        )
    path = Path(spec.origin).parent / file
    if not path.is_file():
        raise FileNotFoundError(
            f"{what} should be the file {package}/{file}, which this version of {distribution} "
            "lacks; install the version that the course's constraints file names."
        )
    return path
