"""The linter: silent on the good lesson, and one message with a remedy for each thing wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder.builder import diagnoses
from autograder.builder.diagnoses import cache_file, known_diagnoses
from autograder.builder.release import build
from autograder.lint import Standard, lint, lint_exercise
from autograder.paths import Course, CourseError

GOOD, BAD = "01_double", "02_bad"
TINY = Standard(questions=2, misconceptions=2, alternatives=1)
Edit = Callable[[str, str, str], str]


def told(course: Course, standard: Standard = TINY, lesson: str = GOOD) -> list[str]:
    return [str(problem) for problem in lint(course, [lesson], standard)]


def test_the_good_lesson_has_no_problem(built_course: Course) -> None:
    """A lesson in order passes without a word."""
    assert [str(problem) for problem in lint(built_course, standard=TINY)] == []


def test_the_real_standard_asks_for_more(built_course: Course) -> None:
    """By default the linter wants what lessons must have: 20 questions, 4 misconceptions, …"""
    messages = "\n".join(told(built_course, Standard()))
    assert "2 misconceptions, fewer than 4" in messages
    assert "1 alternatives, fewer than 2" in messages
    assert "2 questions, fewer than 20" in messages


# What is changed in the good lesson (file, old, new), the file and line that the message starts
# with (a text that stands in that line), and what it says.
RULES = [
    ("lesson.py", '# %% idea="double"', "# %% [markdown]", '# %% exercise', "has no idea cell"),
    ("lesson.py", '# %% hints="double"', "# %% [markdown]", "# %% exercise", "has no hints cell"),
    ("lesson.py", '    """Twice every', '    x = """Twice every', "# %% exercise", "no docstring"),
    ("lesson.py", "#   twice:", "#   more: do more\n#   twice:", "#   more", "has no exercise"),
    ("lesson.py", "![three bars, each twice as high as the one before]", "![]", "![](images",
     "a picture without alt text"),
    ("lesson.py", "Halving.", '<img src="images/bars.svg">', "<img", "a picture without alt text"),
    ("lesson.py", "plots.show(fig, alt=", "plots.show(fig) or print(", "plots.show(fig)",
     "a picture shown without alt text"),
    ("lesson.py", "plots.show(fig, alt=", "plt.show() or print(", "plt.show", "without alt text"),
    ("lesson.py", "plots.show(fig, alt=", "print(", "# %%\nfig, ax", "leaves a figure open"),
    ("lesson.py", "**Rubric.**", "**Marks.**", "# %% [markdown] essay", "has no rubric"),
    ("lesson.py", "**Model answer (no marks).**", "**Bad:**", "# %% [markdown] essay",
     "has 2 of 3 model answers"),
    ("lesson.py", "fig, ax = plt.subplots", "fig, ax = plt.subplot_s", "fig, ax = plt.subplot_s",
     "the cell stops with AttributeError"),
    ("lesson.py", "points=3\n", "points=3\n\n# %%\ndouble(1)\n", "# %%\ndouble(1)",
     "with nothing answered yet, the cell stops with NotImplementedError"),
    ("lesson.py", "    ### BEGIN SOLUTION\n", "    return 2 * x\n    ### BEGIN SOLUTION\n",
     "# %% exercise", "the stub of `double` is not unanswered"),
    ("lesson.py", "return 2 * x", "return 3 * x", "# %% exercise",
     "the solution of `double` fails check `test_small` (wrong:"),
    ("lesson.py", "points=3", "points=4", "# %% check", "worth 4 points, its checks 3"),
    ("checks.py", "expect(student.double(SMALL), equals=[2.0, 4.0, -6.0])",
     "expect(student.double(SMALL) / 2, equals=SMALL)", '@check("double"',
     "check `test_small` itself fails where the function returns None (TypeError"),
    ("checks.py", "expect(student.double(SMALL), equals=[2.0, 4.0, -6.0])",
     "student.double(SMALL)", '@check("double"', "passes a function that returns None"),
    ("checks.py", '    """Three numbers."""\n', "", '@check("double"', "has no docstring"),
    ("checks.py", 'check("double"', 'check("treble"', '@check("treble"', 'no exercise "treble"'),
    ("hidden_checks.py", "test_long", "test_small", "@check", "a second check `test_small`"),
    ("quiz.yml", "    kind: number", "    kind: numer", "    kind: numer", "no known kind"),
    ("quiz.yml", "id: six", "id: four", "  - id: four\n    objective: twice\n    kind: choice",
     "The id `four` is taken"),
    ("quiz.yml", "objective: twice", "objective: thrice", "    objective: th",
     "no known objective"),
    ("misconceptions.py", "return x**2", "return x + x", "def squared",
     "misconception `squared` passes every check"),
    ("misconceptions.py", "return x**2", "raise NotImplementedError", "def squared",
     "misconception `squared` is not recognised"),
    ("misconceptions.py", "return x**2", "return 1.0 * x", "def unchanged",
     "misconception `unchanged` is taken for `squared`."),
    ("misconceptions.py", "return x**2", "return x if len(x) == 3 else x**2", "def unchanged",
     "misconception `unchanged` is taken for `squared` in the notebook"),
    ("misconceptions.py", 'misconception("double"', 'misconception("treble"', "def squared",
     'no exercise "treble"'),
    ("misconceptions.py", "return x + x", "return 2.1 * x", "def added",
     "alternative `added` fails check `test_small` (wrong:"),
    ("misconceptions.py", "def added(x)", "def added(x=nope)", "def added", "cannot be run"),
    ("misconceptions.py", 'says="You squared', 'says="" "" or "You squared', "@misconception",
     "`says`, the sentence that corrects the mistake, must stand here as a plain string"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "says"), RULES, ids=[f"{r[0]}: {r[4][-40:]}" for r in RULES]
)
def test_each_rule_has_its_message(
    built_course: Course, edit: Edit, file: str, old: str, new: str, at: str, says: str
) -> None:
    """Each rule that is broken is told at its file and line, with what to do."""
    text = edit(file, old, new)
    start = f"solutions/{GOOD}/{file}:{text[: text.index(at)].count(chr(10)) + 1}: "
    messages = told(built_course)
    assert [m for m in messages if m.startswith(start) and says in m], messages


@pytest.mark.parametrize(
    ("standard", "says"),
    [
        (Standard(2, 3, 1), "has 2 misconceptions, fewer than 3"),
        (Standard(2, 2, 2), "has 1 alternatives, fewer than 2"),
        (Standard(2, 2, 1, public_checks=2), "has 1 public checks, fewer than 2"),
        (Standard(2, 2, 1, hidden_checks=3), "has 2 hidden checks, fewer than 3"),
        (Standard(2, 2, 1, essays=2), "1 essays, fewer than 2"),
        (Standard(3, 2, 1), "2 questions, fewer than 3"),
        (Standard(2, 2, 1, feedback_kb=0), "feedback.json: 1 kB, more than 0 kB"),
        (Standard(2, 2, 1, code_lines=10), "lines, more than 10"),
        (Standard(2, 2, 1, file_kb=1), "kB, more than 1 kB"),
    ],
)
def test_each_number_of_the_standard_counts(
    built_course: Course, standard: Standard, says: str
) -> None:
    """The thresholds are asked for, each with its own message."""
    assert any(says in message for message in told(built_course, standard))


def test_an_objective_without_a_question_is_told(built_course: Course, edit: Edit) -> None:
    """Each objective of the header is asked about in the quiz."""
    edit("lesson.py", "#   twice:", "#   more: do more\n#   twice:")
    messages = told(built_course)
    assert any(m.startswith(f"solutions/{GOOD}/quiz.yml:") and "`more`" in m for m in messages)


def test_a_tensor_calls_for_a_device_check(built_course: Course, edit: Edit) -> None:
    """An exercise that takes a tensor has a check that tries it on another device."""
    edit("hidden_checks.py", "expect_same_on_device(student.double, LONG, equals=2 * LONG)",
         "expect(student.double(LONG), equals=2 * LONG)")  # fmt: skip
    assert any("no check tries it on another device" in message for message in told(built_course))


def test_a_check_that_asks_nothing_is_told(built_course: Course, edit: Edit) -> None:
    """A check that never calls the student's function passes the stub, and that is told."""
    edit("hidden_checks.py", "expect(student.double(LONG), equals=2 * LONG)", "pass")
    messages = told(built_course)
    assert any("not unanswered: hidden check `test_long` (passed)" in m for m in messages)


