"""The three words a student types in a notebook: `check`, `hint` and `idea`.

`start("01_convolution")` opens the lesson; after it `check("conv2d")` runs the exercise's public
checks on the function that the notebook holds at that moment.
"""

from __future__ import annotations

import difflib
import json
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from utils.checks import Check, check_files, load_checks, run_check
from utils.device import device_report
from utils.outcomes import Fingerprint, diagnose
from utils.randomness import SEED, seed_all
from utils.render import as_html, as_text
from utils.student import InProcess
from utils.verdicts import Kind, Verdict, total

GRADED = "This notebook is being graded: checks and hints are for you, in your own notebook."
FILES = ("checks.py", "quiz.yml")

# True in a kernel of the grader's, which has neither checks nor hints at hand.
graded = False


class LessonError(Exception):
    """A call that cannot be answered, such as for an unknown exercise; says what to do."""

    def _render_traceback_(self) -> list[str]:
        # IPython's door for showing an error without its traceback.
        return [str(self)]


@dataclass
class Session:
    """What the notebook remembers until its kernel stops: the lesson, what passed, hints seen."""

    lesson: str = ""
    passed: set[str] = field(default_factory=set)
    hints_seen: dict[str, int] = field(default_factory=dict)


_session = Session()


@dataclass(frozen=True)
class Feedback:
    """The answer to `check`: shows as a table in a notebook and as text in a terminal."""

    exercise: str
    verdicts: list[Verdict]
    next_step: str

    @property
    def passed(self) -> bool:
        return all(verdict.passed for verdict in self.verdicts)

    def __repr__(self) -> str:
        return as_text(self.exercise, self.verdicts, self.next_step)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        # Stock nbgrader reads a number in text/plain as partial credit.
        return {
            "text/plain": f"{total(self.verdicts):g}",
            "text/html": as_html(self.exercise, self.verdicts, self.next_step),
        }


@dataclass(frozen=True)
class Prose:
    """A few paragraphs that show as Markdown in a notebook and as text in a terminal."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def start(lesson: str) -> None:
    """Open a lesson: seed the random generators, set the plots' style, say what torch runs on.

    torch gets one thread: nets this small are no slower with it, and sums come out in one order.

    Example: `start("01_convolution")`, in the first cell of the notebook.
    """
    from utils import plots

    global _session
    _session = Session(lesson)
    seed_all(SEED)
    torch.set_num_threads(1)
    plots.style()
    print(f"Lesson {lesson} · {device_report()}")


def check(exercise: str) -> Feedback | Prose:
    """Run the public checks of an exercise on the notebook's own function.

    Example: `check("conv2d")`.
    """
    if graded:
        return Prose(GRADED)
    namespace = _namespace()
    checks = [item for item in _checks() if item.exercise == exercise]
    if not checks:
        raise LessonError(_unknown(exercise, sorted({item.exercise for item in _checks()})))
    results = [run_check(item, InProcess(namespace)) for item in checks]
    verdicts = diagnose(results, fingerprints(lesson_folder(), exercise))
    feedback = Feedback(exercise, verdicts, _next_step(exercise, verdicts))
    if feedback.passed:
        _session.passed.add(exercise)
    return feedback


def hint(exercise: str) -> Prose:
    """Show one more step of the exercise's hint ladder: a question, an idea, near the code.

    Example: `hint("conv2d")`; call it again for the next step.
    """
    if graded:
        return Prose(GRADED)
    steps = _exercise(exercise)["hints"]
    seen = min(_session.hints_seen.get(exercise, 0) + 1, len(steps))
    _session.hints_seen[exercise] = seen
    shown = [f"**Hint {i + 1} of {len(steps)}.** {step}" for i, step in enumerate(steps[:seen])]
    more = f'`hint("{exercise}")` again for the next one.' if seen < len(steps) else ""
    return Prose("\n\n".join([*shown, more]).strip())


def idea(exercise: str) -> Prose:
    """Show the idea of the reference solution, once the exercise is passed or all hints are seen.

    Example: `idea("conv2d")`.
    """
    if graded:
        return Prose(GRADED)
    known = _exercise(exercise)
    out_of_hints = _session.hints_seen.get(exercise, 0) >= len(known["hints"])
    if exercise in _session.passed or out_of_hints:
        return Prose(f"**The idea of the reference solution.** {known['idea']}")
    return Prose(
        f'The idea is shown after `check("{exercise}")` passes, or after the last hint. '
        f'`hint("{exercise}")` shows the next one.'
    )


def lesson_folder(lesson: str = "") -> Path:
    """The folder of a lesson's public files: the working folder, else the course's `lessons/`.

    Raises `LessonError` when neither holds them.
    """
    lesson = lesson or _session.lesson
    beside_utils = Path(__file__).resolve().parent.parent / "lessons" / lesson
    for folder in (Path.cwd(), beside_utils):
        if lesson in ("", folder.name) and any((folder / name).is_file() for name in FILES):
            return folder
    raise LessonError(
        f"The files of lesson {lesson or '?'} were not found in {Path.cwd().name}/. "
        "Run the notebook's first cell, and open the notebook inside its folder under lessons/."
    )


def fingerprints(folder: Path, exercise: str) -> list[Fingerprint]:
    """The misconceptions of an exercise, as a lesson's folder knows them: by their outcomes."""
    known = _feedback(folder).get(exercise, {})
    return [Fingerprint.from_dict(item) for item in known.get("diagnoses", [])]


def _namespace() -> dict[str, Any]:
    """The notebook's globals; outside a notebook, those of whoever called `check`."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell.user_ns if shell is not None else sys._getframe(2).f_globals


def _checks() -> list[Check]:
    files = check_files(lesson_folder())
    return [item for path in files for item in _load_checks(path, path.stat().st_mtime_ns)]


@lru_cache(maxsize=8)
def _load_checks(path: Path, changed: int) -> list[Check]:
    return load_checks(path)


def _feedback(folder: Path) -> dict[str, Any]:
    path = folder / "feedback.json"
    return _load_feedback(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=8)
def _load_feedback(path: Path, changed: int) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _exercise(exercise: str) -> dict[str, Any]:
    known = _feedback(lesson_folder())
    if exercise not in known:
        raise LessonError(_unknown(exercise, list(known)))
    return dict(known[exercise])


def _unknown(exercise: str, known: list[str]) -> str:
    near = difflib.get_close_matches(exercise, known, n=1)
    suggestion = f"Did you mean {near[0]!r}?" if near else f"Use one of: {', '.join(known)}."
    return f"There is no exercise {exercise!r} in this lesson. {suggestion}"


def _next_step(exercise: str, verdicts: list[Verdict]) -> str:
    kinds = {verdict.kind for verdict in verdicts}
    if kinds == {Kind.PASSED}:
        return f'Well done. `idea("{exercise}")` shows how the reference solution thinks.'
    if Kind.UNANSWERED in kinds:
        return f'Fill in the cell above, run it, and check again. Stuck? `hint("{exercise}")`.'
    if Kind.GRADER_FAULT in kinds:
        return "Please report this check to whoever gave you the course."
    return f'Mend the cell above, run it, and check again. Stuck? `hint("{exercise}")`.'
