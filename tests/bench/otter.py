"""Otter-Grader beside us: installed in a place of its own, with an equivalent assignment."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.judge.lesson import CHECK_SUFFIX, load_lesson
from autograder.judge.restore import grade_id
from tests.bench.classes import LESSON, School
from tests.conftest import ROOT
from utils.checks import Check

HOME = Path(sys.prefix) / "otter"  # goes with the environment that it borrows its packages from
PACKAGE = "otter-grader"
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
START = "import otter\ngrader = otter.Notebook()"
# A check of the course as a case of Otter's exception-based format: the same code decides.
TESTS = """
from otter.test_files import test_case
from utils.checks import load_checks, run_check
from utils.student import InProcess

OK_FORMAT = False
name = {exercise!r}
points = None
CHECKS = {{check.name: check for check in load_checks({path!r})}}

def holds(check, env):
    verdict = run_check(CHECKS[check], InProcess(env)).verdict
    assert verdict.passed, verdict.message
"""
CASE = """
@test_case(name={check!r}, points={points!r})
def {check}(env):
    holds({check!r}, env)
"""
# What an instructor writes who grades a class with Otter's own function.
LOOP = """
import sys
from otter.api import grade_submission
for path in sys.argv[2:]:
    print(grade_submission(path, sys.argv[1], quiet=True).total)
"""


@dataclass(frozen=True)
class Assignment:
    """An Otter assignment: its configuration, and submissions of its form."""

    archive: Path
    submissions: list[Path]

    def first(self, count: int) -> list[str]:
        """This many submissions, the same ones again when there are fewer."""
        return [str(self.submissions[n % len(self.submissions)]) for n in range(count)]


@dataclass(frozen=True)
class Otter:
    """An installed Otter."""

    python: Path
    version: str

    def assignment(self, school: School) -> Assignment:
        """The lesson's public checks around the same cells."""
        folder = school.folder / "otter"
        tests = folder / "tests"
        tests.mkdir(parents=True)
        trusted = load_lesson(school.course, LESSON)[LESSON]
        for exercise in trusted.exercises.values():
            public = [check for check in exercise.checks if not check.hidden]
            (tests / f"{exercise.name}.py").write_text(self._tests(school, exercise.name, public))
        lesson = school.course.lessons / LESSON  # Otter packs support files from where it runs
        self._call(
            *("generate", "-t", str(tests), "-o", str(folder / "autograder.zip")),
            *("--no-requirements", "--no-environment", "--no-config"),
            *(path.name for path in sorted(lesson.glob("*.*")) if path.suffix != ".ipynb"),
            cwd=lesson,
        )
        made = [self._submission(path, folder) for path in school.submissions]
        return Assignment(folder / "autograder.zip", made)

    def run_each(self, assignment: Assignment, count: int) -> None:
        """`otter run` for each of the first submissions."""
        folder = assignment.archive.parent
        for path in assignment.first(count):
            out = folder / "out"
            out.mkdir(exist_ok=True)
            (out / "results.json").unlink(missing_ok=True)
            self._call(
                *("run", "-a", str(assignment.archive), "-o", str(out), "--no-logo", path),
                cwd=folder,
            )
            if not (out / "results.json").is_file():
                raise RuntimeError(f"otter run graded nothing of {path}.")

    def run_in_one_process(self, assignment: Assignment, count: int) -> None:
        """Otter's own function for each of the first submissions."""
        done = subprocess.run(
            [self.python, "-c", LOOP, assignment.archive, *assignment.first(count)],
            cwd=assignment.archive.parent,
            capture_output=True,
            text=True,
            check=True,
        )
        totals = [float(line) for line in done.stdout.splitlines()]
        if len(totals) != count or not any(totals):
            raise RuntimeError(f"Otter gave {totals} for {count} submissions: {done.stderr[-500:]}")

    def _tests(self, school: School, exercise: str, checks: list[Check]) -> str:
        path = school.course.lessons / LESSON / "checks.py"
        cases = [CASE.format(check=check.name, points=check.points) for check in checks]
        return TESTS.format(exercise=exercise, path=str(path)) + "".join(cases)

    def _submission(self, folder: Path, into: Path) -> Path:
        """A submission with Otter's calls in the cells where ours stand."""
        notebook = nbformat.read(folder / f"{LESSON}.ipynb", as_version=4)
        for cell in notebook.cells:
            name = grade_id(cell)
            if name.endswith(CHECK_SUFFIX):
                cell.source = f"grader.check({name.removesuffix(CHECK_SUFFIX)!r})"
        notebook.cells.insert(0, nbformat.v4.new_code_cell(START))
        path = into / folder.parent.name / f"{LESSON}.ipynb"
        path.parent.mkdir()
        nbformat.write(notebook, path)
        return path

    def _call(self, *words: str, cwd: Path) -> None:
        subprocess.run(
            [self.python, "-m", "otter", *words], cwd=cwd, capture_output=True, check=True
        )


def install() -> Otter | str:
    """Otter in an environment that shares this one's packages; or why there is none."""
    python = HOME / "bin" / "python"
    try:
        if not python.is_file():
            _make(python)
        shown = subprocess.run(
            [python, "-c", f"from importlib import metadata; print(metadata.version({PACKAGE!r}))"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        text = getattr(error, "stderr", "") or str(error)
        return f"{PACKAGE} cannot be installed ({str(text).strip().splitlines()[-1]})"
    return Otter(python, shown.stdout.strip())


def _make(python: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", HOME], check=True, capture_output=True)
    try:
        [packages] = (HOME / "lib").glob("python*/site-packages")
        [ours] = (Path(sys.prefix) / "lib").glob("python*/site-packages")
        # Also what the course is installed with, and the course itself.
        (packages / "shared.pth").write_text(f"{ours}\n{ROOT}\n")
        subprocess.run(
            [python, *PIP, "--constraint", ROOT / "constraints.txt", PACKAGE],
            check=True,
            capture_output=True,
            text=True,
        )
    except BaseException:
        python.unlink(missing_ok=True)  # so that the next run tries again
        raise
