"""What graded code may see of this machine's disk: Python, programs, the course's own code.

The course's own folder is never on the list, nor is anybody's home, though Python may live in
either: then that one folder shows, alone in an empty one.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
# What the C library, fontconfig and TLS need; nothing that tells of users or of the network.
SETTINGS = (
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives"),
    *("/etc/fonts", "/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/protocols"),
    *("/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/ca-certificates"),
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
DEV = Path("/dev")
GPUS = ("nvidia*", "kfd", "dri")
GPU_MARKS = ("/dev/nvidiactl", "/dev/kfd")
PROCESSORS = "/sys/devices/system"


@dataclass(frozen=True)
class View:
    """Paths that graded code may read, and devices that it may use as well."""

    read: tuple[str, ...]
    devices: tuple[str, ...]

    def shows(self, path: Path) -> bool:
        """Whether a file or folder can be seen."""
        real = path.resolve()
        return any(real.is_relative_to(Path(seen).resolve()) for seen in self.read)


def usual_view(code: Path) -> View:
    """The view for this Python; `code` is the folder that holds `utils` and `autograder`."""
    packages = (str(code / name) for name in ("utils", "autograder"))
    system = ("/sys",) if has_gpu() else (PROCESSORS,)
    paths = (*SYSTEM, *_python(), *_libraries(), *packages, *SETTINGS, *system)
    gpus = (str(path) for pattern in GPUS for path in sorted(DEV.glob(pattern)))
    return View(_existing(paths), _existing((*DEVICES, *gpus)))


def has_gpu() -> bool:
    """Whether this machine has a graphics processor that torch could use."""
    return any(os.path.exists(mark) for mark in GPU_MARKS)


def _python() -> Iterator[str]:
    for prefix in (sys.base_prefix, sys.base_exec_prefix, sys.prefix, sys.exec_prefix):
        yield from (prefix, os.path.realpath(prefix))
    for kind in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield sysconfig.get_path(kind)
    yield os.path.dirname(os.path.realpath(sys.executable))


def _libraries() -> Iterable[str]:
    return filter(os.path.isabs, os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep))


def _existing(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that exist, each once, and none that lies in another folder of the list."""
    found: list[str] = []
    for path in sorted({os.path.normpath(path) for path in paths if os.path.exists(path)}):
        if not any(path.startswith(f"{seen}/") for seen in found if not os.path.islink(seen)):
            found.append(path)
    return tuple(found)
