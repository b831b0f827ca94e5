"""Where the course keeps its things."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

CONFIG = "nbgrader_config.py"
LESSON_NAME = re.compile(r"\d\d_[a-z0-9_]+")


class CourseError(Exception):
    """Something the user can mend; its text is one sentence on what is wrong and what to do."""


@dataclass(frozen=True)
class Course:
    """A course folder: an author's has `solutions/`, a student's `lessons/` alone."""

    root: Path

    @classmethod
    def find(cls, start: Path | str | None = None) -> Course:
        """The course that `start` (default: the working folder) lies in.

        Raises `CourseError` when there is none above it.
        """
        here = Path(start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            has_lessons = any((folder / name).is_dir() for name in ("lessons", "solutions"))
            if has_lessons and (folder / "nbgrader_config.py").is_file():
                return cls(folder)
        raise CourseError(
            f"No course found at {here} or above it. "
            "Go to the folder that holds lessons/ and nbgrader_config.py."
        )

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    @property
    def lessons(self) -> Path:
        return self.root / "lessons"

    @property
    def classroom(self) -> Path:
        return self.root / "classroom"

    def released_notebooks(self, lesson: str) -> list[Path]:
        """The files of a lesson's notebooks; raises `CourseError` when there is none."""
        paths = sorted((self.lessons / lesson).glob("*.ipynb"))
        if not paths:
            raise CourseError(
                f"There is no notebook in {self.lessons / lesson}. Run `course build` first."
            )
        return paths

    @property
    def source(self) -> Path:
        return self.classroom / "source"

    @property
    def submitted(self) -> Path:
        return self.classroom / "submitted"

    @property
    def autograded(self) -> Path:
        return self.classroom / "autograded"

    @property
    def feedback(self) -> Path:
        return self.classroom / "feedback"

    def settings(self) -> Config:
        """The settings in `nbgrader_config.py`; empty where there is no such file."""
        from traitlets.config.loader import Config, PyFileConfigLoader

        if not (self.root / CONFIG).is_file():
            return Config()
        return PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()

    @property
    def gradebook(self) -> str:
        """The gradebook's address: nbgrader's `db_url`, by default a file in `classroom/`."""
        chosen = self.settings().CourseDirectory.get("db_url")
        return str(chosen or f"sqlite:///{self.classroom / 'gradebook.db'}")

    @property
    def has_gradebook(self) -> bool:
        """Whether there is a gradebook to look into; a server's is taken to be there."""
        kind, _, path = self.gradebook.partition(":///")
        return kind != "sqlite" or Path(path).is_file()

    def lesson_names(self) -> list[str]:
        """The lessons' names in order, such as `["01_convolution"]`.

        They are those of `solutions/`; a student, who has none, goes by `lessons/`.
        """
        home = self.solutions if self.solutions.is_dir() else self.lessons
        folders = (path for path in home.iterdir() if path.is_dir())
        return sorted(path.name for path in folders if LESSON_NAME.fullmatch(path.name))

    def lesson(self, name: str) -> str:
        """The full name of a lesson from its name or number; `"1"` and `"01"` mean the first.

        Raises `CourseError` when there is no such lesson.
        """
        names = self.lesson_names()
        wanted = name.strip().strip("/").rsplit("/", 1)[-1]
        for found in names:
            number = found.split("_")[0]
            if wanted in (found, number, str(int(number))):
                return found
        raise CourseError(f"No lesson {name!r}. Use one of: {', '.join(names) or 'none yet'}.")

    def graded_lesson(self, name: str) -> str:
        """`lesson`, for whoever deals in marks.

        Raises `CourseError` also where the lesson gives none, as a warm-up does.
        """
        lesson = self.lesson(name)
        self.expect_graded(lesson)
        return lesson

    def expect_graded(self, lesson: str) -> None:
        """Raise `CourseError` for a lesson without marks, by its full name."""
        if not self.is_graded(lesson):
            raise CourseError(
                f"Lesson {lesson} is not graded: nobody hands it in, and it gives no marks. "
                f"Its checks answer in the notebook, or with `course check {lesson[:2]}`."
            )

    def is_graded(self, lesson: str) -> bool:
        """Whether a released lesson has a cell that nbgrader grades.

        One that was not built or cannot be read is taken for graded: whoever needs it then says so.
        """
        try:
            notebooks = [
                json.loads(path.read_text(encoding="utf-8"))
                for path in self.released_notebooks(lesson)
            ]
            cells = [cell["metadata"] for notebook in notebooks for cell in notebook["cells"]]
            marks = [metadata["nbgrader"] for metadata in cells if "nbgrader" in metadata]
            return not marks or any(mark["grade"] for mark in marks)
        except (CourseError, OSError, ValueError, LookupError, TypeError):
            return True
