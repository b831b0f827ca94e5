"""A mistake is recognised by what it does: whoever makes it gets its sentence, in any spelling."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.builder.diagnoses import (
    known_diagnoses,
    read_checks,
    reference_namespaces,
    run_item,
)
from autograder.builder.rules import read_lesson
from autograder.builder.running import Namespace, quiet_place, without_gpu
from autograder.builder.source import Lesson
from autograder.paths import Course
from tests.conftest import ROOT
from tests.other_words.cases import Case, read_cases
from utils.checks import Check
from utils.outcomes import Fingerprint, Result, diagnose
from utils.verdicts import Verdict

MODULES = sorted(Path(__file__).parent.glob("lesson_*.py"))
CASES = [case for path in MODULES for case in read_cases(path)]


@dataclass(frozen=True)
class Solved:
    """A lesson with its checks, its reference solutions, and how its known mistakes behave."""

    lesson: Lesson
    checks: Sequence[Check]
    namespaces: dict[str, Namespace]
    known: dict[str, list[Fingerprint]]

    def results(self, case: Case) -> list[Result]:
        """The case's results in all checks of its exercise, public and hidden."""
        with without_gpu(), quiet_place(self.lesson):
            return run_item(case.item, self.namespaces[case.item.exercise], self.checks)

    def failing(self, case: Case, results: Sequence[Result]) -> list[Verdict]:
        """What is said of the checks that the case fails."""
        verdicts = diagnose(results, self.known[case.item.exercise])
        return [verdict for verdict in verdicts if not verdict.passed]


def lesson_of(path: Path) -> str:
    """The lesson that a module of cases is about: `lesson_02…` is about 02_filters."""
    number = path.stem.split("_")[1]
    return next(name for name in Course(ROOT).lesson_names() if name.startswith(f"{number}_"))


@functools.cache
def solved(name: str) -> Solved:
    """A lesson, read and run once for all its cases."""
    lesson = read_lesson(ROOT / "solutions" / name, ROOT)
    known = known_diagnoses(Course(ROOT), lesson)
    with without_gpu(), quiet_place(lesson):
        return Solved(lesson, read_checks(lesson, ROOT), reference_namespaces(lesson), known)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mistake_in_other_words_gets_its_sentence(case):
    """Every check that fails, in grading and in the notebook, names the mistake that was made."""
    lesson = solved(lesson_of(case.item.path))
    results = lesson.results(case)
    graded = lesson.failing(case, results)
    noted = lesson.failing(case, [result for result in results if not result.verdict.hidden])
    assert graded
    for verdicts in (graded, noted):
        if case.says:
            assert any(verdict.message.startswith(case.says) for verdict in verdicts)
        else:
            named = {verdict.check: verdict.misconception for verdict in verdicts}
            assert named == dict.fromkeys(named, case.mistake)


@pytest.mark.parametrize("name", sorted({lesson_of(path) for path in MODULES}))
def test_every_exercise_has_a_case(name):
    """Of a lesson that has cases at all, no exercise is left out."""
    covered = {case.item.exercise for case in CASES if lesson_of(case.item.path) == name}
    assert covered == set(solved(name).lesson.exercises)
