"""However a kernel ends, the judge learns how, and nothing of it is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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


def test_a_daemon_ends_with_its_kernel(make, gone):
    """A process that cut itself loose by two forks and a session of its own is found and ended."""
    kernel = make()
    daemon = number(kernel.run_cell(DAEMON, 10))
    assert Path(f"/proc/{daemon}").exists()
    kernel.close()
    assert gone([daemon])


def test_a_daemon_ends_when_its_kernel_dies(kernel, gone):
    """The end of the student's process ends what it left, before the judge asks."""
    daemon = number(kernel.run_cell(DAEMON, 10))
    assert kernel.run_cell("import os; os._exit(0)", 10).status is Status.DIED
    assert gone([daemon])


def test_a_crowd_of_processes_ends_with_its_kernel(make, gone):
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
    kernel.close()
    assert gone(list(kernel.pids.values()))
    assert not [p for p in Path("/proc").glob("[0-9]*/cwd") if _lies_in(p, kernel.scratch)]


def _lies_in(link: Path, folder: Path) -> bool:
    try:
        return os.readlink(link).startswith(str(folder))
    except OSError:
        return False


def test_a_scratch_folder_goes_whatever_is_in_it(make):
    """Locked folders, endless nesting, links and pipes do not keep the folder alive."""
    kernel = make()
    source = (
        "import os, pathlib\n"
        "os.mkfifo('pipe'); os.symlink('/etc', 'link'); os.mkdir('locked'); os.mkdir('locked/in')\n"
        "os.chmod('locked', 0)\n"
        "for _ in range(1500): os.mkdir('d'); os.chdir('d')\n"
    )
    assert kernel.run_cell(source, 20).status is Status.OK
    kernel.close()
    assert not kernel.scratch.exists()
    assert Path("/etc/passwd").exists()


def test_a_link_in_place_of_the_scratch_folder_leads_nowhere(make, tmp_path):
    """A student who swaps the folder for a link to another does not have that one removed."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "marks").write_text("1.0")
    kernel = make()
    source = f"import os\nos.rename('{kernel.scratch}', '{tmp_path}/moved')\n"
    result = kernel.run_cell(source + f"os.symlink('{precious}', '{kernel.scratch}')", 10)
    assert result.status is Status.OK
    kernel.close()
    assert (precious / "marks").read_text() == "1.0"
    assert not kernel.scratch.is_symlink()


def test_a_killed_guardian_takes_its_kernel_along(kernel, gone):
    """When a student kills the guardian, the warm parent ends what it looked after."""
    daemon = number(kernel.run_cell(DAEMON, 10))
    result = kernel.run_cell("import os, time; os.kill(os.getppid(), 9); time.sleep(20)", 15)
    assert result.status is Status.DIED
    assert gone([daemon, *kernel.pids.values()])


def test_a_stopped_guardian_does_not_hold_up_the_judge(make, gone, monkeypatch):
    """When a student stops the guardian, closing the kernel still ends everything."""
    monkeypatch.setattr("autograder.kernel.client.CLOSING", 0.5)
    kernel = make()
    daemon = number(kernel.run_cell(DAEMON, 10))
    kernel.run_cell("import os, signal; os.kill(os.getppid(), signal.SIGSTOP)", 10)
    kernel.close()
    assert gone([daemon, *kernel.pids.values()])
    assert not kernel.scratch.exists()


def test_closing_twice_and_closing_a_dead_kernel_is_fine(make):
    """A judge may close in any state."""
    kernel = make()
    kernel.run_cell("import os; os._exit(1)", 10)
    kernel.close()
    kernel.close()


JUDGE = """
import os, signal, sys, time
from autograder.kernel import WarmParent
parent = WarmParent()
first = parent.kernel()
old = parent.pid
os.kill(old, signal.SIGKILL)
while parent.pid: time.sleep(0.01)
kernel = parent.kernel()
daemon = kernel.run_cell(sys.argv[1], 20).outputs[0]["data"]["text/plain"]
pids = [*first.pids.values(), old, parent.pid, daemon, *kernel.pids.values()]
print(*pids, kernel.scratch, parent._home)
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_nothing_outlives_a_killed_judge_and_a_dead_parent_is_replaced(gone):
    """After kill -9 of the warm parent a kernel still starts; after kill -9 of the judge all go."""
    run = subprocess.run(
        [sys.executable, "-c", JUDGE, DAEMON],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    *pids, scratch, home = run.stdout.split()
    assert len(pids) == 7
    assert gone([int(pid) for pid in pids], patience=10)
    assert not Path(scratch).exists()
    assert not Path(home).exists()


def test_a_warm_parent_that_cannot_start_says_why(monkeypatch, tmp_path):
    """The last words of a process that did not come up are in the error; its folder is gone."""
    monkeypatch.setattr("autograder.kernel.warm.SET", {"PYTHONHASHSEED": "nonsense"})
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(KernelDied, match="PYTHONHASHSEED"):
        WarmParent().kernel()
    assert list(tmp_path.iterdir()) == []
