"""However a kernel ends, the judge learns how, and nothing of it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from autograder.kernel import KernelDied, KernelTimeout, Status, WarmParent
from utils.invoke import How

ENDINGS = {
    "import os; os._exit(3)": "it left with exit code 3",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": "(SIGKILL)",
    "import ctypes; ctypes.string_at(0)": "(SIGSEGV)",
    "import os; os.abort()": "(SIGABRT)",
    "import os; os.close(3)": "exit code 1",
}

DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open('daemon.pid', 'w').write(str(os.getpid()))
        while True: time.sleep(1)
    os._exit(0)
while not os.path.exists('daemon.pid') or not open('daemon.pid').read(): time.sleep(0.01)
int(open('daemon.pid').read())
"""


def number(result):
    return int(result.outputs[0]["data"]["text/plain"])


@pytest.mark.parametrize("source", ENDINGS)
def test_a_cell_that_ends_the_process_is_told_with_its_outputs(kernel, source):
    """Exit code or signal is reported; what was printed before is kept; later calls say so."""
    result = kernel.run_cell(f"print('before')\n{source}", 10)
    assert result.status is Status.DIED
    assert ENDINGS[source] in result.reason
    assert result.outputs[0]["text"] == "before\n"
    assert not kernel.alive
    with pytest.raises(KernelDied):
        kernel.run_cell("1", 10)


def test_a_call_that_ends_the_process_is_told(kernel):
    """The judge learns the exit code, and that it was not the memory."""
    kernel.run_cell("import os\ndef f(): os._exit(7)", 10)
    with pytest.raises(KernelDied) as death:
        kernel.invoke("f", How.CALL)
    assert (death.value.code, death.value.out_of_memory) == (7, False)


STUBBORN = {
    "a loop that ignores interrupts": (
        "while True:\n    try:\n        while True: sum(range(99))\n    except BaseException: pass"
    ),
    "a stopped process": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "ignored signals": (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    ),
    "a coroutine that will not be cancelled": (
        "import asyncio\nwhile True:\n"
        "    try: await asyncio.sleep(9)\n    except BaseException: pass"
    ),
}


@pytest.mark.parametrize("source", STUBBORN.values(), ids=STUBBORN)
def test_what_does_not_react_to_an_interrupt_is_killed(kernel, source):
    """After the grace period the kernel ends, and the cell is a time-out."""
    started = time.monotonic()
    result = kernel.run_cell(f"print('before')\n{source}", 1.0)
    assert result.status is Status.TIMED_OUT
    assert result.outputs[0]["text"] == "before\n"
    assert not kernel.alive
    assert time.monotonic() - started < 10


def test_a_call_that_does_not_react_is_killed(kernel):
    """A time-out says whether the kernel lives on."""
    kernel.run_cell("def f():\n" + "    " + STUBBORN["ignored signals"].replace("\n", "\n    "), 10)
    with pytest.raises(KernelTimeout) as timeout:
        kernel.invoke("f", How.CALL, timeout=0.3)
    assert not timeout.value.alive


def test_a_daemon_ends_with_its_kernel(make, processes_of, gone):
    """A process that cut itself loose by two forks and a session of its own is found and ended."""
    kernel = make()
    before = processes_of(kernel)
    number(kernel.run_cell(DAEMON, 10))
    after = processes_of(kernel)
    assert len(after) == len(before) + 2  # the daemon, and the process that it left
    kernel.close()
    assert gone(after)


def test_a_daemon_ends_when_its_kernel_dies(kernel, processes_of, gone):
    """The end of the student's process ends what it left, before the judge asks."""
    number(kernel.run_cell(DAEMON, 10))
    pids = processes_of(kernel)
    assert kernel.run_cell("import os; os._exit(0)", 10).status is Status.DIED
    assert gone(pids)


def test_a_crowd_of_processes_ends_with_its_kernel(make, processes_of, gone):
    """Children that fork further children while they are being killed all go."""
    kernel = make()
    source = (
        "import os, time\n"
        "for _ in range(4):\n"
        "    if os.fork() == 0:\n"
        "        while True:\n"
        "            if os.fork() == 0: time.sleep(0.2); os._exit(0)\n"
        "            time.sleep(0.1)\n"
        "time.sleep(0.2)"
    )
    assert kernel.run_cell(source, 30).status is Status.OK
    pids = processes_of(kernel)
    assert len(pids) > 4
    kernel.close()
    assert gone(pids)


@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM])
def test_the_guardian_is_out_of_reach(kernel, signum):
    """A student who tries to end or stop the guardian is refused, and the kernel goes on."""
    source = f"import os\nos.kill(os.getppid(), {int(signum)})"
    assert kernel.run_cell(source, 10).outputs[-1]["ename"] == "PermissionError"
    assert number(kernel.run_cell("1", 10)) == 1


def test_a_killed_guardian_takes_its_kernel_along(kernel, processes_of, gone):
    """When the guardian comes to harm, nothing of the kernel goes on without it."""
    number(kernel.run_cell(DAEMON, 10))
    pids = processes_of(kernel)
    os.kill(pids[0], signal.SIGKILL)
    assert gone(pids)
    assert kernel.run_cell("1", 10).status is Status.DIED


def test_a_stopped_guardian_does_not_hold_up_the_judge(make, processes_of, gone):
    """A guardian that does not answer is killed when the kernel is closed."""
    kernel = make()
    number(kernel.run_cell(DAEMON, 10))
    pids = processes_of(kernel)
    os.kill(pids[0], signal.SIGSTOP)
    kernel.close()
    assert gone(pids)


def test_closing_twice_and_closing_a_dead_kernel_is_fine(make):
    """A judge may close in any state."""
    kernel = make()
    kernel.run_cell("import os; os._exit(1)", 10)
    kernel.close()
    kernel.close()


JUDGE = """
import os, signal, sys, time
from autograder.kernel import WarmParent
from autograder.kernel.processes import children
parent = WarmParent(without=sys.argv[2:])
first = parent.kernel()
old = parent.pid
before = [old]
for pid in before: before += children(pid)
os.kill(old, signal.SIGKILL)
while parent.pid: time.sleep(0.01)
kernel = parent.kernel()
kernel.run_cell(sys.argv[1], 20)
pids = [parent.pid]
for pid in pids: pids += children(pid)
pids += before
print(*pids)
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("without", [[], ["namespaces"]])
def test_nothing_outlives_a_killed_judge_and_a_dead_parent_is_replaced(gone, tmp_path, without):
    """After kill -9 of the warm parent a kernel still starts; after kill -9 of the judge all go."""
    run = subprocess.run(
        [sys.executable, "-c", JUDGE, DAEMON, *without],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    pids = [int(pid) for pid in run.stdout.split()]
    assert len(pids) == 3 + 5  # parent, guardian, student; once more, a daemon and who left it
    assert gone(pids, patience=10)
    assert list(tmp_path.iterdir()) == []


def test_a_warm_parent_that_cannot_start_says_why(monkeypatch, tmp_path):
    """The last words of a process that did not come up are in the error; its folder is gone."""
    monkeypatch.setattr("autograder.kernel.warm.SET", {"PYTHONHASHSEED": "nonsense"})
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(KernelDied, match="PYTHONHASHSEED"):
        WarmParent().kernel()
    assert list(tmp_path.iterdir()) == []
