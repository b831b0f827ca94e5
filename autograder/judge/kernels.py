"""Kernels for the judge, from the one warm parent that this process has or shares."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.intake import GraderFault
from autograder.kernel import StudentKernel
from autograder.kernel.warm import close_shared, shared_parent
from autograder.sandbox import DEFAULT_REQUIRED, missing, remedy, usual_view
from autograder.sandbox.probe import CODE
from utils.checks import check_files


class NotProtected(GraderFault):
    """This machine cannot hold what is required of it; the text says what to do."""


def start_kernel(files: Path, require: Sequence[str] = DEFAULT_REQUIRED) -> StudentKernel:
    """A fresh kernel whose working folder holds copies of `files`, a released lesson.

    Every kernel has the same seed, so that a submission is always judged in the same way.
    Raises `NotProtected` for a kernel that lacks one of the protections `require`, `GraderFault`
    when none can be started: neither is the student's doing.
    Example: `start_kernel(course.lessons / "01_convolution", require=("files", "network"))`.
    """
    try:
        kernel = shared_parent().kernel(files, seed=0, leave_out=left_out(files), another=True)
    except Exception as error:
        raise GraderFault(
            f"No kernel could be started ({type(error).__name__}: {error}). "
            "Run `course doctor` to see what is missing."
        ) from error
    try:
        _expect_protected(kernel, files, require)
    except BaseException:
        kernel.close()
        raise
    return kernel


def left_out(files: Path) -> tuple[str, ...]:
    """Files of a released lesson with expected values and hints: a graded kernel needs none."""
    return (*(path.name for path in check_files(files)), "feedback.json")


def warm_up(wait: bool = True) -> None:
    """Start the warm parent before it is needed; forks of this process use it too."""
    shared_parent().start(wait)


def parent_pid() -> int | None:
    """The warm parent's process, where this process has started one."""
    return shared_parent().pid


def close() -> None:
    """End the warm parent and every kernel of it."""
    close_shared()


def _expect_protected(kernel: StudentKernel, files: Path, require: Sequence[str]) -> None:
    lacking = missing(require, kernel.protections)
    if lacking:
        told = "; ".join(f"{name}: {remedy(name)}" for name in lacking)
        raise NotProtected(
            f"Graded code is not protected enough on this machine. Missing: {told} "
            "Or grade all the same, for people you trust: `course grade --require none`."
        )
    if "files" in require and usual_view(CODE).shows(files):
        raise NotProtected(
            f"The course lies in {files.parents[1]}, inside a folder of programs that graded code "
            "can read. Move it elsewhere, for example to a home folder."
        )
