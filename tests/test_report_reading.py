"""What the report reads: nbgrader's gradebook, the judge's verdicts, the reasons for no mark."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.builder.assignment import tools_on_path
from autograder.judge.outputs import VERDICTS
from autograder.paths import Course
from autograder.report import Mark, State, read_class, write_report
from autograder.report.gather import NothingGraded
from tests.made_up_class import FLIPPED, LESSON, double, halve, verdict
from utils.verdicts import Kind, Verdict

# nbgrader's own way of adding a submission warns.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def graded_notebook(marks: dict[str, Mark]) -> nbformat.NotebookNode:
    """A graded notebook as the judge leaves it, and a student's own cell with a made-up verdict."""
    notebook = nbformat.v4.new_notebook()
    forged = verdict("double", "test_forged", Kind.PASSED, 3.0)
    notebook.cells.append(check_cell("", (forged,), {}))
    for name, mark in marks.items():
        flags = {"grade": True, "solution": False, "points": mark.out_of}
        marker = {"grade_id": f"{name}-check", "schema_version": 3, **flags}
        notebook.cells.append(check_cell(f"{name}-check", mark.verdicts, marker))
    return notebook


def check_cell(name: str, verdicts: tuple[Verdict, ...], marker: dict) -> nbformat.NotebookNode:
    data = {
        "text/plain": "0.0",
        VERDICTS: {"exercise": name, "verdicts": [item.to_dict() for item in verdicts]},
    }
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("execute_result", data=data)])
    if marker:
        cell.metadata["nbgrader"] = marker
    return cell


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classroom with two graded students, one whose file is broken, one not graded yet."""
    course = Course(tmp_path_factory.mktemp("graded"))
    released = nbformat.v4.new_notebook()
    released.cells.append(nbformat.v4.new_markdown_cell("# Doubling (두 배)\n\nText."))
    for name in ("double-check", "halve-check", "why"):
        cell = nbformat.v4.new_code_cell()
        cell.metadata["nbgrader"] = {"grade_id": name}
        released.cells.append(cell)
    (course.lessons / LESSON).mkdir(parents=True)
    nbformat.write(released, course.lessons / LESSON / f"{LESSON}.ipynb")
    rows = {
        "ada": {"double": double(Kind.PASSED, Kind.WRONG, FLIPPED), "halve": halve(Kind.PASSED)},
        "bob": {"double": double(Kind.PASSED, Kind.PASSED), "halve": halve(Kind.TIMED_OUT)},
    }
    for student, text in (("ada", "{}"), ("bob", "{}"), ("cem", "{broken"), ("dan", "")):
        path = course.submitted / student / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    nbformat.write(released, course.submitted / "dan" / LESSON / f"{LESSON}.ipynb")
    with tools_on_path(), Gradebook(course.gradebook) as gradebook:
        gradebook.add_assignment(LESSON)
        gradebook.add_notebook(LESSON, LESSON)
        for name, points, kind in (
            ("why", 5.0, "markdown"),
            ("halve-check", 2.0, "code"),
            ("double-check", 3.0, "code"),
        ):
            gradebook.add_grade_cell(name, LESSON, LESSON, max_score=points, cell_type=kind)
        for student, marks in rows.items():
            gradebook.add_student(student, first_name=student.title())
            gradebook.add_submission(LESSON, student)
            for name, mark in marks.items():
                grade = gradebook.find_grade(f"{name}-check", LESSON, LESSON, student)
                grade.auto_score, grade.needs_manual_grade = mark.points, False
            path = course.autograded / student / LESSON / f"{LESSON}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(graded_notebook(marks), path)
        written = gradebook.find_grade("why", LESSON, LESSON, "bob")
        written.manual_score, written.needs_manual_grade = 4.0, False
        overruled = gradebook.find_grade("halve-check", LESSON, LESSON, "bob")
        overruled.manual_score = 1.5
        gradebook.db.commit()
    return course.root


@pytest.fixture
def course(graded: Path, tmp_path: Path) -> Course:
    """A copy of the graded classroom for one test."""
    shutil.copytree(graded, tmp_path, dirs_exist_ok=True)
    return Course(tmp_path)


def test_reads_gradebook_and_verdicts(course: Course) -> None:
    """Marks come from the gradebook in the lesson's order, verdicts from the check cells."""
    report = read_class(course, LESSON)
    assert report.title == "Lesson 01: Doubling"
    assert [task.name for task in report.tasks] == ["double", "halve", "why"]
    ada, bob, cem, dan = report.rows
    assert [(mark.points, mark.state) for mark in ada.marks] == [
        (1.0, State.PART),
        (2.0, State.FULL),
        (None, State.TO_GRADE),
    ]
    assert (ada.total, ada.name) == (3.0, "Ada")
    assert [mark.points for mark in bob.marks] == [3.0, 1.5, 4.0]
    assert bob.marks[1].changed_by_hand
    assert report.misconceptions[0].students == ("ada",)
    assert "not a readable notebook" in cem.trouble
    assert dan.trouble == "Not graded yet. Run `course grade 01`."
    assert report.alerts == ()


