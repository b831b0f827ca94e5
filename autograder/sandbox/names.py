"""The protections by name: what a kernel may be required to have, and what to do when it lacks one.

The names stand in every result, so that a mark says under which protections it was earned.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

FILES = "files"
NETWORK = "network"
PROCESSES = "processes"
SYSTEM_CALLS = "system calls"
MEMORY = "memory"
SCRATCH = "scratch size"
CPU = "cpu time"
IDENTITY = "identity"

MEANING = {
    FILES: "nothing can be read but Python, the system's programs and the lesson's own files",
    NETWORK: "nothing can be reached: no network, no local server, no socket",
    PROCESSES: "no other process can be seen or signalled, and none is left behind",
    SYSTEM_CALLS: "calls that honest notebooks never make are refused",
    MEMORY: "memory is limited",
    SCRATCH: "disk space is limited, and lies in memory of its own",
    CPU: "the processor's time is limited",
    IDENTITY: "the process is nobody: not root, no privileges, no name of this machine",
}
PROTECTIONS = tuple(MEANING)
DEFAULT_REQUIRED = (FILES, NETWORK)


def missing(required: Iterable[str], held: Iterable[str]) -> list[str]:
    """Those of `required` that do not hold, in their order.

    Raises `ValueError` for a name that is no protection.
    Example: `missing(("files", "network"), ("files",))` is `["network"]`.
    """
    required, held = tuple(required), set(held)
    for name in required:
        if name not in PROTECTIONS:
            raise ValueError(f"There is no protection {name!r}. Use: {', '.join(PROTECTIONS)}.")
    return [name for name in required if name not in held]


def remedy(name: str) -> str:
    """What to do so that this machine can hold a protection, in a sentence or two."""
    if name == IDENTITY:
        return f"Grade as an ordinary user instead of root, or: {user_namespaces_remedy()}"
    if name in (MEMORY, CPU):
        return "Grade on Linux: this system does not limit it."
    return user_namespaces_remedy()


def user_namespaces_remedy(root: Path = Path("/")) -> str:
    """How to allow user namespaces, from what this system forbids them with.

    `root` is where the system's folders are, for tests.
    """
    if not (root / "proc/sys").is_dir():
        return "Grade on Linux (5.13 or newer), where the sandbox is complete."
    for switch, off, on in (
        ("kernel.unprivileged_userns_clone", "0", "1"),
        ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
        ("user.max_user_namespaces", "0", "10000"),
    ):
        if _read(root / "proc/sys" / switch.replace(".", "/")) == off:
            return f"Allow user namespaces: `sudo sysctl -w {switch}={on}`."
    if any((root / mark).exists() for mark in (".dockerenv", "run/.containerenv")):
        flags = "seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"
        options = " ".join(f"--security-opt {flag}" for flag in flags)
        return f"Start the container so that it may use user namespaces: `docker run {options} …`."
    return "Use Linux 5.13 or newer with user namespaces, Landlock and seccomp switched on."


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
