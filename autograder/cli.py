"""The `course` command: every task of an instructor or a self-learner, one command each.

Exit codes: 0 all is well, 1 something was found (a stale lesson, a failed check), 2 a wrong call or
a course that is not in order; the last line on stderr then says what to do; 130 for Ctrl-C.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.paths import Course, CourseError

app = typer.Typer(
    name="course",
    help="Build, teach and grade the notebook course on convolution and autoencoders.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
console = Console()
INTERRUPTED = 130

Lesson = Annotated[str, typer.Argument(help="A lesson's number or name, such as 01.")]
Lessons = Annotated[
    list[str] | None, typer.Argument(help="Lessons by number or name; all when none is given.")
]


def main() -> None:
    """Run the command line; a mistake that the user can mend becomes one line and exit code 2."""
    # nbgrader calls its tools (alembic, jupyter) by name, also when no venv is activated.
    tools = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join((tools, os.environ.get("PATH", "")))
    try:
        app()
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)
        sys.exit(2)


@app.command(epilog="Example: course build 01")
def build(
    lessons: Lessons = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when lessons/ is out of step.")
    ] = False,
) -> None:
    """Build solutions/ into lessons/, through nbgrader's generate_assignment."""
    from autograder.builder.release import build as build_lessons
    from autograder.builder.release import stale

    course = Course.find()
    names = _names(course, lessons)
    if check:
        problems = stale(course, names)
        for problem in problems:
            print(problem)
        if problems:
            print("Run `course build` and commit lessons/.", file=sys.stderr)
            raise typer.Exit(1)
        print("lessons/ is in step with solutions/.")
        return
    for line in str(build_lessons(course, names)).splitlines():
        print(line)


@app.command(epilog="Example: course lint 01")
def lint(
    lessons: Lessons = None,
    exercise: Annotated[
        str | None, typer.Option(help="Only this exercise of the lesson, quickly.")
    ] = None,
) -> None:
    """Hold every lesson against the course's standard."""
    from autograder.lint import lint as lint_lessons
    from autograder.lint import lint_exercise

    course = Course.find()
    names = _names(course, lessons)
    if exercise is None:
        problems = lint_lessons(course, names)
    elif len(names) == 1:
        problems = lint_exercise(course, names[0], exercise)
    else:
        raise CourseError("Name the exercise's lesson, such as: course lint 01 --exercise conv2d")
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} problem(s) found.", file=sys.stderr)
        raise typer.Exit(1)
    print(f"{exercise or 'Every lesson'} holds to the standard.")


@app.command(epilog="Example: course calibrate 02 --seeds 20")
def calibrate(
    lesson: Lesson,
    seeds: Annotated[int, typer.Option(min=2, help="How many seeds to measure.")] = 20,
) -> None:
    """Measure how sure the checks of a lesson's trained exercises are, and keep the table."""
    from autograder.calibrate import calibrate as measure

    course = Course.find()
    problems = measure(course, course.lesson(lesson), seeds=seeds)
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    print("Every threshold holds.")


@app.command(
    epilog="Example: course lab 01",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def lab(
    context: typer.Context,
    lesson: Annotated[str, typer.Argument(help="Open this lesson's notebook.")] = "",
) -> None:
    """Open JupyterLab at the lessons; other options are JupyterLab's own, such as --no-browser."""
    course = Course.find()
    place = "lessons"
    if lesson:
        name = course.lesson(lesson)
        place = f"lessons/{name}/{name}.ipynb"
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={course.root}"]
    command += [f"--LabApp.default_url=/lab/tree/{place}", *context.args]
    raise typer.Exit(subprocess.call(command, cwd=course.root))


@app.command(epilog="Example: course check 01")
def check(
    lesson: Lesson,
    notebook: Annotated[
        Path | None, typer.Option(help="The notebook to check; default: those in lessons/.")
    ] = None,
) -> None:
    """Run a lesson's public checks on a saved notebook."""
    from autograder.check import check_notebook
    from utils.render import as_text

    course = Course.find()
    name = course.lesson(lesson)
    passed = True
    for exercise, verdicts in check_notebook(course, name, notebook).items():
        print(as_text(exercise, verdicts), end="\n\n")
        passed = passed and all(verdict.passed for verdict in verdicts)
    if not passed:
        raise typer.Exit(1)


@app.command(epilog="Example: course simulate 01 --students 30 --seed 0")
def simulate(
    lesson: Lesson,
    students: Annotated[int, typer.Option(min=1, help="How many students.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed writes the same class.")] = 0,
    edges: Annotated[bool, typer.Option(help="Add broken and renamed submissions.")] = False,
) -> None:
    """Write a class of made-up submissions, and the marks that each must get."""
    from autograder.simulate import simulate as simulate_class

    course = Course.find()
    name = course.lesson(lesson)
    expected = simulate_class(course, name, students=students, seed=seed, edges=edges)
    print(f"{len(expected.students)} submissions written to classroom/submitted/.")


@app.command(epilog="Example: course grade 01 --workers 2")
def grade(
    lesson: Lesson,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 means one per core.")] = 0,
    student: Annotated[
        list[str] | None, typer.Option(help="Grade only this student; may be repeated.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is graded.")] = False,
    feedback: Annotated[bool, typer.Option(help="Write the students' feedback pages.")] = True,
    require: Annotated[
        str | None,
        typer.Option(help="Refuse to grade without these protections: files,network … or none."),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Grade on a Dask cluster, such as tcp://10.0.0.1:8786.")
    ] = None,
) -> None:
    """Grade every submission in classroom/submitted/ and write the gradebook."""
    from autograder.workflow import grade_class

    if cluster and workers:
        raise CourseError("--workers is for this machine; a cluster has its own. Leave one out.")
    course = Course.find()
    name = course.lesson(lesson)
    try:
        result = grade_class(
            course,
            name,
            console,
            workers=workers,
            students=student,
            force=force,
            pages=feedback,
            require=None if require is None else [part.strip() for part in require.split(",")],
            cluster=cluster,
        )
    except KeyboardInterrupt:  # also before there is anything to go on with
        raise typer.Exit(INTERRUPTED) from None
    print(f"See the marks with: course report {name[:2]}")
    if result.errors:
        raise typer.Exit(1)


@app.command(epilog="Example: course report 01")
def report(
    lesson: Lesson,
    output: Annotated[Path | None, typer.Option(help="Where to write the page.")] = None,
) -> None:
    """Show a class's marks, and write the class report as one HTML page."""
    from autograder.workflow import show_report

    course = Course.find()
    show_report(course, course.lesson(lesson), console, output)


@app.command(epilog="Example: course doctor")
def doctor() -> None:
    """Say what is installed and what is missing, with the remedy."""
    from autograder.doctor import doctor as examine

    raise typer.Exit(examine())


@app.command(epilog="Example: course demo")
def demo(
    students: Annotated[int, typer.Option(min=1, help="How many students.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed writes the same class.")] = 0,
) -> None:
    """Build the lessons, simulate a class, grade it with nbgrader and show the marks."""
    from autograder.demo import demo as run_demo

    raise typer.Exit(run_demo(Course.find(), console, students=students, seed=seed))


def _names(course: Course, lessons: list[str] | None) -> list[str]:
    return [course.lesson(name) for name in lessons] if lessons else course.lesson_names()


if __name__ == "__main__":
    main()
