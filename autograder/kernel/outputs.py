"""A cell's outputs, put together on the judge's side from what a student's process sends.

The rules are those of a notebook's front end: neighbouring prints join, `clear_output(wait=True)`
waits for the next output, and an update changes every display of its name, in earlier cells too.
Whatever arrives may be forged: it is made to fit the notebook format, or dropped.
"""

from __future__ import annotations

import codecs
import json
import re
import time
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.wire import ProtocolViolation

STREAMS = ("stdout", "stderr")
FLUSH_AFTER = 0.2  # seconds that ipykernel gathers prints before it sends them
MOST_JSON_ITEMS = 500_000
DEEPEST_JSON = 100
MOST_UPDATABLE = 100  # displays of one name
MOST_UPDATABLE_BYTES = 2**23  # of all displays with a name, in all cells
UTF8 = codecs.getincrementaldecoder("utf-8")
_JSON_TYPE = re.compile(r"application/(json|[\w.+-]+\+json)")


class Outputs:
    """The outputs of the cells of one kernel.

    `begin(budget)`, then `stream` and `event` as things arrive, then `finish()`, which returns the
    cell's outputs. What exceeds `budget` bytes is dropped, and `truncated` set.
    """

    def __init__(self) -> None:
        self._displays: dict[str, list[NotebookNode]] = {}
        self._updatable = MOST_UPDATABLE_BYTES
        self.begin(0)

    def begin(self, budget: int) -> None:
        """Start a new cell."""
        self.truncated = False
        self.received = 0
        self._outputs: list[NotebookNode] = []
        self._budget = self._left = budget
        self._clear_next = False
        self._captured = False
        self._pending: dict[str, list[str]] = {name: [] for name in STREAMS}
        self._pending_since = 0.0
        self._decoders = {name: UTF8("replace") for name in STREAMS}

    def stream(self, name: str, data: bytes) -> None:
        """Take bytes that were written to standard output or standard error."""
        self.received += len(data)
        self._clear_if_waiting()
        room = self._spend(len(data))
        if room <= 0:
            return
        text = self._decoders[name].decode(data[:room])
        if not any(self._pending.values()):
            self._pending_since = time.monotonic()
        elif time.monotonic() - self._pending_since > FLUSH_AFTER:
            self._flush()
        self._pending[name].append(text)

    def event(self, kind: str, content: str) -> None:
        """Take one output event; `content` is JSON. Raises `ProtocolViolation` for nonsense."""
        self.received += len(content)
        self._flush()
        if kind == "dropped":
            self.truncated = True
            return
        if content.count(",") + content.count("[") + content.count("{") > MOST_JSON_ITEMS:
            self.truncated = True  # to be read it would need many times its own memory
            return
        data = _parse(content)
        if kind == "capture":
            self._captured = data is True
        elif not isinstance(data, dict):
            raise ProtocolViolation("an output that is not an object")
        elif kind == "clear_output":
            self._clear(bool(data.get("wait")))
        elif kind in ("display_data", "execute_result", "update_display_data"):
            self._display(kind, data, len(content))
        elif kind == "error":
            self._append(_error(data))
        elif kind not in ("stream", "status", "comm_open", "comm_msg", "comm_close"):
            raise ProtocolViolation("an unknown kind of output")

    def finish(self) -> list[NotebookNode]:
        """The outputs of the cell that ends here."""
        for name, decoder in self._decoders.items():
            self._pending[name].append(decoder.decode(b"", final=True))
        self._flush()
        return self._outputs

    def _display(self, kind: str, data: dict[str, Any], size: int) -> None:
        node = _display(kind, data)
        name = _display_id(data)
        if name is not None:
            for known in self._displays.get(name, ()):
                known["data"], known["metadata"] = node["data"], node["metadata"]
        if kind == "update_display_data":
            return
        self._clear_if_waiting()
        if self._spend(size) < size:
            return
        self._append(node)
        if name is not None and not self._captured:
            self._remember(name, node, size)

    def _remember(self, name: str, node: NotebookNode, size: int) -> None:
        """Let later updates reach a display, within what one kernel's may cost."""
        known = self._displays.setdefault(name, [])
        if len(known) < MOST_UPDATABLE and size <= self._updatable:
            self._updatable -= size
            known.append(node)

    def _append(self, node: NotebookNode) -> None:
        self._clear_if_waiting()
        if not self._captured:
            self._outputs.append(node)

    def _clear_if_waiting(self) -> None:
        if self._clear_next:
            self._clear(wait=False)

    def _clear(self, wait: bool) -> None:
        if self._captured:
            return
        self._clear_next = wait
        if not wait:
            gone = set(map(id, self._outputs))
            for name, nodes in self._displays.items():
                self._displays[name] = [node for node in nodes if id(node) not in gone]
            self._outputs.clear()
            self._left = self._budget

    def _flush(self) -> None:
        """Turn gathered prints into outputs: standard output first, as ipykernel does."""
        for name in STREAMS:
            text = "".join(self._pending[name])
            self._pending[name].clear()
            if text and not self._captured:
                self._join(name, text)

    def _join(self, name: str, text: str) -> None:
        last = self._outputs[-1] if self._outputs else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self._outputs.append(from_dict({"output_type": "stream", "name": name, "text": text}))

    def _spend(self, size: int) -> int:
        """How much of `size` bytes still fits the budget."""
        room = min(size, self._left)
        self._left -= room
        self.truncated = self.truncated or room < size
        return room


