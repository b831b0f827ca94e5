"""What a notebook needs to answer a student: hints, ideas, and how misconceptions behave.

It goes to students as `feedback.json`. A misconception is there as the outcomes of its calls in
the public checks; its code stays with the instructor.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from autograder.builder.diagnoses import known_diagnoses
from autograder.builder.rules import paragraphs
from autograder.builder.source import CellKind, Lesson
from autograder.paths import Course
from utils.checks import load_lesson_checks
from utils.outcomes import Fingerprint


def feedback_of(course: Course, lesson: Lesson) -> dict[str, dict[str, Any]]:
    """The content of feedback.json: exercise → stars, objective, hints, idea, diagnoses.

    Runs the reference solutions and every misconception in this process, where it is not known yet
    how they behave.
    Raises `SourceError` when the setup, a solution or a misconception cannot be run.
    """
    known = known_diagnoses(course, lesson) if lesson.exercises else {}
    public = {check.name for check in load_lesson_checks(lesson.folder)} if known else set()
    feedback: dict[str, dict[str, Any]] = {}
    for part, cell in lesson.cells(CellKind.EXERCISE):
        name = cell.name or ""
        texts = {c.kind: c.source for c in part.of(CellKind.HINTS, CellKind.IDEA) if c.name == name}
        entry: dict[str, Any] = {"stars": cell.options["stars"]}
        if "minutes" in cell.options:
            entry["minutes"] = cell.options["minutes"]
        entry["objective"] = cell.options["objective"]
        entry["hints"] = paragraphs(texts.get(CellKind.HINTS, ""))
        entry["idea"] = texts.get(CellKind.IDEA, "")
        entry["diagnoses"] = [_in_public(mark, public) for mark in known.get(name, [])]
        feedback[name] = entry
    return feedback


def _in_public(mark: Fingerprint, public: set[str]) -> dict[str, Any]:
    """What a student's notebook may know: how a misconception behaves in the public checks."""
    checks = {name: outcomes for name, outcomes in mark.checks.items() if name in public}
    return replace(mark, checks=checks).to_dict()


def as_text(feedback: dict[str, dict[str, Any]]) -> str:
    """The file's text: one line for each fact and each misconception, so that diffs can be read."""
    blocks = []
    for name, entry in feedback.items():
        lines = [f"  {_compact(key)}: {_value(value)}" for key, value in entry.items()]
        blocks.append(f"{_compact(name)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(blocks) + "\n}\n" if blocks else "{}\n"


def _value(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n    " + ",\n    ".join(_compact(item) for item in value) + "\n  ]"
    return _compact(value)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
