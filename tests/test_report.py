"""The class report: every number right, everything escaped, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from rich.console import Console

from autograder.build.assignment import tools_on_path
from autograder.paths import Course
from autograder.report import (
    ClassReport,
    Mark,
    Row,
    State,
    Task,
    check_lines,
    mark_table,
    read_class,
    render_page,
    write_marks,
    write_report,
)
from autograder.report.gather import NothingGraded
from autograder.report.model import number, state_of
from autograder.report.page import prose
from autograder.report.table_file import plain_cell
from utils.verdicts import Kind, Verdict

LESSON = "01_double"
TASKS = (Task("double", 3.0), Task("halve", 2.0), Task("why", 5.0, essay=True))
FLIPPED = "You squared: `x + x` is twice x."
# nbgrader's own way of adding a submission warns.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
VERDICTS = "application/vnd.course.verdict+json"


def verdict(
    exercise: str, check: str, kind: Kind, out_of: float, *, says: str = "", hidden: bool = False
) -> Verdict:
    points = out_of if kind is Kind.PASSED else 0.0
    message, name = (says, "squared") if says and kind is Kind.WRONG else (f"It {kind}.", None)
    return Verdict(exercise, check, f"{check}!", kind, points, out_of, message, name, hidden)


def double(first: Kind, second: Kind, says: str = "") -> Mark:
    """A mark for `double`: a public check of 1 point and a hidden one of 2."""
    verdicts = (
        verdict("double", "test_two", first, 1.0, says=says),
        verdict("double", "test_more", second, 2.0, says=says, hidden=True),
    )
    points = sum(item.points for item in verdicts)
    return Mark("double", points, 3.0, state_of(points, 3.0, verdicts), verdicts)


def halve(kind: Kind) -> Mark:
    found = (verdict("halve", "test_half", kind, 2.0),)
    return Mark("halve", found[0].points, 2.0, state_of(found[0].points, 2.0, found), found)


def essay(points: float | None) -> Mark:
    state = State.TO_GRADE if points is None else state_of(points, 5.0, ())
    return Mark("why", points, 5.0, state if points != 0 else State.BLANK)


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
    assert "1 more that one student holds" in render_page(alone)


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
    assert {name for name, _ in page.tags} <= harmless | {"wbr"}
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


def graded_notebook(marks: dict[str, Mark]) -> nbformat.NotebookNode:
    """A graded notebook as the judge leaves it, and a student's own cell with a made-up verdict."""
    notebook = nbformat.v4.new_notebook()
    forged = verdict("double", "test_forged", Kind.PASSED, 3.0)
    notebook.cells.append(check_cell("", (forged,), {}))
    for name, mark in marks.items():
        flags = {"grade": True, "solution": False, "points": mark.out_of}
        marker = {"grade_id": f"{name}-check", "schema_version": 3, **flags}
        notebook.cells.append(check_cell(f"{name}-check", mark.verdicts, marker))
    return notebook


