"""The room of one kernel inside the jail: namespaces and folders of its own.

`open_room` forks the room's first process, which calls `furnish`. When it ends, the system ends
every other process in the room, and the room with them.
"""

from __future__ import annotations

import os

from autograder.sandbox import system
from autograder.sandbox.jail import HOME, STUDENT, map_ids, references, show
from autograder.sandbox.view import View

HOST = "sandbox"
FILES = 20_000
COVERED = ("/tmp/", "/dev/shm/", f"{HOME}/")
HARMLESS = system.MS_NOSUID | system.MS_NODEV
EVERY_KIND = system.NEW_USER | system.NEW_NS | system.NEW_PID | system.NEW_NET
EVERY_KIND |= system.NEW_IPC | system.NEW_UTS | system.NEW_CGROUP


def open_room() -> int:
    """Fork a process into new namespaces of every kind; as `os.fork`, 0 in the child.

    There this user is a student, who may arrange things until `give_up_privileges`.
    """
    user, group = os.geteuid(), os.getegid()
    pid = system.fork_into(EVERY_KIND)
    if pid == 0:
        map_ids(STUDENT, user, STUDENT, group)
        system.set_host_name(HOST)
    return pid


def furnish(scratch: int, view: View) -> None:
    """Mount what is this room's own: home, temporary files, shared memory, terminals, /proc.

    `scratch` is the most bytes that files may take in home and /tmp, and again in shared memory.
    What `view` shows below any of these folders, such as a Python in /tmp, is shown again.
    """
    covered = references(path for path in view.read if path.startswith(COVERED))
    limits = f"size={scratch},nr_inodes={FILES}"
    system.mount("tmpfs", HOME, "tmpfs", HARMLESS, f"{limits},mode=0700")
    os.mkdir(f"{HOME}/tmp", 0o700)
    system.mount(f"{HOME}/tmp", "/tmp", flags=system.MS_BIND)
    system.mount("tmpfs", "/dev/shm", "tmpfs", HARMLESS, f"{limits},mode=1777")
    options = "newinstance,ptmxmode=0666,mode=0620"
    system.mount("devpts", "/dev/pts", "devpts", system.MS_NOSUID | system.MS_NOEXEC, options)
    show(covered)
    # Covers the machine's /proc, and shows this room's processes alone.
    flags = HARMLESS | system.MS_NOEXEC | system.MS_RDONLY
    system.mount("proc", "/proc", "proc", flags)
