"""A Jupyter client starts, interrupts, restarts and ends kernels of ours as it does stock ones."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from autograder.kernel.processes import children
from autograder.kernel.warm import shared_parent
from autograder.sandbox import probe
from tests.provisioner.conftest import ask

PATIENCE = 20.0


@pytest.fixture(scope="module", autouse=True)
def own_parent():
    """A warm parent without the kernels that other tests of this process had it prepare."""
    shared_parent().close()


def soon(holds) -> bool:
    """Whether something holds within a while."""
    until = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def test_a_kernel_comes_from_the_warm_parent_with_torch_loaded(start):
    """No kernel is started: it is a fork, in which torch was loaded before the first cell."""
    manager, client = start()
    assert ask(client, "import sys; print('torch' in sys.modules, 1 + 1)") == "True 2"
    parent = shared_parent().pid
    assert children(parent)
    assert manager.provisioner.protections == probe()


def test_it_is_confined_as_a_graded_kernel(start, monkeypatch):
    """The client's secrets, its home, the course's solutions and the network are out of reach."""
    monkeypatch.setenv("COURSE_SECRET", "s3cret")
    _, client = start()
    course = Path(__file__).parents[2] / "solutions"
    source = (
        "import os, socket\n"
        "print(os.environ.get('COURSE_SECRET'))\n"
        f"print(os.path.exists({str(course)!r}))\n"
        "print(os.path.exists(os.path.expanduser('~/.ssh')))\n"
        "try: socket.create_connection(('127.0.0.1', 80), 1)\n"
        "except OSError as error: print(type(error).__name__)"
    )
    *seen, network = ask(client, source).split()
    assert seen == ["None", "False", "False"]
    assert network.endswith("Error")


def test_nbgraders_variables_are_passed_on(start, monkeypatch):
    """A notebook may ask nbgrader's variables whether it is being validated or graded."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    _, client = start()
    assert ask(client, "import os; print(os.environ['NBGRADER_EXECUTION'])") == "autograde"


def test_an_endless_loop_can_be_interrupted(start):
    """The stop button ends the cell, and the kernel goes on with what it had."""
    manager, client = start()
    ask(client, "kept = 7")
    loop = "print('running', flush=True)\nwhile True: pass"
    assert "KeyboardInterrupt" in ask(client, loop, manager.interrupt_kernel)
    assert ask(client, "print(kept)") == "7"


def test_a_cell_that_waits_can_be_interrupted(start):
    """So does a cell that awaits something."""
    manager, client = start()
    wait = "import asyncio\nprint('running', flush=True)\nawait asyncio.sleep(60)"
    assert "CancelledError" in ask(client, wait, manager.interrupt_kernel)
    assert ask(client, "print(1)") == "1"


def test_a_restart_forgets_everything_and_keeps_the_client(start):
    """The same client talks to the new kernel; the old one's variables and process are gone."""
    manager, client = start()
    ask(client, "kept = 7")
    old = children(shared_parent().pid)
    manager.restart_kernel()
    client.wait_for_ready(timeout=60)
    assert ask(client, "print('kept' in globals())") == "False"
    assert not set(old) & set(children(shared_parent().pid))


def test_a_signal_reaches_the_kernel(start):
    """`signal_kernel` sends any signal to the kernel's processes."""
    manager, client = start()
    ask(client, "import signal\ngot = []\nsignal.signal(signal.SIGUSR1, lambda *_: got.append(1))")
    manager.signal_kernel(signal.SIGUSR1)
    assert soon(lambda: ask(client, "print(got)") == "[1]")


def test_a_kernel_that_ends_itself_is_noticed(start):
    """The manager sees that it is dead, and by what exit code; a restart brings a new one."""
    manager, client = start()
    client.execute("import os; os._exit(3)")
    assert soon(lambda: not manager.is_alive())
    assert asyncio.run(manager.provisioner.poll()) == 3
    manager.restart_kernel()
    client.wait_for_ready(timeout=60)
    assert ask(client, "print(2)") == "2"


def test_a_kernel_that_ignores_everything_is_killed(start):
    """A request to shut down that nobody follows ends in the kernel's end."""
    manager, client = start(manager={"shutdown_wait_time": 0.5})
    client.execute(
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})\nwhile True: pass"
    )
    manager.shutdown_kernel()
    assert not manager.is_alive()


def test_nothing_is_left_after_a_shutdown(start):
    """No process of the kernel's, no daemon that it started, no socket, no connection file."""
    manager, client = start()
    ask(client, "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)")
    private = Path(manager.connection_file).parent
    assert private.exists()
    kernels = children(shared_parent().pid)
    assert kernels
    manager.shutdown_kernel()
    assert not private.exists()
    assert soon(lambda: not set(kernels) & set(children(shared_parent().pid)))


