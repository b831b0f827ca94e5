"""The marks as a CSV file that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
from pathlib import Path

from autograder.report.model import ClassReport, State, number

# A spreadsheet reads a cell that begins with one of these as a formula;
# the last four are the full-width forms that some of them accept as well.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def plain_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading `'` where it might be one.

    Example:
        >>> plain_cell("=HYPERLINK(1)")
        "'=HYPERLINK(1)"
    """
    risky = text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    return f"'{text}" if risky else text


def write_marks(report: ClassReport, path: Path) -> Path:
    """Write a line per student: the points of every task, the total and a remark.

    Example:
        >>> write_marks(report, Path("marks.csv"))  # doctest: +SKIP
        PosixPath('marks.csv')
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The byte-order mark tells Excel that names are UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        tasks = [task.name for task in report.tasks]
        header = ["student", "name", *tasks, "total", "out of", "remark"]
        writer.writerow([plain_cell(cell) for cell in header])
        for row in report.rows:
            marks = [row.mark(task) for task in tasks]
            points = [
                "" if mark is None or mark.state is State.TO_GRADE else _plain_number(mark.points)
                for mark in marks
            ]
            total = number(row.total) if row.graded else ""
            names = [plain_cell(row.student), plain_cell(row.name)]
            remark = plain_cell(_remark(row.trouble, row.waiting, row.penalty))
            writer.writerow([*names, *points, total, number(report.out_of), remark])
    return path


def _plain_number(points: float | None) -> str:
    return "" if points is None else number(points)


def _remark(trouble: str, waiting: bool, penalty: float) -> str:
    remarks = [f"not graded: {trouble}"] if trouble else []
    if waiting:
        remarks.append("an essay waits to be graded by hand")
    if penalty:
        remarks.append(f"{number(penalty)} points taken off for lateness")
    return "; ".join(remarks)
