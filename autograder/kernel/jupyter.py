"""Turns a fork of the warm parent into a Jupyter kernel: ipykernel itself, on ready-made sockets.

The client has bound and listens on the kernel's five sockets before the kernel exists, and passes
them over the connection. So the kernel needs no network, no folder that both sides see, and no
client ever waits for it to bind.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

import comm
import zmq
from ipykernel import ipkernel, kernelapp
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.error import StdinNotImplementedError
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

from autograder.kernel.working_folder import Outgoing, tell, undisturbed

if TYPE_CHECKING:
    from autograder.kernel.shell import GradingShell
    from autograder.kernel.student import Place

# The debugger talks over TCP, which a confined kernel has not: let ipykernel find none.
sys.modules["debugpy"] = None  # type: ignore[assignment]
import ipykernel.debugger  # noqa: E402, F401

del sys.modules["debugpy"]

CHANNELS = 5
NO_INPUT = "this kernel's client answers no input(); write the value into the cell instead"
LEAVING = LAST_PRINTS = 1.0  # seconds
PID_ONE = 1  # ipykernel's word for "there is no parent to watch": the guardian does that


def become_jupyter_kernel(
    shell: GradingShell,
    place: Place,
    order: dict[str, Any],
    connection: socket.socket,
    held: Iterable[str],
) -> NoReturn:
    """Serve a Jupyter client until it ends the kernel.

    `order["connection"]` is the content of a connection file, `order["arguments"]` are ipykernel's
    command line arguments, `order["environment"]` is added to the environment.
    """
    _, sockets, _, _ = socket.recv_fds(connection, 1, CHANNELS)
    for listening in sockets:
        os.set_inheritable(listening, False)
    os.environ.update(order["environment"])
    tell(connection, {"ready": list(held)})
    _retire(shell)
    file = place.scratch / "connection.json"
    file.write_text(json.dumps(order["connection"]))
    app = ForkedKernelApp.instance(
        listening=dict(enumerate(sockets, 1)),
        files=Outgoing(place.work, connection),
        connection_file=str(file),
        parent_handle=PID_ONE,
        log_level="CRITICAL",
        config=Config({"HistoryManager": {"hist_file": ":memory:"}}),
    )
    app.initialize(order["arguments"])
    _let_go_of_streams()
    app.start()
    _leave(app)


def _leave(app: ForkedKernelApp) -> NoReturn:
    """End as Python ends: what the notebook registered with atexit is done."""
    # It may still answer the request to shut down, by the publisher that atexit stops.
    app.control_thread.stop()
    app.control_thread.join(LEAVING)
    atexit._run_exitfuncs()
    app.files.send_changed()
    os._exit(0)


class ForkedKernel(IPythonKernel):
    """ipykernel's kernel, which also sends home the files that a cell has written."""

    def start(self) -> None:
        super().start()
        # Without this an interrupt is noticed only when the loop wakes for another reason.
        self._woken, self._wake = socket.socketpair()
        for end in (self._woken, self._wake):
            end.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self.io_loop.add_handler(self._woken, _empty, IOLoop.READ)

    async def do_execute(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        reply = await super().do_execute(*args, **kwargs)
        app: Any = self.parent
        with undisturbed():
            _await_descriptors()
            app.files.send_changed()
        return reply

    def raw_input(self, prompt: str = "") -> str:
        with _clear_refusal():
            return super().raw_input(prompt)

    def getpass(self, *args: Any, **kwargs: Any) -> str:
        with _clear_refusal():
            return super().getpass(*args, **kwargs)


class ForkedKernelApp(IPKernelApp):
    """ipykernel's application, on sockets that listen already (`listening`, by "port")."""

    kernel_class = Type(ForkedKernel)
    listening: Any = AnyTrait()
    files: Any = AnyTrait()

    def _try_bind_socket(self, s: zmq.Socket, port: int) -> int:
        take_over(s, self.listening[port])
        return super()._try_bind_socket(s, port)

    def init_control(self, context: zmq.Context) -> None:
        super().init_control(context)
        # For the debugger, which needs a network; the path leads nowhere from here.
        self.debug_shell_socket.disconnect(self.shell_socket.getsockopt(zmq.LAST_ENDPOINT))

    def init_heartbeat(self) -> None:
        address = (self.transport, self.ip, self.hb_port)
        self.heartbeat = ReadyHeartbeat(zmq.Context(), address)
        self.heartbeat.listening = self.listening[self.hb_port]
        self.heartbeat.start()

    def init_gui_pylab(self) -> None:
        """Tie pyplot, which the warm parent has loaded, to this kernel's shell."""
        super().init_gui_pylab()
        from IPython.core.pylabtools import select_figure_formats
        from matplotlib_inline.backend_inline import configure_inline_support
        from matplotlib_inline.config import InlineBackend

        InlineBackend.clear_instance()
        configure_inline_support(self.shell, "inline")
        inline = InlineBackend.instance()
        select_figure_formats(self.shell, inline.figure_formats, **inline.print_figure_kwargs)


class LocalIOPub(IOPubThread):
    """ipykernel's publisher, to which forks of the kernel report by a socket file, not over TCP."""

    def _setup_pipe_in(self) -> None:
        self._pipe_uuid = os.urandom(16)
        self._pipe_address = f"ipc://{tempfile.mkdtemp()}/pipe"
        pipe = self.socket.context.socket(zmq.PULL)
        pipe.linger = 0
        pipe.bind(self._pipe_address)
        self._pipe_in = ZMQStream(pipe, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[zmq.Context, zmq.Socket]:
        context = zmq.Context()  # one of its own: the fork has no threads of its parent's
        pipe = context.socket(zmq.PUSH)
        pipe.linger = 3000
        pipe.connect(self._pipe_address)
        return context, pipe


class ReadyHeartbeat(Heartbeat):
    """ipykernel's heartbeat on a socket that listens already."""

    listening = -1

    def _try_bind_socket(self) -> None:
        take_over(self.socket, self.listening)
        super()._try_bind_socket()


def take_over(s: zmq.Socket, listening: int) -> None:
    """Let the next `bind` of `s` use a descriptor that is bound and listens."""
    s.setsockopt(zmq.USE_FD, listening)


def _retire(shell: GradingShell) -> None:
    """Make room for ipykernel's own shell, in a process that has one from the warm-up."""
    atexit.unregister(shell.atexit_operations)
    type(shell).clear_instance()
    comm.create_comm = ipkernel._create_comm
    kernelapp.IOPubThread = LocalIOPub  # type: ignore[misc]
    with contextlib.suppress(ImportError):
        import ipywidgets

        ipywidgets.register_comm_target()


def _let_go_of_streams() -> None:
    """Send ipykernel's copies of what is printed to the descriptors nowhere: nobody reads them."""
    with open(os.devnull, "wb") as nowhere:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere.fileno(), stream._original_stdstream_copy)  # type: ignore[union-attr]


def _await_descriptors() -> None:
    """Let ipykernel's threads take what was printed to the descriptors, while it is this cell's."""
    until = time.monotonic() + LAST_PRINTS
    for stream in (sys.stdout, sys.stderr):
        descriptor = getattr(stream, "_fid", None)
        while isinstance(descriptor, int) and select.select([descriptor], [], [], 0)[0]:
            if time.monotonic() > until:
                return
            time.sleep(0.001)


def _empty(reader: socket.socket, *_: int) -> None:
    reader.recv(4096)


@contextlib.contextmanager
def _clear_refusal() -> Iterator[None]:
    """Say in the words of a notebook's reader why `input()` is not answered."""
    try:
        yield
    except StdinNotImplementedError:
        raise StdinNotImplementedError(NO_INPUT) from None