def test_a_stray_source_file_is_told(built_course: Course) -> None:
    """solutions/NN holds what the course reads and nothing else; caches do not count."""
    folder = built_course.solutions / GOOD
    (folder / "notes.txt").write_text("x")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "checks.pyc").write_text("x")
    assert [m.split(". ")[0] for m in told(built_course)] == [
        f"solutions/{GOOD}/notes.txt: a stray file"
    ]


def test_a_stray_released_file_is_told(built_course: Course) -> None:
    """lessons/NN holds only what the build makes, and every lesson has a source."""
    (built_course.lessons / GOOD / "hidden_checks.py").write_text("x = 1")
    (built_course.lessons / "03_gone").mkdir()
    messages = [str(problem) for problem in lint(built_course, standard=TINY)]
    assert [m.split(". ")[0] for m in messages] == [
        f"lessons/{GOOD}/hidden_checks.py: a stray file", "lessons/03_gone: no lesson of this name",
    ]  # fmt: skip


def test_a_stale_release_is_told(built_course: Course, edit: Edit) -> None:
    """lessons/ out of step with solutions/ is told with the command that mends it."""
    edit("lesson.py", "## Twice as much", "## Double")
    assert told(built_course) == [
        f"lessons/{GOOD}/{GOOD}.ipynb: not in step with solutions/. Run `course build 01`."
    ]


