"""A simulated class: the same for the same seed, complete, and marked without the grader."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from autograder.builder.rules import read_lesson
from autograder.builder.source import Lesson
from autograder.paths import Course, CourseError
from autograder.report.model import ClassReport, Mark, Row, State, Task
from autograder.simulate import ExpectedMarks, compare, read_expected, simulate
from autograder.simulate.answers import AnswerKind, answer_pool, of_kind, with_body
from autograder.simulate.edges import EDGES
from autograder.simulate.referee import Referee
from tests.small_course import NAME, write_small_course
from utils.verdicts import Kind, Verdict


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, released; copied for each test."""
    return write_small_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def course(built: Path, tmp_path: Path) -> Course:
    """A course of one lesson with two exercises, the second of which leans on the first."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return Course(tmp_path)


@pytest.fixture
def lesson(course: Course) -> Lesson:
    """The small lesson, read."""
    return read_lesson(course.solutions / NAME, course.root)


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def source_of(course: Course, student: str, exercise: str) -> str:
    path = course.submitted / student / NAME / f"{NAME}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    return next(cell.source for cell in cells if cell.id == exercise)


def test_same_seed_same_class(course: Course) -> None:
    """Two runs with one seed write the same bytes and the same marks."""
    first = simulate(course, "01", students=6, seed=3)
    files = files_below(course.classroom)
    assert simulate(course, "01", students=6, seed=3) == first
    assert files_below(course.classroom) == files


def test_other_seed_other_class(course: Course) -> None:
    """Another seed draws another class."""
    first = simulate(course, "01", students=12, seed=1)
    second = simulate(course, "01", students=12, seed=2)
    assert first.students != second.students


def test_everything_is_used(course: Course, lesson: Lesson) -> None:
    """Every misconception and alternative is handed in by someone where the class allows it."""
    expected = simulate(course, "01", students=12, seed=5)
    given = Counter(mark.answer for student in expected.students for mark in student.marks)
    pool = answer_pool(lesson, course.lessons / NAME)
    for answers in pool.values():
        for answer in answers:
            if answer.kind in (AnswerKind.MISCONCEPTION, AnswerKind.ALTERNATIVE):
                assert given[str(answer)] >= 1, answer


def test_few_timeouts(course: Course) -> None:
    """At most three students of a class write an endless loop, each of them once."""
    expected = simulate(course, "01", students=60, seed=0)
    loops = [
        student.student
        for student in expected.students
        for mark in student.marks
        if mark.answer.startswith("time-out")
    ]
    assert 1 <= len(loops) <= 3
    assert len(set(loops)) == len(loops)


def test_nobody_leans_on_an_endless_loop(course: Course) -> None:
    """A function that never ends is given only where no other exercise calls it."""
    for seed in range(8):
        for student in simulate(course, "01", students=10, seed=seed).students:
            answers = {mark.exercise: mark.answer for mark in student.marks}
            leans = answers["fourfold"] in ("reference: reference", "misconception: doubled_once")
            assert not (leans and answers["double"].startswith("time-out"))


@pytest.mark.parametrize(
    ("exercise", "names", "points", "says"),
    [
        ("double", {"double": "reference"}, 3, ""),
        ("double", {"double": "added"}, 3, ""),
        ("double", {"double": "squared"}, 1, "You squared: twice x is x + x."),
        ("double", {"double": "unchanged"}, 0, "You took x as it is: add it to itself."),
        ("double", {"double": "stub left"}, 0, ""),
        ("double", {"double": "return None"}, 0, ""),
        ("double", {"double": "raises"}, 0, ""),
        ("double", {"double": "syntax error"}, 0, ""),
        ("double", {"double": "endless loop"}, 0, ""),
        ("fourfold", {"fourfold": "doubled_once"}, 1, "You doubled once: double the result again."),
        ("fourfold", {"fourfold": "multiplied", "double": "raises"}, 2, ""),
        ("fourfold", {"fourfold": "reference", "double": "squared"}, 1, ""),
        ("fourfold", {"fourfold": "reference", "double": "function deleted"}, 0, ""),
    ],
)
def test_hand_picked_marks(
    course: Course, lesson: Lesson, exercise: str, names: dict[str, str], points: float, says: str
) -> None:
    """The marks are those that a person works out, also where one exercise leans on another."""
    pool = answer_pool(lesson, course.lessons / NAME)
    answers = {name: of_kind(pool, name, AnswerKind.REFERENCE)[0] for name in pool}
    for name, wanted in names.items():
        answers[name] = next(answer for answer in pool[name] if answer.name == wanted)
    mark = Referee(lesson).mark(exercise, answers)
    assert (mark.points, mark.says) == (points, says)
    assert mark.out_of == {"double": 3, "fourfold": 2}[exercise]


def test_rules_agree_with_the_checks(course: Course, lesson: Lesson) -> None:
    """Full marks, and no marks, by rule are what the checks give when they are run."""
    referee = Referee(lesson)
    pool = answer_pool(lesson, course.lessons / NAME)
    for exercise, variants in pool.items():
        for answer in variants:
            if answer.kind is AnswerKind.TIMEOUT:
                continue
            answers = {name: of_kind(pool, name, AnswerKind.REFERENCE)[0] for name in pool}
            answers[exercise] = answer
            mark = referee.mark(exercise, answers)
            verdicts = referee.run(exercise, answers)
            assert sum(points for _, points in verdicts) == mark.points, answer
            assert {kind.value for kind, _ in verdicts} - {"passed"} <= set(mark.kinds), answer


def test_cells_hold_the_answers(course: Course) -> None:
    """The notebook holds the answer that the expected marks name; the rest is untouched."""
    expected = simulate(course, "01", students=6, seed=3)
    released = nbformat.read(course.lessons / NAME / f"{NAME}.ipynb", as_version=4)
    sources = {"reference: reference": "return 2 * x", "misconception: squared": "return x**2"}
    for student in expected.students:
        path = course.submitted / student.student / NAME / f"{NAME}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert [cell.id for cell in notebook.cells] == [cell.id for cell in released.cells]
        answer = next(mark.answer for mark in student.marks if mark.exercise == "double")
        assert sources.get(answer, "") in source_of(course, student.student, "double")
        assert "SOLUTION" not in path.read_text(encoding="utf-8")
        time = (path.parent / "timestamp.txt").read_text()
        assert time.strip().endswith("UTC")


def test_expected_marks_survive_the_file(course: Course) -> None:
    """expected_marks.json holds the same marks as simulate returns."""
    expected = simulate(course, "01", students=3, seed=0, edges=True)
    path = course.classroom / "expected_marks.json"
    assert read_expected(path) == expected
    assert json.loads(path.read_text(encoding="utf-8"))["lesson"] == NAME


def test_expected_marks_missing(tmp_path: Path) -> None:
    """Asking for marks that were never simulated says what to do."""
    with pytest.raises(CourseError, match="course simulate"):
        read_expected(tmp_path / "expected_marks.json")


def test_a_new_class_replaces_the_old_one(course: Course) -> None:
    """A smaller class leaves nothing of the larger one behind."""
    simulate(course, "01", students=6, seed=3)
    (course.autograded / "student-006" / NAME).mkdir(parents=True)
    simulate(course, "01", students=2, seed=3)
    students = sorted(path.name for path in course.submitted.iterdir() if path.is_dir())
    assert students == ["student-001", "student-002"]
    assert not (course.autograded / "student-006").exists()


@pytest.mark.parametrize("real", ["ada", "student-001"])
def test_a_real_class_is_refused(course: Course, real: str) -> None:
    """A submission that simulate did not write stays, also under a simulated student's name."""
    simulate(course, "01", students=2, seed=3)
    mine = course.submitted / real / NAME / f"{NAME}.ipynb"
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("my own work")
    with pytest.raises(CourseError, match=rf"not simulated \({real}\)"):
        simulate(course, "01", students=2, seed=4)
    assert mine.read_text() == "my own work"


