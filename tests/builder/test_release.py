"""`build`: all or nothing, the same bytes every time, and nobody's answers lost."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.builder import release
from autograder.builder.assignment import BuildError
from autograder.builder.problems import SourceError
from autograder.builder.release import build, stale, worked_in
from autograder.paths import Course, CourseError

# nbgrader's own way of adding a submission makes SQLAlchemy warn.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

GOOD = "01_double"
Edit = Callable[[str, str, str], str]


def digests(folder: Path) -> dict[str, str]:
    """The files below a folder, but for the cache of how misconceptions behave."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.parent.name != "cache")
    return {str(p.relative_to(folder)): hashlib.md5(p.read_bytes()).hexdigest() for p in files}


def notebook_of(course: Course) -> Path:
    return course.lessons / GOOD / f"{GOOD}.ipynb"


def hand_in(course: Course) -> None:
    """Record one submission, as autograding does."""
    with Gradebook(course.gradebook) as book:
        book.add_student("ada")
        book.add_submission(GOOD, "ada")


def test_a_release_has_the_public_files_and_no_others(built_course: Course) -> None:
    """Hidden checks, misconceptions and solutions never reach lessons/."""
    released = digests(built_course.lessons / GOOD)
    assert set(released) == {
        f"{GOOD}.ipynb", "checks.py", "feedback.json", "images/bars.svg", "quiz.yml",
    }  # fmt: skip
    text = "".join(p.read_text() for p in (built_course.lessons / GOOD).glob("*.*"))
    for secret in ("2 * x", "test_long", "x**2", "Model answer", "Rubric"):
        assert secret not in text


def test_a_release_holds_stubs(built_course: Course) -> None:
    """Solution regions become nbgrader's stubs, in code and in prose."""
    cells = {cell.id: cell for cell in nbformat.read(notebook_of(built_course), 4).cells}
    assert cells["double"].source.endswith("    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert cells["why_double"].source.endswith("YOUR ANSWER HERE")
    assert cells["double-check"].metadata["editable"] is False


def test_building_twice_changes_no_byte(built_course: Course) -> None:
    """The second build reports no change and leaves every file and its time alone."""
    before = digests(built_course.lessons), notebook_of(built_course).stat().st_mtime_ns
    report = build(built_course)
    assert not report.changed
    assert str(report) == f"{GOOD}: nothing changed"
    assert before == (digests(built_course.lessons), notebook_of(built_course).stat().st_mtime_ns)


def test_another_folder_and_process_give_the_same_bytes(
    built_course: Course, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No path, time or hash seed of this machine gets into a release; no venv need be active."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    code = (
        "import sys; from pathlib import Path; from autograder.paths import Course;"
        "from autograder.builder.release import build;"
        "build(Course(Path(sys.argv[1])), into=Path(sys.argv[2]))"
    )
    root = Path(__file__).parents[2]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "7", "PYTHONPATH": str(root)}
    subprocess.run(
        [sys.executable, "-c", code, built_course.root, elsewhere / "out"],
        check=True, cwd=elsewhere, env=environment | {"HOME": str(elsewhere), "TZ": "Asia/Seoul"},
    )  # fmt: skip
    assert digests(elsewhere / "out") == digests(built_course.lessons)


def test_building_into_a_folder_touches_nothing_else(course: Course, tmp_path: Path) -> None:
    """`into` writes the release there: no lessons/, no gradebook; only the cache is kept."""
    build(course, into=tmp_path / "out")
    assert (tmp_path / "out" / GOOD / f"{GOOD}.ipynb").is_file()
    assert not course.lessons.exists()
    assert {path.name for path in course.classroom.iterdir()} == {"cache"}


def test_the_gradebook_knows_the_assignment(built_course: Course) -> None:
    """After a build nbgrader's database has the lesson with its cells and points."""
    with Gradebook(built_course.gradebook) as book:
        assert book.find_assignment(GOOD).max_score == 5
        cells = {cell.name: cell.max_score for cell in book.find_notebook(GOOD, GOOD).grade_cells}
    assert cells == {"double-check": 3, "why_double": 2}


def test_the_source_for_nbgrader_has_no_hidden_checks(built_course: Course) -> None:
    """classroom/source holds the solved notebook and public files: nbgrader copies them about."""
    files = set(digests(built_course.source / GOOD))
    assert f"{GOOD}.ipynb" in files
    assert not any("hidden" in name or "misconceptions" in name for name in files)


