"""Jupyter clients that wait for a kernel no longer than it takes.

The stock ones listen for 0.2 s after the kernel's last word, to be sure that it was the last. Here
the kernel's first answer and its "idle" are both waited for by number, which needs no pause.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.client import KernelClient
from jupyter_core.utils import ensure_async, run_sync

AGAIN = 0.5  # seconds after which a question is repeated that was asked before the kernel listened


class PromptClient(KernelClient):
    """What both kinds of client share."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        asked: set[str] = set()
        while not await self._answers(asked):
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > deadline:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    async def _answers(self, asked: set[str]) -> bool:
        """Ask once more; whether an answer came, and everything that was published with it."""
        asked.add(KernelClient.kernel_info(self))
        until = time.monotonic() + AGAIN
        try:
            reply = await self._next(self.shell_channel, asked, until)
            while reply["msg_type"] != "kernel_info_reply":
                reply = await self._next(self.shell_channel, asked, until)
            published = await self._next(self.iopub_channel, asked, until)
            while published["content"].get("execution_state") != "idle":
                published = await self._next(self.iopub_channel, asked, until)
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True

    async def _next(self, channel: Any, asked: set[str], until: float) -> dict[str, Any]:
        """The next message of a channel that answers one of our questions; raises `Empty`."""
        while True:
            left = max(until - time.monotonic(), 0)
            message = await ensure_async(channel.get_msg(timeout=left))
            if message["parent_header"].get("msg_id") in asked:
                return message


class PromptBlockingClient(PromptClient, BlockingKernelClient):
    wait_for_ready = run_sync(PromptClient._async_wait_for_ready)


class PromptAsyncClient(PromptClient, AsyncKernelClient):
    wait_for_ready = PromptClient._async_wait_for_ready


PROMPT = {
    BlockingKernelClient: PromptBlockingClient,
    AsyncKernelClient: PromptAsyncClient,
}
