"""How far a check of a trained exercise can be trusted: `course calibrate`.

Training starts from random numbers, so a right solution passes with a chance and not for certain.
A lesson with such an exercise has a `calibration.py`, which is never released. It says what the
check measures, and where its threshold lies:

    checks = load_module(Path(__file__).with_name("hidden_checks.py"))

    @calibration(
        "learn_kernel",
        number="the largest error of any of the nine weights",
        at_most=checks.FARTHEST,
        against=("too_few_steps", "sign_flipped"),
        fit="log",
    )
    def largest_error(student, seed):
        images, targets, kernel = checks.pairs(seed)
        return (student.learn_kernel(images, targets, 300, 0.05) - kernel).abs().max()

The reference and every misconception in `against` are measured over the same seeds. A threshold
holds when the reference fails less than once in a thousand by the fitted spread, and no
misconception ever passes. The table is kept beside the lesson, as `calibration.md`.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.builder.diagnoses import reference_namespaces
from autograder.builder.rules import read_lesson
from autograder.builder.running import quiet_place, with_item
from autograder.misconceptions import load_misconceptions
from autograder.paths import Course, CourseError
from utils.checks import load_module
from utils.randomness import seed_all
from utils.student import InProcess, Student, StudentCrash

SOURCE, TABLE = "calibration.py", "calibration.md"
REFERENCE = "the reference"
SEEDS = 20
RAREST = 1e-3  # the reference may fail less often than this
BARS = "▁▂▃▄▅▆▇█"
COLUMNS = 12  # of the little histogram

Measure = Callable[[Student, int], Any]


@dataclass(frozen=True)
class Calibration:
    """What a check of one trained exercise measures, and where it draws the line.

    A number passes when it is `at_most` or `at_least` the threshold; nan never passes.
    `fit` says how the numbers are spread: "normal", or "log" where their logarithm is (an error,
    a loss). `tries` is how often the check lets a solution try, each time with another seed.
    """

    exercise: str
    measure: Measure
    number: str
    threshold: float
    at_most: bool
    against: tuple[str, ...] = ()
    fit: str = "normal"
    tries: int = 1

    def passes(self, value: float) -> bool:
        return value <= self.threshold if self.at_most else value >= self.threshold


@dataclass(frozen=True)
class Row:
    """The numbers of one solution, one for each seed; nan where it stopped with an error."""

    calibration: Calibration
    solution: str
    numbers: tuple[float, ...]

    @property
    def passed(self) -> int:
        return sum(map(self.calibration.passes, self.numbers))

    @property
    def wrongly(self) -> int:
        """How many seeds misjudge the solution: the reference failing, or another passing."""
        return len(self.numbers) - self.passed if self.is_reference else self.passed

    @property
    def is_reference(self) -> bool:
        return self.solution == REFERENCE

    @property
    def chance(self) -> float:
        """The chance that the check misjudges this solution, by the fitted spread."""
        tries = self.calibration.tries
        if self.is_reference:  # not 1 − passing: a chance below 1e-16 would round to nothing
            return self._fitted(passing=False) ** tries
        return 1 - (1 - self._fitted(passing=True)) ** tries

    def _fitted(self, *, passing: bool) -> float:
        """The chance of a number that passes, or of one that fails, of a single try."""
        values = [self._scaled(value) for value in self.numbers if math.isfinite(value)]
        if not values:
            return 0.0 if passing else 1.0
        room = self._scaled(self.calibration.threshold) - statistics.fmean(values)
        if passing != self.calibration.at_most:
            room = -room
        spread = statistics.stdev(values) if len(values) > 1 else 0.0
        if spread == 0.0:
            return 1.0 if room > 0 or (room == 0 and passing) else 0.0
        return math.erfc(-room / spread / math.sqrt(2)) / 2

    def _scaled(self, value: float) -> float:
        return value if self.calibration.fit == "normal" else math.log(max(value, 1e-300))


def calibration(
    exercise: str,
    *,
    number: str,
    at_most: float | None = None,
    at_least: float | None = None,
    against: Iterable[str] = (),
    fit: str = "normal",
    tries: int = 1,
) -> Callable[[Measure], Measure]:
    """Mark a function of `(student, seed)` that measures a trained exercise once.

    `number` says in words what it returns, with its unit and reduction. One of `at_most` and
    `at_least` is the check's threshold. `against` names misconceptions that must never pass.
    Raises ValueError for anything else.
    """
    if (at_most is None) == (at_least is None):
        raise ValueError(f"calibration of {exercise!r}: give one of at_most and at_least.")
    if fit not in ("normal", "log") or tries < 1:
        raise ValueError(f'calibration of {exercise!r}: fit is "normal" or "log", tries from 1 on.')
    threshold = at_most if at_most is not None else at_least
    assert threshold is not None

    def mark(measure: Measure) -> Measure:
        measure.calibration = Calibration(  # type: ignore[attr-defined]
            exercise, measure, number, threshold, at_most is not None, tuple(against), fit, tries
        )
        return measure

    return mark


def load_calibrations(folder: Path) -> list[Calibration]:
    """The calibrations of a lesson's folder, in the order written; none where it has no file."""
    path = folder / SOURCE
    if not path.is_file():
        return []
    marks = (getattr(item, "calibration", None) for item in vars(load_module(path)).values())
    return [mark for mark in marks if isinstance(mark, Calibration)]


