"""A course of one lesson with two exercises, the second of which leans on the first."""

from __future__ import annotations

from pathlib import Path

from autograder.builder.notebook import as_text, source_notebook
from autograder.builder.rules import read_lesson
from autograder.builder.stub import find_regions, stub

LESSON = '''# ---
# title: Doubling
# title_ko: 두 배
# minutes: 5
# objectives:
#   twice: double a number
# ---

# %%
import math

# %% exercise="double" stars=1 objective="twice"
def double(x):
    """Twice x.

    Example: double(2) is 4.
    """
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% hints="double"
r"""
What is twice 3?

Add.

`return x + …`
"""

# %% idea="double"
r"""
Adding a number to itself doubles it.
"""

# %% check="double" points=3

# %% exercise="fourfold" stars=2 objective="twice"
def fourfold(x):
    """Four times x, by doubling twice."""
    ### BEGIN SOLUTION
    return double(double(x))
    ### END SOLUTION

# %% hints="fourfold"
r"""
What is twice twice?

Use what you have.

`double(…)`
"""

# %% idea="fourfold"
r"""
Doubling twice is taking four times as much.
"""

# %% check="fourfold" points=2

# %% [markdown] essay="why" points=5
r"""
Why?

### BEGIN SOLUTION
Because.
### END SOLUTION
"""
'''
CHECKS = '''from utils.checks import check
from utils.expect import expect

@check("double", points=1)
def test_two(student):
    """Twice two."""
    expect(student.double(2), equals=4)

@check("fourfold", points=1)
def test_four(student):
    """Four times one."""
    expect(student.fourfold(1), equals=4)
'''
HIDDEN_CHECKS = '''from utils.checks import check
from utils.expect import expect

@check("double", points=2)
def test_more(student):
    """Twice three and twice minus one."""
    expect(student.double(3), equals=6)
    expect(student.double(-1), equals=-2)

@check("fourfold", points=1)
def test_zero(student):
    """Four times nothing."""
    expect(student.fourfold(0), equals=0)
'''
MISCONCEPTIONS = """from autograder.misconceptions import alternative, misconception

@misconception("double", says="You squared: twice x is x + x.")
def squared(x):
    return x**2

@misconception("double", says="You took x as it is: add it to itself.")
def unchanged(x):
    return x

@alternative("double")
def added(x):
    return x + x

@misconception("fourfold", says="You doubled once: double the result again.")
def doubled_once(x):
    return double(x)

@alternative("fourfold")
def multiplied(x):
    return 4 * x
"""
QUIZ = """questions:
  - id: four
    objective: twice
    kind: number
    prompt: What is twice 2?
    explanation: Doubling adds a number to itself.
    options:
      - value: 4
        right: true
        why: 2 + 2.
      - value: 22
        why: That writes the digit twice.
"""
NAME = "01_double"


def write_small_course(root: Path) -> Path:
    """Write the course with a released notebook into an empty folder."""
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text("")
    files = {
        "lesson.py": LESSON,
        "checks.py": CHECKS,
        "hidden_checks.py": HIDDEN_CHECKS,
        "misconceptions.py": MISCONCEPTIONS,
        "quiz.yml": QUIZ,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    lesson = read_lesson(folder, root)
    notebook = source_notebook(lesson, lesson.parts[0])
    for cell in notebook.cells:
        if cell.cell_type == "code" and find_regions(cell.source):
            cell.source = stub(cell.source)
        elif find_regions(cell.source):
            cell.source = "Why?\n\nYOUR ANSWER HERE"
    released = root / "lessons" / NAME
    released.mkdir(parents=True)
    (released / f"{NAME}.ipynb").write_text(as_text(notebook), encoding="utf-8")
    (released / "checks.py").write_text(CHECKS, encoding="utf-8")
    return root
