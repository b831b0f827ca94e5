"""A student's process: forked from a warm parent, driven over a socket, gone without a trace.

The judge uses `WarmParent` and `StudentKernel`. Behind them, from the outside in:
`warm` starts the warm parent, `client` asks one kernel over a `link`, `outputs` puts its outputs
together; `parent` forks, `guardian` stays beside each fork and cleans up after it, `student` turns
the fork into the student's process in its `place`, and in it the `agent` runs cells in the `shell`.
What the process may see and take is the sandbox's business.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
_MODULES = ("errors", "warm", "client")


def __getattr__(name: str) -> Any:
    """Import on first use: who only starts a warm parent should not have to wait for torch."""
    if name in __all__:
        for module in _MODULES:
            found = import_module(f"{__name__}.{module}")
            if hasattr(found, name):
                return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
