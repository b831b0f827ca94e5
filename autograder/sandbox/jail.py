"""The jail of the warm parent: a root folder in memory that holds nothing but its view.

It is entered before torch is imported. So no fork of this process has ever held a file, a path or
a word of what lies outside.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox import system
from autograder.sandbox.view import View

HOME = "/home/student"
NOBODY = 65534
STUDENT = 1000  # who a student's process is, as it sees itself

FOLDERS = ("tmp", "proc", "dev/shm", "dev/pts", "root", HOME[1:])
LINKS = {
    "dev/fd": "/proc/self/fd",
    "dev/stdin": "/proc/self/fd/0",
    "dev/stdout": "/proc/self/fd/1",
    "dev/stderr": "/proc/self/fd/2",
    "dev/ptmx": "pts/ptmx",
}
TEXTS = {
    "etc/passwd": f"student:x:{STUDENT}:{STUDENT}::{HOME}:/bin/sh\n",
    "etc/group": f"student:x:{STUDENT}:\n",
    "etc/hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
OWN_SIZE = "size=4m,nr_inodes=4096,mode=0755"
TEMPORARY_SIZE = "size=64m,nr_inodes=4096,mode=1777"
READ_ONLY = system.ATTR_RDONLY | system.ATTR_NOSUID | system.ATTR_NODEV


def enter(view: View) -> None:
    """Make `view` all that this process and its children see of the disk, and become nobody.

    The process must have one thread.
    Raises `OSError` where the system does not allow it; the process is then of no use any more.
    """
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        system.unshare(system.NEW_NS)
    else:
        system.unshare(system.NEW_USER | system.NEW_NS)
        map_ids(user, user, group, group)
    system.mount("", "/", flags=system.MS_REC | system.MS_PRIVATE)
    _build(view)
    if user == 0:
        become_nobody()
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)


def map_ids(user: int, user_outside: int, group: int, group_outside: int) -> None:
    """Say who this process is in the user namespace that it has just come into."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user_outside} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group_outside} 1")


def become_nobody() -> None:
    """Give up being root; limits hold for nobody, not for root."""
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    system.set_dumpable(True)  # else its files in /proc would still be root's


def _build(view: View) -> None:
    read = references([path for path in view.read if not os.path.islink(path)])
    links = {path: os.readlink(path) for path in view.read if os.path.islink(path)}
    devices, proc = references(view.devices), references(["/proc"])
    # Any folder will do to build in: it is covered in this mount namespace alone.
    root = os.path.realpath(tempfile.gettempdir())
    flags = system.MS_NOSUID | system.MS_NODEV
    system.mount("tmpfs", root, "tmpfs", flags, OWN_SIZE)
    _furnish(root, links)
    system.mount("tmpfs", f"{root}/tmp", "tmpfs", flags, TEMPORARY_SIZE)
    show(read, root)
    show(devices, root, system.ATTR_NOSUID)
    show(proc, root, system.ATTR_NOSUID | system.ATTR_NODEV)
    system.change_root(root)
    system.restrict_mount("/", system.ATTR_RDONLY, recursive=False)


def _furnish(root: str, links: dict[str, str]) -> None:
    """Folders to mount on, links, and the few texts that name the one user there is."""
    for folder in FOLDERS:
        os.makedirs(f"{root}/{folder}", exist_ok=True)
    for path, target in {**LINKS, **links}.items():
        place = os.path.join(root, path.lstrip("/"))
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.symlink(target, place)
    for path, text in TEXTS.items():
        os.makedirs(os.path.dirname(f"{root}/{path}"), exist_ok=True)
        Path(root, path).write_text(text)


def references(paths: Iterable[str]) -> dict[str, int]:
    """Files and folders held open by path, for `show` when something else covers them."""
    return {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in paths}


def show(held: dict[str, int], root: str = "", attributes: int = READ_ONLY) -> None:
    """Mount files and folders at their own paths below `root`, and close the references."""
    for path, reference in held.items():
        place = root + path
        if stat.S_ISDIR(os.fstat(reference).st_mode):
            os.makedirs(place, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(place), exist_ok=True)
            Path(place).touch()
        flags = system.MS_BIND | system.MS_REC
        system.mount(f"/proc/self/fd/{reference}", place, flags=flags)
        system.restrict_mount(place, attributes)
        os.close(reference)