def test_a_real_class_of_another_lesson_is_refused(course: Course) -> None:
    """Real submissions of any lesson make the classroom a real one."""
    (course.submitted / "ada" / "02_filters").mkdir(parents=True)
    with pytest.raises(CourseError, match="ada"):
        simulate(course, "01", students=2)


def test_into_another_folder(course: Course, tmp_path: Path) -> None:
    """With `into` the classroom stays as it is."""
    expected = simulate(course, "01", students=2, into=tmp_path / "other" / "submitted")
    assert not course.classroom.exists()
    assert (tmp_path / "other" / "submitted" / "student-001" / NAME).is_dir()
    assert read_expected(tmp_path / "other" / "expected_marks.json") == expected


def test_no_students_is_refused(course: Course) -> None:
    """A class of nobody is a clear error."""
    with pytest.raises(CourseError, match="at least 1"):
        simulate(course, "01", students=0)


def test_unbuilt_lesson_is_refused(course: Course) -> None:
    """Without the released notebook there is nothing to fill in."""
    shutil.rmtree(course.lessons)
    with pytest.raises(CourseError, match="course build"):
        simulate(course, "01", students=1)


def test_edges(course: Course) -> None:
    """Each special student's file is damaged in the way that its table row says."""
    expected = {s.student: s for s in simulate(course, "01", 1, edges=True).students}
    assert set(expected) == {"student-001", *(edge.id for edge in EDGES)}
    folder = {edge.id: course.submitted / edge.id / NAME for edge in EDGES}
    notebook = f"{NAME}.ipynb"
    assert not (folder["edge-renamed"] / notebook).exists()
    assert not list(folder["edge-missing"].glob("*.ipynb"))
    with pytest.raises(json.JSONDecodeError):
        json.loads((folder["edge-broken"] / notebook).read_text(encoding="utf-8"))
    assert (folder["edge-empty"] / notebook).read_bytes() == b""
    ids = [c["id"] for c in json.loads((folder["edge-duplicated"] / notebook).read_text())["cells"]]
    assert ids.count("fourfold") == 2
    assert json.loads((folder["edge-old-format"] / notebook).read_text())["nbformat"] == 3
    for student in ("edge-edited-check", "edge-deleted-answer"):
        assert [mark.points for mark in expected[student].marks] == [3, 0]
    assert [mark.points for mark in expected["edge-noisy"].marks] == [3, 2]


