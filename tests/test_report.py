"""The class report: every number right, everything escaped, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from autograder.judge.outputs import HIDDEN_MESSAGES
from autograder.report import (
    ClassReport,
    Mark,
    Row,
    State,
    Task,
    check_lines,
    mark_table,
    render_page,
    write_marks,
)
from autograder.report.model import number, state_of
from autograder.report.page import ICONS, SHORT_WORDS, prose
from autograder.report.table_file import plain_cell
from autograder.report.terminal import SIGNS
from tests.made_up_class import FLIPPED, LESSON, TASKS, double, essay, halve, verdict
from utils.verdicts import Kind, Verdict


@pytest.fixture
def report() -> ClassReport:
    """Five students: all right, a misconception, a time-out, a blank, and one not graded."""
    rows = (
        Row("ada", (double(Kind.PASSED, Kind.PASSED), halve(Kind.PASSED), essay(5.0)), "Ada L."),
        Row("bob", (double(Kind.PASSED, Kind.WRONG, FLIPPED), halve(Kind.CRASHED), essay(2.5))),
        Row("cem", (double(Kind.WRONG, Kind.WRONG, FLIPPED), halve(Kind.TIMED_OUT), essay(0.0))),
        Row("dan", (double(Kind.UNANSWERED, Kind.UNANSWERED), halve(Kind.WRONG), essay(0.0))),
        Row("eve", trouble="The notebook is empty."),
    )
    return ClassReport(LESSON, "Doubling", TASKS, rows)


class Page(HTMLParser):
    """The elements of a page, and its tables as rows of texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.tables: list[list[list[str]]] = []
        self.text = ""
        self._cell: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._cell = []
        elif tag in ("br", "span"):
            self.handle_data(" " if tag == "br" or "name" in str(attrs) else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell is not None:
            self._cell.append(data)

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_mean_and_median_leave_out_who_was_not_graded(report: ClassReport) -> None:
    """The class's figures are those of the graded students."""
    assert report.totals == [10.0, 3.5, 0.0, 0.0]
    assert report.mean == 3.375
    assert report.median == 1.75
    assert report.out_of == 10.0


def test_histogram_counts_everybody_once(report: ClassReport) -> None:
    """Full marks fall into the last bar, 0 into the first."""
    bars = report.histogram(5)
    assert [bar.count for bar in bars] == [2, 1, 0, 0, 1]
    assert (bars[0].low, bars[-1].high) == (0, 10)


def test_check_lines_count_each_ending(report: ClassReport) -> None:
    """A line per check says how many passed and how the others ended."""
    lines = {line.check: line for line in report.checks}
    assert [line.check for line in report.checks] == ["test_two", "test_more", "test_half"]
    assert (lines["test_two"].passed, lines["test_two"].students) == (2, 4)
    assert lines["test_two"].rest == "1 wrong, 1 unanswered"
    assert lines["test_more"].hidden
    assert lines["test_half"].rest == "1 wrong, 1 crashed, 1 timed out"


def test_misconceptions_count_students_not_checks(report: ClassReport) -> None:
    """A student whom two checks caught with the same idea counts once."""
    (line,) = report.misconceptions
    assert line.students == ("bob", "cem")
    assert line.sentence == FLIPPED
    assert report.unrecognised == {"halve": ("dan",)}


def test_rare_misconceptions_are_folded(report: ClassReport) -> None:
    """What several students hold stands first; what one holds is folded away below, not lost."""
    assert [line.students for line in report.shared] == [("bob", "cem")]
    assert report.single == ()
    alone = replace(report, rows=report.rows[:2])
    assert alone.shared == ()
    assert [line.students for line in alone.single] == [("bob",)]
    assert "1, held by one student" in render_page(alone)


def test_explained_crashes_are_told_once(report: ClassReport) -> None:
    """A crash that a misconception explains is not listed a second time."""
    crash = replace(verdict("halve", "test_half", Kind.CRASHED, 2.0), misconception="too_far")
    marks = (Mark("halve", 0.0, 2.0, State.WRONG, (crash,)),)
    assert replace(report, rows=(Row("bob", marks),)).incidents == ()


def test_incidents_name_student_and_exercise(report: ClassReport) -> None:
    """Crashes and time-outs are listed one by one."""
    found = [(line.student, line.exercise, line.kind) for line in report.incidents]
    assert found == [("bob", "halve", Kind.CRASHED), ("cem", "halve", Kind.TIMED_OUT)]


def test_mean_of_an_essay_waits_for_all(report: ClassReport) -> None:
    """While an essay waits for its grader its mean would mislead, so there is none."""
    assert report.task_mean("why") == 1.875
    first, *rest = report.rows
    waiting = replace(first, marks=(*first.marks[:2], essay(None)))
    assert replace(report, rows=(waiting, *rest)).task_mean("why") is None


def test_no_marks_at_all_is_a_report_too() -> None:
    """A class of which nobody could be graded has a page, with dashes for figures."""
    empty = ClassReport(LESSON, "Doubling", TASKS, (Row("eve", trouble="empty"),))
    assert empty.mean is None
    assert "none graded yet" in render_page(empty)


def test_page_shows_every_mark(report: ClassReport) -> None:
    """The mark table holds the right number, and a word or sign for it, in every cell."""
    table = Page(render_page(report)).tables[0]
    assert table[0] == ["student", "total of 10", "double of 3", "halve of 2", "why of 5"]
    assert table[1] == ["ada Ada L.", "10", "3 full marks", "2 full marks", "5 full marks"]
    assert table[2] == ["bob", "3.5", "1 partly right", "0 crashed", "2.5 partly right"]
    assert table[3] == ["cem", "0", "0 wrong", "0 time-out", "0 blank"]
    assert table[4] == ["dan", "0", "0 blank", "0 wrong", "0 blank"]
    assert table[5] == ["eve", "–", "not graded: The notebook is empty."]
    assert table[6] == ["mean", "3.4", "1", "0.5", "1.9"]


def test_page_shows_every_check(report: ClassReport) -> None:
    """The table of checks holds points, who sees the check, and how many passed."""
    rows = Page(render_page(report)).tables[1][1:]
    assert rows[0][:5] == ["double", "test_two!", "public", "1", "2 of 4"]
    assert rows[1][:4] == ["test_more!", "hidden", "2", "1 of 4"]
    assert rows[2][-1] == "1 wrong, 1 crashed, 1 timed out"


def test_page_names_what_to_teach_again(report: ClassReport) -> None:
    """A misconception stands there with its sentence and the students who hold it."""
    page = Page(render_page(report))
    assert "You squared: x + x is twice x." in page.text
    assert "<code>x + x</code>" in render_page(report)


def test_page_escapes_everything(report: ClassReport) -> None:
    """Names, messages, titles and reasons from outside never become elements of the page."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`<b>`"
    bad = Verdict("double", evil, evil, Kind.WRONG, 0.0, 3.0, evil, "squared")
    crash = Verdict("double", evil, evil, Kind.CRASHED, 0.0, 3.0, evil)
    marks = (Mark("double", 0.0, 3.0, State.WRONG, (bad, crash)),)
    rows = (Row(evil, marks, name=evil), Row(f"{evil}2", trouble=evil))
    html = render_page(ClassReport(evil, evil, (Task("double", 3.0), Task(evil, 1.0)), rows))
    page = Page(html)
    harmless = {name for name, _ in Page(render_page(report)).tags}
    assert {name for name, _ in page.tags} <= harmless | {"wbr", "details", "summary"}
    assert len(page.of("script")) == 1
    assert page.of("img") == []
    assert not any(name.startswith("on") for _, found in page.tags for name in found)
    assert page.text.count("<script>alert(1)</script>") >= 8


def test_page_is_self_contained(report: ClassReport) -> None:
    """Nothing is loaded: no address, no picture, no style or script from elsewhere."""
    html = render_page(report)
    page = Page(html)
    assert "http://" not in html
    assert "https://" not in html
    assert all(not {"src", "srcset", "data"} & set(found) for _, found in page.tags)
    links = [found["href"] for _, found in page.tags if "href" in found]
    assert links
    assert all(link.startswith("#") for link in links)
    assert page.of("link") == []
    assert "url(" not in html
    assert "@import" not in html


def test_page_forbids_other_scripts(report: ClassReport) -> None:
    """The page's own policy lets its one script run, known by its hash, and no other."""
    html = render_page(report)
    script = html.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = [found["content"] for found in Page(html).of("meta") if "http-equiv" in found]
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_page_is_accessible(report: ClassReport) -> None:
    """One main heading, captions on tables, a scope on each header cell, words for pictures."""
    page = Page(render_page(report))
    assert len(page.of("h1")) == 1
    assert len(page.of("caption")) == len(page.of("table")) == 3
    assert all("scope" in header for header in page.of("th"))
    assert all("aria-hidden" in found or found.get("aria-label") for found in page.of("svg"))
    (label,) = [found["aria-label"] for found in page.of("svg") if "aria-label" in found]
    assert label == "Students by points: 2 from 0 to 1; 1 from 3 to 4; 1 from 9 to 10"
    targets = {found["id"] for _, found in page.tags if "id" in found}
    named = [found["aria-labelledby"] for _, found in page.tags if "aria-labelledby" in found]
    jumps = [found["href"][1:] for found in page.of("a")]
    assert set(named + jumps) <= targets


def test_prose_keeps_an_odd_backtick() -> None:
    """Only pairs of backticks become code."""
    assert prose("use `x<1`") == "use <code>x&lt;1</code>"
    assert prose("a ` b") == "a ` b"


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1"],
)
def test_csv_is_safe_from_formulas(name: str) -> None:
    """Whatever a spreadsheet might run begins with an apostrophe."""
    assert plain_cell(name).startswith("'")


