"""Where one kernel lives, and under which limits: what becomes of an order to fork."""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgpack

from autograder.sandbox.jail import HOME
from autograder.sandbox.limits import Resources
from autograder.sandbox.shelter import Shelter
from autograder.wire import Caps


@dataclass(frozen=True)
class Place:
    """A kernel's folders as it sees them itself: its scratch folder, the working folder in it."""

    shelter: Shelter
    scratch: Path
    work: Path
    seed: int | None
    caps: Caps
    resources: Resources

    @property
    def room(self) -> bool:
        """Whether the kernel has a room of its own."""
        return self.shelter.rooms

    @property
    def writable(self) -> list[str]:
        """Every folder in which the kernel may write."""
        return [str(self.scratch), *(["/tmp"] if self.room else [])]

    def settle(self, contents: int) -> None:
        """Fill the working folder from the file `contents`, and move there."""
        (self.scratch / "tmp").mkdir(exist_ok=True)
        self.work.mkdir()
        for name, data in unpacked(contents).items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        os.chdir(self.work)

    @classmethod
    def of(cls, order: dict[str, Any], shelter: Shelter, home: Path) -> Place:
        """The place that an order asks for; `home` is where folders go that are in no room."""
        scratch = Path(HOME) if shelter.rooms else home / order["name"]
        return cls(
            shelter,
            scratch,
            scratch / order["work"],
            order["seed"],
            Caps(**order["caps"]),
            Resources(**order["resources"]),
        )


def unpacked(contents: int) -> dict[str, bytes]:
    """The files that the judge has packed, bytes by relative path; the judge is trusted."""
    with mmap.mmap(contents, 0, access=mmap.ACCESS_READ) as data:
        return dict(msgpack.unpackb(data, max_bin_len=len(data), max_map_len=len(data)))
