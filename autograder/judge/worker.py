"""A worker of `course grade`: bytes of a submission in, judged notebooks out, as plain data.

Started as `python -m autograder.judge.worker FD`, where FD is a socket to the coordinator. Every
message is one JSON text. A worker never writes to the gradebook.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
import traceback
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import nbformat


def main(fd: int) -> None:
    """Serve the coordinator until it hangs up."""
    # One thread: a student's kernel is forked, and threads do not survive that.
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # The coordinator ends its workers; Ctrl-C in the terminal goes to all of them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(fd) as connection:
        settings = receive(connection)
        try:
            while True:
                job = receive(connection)
                send(connection, answer(settings, job))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            pass
        finally:
            from autograder.judge import kernels

            kernels.close()


def answer(settings: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """Judge one submission; a fault of our own is an answer too."""
    from autograder.intake import NotGradable

    try:
        return {"notebooks": _judge(settings, job)}
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


def pack(notebooks: dict[str, bytes]) -> dict[str, str]:
    """A submission's notebooks as text for a message."""
    return {name: base64.b64encode(data).decode() for name, data in notebooks.items()}


def _judge(settings: dict[str, Any], job: dict[str, Any]) -> dict[str, str]:
    from autograder.intake import parse
    from autograder.judge.judge import judge_notebook
    from autograder.judge.kernels import start_kernel
    from autograder.judge.lesson import load_lesson
    from autograder.judge.session import Limits
    from autograder.paths import Course

    course = Course(Path(settings["root"]))
    lesson = load_lesson(course, settings["lesson"])
    start = partial(start_kernel, course.lessons / settings["lesson"])
    limits = Limits(**settings["limits"])
    judged = {}
    for name, text in job["notebooks"].items():
        submitted = parse(base64.b64decode(text), f"{name}.ipynb")
        found = judge_notebook(submitted, lesson[name], start, limits, settings["run_all"])
        judged[name] = nbformat.writes(found.notebook)
    return judged


if __name__ == "__main__":
    main(int(sys.argv[1]))
