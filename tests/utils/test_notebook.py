"""`check`, `hint` and `idea` in a notebook: right, kind, and a step at a time."""

import json
import os

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

from utils import notebook
from utils.notebook import LessonError, check, hint, idea, start

CHECKS = '''
import torch
from utils.checks import check
from utils.expect import expect

@check("double", points=2)
def test_example(student):
    """Twice 1, 2, 3."""
    expect(student.double(torch.tensor([1., 2, 3])), equals=[2., 4, 6])

@check("half", points=1)
def test_half(student):
    """Half of 1."""
    expect(student.half(1.0), equals=0.5)
'''
FEEDBACK = {
    "double": {
        "hints": ["What is twice?", "Multiply.", "`x * …`"],
        "idea": "Broadcast.",
        "diagnoses": [],
    },
    "half": {"hints": ["a", "b", "c"], "idea": "d", "diagnoses": []},
}


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A lesson's folder as a student has it, with the notebook's kernel in it."""
    folder = tmp_path / "09_doubling"
    folder.mkdir()
    (folder / "checks.py").write_text(CHECKS)
    (folder / "feedback.json").write_text(json.dumps(FEEDBACK))
    monkeypatch.chdir(folder)
    start("09_doubling")
    yield folder
    notebook._session = notebook.Session()


def double(x):
    return x * 2


def half(x):
    raise NotImplementedError


def test_check_runs_the_notebooks_own_function(lesson):
    """`check` judges the function that the notebook holds at that moment."""
    assert check("double").passed
    feedback = check("half")
    assert not feedback.passed
    assert "not answered yet" in repr(feedback)
    assert 'hint("half")' in repr(feedback)


def test_output_is_html_and_a_number(lesson):
    """The notebook shows a table; nbgrader reads the points in the plain text."""
    bundle = check("double")._repr_mimebundle_()
    assert float(bundle["text/plain"]) == 2
    assert "Twice 1, 2, 3." in bundle["text/html"]


def test_hints_come_one_at_a_time(lesson):
    """Each call reveals one more step, and the last call repeats all."""
    first, second, third, again = (repr(hint("double")) for _ in range(4))
    assert "What is twice?" in first
    assert "Multiply" not in first
    assert "Multiply" in second
    assert "x * …" not in second
    assert third == again
    assert "Hint 3 of 3" in third


def test_idea_waits_for_the_pass(lesson):
    """The reference's idea is shown after passing, not before."""
    assert "Broadcast" not in repr(idea("double"))
    check("double")
    assert "Broadcast" in repr(idea("double"))


def test_idea_is_shown_after_the_last_hint(lesson):
    """Somebody who is stuck with no hint left may read the idea."""
    for _ in range(3):
        hint("half")
    assert repr(idea("half")).endswith("d")


def test_unknown_exercise_suggests_a_name(lesson):
    """A mistyped name is answered with the nearest one, without a traceback."""
    for call in (check, hint, idea):
        with pytest.raises(LessonError, match="Did you mean 'double'"):
            call("duble")
    with pytest.raises(LessonError, match="Use one of: double, half") as caught:
        check("nothing like it")
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_missing_files_say_what_to_do(tmp_path, monkeypatch):
    """A notebook opened elsewhere is told where to open it."""
    monkeypatch.chdir(tmp_path)
    start("09_doubling")
    with pytest.raises(LessonError, match="first cell"):
        check("double")


def test_changed_checks_are_read_again(lesson):
    """A corrected checks file counts at once, without a new kernel."""
    assert check("double").passed
    path = lesson / "checks.py"
    path.write_text(CHECKS.replace("[2., 4, 6]", "[3., 6, 9]"))

    os.utime(path, ns=(1, 1))
    assert not check("double").passed


def test_start_seeds_the_generators(lesson):
    """Two students who run the same cells draw the same numbers."""
    start("09_doubling")
    first = torch.rand(3)
    start("09_doubling")
    assert torch.equal(first, torch.rand(3))


def test_student_sees_their_own_line_in_a_notebook(lesson):
    """In a notebook a crash shows the line of the cell that crashed."""
    shell = InteractiveShell.instance()
    try:
        shell.run_cell("def double(x):\n    return x + undefined_name")
        evidence = check("double").verdicts[0].evidence
        assert evidence.where == "line 2: return x + undefined_name"
    finally:
        InteractiveShell.clear_instance()
