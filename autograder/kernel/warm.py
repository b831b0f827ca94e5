"""Starts the warm parent and asks it for kernels."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO

import autograder
from autograder.kernel import processes
from autograder.kernel.client import KernelLimits, StudentKernel
from autograder.kernel.errors import KernelDied, KernelError
from autograder.kernel.link import Link
from autograder.wire import Frames, encode

START, FORK, STOP = 120.0, 20.0, 15.0  # seconds: to import torch on a busy machine, to fork, to end
PASSED_ON = (
    *("PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "HOME"),
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
}


class WarmParent:
    """A process with torch loaded that forks kernels, one `StudentKernel` for each submission.

    Starts with the first kernel (or `start`), is started again when it has died, and ends with
    `close` or with this process, together with all its kernels.
    Example: `with WarmParent() as parent, parent.kernel(files=lesson) as kernel: …`.
    """

    def __init__(self, scratch: Path | None = None) -> None:
        """`scratch` is the folder in which kernels get their scratch folders."""
        self._scratch = scratch
        self._lock = threading.RLock()
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._home: Path | None = None
        self._log: IO[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The warm parent's process, when it runs."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process is not None else None

    def start(self) -> None:
        """Start the process, if it does not run, and wait until it is warm."""
        with self._lock:
            self._start()

    def kernel(
        self,
        files: Path | None = None,
        limits: KernelLimits | None = None,
        seed: int | None = None,
    ) -> StudentKernel:
        """A new kernel in a scratch folder of its own, its working folder filled with `files`.

        `files` is a folder, such as a released lesson; the working folder gets its name and copies
        of its files. `seed` seeds the random generators, which are seeded at random without it.
        Raises `KernelDied` when no kernel starts, also on the second try.
        """
        with self._lock:
            try:
                return self._kernel(files, limits or KernelLimits(), seed)
            except KernelError:
                self._stop()
            return self._kernel(files, limits or KernelLimits(), seed)

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

    def _start(self) -> None:
        if self.pid is not None:
            return
        self._stop()
        self._home = Path(tempfile.mkdtemp(prefix="course-parent-"))
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the process runs)
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.kernel", str(theirs.fileno())],
                env=clean_environment(self._home),
                cwd=self._home,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,  # Ctrl-C in a terminal is for the grader alone
            )
        finally:
            theirs.close()
        self._control = ours
        try:
            self._wait_until_warm(ours)
        except BaseException:
            self._stop()
            raise

    def _wait_until_warm(self, control: socket.socket) -> None:
        frames = Frames()
        control.settimeout(START)
        try:
            while frames.take() is Frames.NOTHING:
                data = control.recv(4096)
                if not data:
                    raise KernelDied(f"the warm parent did not start: {self._last_words()}")
                frames.feed(data)
        except TimeoutError:
            raise KernelDied(f"the warm parent did not start within {START:g} s") from None

    def _last_words(self) -> str:
        if self._log is None:
            return ""
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip()[-2000:]

    def _kernel(self, files: Path | None, limits: KernelLimits, seed: int | None) -> StudentKernel:
        self._start()
        scratch = Path(tempfile.mkdtemp(prefix="course-kernel-", dir=self._scratch))
        work = scratch / ("work" if files is None else files.resolve().name)
        if files is not None:
            _copy_files(files, work)
        caps = asdict(limits.caps)
        order = {"scratch": str(scratch), "work": str(work), "seed": seed, "caps": caps}
        link = self._order_kernel(order, limits)
        kernel = StudentKernel(link, scratch, limits, self._end_guardian)
        try:
            kernel.wait_until_ready(FORK)
        except BaseException:
            kernel.close()
            raise
        return kernel

    def _order_kernel(self, order: dict, limits: KernelLimits) -> Link:
        """Send the order to fork, and the student's and the guardian's ends of four files."""
        assert self._control is not None
        student, students = socket.socketpair()
        guardian, guardians = socket.socketpair()
        (stdout, stdouts), (stderr, stderrs) = os.pipe(), os.pipe()
        files = [students.fileno(), guardians.fileno(), stdouts, stderrs]
        try:
            # When the parent has died, the kernel's sockets close, and that is noticed there.
            with contextlib.suppress(OSError):
                socket.send_fds(self._control, [encode(order)], files)
        finally:
            students.close()
            guardians.close()
            os.close(stdouts)
            os.close(stderrs)
        return Link(student, guardian, stdout, stderr, limits.caps)

    def _end_guardian(self, pid: int) -> None:
        """Have a guardian killed that does not answer; what it leaves falls to the parent."""
        with self._lock, contextlib.suppress(OSError):
            if self._control is not None:
                self._control.sendall(encode({"end": pid}))

    def _stop(self) -> None:
        """Hang up, which ends the process and its kernels; kill it when it takes too long."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(STOP)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._log is not None:
            self._log.close()
        if self._home is not None:
            processes.remove_tree(self._home)
        self._control = self._process = self._log = self._home = None


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of the warm parent: what it needs, and nothing that is nobody's business."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    programs = str(Path(sys.executable).parent)  # `!python` is this Python, without activation
    paths = {
        "PATH": os.pathsep.join((programs, passed.get("PATH", os.defpath))),
        "PYTHONPATH": str(Path(autograder.__file__).resolve().parents[1]),
        # Relative, so that what %store keeps lies in each kernel's own working folder.
        "IPYTHONDIR": ".ipython",
        "TMPDIR": str(home),
    }
    return {**passed, **SET, **paths}


def _copy_files(files: Path, work: Path) -> None:
    """Copy a folder's ordinary files; links and odd files stay where they are."""
    work.mkdir()
    for folder, _, names in os.walk(files):
        inside = work / Path(folder).relative_to(files)
        inside.mkdir(exist_ok=True)
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                shutil.copyfile(path, inside / name)
