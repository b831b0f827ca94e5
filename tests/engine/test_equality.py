"""`course grade` leaves what stock nbgrader leaves: every row of the gradebook, every file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import MetaData, select

from autograder.grade import feedback, run
from autograder.intake import GraderFault
from autograder.nbgrader_hooks import refuse_other_points
from autograder.paths import Course
from tests.engine.conftest import LESSON, ROOT, configure, hand_in, nbgrader, twin, use_database

IN_TIME, LATE = "2026-03-02 09:00:00 UTC", "2026-03-09 09:00:00 UTC"
WRONG = "def double(x):\n    return x ** 2"
# Looks like the start of a cell on the page, and is none.
FORGED = 'Text <div class="cell border-box-sizing text_cell rendered"> more\n\n<b>bold'
# Nobody here loops for ever, and a time limit on a busy machine would not be equal twice.
SETTINGS = """
c.Judge.cell_seconds, c.Judge.call_seconds, c.Judge.check_seconds = 100, 100, 100
c.Judge.notebook_seconds = 300
c.LateSubmissionPlugin.penalty_method = "zero"
c.IgnorePattern.enabled, c.IgnorePattern.pattern = True, "never mind"
c.LimitOutput.max_lines, c.LimitOutput.max_traceback = 5, 3
c.Autograde.exclude_overwriting = {"01_tiny": ["kept.txt"]}
"""


def hand_in_all(course: Course, answered) -> None:
    """Right, wrong, blank and late; files of their own, the lesson's own changed, and odd ones."""
    talkative = (
        "import sys\nfor n in range(20): print(n)\nprint('never mind', file=sys.stderr)\n1 / 0"
    )
    deep = "def f(n):\n    return f(n - 1) if n else 1 / 0\nf(20)"
    hand_in(course, "ada", answered(why=FORGED), timestamp__txt=IN_TIME, notes__txt="mine")
    hand_in(course, "blank", answered(double="", total=""))
    hand_in(course, "late", answered(), timestamp__txt=LATE)
    hand_in(course, "late-and-wrong", answered(double=WRONG), timestamp__txt=LATE)
    hand_in(course, "loud", answered(first=talkative + "1 / 0", last=deep))
    hand_in(course, "other", {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    own = {"data/deep/a.csv": "1,2", "checks.py": "cheat = 1", "kept.txt": "mine", "b.pyc": "x"}
    folder = hand_in(course, "own", answered(last="print(open('kept.txt').read())"), **own)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "c.txt").write_text("x")
    (folder / "empty").mkdir()
    (folder / "second.ipynb").write_text("{}")
    (folder / "notes.sh").write_text("#!/bin/sh\n")
    (folder / "notes.sh").chmod(0o755)


def set_up(course: Course, answered) -> None:
    configure(course, SETTINGS)
    (course.source / LESSON / "kept.txt").write_text("the lesson's")
    (course.source / LESSON / "data.txt").write_text("the lesson's")
    hand_in_all(course, answered)
    with Gradebook(course.gradebook) as book:
        book.update_or_create_assignment(LESSON, duedate="2026-03-05 00:00:00 UTC")


def by_hand(course: Course) -> None:
    """What a teacher adds between two gradings."""
    with Gradebook(course.gradebook) as book:
        book.find_grade("double-check", LESSON, LESSON, "late-and-wrong").manual_score = 3.5
        book.find_grade("total-check", LESSON, LESSON, "late").extra_credit = 0.5
        book.find_grade("why", LESSON, LESSON, "ada").manual_score = 2.0
        book.find_comment("why", LESSON, LESSON, "ada").manual_comment = "Good <b>point</b>."
        book.find_submission_notebook(LESSON, LESSON, "loud").flagged = True
        book.db.commit()


def rows(course: Course) -> dict[str, list]:
    """Every table of the gradebook, each id replaced by what it stands for."""
    with Gradebook(course.gradebook) as book:
        tables = MetaData()
        tables.reflect(book.engine)
        raw = {
            table.name: [dict(row._mapping) for row in book.db.execute(select(table))]
            for table in tables.sorted_tables
        }
    cells = {row["id"]: (row["name"], row["type"]) for row in raw["base_cell"]}
    whose = {row["id"]: row["student_id"] for row in raw["submitted_assignment"]}
    owner = {row["id"]: whose[row["assignment_id"]] for row in raw["submitted_notebook"]}
    names = {**cells, **whose, **owner}
    names |= {row["id"]: row["name"] for kind in ("assignment", "notebook") for row in raw[kind]}
    return {
        name: sorted(
            str(
                {key: names.get(v, v) for key, v in row.items() if key != "id" or name == "student"}
            )
            for row in found
        )
        for name, found in raw.items()
    }


def files(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Every file below a folder, with its content and rights."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), oct(path.stat().st_mode))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def both(any_course, answered, tmp_path, request):
    """A class twice: one to be graded by stock nbgrader, one by `course grade`."""
    set_up(any_course, answered)
    other = twin(any_course, tmp_path / "other" / "course")
    if not any_course.gradebook.startswith("sqlite"):
        template = any_course.gradebook.partition("@/")[2].partition("?")[0]
        with request.getfixturevalue("server").database(template) as url:
            use_database(other, url)
            yield any_course, other
    else:
        yield any_course, other


def test_the_same_rows_files_and_pages(both):
    """First grading, a teacher's additions, grading again, feedback: twice the same classroom."""
    stock, ours = both
    for _ in range(2):
        log = nbgrader(stock, "autograde", LESSON, "--force")
        run.grade(ours, LESSON, workers=2, force=True)
        assert rows(ours) == rows(stock), log
        assert files(ours.autograded) == files(stock.autograded)
        by_hand(stock)
        by_hand(ours)
    graded = files(ours.autograded)
    assert graded["own/01_tiny/kept.txt"][0] == b"mine"
    assert "cheat" not in graded["own/01_tiny/checks.py"][0].decode()
    log = nbgrader(stock, "generate_feedback", LESSON, "--force")
    pages = feedback(ours, LESSON)
    assert sorted(pages) == ["ada", "blank", "late", "late-and-wrong", "loud", "own"]
    assert files(ours.feedback) == files(stock.feedback), log


def test_a_step_that_is_not_known_is_nbgraders(course, answered, tmp_path):
    """With a step of the instructor's own nbgrader takes all of them, and the result says so."""
    set_up(course, answered)
    (course.root / "own_steps.py").write_text(
        "from nbgrader.preprocessors import NbGraderPreprocessor\n"
        "class Sign(NbGraderPreprocessor):\n"
        "    def preprocess(self, nb, resources):\n"
        "        nb.metadata['signed'] = resources['nbgrader']['student']\n"
        "        return nb, resources\n"
    )
    configure(course, "c.Autograde.autograde_preprocessors.insert(1, 'own_steps.Sign')")
    other = twin(course, tmp_path / "other" / "course")
    nbgrader(other, "autograde", LESSON)
    result = run.grade(course, LESSON, workers=1)
    assert "has the step Sign, which `course grade` does not know" in result.note
    assert '"signed": "ada"' in files(course.autograded)["ada/01_tiny/01_tiny.ipynb"][0].decode()
    assert rows(course) == rows(other)
    assert files(course.autograded) == files(other.autograded)
    assert run.grade(course, LESSON, workers=1).row("ada").status == "already graded"


def test_pages_are_written_only_where_something_changed(course, answered):
    """A second time nobody's page is made; after a teacher's comment one is."""
    for student in ("ada", "bob"):
        hand_in(course, student, answered())
    run.grade(course, LESSON, workers=2)
    first = {name: page.stat().st_mtime_ns for name, page in feedback(course, LESSON).items()}
    again = {name: page.stat().st_mtime_ns for name, page in feedback(course, LESSON).items()}
    assert again == first
    with Gradebook(course.gradebook) as book:
        book.find_comment("why", LESSON, LESSON, "bob").manual_comment = "See me, bob."
        book.db.commit()
    pages = feedback(course, LESSON)
    assert pages["ada"].stat().st_mtime_ns == first["ada"]
    assert "See me, bob." in pages["bob"].read_text()
    (course.feedback / "ada" / LESSON / f"{LESSON}.html").unlink()
    assert feedback(course, LESSON)["ada"].is_file()


def test_the_gradebook_knows_other_points(course, answered, pretend, trusted):
    """A gradebook of an older release gives no marks, whichever way one grades."""
    hand_in(course, "ada", answered())
    with Gradebook(course.gradebook) as book:
        book.find_grade_cell("double-check", LESSON, LESSON).max_score = 2.0
        book.find_grade_cell("total-check", LESSON, LESSON).max_score = -1.0
        book.db.commit()
    row = run.grade(course, LESSON, workers=1, require=["none"]).row("ada")
    assert re.search(r"got \d points, and counts (2|-1) in the gradebook", row.detail)
    assert set(row.marks.values()) == {None}
    marks = {"db_url": course.gradebook, "notebook": LESSON, "assignment": LESSON}
    with pytest.raises(GraderFault, match="double has 4 points in lessons/ and 2 in the gradebook"):
        refuse_other_points({"nbgrader": marks}, trusted)


def test_the_coordinator_never_loads_torch(course, answered):
    """What reads submissions and writes marks is small: torch is in the workers alone."""
    hand_in(course, "ada", answered())
    code = (
        "import sys; from pathlib import Path; from autograder.paths import Course\n"
        "from rich.console import Console; from autograder.workflow import grade_class\n"
        f"grade_class(Course(Path({str(course.root)!r})), '01_tiny', Console(), workers=1)\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
