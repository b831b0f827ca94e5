"""The shell that runs a student's cells: Jupyter's own, with its messages sent elsewhere.

Everything that shapes an output is ipykernel's: display hook, publisher, tracebacks, magics. Only
its way out is replaced, so that a graded notebook shows what it shows in JupyterLab.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import json
import os
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NoReturn

import comm
from comm.base_comm import BaseComm
from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError, UsageError
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from traitlets.config import Config

NO_INPUT = "a graded notebook cannot ask for input; write the value into the cell instead"
NO_WINDOWS = "a graded notebook has no windows; use %matplotlib inline"
PARENT = {"header": {"msg_id": "cell", "msg_type": "execute_request"}, "content": {}}

Emit = Callable[[str, str], None]


class GradingShell(ZMQInteractiveShell):
    """Jupyter's shell without a kernel around it."""

    def enable_gui(self, gui: Any = None) -> None:
        if gui not in (None, "inline", "agg", "widget"):
            raise UsageError(NO_WINDOWS)

    def system_piped(self, cmd: str) -> None:
        try:
            os.close(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
        except OSError:  # a sandbox without terminals
            self.system_raw(cmd)
        else:
            super().system_piped(cmd)

    system = system_piped

    def ask_exit(self) -> None:
        """`exit()` ends nothing: the cells after it still count."""


# Libraries know a notebook from a terminal by this name (rich, tqdm, matplotlib).
GradingShell.__name__ = ZMQInteractiveShell.__name__


class _Outbox(Session):
    """Takes what the shell would send to a front end and gives it to `emit` as JSON."""

    emit: Emit = staticmethod(lambda kind, content: None)

    def msg(self, msg_type: str, content: Any = None, *args: Any, **kwargs: Any) -> dict:  # type: ignore[override]
        header = {"msg_type": msg_type, "msg_id": "output"}
        return {"msg_type": msg_type, "header": header, "content": content or {}}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **kwargs: Any):  # type: ignore[no-untyped-def,override]
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["msg_type"], msg_or_type["content"]
        self.emit(msg_or_type, json.dumps(content, default=json_default))


class _Comm(BaseComm):
    """A widget's line to a front end that is not there.

    Only one thing is listened to: an Output widget that starts or stops catching outputs.
    """

    emit: Emit = staticmethod(lambda kind, content: None)

    def publish_msg(self, msg_type: str, data: Any = None, *args: Any, **kwargs: Any) -> None:
        state = data.get("state") if isinstance(data, dict) else None
        if msg_type == "comm_msg" and isinstance(state, dict) and "msg_id" in state:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            self.emit("capture", "true" if state["msg_id"] else "false")


def make_shell() -> GradingShell:
    """The one shell of this process: history off, no prompts, plots inline.

    Its outputs go nowhere until `connect` says where.
    """
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    # By ipykernel's file names tracebacks and inspect.getsource find a cell's lines.
    shell = GradingShell.instance(config=config, compiler_class=XCachingCompiler)
    outbox = _Outbox()
    hook: Any = shell.displayhook
    publisher: Any = shell.display_pub
    hook.session = publisher.session = outbox
    hook.topic = b"execute_result"
    shell.kernel = SimpleNamespace(
        shell=shell,
        session=outbox,
        eventloop=None,
        get_parent=lambda channel=None: PARENT,
    )
    comm.create_comm = _Comm
    refuse_input()
    return shell


def connect(shell: GradingShell, emit: Emit) -> None:
    """Send the shell's outputs to `emit(kind, content as JSON)` from now on."""
    shell.kernel.session.emit = emit
    _Comm.emit = staticmethod(emit)
    shell.kernel.comm_manager = comm.get_comm_manager()


def refuse_input() -> None:
    """Let `input()` and `getpass()` say why they cannot be answered."""

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise StdinNotImplementedError(NO_INPUT)

    builtins.input = refuse
    getpass.getpass = refuse


def run_cell(shell: GradingShell, loop: asyncio.AbstractEventLoop, source: str) -> bool:
    """Run a cell as ipykernel does, inside a running event loop; returns whether it went well."""
    shell.set_parent(PARENT)
    task = loop.create_task(_run(shell, source))
    try:
        return loop.run_until_complete(task)
    except KeyboardInterrupt:
        # It came while the cell was waiting: end what it waits for, and show that.
        task.cancel()
        return loop.run_until_complete(task)


async def _run(shell: GradingShell, source: str) -> bool:
    try:
        transformed, trouble = shell.transform_cell(source), None
    except Exception:
        transformed, trouble = source, sys.exc_info()
    options = {"transformed_cell": transformed, "preprocessing_exc_tuple": trouble}
    if shell.should_run_async(source, **options):
        result = None
        try:
            result = await shell.run_cell_async(source, store_history=True, **options)
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
    else:
        result = shell.run_cell(source, store_history=True)
    return bool(result.success) and not shell._last_traceback_during_displayhook
