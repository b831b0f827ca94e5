"""Landlock: a process gives up every file but some, TCP, and signals to strangers, for good.

Holds also where a container forbids namespaces. What is opened already stays open.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterable

from autograder.sandbox import system

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION, PATH_BENEATH = 1, 1
FIRST_WITH_SCOPES = 6

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many rights to files each version knows
MOST_FILE_RIGHTS = 16
TRUNCATE, IOCTL = 1 << 14, 1 << 15
ON_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
READ = EXECUTE | READ_FILE | READ_DIR


def version() -> int:
    """The version of the kernel's Landlock, 0 where there is none; asking changes nothing."""
    if not system.LINUX:
        return 0
    return max(system.syscall(CREATE_RULESET, None, 0, ASK_VERSION), 0)


def restrict(read: Iterable[str], write: Iterable[str]) -> None:
    """Leave this process what lies below `read`, to read and run, and all rights below `write`.

    Paths that do not exist are passed over. Needs `no_new_privs`.
    """
    abi = version()
    every = (1 << FILE_RIGHTS.get(abi, MOST_FILE_RIGHTS)) - 1
    tcp, abstract_sockets_and_signals = (0b11 if abi >= 4 else 0), 0b11
    attributes = (ctypes.c_uint64 * 3)(every, tcp, abstract_sockets_and_signals)
    size = 24 if abi >= FIRST_WITH_SCOPES else 16 if abi >= 4 else 8
    ruleset = _made(system.syscall(CREATE_RULESET, ctypes.byref(attributes), size, 0))
    try:
        for path in read:
            _allow(ruleset, path, READ & every)
        for path in write:
            _allow(ruleset, path, every)
        _made(system.syscall(RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                rights &= ON_A_FILE
            rule = rights.to_bytes(8, "little") + folder.to_bytes(4, "little")
            _made(system.syscall(ADD_RULE, ruleset, PATH_BENEATH, rule, 0))
        finally:
            os.close(folder)


def _made(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {os.strerror(number)}")
    return answer
