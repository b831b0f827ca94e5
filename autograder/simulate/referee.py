"""Works out what a simulated answer must earn, in this process and by the simplest means.

Right answers earn full marks, blanks, crashes and time-outs nothing: that is a rule, not a
measurement. Only a misconception, or an answer that leans on another exercise which the student
got wrong, is put through the checks.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Mapping
from functools import cache

from autograder.builder.running import Namespace, fresh_namespace, quiet_place, run_cell, time_limit
from autograder.builder.source import CellKind, Lesson, Part
from autograder.paths import CourseError
from autograder.simulate.answers import Answer, AnswerKind
from autograder.simulate.expected import ExpectedMark
from utils.checks import Check, load_lesson_checks, run_check
from utils.student import InProcess
from utils.verdicts import Kind

# An answer that hangs in here is a mistake in the simulated class, not a time-out to be graded.
SECONDS = 20.0
NO_MARKS = {
    AnswerKind.BLANK: (Kind.UNANSWERED, Kind.WRONG, Kind.CRASHED),
    AnswerKind.CRASH: (Kind.CRASHED, Kind.UNANSWERED),
    AnswerKind.TIMEOUT: (Kind.TIMED_OUT, Kind.SKIPPED),
}
# How a check asks for a student's function; helpers of a check get the function handed over.
ASKED = re.compile(r"\bstudent\.([A-Za-z]\w*)")
Answers = Mapping[str, Answer]


class Referee:
    """The marks that answers to one lesson must get; remembers what it has worked out.

    Example:
        >>> referee = Referee(lesson)  # doctest: +SKIP
        >>> referee.mark("conv2d", answers).points  # doctest: +SKIP
        4.5
    """

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.order = list(lesson.exercises)
        self.checks = lesson_checks(lesson)
        self._setups: dict[str, Namespace] = {}
        self._known: dict[tuple, ExpectedMark] = {}
        self._asked_for = {name: self._names_in_checks(name) for name in self.order}

    def out_of(self, exercise: str) -> float:
        return sum(check.points for check in self._checks_of(exercise))

    def needed(self, exercise: str, answers: Answers) -> list[str]:
        """The exercises whose functions an exercise's checks may run, itself included, in order.

        Of an exercise without an answer yet only the name counts.
        """
        found: set[str] = set()
        waiting = [exercise]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._mentioned(answers[name].source) if name in answers else []
                waiting += self._asked_for[name] if name == exercise else []
        return [name for name in self.order if name in found]

    def mark(self, exercise: str, answers: Answers) -> ExpectedMark:
        """What the student with these answers must get for one exercise.

        Raises `CourseError` when it cannot be worked out because an exercise hangs.
        """
        needed = self.needed(exercise, answers)
        key = (exercise, *(answers[name] for name in needed))
        if key not in self._known:
            with quiet_place(self.lesson):
                self._known[key] = self._work_out(exercise, answers, needed)
        return self._known[key]

    def _work_out(self, exercise: str, answers: Answers, needed: list[str]) -> ExpectedMark:
        answer = answers[exercise]
        out_of = self.out_of(exercise)
        if answer.kind in NO_MARKS:
            kinds = tuple(kind.value for kind in NO_MARKS[answer.kind])
            return ExpectedMark(exercise, str(answer), 0.0, out_of, kinds)
        leaning = [name for name in needed if name != exercise and not answers[name].kind.right]
        if answer.kind.right and not leaning:
            return ExpectedMark(exercise, str(answer), out_of, out_of)
        hanging = [name for name in leaning if answers[name].kind is AnswerKind.TIMEOUT]
        if hanging:
            raise CourseError(f"{exercise} leans on {hanging[0]}, which never ends.")
        verdicts = self.run(exercise, answers, needed)
        points = sum(points for _, points in verdicts)
        kinds = tuple(sorted({kind.value for kind, _ in verdicts if kind is not Kind.PASSED}))
        says = "" if leaning else answer.says
        return ExpectedMark(exercise, str(answer), points, out_of, kinds, says)

    def run(
        self, exercise: str, answers: Answers, needed: Iterable[str] | None = None
    ) -> list[tuple[Kind, float]]:
        """Kind and points of every check of an exercise, run in this process."""
        names = list(needed) if needed is not None else self.needed(exercise, answers)
        namespace = self._namespace(exercise, [answers[name] for name in names])
        results: list[tuple[Kind, float]] = []
        for check in self._checks_of(exercise):
            with time_limit(SECONDS):
                verdict = run_check(check, InProcess(namespace)).verdict
            if verdict.kind is Kind.GRADER_FAULT:
                raise CourseError(f"{check.name} failed by itself: {verdict.message}")
            results.append((verdict.kind, verdict.points))
        return results

    def _namespace(self, exercise: str, answers: list[Answer]) -> Namespace:
        """What a notebook holds after its setup cell and these answers have run."""
        namespace = dict(self._setup(exercise))
        for answer in answers:
            try:
                exec(compile(answer.source, f"<{answer}>", "exec", dont_inherit=True), namespace)
            except Exception:
                namespace.pop(answer.exercise, None)
        return namespace

    def _setup(self, exercise: str) -> Namespace:
        part = self._part(exercise)
        if part.notebook not in self._setups:
            namespace = fresh_namespace()
            for cell in part.of(CellKind.CODE)[:1]:
                run_cell(part, cell, namespace)
            self._setups[part.notebook] = namespace
        return self._setups[part.notebook]

    def _part(self, exercise: str) -> Part:
        cells = self.lesson.cells(CellKind.EXERCISE)
        return next(part for part, cell in cells if cell.name == exercise)

    def _checks_of(self, exercise: str) -> list[Check]:
        return [check for check in self.checks if check.exercise == exercise]

    def _names_in_checks(self, exercise: str) -> list[str]:
        """The exercises of which an exercise's checks call the student's function."""
        names = set()
        for check in self._checks_of(exercise):
            names |= set(ASKED.findall(inspect.getsource(check.function)))
        return [name for name in self.order if name in names]

    def _mentioned(self, source: str) -> list[str]:
        names = _names_in(source)
        return [name for name in self.order if name in names]


@cache
def _names_in(source: str) -> frozenset[str]:
    """The names that a source uses; for code that cannot be parsed, all its words."""
    try:
        nodes = ast.walk(ast.parse(source))
        return frozenset(node.id for node in nodes if isinstance(node, ast.Name))
    except SyntaxError:
        return frozenset(re.findall(r"\w+", source))


def lesson_checks(lesson: Lesson) -> list[Check]:
    """The public and hidden checks of a lesson."""
    return load_lesson_checks(lesson.folder) + load_lesson_checks(lesson.folder, hidden=True)
