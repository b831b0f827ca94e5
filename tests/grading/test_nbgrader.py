"""A whole class through stock nbgrader and through `course grade`: one mark, wherever one looks."""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.grade import GradeResult, Status, feedback, grade, read_result
from autograder.judge.outputs import verdicts_of
from autograder.judge.restore import grade_id
from autograder.paths import Course, CourseError

LESSON = "01_tiny"
SECRET = "8675309"  # the number in the hidden checks
WRONG = "def double(x):\n    return x ** 2"
ENDLESS = "while True:\n    pass"
EXIT = "import os\ndef double(x):\n    os._exit(0)"
SPY = "seen = []\ndef double(x):\n    seen.append(x)\n    raise ValueError(str(x))"

# What each must get: points of double and total; None for what cannot be graded.
MUST: dict[str, tuple[float, float] | None] = {
    "ada": (4, 3),
    "blank": (0, 0),
    "broken": None,
    "cheat": (0.5, 3),
    "deleted": (4, 0),
    "empty": None,
    "endless": (0, 3),
    "exits": (0, 3),
    "flood": (4, 3),
    "folder": None,
    "huge": None,
    "link": None,
    "loops": (4, 3),
    "missing": None,
    "noise": (4, 3),
    "old": (4, 3),
    "other": None,
    "pipe": None,
    "renamed": None,
    "spy": (0, 3),
    "square": (0.5, 3),
    "twins": (4, 3),
    "waits": (4, 3),
    "w [1]": None,
}
REASONS = {
    "broken": "broken at line 1",
    "empty": "is empty",
    "folder": "is a folder, not a file",
    "huge": "has 60 MB",
    "link": "is a link, not a file",
    "missing": "No notebook 01_tiny.ipynb was handed in",
    "other": "not the lesson's notebook",
    "pipe": "is a pipe, not a file",
    "renamed": "but 'my homework.ipynb'. Rename it",
    "w [1]": "Rename submitted/w [1], and grade again",
}
# Stock nbgrader warns of a folder without a notebook, and of one whose name looks like a pattern.
PASSED_OVER = ("missing", "w [1]")


@dataclass(frozen=True)
class Graded:
    """A class after both ways of grading it."""

    course: Course
    log: str
    stock_marks: dict
    stock_notebooks: dict
    result: GradeResult
    progress: list
    pages: dict


@pytest.fixture(scope="module")
def graded(built_course, answered, tmp_path_factory) -> Graded:
    """Grade a class with `nbgrader autograde`, then again with `course grade`."""
    course = Course(tmp_path_factory.mktemp("class") / "course")
    shutil.copytree(built_course.root, course.root)
    hand_in_all(course, answered)
    log = nbgrader(course, "autograde", LESSON)
    stock = marks(course), notebooks(course)
    progress: list = []
    result = grade(course, "1", workers=2, force=True, progress=lambda *step: progress.append(step))
    return Graded(course, log, *stock, result, progress, feedback(course, "01"))


