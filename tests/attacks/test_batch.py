"""A class in which an attacker sits between every two honest students, graded by `course grade`."""

from __future__ import annotations

import csv
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder.grade import grade
from autograder.grade.result import Status
from autograder.kernel.processes import remove_tree
from autograder.paths import Course
from autograder.report import read_class, render_page, write_marks
from tests.attacks.attack import Attack, corpus, groups
from tests.attacks.conftest import SECRETS
from tests.attacks.traces import left_over, traces
from tests.grading.conftest import LESSON

MINUTES = 5
RIGHT = {"double-check": 4.0, "total-check": 3.0}
WRONG = "def double(x):\n    return None"
# Names of folders are the students': a spreadsheet, a page and a terminal show them.
NAMES = (
    "=HYPERLINK('evil')",
    "+1+cmd|' ",
    "@SUM(1)",
    "<img src=x onerror=alert(1)>",
    "\u202ekcatta\x1b[2J",
    "$(reboot)",
    "{{7x7}}",
    "%(x)s",
    "'; DROP TABLE grade; --",
    "a b",
)
# All of what is handed in as a folder; of the other groups those that end, stop, fill or forge.
SOME = {
    "bombs": ["disk"],
    "bulk": ["gzip", "many_parts", "laughs", "another_lesson"],
    "dying": ["kill_everyone"],
    "forging": ["verdict_output"],
    "lingering": ["daemon"],
    "markup": ["html", "formulas"],
    "notebook": ["duplicated_checks", "changed_points", "already_graded", "renamed_exercises"],
    "reading": ["keep_for_later"],
    "stalling": ["ignored_interrupts"],
}


def attackers() -> list[Attack]:
    """The folders, and one or more attacks of each other group."""
    chosen = []
    for group in groups():
        found = corpus(group)
        some = SOME.get(group, [found[0].name])
        chosen += [attack for attack in found if group == "folder" or attack.name in some]
    return chosen


def hand_in(attack: Attack, folder, world, course, answered) -> None:
    """Put an attacker's submission where nbgrader looks for it."""
    folder.mkdir(parents=True)
    path = folder / f"{LESSON}.ipynb"
    if attack.group == "folder":
        wrong = nbformat.writes(answered(double=WRONG)).encode()
        attack.make(folder, wrong, course.root)
    elif attack.group in ("notebook", "bulk"):
        made = attack.make(answered(double=WRONG))
        path.write_bytes(made if isinstance(made, bytes) else nbformat.writes(made).encode())
    else:
        cells = {"double": "", **attack.filled(world.known)}
        path.write_text(nbformat.writes(answered(**cells)), encoding="utf-8")


@pytest.fixture(scope="module")
def course(world):
    """A course of the batch's own, not in pytest's folder: pytest cannot remove deep folders."""
    base = Path(tempfile.mkdtemp(prefix="course-batch-"))
    shutil.copytree(world.course.root, base / "course")
    yield Course(base / "course")
    remove_tree(base)


@pytest.fixture(scope="module")
def graded(world, course, answered):
    """The class, its course, who attacks how, and what grading it has come to and left."""
    world = replace(world, course=course)
    honest = nbformat.writes(answered())
    who = {}
    for number, attack in enumerate(attackers()):
        name = NAMES[number] if number < len(NAMES) else f"mallory-{number:02}"
        path = course.submitted / f"honest-{number:02}" / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(honest, encoding="utf-8")
        hand_in(attack, course.submitted / name / LESSON, world, course, answered)
        who[name] = attack
    shutil.rmtree(course.submitted / "bea", ignore_errors=True)
    watched = [world.home, course.solutions, course.lessons]
    before, began = traces(watched), time.monotonic()
    result = grade(course, LESSON, workers=2)
    return course, who, result, time.monotonic() - began, left_over(before, watched)


def test_the_batch_ends_and_honest_marks_are_exact(graded):
    """No attacker stops the others, changes their marks, or leaves anything behind."""
    _, who, result, seconds, left = graded
    honest = [row for row in result.rows if row.student.startswith("honest")]
    assert len(honest) == len(who)
    for row in honest:
        assert {name: row.marks[name] for name in RIGHT} == RIGHT, row
        assert row.status is Status.GRADED, row
    assert left == []
    assert seconds < 60 * MINUTES


def test_attackers_earn_no_more_than_wrong_code(graded):
    """What is judged earns what honest wrong code earns; what is refused says why."""
    _, who, result, _, _ = graded
    for student, attack in who.items():
        row = result.row(student)
        assert row.status is not Status.FAULT, (attack, row)
        if attack.ends == "not gradable":
            assert row.status is Status.NOT_GRADABLE, (attack, row)
            assert row.detail, attack
        if row.status is Status.NOT_GRADABLE:
            assert set(row.marks.values()) <= {None}, (attack, row)
        else:
            assert row.marks["double-check"] <= attack.earns, (attack, row)
            assert attack.costs or row.marks["total-check"] == 3.0, (attack, row)


def test_report_and_table_are_escaped(graded, tmp_path):
    """In the class report nothing acts, and no cell of the CSV file is a formula."""
    course, who, _, _, _ = graded
    report = read_class(course, LESSON)
    page = render_page(report)
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert not any(secret in page for secret in SECRETS.values())
    with write_marks(report, tmp_path / "marks.csv").open(encoding="utf-8-sig") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) > 2 * len(who)
    formulas = ("=", "+", "-", "@", "\t", "\r")
    assert [cell for cell in cells if cell.startswith(formulas)] == []
