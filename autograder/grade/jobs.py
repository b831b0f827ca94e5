"""What is judged, and who judges it: jobs, and the executors that answer them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

Answer = dict[str, Any]
"""What `worker.answer` returns: plain data, as JSON knows it."""


@dataclass(frozen=True)
class Job:
    """A submission to be judged: its student and the bytes of its notebooks by name."""

    student: str
    notebooks: dict[str, bytes]


class Executor(Protocol):
    """Judges jobs somewhere: in processes of this machine (`Pool`), or on many (`Cluster`).

    Jobs are taken as there is room for them, never all at once, and each gets exactly one answer:
    whoever was lost twice over a job answers `{"fault": …, "evidence": {…}}`.
    """

    def judge(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Answer]]:
        """The answer to every job, as they come."""
        ...

    def close(self) -> None:
        """Let go of all that judges, at once, also in the middle of `judge`."""
        ...


def plain(job: Job) -> dict[str, Any]:
    """A job as plain data for `worker.answer`, without the student's name: it plays no part."""
    return {"notebooks": pack(job.notebooks)}


def pack(notebooks: dict[str, bytes]) -> dict[str, str]:
    """A submission's notebooks as text for a message."""
    return {name: base64.b64encode(data).decode() for name, data in notebooks.items()}


def unpack(notebooks: dict[str, str]) -> dict[str, bytes]:
    """The inverse of `pack`."""
    return {name: base64.b64decode(text) for name, text in notebooks.items()}
