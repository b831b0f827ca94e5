"""The course's own weights: trained by the build, released, read by a notebook, noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from autograder.builder.problems import SourceError
from autograder.builder.release import build, stale
from autograder.builder.weights import make_weights, weight_problems
from autograder.lint import lint
from autograder.paths import Course
from utils.checks import Check, run_check
from utils.expect import expect_layer
from utils.expect_nets import expect_own_weights
from utils.student import InProcess
from utils.weights import course_weights, resemblance

GOOD = "01_double"
RECIPE = '''"""How the lesson's nets are trained."""

from torch import nn


def small():
    """A net that stands for a trained one."""
    return nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))


WEIGHTS = {"small": small}
'''


@pytest.fixture
def folder(course: Course) -> Path:
    """The good lesson's folder, with one net to be trained."""
    place = course.solutions / GOOD
    (place / "weights.py").write_text(RECIPE)
    return place


def net() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))


def test_a_build_trains_and_releases_what_is_lacking(course: Course, folder: Path) -> None:
    """The first build trains, the second has nothing to do; a learner's net takes the numbers."""
    build(course)
    released = course.lessons / GOOD
    model = net()
    model.load_state_dict(course_weights("small", released))
    assert model[0].weight.dtype == torch.float32
    assert make_weights(folder, course.root) == []
    assert not build(course).changed
    assert stale(course) == []
    assert not any("weights" in str(problem) for problem in lint(course))


def test_another_recipe_is_trained_again(course: Course, folder: Path) -> None:
    """Weights belong to the recipe they were trained by, and the linter says where they do not."""
    assert make_weights(folder, course.root) == ["small"]
    (folder / "weights.py").write_text(RECIPE.replace("Linear(3, 2)", "Linear(4, 2)"))
    (problem,) = weight_problems(folder, course.root)
    assert "not those of its recipe" in problem.problem
    assert "course build 01" in problem.remedy
    assert make_weights(folder, course.root) == ["small"]
    assert course_weights("small", folder)["0.weight"].shape == (2, 4)


def test_the_same_recipe_gives_the_same_file(course: Course, folder: Path) -> None:
    """Training is seeded: made anew, the file is the same, byte for byte."""
    make_weights(folder, course.root)
    path = folder / "weights" / "small.safetensors"
    first = path.read_bytes()
    path.unlink()
    torch.rand(3)
    make_weights(folder, course.root)
    assert path.read_bytes() == first


def test_a_file_without_a_recipe_is_astray(course: Course, folder: Path) -> None:
    """Weights that no recipe makes are not released unnoticed."""
    make_weights(folder, course.root)
    (folder / "weights" / "old.safetensors").write_bytes(b"")
    (problem,) = weight_problems(folder, course.root)
    assert "no recipe makes this file" in problem.problem


@pytest.mark.parametrize("text", ["WEIGHTS = 3", "1 / 0", "WEIGHTS = {'small': lambda: 7}"])
def test_an_unusable_recipe_is_told_with_its_file(course: Course, folder: Path, text: str) -> None:
    """A recipe that breaks stops the build with a line that names the file."""
    (folder / "weights.py").write_text(text)
    with pytest.raises(SourceError, match=r"weights\.py"):
        build(course)
    assert not course.lessons.exists()


def test_unknown_weights_are_told_with_those_there_are(course: Course, folder: Path) -> None:
    """A misspelt name is answered with the names that exist."""
    make_weights(folder, course.root)
    with pytest.raises(FileNotFoundError, match="there are: small"):
        course_weights("smal", folder)


def test_the_courses_weights_earn_nothing_where_a_training_is_marked(
    course: Course, folder: Path
) -> None:
    """A net with the course's weights is told apart from one of the student's own."""
    make_weights(folder, course.root)

    def trained(student) -> None:  # type: ignore[no-untyped-def]
        expect_own_weights(expect_layer(student.made()), "small", folder)

    def message(made) -> str:  # type: ignore[no-untyped-def]
        check = Check("made", "trained", "", 1, trained)
        return run_check(check, InProcess({"made": made})).verdict.message

    def loaded() -> nn.Module:
        model = net()
        model.load_state_dict(course_weights("small", folder))
        return model

    assert "course's weights" in message(loaded)
    assert message(net) == ""
    assert message(lambda: nn.Linear(3, 2)) == ""


def test_resemblance_of_other_nets_is_nothing() -> None:
    """Weights of other names or shapes are not compared."""
    a = {"w": torch.ones(2, 3)}
    assert resemblance(a, a) == pytest.approx(1)
    assert resemblance(a, {"w": torch.ones(3, 2)}) == 0
    assert resemblance(a, {"v": torch.ones(2, 3)}) == 0
