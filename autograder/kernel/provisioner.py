"""A kernel provisioner for Jupyter: its kernels are forked from a warm parent, into the sandbox.

nbclient, nbconvert, nbgrader and JupyterLab use it without knowing. An instructor turns it on with
one line in `nbgrader_config.py` or `jupyter_server_config.py`; the kernel "python3" stays as it is:

    c.KernelProvisionerFactory.default_provisioner_name = "course-provisioner"
"""

from __future__ import annotations

import asyncio
import contextlib
import fnmatch
import json
import os
import shutil
import socket
import sys
import tempfile
import weakref
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Bool, Dict, List, Unicode

from autograder.kernel.errors import KernelError
from autograder.kernel.prompt_client import PROMPT
from autograder.kernel.warm import shared_parent
from autograder.sandbox import DEFAULT_REQUIRED, Resources, missing, remedy

if TYPE_CHECKING:
    from autograder.kernel.forked import ForkedKernel

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
LONGEST_PATH = 100  # bytes of a socket's path that every system takes
POLL = 0.005
PATIENCE = 2.0  # seconds for a kernel to leave by itself


class CourseProvisioner(KernelProvisionerBase):
    """Gives a Jupyter client an ipykernel that has torch loaded and is confined as a student's.

    The kernel works in a copy of the client's folder; files that a cell writes are copied back when
    the cell has ended.
    """

    require = List(
        Unicode(),
        list(DEFAULT_REQUIRED),
        help="The protections without which no kernel is started; see SECURITY.md.",
    ).tag(config=True)
    environment = List(
        Unicode(),
        ["NBGRADER_*"],
        help="Which variables of the client's environment a kernel gets, as shell patterns.",
    ).tag(config=True)
    resources = Dict(
        {"cpu": 12 * 3600},
        help="Limits of a kernel that are not the usual ones of `autograder.sandbox.Resources`.",
    ).tag(config=True)
    keep_files = Bool(True, help="Whether the files that a kernel writes are copied back.").tag(
        config=True
    )

    _kernel: ForkedKernel | None = None
    _private: Path | None = None

    @property
    def has_process(self) -> bool:
        return self._kernel is not None

    @property
    def protections(self) -> tuple[str, ...]:
        """The names of the protections that hold for the kernel."""
        return () if self._kernel is None else self._kernel.protections

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Check that the kernel is one of ours, and choose sockets in a private folder."""
        manager = self._manager
        command = self.kernel_spec.argv
        arguments = ipykernel_arguments(command, self.kernel_spec.display_name)
        arguments += kwargs.pop("extra_arguments", [])
        if manager.transport_encryption == "required":
            raise RuntimeError(
                "c.KernelManager.transport_encryption is 'required', but this kernel is talked to "
                "over private sockets, not over a network. Set it to 'auto'."
            )
        if self._private is None:
            self._private = private_folder()
            # Also where the client ends without a word.
            self._remove = weakref.finalize(self, shutil.rmtree, self._private, ignore_errors=True)
            manager.connection_file = str(self._private / "connection.json")
            manager.transport, manager.ip = "ipc", str(self._private / "kernel")
            for port, channel in enumerate(CHANNELS, 1):
                setattr(manager, f"{channel}_port", port)
            manager.client_factory = PROMPT.get(manager.client_factory, manager.client_factory)
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=arguments, **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        try:
            self._kernel = await asyncio.to_thread(self._fork, cmd, kwargs)
        except BaseException:
            await self.cleanup()
            raise
        return self.connection_info

    async def poll(self) -> int | None:
        return 0 if self._kernel is None else self._kernel.poll()

    async def wait(self) -> int | None:
        while (code := await self.poll()) is None:
            await asyncio.sleep(POLL)
        if self._kernel is not None:
            if code:  # in quotes: a student may have written the words
                self.log.info("The kernel ended with %s: %r", code, self._kernel.last_words())
            await asyncio.to_thread(self._kernel.close)
            self._kernel = None
        return code

    async def send_signal(self, signum: int) -> None:
        if self._kernel is not None:
            self._kernel.signal(signum)

    async def kill(self, restart: bool = False) -> None:
        if self._kernel is not None:
            self._kernel.end()

    async def terminate(self, restart: bool = False) -> None:
        await self.kill(restart)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Wait here for the kernel to leave: its manager would look only every 0.1 s."""
        for _ in range(int(PATIENCE / POLL)):
            if await self.poll() is not None:
                return
            await asyncio.sleep(POLL)

    async def cleanup(self, restart: bool = False) -> None:
        if self._kernel is not None:
            self._kernel.end()
            await self.wait()
        if not restart and self._private is not None:
            self._remove()
            self._private = None

    @property
    def _manager(self) -> KernelManager:
        assert isinstance(self.parent, KernelManager)
        return self.parent

    def _fork(self, arguments: list[str], options: dict[str, Any]) -> ForkedKernel:
        parent = shared_parent()
        parent.start(wait=False)
        from autograder.kernel.forked import Wishes, fork_kernel  # loads torch, while parent does

        folder = Path(options.get("cwd") or os.getcwd()).resolve()
        with ExitStack() as sockets:
            wishes = Wishes(
                folder,
                self.keep_files,
                Resources(**self.resources),
                [sockets.enter_context(listen(self._socket_path(name))) for name in CHANNELS],
                json.loads(Path(self._manager.connection_file).read_text()),
                arguments,
                self._environment(options["env"]),
            )
            try:
                kernel = fork_kernel(parent, wishes, self.log)
            except KernelError as error:
                raise RuntimeError(
                    f"No sandboxed kernel could be started: {error}. "
                    "Run `course doctor` to see what is missing."
                ) from error
        lacking = missing(self.require, kernel.protections)
        if lacking:
            kernel.close()
            told = "; ".join(f"{name}: {remedy(name)}" for name in lacking)
            raise RuntimeError(
                f"Kernels are not protected enough on this machine. Missing: {told} Or go without, "
                f"for people you trust: c.CourseProvisioner.require = []"
            )
        return kernel

    def _socket_path(self, channel: str) -> str:
        return f"{self._manager.ip}-{getattr(self._manager, f'{channel}_port')}"

    def _environment(self, client: dict[str, str]) -> dict[str, str]:
        """What a kernel sees of the client's environment, and what its specification sets."""
        return {
            name: value
            for name, value in client.items()
            if name in self.kernel_spec.env
            or any(fnmatch.fnmatchcase(name, pattern) for pattern in self.environment)
        }


