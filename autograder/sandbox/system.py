"""Linux's own calls that Python does not offer, each as one function that raises `OSError`."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys

LINUX = sys.platform == "linux"
MACHINE = platform.machine()
_LIBC = ctypes.CDLL(None, use_errno=True)

NEW_NS, NEW_CGROUP, NEW_UTS, NEW_IPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEW_USER, NEW_PID, NEW_NET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4

PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 4, 22, 24, 38
CAPABILITIES = 64  # more than any kernel has

_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_CLONE = {"x86_64": 56, "aarch64": 220}
_MOUNT_SETATTR = 442  # the same on every machine, as are all newer calls


def unshare(flags: int) -> None:
    """Leave the namespaces of these kinds for new ones."""
    _check(_LIBC.unshare(flags), "unshare")


def fork_into(namespaces: int) -> int:
    """As `os.fork`, with the child in new namespaces of these kinds.

    A new process namespace begins with the next fork after `unshare`; this does both in one, and a
    fork of a process with torch takes milliseconds. The process must have one thread.
    """
    api = ctypes.pythonapi
    api.PyOS_BeforeFork()
    # While Python's own preparations hold, nothing else may run: so the call keeps the lock.
    call = ctypes.PyDLL(None, use_errno=True).syscall
    pid = int(call(*map(_long, (_CLONE[MACHINE], namespaces | signal.SIGCHLD, 0, 0, 0, 0))))
    if pid == 0:
        api.PyOS_AfterFork_Child()
    else:
        api.PyOS_AfterFork_Parent()
    return _check(pid, "clone")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    texts = [text.encode() or None for text in (source, target, kind)]
    done = _LIBC.mount(*texts, ctypes.c_ulong(flags), options.encode() or None)
    _check(done, f"mount {target}")


def restrict_mount(target: str, attributes: int, recursive: bool = True) -> None:
    """Set attributes, such as read-only, on a mount and those below it."""
    values = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    path = target.encode()
    done = syscall(_MOUNT_SETATTR, AT_FDCWD, path, flags, ctypes.byref(values), 32)
    _check(done, f"mount_setattr {target}")


def change_root(folder: str) -> None:
    """Make a mounted folder the root, and let go of the old one."""
    if MACHINE not in _PIVOT_ROOT:
        raise OSError(f"the sandbox does not know this kind of processor: {MACHINE}")
    os.chdir(folder)
    # The old root comes to lie on top of the new one, from where it is taken away.
    _check(syscall(_PIVOT_ROOT[MACHINE], b".", b"."), "pivot_root")
    _check(_LIBC.umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")


def set_host_name(name: str) -> None:
    _check(_LIBC.sethostname(name.encode(), ctypes.c_size_t(len(name))), "sethostname")


def prctl(option: int, value: object = 0, extra: object = 0) -> None:
    _check(_LIBC.prctl(option, _long(value), _long(extra), 0, 0), f"prctl {option}")


def set_dumpable(on: bool) -> None:
    """Let processes of the same user look into this one, or not; decides who owns /proc/self."""
    prctl(PR_SET_DUMPABLE, int(on))


def give_up_privileges() -> None:
    """Drop every capability, for good: no program started from here can have one again."""
    for number in range(CAPABILITIES):
        if _LIBC.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0) != 0:
            break  # beyond the last one, or not privileged enough to have any
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _check(_LIBC.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)())), "capset")
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def syscall(number: int, *arguments: object) -> int:
    """Make a call by its number; -1 with ctypes' errno set when it fails."""
    return int(_LIBC.syscall(ctypes.c_long(number), *map(_long, arguments)))


def _long(value: object) -> object:
    return ctypes.c_long(value) if isinstance(value, int) else value


def _check(answer: int, what: str) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return answer
