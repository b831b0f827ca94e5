"""Reading `lesson.py`: what comes out, and what is said about mistakes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jupytext
import pytest

from autograder.builder.problems import SourceError
from autograder.builder.rules import read_lesson
from autograder.builder.source import CellKind, Lesson
from autograder.paths import Course

GOOD = "01_double"
Edit = Callable[[str, str, str], str]
LESSON = f"solutions/{GOOD}/lesson.py"


def read(course: Course) -> Lesson:
    return read_lesson(course.solutions / GOOD, course.root)


def problems(course: Course) -> list[str]:
    with pytest.raises(SourceError) as caught:
        read(course)
    return str(caught.value).split("\n")


def test_a_lesson_is_read_into_cells(course: Course) -> None:
    """Kinds, names and options of the cells come out in order."""
    cells = read(course).parts[0].cells
    assert [(cell.kind.value, cell.name) for cell in cells] == [
        ("code", None), ("markdown", None), ("code", None), ("exercise", "double"),
        ("hints", "double"), ("idea", "double"), ("check", "double"),
        ("essay", "why_double"), ("markdown", None),
    ]  # fmt: skip
    assert cells[3].options == {"exercise": "double", "stars": 1, "objective": "twice"}
    assert cells[6].options["points"] == 3


def test_the_header_is_read(course: Course) -> None:
    """Title, Korean title, minutes and objectives come from the YAML header."""
    header = read(course).parts[0].header
    assert (header.title, header.title_ko, header.minutes) == ("Doubling", "두 배", 5)
    assert header.objectives == {"twice": "double every number of a tensor"}


def test_a_cell_knows_its_lines(course: Course) -> None:
    """`line` is the line of the header, `body_line` that of the first line of the body."""
    lines = (course.root / LESSON).read_text(encoding="utf-8").split("\n")
    for cell in read(course).parts[0].cells:
        assert lines[cell.line - 1].startswith("# %%")
        if cell.source:
            assert lines[cell.body_line - 1] == cell.source.split("\n")[0]


def test_jupytext_reads_the_same_cells(course: Course) -> None:
    """A lesson opens in any jupytext editor: prose and code are what we read."""
    path = course.root / LESSON
    theirs = jupytext.read(path, fmt="py:percent").cells[1:]  # the first is the YAML header
    ours = read(course).parts[0].cells
    kinds = (CellKind.MARKDOWN, CellKind.CODE, CellKind.EXERCISE, CellKind.ESSAY)
    assert len(theirs) == len(ours)
    for cell, other in zip(ours, theirs, strict=True):
        if cell.kind in kinds:
            assert other.source == cell.source
            assert (other.cell_type == "markdown") == cell.kind.prose


def test_windows_line_ends_and_a_bom_change_nothing(course: Course) -> None:
    """A file saved on Windows is read as the same cells."""
    before = read(course).parts[0].cells
    path = course.root / LESSON
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(course).parts[0].cells == before


def test_several_notebooks_are_numbered(course: Course) -> None:
    """`lesson_2.py` becomes a second notebook of the same lesson."""
    folder = course.solutions / GOOD
    second = "\n".join(
        ["# ---", "# title: More", "# title_ko: 더", "# minutes: 5", "# objectives:",
         "#   more: do more", "# ---", "# %%", "x = 1"]
    )  # fmt: skip
    (folder / "lesson_2.py").write_text(second, encoding="utf-8")
    assert [part.notebook for part in read(course).parts] == ["01_double", "01_double_2"]


MISTAKES = [
    # what is replaced, by what, at which text the message must point, what it says
    ("# title: Doubling", "title: Doubling", "title: Doubling", "a header line without `# `"),
    ("# title: Doubling", "# title: a: b", "# title: a: b", "bad YAML header"),
    ("# title: Doubling", "# titel: Doubling", "# titel", 'unknown header key "titel". Use one of'),
    ("# title: Doubling", "# title: 3", "# title: 3", "`title` is not text"),
    ("# title_ko: 두 배\n", "", "# ---", "the header has no `title_ko`"),
    ("# minutes: 5", "# minutes: five", "# minutes", "`minutes` is 'five', not a whole number"),
    ("# minutes: 5", "# minutes: 5\n# minutes: 6", "# minutes: 6", '"minutes" is given twice'),
    ("#   twice: double every number of a tensor", "#   - twice", "# objectives", "not a list of"),
    ("#   twice: double", "#   Twice it: double", "#   Twice", 'bad objective name "Twice it"'),
    ("tensor\n# ---", "tensor", "# ---", "the YAML header is left open"),
    ("# ---\n# title", "# title", "# title", "no YAML header"),
    ("# %%\nimport", "import", "import matplotlib", "text before the first cell"),
    ('exercise="double" stars', 'exercise="double" sters', "# %% exercise", 'key "sters". Use one'),
    ("# %% exercise=", "# %% exercize=", "# %% exercize", 'unknown header key "exercize". Use one'),
    ("points=3", "pionts=3", "# %% check", 'header key "pionts". Use one of: check, points'),
    ("points=3", "points=3 points=4", "# %% check", '"points" is given twice'),
    ('check="double"', "check=double", "# %% check", "check=double is not a number"),
    ("points=3", "points: 3", "# %% check", "cannot read `points: 3`"),
    ("# %% [markdown]\n", "# %% [raw]\n", "# %% [raw]", "unknown kind of cell [raw]"),
    ("# %% [markdown] essay", "# %% essay", "# %% essay", "wrong kind of cell for `essay`"),
    ("# %% idea=", "# %% [markdown] idea=", "# %% [markdown] idea", "kind of cell for `idea`"),
    ('check="double" p', 'check="double" hints="double" p', "# %% check", "and hints at once"),
    ("# %%\nfig", "#%%\nfig", "#%%", "not a cell marker, though it looks like one"),
    ("stars=1", "stars=4", "# %% exercise", "stars are 4"),
    ("stars=1", "minutes=0 stars=1", "# %% exercise", "minutes are 0"),
    (' objective="twice"', "", "# %% exercise", "exercise `double` has no objective"),
    ('objective="twice"', 'objective="once"', "# %% exercise", '"once" is not declared'),
    ("def double(x)", "def treble(x)", "# %% exercise", "defines no function or class"),
    ('exercise="double"', 'exercise="dou-ble"', "# %% exercise", "bad exercise name 'dou-ble'"),
    ('essay="why_double"', 'essay="double"', "# %% [markdown] essay", 'of one name "double"'),
    ('# %% check="double" points=3\n', "", "# %% exercise", 'exercise "double" without a check'),
    ('check="double"', 'check="treble"', "# %% check", 'check "treble" without an exercise'),
    ("points=3\n", 'points=3\n# %% check="double" points=1\n', '# %% check="double" points=1',
     'a second check of "double"'),
    ("points=3\n", "points=3\nassert True\n", "assert True", 'of "double" has a body'),
    (" points=3", "", "# %% check", "check without points"),
    ("points=3", "points=-1", "# %% check", "bad points -1"),
    ("points=3", "points=NaN", "# %% check", "bad points nan"),
    ("points=3", "points=2.25", "# %% check", "bad points 2.25"),
    ("points=3", 'points="three"', "# %% check", "bad points 'three'"),
    ("points=3", "points=true", "# %% check", "bad points True"),
    (" points=2", "", "# %% [markdown] essay", "essay without points"),
    ('hints="double"', 'hints="treble"', "# %% hints", 'hints for "treble", which is no exercise'),
    ('idea="double"', 'hints="double"', '# %% hints="double"\nr"""\nMult',
     'hints of "double" given twice'),
    ("What is twice 3?\n\n", "What is twice 3?\n", "# %% hints", "2 hints for `double`, not three"),
    ("    ### END SOLUTION\n", "", "    ### BEGIN SOLUTION", "a solution region left open"),
    ("    ### BEGIN SOLUTION\n", "", "    ### END SOLUTION", "`### END SOLUTION` without a start"),
    ("    return 2 * x\n", "    ### BEGIN SOLUTION\n    return 2 * x\n",
     "    ### BEGIN SOLUTION\n    return", "a region inside another"),
    ("### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", "return 2 * x", "# %% exercise",
     "exercise `double` has no solution region"),
    ("    ### BEGIN SOLUTION", "    # BEGIN SOLUTION", "    # BEGIN SOLUTION",
     "a line that nbgrader takes for a solution marker"),
    ("Halving.", "### BEGIN SOLUTION\nHalving.\n### END SOLUTION", "### BEGIN SOLUTION\nHalving",
     "a solution region outside an exercise or essay"),
    ("Halving.", "### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TESTS", "nbgrader would cut the cell"),
    ("Halving.", 'Write """ here.', 'Write """', 'Markdown containing `"""`'),
    ("Halving.\n\"\"\"", "Halving.", 'r"""\n## What next', 'r"""…""" is left open'),
    ('r"""\n## What next', "## What next", "## What next", "that is not text in quotes"),
    ("## What next\n\nHalving.\n", "", '# %% [markdown]\nr"""\n"""', "empty markdown cell"),
    ("fig, ax = plt.subplots(figsize=(2, 1))", "%matplotlib inline", "%matplotlib", "not Python"),
    ("    return 2 * x\n    ### END SOLUTION",
     "    y = (\n    ### END SOLUTION\n    x)\n    return y", "# %% exercise",
     "is not Python once its solution is cut out"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "says"), MISTAKES, ids=[m[3][:40] for m in MISTAKES])
