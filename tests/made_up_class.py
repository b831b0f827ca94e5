"""Made-up marks and verdicts for the report's tests: two exercises and an essay."""

from __future__ import annotations

from autograder.report import Mark, State, Task
from autograder.report.model import state_of
from utils.verdicts import Kind, Verdict

LESSON = "01_double"
TASKS = (Task("double", 3.0), Task("halve", 2.0), Task("why", 5.0, essay=True))
FLIPPED = "You squared: `x + x` is twice x."


def verdict(
    exercise: str, check: str, kind: Kind, out_of: float, *, says: str = "", hidden: bool = False
) -> Verdict:
    points = out_of if kind is Kind.PASSED else 0.0
    message, name = (says, "squared") if says and kind is Kind.WRONG else (f"It {kind}.", None)
    return Verdict(exercise, check, f"{check}!", kind, points, out_of, message, name, hidden)


def double(first: Kind, second: Kind, says: str = "") -> Mark:
    """A mark for `double`: a public check of 1 point and a hidden one of 2."""
    verdicts = (
        verdict("double", "test_two", first, 1.0, says=says),
        verdict("double", "test_more", second, 2.0, says=says, hidden=True),
    )
    points = sum(item.points for item in verdicts)
    return Mark("double", points, 3.0, state_of(points, 3.0, verdicts), verdicts)


def halve(kind: Kind) -> Mark:
    found = (verdict("halve", "test_half", kind, 2.0),)
    return Mark("halve", found[0].points, 2.0, state_of(found[0].points, 2.0, found), found)


def essay(points: float | None) -> Mark:
    state = State.TO_GRADE if points is None else state_of(points, 5.0, ())
    return Mark("why", points, 5.0, state if points != 0 else State.BLANK)
