"""The sandbox of graded code: what may be seen, called and taken, held by the operating system.

From the outside in: `view` says what of the disk may be seen, `jail` leaves the warm parent no more
than that, `room` gives each kernel namespaces and folders of its own, `landlock`, `seccomp` and
`limits` take away from the student's process what is left, and `watch` adds up what it takes.
`shelter` finds out which of these a machine offers and puts them together; `names` are what a
result says of it.
"""

from autograder.sandbox.limits import Resources
from autograder.sandbox.names import (
    CPU,
    DEFAULT_REQUIRED,
    FILES,
    IDENTITY,
    MEANING,
    MEMORY,
    NETWORK,
    PROCESSES,
    PROTECTIONS,
    SCRATCH,
    SYSTEM_CALLS,
    missing,
    remedy,
)
from autograder.sandbox.probe import probe
from autograder.sandbox.shelter import MECHANISMS, Shelter, take_shelter
from autograder.sandbox.view import View, usual_view

__all__ = [
    "CPU",
    "DEFAULT_REQUIRED",
    "FILES",
    "IDENTITY",
    "MEANING",
    "MECHANISMS",
    "MEMORY",
    "NETWORK",
    "PROCESSES",
    "PROTECTIONS",
    "SCRATCH",
    "SYSTEM_CALLS",
    "Resources",
    "Shelter",
    "View",
    "missing",
    "probe",
    "remedy",
    "take_shelter",
    "usual_view",
]