def _parse(content: str) -> Any:
    try:
        data = json.loads(content, parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        raise ProtocolViolation("an output that is not JSON") from None
    if _is_deep(data):
        raise ProtocolViolation("an output nested too deep")
    return data


def _is_deep(data: Any) -> bool:
    """Whether JSON data nests deeper than what works on it may follow."""
    level = [data]
    for _ in range(DEEPEST_JSON):
        level = [
            item
            for value in level
            if isinstance(value, list | dict)
            for item in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return True


def _display(kind: str, data: dict[str, Any]) -> NotebookNode:
    bundle = data.get("data")
    metadata = data.get("metadata")
    node: dict[str, Any] = {
        "output_type": "execute_result" if kind == "execute_result" else "display_data",
        "data": _bundle(bundle if isinstance(bundle, dict) else {}),
        "metadata": _clean(metadata) if isinstance(metadata, dict) else {},
    }
    if kind == "execute_result":
        count = data.get("execution_count")
        node["execution_count"] = count if type(count) is int and 0 <= count < 2**31 else None
    return from_dict(node)


def _bundle(data: dict[str, Any]) -> dict[str, Any]:
    """A MIME bundle as the notebook format wants it: text, but for JSON types."""
    fits = {}
    for mime, value in data.items():
        if _JSON_TYPE.fullmatch(mime):
            fits[_text(mime)] = _clean(value)
        elif isinstance(value, str):
            fits[_text(mime)] = _text(value)
        elif isinstance(value, list) and all(isinstance(line, str) for line in value):
            fits[_text(mime)] = _text("".join(value))
    return fits


def _error(data: dict[str, Any]) -> NotebookNode:
    traceback = data.get("traceback")
    lines = traceback if isinstance(traceback, list) else []
    return from_dict(
        {
            "output_type": "error",
            "ename": _text(data.get("ename")),
            "evalue": _text(data.get("evalue")),
            "traceback": [_text(line) for line in lines],
        }
    )


def _display_id(data: dict[str, Any]) -> str | None:
    transient = data.get("transient")
    name = transient.get("display_id") if isinstance(transient, dict) else None
    return name if isinstance(name, str) else None


def _clean(value: Any) -> Any:
    """JSON data whose texts can all be written to a file."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_text(key): _clean(item) for key, item in value.items()}
    return value


def _text(value: Any) -> str:
    """A text without halves of characters, which no file could hold."""
    text = value if isinstance(value, str) else str(value)
    return text.encode("utf-8", "replace").decode()
