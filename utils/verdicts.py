"""What a check says about an exercise: the verdict and the evidence for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The ways in which a check can end."""

    PASSED = "passed"
    WRONG = "wrong"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    TOO_LARGE = "output too large"
    BLOCKED = "blocked"
    UNANSWERED = "unanswered"
    SKIPPED = "skipped"
    GRADER_FAULT = "grader fault"


@dataclass(frozen=True)
class Evidence:
    """What was called, what was expected and what came back.

    `expected_grid` and `got_grid` hold a small 2-D result as rows of numbers,
    so that the two can be drawn side by side.
    """

    call: str = ""
    expected: str = ""
    got: str = ""
    where: str = ""
    expected_grid: tuple[tuple[float, ...], ...] | None = None
    got_grid: tuple[tuple[float, ...], ...] | None = None


@dataclass(frozen=True)
class Verdict:
    """The judgement of one check.

    `points` of `out_of` were earned; `message` says what is wrong and what to do next;
    `misconception` is the name of the wrong solution that behaves in the same way;
    `note` says how the check ran, such as the device it ran on.
    """

    exercise: str
    check: str
    title: str
    kind: Kind
    points: float
    out_of: float
    message: str = ""
    misconception: str | None = None
    hidden: bool = False
    evidence: Evidence | None = None
    note: str = ""

    @property
    def passed(self) -> bool:
        return self.kind is Kind.PASSED

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; the evidence of a hidden check is left out."""
        data = asdict(self)
        if self.hidden:
            data["evidence"] = None
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Verdict:
        """The inverse of `to_dict`."""
        fields = dict(data)
        fields["kind"] = Kind(fields["kind"])
        if fields.get("evidence") is not None:
            evidence = dict(fields["evidence"])
            for name in ("expected_grid", "got_grid"):
                if evidence.get(name) is not None:
                    evidence[name] = tuple(tuple(row) for row in evidence[name])
            fields["evidence"] = Evidence(**evidence)
        return cls(**fields)


def total(verdicts: list[Verdict]) -> float:
    """The points earned, as nbgrader stores them: 0 ≤ total ≤ the points on offer."""
    return float(sum(verdict.points for verdict in verdicts))