def test_a_mistake_leaves_everything_as_it_was(built_course: Course, edit: Edit) -> None:
    """With an error in the source nothing is written, neither lessons/ nor the gradebook."""
    before = digests(built_course.lessons), digests(built_course.classroom)
    edit("lesson.py", "## Twice as much", "## Double")
    edit("lesson.py", "points=3", "points=-3")
    with pytest.raises(SourceError, match="bad points -3"):
        build(built_course)
    assert before == (digests(built_course.lessons), digests(built_course.classroom))


def test_a_mistake_in_one_lesson_stops_all(built_course: Course, edit: Edit) -> None:
    """A build of several lessons writes none when one is wrong."""
    before = digests(built_course.lessons)
    edit("lesson.py", "## Twice as much", "## Double")
    (built_course.solutions / "02_empty").mkdir()
    with pytest.raises(SourceError, match="02_empty"):
        build(built_course)
    assert digests(built_course.lessons) == before


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("lesson.py", 'start("01_double")', "1 / 0", r"lesson.py:15: the cell stops with ZeroDiv"),
        ("checks.py", "SMALL = torch", "SMALL = totch", r"checks.py:8: cannot be loaded: NameErr"),
        ("checks.py", "def test_small(student):", "def test_small(student)", r"checks.py:12: can"),
        ("misconceptions.py", "return x**2", "return x**", r"misconceptions.py:8: invalid syntax"),
        ("misconceptions.py", "def squared(x)", "def squared(x=nope)", r":7: misconception `squ"),
    ],
)  # fmt: skip
def test_code_that_does_not_run_is_a_problem(
    course: Course, edit: Edit, file: str, old: str, new: str, says: str
) -> None:
    """Setup, checks and misconceptions that stop are told with file and line."""
    edit(file, old, new)
    with pytest.raises(SourceError, match=says):
        build(course, into=course.root / "out")


def test_a_folder_in_step_is_not_stale(built_course: Course) -> None:
    """Straight after a build nothing is stale."""
    assert stale(built_course) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "stales"),
    [
        ("lesson.py", "## Twice as much", "## Double", [f"{GOOD}.ipynb"]),
        ("checks.py", "Three numbers", "Three", ["checks.py"]),
        ("lesson.py", "What is twice 3?", "What is 2 · 3?", ["feedback.json"]),
        ("misconceptions.py", "return x**2", "return x**3", ["feedback.json"]),
        ("images/bars.svg", 'height="15"', 'height="16"', ["images/bars.svg"]),
        ("hidden_checks.py", "Fifty", "Some", []),
    ],
)  # fmt: skip
def test_a_change_in_the_source_is_stale(
    built_course: Course, edit: Edit, file: str, old: str, new: str, stales: list[str]
) -> None:
    """Each source has its released file; hidden checks have none."""
    if old in (built_course.solutions / GOOD / file).read_text():
        edit(file, old, new)
    else:
        edit(file, "svg", "svg ")
    before = digests(built_course.root)
    assert stale(built_course) == [f"lessons/{GOOD}/{name}" for name in stales]
    assert digests(built_course.root) == before


def test_a_hand_made_change_is_stale(built_course: Course) -> None:
    """Editing or deleting a released file is noticed as well."""
    (built_course.lessons / GOOD / "checks.py").write_text("", encoding="utf-8")
    notebook_of(built_course).unlink()
    assert stale(built_course) == [f"lessons/{GOOD}/{GOOD}.ipynb", f"lessons/{GOOD}/checks.py"]


def test_rounding_on_another_machine_is_not_stale(built_course: Course) -> None:
    """A last digit in feedback.json that differs is kept, so that machines need not agree on it."""
    path = built_course.lessons / GOOD / "feedback.json"
    path.write_text(path.read_text().replace("4.0,9.0", "4.000001,9.0"), encoding="utf-8")
    assert stale(built_course) == []
    assert not build(built_course).changed
    assert "4.000001" in path.read_text()


