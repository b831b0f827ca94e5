"""System calls that no honest notebook makes are refused, and everything a notebook does works."""

from __future__ import annotations

import errno
import platform
import struct

import pytest

from autograder.kernel import KernelDied, Status
from autograder.sandbox import seccomp
from utils.invoke import How

COLUMN = list(seccomp.ARCHITECTURES).index(platform.machine())
REFUSED = {
    name: numbers[COLUMN]
    for name, numbers in seccomp.REFUSED.items()
    if numbers[COLUMN] is not None
}
FATAL = {
    name: numbers[COLUMN] for name, numbers in seccomp.FATAL.items() if numbers[COLUMN] is not None
}
CALL = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    answer = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments or (0,) * 6))
    return ctypes.get_errno() if answer == -1 else 0
"""


@pytest.mark.parametrize("which", ["kernel", "bare"])
def test_dangerous_calls_are_refused(request, value, which):
    """Every call on the list answers "not permitted", whatever its arguments."""
    kernel = request.getfixturevalue(which)
    kernel.run_cell(CALL, 10)
    answers = value(kernel.run_cell(f"{{name: call(n) for name, n in {REFUSED}.items()}}", 10))
    assert answers == dict.fromkeys(REFUSED, errno.EPERM)


@pytest.mark.parametrize("name", FATAL)
def test_calls_without_an_innocent_reading_end_the_process(make, name):
    """Whoever loads a module or restarts the machine is ended, and that is what the judge says."""
    kernel = make()
    kernel.run_cell(CALL, 10)
    result = kernel.run_cell(f"call({FATAL[name]})", 10)
    assert result.status is Status.BLOCKED
    assert "blocked" in result.reason


def test_a_call_that_is_blocked_says_so(kernel):
    """The death of a judge's call tells that a system call was its cause."""
    kernel.run_cell(f"{CALL}\ndef f(): call({FATAL['reboot']})", 10)
    with pytest.raises(KernelDied) as death:
        kernel.invoke("f", How.CALL)
    assert death.value.blocked
    assert not death.value.out_of_memory


@pytest.mark.parametrize("which", ["kernel", "bare"])
def test_new_namespaces_are_refused_by_every_door(request, value, which):
    """unshare, clone with flags and clone3 give nobody a namespace, in which to be root again."""
    kernel = request.getfixturevalue(which)
    kernel.run_cell(CALL, 10)
    clone, clone3 = seccomp.CLONE[COLUMN], seccomp.CLONE3[COLUMN]
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
        answer = value(kernel.run_cell(f"call({clone}, {flag} | 17, 0, 0, 0, 0)", 10))
        assert answer == errno.EPERM, hex(flag)
    assert value(kernel.run_cell(f"call({clone3})", 10)) == errno.ENOSYS
    assert value(kernel.run_cell("call(5000)", 10)) == errno.ENOSYS


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x86_64 has a second door")
def test_the_second_set_of_numbers_is_closed(make):
    """Calls by x32's numbers, for which no rule holds, end the process."""
    kernel = make()
    kernel.run_cell(CALL, 10)
    assert kernel.run_cell(f"call({seccomp.X32 + 39})", 10).status is Status.BLOCKED


@pytest.mark.parametrize("which", ["kernel", "bare"])
def test_nobody_is_root(request, value, which):
    """No privilege is left, and none can be had from a program that gives some."""
    kernel = request.getfixturevalue(which)
    source = "dict(line.split(':', 1) for line in open('/proc/self/status').read().splitlines())"
    status = value(kernel.run_cell(source, 10))
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, name
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2"


def test_the_process_is_nobody_in_particular(kernel, value):
    """User and machine have names of their own, not this machine's."""
    source = "import getpass, os, pwd, socket\n"
    source += "os.getuid(), os.getgid(), os.getgroups(), pwd.getpwuid(os.getuid()).pw_name, "
    source += "socket.gethostname()"
    found = value(kernel.run_cell(source, 10))
    assert found == (1000, 1000, found[2], "student", "sandbox")
    assert not {0, 27, 999} & set(found[2])


