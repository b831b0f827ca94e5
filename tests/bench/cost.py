"""What a very large class costs, computed from what was measured in the same run."""

from __future__ import annotations

from tests.bench.measure import Section, table

STUDENTS = 10_000
WORKERS = (2, 8, 32, 128)
NEEDED = ("cluster computing", "coordinator CPU", "grading start", "MB written", "MB sent")


def cost(facts: dict[str, float]) -> list[Section]:
    """The section on a class of 10,000; nothing where a measurement is missing."""
    if not set(NEEDED) <= facts.keys():
        return []
    judge, write, start = (facts[name] for name in NEEDED[:3])
    rows = [
        (
            workers,
            f"{_seconds(workers, judge, write, start) / 60:.0f}",
            "the workers" if judge / workers > write else "the coordinator",
        )
        for workers in WORKERS
    ]
    text = (
        "T = S + N × max(c ÷ n, w), from the figures above:\n"
        f"N = {STUDENTS:,} submissions; S = {start:.1f} s start-up; c = {judge:.3f} s to judge a "
        f"submission on one Dask worker of one thread; w = {write:.3f} s for the coordinator to "
        "read and record one; n = workers, each on a core of its own as fast as one here.\n"
        f"That is {STUDENTS * judge / 3600:.1f} core-hours of judging, "
        f"{STUDENTS * facts['MB sent'] / 1000:.1f} GB sent to the workers, and "
        f"{STUDENTS * facts['MB written'] / 1000:.1f} GB of graded notebooks and gradebook.\n\n"
    )
    head = ("workers", "minutes", "limited by")
    return [Section(f"A class of {STUDENTS:,}", text + table(head, rows))]


def _seconds(workers: int, judge: float, write: float, start: float) -> float:
    return start + STUDENTS * max(judge / workers, write)
