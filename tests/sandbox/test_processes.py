"""No other process can be seen, signalled or looked into, and none is left when a kernel ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)", "secret-argument"]


@pytest.fixture
def victim():
    """A process of the same user, with a secret in its environment."""
    process = subprocess.Popen(SLEEPER, env={**os.environ, "SECRET": "42"})
    yield process
    process.kill()
    process.wait()


def test_no_other_process_can_be_seen(kernel, value, victim):
    """Inside there are two processes: the guardian and the student's."""
    source = "import os\nsorted(int(name) for name in os.listdir('/proc') if name.isdecimal())"
    assert value(kernel.run_cell(source, 10)) == [1, 2]
    source = f"os.path.exists('/proc/{victim.pid}')"
    assert value(kernel.run_cell(source, 10)) is False


@pytest.mark.parametrize("which", ["kernel", "bare"])
def test_no_other_process_can_be_signalled(request, value, victim, processes_of, which):
    """Neither by its number nor by a signal to everybody; the warm parent and the judge live on."""
    kernel = request.getfixturevalue(which)
    others = [victim.pid, os.getpid(), *processes_of(kernel), 1]
    source = (
        "import os, signal\n"
        "signal.signal(signal.SIGUSR1, signal.SIG_IGN)\n"
        "def kill(pid):\n"
        "    try: os.kill(pid, signal.SIGUSR1); return pid == os.getpid()\n"
        "    except OSError: return True\n"
        f"all(kill(pid) for pid in {others})"
    )
    # A number from outside may by chance be one of the kernel's own inside: 1 and 2.
    assert value(kernel.run_cell(source, 10)) is True
    kernel.run_cell("kill(-1)", 10)
    assert victim.poll() is None
    assert value(kernel.run_cell("1", 10)) == 1


@pytest.mark.parametrize("which", ["kernel", "bare"])
def test_the_guardian_cannot_be_ended_stopped_or_looked_into(request, value, which):
    """The one process that is seen, our own, gives nothing away and takes no orders."""
    kernel = request.getfixturevalue(which)
    source = (
        "import os, signal\n"
        "guardian = os.getppid()\n"
        "def refused(attempt):\n"
        "    try: attempt(); return False\n"
        "    except OSError: return True\n"
        "[refused(lambda: os.kill(guardian, number)) for number in (9, 15, 19, 2)], "
        "[refused(lambda: open(f'/proc/{guardian}/{name}', 'rb').read(1)) for name in "
        "('environ', 'mem', 'maps', 'fd/3')]"
    )
    assert value(kernel.run_cell(source, 10)) == ([True] * 4, [True] * 4)


@pytest.mark.parametrize("which", ["kernel", "bare"])
def test_no_environment_but_its_own_can_be_read(request, value, victim, which, monkeypatch):
    """The secrets of the grader and of its user's other programs stay secret."""
    kernel = request.getfixturevalue(which)
    source = (
        "import os\n"
        "def read(pid, name):\n"
        "    try: return open(f'/proc/{pid}/{name}', 'rb').read()\n"
        "    except OSError: return b''\n"
        f"[read(pid, name) for pid in ({victim.pid}, {os.getpid()}, {os.getppid()}) "
        "for name in ('environ', 'cmdline')]"
    )
    assert value(kernel.run_cell(source, 10)) == [b""] * 6
    names = value(kernel.run_cell("sorted(os.environ)", 10))
    assert not [name for name in names if "SECRET" in name or "TOKEN" in name]


DAEMONS = """
import os, signal, time
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            while True: time.sleep(0.05)
        os._exit(0)
for _ in range(3): daemon()
time.sleep(0.2)
"""


@pytest.mark.parametrize("which", ["kernel", "bare"])
def test_daemons_end_with_their_kernel(request, processes_of, which, gone):
    """Processes that cut themselves loose and ignore every signal are gone after `close`."""
    kernel = request.getfixturevalue(which)
    before = processes_of(kernel)
    kernel.run_cell(DAEMONS, 10)
    after = processes_of(kernel)
    assert len(after) >= len(before) + 3
    kernel.close()
    assert gone(after)


@pytest.mark.parametrize("which", ["kernel", "bare"])
@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)", "os.abort()"])
def test_daemons_end_with_the_student_s_process(request, processes_of, which, end, gone):
    """Nobody can die and leave someone behind."""
    kernel = request.getfixturevalue(which)
    kernel.run_cell(DAEMONS, 10)
    pids = processes_of(kernel)
    kernel.run_cell(end, 10)
    assert gone(pids)


def test_shared_memory_ends_with_its_kernel(make, value):
    """POSIX shared memory is a kernel's own; System V's, which has no limit, is refused."""
    one = make()
    one.run_cell(
        "from multiprocessing import shared_memory\n"
        "memory = shared_memory.SharedMemory('left', create=True, size=4096)\n"
        "memory.buf[:2] = b'hi'",
        10,
    )
    system_v = "import ctypes, os\nctypes.CDLL(None).shmget(0x1234, 4096, 0o1666)"
    assert value(one.run_cell(system_v, 10)) == -1
    one.close()
    assert not Path("/dev/shm/left").exists()
    assert value(make().run_cell("import os\nos.listdir('/dev/shm')", 10)) == []


JUDGE = """
import os, signal, sys, time
from autograder.kernel import WarmParent
from autograder.kernel.processes import children
parent = WarmParent(without=sys.argv[2:])
kernels = [parent.kernel() for _ in range(2)]
for kernel in kernels: kernel.run_cell(sys.argv[1], 20)
pids = [parent.pid]
for pid in pids: pids += children(pid)
print(*pids, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("without", [[], ["namespaces"]])
def test_nothing_outlives_a_killed_grader(tmp_path, without, gone):
    """After kill -9 of the grader no process, no file and no shared memory is left."""
    shared = set(os.listdir("/dev/shm"))
    run = subprocess.run(
        [sys.executable, "-c", JUDGE, DAEMONS, *without],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    pids = [int(pid) for pid in run.stdout.split()]
    assert len(pids) >= 1 + 2 * (2 + 3)
    assert gone(pids)
    assert list(tmp_path.iterdir()) == []
    assert set(os.listdir("/dev/shm")) <= shared


def test_a_killed_warm_parent_takes_its_kernels_along(make, parent, processes_of, gone):
    """Nothing stays when the warm parent is killed, and the next kernel has a new one."""
    kernel = make()
    kernel.run_cell(DAEMONS, 10)
    pids = [parent.pid, *processes_of(kernel)]
    os.kill(parent.pid, signal.SIGKILL)
    assert gone(pids)
    assert make().alive