USUAL = {
    "a shell command": "out = !echo hello\nout[0] == 'hello'",
    "a pipeline": "import subprocess\nsubprocess.check_output('ls / | wc -l', shell=True) != b''",
    "another Python": "out = !python -c 'print(6 * 7)'\nout[0] == '42'",
    "threads": (
        "import concurrent.futures as c\nsum(c.ThreadPoolExecutor(8).map(abs, range(9))) == 36"
    ),
    "a pool of processes": (
        "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as pool:\n"
        "    squares = pool.map(abs, [-1, 2])\nsquares == [1, 2]"
    ),
    "a spawned process": (
        "import subprocess, sys\n"
        "code = 'import multiprocessing as m; p = m.get_context(\"spawn\").Process(target=print);'"
        "'p.start(); p.join(); print(p.exitcode)'\n"
        "subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)"
        ".stdout.split()[-1] == '0'"
    ),
    "a DataLoader with workers": (
        "import torch\nfrom torch.utils.data import DataLoader\n"
        "sum(b.sum().item() for b in DataLoader(torch.arange(8.), batch_size=2, num_workers=2))"
        " == 28.0"
    ),
    "torch on many threads": (
        "import torch\ntorch.set_num_threads(4)\n"
        "(torch.ones(300, 300) @ torch.ones(300, 300)).sum().item() == 300.0**3"
    ),
    "a plot": (
        "%matplotlib inline\nimport matplotlib.pyplot as plt\n"
        "fig, ax = plt.subplots(); ax.plot([1]); ax.set_title('$\\\\alpha$ 한')\n"
        "fig.savefig('a.png'); plt.close(); import os; os.path.getsize('a.png') > 1000"
    ),
    "files and temporary files": (
        "import tempfile, pathlib\nwith tempfile.NamedTemporaryFile() as f: f.write(b'x')\n"
        "pathlib.Path('a').write_text('b'); pathlib.Path('a').rename('c')\n"
        "pathlib.Path('c').read_text() == 'b'"
    ),
    "a callback from C": (
        "import ctypes\ncompare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)"
        "(lambda a, b: 0)\n"
        "ctypes.CDLL(None).qsort((ctypes.c_int * 3)(), 3, 4, compare); True"
    ),
    "the time of day": (
        "import time, datetime\ntime.sleep(0.01); datetime.datetime.now().year > 2000"
    ),
    "numbers of the machine": "import os\nos.cpu_count() >= len(os.sched_getaffinity(0)) > 0",
    "an sqlite database": (
        "import sqlite3\nsqlite3.connect('d.db').execute('select 1').fetchone() == (1,)"
    ),
    "awaiting a subprocess": (
        "import asyncio\np = await asyncio.create_subprocess_exec('echo', 'x', stdout=-1)\n"
        "(await p.communicate())[0] == b'x\\n'"
    ),
    "a terminal": "import pty, os\npty.openpty()[0] > 2",
}


@pytest.mark.parametrize("source", USUAL.values(), ids=USUAL)
def test_what_a_notebook_does_works(kernel, value, source):
    """Nothing that an honest notebook does is in the sandbox's way."""
    assert value(kernel.run_cell(source, 60)) is True


def test_the_filter_s_jumps_are_within_reach():
    """A jump's length is one byte: the rules about one call's argument must not outgrow it."""
    for machine in seccomp.ARCHITECTURES:
        for in_room in (True, False):
            program = seccomp.assemble(in_room, machine)
            ops = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
            for place, (_, yes, no, _) in enumerate(ops[:-1]):
                assert place + 1 + max(yes, no) < len(ops)
            assert ops[-1] == (seccomp.RETURN, 0, 0, seccomp.ALLOW)
