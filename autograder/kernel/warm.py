"""Starts the warm parent and asks it for kernels."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

import msgpack

from autograder.kernel.errors import KernelDied, KernelError
from autograder.sandbox.probe import CODE

if TYPE_CHECKING:  # torch comes with them: here it is loaded when a kernel is made
    from autograder.kernel.client import KernelLimits, StudentKernel
    from autograder.kernel.link import Link

READY = msgpack.packb("ready")
START, FORK, STOP = 120.0, 20.0, 15.0  # seconds: to import torch on a busy machine, to fork, to end
PASSED_ON = (
    *("PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ"),
    *("LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES"),
)
SET = {
    # More than one thread in the parent would leave a child's next parallel operator hanging.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # asks for a GPU without touching CUDA before the fork
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONHASHSEED": "0",  # the same submission, the same order of its sets
    "PYTHONDONTWRITEBYTECODE": "1",
    # Relative, so that what %store keeps lies in each kernel's own working folder.
    "IPYTHONDIR": ".ipython",
}
_numbers = itertools.count()
_shared: WarmParent | None = None


@dataclass(frozen=True)
class _Kind:
    """What makes two kernels the same before their first cell."""

    work: str
    files: dict[str, bytes]
    limits: KernelLimits
    seed: int | None


class WarmParent:
    """A process with torch loaded that forks kernels, one `StudentKernel` for each submission.

    Starts with the first kernel (or `start`), is started again when it has died, and ends with
    `close` or with this process, together with all its kernels. Forks of this process may use it
    too; when it fails them, they start one of their own.
    Example: `with WarmParent() as parent, parent.kernel(files=lesson) as kernel: …`.
    """

    def __init__(self, without: Sequence[str] = ()) -> None:
        """`without` names mechanisms of the sandbox to leave out, see `sandbox.MECHANISMS`."""
        self._without = tuple(without)
        self._lock = threading.RLock()
        self._owner = os.getpid()
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._log: IO[bytes] | None = None
        self._warm = False
        self._prepared: tuple[int, _Kind, StudentKernel] | None = None

    @property
    def pid(self) -> int | None:
        """The warm parent's process, when it runs."""
        return self._process.pid if self._process is not None and self._runs() else None

    def start(self, wait: bool = True) -> None:
        """Start the process, if it does not run, and wait until it is warm, unless told not to."""
        with self._lock:
            self._start()
            if wait:
                self._wait_until_warm()

    def kernel(
        self,
        files: Path | None = None,
        limits: KernelLimits | None = None,
        seed: int | None = None,
        leave_out: Collection[str] = (),
        another: bool = False,
    ) -> StudentKernel:
        """A new kernel in a scratch folder of its own, its working folder filled with `files`.

        `files` is a folder, such as a released lesson; the working folder gets its name and copies
        of its files, but for those named in `leave_out`. `seed` seeds the random generators, which
        are seeded at random without it. With `another`, a second kernel of the same kind is made
        ready meanwhile, and the next such call has it at once.
        Raises `KernelDied` when no kernel starts, also on the second try.
        """
        from autograder.kernel.client import KernelLimits

        name = "work" if files is None else files.resolve().name
        contents = {} if files is None else read_files(files, leave_out)
        kind = _Kind(name, contents, limits or KernelLimits(), seed)
        with self._lock:
            try:
                kernel = self._ready(self._take_prepared(kind) or self._kernel(kind))
            except KernelError:
                self._stop()
                kernel = self._ready(self._kernel(kind))
            if another:
                self._prepared = os.getpid(), kind, self._kernel(kind)
            return kernel

    def order(self, order: Mapping[str, Any], files: Sequence[int]) -> None:
        """Have a kernel forked, see `make_order`, with its end of five files.

        They are the student's and the guardian's sockets, the pipes for the outputs, and the
        `packed` contents of the working folder. When no kernel comes of it, the sockets close.
        """
        with self._lock, contextlib.suppress(OSError):
            self._start()
            assert self._control is not None
            socket.send_fds(self._control, [msgpack.packb(dict(order))], files)

    def end_kernel(self, name: str) -> None:
        """Have a kernel killed whose guardian does not answer, by the name in its order."""
        with self._lock, contextlib.suppress(OSError):
            if self._control is not None:
                self._control.sendall(msgpack.packb({"end": name}))

    def close(self) -> None:
        """End the process and all its kernels."""
        with self._lock:
            self._stop()

    def __enter__(self) -> WarmParent:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _runs(self) -> bool:
        if self._owner != os.getpid():  # only its own parent can ask about a process
            return self._control is not None
        return self._process is not None and self._process.poll() is None

    def _start(self) -> None:
        if self._runs():
            return
        self._stop()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the process runs)
        self._control, theirs = socket.socketpair()
        program = [sys.executable, "-P", "-m", "autograder.warm_parent", str(theirs.fileno())]
        try:
            self._process = subprocess.Popen(
                [*program, *self._without],
                env=clean_environment(),
                cwd="/",
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,  # Ctrl-C in a terminal is for the grader alone
            )
        except BaseException:
            self._stop()
            raise
        finally:
            theirs.close()

    def _wait_until_warm(self) -> None:
        """Wait for the process to say that it is warm; it says so to its owner alone."""
        if self._warm or self._owner != os.getpid():
            return
        assert self._control is not None
        self._control.settimeout(START)
        try:
            if self._control.recv(len(READY)) != READY:
                raise KernelDied(f"the warm parent did not start: {self._last_words()}")
        except TimeoutError:
            raise KernelDied(f"the warm parent did not start within {START:g} s") from None
        self._warm = True

    def _last_words(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip()[-2000:]

    def _kernel(self, kind: _Kind) -> StudentKernel:
        """A kernel that will be ready soon."""
        from autograder.kernel.client import StudentKernel

        self.start()
        order = make_order(kind.work, kind.limits, kind.seed)
        link = self._order_kernel(order, kind.files, kind.limits)
        return StudentKernel(link, kind.limits, lambda: self.end_kernel(order["name"]))

    def _ready(self, kernel: StudentKernel) -> StudentKernel:
        try:
            kernel.wait_until_ready(FORK if self._warm else START)
        except BaseException:
            kernel.close()
            raise
        self._warm = True
        return kernel

    def _take_prepared(self, kind: _Kind) -> StudentKernel | None:
        """The kernel that was made ready before, if it is of the kind that is asked for."""
        if self._prepared is None:
            return None
        (owner, known, kernel), self._prepared = self._prepared, None
        if owner != os.getpid():  # the fork of a process has no part in what that one prepared
            return None
        if known == kind:
            return kernel
        kernel.close()
        return None

    def _order_kernel(
        self, order: dict[str, Any], files: Mapping[str, bytes], limits: KernelLimits
    ) -> Link:
        """Send the order to fork, with its end of everything that the link holds ours of."""
        from autograder.kernel.link import Link

        student, students = socket.socketpair()
        guardian, guardians = socket.socketpair()
        (stdout, stdouts), (stderr, stderrs) = os.pipe(), os.pipe()
        contents = packed(files)
        try:
            # When the parent has died, the kernel's sockets close, and that is noticed there.
            theirs = students.fileno(), guardians.fileno(), stdouts, stderrs, contents
            self.order(order, theirs)
        finally:
            students.close()
            guardians.close()
            for file in (stdouts, stderrs, contents):
                os.close(file)
        return Link(student, guardian, stdout, stderr, limits.caps)

    def _stop(self) -> None:
        """Hang up, which ends the process and its kernels; kill it when it takes too long.

        In a fork of its owner, only let go of it.
        """
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._owner == os.getpid():
            try:
                self._process.wait(STOP)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._log is not None:
            self._log.close()
        self._control = self._process = self._log = None
        self._prepared = None
        self._warm, self._owner = False, os.getpid()


def shared_parent() -> WarmParent:
    """The one warm parent of this process, and of its forks."""
    global _shared
    if _shared is None:
        _shared = WarmParent()
        atexit.register(close_shared)
    return _shared


def close_shared() -> None:
    """End the shared warm parent and every kernel of it."""
    global _shared
    if _shared is not None:
        parent, _shared = _shared, None
        parent.close()


def make_order(
    work: str, limits: KernelLimits, seed: int | None = None, role: str = "agent", **more: Any
) -> dict[str, Any]:
    """An order for `WarmParent.order`: a kernel with a working folder of the name `work`."""
    return {
        "name": f"kernel-{os.getpid()}-{next(_numbers)}",
        "role": role,
        "work": work,
        "seed": seed,
        "caps": asdict(limits.caps),
        "resources": asdict(limits.resources),
        **more,
    }


def clean_environment() -> dict[str, str]:
    """The environment of the warm parent: what it needs, and nothing that is nobody's business."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    programs = str(Path(sys.executable).parent)  # `!python` is this Python, without activation
    path = os.pathsep.join((programs, passed.get("PATH", os.defpath)))
    return {**passed, **SET, "PATH": path, "PYTHONPATH": str(CODE)}


def read_files(
    folder: Path, leave_out: Collection[str] = (), most: int | None = None
) -> dict[str, bytes]:
    """A folder's ordinary files by relative path; links and odd files stay where they are.

    Raises `ValueError` when they are more than `most` bytes together.
    """
    files: dict[str, bytes] = {}
    left = most
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if name in leave_out or path.is_symlink() or not path.is_file():
                continue
            if left is not None and (left := left - path.stat().st_size) < 0:
                raise ValueError(f"{folder} holds more than {most} bytes")
            files[str(path.relative_to(folder))] = path.read_bytes()
    return files


def packed(files: Mapping[str, bytes]) -> int:
    """An open file, without a name, that holds files for a kernel's working folder."""
    with tempfile.TemporaryFile() as file:
        file.write(msgpack.packb(dict(files)))
        file.flush()
        return os.dup(file.fileno())
