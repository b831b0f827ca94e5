"""Nets that the build trains for a lesson: `weights.py` tells how, `weights/` holds the numbers.

`weights.py` has a dict `WEIGHTS`: by name a function that returns a trained module. A net is
trained again when the text of its function changes; what the function calls does not count, so
remove a file of `weights/` to have it made anew.
"""

from __future__ import annotations

import hashlib
import inspect
import os
from collections.abc import Callable
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from autograder.builder.problems import Problem, SourceError, shown
from utils.checks import load_module
from utils.randomness import random_state_kept, seed_all
from utils.weights import WEIGHTS

RECIPES = "weights.py"
SEED = 2718  # no lesson trains with it: nobody's own net shall be the course's
Recipe = Callable[[], nn.Module]


def make_weights(folder: Path, root: Path) -> list[str]:
    """Train the nets of a lesson's folder that are lacking or have a new recipe; returns names.

    Example: `make_weights(course.solutions / "06_encoder_decoder", course.root)`.
    Raises `SourceError` where `weights.py` or one of its functions fails.
    """
    recipes = _recipes(folder, root)
    lacking = [name for name in recipes if not _fresh(folder, name, recipes[name])]
    for name in lacking:
        try:
            with random_state_kept():
                seed_all(SEED)
                net = recipes[name]()
            _save(_file(folder, name), net, recipes[name])
        except Exception as error:
            raise _unusable(folder, root, f"the net `{name}` cannot be made", error) from error
    return lacking


def weight_problems(folder: Path, root: Path) -> list[Problem]:
    """Nets that are lacking, out of date, or that no recipe makes."""
    try:
        recipes = _recipes(folder, root)
    except SourceError as error:
        return error.problems
    found = []
    for name, recipe in recipes.items():
        if not _fresh(folder, name, recipe):
            remedy = f"Run `course build {folder.name[:2]}`"
            said = f"the weights of `{name}` are lacking, or not those of its recipe"
            found.append(Problem(shown(folder / RECIPES, root), 0, said, remedy))
    for path in sorted((folder / WEIGHTS).glob("*")):
        if path.stem not in recipes or path.suffix != ".safetensors":
            remedy = f"Remove it, or add its recipe to {RECIPES}"
            found.append(Problem(shown(path, root), 0, "no recipe makes this file", remedy))
    return found


def _recipes(folder: Path, root: Path) -> dict[str, Recipe]:
    path = folder / RECIPES
    if not path.is_file():
        return {}
    try:
        return dict(load_module(path).WEIGHTS)
    except Exception as error:
        raise _unusable(folder, root, "cannot be read", error) from error


def _unusable(folder: Path, root: Path, said: str, error: Exception) -> SourceError:
    reason = f"{said}: {type(error).__name__}: {error}".split("\n")[0]
    remedy = "WEIGHTS is a dict of names and functions that return a trained module"
    return SourceError([Problem(shown(folder / RECIPES, root), 0, reason, remedy)])


def _file(folder: Path, name: str) -> Path:
    return folder / WEIGHTS / f"{name}.safetensors"


def _digest(recipe: Recipe) -> str:
    return hashlib.sha256(inspect.getsource(recipe).encode()).hexdigest()[:16]


def _fresh(folder: Path, name: str, recipe: Recipe) -> bool:
    try:
        with safe_open(_file(folder, name), framework="pt") as opened:
            return bool((opened.metadata() or {}).get("recipe") == _digest(recipe))
    except Exception:  # no file, or none of this format
        return False


def _save(path: Path, net: nn.Module, recipe: Recipe) -> None:
    """In half precision, which is enough to go on with; in one step, so that no half file stays."""
    tensors = {name: _halved(tensor) for name, tensor in net.state_dict().items()}
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    save_file(tensors, part, metadata={"recipe": _digest(recipe)})
    part.chmod(0o644)  # safetensors leaves it to its owner alone
    os.replace(part, path)


def _halved(tensor: Tensor) -> Tensor:
    return tensor.half().contiguous() if tensor.is_floating_point() else tensor.contiguous()
