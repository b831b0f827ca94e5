"""Misconceptions and alternatives: read from their files, and put under an exercise's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import misconceptions
from autograder.misconceptions import (
    Alternative,
    Item,
    load_alternatives,
    load_misconceptions,
    rendered_source,
)
from autograder.paths import CourseError

SUM = '''"""Solutions of `total`, wrong and right."""

from autograder.misconceptions import alternative, misconception

raise RuntimeError("a file of misconceptions is read, never run")


def helper():
    """Not a solution."""


@misconception("total", says="You leave out the last number. " "Go on to the end.")
def last_left_out(numbers):
    result = 0
    for number in numbers[:-1]:  # one too few
        result += number
    return result


@alternative("total")
def one_by_one(numbers):
    """Adds the first to the total of the rest, one_by_one."""
    return numbers[0] + one_by_one(numbers[1:]) if numbers else 0


@misconception("Counter", says="Your counter starts at one. Start at zero.")
@misconception("Tally", says="Your tally starts at one. Start at zero.")
class FromOne(Exception):
    größe = "é"

    def __init__(self):
        super(FromOne, self).__init__()
        self.é, self.kind = 1, FromOne
'''


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    (tmp_path / "misconceptions.py").write_text(SUM, encoding="utf-8")
    return tmp_path


def the(name: str, items: list) -> Item:
    (item,) = (item for item in items if item.name == name)
    return item


def run(source: str) -> dict:
    namespace: dict = {}
    exec(source, namespace)
    return namespace


def test_misconceptions_are_read_in_the_order_written(lesson: Path):
    """Each has its name, its exercise, its sentence and the line of its definition; none is run."""
    items = load_misconceptions(lesson)
    found = [(item.exercise, item.name) for item in items]
    assert found == [("total", "last_left_out"), ("Counter", "FromOne"), ("Tally", "FromOne")]
    assert items[0].says == "You leave out the last number. Go on to the end."
    assert SUM.splitlines()[items[0].line - 1] == "def last_left_out(numbers):"
    assert items[0].source.startswith('@misconception("total"')
    assert items[0].source.endswith("return result")


def test_alternatives_are_kept_apart(lesson: Path):
    """An alternative is no misconception, and a function without a mark is neither."""
    (item,) = load_alternatives(lesson)
    assert isinstance(item, Alternative)
    assert (item.exercise, item.name) == ("total", "one_by_one")


def test_a_rendered_solution_answers_to_the_exercises_name(lesson: Path):
    """The mark is gone, the name is the exercise's, and the comments are still there."""
    source = rendered_source(the("last_left_out", load_misconceptions(lesson)))
    assert source.startswith("def total(numbers):\n")
    assert source.endswith("return result\n")
    assert "# one too few" in source
    assert run(source)["total"]([1, 2, 3]) == 3


def test_a_rendered_solution_may_call_itself(lesson: Path):
    """Recursion follows the new name; words in text stay as they are."""
    source = rendered_source(the("one_by_one", load_alternatives(lesson)))
    assert "total of the rest, one_by_one." in source
    assert run(source)["total"]([1, 2, 3]) == 6


def test_a_class_is_rendered_with_all_its_mentions(lesson: Path):
    """A class that names itself works under the exercise's name, for each of its exercises."""
    for item in load_misconceptions(lesson)[1:]:
        namespace = run(rendered_source(item))
        made = namespace[item.exercise]()
        assert made.kind is namespace[item.exercise]
        assert item.name not in namespace


def test_a_folder_of_files_is_read_by_name(lesson: Path):
    """A lesson with many misconceptions keeps a file for each exercise in a folder."""
    folder = lesson / "misconceptions"
    folder.mkdir()
    (lesson / "misconceptions.py").rename(folder / "b_total.py")
    (folder / "a_more.py").write_text('@misconception("more", says="Less.")\ndef less(): ...\n')
    assert [item.name for item in load_misconceptions(folder.parent)][:2] == [
        "less",
        "last_left_out",
    ]
    assert [item.name for item in load_misconceptions(folder / "a_more.py")] == ["less"]


def test_a_lesson_without_misconceptions_has_none(tmp_path: Path):
    """That is for the linter to complain about, not an error here."""
    assert load_misconceptions(tmp_path) == []
    assert load_alternatives(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\n@misconception("total")\ndef f(): ...\n', r"misconceptions\.py:2: `says`"),
        ('@misconception("total", says=SENTENCE)\ndef f(): ...\n', r":1: `says`.*plain string"),
        ('@misconception("total", says=" ")\ndef f(): ...\n', r":1: `says`"),
        ("@alternative()\ndef f(): ...\n", r":1: the exercise's name"),
        ("def f(:\n", r"misconceptions\.py:1: .*Mend the syntax"),
        (
            '@alternative("total")\ndef f(): ...\n@alternative("total")\ndef f(): ...\n',
            r"misconceptions\.py:4: total has a 'f' already, at misconceptions\.py:2",
        ),
    ],
)
def test_a_bad_mark_gets_file_line_and_remedy(tmp_path: Path, text: str, message: str):
    """What cannot be read without being run is refused where it stands."""
    (tmp_path / "misconceptions.py").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=message):
        load_misconceptions(tmp_path)


def test_both_forms_at_once_are_refused(lesson: Path):
    """A file beside a folder would leave one of them forgotten."""
    (lesson / "misconceptions").mkdir()
    (lesson / "misconceptions" / "more.py").write_text("")
    with pytest.raises(CourseError, match="Keep one of the two"):
        load_misconceptions(lesson)


def test_a_missing_lesson_is_named(tmp_path: Path):
    """A wrong path is an error, not a lesson without misconceptions."""
    with pytest.raises(CourseError, match="no_such"):
        load_misconceptions(tmp_path / "no_such")


def test_the_marks_leave_a_solution_as_it_is():
    """So that an editor, a linter and a reader may import the file."""

    def solution() -> int:
        return 1

    assert misconceptions.misconception("total", says="No.")(solution) is solution
    assert misconceptions.alternative("total")(solution) is solution