def test_a_missing_release_is_told(course: Course) -> None:
    """A lesson that was never built, or lacks a file, is told with the command that mends it."""
    assert told(course) == [f"lessons/{GOOD}: not built yet. Run `course build 01`."]
    build(course, into=course.lessons)
    (course.lessons / GOOD / "checks.py").unlink()
    assert told(course) == [
        f"lessons/{GOOD}/checks.py: not in step with solutions/. Run `course build 01`."
    ]


def test_outputs_in_a_release_are_told(built_course: Course) -> None:
    """A released notebook holds no outputs; the message says where the answers go."""
    path = built_course.lessons / GOOD / f"{GOOD}.ipynb"
    notebook = nbformat.read(path, 4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="hello")]
    nbformat.write(notebook, path)
    (message,) = told(built_course)
    assert message.startswith(f"lessons/{GOOD}/{GOOD}.ipynb: the notebook holds outputs.")


def test_a_source_that_cannot_be_read_ends_with_its_problems(
    built_course: Course, edit: Edit
) -> None:
    """Mistakes that stop a build are the linter's messages too, once each."""
    edit("lesson.py", "stars=1", "stars=5")
    messages = told(built_course)
    assert len(messages) == 1
    assert "stars are 5" in messages[0]


def test_a_misconception_that_never_ends_is_stopped(
    built_course: Course, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An endless loop in a wrong solution costs a time limit, not the whole run."""
    monkeypatch.setattr("autograder.lint.runs.SECONDS", 0.2)
    monkeypatch.setattr("autograder.builder.diagnoses.SECONDS", 0.2)
    edit("misconceptions.py", "return x**2", "while True: pass")
    assert isinstance(told(built_course), list)


def test_the_bad_lesson_has_all_its_problems(tmp_path: Path) -> None:
    """One lesson with a dozen mistakes: every one is told, and the run goes on after each."""
    fixtures = Path(__file__).parent.parent / "fixtures" / "course"
    shutil.copytree(fixtures / "solutions" / BAD, tmp_path / "solutions" / BAD)
    shutil.copy(fixtures / "nbgrader_config.py", tmp_path)
    course = Course(tmp_path)
    build(course, into=course.lessons)
    messages = "\n".join(told(course, Standard(), BAD))
    for says in (
        "notes.txt: a stray file",
        "lesson.py:7: objective `nothing` has no exercise",
        "a picture without alt text",
        "a picture shown without alt text",
        "leaves a figure open",
        "has no hints cell",
        "has no idea cell",
        "has no docstring",
        "essay `why_half` has no rubric",
        "has 0 of 3 model answers",
        "the cell is worth 4 points, its checks 3.5",
        "the solution of `half` fails hidden check `test_wrong_number`",
        "the stub of `half` is not unanswered: hidden check `test_nothing` (passed)",
        "check `test_small` has no docstring",
        'checks.py:22: no exercise "halve"',
        'misconceptions.py:27: no exercise "halve"',
        "misconception `unchanged_too` is taken for `unchanged`",
        "misconception `open_still` is not recognised",
        "alternative `doubled` fails check `test_small`",
        "check `test_own_sum` itself fails where the function returns None (AttributeError",
        "quiz.yml:1: No question has the objective `nothing`",
        "`half` takes a tensor, but no check tries it on another device",
    ):
        assert says in messages


def test_linting_changes_nothing(built_course: Course) -> None:
    """The linter writes no gradebook entry, nothing in lessons/; only the cache may change."""

    def state() -> dict[Path, int]:
        files = [path for path in built_course.root.rglob("*") if path.is_file()]
        return {path: path.stat().st_mtime_ns for path in files if path.parent.name != "cache"}

    before = state()
    lint(built_course, standard=TINY)
    assert state() == before


def test_what_the_linter_ran_is_not_run_again(built_course: Course) -> None:
    """It keeps the misconceptions' fingerprints as a build would: the same file, byte for byte."""
    path = cache_file(built_course, GOOD)
    known_diagnoses(built_course, GOOD)
    built = path.read_bytes()
    path.unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diagnoses, "diagnoses_of", lambda *_: pytest.fail("run a second time"))
        assert told(built_course) == []
    assert path.read_bytes() == built


