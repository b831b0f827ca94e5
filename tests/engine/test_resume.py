"""Grading once more: what is settled is left alone, what has changed is graded again."""

from __future__ import annotations

import shutil

import pytest
from nbgrader.api import Gradebook

from autograder.grade import Status, read_result, run
from autograder.grade.book import Book
from autograder.grade.folder import Graded
from autograder.grade.ledger import Ledger, ledger_file, lock
from autograder.paths import CourseError
from tests.engine.conftest import LESSON, configure, hand_in

NAMES = ["ada", "bob", "cyd"]


@pytest.fixture
def a_class(any_course, answered, pretend):
    """Three submissions, ungraded."""
    for name in NAMES:
        hand_in(any_course, name, answered(double=f"def double(x):\n    return {name!r}"))
    return any_course


def statuses(result):
    return {row.student: row.status for row in result.rows}


def graded_now(grade_all, course, **options):
    """The students whom a run came to."""
    came = []
    grade_all(course, progress=lambda done, total, row: came.append(row.student), **options)
    return sorted(came)


def test_a_second_run_leaves_what_is_settled(a_class, grade_all):
    """The second run judges nobody, and its table is that of the first."""
    first = grade_all(a_class)
    assert set(statuses(first).values()) == {Status.TO_GRADE}
    again = grade_all(a_class)
    assert set(statuses(again).values()) == {Status.ALREADY}
    assert [row.marks for row in again.rows] == [row.marks for row in first.rows]
    assert {row.protections for row in again.rows} == {("files", "network")}
    assert read_result(a_class, LESSON) == again


def test_force_grades_everyone_again(a_class, grade_all):
    """With --force nothing counts as settled."""
    grade_all(a_class)
    assert graded_now(grade_all, a_class, force=True) == NAMES


@pytest.mark.parametrize("name", ["01_tiny.ipynb", "notes.txt", "timestamp.txt"])
def test_a_changed_submission_is_graded_again(a_class, grade_all, answered, name):
    """Whatever is handed in anew, a notebook, another file or its time: that one student is due."""
    grade_all(a_class)
    path = a_class.submitted / "bob" / LESSON / name
    text = path.read_text().replace("bob", "Bob") if path.exists() else "2026-03-02 10:00:00 UTC"
    path.write_text(text)
    assert graded_now(grade_all, a_class) == ["bob"]
    assert graded_now(grade_all, a_class) == []


def test_a_touched_file_is_not_a_changed_one(a_class, grade_all):
    """The content counts, not the time of the file: a class that was copied is not due."""
    grade_all(a_class)
    path = a_class.submitted / "bob" / LESSON / "01_tiny.ipynb"
    path.write_bytes(path.read_bytes())
    assert graded_now(grade_all, a_class) == []


@pytest.mark.parametrize("change", ["hidden", "public", "misconception", "limit", "step"])
def test_another_lesson_or_grader_grades_everyone_again(a_class, grade_all, change):
    """Checks, misconceptions, limits and steps are part of what a mark depends on."""
    grade_all(a_class)
    files = {
        "hidden": a_class.solutions / LESSON / "hidden_checks.py",
        "public": a_class.lessons / LESSON / "checks.py",
        "misconception": a_class.solutions / LESSON / "misconceptions.py",
    }
    if change in files:
        with files[change].open("a") as file:
            file.write("\n# another comment\n")
    else:
        lines = {"limit": "c.Judge.cell_seconds = 3", "step": "c.LimitOutput.max_lines = 7"}
        configure(a_class, lines[change])
    assert graded_now(grade_all, a_class) == NAMES


def test_weaker_protection_is_not_enough_later(a_class, grade_all):
    """What was graded without a protection is graded again by a run that requires it."""
    grade_all(a_class)
    assert graded_now(grade_all, a_class, require=["files", "network"]) == []
    assert graded_now(grade_all, a_class, require=["files", "identity"]) == NAMES