def ipykernel_arguments(argv: list[str], name: str) -> list[str]:
    """What a kernel specification wants of ipykernel, but for the connection file.

    Raises `RuntimeError` for every kernel that is not the ipykernel of this Python.
    Example: `["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]` gives `[]`.
    """
    match argv:
        case [python, "-m", "ipykernel_launcher" | "ipykernel", *rest] if _is_this_python(python):
            return [word for word in rest if word != "-f" and "{connection_file}" not in word]
    raise RuntimeError(
        f"The kernel {name!r} is started by {' '.join(argv)!r}, and the course's sandbox has only "
        'this Python\'s ipykernel. Choose the kernel "python3", or let that one have '
        '"metadata": {"kernel_provisioner": {"provisioner_name": "local-provisioner"}} in its '
        "kernel.json; it is then not confined."
    )


def _is_this_python(command: str) -> bool:
    name, here = Path(command), Path(sys.executable).parent
    return command in ("python", "python3") or name.parent.resolve() == here.resolve()


def private_folder() -> Path:
    """A folder for sockets that nobody else can enter, with a path short enough for them."""
    folder = tempfile.mkdtemp(prefix="course-jupyter-")
    if len(os.fsencode(folder)) > LONGEST_PATH - len("/kernel-5"):
        os.rmdir(folder)
        folder = tempfile.mkdtemp(prefix="course-jupyter-", dir="/tmp")
    return Path(folder)


def listen(path: str) -> socket.socket:
    """A socket that listens at a path; what an earlier kernel left there goes."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(64)
    return listening
