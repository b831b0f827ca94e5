"""A tiny course to build and lint, copied afresh for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.lint import Standard
from autograder.paths import Course

FIXTURES = Path(__file__).parent.parent / "fixtures" / "course"
GOOD, BAD = "01_double", "02_bad"
TINY = Standard(questions=2, misconceptions=2, alternatives=1)

Edit = Callable[[str, str, str], str]


def copy_course(folder: Path, *lessons: str) -> Course:
    """The fixture course with these lessons only, in an empty folder."""
    for lesson in lessons:
        shutil.copytree(FIXTURES / "solutions" / lesson, folder / "solutions" / lesson)
    shutil.copy(FIXTURES / "nbgrader_config.py", folder)
    return Course(folder)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The good lesson's course, not built yet."""
    return copy_course(tmp_path, GOOD)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The good lesson's course, built; copied by `built_course`."""
    from autograder.builder.release import build

    folder = tmp_path_factory.mktemp("built")
    build(copy_course(folder, GOOD))
    return folder


@pytest.fixture
def built_course(built_once: Path, tmp_path: Path) -> Course:
    """The good lesson's course with `lessons/` and a gradebook."""
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
    return Course(tmp_path)


@pytest.fixture
def edit(request: pytest.FixtureRequest) -> Edit:
    """`edit(file, old, new)` changes one place of a file of the good lesson; returns the text."""
    name = "built_course" if "built_course" in request.fixturenames else "course"
    course: Course = request.getfixturevalue(name)

    def change(file: str, old: str, new: str) -> str:
        path = course.solutions / GOOD / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return text

    return change
