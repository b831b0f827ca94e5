"""What is said of a submission over which judging processes were lost: how, and at what."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT}


@dataclass(frozen=True)
class Loss:
    """How one process was lost: its exit code (minus a signal's number), its memory, its work.

    `peak` is in MB; `seconds` is set when it was ended because it took that long.
    """

    code: int | None = None
    peak: int | None = None
    doing: str = ""
    seconds: float | None = None

    @property
    def cause(self) -> str:
        """One of "time", "crash", "killed", "left", "unknown"."""
        if self.seconds is not None:
            return "time"
        if self.code is None:
            return "unknown"
        if self.code >= 0:
            return "left"
        return "crash" if -self.code in CRASHES else "killed"

    def __str__(self) -> str:
        memory = f", having used {self.peak} MB" if self.peak else ""
        doing = f", while {self.doing}" if self.doing else ""
        return f"{self._end()}{memory}{doing}"

    def _end(self) -> str:
        if self.seconds is not None:
            return f"{self.seconds:g} s were not enough"
        if self.code is None:
            return "it ended"
        if self.code >= 0:
            return f"it left with exit code {self.code}"
        name = ""
        with suppress(ValueError):
            name = f" ({signal.Signals(-self.code).name})"
        verb = "crashed with" if self.cause == "crash" else "was killed by"
        return f"it {verb} signal {-self.code}{name}"


def given_up(losses: Sequence[Loss]) -> dict[str, Any]:
    """The answer for a submission that was tried as often as it may be."""
    ends = "; then ".join(map(str, losses))
    return {
        "fault": f"The judging process was lost {len(losses)} times: {ends}. {_advice(losses)}",
        "evidence": {"losses": [{**asdict(loss), "cause": loss.cause} for loss in losses]},
    }


def _advice(losses: Sequence[Loss]) -> str:
    causes = {loss.cause for loss in losses}
    if causes == {"killed"}:
        return "Perhaps memory was short: grade this submission again, alone."
    if causes == {"time"}:
        return "Look at this submission, or raise c.Judge.notebook_seconds."
    return "Grade this submission again, alone; if it happens again, please report it."
