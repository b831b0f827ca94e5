"""`course grade` in a terminal: what it says, and what it refuses."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from typer.testing import CliRunner

import autograder.sandbox
from autograder.cli import app
from autograder.grade import GradeResult, Row, Status, run
from autograder.paths import Course, CourseError
from autograder.workflow import MOST_ALIKE, grade_class, protection_lines
from tests.engine.conftest import LESSON, configure, hand_in


def grade(course, monkeypatch, *options):
    monkeypatch.chdir(course.root)
    return CliRunner().invoke(app, ["grade", "01", *options])


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=80)


def test_what_needs_attention_is_told_as_it_comes(course, answered, pretend, console):
    """A line for each submission without marks; a name acts neither in rich nor in a terminal."""
    hand_in(course, "ada", answered())
    name = "[red]bob\x1b[31m\u202e"
    (course.submitted / name / LESSON).mkdir(parents=True)
    result = grade_class(course, LESSON, console, require=["none"], pages=False)
    said = console.file.getvalue()
    assert f"{'[red]bob[31m'}: not gradable. nbgrader cannot read a folder whose name" in said
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "2 submissions in" in said
    assert "1 needs manual grading, 1 not gradable" in said
    assert "Held for every submission: files, network." in said
    assert [row.student for row in result.errors] == [name]


def test_a_fault_that_many_share_is_told_a_few_times(course, answered, pretend, console):
    """Three submissions are named with it; how many more there are is one line."""
    judge = pretend / "pretended_judge.py"
    answer = "def answer(*asked): return {'fault': 'OSError: no disk', 'trace': ''}"
    judge.write_text(f"{judge.read_text()}\n{answer}\n")
    for number in range(5):
        hand_in(course, f"s{number}", answered())
    grade_class(course, LESSON, console, require=["none"], pages=False)
    said = console.file.getvalue()
    assert said.count(": grader fault. ") == MOST_ALIKE
    assert "2 more with the same fault: OSError: no disk\n" in said


def test_protections_that_differ_are_counted():
    """Where not all kernels were equally protected, each set is told with its number."""
    rows = [Row(str(n), Status.GRADED, protections=("files", "network")) for n in range(3)]
    rows += [Row("d", Status.GRADED, protections=("files",)), Row("e", Status.NOT_GRADABLE)]
    assert protection_lines(GradeResult(LESSON, {}, tuple(rows))) == [
        "Held for 3 submissions: files, network.",
        "Held for 1 submissions: files.",
    ]


def test_too_little_protection_is_refused(course, answered, monkeypatch):
    """Before anything is graded: what is missing, the remedy, and the way round it."""
    hand_in(course, "ada", answered())
    monkeypatch.setattr(autograder.sandbox, "probe", lambda: ("files",))
    with pytest.raises(CourseError, match=r"without the protections network\. .*--require none"):
        run.grade(course, LESSON)
    assert not course.autograded.exists()
    with pytest.raises(CourseError, match="There is no protection 'wings'"):
        run.grade(course, LESSON, require=["wings"])


def test_the_requirement_is_a_setting_too(course, answered, pretend, monkeypatch):
    """`c.Judge.require` holds where no option is given, and the option overrides it."""
    hand_in(course, "ada", answered())
    configure(course, "c.Judge.require = ['files', 'memory']")
    monkeypatch.setattr(autograder.sandbox, "probe", lambda: ("files", "network"))
    failed = grade(course, monkeypatch, "--no-feedback")
    assert isinstance(failed.exception, CourseError)
    assert "protections memory" in str(failed.exception)
    assert grade(course, monkeypatch, "--no-feedback", "--require", "files,network").exit_code == 0


def test_a_cluster_has_its_own_workers(course, answered, monkeypatch):
    """--cluster and --workers together are refused."""
    hand_in(course, "ada", answered())
    failed = grade(course, monkeypatch, "--cluster", "tcp://127.0.0.1:1", "--workers", "2")
    assert "Leave one out" in str(failed.exception)


def test_a_gradebook_that_cannot_be_opened_is_one_line(course, answered):
    """The address is told without its password, with the setting to look at."""
    hand_in(course, "ada", answered())
    configure(course, "c.CourseDirectory.db_url = 'sqlite:////nowhere/at/all.db'")
    with pytest.raises(CourseError, match=r"cannot be opened .*c\.CourseDirectory\.db_url"):
        run.grade(course, LESSON, require=["none"])


def test_a_course_knows_its_gradebook(course: Course):
    """nbgrader's `db_url` is honoured; without it the gradebook is a file in classroom/."""
    assert course.gradebook == f"sqlite:///{course.classroom / 'gradebook.db'}"
    assert course.has_gradebook
    configure(course, "c.CourseDirectory.db_url = 'postgresql://me@db/course'")
    assert course.gradebook == "postgresql://me@db/course"
    assert course.has_gradebook
    configure(course, "c.CourseDirectory.db_url = 'sqlite:////nowhere/at/all.db'")
    assert not course.has_gradebook