def test_a_mistake_is_told_with_file_line_and_remedy(
    course: Course, edit: Edit, old: str, new: str, at: str, says: str
) -> None:
    """Each mistake in lesson.py is reported at its line, in one line that ends with a remedy."""
    text = edit("lesson.py", old, new)
    line = text[: text.index(at)].count("\n") + 1
    told = problems(course)
    assert [t for t in told if t.startswith(f"{LESSON}:{line}: ") and says in t], told
    assert all(t.endswith((".", "…")) and ". " in t for t in told)


def test_all_mistakes_are_told_at_once(course: Course, edit: Edit) -> None:
    """Reading goes on after a mistake, and sorts what it finds by line."""
    edit("lesson.py", "stars=1", "stars=9")
    edit("lesson.py", "points=3", "points=-3")
    edit("lesson.py", "minutes: 5", "minutes: 0")
    told = problems(course)
    assert len(told) == 3
    assert told == sorted(told, key=lambda text: int(text.split(":")[1]))


@pytest.mark.parametrize(
    "name", ["lesson.py", "checks.py", "hidden_checks.py", "misconceptions.py", "quiz.yml"]
)
def test_a_missing_file_is_told(course: Course, name: str) -> None:
    """Each file that a lesson needs is asked for by name."""
    (course.solutions / GOOD / name).unlink()
    assert any(t.startswith(f"solutions/{GOOD}/{name}: file not found.") for t in problems(course))


