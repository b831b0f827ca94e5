"""The report's two main tables for a terminal: the marks and the checks."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from autograder.report.model import ClassReport, Mark, State, number

# A sign beside the number, so that nothing is told by colour alone.
SIGNS = {
    State.FULL: ("✓", "green"),
    State.PART: ("◐", "yellow"),
    State.WRONG: ("✗", "red"),
    State.BLANK: ("·", "dim"),
    State.CRASHED: ("!", "magenta"),
    State.TIMED_OUT: ("t", "magenta"),
    State.OUT_OF_MEMORY: ("m", "magenta"),
    State.TOO_LARGE: ("l", "magenta"),
    State.BLOCKED: ("b", "magenta"),
    State.TO_GRADE: ("hand", "cyan"),
    State.FAULT: ("?!", "bold red"),
    State.MISSING: ("?", "bold red"),
}
WIDEST = 10_000  # columns: more than any terminal
ROOM_FOR_BARS = 110


class MarkTable:
    """The mark table; in a narrow terminal its columns are numbered, with a key below."""

    def __init__(self, report: ClassReport) -> None:
        self.report = report

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterable[RenderableType]:
        names = [task.name for task in self.report.tasks]
        wide = _marks(self.report, [name.replace("_", "_\n") for name in names])
        room = options.update(width=WIDEST, max_width=WIDEST)
        if Measurement.get(console, room, wide).maximum <= options.max_width:
            yield wide
        else:
            yield _marks(self.report, [str(place) for place in range(1, len(names) + 1)], gap=0)
            yield ", ".join(f"{place} {name}" for place, name in enumerate(names, start=1))
        yield Text(_legend(self.report))


def mark_table(report: ClassReport) -> MarkTable:
    """The mark table for `rich`: a row per student, a column per exercise and the total.

    Example:
        >>> rich.print(mark_table(read_class(course, "01_convolution")))  # doctest: +SKIP
    """
    return MarkTable(report)


def _marks(report: ClassReport, headings: list[str], gap: int = 1) -> Table:
    title = f"{report.lesson}: {len(report.rows)} students"
    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap, 0, 0))
    table.add_column("student", no_wrap=True)
    total = Text(f"total\n/{number(report.out_of)}")
    table.add_column(total, justify="right", style="bold", no_wrap=True)
    for heading, task in zip(headings, report.tasks, strict=True):
        name = f"{heading}\n/{number(task.out_of)}"
        table.add_column(Text(name), justify="right", no_wrap=True)
    for row in report.rows:
        if row.graded:
            marks = [_cell(row.mark(task.name)) for task in report.tasks]
            table.add_row(Text(row.student), number(row.total), *marks)
        else:
            table.add_row(Text(row.student), "none", *[Text("")] * len(report.tasks))
    means = [number(_rounded(report.task_mean(task.name))) for task in report.tasks]
    table.add_section()
    table.add_row("mean", number(_rounded(report.mean)), *means)
    return table


class CheckLines:
    """A line per check, with a bar where the terminal has room for it."""

    def __init__(self, report: ClassReport) -> None:
        self.report = report

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterable[RenderableType]:
        bars = options.max_width >= ROOM_FOR_BARS
        table = Table(title="Checks", box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
        table.add_column("exercise", no_wrap=True)
        table.add_column("check", ratio=5, no_wrap=True)
        table.add_column("seen", no_wrap=True)
        table.add_column("passed", justify="right", no_wrap=True)
        if bars:
            table.add_column("", no_wrap=True)
        table.add_column("the others", ratio=4, no_wrap=True)
        for exercise, lines in self.report.checks_by_exercise.items():
            for place, line in enumerate(lines):
                table.add_row(
                    Text("" if place else exercise),
                    Text(line.title),
                    "hidden" if line.hidden else "public",
                    f"{line.passed} of {line.students}",
                    *([_bar(line.passed, line.students)] if bars else []),
                    line.rest,
                )
        yield table


def check_lines(report: ClassReport) -> CheckLines:
    """A line per check for `rich`: how many passed, and how the others ended.

    Example:
        >>> rich.print(check_lines(read_class(course, "01_convolution")))  # doctest: +SKIP
    """
    return CheckLines(report)


def _bar(part: int, whole: int, length: int = 12) -> str:
    filled = round(length * part / whole) if whole else 0
    return "█" * filled + "░" * (length - filled)


def _cell(mark: Mark | None) -> Text:
    if mark is None:
        return Text("–", style="dim")
    sign, style = SIGNS[mark.state]
    if mark.state is State.TO_GRADE:
        return Text(sign, style=style)
    return Text(f"{number(mark.points)}{sign}", style=style)


def _legend(report: ClassReport) -> str:
    used = {mark.state for row in report.graded for mark in row.marks}
    return "   ".join(f"{sign} {state}" for state, (sign, _) in SIGNS.items() if state in used)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
