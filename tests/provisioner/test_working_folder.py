"""A kernel works in a copy of the client's folder; what it writes comes home, and nowhere else."""

from __future__ import annotations

import logging
import os
import socket
import stat
from pathlib import Path

import msgpack
import pytest

from autograder.kernel.forked import work_name
from autograder.kernel.working_folder import Arrivals, Incoming, TooMuch, read_folder
from tests.provisioner.conftest import ask

MIB = 2**20


def test_a_kernel_finds_the_clients_files(start, folder):
    """Files beside the notebook, also in folders, can be read."""
    (folder / "data").mkdir()
    (folder / "data" / "numbers.txt").write_text("1 2 3")
    (folder / "helper.py").write_text("word = 'helped'")
    _, client = start()
    assert ask(client, "print(open('data/numbers.txt').read())") == "1 2 3"
    assert ask(client, "import helper; print(helper.word)") == "helped"


def test_written_files_come_home_when_their_cell_ends(start, folder):
    """New files, changed files and files in new folders are there, when the cell has ended."""
    (folder / "notes.txt").write_text("old")
    _, client = start()
    ask(
        client,
        "import os\nos.makedirs('a/b')\nopen('a/b/new.bin', 'wb').write(bytes(3 * 2**20))\n"
        "open('notes.txt', 'w').write('changed')\nopen('empty', 'w').close()",
    )
    assert (folder / "a" / "b" / "new.bin").read_bytes() == bytes(3 * MIB)
    assert (folder / "notes.txt").read_text() == "changed"
    assert (folder / "empty").read_bytes() == b""
    ask(client, "open('a/b/new.bin', 'w').write('shorter')")
    assert (folder / "a" / "b" / "new.bin").read_text() == "shorter"


def test_files_of_a_killed_kernel_stay(start, folder):
    """What finished cells have written is not lost with the kernel; no unfinished file is left."""
    manager, client = start()
    ask(client, "open('kept.txt', 'w').write('kept')")
    client.execute("import os; os._exit(1)")
    manager.shutdown_kernel(now=True)
    assert [path.name for path in folder.iterdir()] == ["kept.txt"]
    assert (folder / "kept.txt").read_text() == "kept"


def test_an_interrupted_cells_files_come_home(start, folder):
    """A cell that was stopped half-way has written what it has written."""
    manager, client = start()
    source = "open('half.txt', 'w').write('half')\nprint('running', flush=True)\nwhile True: pass"
    assert "KeyboardInterrupt" in ask(client, source, manager.interrupt_kernel)
    assert (folder / "half.txt").read_text() == "half"


def test_a_restarted_kernel_finds_its_files_again(start, folder):
    """The new kernel starts from the client's folder as it is now."""
    manager, client = start()
    ask(client, "open('made.txt', 'w').write('by the first')")
    manager.restart_kernel()
    client.wait_for_ready(timeout=60)
    assert ask(client, "print(open('made.txt').read())") == "by the first"


def test_files_stay_away_where_they_are_not_wanted(start, folder):
    """`keep_files = False` leaves the client's folder as it was."""
    from traitlets.config import Config

    config = Config({"CourseProvisioner": {"keep_files": False}})
    _, client = start(manager={"config": config})
    ask(client, "open('new.txt', 'w').write('x')")
    assert list(folder.iterdir()) == []