def test_what_a_notebook_registered_is_done_at_the_end(start, folder):
    """Functions given to `atexit` run when the kernel is shut down, and may write files."""
    manager, client = start()
    ask(client, "import atexit\natexit.register(lambda: open('left.txt', 'w').write('bye'))")
    manager.shutdown_kernel()
    assert (folder / "left.txt").read_text() == "bye"


def test_other_processes_may_print_a_lot(start):
    """What goes to the descriptors appears with its cell, however much there was before."""
    _, client = start()
    flood = "import os, subprocess\nsubprocess.run(['sh', '-c', 'yes | head -c 300000'])"
    assert len(ask(client, flood)) > 290_000
    assert ask(client, "subprocess.run(['echo', 'still there'])\nNone") == "still there"


def test_kernels_live_side_by_side(start):
    """Two kernels of one client know nothing of each other."""
    (_, first), (_, second) = start(), start()
    ask(first, "x = 1")
    ask(second, "x = 2")
    assert ask(first, "print(x)") == "1"
    assert ask(second, "print(x)") == "2"


def test_random_numbers_differ_between_kernels(start):
    """Forks of one parent do not draw the same random numbers."""
    source = (
        "import random, numpy, torch\nprint(random.random(), numpy.random.rand(), torch.rand(1))"
    )
    assert ask(start()[1], source) != ask(start()[1], source)


def test_input_is_answered_where_the_client_allows_it(start):
    """JupyterLab shows a field for `input()`, and what is typed there arrives."""
    _, client = start()

    def answer(message):
        assert message["content"]["prompt"] == "name? "
        client.input("Ada")

    source = "print(input('name? '))"
    assert ask(client, source, allow_stdin=True, stdin_hook=answer) == "Ada"
    assert "write the value into the cell instead" in ask(client, source, allow_stdin=False)


def test_requests_beside_cells_are_answered(start):
    """Completion, inspection, history and kernel information work as in the stock kernel."""
    _, client = start()
    ask(client, "long_name = 1")
    assert client.complete("long_na", reply=True)["content"]["matches"] == ["long_name"]
    assert client.inspect("long_name", reply=True)["content"]["found"]
    past = client.history(hist_access_type="tail", n=1, reply=True)["content"]["history"]
    assert past[0][2] == "long_name = 1"
    about = client.kernel_info(reply=True)["content"]
    assert about["implementation"] == "ipython"
    assert not about.get("debugger")


async def _with_an_async_client(folder: Path) -> str:
    manager = AsyncKernelManager(kernel_name="python3")
    await manager.start_kernel(cwd=str(folder))
    client = manager.client()
    assert isinstance(client, AsyncKernelClient)
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        reply = await client.execute("1 + 1", reply=True, timeout=30)
        await manager.interrupt_kernel()
        return reply["content"]["status"]
    finally:
        client.stop_channels()
        await manager.shutdown_kernel()
        assert not await manager.is_alive()


def test_async_clients_are_served(ours, folder):
    """nbclient's manager, in an event loop, works as the blocking one."""
    assert asyncio.run(_with_an_async_client(folder)) == "ok"


async def _with_jupyters_server(folder: Path) -> list[str]:
    manager = AsyncMappingKernelManager(root_dir=str(folder))
    kernel = await manager.start_kernel(path="")
    states = []
    try:
        for act in (manager.interrupt_kernel, manager.restart_kernel):
            await act(kernel)
            states.append(manager.kernel_model(kernel)["name"])
            assert await manager.is_alive(kernel)
    finally:
        await manager.shutdown_kernel(kernel)
    return states


def test_jupyterlabs_server_manages_them(ours, folder):
    """The server behind JupyterLab starts, interrupts, restarts and ends a kernel."""
    assert asyncio.run(_with_jupyters_server(folder)) == ["python3", "python3"]


def test_kernels_end_with_their_client(tmp_path):
    """A client that is killed leaves no kernel and no warm parent behind."""
    program = (
        "import sys, time\n"
        "from jupyter_client.manager import KernelManager\n"
        "from autograder.kernel.warm import shared_parent\n"
        "manager = KernelManager(kernel_name='python3')\n"
        "manager.start_kernel()\n"
        "print(shared_parent().pid, flush=True)\n"
        "time.sleep(1000)"
    )
    ours = {"JUPYTER_DEFAULT_PROVISIONER_NAME": "course-provisioner", "TMPDIR": str(tmp_path)}
    environment = {**os.environ, **ours}
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE) as client:
        assert client.stdout is not None
        parent = int(client.stdout.readline())
        family = [parent, *children(parent)]
        assert len(family) > 1
        client.kill()
    assert soon(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))