def test_one_exercise_is_looked_at_alone(course: Course, edit: Edit) -> None:
    """Its misconceptions are run; the cells between the exercises and the release are not."""
    edit("lesson.py", "2 * torch.arange(3)", "2 * torch.arrange(3)")
    assert lint_exercise(course, "01", "double", TINY) == []
    edit("misconceptions.py", "return x**2", "return 2 * x")
    (problem,) = lint_exercise(course, "01", "double", TINY)
    assert "squared" in str(problem)


def test_an_unknown_exercise_is_told(course: Course) -> None:
    """The message names those that the lesson has."""
    with pytest.raises(CourseError, match="no exercise 'treble'"):
        lint_exercise(course, "01", "treble")


@pytest.mark.parametrize(("says", "problems"), [("You squared: twice x is x + x.", 0), ("No.", 1)])
def test_two_spellings_may_share_a_sentence(
    course: Course, edit: Edit, says: str, problems: int
) -> None:
    """What the public checks cannot tell apart may be two misconceptions with one sentence."""
    twin = f'''@misconception("double", says="{says}")
def squared_at_first(x):
    return x**2 if len(x) < 10 else x**3


@alternative("double")'''
    edit("misconceptions.py", '@alternative("double")', twin)
    told_here = [str(problem) for problem in lint_exercise(course, "01", "double", TINY)]
    assert len(told_here) == problems
    assert all("is taken for `squared` in the notebook" in problem for problem in told_here)
