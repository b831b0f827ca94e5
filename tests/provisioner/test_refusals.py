"""Where no confined kernel can be had, a client is told why, and never gets an unconfined one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jupyter_client.manager import KernelManager
from traitlets.config import Config

from autograder.kernel import WarmParent, provisioner
from autograder.kernel.provisioner import ipykernel_arguments, private_folder
from autograder.kernel.working_folder import TooMuch

STOCK = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]


def started(folder: Path, **settings) -> KernelManager:
    """A manager that has tried to start a kernel."""
    manager = KernelManager(kernel_name="python3", **settings)
    manager.start_kernel(cwd=str(folder))
    return manager


@pytest.fixture
def bare(monkeypatch):
    """A machine without namespaces, Landlock and seccomp."""
    with WarmParent(without=["namespaces", "landlock", "seccomp"]) as parent:
        monkeypatch.setattr(provisioner, "shared_parent", lambda: parent)
        yield parent


def test_a_machine_that_cannot_protect_gets_no_kernel(ours, bare, folder):
    """The missing protections and the remedy are named; nothing of the kernel is left."""
    manager = KernelManager(kernel_name="python3")
    with pytest.raises(RuntimeError, match=r"Missing: files: .*network: .*require = \[\]"):
        manager.start_kernel(cwd=str(folder))
    assert not Path(manager.connection_file).parent.exists()


def test_who_asks_for_no_protection_gets_a_kernel(ours, bare, folder):
    """`require = []` is the way out for people who are trusted."""
    manager = started(folder, config=Config({"CourseProvisioner": {"require": []}}))
    assert manager.is_alive()
    manager.shutdown_kernel(now=True)


def test_a_protection_that_does_not_exist_is_named(ours, folder):
    """A spelling mistake in the settings is no protection that holds."""
    with pytest.raises(ValueError, match="There is no protection 'fire'"):
        started(folder, config=Config({"CourseProvisioner": {"require": ["fire"]}}))


def test_a_warm_parent_that_does_not_start_is_reported(ours, monkeypatch, folder, tmp_path):
    """The reason is told with what the process said last, and what to do."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no torch here >&2\nexit 1\n")
    broken.chmod(0o700)
    with WarmParent() as parent, monkeypatch.context() as patch:
        patch.setattr(provisioner, "shared_parent", lambda: parent)
        patch.setattr(sys, "executable", str(broken))
        with pytest.raises(RuntimeError, match=r"(?s)no torch here.*course doctor"):
            started(folder)


def test_a_folder_that_is_too_large_is_refused(ours, folder):
    """A kernel would get a copy of it: the message says so, and how to allow more."""
    (folder / "large").write_bytes(bytes(2**21))
    config = Config({"CourseProvisioner": {"resources": {"scratch": 2**20}}})
    with pytest.raises(TooMuch, match=r"more than 1 MiB.* gets a copy of its folder.*resources"):
        started(folder, config=config)


def test_encryption_that_is_required_is_refused(ours, folder):
    """It is for networks; here are none, and silence would be a lie."""
    with pytest.raises(RuntimeError, match="private sockets"):
        started(folder, transport_encryption="required")


@pytest.mark.parametrize(
    "argv",
    [
        ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"],
        ["/usr/bin/python2", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        ["python", "-m", "bash_kernel", "-f", "{connection_file}"],
        [],
    ],
)
def test_another_kernel_is_refused(argv):
    """A kernel that is not this Python's ipykernel is never started unconfined."""
    with pytest.raises(RuntimeError, match='Choose the kernel "python3"'):
        ipykernel_arguments(argv, "Other")


@pytest.mark.parametrize("python", ["python", "python3", sys.executable])
def test_this_pythons_kernel_is_ours(python):
    """By every name of this Python, and with ipykernel's own options."""
    assert ipykernel_arguments([python, *STOCK[1:]], "Python 3") == []
    assert ipykernel_arguments([python, *STOCK[1:], "--matplotlib=inline"], "Python 3") == [
        "--matplotlib=inline"
    ]


def test_sockets_lie_where_their_paths_are_short(monkeypatch, tmp_path):
    """A long temporary folder would be too much for a socket's path."""
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    folder = private_folder()
    try:
        assert len(str(folder)) < 60
        assert folder.stat().st_mode & 0o077 == 0
    finally:
        folder.rmdir()
