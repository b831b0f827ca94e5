"""Rules about `quiz.yml`: enough questions, and each objective asked about."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.builder.problems import Problem, shown
from autograder.builder.source import Lesson
from autograder.lint.standard import Standard
from autograder.paths import Course
from utils.quiz import QuizError, load_quiz


def quiz_problems(course: Course, lesson: Lesson, standard: Standard) -> Iterator[Problem]:
    """What `load_quiz` says about the file and its objectives, and whether it is long enough."""
    path = lesson.folder / "quiz.yml"
    file = shown(path, course.root)
    objectives = {name for part in lesson.parts for name in part.header.objectives}
    try:
        count = len(load_quiz(path, objectives))
    except QuizError as error:
        for problem in error.problems:
            yield Problem(file, problem.line, problem.what, problem.remedy)
        return
    if count < standard.questions:
        few = f"{count} questions, fewer than {standard.questions}"
        yield Problem(file, 0, few, "Write more: each row of the lesson's tables is asked")
