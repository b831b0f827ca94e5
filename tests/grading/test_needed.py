"""Which of the lesson's demonstrations run when a submission is graded."""

import nbformat
import pytest

from autograder.builder.rules import read_lesson
from autograder.judge.lesson import load_lesson
from autograder.judge.needed import asked_by, names_of, needed
from autograder.judge.restore import grade_id
from autograder.paths import Course
from tests.conftest import ROOT, graded_lessons

SETUP = "import torch"
DEMO = "picture = torch.ones(3)\nprint(picture)"
USES_DEMO = "image = picture + 1"
PARAMETERS = "for image in range(3): kernel = image"
ANSWER = "def conv2d(image, kernel):\n    return image * kernel"


def chosen(*sources, own=(), asked=("conv2d",)):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return sorted(needed(cells, own, asked))


def test_demonstrations_that_nothing_needs_are_skipped():
    """Only the setup and the answer run; a parameter's name is not a use of a global."""
    assert chosen(SETUP, DEMO, PARAMETERS, ANSWER, own=[3]) == [0, 3]


def test_what_an_answer_uses_runs_with_all_that_it_needs():
    """A global in the answer brings the cell that binds it, and the cell before that one."""
    answer = "def conv2d(x, k):\n    return x * image"
    assert chosen(SETUP, DEMO, USES_DEMO, answer, own=[3]) == [0, 1, 2, 3]


def test_a_cell_that_redefines_an_answer_runs():
    """What the lesson itself binds to an exercise's name counts."""
    assert chosen(SETUP, DEMO, ANSWER, "conv2d = torch.conv2d", own=[2]) == [0, 2, 3]


def test_what_a_check_asks_for_runs_with_all_that_changes_it():
    """A model that a check asks for is trained by the cell that trains it."""
    cells = (SETUP, "model = torch.nn.Linear(1, 1)", "fit(model)", "print(1)")
    assert chosen(*cells, asked=asked_by(["student.model(x)"])) == [0, 1, 2]


def test_a_call_of_an_exercise_is_not_a_change_of_it():
    """A demonstration that merely calls an exercise is skipped."""
    assert chosen(SETUP, ANSWER, "show(conv2d(1, 2))", own=[1]) == [0, 1]


@pytest.mark.parametrize(
    "answer",
    ["%matplotlib inline", "x = globals()['picture']", "await picture", "!ls", "picture?", "/f x",
     "  x = picture", ">>> x = picture", "In [3]: x = picture", "x = %pwd\ndef f(:"],
)  # fmt: skip
def test_code_that_cannot_be_read_brings_everything(answer):
    """Magics, reflection and whatever else IPython may make Python of might need anything."""
    assert chosen(SETUP, DEMO, answer, own=[2]) == [0, 1, 2]


@pytest.mark.parametrize(
    "answer", ["def f(:", "def conv2d(image, kernel):\nreturn picture", "x = (picture", "'", "\0"]
)
def test_a_mistake_in_the_grammar_brings_nothing(answer):
    """Such a cell does not begin to run, so it needs no demonstration."""
    assert chosen(SETUP, DEMO, answer, own=[2]) == [0, 2]


def test_an_attribute_by_name_is_no_reflection():
    """`getattr` reaches an object's attributes, not the notebook's names."""
    answer = "class Net:\n    def f(self, n):\n        return getattr(self, f'conv{n}')"
    assert chosen(SETUP, DEMO, answer, own=[2]) == [0, 2]


def test_names_of_a_cell():
    """Names are split into used, bound, and bound as a variable."""
    names = names_of("import math\ndef f(x):\n    global y\n    y = z\nclass C: a = 1\nw: int = 2")
    assert names is not None
    assert names.bound == {"math", "f", "y", "C", "w"}
    assert names.variables == {"y", "w"}
    assert {"z"} <= names.used
    assert "x" not in names.used


@pytest.mark.parametrize("lesson", graded_lessons())
def test_no_demonstration_of_the_course_runs_for_every_submission(lesson):
    """Of each lesson's own cells only the setup is needed: no training is paid for each student."""
    course = Course(ROOT)
    answers = read_lesson(course.solutions / lesson, course.root).exercises
    for notebook in load_lesson(course, lesson).values():
        cells = [*notebook.released.cells]
        own = [place for place, cell in enumerate(cells) if grade_id(cell) in answers]
        for place in own:
            cells[place] = nbformat.v4.new_code_cell(answers[grade_id(cells[place])].source)
        setup = next(place for place, cell in enumerate(cells) if cell.cell_type == "code")
        chosen = needed(cells, own, notebook.asked, notebook.names)
        told = [cells[place].source.splitlines()[0] for place in chosen - {setup, *own}]
        assert told == [], "A check asks for a name that these cells bind: give it another name."