def test_with_body_keeps_the_docstring() -> None:
    """Only what follows the docstring is replaced, also in a function over several lines."""
    head = 'def f(\n    x,\n):\n    """Doc."""\n    '
    assert with_body(f"{head}raise E()\n\nf.note = 1", "f", "pass") == f"{head}pass\n\nf.note = 1"
    assert with_body("def f(x):\n    return 1", "f", "pass") == "def f(x):\n    pass"
    assert with_body("class f: pass", "f", "pass") is None


def made_up_report(points: float, message: str, state: State = State.PART) -> ClassReport:
    verdict = Verdict("double", "test_two", "Twice two.", Kind.WRONG, 0.0, 1.0, message, "squared")
    mark = Mark("double", points, 3.0, state, (verdict,))
    return ClassReport(NAME, "", (Task("double", 3.0),), (Row("student-001", (mark,)),))


def made_up_expected() -> ExpectedMarks:
    mark = {
        "exercise": "double",
        "answer": "misconception: squared",
        "points": 1.0,
        "out_of": 3.0,
        "kinds": ["wrong"],
        "says": "You squared.",
    }
    student = {"student": "student-001", "marks": [mark], "essays": {}, "refused": ""}
    text = json.dumps({"lesson": NAME, "seed": 0, "students": [student]})
    return ExpectedMarks.from_json(text)


@pytest.mark.parametrize(
    ("points", "message", "words"),
    [
        (1.0, "You squared.", []),
        (3.0, "You squared.", ["got 3 points, must get 1"]),
        (1.0, "Something else.", ["must say 'You squared.'"]),
    ],
)
def test_compare_tells_each_difference(points: float, message: str, words: list[str]) -> None:
    """A wrong mark or a wrong sentence is told; a right class gives an empty list."""
    found = compare(made_up_expected(), made_up_report(points, message))
    assert len(found) == len(words)
    for text, word in zip(found, words, strict=True):
        assert word in text


def test_compare_wants_the_same_students() -> None:
    """A student who is missing, or one too many, is told."""
    report = made_up_report(1.0, "You squared.")
    other = ClassReport(NAME, "", report.tasks, (Row("ada", report.rows[0].marks),))
    found = compare(made_up_expected(), other)
    assert found == ["student-001: not in the report.", "ada: was not simulated."]
