"""A student's process takes no more than it is given: memory, time, processes, files."""

from __future__ import annotations

import signal
import time

import pytest

from autograder.kernel import KernelDied, Status
from utils.invoke import How

MIB = 2**20


@pytest.mark.parametrize("bare", [False, True])
def test_a_crowd_that_fills_the_memory_is_out_of_memory(make, bare):
    """Processes that each stay below the limit are added up; the cause is told."""
    kernel = make(bare=bare, memory=300 * MIB)
    source = (
        "import os, time\n"
        "for _ in range(6):\n"
        "    if os.fork() == 0:\n"
        "        hog = b'x' * (100 * 2**20)\n"
        "        time.sleep(60)\n"
        "time.sleep(60)"
    )
    result = kernel.run_cell(source, 30)
    assert result.status is Status.OUT_OF_MEMORY
    assert result.reason == "it ran out of memory"


def test_a_call_that_fills_the_memory_says_so(make):
    """The judge's call ends with a death whose cause is the memory, said by our own side."""
    kernel = make(memory=200 * MIB)
    source = (
        "import os, time\n"
        "def f():\n"
        "    for _ in range(8):\n"
        "        if os.fork() == 0:\n"
        "            hog = b'x' * (100 * 2**20)\n"
        "            time.sleep(60)\n"
        "    time.sleep(60)"
    )
    kernel.run_cell(source, 10)
    with pytest.raises(KernelDied) as death:
        kernel.invoke("f", How.CALL, timeout=30)
    assert death.value.out_of_memory
    assert not death.value.blocked


def test_shared_memory_counts(make):
    """Memory that hides in anonymous mappings shared by children is found too."""
    kernel = make(memory=200 * MIB)
    source = (
        "import mmap, os, time\n"
        "for _ in range(3):\n"
        "    if os.fork() == 0:\n"
        "        hog = mmap.mmap(-1, 120 * 2**20)\n"
        "        for page in range(0, len(hog), 4096): hog[page] = 1\n"
        "        time.sleep(60)\n"
        "time.sleep(60)"
    )
    assert kernel.run_cell(source, 30).status is Status.OUT_OF_MEMORY


@pytest.mark.parametrize("bare", [False, True])
def test_one_process_gets_a_memory_error(make, refused, value, bare):
    """A list without end raises MemoryError in the student's own code, and the kernel lives on."""
    kernel = make(bare=bare, memory=400 * MIB)
    source = "hoard = []\nwhile True: hoard.append(bytearray(10**7))"
    assert refused(kernel.run_cell(source, 30)) == "MemoryError"
    source = "import torch\ndel hoard\ntorch.zeros(10**9)"
    assert refused(kernel.run_cell(source, 30)) == "RuntimeError"
    assert value(kernel.run_cell("1 + 1", 10)) == 2


def test_the_limit_cannot_be_raised(kernel, refused):
    """Neither soft limits beyond the hard ones, nor hard ones."""
    for name in ("AS", "NPROC", "NOFILE", "FSIZE", "CORE", "CPU"):
        source = (
            f"import resource as r\nlimit = r.RLIMIT_{name}\n"
            "soft, hard = r.getrlimit(limit)\nassert hard != r.RLIM_INFINITY\n"
            "r.setrlimit(limit, (hard + 1, hard + 1))"
        )
        assert refused(kernel.run_cell(source, 10)) in ("ValueError", "PermissionError"), name


def test_time_on_the_processor_runs_out(make):
    """A process that computes for longer than it may is told apart from one that hangs."""
    kernel = make(cpu=1)
    result = kernel.run_cell("while True: pass", 30)
    assert result.status is Status.DIED
    assert result.reason == "it used up its time on the processor"


def test_ignoring_the_signal_gains_a_second(make):
    """The second signal cannot be ignored."""
    kernel = make(cpu=1)
    source = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    began = time.monotonic()
    assert kernel.run_cell(source, 60).status is Status.DIED
    assert time.monotonic() - began < 40


def test_a_fork_bomb_is_bounded_and_ends(make, processes_of, gone):
    """A bomb cannot start more processes than it may have, and goes with its kernel."""
    kernel = make(processes=40)
    kernel.run_cell(
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        1.5,
    )
    pids = processes_of(kernel)
    assert len(pids) <= 40 + 2
    kernel.close()
    assert gone(pids)


def test_a_fork_bomb_without_namespaces_is_ended(make):
    """Where the system does not count a sandbox's processes, the guardian does."""
    kernel = make(bare=True, processes=40)
    source = "import os, time\nfor _ in range(200):\n    if os.fork() == 0: time.sleep(60)\n"
    result = kernel.run_cell(source + "time.sleep(60)", 30)
    assert result.status is Status.DIED
    assert result.reason == "it started too many processes"


def test_a_thread_bomb_is_bounded(make, refused):
    """Threads count as processes do."""
    kernel = make(processes=60)
    source = (
        "import threading, time\n"
        "for _ in range(500): threading.Thread(target=time.sleep, args=[30], daemon=True).start()"
    )
    assert refused(kernel.run_cell(source, 30)) == "RuntimeError"


def test_open_files_are_limited(make, refused):
    """A process cannot take all of the system's open files."""
    kernel = make(files=100)
    assert refused(kernel.run_cell("hoard = [open('/dev/null') for _ in range(200)]", 10)) == (
        "OSError"
    )


@pytest.mark.parametrize("which", ["kernel", "bare"])
def test_signals_to_oneself_have_their_usual_effect(request, make, which):
    """SIGTERM ends the process as it would anywhere, and the judge learns of it."""
    kernel = request.getfixturevalue(which)
    result = kernel.run_cell("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)", 10)
    assert result.status is Status.DIED
    assert str(signal.SIGTERM.name) in result.reason


def test_stopping_oneself_is_a_time_out(kernel):
    """A stopped process is ended when its time is over."""
    result = kernel.run_cell("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", 1)
    assert result.status is Status.TIMED_OUT
    assert not kernel.alive
