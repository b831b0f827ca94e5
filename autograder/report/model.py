"""What a class report says, as plain data: who earned what, and what the class did not get.

Nothing here reads a file or knows about HTML: `gather` fills these classes from nbgrader's
gradebook and the judge's verdicts, `page`, `table_file` and `terminal` show them.
"""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from utils.verdicts import Kind, Verdict


class State(StrEnum):
    """How an exercise ended, in the word that the report prints."""

    FULL = "full marks"
    PART = "partly right"
    WRONG = "wrong"
    BLANK = "blank"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    TOO_LARGE = "output too large"
    BLOCKED = "blocked"
    TO_GRADE = "to grade by hand"
    FAULT = "grader fault"
    MISSING = "no mark"


# The endings that the report lists one by one, because a teacher may want to look at each.
INCIDENTS = (
    Kind.BLOCKED,
    Kind.CRASHED,
    Kind.TIMED_OUT,
    Kind.OUT_OF_MEMORY,
    Kind.TOO_LARGE,
)


@dataclass(frozen=True)
class Task:
    """An exercise or an essay of the lesson: a column of the mark table."""

    name: str
    out_of: float
    essay: bool = False


@dataclass(frozen=True)
class Mark:
    """One student's mark for one task.

    `points` is None where nbgrader holds no mark; `verdicts` is empty for an essay.
    `changed_by_hand` tells that a person overruled the judge in the formgrader.
    """

    task: str
    points: float | None
    out_of: float
    state: State
    verdicts: tuple[Verdict, ...] = ()
    changed_by_hand: bool = False


@dataclass(frozen=True)
class Row:
    """One student: the marks, or the `trouble` that kept the submission from being graded."""

    student: str
    marks: tuple[Mark, ...] = ()
    name: str = ""
    trouble: str = ""
    penalty: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def graded(self) -> bool:
        return not self.trouble

    @property
    def total(self) -> float:
        """The points so far, as nbgrader's export shows them: never below 0."""
        return max(0.0, sum(mark.points or 0.0 for mark in self.marks) - self.penalty)

    @property
    def waiting(self) -> bool:
        """Whether a task still waits for a person to grade it."""
        return any(mark.state is State.TO_GRADE for mark in self.marks)

    def mark(self, task: str) -> Mark | None:
        return next((mark for mark in self.marks if mark.task == task), None)


@dataclass(frozen=True)
class CheckLine:
    """One check over the whole class: how many ended in which way."""

    exercise: str
    check: str
    title: str
    hidden: bool
    out_of: float
    kinds: dict[Kind, int] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        return self.kinds.get(Kind.PASSED, 0)

    @property
    def students(self) -> int:
        return sum(self.kinds.values())

    @property
    def rest(self) -> str:
        """The verdicts other than passed, in words: `4 wrong, 1 timed out`."""
        others = [kind for kind in Kind if kind is not Kind.PASSED and self.kinds.get(kind)]
        return ", ".join(f"{self.kinds[kind]} {kind.value}" for kind in others)


@dataclass(frozen=True)
class MisconceptionLine:
    """A wrong idea that the judge recognised, and the students who hold it."""

    exercise: str
    name: str
    sentence: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Incident:
    """A student's exercise that came to no result: it crashed, or met a limit or the sandbox."""

    student: str
    exercise: str
    kind: Kind
    checks: int
    message: str


