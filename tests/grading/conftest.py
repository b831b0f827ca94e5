"""A tiny built course, submissions to it, and kernels to judge them with."""

import copy
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.judge import kernels
from autograder.judge.judge import Judged, judge_notebook
from autograder.judge.lesson import TrustedNotebook, load_lesson
from autograder.judge.restore import grade_id
from autograder.judge.session import Limits
from autograder.paths import Course

HERE = Path(__file__).resolve().parent
LESSON = "01_tiny"
LIMITS = Limits(cell=2.0, call=1.0, hurried=0.5, check=5.0, notebook=40.0, restarts=3)
SETTINGS = """
c.Judge.cell_seconds, c.Judge.call_seconds, c.Judge.hurried_seconds = 2, 1, 0.5
c.Judge.check_seconds, c.Judge.notebook_seconds, c.Judge.restarts = 5, 40, 3
"""
RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "total": "def total(x):\n    return sum(x, torch.zeros(()))",
}

Answers = Callable[..., NotebookNode]


@pytest.fixture(scope="session")
def built_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The tiny course, built once; use `course` to write into it."""
    from autograder.builder.release import build

    root = tmp_path_factory.mktemp("grading") / "course"
    shutil.copytree(HERE / "course", root)
    settings = (HERE.parents[1] / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(settings + SETTINGS, encoding="utf-8")
    course = Course(root)
    build(course)
    load_lesson(course, LESSON)  # fills the cache of diagnoses
    return course


@pytest.fixture
def course(built_course: Course, tmp_path: Path) -> Course:
    """A copy of the tiny course with an empty class."""
    shutil.copytree(built_course.root, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture(scope="session")
def trusted(built_course: Course) -> TrustedNotebook:
    """The tiny lesson as the judge knows it."""
    return load_lesson(built_course, LESSON)[LESSON]


@pytest.fixture(scope="session")
def limits() -> Limits:
    """Short limits, the same as in the tiny course's nbgrader_config.py."""
    return LIMITS


@pytest.fixture(scope="session")
def start(built_course: Course) -> Iterator[Callable]:
    """Starts kernels from one warm parent."""
    yield partial(kernels.start_kernel, built_course.lessons / LESSON)
    kernels.close()


@pytest.fixture(scope="session")
def answered(trusted: TrustedNotebook) -> Answers:
    """Makes a submission: `answered(double="…", after_double="…", first="…", last="…")`.

    Exercises that are not named are answered right. A cell of the student's own stands after an
    exercise's cell, before all cells, or after them.
    """

    def make(**texts: str) -> NotebookNode:
        notebook = copy.deepcopy(trusted.released)
        cells = [own_cell("first", texts["first"])] if "first" in texts else []
        for cell in notebook.cells:
            name = grade_id(cell)
            cell.source = {**RIGHT, **texts}.get(name, cell.source)
            cells.append(cell)
            if f"after_{name}" in texts:
                cells.append(own_cell(f"after-{name}", texts[f"after_{name}"]))
        notebook.cells = cells + ([own_cell("last", texts["last"])] if "last" in texts else [])
        return notebook

    return make


def own_cell(name: str, source: str) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source)
    cell.id = f"own-{name}"
    return cell


@pytest.fixture(scope="session")
def judge(trusted: TrustedNotebook, start: Callable) -> Callable[..., Judged]:
    """Judges a submission of the tiny lesson under short limits."""

    def run(notebook: NotebookNode, **options: object) -> Judged:
        return judge_notebook(notebook, trusted, start, LIMITS, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def hand_in(course: Course) -> Callable[[str, NotebookNode | bytes | str], Path]:
    """Puts a submission where nbgrader looks for it: `hand_in("ada", notebook)`."""

    def write(student: str, notebook: NotebookNode | bytes | str) -> Path:
        folder = course.submitted / student / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{LESSON}.ipynb"
        if isinstance(notebook, NotebookNode):
            notebook = nbformat.writes(notebook)
        path.write_bytes(notebook if isinstance(notebook, bytes) else notebook.encode())
        return path

    return write
