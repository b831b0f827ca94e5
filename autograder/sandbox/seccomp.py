"""seccomp: system calls that an honest notebook never makes are refused.

The filter is a small program for the kernel's packet filter: it looks at the number of a call and
at most at one argument, and says what happens. `assemble` writes it, `install` hands it in.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from collections.abc import Iterable

from autograder.sandbox import system

LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # places in what the kernel shows of a call

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE = 0x00050000 | errno.EPERM
UNKNOWN = 0x00050000 | errno.ENOSYS

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000  # a second set of numbers on x86_64, for which no rule here would hold
NEWEST = 461  # newer calls than this list knows are answered as an older kernel would
NEW_NAMESPACE = 0x7E020000
UNIX, INTERNET, INTERNET6 = 1, 2, 10
TIOCSTI, TIOCLINUX = 0x5412, 0x541C
ASK = 0xFFFFFFFF

# Each call with its numbers on x86_64 and aarch64; None where a machine does not have it.
REFUSED: dict[str, tuple[int | None, int | None]] = {
    # Looking into or steering another process.
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "perf_event_open": (298, 241),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # Another view of the files, other namespaces.
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "unshare": (272, 97),
    "setns": (308, 268),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    # Large parts of the kernel that nothing here needs.
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "_sysctl": (156, None),
    # Memory that no limit counts, and that outlives its maker.
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    # The machine itself: its clock, log, name, accounts.
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "acct": (163, 89),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
}
# Modes, owners and times of files, which Landlock leaves alone: where a path may lead to files of
# the same user's, nobody may touch them.
METADATA: dict[str, tuple[int | None, int | None]] = {
    "chmod": (90, None),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
}
# Calls with no innocent reading at all end the process.
FATAL: dict[str, tuple[int | None, int | None]] = {
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "iopl": (172, None),
    "ioperm": (173, None),
}
CLONE, CLONE3 = (56, 220), (435, 435)
SOCKET, SOCKETPAIR = (41, 198), (53, 199)
IOCTL, PERSONALITY = (16, 29), (135, 92)

_Op = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def available() -> bool:
    """Whether the kernel filters system calls.

    Setting no filter at all fails with "bad address" where filters exist, and changes nothing.
    """
    if not system.LINUX or system.MACHINE not in ARCHITECTURES:
        return False
    try:
        system.prctl(system.PR_SET_SECCOMP, 2, None)
    except OSError as error:
        return error.errno == errno.EFAULT
    return False


def assemble(in_room: bool, machine: str = system.MACHINE) -> bytes:
    """The filter for a kind of processor.

    With a network and files of its own, `in_room`, a process may use local and internet sockets and
    change files' modes and times; elsewhere nothing of that but pairs of connected sockets.
    """
    column = list(ARCHITECTURES).index(machine)
    families = (UNIX, INTERNET, INTERNET6) if in_room else ()
    refused = REFUSED if in_room else REFUSED | METADATA
    ops: list[_Op] = [
        (LOAD, 0, 0, ARCHITECTURE),
        *_unless(EQUAL, ARCHITECTURES[machine], KILL),
        (LOAD, 0, 0, NUMBER),
        *(_when(AT_LEAST, X32, KILL) if machine == "x86_64" else ()),
        *_when(AT_LEAST, NEWEST + 1, UNKNOWN),
        *_when(EQUAL, CLONE3[column], UNKNOWN),  # its flags cannot be read here; clone's can
        *_argument(CLONE[column], _when(HAS_BITS, NEW_NAMESPACE, REFUSE), ALLOW),
        *_argument(SOCKET[column], _each(families, ALLOW), REFUSE),
        *_argument(SOCKETPAIR[column], _each((UNIX,), ALLOW), REFUSE),
        *_argument(PERSONALITY[column], _each((ASK,), ALLOW), REFUSE),
        *_argument(IOCTL[column], _each((TIOCSTI, TIOCLINUX), REFUSE), ALLOW, which=1),
    ]
    for calls, answer in ((FATAL, KILL), (refused, REFUSE)):
        numbers = (numbers[column] for numbers in calls.values())
        ops += _each((number for number in numbers if number is not None), answer)
    ops.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *op) for op in ops)


def install(program: bytes) -> None:
    """Put this process and all its children under a filter, for good. Needs `no_new_privs`."""
    text = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(text))
    system.prctl(system.PR_SET_SECCOMP, 2, header)


def _when(test: int, operand: int, answer: int) -> list[_Op]:
    return [(test, 0, 1, operand), (RETURN, 0, 0, answer)]


def _unless(test: int, operand: int, answer: int) -> list[_Op]:
    return [(test, 1, 0, operand), (RETURN, 0, 0, answer)]


def _each(values: Iterable[int], answer: int) -> list[_Op]:
    return [op for value in values for op in _when(EQUAL, value, answer)]


def _argument(call: int, rules: list[_Op], otherwise: int, which: int = 0) -> list[_Op]:
    """For one call: rules about an argument's lower half, and what holds when none applies."""
    body = [(LOAD, 0, 0, ARGUMENTS + 8 * which), *rules, (RETURN, 0, 0, otherwise)]
    return [(EQUAL, 0, len(body), call), *body]