@dataclass(frozen=True)
class Bin:
    """A bar of the histogram: `count` totals from `low` up to `high`."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class ClassReport:
    """A class's results in one lesson.

    Example:
        >>> row = Row("ada", (Mark("conv2d", 6, 6, State.FULL),))
        >>> ClassReport("01_convolution", "Convolution", (Task("conv2d", 6),), (row,)).mean
        6.0
    """

    lesson: str
    title: str
    tasks: tuple[Task, ...]
    rows: tuple[Row, ...]
    made: datetime = field(default_factory=lambda: datetime.now().astimezone())
    alerts: tuple[str, ...] = ()

    @property
    def out_of(self) -> float:
        return sum(task.out_of for task in self.tasks)

    @property
    def graded(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.graded)

    @property
    def ungraded(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.graded)

    @property
    def waiting(self) -> tuple[Row, ...]:
        return tuple(row for row in self.graded if row.waiting)

    @property
    def totals(self) -> list[float]:
        return [row.total for row in self.graded]

    @property
    def mean(self) -> float | None:
        return statistics.fmean(self.totals) if self.totals else None

    @property
    def median(self) -> float | None:
        return statistics.median(self.totals) if self.totals else None

    def task_mean(self, task: str) -> float | None:
        """The class's mean for one task; None while a student still waits for its mark."""
        marks = [mark for row in self.graded if (mark := row.mark(task)) is not None]
        if any(mark.state is State.TO_GRADE for mark in marks):
            return None
        points = [mark.points for mark in marks if mark.points is not None]
        return statistics.fmean(points) if points else None

    @cached_property
    def verdicts(self) -> tuple[tuple[str, Verdict], ...]:
        """Every verdict beside the student that it is about."""
        return tuple(
            (row.student, verdict)
            for row in self.graded
            for mark in row.marks
            for verdict in mark.verdicts
        )

    @cached_property
    def checks(self) -> tuple[CheckLine, ...]:
        """A line per check, in the lesson's order; public checks before hidden ones."""
        kinds: dict[tuple[str, str], Counter[Kind]] = {}
        sample: dict[tuple[str, str], Verdict] = {}
        for _, verdict in self.verdicts:
            key = (verdict.exercise, verdict.check)
            sample.setdefault(key, verdict)
            kinds.setdefault(key, Counter())[verdict.kind] += 1
        order = {task.name: number for number, task in enumerate(self.tasks)}
        keys = sorted(sample, key=lambda key: (order.get(key[0], len(order)), sample[key].hidden))
        return tuple(
            CheckLine(
                key[0],
                key[1],
                sample[key].title,
                sample[key].hidden,
                sample[key].out_of,
                dict(kinds[key]),
            )
            for key in keys
        )

    @property
    def checks_by_exercise(self) -> dict[str, list[CheckLine]]:
        groups: dict[str, list[CheckLine]] = {}
        for line in self.checks:
            groups.setdefault(line.exercise, []).append(line)
        return groups

    @cached_property
    def misconceptions(self) -> tuple[MisconceptionLine, ...]:
        """The recognised wrong ideas, the most frequent first; a student counts once in each."""
        holders: dict[tuple[str, str], dict[str, None]] = {}
        sentences: dict[tuple[str, str], str] = {}
        for student, verdict in self.verdicts:
            if verdict.misconception:
                key = (verdict.exercise, verdict.misconception)
                holders.setdefault(key, {})[student] = None
                sentences.setdefault(key, verdict.message)
        lines = [
            MisconceptionLine(exercise, name, sentences[exercise, name], tuple(students))
            for (exercise, name), students in holders.items()
        ]
        return tuple(sorted(lines, key=lambda line: -len(line.students)))

    @property
    def shared(self) -> tuple[MisconceptionLine, ...]:
        """The misconceptions that several students hold."""
        return tuple(line for line in self.misconceptions if len(line.students) > 1)

    @property
    def single(self) -> tuple[MisconceptionLine, ...]:
        """The misconceptions that one student holds, in the lesson's order."""
        order = {task.name: place for place, task in enumerate(self.tasks)}
        lines = [line for line in self.misconceptions if len(line.students) == 1]
        return tuple(sorted(lines, key=lambda line: order.get(line.exercise, len(order))))

    @cached_property
    def unrecognised(self) -> dict[str, tuple[str, ...]]:
        """Students by exercise whose answer was wrong in a way that nothing names yet."""
        found: dict[str, dict[str, None]] = {}
        for row in self.graded:
            for mark in row.marks:
                wrong = any(verdict.kind is Kind.WRONG for verdict in mark.verdicts)
                named = any(verdict.misconception for verdict in mark.verdicts)
                if wrong and not named:
                    found.setdefault(mark.task, {})[row.student] = None
        return {exercise: tuple(students) for exercise, students in found.items()}

    @cached_property
    def incidents(self) -> tuple[Incident, ...]:
        """Crashes, limits met and what was blocked, one line for a student's exercise and kind.

        A crash that a misconception explains is told there and not here.
        """
        groups: dict[tuple[Kind, str, str], list[Verdict]] = {}
        for student, verdict in self.verdicts:
            if verdict.kind in INCIDENTS and not verdict.misconception:
                groups.setdefault((verdict.kind, verdict.exercise, student), []).append(verdict)
        keys = sorted(groups, key=lambda key: INCIDENTS.index(key[0]))
        return tuple(
            Incident(student, exercise, kind, len(found), found[0].message)
            for kind, exercise, student in keys
            for found in [groups[kind, exercise, student]]
        )

    def histogram(self, bars: int = 10) -> tuple[Bin, ...]:
        """The totals in `bars` equal bars from 0 to full marks, which count in the last one."""
        width = (self.out_of or 1.0) / bars
        counts = Counter(min(bars - 1, int(total / width + 1e-9)) for total in self.totals)
        return tuple(
            Bin(number * width, (number + 1) * width, counts[number]) for number in range(bars)
        )


def state_of(points: float | None, out_of: float, verdicts: tuple[Verdict, ...]) -> State:
    """The word for an exercise with these points and verdicts.

    Example:
        >>> state_of(6, 6, ())
        <State.FULL: 'full marks'>
    """
    kinds = {verdict.kind for verdict in verdicts}
    if Kind.GRADER_FAULT in kinds:
        return State.FAULT
    if points is None:
        return State.MISSING
    if points >= out_of:
        return State.FULL
    if points > 0:
        return State.PART
    if kinds == {Kind.UNANSWERED}:
        return State.BLANK
    for kind, state in (
        (Kind.BLOCKED, State.BLOCKED),
        (Kind.OUT_OF_MEMORY, State.OUT_OF_MEMORY),
        (Kind.TOO_LARGE, State.TOO_LARGE),
        (Kind.TIMED_OUT, State.TIMED_OUT),
        (Kind.WRONG, State.WRONG),
        (Kind.CRASHED, State.CRASHED),
    ):
        if kind in kinds:
            return state
    return State.WRONG


def number(value: float | None) -> str:
    """Points as a person writes them: `6`, `2.5`, `7.25`; a dash where there are none."""
    return "–" if value is None else f"{round(value, 2):g}"
