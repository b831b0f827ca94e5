"""What every test may use: a fresh course folder, quiet plots, one thread."""

import os
import shutil
from pathlib import Path

import pytest
import torch

from autograder.paths import Course

os.environ["MPLBACKEND"] = "Agg"
os.environ["OMP_NUM_THREADS"] = "1"
torch.set_num_threads(1)

ROOT = Path(__file__).resolve().parent.parent


def copy_course(into: Path) -> Course:
    """A copy of the course's lessons and settings, with an empty classroom."""
    for folder in ("solutions", "lessons"):
        shutil.copytree(
            ROOT / folder,
            into / folder,
            ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"),
        )
    shutil.copy(ROOT / "nbgrader_config.py", into)
    return Course(into)


@pytest.fixture
def fresh_course(tmp_path: Path) -> Course:
    """A course of one's own to build, simulate and grade in."""
    return copy_course(tmp_path)
