"""A tiny course whose gradebook is SQLite or PostgreSQL, and a judge that only pretends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.grade import GradeResult, fingerprint, run
from autograder.paths import Course
from tests.engine.postgres import Server, find_server
from tests.grading.conftest import answered, built_course, course, judge, limits, start, trusted

__all__ = ["answered", "built_course", "course", "judge", "limits", "start", "trusted"]

ROOT = Path(__file__).resolve().parents[2]
LESSON = "01_tiny"
# A judge without torch and kernels: the points are a digest of the submission.
PRETENDED = """
import hashlib, signal, time
from autograder.grade.jobs import unpack

def alone():
    signal.signal(signal.SIGINT, signal.SIG_IGN)

def prepare(settings):
    pass

def answer(settings, job):
    time.sleep(0.02)
    return {
        "notebooks": {name: judged(data) for name, data in unpack(job["notebooks"]).items()},
        "protections": ["files", "network"],
    }

def judged(data):
    number = int(hashlib.sha256(data).hexdigest(), 16)
    scores = {"double-check": float(number % 5), "total-check": float(number % 4), "why": None}
    comments = {"double": None, "total": "No response.", "why": None}
    return {"text": data.decode(), "scores": scores, "comments": comments}
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL server for these tests alone; without one they are skipped, visibly."""
    found = find_server()
    if isinstance(found, str):
        pytest.skip(found)
    with Server(found, tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture(scope="session")
def built_database(
    server: Server, built_course: Course, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database that knows the tiny lesson, and no student."""
    from autograder.builder.release import build

    course = twin(built_course, tmp_path_factory.mktemp("built") / "course")
    with server.database() as url:
        use_database(course, url)
        build(course)
        yield url.partition("@/")[2].partition("?")[0]


@pytest.fixture(params=["sqlite", "postgresql"])
def any_course(request: pytest.FixtureRequest, course: Course) -> Iterator[Course]:
    """The tiny course with an empty class, its gradebook in one of two databases."""
    if request.param == "postgresql":
        template = request.getfixturevalue("built_database")
        with request.getfixturevalue("server").database(template) as url:
            use_database(course, url)
            yield course
    else:
        yield course


def use_database(course: Course, url: str) -> None:
    """Move the course's gradebook to another database, by nbgrader's own setting."""
    (course.classroom / "gradebook.db").unlink(missing_ok=True)
    configure(course, f"c.CourseDirectory.db_url = {url!r}")


def configure(course: Course, line: str) -> None:
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


@pytest.fixture
def pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Grade with the judge that only pretends; the folder of its module."""
    folder = tmp_path / "pretend"
    folder.mkdir()
    (folder / "pretended_judge.py").write_text(textwrap.dedent(PRETENDED))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *sys.path]))
    monkeypatch.setattr(run, "WORKER", "pretended_judge")
    monkeypatch.setattr(fingerprint, "course_digest", lambda: "this course")
    return folder


Graded = Callable[..., GradeResult]


@pytest.fixture
def grade_all() -> Graded:
    """Grades a course with two workers."""

    def grade(course: Course, **options: Any) -> GradeResult:
        return run.grade(course, LESSON, **{"workers": 2, "require": ["none"], **options})

    return grade


def hand_in(course: Course, student: str, content: Any, **files: str) -> Path:
    """Put a submission into the classroom, with more files by name (`__` stands for a dot)."""
    folder = course.submitted / student / LESSON
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / f"{LESSON}.ipynb").write_text(text, encoding="utf-8")
    return folder


def nbgrader(course: Course, *arguments: str) -> str:
    """Stock nbgrader on the command line."""
    program = Path(sysconfig.get_path("scripts")) / "nbgrader"
    done = subprocess.run(
        [sys.executable, str(program), *arguments],
        cwd=course.root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
    )
    return done.stdout


def twin(course: Course, place: Path) -> Course:
    """A copy of a course with its class, for another way of grading it."""
    shutil.copytree(course.root, place)
    return Course(place)
