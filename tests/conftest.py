"""What every test may use: a fresh course folder, quiet plots, one thread."""

import functools
import os
import shutil
from pathlib import Path

import nbgrader.api
import pytest
import torch

from autograder.paths import Course

os.environ["MPLBACKEND"] = "Agg"
os.environ["OMP_NUM_THREADS"] = "1"
torch.set_num_threads(1)
# For every new gradebook nbgrader starts a process to ask for a constant; once is enough.
nbgrader.api.get_alembic_version = functools.cache(nbgrader.api.get_alembic_version)

ROOT = Path(__file__).resolve().parent.parent


# Minutes each: they begin first, so that no process ends the run with one of them, alone.
SLOW = (
    *("test_whole_class.py", "attacks/test_cells.py", "engine/test_equality.py"),
    *("provisioner/test_nbgrader_own.py", "provisioner/test_parity.py", "engine/test_killed.py"),
    *("cluster/test_cluster.py", "grading/test_nbgrader.py", "browser/", "test_agreement.py"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make classes` asks for the whole class of every lesson."""
    whole = "grade the whole class of every lesson, not a dozen students of each but the first"
    parser.addoption("--whole-classes", action="store_true", help=whole)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow modules first, else as collected."""

    def rank(item: pytest.Item) -> int:
        path = item.path.relative_to(ROOT / "tests").as_posix()
        return next((place for place, slow in enumerate(SLOW) if path.startswith(slow)), len(SLOW))

    items.sort(key=rank)


def graded_lessons() -> list[str]:
    """The names of the course's lessons that have marks."""
    course = Course(ROOT)
    return [lesson for lesson in course.lesson_names() if course.is_graded(lesson)]


def copy_course(into: Path, *lessons: str) -> Course:
    """A copy of the course's settings and these lessons, or all, with an empty classroom."""
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for folder in ("solutions", "lessons"):
        for lesson in lessons or Course(ROOT).lesson_names():
            shutil.copytree(ROOT / folder / lesson, into / folder / lesson, ignore=ignored)
    shutil.copy(ROOT / "nbgrader_config.py", into)
    # How the misconceptions behave, where that is known already, need not be worked out again.
    known = Course(ROOT).classroom / "cache"
    if known.is_dir():
        shutil.copytree(known, into / "classroom" / "cache")
    return Course(into)


@pytest.fixture
def fresh_course(tmp_path: Path) -> Course:
    """A course of one's own to build, simulate and grade in."""
    return copy_course(tmp_path)
