"""Measure, print, and write BENCHMARKS.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.bench import calibrations, checks, floor, grading, growth, kernels, lessons, scaling
from tests.bench.aims import aims
from tests.bench.classes import School
from tests.bench.cost import cost
from tests.bench.measure import FULL, QUICK, Section, Sizes, machine
from tests.conftest import ROOT

PARTS: dict[str, Callable[[School, Sizes], Section]] = {
    "grading": grading.measure,
    "floor": floor.measure,
    "growth": growth.measure,
    "kernels": kernels.measure,
    "checks": checks.measure,
    "scaling": scaling.measure,
    "lessons": lessons.measure,
    "calibration": calibrations.measure,
}


def main() -> None:
    """What `python -m tests.bench` does."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument("parts", nargs="*", help=f"only these: {', '.join(PARTS)}")
    asked.add_argument("--quick", action="store_true", help="tiny sizes")
    asked.add_argument("--rounds", type=int, help="how often whole commands are measured")
    asked.add_argument("--output", type=Path, help="where to write (default: BENCHMARKS.md)")
    chosen = asked.parse_args()
    if unknown := set(chosen.parts) - PARTS.keys():
        asked.error(f"no such part: {', '.join(sorted(unknown))}")
    # nbgrader calls `alembic` and `jupyter` by name, also where no environment is activated.
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    whole = not chosen.parts and not chosen.quick and not chosen.rounds
    output = chosen.output or (ROOT / "BENCHMARKS.md" if whole else None)
    sizes = QUICK if chosen.quick else FULL
    sizes = replace(sizes, rounds=chosen.rounds or sizes.rounds)
    how = "make bench" if whole else f"python -m tests.bench {' '.join(sys.argv[1:])}"
    began, where = time.monotonic(), machine()
    with tempfile.TemporaryDirectory(prefix="course-bench-") as folder:
        school = School(Path(folder))
        sections: list[Section] = []
        for name in chosen.parts or PARTS:
            started = time.monotonic()
            sections.append(PARTS[name](school, sizes))
            print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)
            text = page(how, where, sections, (time.monotonic() - began) / 60)
            if output is not None:  # after each part, so that an interrupted run leaves something
                output.write_text(text, encoding="utf-8")
    print(text)


def page(how: str, where: str, sections: list[Section], minutes: float) -> str:
    """The whole file."""
    head = (
        "# Benchmarks\n\n"
        f"Written by `{how}` in {minutes:.0f} minutes; no number here is typed by hand.\n\n"
        f"{where}\n\n"
        "Times are wall-clock times: the median, with the least and the most in brackets."
    )
    facts = {name: value for section in sections for name, value in section.facts.items()}
    sections = [*sections, *cost(facts)]
    parts = [f"## {section.title}\n\n{section.text}" for section in sections]
    return "\n\n".join([head, *aims(facts), *parts]) + "\n"


if __name__ == "__main__":
    main()