def test_csv_holds_every_mark(report: ClassReport, tmp_path: Path) -> None:
    """The table file has a line per student with points, total and remark; names cannot act."""
    evil = replace(report.rows[0], student='=HYPERLINK("x")', name="@Ada, L.")
    first = replace(report, rows=(evil, *report.rows[1:]))
    text = write_marks(first, tmp_path / "marks.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["student", "name", "double", "halve", "why", "total", "out of", "remark"]
    assert rows[1] == ['\'=HYPERLINK("x")', "'@Ada, L.", "3", "2", "5", "10", "10", ""]
    assert rows[2] == ["bob", "", "1", "0", "2.5", "3.5", "10", ""]
    assert rows[5] == ["eve", "", "", "", "", "", "10", "not graded: The notebook is empty."]


def test_terminal_tables(report: ClassReport) -> None:
    """The tables for `make demo` hold the marks, the means and the counts."""
    console = Console(width=120, file=io.StringIO(), record=True)
    console.print(mark_table(report))
    console.print(check_lines(report))
    text = console.export_text()
    for words in ("3.5", "0t", "none", "2 of 4", "1 wrong, 1 unanswered", "test_more!"):
        assert words in text


def test_narrow_terminal(report: ClassReport) -> None:
    """Where the names do not fit, columns are numbered with a key, and no mark is cut."""
    names = {task.name: f"{task.name}_{'verylong' * 4}" for task in report.tasks}
    long = tuple(replace(task, name=names[task.name]) for task in report.tasks)
    rows = tuple(
        replace(row, marks=tuple(replace(mark, task=names[mark.task]) for mark in row.marks))
        for row in report.rows
    )
    console = Console(width=60, file=io.StringIO(), record=True)
    console.print(mark_table(replace(report, tasks=long, rows=rows)))
    text = console.export_text()
    assert "1 double_very" in " ".join(text.split())
    assert "…" not in text
    assert "2.5◐" in text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (6.0, "6"), (2.5, "2.5"), (7.25, "7.25"), (3.999999999, "4")]
)
def test_number(value: float | None, text: str) -> None:
    """Points look as a person writes them."""
    assert number(value) == text


def test_every_ending_has_its_word_and_its_sign() -> None:
    """No kind of verdict is without a state, and no state without a sign, a word and a sentence."""
    silent = {Kind.PASSED, Kind.UNANSWERED, Kind.SKIPPED}
    assert set(HIDDEN_MESSAGES) == set(Kind) - silent
    for kind in set(HIDDEN_MESSAGES) - {Kind.GRADER_FAULT}:
        found = (verdict("double", "test_two", kind, 1.0),)
        assert state_of(0.0, 1.0, found).value == kind.value
    assert set(SIGNS) == set(State)
    assert set(ICONS) | set(SHORT_WORDS) == set(State)
