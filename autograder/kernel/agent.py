"""The agent in the student's process: runs cells and answers the judge's calls.

It speaks with the judge over one socket. A request is answered by exactly one reply with its
number; on the way a cell's outputs go out as events, each of which the judge acknowledges, so that
what was printed before a picture stays before it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any, NoReturn

from autograder.kernel import shell as shells
from autograder.wire import CAPS, Caps, Frames, TooLarge, Unsendable, encode
from utils.invoke import How, Reply, StudentError, describe_error
from utils.student import Handle, InProcess, Target

ERROR_TEXT = 20_000
SHALLOWEST_STACK = 1000


class Agent:
    """Serves one judge over `connection`, with the student's work in `shell`."""

    def __init__(
        self,
        connection: socket.socket,
        shell: shells.GradingShell,
        open_streams: Callable[[], None],
        caps: Caps = CAPS,
    ) -> None:
        self._caps = caps
        self._connection = connection
        self._shell = shell
        self._open_streams = open_streams
        self._frames = Frames(caps)
        self._objects = InProcess(shell.user_ns)
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._sending = False
        self._emitting = False
        self._budget = self._left = 0
        self._interruptible = False
        self._shielded = False
        self._interrupted = False
        self._ways = {"cell": self._run_cell, "invoke": self._invoke, "hold": self._hold}
        shells.connect(shell, self.emit)

    def serve(self) -> NoReturn:
        """Answer requests until the judge hangs up."""
        while True:
            request = self._receive()
            signal.signal(signal.SIGINT, self._on_interrupt)
            frame = self._answer(request)
            self._send(frame)

    def emit(self, kind: str, content: str) -> None:
        """Send one output of the running cell, and wait until the judge has taken it.

        Dropped: what comes between cells, from a forked process, from inside another `emit` (a
        signal handler's display), or beyond the cell's budget.
        """
        if not self._emitting or os.getpid() != self._pid:
            return
        with self._shield(), self._lock:
            if self._sending or not self._emitting:
                return
            self._sending = True
            try:
                kind, content = self._within_budget(kind, content)
                self._send(encode({"event": kind, "content": content}, self._caps))
                self._receive()
            finally:
                self._sending = False

    def _answer(self, request: dict[str, Any]) -> bytes:
        """The reply to a request, whatever the student's code does; may be interrupted."""
        number = request["id"]
        act = self._ways[request["op"]]
        try:
            self._interruptible = True
            try:
                _stay_workable()
                return encode({"id": number, **act(request)}, self._caps)
            finally:
                self._interruptible = False
        except BaseException as error:
            self._interruptible = False
            return encode({"id": number, "ok": False, "reply": _failed(error)})

    def _run_cell(self, request: dict[str, Any]) -> dict[str, Any]:
        if getattr(sys.stdout, "closed", False) or getattr(sys.stderr, "closed", False):
            self._open_streams()
        if self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        count = self._shell.execution_count
        self._left = self._budget = request["budget"]
        self._emitting = True
        try:
            ok = shells.run_cell(self._shell, self._loop, request["source"])
        finally:
            _flush()
            with self._shield(), self._lock:
                self._emitting = False
        return {"ok": ok, "count": count}

    def _invoke(self, request: dict[str, Any]) -> dict[str, Any]:
        self._objects.namespace = self._shell.user_ns
        target = Target(request["root"], request["path"])
        args, kwargs = self._objects_for((request["args"], request["kwargs"]))
        reply = self._objects.invoke(target, request["how"], args, kwargs)
        _flush()
        return {"ok": reply.error is None, "reply": _plain(reply)}

    def _hold(self, request: dict[str, Any]) -> dict[str, Any]:
        """Keep what the names stand for now; plain data is not kept, and stays unsaid."""
        self._objects.namespace = self._shell.user_ns
        replies = {}
        for name in request["names"]:
            try:
                found = self._objects.invoke(Target(name), How.GET, (), {})
            except Exception as error:  # an object of one exercise must not cost the others
                found = Reply(error=describe_error(error))
            value = found.value if isinstance(found.value, Handle) else None
            replies[name] = _plain(Reply(value, found.error))
        return {"ok": True, "replies": replies}

    def _objects_for(self, value: Any) -> Any:
        """An argument with every handle replaced by the object that it stands for."""
        if isinstance(value, Handle):
            return self._objects._find(Target(value))
        if isinstance(value, list | tuple):
            return type(value)(self._objects_for(item) for item in value)
        if isinstance(value, dict):
            return {key: self._objects_for(item) for key, item in value.items()}
        return value

    def _within_budget(self, kind: str, content: str) -> tuple[str, str]:
        if kind == "error":
            return kind, _shortened(content)
        if kind == "clear_output":
            self._left = self._budget
        if kind in ("clear_output", "capture"):
            return kind, content
        if len(content) > self._left:
            return "dropped", ""
        self._left -= len(content)
        return kind, content

    def _send(self, frame: bytes) -> None:
        try:
            self._connection.sendall(frame)
        except OSError:
            os._exit(1)

    def _receive(self) -> Any:
        while (message := self._frames.take()) is Frames.NOTHING:
            data = self._connection.recv(2**20)
            if not data:
                os._exit(0)
            self._frames.feed(data)
        return message

    def _on_interrupt(self, *_: Any) -> None:
        """A time limit has passed: stop the student's code, but never the agent's own."""
        if self._shielded:
            self._interrupted = True
        elif self._interruptible:
            raise KeyboardInterrupt

    @contextmanager
    def _shield(self) -> Iterator[None]:
        """Keep an interrupt waiting until a message is whole."""
        if threading.current_thread() is not threading.main_thread() or self._shielded:
            yield
            return
        self._shielded = True
        try:
            yield
        finally:
            self._shielded = False
            if self._interrupted:
                self._interrupted = False
                raise KeyboardInterrupt


def _plain(reply: Reply) -> dict[str, Any]:
    error = None if reply.error is None else asdict(reply.error)
    return {
        "value": reply.value,
        "error": error,
        "changed": reply.changed,
        "operators": reply.operators,
        "ran_on": reply.ran_on,
    }


def _failed(error: BaseException) -> dict[str, Any]:
    """A reply that says what stopped the call, even when the exception cannot describe itself."""
    if isinstance(error, Unsendable | TooLarge):  # ours: no line of the student's raised it
        return _plain(Reply(error=StudentError(type(error).__name__, str(error))))
    try:
        described = describe_error(error)
    except BaseException:
        described = StudentError("Exception", "an exception that cannot be shown")
    return _plain(Reply(error=described))


def _shortened(content: str) -> str:
    """An error's content, without the megabytes that a message of the student's may hold."""
    if len(content) <= ERROR_TEXT:
        return content
    error = json.loads(content)
    lines = [line[:ERROR_TEXT] for line in error["traceback"]][-40:]
    return json.dumps({**error, "evalue": error["evalue"][:ERROR_TEXT], "traceback": lines})


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with suppress(Exception):
            stream.flush()  # type: ignore[union-attr]


def _stay_workable() -> None:
    """Give the agent room to work where a cell has left hardly any stack."""
    if sys.getrecursionlimit() < SHALLOWEST_STACK:
        sys.setrecursionlimit(SHALLOWEST_STACK)