def test_answers_are_kept(built_course: Course, edit: Edit) -> None:
    """A notebook that a learner has worked in is copied away before a build replaces it."""
    path = notebook_of(built_course)
    answered = nbformat.read(path, 4)
    next(c for c in answered.cells if c.id == "double").source = "def double(x):\n    return x + x"
    nbformat.write(answered, path)
    assert worked_in(path)
    edit("lesson.py", "## Twice as much", "## Double")
    kept = build(built_course).lessons[0].kept
    assert kept == (f"classroom/kept/{GOOD}/{GOOD}-1.ipynb",)
    assert "return x + x" in (built_course.root / kept[0]).read_text()
    assert not worked_in(path)


def test_a_built_notebook_was_not_worked_in(built_course: Course) -> None:
    """A fresh release is replaced without a copy; broken JSON is kept to be safe."""
    assert not worked_in(notebook_of(built_course))
    notebook_of(built_course).write_text("{", encoding="utf-8")
    assert worked_in(notebook_of(built_course))


def test_prose_may_change_after_submissions(built_course: Course, edit: Edit) -> None:
    """Once students have handed in, a typo can still be mended and released."""
    hand_in(built_course)
    edit("lesson.py", "## Twice as much", "## Double")
    assert build(built_course).changed


def test_cells_may_not_change_after_submissions(built_course: Course, edit: Edit) -> None:
    """A cell renamed after students handed in is refused with a way out; nothing is written."""
    hand_in(built_course)
    before = digests(built_course.root)
    edit("lesson.py", 'essay="why_double"', 'essay="why_twice"')
    with pytest.raises(BuildError, match=r"1 submissions .* Changed: why_double, why_twice"):
        build(built_course)
    edit("lesson.py", 'essay="why_twice"', 'essay="why_double"')
    assert digests(built_course.root) == before


def test_a_removed_exercise_goes_from_the_gradebook(built_course: Course, edit: Edit) -> None:
    """Before anyone has handed in, cells come and go freely."""
    edit("lesson.py", 'essay="why_double"', 'essay="why_twice"')
    build(built_course)
    with Gradebook(built_course.gradebook) as book:
        cells = {cell.name for cell in book.find_notebook(GOOD, GOOD).grade_cells}
    assert cells == {"double-check", "why_twice"}


def test_what_nbgrader_refuses_is_told_in_a_line(
    built_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error inside nbgrader becomes one sentence with its reason, and lessons/ stays."""
    before = digests(built_course.lessons)
    text = release.notebook.as_text
    monkeypatch.setattr(
        release.notebook, "as_text", lambda nb: text(nb).replace("### END SOLUTION", "### END")
    )
    with pytest.raises(BuildError, match="no end solution statement found") as caught:
        build(built_course)
    assert "\n" not in str(caught.value)
    assert digests(built_course.lessons) == before


def test_a_lesson_goes_by_its_number(course: Course) -> None:
    """`build(course, ["1"])` finds 01_double; an unknown one is told."""
    assert build(course, ["1"], into=course.root / "out").lessons[0].lesson == GOOD
    with pytest.raises(CourseError, match="No lesson"):
        build(course, ["9"])


def test_the_settings_of_nbgrader_come_from_the_course(built_course: Course) -> None:
    """A stub set in nbgrader_config.py is the stub that students get."""
    config = built_course.root / "nbgrader_config.py"
    config.write_text('c = get_config()\nc.ClearSolutions.text_stub = "Over to you."\n')
    build(built_course)
    assert "Over to you." in notebook_of(built_course).read_text()


def test_the_working_folder_and_path_come_back(course: Course) -> None:
    """A build leaves the working folder and PATH as they were."""
    before = os.getcwd(), os.environ["PATH"]
    build(course, into=course.root / "out")
    assert (os.getcwd(), os.environ["PATH"]) == before


def test_stock_nbgrader_gives_the_same_bytes(built_course: Course) -> None:
    """`nbgrader generate_assignment` with the course's settings makes the same lessons/.

    It runs in another process, as an instructor would type it, without an activated venv.
    """
    repository = Path(__file__).parents[2]
    shutil.copy(repository / "nbgrader_config.py", built_course.root)
    before = digests(built_course.lessons)
    shutil.rmtree(built_course.lessons)
    nbgrader = Path(sys.executable).parent / "nbgrader"
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(repository)}
    subprocess.run(
        [nbgrader, "generate_assignment", GOOD, "--force"],
        check=True, capture_output=True, cwd=built_course.root,
        env=environment | {"HOME": str(built_course.root)},
    )  # fmt: skip
    assert digests(built_course.lessons) == before
