"""Jupyter clients whose kernels come from the course's provisioner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient
from nbformat import NotebookNode

NAME = "course-provisioner"


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every kernel of this test come from the course's provisioner."""
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", NAME)


Start = Callable[..., tuple[KernelManager, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which a client starts its kernels."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder


@pytest.fixture
def start(ours: None, folder: Path) -> Iterator[Start]:
    """Starts kernels in `folder`, with a client that has heard of them; ends them again."""
    started = []

    def start_kernel(**options: Any) -> tuple[KernelManager, Any]:
        manager = KernelManager(kernel_name="python3", **options.pop("manager", {}))
        manager.start_kernel(**{"cwd": str(folder), **options})
        client = manager.client()
        started.append((manager, client))
        client.start_channels()
        client.wait_for_ready(timeout=60)
        return manager, client

    yield start_kernel
    for manager, client in started:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def ask(
    client: Any,
    source: str,
    when_it_prints: Callable[[], None] = lambda: None,
    timeout: float = 30,
    **options: Any,
) -> str:
    """What a cell prints, or its error's name and text."""
    found = []

    def take(message: dict[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] == "stream":
            found.append(content["text"])
            when_it_prints()
        if message["msg_type"] == "error":
            found.append(f"{content['ename']}: {content['evalue']}")

    client.execute_interactive(source, timeout=timeout, output_hook=take, **options)
    return "".join(found).strip()


def run_notebook(sources: list[str], folder: Path, **options: Any) -> list[NotebookNode]:
    """The cells of a notebook that nbclient has run in `folder`."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        allow_errors=True,
        timeout=60,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute(**options)
    return notebook.cells