def check_cell(name: str, verdicts: tuple[Verdict, ...], marker: dict) -> nbformat.NotebookNode:
    data = {
        "text/plain": "0.0",
        VERDICTS: {"exercise": name, "verdicts": [item.to_dict() for item in verdicts]},
    }
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("execute_result", data=data)])
    if marker:
        cell.metadata["nbgrader"] = marker
    return cell


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classroom with two graded students, one whose file is broken, one not graded yet."""
    course = Course(tmp_path_factory.mktemp("graded"))
    released = nbformat.v4.new_notebook()
    released.cells.append(nbformat.v4.new_markdown_cell("# Doubling (두 배)\n\nText."))
    for name in ("double-check", "halve-check", "why"):
        cell = nbformat.v4.new_code_cell()
        cell.metadata["nbgrader"] = {"grade_id": name}
        released.cells.append(cell)
    (course.lessons / LESSON).mkdir(parents=True)
    nbformat.write(released, course.lessons / LESSON / f"{LESSON}.ipynb")
    rows = {
        "ada": {"double": double(Kind.PASSED, Kind.WRONG, FLIPPED), "halve": halve(Kind.PASSED)},
        "bob": {"double": double(Kind.PASSED, Kind.PASSED), "halve": halve(Kind.TIMED_OUT)},
    }
    for student, text in (("ada", "{}"), ("bob", "{}"), ("cem", "{broken"), ("dan", "")):
        path = course.submitted / student / LESSON / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    nbformat.write(released, course.submitted / "dan" / LESSON / f"{LESSON}.ipynb")
    with tools_on_path(), Gradebook(course.gradebook) as gradebook:
        gradebook.add_assignment(LESSON)
        gradebook.add_notebook(LESSON, LESSON)
        for name, points, kind in (
            ("why", 5.0, "markdown"),
            ("halve-check", 2.0, "code"),
            ("double-check", 3.0, "code"),
        ):
            gradebook.add_grade_cell(name, LESSON, LESSON, max_score=points, cell_type=kind)
        for student, marks in rows.items():
            gradebook.add_student(student, first_name=student.title())
            gradebook.add_submission(LESSON, student)
            for name, mark in marks.items():
                grade = gradebook.find_grade(f"{name}-check", LESSON, LESSON, student)
                grade.auto_score, grade.needs_manual_grade = mark.points, False
            path = course.autograded / student / LESSON / f"{LESSON}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(graded_notebook(marks), path)
        written = gradebook.find_grade("why", LESSON, LESSON, "bob")
        written.manual_score, written.needs_manual_grade = 4.0, False
        overruled = gradebook.find_grade("halve-check", LESSON, LESSON, "bob")
        overruled.manual_score = 1.5
        gradebook.db.commit()
    return course.root


@pytest.fixture
def course(graded: Path, tmp_path: Path) -> Course:
    """A copy of the graded classroom for one test."""
    shutil.copytree(graded, tmp_path, dirs_exist_ok=True)
    return Course(tmp_path)


def test_reads_gradebook_and_verdicts(course: Course) -> None:
    """Marks come from the gradebook in the lesson's order, verdicts from the check cells."""
    report = read_class(course, LESSON)
    assert report.title == "Lesson 01: Doubling"
    assert [task.name for task in report.tasks] == ["double", "halve", "why"]
    ada, bob, cem, dan = report.rows
    assert [(mark.points, mark.state) for mark in ada.marks] == [
        (1.0, State.PART),
        (2.0, State.FULL),
        (None, State.TO_GRADE),
    ]
    assert (ada.total, ada.name) == (3.0, "Ada")
    assert [mark.points for mark in bob.marks] == [3.0, 1.5, 4.0]
    assert bob.marks[1].changed_by_hand
    assert report.misconceptions[0].students == ("ada",)
    assert "not a readable notebook" in cem.trouble
    assert dan.trouble == "Not graded yet. Run `course grade 01`."
    assert report.alerts == ()


def test_a_students_own_verdict_says_nothing(course: Course) -> None:
    """An output of the judge's type in a student's own cell is not counted."""
    names = [line.check for line in read_class(course, LESSON).checks]
    assert names == ["test_two", "test_more", "test_half"]


def test_marks_that_the_verdicts_do_not_explain_are_told(course: Course) -> None:
    """A gradebook that says other points than the verdicts is an alert, not silence."""
    with tools_on_path(), Gradebook(course.gradebook) as gradebook:
        gradebook.find_grade("double-check", LESSON, LESSON, "ada").auto_score = 3.0
        gradebook.db.commit()
    (alert,) = read_class(course, LESSON).alerts
    assert "ada, double: the gradebook says 3 points, the verdicts 1." in alert


def test_writes_the_page(course: Course, tmp_path: Path) -> None:
    """The page lies in the classroom's report folder unless a path is given."""
    path = write_report(course, LESSON)
    assert path == course.classroom / "report" / f"{LESSON}.html"
    assert "Lesson 01: Doubling" in path.read_text(encoding="utf-8")
    other = tmp_path / "out" / "page.html"
    assert write_report(course, LESSON, other) == other


def test_without_a_gradebook(tmp_path: Path) -> None:
    """Asking for a report before grading says what to run."""
    with pytest.raises(NothingGraded, match="course grade 01"):
        read_class(Course(tmp_path), LESSON)


def test_unknown_lesson(course: Course) -> None:
    """A lesson that the gradebook does not know is a clear error."""
    with pytest.raises(NothingGraded, match="02_filters"):
        read_class(course, "02_filters")