def test_links_are_neither_followed_nor_replaced(start, folder, tmp_path):
    """A link in the client's folder leads the kernel nowhere, and its target stays as it is."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (folder / "link.txt").symlink_to(secret)
    (folder / "elsewhere").symlink_to(tmp_path)
    _, client = start()
    assert ask(client, "import os; print(os.listdir())") == "[]"
    ask(client, "open('link.txt', 'w').write('overwritten')")
    assert secret.read_text() == "secret"
    assert (folder / "link.txt").is_symlink()


def test_links_that_a_kernel_makes_stay_with_it(start, folder):
    """Links and pipes are no files to be copied back."""
    _, client = start()
    ask(client, "import os\nos.symlink('/etc/passwd', 'link')\nos.mkfifo('pipe')")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name", [b"../x", b"/tmp/x", b"a/../../x", b"", b".", b"a//x", b"x\0", b"/".join([b"d"] * 40)]
)
def test_a_name_that_leads_elsewhere_is_refused(folder, name):
    """A hostile kernel cannot write outside of the client's folder."""
    arrivals = Arrivals(folder, MIB)
    with pytest.raises(ValueError, match="no file of the working folder"):
        arrivals.take(name, b"x", last=True)
    assert list(folder.iterdir()) == []
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_that_is_a_link_is_not_entered(folder, tmp_path):
    """Where the client's folder has a link to a folder, nothing is written through it."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "data").symlink_to(outside)
    with pytest.raises(OSError, match="data"):
        Arrivals(folder, MIB).take(b"data/x", b"x", last=True)
    assert list(outside.iterdir()) == []


def test_files_that_arrive_are_ordinary(folder):
    """A file that came from a kernel is not executable, and no longer a hard link to another."""
    original = folder.parent / "original"
    original.write_text("original")
    os.link(original, folder / "file")
    Arrivals(folder, MIB).take(b"file", b"new", last=True)
    assert (folder / "file").read_text() == "new"
    assert original.read_text() == "original"
    assert not (folder / "file").stat().st_mode & (stat.S_IXUSR | stat.S_ISUID)


def test_too_many_bytes_are_refused(folder):
    """A kernel cannot fill the client's disk."""
    arrivals = Arrivals(folder, 10)
    arrivals.take(b"a", b"123456", last=True)
    with pytest.raises(ValueError, match="more than"):
        arrivals.take(b"b", b"123456", last=True)
    assert [path.name for path in folder.iterdir()] == ["a"]


@pytest.mark.parametrize(
    "sent",
    [
        b"\xc1",
        msgpack.packb(1),
        msgpack.packb({"ready": 1}),
        msgpack.packb({"ready": []}) + msgpack.packb({"file": b"../x", "data": b"", "last": True}),
        msgpack.packb({"ready": []}) + msgpack.packb({"file": b"x", "data": "text", "last": True}),
        msgpack.packb({"ready": []}) + msgpack.packb({"file": b"x", "data": bytes(2**21)}),
    ],
)
def test_what_no_honest_kernel_sends_ends_the_line(folder, sent, caplog):
    """The client hangs up and says so; the folder stays as it was."""
    ours, theirs = socket.socketpair()
    incoming = Incoming(ours, folder, MIB, logging.getLogger())
    incoming.start()
    with theirs:
        theirs.sendall(sent)
        incoming.join(10)
    assert not incoming.is_alive()
    assert "No more files are taken" in caplog.text
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_too_large_is_refused(folder):
    """The reason names the folder and what to do, before everything has been read."""
    (folder / "large").write_bytes(bytes(2 * MIB))
    with pytest.raises(
        TooMuch, match=r"more than 1 MiB.*Start the notebook in a folder of its own"
    ):
        read_folder(folder, MIB)


def test_what_only_tools_need_is_not_copied(folder):
    """Histories and caches stay where they are."""
    for name in (".git", "__pycache__", ".ipynb_checkpoints"):
        (folder / name).mkdir()
        (folder / name / "file").write_text("x")
    (folder / "needed").write_text("x")
    assert read_folder(folder, MIB) == {"needed": b"x"}


@pytest.mark.parametrize(
    ("folder", "name"), [("/a/01_x", "01_x"), ("/", "work"), ("/tmp", "work"), ("/a/.b", "work")]
)
def test_the_working_folder_has_the_clients_name(folder, name):
    """But where it would stand in the way of the kernel's own folders."""
    assert work_name(Path(folder)) == name
