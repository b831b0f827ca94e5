"""Whose submissions lie in the classroom: simulated ones may be replaced, a real class never."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from pathlib import Path

from autograder.builder.assignment import tools_on_path
from autograder.paths import Course, CourseError

MARKER = ".simulated.json"
Marked = dict[str, dict[str, str]]  # lesson → student → digest of the notebooks


def refuse_real_class(submitted: Path) -> None:
    """Raise `CourseError` when a submission lies there that `simulate` did not write."""
    marked = read_marker(submitted)
    real = sorted(
        folder.parent.name
        for folder in _submissions(submitted)
        if marked.get(folder.name, {}).get(folder.parent.name) != digest(folder)
    )
    if real:
        names = ", ".join(list(dict.fromkeys(real))[:3]) + (" …" if len(set(real)) > 3 else "")
        raise CourseError(
            f"{submitted} holds submissions that were not simulated ({names}). "
            "Move that folder away, then simulate again."
        )


def clear_simulated(submitted: Path, lesson: str, course: Course | None) -> None:
    """Remove the simulated submissions of a lesson, with their marks if they are `course`'s."""
    marked = read_marker(submitted)
    students = marked.pop(lesson, {})
    places = [submitted] + ([course.autograded, course.feedback] if course else [])
    for student in students:
        for place in places:
            shutil.rmtree(place / student / lesson, ignore_errors=True)
            with contextlib.suppress(OSError):  # other lessons of the student stay
                (place / student).rmdir()
    if course and students:
        (course.classroom / "graded" / f"{lesson}.json").unlink(missing_ok=True)
        _forget_marks(course, lesson, list(students))
    if submitted.is_dir():
        _write_marker(submitted, marked)


def mark_simulated(submitted: Path, lesson: str, students: list[str]) -> None:
    """Note that these students' submissions of a lesson are simulated."""
    marked = read_marker(submitted)
    marked[lesson] = {student: digest(submitted / student / lesson) for student in students}
    _write_marker(submitted, marked)


def read_marker(submitted: Path) -> Marked:
    """The simulated submissions, by lesson and student; none where nothing was simulated."""
    try:
        content = json.loads((submitted / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def digest(submission: Path) -> str:
    """What the notebooks of a submission hold, as a short hash; a changed one has another."""
    content = hashlib.sha256()
    for path in sorted(submission.glob("*.ipynb")):
        content.update(path.name.encode() + b"\0")
        content.update(path.read_bytes() if path.is_file() else b"")
    return content.hexdigest()[:16]


def _write_marker(submitted: Path, marked: Marked) -> None:
    text = json.dumps(marked, indent=1, sort_keys=True) + "\n"
    (submitted / MARKER).write_text(text, encoding="utf-8")


def _submissions(submitted: Path) -> list[Path]:
    """Every `student/lesson` folder; files, such as nbgrader's feedback, are no submission."""
    if not submitted.is_dir():
        return []
    students = [path for path in submitted.iterdir() if path.is_dir()]
    return [path for student in students for path in student.iterdir() if path.is_dir()]


def _forget_marks(course: Course, lesson: str, students: list[str]) -> None:
    """Take old simulated marks out of the gradebook, so that no report counts them."""
    if not course.has_gradebook:
        return
    from nbgrader.api import Gradebook, MissingEntry

    with tools_on_path(), Gradebook(course.gradebook) as gradebook:
        for student in students:
            with contextlib.suppress(MissingEntry):
                gradebook.remove_submission(lesson, student)
            with contextlib.suppress(MissingEntry):
                if not gradebook.student_submissions(student):
                    gradebook.remove_student(student)
