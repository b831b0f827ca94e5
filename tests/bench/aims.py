"""What the grader is meant to reach, and whether it did in this run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.grading import ALL, HOOKS, ONE
from tests.bench.measure import table

Holds = Callable[[float], bool]


@dataclass(frozen=True)
class Aim:
    """A number of the measurements and what it should be."""

    words: str
    fact: str
    holds: Holds
    unit: str = ""
    digits: int = 1


AIMS = (
    Aim("`course grade`, one worker: at least 20 × stock", f"{ONE} ratio", lambda x: x >= 20, " ×"),
    Aim("`course grade`, two cores: at least 40 × stock", f"{ALL} ratio", lambda x: x >= 40, " ×"),
    Aim("nbgrader with our hooks: at least 10 × stock", f"{HOOKS} ratio", lambda x: x >= 10, " ×"),
    Aim("every lesson: never slower than stock", "slowest lesson", lambda x: x >= 1, " ×"),
    Aim("above the floor: at most 0.12 s", "above the floor", lambda x: x <= 0.12, " s", 3),
    Aim(
        "thresholds of trained exercises: all hold",
        "thresholds that do not hold",
        lambda x: x == 0,
        " do not",
        0,
    ),
    Aim("time over class size: linear within 15 %", "bend", lambda x: abs(x) <= 15, " %"),
    Aim("each worker's memory: below 1 GiB", "worker MB", lambda x: x < 1024, " MB", 0),
    Aim(
        "the coordinator's memory: flat (the largest class at most 15 % above the smallest)",
        "coordinator growth",
        lambda x: x <= 15,
        " %",
    ),
)


def aims(facts: dict[str, float]) -> list[str]:
    """A table of the aims that this run can speak about; nothing where it can about none."""
    rows = [
        (
            aim.words,
            f"{facts[aim.fact]:.{aim.digits}f}{aim.unit}",
            "yes" if aim.holds(facts[aim.fact]) else "**no**",
        )
        for aim in AIMS
        if aim.fact in facts
    ]
    return ["## Aims\n\n" + table(("aim", "measured", "reached"), rows)] if rows else []
