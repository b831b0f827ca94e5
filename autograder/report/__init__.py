"""The class report: one HTML page, a CSV file of the marks and tables for the terminal."""

from autograder.report.gather import read_class
from autograder.report.model import ClassReport, Mark, Row, State, Task
from autograder.report.page import render_page, write_report
from autograder.report.table_file import write_marks
from autograder.report.terminal import check_lines, mark_table

__all__ = [
    "ClassReport",
    "Mark",
    "Row",
    "State",
    "Task",
    "check_lines",
    "mark_table",
    "read_class",
    "render_page",
    "write_marks",
    "write_report",
]