def nbgrader(course: Course, *arguments: str) -> str:
    """Stock nbgrader on the command line, in an environment that is not activated."""
    program = Path(sysconfig.get_path("scripts")) / "nbgrader"
    env = {
        **os.environ,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    done = subprocess.run(
        [sys.executable, str(program), *arguments],
        cwd=course.root,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
    )
    return done.stdout


def hand_in_all(course: Course, answered) -> None:
    twins = answered()
    place = next(i for i, c in enumerate(twins.cells) if grade_id(c) == "double")
    twins.cells.insert(place + 1, copy.deepcopy(twins.cells[place]))
    cheat = answered(double=WRONG)
    check = next(c for c in cheat.cells if grade_id(c) == "double-check")
    check.source, check.metadata.nbgrader.points = "100", 100
    deleted = answered()
    deleted.cells = [c for c in deleted.cells if not grade_id(c).startswith("total")]
    noisy = "import sys\ndef double(x):\n    print('!', file=sys.stderr)\n    return 2 * x"
    files = {
        "ada": answered(why="Because <script>alert('x')</script> it **is**."),
        "blank": answered(double="", total=""),
        "broken": "{ not json",
        "cheat": cheat,
        "deleted": deleted,
        "empty": "",
        "endless": answered(double="def double(x):\n    while True:\n        pass"),
        "exits": answered(double=EXIT),
        "flood": answered(after_double="for _ in range(50):\n    print('x' * 1_000_000)"),
        "loops": answered(after_double=ENDLESS),
        "noise": answered(double=noisy, last="import sys; print('!', file=sys.stderr)"),
        "old": nbformat.writes(answered(), version=3),
        "other": nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1)")]),
        "spy": answered(double=SPY, last="print(seen)"),
        "square": answered(double=WRONG),
        "twins": twins,
        "w [1]": answered(),
        "waits": answered(after_double="name = input('Your name? ')"),
    }
    for student, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        notebook_path(course, student).write_text(text, encoding="utf-8")
    notebook_path(course, "missing")
    os.mkfifo(notebook_path(course, "pipe"))
    notebook_path(course, "folder").mkdir()
    notebook_path(course, "link").symlink_to(notebook_path(course, "ada"))
    notebook_path(course, "renamed").with_name("my homework.ipynb").write_text(files["old"])
    with notebook_path(course, "huge").open("wb") as file:
        file.truncate(60_000_000)
    stolen = notebook_path(course, "ada").with_name("answers.py")
    stolen.symlink_to(course.root / "nbgrader_config.py")


