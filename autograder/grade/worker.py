"""A worker of `course grade`: bytes of a submission in, judged notebooks out, as plain data.

Started as `python -m autograder.grade.worker FD`, where FD is a socket to the coordinator, or
forked by `nursery`. Every message is one JSON text. A worker never writes to the gradebook.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autograder.grade.jobs import unpack

Answerer = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


def main(fd: int) -> None:
    """Serve the coordinator until it hangs up."""
    alone()
    with Connection(fd) as connection:
        try:
            serve(connection, answer)
        finally:
            from autograder.judge import kernels

            kernels.close()


def alone() -> None:
    """Set up this process: one thread, and no Ctrl-C of the terminal's."""
    # One thread: a student's kernel is forked, and threads do not survive that.
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # The coordinator ends its workers; Ctrl-C in the terminal goes to all of them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def serve(connection: Connection, answer: Answerer) -> None:
    """Take the settings, then answer job after job until the other side hangs up."""
    try:
        settings = receive(connection)
        while True:
            send(connection, answer(settings, receive(connection)))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass


def prepare(settings: dict[str, Any]) -> int | None:
    """Load what every job needs, and start the warm parent of all kernels beside that: its pid.

    Raises `KernelDied` where there can be no kernels. What is wrong with the lesson is told with
    the first job.
    """
    from autograder.judge import kernels
    from autograder.judge.lesson import load_lesson
    from autograder.paths import Course

    kernels.warm_up(wait=False)
    from autograder.grade import finish  # noqa: F401  (loads nbgrader)
    from autograder.judge import judge  # noqa: F401

    with contextlib.suppress(Exception):
        load_lesson(Course(Path(settings["root"])), settings["lesson"])
    kernels.warm_up()
    return kernels.parent_pid()


def answer(settings: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """Judge one submission; a fault of our own is an answer too."""
    from autograder.intake import NotGradable

    try:
        return _judge(settings, job)
    except NotGradable as trouble:
        return {"not_gradable": str(trouble)}
    except Exception as error:
        return {
            "fault": f"{type(error).__name__}: {error}",
            "trace": traceback.format_exc(limit=20),
        }


def send(connection: Connection, message: dict[str, Any]) -> None:
    connection.send_bytes(json.dumps(message).encode())


def receive(connection: Connection) -> dict[str, Any]:
    """The next message; raises `EOFError` when the other side has hung up."""
    return dict(json.loads(connection.recv_bytes()))


def _judge(settings: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    from autograder.grade.blackbox import watched
    from autograder.grade.finish import finish
    from autograder.intake import parse
    from autograder.judge.judge import judge_notebook
    from autograder.judge.kernels import start_kernel
    from autograder.judge.lesson import load_lesson
    from autograder.judge.session import Limits
    from autograder.paths import Course

    course = Course(Path(settings["root"]))
    lesson = load_lesson(course, settings["lesson"])
    files, require = course.lessons / settings["lesson"], tuple(settings["require"])
    start = watched(partial(start_kernel, files, require))
    limits = Limits(**settings["limits"])
    notebooks, protections = {}, list[tuple[str, ...]]()
    for name, data in unpack(job["notebooks"]).items():
        submitted = parse(data, f"{name}.ipynb")
        found = judge_notebook(submitted, lesson[name], start, limits, settings["run_all"])
        notebooks[name] = finish(found.notebook, settings["steps"])
        protections.append(found.protections)
    return {"notebooks": notebooks, "protections": held_by_all(protections)}


def held_by_all(protections: list[tuple[str, ...]]) -> list[str]:
    """The protections that held for each notebook, in their own order."""
    first, *others = protections or [()]
    return [name for name in first if all(name in other for other in others)]


if __name__ == "__main__":
    main(int(sys.argv[1]))
