"""A student's process: forked from a warm parent, driven over a socket, gone without a trace.

The judge uses `WarmParent` and `StudentKernel`. Behind them, from the outside in:
`warm` starts the warm parent, `client` asks one kernel over a `link`, `outputs` puts its outputs
together; `parent` forks, `guardian` stays beside each fork and cleans up after it, `student` turns
the fork into the student's process, `confine` takes its rights away, and in it the `agent` runs
cells in the `shell`.
"""

from autograder.kernel.client import CellResult, KernelLimits, Status, StudentKernel
from autograder.kernel.errors import KernelDied, KernelError, KernelTimeout
from autograder.kernel.warm import WarmParent

__all__ = [
    "CellResult",
    "KernelDied",
    "KernelError",
    "KernelLimits",
    "KernelTimeout",
    "Status",
    "StudentKernel",
    "WarmParent",
]
