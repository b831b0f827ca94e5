"""Solution regions: where they are, and what a student gets in their place."""

from __future__ import annotations

import re

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
# What nbgrader looks for, anywhere in a line, and what it writes instead (its own defaults).
NBGRADER_BEGIN = "BEGIN SOLUTION"
NBGRADER_END = "END SOLUTION"
CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


class RegionError(Exception):
    """A solution region that is not whole; `offset` counts lines from the cell's first."""

    def __init__(self, offset: int, problem: str, remedy: str):
        self.offset = offset
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem)


def find_regions(source: str) -> list[tuple[int, int]]:
    """The line numbers (from 0) of each region's two markers.

    Raises `RegionError` for a region left open, nested, closed without a start,
    or marked in a way that nbgrader would take for a marker.
    """
    regions = []
    start: int | None = None
    for number, line in enumerate(source.split("\n")):
        text = line.strip()
        if text == BEGIN:
            if start is not None:
                raise RegionError(number, "a region inside another", f"Write `{END}` first")
            start = number
        elif text == END:
            if start is None:
                raise RegionError(number, f"`{END}` without a start", f"Write `{BEGIN}` above it")
            regions.append((start, number))
            start = None
        elif NBGRADER_BEGIN in line or NBGRADER_END in line:
            remedy = f"Write `{BEGIN}` or `{END}` on a line of its own, or use other words"
            raise RegionError(number, "a line that nbgrader takes for a solution marker", remedy)
    if start is not None:
        raise RegionError(start, "a solution region left open", f"Close it with `{END}`")
    return regions


def stub(source: str) -> str:
    """The code cell as a student gets it, made in the way nbgrader makes it.

    >>> print(stub("def f():\\n    ### BEGIN SOLUTION\\n    return 1\\n    ### END SOLUTION"))
    def f():
        # YOUR CODE HERE
        raise NotImplementedError()
    """
    lines = source.split("\n")
    for start, end in reversed(find_regions(source)):
        indent = re.match(r"\s*", lines[start])
        assert indent is not None
        lines[start : end + 1] = [indent[0] + line for line in CODE_STUB.split("\n")]
    return "\n".join(lines)