def test_hand_given_marks_and_comments_stay(a_class, grade_all):
    """Neither a second run nor --force touches what a person gave; a person looks again."""
    grade_all(a_class)
    with Gradebook(a_class.gradebook) as book:
        grade = book.find_grade("double-check", LESSON, LESSON, "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.25, False
        book.find_comment("double", LESSON, LESSON, "ada").manual_comment = "Well done."
        book.db.commit()
    assert graded_now(grade_all, a_class) == []
    result = grade_all(a_class, force=True)
    assert result.row("ada").marks["double-check"] == 1.75
    with Gradebook(a_class.gradebook) as book:
        grade = book.find_grade("double-check", LESSON, LESSON, "ada")
        assert (grade.manual_score, grade.extra_credit) == (1.5, 0.25)
        assert grade.needs_manual_grade
        assert book.find_comment("double", LESSON, LESSON, "ada").manual_comment == "Well done."


def test_the_ledger_is_not_believed_against_the_gradebook(a_class, grade_all):
    """A mark that is gone from the gradebook, or a graded file that is gone, is made again."""
    first = grade_all(a_class)
    with Gradebook(a_class.gradebook) as book:
        book.remove_submission(LESSON, "ada")
        book.find_grade("total-check", LESSON, LESSON, "bob").auto_score = 77
        book.db.commit()
    shutil.rmtree(a_class.autograded / "cyd")
    assert graded_now(grade_all, a_class) == NAMES
    assert [row.marks for row in grade_all(a_class).rows] == [row.marks for row in first.rows]


def test_a_torn_ledger_costs_one_submission(a_class, grade_all):
    """A line that was cut off in the middle is one that was never written."""
    grade_all(a_class)
    path = ledger_file(a_class, LESSON)
    *whole, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(whole) + last[: len(last) // 2])
    assert len(graded_now(grade_all, a_class)) == 1
    assert len(Ledger(path)._entries) == 3


@pytest.mark.parametrize("step", [(Book, "record"), (Graded, "write"), (Ledger, "add")])
@pytest.mark.parametrize("before", [True, False])
def test_a_run_that_ends_between_two_steps_is_resumed(
    a_class, grade_all, monkeypatch, step, before
):
    """Cut off before or after gradebook, files or ledger: the next run makes all three right."""
    home, name = step
    real = getattr(home, name)

    def cut(self, *arguments):
        if before:
            raise SystemExit
        real(self, *arguments)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(home, name, cut)
        with pytest.raises(SystemExit):
            grade_all(a_class)
    result = grade_all(a_class)
    assert set(statuses(result).values()) <= {Status.TO_GRADE, Status.ALREADY}
    assert graded_now(grade_all, a_class) == []
    for student in NAMES:
        graded = a_class.autograded / student / LESSON / f"{LESSON}.ipynb"
        handed_in = a_class.submitted / student / LESSON / f"{LESSON}.ipynb"
        assert graded.read_bytes() == handed_in.read_bytes()
    assert not list((a_class.classroom / "graded").glob("*.part"))


def test_what_cannot_be_graded_is_told_again_without_a_touch(a_class, grade_all):
    """The reason comes with each run; a mark that a person gave meanwhile keeps its peace."""
    (hand_in(a_class, "dan", "") / f"{LESSON}.ipynb").unlink()
    row = grade_all(a_class).row("dan")
    assert row.status is Status.NOT_GRADABLE
    with Gradebook(a_class.gradebook) as book:
        grade = book.find_grade("double-check", LESSON, LESSON, "dan")
        assert (grade.auto_score, grade.needs_manual_grade) == (None, True)
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        book.db.commit()
    again = grade_all(a_class).row("dan")
    assert (again.status, again.detail) == (row.status, row.detail)
    with Gradebook(a_class.gradebook) as book:
        assert not book.find_grade("double-check", LESSON, LESSON, "dan").needs_manual_grade


def test_a_grader_fault_is_tried_again(a_class, grade_all, monkeypatch):
    """A fault of ours is never settled: the next run comes to that submission again."""

    def refuse(self, *arguments):
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Graded, "write", refuse)
        result = grade_all(a_class)
    assert set(statuses(result).values()) == {Status.FAULT}
    assert "the disk is full" in result.row("ada").detail
    assert all(set(row.marks.values()) == {None} for row in result.rows)
    assert graded_now(grade_all, a_class) == NAMES


def test_a_lesson_has_one_coordinator_at_a_time(a_class, grade_all):
    """A second run beside the first is refused with the process to wait for."""
    with lock(a_class, LESSON), pytest.raises(CourseError, match=r"by process \d+\. Wait"):
        grade_all(a_class)
    grade_all(a_class)


def test_ctrl_c_keeps_what_is_finished(a_class, grade_all):
    """The interrupted run hands over its table; the next run does the rest, and no more."""
    done = []

    def stop(count, total, row):
        done.append(row.student)
        if count == 2:
            raise KeyboardInterrupt

    with pytest.raises(run.Interrupted) as caught:
        grade_all(a_class, progress=stop, workers=1)
    found = statuses(caught.value.result)
    assert sorted(found.values()) == [Status.INTERRUPTED, Status.TO_GRADE, Status.TO_GRADE]
    assert read_result(a_class, LESSON) == caught.value.result
    assert graded_now(grade_all, a_class) == [name for name in NAMES if name not in done]
