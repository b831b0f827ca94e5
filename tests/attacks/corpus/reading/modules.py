"""Asks the grader's own modules for the lesson, with hidden checks and all."""

# %% double
import importlib
import sys
from pathlib import Path

for name in list(sys.modules):
    if "check" in name or "hidden" in name:
        print(name, vars(sys.modules[name]).get("SECRET"))
for name in ("solutions", "hidden_checks", "course_01_tiny_hidden_checks_py"):
    try:
        print(vars(importlib.import_module(name)))
    except ImportError:
        pass
sys.path[:0] = ["@COURSE@", "@COURSE@/solutions", "@COURSE@/solutions/01_tiny"]
try:
    import hidden_checks

    print(vars(hidden_checks))
except ImportError:
    pass


def double(x):
    from autograder.judge.lesson import load_lesson
    from autograder.paths import Course

    lesson = load_lesson(Course(Path("@COURSE@")), "01_tiny")
    print(lesson)
    return lesson