def measure_lesson(
    course: Course, name: str, *, seeds: int = SEEDS, tell: Callable[[str], None] = lambda _: None
) -> list[Row]:
    """The numbers of a lesson's trained exercises: for each its reference, then its misconceptions.

    Raises `CourseError` when the lesson has no calibration, or names an unknown misconception.
    Example: `measure_lesson(Course.find(), "02_filters", seeds=5)[0].passed`.
    """
    lesson = read_lesson(course.root.resolve() / "solutions" / name, course.root.resolve())
    calibrations = load_calibrations(lesson.folder)
    if not calibrations:
        raise CourseError(f"{name} has no {SOURCE}: no exercise of it is trained.")
    known = {(item.exercise, item.name): item for item in load_misconceptions(lesson.folder)}
    rows = []
    with quiet_place(lesson):
        namespaces = reference_namespaces(lesson)
    for item in calibrations:
        if item.exercise not in namespaces:
            raise CourseError(f"{name}/{SOURCE}: there is no exercise {item.exercise!r}. Mend it.")
        solutions = {REFERENCE: namespaces[item.exercise]}
        for wrong in item.against:
            if (item.exercise, wrong) not in known:
                raise CourseError(
                    f"{name}/{SOURCE}: {item.exercise} has no misconception {wrong!r}. "
                    "Write it, or leave it out of `against`."
                )
            solutions[wrong] = with_item(namespaces[item.exercise], known[item.exercise, wrong])
        for solution, namespace in solutions.items():
            with quiet_place(lesson):
                numbers = tuple(_measured(item, namespace, seed) for seed in range(seeds))
            rows.append(Row(item, solution, numbers))
            tell(_line(rows[-1]))
    return rows


def _measured(item: Calibration, namespace: dict[str, Any], seed: int) -> float:
    """One number; a solution that stops with an error has none."""
    seed_all(seed)
    try:
        return float(item.measure(Student(InProcess(namespace)), seed))
    except StudentCrash:
        return math.nan


def problems(rows: Iterable[Row]) -> Iterator[str]:
    """What does not hold, a sentence each."""
    for row in rows:
        exercise, seeds = row.calibration.exercise, len(row.numbers)
        if row.is_reference and (row.wrongly or row.chance >= RAREST):
            yield (
                f"{exercise}: the reference fails {row.wrongly} of {seeds} seeds, and by the fit "
                f"with a chance of {row.chance:.1e}. Widen the threshold, or train longer."
            )
        elif not row.is_reference and row.wrongly:
            yield (
                f"{exercise}: the misconception {row.solution} passes {row.wrongly} of {seeds} "
                "seeds. Narrow the threshold, or measure something that it gets wrong."
            )


def as_markdown(name: str, rows: list[Row]) -> str:
    """The table that is kept beside the lesson."""
    seeds = len(rows[0].numbers)
    blocks = [
        f"# Calibration of {name}",
        f"Written by `course calibrate {name[:2]} --seeds {seeds}`.\n"
        f"Each solution is measured with the seeds 0 to {seeds - 1}.\n"
        "*Misjudged* means a reference that fails or a misconception that passes.\n"
        "The histogram runs from the least number to the most: "
        "the fit means nothing where they fall into two heaps.",
    ]
    for item in dict.fromkeys(row.calibration for row in rows):
        mine = [row for row in rows if row.calibration is item]
        blocks += [f"## {item.exercise}", _said(item), "\n".join(_table(mine))]
    return "\n\n".join(blocks) + "\n"


def _said(item: Calibration) -> str:
    side = "at most" if item.at_most else "at least"
    fitted = "the logarithms of the numbers" if item.fit == "log" else "the numbers"
    tries = f" A solution may try {item.tries} times." if item.tries > 1 else ""
    return (
        f"Measured: {item.number}.\n"
        f"It passes with **{side} {item.threshold:.4g}**.{tries}\n"
        f"The chance comes from a normal distribution that is fitted to {fitted}."
    )


def _table(rows: list[Row]) -> Iterator[str]:
    yield "| solution | mean | spread | least | most | misjudged | fitted chance | histogram |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        yield f"| {' | '.join(_cells(row))} |"


def _cells(row: Row) -> list[str]:
    values = [value for value in row.numbers if math.isfinite(value)]
    misjudged = f"{row.wrongly} of {len(row.numbers)}"
    if not values:
        return [row.solution, "no number", "", "", "", misjudged, _chance(row), ""]
    spread = statistics.stdev(values) if len(values) > 1 else 0.0
    told = [statistics.fmean(values), spread, min(values), max(values)]
    return [row.solution, *(f"{n:.3g}" for n in told), misjudged, _chance(row), _histogram(values)]


def _chance(row: Row) -> str:
    return "< 1e-12" if row.chance < 1e-12 else f"{row.chance:.1e}"


def _histogram(values: list[float]) -> str:
    """How many numbers lie in each of twelve equal steps from the least to the most."""
    low, high = min(values), max(values)
    if low == high:
        return "all alike"
    counts = [0] * COLUMNS
    for value in values:
        counts[min(COLUMNS - 1, int((value - low) / (high - low) * COLUMNS))] += 1
    most = max(counts)
    return "".join(
        BARS[round(count / most * (len(BARS) - 1))] if count else "·" for count in counts
    )


def _line(row: Row) -> str:
    _, mean, _, least, most, misjudged, chance, _ = _cells(row)
    told = f"mean {mean}, {least} to {most}" if most else mean
    return f"{row.calibration.exercise}, {row.solution}: {told}; misjudged {misjudged} ({chance})"


def calibrate(
    course: Course, name: str, *, seeds: int = SEEDS, tell: Callable[[str], None] = print
) -> list[str]:
    """Measure a lesson, write its table, and return what does not hold.

    Raises `CourseError` as `measure_lesson` does.
    """
    if seeds < 2:
        raise CourseError(f"--seeds {seeds} shows no spread: take at least 2, better {SEEDS}.")
    rows = measure_lesson(course, name, seeds=seeds, tell=tell)
    (course.solutions / name / TABLE).write_text(as_markdown(name, rows), encoding="utf-8")
    return list(problems(rows))