def notebook_path(course: Course, student: str) -> Path:
    path = course.submitted / student / LESSON / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def marks(course: Course) -> dict[str, dict[str, float | None]]:
    with Gradebook(course.gradebook) as book:
        return {
            submission.student.id: {
                grade.name: grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in book.find_assignment(LESSON).submissions
        }


def notebooks(course: Course) -> dict[str, str]:
    found = course.autograded.glob(f"*/{LESSON}/{LESSON}.ipynb")
    return {path.parts[-3]: path.read_text(encoding="utf-8") for path in found}


def expected(student: str) -> dict[str, float | None]:
    double, total = MUST[student] or (None, None)
    essay = None if student == "ada" or MUST[student] is None else 0.0
    return {"double-check": double, "total-check": total, "why": essay}


def test_stock_nbgrader_gives_every_mark_that_it_must(graded):
    """`nbgrader autograde` grades what can be graded, and goes on after what cannot."""
    must = {name: expected(name) for name in MUST if name not in PASSED_OVER}
    assert graded.stock_marks == must
    assert sorted(graded.stock_notebooks) == sorted(n for n in MUST if MUST[n] is not None)


def test_course_grade_gives_the_same_marks(graded):
    """`course grade` ends with the same gradebook, and its table says what the gradebook says."""
    assert marks(graded.course) == {name: expected(name) for name in MUST}
    assert {row.student: row.marks for row in graded.result.rows} == marks(graded.course)
    assert [row.student for row in graded.result.rows] == sorted(MUST)
    assert graded.result.row("ada").total == 7
    assert graded.result.points == {"double-check": 4, "total-check": 3, "why": 2}


def test_both_ways_write_the_same_notebooks(graded):
    """Not only the marks: every byte of every graded notebook is the same."""
    assert notebooks(graded.course) == graded.stock_notebooks


def test_a_submission_that_cannot_be_graded_says_why(graded):
    """Both ways name the student, the reason and the remedy; nobody else is affected."""
    assert {row.student for row in graded.result.errors} == set(REASONS)
    for row in graded.result.errors:
        assert row.status is Status.NOT_GRADABLE
        assert REASONS[row.student] in row.detail
        reason = re.escape(REASONS[row.student])
        if row.student not in PASSED_OVER:
            assert re.search(rf"ERROR\S* {row.student}: .*{reason}", graded.log)


def test_what_waits_for_a_person_is_said(graded):
    """An answered essay needs a person; an untouched one is worth nothing."""
    row = graded.result.row("ada")
    assert (row.status, row.detail) == (Status.TO_GRADE, "waits for a person: why")
    assert graded.result.row("blank").status is Status.GRADED


def test_progress_and_result_are_told(graded):
    """Progress counts to the end, and the result can be read again later."""
    assert [done for done, _, _ in graded.progress] == list(range(1, len(MUST) + 1))
    assert {total for _, total, _ in graded.progress} == {len(MUST)}
    assert read_result(graded.course, LESSON) == graded.result


def test_the_feedback_page_shows_marks_and_messages(graded):
    """Each check's message and points are on the page, which agrees with the gradebook."""
    assert sorted(graded.pages) == sorted(name for name in MUST if MUST[name] is not None)
    for student, page in graded.pages.items():
        html = page.read_text(encoding="utf-8")
        total = sum(points or 0 for points in expected(student).values())
        assert f"(Score: {float(total)} / 9.0)" in html
        for verdicts in verdicts_of(nbformat.reads(notebooks(graded.course)[student], 4)).values():
            for verdict in verdicts:
                assert verdict.title in html
    square = graded.pages["square"].read_text(encoding="utf-8")
    assert "You squared: twice x is x + x." in square
    assert "double([1, 2, -3])" in square


def test_nothing_of_a_students_acts_on_a_page(graded):
    """A script in an essay is shown as text."""
    html = graded.pages["ada"].read_text(encoding="utf-8")
    assert "&lt;script&gt;alert" in html
    assert "<script>alert" not in html
    assert "<strong>is</strong>" in html


def test_hidden_data_is_nowhere_that_a_student_looks(graded):
    """Neither a graded notebook nor a feedback page holds a number of a hidden check."""
    looked = 0
    for folder in (graded.course.autograded, graded.course.feedback, graded.course.lessons):
        for path in folder.rglob("*"):
            if path.is_file():
                looked += 1
                assert SECRET not in path.read_text(encoding="utf-8"), path
    assert looked > 30


def test_a_link_in_a_submission_is_not_followed(graded):
    """What a student linked to is not copied; the link is kept aside."""
    assert not list(graded.course.autograded.rglob("answers.py"))
    aside = graded.course.classroom / "set_aside" / "ada" / LESSON / "answers.py"
    assert aside.is_symlink()


def test_a_mark_given_by_hand_stays(graded):
    """Grading again changes the automatic mark only, and what is graded is left alone."""
    course = graded.course
    with Gradebook(course.gradebook) as book:
        book.find_grade("double-check", LESSON, LESSON, "square").manual_score = 3.5
        book.find_grade("why", LESSON, LESSON, "ada").manual_score = 2
        book.db.commit()
    result = grade(course, LESSON, workers=1, students=["square", "ada"], force=True)
    assert result.row("square").marks["double-check"] == 3.5
    assert result.row("ada").total == 9
    assert marks(course)["square"]["double-check"] == 0.5
    again = grade(course, LESSON, students=["square"])
    assert again.row("square").status is Status.ALREADY
    assert again.row("square").total == result.row("square").total


def test_a_broken_second_submission_keeps_no_old_marks(graded):
    """Whoever hands in something unreadable after all has no automatic marks left."""
    notebook_path(graded.course, "twins").write_text("{")
    row = grade(graded.course, LESSON, students=["twins"], workers=1).row("twins")
    assert (row.status, set(row.marks.values())) == (Status.NOT_GRADABLE, {None})
    assert not (graded.course.autograded / "twins" / LESSON).exists()


def test_a_lesson_whose_checks_cannot_be_loaded_is_a_fault(course, hand_in, answered):
    """Our own broken file gives nobody a zero; the reason and its traceback are kept."""
    hand_in("ada", answered())
    hidden = course.solutions / LESSON / "hidden_checks.py"
    hidden.write_text(hidden.read_text() + "\nraise RuntimeError('ours')\n")
    row = grade(course, LESSON, workers=1).row("ada")
    assert (row.status, set(row.marks.values())) == (Status.FAULT, {None})
    assert "RuntimeError: ours (see classroom/graded/01_tiny-ada.log)" in row.detail
    assert "hidden_checks.py" in (course.classroom / "graded" / "01_tiny-ada.log").read_text()


def test_unknown_students_are_refused(graded):
    """Asking for someone who has not handed in is an error with the place to put the file."""
    with pytest.raises(CourseError, match="zoe handed in no 01_tiny"):
        grade(graded.course, LESSON, students=["zoe"])
