"""A lesson's trusted files as one text: they arrive whole, private, and nowhere else."""

import base64
import json
import shutil
import stat

import pytest

from autograder.grade.parcel import content_key, pack_lesson, unpack_lesson
from autograder.judge.lesson import load_lesson
from autograder.paths import Course
from tests.cluster.conftest import LESSON


def test_an_unpacked_lesson_judges_as_the_course_does(course, tmp_path):
    """Checks, points and diagnoses are the same, and nothing has to be worked out again."""
    root = tmp_path / "there"
    unpack_lesson(json.loads(json.dumps(pack_lesson(course, LESSON))), root)
    [cache] = (root / "classroom" / "cache").iterdir()
    here, there = load_lesson(course, LESSON)[LESSON], load_lesson(Course(root), LESSON)[LESSON]
    assert there.released == here.released
    assert [one.points for one in there.exercises.values()] == [4, 3]
    for name, exercise in here.exercises.items():
        assert there.exercises[name].fingerprints == exercise.fingerprints
    assert list((root / "classroom" / "cache").iterdir()) == [cache]


def test_a_first_run_works_the_diagnoses_out(course, tmp_path):
    """A course that has graded nothing yet sends them too: a worker lacks the files they need."""
    shutil.copytree(course.root, tmp_path / "course")
    shutil.rmtree(tmp_path / "course" / "classroom" / "cache")
    assert pack_lesson(Course(tmp_path / "course"), LESSON) == pack_lesson(course, LESSON)


def test_nobody_else_may_read_it(course, tmp_path):
    """The hidden checks lie in a folder that only its owner may enter."""
    unpack_lesson(pack_lesson(course, LESSON), tmp_path / "course" / "key")
    assert stat.S_IMODE((tmp_path / "course" / "key").stat().st_mode) == 0o700
    assert (tmp_path / "course/key/solutions" / LESSON / "hidden_checks.py").is_file()


@pytest.mark.parametrize("name", ["../out", "/tmp/out", "a/../../out"])
def test_no_path_leads_out(name, tmp_path):
    """A parcel that names a place outside its folder is refused, and leaves nothing behind."""
    files = {"fine": "", name: base64.b64encode(b"x").decode()}
    with pytest.raises(ValueError, match="leads out"):
        unpack_lesson(files, tmp_path / "place" / "root")
    assert [path.name for path in tmp_path.rglob("*")] == ["place"]


def test_the_key_is_the_content(course):
    """The same content has the same key, another one another."""
    files = pack_lesson(course, LESSON)
    assert content_key({"a": files, "b": 1}) == content_key({"b": 1, "a": files})
    assert content_key({"a": files}) != content_key({"a": {**files, "b": ""}})