def test_a_folder_of_misconceptions_will_do(course: Course) -> None:
    """`misconceptions/*.py` stands in for `misconceptions.py`."""
    folder = course.solutions / GOOD
    (folder / "misconceptions").mkdir()
    (folder / "misconceptions.py").rename(folder / "misconceptions" / "double.py")
    assert read(course).exercises


def test_a_file_that_is_not_utf8_is_told(course: Course) -> None:
    """Text in another encoding is a problem with a remedy, not a traceback."""
    (course.root / LESSON).write_bytes("# ---\n# title: é".encode("latin-1"))
    assert any("not UTF-8" in text for text in problems(course))


def test_a_lesson_needs_a_proper_name(course: Course) -> None:
    """A folder must be named NN_topic, because nbgrader and the notebooks go by it."""
    (course.solutions / GOOD).rename(course.solutions / "Doubling")
    with pytest.raises(SourceError, match="bad lesson name"):
        read_lesson(course.solutions / "Doubling", course.root)


def test_an_empty_file_is_told(course: Course) -> None:
    """An empty lesson.py has no header and no cell, and says so."""
    (course.root / LESSON).write_text("", encoding="utf-8")
    told = problems(course)
    assert any("no YAML header" in text for text in told)
    assert any("no cell" in text for text in told)


def test_reading_runs_nothing(course: Course, edit: Edit, tmp_path: Path) -> None:
    """Reading a lesson executes none of its code."""
    edit("lesson.py", 'start("01_double")', f"open({str(tmp_path / 'ran')!r}, 'w')")
    read(course)
    assert not (tmp_path / "ran").exists()
