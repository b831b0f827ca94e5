"""`kill -9` at random moments, of the coordinator or of what judges for it: no mark is lost."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.grade import Status, read_result
from autograder.grade.ledger import ledger_file
from tests.engine.conftest import LESSON, ROOT, hand_in

KILLS = {"sqlite": 25, "postgresql": 8}
REAL_KILLS, STUDENTS = 4, 60
# The command line, with the judge that only pretends where there is one.
COMMAND = """
import sys
from autograder.grade import fingerprint, run
if "pretended_judge" in sys.argv:
    sys.argv.remove("pretended_judge")
    run.WORKER = "pretended_judge"
fingerprint.course_digest = lambda: "this course"
from autograder.cli import main
main()
"""


def begin(course, *options):
    """`course grade` in a process of its own, as from a terminal."""
    words = [sys.executable, "-c", COMMAND, "grade", "01", "--workers", "2", "--no-feedback"]
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [*words, *options],
        cwd=course.root,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def descendants(pid):
    """All processes below one, the nearest first."""
    found = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in listing.read_text().split()]
        except OSError:
            continue
        found += children
        for child in children:
            found += descendants(child)
    return found


def settled(course):
    """Who is in the ledger, with the last line of each."""
    path = ledger_file(course, LESSON)
    lines = path.read_bytes().splitlines() if path.exists() else []
    entries = {}
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        entries[entry["student"]] = entry
    return entries


def marks(course):
    """Every mark in the gradebook; fails where one is there twice."""
    found = {}
    with Gradebook(course.gradebook) as book:
        for submission in book.find_assignment(LESSON).submissions:
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    place = (submission.student.id, grade.name)
                    assert place not in found
                    found[place] = grade.auto_score
    return found


def kill_at_random(process, dice, course, least):
    """Wait for some more progress and a random moment, then kill one of the run's processes.

    Returns False when the run ended before.
    """
    until = time.monotonic() + 120
    while len(settled(course)) < least and time.monotonic() < until:
        if process.poll() is not None:
            return False
        time.sleep(0.005)
    time.sleep(dice.uniform(0, 0.15))
    victims = [process.pid, *descendants(process.pid)]
    victim = process.pid if dice.random() < 0.5 else dice.choice(victims)
    if process.poll() is not None:
        return False
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        return False
    if victim == process.pid:
        process.wait(30)
    return True


def end(process):
    output, _ = process.communicate(timeout=240)
    return output


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc")
def test_a_class_survives_kills_at_random_moments(any_course, answered, pretend):
    """After many kills every submission has exactly the mark that its bytes must get."""
    course, dice = any_course, random.Random(0)
    expected = {}
    for number in range(STUDENTS):
        student = f"student-{number:02}"
        text = json.dumps(answered(double=f"def double(x):\n    return {number}"))
        hand_in(course, student, text, notes__txt=student)
        value = int(hashlib.sha256(text.encode()).hexdigest(), 16)
        expected[student, "double-check"] = float(value % 5)
        expected[student, "total-check"] = float(value % 4)
        expected[student, "why"] = None
    options = ("--require", "none", "pretended_judge")
    kills, process = 0, begin(course, *options)
    while kills < KILLS[course.gradebook.partition(":")[0]]:
        before = settled(course)
        due = min(len(before) + dice.randint(0, 3), STUDENTS - 1)
        if kill_at_random(process, dice, course, due):
            kills += 1
            now, stored = settled(course), marks(course)
            for student, entry in before.items():  # what was finished stays finished
                assert now[student]["scores"] == entry["scores"]
                assert all(stored[student, cell] == s for cell, s in entry["scores"].items())
        if process.poll() is not None:
            output = end(process)
            assert process.returncode in (0, -signal.SIGKILL), output
            if len(settled(course)) == STUDENTS:  # then all over again, with everything at stake
                options = ("--force", *options) if "--force" not in options else options
            process = begin(course, *options)
    process.kill()
    end(process)
    last = begin(course, *(word for word in options if word != "--force"))
    output = end(last)
    assert last.returncode == 0, output
    result = read_result(course, LESSON)
    assert {row.status for row in result.rows} <= {Status.TO_GRADE, Status.ALREADY}
    assert marks(course) == expected
    for student in {student for student, _ in expected}:
        graded = course.autograded / student / LESSON
        handed_in = course.submitted / student / LESSON
        for name in (f"{LESSON}.ipynb", "notes.txt"):
            assert (graded / name).read_bytes() == (handed_in / name).read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc")
def test_the_real_judge_survives_kills(course, answered):
    """The same with kernels: whichever process is killed, each submission ends with its marks."""
    dice, must = random.Random(1), {}
    for number in range(12):
        right = number % 3
        double = (
            "def double(x):\n    return 2 * x" if right else "def double(x):\n    return x ** 2"
        )
        hand_in(course, f"student-{number:02}", answered(double=double))
        must[f"student-{number:02}"] = 4.0 if right else 0.5
    for kill in range(REAL_KILLS):
        process = begin(course)
        kill_at_random(process, dice, course, 2 * kill + 1)
        if process.poll() is None:
            process.kill()
        end(process)
    last = begin(course)
    output = end(last)
    assert last.returncode == 0, output
    result = read_result(course, LESSON)
    assert {row.student: row.marks["double-check"] for row in result.rows} == must
    assert {row.marks["total-check"] for row in result.rows} == {3.0}
    assert len(marks(course)) == 3 * len(must)


def test_ctrl_c_stops_cleanly(course, answered, pretend):
    """Exit code 130, a sentence on how to go on, no process left, and the rest is done later."""
    for number in range(STUDENTS):
        hand_in(course, f"student-{number:02}", answered(double=f"x = {number}"))
    judge = pretend / "pretended_judge.py"
    quick = judge.read_text()
    judge.write_text(quick.replace("time.sleep(0.02)", "time.sleep(0.5)"))  # not done before Ctrl-C
    process = begin(course, "--require", "none", "pretended_judge")
    while not settled(course):
        time.sleep(0.01)
    below = descendants(process.pid)
    process.send_signal(signal.SIGINT)
    output = end(process)
    assert process.returncode == 130, output
    done = len(settled(course))
    assert 0 < done < STUDENTS
    assert f"{done} of {STUDENTS} submissions are settled" in output
    assert "Go on with: course grade 01" in output
    assert "Traceback" not in output
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]
    result = read_result(course, LESSON)
    assert sum(row.status is Status.INTERRUPTED for row in result.rows) == STUDENTS - done
    judge.write_text(quick)
    last = begin(course, "--require", "none", "pretended_judge")
    end(last)
    assert last.returncode == 0
    assert len(settled(course)) == STUDENTS
