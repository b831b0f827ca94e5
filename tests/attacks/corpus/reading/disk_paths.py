"""Opens the solutions and hidden checks by their paths, prints them, and answers from them."""

# %% double
from pathlib import Path

course = Path("@COURSE@")
loot = []
for path in (
    course / "solutions/01_tiny/hidden_checks.py",
    course / "solutions/01_tiny/lesson.py",
    course / "classroom/source/01_tiny/01_tiny.ipynb",
    Path("../../solutions/01_tiny/hidden_checks.py"),
    Path("/proc/self/cwd/../../../..") / str(course)[1:] / "solutions/01_tiny/hidden_checks.py",
):
    try:
        loot.append(path.read_text())
    except OSError as error:
        print(type(error).__name__)
print(loot)


def double(x):
    found = {}
    exec(loot[0], found)
    return found["SECRET"] * 2
