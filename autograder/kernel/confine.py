"""What a student's process may not do. The sandbox has its place here."""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path


def confine(scratch: Path) -> list[str]:
    """Give up what a student's process must not have; returns the names of what now holds.

    Called in the forked process, before the student's first line, when every file but the
    connection is closed. `scratch` is the only folder that the process needs to write to.
    """
    os.umask(0o077)
    held = []
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        held.append("no core dumps")
    return held
