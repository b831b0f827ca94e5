"""The course's own weights: nets that were trained for a lesson, and released with it.

A learner whose training went wrong loads them and goes on with the lesson.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

WEIGHTS = "weights"  # the folder beside a lesson's notebooks


def course_weights(name: str, lesson: Path | str = ".") -> dict[str, Tensor]:
    """The weights of the net `name`, as `load_state_dict` takes them.

    `lesson` is the lesson's folder: the working folder, where its notebooks are open.
    The files hold numbers of 16 bits; they come back as float32, whole numbers as they are.

    Example: `net.load_state_dict(course_weights("unet"))`.

    Raises FileNotFoundError, with the names that there are.
    """
    folder = Path(lesson) / WEIGHTS
    path = folder / f"{name}.safetensors"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.safetensors"))) or "none"
        raise FileNotFoundError(
            f"there are no weights of the name {name!r} in the folder {WEIGHTS!r}; there are: "
            f"{known}. Open the notebook in its lesson's folder."
        )
    tensors = load_file(path)
    return {key: t.float() if t.dtype == torch.float16 else t for key, t in tensors.items()}


def resemblance(weights: dict[str, Tensor], others: dict[str, Tensor]) -> float:
    """How alike two nets' weights are: the cosine between them, 0 where their shapes differ.

    >>> resemblance({"w": torch.tensor([1.0, 0.0])}, {"w": torch.tensor([0.0, 2.0])})
    0.0
    """
    if {k: t.shape for k, t in weights.items()} != {k: t.shape for k, t in others.items()}:
        return 0.0
    a, b = (
        torch.cat([nets[key].double().flatten() for key in weights]) for nets in (weights, others)
    )
    return float(torch.cosine_similarity(a, b, dim=0))