def test_a_students_own_verdict_says_nothing(course: Course) -> None:
    """An output of the judge's type in a student's own cell is not counted."""
    names = [line.check for line in read_class(course, LESSON).checks]
    assert names == ["test_two", "test_more", "test_half"]


def test_marks_that_the_verdicts_do_not_explain_are_told(course: Course) -> None:
    """A gradebook that says other points than the verdicts is an alert, not silence."""
    with tools_on_path(), Gradebook(course.gradebook) as gradebook:
        gradebook.find_grade("double-check", LESSON, LESSON, "ada").auto_score = 3.0
        gradebook.db.commit()
    (alert,) = read_class(course, LESSON).alerts
    assert "ada, double: the gradebook says 3 points, the verdicts 1." in alert


def test_a_refused_submission_tells_why(course: Course) -> None:
    """Empty marks without a graded notebook are not 0: the reason that grading kept is shown."""
    shutil.rmtree(course.autograded / "ada")
    good = course.lessons / LESSON / f"{LESSON}.ipynb"
    shutil.copy(good, course.submitted / "ada" / LESSON)
    row = {"student": "ada", "status": "not gradable", "detail": "This is not the notebook"}
    kept = course.classroom / "graded" / f"{LESSON}.json"
    kept.parent.mkdir()
    kept.write_text(json.dumps({"lesson": LESSON, "points": {}, "rows": [row]}))
    ada = read_class(course, LESSON).rows[0]
    assert not ada.graded
    assert ada.trouble == "This is not the notebook."


def test_a_grader_fault_is_no_zero(course: Course) -> None:
    """A check that failed by itself leaves no mark, and is an alert."""
    fault = replace(verdict("halve", "test_half", Kind.GRADER_FAULT, 2.0), message="Oh.")
    marks = {"double": double(Kind.PASSED, Kind.PASSED)}
    marks["halve"] = Mark("halve", None, 2.0, State.FAULT, (fault,))
    nbformat.write(graded_notebook(marks), course.autograded / "ada" / LESSON / f"{LESSON}.ipynb")
    with tools_on_path(), Gradebook(course.gradebook) as gradebook:
        grade = gradebook.find_grade("halve-check", LESSON, LESSON, "ada")
        grade.auto_score, grade.needs_manual_grade = None, True
        gradebook.find_grade("double-check", LESSON, LESSON, "ada").auto_score = 3.0
        gradebook.db.commit()
    report = read_class(course, LESSON)
    assert report.rows[0].marks[1].state is State.FAULT
    assert report.rows[0].marks[1].points is None
    assert report.alerts == (
        "ada, halve: a check failed by itself. Mend the check and grade again.",
    )


def test_writes_the_page(course: Course, tmp_path: Path) -> None:
    """The page lies in the classroom's report folder unless a path is given."""
    path = write_report(course, LESSON)
    assert path == course.classroom / "report" / f"{LESSON}.html"
    assert "Lesson 01: Doubling" in path.read_text(encoding="utf-8")
    other = tmp_path / "out" / "page.html"
    assert write_report(course, LESSON, other) == other


def test_without_a_gradebook(tmp_path: Path) -> None:
    """Asking for a report before grading says what to run."""
    with pytest.raises(NothingGraded, match="course grade 01"):
        read_class(Course(tmp_path), LESSON)


def test_unknown_lesson(course: Course) -> None:
    """A lesson that the gradebook does not know is a clear error."""
    with pytest.raises(NothingGraded, match="02_filters"):
        read_class(course, "02_filters")
