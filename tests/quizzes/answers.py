"""What the lessons' modules need to recompute a quiz: convolutions, counts, and a comparison.

Each lesson has a module `lesson_NN` here, with two tables.

`ANSWERS` gives for a question's id a function, which returns what the options should say:

- number, shape: `{value: computed}` for *every* option, the right one first;
  a wrong option's value is what its mistake computes.
- choice: `{text: computed}` for options that are numbers or lists, the right one first.
- choices: `{text: whether it holds}` for every option.
- match: `{text: computed}` for every option; computed is what its partner says.

`CLAIMS` gives for a sentence that a reason states in passing a function,
which says whether it is so.
"""

from __future__ import annotations

import ast
import functools
import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
import torch.nn.functional as F
import yaml
from torch import Tensor

from utils.quiz import Question, load_quiz

ROOT = Path(__file__).resolve().parent.parent.parent
LESSONS = sorted(path.parent for path in ROOT.glob("solutions/*/quiz.yml"))


@functools.cache
def questions_of(folder: Path) -> dict[str, Question]:
    """A lesson's questions by their id; they may ask about the lesson's objectives only."""
    objectives: dict[str, str] = {}
    for source in sorted(folder.glob("lesson*.py")):
        header = source.read_text(encoding="utf-8").split("# ---")[1]
        objectives |= yaml.safe_load(re.sub(r"^# ?", "", header, flags=re.M))["objectives"]
    return {question.id: question for question in load_quiz(folder / "quiz.yml", objectives)}


def module_of(folder: Path) -> ModuleType:
    """The module `lesson_NN` that recomputes a lesson's quiz."""
    return importlib.import_module(f"tests.quizzes.lesson_{folder.name[:2]}")


def same(said: Any, computed: Any) -> bool:
    """Whether what an option says is what was computed, to the decimals that it shows.

    `said` is a number, a shape, or a text such as "[[0, 2], [6, 8]]" or "−0.5";
    `computed` a bool, number, tuple, list or tensor.
    """
    if isinstance(computed, bool):
        return said is computed
    if isinstance(said, str):
        said = ast.literal_eval(said.replace("−", "-"))
    if isinstance(computed, tuple):
        return said == computed
    if isinstance(said, float):
        decimals = len(str(said).partition(".")[2])
        return round(float(computed), decimals) == said
    return torch.equal(torch.as_tensor(said).double(), torch.as_tensor(computed).double())


def wrongly_said(question: Question, computed: Mapping[Any, Any]) -> list[str]:
    """The options, by their text, that do not say what was computed for them."""
    found = []
    for option in question.options:
        key = option.text if option.value is None else option.value
        if key in computed:
            said = {
                "choices": option.right,
                "match": option.match,
            }.get(question.kind, key)
            if not same(said, computed[key]):
                found.append(f"{option.text}: computed {computed[key]}")
    return found


def conv(image: Any, kernel: Any, **settings: Any) -> Tensor:
    """F.conv2d for one image (H, W) and one kernel (K_h, K_w), in float64."""
    image, kernel = torch.as_tensor(image).double(), torch.as_tensor(kernel).double()
    return F.conv2d(image[None, None], kernel[None, None], **settings)[0, 0]


def conv_line(line: Any, kernel: Any, **settings: Any) -> Tensor:
    """F.conv1d for one signal and one kernel, in float64."""
    line, kernel = torch.as_tensor(line).double(), torch.as_tensor(kernel).double()
    return F.conv1d(line[None, None], kernel[None, None], **settings)[0, 0]


def count(layer: torch.nn.Module) -> int:
    """The number of parameters."""
    return sum(parameter.numel() for parameter in layer.parameters())


def shape(tensor: Tensor) -> tuple[int, ...]:
    """A shape as the quiz writes it."""
    return tuple(tensor.shape)


def outcome(action: Any) -> type[Exception] | None:
    """The kind of error that an action ends with, or None."""
    try:
        action()
    except Exception as error:
        return type(error)
    return None
